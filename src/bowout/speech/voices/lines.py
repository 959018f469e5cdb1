"""The recruiter's lines in one voice, rendered ahead."""

from __future__ import annotations

from collections.abc import Sequence

from bowout.ports import Clip
from bowout.speech.voices.cache import VoiceCache


class VoiceLines:
    """``Lines`` of a rehearsal over a voice cache; ``voice`` and pace are the persona's."""

    def __init__(self, cache: VoiceCache, voice: str | None = None, words_per_minute: int | None = None) -> None:
        self._cache = cache
        self._voice = voice
        self._pace = words_per_minute

    @property
    def engine(self) -> str:
        return self._cache.engine

    def prepare(self, lines: Sequence[str]) -> None:
        self._cache.prepare(lines, voice=self._voice, words_per_minute=self._pace)

    def get(self, text: str) -> Clip:
        return self._cache.get(text, voice=self._voice, words_per_minute=self._pace)
