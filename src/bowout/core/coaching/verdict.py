"""What a take is worth with the coach's word in force: the published reckoning over the coach's states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bowout.core.coaching.answer import Override, Review, Verdict
from bowout.core.coaching.result import Result, SentTake
from bowout.core.marking.score import FAULT_POINTS, ITEM_WEIGHTS, PUBLISHED, Rules, passed, score
from bowout.core.marks import Marks, State
from bowout.core.marks_reading import marks_from_json


def verdicts(result: Result, review: Review, rules: Mapping[str, Rules]) -> tuple[Verdict, ...]:
    """Of every take whose marks were sent.

    Args:
        result: what was sent.
        review: the coach's word.
        rules: of each scenario, by id; a missing one is marked by the published rules.
    """
    return tuple(
        verdict(sent, [o for o in review.overrides if o.take == sent.number], rules.get(sent.scenario, PUBLISHED))
        for sent in result.sent
        if sent.marks is not None
    )


def verdict(sent: SentTake, overrides: Iterable[Override], rules: Rules = PUBLISHED) -> Verdict:
    """Score and pass of one take. Where nothing was overridden they are the program's own."""
    assert sent.marks is not None, "only marks can be reckoned with"
    words = {override.criterion: override.state for override in overrides}
    if not words:
        return Verdict(sent.number, sent.marks["score"], sent.marks["passed"])
    marks = marks_from_json({**sent.marks, "transcript": []})
    items = [replace(item, state=State(words.get(item.id, item.state.value))) for item in marks.items.values()]
    faults = [
        replace(fault, found=words[fault.id] == "found" if fault.id in words else fault.found)
        for fault in marks.faults.values()
    ]
    known = Rules(rules.required, _weights(marks, rules), rules.targets, rules.score_delivery)
    points = score(items, faults, marks.delivery, known)
    return Verdict(sent.number, points, passed(items, faults, points))


OWN_POINTS = 10
"""Points of an item or a fault that the published table doesn't have."""


def _weights(marks: Marks, rules: Rules) -> dict[str, int]:
    """A weight for every criterion: one that nobody here knows has the points of an item of a scenario's own."""
    unknown = dict.fromkeys((*marks.items, *marks.faults), OWN_POINTS)
    return {**unknown, **ITEM_WEIGHTS, **FAULT_POINTS, **(rules.weights or {})}


def coach_states(sent: SentTake, review: Review) -> dict[str, str]:
    """Every mark of a take with the coach's word in place of the program's."""
    words = {o.criterion: o.state for o in review.overrides if o.take == sent.number}
    return {criterion: words.get(criterion, state) for criterion, state in sent.states().items()}


def open_disputes(sent: SentTake, review: Review) -> dict[str, str]:
    """What the learner says of marks on which the coach has not given a word."""
    settled = {o.criterion for o in review.overrides if o.take == sent.number}
    settled |= {criterion for take, criterion in review.confirmed if take == sent.number}
    return {criterion: word for criterion, word in sent.disputes.items() if criterion not in settled}


__all__ = ["coach_states", "open_disputes", "verdict", "verdicts"]
