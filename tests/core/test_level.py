"""The level of difficulty: when it rises and falls, what it makes of a scenario, which scenarios suit it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.cards import ScenarioCard, card
from bowout.core.level import EASIEST, HARDEST, at_level, fitting, level_of, presses
from bowout.core.scenario import Scenario
from bowout.paths import resource
from bowout.ports import AttemptSummary
from bowout.storage.packs import load_pack

SHIPPED: tuple[Scenario, ...] = tuple(
    scenario
    for pack in ("essentials", "leaving", "pressure")
    for scenario in load_pack(resource("scenarios") / pack).scenarios
)


def take(score: int | None, **more: Any) -> AttemptSummary:
    return AttemptSummary("x", "", "s", "S", "withdraw", "live", "typed", score, None, None, 0, False, **more)


def level_after(*scores: int, **more: Any) -> int:
    """Of whole calls in this order, the oldest first."""
    return level_of([take(score, **more) for score in reversed(scores)])


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        ((), 1),
        ((90, 90), 1),
        ((90, 90, 90), 2),
        ((90, 89, 90, 90), 1),
        ((90, 90, 89, 90, 90, 90), 2),
        ((59, 59, 59), 1),
        ((100,) * 30, 2),  # of difficulty 1: too easy for the next one
    ],
)
def test_three_in_a_row(scores: tuple[int, ...], level: int) -> None:
    assert level_after(*scores, difficulty=1) == level


def test_it_rises_step_by_step_and_falls_by_one() -> None:
    takes: list[AttemptSummary] = []
    seen = []
    for score, level in [(95, 1)] * 3 + [(95, 2)] * 3 + [(95, 3)] * 3 + [(95, 4)] * 4 + [(40, 4)] * 2 + [(60, 4)]:
        takes.insert(0, take(score, level=level))
        seen.append(level_of(takes))
    assert seen == [1, 1, 2, 2, 2, 3, 3, 3, 4] + [4] * 7, "sixty breaks the row"
    for score in (59, 59, 59):
        takes.insert(0, take(score, level=4))
    assert level_of(takes) == 3
    takes.insert(0, take(10, level=3))
    assert level_of(takes) == 3, "one more is not three more"


def test_what_does_not_count() -> None:
    good = [take(95, level=1)] * 2
    for other in (take(95, drill="pace"), take(None), take(95, disputed=True), take(10, drill="pace")):
        assert level_of([other, *good]) == 1
    assert level_of([take(95, level=1), take(30, level=3, drill="pace"), *good]) == 2
    # An easier or a harder call says nothing about the level, but a harder one that went well.
    at_two = [take(95, level=1)] * 3
    assert level_of([*[take(20, difficulty=1)] * 5, *at_two]) == 2
    assert level_of([*[take(20, difficulty=5)] * 5, *at_two]) == 2
    assert level_of([*[take(92, difficulty=5)] * 3, *at_two]) == 3


def test_a_level_that_was_recorded_is_believed_when_older_calls_are_out_of_sight() -> None:
    assert level_of([take(80, level=3)] * 200) == 3
    assert level_of([take(95, level=1), take(80, level=3)]) == 3, "an easier call made on purpose lowers nothing"


scores = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 9), st.integers(0, 9)), max_size=40)


@settings(max_examples=200, deadline=None)
@given(scores)
def test_it_moves_by_one_at_a_time_or_to_what_was_recorded(history: list[tuple[int, int, int]]) -> None:
    takes: list[AttemptSummary] = []
    before = level_of(takes)
    for score, level, difficulty in history:
        takes.insert(0, take(score, level=level, difficulty=difficulty))
        after = level_of(takes)
        assert EASIEST <= after <= HARDEST
        if after < before:
            assert after == before - 1 and score < 60
        if after > before:
            assert score >= 90 or after == level
        before = after


@pytest.mark.parametrize("scenario", SHIPPED[::4], ids=lambda scenario: scenario.id)
def test_a_level_changes_people_and_nothing_else(scenario: Scenario) -> None:
    made = [at_level(scenario, level) for level in range(EASIEST, HARDEST + 1)]
    assert [each.level for each in made] == [1, 2, 3, 4]
    for each in made:
        assert (each.id, each.sha256, each.facts, each.required, each.weights) == (
            scenario.id, scenario.sha256, scenario.facts, scenario.required, scenario.weights,
        )  # fmt: skip
        assert {n: (s.say, s.rules, s.end) for n, s in each.steps.items()} == {
            n: (s.say, s.rules, s.end) for n, s in scenario.steps.items()
        }
        assert each.limits.turns == scenario.limits.turns and each.persona.name == scenario.persona.name
        assert each.limits.no_speech_s >= 4 and each.limits.max_turn_s >= 30
    paces = [each.persona.words_per_minute for each in made]
    waits = [each.limits.no_speech_s for each in made]
    assert paces == sorted(paces) and paces[0] < paces[-1]
    assert waits == sorted(waits, reverse=True) and waits[0] > waits[-1]
    assert made[1].persona.words_per_minute == scenario.persona.words_per_minute, "the second level is as written"


def test_nobody_is_made_faster_than_people_speak_or_gives_less_time_than_people_need() -> None:
    from dataclasses import replace

    from bowout.core.scenario import CallLimits

    model = SHIPPED[0]
    for pace in (60, 109, 205, 300):
        quick = replace(model, persona=replace(model.persona, words_per_minute=pace))
        for level in (1, 4):
            made = at_level(quick, level).persona.words_per_minute
            assert min(pace, 110) <= made <= max(pace, 210)
    short = replace(model, limits=CallLimits(no_speech_s=3.0, max_turn_s=20.0))
    assert at_level(short, 4).limits.no_speech_s == 3.0 and at_level(short, 4).limits.max_turn_s == 20.0


def test_which_scenarios_suit() -> None:
    cards = [card(scenario) for scenario in SHIPPED]
    assert {each.difficulty for each in fitting(cards, 1)} == {1, 2}
    assert {each.difficulty for each in fitting(cards, 4)} == {4, 5}
    hard = [each for each in cards if each.difficulty >= 4]
    assert {each.difficulty for each in fitting(hard, 1)} == {4}, "the nearest there are"
    assert fitting(list[ScenarioCard](), 2) == []
    by_id = {scenario.id: scenario for scenario in SHIPPED}
    assert presses(by_id["silent-recruiter"], 4) and not presses(by_id["pressed-for-medical-details"], 4)
    assert presses(by_id["persuader-with-answers"], 3) and presses(by_id["pressed-for-medical-details"], 1)
