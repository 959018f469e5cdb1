"""What is handed to workers and what comes back. Everything here can be pickled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bowout.core.criteria import Intent
from bowout.core.scenario import Scenario

Key = tuple[str, int]
"""What a result belongs to: the file's path below the folder, with ``/``, and the line in it (0: the whole file)."""
Outcome = Literal["passed", "not_passed", "error"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call is marked by."""

    intent: Intent
    scenario: Scenario | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    """The scenario's, filled in."""


@dataclass(frozen=True, slots=True)
class Item:
    """One call to be marked: a text, a recording, or something that turned out to be neither."""

    file: str
    line: int = 0
    size: int = 0
    """Bytes, of the file or of the line."""
    sha256: str = ""
    """Of a text's bytes; empty for a recording, which is read where it is heard."""
    job: str = ""
    """Fingerprint of how it is marked (``fingerprint``)."""
    asked: Asked | None = None
    name: str | int | None = None
    """What a line calls itself (``id``)."""
    text: str | None = None
    path: Path | None = None
    """Where the recording is, for this machine and for every worker."""
    sound: bytes | None = None
    """The recording's bytes, where workers can't see the folder."""
    error: str = ""
    """Why it can't be marked; nobody then tries."""

    @property
    def key(self) -> Key:
        return self.file, self.line


@dataclass(frozen=True, slots=True)
class Task:
    """Items that one worker marks in one go: a recording, or a handful of texts."""

    number: int
    """Tells it from all others of a run."""
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the results."""

    key: Key
    size: int
    """Bytes of the item: how far the work has come."""
    sha256: str
    job: str
    outcome: Outcome
    line: bytes
    """JSON in ASCII, with its line end."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker died at this task each time it was tried."""

    times: int


def fingerprint(*parts: object) -> str:
    """Sixteen letters and digits that differ whenever a part does."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:16]


def marked(item: Item, marks: Mapping[str, Any]) -> Result:
    """The line of a call that was marked; ``marks`` is the published form of a result."""
    return _result(item, "passed" if marks["passed"] else "not_passed", marks)


def failed(item: Item, error: str) -> Result:
    """The line of one that could not be marked, with the sentence that says why."""
    error = " ".join(error.split())
    return _result(item, "error", {"error": error}, error)


def _result(item: Item, outcome: Outcome, rest: Mapping[str, Any], error: str = "") -> Result:
    head: dict[str, Any] = {"file": item.file}
    if item.line:
        head |= {"line": item.line, "id": item.name}
    head |= {"bytes": item.size, "sha256": item.sha256 or None, "job": item.job}
    text = json.dumps({**head, **rest}, allow_nan=False, separators=(", ", ": "))
    return Result(item.key, item.size, item.sha256, item.job, outcome, text.encode("ascii") + b"\n", error)


__all__ = ["Asked", "Item", "Key", "Lost", "Outcome", "Result", "Task", "failed", "fingerprint", "marked"]
