"""The append-only diary of one attempt: a line of JSON an event, the first line tells the schema.

    {"schema": 1, "at": "2026-05-04T09:30:00.120+00:00", "kind": "start", "scenario": …}
    {"at": …, "kind": "turn", …}

Each line is on disk when ``append`` returns. A line that was torn when the program was killed stays where it is
and is passed over when the file is read.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bowout.errors import InputError
from bowout.storage.atomic import PRIVATE, disk_error

SCHEMA = 1
SYNC_S = 1.0
"""Seconds between two times the file is brought through a power cut."""
SYNC_KINDS = frozenset({"start", "turn", "turn_end", "marks", "end", "correction", "dispute", "reviewed"})
"""Events after which it is done at once. A killed program needs neither: what was written is the system's."""

_log = logging.getLogger(__name__)


class EventLog:
    """Appends to one file. Not thread-safe; several processes may append to the same file."""

    def __init__(self, path: Path, *, new: bool) -> None:
        """Open; ``new`` makes the file, user-only. Raises ``BowoutError``."""
        self._path = path
        flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0) | (os.O_CREAT | os.O_EXCL if new else 0)
        try:
            self._handle = os.open(path, flags, PRIVATE)
        except OSError as error:
            raise disk_error(error, path) from error
        self._synced_at = time.monotonic()
        self._dirty = False
        self._torn = not new and not _ends_whole(self._handle)

    def append(self, event: Mapping[str, Any]) -> None:
        """Write one event.

        Raises:
            TypeError, ValueError: a value can't be written as JSON; nothing was.
            BowoutError: the disk refused; the file is as it was.
        """
        data = _line(event)
        if self._torn:
            data = b"\n" + data  # leave the torn line to itself
        before = os.fstat(self._handle).st_size
        written = 0
        try:
            while written < len(data):
                written += os.write(self._handle, data[written:])
        except OSError as error:
            if written and os.fstat(self._handle).st_size == before + written:
                os.ftruncate(self._handle, before)
            raise disk_error(error, self._path) from error
        self._torn = False
        self._dirty = True
        if event.get("kind") in SYNC_KINDS:
            self.sync()

    def sync_if_due(self) -> bool:
        """Sync if the last time was ``SYNC_S`` ago; true if it was."""
        if time.monotonic() - self._synced_at < SYNC_S:
            return False
        self.sync()
        return True

    def sync(self) -> None:
        """Bring everything through a power cut. Raises ``BowoutError``."""
        self._synced_at = time.monotonic()
        if self._dirty:
            try:
                os.fsync(self._handle)
            except OSError as error:
                raise disk_error(error, self._path) from error
            self._dirty = False

    def close(self) -> None:
        """Sync and let the file go."""
        try:
            self.sync()
        finally:
            os.close(self._handle)


def read_events(path: Path, kinds: Sequence[str] = ()) -> tuple[Mapping[str, Any], ...]:
    """All whole events of a file, in order; torn lines are left out and noted in the log.

    Args:
        path: the file.
        kinds: only these, without parsing the others; letters and underscores. Empty: all.

    Raises:
        InputError: it can't be read, or a newer version of the program wrote it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    wanted = re.compile(rf'"kind":\s?"(?:{"|".join(kinds)})"'.encode()) if kinds else None
    events: list[Mapping[str, Any]] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip() or (wanted and not wanted.search(line)):
            continue
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):  # a file from elsewhere may nest as deep as it likes
            event = None
        if not isinstance(event, dict):
            _log.warning("%s, line %d is torn and was passed over", path, number)
            continue
        schema = event.get("schema", SCHEMA)
        if schema != SCHEMA:
            raise InputError(f"{path} was written by a newer version (schema {schema}).", "Update bowout to read it.")
        events.append(event)
    return tuple(events)


def _line(event: Mapping[str, Any]) -> bytes:
    """The event as it is written: text as it is, half a surrogate pair (no UTF-8 has it) escaped."""
    for ascii_only in (False, True):
        with contextlib.suppress(UnicodeEncodeError):
            text = json.dumps(event, ensure_ascii=ascii_only, separators=(",", ":"), allow_nan=False)
            return text.encode("utf-8") + b"\n"
    raise AssertionError("ASCII always encodes")


def _ends_whole(handle: int) -> bool:
    size = os.fstat(handle).st_size
    if not size:
        return True
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) == b"\n"
