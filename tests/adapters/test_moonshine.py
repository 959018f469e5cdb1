"""The built-in ear's decoder on human speech, its vocabulary, and what surrounds it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from bowout.errors import MissingPart
from bowout.ports import RATE, Hypothesis
from bowout.speech.ears import cutting
from bowout.speech.ears.confidence import agreement, calibrated
from bowout.speech.pronounce import spoken
from spoken import HUMAN, Audio, has_module, hiss, human_clips, in_room, listen, need

there = has_module("moonshine_voice") and has_module("onnxruntime")


def floats(audio: Audio) -> cutting.Samples:
    return audio.astype(np.float32) / 32768.0


def errors(said: str, heard: str) -> tuple[int, int]:
    """Wrong words and words said."""
    truth, found = (re.sub(r"\bmr\b", "mister", " ".join(spoken(t))) for t in (said, heard))
    return Levenshtein.distance(truth.split(), found.split()), len(truth.split())


@pytest.fixture(scope="module")
def moonshine() -> object:
    need("the built-in ear (extra builtin-ear)", there)
    from bowout.speech.ears.moonshine import Moonshine

    return Moonshine()


@pytest.mark.model
def test_human_speech_is_understood(moonshine) -> None:  # type: ignore[no-untyped-def]
    need("pocketsphinx-testdata", HUMAN.is_dir())
    wrong = total = 0
    for audio, said in human_clips():
        found = moonshine.decode(floats(audio))
        assert all(0 < g.probability <= 1 for g in found)
        a, b = errors(said, " ".join(g.text for g in found))
        wrong, total = wrong + a, total + b
    assert total == 71
    assert wrong / total <= 0.08


@pytest.mark.model
def test_a_doubtful_word_is_less_probable(moonshine) -> None:  # type: ignore[no-untyped-def]
    need("pocketsphinx-testdata", HUMAN.is_dir())
    audio, _ = human_clips()[1]  # “an ill disposed young man”, heard as “an ill-sposed young man”
    by_word = {cutting.plain(g.text): g.probability for g in moonshine.decode(floats(audio))}
    assert min(by_word, key=lambda w: by_word[w]) not in {"he", "was", "young", "man"}


@pytest.mark.model
def test_the_decoder_takes_anything(moonshine) -> None:  # type: ignore[no-untyped-def]
    assert moonshine.decode(np.zeros(0, np.float32)) == []
    moonshine.decode(np.zeros(10, np.float32))


def test_a_missing_or_broken_model_says_so(tmp_path: Path) -> None:
    need("the built-in ear (extra builtin-ear)", there)
    from bowout.speech.ears.moonshine import FILES, Moonshine

    for name in FILES:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(MissingPart) as problem:
        Moonshine(tmp_path)
    assert "builtin-ear" in problem.value.hint


def test_what_is_written_for_noise_is_not_believed() -> None:
    need("the built-in ear (extra builtin-ear)", there)
    from bowout.speech.ears.moonshine import Guess, believed

    def texts(*words: str) -> list[str]:
        return [g.text for g in believed([Guess(w, 0.5) for w in words])]

    assert texts("You.") == texts("You", "You") == texts("The", "♪") == texts("♪♪♪") == []
    assert texts("Thank", "you.", "♪") == ["Thank", "you."]


@pytest.mark.model
@pytest.mark.parametrize("sound", ["hum", "tone", "taps", "chord"])
def test_sounds_that_are_no_speech_have_no_words(sound: str) -> None:
    need("the built-in ear (extra builtin-ear)", there)
    from bowout.speech.ears.builtin import BuiltinEar

    t = np.arange(5 * RATE) / RATE
    taps = np.zeros_like(t)
    for start in range(RATE // 2, 5 * RATE - RATE, 6400):  # a knuckle on the desk, twice and a half a second
        taps[start : start + 800] += np.sin(2 * np.pi * 180 * t[:800]) * np.exp(-60 * t[:800])
    wave = {
        "hum": sum(np.sin(2 * np.pi * 50 * k * t) / k for k in range(1, 12)) / 3,
        "tone": np.sin(2 * np.pi * 440 * t),
        "taps": taps,
        "chord": sum(np.sin(2 * np.pi * f * t) for f in (262, 330, 392)) / 3,
    }[sound]
    audio = in_room((wave * 6000).astype(np.int16))
    ear = BuiltinEar()
    ear.start()
    heard = listen(ear, audio)
    assert not heard.final.words and not any(heard.partials)
    assert not ear.refine(audio.tobytes(), heard.final).words


def test_the_vocabulary_is_read() -> None:
    from bowout.speech.ears.moonshine import read_vocabulary

    long = b"x" * 200
    data = b"\x03<s>" + b"\x00" + bytes([200 % 128 + 128, 200 // 128]) + long + b"\x06<0x41>"
    assert read_vocabulary(data) == [b"<s>", b"", long, b"A"]


@pytest.mark.model
def test_careful_words_lie_on_the_turns_clock() -> None:
    need("the built-in ear (extra builtin-ear)", there)
    need("pocketsphinx-testdata", HUMAN.is_dir())
    from bowout.speech.ears.builtin import BuiltinEar

    half = human_clips()[0][0]
    audio = in_room(hiss(1.0, -200), half, hiss(4.0, -200), half, hiss(1.0, -200))
    ear = BuiltinEar()
    ear.start()
    quick = listen(ear, audio).final
    careful = ear.refine(audio.tobytes(), quick)
    assert careful.times == "approximate" and careful.fillers is None
    length = half.size / RATE
    for word in careful.words:
        assert 0.7 <= word.start <= 1.3 + length or 4.7 + length <= word.start <= 6.0 + 2 * length
    assert all(a.end <= b.start + 0.001 for a, b in pairwise(careful.words))
    agreed = agreement([cutting.plain(w.text) for w in careful.words], [cutting.plain(w.text) for w in quick.words])
    assert sum(agreed) / len(agreed) > 0.6
    assert ear.refine(hiss(2.0).tobytes(), Hypothesis(())).words == ()


def test_pieces_are_cut_where_it_is_quiet() -> None:
    loud = hiss(70.0, -20.0)
    for second in (20, 44):
        loud[second * RATE : second * RATE + 3200] = 0
    cuts = [start / RATE for start, _ in cutting.pieces(floats(loud))[1:]]
    assert [round(c) for c in cuts] == [20, 44]
    assert cutting.pieces(floats(hiss(5.0))) == [(0, 5 * RATE)]


@pytest.mark.parametrize("seconds", [29, 31, 45, 59, 61, 90, 121])
def test_pieces_are_neither_long_nor_slivers(seconds: int) -> None:
    found = cutting.pieces(floats(hiss(float(seconds), -30.0)))
    assert found[0][0] == 0 and found[-1][1] == seconds * RATE
    assert all(a[1] == b[0] for a, b in pairwise(found))
    assert all(8 * RATE <= end - start <= 28 * RATE for start, end in found)


def test_long_silences_are_left_out_and_found_again() -> None:
    samples = floats(hiss(10.0, -30.0))
    kept = cutting.without_silences(samples, [(RATE, 2 * RATE), (7 * RATE, 8 * RATE), (9 * RATE, 10 * RATE)])
    pad = int(cutting.PAD_S * RATE)
    assert kept.spans == ((RATE - pad, 2 * RATE + pad), (7 * RATE - pad, 10 * RATE))
    for position in (0, RATE, 2 * RATE, kept.samples.size - 1):
        assert kept.samples[position] == samples[kept.turn_position(position)]


def test_a_loop_is_a_trigram_three_times() -> None:
    assert cutting.loops("the end of the plan, the end of the plan. The end of".split())
    assert not cutting.loops("thank you so much thank you so much for your time".split())


def test_words_share_the_voiced_time() -> None:
    times = cutting.spread(["a", "longer", "word"], [(0, RATE), (3 * RATE, 4 * RATE)])
    assert times[0][0] == 0 and times[-1][1] == 4
    assert all(start < end for start, end in times)
    assert all(b[0] >= a[1] - 1e-9 for a, b in pairwise(times))


def test_confidence_rises_with_probability_and_agreement() -> None:
    assert calibrated(0.2) < calibrated(0.8) < calibrated(0.999) <= 1
    assert calibrated(0.6, False) < calibrated(0.6, True)
    assert calibrated(0.0) >= 0 and calibrated(1.0) <= 1
    assert agreement("i would like to go".split(), "i like to go".split()) == [True, False, True, True, True]
