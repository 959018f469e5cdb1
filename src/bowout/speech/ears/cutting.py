"""Where to cut a turn before it is decoded, and how to tell a decoder that fell into a loop.

Positions are sample indexes at ``RATE``; a span is ``(start, end)``. Pure arithmetic on arrays, no model.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bowout.ports import RATE

Samples = npt.NDArray[np.float32]
Span = tuple[int, int]

SHORTEST_PIECE_S, LONGEST_PIECE_S = 15.0, 28.0
"""Pieces the careful pass decodes: word error rate falls with length up to 28 s (8.6 % at 6 s, 5 % at 28 s); longer
ones make the decoder loop (14 %)."""
PAD_S = 0.3
"""Kept on either side of speech: detectors miss soft beginnings and endings."""
DROP_S = 1.2
"""Silences longer than this shrink to twice ``PAD_S``."""
QUIET_S = 0.1
"""Loudness is judged over this long when the quietest point is looked for."""
LOOP = 3
"""A trigram that comes this often in one piece is a loop."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn without its long silences, and the way back to the turn's clock."""

    samples: Samples
    spans: tuple[Span, ...]
    """What was kept, in the turn's positions, in order, without overlap."""

    def turn_position(self, position: int) -> int:
        """Where in the turn the ``position``-th kept sample lies."""
        starts = [0]
        for start, end in self.spans:
            starts.append(starts[-1] + end - start)
        n = min(bisect_right(starts, position) - 1, len(self.spans) - 1)
        return self.spans[n][0] + position - starts[n]


def spans_of(flags: Sequence[bool], block: int) -> list[Span]:
    """Runs of voiced blocks of ``block`` samples each."""
    spans: list[Span] = []
    for n, flag in enumerate(flags):
        if flag and spans and spans[-1][1] == n * block:
            spans[-1] = (spans[-1][0], (n + 1) * block)
        elif flag:
            spans.append((n * block, (n + 1) * block))
    return spans


def without_silences(samples: Samples, voiced: Sequence[Span]) -> Kept:
    """Drop what lies further than ``PAD_S`` from speech, where the silence is longer than ``DROP_S``."""
    pad, drop = int(PAD_S * RATE), int(DROP_S * RATE)
    kept: list[Span] = []
    for start, end in voiced:
        if kept and start - (kept[-1][1] - pad) <= drop:
            kept[-1] = (kept[-1][0], end + pad)
        else:
            kept.append((max(0, start - pad), end + pad))
    kept = [(start, min(end, samples.size)) for start, end in kept]
    parts = [samples[start:end] for start, end in kept]
    return Kept(np.concatenate(parts) if parts else samples[:0], tuple(kept))


def quietest(samples: Samples, start: int, end: int) -> int:
    """The middle of the quietest ``QUIET_S`` between ``start`` and ``end``."""
    start, end = max(0, start), min(end, samples.size)
    width = int(QUIET_S * RATE)
    if end - start <= width:
        return (start + end) // 2
    power = np.concatenate([[0.0], np.cumsum(samples[start:end].astype(np.float64) ** 2)])
    return start + int(np.argmin(power[width:] - power[:-width])) + width // 2


def pieces(samples: Samples) -> list[Span]:
    """Cut at the quietest points into pieces of ``SHORTEST_PIECE_S`` to ``LONGEST_PIECE_S``."""
    low, high = int(SHORTEST_PIECE_S * RATE), int(LONGEST_PIECE_S * RATE)
    cuts = [0]
    while (left := samples.size - cuts[-1]) > high:
        # Two pieces may be left with less than 15 s each; then both are about as long.
        first = cuts[-1] + (low if left > low + high else left // 2 - low // 5)
        last = cuts[-1] + (high if left > low + high else left // 2 + low // 5)
        cuts.append(quietest(samples, first, min(last, cuts[-1] + high)))
    return list(zip(cuts, [*cuts[1:], samples.size], strict=True))


def plain(word: str) -> str:
    """A word without case and punctuation, for comparing."""
    return re.sub(r"[^a-z0-9']", "", word.lower())


def loops(words: Sequence[str]) -> bool:
    """True if some three words in a row come ``LOOP`` times or more."""
    bare = [plain(w) for w in words]
    counts = Counter(zip(bare, bare[1:], bare[2:], strict=False))
    return any(n >= LOOP for n in counts.values())


def spread(words: Sequence[str], voiced: Sequence[Span]) -> list[tuple[float, float]]:
    """Approximate seconds for each word: the voiced time shared out by the words' letters.

    ``voiced`` must not be empty if there are words. Every time lies inside ``voiced``'s outer bounds.
    """
    weights = [len(plain(w)) + 1.0 for w in words]
    total, length = sum(weights), sum(end - start for start, end in voiced)
    times: list[tuple[float, float]] = []
    done = 0.0
    for weight in weights:
        begin, finish = done / total * length, (done + weight) / total * length
        times.append((_along(voiced, begin, first=True) / RATE, _along(voiced, finish, first=False) / RATE))
        done += weight
    return times


def _along(voiced: Sequence[Span], distance: float, *, first: bool) -> float:
    """The position after ``distance`` voiced samples; ``first`` takes the later of two spans' borders."""
    for start, end in voiced:
        if distance < end - start - 1e-6 or (not first and distance <= end - start + 1e-6):
            return start + distance
        distance -= end - start
    return voiced[-1][1]


__all__ = ["Kept", "Samples", "Span", "loops", "pieces", "plain", "quietest", "spans_of", "spread", "without_silences"]
