"""Incident notes, as a terminal and a screen need them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bowout.core.incident import Incident


class Incidents(Protocol):
    """The user's own notes of incidents: private, local, added to and never rewritten, deletable as a whole."""

    def begin(self, note: Incident) -> Incident:
        """Keep a new note; it comes back with its id. Raises ``BowoutError`` if the disk refuses."""

    def add(self, note_id: str, text: str, at: datetime) -> Incident:
        """Add to it, with this date. Raises ``InputError`` for an unknown id, ``BowoutError``."""

    def list(self) -> list[Incident]:
        """All that can be read, newest first."""

    def load(self, note_id: str) -> Incident:
        """Raises ``InputError`` for an unknown id or one that can't be read."""

    def delete(self, note_id: str) -> None:
        """Delete the whole note and be sure that it is gone."""

    def delete_all(self) -> int:
        """Delete every note, those that can't be read included; how many there were."""


__all__ = ["Incidents"]
