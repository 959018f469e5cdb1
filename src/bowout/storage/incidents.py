"""Incident notes on disk: a folder of events each (``bowout.storage.event_folders``), added to, never changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bowout.core.incident import ADDED, BEGUN, Incident, folded
from bowout.core.when import kept
from bowout.errors import InputError
from bowout.storage.event_folders import EventFolders


class FileIncidents:
    """The ``Incidents`` of the program. Any thread may call any method; two programs may work on the same root."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        """
        Args:
            root: ``data_dir() / "incidents"``; made, user-only, when something is written.
            clock: aware time, for ids and events.
        """
        unknown = ("There is no incident note “{}”.", "`bowout incident list` shows them.")
        self._folders = EventFolders(root, clock, unknown)

    def begin(self, note: Incident) -> Incident:
        note = replace(note, id=self._folders.fresh_id())
        self._folders.begin(note.id, BEGUN, {"note": note.first_json()})
        return note

    def add(self, note_id: str, text: str, at: datetime) -> Incident:
        self._folders.append(note_id, ADDED, {"written": kept(at.replace(microsecond=0)), "text": text})
        return self.load(note_id)

    def list(self) -> list[Incident]:
        return self._folders.readable(self.load, "An incident note")

    def load(self, note_id: str) -> Incident:
        note = folded(self._folders.read(note_id))
        if note is None:
            hint = f"Delete it: bowout incident delete {note_id}"
            raise InputError(f"The incident note {note_id} has no beginning.", hint)
        return replace(note, id=note_id)

    def delete(self, note_id: str) -> None:
        self._folders.delete(note_id)

    def delete_all(self) -> int:
        return self._folders.delete_all()


__all__ = ["FileIncidents"]
