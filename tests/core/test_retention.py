"""What a retention policy lets go of, and what it never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.drills import Drill, Gate
from bowout.core.retention import Policy, too_many
from bowout.core.sizes import byte_words, size_words
from bowout.core.to_the_point import seconds_to_the_point
from bowout.ports import AttemptSummary

NOW = datetime(2026, 5, 30, 9, tzinfo=timezone.utc)


def take(days_ago: float, score: int | None = 70, **changes: object) -> AttemptSummary:
    begun = NOW - timedelta(days=days_ago)
    made = AttemptSummary(
        id=f"{begun:%Y%m%dT%H%M%S}000Z-000000", started_at=begun.isoformat(), scenario="s", title="T",
        intent="withdraw", mode="live", ear="vosk", score=score, passed=None, outcome="accepted", seconds=9.0,
        audio=True,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def gone(attempts: list[AttemptSummary], policy: Policy, **more: object) -> list[int]:
    """Places in the list of those whose recording goes, sorted."""
    ids = too_many(attempts, policy, NOW, **more)  # type: ignore[arg-type]
    return sorted(next(n for n, each in enumerate(attempts) if each.id == id_) for id_ in ids)


OLD, NEW, BEST, LAST = take(40), take(2), take(50, 95), take(1, 60)


@pytest.mark.parametrize(
    ("attempts", "policy", "expected"),
    [
        pytest.param([OLD, NEW], Policy(), [], id="keep all"),
        pytest.param([OLD, NEW], Policy(30), [0], id="older than 30 days"),
        pytest.param([take(30), take(30.1)], Policy(30), [1], id="to the day"),
        pytest.param([OLD, NEW, BEST, LAST], Policy(best_and_last=True), [0, 1], id="best and last, however old"),
        pytest.param([OLD, NEW, BEST, LAST], Policy(30, best_and_last=True), [0], id="old, but not the best"),
        pytest.param([OLD, NEW, BEST, LAST], Policy(30), [0, 2], id="old, the best too"),
        pytest.param([take(40, 95), take(30, 95), LAST], Policy(1, True), [0], id="the newer of two best"),
        pytest.param([take(9), take(8, scenario="t"), take(7, title="U")], Policy(1, True), [], id="each call its own"),
        pytest.param([take(9, 99), take(8, drill="pace"), take(7)], Policy(1, True), [], id="a drill is its own"),
        pytest.param([take(9, None), LAST], Policy(best_and_last=True), [0], id="not marked, neither best nor last"),
        pytest.param([take(9, None, outcome=None), LAST], Policy(best_and_last=True), [0], id="broken off long ago"),
        pytest.param([take(0.5, None, outcome=None), LAST], Policy(1, True), [], id="may still be going on"),
        pytest.param([take(40, disputed=True), take(41)], Policy(30), [1], id="disputed"),
        pytest.param(
            [take(40, 99, disputed=True), take(39, 90), take(38, 80), LAST], Policy(3, True), [2], id="no best"
        ),
        pytest.param([take(40, assignment="a"), take(41)], Policy(30), [1], id="of an assignment"),
        pytest.param([take(40, assignment="b"), take(41)], Policy(30), [0, 1], id="handed in"),
        pytest.param([take(40, audio=False), take(41)], Policy(30), [1], id="has none"),
        pytest.param([take(40, 99, audio=False), take(39, 50), LAST], Policy(1, True), [1], id="the best has none"),
        pytest.param([take(-400), take(41)], Policy(30), [1], id="from the future"),
        pytest.param([take(40, started_at=""), take(41)], Policy(30), [1], id="nobody knows when"),
        pytest.param([take(40, started_at="2026-01-01T00:00:00"), take(41)], Policy(30), [1], id="in no zone"),
    ],
)
def test_policies(attempts: list[AttemptSummary], policy: Policy, expected: list[int]) -> None:
    assert gone(attempts, policy, submitted={"b"}) == expected


def test_the_best_take_of_a_drill_is_that_of_the_best_figure() -> None:
    quick = Drill("first", 1, "F", "", "", "opening", "until_said", gate=Gate(most=10.0))
    pace = Drill("pace", 1, "P", "", "", "whole", "pace", gate=Gate(least=110.0, most=165.0))
    for drill, figures, best in ((quick, [9.0, 4.0, 8.0, 3.0], 1), (pace, [112.0, 138.0, 160.0, 90.0], 1)):
        attempts = [
            take(40 - n, (99, 60, 98, 97)[n], drill=drill.id, figure=figure, met=n < 3)
            for n, figure in enumerate(figures)
        ]
        attempts.append(take(1, 50, drill=drill.id, figure=None, met=None))
        kept = {best, len(attempts) - 1}
        going = gone(attempts, Policy(3, True), drills={drill.id: drill})
        assert set(range(len(attempts))) - set(going) == kept
    assert 0 not in gone(attempts, Policy(3, True)), "a drill that is gone goes by the score"


_TAKES = st.lists(
    st.builds(
        take,
        st.floats(0.01, 100),
        st.none() | st.integers(0, 100),
        scenario=st.sampled_from("st"),
        drill=st.sampled_from(("", "pace")),
        audio=st.booleans(),
        disputed=st.booleans(),
        assignment=st.sampled_from(("", "a")),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)


@given(_TAKES, st.integers(0, 60), st.booleans())
@settings(max_examples=150, deadline=None)
def test_whatever_there_is(attempts: list[AttemptSummary], days: int, best_and_last: bool) -> None:
    """Only recordings that may go do, the order of the list is no matter, and what is left stays the next time."""
    policy = Policy(days, best_and_last)
    ids = too_many(attempts, policy, NOW)
    assert ids == too_many(reversed(attempts), policy, NOW) == sorted(set(ids))
    by_id = {each.id: each for each in attempts}
    for id_ in ids:
        each = by_id[id_]
        assert each.audio and not each.disputed and not each.assignment
        assert not days or NOW - datetime.fromisoformat(each.started_at) > timedelta(days=days)
        if best_and_last and each.score is not None:
            same = [o for o in attempts if (o.scenario, o.drill) == (each.scenario, each.drill) and o.score is not None]
            assert any(other.id > id_ for other in same), "it was the last"
            assert any((o.score or 0) >= each.score and o.id != id_ for o in same if not o.disputed), "it was the best"
    left = [replace(each, audio=False) if each.id in ids else each for each in attempts]
    assert too_many(left, policy, NOW) == []


@pytest.mark.parametrize(
    ("count", "words"),
    [(-5, "0 KB"), (0, "0 KB"), (1, "1 KB"), (1000, "1 KB"), (1001, "2 KB"), (999_999, "1000 KB"),
     (1_000_000, "1.0 MB"), (999_949_999, "999.9 MB"), (999_950_000, "1.0 GB"), (3_400_000_000, "3.4 GB")],
)  # fmt: skip
def test_sizes_in_words(count: int, words: str) -> None:
    assert byte_words(count) == words


def test_what_calls_take() -> None:
    assert size_words(1, 0, 900) == "1 call, 1 KB on the disk; 0 KB of it is sound."
    assert size_words(20_000, 2_000_000, 500_000) == "20,000 calls, 2.5 MB on the disk; 2.0 MB of it is sound."


@pytest.mark.parametrize(
    ("first", "point", "lines", "ends", "seconds"),
    [
        pytest.param(1.0, 4.5, [], [], 3.5, id="in the first turn"),
        pytest.param(1.0, 1.0, [0.0], [0.8], 0.0, id="at once"),
        pytest.param(3.0, 12.0, [0.0, 5.0], [2.5, 8.0], 6.0, id="a line in between"),
        pytest.param(3.0, 20.0, [5.0, 6.0, 11.0], [8.0, 15.0], 10.0, id="two lines in a row count once"),
        pytest.param(3.0, 12.0, [5.0], [], 9.0, id="nobody knows when it ended"),
        pytest.param(3.0, 12.0, [5.0, 14.0], [8.0, 16.0], 6.0, id="a line after the point"),
        pytest.param(3.0, 12.0, [2.0], [4.0], 9.0, id="a line that the caller talked over"),
        pytest.param(5.0, 4.0, [], [], 0.0, id="never less than nothing"),
    ],
)
def test_seconds_to_the_point(
    first: float, point: float, lines: list[float], ends: list[float], seconds: float
) -> None:
    assert seconds_to_the_point(first, point, lines, ends) == pytest.approx(seconds)
