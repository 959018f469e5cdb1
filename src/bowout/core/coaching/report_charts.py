"""The charts of a class: how the scores are spread, and a learner's takes as a small line within a row."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bowout.core.page_charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH

STEP = 10
"""Points that share a bar."""
SPARK = 12
"""Takes of a small line: the newest."""
_SPARK_W, _SPARK_H, _EDGE, _WIDEST = 120, 28, 5, 24


def bars(scores: Sequence[int]) -> tuple[int, ...]:
    """How many scores lie in 0–9, 10–19 … 90–100."""
    made = [0] * (100 // STEP)
    for score in scores:
        made[min(len(made) - 1, score // STEP)] += 1
    return tuple(made)


def bar_words(at: int) -> str:
    """“60–69”."""
    return f"{at * STEP}–{100 if at == 100 // STEP - 1 else at * STEP + STEP - 1}"


def histogram(scores: Sequence[int], mark: int, identity: str, title: str, describe: str) -> str:
    """How scores are spread, with a dashed line at the mark.

    Args:
        identity: unique on the page.
        title: what it is of; ``describe`` says in a sentence what can be seen. Both plain text.
    """
    counts = bars(scores)
    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
    top, wide = max(1, *counts), (WIDTH - RIGHT - LEFT) / len(counts)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{identity}-t {identity}-d">',
        f'<title id="{identity}-t">{escape(title)}</title><desc id="{identity}-d">{escape(describe)}</desc>',
    ]
    for at, count in enumerate(counts):
        x, high = LEFT + at * wide, (floor - TOP - 18) * count / top
        if count:
            parts.append(
                f'<rect class="bar" x="{x + 3:.1f}" y="{floor - high:.1f}" width="{wide - 6:.1f}" height="{high:.1f}">'
                f"<title>{bar_words(at)}: {count}</title></rect>"
                f'<text x="{x + wide / 2:.1f}" y="{floor - high - 5:.1f}" text-anchor="middle">{count}</text>'
            )
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{at * STEP}</text>')
    at_mark = LEFT + (right - LEFT) * mark / 100
    anchor = "end" if mark > 50 else "start"
    parts.append(f'<text x="{right}" y="{HEIGHT - 8}" text-anchor="middle">100</text>')
    parts.append(f'<path class="edge" d="M{at_mark:.1f} {TOP}V{floor}"/>')
    shift = -5 if mark > 50 else 5
    parts.append(f'<text x="{at_mark + shift:.1f}" y="{TOP + 8}" text-anchor="{anchor}">mark {mark}</text>')
    parts.append(f'<path class="axis" d="M{LEFT} {floor}H{right}"/></svg>')
    return "".join(parts)


def spark(points: Sequence[tuple[int, str]], mark: int) -> str:
    """Scores in the order in which they were made, each with its sign (``live``, ``practice``, ``disputed``), as a
    small line. It is hidden from whoever can't see it: the scores stand beside it in words."""
    shown = points[-SPARK:]
    step = min(_WIDEST, (_SPARK_W - 2 * _EDGE) / max(1, len(shown) - 1))

    def y(score: int) -> float:
        return round(_EDGE + (100 - score) / 100 * (_SPARK_H - 2 * _EDGE), 1)

    spots = [(round(_EDGE + at * step, 1), y(score), sign) for at, (score, sign) in enumerate(shown)]
    parts = [f'<svg class="spark" viewBox="0 0 {_SPARK_W} {_SPARK_H}" aria-hidden="true">']
    parts.append(f'<path class="edge" d="M0 {y(mark)}H{_SPARK_W}"/>')
    line = " ".join(f"{x},{level}" for x, level, sign in spots if sign != "disputed")
    parts.append(f'<polyline class="mean" points="{line}"/>' if " " in line else "")
    for x, level, sign in spots:
        if sign == "disputed":
            parts.append(f'<path class="disputed" transform="translate({x} {level})" d="M-3 -3L3 3M-3 3L3 -3"/>')
        else:
            parts.append(f'<circle class="{sign}" cx="{x}" cy="{level}" r="3"/>')
    return "".join([*parts, "</svg>"])


__all__ = ["SPARK", "STEP", "bar_words", "bars", "histogram", "spark"]
