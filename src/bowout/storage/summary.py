"""One row of the list of attempts, made from its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bowout.core.disputes import KIND, opposed, published_states, standing
from bowout.ports import AttemptSummary

KINDS = ("start", "marks", "end", KIND)
"""The events a row is made from."""


def summarise(
    attempt_id: str, events: Iterable[Mapping[str, Any]], seconds: float, *, audio: bool
) -> AttemptSummary | None:
    """The row; ``None`` without a ``start`` event.

    ``start`` gives scenario, title, intent, mode and ear, the last ``marks`` the score and whether it was passed
    (its ``result`` is the schema 1 object of ``bowout score``), the last ``end`` the outcome. It is disputed while a
    ``dispute`` says otherwise than the last ``marks``.
    """
    events = tuple(events)
    started_at = ""
    start: dict[str, Any] = {}
    marks: Mapping[str, Any] = {}
    outcome: str | None = None
    for event in events:
        match event.get("kind"):
            case "start":
                started_at = started_at or str(event.get("at", ""))
                start.update(event)
            case "marks":
                result = event.get("result")
                marks = result if isinstance(result, Mapping) else {}
            case "end":
                outcome = _text(event.get("outcome")) or None
    if not start:
        return None
    score, passed = marks.get("score"), marks.get("passed")
    return AttemptSummary(
        id=attempt_id,
        started_at=started_at,
        scenario=_text(start.get("scenario")),
        title=_text(start.get("title")),
        intent=_text(start.get("intent")),
        mode=_text(start.get("mode")),
        ear=_text(start.get("ear")),
        score=round(score) if isinstance(score, (int, float)) and not isinstance(score, bool) else None,
        passed=passed if isinstance(passed, bool) else None,
        outcome=outcome,
        seconds=seconds,
        audio=audio,
        disputed=bool(opposed(published_states(marks), standing(events))),
    )


def may_drop_audio(events: Iterable[Mapping[str, Any]], *, review_is_over: bool = False) -> bool:
    """Whether the recording has served: its review was closed (``reviewed``, or the caller knows better) and it was
    not meant to be kept (``retention`` of ``start`` is ``keep``)."""
    reviewed = review_is_over
    for event in events:
        if event.get("kind") == "start" and event.get("retention") == "keep":
            return False
        reviewed = reviewed or event.get("kind") == "reviewed"
    return reviewed


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
