"""A recording as a picture of characters: levels from samples, braille from levels, words and seconds under it.

Everything is plain text that says the same without colour.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from bowout.core.places import Place
from bowout.core.review import clock
from bowout.core.transcript import Word

STEP_S = 0.02
"""Seconds between two levels: finer than a column of any picture."""
QUIET = 0.08
"""The loudest level of a recording in which nothing but a room is heard; such a one is not drawn any larger."""
_BLOCKS = " ▁▂▃▄▅▆▇█"
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille cell: left column from top to bottom, right column."""
_BRAILLE = 0x2800
SIGNS = {"quote": "“", "fault": "!", "pause": "…", "filler": "~"}
"""What stands for a place under the whole call."""


@dataclass(frozen=True, slots=True)
class Levels:
    """The loudness of a recording, one figure 0–1 every ``STEP_S``, from ``start`` seconds on."""

    values: tuple[float, ...]
    start: float = 0.0

    @property
    def end(self) -> float:
        return self.start + len(self.values) * STEP_S

    def columns(self, start: float, end: float, count: int) -> list[float]:
        """The loudest level in each of ``count`` equal parts, as a share of the loudest of all, whatever the
        microphone was set to; 0 outside the recording."""
        whole = max([QUIET, *self.values])
        made = []
        for n in range(count):
            low = (start + (end - start) * n / count - self.start) / STEP_S
            high = (start + (end - start) * (n + 1) / count - self.start) / STEP_S
            first, last = max(0, math.floor(low + 1e-6)), max(0, math.ceil(high - 1e-6))
            made.append(max(self.values[first:last], default=0.0) / whole)
        return made


def levels(pcm: bytes, rate: int, start: float = 0.0) -> Levels:
    """The loudness of mono 16-bit samples: the root of each peak, so that what is soft is seen, too; 1 = full scale."""
    samples = array("h")
    samples.frombytes(pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    step = max(1, round(STEP_S * rate))
    values = []
    for at in range(0, len(samples), step):
        part = samples[at : at + step]
        values.append(min(1.0, math.sqrt(max(max(part), -min(part)) / 32767)))
    return Levels(tuple(values), start)


def blocks(values: Sequence[float]) -> str:
    """One line: a block of eighths for each level."""
    return "".join(_BLOCKS[min(8, math.ceil(value * 8 - 1e-9))] for value in values)


def braille(values: Sequence[float], rows: int) -> list[str]:
    """``rows`` lines of braille, mirrored at the middle; two levels a character. Silence is a thin line."""
    height = rows * 4
    grid = [[0] * ((len(values) + 1) // 2) for _ in range(rows)]
    for n, value in enumerate(values):
        half = max(1, round(value * height / 2))
        for dot in range(height // 2 - half, height // 2 + half):
            if value > 0 or dot == height // 2:
                grid[dot // 4][n // 2] |= _DOTS[n % 2][dot % 4]
    return ["".join(chr(_BRAILLE + bits) for bits in line) for line in grid]


def words_under(words: Sequence[Word], start: float, end: float, width: int, rows: int = 2) -> list[str]:
    """The words of a stretch under the columns where they begin, on so many lines.

    A word goes to the first line that has room at its place, else as near to it as there is room; the last ones are
    left out where there is none.
    """
    lines = [""] * rows
    for word in words:
        if word.end <= start or word.start >= end:
            continue
        column = max(0, int((word.start - start) / (end - start) * width))
        fitting = [n for n, line in enumerate(lines) if len(line) <= column]
        row = fitting[0] if fitting else min(range(rows), key=lambda n: len(lines[n]))
        placed = lines[row].ljust(column) + word.text + " "
        if len(placed) - 1 <= width:
            lines[row] = placed
    return [line.rstrip().ljust(width) for line in lines]


def ruler(start: float, end: float, width: int, at: float | None = None) -> str:
    """Whole seconds under their columns, and ``▲`` where one is; a second whose digits it would cut is left out."""
    line = [" "] * width
    cursor = int((at - start) / (end - start) * width) if at is not None and start <= at < end else None
    each = max(1, math.ceil(8 * (end - start) / width))
    for second in range(math.ceil(start / each) * each, math.ceil(end), each):
        text = f"╵{clock(second)}"
        column = int((second - start) / (end - start) * width)
        if column + len(text) <= width and (cursor is None or cursor not in range(column + 1, column + len(text))):
            line[column : column + len(text)] = text
    if cursor is not None:
        line[cursor] = "▲"
    return "".join(line)


def signs(places: Sequence[Place], start: float, end: float, width: int) -> str:
    """One line under the whole call: a sign for every place; where two meet, the rarer one stays."""
    line = [" "] * width
    order = ("quote", "pause", "filler", "fault")
    for place in sorted(places, key=lambda each: order.index(each.kind)):
        column = int((place.start - start) / (end - start) * width)
        if 0 <= column < width:
            line[column] = SIGNS[place.kind]
    return "".join(line)


__all__ = [
    "QUIET", "SIGNS", "STEP_S", "Levels", "blocks", "braille", "levels", "ruler", "signs", "words_under",
]  # fmt: skip
