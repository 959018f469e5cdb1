"""The file of results: one line of JSON a call, there to stay as soon as it is written.

While a run is under way the lines stand in the order in which the work was done; when it ends they are put in the
order of the names. Whatever happened before, the same calls marked in the same way give the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from bowout.batch.work import Item, Key, Outcome, Result
from bowout.errors import InputError, UsageError
from bowout.paths import cache_dir, private_dir
from bowout.speech.install_lock import only_one
from bowout.storage.atomic import PRIVATE, disk_error, sync_folder

SYNC_S = 1.0
"""Seconds between two times the file is brought through a power cut. A killed program needs it not."""
MAX_LINE = 64 * 1024 * 1024
"""Bytes; the longest that is written has about 12 MB."""
OTHER = "Name another --out."
BEGINS = b'{"file": "'


@dataclass(frozen=True, slots=True)
class Entry:
    """One whole line of the file."""

    at: int
    """Where it begins, in bytes."""
    length: int
    outcome: Outcome
    size: int
    job: str
    sha256: bytes
    """Empty where nothing could be read."""


class Results:
    """Reads what is there, appends, and puts it in order at the end. A context: inside it nobody else may write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: dict[Key, Entry] = {}
        """The last whole line of each call."""
        self.damaged = 0
        """Lines that can't be read, torn ones included; they go."""
        self._untidy = False
        """The lines are not simply those of ``entries`` in the order of the names."""
        self._last: Key | None = None
        """Of the last line."""
        self._context = contextlib.ExitStack()
        self._handle = -1
        self._new = False
        self._end = 0
        self._synced_at = 0.0

    def __enter__(self) -> Results:
        """Lock, read, and mend the end of a file that was torn.

        Raises:
            InputError: it is there and holds something else, or can't be written.
            UsageError: another run writes it.
        """
        try:
            name = hashlib.sha256(os.fsencode(self.path.resolve())).hexdigest()[:24]
            lock = private_dir(cache_dir() / "batch") / name
            self._context.enter_context(only_one(lock, on_wait=self._busy, stop=threading.Event()))
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self._new = not self.path.exists()
            self._handle = os.open(self.path, flags, PRIVATE)
            if not stat.S_ISREG(os.fstat(self._handle).st_mode):
                raise InputError(f"{self.path} is not a file.", OTHER)
            self._read()
        except OSError as error:
            self._close()
            raise InputError(f"{self.path} can't be written: {error.strerror or error}.", OTHER) from error
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    # What is there.

    def maybe(self, item: Item) -> bool:
        entry = self.entries.get(item.key)
        return entry is not None and entry.size == item.size and entry.job == item.job

    def has(self, item: Item) -> bool:
        entry = self.entries.get(item.key)
        return self.maybe(item) and entry is not None and bool(item.sha256) and entry.sha256.hex() == item.sha256

    def forget(self, keys: Collection[Key]) -> None:
        """These are to be done again: their lines count no more, and go when new ones are there."""
        for key in keys:
            del self.entries[key]
        self._untidy = self._untidy or bool(keys)

    # Writing.

    def append(self, result: Result) -> None:
        """Write one line. Raises ``BowoutError``: the disk refused; the file is as it was."""
        data = memoryview(result.line)
        try:
            while data:
                data = data[os.write(self._handle, data) :]
        except OSError as error:
            with contextlib.suppress(OSError):  # else the next run finds a torn line and mends it
                os.ftruncate(self._handle, self._end)
            raise disk_error(error, self.path) from error
        entry = Entry(
            self._end, len(result.line), result.outcome, result.size, result.job, bytes.fromhex(result.sha256)
        )
        self._add(result.key, entry)
        if time.monotonic() - self._synced_at > SYNC_S:
            self.sync()

    def sync(self) -> None:
        """Bring everything through a power cut. Raises ``BowoutError``."""
        self._synced_at = time.monotonic()
        try:
            os.fsync(self._handle)
        except OSError as error:
            raise disk_error(error, self.path) from error

    def tidy(self, gone: Collection[Key] = ()) -> None:
        """Put the lines in the order of the names; ``gone``, what was replaced and what is damaged are left out.

        Raises ``BowoutError``: the disk refused. The file then stays as it is, and nothing is missing in it.
        """
        for key in gone:
            del self.entries[key]
        self.sync()
        if not (self._untidy or self.damaged or gone):
            return
        target = self.path.resolve()
        temporary: Path | None = None
        try:
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")  # 0600
            temporary = Path(name)
            with os.fdopen(handle, "wb") as new, target.open("rb") as old:
                for key in sorted(self.entries):
                    entry = self.entries[key]
                    old.seek(entry.at)
                    new.write(old.read(entry.length))
                new.flush()
                os.fsync(new.fileno())
            self._let_go()
            temporary.replace(target)
        except OSError as error:
            raise disk_error(error, self.path) from error
        finally:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
        sync_folder(target.parent)

    def _add(self, key: Key, entry: Entry) -> None:
        self._untidy = self._untidy or key in self.entries or (self._last is not None and key < self._last)
        self._last = key
        self.entries[key] = entry
        self._end += entry.length

    def _read(self) -> None:
        with os.fdopen(os.dup(self._handle), "rb") as file:
            for raw in _lines(file):
                whole = raw.endswith(b"\n")
                found = _entry(raw, self._end) if whole else None
                if found is not None:
                    self._add(*found)
                    continue
                if not self._end and not (raw.startswith(BEGINS) or BEGINS.startswith(raw)):
                    raise InputError(f"{self.path} is there and holds something else.", OTHER)
                self.damaged += 1
                if whole or len(raw) > MAX_LINE:
                    self._end += len(raw)
                else:  # torn when a run was killed; what comes next must not be glued to it
                    os.ftruncate(self._handle, self._end)

    def _busy(self) -> None:
        raise UsageError(f"Another run is writing {self.path}.", "Wait for its end, or name another --out.")

    def _let_go(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
            if self._new and not self._end:  # the run ended before it began
                self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        self._let_go()
        self._context.close()


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while raw := file.readline(MAX_LINE + 1):
        yield raw


def _entry(raw: bytes, at: int) -> tuple[Key, Entry] | None:
    """The call of a line that begins at byte ``at``; ``None`` if it is none of ours, or not whole."""
    try:
        value = json.loads(raw)
        file, line, job, size = value["file"], value.get("line", 0), value["job"], value["bytes"]
        outcome: Outcome = "error" if "error" in value else "passed" if value["passed"] is True else "not_passed"
        sha256 = bytes.fromhex(value["sha256"] or "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not (isinstance(file, str) and isinstance(line, int) and isinstance(size, int) and isinstance(job, str)):
        return None
    return (file, line), Entry(at, len(raw), outcome, size, job, sha256)


__all__ = ["Entry", "Results"]
