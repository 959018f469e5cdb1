"""Forced alignment: word times, filled pauses, and what happens when it can't be had."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bowout.core.transcript import Filler, Word
from bowout.errors import MissingPart
from bowout.ports import RATE, Hypothesis
from bowout.speech.aligner import Aligner
from bowout.speech.aligner_worker import receive, send
from bowout.speech.alignment import Alignment, Segment, judge
from bowout.speech.ears.aligning import moved, placed
from bowout.speech.ears.vosk import VoskEar
from bowout.speech.pronounce import by_letters, integer, number, phones, spoken
from spoken import HUMAN, espeak, has_module, has_program, hiss, human_clips, in_room, need


@pytest.fixture(scope="module")
def aligner() -> Iterator[Aligner]:
    need("pocketsphinx (extra align)", has_module("pocketsphinx"))
    made = Aligner()
    made.start()
    yield made
    made.close()


@pytest.mark.model
def test_every_word_of_human_speech_is_placed(aligner: Aligner) -> None:
    need("pocketsphinx-testdata", HUMAN.is_dir())
    for audio, said in human_clips():
        found = aligner.align(audio.tobytes(), said.split())
        assert found.plausible
        times = [w for w in found.words if w is not None]
        assert len(times) == len(said.split())
        assert all(0 <= start < end <= audio.size / RATE for start, end in times)
        assert all(a[1] <= b[0] + 1e-9 for a, b in pairwise(times))
        assert found.fillers == ()


@pytest.mark.model
def test_another_text_is_not_plausible(aligner: Aligner) -> None:
    need("pocketsphinx-testdata", HUMAN.is_dir())
    clips = human_clips()
    for n, (audio, _) in enumerate(clips):
        assert not aligner.align(audio.tobytes(), clips[n - 1][1].split()).plausible
    assert not aligner.align(hiss(3.0, -30.0).tobytes(), ["hello", "there", "my", "friend"]).plausible


@pytest.mark.model
def test_numbers_and_unknown_names_are_placed(aligner: Aligner) -> None:
    need("espeak-ng", has_program("espeak-ng"))
    words = "Hello Mrs. Okonkwo, the interview is at 10:30 on the 3rd, isn't it?".split()
    audio = in_room(hiss(0.3, -200), espeak(" ".join(words)), hiss(0.3, -200))
    found = aligner.align(audio.tobytes(), [*words, "—"])
    assert found.plausible
    assert all(w is not None for w in found.words[:-1]) and found.words[-1] is None
    at = found.words[words.index("10:30")]
    assert at is not None and at[1] - at[0] > 0.35


@pytest.mark.model
def test_a_filled_pause_that_the_text_lacks_is_found(aligner: Aligner) -> None:
    need("espeak-ng", has_program("espeak-ng"))
    first, pause, second = (
        espeak("I am calling about the"),
        espeak("umm", "en-us", 120),
        espeak("interview on Thursday"),
    )
    gap = hiss(0.15, -200)
    audio = in_room(hiss(0.3, -200), first, gap, pause, gap, second, hiss(0.3, -200))
    found = aligner.align(audio.tobytes(), "I am calling about the interview on Thursday".split())
    assert found.plausible
    start = 0.45 + first.size / RATE
    assert [f.kind for f in found.fillers] == ["um"]
    assert found.fillers[0].start == pytest.approx(start, abs=0.12)
    assert found.fillers[0].end == pytest.approx(start + pause.size / RATE, abs=0.12)


@pytest.mark.model
def test_a_recording_is_aligned_alike_whatever_came_before(aligner: Aligner) -> None:
    need("pocketsphinx-testdata", HUMAN.is_dir())
    clips = [(audio.tobytes(), said.split()) for audio, said in human_clips()]
    in_turn = [aligner.align(*clip) for clip in clips]
    assert [aligner.align(*clip) for clip in reversed(clips)] == in_turn[::-1]


def test_a_worker_that_dies_is_replaced(aligner: Aligner) -> None:
    need("pocketsphinx-testdata", HUMAN.is_dir())
    audio, said = human_clips()[1]
    assert aligner._process is not None
    aligner._process.kill()
    aligner._process.wait()
    assert aligner.align(audio.tobytes(), said.split()).plausible


def broken(code: str) -> Aligner:
    return Aligner([sys.executable, "-c", code])


def test_a_worker_that_always_dies_gives_nothing() -> None:
    aligner = broken("import sys; sys.stdin.buffer.read(8); sys.exit(1)")
    found = aligner.align(bytes(3200), ["hello"])
    assert not found.plausible and found.words == (None,) and aligner.failures == 2
    aligner.close()


def test_a_worker_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bowout.speech.aligner.START_S", 0.2)
    monkeypatch.setattr("bowout.speech.aligner.WORK_S", 0.2)
    aligner = broken("import time; time.sleep(60)")
    assert not aligner.align(bytes(320), ["hello"]).plausible
    assert aligner.failures == 2 and aligner._process is None
    aligner.close()


def test_without_pocketsphinx_the_part_is_missing() -> None:
    aligner = broken("import sys; sys.exit(3)")
    with pytest.raises(MissingPart) as problem:
        aligner.align(bytes(320), ["hello"])
    assert "align" in problem.value.hint
    with pytest.raises(MissingPart):
        Aligner(["/nowhere/at/all"]).start()


def test_closed_is_closed() -> None:
    aligner = Aligner()
    aligner.close()
    aligner.close()
    assert not aligner.align(bytes(320), ["hello"]).plausible


def test_an_ear_does_without_the_aligner() -> None:
    ear = VoskEar(Path("nowhere"), aligner=broken("import sys; sys.exit(3)"))
    quick = Hypothesis((Word("hello", 0.1, 0.4, 0.9),), None, "exact")
    assert ear.refine(bytes(32_000), quick) == quick


class Placing:
    """Stands in for the aligner: notes what it is asked, lays one filler half a second into each stretch."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, list[str]]] = []

    def align(self, pcm: bytes, words: list[str], confidences: list[float | None]) -> Alignment:
        assert len(words) == len(confidences)
        self.asked.append((len(pcm) / 2 / RATE, list(words)))
        return Alignment(tuple((n + 0.1, n + 0.9) for n in range(len(words))), (Filler("um", 0.5, 0.7),), True)


def test_a_long_turn_is_aligned_in_stretches() -> None:
    """Words of 0.5 s, one a second; every tenth gap is wider and as good a place to cut as any."""
    words, at = [], 0.0
    for n in range(90):
        at += 1.5 if n % 10 == 0 else 1.0
        words.append(Word(f"w{n}", at, at + 0.5, 0.9))
    pcm = bytes(int((at + 2) * RATE) * 2)
    fake = Placing()
    ear = VoskEar(Path("nowhere"), aligner=fake)  # type: ignore[arg-type]
    heard = ear.refine(pcm, Hypothesis(tuple(words), None, "exact"))
    assert heard.words == tuple(words) and heard.fillers is not None
    assert [w for _, asked in fake.asked for w in asked] == [w.text for w in words]
    assert sum(seconds for seconds, _ in fake.asked) == pytest.approx(at + 2, abs=0.01)
    assert all(seconds <= 28 for seconds, _ in fake.asked)
    assert all(int(asked[0][1:]) % 10 == 0 for _, asked in fake.asked)
    starts = [0.0, *np.cumsum([seconds for seconds, _ in fake.asked])[:-1]]
    assert [f.start for f in heard.fillers] == pytest.approx([s + 0.5 for s in starts], abs=0.01)


def test_one_word_that_lasts_for_ever_is_one_stretch() -> None:
    fake = Placing()
    ear = VoskEar(Path("nowhere"), aligner=fake)  # type: ignore[arg-type]
    ear.refine(bytes(60 * RATE * 2), Hypothesis((Word("a", 0.0, 50.0), Word("b", 50.0, 59.0)), None, "exact"))
    assert [w for _, asked in fake.asked for w in asked] == ["a", "b"]


def test_words_that_were_not_placed_stay_between_their_neighbours() -> None:
    found = Alignment((None, (1.0, 1.2), None, (1.5, 2.0), None), (), True)
    times = placed(found, [(0.0, 0.5), (0.0, 0.0), (0.2, 3.0), (0.0, 0.0), (2.5, 2.8)])
    assert times == [(0.0, 0.5), (1.0, 1.2), (1.2, 1.5), (1.5, 2.0), (2.5, 2.8)]
    assert moved(found, 1.0).words[1] == (2.0, 2.2)


def test_messages_survive_the_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    with path.open("wb") as file:
        send(file, {"words": ["é"]}, b"\0\1\2")
        send(file, {"failed": "x"})
    whole = path.read_bytes()
    with path.open("rb") as file:
        assert receive(file) == ({"words": ["é"], "pcm": 3}, b"\0\1\2")
        assert receive(file) == ({"failed": "x"}, b"")
        assert receive(file) is None
    path.write_bytes(whole[:-2])
    with path.open("rb") as file:
        receive(file)
        assert receive(file) is None


def segments(*parts: tuple[str, int] | tuple[str, int, int]) -> list[Segment]:
    """Segments in a row from (label, frames) and, for words, their index."""
    made: list[Segment] = []
    at = 0
    for label, frames, *word in parts:
        kinds = {"[UM]": "um", "[UH]": "uh"}
        made.append(Segment(word[0] if word else -1, label, at, at + frames, -0.0012, kinds.get(label, "")))
        at += frames
    return made


PLAIN = [("<sil>", 20), ("i", 12, 0), ("see", 30, 1), ("you", 25, 2), ("then", 30, 3), ("<sil>", 20)]
WORDS = ["I", "see", "you", "then."]


def test_inserted_fillers_count_if_their_neighbours_are_sure() -> None:
    found = judge(segments(*PLAIN[:3], ("[UH]", 8), ("[UM]", 20), *PLAIN[3:]), WORDS)
    assert [(f.kind, f.start, f.end) for f in found.fillers] == [("um", 0.62, 0.9)]
    assert judge(segments(*PLAIN[:3], ("[UH]", 9), *PLAIN[3:]), WORDS).fillers == ()
    assert judge(segments(*PLAIN[:3], ("[UM]", 28), *PLAIN[3:]), WORDS, guessed=frozenset({2})).fillers == ()
    doubtful = segments(*PLAIN[:3], ("[UM]", 28), *PLAIN[3:])
    doubtful[2] = replace(doubtful[2], score=-0.006)
    assert judge(doubtful, WORDS).fillers == ()


def test_one_long_filler_that_the_ear_wrote_down_is_counted_once() -> None:
    words = ["I", "see", "um,", "you", "then."]
    tail = [("you", 25, 3), ("then", 30, 4), ("<sil>", 20)]
    found = judge(segments(*PLAIN[:3], ("[UH]", 25), ("um", 21, 2), ("<sil>", 20), *tail), words)
    assert [(f.kind, f.start) for f in found.fillers] == [("um", 0.87)]
    apart = judge(segments(*PLAIN[:3], ("[UH]", 25), ("<sil>", 20), ("um", 21, 2), ("<sil>", 20), *tail), words)
    assert [f.kind for f in apart.fillers] == ["uh", "um"], "two with a gap between them are two"


def test_the_last_sound_ringing_on_is_no_filler() -> None:
    assert judge(segments(*PLAIN[:5], ("[UM]", 20), ("<sil>", 20)), WORDS).fillers == ()
    assert judge(segments(*PLAIN[:5], ("<sil>", 30), ("[UM]", 20), ("<sil>", 20)), WORDS).fillers != ()


def test_a_word_that_stands_alone_may_be_a_filler_in_disguise() -> None:
    words = ["I", "see", "I'm", "you", "then."]
    alone = segments(
        *PLAIN[:3], ("<sil>", 12), ("i'm", 26, 2), ("<sil>", 12), ("you", 25, 3), ("then", 30, 4), ("<sil>", 20)
    )
    assert [f.kind for f in judge(alone, words, confidences=[0.9, 0.9, 0.4, 0.9, 0.9]).fillers] == ["um"]
    assert judge(alone, words, confidences=[0.9, 0.9, 0.97, 0.9, 0.9]).fillers == ()
    assert judge(alone, words).fillers == ()
    sounded = [replace(s, kind="um") if s.label == "i'm" else s for s in alone]
    assert len(judge(sounded, words).fillers) == 1
    joined = segments(*PLAIN[:3], ("i'm", 26, 2), ("you", 25, 3), ("then", 30, 4), ("<sil>", 20))
    assert judge(joined, words, confidences=[0.9, 0.9, 0.6, 0.9, 0.9]).fillers == ()


def test_what_fits_badly_is_not_plausible() -> None:
    good = segments(*PLAIN)
    assert judge(good, WORDS).plausible
    assert not judge([replace(s, score=-0.0045) for s in good], WORDS).plausible
    assert not judge(segments(*PLAIN[:3], ("[UM]", 60), *PLAIN[3:]), WORDS).plausible
    assert not judge(segments(*PLAIN[:2], ("see", 230, 1), *PLAIN[3:]), WORDS).plausible
    assert not judge([], WORDS).plausible


SAID = {
    "10:30": "ten thirty",
    "10.05,": "ten oh five",
    "2:00": "two",
    "$150k": "one hundred fifty thousand dollars",
    "£1,200": "one thousand two hundred pounds",
    "3rd": "third",
    "21st": "twenty first",
    "30th": "thirtieth",
    "12th": "twelfth",
    "2026": "twenty twenty six",
    "2005": "two thousand five",
    "well-known": "well known",
    "Mr.": "mister",
    "p.m.": "p m",
    "I’m": "i'm",
    "6/22": "six twenty two",
    "50%": "fifty percent",
    "—": "",
    "o'clock": "o'clock",
    "0123": "zero one two three",
    "Zoë": "zoë",
    "B2B": "b two b",
}


@pytest.mark.parametrize(("written", "said"), SAID.items())
def test_written_words_are_spelled_out(written: str, said: str) -> None:
    assert " ".join(spoken(written)) == said


def test_numbers() -> None:
    assert " ".join(integer(9_999_999)).endswith("nine hundred ninety nine")
    assert integer(0) == ["zero"] and number("00") == ["zero", "zero"]


def test_unknown_words_get_a_pronunciation() -> None:
    known = set(
        "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split()
    )
    for word in ("Okonkwo", "Nguyen", "Siobhan", "zoë", "priya", "xyz"):
        for made in (phones(word), by_letters(word)):
            assert made and set(made.split()) <= known
    assert phones("cat") == "K AE T"
    assert by_letters("phone") == "F AA N"
