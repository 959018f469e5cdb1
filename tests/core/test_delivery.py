"""How it was said, from the words' times."""

from __future__ import annotations

import pytest

from bowout.core.delivery import TARGETS, measure
from bowout.core.transcript import Filler, Transcript, Turn, Word, from_text


def spoken(*words: tuple[str, float, float], **turn: object) -> Transcript:
    made = tuple(Word(text, start, end, 0.9) for text, start, end in words)
    return Transcript((Turn(0, made, times="approximate", **turn),), "s", "vosk")  # type: ignore[arg-type]


def evenly(count: int, each: float, gap: float) -> list[tuple[str, float, float]]:
    return [(f"word{chr(97 + i)}", i * (each + gap), i * (each + gap) + each) for i in range(count)]


def test_text_has_no_delivery() -> None:
    delivery = measure(from_text("one two three four five six seven eight nine"))
    assert all(m.value is None and m.within is None for m in delivery.measures().values())
    assert delivery.fillers is None


def test_pace_is_words_over_speaking_time() -> None:
    # Ten words of 0.4 s; gaps of 0.1 s are articulation, so 4.9 s were spoken.
    assert measure(spoken(*evenly(10, 0.4, 0.1))).words_per_minute.value == pytest.approx(600 / 4.9)
    # Gaps of 1 s are pauses and do not slow the pace.
    assert measure(spoken(*evenly(10, 0.4, 1.0))).words_per_minute.value == pytest.approx(600 / 4.0)


def test_no_pace_under_eight_words() -> None:
    assert measure(spoken(*evenly(7, 0.4, 0.1))).words_per_minute.value is None


def test_the_longest_pause_lies_inside_a_turn() -> None:
    one = Turn(0, (Word("a", 0, 1), Word("b", 1.4, 2)), times="exact")
    two = Turn(1, (Word("c", 60, 61), Word("d", 61.1, 62)), times="exact")
    assert measure(Transcript((one, two), "s", "vosk")).longest_pause_s.value == pytest.approx(0.4)
    assert measure(Transcript((two,), "s", "vosk")).longest_pause_s.value == 0.0


def test_response_is_the_median_over_turns() -> None:
    turns = tuple(
        Turn(i, (Word("well", 10 * i + wait, 10 * i + wait + 1),), prompt_end=10.0 * i, times="exact")
        for i, wait in enumerate((0.5, 6.0, 1.0))
    )
    assert measure(Transcript(turns, "s", "vosk")).response_s.value == pytest.approx(1.0)
    assert measure(spoken(("hello", 3.0, 3.4))).response_s.value is None


def test_fillers_are_counted_once_and_huh_never() -> None:
    words = [("um", 0.0, 0.3), ("hello", 0.4, 0.8), ("huh", 1.0, 1.2)]
    delivery = measure(spoken(*words, fillers=(Filler("um", 0.0, 0.28), Filler("uh", 2.0, 2.2))))
    assert [f.kind for f in delivery.fillers or ()] == ["um", "uh"]
    assert measure(spoken(*words)).fillers is None
    assert measure(spoken(*words, fillers=())).filler_count.value == 1


def test_targets_can_be_overridden_and_clarity_has_none() -> None:
    transcript = spoken(*evenly(10, 0.4, 0.1))
    assert measure(transcript, {"words_per_minute": (60.0, 100.0)}).words_per_minute.within is False
    assert measure(transcript).words_per_minute.within is True
    assert measure(transcript).clarity.value == pytest.approx(0.9)
    assert measure(transcript).clarity.within is None
    assert TARGETS["clarity"] == (None, None)
