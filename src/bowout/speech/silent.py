"""Silence, as a real way to rehearse: nothing is spoken, the words are read on the screen."""

from __future__ import annotations

import time

from bowout.ports import RATE, Clip, VoiceInfo


class SilentClip:
    """A clip nobody hears."""

    def __init__(self, seconds: float) -> None:
        self.started_at: float | None = time.monotonic()
        self.ended_at: float | None = self.started_at + seconds
        """Monotonic seconds at which it is over."""

    def done(self) -> bool:
        return self.ended_at is None or time.monotonic() >= self.ended_at

    def stop(self) -> None:
        self.ended_at = None


class SilentPlayback:
    """Takes every clip and plays none: at once, or (``paced``) in the time the clip would take."""

    def __init__(self, paced: bool = False) -> None:
        self.name = "silent"
        self.audible = False
        self.paced = paced
        self._current: SilentClip | None = None

    def open(self) -> None:
        """Nothing to make ready."""

    def play(self, clip: Clip) -> SilentClip:
        self.close()
        self._current = SilentClip(clip.seconds if self.paced else 0.0)
        return self._current

    def close(self) -> None:
        if self._current is not None:
            self._current.stop()


class SilentVoice:
    """Renders every line as an empty clip."""

    engine = "silent"

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        return Clip(b"", RATE)

    def voices(self) -> list[VoiceInfo]:
        return [VoiceInfo(self.engine, "silent", "en")]

    def close(self) -> None:
        """Nothing to end."""
