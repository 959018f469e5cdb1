"""The lines of everybody on the other side, rendered ahead."""

from __future__ import annotations

from collections.abc import Sequence

from bowout.core.scenario import Persona
from bowout.ports import Clip
from bowout.speech.sounds import at_pitch
from bowout.speech.voices.cache import VoiceCache

PITCHES = (1.0, 8 / 7, 7 / 8, 15 / 14)
"""What the pitch of the default voice is multiplied by for the first, second, … person who has no voice of their own:
most machines have one good voice, and two people must not sound the same."""


class VoiceLines:
    """``Lines`` of one rehearsal over a voice cache; a ``voice`` that is given replaces the speakers' own."""

    def __init__(self, cache: VoiceCache, voice: str | None = None) -> None:
        self._cache = cache
        self._given = voice
        self._pitches: dict[str, float] = {}

    @property
    def engine(self) -> str:
        return self._cache.engine

    def prepare(self, lines: Sequence[tuple[str, Persona]]) -> None:
        self._cache.forget()
        for text, speaker in lines:
            self._cache.prepare([text], voice=self._voice(speaker), words_per_minute=self._pace(speaker))

    def ready(self, text: str, speaker: Persona) -> bool:
        return self._cache.ready(text, voice=self._voice(speaker), words_per_minute=self._pace(speaker))

    def get(self, text: str, speaker: Persona) -> Clip:
        clip = self._cache.get(text, voice=self._voice(speaker), words_per_minute=self._pace(speaker))
        return at_pitch(clip, self._pitch(speaker))

    def _voice(self, speaker: Persona) -> str | None:
        return self._given or speaker.voice or None

    def _pitch(self, speaker: Persona) -> float:
        if self._given or speaker.voice:
            return 1.0
        return self._pitches.setdefault(speaker.name, PITCHES[len(self._pitches) % len(PITCHES)])

    def _pace(self, speaker: Persona) -> int:
        """Another pitch comes with another pace; it is asked for so that both are right in the end."""
        return round(speaker.words_per_minute / self._pitch(speaker))
