"""What to teach a class next: what most of its people miss, and the page, the drill and the calls that train it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bowout.core.cards import ScenarioCard
from bowout.core.coaching.report import Learner, Sheet
from bowout.core.coaching.standing import Missed
from bowout.core.criteria import FAULTS, ITEMS, Intent
from bowout.core.drills import OWED, Drill
from bowout.core.guide_links import page_of_criterion

MOST = 3
"""Lessons of one report: more is no plan."""
CALLS = 2
"""Calls of a lesson."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One criterion, who needs it, and what trains it."""

    missed: Missed
    who: tuple[Learner, ...]
    """Everybody who missed it, by name."""
    page: str = ""
    """Id of a page of the guide; empty for an item of a call's own."""
    drill: Drill | None = None
    calls: tuple[ScenarioCard, ...] = ()
    """Other calls of the same kind, the fitting ones first."""


def lessons(
    sheet: Sheet,
    drills: Iterable[Drill],
    cards: Iterable[ScenarioCard],
    rehearse: Mapping[str, Sequence[str]] = {},
    most: int = MOST,
) -> tuple[Lesson, ...]:
    """The lessons, the most needed first.

    Args:
        sheet: the assignment.
        drills: those that are here.
        cards: the scenarios that are here.
        rehearse: page of the guide → scenarios that it names, as ``pack/id``.
    """
    drills, cards = tuple(drills), tuple(cards)
    made = []
    for missed in [each for each in sheet.missed if each.missed][:most]:
        bad = "found" if missed.fault else "not_heard"
        who = tuple(each for each in sheet.learners if each.states.get(missed.criterion) == bad)
        intent = _intent(who)
        published = missed.criterion in ITEMS or missed.criterion in FAULTS
        page = page_of_criterion(missed.criterion) if published else ""
        calls = _calls(sheet, intent, cards, rehearse.get(page, ())) if published else ()
        made.append(Lesson(missed, who, page, _drill(missed, intent, drills), calls))
    return tuple(made)


def _intent(who: Iterable[Learner]) -> Intent | None:
    """What most of their calls were for."""
    intents = Counter(
        sent.marks["intent"]
        for each in who
        if each.standing.latest is not None
        for sent in each.standing.latest.result.sent
        if sent.marks is not None
    )
    return intents.most_common(1)[0][0] if intents else None


def _drill(missed: Missed, intent: Intent | None, drills: Iterable[Drill]) -> Drill | None:
    """The first drill that names the criterion, else one of the whole call."""
    named, whole = [], []
    for drill in drills:
        if drill.fits.intents and intent not in drill.fits.intents:
            continue
        if missed.criterion in (drill.lost_by | (drill.faults or frozenset()) if missed.fault else set(drill.items)):
            named.append(drill)
        elif drill.shape == "whole" and OWED in drill.items and (drill.faults is None or not missed.fault):
            whole.append(drill)
    return next(iter([*named, *whole]), None)


def _calls(
    sheet: Sheet, intent: Intent | None, cards: Iterable[ScenarioCard], rehearse: Sequence[str]
) -> tuple[ScenarioCard, ...]:
    """Calls of this intent that were not asked in the assignment: those that the page names, then the easiest."""
    terms = sheet.assignment.terms
    asked = {(sheet.assignment.pack, each) for each in terms.scenarios}
    fit = [card for card in cards if card.intent == intent and (card.pack, card.id) not in asked]
    fit.sort(key=lambda card: (f"{card.pack}/{card.id}" not in rehearse, card.difficulty))
    return tuple(fit[:CALLS])


__all__ = ["CALLS", "MOST", "Lesson", "lessons"]
