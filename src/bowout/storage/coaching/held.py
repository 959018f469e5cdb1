"""What a learner did with an assignment, as its diary tells: accepted, submitted, answered, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.fields import MAX_NAME, Unreadable
from bowout.core.coaching.result import MAX_SEQUENCE
from bowout.core.coaching.terms import PARTS, part_of
from bowout.errors import InputError
from bowout.rehearsal.coaching import Held, Submission

ACCEPTED, SUBMITTED, ANSWERED, WITHDRAWN = "accepted", "submitted", "answered", "withdrawn"


def having(held: Held, event: Mapping[str, Any]) -> Held:
    """The assignment after one more event."""
    kind = event.get("kind")
    try:
        at = fields.moment(event.get("at"), "at")
        if kind == ACCEPTED:
            return replace(held, who=fields.text(event, "who", MAX_NAME), accepted=at, withdrawn=None)
        if kind == SUBMITTED:
            return replace(held, submissions=(*held.submissions, _submission(event)))
    except Unreadable as error:
        raise InputError(f"The diary of an assignment is damaged: {error}", "Delete the assignment.") from error
    return replace(held, withdrawn=at) if kind == WITHDRAWN else held


def submission_json(made: Submission) -> dict[str, Any]:
    return {
        "result": made.result,
        "made": made.made.isoformat(),
        "sequence": made.sequence,
        "parts": list(made.parts),
        "takes": list(made.takes),
        "attempts": list(made.attempts),
    }


def _submission(event: Mapping[str, Any]) -> Submission:
    return Submission(
        fields.digits(event.get("result"), "result", 32),
        fields.moment(event.get("made"), "made"),
        fields.whole(event.get("sequence"), "sequence", 1, MAX_SEQUENCE),
        fields.items(event, "parts", len(PARTS), part_of),
        fields.items(event, "takes", 400, lambda each: fields.whole(each, "takes", 1, 400)),
        fields.items(event, "attempts", 400, lambda each: fields.text({"id": each}, "id")),
    )


__all__ = ["ACCEPTED", "ANSWERED", "SUBMITTED", "WITHDRAWN", "having", "submission_json"]
