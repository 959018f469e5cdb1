"""The learner's folder: assignments that were accepted, the coaches they came from, and the learner's own keys.

<root>/keys.json                            the learner's, made when the first assignment is accepted
       coaches.json                         who they came from, as seen at the first time
       assignments/ID/events.jsonl          accepted, submitted, answered, withdrawn
                      assignment.bowassign  as it came
                      answers/ID            answers, taken out of their boxes
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bowout.core.coaching.answer import Answer, about
from bowout.core.coaching.fields import MAX_NAME, Unreadable
from bowout.core.coaching.parties import Party
from bowout.core.coaching.result import MAX_AUDIO_BYTES, MAX_SEQUENCE, Result
from bowout.core.coaching.sending import chosen_parts, chosen_takes, rows, sent_take
from bowout.core.coaching.takes import Take, numbered, take_of
from bowout.core.coaching.terms import Assignment, Part
from bowout.core.document import shown
from bowout.core.drills import Drill
from bowout.core.scenario import Scenario
from bowout.errors import InputError
from bowout.ports import Records
from bowout.rehearsal.coaching import Draft, Held, Opened, Submission
from bowout.storage.atomic import own_file, write_atomic
from bowout.storage.canonical_zip import read_file
from bowout.storage.coaching import keys as key_files
from bowout.storage.coaching.container import MAX_FILE, kind_of, unsealed
from bowout.storage.coaching.exchange import read_answer, read_assignment, write_result
from bowout.storage.coaching.folders import FILE, AssignmentFolders
from bowout.storage.coaching.held import ACCEPTED, ANSWERED, SUBMITTED, WITHDRAWN, having, submission_json
from bowout.storage.coaching.keys import Keys, new_keys
from bowout.storage.coaching.known_coaches import KnownCoaches
from bowout.storage.packs import Pack

NOTED = "coach"
"""The event of an attempt's record that holds what a coach has said of it."""

_log = logging.getLogger(__name__)


class LearnerFolder:
    """The ``Learner`` of the program."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        """
        Args:
            root: ``data_dir() / "coaching" / "learner"``; made, user-only, when something is written.
            clock: aware time.
        """
        self._root = root
        self._clock = clock
        self._coaches = KnownCoaches(root / "coaches.json")
        self._folders = AssignmentFolders(root / "assignments", clock, "bowout assignments list")

    # Files that come.

    def look(self, path: Path) -> Opened:
        raw = read_file(path, MAX_FILE, "a file that a coach sent you")
        kind = kind_of(raw, path.name)
        if kind == "assignment":
            assignment, _ = read_assignment(raw, path.name)
            trust, before = self._coaches.trust(assignment.coach)
            held = self._held(assignment.id)
            return Opened("assignment", path, assignment, trust=trust, before=before, held=held)
        if kind == "sealed-answer":
            return self._look_at_answer(raw, path)
        return Opened("pack" if kind == "pack" else "result", path)

    def _held(self, assignment: str) -> bool:
        """Whether it was accepted and all that it takes is here: keys that were lost are made by accepting it again."""
        if assignment not in self._folders.ids() or self.keys is None:
            return False
        try:
            return self.load(assignment).withdrawn is None
        except InputError as error:  # damaged: what comes takes its place
            _log.warning("%s", error.sentence())
            return False

    def _look_at_answer(self, raw: bytes, path: Path) -> Opened:
        keys = self.keys
        if keys is None:
            raise InputError(f"{path.name} was made for other keys than yours.", "You have accepted no assignment yet.")
        answer = read_answer(unsealed(raw, path.name, "answer", keys), path.name)
        if answer.learner != keys.party.key:
            raise InputError(f"{path.name} is an answer to somebody else.", "Nothing of it was taken.")
        if answer.assignment not in self._folders.ids():
            told = f"{path.name} answers an assignment that is not here."
            raise InputError(told, "It was deleted, or accepted on another machine.")
        held = self.load(answer.assignment)
        if answer.coach.key != held.assignment.coach.key:
            told = f"{path.name} is not signed by {held.assignment.coach.name}, who gave you the assignment."
            raise InputError(told, "Nothing of it was taken. Ask them.")
        if answer.result not in {submission.result for submission in held.submissions}:
            raise InputError(f"{path.name} answers a result that you did not send.", "Nothing of it was taken.")
        there = any(each.id == answer.id for each in held.answers)
        return Opened("answer", path, held.assignment, answer, trust="known", held=there)

    def accept(self, opened: Opened, who: str, *, new_key: bool = False) -> Held:
        assert opened.assignment is not None, "only an assignment can be accepted"
        assignment = opened.assignment
        who = " ".join(who.split())
        if not who or len(who) > MAX_NAME:
            raise InputError("Your coach must know whom it is from.", f"Give a name of at most {MAX_NAME} characters.")
        trust, before = self._coaches.trust(assignment.coach)
        if trust == "changed" and not new_key:
            assert before is not None
            raise InputError(
                f"{assignment.coach.name} has other keys than before: {assignment.coach.fingerprint}, "
                f"and not {before.fingerprint}. Somebody else may use the name.",
                "Ask them by another way than this file came; if it is right: --accept-new-key",
            )
        raw = read_file(opened.path, MAX_FILE, "a file that a coach sent you")
        if read_assignment(raw, opened.path.name)[0].id != assignment.id:
            raise InputError(f"{opened.path.name} has changed since it was shown.", "Open it again.")
        self._make_keys(who)
        self._coaches.remember(assignment.coach)
        if assignment.id in self._folders.ids():
            write_atomic(self._folders.folder(assignment.id) / FILE, raw)
            self._folders.append(assignment.id, ACCEPTED, {"who": who})
        else:
            self._folders.begin(assignment.id, ACCEPTED, {"who": who}, {FILE: raw})
        return self.load(assignment.id)

    def take_answer(self, opened: Opened, records: Records) -> Held:
        assert opened.answer is not None and opened.assignment is not None, "only an answer can be taken"
        answer = opened.answer
        if not opened.held:
            keys = self.keys
            assert keys is not None, "an answer was opened with them"
            raw = unsealed(read_file(opened.path, MAX_FILE, "an answer"), opened.path.name, "answer", keys)
            if read_answer(raw, opened.path.name).id != answer.id:
                raise InputError(f"{opened.path.name} has changed since it was shown.", "Open it again.")
            write_atomic(self._folders.below(answer.assignment, "answers") / answer.id, raw)
            self._note(answer, records)
            # Last: until it is said here, the answer is taken anew.
            self._folders.append(answer.assignment, ANSWERED, {"answer": answer.id, "result": answer.result})
        return self.load(answer.assignment)

    def _note(self, answer: Answer, records: Records) -> None:
        """Put what the coach says into the records of the takes that it is about."""
        held = self.load(answer.assignment)
        (sent,) = [each for each in held.submissions if each.result == answer.result]
        for number, attempt in zip(sent.takes, sent.attempts, strict=True):
            try:
                if any(each.get("answer") == answer.id for each in records.load(attempt).events):
                    continue  # a program that died had come so far
                records.append(attempt, NOTED, **about(answer, number))
            except InputError:  # the user has deleted it
                _log.info("An answer is about a take that is not here any more.")

    # What is here.

    @property
    def keys(self) -> Keys | None:
        """The learner's own; ``None`` before the first assignment was accepted. Raises ``InputError``."""
        return key_files.load(self._root / "keys.json")

    def keep_keys(self, keys: Keys) -> None:
        """Take keys out of a copy, in place of those that are here."""
        key_files.save(self._root / "keys.json", keys)

    def list(self) -> list[Held]:
        held = []
        for identity in self._folders.ids():
            try:
                held.append(self.load(identity))
            except InputError as error:  # deleted this moment, or damaged; neither may hide the others
                _log.warning("An assignment was left out: %s", error.sentence())
        return sorted(held, key=lambda each: (each.accepted, each.assignment.id), reverse=True)

    def load(self, assignment: str) -> Held:
        identity = self._folders.full(assignment)
        events = self._folders.read(identity)
        held = Held(self._folders.assignment(identity), "", self._clock())
        for event in events:
            held = having(held, event)
        return replace(held, answers=tuple(self._answers(identity, events)))

    def _answers(self, assignment: str, events: Sequence[Mapping[str, Any]]) -> Sequence[Answer]:
        folder = self._folders.folder(assignment) / "answers"
        made = []
        for identity in dict.fromkeys(str(e.get("answer")) for e in events if e.get("kind") == ANSWERED):
            try:
                made.append(read_answer(read_file(folder / identity, MAX_FILE, "an answer"), identity))
            except InputError as error:
                _log.warning("An answer was left out: %s", error.sentence())
        return made

    def scenario(self, assignment: str, scenario: str) -> Scenario:
        made, pack = self._opened(assignment)
        found = [each for each in pack.scenarios if each.id == scenario and scenario in made.terms.scenarios]
        if not found:
            known = ", ".join(made.terms.scenarios)
            raise InputError(f"“{shown(scenario)}” is not asked for in this assignment.", f"Asked for: {known}.")
        return found[0]

    def drills(self, assignment: str) -> Sequence[Drill]:
        return self._opened(assignment)[1].drills

    def _opened(self, assignment: str) -> tuple[Assignment, Pack]:
        return read_assignment(self._folders.raw(self._folders.full(assignment)), FILE)

    def takes(self, assignment: str, records: Records) -> tuple[Take, ...]:
        held = self._folders.assignment(self._folders.full(assignment))
        made = []
        for row in records.list():
            if row.assignment == held.id:
                take = take_of(row.id, records.load(row.id).events)
                if take is not None:
                    made.append(take)
        return numbered(made, held.terms)

    # Files that go.

    def draft(self, assignment: str, records: Records, parts: Sequence[Part], takes: Sequence[int] = ()) -> Draft:
        held = self._active(assignment)
        wanted = chosen_parts(held.assignment, parts)
        every = self.takes(held.assignment.id, records)
        audio: dict[str, Path] = {}
        missing = []
        sent, attempts = [], []
        for take in chosen_takes(held.assignment, every, takes):
            stored = records.load(take.attempt)
            try:
                made = sent_take(take, stored.events, wanted)
            except Unreadable as error:
                raise InputError(f"Take {take.number} can't be sent: {error}", "Choose another take.") from error
            if made.audio and stored.audio_path is not None:
                audio[made.audio] = stored.audio_path
            elif made.audio:
                missing.append(f"The recording of take {take.number} was not kept.")
                made = replace(made, audio="")
            sent.append(made)
            attempts.append(take.attempt)
        if not audio:
            wanted = tuple(part for part in wanted if part != "audio")
        if not wanted:
            raise InputError(" ".join(missing), "There is nothing else that was chosen.")
        result = Result(
            id="",
            assignment=held.assignment.id,
            learner=self._party(held),
            made=self._now(),
            sequence=self._number(held),
            who=held.who,
            parts=wanted,
            takes=rows(every, wanted),
            sent=tuple(sent),
        )
        return Draft(result, audio, tuple(attempts), tuple(missing))

    def submit(self, draft: Draft, path: Path) -> Submission:
        held = self._active(draft.result.assignment)
        audio = {name: read_file(file, MAX_AUDIO_BYTES, "a recording") for name, file in draft.audio.items()}
        return self._write(held, draft.result, audio, path, draft.attempts)

    def withdraw(self, assignment: str, path: Path | None) -> Held:
        held = self._active(assignment)
        if path is not None:
            party, made, number = self._party(held), self._now(), self._number(held)
            self._write(held, Result("", held.assignment.id, party, made, number, held.who, (), (), (), True), {}, path)
        self._folders.append(held.assignment.id, WITHDRAWN, {})
        return self.load(held.assignment.id)

    def _write(
        self, held: Held, result: Result, audio: Mapping[str, bytes], path: Path, attempts: tuple[str, ...] = ()
    ) -> Submission:
        keys = self._own_keys(held)
        made, raw = write_result(result, audio, keys, held.assignment.coach)
        submission = Submission(
            made.id, made.made, made.sequence, made.parts, tuple(sent.number for sent in made.sent), attempts
        )
        with own_file(path) as file:
            file.write(raw)
            # Before the file is there: an answer to a result that nobody knows of would be refused.
            self._folders.append(held.assignment.id, SUBMITTED, submission_json(submission))
        return submission

    def full(self, assignment: str) -> str:
        """The id that is meant by its beginning, also of one that is damaged. Raises ``InputError``."""
        return self._folders.full(assignment)

    def delete(self, assignment: str) -> None:
        self._folders.delete(self._folders.full(assignment))

    def _now(self) -> datetime:
        """In UTC: the zone of this machine is nobody else's business."""
        return self._clock().astimezone(timezone.utc)

    def _number(self, held: Held) -> int:
        """Of the next result: more than every one before, also where those were deleted here, or made on another
        machine with the same keys. So it goes by the minutes since the assignment was made, and counts on where the
        clock was set back."""
        minutes = int((self._now() - held.assignment.made).total_seconds() // 60)
        last = max((each.sequence for each in held.submissions), default=0)
        return min(max(last + 1, minutes), MAX_SEQUENCE)

    def _active(self, assignment: str) -> Held:
        held = self.load(assignment)
        if held.withdrawn is not None:
            raise InputError("You have withdrawn from this assignment.", "Open its file again to take part once more.")
        return held

    # Keys.

    def _party(self, held: Held) -> Party:
        return self._own_keys(held).party

    def _own_keys(self, held: Held) -> Keys:
        keys = self.keys
        if keys is None:
            raise InputError(
                "Your keys are gone.", "Open the assignment's file again, or: bowout assignments keys import"
            )
        return replace(keys, name=held.who)

    def _make_keys(self, who: str) -> None:
        if self.keys is None:
            self.keep_keys(new_keys(who))


__all__ = ["LearnerFolder"]
