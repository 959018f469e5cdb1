"""The shape of a result: marks with the words that earned or lost each one.

``as_json`` is the stable, published form (schema 1): later versions add keys, none changes or goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bowout.core.criteria import Intent
from bowout.core.transcript import Filler, Transcript

SCHEMA = 1


class State(str, Enum):
    """Three states of an item. Unsure costs nothing and says so."""

    HEARD = "heard"
    NOT_HEARD = "not_heard"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Span:
    """The words that decided a mark."""

    quote: str
    start: float
    """Seconds on the call's clock, or word index (see ``Transcript.unit``)."""
    end: float
    turn: int


@dataclass(frozen=True, slots=True)
class ItemMark:
    id: str
    state: State
    required: bool
    span: Span | None = None
    """Set whenever the state is heard, and where the state is unsure and words can be pointed at."""
    say_instead: str = ""
    """A sentence to say next time, filled from the scenario's facts; empty where nothing is missing."""
    question: str = ""
    """What a listener is asked; set for items of a scenario's own, the published ones have theirs in the criteria."""
    yours: State | None = None
    """What the caller says instead (heard or not heard), where they dispute ``state``, which stays the engine's."""


@dataclass(frozen=True, slots=True)
class FaultMark:
    id: str
    found: bool
    span: Span | None = None
    say_instead: str = ""
    yours: bool | None = None
    """What the caller says instead, where they dispute ``found``."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of delivery against its target."""

    value: float | None
    """``None`` = not measured."""
    low: float | None = None
    high: float | None = None
    """The target range; ``None`` = open on that side."""

    @property
    def within(self) -> bool | None:
        """Inside the target range; ``None`` where nothing was measured or no target is set."""
        if self.value is None or (self.low is None and self.high is None):
            return None
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it was said, from the words' times; every figure may be “not measured”."""

    seconds: Measure = Measure(None)
    words_per_minute: Measure = Measure(None)
    longest_pause_s: Measure = Measure(None)
    response_s: Measure = Measure(None)
    filler_count: Measure = Measure(None)
    clarity: Measure = Measure(None)
    fillers: tuple[Filler, ...] | None = None

    def measures(self) -> dict[str, Measure]:
        return {
            "seconds": self.seconds,
            "words_per_minute": self.words_per_minute,
            "longest_pause_s": self.longest_pause_s,
            "response_s": self.response_s,
            "filler_count": self.filler_count,
            "clarity": self.clarity,
        }


@dataclass(frozen=True, slots=True)
class Marks:
    """One call, marked."""

    intent: Intent
    score: int
    """0–100 by the published weights."""
    passed: bool
    """Every required item heard, no fault found, score ≥ 80."""
    items: dict[str, ItemMark]
    faults: dict[str, FaultMark]
    delivery: Delivery
    transcript: Transcript
    next_time: str = ""
    """One thing to say better next time; empty if there is none."""

    @property
    def disputed(self) -> bool:
        """True if the caller disputes any of it: it then counts for no best and no assignment."""
        items = any(item.yours is not None for item in self.items.values())
        return items or any(fault.yours is not None for fault in self.faults.values())


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a result rests on, so that it can be compared and made again."""

    scenario: str | None = None
    scenario_version: int | None = None
    scenario_sha256: str | None = None
    seed: int | None = None
    ear_version: str | None = None
    model: str | None = None
    marking_version: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def _round(value: float | None, unit: str) -> float | int | None:
    if value is None:
        return None
    return int(value) if unit == "word" else round(value, 2)


def as_json(marks: Marks, provenance: Provenance = Provenance()) -> dict[str, Any]:
    """The published form of a result (schema 1)."""
    unit = marks.transcript.unit

    def span(s: Span | None) -> dict[str, Any]:
        return {
            "quote": s.quote if s else None,
            "start": _round(s.start, unit) if s else None,
            "end": _round(s.end, unit) if s else None,
            "turn": s.turn if s else None,
        }

    def turn_at(second: float) -> int | None:
        """The turn in whose words, or after them, this second lies."""
        begun = [t.index for t in marks.transcript.turns if t.words and t.words[0].start <= second + 0.5]
        return begun[-1] if begun else None

    delivery: dict[str, Any] = {
        name: {"value": _round(m.value, "s"), "low": m.low, "high": m.high, "within": m.within}
        for name, m in marks.delivery.measures().items()
    }
    fillers = marks.delivery.fillers
    delivery["fillers"] = (
        None
        if fillers is None
        else [
            {"kind": f.kind, "start": _round(f.start, "s"), "end": _round(f.end, "s"), "turn": turn_at(f.start)}
            for f in fillers
        ]
    )
    return {
        "schema": SCHEMA,
        "intent": marks.intent,
        "ear": marks.transcript.ear,
        "unit": unit,
        "score": marks.score,
        "passed": marks.passed,
        "items": {
            m.id: {
                "state": m.state.value,
                "required": m.required,
                **span(m.span),
                "say_instead": m.say_instead or None,
                **({"question": m.question} if m.question else {}),
                **({} if m.yours is None else {"yours": m.yours.value}),
            }
            for m in marks.items.values()
        },
        "faults": {
            m.id: {
                "found": m.found,
                **span(m.span),
                "say_instead": m.say_instead or None,
                **({} if m.yours is None else {"yours": m.yours}),
            }
            for m in marks.faults.values()
        },
        "delivery": delivery,
        "next_time": marks.next_time or None,
        "transcript": [
            {
                "word": w.text,
                "start": _round(w.start, unit),
                "end": _round(w.end, unit),
                "confidence": None if w.confidence is None else round(w.confidence, 3),
                "turn": turn.index,
            }
            for turn in marks.transcript.turns
            for w in turn.words
        ],
        "times": sorted({turn.times for turn in marks.transcript.turns}),
        "scenario": provenance.scenario,
        "scenario_version": provenance.scenario_version,
        "scenario_sha256": provenance.scenario_sha256,
        "seed": provenance.seed,
        "ear_version": provenance.ear_version,
        "model": provenance.model,
        "marking_version": provenance.marking_version,
        **provenance.extra,
    }
