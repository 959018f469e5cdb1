"""The user's own cases: one folder of events a case (``bowout.storage.event_folders``).

What counts is the last word on each thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bowout.core.case import BEGUN, CHANGED, CLOSED, DID, REHEARSED, REPORTED, SCHEMA, UNDID, Case, Report, folded
from bowout.core.when import kept
from bowout.errors import InputError
from bowout.storage.event_folders import EVENTS, EventFolders


class FileCases:
    """The ``Cases`` of the program. Any thread may call any method; two programs may work on the same root."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        """
        Args:
            root: ``data_dir() / "cases"``; made, user-only, when something is written.
            clock: aware time, for ids and events.
        """
        self._folders = EventFolders(root, clock, ("There is no case “{}”.", "`bowout cases list` shows them."))

    def begin(self, case: Case) -> Case:
        case = replace(case, id=self._folders.fresh_id())
        self._folders.begin(case.id, BEGUN, {"case": case.as_json()})
        return case

    def list(self) -> list[Case]:
        return self._folders.readable(self.load, "A case")

    def load(self, case_id: str) -> Case:
        case = folded(self._folders.read(case_id))
        if case is None:
            raise InputError(f"The case {case_id} has no beginning.", f"Delete it: bowout cases delete {case_id}")
        return replace(case, id=case_id)

    def change(self, case_id: str, **fields: Any) -> Case:
        return self._append(case_id, CHANGED, fields)

    def did(self, case_id: str, what: str, at: datetime) -> Case:
        return self._append(case_id, DID, {"what": what, "when": kept(at)})

    def undid(self, case_id: str, what: str) -> Case:
        return self._append(case_id, UNDID, {"what": what})

    def report(self, case_id: str, report: Report) -> Case:
        return self._append(case_id, REPORTED, {"report": report.as_json()})

    def rehearsed(self, case_id: str, attempt: str, at: datetime, *, passed: bool) -> Case:
        return self._append(case_id, REHEARSED, {"attempt": attempt, "when": kept(at), "passed": passed})

    def close(self, case_id: str, at: datetime) -> Case:
        return self._append(case_id, CLOSED, {"when": kept(at)})

    def export(self, case_id: str) -> Mapping[str, Any]:
        events = [dict(event) for event in self._folders.read(case_id)]
        return {"schema": SCHEMA, "case": self.load(case_id).as_json(), "events": events}

    def delete(self, case_id: str) -> None:
        self._folders.delete(case_id)

    def delete_all(self) -> int:
        return self._folders.delete_all()

    def _append(self, case_id: str, kind: str, data: Mapping[str, Any]) -> Case:
        # Tried before it is written: an event that can't be understood would make the case unreadable.
        self.load(case_id).having(kind, data)
        self._folders.append(case_id, kind, data)
        return self.load(case_id)


__all__ = ["EVENTS", "FileCases"]
