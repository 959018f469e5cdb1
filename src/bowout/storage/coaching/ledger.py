"""What came for one assignment, as its diary tells: collected, reviewed, answered, put away, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.answer import Review, review_from
from bowout.core.coaching.result import MAX_SEQUENCE, Result, result_from
from bowout.core.coaching.standing import PHASES, Phase
from bowout.errors import InputError

COLLECTED, REVIEWED, PHASE, TAKEN_BACK = "collected", "reviewed_result", "phase", "taken_back"


@dataclass(frozen=True, slots=True)
class Entry:
    """One result and what was done with it."""

    result: Result
    """Without words and recordings."""
    at: datetime
    review: Review = field(default_factory=Review)
    phase: Phase = "to_review"


@dataclass(slots=True)
class Ledger:
    """The diary of an assignment, folded."""

    entries: dict[str, Entry] = field(default_factory=dict)
    """By the result's id, in the order in which they were collected."""
    taken_back: dict[str, int] = field(default_factory=dict)
    """By key: results up to this number were taken back by their sender."""
    seen: set[str] = field(default_factory=set)
    """Ids of all that was collected and has not been erased since."""
    leftovers: set[str] = field(default_factory=set)
    """Ids of results that were taken back and of which something may still be here."""

    def take(self, event: Mapping[str, Any]) -> None:
        """One more event; kinds that are not known here are left alone. Raises ``InputError``: it is damaged."""
        try:
            self._take(event)
        except ValueError as error:
            raise InputError(f"The diary of an assignment is damaged: {error}", "Collect its results again.") from error

    def _take(self, event: Mapping[str, Any]) -> None:
        kind = event.get("kind")
        if kind == COLLECTED:
            identity = fields.digits(event.get("result"), "result", 32)
            made = result_from(identity, fields.mapping(event.get("head"), "head"), event.get("content"))
            self.add(made, fields.moment(event.get("at"), "at"))
        elif kind == TAKEN_BACK:
            key = fields.digits(event.get("key"), "key", 64)
            self.seen.add(fields.digits(event.get("result"), "result", 32))
            self.take_back(key, fields.whole(event.get("sequence"), "sequence", 1, MAX_SEQUENCE))
        elif kind in (REVIEWED, PHASE):
            identity = fields.digits(event.get("result"), "result", 32)
            entry = self.entries.get(identity)
            if entry is None:
                return
            if kind == REVIEWED:
                # What was said before has changed: it is to be answered once more.
                self.entries[identity] = replace(entry, review=review_from(event.get("review")), phase="to_review")
            else:
                phase = fields.choice(event.get("phase"), "phase", PHASES)
                self.entries[identity] = replace(entry, phase=phase)  # type: ignore[arg-type]

    def add(self, result: Result, at: datetime) -> None:
        """A result has come. One that is here already stays as it is: two programs may have collected it at once."""
        self.seen.add(result.id)
        if result.withdrawn or result.id in self.entries:
            return
        if result.sequence <= self.taken_back.get(result.learner.key, 0):
            self.leftovers.add(result.id)
            return
        self.entries[result.id] = Entry(bare(result), at)

    def take_back(self, key: str, number: int) -> None:
        """Results of this key up to this number are gone."""
        self.taken_back[key] = max(number, self.taken_back.get(key, 0))
        for identity in self.up_to(key, number):
            del self.entries[identity]
            self.leftovers.add(identity)

    def up_to(self, key: str, number: int) -> list[str]:
        """Results that came with this key, up to this number."""
        return [
            identity
            for identity, entry in self.entries.items()
            if entry.result.learner.key == key and entry.result.sequence <= number
        ]


def ledger_of(events: Iterable[Mapping[str, Any]]) -> Ledger:
    made = Ledger()
    for event in events:
        made.take(event)
    return made


def bare(result: Result) -> Result:
    """What a list of results needs: all but words and recordings."""
    return replace(result, sent=tuple(sent.without_words() for sent in result.sent))


def collected_event(result: Result) -> dict[str, Any]:
    """What the diary keeps of a result: all but its words and recordings."""
    kept = bare(result)
    return {"result": result.id, "head": kept.head(), "content": kept.as_json()}


__all__ = ["COLLECTED", "PHASE", "REVIEWED", "TAKEN_BACK", "Entry", "Ledger", "bare", "collected_event", "ledger_of"]
