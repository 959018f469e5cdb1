"""What one call is made of, chosen by ``bootstrap`` and replaced by fakes in tests."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from bowout.core.scenario import Persona
from bowout.ports import RATE, AudioSource, Clip, Playback, Recogniser, Records, VoiceActivity


@runtime_checkable
class Lines(Protocol):
    """The recruiter's lines as audio, rendered ahead of time."""

    def prepare(self, lines: Sequence[tuple[str, Persona]]) -> None:
        """Render these in the background, in this order, in place of what was still to be rendered: what is said,
        and in whose voice and pace."""

    def ready(self, text: str, speaker: Persona) -> bool:
        """True if ``get`` answers at once."""

    def get(self, text: str, speaker: Persona) -> Clip:
        """The line; renders it now if it is not there yet. A clip without samples where no voice is at hand."""

    @property
    def engine(self) -> str:
        """Name of the engine that speaks."""


@dataclass(frozen=True, slots=True)
class Sounds:
    """What a phone adds to a voice."""

    ring: Clip
    phone_line: Callable[[Clip], Clip]
    """Telephone band of a clip."""
    beep: Clip = field(default_factory=lambda: Clip(b"", RATE))
    """What an answering machine gives before it records."""


@dataclass(slots=True)
class Parts:
    """One call's devices. ``source`` is ``None`` where the caller types."""

    ear: Recogniser
    source: AudioSource | None
    voice_activity: VoiceActivity
    playback: Playback
    lines: Lines
    sounds: Sounds
    records: Records
    clock: Callable[[], datetime]
    """Aware; for the scenario's days and the record."""


class TypedLines:
    """A keyboard: whole answers, one a turn. Any thread may ``submit``."""

    def __init__(self, lines: Sequence[str] = ()) -> None:
        self._queue: queue.Queue[str] = queue.Queue()
        self._closed = False
        for line in lines:
            self._queue.put(line)

    def submit(self, text: str) -> None:
        self._queue.put(text)

    def close(self) -> None:
        """No more will come: every further turn is silent."""
        self._closed = True

    def get(self, timeout: float) -> str | None:
        """The next answer; ``None`` if none came in time; an empty text once closed and used up."""
        try:
            return self._queue.get(timeout=timeout)
        except queue.Empty:
            return "" if self._closed else None


class Mute:
    """Loudspeakers that have gone: every clip is over at once, and lines are shown instead."""

    name = "none"
    audible = False

    def __init__(self, gone: Playback) -> None:
        gone.close()

    def open(self) -> None:
        return None

    def play(self, clip: Clip) -> _Over:
        return _Over()

    def close(self) -> None:
        return None


class _Over:
    started_at: float | None = None

    def done(self) -> bool:
        return True

    def stop(self) -> None:
        return None
