"""Plots of characters: read at 80 columns and without colour, since what differs in meaning differs in shape.

A plot is lines of runs; a run is a piece of text and its role, from which a screen takes a colour. Points are ``●``
(live), ``○`` (practice) and ``×`` (disputed); the mean of late is a braille line, the edges of the aim are dashed. A
point beyond the plot is drawn at its edge as ``▲`` or ``▼``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bowout.core.trend import Gauge, Point, Series, State, Strip

Role = Literal["plain", "dim", "bold", "live", "practice", "disputed", "mean", "aim", "good", "bad", "doubt"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one role."""

    text: str
    role: Role = "plain"


Line = tuple[Run, ...]

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille cell (U+2800 + bits), by row and column."""
_BRAILLE = 0x2800
_WIDEST_STEP = 8
"""Columns between two takes at most: a few takes need not fill the whole width."""
_STATES: dict[State, tuple[str, Role]] = {
    "heard": ("■", "good"), "not_heard": ("□", "bad"), "unsure": ("?", "doubt"), "": (" ", "plain")
}  # fmt: skip
KEY = "● live  ○ practice  × disputed, counts for nothing  ⠒ mean of late  ┄ aim"
STRIP_KEY = "■ heard  □ missed  ? unsure  (blank: not asked)"


def text(line: Line) -> str:
    """The line without its roles."""
    return "".join(run.text for run in line).rstrip()


def glyph(point: Point) -> tuple[str, Role]:
    """The sign of one take."""
    if not point.counts:
        return "×", "disputed"
    return ("●", "live") if point.live else ("○", "practice")


def scale(gauge: Gauge, values: Iterable[float]) -> tuple[float, float]:
    """Lowest and highest value of a plot: the gauge's own range, made wider by whole steps where values need it, to
    twice the range at most, so that one slip does not flatten everything else."""
    low, high = gauge.shown
    values = list(values)
    span, step = high - low, gauge.step
    if values:
        low = min(low, max(math.floor(min(values) / step) * step, low - span))
        high = max(high, min(math.ceil(max(values) / step) * step, high + span))
    return (max(0.0, low) if gauge.shown[0] >= 0 else low), high


def chart(series: Series, width: int, height: int, day: Callable[[Point], str] = lambda point: "") -> list[Line]:
    """A series as ``height`` rows of ``width`` cells and a line below for the takes at both ends.

    With more takes than columns the newest are shown. An empty series is one line that says so.

    Args:
        width: cells a row, the axis included; at least 20.
        height: rows of the plot; at least 3.
        day: what is written below the oldest and the newest take that are shown.
    """
    gauge = series.gauge
    if not series.points:
        return [(Run("not measured yet", "dim"),)]
    low, high = scale(gauge, (point.value for point in series.points))
    margin = max(len(_short(value)) for value in (low, high, gauge.low, gauge.high) if value is not None)
    columns = max(1, width - margin - 1)
    points, means = series.points[-columns:], series.trend[-columns:]
    cells = _cells(points, means, columns, height, low, high)
    edges = {_row(edge, low, high, height): edge for edge in (gauge.low, gauge.high) if edge is not None}
    labels = {0: high, height - 1: low, **edges}
    made: list[Line] = []
    for row in range(height):
        label = f"{_short(labels[row]) if row in labels else '':>{margin}}{'┤' if row in labels else '│'}"
        blank = Run("┄", "aim") if row in edges else Run(" ")
        made.append((Run(label, "dim"), *joined(cells.get((row, column), blank) for column in range(columns))))
    made.append((Run(" " * margin + "└" + "─" * columns, "dim"),))
    at = _places(len(points), columns)
    first, last = day(points[0]) if len(points) > 1 else "", day(points[-1])
    gap = max(1, at[-1] + 1 - len(first) - len(last))
    if first or last:
        made.append((Run(f"{' ' * (margin + 1)}{first}{' ' * gap}{last}"[:width], "dim"),))
    return made


def strip(item: Strip, width: int) -> Line:
    """One item's takes, a cell each; the newest ``width`` of them."""
    return joined(Run(*_STATES[state]) for state in item.states[-width:])


def joined(runs: Iterable[Run]) -> Line:
    """The same with neighbours of one role put together."""
    made: list[Run] = []
    for run in runs:
        if made and made[-1].role == run.role:
            made[-1] = Run(made[-1].text + run.text, run.role)
        else:
            made.append(run)
    return tuple(made)


def _short(value: float) -> str:
    return f"{value:g}"


def _places(count: int, columns: int) -> list[int]:
    """The column of each take, oldest first."""
    step = min(_WIDEST_STEP, (columns - 1) / (count - 1)) if count > 1 else 0
    return [round(n * step) for n in range(count)]


def _row(value: float, low: float, high: float, height: int) -> int:
    """The row of a value, 0 on top."""
    share = (high - value) / (high - low)
    return min(height - 1, max(0, round(share * (height - 1))))


def _cells(
    points: Sequence[Point], means: Sequence[float | None], columns: int, height: int, low: float, high: float
) -> dict[tuple[int, int], Run]:
    """What is drawn, by row and column: points above the mean's line."""
    places = _places(len(points), columns)
    cells = {cell: Run(chr(_BRAILLE + bits), "mean") for cell, bits in _line(places, means, height, low, high).items()}
    for place, point in zip(places, points, strict=True):
        sign, role = glyph(point)
        if point.value > high:
            sign = "▲"
        elif point.value < low:
            sign = "▼"
        cells[_row(point.value, low, high, height), place] = Run(sign, role)
    return cells


def _line(
    places: Sequence[int], means: Sequence[float | None], height: int, low: float, high: float
) -> dict[tuple[int, int], int]:
    """The mean's line as bits of braille cells. It runs through the middle of each take's cell."""
    dots: dict[tuple[int, int], int] = {}
    before: int | None = None

    def dot(column: int, row: int) -> None:
        cell = row // 4, column // 2
        dots[cell] = dots.get(cell, 0) | _DOTS[row % 4][column % 2]

    def height_of(mean: float) -> int:
        """Rows of dots from the top, so that a value lies in the same cell as a point of it."""
        share = min(1.0, max(0.0, (high - mean) / (high - low)))
        return min(4 * height - 1, int(share * (height - 1) * 4 + 2))

    known = [(place, mean) for place, mean in zip(places, means, strict=True) if mean is not None]
    for (place, mean), (following, next_mean) in pairwise(known):
        width = max(1, 2 * (following - place))
        for n in range(width):
            row = height_of(mean + (next_mean - mean) * n / width)
            for between in _steps(before, row):
                dot(2 * place + n, between)
            before = row
    if known:
        dot(2 * known[-1][0], height_of(known[-1][1]))
    return dots


def _steps(before: int | None, row: int) -> Iterable[int]:
    """The rows from the one after ``before`` to ``row``: a steep line has no holes."""
    if before is None or abs(row - before) <= 1:
        return (row,)
    return range(before + 1, row + 1) if row > before else range(row, before)


__all__ = ["KEY", "STRIP_KEY", "Line", "Role", "Run", "chart", "glyph", "joined", "scale", "strip", "text"]
