"""What is asked of the index, in SQL. Each function takes an open database that is up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timezone

from bowout.errors import InputError
from bowout.ports import ALL, AttemptSummary, HistoryPage, HistoryQuery
from bowout.storage.rows import COLUMNS, bindable, found_in, summary_of


def everything(db: sqlite3.Connection) -> list[AttemptSummary]:
    """All attempts, newest first."""
    return _read(db, "ORDER BY id DESC")


def page(db: sqlite3.Connection, query: HistoryQuery, offset: int, limit: int) -> HistoryPage:
    """A part of what the query finds, newest first. Raises ``InputError`` for a time that is none."""
    where, values = _conditions(query)
    (total,) = db.execute(f"SELECT count(*) FROM attempts {where}", values).fetchone()
    offset = _within(offset)
    rows = _read(db, f"{where} ORDER BY id DESC LIMIT ? OFFSET ?", *values, _within(limit), offset)
    return HistoryPage(tuple(rows), total, offset)


def latest(db: sqlite3.Connection) -> list[AttemptSummary]:
    """The newest marked attempt of each scenario, title and drill, newest first."""
    newest = "SELECT max(id) FROM attempts WHERE score IS NOT NULL GROUP BY scenario, title, drill"
    return _read(db, f"WHERE id IN ({newest}) ORDER BY id DESC")


def recent(db: sqlite3.Connection, limit: int, scenario: str, drill: str) -> list[AttemptSummary]:
    """The newest marked attempts, newest first; of a scenario or a drill if they are not empty."""
    where, values = _all_of({"scenario = ?": scenario, "drill = ?": drill})
    where += " AND score IS NOT NULL" if where else "WHERE score IS NOT NULL"
    return _read(db, f"{where} ORDER BY id DESC LIMIT ?", *values, _within(limit))


def sizes(db: sqlite3.Connection) -> tuple[int, int, int]:
    """How many attempts; bytes of their recordings, and of the rest."""
    asked = "SELECT count(*), coalesce(sum(audio_bytes), 0), coalesce(sum(other_bytes), 0) FROM attempts"
    count, audio, other = db.execute(asked).fetchone()
    return count, audio, other


def served(db: sqlite3.Connection, before: str) -> list[str]:
    """Attempts whose recording may have served: the review was closed, or they were begun before this moment (ISO 8601,
    UTC); not those that are kept."""
    asked = "SELECT id FROM attempts WHERE audio = 1 AND kept = 0 AND (reviewed = 1 OR started_at < ?) ORDER BY id"
    return [attempt_id for (attempt_id,) in db.execute(asked, (before,))]


def _read(db: sqlite3.Connection, how: str, *values: object) -> list[AttemptSummary]:
    return [summary_of(row) for row in db.execute(f"SELECT {COLUMNS} FROM attempts {how}", values)]


def _conditions(query: HistoryQuery) -> tuple[str, list[object]]:
    """The ``WHERE`` of a query and its values; every value is bound and never part of the SQL."""
    wanted = {
        "scenario = ?": query.scenario,
        "mode = ?": query.mode,
        "intent = ?": query.intent,
        "started_at >= ?": _moment(query.since),
        "started_at < ?": _moment(query.until),
    }
    where, values = _all_of(wanted)
    more = []
    if query.drill is not None:
        more.append("drill = ?")
        values.append(bindable(query.drill))
    if query.passed is not None:
        more.append("score IS NOT NULL AND passed IS ?")
        values.append(query.passed)
    for word in found_in(bindable(query.text)).split():
        more.append("instr(found_by, ?) > 0")
        values.append(word)
    if more:
        where = f"{where} AND {' AND '.join(more)}" if where else f"WHERE {' AND '.join(more)}"
    return where, values


def _all_of(wanted: Mapping[str, str]) -> tuple[str, list[object]]:
    """Those conditions whose value is not empty."""
    asked = {condition: bindable(value) for condition, value in wanted.items() if value}
    return (f"WHERE {' AND '.join(asked)}" if asked else ""), list(asked.values())


def _within(number: int) -> int:
    return min(max(0, number), ALL)


def _moment(text: str) -> str:
    """A moment as ``started_at`` writes it, so that texts compare like times. Empty stays empty."""
    if not text:
        return ""
    try:
        read = datetime.fromisoformat(text[:-1] + "+00:00" if text[-1] in "Zz" else text)
        return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)).astimezone(timezone.utc).isoformat(
            timespec="milliseconds"
        )  # fmt: skip
    except (ValueError, OverflowError) as error:
        raise InputError(f"“{text}” is no day and no time.", "Such as 2026-05-04 or 2026-05-04T09:30.") from error


__all__ = ["everything", "latest", "page", "recent", "served", "sizes"]
