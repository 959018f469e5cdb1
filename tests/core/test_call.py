"""The recruiter's way through the graph."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from bowout.core.assessment import mark_scenario
from bowout.core.call import RAN_OUT, Heard, Walk, asks_again, hint, holds
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.scenario import CallLimits, Rule, Scenario, Step
from bowout.core.transcript import from_text
from shippedpacks import SCENARIOS
from written import full


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
        ahead = {line.text for line in walk.lines_ahead()}
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


def graph(*steps: Step, turns: int = 8) -> Scenario:
    """A scenario of these steps; the first one begins."""
    return replace(full(), steps={step.id: step for step in steps}, start=steps[0].id, limits=CallLimits(turns=turns))


def step(name: str, *ways: Rule, end: str | None = None, asks: str = "", **more: Any) -> Step:
    return Step(name, (f"{name}?",), ways, end, asks=frozenset(asks.split()), **more)


def test_a_way_out_may_wait_for_the_second_visit() -> None:
    walk = Walk(graph(step("a", Rule("b", visits=2), Rule("a")), step("b", end="lost")), {}, 0)
    for expected in ("a", "b"):
        walk.line()
        walk.answer(heard("no"))
        assert walk.step.id == expected


def test_a_step_whose_questions_are_answered_is_passed_by_its_own_ways_out() -> None:
    why = step("why", Rule("sorry", heard=frozenset({"apology"})), Rule("when"), asks="reason")
    when = step("when", Rule("bye"), asks="options role")
    scenario = graph(
        step("a", Rule("why")), why, when, step("sorry", end="left"), step("bye", end="left"), step("c", end="lost")
    )
    for said, expected in [
        ("name", "why"), ("reason", "when"), ("reason options", "when"), ("reason options role", "bye"),
        ("reason apology", "sorry"),
    ]:  # fmt: skip
        walk = Walk(scenario, {}, 0)
        walk.line()
        walk.answer(heard("…", said))
        assert walk.step.id == expected and walk.turns == 1
        assert walk.visits("why") == 0, "it was passed, not said"


def test_a_circle_of_answered_steps_ends_the_call() -> None:
    scenario = graph(step("a", Rule("b"), asks="reason"), step("b", Rule("a"), asks="reason"))
    walk = Walk(scenario, {}, 0)
    walk.line()
    walk.answer(heard("…", "reason"))
    assert walk.outcome == RAN_OUT


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, could you say that again?",
        "Could you please repeat that",
        "pardon",
        "I didn't quite catch that, I'm afraid.",
        "what did you say",
        "Can you repeat the question, please?",
        "say again",
    ],
)
def test_a_request_for_the_line_is_heard(text: str) -> None:
    assert asks_again(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "Can we do it again another day?",
        "I can't say that I'm happy with it.",
        "I beg your pardon for calling so late in the day, but I will not be able to come at all.",
        "Could you move it to Monday?",
        "I caught a cold.",
    ],
)
def test_an_answer_is_no_request_for_the_line(text: str) -> None:
    assert not asks_again(text)


def test_the_line_is_said_again_twice_and_costs_no_turn() -> None:
    scenario = graph(replace(step("a", Rule("b")), say=("one", "two")), step("b", end="lost"))
    walk = Walk(scenario, {}, 0)
    line = walk.line()
    for _ in range(2):
        walk.answer(heard("could you repeat that", "apology"))
        assert walk.repeating and walk.turns == 0 and walk.step.id == "a"
        assert walk.line() == line and walk.visits("a") == 1 and not walk.repeating
    walk.answer(heard("could you repeat that", "apology"))
    assert walk.step.id == "b" and walk.turns == 1, "the third time it is an answer"


def test_who_asks_again_and_answers_has_answered() -> None:
    walk = Walk(graph(step("a", Rule("b")), step("b", end="lost")), {}, 0)
    walk.line()
    walk.answer(heard("could you repeat that, I have to cancel", "ask"))
    assert walk.step.id == "b"


def test_a_way_out_made_for_the_request_comes_first() -> None:
    walk = Walk(graph(step("a", Rule("b", cue=("say that again",)), Rule("a")), step("b", end="lost")), {}, 0)
    walk.line()
    walk.answer(heard("could you say that again"))
    assert walk.step.id == "b"


def test_the_lines_ahead_come_by_need_with_their_speakers() -> None:
    scenario = graph(
        replace(step("a", Rule("c"), Rule("b")), say=("a1", "a2")),
        step("far", end="lost", by="desk"),
        step("b", Rule("far"), by="desk"),
        step("c", Rule("b")),
        step("nowhere", end="lost"),
    )
    walk = Walk(scenario, {}, 3)
    ahead = walk.lines_ahead()
    first = walk.line()
    other = "a2" if first == "a1" else "a1"
    assert [line.text for line in ahead] == [first, "c?", "b?", "far?", other]
    assert [line.speaker.name for line in ahead] == [
        "Ines Roth", "Ines Roth", "Front desk", "Front desk", "Ines Roth",
    ]  # fmt: skip
    walk.answer(heard("…"))
    assert [line.text for line in walk.lines_ahead()] == ["c?", "b?", "far?"], "what lies behind is not rendered"
    assert walk.speaker.name == "Ines Roth"


@pytest.mark.parametrize(
    ("asking", "said", "expected"),
    [
        (step("a", Rule("a"), asks="reason"), "ask", "I don't think this role is the right fit for me."),
        (step("a", Rule("a"), asks="reason"), "reason", None),
        (step("a", Rule("a"), asks="reason pause"), "reason", "Could we take a short break, Ines Roth?"),
        (step("a", Rule("a", heard=frozenset({"thanks"})), Rule("a")), "ask", "Thank you for your time"),
        (step("a", Rule("a", heard=frozenset({"role"})), Rule("a")), "ask", None),
        (step("a", Rule("a"), asks="reason", hint="In a word, {caller}."), "ask", "In a word, Sam Lee."),
        (step("a", Rule("a"), asks="reason", hint="In a word."), "reason", None),
        (step("a", Rule("a")), "", None),
    ],
)
def test_a_hint_says_what_the_answer_left_out(asking: Step, said: str, expected: str | None) -> None:
    """Asked for, or owed and waited for by a way out; what the line does not need is no matter yet."""
    scenario = full()
    facts = scenario.facts_at(datetime(2026, 11, 25, 9, tzinfo=timezone.utc))
    marks = mark_scenario(from_text("…"), scenario, facts)
    told = hint(asking, heard("…", said), marks, facts)
    assert told is None if expected is None else (told is not None and told.startswith(expected))
