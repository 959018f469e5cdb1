"""One folder an assignment, named by its id: its diary, the file as it was handed out, and what belongs to it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from bowout.core.coaching.terms import Assignment
from bowout.errors import InputError
from bowout.paths import private_dir
from bowout.storage.atomic import disk_error
from bowout.storage.coaching.container import ENDINGS, ID_DIGITS, open_signed
from bowout.storage.coaching.exchange import head_of
from bowout.storage.event_folders import EVENTS, EventFolders

FILE = f"assignment{ENDINGS['assignment']}"
SHORTEST = 4
"""Digits of the beginning of an id that names it."""
_IDS = re.compile(f"[0-9a-f]{{{ID_DIGITS}}}")


class AssignmentFolders(EventFolders):
    """The diaries of all assignments below one root, and the files beside them."""

    def __init__(self, root: Path, clock: Callable[[], datetime], listing: str) -> None:
        """
        Args:
            root: made, user-only, when something is written.
            clock: aware time.
            listing: the command that lists them.
        """
        super().__init__(root, clock, ("There is no assignment “{}”.", f"See them: {listing}"), _IDS)
        self._listing = listing

    def folder(self, assignment: str) -> Path:
        """Raises ``InputError`` for an unknown id."""
        return self._folder(assignment)

    def full(self, typed: str) -> str:
        """The id that is meant by its beginning. Raises ``InputError``: none, or more than one."""
        return meant(typed, self.ids(), "assignment", self._listing)

    def assignment(self, assignment: str) -> Assignment:
        """As it was handed out; its pack is not looked at. Raises ``InputError``."""
        return head_of(open_signed(self.raw(assignment), FILE, "assignment"), FILE)

    def raw(self, assignment: str) -> bytes:
        """The file as it was handed out. Raises ``InputError``."""
        path = self._folder(assignment) / FILE
        try:
            return path.read_bytes()
        except OSError as error:
            hint = "Open the file that was handed out once more, or delete the assignment."
            raise InputError(f"{path} can't be read: {error.strerror}.", hint) from error

    def erase(self, assignment: str, results: Iterable[str]) -> None:
        """Take out of the diary what it tells of these results, and whatever else was noted on them.

        The lines become blank where they stand: programs that are writing at its end are not disturbed. Raises
        ``BowoutError``.
        """
        marks = [f'"result":"{each}"'.encode("ascii") for each in results]
        path = self._folder(assignment) / EVENTS
        if not marks:
            return
        try:
            with path.open("r+b") as diary:
                at = 0
                for line in diary.read().split(b"\n"):
                    if any(mark in line for mark in marks):
                        diary.seek(at)
                        diary.write(b" " * len(line))
                    at += len(line) + 1
                diary.flush()
                os.fsync(diary.fileno())
        except OSError as error:
            raise disk_error(error, path) from error

    def below(self, assignment: str, name: str) -> Path:
        """A folder beside the diary; made if need be. Raises ``BowoutError``."""
        path = self._folder(assignment) / name
        try:
            return private_dir(path)
        except OSError as error:
            raise disk_error(error, path) from error


def meant(typed: str, known: Iterable[str], what: str, listing: str) -> str:
    """The one of ``known`` that begins with what was typed. Raises ``InputError``: none, or more than one."""
    wanted, known = typed.strip().lower(), list(known)
    found = [each for each in known if each == wanted] or [
        each for each in known if len(wanted) >= SHORTEST and each.startswith(wanted)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"“{typed}” is the beginning of {len(found)} ids.", "Type more of it.")
    raise InputError(f"There is no {what} “{typed}”.", f"See them: {listing}")


__all__ = ["FILE", "AssignmentFolders", "meant"]
