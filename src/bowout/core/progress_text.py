"""Progress as lines of text at any width, for the terminal and the screen: words first, then plots."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from bowout.core.plots import KEY, STRIP_KEY, Line, Run, chart, strip, text
from bowout.core.progress import Course, DrillCourse, when_last
from bowout.core.ready import GLYPHS, Statement
from bowout.core.review import item_words
from bowout.core.safety import printable
from bowout.core.takes import moment, short_day
from bowout.core.trend import HALF_LIFE, Point, Series, Strip

TALL, LOW = 7, 5
"""Rows of the first plot, and of those beside each other."""
FIGURES_KEY = f"of late; was: {HALF_LIFE} takes before; aim: how many takes lie inside it"
_GAP = 3
_TWO_FROM = 70
"""Columns from which two plots fit side by side."""
_LABEL = 20
_EMPTY: Line = ()


def statement_lines(stated: Statement, width: int) -> list[Line]:
    """A statement with its glyph, wrapped; what follows hangs."""
    role = {"ready": "good", "was_ready": "doubt", "not_yet": "plain"}[stated.standing]
    lines = textwrap.wrap(stated.sentence(), max(20, width - 2))
    return [(Run(f"{GLYPHS[stated.standing] if not n else ' '} {line}", role),) for n, line in enumerate(lines)]  # type: ignore[arg-type]


def course_lines(course: Course, width: int, now: datetime) -> list[Line]:
    """A scenario: what can be said, the figures in words, the plots, the items.

    Args:
        width: columns, at least 52.
    """
    made = _heading(course.title, when_last(course.takes, now), width)
    if course.statement:
        made += statement_lines(course.statement, width)
    measured = [each for each in course.series if each.points]
    if not measured:
        return made
    made += [_EMPTY, *(line for each in measured for line in figure_lines(each, width))]
    made += [*_wrapped(FIGURES_KEY, width), _EMPTY, *_plots(measured, width, now), *_wrapped(KEY, width)]
    if course.strips:
        made += [_EMPTY, *strip_lines(course.strips, width), *_wrapped(STRIP_KEY, width)]
    return made


def drill_lines(course: DrillCourse, width: int, now: datetime) -> list[Line]:
    """A drill: best, median and limit in words, the figures as a plot."""
    made = _heading(course.title, when_last(course.takes, now), width)
    stands, gauge = course.standing, course.series.gauge
    if stands is not None:
        named = (
            ("best", stands.best),
            ("median of the last five", stands.median_of_last_five),
            ("to beat", None if stands.to_beat == stands.best else stands.to_beat),
        )
        parts = [f"{name} {gauge.words(value)}" for name, value in named if value is not None]
        parts.append(f"gate {'open' if stands.open else 'not open yet'}, {stands.in_a_row} met in a row")
        made += [(Run(line),) for line in textwrap.wrap("; ".join(parts), width)]
    if course.series.points:
        made += chart(course.series, width, TALL, partial(_day, now=now))
    return made


def plot_lines(course: Course, drills: Sequence[DrillCourse], width: int, now: datetime) -> list[Line]:
    """Whole calls and runs of drills below each other; whichever there are."""
    blocks = [course_lines(course, width, now)] if course.takes or not drills else []
    blocks += [drill_lines(each, width, now) for each in drills]
    return [line for n, block in enumerate(blocks) for line in ([_EMPTY, *block] if n else block)]


def ready_lines(stated: Iterable[tuple[str, Statement]], width: int) -> list[Line]:
    """What can be said of each scenario: its title, and the statement."""
    made: list[Line] = []
    for title, said in stated:
        made += [(Run(one_line(title), "bold"),), *statement_lines(said, width), _EMPTY]
    return made or [(Run("No whole call has been marked so far. Rehearse one, and it will be here."),)]


def figure_lines(made: Series, width: int) -> list[Line]:
    """One figure in words: of late, before, best, and how often it was where it should be."""
    gauge = made.gauge
    label = Run(f"{gauge.label:<{_LABEL}}")
    if made.now is None:
        return [(label, Run("disputed: shown below, counts for nothing", "dim"))]
    parts = [gauge.words(made.now)]
    if made.before is not None:
        parts.append(f"was {gauge.number(made.before)}")
    if made.best is not None:
        parts.append(f"best {gauge.number(made.best)}")
    values = Run(", ".join(parts))
    if not gauge.aim:
        return [(label, values)]
    inside, of = made.inside
    aim = f"aim {gauge.aim}: {inside} of {of}"
    if _LABEL + len(values.text) + 3 + len(aim) > width:
        return [(label, values), (Run(" " * _LABEL + aim, "dim"),)]
    return [(label, values, Run(f"   {aim}", "dim"))]


def strip_lines(made: Iterable[Strip], width: int) -> list[Line]:
    """The items, one a line, with how often each was heard of late."""
    lines: list[Line] = []
    cells = max(8, width - _LABEL - 7)
    for each in made:
        share = "" if each.share is None else f"{100 * each.share:.0f} %"
        shown = strip(each, cells)
        fill = " " * (cells - min(cells, len(each.states)))
        label = one_line(item_words(each.item))[: _LABEL - 1]
        lines.append((Run(f"{label:<{_LABEL}}"), *shown, Run(f"{fill} {share:>6}", "dim")))
    return lines


def beside(left: Sequence[Line], right: Sequence[Line], width: int) -> list[Line]:
    """Two blocks side by side, the left one ``width`` columns wide."""
    made: list[Line] = []
    for n in range(max(len(left), len(right))):
        one: Line = left[n] if n < len(left) else ()
        two: Line = right[n] if n < len(right) else ()
        made.append((*one, Run(" " * max(0, width - sum(len(run.text) for run in one)) + " " * _GAP), *two))
    return made


def one_line(words: str) -> str:
    """A title from outside, harmless and on one line."""
    return " ".join(printable(words).split())


def _plots(measured: Sequence[Series], width: int, now: datetime) -> list[Line]:
    first, rest = measured[0], measured[1:]
    made = _titled(first, width, TALL, now)
    if width < _TWO_FROM:
        for each in rest:
            made += _titled(each, width, LOW, now)
        return made
    half = (width - _GAP) // 2
    blocks = [_titled(each, half, LOW, now) for each in rest]
    for n in range(0, len(blocks), 2):
        made += beside(blocks[n], blocks[n + 1] if n + 1 < len(blocks) else [], half)
    return made


def _titled(made: Series, width: int, height: int, now: datetime) -> list[Line]:
    gauge = made.gauge
    late = "" if made.now is None else f" {gauge.words(made.now)}"
    aim = f", aim {gauge.aim}" if gauge.aim else ""
    return [(Run(f"{gauge.label}{late}{aim}"[:width], "bold"),), *chart(made, width, height, partial(_day, now=now))]


def _day(point: Point, now: datetime) -> str:
    """The day below an end of a plot."""
    at = moment(point.at, now)
    return "" if at is None else short_day(at.date(), now.date())


def _heading(title: str, when: str, width: int) -> list[Line]:
    """A title, and what it rests on beside it or below."""
    words = one_line(title)
    if len(words) + 3 + len(when) <= width:
        return [(Run(words, "bold"), Run(f"   {when}", "dim"))]
    return [*((Run(line, "bold"),) for line in textwrap.wrap(words, width)), *_wrapped(when, width)]


def _wrapped(words: str, width: int) -> list[Line]:
    return [(Run(line, "dim"),) for line in textwrap.wrap(words, width)]


def plain(lines: Iterable[Line]) -> list[str]:
    """Text alone."""
    return [text(line) for line in lines]


__all__ = [
    "beside", "course_lines", "drill_lines", "figure_lines", "one_line", "plain", "plot_lines", "ready_lines",
    "statement_lines", "strip_lines",
]  # fmt: skip
