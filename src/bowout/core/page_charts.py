"""A series as an inline SVG: no script, no style of its own, a title and a description for whoever can't see it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from math import ceil

from bowout.core.plots import scale
from bowout.core.trend import Point, Series

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 26
MOST = 100
"""Takes that a chart shows: the newest."""
_WIDEST = 60
"""Units between two takes at most."""
_TWO_DAYS = 160
"""Units between the ends from which two days can be written below without touching."""


def svg(series: Series, identity: str, title: str, describe: str, day: Callable[[Point], str]) -> str:
    """The chart.

    Args:
        identity: unique on the page.
        title: what it is of; ``describe`` says in a sentence what can be seen. Both plain text.
        day: the day of a take, in words.
    """
    gauge, points, means = series.gauge, series.points[-MOST:], series.trend[-MOST:]
    low, high = scale(gauge, (point.value for point in points))
    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
    step = min(_WIDEST, (right - LEFT - 10) / (len(points) - 1)) if len(points) > 1 else 0

    def x(n: int) -> str:
        return f"{LEFT + 5 + n * step:.1f}"

    def y(value: float) -> float:
        inside = min(high, max(low, value))
        return round(TOP + (high - inside) / (high - low) * (floor - TOP), 1)

    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{identity}-t {identity}-d">',
        f'<title id="{identity}-t">{escape(title)}</title><desc id="{identity}-d">{escape(describe)}</desc>',
    ]
    if gauge.low is not None or gauge.high is not None:
        upper = y(high if gauge.high is None else gauge.high)
        lower = y(low if gauge.low is None else gauge.low)
        parts.append(f'<rect class="aim" x="{LEFT}" y="{upper}" width="{right - LEFT}" height="{lower - upper:.1f}"/>')
        for edge in (gauge.low, gauge.high):
            if edge is not None:
                parts.append(f'<path class="edge" d="M{LEFT} {y(edge)}H{right}"/>')
    parts.append(f'<path class="axis" d="M{LEFT} {TOP}V{floor}H{right}"/>')
    parts += [f'<text x="{LEFT - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>' for tick in _ticks(series)]
    line = [(x(n), y(mean)) for n, mean in enumerate(means) if mean is not None]
    if len(line) > 1:
        parts.append(f'<polyline class="mean" points="{" ".join(f"{at},{level}" for at, level in line)}"/>')
    for n, point in enumerate(points):
        parts.append(_sign(point, x(n), y(point.value), f"{day(point)}: {gauge.words(point.value)}"))
    first, last = day(points[0]), day(points[-1])
    wide = (len(points) - 1) * step >= _TWO_DAYS
    if wide:
        parts.append(f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(first)}</text>')
    anchor = "end" if wide else "start"
    parts.append(f'<text x="{x(len(points) - 1)}" y="{HEIGHT - 8}" text-anchor="{anchor}">{escape(last)}</text></svg>')
    return "".join(parts)


def _sign(point: Point, x: str, y: float, words: str) -> str:
    """Live filled, practice hollow, disputed crossed: told apart without colour."""
    kind = "disputed" if not point.counts else "live" if point.live else "practice"
    title = f"<title>{escape(words)}, {kind}</title>"
    if kind == "disputed":
        return f'<path class="disputed" transform="translate({x} {y})" d="M-4 -4L4 4M-4 4L4 -4">{title}</path>'
    return f'<circle class="{kind}" cx="{x}" cy="{y}" r="4">{title}</circle>'


def _ticks(series: Series) -> list[float]:
    """Values beside the axis: both ends and the edges of the aim; ends that are too near an edge are left out."""
    gauge = series.gauge
    low, high = scale(gauge, (point.value for point in series.points[-MOST:]))
    edges = [edge for edge in (gauge.low, gauge.high) if edge is not None]
    apart = ceil(0.08 * (high - low))
    return edges + [end for end in (low, high) if all(abs(end - edge) >= apart for edge in edges)]


__all__ = ["BOTTOM", "HEIGHT", "LEFT", "MOST", "RIGHT", "TOP", "WIDTH", "svg"]
