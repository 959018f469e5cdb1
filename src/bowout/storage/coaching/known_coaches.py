"""Whom assignments have come from: a name stands for the keys it came with the first time."""

from __future__ import annotations

from pathlib import Path

from bowout.core.coaching import fields
from bowout.core.coaching.lookalikes import drawn
from bowout.core.coaching.parties import Party, party_from
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
        """Whether this name stands for these keys: ``known``, ``changed`` (with whom it last stood for) or ``new``.

        Names that look the same are one. Keys that are known under another name are ``known`` (with that one), as long
        as the new name is nobody else's.
        """
        known = self._read()
        same = [each for each in known if drawn(each.name) == drawn(coach.name)]
        if same:
            return ("known", None) if same[-1].key == coach.key else ("changed", same[-1])
        renamed = [each for each in known if each.key == coach.key]
        return ("known", renamed[-1]) if renamed else ("new", None)

    def remember(self, coach: Party) -> None:
        """From now on the name stands for these keys. Raises ``BowoutError``."""
        if self.trust(coach) != ("known", None):
            kept = [*self._read(), coach][-_MOST:]
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
