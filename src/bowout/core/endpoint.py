"""When is a turn over? Ours to decide: a key, silence, or a limit — never the recogniser's own rules.

Defaults follow measurements on real and synthetic turns: people who think pause for more than a second, so a bot's
0.5 s would cut them off; after a dangling “and” or “um” they nearly always go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

DANGLING = frozenset(
    "a about an and as at because but by for from i if i'm in is like maybe my of on or our so than that the then "
    "this to uh um er erm was we well which while who with would your".split()
)
"""Words after which a speaker is not done. A turn that ends in one waits ``DANGLING_EXTRA_S`` longer."""
DANGLING_EXTRA_S = 1.2
STABLE_S = 0.4
"""The partial text must not have changed for this long."""


class EndReason(str, Enum):
    """Why a turn ended."""

    KEY = "key"
    SILENCE = "silence"
    NO_SPEECH = "no_speech"
    TOO_LONG = "too_long"
    SOURCE_ENDED = "source_ended"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """All in seconds."""

    silence_s: float = 2.5
    """Silence after speech that ends the turn."""
    no_speech_s: float = 9.0
    """Nothing said at all: the recruiter speaks again."""
    max_s: float = 120.0
    """Longest turn."""
    max_speech_s: float | None = None
    """Longest turn from its first voiced block on; ``None`` = no such limit."""
    settle_s: float = 0.3
    """Silence after which the ear should decode what is pending."""


class Endpointer:
    """Watches one turn. Time is audio time (seconds of audio fed), so a file that is read fast ends like a live one."""

    def __init__(self, limits: TurnLimits) -> None:
        self.limits = limits
        self._now = 0.0
        self._first_voice: float | None = None
        self._last_voice = 0.0
        self._partial = ""
        self._partial_at = 0.0
        self._settled = False

    @property
    def spoke(self) -> bool:
        """Somebody has spoken in this turn."""
        return self._first_voice is not None

    @property
    def speech_start(self) -> float | None:
        return self._first_voice

    @property
    def speech_end(self) -> float:
        """End of the last voiced block."""
        return self._last_voice

    @property
    def seconds(self) -> float:
        return self._now

    def should_settle(self) -> bool:
        """True once per pause, as soon as it is long enough to be worth decoding in."""
        if self._settled or not self.spoke or self._now - self._last_voice < self.limits.settle_s:
            return False
        self._settled = True
        return True

    def update(self, seconds: float, voiced: bool, partial: str) -> EndReason | None:
        """Take note of the next ``seconds`` of audio; returns a reason when the turn is over."""
        self._now += seconds
        if voiced:
            if self._first_voice is None:
                self._first_voice = self._now - seconds
            self._last_voice = self._now
            self._settled = False
        if partial != self._partial:
            self._partial, self._partial_at = partial, self._now
        if self._now >= self.limits.max_s:
            return EndReason.TOO_LONG
        if not self.spoke:
            return EndReason.NO_SPEECH if self._now >= self.limits.no_speech_s else None
        if self.limits.max_speech_s is not None and self._spoken() >= self.limits.max_speech_s:
            return EndReason.TOO_LONG
        wait = self.limits.silence_s + (DANGLING_EXTRA_S if self._dangling() else 0.0)
        stable = self._now - self._partial_at >= min(STABLE_S, self.limits.silence_s)
        if self._now - self._last_voice >= wait and stable:
            return EndReason.SILENCE
        return None

    def _spoken(self) -> float:
        return 0.0 if self._first_voice is None else self._now - self._first_voice

    def _dangling(self) -> bool:
        words = self._partial.lower().rstrip(".,;:!?… ").split()
        return bool(words) and words[-1] in DANGLING
