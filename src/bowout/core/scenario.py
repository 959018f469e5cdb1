"""A scenario: who calls whom about what, the recruiter's side as a graph, and what is owed.

``read`` turns a parsed document (schema 1) into a ``Scenario`` and reports every problem with its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bowout.core import moments
from bowout.core.criteria import Intent
from bowout.core.document import Node, Problems

SCHEMA = "1"
Channel = Literal["phone", "in_person", "video"]
CHANNELS: tuple[Channel, ...] = ("phone", "in_person", "video")
PUSHBACKS: tuple[str, ...] = (
    "why", "details", "slot", "counter_offer", "persuade", "annoyed", "silence", "plan",
)  # fmt: skip
"""How a recruiter may press: asks why, wants details, offers a bad time, bids, persuades, is annoyed, says nothing,
goes on with the plan."""

RAN_OUT = "ran_out"
"""Outcome of a call that reached the scenario's limit of turns."""
HUNG_UP = "hung_up"
"""Outcome of a call that the caller ended."""

_BLANK = re.compile(r"\{([^{}]*)\}")

Range = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the recruiter goes next. Every condition that is given must hold."""

    go: str
    heard: frozenset[str] = frozenset()
    """Items that must all have been heard so far."""
    missing: frozenset[str] = frozenset()
    """Items of which none has been heard so far."""
    faults: frozenset[str] = frozenset()
    """Faults of which at least one was found so far."""
    cue: tuple[str, ...] = ()
    """Phrases of which one was said in this turn."""
    silence: bool = False
    """Nothing was said in this turn."""
    question: bool = False
    """The caller asked something in this turn."""
    visits: int = 0
    """The step has been said at least so many times."""


@dataclass(frozen=True, slots=True)
class Listen:
    """One step's own limits, in seconds; ``None`` = the call's."""

    silence_s: float | None = None
    no_speech_s: float | None = None
    max_turn_s: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the graph: somebody says a line, and mostly listens."""

    id: str
    say: tuple[str, ...]
    """Variants; the seed chooses."""
    rules: tuple[Rule, ...] = ()
    end: str | None = None
    """Name of the outcome if the call ends after this line."""
    by: str = ""
    """A key of ``Scenario.people``; empty = the persona."""
    ring: bool = False
    """The phone rings (again) before the line."""
    beep: bool = False
    """A beep follows the line: a voicemail."""
    wait_s: float = 0.0
    """Nothing is said for so long before the line."""
    asks: frozenset[str] = frozenset()
    """Items that the line asks for; when all have been heard the step is passed through, not said."""
    pushback: str = ""
    """One of ``PUSHBACKS``, or empty."""
    hint: str = ""
    listen: Listen = Listen()


@dataclass(frozen=True, slots=True)
class Brief:
    you: str
    them: str
    situation: str


@dataclass(frozen=True, slots=True)
class Persona:
    """A voice on the other side."""

    name: str
    voice: str = ""
    """A voice id of the engine in use; empty = its default."""
    words_per_minute: int = 165


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call may end."""

    says: str
    good: bool


@dataclass(frozen=True, slots=True)
class OwnItem:
    """An item that a scenario adds to the published ones."""

    id: str
    question: str
    say: str
    """What to say to meet it; blanks are filled from the facts."""
    patterns: tuple[str, ...]
    """In the pattern language of the banks."""
    met: tuple[str, ...] = ()
    """Sentences that meet it, and …"""
    not_met: tuple[str, ...] = ()
    """… sentences that do not; a check of the pack runs both."""

    @property
    def required(self) -> frozenset[Intent]:
        """No intent owes it; a scenario's checklist may."""
        return frozenset()

    def filled(self, facts: Mapping[str, str]) -> str:
        """What to say, with the facts in it."""
        return fill(self.say, facts)


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Seconds, of the caller's speech."""

    green_s: float = 45.0
    """The timer turns amber here."""
    red_s: float = 75.0
    """… and red here."""
    max_turn_s: float = 90.0
    no_speech_s: float = 9.0
    turns: int = 8
    """Most turns of the caller before the call ends by itself."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One situation that can be rehearsed."""

    id: str
    version: int
    title: str
    intent: Intent
    channel: Channel
    difficulty: int
    brief: Brief
    persona: Persona
    facts: Mapping[str, str]
    times: Mapping[str, moments.Moment]
    script: tuple[str, ...]
    start: str
    steps: Mapping[str, Step]
    model_answer: tuple[str, ...]
    weak_answer: tuple[str, ...]
    weak_faults: frozenset[str]
    follow_up: str
    required: frozenset[str] | None = None
    """Items this scenario owes; ``None`` = the intent's own list."""
    weights: Mapping[str, int] = field(default_factory=dict)
    limits: CallLimits = CallLimits()
    sha256: str = ""
    pack: str = ""
    tags: tuple[str, ...] = ()
    people: Mapping[str, Persona] = field(default_factory=dict)
    """Others who may speak."""
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    """By the name after ``end``; empty where a scenario names none."""
    targets: Mapping[str, Range] = field(default_factory=dict)
    """Delivery targets that replace the published ones; ``None`` = open on that side."""
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Item or fault → further wordings of it, in the pattern language."""
    items: Mapping[str, OwnItem] = field(default_factory=dict)
    level: int = 0
    """The level of difficulty that ``core.level.at_level`` has set the people to, 1–4; 0 = as they are."""

    def speaker(self, step: Step) -> Persona:
        """Who says a step's line."""
        return self.people[step.by] if step.by else self.persona

    def facts_at(self, now: datetime) -> dict[str, str]:
        """Every fact filled in. A time ``T`` gives ``T`` (“today at 3 pm”), ``T_day``, ``T_time`` and ``T_date``."""
        filled: dict[str, str] = {}
        for name, moment in self.times.items():
            at = moment.on(now)
            filled[name] = moments.spoken(at, now)
            filled[f"{name}_day"] = moments.spoken_day(at, now)
            filled[f"{name}_time"] = moments.spoken_time(at)
            filled[f"{name}_date"] = moments.written(at)
        for name, template in self.facts.items():
            filled[name] = fill(template, filled)
        return filled


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Put facts into the template's ``{blanks}``; an unknown blank stays as it is, so that it can be seen."""
    return _BLANK.sub(lambda m: facts.get(m.group(1), m.group(0)), template)


def blanks(template: str) -> list[str]:
    """Names of the blanks in a template."""
    return _BLANK.findall(template)


def read(node: Node, problems: Problems) -> Scenario | None:
    """The scenario a document describes, or ``None`` with at least one problem reported."""
    from bowout.core import reading  # here: it makes what this module defines

    return reading.read(node, problems)
