"""Is a scenario sound? What is wrong with a graph, an answer, an item is told; what is right is left in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bowout.core.document import Problems
from bowout.core.lint import Finding, examine, lint, locate, walk
from bowout.core.scenario import Outcome, OwnItem, Persona, Rule, Scenario, Step
from bowout.storage.packs import parse_yaml
from written import FULL, full, read

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)


def told(findings: list[Finding] | tuple[Finding, ...], *, wrong: bool = True) -> list[str]:
    return [finding.message for finding in findings if finding.wrong is wrong]


def with_step(name: str, **changes: Any) -> Scenario:
    scenario = full()
    changed = replace(scenario.steps[name], **changes) if name in scenario.steps else Step(name, **changes)
    return replace(scenario, steps={**scenario.steps, name: changed})


def rules(*goes: str) -> tuple[Rule, ...]:
    return tuple(Rule(go) for go in goes)


def test_a_sound_scenario_is_left_in_peace() -> None:
    assert lint(full()) == []
    for days in range(7):
        examined = examine(full(), NOW + timedelta(days=days))
        assert examined.sound and not examined.findings
    assert examined.model.passed and examined.model_walk.outcome == "left" and examined.model_walk.said == 3
    assert examined.model_walk.steps == ("desk", "room", "after", "bye")
    assert [m.id for m in examined.weak.faults.values() if m.found] == ["negativity"]


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (with_step("island", say=("…",), end="lost"), "No way leads to “island”."),
        (
            with_step("redial", rules=rules("redial")),
            "From “redial” no way leads to an end: the call goes round in a loop without a way out.",
        ),
        (
            with_step("redial", rules=(Rule("bye", heard=frozenset({"options"})), Rule("redial"))),
            "Way out 1 of “redial” is never taken: “options” is not asked of this intent and never heard.",
        ),
        (
            with_step("redial", rules=(Rule("bye", faults=frozenset({"soft_no"})), Rule("room"))),
            "Way out 1 of “redial” is never taken: “soft_no” is no fault of this intent and never found.",
        ),
        (
            with_step("redial", rules=(Rule("bye", silence=True, question=True), Rule("room"))),
            "Way out 1 of “redial” is never taken: who says nothing neither asks nor gives a cue.",
        ),
        (
            with_step("redial", rules=(Rule("bye", frozenset({"ask"}), frozenset({"ask"})), Rule("room"))),
            "Way out 1 of “redial” is never taken: “ask” can't be heard and missing at once.",
        ),
        (
            with_step(
                "redial",
                rules=(
                    Rule("bye", heard=frozenset({"ask"})),
                    Rule("room", heard=frozenset({"ask", "reason"}), visits=2),
                    Rule("room"),
                ),
            ),
            "Way out 2 of “redial” is never taken: an earlier one is taken in every such case.",
        ),
        (
            with_step("after", asks=frozenset({"pause"}), rules=rules("room")),
            "Once everything is said, the call goes round through “after” without a word.",
        ),
        (
            with_step("wrong", say=("word " * 37,)),
            "A line of “wrong” takes 12 s to say at 180 words a minute.",
        ),
        (with_step("wrong", asks=frozenset({"options"})), "“wrong” asks for “options”, which is not asked of this"),
        (replace(full(), outcomes={}), "“outcomes” is missing."),
        (
            replace(full(), outcomes={**full().outcomes, "moved": Outcome("Moved.", True)}),
            "No call ends with “moved”.",
        ),
        (
            replace(full(), outcomes={"left": Outcome("Left.", True), "lost": Outcome("Lost.", True)}),
            "No call has a bad end.",
        ),
        (
            replace(full(), outcomes={"left": Outcome("Left.", False), "lost": Outcome("Lost.", False)}),
            "No call has a good end.",
        ),
        (
            replace(full(), facts={k: v for k, v in full().facts.items() if k != "contact"}),
            "The follow-up message needs the fact “contact”.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_scenario_is_told(scenario: Scenario, expected: str) -> None:
    assert any(message.startswith(expected) for message in told(lint(scenario))), lint(scenario)


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (
            with_step("desk", rules=(Rule("room", heard=frozenset({"ask"})), Rule("desk"))),
            "A caller who says nothing at all comes to “desk” again and again until the limit of turns ends the call.",
        ),
        (replace(full(), people={**full().people, "boss": Persona("The boss")}), "“boss” never speaks."),
        (
            replace(full(), items={**full().items, "proof": OwnItem("proof", "?", "", ("proof",))}),
            "Nothing depends on the item “proof”.",
        ),
    ],
)
def test_what_is_worth_a_look_is_told_and_no_fault(scenario: Scenario, expected: str) -> None:
    assert expected in told(lint(scenario), wrong=False), lint(scenario)


def test_a_line_of_twelve_seconds_is_short_enough() -> None:
    assert not lint(with_step("wrong", say=("word " * 36,)))


def test_passing_is_no_circle_where_the_answer_leads_out() -> None:
    """`after` asks for the break again, but whoever has asked for it goes on."""
    ways = (Rule("nobody", heard=frozenset({"pause"})), Rule("room"))
    assert told(lint(with_step("after", asks=frozenset({"pause"}), rules=ways))) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Thank you for your time. I don't", "I don't", "The model answer leaves out “thanks”."),
        ('short break?"\n  - "Thank', 'long walk?"\n  - "Thank', "The model answer leaves out “pause”."),
        ("Thank you for", "What a circus. Thank you for", "The model answer has the fault “negativity”: “What a"),
        ('here."\nweak', 'here."\n  - "Bye."\nweak', "The call ends with “bye” before turn 4"),
        ("Thank you for your time. I don't", "I don't", "and the call is not over: it waits at “after”."),
        ('order.", good: true', 'order.", good: false', "The model answer ends with “left”, which is not good"),
        ('"Hello, this is', '"Could you repeat that?"\n  - "Hello, this is', "Turn 1 of the model answer asks to hear"),
        ("turns: 6", "turns: 3", "The model answer reaches the limit of turns."),
        ("What a circus.", "What a pity.", "The weak answer does not have the fault “negativity”."),
        ("[negativity]\nfollow", "[]\nfollow", "The weak answer has the fault “negativity”, too: “What a circus.”."),
        ("May I have a short break, please?", "May I go home?", "“May I go home?” does not meet “pause”."),
        ("We paused there.", "Can we have a break?", "“Can we have a break?” meets “pause”."),
    ],
)
def test_what_is_wrong_with_the_answers_is_told(old: str, new: str, expected: str) -> None:
    assert old in FULL
    scenario, problems = read(FULL.replace(old, new, 1))
    assert scenario is not None, problems
    examined = examine(scenario, NOW)
    assert any(expected in message for message in told(examined.findings)), examined.findings
    assert not examined.sound


def test_a_finding_leads_to_its_place() -> None:
    root = parse_yaml(FULL, Problems("s.yaml"))
    assert root is not None
    lines = FULL.splitlines()
    (finding,) = [f for f in lint(with_step("wrong", say=("word " * 37,))) if f.wrong]
    assert lines[locate(root, finding.place).line - 1].strip() == 'say: ["No harm done. Try again."]'
    assert locate(root, ("items", "pause", "not_met", "2")).value == "There was no break."
    assert locate(root, ("items", "pause", "nowhere", "2")) is locate(root, ("items", "pause"))
    assert locate(root, ()) is root


def test_answers_that_are_used_up_leave_the_call_open() -> None:
    went = walk(full(), {}, ["hello"])
    assert (went.outcome, went.steps, went.said) == ("", ("desk", "room"), 1)
