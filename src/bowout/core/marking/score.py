"""The score: 0–100 by published weights (docs/scoring.md has the same table and a worked example)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bowout.core.marks import Delivery, FaultMark, ItemMark, State

PASS_MARK = 80
"""Score from which a call with everything heard and no fault passes."""

ITEM_WEIGHTS: dict[str, int] = {
    "greeting": 5,
    "name": 10,
    "role": 10,
    "when": 10,
    "ask": 25,
    "reason": 15,
    "apology": 10,
    "options": 15,
    "thanks": 10,
    "goodwill": 5,
    "follow_up": 5,
}
"""Shares of a call's item points. Only required items count; an optional one neither adds nor costs."""

FAULT_POINTS: dict[str, int] = {
    "vague_reason": 10,
    "weak_reason": 10,
    "oversharing": 10,
    "mixed_message": 15,
    "soft_no": 15,
    "negativity": 20,
    "leverage": 20,
    "over_apology": 5,
}
"""Points a found fault takes off."""

DELIVERY_POINTS: dict[str, int] = {
    "words_per_minute": 5,
    "longest_pause_s": 4,
    "filler_count": 4,
    "response_s": 2,
}
"""At most 15 points; what was not measured leaves the reckoning. ``seconds`` and ``clarity`` are shown only."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a scenario or a setting changes of the published rules."""

    required: frozenset[str] | None = None
    """The items that are owed; ``None`` = the intent's own."""
    weights: Mapping[str, int] | None = None
    """Overrides of single item weights and fault points, by id."""
    targets: Mapping[str, tuple[float | None, float | None]] | None = None
    """Overrides of single delivery targets, by name."""
    score_delivery: bool = True
    """False for people who stammer or speak differently: pace, pauses and fillers stay out of the score."""


PUBLISHED = Rules()
"""The rules as docs/scoring.md has them."""


def score(items: Iterable[ItemMark], faults: Iterable[FaultMark], delivery: Delivery, rules: Rules) -> int:
    """Item points and delivery points, as a share of what could be had, less the points of every fault found.

    An item that is unsure leaves the reckoning, as if it were not asked.
    """
    weights = {**ITEM_WEIGHTS, **FAULT_POINTS, **(rules.weights or {})}
    asked = [mark for mark in items if mark.required and mark.state is not State.UNSURE]
    possible = sum(weights[mark.id] for mark in asked)
    earned = sum(weights[mark.id] for mark in asked if mark.state is State.HEARD)
    share = earned / possible if possible else 1.0
    delivery_possible = delivery_earned = 0
    if rules.score_delivery:
        for name, measured in delivery.measures().items():
            points = DELIVERY_POINTS.get(name, 0)
            if points and measured.within is not None:
                delivery_possible += points
                delivery_earned += points * measured.within
    total = share * (100 - delivery_possible) + delivery_earned
    total -= sum(weights[fault.id] for fault in faults if fault.found)
    return max(0, min(100, int(total + 0.5)))


def passed(items: Iterable[ItemMark], faults: Iterable[FaultMark], points: int) -> bool:
    """Every required item heard, no fault found, score at least :data:`PASS_MARK`."""
    return (
        points >= PASS_MARK
        and all(mark.state is State.HEARD for mark in items if mark.required)
        and not any(fault.found for fault in faults)
    )


__all__ = ["DELIVERY_POINTS", "FAULT_POINTS", "ITEM_WEIGHTS", "PASS_MARK", "PUBLISHED", "Rules", "passed", "score"]
