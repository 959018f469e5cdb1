"""Where a class stands: who has sent what, who has not, who is late or below the mark, and what the class misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bowout.core.coaching.answer import Review, Verdict
from bowout.core.coaching.result import Result
from bowout.core.coaching.roster import Person, Roster, by_name
from bowout.core.coaching.terms import Assignment, Terms, reached
from bowout.core.coaching.verdict import coach_states, open_disputes

Phase = Literal["to_review", "answered", "done"]
PHASES: tuple[Phase, ...] = ("to_review", "answered", "done")


@dataclass(frozen=True, slots=True)
class Collected:
    """One result that a coach has collected."""

    result: Result
    """Without words and recordings where it comes from a list; ``Coach.result`` has all of it."""
    person: Person
    """Of the roster, or made of what they call themselves."""
    listed: bool
    """They are on the roster, or there is none."""
    at: datetime
    """When it was collected, by the coach's clock."""
    rank: int
    """The how manieth key that this person has sent results with, from 1."""
    review: Review = field(default_factory=Review)
    verdicts: tuple[Verdict, ...] = ()
    phase: Phase = "to_review"


@dataclass(frozen=True, slots=True)
class Standing:
    """One person and one assignment."""

    person: Person
    listed: bool
    latest: Collected | None
    """The newest result counts."""
    all: tuple[Collected, ...]
    """Oldest first."""
    late: bool = False
    """The newest was made after the date, by the learner's clock; or nothing came, and the date has passed."""
    score: int | None = None
    """Of the calls that were sent, on average, with the coach's word in force; ``None`` without marks."""
    reached: bool | None = None
    """All calls that were asked are as good as was asked; ``None`` = not known: no marks, or a dispute is open."""
    disputed: bool = False
    """The learner disputes a mark on which the coach has not given a word."""
    takes: int = 0
    """Takes that count."""
    withdrawn: bool = False
    """They have left the assignment, and what they had sent was deleted."""

    @property
    def state(self) -> Literal["missing", "sent"]:
        return "missing" if self.latest is None else "sent"

    @property
    def below(self) -> bool:
        return self.reached is False


@dataclass(frozen=True, slots=True)
class Missed:
    """How a class does on one criterion."""

    criterion: str
    fault: bool
    missed: int
    """People who did not say it, or who made the fault, in a take that was sent."""
    unsure: int
    of: int
    """People of whom it is known."""

    @property
    def share(self) -> float:
        return self.missed / self.of if self.of else 0.0


def newest_last(collected: Iterable[Collected]) -> list[Collected]:
    """In the order in which they were made: by the key they came with, then by their number."""
    return sorted(collected, key=lambda each: (each.rank, each.result.sequence, each.result.made, each.result.id))


def standings(
    assignment: Assignment,
    roster: Roster,
    collected: Iterable[Collected],
    now: datetime,
    withdrawn: Collection[Person] = (),
) -> tuple[Standing, ...]:
    """Everybody on the roster and whoever else has sent something, by name.

    Args:
        withdrawn: who has taken back what they sent.
    """
    people = {person.id: person for person in roster.people}
    of: dict[str, list[Collected]] = {}
    for each in collected:
        people.setdefault(each.person.id, each.person)
        of.setdefault(each.person.id, []).append(each)
    gone = {person.id for person in withdrawn}
    people = {person.id: person for person in withdrawn} | people
    on = roster.ids or people.keys()
    return tuple(
        _standing(
            person, person.id in on, assignment, newest_last(of.get(person.id, ())), now, withdrawn=person.id in gone
        )
        for person in by_name(people.values())
    )


def _standing(
    person: Person, listed: bool, assignment: Assignment, all_: Sequence[Collected], now: datetime, *, withdrawn: bool
) -> Standing:
    due = assignment.terms.due
    if not all_:
        late = due is not None and now > due and not withdrawn
        return Standing(person, listed, None, (), late=late, withdrawn=withdrawn)
    latest = all_[-1]
    disputed = any(open_disputes(sent, latest.review) for sent in latest.result.sent)
    scores = [each.score for each in latest.verdicts]
    return Standing(
        person=person,
        listed=listed,
        latest=latest,
        all=tuple(all_),
        late=due is not None and latest.result.made > due,
        score=int(sum(scores) / len(scores) + 0.5) if scores else None,
        reached=None if disputed else _reached(assignment.terms, latest),
        disputed=disputed,
        takes=sum(take.counted for take in latest.result.takes),
    )


def _reached(terms: Terms, latest: Collected) -> bool | None:
    if not latest.verdicts:
        return None
    good = {
        sent.scenario
        for sent in latest.result.sent
        for each in latest.verdicts
        if each.take == sent.number and reached(terms, each.score, each.passed)
    }
    return good >= set(terms.scenarios)


def misses(rows: Iterable[Standing]) -> tuple[Missed, ...]:
    """What the class misses, the most missed first; each person's newest result, the coach's word in force.

    An item that is not owed is left out. In several calls of one person the worst counts.
    """
    missed: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    known: Counter[str] = Counter()
    faults: set[str] = set()
    for row in rows:
        worst = worst_states(row.latest) if row.latest is not None else {}
        for criterion, state in worst.items():
            known[criterion] += 1
            missed[criterion] += state in ("not_heard", "found")
            unsure[criterion] += state == "unsure"
            if state in ("found", "not_found"):
                faults.add(criterion)
    made = [Missed(each, each in faults, missed[each], unsure[each], known[each]) for each in known]
    return tuple(sorted(made, key=lambda each: (-each.share, -each.missed, each.fault, each.criterion)))


_BAD = {"heard": 0, "not_found": 0, "unsure": 1, "not_heard": 2, "found": 2}


def worst_states(latest: Collected) -> Mapping[str, str]:
    """Every criterion that is owed, the coach's word in force; in several calls of one person the worst counts."""
    made: dict[str, str] = {}
    for sent in latest.result.sent:
        marks = sent.marks or {}
        owed = {id_ for id_, mark in marks.get("items", {}).items() if mark["required"]} | marks.get(
            "faults", {}
        ).keys()
        for criterion, state in coach_states(sent, latest.review).items():
            if criterion in owed and _BAD[state] >= _BAD.get(made.get(criterion, "heard"), 0):
                made[criterion] = state
    return made


@dataclass(frozen=True, slots=True)
class Counts:
    """A class at a glance."""

    people: int
    sent: int
    missing: int
    late: int
    below: int
    to_review: int


def counts(rows: Sequence[Standing]) -> Counts:
    return Counts(
        people=len(rows),
        sent=sum(row.latest is not None for row in rows),
        missing=sum(row.latest is None for row in rows),
        late=sum(row.late for row in rows),
        below=sum(row.below for row in rows),
        to_review=sum(row.latest is not None and row.latest.phase == "to_review" for row in rows),
    )


__all__ = [
    "PHASES", "Collected", "Counts", "Missed", "Phase", "Standing", "counts", "misses", "newest_last", "standings",
    "worst_states",
]  # fmt: skip
