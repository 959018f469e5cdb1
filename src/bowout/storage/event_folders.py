"""Folders of events: one folder a thing of the user's, private, local, deletable as a whole.

    <root>/20260504T093000120Z-3f9a1c/events.jsonl    what was written, in order

A folder appears whole (it is renamed into place after its first event) and goes whole (renamed away, then removed).
Nothing that was written is written over. Any thread may call any method; two programs may work on the same root.
"""

from __future__ import annotations

import contextlib
import logging
import re
import secrets
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

from bowout.errors import InputError
from bowout.paths import private_dir
from bowout.storage.atomic import disk_error, sync_folder, write_atomic
from bowout.storage.event_log import SCHEMA, EventLog, read_events

EVENTS = "events.jsonl"
_ID = re.compile(r"\d{8}T\d{9}Z-[0-9a-f]{6}")
_NEW, _GONE = ".new-", ".gone-"
_LEFTOVER_S = 3600.0
"""Seconds after which a folder that never got its first event is nobody's any more."""
_Thing = TypeVar("_Thing")

_log = logging.getLogger(__name__)


class EventFolders:
    """All folders of one kind below one root."""

    def __init__(
        self,
        root: Path,
        clock: Callable[[], datetime],
        unknown: tuple[str, str],
        ids: re.Pattern[str] = _ID,
    ) -> None:
        """
        Args:
            root: made, user-only, when something is written.
            clock: aware time, for ids and events.
            unknown: what is said of an id that is not there, with ``{}`` for it; and the hint.
            ids: how the folders are called, where they have names of their own.
        """
        self._root = root
        self._ids = ids
        self._clock = clock
        self._unknown = unknown

    def fresh_id(self) -> str:
        """An id that sorts by the time it was made."""
        now = self._clock().astimezone(timezone.utc)
        return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{secrets.token_hex(3)}"

    def begin(self, id_: str, kind: str, data: Mapping[str, Any], files: Mapping[str, bytes] = {}) -> None:
        """A new folder with these files and its first event, on disk when this returns. Raises ``BowoutError``: the
        disk refuses."""
        folder, unborn = self._root / id_, self._root / (_NEW + id_)
        try:
            if not self._root.parent.exists():
                private_dir(self._root.parent)
            private_dir(self._root)
            unborn.mkdir(mode=0o700)
            for name, content in files.items():
                write_atomic(unborn / name, content)
            self._write(unborn, {"schema": SCHEMA, **self._stamped(kind, data)}, new=True)
            unborn.rename(folder)
        except OSError as error:
            raise disk_error(error, self._root) from error
        finally:
            if unborn.exists():
                shutil.rmtree(unborn, ignore_errors=True)  # else it is a leftover, swept later
        sync_folder(self._root)

    def append(self, id_: str, kind: str, data: Mapping[str, Any]) -> None:
        """One more event, on disk when this returns. Raises ``InputError`` for an unknown id, ``BowoutError``."""
        self._write(self._folder(id_), self._stamped(kind, data), new=False)

    def read(self, id_: str) -> tuple[Mapping[str, Any], ...]:
        """All events in order. Raises ``InputError`` for an unknown id or a file that can't be read."""
        return read_events(self._folder(id_) / EVENTS)

    def ids(self) -> Sequence[str]:
        """Every id, newest first. What programs that died have left is removed on the way."""
        self._sweep()
        return sorted(self._names(), reverse=True)

    def readable(self, load: Callable[[str], _Thing], what: str) -> list[_Thing]:
        """All that ``load`` can read, newest first; of each other one the log says that ``what`` was left out."""
        found = []
        for id_ in self.ids():
            try:
                found.append(load(id_))
            except InputError as error:  # deleted this moment, or of a newer version; neither may hide the others
                _log.warning("%s was left out: %s", what, error.sentence())
        return found

    def delete(self, id_: str) -> None:
        """Delete the whole folder and be sure that it is gone. Raises ``InputError`` for an unknown id."""
        folder = self._folder(id_)
        gone = self._root / (_GONE + id_)
        try:
            with contextlib.suppress(FileNotFoundError):  # another program deletes it too: help
                folder.rename(gone)
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(gone)
        except OSError as error:
            raise disk_error(error, folder) from error
        sync_folder(self._root)

    def delete_all(self) -> int:
        """Delete every folder, also those that can't be read; how many there were."""
        names = self._names()
        for name in names:
            with contextlib.suppress(InputError):  # gone this moment
                self.delete(name)
        self._sweep()
        return len(names)

    def _stamped(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"at": self._clock().astimezone(timezone.utc).isoformat(timespec="milliseconds"), "kind": kind, **data}

    @staticmethod
    def _write(folder: Path, event: Mapping[str, Any], *, new: bool) -> None:
        log = EventLog(folder / EVENTS, new=new)
        try:
            log.append(event)
        finally:
            log.close()

    def _names(self) -> list[str]:
        if not self._root.is_dir():
            return []
        return [path.name for path in self._root.iterdir() if self._ids.fullmatch(path.name) and path.is_dir()]

    def _folder(self, id_: str) -> Path:
        folder = self._root / id_
        if not self._ids.fullmatch(id_) or not folder.is_dir():
            says, hint = self._unknown
            raise InputError(says.format(id_), hint)
        return folder

    def _sweep(self) -> None:
        """Finish deletions that were interrupted, remove what never got its first event."""
        if not self._root.is_dir():
            return
        for path in self._root.iterdir():
            with contextlib.suppress(OSError):  # somebody else sweeps too, or it is tried again next time
                stale = path.name.startswith(_NEW) and time.time() - path.stat().st_mtime > _LEFTOVER_S
                if stale or path.name.startswith(_GONE):
                    shutil.rmtree(path)


__all__ = ["EVENTS", "EventFolders"]
