"""Speaks the other side's lines on the terminal, where a voice and loudspeakers are there; else it is silent."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from bowout.errors import BowoutError

if TYPE_CHECKING:
    from bowout.bootstrap import RealServices
    from bowout.core.scenario import Persona
    from bowout.ports import Clip
    from bowout.rehearsal.parts import Parts

_PATIENCE_S = 5.0
"""After its length a clip is given up: a device may stand still."""


class Saying:
    """A context in which lines are spoken. Nothing in it ever fails: whoever can't hear the line reads it."""

    def __init__(self, *, phone: bool) -> None:
        """``phone``: lines have the band of a telephone."""
        self._phone = phone
        self._parts: Parts | None = None
        self._services: RealServices | None = None

    def __enter__(self) -> Saying:
        from bowout.bootstrap import build_services

        self._services = build_services()
        try:
            self._parts = self._services.parts(typed=True)
            self._parts.playback.open()
        except BowoutError:
            self._parts = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._parts is not None:
            self._parts.playback.close()
        if self._services is not None:
            self._services.close()

    def line(self, text: str, speaker: Persona) -> None:
        """Say it, and wait until it has been heard."""
        if self._parts is None:
            return
        try:
            clip = self._parts.lines.get(text, speaker)
            self._play(self._parts.sounds.phone_line(clip) if self._phone else clip)
        except BowoutError:
            self._silence()

    def ring(self) -> None:
        if self._parts is not None:
            self._play(self._parts.sounds.ring)

    def beep(self) -> None:
        if self._parts is not None:
            self._play(self._parts.sounds.beep)

    def _play(self, clip: Clip) -> None:
        if self._parts is None or not clip.pcm or not self._parts.playback.audible:
            return
        try:
            playing = self._parts.playback.play(clip)
        except BowoutError:
            self._silence()
            return
        until = time.monotonic() + clip.seconds + _PATIENCE_S
        try:
            while not playing.done() and time.monotonic() < until:
                time.sleep(0.03)
        finally:
            playing.stop()

    def _silence(self) -> None:
        """The voice or the device has gone, for this session."""
        if self._parts is not None:
            self._parts.playback.close()
            self._parts = None


__all__ = ["Saying"]
