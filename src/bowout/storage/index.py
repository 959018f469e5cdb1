"""The list of attempts, kept in SQLite so that it opens at once. The folders are the truth; this may be thrown away.

A row carries a stamp of its folder (sizes and time of change). Reading the list compares stamps and reads again only
the folders that changed, so it can be missing, damaged, behind, or written by another process at the same time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, fields
from pathlib import Path

from bowout.ports import AttemptSummary
from bowout.storage.atomic import PRIVATE
from bowout.storage.migrations import NewerIndex, migrate

_log = logging.getLogger(__name__)

BUSY_S = 5.0
"""Seconds to wait for another process that writes."""
_COLUMNS = ", ".join(field.name for field in fields(AttemptSummary))
_MARKS = ", ".join("?" * (len(fields(AttemptSummary)) + 1))
_TEXTS = ("id", "started_at", "scenario", "title", "intent", "mode", "ear")

Summarise = Callable[[str], "AttemptSummary | None"]
"""Reads one attempt's folder; ``None`` if it can't be read (any more)."""


class Index:
    """One database file. Opened for each operation, so it can be used from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def synced(self, stamps: Mapping[str, str], summarise: Summarise) -> list[AttemptSummary]:
        """All attempts, after bringing the index up to the folders. Never fails: without a usable index it reads
        them all.

        Args:
            stamps: id → stamp of each folder that is there.
            summarise: called for those whose row is missing or has another stamp.
        """
        if not stamps and not self._path.exists():
            return []
        for _ in range(2):
            try:
                with self._open() as db:
                    return _sync(db, stamps, summarise)
            except NewerIndex as error:
                _log.warning("%s", error.sentence())
                break
            except (sqlite3.DatabaseError, ValueError, TypeError) as error:
                if not _is_damage(error):
                    _log.warning("the index can't be used now: %s", error)
                    break
                _log.warning("the index is damaged and is made again: %s", error)
                self._remove()
            except OSError as error:
                _log.warning("the index can't be opened: %s", error)
                break
        return [summary for attempt_id in stamps if (summary := summarise(attempt_id))]

    def forget(self, attempt_id: str) -> None:
        """Remove one row and leave no trace of it in the file or its log. Never fails: a row without a folder is
        removed by the next ``synced`` as well."""
        if not self._path.exists():
            return
        try:
            with self._open() as db:
                db.execute("DELETE FROM attempts WHERE id = ?", (attempt_id,))
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except NewerIndex as error:
            _log.warning("%s", error.sentence())
        except (sqlite3.DatabaseError, OSError) as error:
            if _is_damage(error):
                self._remove()
            else:
                _log.warning("the index can't be used now: %s", error)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE))  # SQLite gives its log the same mode
        db = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)
        try:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            migrate(db)
            yield db
        finally:
            db.close()

    def _remove(self) -> None:
        for suffix in ("-wal", "-shm", ""):
            with contextlib.suppress(OSError):  # Windows: another process has it open; that one makes it again
                self._path.with_name(self._path.name + suffix).unlink()


def _is_damage(error: Exception) -> bool:
    """Whether the file itself is broken; locked, read-only and a full disk are not its fault."""
    if isinstance(error, sqlite3.OperationalError):
        return str(error).startswith(("no such", "table "))
    return not isinstance(error, OSError)


def _sync(db: sqlite3.Connection, stamps: Mapping[str, str], summarise: Summarise) -> list[AttemptSummary]:
    known = {row[-1]: row[:-1] for row in db.execute(f"SELECT {_COLUMNS}, stamp, id FROM attempts")}
    fresh: dict[str, AttemptSummary | None] = {}
    for attempt_id, stamp in stamps.items():
        if attempt_id not in known or known[attempt_id][-1] != stamp:
            fresh[attempt_id] = summarise(attempt_id)
    gone = [attempt_id for attempt_id in known if attempt_id not in stamps or fresh.get(attempt_id, 0) is None]
    changed = [(*astuple(summary), stamps[attempt_id]) for attempt_id, summary in fresh.items() if summary]
    if gone or changed:
        db.execute("BEGIN IMMEDIATE")
        try:
            db.executemany("DELETE FROM attempts WHERE id = ?", ((attempt_id,) for attempt_id in gone))
            db.executemany(f"INSERT OR REPLACE INTO attempts ({_COLUMNS}, stamp) VALUES ({_MARKS})", changed)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
    kept = (fresh[i] if i in fresh else _summary(known[i][:-1]) for i in stamps)
    return [summary for summary in kept if summary]


def _summary(row: tuple[object, ...]) -> AttemptSummary:
    """Raises ``TypeError`` for a row that this program has not written: SQLite takes any type in any column."""
    made = dict(zip((field.name for field in fields(AttemptSummary)), row, strict=True))
    if not all(isinstance(made[name], str) for name in _TEXTS) or not isinstance(made["seconds"], float):
        raise TypeError(f"a strange row: {row!r:.80}")
    if made["passed"] is not None:
        made["passed"] = bool(made["passed"])
    made["audio"], made["disputed"] = bool(made["audio"]), bool(made["disputed"])
    return AttemptSummary(**made)  # type: ignore[arg-type]
