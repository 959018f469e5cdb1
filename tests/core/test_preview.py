"""A call walked through by hand goes where a real one goes, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bowout.core.call import RAN_OUT
from bowout.core.lint import walk
from bowout.core.preview import Preview, Taken
from bowout.core.scenario import CallLimits, Scenario, fill
from shippedpacks import SCENARIOS as SHIPPED
from written import full

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)


def of(scenario: Scenario) -> Preview:
    return Preview(scenario, scenario.facts_at(NOW))


def short(ways: tuple[Taken, ...]) -> list[tuple[str, int, str, bool]]:
    return [(way.step, way.number, way.rule.go, way.unsaid) for way in ways]


@pytest.mark.parametrize("scenario", SHIPPED[::4], ids=lambda s: s.id)
@pytest.mark.parametrize("which", ["model_answer", "weak_answer"])
def test_it_goes_where_the_check_goes(scenario: Scenario, which: str) -> None:
    preview = of(scenario)
    answers = [fill(text, preview.facts) for text in getattr(scenario, which)]
    steps, heard, ways = [preview.line().step.id], set(), []
    for answer in answers:
        made = preview.answer(answer)
        heard |= set(made.items)
        ways.append(made.ways)
        if preview.over:
            break
        steps.append(preview.line().step.id)
        if preview.over:
            break
    went = walk(scenario, preview.facts, answers)
    assert (tuple(steps), preview.outcome or "") == (went.steps, went.outcome)
    for taken, step, then in zip(ways, steps, steps[1:], strict=False):
        assert taken[0].step == step and taken[-1].rule.go == then
        assert all(way.unsaid for way in taken[1:])
    marks = preview.marks()
    assert {mark.id for mark in marks.items.values() if mark.state.value == "heard"} <= heard


def test_each_turn_says_what_was_new_and_which_way_was_taken() -> None:
    preview = of(full())
    said = preview.line()
    assert (said.step.id, said.speaker.name, said.rings, said.again) == ("desk", "Front desk", True, False)
    made = preview.answer("Hello, this is Sam Lee.")
    assert short(made.ways) == [("desk", 4, "room", False)] and made.faults == ()
    assert not preview.line().rings, "it rings once"
    made = preview.answer("What a circus. Could we take a short break?")
    assert "pause" in made.items and made.faults == ("negativity",)
    assert short(made.ways) == [("room", 2, "after", False)]
    preview.line()
    made = preview.answer("What a circus.")
    assert made.items == () and made.faults == (), "neither is new"


def test_silence_is_an_empty_answer() -> None:
    preview = of(full())
    preview.line()
    assert short(preview.answer("").ways) == [("desk", 3, "desk", False)]
    preview.line()
    assert short(preview.answer("").ways) == [("desk", 2, "nobody", False)]
    assert preview.line().step.end == "lost" and preview.outcome == "lost"


def test_a_line_that_was_not_understood_is_said_again() -> None:
    preview = of(full())
    first = preview.line()
    made = preview.answer("Sorry, could you repeat that?")
    assert made.ways == () and made.hint == ""
    second = preview.line()
    assert second.again and second.text == first.text and not second.rings


def test_the_limit_of_turns_ends_it() -> None:
    preview = of(replace(full(), limits=CallLimits(turns=2)))
    preview.line()
    assert preview.answer("Hello, this is Sam Lee.").ways and not preview.over
    preview.line()
    made = preview.answer("Well.")
    assert preview.outcome == RAN_OUT and preview.over and made.ways == () and made.hint == ""


def test_the_hint_is_the_one_of_practice() -> None:
    preview = of(full())
    preview.line()
    preview.answer("Hello, this is Sam Lee.")
    preview.line()
    assert preview.answer("Well.").hint == "Ask for a break, Sam Lee."
