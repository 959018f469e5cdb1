"""Whether a push was answered: who holds, who gives in, and who goes on with the talk that they wanted to end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bowout.core.assessment import mark_scenario
from bowout.core.drills import Drill
from bowout.core.marking.extra import Extra
from bowout.core.marking.patterns import Hit
from bowout.core.marks import Marks, State
from bowout.core.scenario import OwnItem, Scenario
from bowout.core.text import normalise
from bowout.core.transcript import from_text

TALKS_ON = 12
"""Words from which an answer in an interview that one wants to leave goes on with it, unless something ends it."""
_ASKS = ("why", "details")
"""Pushes that want an answer in one's own words, however long it is."""
_ENDS_BY = ("ask", "reason", "thanks", "apology", "goodwill")
_ENDS = OwnItem(
    "ends",
    "",
    "",
    (
        "(<nt>|not|no|never|nothing|nobody|neither|nor|without|rather|enough|less|only|please|thank*)",
        "(leav*|end|ends|ending|ended|stop*|finish*|go|going|gone|out|home|away|goodbye|bye|done|over|quit*|close*)",
        "(wish*|friend*|part|good (day|afternoon|evening|night|luck)|today|what i (want|need|expect*)|looking for)",
        "(decision|decided|mind|still|stay with|stand by|firm|clear|final*|same|private|else|elsewhere|different)",
    ),
)
"""Words without which hardly anybody says that they go: a refusal, a way out, a decision."""


def why_lost(
    drill: Drill,
    scenario: Scenario,
    facts: Mapping[str, str],
    kind: str,
    answers: Iterable[str],
    faults: Collection[str],
) -> str:
    """Why a push was not answered well; empty if it was.

    A fault loses a push where it is found both in the answer and in the whole call: a sentence that stands alone reads
    now and then like a fault that it is not beside the others.

    Args:
        scenario: the one that ``drill_scenario`` made.
        faults: those that the whole call has.
        kind: of the push, one of ``scenario.PUSHBACKS``.
        answers: what was said to this push, without requests to repeat it.
    """
    answers = list(answers)
    if not answers:
        return "no answer."
    for text in answers:
        marks = mark_scenario(from_text(text), scenario, facts)
        if _gives_in(drill, text, marks):
            return f"“{text}” gives in."
        for id_ in sorted(drill.lost_by & set(faults)):
            mark = marks.faults.get(id_)
            if mark is not None and mark.found:
                quote = mark.span.quote if mark.span is not None else text
                return f"“{quote}” ({id_.replace('_', ' ')})."
        if kind not in _ASKS and _talks_on(text, marks):
            return f"“{text}” goes on with the interview."
    return ""


def _gives_in(drill: Drill, text: str, marks: Marks) -> bool:
    # Whoever names two times of their own holds, in whatever words.
    return drill.gives_in is not None and not _heard(marks, "options") and _said(drill.gives_in, text, marks)


def _talks_on(text: str, marks: Marks) -> bool:
    """Whoever answers the questions of an interview that they wanted to leave is still in it, and what they may say
    there has no end of wordings. So it is told by what is missing."""
    if marks.intent != "leave" or len(normalise(from_text(text)).texts) < TALKS_ON:
        return False
    return not any(_heard(marks, id_) for id_ in _ENDS_BY) and not _said(_ENDS, text, marks)


def _heard(marks: Marks, item: str) -> bool:
    mark = marks.items.get(item)
    return mark is not None and mark.state is State.HEARD


def _said(item: OwnItem, text: str, marks: Marks) -> bool:
    hits: dict[str, list[Hit]] = {}
    Extra({item.id: item}).add_to(hits, normalise(from_text(text)), marks.intent)
    return bool(hits)


__all__ = ["TALKS_ON", "why_lost"]
