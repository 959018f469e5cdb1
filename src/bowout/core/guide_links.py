"""Which page of the guide fits what is on the screen. Ids alone: the guide itself is read when one is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bowout.core.case import Case
from bowout.core.decide import decision_of
from bowout.core.scenario import Scenario

_OF_RULE: Mapping[str, str] = {
    "during-misconduct": "unsafe",
    "during-emergency": "leaving-early",
    "during-material": "leaving-early",
    "during-minor": "leaving-early",
    "during-no": "leaving-early",
    "during-unsure": "leaving-early",
    "after-leaving": "afterwards",
    "after-misconduct": "reporting",
    "after-badly": "repair",
    "passed-in-silence": "ghosting",
    "leverage": "fair-play",
    "leverage-open": "fair-play",
    "offer-firm": "offers",
    "not-wanted": "what-to-say",
    "offer-not-firm": "offers",
    "move-impossible": "relocation",
    "constraint": "visas",
    "unavoidable-video": "rescheduling",
    "unavoidable": "rescheduling",
    "mismatch-material": "reason",
    "learn-first": "decide",
    "attend": "decide",
}
"""By the rule that decided; weak reasons and illness come before it."""

_OF_QUESTION: Mapping[str, str] = {
    "stage": "decide",
    "happened": "good-reasons",
    "video": "rescheduling",
    "want": "decide",
    "interview": "timing",
    "signed": "offers",
    "accepted": "offers",
    "mobility": "relocation",
    "feasible": "visas",
    "mismatch": "leaving-early",
    "weak": "weak-reasons",
    "caller": "what-to-say",
    "contact": "what-to-say",
    "company": "what-to-say",
    "role": "what-to-say",
    "wrote_by": "channel",
    "number": "channel",
    "email": "channel",
    "reason": "reason",
    "return": "coming-back",
    "options": "rescheduling",
}

_OF_KIND: Mapping[str, str] = {
    "reschedule": "rescheduling",
    "same_day": "ill",
    "video": "rescheduling",
    "confirm": "afterwards",
    "return_window": "coming-back",
    "light_touch": "coming-back",
    "repair": "repair",
    "after_leaving": "leaving-early",
    "cut_short": "leaving-early",
    "after_misconduct": "reporting",
    "learn": "fair-play",
    "disclose": "visas",
}
"""Of messages; the others are about writing as such."""

_OF_FINDING: Mapping[str, str] = {
    "vague_reason": "reason",
    "weak_reason": "weak-reasons",
    "oversharing": "reason",
    "leverage": "fair-play",
    "soft_no": "rescheduling",
    "reason": "reason",
    "options": "rescheduling",
    "past": "rescheduling",
    "same": "rescheduling",
    "clash": "rescheduling",
    "hours": "rescheduling",
}
"""Of the writing check; the others are what one reads over before sending."""

_OF_CRITERION: Mapping[str, str] = {
    "follow_up": "afterwards",
    "mixed_message": "coming-back",
    "negativity": "reputation",
}
"""Of marks beside those that the writing check knows, too; the others are about what to say."""

_OF_INTENT: Mapping[str, str] = {
    "reschedule": "rescheduling",
    "withdraw": "what-to-say",
    "leave": "leaving-early",
    "repair": "repair",
}
_UNSAFE = frozenset({"harassment", "discrimination", "safety"})
"""Tags of scenarios."""


def page_of_case(case: Case, now: datetime) -> str:
    """The page for what was decided in a case. ``now``: aware."""
    if case.answers.get("happened") == "weak":
        return "nerves" if case.answers.get("weak") == "nerves" else "weak-reasons"
    if case.answers.get("happened") == "illness" and case.path in ("reschedule", "video"):
        return "ill"
    return _OF_RULE.get(decision_of(case, now).why.id, "decide")


def page_of_question(question: str, answers: Mapping[str, str]) -> str:
    """The page for a question of the decision, after these answers."""
    happened, stage = answers.get("happened", ""), answers.get("stage", "before")
    if happened == "misconduct":
        return "unsafe" if stage == "during" else "reporting"
    if question == "happened" and stage != "before":
        return "leaving-early" if stage == "during" else "repair"
    if question == "mismatch" and stage == "before":
        return "good-reasons"
    if answers.get("weak") == "nerves" and question in ("want", "interview"):
        return "nerves"
    return _OF_QUESTION.get(question, "decide")


def page_of_message(kind: str, findings: Sequence[str] = ()) -> str:
    """The page for a message of this kind, or for what the writing check found first in it."""
    if findings:
        return _OF_FINDING.get(findings[0], "before-sending")
    return _OF_KIND.get(kind, "writing")


def page_of_criterion(criterion: str) -> str:
    """The page that helps with an item that was left out, or with a fault."""
    return _OF_CRITERION.get(criterion) or _OF_FINDING.get(criterion, "what-to-say")


def page_of_scenario(scenario: Scenario) -> str:
    """The page for a call that is about to be rehearsed."""
    if scenario.intent == "leave" and _UNSAFE & set(scenario.tags):
        return "unsafe"
    return _OF_INTENT[scenario.intent]


__all__ = ["page_of_case", "page_of_criterion", "page_of_message", "page_of_question", "page_of_scenario"]
