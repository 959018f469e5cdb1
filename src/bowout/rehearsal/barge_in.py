"""A caller with headphones may speak while the recruiter still does: what was said then must not be lost."""

from __future__ import annotations

from bowout.ports import RATE, WIDTH, VoiceActivity

SPEECH_S = 0.3
"""Speech from which it is an interruption and no cough."""
LULL_S = 0.25
"""A silence this long ends what was begun."""
BEFORE_S = 0.2
"""Kept from before the first sound that was taken for speech: soft consonants come earlier."""
_BEFORE_BYTES = round(BEFORE_S * RATE) * WIDTH


class Overheard:
    """Takes the microphone's blocks while a line is played, and keeps those in which the caller has begun to speak."""

    def __init__(self, voice_activity: VoiceActivity) -> None:
        self._voice_activity = voice_activity
        self._kept = b""
        self._speech_s = 0.0
        self._lull_s = 0.0

    def take(self, pcm: bytes) -> None:
        """The next block."""
        seconds = len(pcm) / WIDTH / RATE
        if self._voice_activity.voiced(pcm):
            self._speech_s += seconds
            self._lull_s = 0.0
        else:
            self._lull_s += seconds
            if self._lull_s >= LULL_S:
                self._speech_s = 0.0
        self._kept += pcm
        if self._speech_s == 0.0:
            self._kept = self._kept[-_BEFORE_BYTES:]

    @property
    def interrupts(self) -> bool:
        """The caller is speaking: it is their turn."""
        return self._speech_s >= SPEECH_S

    def fetch(self) -> bytes:
        """The last moment, or everything since the caller began to speak; forgets it."""
        kept, self._kept = self._kept, b""
        self._speech_s = self._lull_s = 0.0
        return kept


__all__ = ["BEFORE_S", "SPEECH_S", "Overheard"]
