"""The index's tables, one step a version. A step that has been released is never changed: a new one is added."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bowout.errors import BowoutError

MIGRATIONS: Sequence[str] = (
    """
    CREATE TABLE attempts (
        id           TEXT PRIMARY KEY,
        started_at   TEXT NOT NULL,
        scenario     TEXT NOT NULL,
        title        TEXT NOT NULL,
        intent       TEXT NOT NULL,
        mode         TEXT NOT NULL,
        ear          TEXT NOT NULL,
        score        INTEGER,
        passed       INTEGER,
        outcome      TEXT,
        seconds      REAL NOT NULL,
        audio        INTEGER NOT NULL,
        stamp        TEXT NOT NULL   -- what the folder looked like when this row was made
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE attempts ADD COLUMN disputed INTEGER NOT NULL DEFAULT 0;
    UPDATE attempts SET stamp = ''
    """,  # a row without a valid stamp is read again: nobody has looked for disputes in its folder yet
)
"""``MIGRATIONS[n]`` brings version n to n + 1. No words anybody said are kept here, so nothing has to be wiped."""


class NewerIndex(BowoutError):
    """A newer version of the program made the index; it is left alone."""


def migrate(db: sqlite3.Connection, steps: Sequence[str] = MIGRATIONS) -> int:
    """Bring a database to the newest version, all steps or none; returns the version it had.

    Raises:
        NewerIndex: it is newer than the steps known here.
        sqlite3.Error: the database is damaged, locked or can't be written.
    """
    (had,) = db.execute("PRAGMA user_version").fetchone()
    if had > len(steps):
        raise NewerIndex(f"The index has version {had}, this program knows {len(steps)}.", "Update bowout.")
    if had == len(steps):
        return int(had)
    db.execute("BEGIN IMMEDIATE")
    try:
        (had,) = db.execute("PRAGMA user_version").fetchone()  # another process may have been quicker
        for step in steps[had:]:
            for statement in filter(str.strip, step.split(";")):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(steps)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    return int(had)
