"""Whom assignments have come from: a name stands for the keys it came with the first time."""

from __future__ import annotations

from pathlib import Path

from bowout.core.coaching import fields
from bowout.core.coaching.parties import Party, party_from
from bowout.core.coaching.roster import folded
from bowout.errors import InputError
from bowout.rehearsal.coaching import Trust
from bowout.storage.atomic import sweep, write_atomic
from bowout.storage.strict_json import read_json, written

_MOST = 1000


class KnownCoaches:
    """The coaches of one file, in the order in which they were met."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def trust(self, coach: Party) -> tuple[Trust, Party | None]:
        """Whether these keys are known; and the keys that the name last stood for, where they are others."""
        known = self._read()
        if any(each.key == coach.key for each in known):
            return "known", None
        same = [each for each in known if folded(each.name) == folded(coach.name)]
        return ("changed", same[-1]) if same else ("new", None)

    def remember(self, coach: Party) -> None:
        """Raises ``BowoutError``."""
        known = self._read()
        if all(each.key != coach.key for each in known):
            kept = [*known, coach][-_MOST:]
            write_atomic(self._path, written({"schema": 1, "coaches": [each.as_json() for each in kept]}))
            sweep(self._path.parent)

    def _read(self) -> tuple[Party, ...]:
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise InputError(f"{self._path} can't be read: {error.strerror}.") from error
        try:
            return fields.items(fields.mapping(read_json(raw), "coaches"), "coaches", _MOST, party_from)
        except ValueError as error:
            told = f"{self._path} is damaged: which coaches you know can't be told."
            raise InputError(told, "Delete it; then every coach is new, so compare fingerprints.") from error


__all__ = ["KnownCoaches"]
