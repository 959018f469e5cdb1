"""The last rung: no sound. What is said must then be shown."""

from __future__ import annotations

from bowout.ports import RATE, Clip, Verdict
from bowout.speech.silent import SilentVoice

NOTHING = Clip(b"", RATE)
"""What a line without anything to say becomes, in every engine."""


class SilentRung(SilentVoice):
    """The shipped silent ``Voice`` as an engine of the ladder."""

    def check(self) -> Verdict:
        """It is always there."""
        return Verdict(True, "no sound; the recruiter's lines are shown")

    def knows(self, voice: str) -> bool:
        return voice == "silent"
