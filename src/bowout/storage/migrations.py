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
    """
    ALTER TABLE attempts ADD COLUMN pack TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempts ADD COLUMN difficulty INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN drill TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempts ADD COLUMN [case] TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempts ADD COLUMN assignment TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempts ADD COLUMN figure REAL;
    ALTER TABLE attempts ADD COLUMN met INTEGER;
    ALTER TABLE attempts ADD COLUMN words_per_minute REAL;
    ALTER TABLE attempts ADD COLUMN fillers_per_minute REAL;
    ALTER TABLE attempts ADD COLUMN longest_pause_s REAL;
    ALTER TABLE attempts ADD COLUMN spoken_s REAL;
    ALTER TABLE attempts ADD COLUMN point_s REAL;
    ALTER TABLE attempts ADD COLUMN items TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE attempts ADD COLUMN faults TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE attempts ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempts ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN reviewed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN audio_bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN other_bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN found_by TEXT NOT NULL DEFAULT '';
    CREATE INDEX by_settled ON attempts (settled, id);
    CREATE INDEX marked ON attempts (scenario, title, drill, id, score) WHERE score IS NOT NULL;
    CREATE INDEX drilled ON attempts (drill, id, score) WHERE score IS NOT NULL;
    CREATE INDEX heard ON attempts (id) WHERE audio = 1 AND kept = 0;
    CREATE TABLE compared (mark INTEGER NOT NULL, count INTEGER NOT NULL);
    UPDATE attempts SET stamp = ''
    """,  # not settled: what the new columns tell has to be read from the folders once
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
