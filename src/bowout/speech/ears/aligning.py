"""What ears share when they use an aligner that may not be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bowout.core.transcript import Word
from bowout.errors import MissingPart
from bowout.ports import RATE, WIDTH
from bowout.speech.aligner import Aligner, Alignment
from bowout.speech.ears.cutting import Span, quietest

LONGEST_S = 25.0
"""Longest stretch that is aligned in one go: what fails then costs little."""


class MaybeAligner:
    """An aligner, or none; one that turns out to be missing is not asked again."""

    def __init__(self, aligner: Aligner | None) -> None:
        self._aligner = aligner

    def align(
        self, pcm: bytes, span: Span, words: Sequence[str], confidences: Sequence[float | None]
    ) -> Alignment | None:
        """Align ``words`` to the samples ``span``; times are the whole turn's. ``None`` if they can't be believed."""
        if self._aligner is None:
            return None
        start, end = span
        try:
            found = self._aligner.align(pcm[start * WIDTH : end * WIDTH], words, confidences)
        except MissingPart:
            self._aligner = None
            return None
        return moved(found, start / RATE) if found.plausible else None

    def __bool__(self) -> bool:
        return self._aligner is not None


def moved(alignment: Alignment, seconds: float) -> Alignment:
    """The alignment with every time moved."""
    return replace(
        alignment,
        words=tuple(None if w is None else (w[0] + seconds, w[1] + seconds) for w in alignment.words),
        fillers=tuple(
            replace(f, start=round(f.start + seconds, 3), end=round(f.end + seconds, 3)) for f in alignment.fillers
        ),
    )


def placed(alignment: Alignment, otherwise: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The alignment's times; for words it could not place, what ``otherwise`` says, kept between their neighbours."""
    times: list[tuple[float, float]] = []
    for n, (known, rough) in enumerate(zip(alignment.words, otherwise, strict=True)):
        if known is not None:
            times.append(known)
            continue
        after = next((w[0] for w in alignment.words[n:] if w is not None), rough[1])
        before = times[-1][1] if times else min(rough[0], after)
        times.append((min(max(rough[0], before), after), min(max(rough[1], before), after)))
    return times


def stretches(pcm: bytes, words: Sequence[Word]) -> Iterator[tuple[Span, Sequence[Word]]]:
    """A turn whose word times are known, cut between words into pieces of at most about ``LONGEST_S``.

    Cut is where the gap between two words is widest, at its quietest point: a filled pause may lie in it.
    """
    samples = np.frombuffer(pcm[: len(pcm) // WIDTH * WIDTH], dtype="<i2").astype(np.float32)
    start, first = 0, 0
    while first < len(words):
        inside = [n for n in range(first, len(words)) if words[n].end <= start / RATE + LONGEST_S]
        if not inside or inside[-1] == len(words) - 1:
            yield (start, samples.size), words[first:]
            return
        half = max(first + 1, (first + inside[-1]) // 2)
        last = max(range(half, inside[-1] + 2), key=lambda n: words[n].start - words[n - 1].end)
        cut = quietest(samples, int(words[last - 1].end * RATE), max(int(words[last].start * RATE), 1))
        yield (start, cut), words[first:last]
        start, first = cut, last


__all__ = ["MaybeAligner", "moved", "placed", "stretches"]
