"""Progress as one HTML file that needs nothing else: no script, no request, figures and titles alone unless asked.

Every text that comes from outside goes through ``page_parts.text``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from bowout.core.page_charts import MOST, svg
from bowout.core.page_parts import document, table
from bowout.core.page_parts import text as _text
from bowout.core.plots import STRIP_KEY, strip, text
from bowout.core.progress import Course, DrillCourse, when_last
from bowout.core.progress_text import one_line
from bowout.core.ready import GLYPHS, WORDS
from bowout.core.review import item_words
from bowout.core.takes import Take, moment, short_day
from bowout.core.trend import GAUGES, HALF_LIFE, Point, Series

ROWS = 30
"""Takes in a table, and of which the words are shown: the newest."""
CELLS = 40
"""Takes in an item's strip."""


def page(
    courses: Sequence[Course], drills: Sequence[DrillCourse], now: datetime, words: Mapping[str, Sequence[str]] = {}
) -> str:
    """The whole page.

    Args:
        now: aware, in the user's zone.
        words: what was said, a line a turn, by the take's id; empty = no words on the page.
    """
    takes = sum(len(each.takes) for each in courses) + sum(len(each.takes) for each in drills)
    body = [
        '<header><h1>Progress</h1><p class="aside">'
        f"Bow Out, as of {short_day(now.date())}, {now:%H:%M}. {takes} take{'' if takes == 1 else 's'}.</p></header>",
        "<main>",
        *_ready(courses),
        *(part for n, each in enumerate(courses) for part in _course(each, f"c{n}", now, words)),
        *_drills(drills, now),
        *_key(),
        "</main>",
    ]
    return document("Progress", body)


def _ready(courses: Sequence[Course]) -> Iterator[str]:
    yield '<section aria-labelledby="ready"><h2 id="ready">Ready or not</h2>'
    rows = []
    for n, each in enumerate(courses):
        stated = each.statement
        if stated is not None:
            following = f" Next: {_text(stated.next)}." if stated.next else ""
            rows.append(
                f'<tr><th scope="row"><a href="#c{n}">{_text(each.title)}</a></th>'
                f'<td class="standing {stated.standing}">{GLYPHS[stated.standing]} {WORDS[stated.standing]}</td>'
                f"<td>{_text(stated.basis)}.{following}</td></tr>"
            )
    if rows:
        yield table("One row for each call that was rehearsed", ("Call", "", "What it rests on"), rows)
    else:
        yield "<p>No whole call has been marked so far. Rehearse one, and it will be here.</p>"
    yield "</section>"


def _course(course: Course, identity: str, now: datetime, words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield f'<section aria-labelledby="{identity}"><h2 id="{identity}">{_text(course.title)}</h2>'
    yield f'<p class="aside">{_text(when_last(course.takes, now))}.</p>'
    if course.statement:
        yield f"<p>{_text(course.statement.sentence())}</p>"
    yield '<div class="charts">'
    for made in course.series:
        if made.points:
            yield _figure(made, f"{identity}-{made.gauge.id}", course.title, now)
    yield "</div>"
    yield from _items(course)
    yield from _takes(course.takes, now)
    said = [(take, words[take.id]) for take in course.takes[:ROWS] if words.get(take.id)]
    if said:
        yield "<details><summary>What was said</summary>"
        for take, turns in said:
            lines = "".join(f"<p>{_text(turn)}</p>" for turn in turns)
            yield f"<h3>{_text(_when(take, now))}: {take.score} of 100</h3><blockquote>{lines}</blockquote>"
        yield "</details>"
    yield "</section>"


def _figure(made: Series, identity: str, title: str, now: datetime) -> str:
    """A chart with its figures in words below it."""

    def day(point: Point) -> str:
        at = moment(point.at, now)
        return "" if at is None else short_day(at.date())

    label = made.gauge.label
    described = describe(made)
    chart = svg(made, identity, f"{one_line(label)}: {one_line(title)}", described, day)
    return f"<figure><figcaption><strong>{_text(label)}</strong> {escape(described)}</figcaption>{chart}</figure>"


def describe(made: Series) -> str:
    """What a chart shows, as a sentence or two."""
    gauge = made.gauge
    if made.now is None:
        return f"{len(made.points)} disputed; nothing counts."
    before = "" if made.before is None else f" (was {gauge.number(made.before)})"
    best = "" if made.best is None else f", best {gauge.number(made.best)}"
    inside, of = made.inside
    aim = f" Aim {gauge.aim}: {inside} of {of}." if gauge.aim else ""
    shown = f" The newest {MOST} are shown." if len(made.points) > MOST else ""
    return f"{gauge.words(made.now)} of late{before}{best}.{aim}{shown}"


def _items(course: Course) -> Iterator[str]:
    rows = []
    for each in course.strips:
        heard, of = each.heard
        late = "" if each.share is None else f"{100 * each.share:.0f} %"
        cells = escape(text(strip(each, CELLS)))
        rows.append(
            f'<tr><th scope="row">{_text(item_words(each.item))}</th>'
            f'<td class="strip"><span aria-hidden="true">{cells}</span></td>'
            f"<td>{heard} of {of}</td><td>{late}</td></tr>"
        )
    if rows:
        heads = ("Item", "From take to take", "Heard", "Of late")
        yield f"<h3>What was said of what is asked</h3>{table(STRIP_KEY, heads, rows)}"


def _takes(takes: Sequence[Take], now: datetime) -> Iterator[str]:
    gauges = [gauge for gauge in GAUGES.values() if gauge.id != "score"]
    heads = ("When", "Mode", "Score", *(f"{gauge.label}, {gauge.unit}" for gauge in gauges))
    rows = []
    for take in takes[:ROWS]:
        verdict = "disputed" if take.disputed else "passed" if take.passed else "not yet"
        values = [getattr(take, gauge.id) for gauge in gauges]
        cells = ["–" if value is None else gauge.number(value) for gauge, value in zip(gauges, values, strict=True)]
        mode = _text(take.mode if take.ear != "typed" else f"{take.mode}, typed")
        rows.append(
            f'<tr><th scope="row">{_text(_when(take, now))}</th><td>{mode}</td><td>{take.score}, {verdict}</td>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>"
        )
    newest = "" if len(takes) <= ROWS else f", the newest {ROWS} of {len(takes)}"
    yield f"<details><summary>The figures as a table</summary>{table(f'Newest first{newest}', heads, rows)}</details>"


def _drills(drills: Sequence[DrillCourse], now: datetime) -> Iterator[str]:
    if not drills:
        return
    yield '<section aria-labelledby="drills"><h2 id="drills">Drills</h2>'
    for n, each in enumerate(drills):
        yield f'<h3>{_text(each.title)}</h3><p class="aside">{_text(when_last(each.takes, now))}.</p>'
        gauge = each.series.gauge
        if each.standing is not None:
            parts = [
                f"{name} {gauge.words(value)}"
                for name, value in (
                    ("best", each.standing.best), ("median of the last five", each.standing.median_of_last_five)
                )
                if value is not None
            ]  # fmt: skip
            if parts:
                yield f"<p>{_text('; '.join(parts))}.</p>"
        if each.series.points:
            yield f'<div class="charts">{_figure(each.series, f"d{n}", each.title, now)}</div>'
            rows = [
                f'<tr><th scope="row">{_text(_when(take, now))}</th>'
                f"<td>{'–' if take.figure is None else _text(gauge.words(take.figure))}</td>"
                f"<td>{'met' if take.met else 'not yet' if take.met is not None else '–'}</td></tr>"
                for take in each.takes[:ROWS]
            ]
            figures = table("Newest first", ("When", "Figure", "Gate"), rows)
            yield f"<details><summary>The figures as a table</summary>{figures}</details>"
    yield "</section>"


def _key() -> Iterator[str]:
    yield (
        '<section aria-labelledby="key"><h2 id="key">How to read this</h2><ul>'
        "<li>A filled point is a live take, a hollow one practice, a cross a take of which a mark is disputed: it is "
        "shown and counts for nothing.</li>"
        f"<li>The line is the mean of late: a take weighs half of what the one {HALF_LIFE} takes after it weighs; "
        f"“was” is the same {HALF_LIFE} takes before.</li>"
        "<li>The shaded band is the aim. What was not measured has no point.</li></ul></section>"
    )


def _when(take: Take, now: datetime) -> str:
    at = moment(take.started_at, now)
    return "at an unknown time" if at is None else f"{short_day(at.date())}, {at:%H:%M}"


__all__ = ["CELLS", "ROWS", "describe", "page"]
