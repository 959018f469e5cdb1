"""The published checklist: intents, items and faults with stable ids.

Which items an intent owes (required), which it is credited for (optional) and which do not apply, and which
faults can be found, is the table of ``docs/criteria.md``; the ids are part of the program's public interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Intent = Literal["reschedule", "withdraw", "leave", "repair"]
INTENTS: tuple[Intent, ...] = ("reschedule", "withdraw", "leave", "repair")


@dataclass(frozen=True, slots=True)
class Item:
    """Something that should be said."""

    id: str
    question: str
    """What a listener is asked: met, or not met."""
    required: frozenset[Intent]
    optional: frozenset[Intent]

    def applies_to(self, intent: Intent) -> bool:
        return intent in self.required or intent in self.optional


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that should not be said."""

    id: str
    question: str
    intents: frozenset[Intent]

    def applies_to(self, intent: Intent) -> bool:
        return intent in self.intents


_COLUMNS: tuple[Intent, ...] = ("reschedule", "withdraw", "leave", "repair")


def _item(id_: str, columns: str, question: str) -> Item:
    """``columns`` is the row of the published table: a letter = required, ``o`` = optional, ``-`` = not asked."""
    marks = dict(zip(_COLUMNS, columns, strict=True))
    return Item(
        id_,
        question,
        frozenset(i for i, c in marks.items() if c.isupper()),
        frozenset(i for i, c in marks.items() if c == "o"),
    )


def _fault(id_: str, intents: str, question: str) -> Fault:
    letters = {"R": "reschedule", "W": "withdraw", "L": "leave", "P": "repair"}
    return Fault(id_, question, frozenset(letters[c] for c in intents))  # type: ignore[misc]


ITEMS: dict[str, Item] = {
    item.id: item
    for item in (
        _item("greeting", "RW-P", "Greeted the listener?"),
        _item("name", "RW-P", "Said who is calling?"),
        _item("role", "oWoo", "Said which interview it is about?"),
        _item("when", "Ro-o", "Said when the interview is (or was)?"),
        _item("ask", "RWLP", "Stated the decision plainly?"),
        _item("reason", "RWLo", "Gave a believable reason in a few words?"),
        _item("apology", "RooP", "Apologised for the inconvenience?"),
        _item("options", "R--o", "Offered two or more specific alternatives?"),
        _item("thanks", "RWLP", "Thanked the listener?"),
        _item("goodwill", "oWoo", "Wished them well?"),
        _item("follow_up", "oooo", "Said that a written confirmation will follow?"),
    )
}

FAULTS: dict[str, Fault] = {
    fault.id: fault
    for fault in (
        _fault("vague_reason", "RW", "Gave only an empty phrase for a reason?"),
        _fault("weak_reason", "RW", "Gave a reason that shows poor planning or fickleness?"),
        _fault("oversharing", "RWLP", "Gave private detail the employer does not need?"),
        _fault("mixed_message", "WL", "Withdrew and kept the door half open?"),
        _fault("soft_no", "R", "Asked to reschedule without commitment?"),
        _fault("negativity", "RWLP", "Criticised them, or was sarcastic or angry?"),
        _fault("leverage", "WR", "Used the interview or another offer to bargain?"),
        _fault("over_apology", "RWLP", "Apologised three times or more?"),
    )
}


def items_for(intent: Intent) -> tuple[Item, ...]:
    """Items that are asked of this intent, in the order of the checklist."""
    return tuple(item for item in ITEMS.values() if item.applies_to(intent))


def faults_for(intent: Intent) -> tuple[Fault, ...]:
    return tuple(fault for fault in FAULTS.values() if fault.applies_to(intent))
