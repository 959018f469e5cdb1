"""What happens in a call, as facts in the past tense, for screens, terminals and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bowout.core.endpoint import EndReason
from bowout.core.marks import Marks, Provenance
from bowout.core.transcript import Turn


@dataclass(frozen=True, slots=True)
class CallPrepared:
    """Ear, voice and microphone are ready (or have been replaced, see the notices)."""

    ear: str
    voice: str
    attempt: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """A part is missing or failed; the call goes on without it."""

    part: Literal["microphone", "speakers", "voice", "ear", "records", "audio", "settings", "packs", "plan"]
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Rang:
    """The phone rings at the other end."""


@dataclass(frozen=True, slots=True)
class RecruiterSpoke:
    """The recruiter begins a line."""

    text: str
    step: str
    at: float
    """Seconds on the call's clock."""
    speaker: str = ""
    """Who it is, where it is not the main voice."""
    turn: int | None = None
    """The caller's turn that follows; a line may be said more than once before it. ``None`` = not known."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The caller spoke into the recruiter's line, which broke off."""

    at: float
    """Seconds on the call's clock."""


@dataclass(frozen=True, slots=True)
class Beeped:
    """A voicemail's beep: speak after it."""


@dataclass(frozen=True, slots=True)
class MicrophoneOpened:
    """Speak now: audio really arrives, and the line is over."""

    turn: int
    at: float


@dataclass(frozen=True, slots=True)
class TypingWanted:
    """The answer to this turn is to be typed."""

    turn: int


@dataclass(frozen=True, slots=True)
class PartialHeard:
    """The words of this turn so far; each replaces the one before."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class TurnEnded:
    turn: int
    reason: EndReason


@dataclass(frozen=True, slots=True)
class TurnHeard:
    """What was said in a turn: first by the quick pass, later (once) by the careful one."""

    turn: Turn
    careful: bool


@dataclass(frozen=True, slots=True)
class Hinted:
    """In practice: what the last answer left out, and a sentence that would say it."""

    text: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The line is dead; the careful pass may still be at work."""

    outcome: str


@dataclass(frozen=True, slots=True)
class CallMarked:
    """The last event of every call that was not abandoned."""

    marks: Marks
    provenance: Provenance
    outcome: str
    attempt: str
    """Empty where nothing could be recorded."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """The scenario's facts as they were in this call: its “today” stays its day."""
    answered: Mapping[int, str] = field(default_factory=dict)
    """Turn → the step it answers."""
    point_s: float | None = None
    """Seconds from the caller's first word to their decision (``core.to_the_point``)."""


Event = (
    CallPrepared
    | Noticed
    | Rang
    | RecruiterSpoke
    | Interrupted
    | Beeped
    | MicrophoneOpened
    | TypingWanted
    | PartialHeard
    | TurnEnded
    | TurnHeard
    | Hinted
    | CallEnded
    | CallMarked
)
