"""What a front end needs of the coach's and the learner's folders. ``bowout.storage.coaching`` implements it.

Everything here reads or writes files: call it from a worker thread. Whatever is in a file that came from somebody else
raises ``InputError`` with a sentence; a disk that refuses raises ``BowoutError``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from bowout.core.coaching.answer import Answer, Review
from bowout.core.coaching.parties import Party, Pseudonyms
from bowout.core.coaching.result import Result
from bowout.core.coaching.roster import Roster
from bowout.core.coaching.standing import Collected, Standing
from bowout.core.coaching.takes import Take
from bowout.core.coaching.terms import Assignment, Part
from bowout.core.drills import Drill
from bowout.core.scenario import Scenario
from bowout.ports import Records

Trust = Literal["known", "new", "changed"]
"""Whether the name is known to stand for these keys; ``changed``: it, or one that looks like it, stands for others."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that came from somebody, read and checked; nothing has been kept."""

    kind: Literal["assignment", "answer", "result", "pack"]
    path: Path
    assignment: Assignment | None = None
    answer: Answer | None = None
    trust: Trust = "new"
    before: Party | None = None
    """The one whom the name stood for until now, where it changed; where the keys are known under another name, that
    one."""
    held: bool = False
    """The assignment has been accepted, or the answer taken, already."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One result that was written."""

    result: str
    made: datetime
    sequence: int
    parts: tuple[Part, ...]
    takes: tuple[int, ...]
    """Numbers of the takes whose content went."""
    attempts: tuple[str, ...] = ()
    """Their ids in the user's own records, in the same order."""


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment that was accepted."""

    assignment: Assignment
    who: str
    """By which the coach knows the learner."""
    accepted: datetime
    submissions: tuple[Submission, ...] = ()
    """Oldest first."""
    answers: tuple[Answer, ...] = ()
    """Oldest first."""
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Exactly what would go."""

    result: Result
    """Its id is empty until it is written."""
    audio: Mapping[str, Path]
    """The recordings, by their names within the file."""
    attempts: tuple[str, ...]
    """Ids of the takes in the user's own records, in the order of ``result.sent``."""
    missing: tuple[str, ...] = ()
    """Sentences on what was chosen and is not there, such as a recording that was not kept."""


class Learner(Protocol):
    """The assignments that the user has accepted, and their own keys."""

    def look(self, path: Path) -> Opened:
        """What a file is and whom it is from, by its content; its name says nothing."""

    def accept(self, opened: Opened, who: str, *, new_key: bool = False) -> Held:
        """Keep an assignment and remember its coach. Raises ``InputError`` where the coach's keys have changed,
        unless ``new_key``."""

    def take_answer(self, opened: Opened, records: Records) -> Held:
        """Keep an answer beside the assignment, and in the records of the takes that it is about (an event ``coach``);
        an answer comes once."""

    def list(self) -> list[Held]:
        """Newest first, withdrawn ones included."""

    def load(self, assignment: str) -> Held:
        """By its id or the beginning of it. Raises ``InputError``: none, or more than one."""

    def scenario(self, assignment: str, scenario: str) -> Scenario:
        """A call of the pack that came with the assignment, whatever else is installed."""

    def drills(self, assignment: str) -> Sequence[Drill]:
        """The drills of that pack."""

    def takes(self, assignment: str, records: Records) -> tuple[Take, ...]:
        """Every attempt at it, numbered, with what counts."""

    def draft(self, assignment: str, records: Records, parts: Sequence[Part], takes: Sequence[int] = ()) -> Draft:
        """What would go: ``parts`` of these takes, by number, one of each call; without numbers the best of each.
        Raises ``InputError``: a part was not asked for, a take can't be sent, there is nothing to send."""

    def submit(self, draft: Draft, path: Path) -> Submission:
        """Write the ``.bowresult``, sealed for the coach."""

    def withdraw(self, assignment: str, path: Path | None) -> Held:
        """Leave an assignment; with ``path`` also write a ``.bowresult`` that asks the coach's program to delete what
        was sent."""

    def delete(self, assignment: str) -> None:
        """Delete all of it but the attempts, which are the user's own."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An assignment that a coach has handed out."""

    assignment: Assignment
    roster: Roster


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file that was collected."""

    name: str
    state: Literal["accepted", "again", "withdrawn", "refused"]
    """``again``: it has been collected before; ``withdrawn``: the learner asked to delete what they sent."""
    why: str = ""
    """A sentence for all but ``accepted``; for that one a remark, or nothing."""
    result: str = ""
    assignment: str = ""
    person: str = ""
    """Name of whom it is from, where it could be told."""


class Coach(Protocol):
    """The coach's keys, what was handed out, and what came back."""

    @property
    def me(self) -> Party | None:
        """The coach; ``None`` before ``bowout coach init``."""

    @property
    def pseudonyms(self) -> Pseudonyms:
        """Stable names in place of people's; ``of(person.id)``. Raises ``UsageError`` before ``init``."""

    def assignments(self) -> list[Handed]:
        """Newest first."""

    def load(self, assignment: str) -> Handed:
        """By its id or the beginning of it. Raises ``InputError``: none, or more than one."""

    def collect(self, path: Path, *, class_name: str = "", new_key: bool = False) -> Outcome:
        """Take one ``.bowresult``. Never raises for what is in the file: the outcome says why it was refused."""

    def collected(self, assignment: str) -> list[Collected]:
        """Everything that came for it, oldest first, without words and recordings. Quick at a thousand."""

    def standings(self, assignment: str) -> tuple[Standing, ...]:
        """Everybody on the roster and whoever else has sent something, by name."""

    def result(self, result: str) -> Collected:
        """One result with all its words, by its id or the beginning of it."""

    def audio(self, result: str, take: int) -> bytes | None:
        """The WAV file of a take; ``None`` if none was sent."""

    def review(self, result: str, review: Review) -> Collected:
        """Keep what the coach notes on it, in place of what was noted before. Raises ``InputError`` where it doesn't
        fit the result."""

    def answer(self, result: str, folder: Path) -> Path:
        """Write the ``.bowanswer`` of what was noted, sealed for the learner; its path."""

    def done(self, result: str, *, done: bool = True) -> Collected:
        """Put a result away, answered or not; or take it up again."""

    def match(self, result: str, person: str) -> Collected:
        """Say who of the roster the sender of a result is; it holds for all results with that key."""

    def delete(self, assignment: str) -> None:
        """Delete an assignment with everything that came for it."""


__all__ = [
    "Coach", "Draft", "Handed", "Held", "Learner", "Opened", "Outcome", "Submission", "Trust",
]  # fmt: skip
