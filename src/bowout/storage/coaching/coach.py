"""The coach's folder: the keys, what was handed out, and what came back.

<root>/keys.json                            the coach's name and keys
       people.jsonl                         whose keys are whose
       assignments/ID/events.jsonl          handed out, collected, reviewed, answered
                      assignment.bowassign  as it was handed out
                      roster.json           who is in the class
                      results/ID            results, taken out of their boxes
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bowout.core.assessment import rules_of
from bowout.core.coaching.answer import Answer, Review, against, quoted
from bowout.core.coaching.fields import MAX_NAME
from bowout.core.coaching.file_names import slug
from bowout.core.coaching.parties import Party, Pseudonyms
from bowout.core.coaching.result import Result
from bowout.core.coaching.roster import Roster, folded, roster_from
from bowout.core.coaching.standing import Collected, Standing, newest_last, standings
from bowout.core.coaching.terms import Assignment, Terms
from bowout.core.coaching.verdict import verdicts
from bowout.core.marking.score import Rules
from bowout.errors import InputError, UsageError
from bowout.rehearsal.coaching import Handed, Outcome
from bowout.storage.atomic import write_atomic, write_own
from bowout.storage.canonical_zip import read_file
from bowout.storage.coaching import keys as key_files
from bowout.storage.coaching.collecting import RESULTS, Collector, files_in
from bowout.storage.coaching.container import ENDINGS, MAX_FILE
from bowout.storage.coaching.exchange import read_assignment, read_result, write_answer, write_assignment
from bowout.storage.coaching.folders import FILE, AssignmentFolders, meant
from bowout.storage.coaching.keys import Keys, new_keys
from bowout.storage.coaching.ledger import PHASE, REVIEWED, Entry, Ledger, ledger_of
from bowout.storage.coaching.people import People
from bowout.storage.event_folders import EVENTS
from bowout.storage.packs import Pack
from bowout.storage.strict_json import read_json, written

HANDED = "handed_out"
_ROSTER = "roster.json"

_log = logging.getLogger(__name__)


class CoachFolder:
    """The ``Coach`` of the program."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        """
        Args:
            root: ``data_dir() / "coaching" / "coach"``; made, user-only, when something is written.
            clock: aware time.
        """
        self._root = root
        self._clock = clock
        self._folders = AssignmentFolders(root / "assignments", clock, "bowout coach status")
        self._rules: dict[str, Mapping[str, Rules]] = {}

    # Keys.

    @property
    def me(self) -> Party | None:
        keys = self.keys
        return None if keys is None else keys.party

    @property
    def keys(self) -> Keys | None:
        """``None`` before ``init``. Raises ``InputError`` for a damaged file."""
        return key_files.load(self._root / "keys.json")

    def init(self, name: str) -> Party:
        """Make the coach's keys. Raises ``UsageError``: there are some, or the name is none."""
        name = " ".join(name.split())
        if not name or len(name) > MAX_NAME:
            raise UsageError(f"A name has 1 to {MAX_NAME} characters.", "Learners see it: --name “Ana Lee”.")
        if self.keys is not None:
            raise UsageError("You have keys already.", "See them: bowout coach keys show")
        self.keep_keys(new_keys(name))
        return self._own().party

    def keep_keys(self, keys: Keys) -> None:
        """Take keys out of a copy, in place of those that are here."""
        key_files.save(self._root / "keys.json", keys)

    def _own(self) -> Keys:
        keys = self.keys
        if keys is None:
            raise UsageError("You have no coach's keys yet.", "Make them: bowout coach init")
        return keys

    @property
    def pseudonyms(self) -> Pseudonyms:
        return Pseudonyms(self._own().pseudonym_secret())

    # Handing out.

    def assign(self, pack: Pack, terms: Terms, roster: Roster | None = None) -> tuple[Assignment, bytes]:
        """Make an assignment: what was made, and the ``.bowassign`` file's bytes.

        Without a roster the class's latest one is taken over.
        """
        keys = self._own()
        titles = {scenario.id: scenario.title for scenario in pack.scenarios if scenario.id in terms.scenarios}
        plan = Assignment("", keys.party, self._clock(), pack.id, pack.version, pack.title, terms, titles)
        made, raw = write_assignment(plan, pack, keys)
        read_assignment(raw, FILE)  # what a learner could not open is not handed out
        roster = roster if roster is not None else self.roster_of(terms.class_name)
        files = {_ROSTER: _roster_file(roster), FILE: raw}
        self._folders.begin(made.id, HANDED, {"class": terms.class_name}, files)
        return made, raw

    def roster_of(self, class_name: str) -> Roster:
        """The latest roster of a class; an empty one if it has none."""
        same = [h for h in self.assignments() if folded(h.assignment.terms.class_name) == folded(class_name)]
        return next((handed.roster for handed in same if handed.roster.people), Roster())

    def set_roster(self, assignment: str, roster: Roster) -> Handed:
        """Replace who is in the class of an assignment."""
        identity = self._folders.full(assignment)
        write_atomic(self._folders.folder(identity) / _ROSTER, _roster_file(roster))
        return self.load(identity)

    def assignments(self) -> list[Handed]:
        made = []
        for identity in self._folders.ids():
            try:
                made.append(self.load(identity))
            except InputError as error:  # damaged, or deleted this moment; neither may hide the others
                _log.warning("An assignment was left out: %s", error.sentence())
        return sorted(made, key=lambda each: (each.assignment.made, each.assignment.id), reverse=True)

    def load(self, assignment: str) -> Handed:
        identity = self._folders.full(assignment)
        return Handed(self._folders.assignment(identity), self._roster(identity))

    def _roster(self, identity: str) -> Roster:
        path = self._folders.folder(identity) / _ROSTER
        try:
            data = read_json(path.read_bytes())
            return roster_from(data.get("people") if isinstance(data, dict) else None)
        except FileNotFoundError:
            return Roster()
        except (OSError, ValueError) as error:
            raise InputError(f"{path} can't be read: {error}", "Give the roster again: bowout coach roster") from error

    def full(self, assignment: str) -> str:
        """The id that is meant by its beginning, also of one that is damaged. Raises ``InputError``."""
        return self._folders.full(assignment)

    def delete(self, assignment: str) -> None:
        self._folders.delete(self._folders.full(assignment))

    # What comes back.

    def collecting(self) -> Collector:
        """For many files: a context manager whose ``collect`` takes one after another."""
        return Collector(self._folders, self._people(), self._own(), self._clock, self._roster)

    def collect(self, path: Path, *, class_name: str = "", new_key: bool = False) -> Outcome:
        with self.collecting() as collector:
            return collector.collect(path, class_name=class_name, new_key=new_key)

    def collect_all(self, paths: Iterable[Path], *, class_name: str = "", new_key: bool = False) -> Iterator[Outcome]:
        """Every file of these paths, folders gone through. An assignment of these keys' own that is named, and not
        only lies in a folder, is here again by that."""
        paths = list(paths)
        back = {path: made for path in paths if (made := self._handed_out_again(path)) is not None}
        yield from back.values()
        with self.collecting() as collector:
            for path in files_in(path for path in paths if path not in back):
                yield collector.collect(path, class_name=class_name, new_key=new_key)

    def _handed_out_again(self, path: Path) -> Outcome | None:
        """Take back an assignment that was lost with the coach's folder, so that results for it can be read: with the
        class's latest roster, if there is one. ``None`` for any other file."""
        if path.suffix != ENDINGS["assignment"] or not path.is_file():
            return None
        raw = read_file(path, MAX_FILE, "a .bowassign file")
        assignment, _ = read_assignment(raw, path.name)
        if assignment.coach.key != self._own().party.key or assignment.id in self._folders.ids():
            return None
        class_name = assignment.terms.class_name
        files = {_ROSTER: _roster_file(self.roster_of(class_name)), FILE: raw}
        self._folders.begin(assignment.id, HANDED, {"class": class_name}, files)
        told = f"You handed it out; results for it can be collected again. Its roster: bowout coach roster {class_name}"
        return Outcome(path.name, "accepted", f"{told} FILE.csv", "", assignment.id)

    def collected(self, assignment: str) -> list[Collected]:
        identity = self._folders.full(assignment)
        handed, people = self.load(identity), self._people()
        entries = self._ledger(identity).entries.values()
        return newest_last(self._collected(handed, people, entry) for entry in entries)

    def standings(self, assignment: str) -> tuple[Standing, ...]:
        handed = self.load(assignment)
        ledger, people = self._ledger(handed.assignment.id), self._people()
        collected = [self._collected(handed, people, entry) for entry in ledger.entries.values()]
        class_name = handed.assignment.terms.class_name
        gone = [person for key in ledger.taken_back if (person := people.of(class_name, key)) is not None]
        return standings(handed.assignment, handed.roster, collected, self._clock(), gone)

    def result(self, result: str) -> Collected:
        handed, entry = self._find(result)
        full, _ = self._file(handed.assignment.id, entry.result.id)
        return replace(self._collected(handed, self._people(), entry), result=full)

    def audio(self, result: str, take: int) -> bytes | None:
        handed, entry = self._find(result)
        full, recordings = self._file(handed.assignment.id, entry.result.id)
        names = {sent.number: sent.audio for sent in full.sent}
        return recordings.get(names.get(take, ""))

    def match(self, result: str, person: str) -> Collected:
        handed, entry = self._find(result)
        found = handed.roster.find(person)
        if found is None:
            raise InputError(f"“{person}” is nobody, or more than one, on this roster.", "Give a number or an address.")
        people = self._people()
        try:
            people.bind(handed.assignment.terms.class_name, entry.result.learner.key, found)
        finally:
            people.close()
        return self._collected(handed, people, entry)

    # Reviewing and answering.

    def review(self, result: str, review: Review) -> Collected:
        handed, entry = self._find(result)
        full, _ = self._file(handed.assignment.id, entry.result.id)
        wrong = against(review, full)
        if wrong:
            raise InputError(wrong, "Nothing was noted.")
        noted = quoted(review, full).as_json()
        self._folders.append(handed.assignment.id, REVIEWED, {"result": full.id, "review": noted})
        return self.result(full.id)

    def answer(self, result: str, folder: Path) -> Path:
        handed, entry = self._find(result)
        if not entry.review:
            raise InputError("Nothing has been noted on this result yet.", "Comment on it, or confirm a mark, first.")
        keys = self._own()
        if keys.party.key != handed.assignment.coach.key:
            raise InputError(
                f"“{handed.assignment.title}” was handed out with other keys than yours now: "
                f"{entry.result.who}'s program would refuse the answer.",
                "Take the old keys back (bowout coach keys import FILE), or tell them in another way.",
            )
        made = self._collected(handed, self._people(), entry)
        answer = Answer(
            id="",
            coach=keys.party,
            learner=entry.result.learner.key,
            assignment=handed.assignment.id,
            result=entry.result.id,
            made=self._clock(),
            review=entry.review,
            verdicts=made.verdicts,
        )
        signed, raw = write_answer(answer, entry.result.learner, keys)
        path = folder / f"{slug(made.person.name, 'answer')}-{signed.id[:8]}{ENDINGS['answer']}"
        write_own(path, raw)
        self._folders.append(handed.assignment.id, PHASE, {"result": entry.result.id, "phase": "answered"})
        return path

    def done(self, result: str, *, done: bool = True) -> Collected:
        handed, entry = self._find(result)
        phase = "done" if done else "to_review"
        self._folders.append(handed.assignment.id, PHASE, {"result": entry.result.id, "phase": phase})
        return self.result(entry.result.id)

    # Within.

    def _people(self) -> People:
        return People(self._root / "people.jsonl", self._clock)

    def _ledger(self, identity: str) -> Ledger:
        return ledger_of(self._folders.read(identity))

    def _find(self, result: str) -> tuple[Handed, Entry]:
        """The result that is meant by its id or the beginning of it. Raises ``InputError``."""
        known: dict[str, tuple[str, Entry]] = {}
        wanted = result.strip().lower().encode("utf-8", "replace")
        for identity in self._folders.ids():
            # Reading a whole diary takes a moment; most are of other assignments.
            if wanted in (self._folders.folder(identity) / EVENTS).read_bytes():
                known |= {each: (identity, entry) for each, entry in self._ledger(identity).entries.items()}
        identity, entry = known[meant(result, known, "result", "bowout coach status")]
        return self.load(identity), entry

    def _file(self, assignment: str, result: str) -> tuple[Result, dict[str, bytes]]:
        path = self._folders.folder(assignment) / RESULTS / result
        return read_result(read_file(path, MAX_FILE, "a result"), result)

    def _collected(self, handed: Handed, people: People, entry: Entry) -> Collected:
        result, class_name = entry.result, handed.assignment.terms.class_name
        person = people.of(class_name, result.learner.key)
        person = person or people.meant(class_name, result.learner, result.who, handed.roster)
        keys = people.keys(class_name, person)
        key = result.learner.key
        return Collected(
            result=result,
            person=person,
            listed=not handed.roster.people or person.id in handed.roster.ids,
            at=entry.at,
            rank=keys.index(key) + 1 if key in keys else 1,
            review=entry.review,
            verdicts=verdicts(result, entry.review, self._marking(handed.assignment.id, entry.review)),
            phase=entry.phase,
        )

    def _marking(self, identity: str, review: Review) -> Mapping[str, Rules]:
        """The marking rules of the calls, which only an override needs: the pack takes a moment to read."""
        if not review.overrides:
            return {}
        if identity not in self._rules:
            _, pack = read_assignment(self._folders.raw(identity), FILE)
            self._rules[identity] = {scenario.id: rules_of(scenario) for scenario in pack.scenarios}
        return self._rules[identity]


def _roster_file(roster: Roster) -> bytes:
    return written({"schema": 1, "people": roster.as_json()})


__all__ = ["CoachFolder"]
