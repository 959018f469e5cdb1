"""A class for a report: for each assignment who stands where, every take that counts, and what the class misses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bowout.core.coaching.naming import Naming
from bowout.core.coaching.result import SentTake
from bowout.core.coaching.roster import folded
from bowout.core.coaching.standing import Collected, Missed, Standing, misses, worst_states
from bowout.core.coaching.takes import Take
from bowout.core.coaching.terms import Assignment, reached
from bowout.core.coaching.verdict import open_disputes
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.marking.score import PASS_MARK


@dataclass(frozen=True, slots=True)
class Counted:
    """One take that counts."""

    take: Take
    """Its score and pass with the coach's word in force; disputed only while the coach has said none."""
    latest: Collected
    """The newest result that lists it."""
    sent: SentTake | None = None
    """What went of it; ``None`` where another take of the call did."""
    of: Collected | None = None
    """The result that ``sent`` is in."""


@dataclass(frozen=True, slots=True)
class Learner:
    """One person and one assignment."""

    name: str
    """As the report calls them."""
    standing: Standing
    takes: tuple[Counted, ...]
    """Of all their results, in the order in which they were begun."""
    states: Mapping[str, str]
    """Every criterion that was owed, in the newest result; empty without marks."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assignment of a class."""

    assignment: Assignment
    title: str
    class_name: str
    learners: tuple[Learner, ...]
    """By the name that is shown."""
    missed: tuple[Missed, ...]
    """The most missed first."""

    @property
    def missing(self) -> tuple[Learner, ...]:
        """Who has sent nothing and has not withdrawn."""
        return tuple(each for each in self.learners if each.standing.latest is None and not each.standing.withdrawn)

    @property
    def below(self) -> tuple[Learner, ...]:
        """Who is below the mark, the lowest first."""
        rows = [each for each in self.learners if each.standing.below]
        return tuple(sorted(rows, key=lambda each: (each.standing.score or 0, folded(each.name))))

    @property
    def scores(self) -> tuple[int, ...]:
        """Of everybody whose marks were sent, in rising order."""
        return tuple(sorted(each.standing.score for each in self.learners if each.standing.score is not None))

    @property
    def mark(self) -> int:
        """The score that is asked for; without one that below which nothing passes."""
        return PASS_MARK if self.assignment.terms.mark is None else self.assignment.terms.mark

    def success(self, counted: Counted) -> bool | None:
        """Whether a take is as good as was asked; ``None`` = not known: no marks, or one of them is disputed."""
        take = counted.take
        if take.score is None or take.passed is None or take.disputed:
            return None
        return reached(self.assignment.terms, take.score, take.passed)


def sheet(assignment: Assignment, rows: Iterable[Standing], naming: Naming) -> Sheet:
    """One assignment with everybody in it."""
    rows = tuple(rows)
    learners = [
        Learner(naming.of(row.person), row, counted(row), {} if row.latest is None else worst_states(row.latest))
        for row in rows
    ]
    return Sheet(
        assignment,
        naming.text(assignment.title),
        naming.text(assignment.terms.class_name),
        # The order of the names would give pseudonyms away.
        tuple(sorted(learners, key=lambda each: (folded(each.name), each.standing.person.id))),
        misses(rows),
    )


def newest_known(sheets: Sequence[Sheet]) -> Sheet:
    """Of these, the newest first, the one to teach by: of the newest assignment nothing may have come so far."""
    return next((each for each in sheets if each.missed), sheets[0])


def counted(row: Standing) -> tuple[Counted, ...]:
    """Every take that counts of all results of one person, each once.

    A newer result lists the takes of the older ones again; one with other keys has takes of its own. The coach's word
    on a take holds whatever was sent after it.
    """
    made: dict[tuple[int, int], Counted] = {}
    for each in row.all:
        sent = {one.number: one for one in each.result.sent}
        words = {verdict.take: verdict for verdict in each.verdicts}
        for take in each.result.takes:
            key = (each.rank, take.number)
            before = made.get(key)
            now = Counted(take, each, sent.get(take.number), each if take.number in sent else None)
            if now.sent is None and before is not None and before.sent is not None:
                old = before.take
                kept = replace(take, score=old.score, passed=old.passed, disputed=old.disputed)
                now = replace(now, take=kept, sent=before.sent, of=before.of)
            elif now.sent is not None and take.number in words:
                word, disputed = words[take.number], bool(open_disputes(now.sent, each.review))
                now = replace(now, take=replace(take, score=word.score, passed=word.passed, disputed=disputed))
            made[key] = now
    kept_takes = [each for each in made.values() if each.take.counted]
    return tuple(sorted(kept_takes, key=lambda each: (each.take.started, each.latest.rank, each.take.number)))


def ordered(criteria: Iterable[str], faults: Iterable[str]) -> list[str]:
    """Criteria in the order of the checklist: items, own items, faults, own faults."""
    wanted, of_faults = dict.fromkeys(criteria), set(faults)
    items = [each for each in wanted if each not in of_faults]
    made = [each for each in ITEMS if each in items] + sorted(each for each in items if each not in ITEMS)
    made += [each for each in FAULTS if each in wanted and each in of_faults]
    return made + sorted(each for each in wanted if each in of_faults and each not in FAULTS)


def spread(scores: Sequence[int]) -> str:
    """“Median 74, the middle half from 62 to 86, the lowest 31, the highest 98” of at least one score."""
    ranked = sorted(scores)
    half = len(ranked) // 2
    if len(ranked) < 4:
        return f"{', '.join(map(str, ranked))}"
    low, high = median(ranked[:half]), median(ranked[-half:])
    return (
        f"Median {median(ranked):g}, the middle half from {low:g} to {high:g}, the lowest {ranked[0]}, "
        f"the highest {ranked[-1]}"
    )


__all__ = ["Counted", "Learner", "Sheet", "counted", "newest_known", "ordered", "sheet", "spread"]
