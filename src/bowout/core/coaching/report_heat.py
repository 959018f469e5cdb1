"""Learners and items as a table: a sign in every cell, a word for whoever can't see it, and a shade beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bowout.core.coaching.report import Learner, Sheet, ordered
from bowout.core.coaching.standing import Missed
from bowout.core.coaching.words import criterion_words
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.page_parts import text

COLUMNS = 24
"""Criteria of the map: published ones, then a call's own that are missed most."""
_CELLS = {
    "heard": ("h", "✓", "heard"),
    "not_heard": ("m", "✗", "left out"),
    "unsure": ("u", "?", "unsure"),
    "found": ("f", "!", "made"),
    "not_found": ("", "", "not made"),
    "": ("", "", "not asked"),
}
KEY = "✓ heard  ✗ left out  ? unsure  ! fault made  (blank) not asked, or not made"
_REACHED = {True: ("✓", "reached the mark"), False: ("✗", "below the mark"), None: ("?", "not known")}


def heat_map(sheet: Sheet, identity: str, rows: int) -> Iterator[str]:
    """The section. Of a fault that nobody made there is no column.

    Args:
        identity: unique on the page.
        rows: learners at most.
    """
    yield f'<section aria-labelledby="{identity}"><h2 id="{identity}">Who missed what</h2>'
    learners = [each for each in sheet.learners if each.states]
    if not learners:
        yield "<p>No marks were sent so far.</p></section>"
        return
    columns = _columns(sheet)
    yield f'<div class="wide" role="region" tabindex="0" aria-labelledby="{identity}"><table class="heat">'
    yield f"<caption>{escape(KEY)}</caption><thead><tr><td></td><th scope='col'>Score</th><th scope='col'>Mark</th>"
    yield "".join(f'<th scope="col"><span>{text(_head(each))}</span></th>' for each in columns)
    yield "</tr></thead><tbody>"
    for each in learners[:rows]:
        yield _row(each, columns)
    yield '</tbody><tfoot><tr><th scope="row">Missed by</th><td></td><td></td>'
    yield "".join(f"<td>{each.missed}/{each.of}</td>" for each in columns)
    yield "</tr></tfoot></table></div>"
    if len(learners) > rows:
        yield f"<p>The first {rows} of {len(learners)} are shown; a table with --csv has all.</p>"
    left_out = sum(not each.fault or each.missed > 0 for each in sheet.missed) - len(columns)
    if left_out > 0:
        yield f"<p>{left_out} more are in the table with --csv.</p>"
    yield "</section>"


def _columns(sheet: Sheet) -> list[Missed]:
    of = {each.criterion: each for each in sheet.missed if not each.fault or each.missed}
    published = [each for each in of if each in ITEMS or each in FAULTS]
    own = [each for each in of if each not in published]
    chosen = [*published, *own][:COLUMNS]
    return [of[each] for each in ordered(chosen, [each for each in chosen if of[each].fault])]


def _head(each: Missed) -> str:
    return criterion_words(each.criterion)


def _row(learner: Learner, columns: Sequence[Missed]) -> str:
    standing = learner.standing
    sign, word = _REACHED[standing.reached]
    score = "" if standing.score is None else str(standing.score)
    cells = [f'<th scope="row">{text(learner.name)}</th><td>{score}</td>{_cell("", sign, word)}']
    cells += [_cell(*_CELLS[learner.states.get(each.criterion, "")]) for each in columns]
    return f"<tr>{''.join(cells)}</tr>"


def _cell(shade: str, sign: str, word: str) -> str:
    kind = f' class="{shade}"' if shade else ""
    shown = f'<span aria-hidden="true">{sign}</span>' if sign else ""
    return f'<td{kind}>{shown}<span class="sr">{word}</span></td>'


__all__ = ["COLUMNS", "KEY", "heat_map"]
