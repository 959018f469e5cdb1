"""Reads from the records what progress is shown of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bowout.core.drills import Drill
from bowout.core.progress import Course, DrillCourse, courses, drill_courses
from bowout.core.ready import Statement, statement
from bowout.ports import AttemptSummary, HistoryQuery, Records

TAKES = 200
"""Takes of a scenario or a drill that are looked at: the newest."""
STATED = 40
"""Takes of a scenario that a statement rests on, where nothing else is made of them."""


def all_courses(records: Records, now: datetime, scenario: str = "") -> list[Course]:
    """The whole calls of every scenario, or of one, the newest scenario first. Reads the index: for a thread."""
    ids = dict.fromkeys(row.scenario for row in records.latest() if scenario in ("", row.scenario))
    made = [course for identity in ids for course in courses(_whole_calls(records, identity, TAKES), now)]
    return sorted(made, key=lambda course: course.takes[0].started_at, reverse=True)


def all_statements(records: Records, now: datetime) -> list[tuple[str, Statement]]:
    """Each scenario's title and what can be said of it, the newest first. Reads the index: for a thread."""
    made: list[tuple[str, str, Statement]] = []
    for identity in dict.fromkeys(row.scenario for row in records.latest()):
        groups: dict[str, list[AttemptSummary]] = {}
        for row in _whole_calls(records, identity, STATED):
            groups.setdefault(row.title, []).append(row)
        made += [(rows[0].started_at, title, statement(rows, now)) for title, rows in groups.items()]
    made.sort(key=lambda each: each[0], reverse=True)
    return [(title, stated) for _, title, stated in made]


def all_drills(records: Records, drills: Iterable[Drill], scenario: str = "") -> list[DrillCourse]:
    """The runs of every drill, of any scenario or of one, the newest first. Runs of drills that are gone are found if
    they are among the newest takes. Reads the index: for a thread."""
    known = list(drills)
    recent = records.recent(TAKES, scenario=scenario)
    keys = dict.fromkeys([*(row.drill for row in recent if row.drill), *(drill.key for drill in known)])
    rows: list[AttemptSummary] = []
    for key in keys:
        rows += records.recent(TAKES, drill=key, scenario=scenario)
    return drill_courses(rows, known)


def _whole_calls(records: Records, scenario: str, limit: int) -> list[AttemptSummary]:
    """The newest marked ones of a scenario, however many runs of drills came after them."""
    rows = records.page(HistoryQuery(scenario=scenario, drill=""), limit=limit).rows
    return [row for row in rows if row.score is not None]


__all__ = ["STATED", "TAKES", "all_courses", "all_drills", "all_statements"]
