"""A scenario for a case, made on the spot of the shipped graph templates and the case's own facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bowout.core.case import Case, follow_up
from bowout.core.case_script import script
from bowout.core.lint import examine
from bowout.core.pack_mending import missed
from bowout.core.pack_template import Kit
from bowout.core.pack_writing import Answers
from bowout.core.scenario import Channel, Scenario
from bowout.errors import UsageError

PREFIX = "case-"
"""How the id of such a scenario begins; the case's id follows."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which the call may go."""

    id: str
    title: str
    template: str
    pushback: str


_PHONE = (
    Variant("why", "They ask why", "straight", "why"),
    Variant("keep", "They try to talk you out of it", "straight", "persuade"),
    Variant("voicemail", "You get the voicemail, and they ring back", "voicemail", "why"),
    Variant("gatekeeper", "The front desk answers first", "gatekeeper", "why"),
)
_ROOM = (
    Variant("why", "They ask why", "exit", "why"),
    Variant("keep", "They try to keep you", "exit", "persuade"),
    Variant("offer", "They make a better offer", "exit", "counter_offer"),
)


_UNNAMED = "some of it was inappropriate"
"""What is rehearsed for whoever leaves the reason out."""
_MORNING = "Good morning"
"""How the templates greet."""
_SITUATION = {
    "reschedule": "You can't come to {}, and want to move it",
    "video": "You can't come to {} in person, and ask for a video call",
    "withdraw": "You withdraw from {}",
    "leave": "You want to end {}, which has begun",
    "repair": "You want to make amends for {}",
}


def scenario_id(case_id: str) -> str:
    """The id of the scenarios of a case, whichever variant."""
    return f"{PREFIX}{case_id.lower()}"


def variants(case: Case, kit: Kit) -> Sequence[Variant]:
    """The ways in which the call of this case can be rehearsed; none where there is no call."""
    if case.intent is None:
        return ()
    offered: tuple[Variant, ...] = _ROOM if case.intent == "leave" else _PHONE
    if case.path == "leave" and case.answers.get("happened") in ("emergency", "misconduct"):
        offered = _ROOM[:1]
    if case.intent == "withdraw":
        offered = (
            *offered[:1],
            Variant("offer", "They make a better offer", "straight", "counter_offer"),
            *offered[1:],
        )
    channel: Channel = "in_person" if case.intent == "leave" else "phone"
    suiting = {template.id for template in kit.suiting(case.intent, channel)}
    return tuple(
        each for each in offered if each.template in suiting and case.intent in kit.pushbacks[each.pushback].cells
    )


def answers(case: Case, variant: Variant, now: datetime) -> Answers:
    """What ``bowout pack new`` would be answered with. ``now``: aware.

    Raises:
        UsageError: a fact is missing, or there is nothing to rehearse.
    """
    if case.intent is None:
        raise UsageError(
            "Nothing is cancelled in this case, so there is no call to rehearse.", "Read the script aloud."
        )
    missing = script(case, now).missing
    if missing:
        raise UsageError(f"“{missing[0]}” is still blank.", "Fill it in first.")
    first, second = _alternatives(case, now)
    return Answers(
        intent=case.intent,
        situation=_SITUATION[case.path].format(f"the {case.role} interview"),
        channel="in_person" if case.intent == "leave" else "phone",
        caller=case.caller,
        contact=case.contact,
        company=case.company or "the company",
        role=case.role,
        interview=_relative(case.interview, now),
        reason=case.reason or (_UNNAMED if case.crossed else ""),
        pushback=variant.pushback,
        template=variant.template,
        alternatives=(first, second) if case.intent == "reschedule" else None,
    )


def fitted(scenario: Scenario, case: Case, made: Answers, kit: Kit, now: datetime) -> Scenario:
    """The drafted scenario with the case's own script, and with its facts as they are now.

    What the line of the pushback asks for is asked even where it has been said: that is what is being rehearsed. Where
    the marking does not know the reason or a name for what it is, their very words count.

    Args:
        scenario: what the workshop drafts of the answers ``made``.
        kit: that it was drafted of.
        now: aware.
    """
    hello = _greeting(now)
    steps = {
        id_: replace(step, say=tuple(line.replace(_MORNING, hello) for line in step.say))
        for id_, step in scenario.steps.items()
    }
    if "press" in steps:
        steps["press"] = replace(steps["press"], asks=frozenset())
    parts = tuple(part.text for part in script(case, now).parts)
    kind = follow_up(case)
    own = replace(
        scenario,
        id=scenario_id(case.id),
        title=case.title,
        facts={**scenario.facts, **case.facts(now)},
        script=parts or scenario.script,
        model_answer=tuple(_worded(text, case) for text in scenario.model_answer),
        steps=steps,
        follow_up=kind or scenario.follow_up,
    )
    if examine(own, now).sound:
        return own
    cues = missed(own, made, kit, now)
    return replace(own, cues={**own.cues, **{item: tuple(patterns) for item, patterns in cues.items()}})


def _greeting(now: datetime) -> str:
    """As people say it at this hour."""
    return _MORNING if now.hour < 12 else "Good afternoon" if now.hour < 18 else "Good evening"


def _worded(text: str, case: Case) -> str:
    """A sentence of the templates where they word something that this case is not."""
    if case.path == "video":
        return text.replace("so I can't come at that time", "so I can't come in person").replace("move it to", "do it")
    if case.path == "leave" and case.answers.get("happened") in ("emergency", "misconduct"):
        return text.replace("Now that I have heard more, ", "I have to tell you that ")
    return text


def _relative(moment: datetime | None, now: datetime) -> str:
    """A moment in the form of the files; the facts that are said come from the case itself."""
    if moment is None:
        return "today 15:00"
    days = (moment.date() - now.astimezone(moment.tzinfo).date()).days
    day = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days, f"{max(-999, min(999, days)):+d} days")
    return f"{day} {moment:%H:%M}"


def _alternatives(case: Case, now: datetime) -> tuple[str, str]:
    options = [_relative(option, now) for option in case.options]
    if case.path == "video":
        options = [_relative(case.interview, now), *options]
    first, second, *_ = [*options, "+2 workdays 10:00", "+3 workdays 14:00"]
    return first, second


__all__ = ["PREFIX", "Variant", "answers", "fitted", "follow_up", "scenario_id", "variants"]
