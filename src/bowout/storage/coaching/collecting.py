"""Results come in: in any order, twice, damaged, for other classes. Each is taken once, or refused with a reason."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bowout.core.coaching.result import Result
from bowout.core.coaching.roster import Person, Roster, folded
from bowout.core.coaching.terms import Assignment
from bowout.core.document import shown
from bowout.errors import BowoutError, InputError
from bowout.rehearsal.coaching import Outcome
from bowout.storage.atomic import sweep
from bowout.storage.attempt_writer import stamped
from bowout.storage.canonical_zip import read_file
from bowout.storage.coaching.container import MAX_FILE, unsealed
from bowout.storage.coaching.exchange import read_result
from bowout.storage.coaching.folders import AssignmentFolders
from bowout.storage.coaching.keys import Keys
from bowout.storage.coaching.ledger import COLLECTED, TAKEN_BACK, Ledger, collected_event, ledger_of
from bowout.storage.coaching.many_files import ManyFiles
from bowout.storage.coaching.people import People
from bowout.storage.event_folders import EVENTS
from bowout.storage.event_log import EventLog

RESULTS = "results"


@dataclass(slots=True)
class _Open:
    """An assignment whose results are coming in."""

    assignment: Assignment
    roster: Roster
    ledger: Ledger
    results: Path
    log: EventLog


class Collector:
    """Takes results while it is open; everything lasts once it is closed. A context manager.

    A power cut before that loses no more than what can be collected again.
    """

    def __init__(
        self,
        folders: AssignmentFolders,
        people: People,
        keys: Keys,
        clock: Callable[[], datetime],
        rosters: Callable[[str], Roster],
    ) -> None:
        self._folders = folders
        self._people = people
        self._keys = keys
        self._clock = clock
        self._rosters = rosters
        self._open: dict[str, _Open] = {}
        self._files = ManyFiles()
        self._known = frozenset(folders.ids())

    def __enter__(self) -> Collector:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.ExitStack() as closing:
            # The diary says only then for good what has come, when it is there for good.
            for each in self._open.values():
                closing.callback(each.log.close)
            closing.callback(self._people.close)
            self._files.sync()
        self._open.clear()

    def collect(self, path: Path, *, class_name: str = "", new_key: bool = False) -> Outcome:
        """One file. Raises ``BowoutError`` only where the disk refuses; what is in the file is told by the outcome."""
        name = path.name
        try:
            raw = read_file(path, MAX_FILE, "a .bowresult file, or a folder of them")
            raw = unsealed(raw, name, "result", self._keys)
            result, _ = read_result(raw, name)
            into = self._into(result, name, class_name)
        except InputError as error:
            return Outcome(name, "refused", error.sentence())
        made = Outcome(name, "accepted", "", result.id, result.assignment, result.who)
        if result.id in into.ledger.seen:
            if result.id in into.ledger.entries and not _whole(into.results / result.id, raw):
                self._files.write(into.results / result.id, raw)  # a power cut took it after it was noted
            return Outcome(name, "again", "It has been collected before.", result.id, result.assignment, result.who)
        if result.sequence <= into.ledger.taken_back.get(result.learner.key, 0):
            told = "Its sender has taken it back since."
            return Outcome(name, "refused", told, result.id, result.assignment, result.who)
        try:
            person, remark = self._person(result, into, new_key=new_key)
        except InputError as error:
            return Outcome(name, "refused", error.sentence(), result.id, result.assignment, result.who)
        if result.withdrawn:
            return self._take_back(result, into, name, person)
        self._files.write(into.results / result.id, raw)
        into.log.append(stamped(self._clock, COLLECTED, collected_event(result)))
        into.ledger.add(result, self._clock())
        return Outcome(made.name, made.state, remark, result.id, result.assignment, person.name)

    def _into(self, result: Result, name: str, class_name: str) -> _Open:
        """Where a result belongs. Raises ``InputError``: nowhere here."""
        identity = result.assignment
        if identity not in self._known:
            raise InputError(
                f"{name} belongs to an assignment that was not handed out from here.",
                "Was it? Take it back first: bowout coach collect FILE.bowassign",
            )
        into = self._open.get(identity)
        if into is None:
            assignment = self._folders.assignment(identity)
            into = self._open[identity] = _Open(
                assignment,
                self._rosters(identity),
                ledger_of(self._folders.read(identity)),
                self._folders.below(identity, RESULTS),
                EventLog(self._folders.folder(identity) / EVENTS, new=False),
            )
            sweep(into.results)
            self._erase(into)  # a program that died may have left some
        terms = into.assignment.terms
        if class_name and folded(class_name) != folded(terms.class_name):
            raise InputError(f"{name} is for another class: {terms.class_name}.", "Collect it without --class.")
        for sent in result.sent:
            if sent.scenario not in terms.scenarios:
                raise InputError(f"{name} holds a call that was not asked for: “{shown(sent.scenario)}”.", "")
        for part in result.parts:
            if part not in terms.ask:
                raise InputError(f"{name} holds the {part}, for which you did not ask.", "Nothing of it was kept.")
        return into

    def _person(self, result: Result, into: _Open, *, new_key: bool) -> tuple[Person, str]:
        """Whom a result is from, remembered; and a remark. Raises ``InputError``: somebody else's keys."""
        class_name, key = into.assignment.terms.class_name, result.learner.key
        known = self._people.of(class_name, key)
        if known is not None:
            return known, ""
        person = self._people.meant(class_name, result.learner, result.who, into.roster)
        others = self._people.keys(class_name, person)
        if others and not new_key:
            raise InputError(
                f"Other keys than before say they are {person.name}: {result.learner.fingerprint}.",
                "Ask them. If they have a new machine, collect it with --accept-new-key.",
            )
        self._people.bind(class_name, key, person)
        if others:
            return person, f"Accepted with other keys than before: {result.learner.fingerprint}."
        if into.roster.people and person.key:
            told = f"“{result.who}” is not on the roster of {class_name}."
            return person, f"{told} Who is it? bowout coach match {result.id[:8]} WHO"
        return person, ""

    def _take_back(self, result: Result, into: _Open, name: str, person: Person) -> Outcome:
        key = result.learner.key
        gone = into.ledger.up_to(key, result.sequence)
        taken_back = {"result": result.id, "key": key, "sequence": result.sequence}
        into.log.append(stamped(self._clock, TAKEN_BACK, taken_back))
        into.log.sync()
        into.ledger.add(result, self._clock())
        into.ledger.take_back(key, result.sequence)
        self._erase(into)
        count = f"{len(gone)} result{'' if len(gone) == 1 else 's'}"
        told = f"{person.name} has withdrawn: {count} deleted."
        return Outcome(name, "withdrawn", told, result.id, result.assignment, person.name)

    def _erase(self, into: _Open) -> None:
        """Delete what was taken back: words, recordings, marks, and what was noted on them. Raises ``BowoutError``."""
        leftovers = sorted(into.ledger.leftovers)
        for identity in leftovers:
            try:
                (into.results / identity).unlink(missing_ok=True)
            except OSError as error:
                raise BowoutError(f"{into.results / identity} can't be deleted: {error.strerror}.") from error
        self._folders.erase(into.assignment.id, leftovers)
        into.ledger.leftovers.clear()
        into.ledger.seen.difference_update(leftovers)


def _whole(path: Path, raw: bytes) -> bool:
    try:
        return path.stat().st_size == len(raw) and path.read_bytes() == raw
    except OSError:
        return False


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are meant, folders gone through, links in them and hidden files left alone; by name."""
    for path in paths:
        if path.is_dir():
            for each in sorted(path.rglob("*")):
                hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
                if not hidden and not each.is_symlink() and each.is_file():
                    yield each
        else:
            yield path


__all__ = ["RESULTS", "Collector", "files_in"]
