"""The user's own cases: one folder a case, private, local, deletable.

    <root>/20260504T093000120Z-3f9a1c/events.jsonl    what was decided, changed, done and reported, in order

A case appears whole (its folder is renamed into place after the first event) and goes whole (renamed away, then
removed). Nothing that was written is written over: what counts is the last word on each thing.
"""

from __future__ import annotations

import contextlib
import logging
import re
import secrets
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bowout.core.case import BEGUN, CHANGED, CLOSED, DID, REHEARSED, REPORTED, SCHEMA, Case, Report, folded
from bowout.core.when import kept
from bowout.errors import InputError
from bowout.paths import private_dir
from bowout.storage.atomic import disk_error, sync_folder
from bowout.storage.event_log import EventLog, read_events

EVENTS = "events.jsonl"
_ID = re.compile(r"\d{8}T\d{9}Z-[0-9a-f]{6}")
_NEW, _GONE = ".new-", ".gone-"
_LEFTOVER_S = 3600.0
"""Seconds after which a folder that never got its first event is nobody's any more."""

_log = logging.getLogger(__name__)


class FileCases:
    """The ``Cases`` of the program. Any thread may call any method; two programs may work on the same root."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        """
        Args:
            root: ``data_dir() / "cases"``; made, user-only, when something is written.
            clock: aware time, for ids and events.
        """
        self._root = root
        self._clock = clock

    def begin(self, case: Case) -> Case:
        now = self._clock().astimezone(timezone.utc)
        case = replace(case, id=f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{secrets.token_hex(3)}")
        folder, unborn = self._root / case.id, self._root / (_NEW + case.id)
        try:
            if not self._root.parent.exists():
                private_dir(self._root.parent)
            private_dir(self._root)
            unborn.mkdir(mode=0o700)
            self._write(unborn, {"schema": SCHEMA, **self._stamped(BEGUN, {"case": case.as_json()})}, new=True)
            unborn.rename(folder)
        except OSError as error:
            raise disk_error(error, self._root) from error
        finally:
            if unborn.exists():
                shutil.rmtree(unborn, ignore_errors=True)  # else it is a leftover, swept later
        sync_folder(self._root)
        return case

    def list(self) -> list[Case]:
        self._sweep()
        cases = []
        for folder in sorted(self._folders(), reverse=True):
            try:
                cases.append(self.load(folder.name))
            except InputError as error:  # deleted this moment, or of a newer version; neither may hide the others
                _log.warning("A case was left out: %s", error.sentence())
        return cases

    def load(self, case_id: str) -> Case:
        case = folded(read_events(self._folder(case_id) / EVENTS))
        if case is None:
            raise InputError(f"The case {case_id} has no beginning.", f"Delete it: bowout cases delete {case_id}")
        return replace(case, id=case_id)

    def change(self, case_id: str, **fields: Any) -> Case:
        return self._append(case_id, CHANGED, fields)

    def did(self, case_id: str, what: str, at: datetime) -> Case:
        return self._append(case_id, DID, {"what": what, "when": kept(at)})

    def report(self, case_id: str, report: Report) -> Case:
        return self._append(case_id, REPORTED, {"report": report.as_json()})

    def rehearsed(self, case_id: str, attempt: str, at: datetime, *, passed: bool) -> Case:
        return self._append(case_id, REHEARSED, {"attempt": attempt, "when": kept(at), "passed": passed})

    def close(self, case_id: str, at: datetime) -> Case:
        return self._append(case_id, CLOSED, {"when": kept(at)})

    def export(self, case_id: str) -> Mapping[str, Any]:
        events = [dict(event) for event in read_events(self._folder(case_id) / EVENTS)]
        return {"schema": SCHEMA, "case": self.load(case_id).as_json(), "events": events}

    def delete(self, case_id: str) -> None:
        folder = self._folder(case_id)
        gone = self._root / (_GONE + case_id)
        try:
            with contextlib.suppress(FileNotFoundError):  # another program deletes it too: help
                folder.rename(gone)
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(gone)
        except OSError as error:
            raise disk_error(error, folder) from error
        sync_folder(self._root)

    def delete_all(self) -> int:
        folders = self._folders()
        for folder in folders:
            with contextlib.suppress(InputError):  # gone this moment
                self.delete(folder.name)
        self._sweep()
        return len(folders)

    def _append(self, case_id: str, kind: str, data: Mapping[str, Any]) -> Case:
        # Tried before it is written: an event that can't be understood would make the case unreadable.
        self.load(case_id).having(kind, data)
        self._write(self._folder(case_id), self._stamped(kind, data), new=False)
        return self.load(case_id)

    def _stamped(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"at": self._clock().astimezone(timezone.utc).isoformat(timespec="milliseconds"), "kind": kind, **data}

    @staticmethod
    def _write(folder: Path, event: Mapping[str, Any], *, new: bool) -> None:
        log = EventLog(folder / EVENTS, new=new)
        try:
            log.append(event)
        finally:
            log.close()

    def _folders(self) -> Sequence[Path]:
        if not self._root.is_dir():
            return ()
        return [path for path in self._root.iterdir() if _ID.fullmatch(path.name) and path.is_dir()]

    def _folder(self, case_id: str) -> Path:
        folder = self._root / case_id
        if not _ID.fullmatch(case_id) or not folder.is_dir():
            raise InputError(f"There is no case “{case_id}”.", "`bowout cases list` shows them.")
        return folder

    def _sweep(self) -> None:
        """Finish deletions that were interrupted, remove what never became a case."""
        if not self._root.is_dir():
            return
        for path in self._root.iterdir():
            with contextlib.suppress(OSError):  # somebody else sweeps too, or it is tried again next time
                stale = path.name.startswith(_NEW) and time.time() - path.stat().st_mtime > _LEFTOVER_S
                if stale or path.name.startswith(_GONE):
                    shutil.rmtree(path)


__all__ = ["EVENTS", "FileCases"]
