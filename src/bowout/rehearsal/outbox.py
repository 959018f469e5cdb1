"""What the Send screen and ``bowout message`` need of the machine: files, the user's calendar, a speller."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bowout.core.messages.entries import Entry
from bowout.core.writing_check import Busy


class Outbox(Protocol):
    """Everything here reads or writes files: call it from a worker thread. Nothing is sent."""

    def own(self) -> Mapping[str, str]:
        """The user's own wordings, with blanks, by kind. Raises ``InputError`` for a file that can't be read."""

    def keep_own(self, kind: str, text: str) -> None:
        """Keep a wording at hand, readable by the user alone; an empty one is forgotten. Raises ``BowoutError``."""

    def busy(self, moments: Sequence[datetime]) -> list[Busy]:
        """What the user's own calendar file has in the hour after each of these moments (aware); nothing where no file
        is named in the settings. Raises ``InputError`` for a file that can't be read."""

    def misspelt(self, text: str, names: Collection[str]) -> Mapping[str, str]:
        """Words that are known misspellings, and what is meant; ``names`` are left alone. Raises ``MissingPart`` where
        there is no speller."""

    def calendar(self, entries: Sequence[Entry], now: datetime) -> bytes:
        """The entries as an ``.ics`` file."""

    def store(self, path: Path, data: bytes, *, replace: bool) -> None:
        """Write for the user alone. Raises ``FileExistsError`` unless ``replace``, ``InputError`` where it can't be
        written."""


__all__ = ["Outbox"]
