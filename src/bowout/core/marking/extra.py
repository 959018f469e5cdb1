"""What one scenario adds to the published items: items of its own, and further wordings of what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from bowout.core.criteria import Intent
from bowout.core.marking.patterns import BankError, Hit
from bowout.core.marking.score import Rules
from bowout.core.marking.sweep import Text, sweep
from bowout.core.scenario import OwnItem
from bowout.core.text import Tokens
from bowout.errors import InputError

OWN_WEIGHT = 10
"""Points of an item of a scenario's own, unless its checklist says otherwise."""
_MOST_PLACES = 50
"""Places of one pattern that are looked at; nobody says the same thing more often in one call."""
_MOST_HITS = 8
"""Hits of an item that are kept: the first one decides, the others stand in where an ear was not sure of it."""

_ACTS: dict[str, str] = {
    "greeting": "greeting",
    "reason": "reason.work",
    "apology": "apology",
    "thanks": "thanks",
    "goodwill": "goodwill",
    "follow_up": "follow_up",
    "vague_reason": "vague_reason",
    "weak_reason": "weak_reason",
    "oversharing": "oversharing",
    "mixed_message": "mixed_message",
    "soft_no": "soft_no",
    "negativity": "negativity",
    "leverage": "leverage",
}
"""Items and faults whose decisions read one act's hits: further wordings count there like any other."""


@dataclass(frozen=True, slots=True)
class Extra:
    """Additions to the marking of one scenario's calls.

    Hits of an own item, and of every further wording, are filed under the act ``extra.<id>``; that alone is enough
    for the item to be heard or the fault to be found.
    """

    items: Mapping[str, OwnItem] = field(default_factory=dict)
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Item or fault → patterns."""

    def add_to(self, hits: dict[str, list[Hit]], tokens: Tokens, intent: Intent) -> None:
        """Put the hits in.

        Raises:
            InputError: for a pattern that can't be read; the reader of scenarios lets none through.
        """
        text = Text(tokens)
        wanted = {**{item.id: item.patterns for item in self.items.values()}, **self.cues}
        for id_, patterns in wanted.items():
            found = _find(patterns, text, f"extra.{id_}")
            if not found:
                continue
            hits[f"extra.{id_}"] = found
            act = f"ask.{intent}" if id_ == "ask" else _ACTS.get(id_)
            if act is not None and id_ in self.cues:
                hits[act] = sorted([*hits.get(act, ()), *(hit._replace(act=act) for hit in found)])

    def weighing(self, rules: Rules) -> Rules:
        """The rules, with points for the own items."""
        if not self.items:
            return rules
        return replace(rules, weights={**dict.fromkeys(self.items, OWN_WEIGHT), **(rules.weights or {})})


def _find(patterns: tuple[str, ...], text: Text, act: str) -> list[Hit]:
    """The first places that a pattern matches and no exception touches, in order."""
    try:
        made = [sweep(pattern) for pattern in patterns]
    except BankError as error:
        raise InputError(f"A pattern of this scenario can't be read: {error}.", "Check its pack.") from error
    guards: list[tuple[int, int]] | None = None
    found: set[Hit] = set()
    for each in made:
        if each.guard:
            continue
        kept = 0
        for start, end in islice(each.spans(text), _MOST_PLACES):
            if guards is None:
                guards = [span for g in made if g.guard for span in islice(g.spans(text), _MOST_PLACES)]
            if not any(first < end and start < last for first, last in guards):
                found.add(Hit(start, end, act))
                kept += 1
                if kept == _MOST_HITS:
                    break
    return sorted(found)[:_MOST_HITS]


def fault_in(pattern: str) -> str:
    """Why a pattern can't be used, in words; empty if it can."""
    try:
        sweep(pattern)
    except BankError as error:
        return str(error)
    return ""


__all__ = ["OWN_WEIGHT", "Extra", "fault_in"]
