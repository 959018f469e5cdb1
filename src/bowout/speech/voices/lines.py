"""The recruiter's lines in one voice, rendered ahead."""

from __future__ import annotations

from collections.abc import Sequence

from bowout.core.scenario import Persona
from bowout.ports import Clip
from bowout.speech.voices.cache import VoiceCache


class VoiceLines:
    """``Lines`` of a rehearsal over a voice cache; a ``voice`` that is given replaces the persona's own."""

    def __init__(self, cache: VoiceCache, voice: str | None = None) -> None:
        self._cache = cache
        self._given = voice
        self._voice = voice
        self._pace: int | None = None

    @property
    def engine(self) -> str:
        return self._cache.engine

    def speak_as(self, persona: Persona) -> None:
        self._cache.forget()
        self._voice = self._given or persona.voice or None
        self._pace = persona.words_per_minute

    def prepare(self, lines: Sequence[str]) -> None:
        self._cache.prepare(lines, voice=self._voice, words_per_minute=self._pace)

    def ready(self, text: str) -> bool:
        return self._cache.ready(text, voice=self._voice, words_per_minute=self._pace)

    def get(self, text: str) -> Clip:
        return self._cache.get(text, voice=self._voice, words_per_minute=self._pace)
