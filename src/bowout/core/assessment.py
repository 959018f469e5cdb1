"""Marking the calls of a scenario: one place that knows which rules and additions are its own."""

from __future__ import annotations

from collections.abc import Mapping

from bowout.core.marking import Rules, mark
from bowout.core.marking.extra import Extra
from bowout.core.marks import Marks
from bowout.core.scenario import Scenario
from bowout.core.transcript import Transcript


def rules_of(scenario: Scenario, *, score_delivery: bool = True) -> Rules:
    """The marking rules of a scenario."""
    return Rules(
        required=scenario.required,
        weights=scenario.weights or None,
        targets=scenario.targets or None,
        score_delivery=score_delivery,
    )


def extra_of(scenario: Scenario) -> Extra | None:
    """What the scenario adds to the published items and wordings; ``None`` where that is nothing."""
    return Extra(scenario.items, scenario.cues) if scenario.items or scenario.cues else None


def mark_scenario(
    transcript: Transcript,
    scenario: Scenario,
    facts: Mapping[str, str],
    *,
    score_delivery: bool = True,
    credited: frozenset[str] = frozenset(),
) -> Marks:
    """Mark a call of this scenario.

    Args:
        transcript: the caller's turns.
        facts: the scenario's facts as they are at the time of the call (``Scenario.facts_at``).
        score_delivery: False where pace, pauses and fillers stay out of the score.
        credited: items that a quick recognition credited during the call; unsure at least.
    """
    return mark(
        transcript,
        scenario.intent,
        rules=rules_of(scenario, score_delivery=score_delivery),
        facts=facts,
        credited=credited,
        extra=extra_of(scenario),
    )


__all__ = ["extra_of", "mark_scenario", "rules_of"]
