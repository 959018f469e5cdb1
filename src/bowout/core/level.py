"""How hard the other side makes it: a calm recruiter, a busy one, one who pushes, one who is annoyed or silent.

The level rises when three marks in a row at it are 90 or better, practised or live, and falls by one after three in a
row under 60. Nothing else moves it: not time, not a day without practice, not a call that was easier. It is read off
the history, where the calls that were made for a level say so; of any other its scenario's difficulty tells.

The level chooses among scenarios, and sets the pace and the patience of the people in them. What has to be said, and
how it is marked, stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bowout.core.cards import ScenarioCard
from bowout.core.scenario import Persona, Scenario
from bowout.core.takes import Take

EASIEST, HARDEST = 1, 4
LEVEL_WORDS: dict[int, str] = {
    1: "a calm recruiter",
    2: "a busy recruiter",
    3: "a recruiter who pushes",
    4: "a recruiter who is annoyed or silent",
}
RISES_AT, FALLS_BELOW, IN_A_ROW = 90, 60, 3
SLOWEST, FASTEST = 110, 210
"""Words a minute that a level makes of nobody's pace; whoever is slower or faster by nature stays so."""
LEAST_NO_SPEECH_S = 4.0
"""Seconds that everybody gets to begin with an answer."""
LEAST_TURN_S = 30.0
"""Seconds that everybody gets to say it."""
_DIFFICULTIES: dict[int, tuple[int, ...]] = {1: (1, 2), 2: (2, 3), 3: (3, 4), 4: (4, 5)}
"""Of the scenarios that suit a level."""
_LEVEL_OF = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4}
"""The level that a scenario's difficulty stands for, where none was set."""
_PUSHBACKS: dict[int, frozenset[str]] = {
    3: frozenset({"persuade", "counter_offer", "plan", "slot"}),
    4: frozenset({"annoyed", "silence"}),
}


class Tried(Take, Protocol):
    """A row of the list of attempts, with what the level and the choice of the next session need beside it."""

    @property
    def pack(self) -> str: ...
    @property
    def difficulty(self) -> int:
        """1 to 5; 0 = not known."""

    @property
    def level(self) -> int:
        """The level it was made for, 1 to 4; 0 = none."""

    @property
    def spoken_s(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class _Manner:
    """What a level makes of people."""

    pace: float
    """Their words a minute are multiplied by it."""
    patience: float
    """So is how long they wait for an answer to begin and to end."""


_MANNERS: dict[int, _Manner] = {
    1: _Manner(0.92, 1.3),
    2: _Manner(1.0, 1.0),
    3: _Manner(1.05, 0.9),
    4: _Manner(1.1, 0.75),
}


def level_of(takes: Sequence[Tried]) -> int:
    """The level that the history has come to, 1 to 4.

    Args:
        takes: newest first. The newest 200 do: a call that was made for a higher level than what the older ones give
            is believed.
    """
    level, good, bad = EASIEST, 0, 0
    for take in reversed(takes):
        if take.score is None or take.drill or take.disputed:
            continue
        if EASIEST <= take.level <= HARDEST and take.level > level:
            level, good, bad = take.level, 0, 0
        at = take.level or _LEVEL_OF.get(take.difficulty, EASIEST)
        if at < level or (at > level and take.score < RISES_AT):
            continue  # easier or harder than the level: it says nothing about it
        good = good + 1 if take.score >= RISES_AT else 0
        bad = bad + 1 if take.score < FALLS_BELOW else 0
        if good >= IN_A_ROW and level < HARDEST:
            level, good = level + 1, 0
        elif bad >= IN_A_ROW and level > EASIEST:
            level, bad = level - 1, 0
    return level


def fitting(cards: Iterable[ScenarioCard], level: int) -> list[ScenarioCard]:
    """The scenarios of the level's difficulty; where there are none, those that come nearest."""
    cards = list(cards)
    wanted = _DIFFICULTIES[level]

    def distance(card: ScenarioCard) -> int:
        return min(abs(card.difficulty - each) for each in wanted)

    nearest = min(map(distance, cards), default=0)
    return [card for card in cards if distance(card) == nearest]


def presses(scenario: Scenario, level: int) -> bool:
    """Whether the scenario's people press in the way of the level; on the first two anybody does."""
    wanted = _PUSHBACKS.get(level)
    return wanted is None or any(step.pushback in wanted for step in scenario.steps.values())


def at_level(scenario: Scenario, level: int) -> Scenario:
    """The same scenario with its people as calm or as pressing as the level: their pace and their patience."""
    manner = _MANNERS[level]

    def waits(seconds: float, least: float) -> float:
        return max(min(seconds, least), round(seconds * manner.patience, 1))

    def speaker(person: Persona) -> Persona:
        pace = person.words_per_minute
        low, high = min(pace, SLOWEST), max(pace, FASTEST)
        return replace(person, words_per_minute=max(low, min(high, round(pace * manner.pace))))

    def own(seconds: float | None, least: float) -> float | None:
        return None if seconds is None else waits(seconds, least)

    steps = {
        name: replace(
            step,
            listen=replace(
                step.listen,
                no_speech_s=own(step.listen.no_speech_s, LEAST_NO_SPEECH_S),
                max_turn_s=own(step.listen.max_turn_s, LEAST_TURN_S),
            ),
        )
        for name, step in scenario.steps.items()
    }
    limits = replace(
        scenario.limits,
        no_speech_s=waits(scenario.limits.no_speech_s, LEAST_NO_SPEECH_S),
        max_turn_s=waits(scenario.limits.max_turn_s, LEAST_TURN_S),
    )
    return replace(
        scenario,
        persona=speaker(scenario.persona),
        people={name: speaker(person) for name, person in scenario.people.items()},
        steps=steps,
        limits=limits,
        level=level,
    )


__all__ = [
    "EASIEST", "FALLS_BELOW", "HARDEST", "IN_A_ROW", "LEVEL_WORDS", "RISES_AT", "Tried", "at_level", "fitting",
    "level_of", "presses",
]  # fmt: skip
