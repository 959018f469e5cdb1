"""The list of attempts, kept in SQLite so that it opens at once. The folders are the truth; this may be thrown away.

A row carries a stamp of its folder (sizes and time of change) and whether it is *settled*: nothing will be written
there without ``unsettle`` being called before and after. Each question first brings the index up to the folders: new
ones are read, rows without a folder go, rows that are not settled are compared with their stamp. ``verify`` compares
all. So the file can be missing, damaged, behind, or written by another process at the same time.

The database lies in a folder of its own, so that its log, which comes and goes, leaves the time alone at which an
attempt last did. While that stands, not even the names are looked at.

Where the file can't be used (made by a newer version, a full disk, a folder that can't be written), the same tables are
made in memory from the folders, and every question compares all of them.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import chain
from pathlib import Path
from typing import Protocol, TypeVar

from bowout.paths import private_dir
from bowout.storage.atomic import PRIVATE
from bowout.storage.migrations import NewerIndex, migrate
from bowout.storage.rows import ALL_COLUMNS, MARKS, Row, values_of

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")

BUSY_S = 5.0
"""Seconds to wait for another process that writes."""
_BATCH = 200
"""Folders that are read in one transaction: others who want to write wait that long."""


class Folders(Protocol):
    """The attempts as they lie on the disk."""

    def mark(self) -> int | None:
        """Another number whenever a folder has come or gone; ``None`` while that can't be told."""

    def names(self, known: Set[str] = frozenset()) -> Set[str]:
        """Ids of all folders that are there now; ``known`` are ids that need not be looked at twice."""

    def stamp(self, attempt_id: str) -> str | None:
        """What the folder looks like now; ``None`` if it holds no record (any more)."""

    def row(self, attempt_id: str) -> Row | None:
        """Read the folder; ``None`` if it can't be read (any more)."""

    def young(self, attempt_id: str) -> bool:
        """Whether somebody may still be writing into it without having told the index."""


class Index:
    """One database file. Opened for each operation, so it can be used from any thread."""

    def __init__(self, path: Path, folders: Folders) -> None:
        self._path = path
        self._folders = folders
        self._untold: set[str] = set()
        """Rows that could not be marked as unsettled."""
        self._lock = threading.Lock()
        self._memory: sqlite3.Connection | None = None

    def ask(self, question: Callable[[sqlite3.Connection], _Answer]) -> _Answer | None:
        """The answer from an index that is up to date; ``None`` if there are no attempts and never were any. Never
        fails, but for what the question itself raises as a ``BowoutError``."""
        return self._answered(lambda db: (self._sync(db, everything=False), question(db))[1])

    def verify(self) -> int:
        """Compare all stamps; how many rows were missing, wrong or left over."""
        return self._answered(lambda db: self._sync(db, everything=True)) or 0

    def unsettle(self, attempt_id: str) -> None:
        """Its folder is about to change, or just has. Never fails: what can't be written down is remembered by this
        process, and found by the next ``verify`` of any."""
        if not os.access(self._path, os.F_OK):
            return
        try:
            with self._open() as db:
                db.execute("UPDATE attempts SET settled = 0 WHERE id = ?", (attempt_id,))
        except (NewerIndex, sqlite3.DatabaseError, OSError) as error:
            self._untold.add(attempt_id)
            _log.warning("the index could not be told of a change: %s", error)

    def forget(self, attempt_ids: Iterable[str]) -> None:
        """Remove rows and leave no trace of them in the file or its log. Never fails: a row without a folder is
        removed by the next question as well."""
        if not os.access(self._path, os.F_OK):
            return
        try:
            with self._open() as db, _changing(db):
                _remove_rows(db, attempt_ids)
            self._clear_log()
        except NewerIndex as error:
            _log.warning("%s", error.sentence())
        except (sqlite3.DatabaseError, OSError) as error:
            if _is_damage(error):
                self._remove()
            else:
                _log.warning("the index can't be used now: %s", error)

    def size(self) -> int:
        """Bytes of the file and its log."""
        total = 0
        for path in self._files():
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        return total

    def _answered(self, question: Callable[[sqlite3.Connection], _Answer]) -> _Answer | None:
        if not os.access(self._path, os.F_OK) and not self._folders.names():
            return None
        for _ in range(2):
            try:
                with self._open() as db:
                    return question(db)
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
        with self._lock:
            db = self._in_memory()
            self._sync(db, everything=True)
            return question(db)

    def _sync(self, db: sqlite3.Connection, *, everything: bool) -> int:
        """Bring the rows up to the folders; how many changed."""
        folders, mark = self._folders, self._folders.mark()
        known: Set[str]
        names: Set[str]
        now = (mark, *db.execute("SELECT count(*) FROM attempts").fetchone())
        if not everything and mark is not None and db.execute("SELECT mark, count FROM compared").fetchone() == now:
            known = names = frozenset()  # no folder came or went: only what is not settled can have changed
        else:
            known = frozenset(chain.from_iterable(db.execute("SELECT id FROM attempts")))
            names = folders.names(known)
            if mark is not None and names == known:
                _note_compared(db, now)
        gone = known - names
        stamps = dict(db.execute(f"SELECT id, stamp FROM attempts{'' if everything else ' WHERE settled = 0'}"))
        untold = self._untold.copy()
        doubtful = [
            attempt_id
            for attempt_id in stamps
            if attempt_id not in gone
            and (folders.stamp(attempt_id) != stamps[attempt_id] or not (everything or folders.young(attempt_id)))
        ]
        look = sorted({*(names - known), *doubtful, *(untold - gone)}, reverse=True)
        changed = 0
        for first in range(0, len(look), _BATCH):
            changed += self._read(db, look[first : first + _BATCH])
        self._untold -= untold
        if gone:
            with _changing(db):
                _remove_rows(db, gone)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return changed + len(gone)

    def _read(self, db: sqlite3.Connection, look: list[str]) -> int:
        # Read while nobody else can write: who changed a folder meanwhile says so afterwards, and that stands.
        with _changing(db):
            rows = {attempt_id: self._folders.row(attempt_id) for attempt_id in look}
            made = [values_of(row) for row in rows.values() if row is not None]
            db.executemany(f"INSERT OR REPLACE INTO attempts ({ALL_COLUMNS}) VALUES ({MARKS})", made)
            removed = _remove_rows(db, [attempt_id for attempt_id, row in rows.items() if row is None])
        return len(made) + removed

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        private_dir(self._path.parent)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE))  # SQLite gives its log the same mode
        db = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)
        try:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA temp_store = MEMORY")
            migrate(db)
            yield db
        finally:
            db.close()

    def _clear_log(self) -> None:
        """Empty the write-ahead log; waits for those who still read from it."""
        with self._open() as db:
            (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            _log.warning("another program is reading the index: its log is emptied later")

    def _in_memory(self) -> sqlite3.Connection:
        if self._memory is None:
            self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            weakref.finalize(self, self._memory.close)
            migrate(self._memory)
        return self._memory

    def _files(self) -> Iterator[Path]:
        for suffix in ("-wal", "-shm", ""):
            yield self._path.with_name(self._path.name + suffix)

    def _remove(self) -> None:
        for path in self._files():
            with contextlib.suppress(OSError):  # Windows: another process has it open; that one makes it again
                path.unlink()


@contextlib.contextmanager
def _changing(db: sqlite3.Connection) -> Iterator[None]:
    """All of what happens inside, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk ends it by itself
            db.execute("ROLLBACK")
        raise


def _note_compared(db: sqlite3.Connection, now: tuple[int, int]) -> None:
    """Keep the folders' mark and the number of rows at which both were found to be the same."""
    # A database that can only be read: then they are compared again the next time.
    with contextlib.suppress(sqlite3.OperationalError), _changing(db):
        db.execute("DELETE FROM compared")
        db.execute("INSERT INTO compared VALUES (?, ?)", now)


def _remove_rows(db: sqlite3.Connection, attempt_ids: Iterable[str]) -> int:
    """How many there were."""
    done = db.executemany("DELETE FROM attempts WHERE id = ?", ((each,) for each in attempt_ids))
    return max(0, done.rowcount)


def _is_damage(error: Exception) -> bool:
    """Whether the file itself is broken; locked, read-only and a full disk are not its fault."""
    if isinstance(error, sqlite3.OperationalError):
        return str(error).startswith(("no such", "table "))
    return not isinstance(error, OSError)
