"""What a take of a drill is made of, a scenario or the caller's own case, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bowout.core.cards import find
from bowout.core.drills import Drill, DrillResult, Standing, fitting, pick, standing, suits
from bowout.core.safety import printable
from bowout.errors import BowoutError, UsageError
from bowout.rehearsal.drilling import LOOKED_AT, judged, keep

if TYPE_CHECKING:
    from bowout.core.case import Case
    from bowout.core.scenario import Scenario
    from bowout.ports import AttemptSummary
    from bowout.rehearsal.events import CallMarked
    from bowout.rehearsal.next_session import Outlook
    from bowout.rehearsal.services import Services


@dataclass(frozen=True, slots=True)
class Material:
    """What takes are made of. With neither a scenario nor a case: ``pick`` chooses, anew for every seed."""

    title: str = ""
    scenario: str = ""
    """Key of a scenario."""
    case: str = ""
    """Id of a case of the caller's own."""

    @property
    def drawn(self) -> bool:
        return not self.scenario and not self.case


UNSEEN = Material("A call that you have not met yet")


@dataclass(frozen=True, slots=True)
class Taken:
    """A take that is over."""

    result: DrillResult
    before: Standing
    """Without this take: what was to be beaten."""
    now: Standing
    unkept: str = ""
    """Why the result could not be put into the record; empty if it was."""


def materials(services: Services, drill: Drill) -> list[Material]:
    """Everything that the drill can be made of: what is drawn where it wants that, the caller's own open cases, newest
    first, then the scenarios in their order. Reads files: call it from a thread."""
    made = [UNSEEN] if drill.fits.unseen and fitting(drill, services.scenarios) else []
    made += [_of_case(case) for case in services.cases.list() if case.closed is None and _own(services, drill, case)]
    return made + [Material(card.title, card.key) for card in fitting(drill, services.scenarios)]


def sensible(services: Services, drill: Drill, found: Sequence[Material]) -> Material:
    """The one of ``found`` to begin with: what is drawn; else that of the drill's last take; else the caller's own
    case, which is what it is all for; else the call that was rehearsed last. Reads files: call it from a thread.

    Raises:
        UsageError: nothing here fits.
    """
    if not found:
        raise UsageError(f"No scenario here fits “{drill.title}”.", "Install a pack with more: bowout pack install")
    if found[0].drawn:
        return found[0]
    records = services.records
    for row in records.recent(1, drill=drill.key):
        again = _of_row(found, row)
        if again is not None:
            return again
    if found[0].case:
        return found[0]
    rehearsed = (_of_row(found, row) for row in records.recent(50) if not row.drill)
    return next((each for each in rehearsed if each is not None), found[0])


def named(services: Services, scenario: str = "", case: str = "") -> Material | None:
    """What was asked for by a scenario's key or a case's id; ``None`` where neither is given. Reads files: call it from
    a thread.

    Raises:
        UsageError: there is no such scenario.
        InputError: there is no such case.
    """
    if case:
        return _of_case(services.cases.load(case))
    if not scenario:
        return None
    card = find(services.scenarios, scenario)
    return Material(card.title, card.key)


def planned(services: Services, outlook: Outlook) -> tuple[Drill, Material | None]:
    """The drill of the next session, and what it is to be made of; ``None`` where that is drawn when it begins. Reads
    files: call it from a thread.

    Raises:
        UsageError: there is no drill in it, or it is gone.
        InputError: the case is gone.
    """
    choice, case = outlook.choice, outlook.case
    drill = services.drill(choice.drill if choice is not None else "")
    if choice is None or drill.fits.unseen:
        return drill, None
    return drill, named(services, choice.scenario, case.id if case is not None and not choice.scenario else "")


def following(found: Sequence[Material], current: Material) -> Material:
    """The one after ``current``, the first one after the last."""
    at = found.index(current) if current in found else -1
    return found[(at + 1) % len(found)]


def read(services: Services, drill: Drill, material: Material, seed: int) -> Scenario:
    """The scenario, not cut yet. Reads files: call it from a thread.

    Raises:
        UsageError: there is none of this key, or the drill can't be made of it.
        InputError: it can't be read any more.
    """
    if material.case:
        case = services.cases.load(material.case)
        own = _own(services, drill, case)
        if own is None:
            raise UsageError(f"“{drill.title}” can't be made of this case.", "See what there is: bowout drill")
        return own
    if material.drawn:
        seen = {attempt.scenario for attempt in services.records.latest()} if drill.fits.unseen else set()
        return services.scenario(pick(drill, services.scenarios, seen, seed).key)
    scenario = services.scenario(material.scenario)
    if not suits(drill, scenario.intent, scenario.channel, scenario.difficulty):
        raise UsageError(
            f"“{drill.title}” can't be made of “{printable(scenario.title)}”.",
            f"One that fits: {pick(drill, services.scenarios, (), seed).key}",
        )
    return scenario


def take_over(services: Services, drill: Drill, scenario: Scenario, marked: CallMarked) -> Taken:
    """Judge a take, keep the result, and see where that leaves the caller. Blocks for a moment: call it from a thread.

    A disk that refuses costs the record and not the figure.

    Args:
        scenario: the one that ``drill_scenario`` made.
    """
    records, unkept = services.records, ""
    result = judged(drill, scenario, marked)
    try:
        keep(records, marked.attempt, result)
    except BowoutError as error:
        unkept = error.sentence()
    takes = records.recent(LOOKED_AT, drill=drill.key)
    return Taken(
        result, standing(drill, [row for row in takes if row.id != marked.attempt]), standing(drill, takes), unkept
    )


def _of_case(case: Case) -> Material:
    return Material(f"My own call: {case.title}", case=case.id)


def _of_row(found: Sequence[Material], row: AttemptSummary) -> Material | None:
    """What an earlier attempt was made of, if that is still among them."""
    if row.case:
        return next((each for each in found if each.case == row.case), None)
    keys = {row.scenario, f"{row.pack}/{row.scenario}"}
    return next((each for each in found if each.scenario in keys), None)


def _own(services: Services, drill: Drill, case: Case) -> Scenario | None:
    """The first way in which the case's call goes that the drill can be made of."""
    from bowout.rehearsal.own import own_scenario, own_variants

    if drill.fits.intents and case.intent not in drill.fits.intents:
        return None
    with suppress(UsageError):  # a blank is left in its script
        for variant in own_variants(services, case):
            scenario = own_scenario(services, case, variant)
            if suits(drill, scenario.intent, scenario.channel, scenario.difficulty):
                return scenario
    return None


__all__ = ["UNSEEN", "Material", "Taken", "following", "materials", "named", "planned", "read", "sensible", "take_over"]
