"""The last rung: no sound, as long as the words would take. What is said must then be shown."""

from __future__ import annotations

from bowout.ports import RATE, WIDTH, Clip, Verdict, VoiceInfo
from bowout.speech.voices.text import pace, sayable


def silence(seconds: float, rate: int = RATE) -> Clip:
    """A clip of zeros."""
    return Clip(bytes(int(seconds * rate) * WIDTH), rate)


class SilentVoice:
    """A ``Voice`` that always works."""

    engine = "silent"

    def check(self) -> Verdict:
        """It is always there."""
        return Verdict(True, "no sound; the recruiter's lines are shown")

    def knows(self, voice: str) -> bool:
        return voice == "silent"

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        """Silence for as long as the line would take, at least 0.1 s."""
        words = len(sayable(text).split())
        return silence(max(0.1, words * 60 / pace(words_per_minute)))

    def voices(self) -> list[VoiceInfo]:
        return [VoiceInfo(self.engine, "silent", "")]

    def close(self) -> None:
        """Nothing to let go."""
