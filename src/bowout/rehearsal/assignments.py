"""What a coach has asked of the user, with the takes that were made of it: what Home and its own screen show.

Everything here reads files: call it from a worker thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bowout.core.coaching.dates import by_words
from bowout.core.coaching.takes import Allowance, Take, allowance
from bowout.core.when import elapsed
from bowout.rehearsal.assigned import drill_of

if TYPE_CHECKING:
    from bowout.core.drills import Drill
    from bowout.core.scenario import Scenario
    from bowout.rehearsal.coaching import Held
    from bowout.rehearsal.services import Services

SHOWN = timedelta(days=14)
"""How long Home shows an assignment after its date, or after the last thing that happened to one without."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment and what was done of it."""

    held: Held
    takes: tuple[Take, ...] = ()

    def may(self, scenario: str, now: datetime) -> Allowance:
        """Whether another take of this call may begin."""
        return allowance(self.held.assignment, self.takes, scenario, now)

    def of(self, scenario: str) -> tuple[Take, ...]:
        """The takes of one call."""
        return tuple(take for take in self.takes if take.scenario == scenario)

    @property
    def foreign(self) -> tuple[Take, ...]:
        """Takes of calls that were not asked for."""
        return tuple(take for take in self.takes if take.scenario not in self.held.assignment.terms.scenarios)

    @property
    def unread(self) -> bool:
        """The coach's answer is the last thing that happened."""
        held = self.held
        return bool(held.answers) and held.answers[-1].result == _last(held)


def _last(held: Held) -> str:
    return held.submissions[-1].result if held.submissions else ""


def assigned(services: Services, assignment: str) -> Assigned:
    """One of them. Raises ``InputError``."""
    held = services.learner.load(assignment)
    return Assigned(held, services.learner.takes(held.assignment.id, services.records))


def waiting(services: Services) -> list[Assigned]:
    """Those that Home shows, what is due first before the others: all but what was left, or lies long behind."""
    now = services.now()
    held = [each for each in services.learner.list() if each.withdrawn is None and _current(each, now)]
    made = [Assigned(each, services.learner.takes(each.assignment.id, services.records)) for each in held]
    return sorted(made, key=lambda each: _order(each.held))


def _order(held: Held) -> tuple[bool, bool, float]:
    due = held.assignment.terms.due
    return bool(held.submissions), due is None, 0.0 if due is None else due.timestamp()


def _current(held: Held, now: datetime) -> bool:
    """Its date, or the last thing that happened to it, is not long ago."""
    moments = [held.accepted, *(sent.made for sent in held.submissions), *(answer.made for answer in held.answers)]
    if held.assignment.terms.due is not None:
        moments.append(held.assignment.terms.due)
    return elapsed(max(moments), now) < SHOWN


def state_words(each: Assigned, now: datetime) -> str:
    """“for Ms Weber, by Friday: 2 of 3 takes left”."""
    held, terms = each.held, each.held.assignment.terms
    by = by_words(terms.due, now)
    whom = f"for {held.assignment.coach.name}{f', {by}' if by else ''}"
    if each.unread:
        return f"{whom}: answered"
    if held.submissions:
        return f"{whom}: sent"
    return f"{whom}: {_takes_words(each)}"


def _takes_words(each: Assigned) -> str:
    terms = each.held.assignment.terms
    counted = sum(take.counted for take in each.takes)
    if terms.takes is None:
        return f"{counted} take{'' if counted == 1 else 's'} so far" if counted else "no take yet"
    everything = terms.takes * len(terms.scenarios)
    left = max(0, everything - counted)
    if left == 0:
        return "no takes left, to be sent"
    return f"{left} of {everything} take{'' if everything == 1 else 's'} left"


@dataclass(frozen=True, slots=True)
class Piece:
    """A call that is about to be taken."""

    scenario: Scenario
    """As it came with the assignment, not cut."""
    drill: Drill | None = None


def piece(services: Services, held: Held, scenario: str) -> Piece:
    """What a take is made of. Raises ``InputError``, and ``UsageError`` for a drill that is nowhere."""
    learner, assignment = services.learner, held.assignment
    made = learner.scenario(assignment.id, scenario)
    if not assignment.terms.drill:
        return Piece(made)
    of_pack: Sequence[Drill] = learner.drills(assignment.id)
    return Piece(made, drill_of(assignment, of_pack, services.drills))


__all__ = ["SHOWN", "Assigned", "Piece", "assigned", "piece", "state_words", "waiting"]
