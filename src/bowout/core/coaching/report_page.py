"""A class as one HTML file that needs nothing else: no script, no request, figures and names alone.

What a coach needs within a minute stands on its first screen: who is missing, who is below the mark, and the two items
that are missed most. Every text from outside goes through ``text``; every list has an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from bowout.core.coaching.lessons import Lesson
from bowout.core.coaching.report import Counted, Learner, Sheet, newest_known, spread
from bowout.core.coaching.report_charts import SPARK, bar_words, bars, histogram, spark
from bowout.core.coaching.report_heat import heat_map
from bowout.core.coaching.report_style import REPORT_STYLE
from bowout.core.coaching.standing import Missed, counts
from bowout.core.coaching.takes import STATE_WORDS
from bowout.core.coaching.words import criterion_words
from bowout.core.page_parts import document, table, text
from bowout.core.takes import short_day

NAMES = 48
"""Names of a list on the first screen."""
COLUMN = 16
"""Names from which a list has two columns."""
ROWS = 400
"""Rows of a table."""
SHEETS = 12
"""Assignments of a page: the newest."""
NEEDED = 20
"""Names of those who need a lesson."""


def page(
    sheets: Sequence[Sheet], lessons: Sequence[Lesson], titles: Mapping[str, str], now: datetime, *, pseudonyms: bool
) -> str:
    """The whole page.

    Args:
        sheets: at least one, the newest first; the first screen is about that one.
        lessons: by the ``newest_known`` of them.
        titles: of the pages of the guide, by id.
        now: aware, in the coach's zone.
        pseudonyms: the names are none.
    """
    newest, shown = sheets[0], sheets[:SHEETS]
    body = [
        f'<header><h1>{text(newest.class_name)}</h1><p class="aside">{_under(newest, now, pseudonyms=pseudonyms)}</p>',
        "</header><main>",
        *_sheet(newest, "a0"),
        *_over_time(shown),
        *_teach(lessons, titles, "" if newest_known(sheets) is newest else newest_known(sheets).title),
    ]
    for at, each in enumerate(shown[1:], start=1):
        due = "" if each.assignment.terms.due is None else f", due {_moment(each.assignment.terms.due, now)}"
        body += [f'<h2 id="s{at}">Earlier: {text(each.title)}{due}</h2>', *_sheet(each, f"a{at}")]
    if len(sheets) > SHEETS:
        body.append(f"<p>{len(sheets) - SHEETS} earlier assignments are not shown.</p>")
    body += [*_key(), "</main>"]
    return document(newest.class_name, body, REPORT_STYLE)


def _under(newest: Sheet, now: datetime, *, pseudonyms: bool) -> str:
    terms = newest.assignment.terms
    due = "" if terms.due is None else f", due {_moment(terms.due, now)}"
    over = " (over)" if terms.due is not None and now > terms.due else ""
    mark = "to pass" if terms.mark is None else f"a score of {terms.mark}"
    masked = " Names are replaced." if pseudonyms else ""
    told = f"The mark: {mark}. Bow Out, as of {_moment(now, now)}.{masked}"
    return f"<strong>{text(newest.title)}</strong>{due}{over}. {told}"


def _sheet(sheet: Sheet, identity: str) -> Iterator[str]:
    yield from _glance(sheet, identity)
    yield from heat_map(sheet, f"{identity}-heat", ROWS)
    yield from _spread(sheet, f"{identity}-spread")


# The first screen.


def _glance(sheet: Sheet, identity: str) -> Iterator[str]:
    first = ' class="first"' if identity == "a0" else ""
    yield f'<section aria-labelledby="{identity}"><h2 id="{identity}"{first}>At a glance</h2><p>{_counted(sheet)}</p>'
    yield '<div class="glance">'
    missing = [(each.name, "") for each in sheet.missing]
    below = [(each.name, "" if each.standing.score is None else str(each.standing.score)) for each in sheet.below]
    yield _card(f"Missing: {len(missing)}", missing, "Everybody has sent something.")
    yield _card(f"Below the mark: {len(below)}", below, "Nobody whose marks were sent is below it.")
    yield from _missed_most(sheet)
    yield "</div></section>"


def _counted(sheet: Sheet) -> str:
    rows = [each.standing for each in sheet.learners]
    told = counts(rows)
    reached = sum(row.reached is True for row in rows)
    open_ = sum(row.latest is not None and row.reached is None for row in rows)
    gone = sum(row.withdrawn and row.latest is None for row in rows)
    late = sum(row.late and row.latest is not None for row in rows)
    parts = [f"{told.sent} of {told.people} have sent", f"{reached} reached the mark"]
    parts += [f"{late} came late"] if late else []
    parts += [f"of {open_} it is not known: no marks were sent, or one is disputed"] if open_ else []
    parts += [f"{gone} {'has' if gone == 1 else 'have'} withdrawn"] if gone else []
    parts += [f"{told.to_review} {'is' if told.to_review == 1 else 'are'} to be reviewed"] if told.to_review else []
    return f"{'; '.join(parts)}."


def _card(title: str, rows: Sequence[tuple[str, str]], empty: str) -> str:
    if not rows:
        return f'<div class="card"><h3>{escape(title)}</h3><p>{empty}</p></div>'
    cells = "".join(
        f"<li><span>{text(name)}</span>{f'<span>{escape(figure)}</span>' if figure else ''}</li>"
        for name, figure in rows[:NAMES]
    )
    more = f"<p>and {len(rows) - NAMES} more, in the table of takes below.</p>" if len(rows) > NAMES else ""
    many = ' class="many"' if len(rows) > COLUMN else ""
    return f'<div class="card"><h3>{escape(title)}</h3><ul{many}>{cells}</ul>{more}</div>'


def _missed_most(sheet: Sheet) -> Iterator[str]:
    items = [each for each in sheet.missed if each.missed and not each.fault][:2]
    faults = [each for each in sheet.missed if each.missed and each.fault][:1]
    yield '<div class="card"><h3>Missed most</h3>'
    if items:
        yield f"<ol>{''.join(_miss(each) for each in items)}</ol>"
    else:
        yield "<p>Nothing that was asked is missed by anybody.</p>"
    if faults:
        yield f"<h4>The fault made most</h4><ol>{_miss(faults[0])}</ol>"
    yield '<p><a href="#teach">What to teach next</a></p></div>' if items or faults else "</div>"


def _miss(each: Missed) -> str:
    return (
        f"<li><strong>{text(criterion_words(each.criterion))}</strong>: {_by(each)}"
        f'<span class="meter" aria-hidden="true"><span style="width:{100 * each.share:.0f}%"></span></span></li>'
    )


def _by(each: Missed) -> str:
    unsure = f", {each.unsure} unsure" if each.unsure else ""
    return f"{'made' if each.fault else 'left out'} by {each.missed} of {each.of}{unsure}"


# How the scores are spread.


def _spread(sheet: Sheet, identity: str) -> Iterator[str]:
    yield f'<section aria-labelledby="{identity}"><h2 id="{identity}">How the scores are spread</h2>'
    if sheet.scores:
        told = spread(sheet.scores)
        chart = histogram(sheet.scores, sheet.mark, f"{identity}-c", "Scores of the class", f"{told}.")
        of = "1 person" if len(sheet.scores) == 1 else f"{len(sheet.scores)} people"
        caption = f"<figcaption>{escape(told)}. {of}, the newest result of each.</figcaption>"
        yield f'<figure class="spread">{caption}{chart}</figure>'
        rows = [f'<tr><th scope="row">{bar_words(at)}</th><td>{n}</td></tr>' for at, n in enumerate(bars(sheet.scores))]
        figures = table("Scores, and how many have them", ("Score", "People"), rows)
        yield f"<details><summary>The figures as a table</summary>{figures}</details>"
    else:
        yield "<p>No marks were sent so far.</p>"
    yield "</section>"


# Each learner over time.


def _over_time(sheets: Sequence[Sheet]) -> Iterator[str]:
    of: dict[str, list[tuple[Sheet, Learner]]] = {}
    for sheet in reversed(sheets):
        for each in sheet.learners:
            of.setdefault(each.standing.person.id, []).append((sheet, each))
    order = {each.standing.person.id: at for at, each in enumerate(sheets[0].learners)}
    people = sorted(of, key=lambda person: order.get(person, len(order)))
    several = "" if len(sheets) == 1 else f" of {len(sheets)} assignments"
    yield '<section aria-labelledby="times"><h2 id="times">Each learner over time</h2>'
    caption = (
        f"Every take that counts{several}, the oldest first; scores with your word in force. ● live  ○ practice  "
        "× a mark is disputed  – no marks were sent; the dashed line is the mark"
    )
    heads = ("Learner", "Course", "Scores", "First to last", "Last take")
    rows = [_times(of[person]) for person in people[:ROWS]]
    yield '<div class="wide times" role="region" tabindex="0" aria-labelledby="times">'
    yield f"{table(caption, heads, rows)}</div>"
    if len(people) > ROWS:
        yield f"<p>The first {ROWS} of {len(people)} are shown; a table with --csv has all.</p>"
    yield "</section>"


def _times(parts: Sequence[tuple[Sheet, Learner]]) -> str:
    takes = [each for _, learner in parts for each in learner.takes]
    latest = parts[-1][1]
    name = f'<th scope="row">{text(latest.name)}{"" if latest.standing.listed else " (not on the roster)"}</th>'
    if not takes:
        state = "has withdrawn" if latest.standing.withdrawn else "nothing yet"
        return f"<tr>{name}<td></td><td>{state}</td><td></td><td></td></tr>"
    marked = [each.take for each in takes if each.take.score is not None]
    signs = [
        (take.score or 0, "disputed" if take.disputed else "live" if take.mode == "live" else "practice")
        for take in marked
    ]
    sure = [take.score for take in marked if not take.disputed and take.score is not None]
    change = f"{sure[-1] - sure[0]:+d}".replace("-", "−") if len(sure) > 1 else ""
    older = f"{len(takes) - SPARK} earlier, then " if len(takes) > SPARK else ""
    scores = older + ", ".join(_score(each) for each in takes[-SPARK:])
    line = spark(signs, parts[-1][0].mark) if signs else ""
    return (
        f"<tr>{name}<td>{line}</td><td>{escape(scores)}</td><td>{change}</td>"
        f"<td>{short_day(takes[-1].take.started.date())}</td></tr>"
    )


def _score(each: Counted) -> str:
    take = each.take
    if take.score is None:
        return STATE_WORDS[take.state] if take.state != "done" else "–"
    return f"{take.score}{' ×' if take.disputed else ''}"


# What to teach next.


def _teach(lessons: Sequence[Lesson], titles: Mapping[str, str], earlier: str) -> Iterator[str]:
    """``earlier``: title of the assignment that it is about, where that is not the newest."""
    yield '<section aria-labelledby="teach"><h2 id="teach">What to teach next</h2>'
    if earlier:
        yield f'<p class="aside">By what is missed in “{text(earlier)}”: nothing newer has come.</p>'
    if not lessons:
        yield "<p>Nothing stands out: nobody misses anything, or no marks were sent.</p>"
    yield '<div class="teach">'
    for each in lessons:
        yield f'<div class="card"><h3>{text(criterion_words(each.missed.criterion))}</h3><p>{_by(each.missed)}.</p>'
        yield from _trains(each, titles)
        named = ", ".join(text(learner.name) for learner in each.who[:NEEDED])
        more = f" and {len(each.who) - NEEDED} more" if len(each.who) > NEEDED else ""
        yield f"<p><strong>Who needs it:</strong> {named}{more}</p></div>"
    yield "</div></section>"


def _trains(lesson: Lesson, titles: Mapping[str, str]) -> Iterator[str]:
    rows = []
    if lesson.page in titles:
        rows.append(("Read", titles[lesson.page], f"bowout guide {lesson.page}"))
    if lesson.drill is not None:
        rows.append(("Drill", lesson.drill.title, f"bowout drill {lesson.drill.key}"))
    rows += [("Call", card.title, f"bowout call {card.key}") for card in lesson.calls]
    if not lesson.page:
        rows.append(("Call", "the same once more: no other one has this item", ""))
    for kind, title, command in rows:
        yield f"<p>{kind}: {text(title)}{f'<br><code>{text(command)}</code>' if command else ''}</p>"


def _key() -> Iterator[str]:
    yield (
        '<section aria-labelledby="key"><h2 id="key">How to read this</h2><ul>'
        "<li>The newest result of each counts, with your word in place of the program's where you gave one. In several "
        "calls of one person the worst counts.</li>"
        "<li>An item is missed where it was owed and not heard. What nobody could be sure of is no miss.</li>"
        "<li>The program listens for words and knows nothing of a person. Listen to a call before you judge by a "
        "figure.</li></ul></section>"
    )


def _moment(at: datetime, now: datetime) -> str:
    there = at.astimezone(now.tzinfo)
    return f"{short_day(there.date())}, {there:%H:%M}"


__all__ = ["NAMES", "NEEDED", "ROWS", "SHEETS", "page"]
