"""What to practise next, chosen from what was missed lately, and said with its reason.

Each thing that can be missed – an item that the intent owes, a fault, a figure outside its aim – gets a weight: the
share of the last calls in which it was missed, the recent ones weighing more. One of them is drawn, by the square of
its weight, so that what is hard comes more often and the rest is not forgotten. The draw depends on the day alone: all
day long the answer is the same until something new was practised.

What is not there is not chosen: a drill that no pack has, or that this machine or these scenarios can't give.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bowout.core.cards import ScenarioCard
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.delivery import TARGETS
from bowout.core.drills import Drill, suits
from bowout.core.drills import fitting as drill_fitting
from bowout.core.level import LEVEL_WORDS, Tried
from bowout.core.level import fitting as level_fitting
from bowout.core.review import FAULT_WORDS, ITEM_WORDS
from bowout.core.trend import FILLERS_PER_MINUTE, POINT_S

LOOKS_BACK = 8
"""Calls, of those in which a thing could be missed, that its weight is made of."""
FADES = 0.7
"""What each call weighs of the one after it."""
LEAST = 0.25
"""A weight below is a slip, and no reason to practise."""
TOLD = 5
"""The reason counts the last calls, this many at most."""
AMONG = 5
"""Scenarios that a call is drawn from: those that were tried least lately."""

Role = Literal["practice", "call", "warm_up", "quick"]
"""A session; one that is to be a whole call; the one just before the real call; the only one there is time for."""

_OPENING, _WHOLE, _REASON = "first-ten-seconds", "whole-call", "reason-in-one-breath"
_OPTIONS, _PUSHBACK, _SHADOW = "two-options", "pushback", "shadow"
_TRAINS: dict[str, tuple[str, ...]] = {
    "greeting": (_OPENING,),
    "name": (_OPENING,),
    "ask": (_OPENING, "leave-the-room"),
    "reason": (_REASON,),
    "options": (_OPTIONS,),
    "vague_reason": (_REASON,),
    "weak_reason": (_REASON,),
    "oversharing": (_REASON, _PUSHBACK),
    "mixed_message": (_PUSHBACK,),
    "leverage": (_PUSHBACK,),
    "soft_no": (_OPTIONS, _PUSHBACK),
    "words_per_minute": ("pace", _SHADOW),
    "fillers_per_minute": ("clean-minute",),
    "longest_pause_s": (_SHADOW,),
    "point_s": (_OPENING,),
    "spoken_s": (_WHOLE,),
}
"""What was missed → the drills that train it, the best first. For what is not here the whole call does."""
_UNTRIED = ("voicemail", _PUSHBACK, "cold-call", "leave-the-room")
"""Drills of what no figure shows to be missing: offered once when nothing else is wanted."""
_PACE = TARGETS["words_per_minute"]
_LONGEST = {"longest_pause_s": TARGETS["longest_pause_s"][1], "spoken_s": TARGETS["seconds"][1]}
_FIGURES: dict[str, tuple[Callable[[Tried], float | None], tuple[float | None, float | None], str]] = {
    "words_per_minute": (
        lambda take: take.words_per_minute,
        _PACE,
        f"Your pace was outside {_PACE[0]:g}–{_PACE[1]:g} words a minute",
    ),
    "fillers_per_minute": (
        lambda take: take.fillers_per_minute,
        (None, FILLERS_PER_MINUTE),
        f"There were more than {FILLERS_PER_MINUTE:g} fillers a minute",
    ),
    "longest_pause_s": (
        lambda take: take.longest_pause_s,
        (None, _LONGEST["longest_pause_s"]),
        f"There was a pause of more than {_LONGEST['longest_pause_s']:g} s",
    ),
    "point_s": (
        lambda take: take.point_s,
        (None, POINT_S),
        f"It took more than {POINT_S:g} s to the point",
    ),
    "spoken_s": (
        lambda take: take.spoken_s,
        (None, _LONGEST["spoken_s"]),
        f"You spoke for more than {_LONGEST['spoken_s']:g} s",
    ),
}


@dataclass(frozen=True, slots=True)
class Need:
    """Something that was missed lately."""

    id: str
    """An item, a fault or a figure."""
    weight: float
    """0–1."""
    missed: int
    of: int
    """In how many of the last calls it was missed, and how many those were: ``TOLD`` at most."""
    scenario: tuple[str, str]
    """Pack (empty = not known) and id of the scenario in which it was missed last."""

    @property
    def says(self) -> str:
        """“You left out two alternatives in 3 of the last 4 calls”."""
        if self.id in ITEMS:
            what = f"You left out {ITEM_WORDS[self.id]}"
        elif self.id in FAULTS:
            what = f"There was {FAULT_WORDS[self.id]}"
        else:
            what = _FIGURES[self.id][2]
        return f"{what} in {'the last call' if self.of == 1 else f'{self.missed} of the last {self.of} calls'}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What to practise next."""

    title: str
    why: str
    """One sentence without its full stop."""
    drill: str = ""
    """A drill's key; empty = a whole call."""
    scenario: str = ""
    """A scenario's key; empty = the user's own call."""
    others: tuple[str, ...] = ()
    """Keys that would do as well, for a call: the next best first."""

    @property
    def sentence(self) -> str:
        """“You left out two alternatives in 3 of the last 4 calls: try Two real options.”"""
        return f"{self.why}: try {self.title}."


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is to choose from, and on what kind of machine."""

    cards: Sequence[ScenarioCard]
    drills: Sequence[Drill] = ()
    intent: str = ""
    """That of the real call; empty = any."""
    own: bool = False
    """The user's own call can be rehearsed, and is what a call is."""
    spoken: bool = True
    """There is an ear: typed words have no times."""
    headphones: bool = False


def needs(takes: Iterable[Tried]) -> tuple[Need, ...]:
    """What was missed lately, what weighs most first. ``takes``: newest first."""
    takes = [take for take in takes if take.score is not None]
    found = []
    for id_ in (*ITEMS, *FAULTS, *_FIGURES):
        seen = [(take, missed) for take in takes if (missed := _missed(take, id_)) is not None][:LOOKS_BACK]
        weights = [FADES**at for at in range(len(seen))]
        weight = sum(w for w, (_, missed) in zip(weights, seen, strict=True) if missed) / (sum(weights) or 1.0)
        told = [missed for _, missed in seen[:TOLD]]
        if weight >= LEAST and any(told):
            last = next(take for take, missed in seen if missed)
            found.append(Need(id_, weight, sum(told), len(told), (last.pack, last.scenario)))
    return tuple(sorted(found, key=lambda need: -need.weight))


def _missed(take: Tried, id_: str) -> bool | None:
    """Whether it was missed in that attempt; ``None`` where it could not be, or nobody knows.

    A drill marks a part of the call: what it does not train says nothing.
    """
    trained = not take.drill or _plain(take.drill) in _TRAINS.get(id_, ())
    if id_ in ITEMS:
        state = take.items.get(id_)
        if state == "heard":
            return False
        return True if state == "not_heard" and trained and take.intent in ITEMS[id_].required else None
    if id_ in FAULTS:
        if id_ in take.faults:
            return True
        return False if trained and take.intent in FAULTS[id_].intents else None
    read, (low, high), _ = _FIGURES[id_]
    value = read(take)
    if value is None or not trained:
        return None
    return (low is not None and value < low) or (high is not None and value > high)


def _plain(key: str) -> str:
    """A drill's id without its pack."""
    return key.rpartition("/")[2]


def choose(
    takes: Sequence[Tried], shelf: Shelf, *, seed: int, level: int = 1, role: Role = "practice"
) -> Choice | None:
    """What to practise next; ``None`` where there is nothing to practise on.

    Args:
        takes: newest first, a few dozen.
        seed: the same all day.
        level: the calls' level of difficulty.
    """
    made = _Maker(takes, shelf, random.Random(f"{role} {seed}"), level)
    if role == "quick":
        return made.call("There is little time, and it is enough", "Read once, speak twice, send")
    if role == "warm_up":
        why = "Just before it, so that the first words come by themselves"
        return made.drill((_OPENING,), why) or made.call(why)
    if not made.takes:
        return made.call("One whole call shows where you stand")
    if role == "call":
        return made.call("The whole call once more, as it will be")
    missed = needs(made.takes)
    if missed:
        (need,) = made.random.choices(missed, [need.weight**2 for need in missed])
        return made.drill(_TRAINS.get(need.id, (_WHOLE,)), need.says, need.scenario) or made.call(
            need.says, missed=need.scenario
        )
    return made.something_new()


class _Maker:
    """Makes a choice of what there is."""

    def __init__(self, takes: Sequence[Tried], shelf: Shelf, rng: random.Random, level: int) -> None:
        self.takes = [take for take in takes if take.score is not None and _of(take, shelf.intent)]
        self.random = rng
        self._shelf = shelf
        self._level = level
        of_intent = [card for card in shelf.cards if shelf.intent in ("", card.intent)]
        self._cards = of_intent or list(shelf.cards)
        self._ids: Mapping[str, Drill] = {drill.id: drill for drill in reversed(shelf.drills)}

    def drill(self, ids: Iterable[str], why: str, missed: tuple[str, str] = ("", "")) -> Choice | None:
        """The first of the drills that can be done here, on the scenario where it was missed if that fits."""
        shelf = self._shelf
        for drill in (self._ids[id_] for id_ in ids if id_ in self._ids):
            if (drill.measures.timed and not shelf.spoken) or (drill.headphones and not shelf.headphones):
                continue
            if shelf.own and not drill.fits.unseen and self._suits_own(drill):
                return Choice(drill.title, why, drill.key)
            cards = drill_fitting(drill, self._cards)
            if drill.fits.unseen:
                met = {take.scenario for take in self.takes}
                cards = [card for card in cards if card.id not in met] or cards
            if cards:
                there = [card for card in cards if (card.pack, card.id) == missed or ("", card.id) == missed]
                card = there[0] if there else self.random.choice(level_fitting(cards, self._level))
                return Choice(drill.title, why, drill.key, card.key)
        return None

    def _suits_own(self, drill: Drill) -> bool:
        intent = self._shelf.intent
        channel: Literal["phone", "in_person"] = "in_person" if intent == "leave" else "phone"
        return suits(drill, intent, channel, self._level)  # type: ignore[arg-type]  # the intent of a case is one

    def call(self, why: str, title: str = "", missed: tuple[str, str] = ("", "")) -> Choice | None:
        """A whole call: the user's own, the one in which something was missed, one that was not tried lately, or the
        very first: the easiest."""
        if self._shelf.own:
            return Choice(title or "Your own call", why)
        if not self._cards:
            return None
        there = [card for card in self._cards if (card.pack, card.id) == missed or ("", card.id) == missed]
        order = {take.scenario: at for at, take in enumerate(reversed(self.takes))}
        level = level_fitting(self._cards, self._level)
        rested = sorted(level, key=lambda card: (order.get(card.id, -1), card.difficulty))[:AMONG]
        if self.takes:
            self.random.shuffle(rested)
        keys = dict.fromkeys(card.key for card in [*there, *rested])
        titles = {card.key: card.title for card in [*there, *rested]}
        first, *others = keys
        return Choice(title or titles[first], why, "", first, tuple(others))

    def something_new(self) -> Choice | None:
        """Nothing was missed: a call at the level, or now and then a drill that was never tried."""
        tried = {_plain(take.drill) for take in self.takes}
        untried = [id_ for id_ in _UNTRIED if id_ not in tried]
        new = self.drill(self.random.sample(untried, len(untried)), "Nothing was missed lately, and this one is new")
        call = self.call(f"Nothing was missed lately; here is {LEVEL_WORDS[self._level]}")
        offered = [choice for choice in (call, new) if choice is not None]
        return self.random.choice(offered) if offered else None


def _of(take: Tried, intent: str) -> bool:
    return not intent or take.intent == intent


__all__ = ["LEAST", "LOOKS_BACK", "TOLD", "Choice", "Need", "Role", "Shelf", "choose", "needs"]
