"""Forced alignment of known words to audio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bowout.core.transcript import Filler
from bowout.errors import MissingPart


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the words lie, in seconds from the audio's first sample."""

    words: tuple[tuple[float, float] | None, ...]
    """One entry for each word given; ``None`` where it could not be placed."""
    fillers: tuple[Filler, ...]
    plausible: bool
    """False if text and audio do not fit each other: use nothing of it."""


class Aligner:
    """Not written yet: says so."""

    def align(self, pcm: bytes, words: Sequence[str]) -> Alignment:
        raise MissingPart("There is no aligner yet.")

    def close(self) -> None:
        """Nothing to end."""


__all__ = ["Aligner", "Alignment"]
