"""When a turn ends: a table of what is heard, second by second."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core.endpoint import DANGLING_EXTRA_S, Endpointer, EndReason, TurnLimits

BLOCK = 0.06


def run(limits: TurnLimits, timeline: list[tuple[float, bool, str]]) -> tuple[EndReason | None, float]:
    """Feed (seconds, voiced, partial) stretches; returns the reason and the second it came."""
    endpointer = Endpointer(limits)
    for seconds, voiced, partial in timeline:
        for _ in range(round(seconds / BLOCK)):
            reason = endpointer.update(BLOCK, voiced, partial)
            if reason is not None:
                return reason, endpointer.seconds
    return None, endpointer.seconds


def test_silence_after_speech_ends_the_turn_at_the_setting() -> None:
    reason, at = run(TurnLimits(silence_s=1.3), [(0.6, False, ""), (2.0, True, "hello"), (5.0, False, "hello there")])
    assert reason is EndReason.SILENCE
    assert at == pytest.approx(0.6 + 2.0 + 1.3, abs=2 * BLOCK)


@pytest.mark.parametrize("setting", [1.3, 2.5])
def test_a_pause_shorter_than_the_setting_never_ends_the_turn(setting: float) -> None:
    pause = setting - 0.2
    reason, _ = run(
        TurnLimits(silence_s=setting), [(1.0, True, "i am calling"), (pause, False, "i am calling"), (1.0, True, "x")]
    )
    assert reason is None


def test_a_dangling_word_waits_longer() -> None:
    limits = TurnLimits(silence_s=1.3)
    spoken = [(1.0, True, "i can't come because"), (6.0, False, "i can't come because,")]
    reason, at = run(limits, spoken)
    assert reason is EndReason.SILENCE
    assert at == pytest.approx(1.0 + 1.3 + DANGLING_EXTRA_S, abs=2 * BLOCK)


def test_thank_you_is_not_dangling() -> None:
    _, at = run(TurnLimits(silence_s=1.3), [(1.0, True, "thank you"), (6.0, False, "thank you")])
    assert at == pytest.approx(2.3, abs=2 * BLOCK)


def test_a_partial_that_still_changes_keeps_the_turn_open() -> None:
    endpointer = Endpointer(TurnLimits(silence_s=0.5))
    endpointer.update(0.5, True, "one")
    for word in range(20):
        assert endpointer.update(0.1, False, f"one {word}") is None


def test_nothing_said_and_too_long() -> None:
    assert run(TurnLimits(no_speech_s=3), [(5, False, "")]) == (EndReason.NO_SPEECH, pytest.approx(3, abs=BLOCK))
    assert run(TurnLimits(max_s=4), [(9, True, "on and on")]) == (EndReason.TOO_LONG, pytest.approx(4, abs=BLOCK))


def test_settle_comes_once_a_pause() -> None:
    endpointer = Endpointer(TurnLimits(settle_s=0.3))
    settled = 0
    for voiced in [True] * 10 + [False] * 10 + [True] * 5 + [False] * 10:
        endpointer.update(BLOCK, voiced, "a")
        settled += endpointer.should_settle()
    assert settled == 2


@given(st.lists(st.tuples(st.floats(0.01, 0.2), st.booleans(), st.text(max_size=12)), max_size=400))
def test_it_always_ends_within_its_limits(blocks: list[tuple[float, bool, str]]) -> None:
    endpointer = Endpointer(TurnLimits(silence_s=1.0, no_speech_s=4.0, max_s=10.0))
    for seconds, voiced, partial in blocks:
        if endpointer.update(seconds, voiced, partial) is not None:
            break
        assert endpointer.seconds < 10.0
        if not endpointer.spoke:
            assert endpointer.seconds < 4.0
