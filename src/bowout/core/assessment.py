"""Marking the calls of a scenario: one place that knows which rules and additions are its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bowout.core.criteria import Intent
from bowout.core.marking import MARKING_VERSION, Rules, mark
from bowout.core.marking.extra import Extra
from bowout.core.marks import Marks, Provenance
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


def assess(
    transcript: Transcript,
    intent: Intent,
    scenario: Scenario | None = None,
    facts: Mapping[str, str] = {},
    *,
    ear_version: str | None = None,
    model: str | None = None,
) -> tuple[Marks, Provenance]:
    """Mark what was said outside of a rehearsal, by a scenario's rules or by the published ones of an intent.

    Args:
        facts: the scenario's, at the time of the call.
        ear_version, model: of the ear that heard it; ``None`` for a text.
    """
    heard = Provenance(ear_version=ear_version, model=model, marking_version=MARKING_VERSION)
    if scenario is None:
        return mark(transcript, intent), heard
    made = replace(heard, scenario=scenario.id, scenario_version=scenario.version, scenario_sha256=scenario.sha256)
    return mark_scenario(transcript, scenario, facts), made


__all__ = ["assess", "extra_of", "mark_scenario", "rules_of"]
