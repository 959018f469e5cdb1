"""The next session: what the plan, the history and the shelf give together, and the call or drill that it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bowout.core import when
from bowout.core.choice import Choice, Role, Shelf, choose
from bowout.core.due import due
from bowout.core.level import LEVEL_WORDS, at_level, level_of, presses
from bowout.core.moments import spoken_day
from bowout.core.plan import LENGTH, NEEDS, Plan, Session, Timetable, practised, timetable
from bowout.errors import InputError, UsageError
from bowout.rehearsal.own import own_scenario, own_variants

if TYPE_CHECKING:
    from bowout.core.case import Case
    from bowout.core.messages.entries import Entry
    from bowout.core.own_call import Variant
    from bowout.core.scenario import Scenario
    from bowout.ports import AttemptSummary
    from bowout.rehearsal.services import Services

LOOKS_BACK = 300
"""Attempts that are looked at: months of practice."""
_CONTACT = ("call", "write", "say", "silent")
_VARIANTS: dict[int, tuple[str, ...]] = {
    1: ("why",),
    2: ("gatekeeper", "why"),
    3: ("keep", "offer", "why"),
    4: ("offer", "keep", "why"),
}
"""Ways in which the user's own call goes at a level, the best first."""
WRITES = "In this case you write, and do not call: nothing has to be spoken."
COMING: dict[str, str] = {
    "practice": "what was missed by then",
    "call": "the whole call once more",
    "warm_up": "a short round just before it",
    "quick": "read once, speak twice, send",
}
"""What a later session will be, in words that follow its day."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is next, at one moment."""

    now: datetime
    plan: Plan | None = None
    timetable: Timetable | None = None
    choice: Choice | None = None
    """``None``: there is nothing to practise, or nothing is known yet to choose by."""
    level: int = 1
    case: Case | None = None
    """The one that the plan is for, if it is still there."""

    @property
    def session(self) -> Session | None:
        """The plan's next session."""
        return self.timetable.next if self.timetable is not None else None

    @property
    def day(self) -> str:
        """“today”, “Friday”; empty where no plan says so."""
        return self.session.day(self.now) if self.session is not None else ""

    def as_json(self) -> dict[str, Any]:
        """One object: the plan, what is done, what is to come, and what is next with its reason."""
        table, choice = self.timetable, self.choice
        return {
            "plan": None if self.plan is None else self.plan.as_json(),
            "state": None if table is None else table.state,
            "done": [] if table is None else [day.isoformat() for day in table.done],
            "sessions": []
            if table is None
            else [{"kind": each.kind, "number": each.number, "at": when.kept(each.at)} for each in table.ahead],
            "next": None
            if choice is None
            else {
                "title": choice.title,
                "why": choice.why,
                "drill": choice.drill or None,
                "scenario": choice.scenario or None,
                "at": None if self.session is None else when.kept(self.session.at),
            },
            "level": self.level,
            "level_words": LEVEL_WORDS[self.level],
        }


def role_of(session: Session) -> Role:
    """What kind of choice a session wants."""
    if session.kind == "practice":
        return "call" if session.last else "practice"
    return session.kind


def look(services: Services) -> Outlook:
    """What is next. Reads files: call it from a thread. Nothing without a plan and a history.

    Raises:
        InputError: the plan can't be used; ``look_without_plan`` still can.
    """
    return _look(services, services.plans.load())


def look_without_plan(services: Services) -> Outlook:
    """What is next by the history alone. Reads files: call it from a thread."""
    return _look(services, None)


def _look(services: Services, plan: Plan | None) -> Outlook:
    now = services.now()
    takes = services.records.recent(LOOKS_BACK)
    if plan is None and not takes:
        return Outlook(now)
    case = _case_of(services, plan)
    table = None if plan is None else _table(plan, takes, case, now)
    level = level_of(takes)
    session = table.next if table is not None else None
    if table is not None and session is None:
        return Outlook(now, plan, table, None, level, case)
    role: Role = "practice" if session is None else role_of(session)
    choice = choose(takes, _shelf(services, case), seed=now.date().toordinal(), level=level, role=role)
    return Outlook(now, plan, table, _pressing(services, choice, level), level, case)


def _case_of(services: Services, plan: Plan | None) -> Case | None:
    if plan is None or not plan.case:
        return None
    try:
        return services.cases.load(plan.case)
    except InputError:  # it was deleted: the date still holds
        return None


def _table(plan: Plan, takes: Sequence[AttemptSummary], case: Case | None, now: datetime) -> Timetable:
    intent = (case.intent or "") if case is not None else ""
    called = bool(intent) and case is not None and not any(each.kind in _CONTACT for each in due(case, now))
    called = called or _writes(case, now)
    return timetable(plan, practised(takes, now, intent), now, called=called)


def _writes(case: Case | None, now: datetime) -> bool:
    """There is no call to practise for: the message is checked until it passes."""
    from bowout.core.decide import decision_of

    return case is not None and not case.contacted and decision_of(case, now).writes


def _shelf(services: Services, case: Case | None) -> Shelf:
    from bowout.core.case_script import script

    own = case is not None and case.intent is not None and script(case, services.now()).ready
    return Shelf(
        services.scenarios,
        services.drills,
        intent=(case.intent or "") if case is not None else "",
        own=own,
        spoken=services.ear_name() != "typed",
        headphones=services.settings.headphones,
    )


def _pressing(services: Services, choice: Choice | None, level: int) -> Choice | None:
    """The choice, or another of its calls whose people press in the way of the level."""
    if choice is None or choice.drill or not choice.others:
        return choice
    titles = {card.key: card.title for card in services.scenarios}
    for key in (choice.scenario, *choice.others):
        try:
            if presses(services.scenario(key), level):
                title = titles[key] if choice.title == titles[choice.scenario] else choice.title
                return replace(choice, title=title, scenario=key)
        except InputError:  # it can't be read any more
            continue
    return choice


def scenario_for(services: Services, outlook: Outlook) -> Scenario:
    """The scenario of the next session: cut for its drill, else at the level. Reads files: call it from a thread.

    Raises:
        UsageError: there is nothing to open, or a blank is left in the script of the user's own call.
        InputError: the scenario can't be read any more.
    """
    choice, case = outlook.choice, outlook.case
    if choice is None:
        raise UsageError("There is nothing to practise now.", "Pick any call on Home.")
    if choice.scenario:
        scenario = services.scenario(choice.scenario)
    elif case is not None:
        scenario = own_scenario(services, case, _variant(own_variants(services, case), outlook))
    else:
        raise UsageError("The case of this plan is gone.", "Make a new plan: bowout plan, or F8.")
    if not choice.drill:
        return at_level(scenario, outlook.level)
    from bowout.core.drills_cut import drill_scenario

    return drill_scenario(services.drill(choice.drill), scenario, outlook.now.date().toordinal())


def meta_for(outlook: Outlook) -> dict[str, str]:
    """What the session is made for, for its record."""
    choice, case = outlook.choice, outlook.case
    drill = choice.drill if choice is not None else ""
    own = case.id if case is not None and choice is not None and not choice.scenario else ""
    return {name: value for name, value in (("drill", drill), ("case", own)) if value}


def _variant(variants: Sequence[Variant], outlook: Outlook) -> Variant:
    level = 1 if outlook.session is not None and outlook.session.kind != "practice" else outlook.level
    by_id = {variant.id: variant for variant in variants}
    return next((by_id[id_] for id_ in _VARIANTS[level] if id_ in by_id), variants[0])


def plan_for(case: Case, now: datetime) -> Plan:
    """A plan until the contact that a case asks for; where that is due at once, for as long as one round takes.

    Raises:
        UsageError: there is no call to rehearse in it.
    """
    from bowout.core.decide import decision_of

    if _writes(case, now):
        raise UsageError(WRITES, f"Check the message: bowout message --case {case.id}")
    if case.intent is None:
        raise UsageError("Nothing is cancelled in this case, so there is no call to practise.", "Read it aloud once.")
    by = decision_of(case, now).by
    soonest = when.later(now, NEEDS)
    call = None if by is None else max(by, soonest, key=datetime.timestamp)
    return Plan(now, call, case.id)


def call_words(outlook: Outlook) -> str:
    """What the plan is for, and how far that is."""
    table, now = outlook.timetable, outlook.now
    if table is None:
        return "There is no plan."
    if _writes(outlook.case, now):
        return f"{WRITES} The message is checked in the case, or with: bowout message"
    over = table.state == "over"
    if over and (table.call is None or when.elapsed(now, table.call) > timedelta(0)):
        return "The call has been made: nothing is left to practise for it."
    if table.call is None:
        return "No date: short sessions, further and further apart."
    at = when.spoken_here(table.call, now)
    if over:
        return f"The time of the call has passed ({at}). Set another one, or end the plan."
    return f"The call: {at}, {when.left(now, table.call)}."


def next_words(outlook: Outlook) -> str:
    """“Two real options, today at 6 pm”; empty where nothing is next."""
    if outlook.choice is None:
        return ""
    at = f", {outlook.session.when(outlook.now)}" if outlook.session is not None else ""
    return f"{outlook.choice.title}{at}"


def coming_words(outlook: Outlook) -> list[str]:
    """The sessions after the next one: “Friday at 6 pm: the whole call once more”."""
    ahead = outlook.timetable.ahead[1:] if outlook.timetable is not None else ()
    return [f"{each.when(outlook.now)}: {COMING[role_of(each)]}" for each in ahead]


def done_words(outlook: Outlook) -> list[str]:
    """“Monday”, “yesterday”: the days of what is done, the last few."""
    days = outlook.timetable.done[-5:] if outlook.timetable is not None else ()
    midnight = outlook.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [spoken_day(midnight.replace(year=d.year, month=d.month, day=d.day), midnight) for d in days]


def entries(outlook: Outlook) -> tuple[Entry, ...]:
    """The sessions that are to come for a calendar, each with its reminder."""
    from bowout.core.messages.entries import Entry

    made = []
    for session in outlook.timetable.ahead if outlook.timetable is not None else ():
        first = session is outlook.session and outlook.choice is not None
        what = outlook.choice.title if first and outlook.choice else COMING[role_of(session)]
        note = f"{what[0].upper()}{what[1:]}. Five minutes, aloud: bowout"
        made.append(
            Entry(f"session-{session.number}", f"Practise the call ({session.number})", session.at, LENGTH, note,
                  (timedelta(minutes=5),), False)
        )  # fmt: skip
    return tuple(made)


__all__ = [
    "COMING", "LOOKS_BACK", "WRITES", "Outlook", "call_words", "coming_words", "done_words", "entries", "look",
    "look_without_plan", "meta_for", "next_words", "plan_for", "role_of", "scenario_for",
]  # fmt: skip
