"""What a rehearsal needs from the outside, as protocols. Adapters and shipped fakes implement them.

Audio is mono signed 16-bit little-endian PCM. Everything that is listened to runs at ``RATE``; a clip that is
played carries its own rate. Every wait has a timeout, every blocking call honours its stop event within 0.2 s.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from bowout.core.transcript import Filler, Times, Word

if TYPE_CHECKING:  # what Home does not show need not be there before it
    from datetime import datetime

    from bowout.core.case import Case, Report
    from bowout.core.disputes import Dispute
    from bowout.core.plan import Plan

RATE = 16_000
"""Hertz of everything that is listened to."""
WIDTH = 2
"""Bytes a sample."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece of audio to be played."""

    pcm: bytes
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.pcm) / WIDTH / self.rate


@dataclass(frozen=True, slots=True)
class Block:
    """What a source captured in one go: 20–100 ms."""

    pcm: bytes
    """``RATE``, mono; a whole number of 10 ms frames."""
    dropped: int = 0
    """Samples lost right before this block because nobody fetched them in time."""


@runtime_checkable
class AudioSource(Protocol):
    """A microphone, or what stands in for one."""

    name: str
    level: float
    """Latest loudness 0–1 (RMS, dBFS mapped from −60…0); any thread may read it."""
    live: bool
    """True if audio arrives at the pace of the clock; a file that is read as fast as possible is not live."""

    def open(self) -> None:
        """Start capturing and keep on until ``close``; raises ``MissingPart``. Idempotent."""

    def begin_turn(self) -> None:
        """Forget what was captured before now. A scripted source starts its next clip."""

    def read(self, timeout: float) -> Block | None:
        """The next block, or ``None`` when none came within ``timeout`` seconds.

        Raises ``DeviceLost`` when the device died or has given nothing for a second.
        """

    def close(self) -> None:
        """Stop capturing and let the device go. Never raises."""


@runtime_checkable
class PlayingClip(Protocol):
    """A clip on its way through the loudspeaker."""

    started_at: float | None
    """Monotonic seconds at which its first sample reached the converter; ``None`` before that."""

    def done(self) -> bool:
        """True once the last sample has been heard, or after ``stop``."""

    def stop(self) -> None:
        """Cut off at once."""


@runtime_checkable
class Playback(Protocol):
    """Loudspeakers, or silence."""

    name: str
    audible: bool
    """False if nothing can be heard: the words must be shown for long enough to be read."""

    def open(self) -> None:
        """Make ready, so that a clip starts at once; raises ``MissingPart``. Idempotent."""

    def play(self, clip: Clip) -> PlayingClip:
        """Start a clip and return at once; one that is still playing is cut off. Raises ``DeviceLost``."""

    def close(self) -> None:
        """Never raises."""


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """One voice that can be chosen."""

    engine: str
    id: str
    language: str
    natural: bool = False


@runtime_checkable
class Voice(Protocol):
    """Turns a line into audio. Used from one thread at a time."""

    @property
    def engine(self) -> str:
        """Name of the engine; of a ladder, the one that spoke last."""

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        """The whole line as one clip; raises ``MissingPart``/``BowoutError`` if this engine can't."""

    def voices(self) -> list[VoiceInfo]:
        """What ``voice`` may be."""

    def close(self) -> None:
        """Ends child processes. Never raises."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What an ear made of one turn. Seconds run from the turn's first sample."""

    words: tuple[Word, ...]
    fillers: tuple[Filler, ...] | None = None
    times: Times = "none"

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)


@runtime_checkable
class Recogniser(Protocol):
    """An ear. One turn at a time, fed from one thread; ``refine`` may run in another thread meanwhile."""

    ear: str
    """``vosk``, ``builtin`` or ``typed``: the name shown in every result."""
    version: str
    model: str

    def start(self) -> None:
        """Load the model and warm up, so that the first turn is as quick as any; raises ``MissingPart``. Idempotent."""

    def begin_turn(self) -> None:
        """A new turn; its clock starts at 0. Drops an unfinished one."""

    def feed(self, pcm: bytes, *, voiced: bool) -> str:
        """Take the next block and return the partial text of the turn so far (it may be unchanged).

        ``voiced`` is what our own voice activity detection says of the block. Raises ``BowoutError`` after an
        internal failure; ``begin_turn`` then works again.
        """

    def settle(self) -> None:
        """The caller paused: decode what is pending now, while the silence is still being waited for."""

    def finish_turn(self) -> Hypothesis:
        """The quick final of this turn; decides what the recruiter says next."""

    def refine(self, pcm: bytes, quick: Hypothesis) -> Hypothesis:
        """The careful pass over the turn's whole audio: what is marked. Word times, confidences, fillers."""

    def forget(self) -> None:
        """Between turns: the next one is heard as if none had been before it."""

    def close(self) -> None:
        """Never raises."""


@runtime_checkable
class VoiceActivity(Protocol):
    """Tells speech from the room. Keeps an estimate of the noise floor between calls."""

    def voiced(self, pcm: bytes) -> bool:
        """True if somebody spoke in this block (``RATE``, whole 10 ms frames)."""

    def reset(self) -> None:
        """Forget the noise floor: another device, another room."""


@runtime_checkable
class AttemptWriter(Protocol):
    """The record of the attempt that is going on; everything is on disk at most a second after it happened."""

    id: str
    folder: Path

    def event(self, kind: str, **data: Any) -> None:
        """Append one event (JSON-ready values)."""

    def audio(self, pcm: bytes) -> None:
        """Append to the call's recording (``RATE``); its position is the call's clock."""

    def close(self) -> None:
        """Idempotent; never loses what was written."""


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """One row of the list of attempts."""

    id: str
    started_at: str
    """ISO 8601, UTC."""
    scenario: str
    title: str
    intent: str
    mode: str
    ear: str
    score: int | None
    passed: bool | None
    outcome: str | None
    """How the call ended; ``None`` if it was broken off."""
    seconds: float
    """Length of the recording; 0 if there is none."""
    audio: bool
    disputed: bool = False
    """True if the caller disputes a mark of it: it then counts for no best and no assignment."""
    pack: str = ""
    """Id of the pack the scenario came from; empty if it is not known, or for the caller's own case."""
    difficulty: int = 0
    """As the scenario has it; 0 = not known."""
    drill: str = ""
    """Name of the drill it was; empty for a whole call."""
    case: str = ""
    """Id of the caller's own case it rehearsed."""
    assignment: str = ""
    """Id of the coach's assignment it was made for."""
    figure: float | None = None
    """The drill's one figure, in the drill's unit."""
    met: bool | None = None
    """Whether the drill's gate was met."""
    words_per_minute: float | None = None
    fillers_per_minute: float | None = None
    longest_pause_s: float | None = None
    spoken_s: float | None = None
    """Seconds of the caller's own speech."""
    point_s: float | None = None
    """Seconds from the caller's first word to the decision, the recruiter's lines in between left out."""
    items: Mapping[str, str] = field(default_factory=dict, hash=False)
    """``heard``, ``not_heard`` or ``unsure`` by item; the caller's own word where they dispute the mark."""
    faults: tuple[str, ...] = ()
    """Those found; the caller's own word where they dispute the mark."""
    trouble: str = ""
    """What failed first during the call: ``microphone``, ``ear`` or ``speakers``."""
    level: int = 0
    """The level of difficulty it was made for, 1–4 (``core.level``); 0 = none."""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which attempts are wanted: those that fit every field; an empty one fits all."""

    text: str = ""
    """Words, all of which must be found in the scenario's id, the title or the outcome; capitals do not matter."""
    scenario: str = ""
    drill: str | None = None
    """Name of a drill; ``""`` = whole calls alone, ``None`` = both."""
    mode: str = ""
    intent: str = ""
    passed: bool | None = None
    """``False`` = marked, and not passed."""
    since: str = ""
    """ISO 8601: begun at this moment or later. A day means its first moment, no zone means UTC."""
    until: str = ""
    """The same: begun before this moment."""


ALL = 2**31
"""``limit`` of a page that holds everything that is found."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some rows of what a query finds, newest first."""

    rows: tuple[AttemptSummary, ...]
    total: int
    """How many the query finds in all."""
    offset: int
    """How many newer ones come before ``rows``."""


@dataclass(frozen=True, slots=True)
class StorageSize:
    """What the attempts take on the disk."""

    attempts: int
    audio_bytes: int
    other_bytes: int
    """Words, marks and the index."""


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """An attempt as it lies on disk."""

    summary: AttemptSummary
    events: tuple[Mapping[str, Any], ...]
    audio_path: Path | None


@runtime_checkable
class Records(Protocol):
    """The user's own history: private, local, deletable."""

    def begin(
        self, *, scenario: str, title: str, intent: str, mode: str, ear: str, keep_audio: bool, **meta: Any
    ) -> AttemptWriter:
        """Open a new attempt; raises ``BowoutError`` if the folder can't be written."""

    def list(self) -> list[AttemptSummary]:
        """Newest first, attempts that were broken off included."""

    def page(self, query: HistoryQuery, *, offset: int = 0, limit: int = 50) -> HistoryPage:
        """What the query finds, newest first. Quick, however many there are. Raises ``InputError`` for a ``since`` or
        ``until`` that is no moment."""

    def latest(self) -> Sequence[AttemptSummary]:
        """The newest marked attempt of each scenario and title, a drill's by themselves, newest first. Quick, however
        many there are."""

    def recent(self, limit: int = 200, *, scenario: str = "", drill: str = "") -> Sequence[AttemptSummary]:
        """The newest marked attempts, newest first; of one scenario or one drill where that is named."""

    def size(self) -> StorageSize:
        """What all of them take on the disk."""

    def verify(self) -> int:
        """Compare everything on the disk with the list, which else believes what has been closed to be unchanged; how
        many rows were wrong. For a thread at the start of the program."""

    def load(self, attempt_id: str) -> StoredAttempt:
        """Raises ``InputError`` for an unknown id."""

    def append(self, attempt_id: str, kind: str, **data: Any) -> None:
        """Add an event to a closed attempt: a correction, new marks."""

    def dispute(self, attempt_id: str, dispute: Dispute) -> None:
        """Add the caller's word on a mark, or that they take it back. Raises ``BowoutError``."""

    def disputes(self, attempt_id: str) -> Mapping[str, Dispute]:
        """What has been disputed and not taken back, by criterion. Raises ``InputError`` for an unknown id."""

    def drop_audio(self, attempt_id: str) -> None:
        """Delete the recording, keep the words."""

    def drop_reviewed_audio(self) -> Sequence[str]:
        """Delete recordings that outlived the review they were to last until (the program was killed); their ids."""

    def delete_all(self) -> int:
        """Delete every attempt, those that can't be read included; how many there were."""

    def delete(self, attempt_id: str) -> None:
        """Delete the whole attempt and be sure that it is gone."""


@runtime_checkable
class Cases(Protocol):
    """The user's own cases: private, local, kept until they are deleted."""

    def begin(self, case: Case) -> Case:
        """Keep a new case; it comes back with its id. Raises ``BowoutError`` if the disk refuses."""

    def list(self) -> list[Case]:
        """All that can be read, closed ones included, newest first."""

    def load(self, case_id: str) -> Case:
        """Raises ``InputError`` for an unknown id or one that can't be read."""

    def change(self, case_id: str, **fields: Any) -> Case:
        """Change facts; the names and forms are those of ``Case.as_json``. Raises ``InputError``, ``BowoutError``."""

    def did(self, case_id: str, what: str, at: datetime) -> Case:
        """The user has ``read``, ``spoken``, a message ``message_ready`` or ``sent``, or ``touched``."""

    def undid(self, case_id: str, what: str) -> Case:
        """That does not hold any more: the message was changed after it had been found ready."""

    def report(self, case_id: str, report: Report) -> Case:
        """What came of the real contact, in the user's own word; the last one counts."""

    def rehearsed(self, case_id: str, attempt: str, at: datetime, *, passed: bool) -> Case:
        """An attempt at this very call has been marked; one that passed makes it ``spoken``."""

    def close(self, case_id: str, at: datetime) -> Case:
        """Nothing more is due in it, but for a light touch."""

    def export(self, case_id: str) -> Mapping[str, Any]:
        """The case as it is, and everything that made it: ``{"schema", "case", "events"}``."""

    def delete(self, case_id: str) -> None:
        """Delete the whole case and be sure that it is gone."""

    def delete_all(self) -> int:
        """Delete every case, those that can't be read included; how many there were."""


@runtime_checkable
class Plans(Protocol):
    """The one plan until the real call."""

    def load(self) -> Plan | None:
        """``None`` if there is none. Raises ``InputError`` for one that can't be used; if it is damaged it has been put
        aside."""

    def keep(self, plan: Plan) -> None:
        """Replace the plan. Raises ``BowoutError``; the old one then stands."""

    def drop(self) -> None:
        """There is no plan any more. Raises ``BowoutError``."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of one part."""

    ok: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One audio device."""

    name: str
    host: str
    """Host API (ALSA, Core Audio, WASAPI …); name and host together identify a device, its index does not."""
    inputs: int
    outputs: int
    rate: float
    default_input: bool = False
    default_output: bool = False


class Cancelled(Exception):
    """A stop event was set while something was being waited for."""


def check_stop(stop: threading.Event) -> None:
    """Raise ``Cancelled`` if the user left."""
    if stop.is_set():
        raise Cancelled


__all__ = [
    "ALL", "RATE", "WIDTH", "AttemptSummary", "AttemptWriter", "AudioSource", "Block", "Cancelled", "Cases", "Clip",
    "DeviceInfo", "HistoryPage", "HistoryQuery", "Hypothesis", "Plans", "Playback", "PlayingClip", "Recogniser",
    "Records", "StorageSize", "StoredAttempt", "Verdict", "Voice", "VoiceActivity", "VoiceInfo", "check_stop",
]  # fmt: skip
