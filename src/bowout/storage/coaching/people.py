"""Whose keys are whose: a coach's memory of who has sent results, class by class, and by which keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.fields import Unreadable
from bowout.core.coaching.parties import Party
from bowout.core.coaching.roster import Person, Roster, folded, person_from
from bowout.errors import InputError
from bowout.storage.attempt_writer import stamped
from bowout.storage.event_log import SCHEMA, EventLog, read_events

BOUND = "bound"


class People:
    """Keys and people of every class of a coach, kept in one diary. The last word on a key counts."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock
        self._of: dict[tuple[str, str], Person] = {}
        """By class and key."""
        self._keys: dict[tuple[str, str], list[str]] = {}
        """By class and person, in the order in which the keys came."""
        self._called: dict[tuple[str, str], Person] = {}
        """By class and name: who is on no roster."""
        self._log: EventLog | None = None
        for event in read_events(path, (BOUND,)) if path.exists() else ():
            self._take(event)

    def _take(self, event: Mapping[str, Any]) -> None:
        try:
            key = fields.digits(event.get("key"), "key", 64)
            person = person_from(event.get("person"))
            class_name = fields.text(event, "class", fields.MAX_NAME)
        except Unreadable as error:
            raise InputError(f"{self._path} is damaged: {error}", "Collect the results into a new folder.") from error
        name = folded(class_name)
        before = self._of.get((name, key))
        if before is not None:
            self._keys[name, before.id].remove(key)
        self._of[name, key] = person
        if person.key:
            self._called.setdefault((name, folded(person.name)), person)
        self._keys.setdefault((name, person.id), []).append(key)

    def of(self, class_name: str, key: str) -> Person | None:
        """Who has these keys; ``None`` for keys that have not been seen."""
        return self._of.get((folded(class_name), key))

    def keys(self, class_name: str, person: Person) -> list[str]:
        """With which keys this person has sent results, oldest first."""
        return self._keys.get((folded(class_name), person.id), [])

    def meant(self, class_name: str, learner: Party, who: str, roster: Roster) -> Person:
        """Whom keys that have not been seen say they are: one of the roster; without a roster one who calls themselves
        so already; else somebody new, who is on none."""
        called = None if roster.people else self._called.get((folded(class_name), folded(who)))
        return roster.find(who) or called or Person(who, key=learner.key)

    def bind(self, class_name: str, key: str, person: Person) -> None:
        """These keys are this person's. On disk after ``close``. Raises ``BowoutError``."""
        if self._log is None:
            new = not self._path.exists()
            self._log = EventLog(self._path, new=new)
            if new:
                self._log.append({"schema": SCHEMA, **stamped(self._clock, "begun", {})})
        data = {"class": class_name, "key": key, "person": person.as_json()}
        self._log.append(stamped(self._clock, BOUND, data))
        self._take(data)

    def close(self) -> None:
        """Bring everything through a power cut. Raises ``BowoutError``."""
        if self._log is not None:
            log, self._log = self._log, None
            log.close()


__all__ = ["People"]
