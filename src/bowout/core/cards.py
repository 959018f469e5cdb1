"""What a list of scenarios and packs shows: enough to choose by, little enough to read a thousand at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bowout.core.criteria import Intent
from bowout.core.document import suggestion
from bowout.core.scenario import Channel, Scenario
from bowout.errors import UsageError


@dataclass(frozen=True, slots=True)
class PackCard:
    """A pack in a list."""

    id: str
    version: int
    title: str
    description: str = ""
    author: str = ""
    license: str = ""
    shipped: bool = True
    """It came with the program, so it can't be removed."""
    place: str = ""
    """Its folder or file."""


@dataclass(frozen=True, slots=True)
class ScenarioCard:
    """A scenario in a list."""

    id: str
    pack: str
    title: str
    intent: Intent
    channel: Channel
    difficulty: int
    """1 to 5."""
    tags: tuple[str, ...] = ()
    sha256: str = ""
    """Of its file."""
    shared: bool = False
    """Another pack has a scenario of this id."""

    @property
    def key(self) -> str:
        """What it is asked for by: its id, with its pack before it where the id alone would not do."""
        return f"{self.pack}/{self.id}" if self.shared else self.id


def card(scenario: Scenario) -> ScenarioCard:
    """The card of a scenario."""
    return ScenarioCard(
        scenario.id,
        scenario.pack,
        scenario.title,
        scenario.intent,
        scenario.channel,
        scenario.difficulty,
        scenario.tags,
        scenario.sha256,
    )


def told_apart(cards: Iterable[ScenarioCard]) -> tuple[ScenarioCard, ...]:
    """The cards of all packs, those marked whose id another one has, too: after this each key is another."""
    cards = tuple(cards)
    counts = Counter(each.id for each in cards)
    return tuple(replace(each, shared=True) if counts[each.id] > 1 else each for each in cards)


def find(cards: Sequence[ScenarioCard], name: str | None) -> ScenarioCard:
    """The scenario with this id, or ``pack/id``; the first one for ``None``.

    Raises:
        UsageError: with a suggestion.
    """
    if name is None:
        if not cards:
            raise UsageError("There are no scenarios here.", "Install bowout again, or a pack: bowout pack install.")
        return cards[0]
    pack, slash, identity = name.rpartition("/")
    found = [each for each in cards if each.id == identity and (not slash or each.pack == pack)]
    if not found:
        raise UsageError(f"There is no scenario “{name}”.", _near(name, cards))
    if len(found) > 1:
        names = " or ".join(f"“{each.key}”" for each in found)
        raise UsageError(f"There are {len(found)} scenarios “{name}”.", f"Say which: {names}.")
    return found[0]


def _near(name: str, cards: Sequence[ScenarioCard]) -> str:
    near = suggestion(name, (each.key for each in cards))
    return near if near.startswith("Did you mean") else "See what there is: bowout pack list --scenarios."


def matches(wanted: str, entry: ScenarioCard, words: str = "") -> bool:
    """Does every word that was typed occur in the scenario's title, id, tags or in ``words``?"""
    text = " ".join((entry.title, entry.key, *entry.tags, words)).casefold()
    return all(word in text for word in wanted.casefold().split())


__all__ = ["PackCard", "ScenarioCard", "card", "find", "matches", "told_apart"]
