"""The recruiter's way through the graph."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bowout.core.call import RAN_OUT, Heard, Walk, holds
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.scenario import Rule, Scenario
from bowout.storage.packs import load_all

SCENARIOS = [s for pack in load_all(Path(__file__).parents[2] / "scenarios") for s in pack.scenarios]


def heard(text: str = "", items: str = "", faults: str = "") -> Heard:
    return Heard(text, frozenset(items.split()), frozenset(faults.split()))


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        (Rule("x"), heard(), True),
        (Rule("x", heard=frozenset({"ask", "reason"})), heard("…", "ask reason name"), True),
        (Rule("x", heard=frozenset({"ask", "reason"})), heard("…", "ask"), False),
        (Rule("x", missing=frozenset({"options"})), heard("…", "ask"), True),
        (Rule("x", missing=frozenset({"options", "ask"})), heard("…", "ask"), False),
        (Rule("x", faults=frozenset({"leverage", "negativity"})), heard("…", "", "negativity"), True),
        (Rule("x", faults=frozenset({"leverage"})), heard("…"), False),
        (Rule("x", silence=True), heard("  "), True),
        (Rule("x", silence=True), heard("hello"), False),
        (Rule("x", question=True), heard("could you tell me the time"), True),
        (Rule("x", question=True), heard("i can't come today"), False),
        (Rule("x", cue=("call me back",)), heard("please call me back later"), True),
        (Rule("x", cue=("call me back",)), heard("please call me bag later"), True),
        (Rule("x", cue=("art",)), heard("i started the party"), False),
    ],
)
def test_rules(rule: Rule, said: Heard, expected: bool) -> None:
    assert holds(rule, said) is expected


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_any_caller_reaches_an_end(scenario: Scenario) -> None:
    """200 callers who say anything at all: every call ends, and every line is one that was rendered ahead."""
    chance = random.Random(1)
    for seed in range(200):
        walk = Walk(scenario, {}, seed)
        ahead = set(walk.lines_ahead())
        items: set[str] = set()
        while walk.outcome is None:
            assert walk.line() in ahead
            if walk.outcome is not None:
                break
            items |= set(chance.sample(sorted(ITEMS), chance.randint(0, 4)))
            faults = set(chance.sample(sorted(FAULTS), chance.randint(0, 2)))
            walk.answer(Heard(chance.choice(["", "yes", "why do you ask?"]), frozenset(items), frozenset(faults)))
        assert walk.turns <= scenario.limits.turns
        assert walk.outcome == RAN_OUT or any(step.end == walk.outcome for step in scenario.steps.values())


def test_the_seed_decides_the_variants() -> None:
    scenario = SCENARIOS[0]
    said = {Walk(scenario, {}, seed).line() for seed in range(20)}
    assert said == set(scenario.steps[scenario.start].say)
    assert Walk(scenario, {}, 7).line() == Walk(scenario, {}, 7).line()


def test_the_recruiter_does_not_ask_for_what_was_said() -> None:
    """Who gives the decision and the reason at once is not asked why."""
    scenario = next(s for s in SCENARIOS if s.id == "accepted-another-offer")
    walk = Walk(scenario, {}, 0)
    walk.line()
    walk.answer(heard("…", "ask reason"))
    assert walk.step.id == "persuade"
