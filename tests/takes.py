"""Rows of a history for tests: many takes with few words."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from bowout.ports import AttemptSummary

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=timezone.utc)
ITEMS = {"greeting": "heard", "name": "heard", "role": "heard", "ask": "heard", "reason": "heard", "thanks": "heard",
         "goodwill": "heard"}  # fmt: skip


def take(days: float = 0, score: int | None = 90, mode: str = "live", **more: Any) -> AttemptSummary:
    """A spoken take of a withdrawal, so many days before ``NOW``. ``missed`` names items, ``items`` gives them all."""
    at = NOW - timedelta(days=days)
    missed = more.pop("missed", "").split()
    faults = tuple(more.pop("faults", "").split())
    fields: dict[str, Any] = {
        "id": f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}Z-000000",
        "started_at": at.isoformat(timespec="milliseconds"),
        "scenario": "accepted",
        "title": "Accepted another offer",
        "intent": "withdraw",
        "mode": mode,
        "ear": "vosk",
        "score": score,
        "passed": None if score is None else score >= 80 and not missed and not faults,
        "outcome": None if score is None else "withdrawn",
        "seconds": 40.0,
        "audio": False,
        "items": {} if score is None else ITEMS | dict.fromkeys(missed, "not_heard"),
        "faults": faults,
    }
    return AttemptSummary(**(fields | more))
