"""A class as a table: a row for each take that counts, and one for whoever has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from bowout.core import history_csv
from bowout.core.coaching.report import Counted, Learner, Sheet
from bowout.core.coaching.verdict import coach_states

FIELDS = (
    "class", "assignment", "title", "due", "learner", "number", "email", "listed", "state", "late", "result_score",
    "reached", "take", "call", "started_at", "mode", "ear", "drill", "ended", "seconds", "score", "passed",
    "success", "disputed", "sent", "items", "faults",
)  # fmt: skip
"""Columns in their order; ``items`` and ``faults`` become those of ``history_csv``.

``result_score`` and ``reached`` are the learner's, of the newest result; ``score``, ``passed`` and ``success`` (as good
as was asked) the take's. ``state`` is ``sent``, ``missing`` or ``withdrawn``.
"""


def lines(sheets: Iterable[Sheet], *, pseudonyms: bool) -> Iterator[str]:
    """The header and the rows, without line ends: by assignment, by learner, the oldest take first.

    Args:
        sheets: of any classes.
        pseudonyms: numbers and addresses are left out.
    """
    rows = (row for sheet in sheets for learner in sheet.learners for row in _rows(sheet, learner))
    hidden = ("number", "email") if pseudonyms else ()
    return history_csv.lines(rows, [name for name in FIELDS if name not in hidden])


def _rows(sheet: Sheet, learner: Learner) -> Iterator[Mapping[str, Any]]:
    standing, terms = learner.standing, sheet.assignment.terms
    common = {
        "class": sheet.class_name,
        "assignment": sheet.assignment.id,
        "title": sheet.title,
        "due": _utc(terms.due),
        "learner": learner.name,
        "number": standing.person.number,
        "email": standing.person.email,
        "listed": standing.listed,
        "state": "withdrawn" if standing.withdrawn and standing.latest is None else standing.state,
        "late": standing.late,
        "result_score": standing.score,
        "reached": standing.reached,
    }
    for counted in learner.takes:
        yield common | _take(sheet, counted)
    if not learner.takes:
        yield dict.fromkeys(FIELDS) | common | {"items": {}, "faults": ()}


def _take(sheet: Sheet, counted: Counted) -> dict[str, Any]:
    take, sent = counted.take, counted.sent
    states = {} if sent is None or counted.of is None else coach_states(sent, counted.of.review)
    of_faults = {} if sent is None or sent.marks is None else sent.marks["faults"]
    return {
        "take": take.number,
        "call": take.scenario,
        "started_at": _utc(take.started),
        "mode": take.mode,
        "ear": take.ear,
        "drill": take.drill,
        "ended": take.state,
        "seconds": round(take.seconds, 1),
        "score": take.score,
        "passed": take.passed,
        "success": sheet.success(counted),
        "disputed": take.disputed,
        "sent": sent is not None and sent.marks is not None,
        "items": {each: state for each, state in states.items() if each not in of_faults},
        "faults": [each for each in of_faults if states[each] == "found"],
    }


def _utc(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(timezone.utc).isoformat(timespec="seconds")


__all__ = ["FIELDS", "lines"]
