"""Does a new scenario hold on every day of the week, and what must be added so that it does?

Its author chose names and a reason that nobody has foreseen. Where the marking does not know them for what they are,
their very words become further wordings of the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bowout.core.assessment import mark_scenario
from bowout.core.lint import examine, lint
from bowout.core.marking.extra import fault_in
from bowout.core.marks import State
from bowout.core.pack_template import Kit
from bowout.core.pack_writing import Answers, said_by_model, wording_of
from bowout.core.scenario import Scenario, fill
from bowout.core.transcript import from_text


def holds(scenario: Scenario, now: datetime) -> bool:
    """Whether nothing is wrong with it, today and on the six days after it. ``now`` is aware."""
    return not any(finding.wrong for finding in lint(scenario)) and all(
        examine(scenario, now + timedelta(days=days)).sound for days in range(7)
    )


def missed(scenario: Scenario, answers: Answers, kit: Kit, now: datetime) -> dict[str, list[str]]:
    """Item → a pattern for it, where the model answer says it in its author's words and the marking does not hear it.

    It has to be heard in the turn that says it: the other side answers that turn.
    """
    facts = scenario.facts_at(now)
    said = [fill(text, facts) for text in said_by_model(answers, kit)]
    cues = {}
    for item, turn, text in _told(answers, kit):
        marks = mark_scenario(from_text(*said[: turn + 1]), scenario, facts)
        pattern = wording_of(text)
        if marks.items[item].state is not State.HEARD and pattern and not fault_in(pattern):
            cues[item] = [pattern]
    return cues


def _told(answers: Answers, kit: Kit) -> Iterator[tuple[str, int, str]]:
    """Item, the turn that should meet it, and the author's words for it."""
    turns = kit.template(answers.template).turns
    opening, press = turns.index("opening"), turns.index("press")
    if answers.intent != "leave":
        yield "name", 0, answers.caller
    if answers.intent == "withdraw":
        yield "role", opening, answers.role
    if answers.intent == "repair":
        yield "ask", opening, answers.reason
    else:
        asked = "reason" in kit.pushbacks[answers.pushback].cells[answers.intent].asks
        yield "reason", press if asked else opening, answers.reason


__all__ = ["holds", "missed"]
