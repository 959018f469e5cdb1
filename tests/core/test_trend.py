"""Figures and items from take to take."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.trend import GAUGES, HALF_LIFE, mean_of_late, series, strips
from takes import take

numbers = st.floats(0, 1000, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), numbers), max_size=40))
def test_the_mean_lies_among_what_was_measured(values: list[float | None]) -> None:
    means = mean_of_late(values)
    assert len(means) == len(values)
    for n, mean in enumerate(means):
        known = [value for value in values[: n + 1] if value is not None]
        assert (mean is None) == (not known)
        if mean is not None:
            assert min(known) - 1e-6 <= mean <= max(known) + 1e-6


def test_a_take_weighs_half_of_one_a_half_life_later() -> None:
    before = mean_of_late([1.0] + [0.0] * HALF_LIFE)[-1]
    after = mean_of_late([0.0] * HALF_LIFE + [1.0])[-1]
    assert before is not None and after is not None and before == pytest.approx(after / 2)


def test_recent_takes_weigh_more_whatever_their_order() -> None:
    rising = [take(days=9 - n, score=50 + 5 * n) for n in range(10)]
    made = series(reversed(rising), GAUGES["score"])
    assert [point.value for point in made.points] == [50 + 5 * n for n in range(10)]
    plain = sum(point.value for point in made.points) / 10
    assert made.now is not None and plain < made.now < 95
    assert made.before == made.trend[-1 - HALF_LIFE] and made.best == 95
    assert made.inside == (4, 10)


def test_what_was_not_measured_has_no_point_and_moves_no_mean() -> None:
    made = series(
        [take(2, words_per_minute=120.0), take(1), take(0, words_per_minute=140.0)], GAUGES["words_per_minute"]
    )
    assert [point.value for point in made.points] == [120, 140]
    assert made.best is None and made.before is None and made.inside == (2, 2)
    assert series([take(0, None)], GAUGES["score"]).points == ()


def test_a_disputed_take_is_shown_and_counts_for_nothing() -> None:
    made = series([take(2, 70), take(1, 100, disputed=True), take(0, 72)], GAUGES["score"])
    assert [point.counts for point in made.points] == [True, False, True]
    assert made.best == 72 and made.inside == (0, 2) and made.now is not None and 70 < made.now < 72
    alone = series([take(0, 100, disputed=True)], GAUGES["score"])
    assert (alone.now, alone.best, len(alone.points)) == (None, None, 1)


@pytest.mark.parametrize(("name", "best"), [("longest_pause_s", 0.5), ("fillers_per_minute", 1.0), ("point_s", 4.0)])
def test_the_best_is_the_least_where_less_is_better(name: str, best: float) -> None:
    made = series([take(1, **{name: 3 * best}), take(0, **{name: best})], GAUGES[name])
    assert made.best == best


@pytest.mark.parametrize(
    ("name", "value", "inside", "aim"),
    [
        ("score", 80, True, "from 80"),
        ("score", 79, False, "from 80"),
        ("words_per_minute", 165, True, "110–165"),
        ("words_per_minute", 166, False, "110–165"),
        ("words_per_minute", 109, False, "110–165"),
        ("longest_pause_s", 2.0, True, "up to 2"),
        ("fillers_per_minute", 4.1, False, "up to 4"),
        ("point_s", 10.0, True, "up to 10"),
    ],
)
def test_the_aims(name: str, value: float, inside: bool, aim: str) -> None:
    assert (GAUGES[name].within(value), GAUGES[name].aim) == (inside, aim)


def test_strips_go_from_old_to_new_in_the_order_of_the_checklist() -> None:
    rows = [
        take(3, items={"thanks": "heard", "own_thing": "heard", "greeting": "not_heard"}),
        take(2, items={"thanks": "unsure", "greeting": "heard"}),
        take(1, None),
        take(0, items={"thanks": "not_heard", "greeting": "strange"}),
    ]
    made = {strip.item: strip for strip in strips(reversed(rows))}
    assert list(made) == ["greeting", "thanks", "own_thing"]
    assert made["greeting"].states == ("not_heard", "heard", "")
    assert made["thanks"].states == ("heard", "unsure", "not_heard") and made["thanks"].heard == (1, 2)
    assert made["own_thing"].share == 1.0
    assert [strip.item for strip in strips(rows, ["thanks"])] == ["thanks"]


def test_a_disputed_take_is_in_the_strip_and_not_in_the_share() -> None:
    (made,) = strips([take(1, items={"ask": "heard"}), take(0, items={"ask": "not_heard"}, disputed=True)])
    assert made.states == ("heard", "not_heard") and made.share == 1.0
