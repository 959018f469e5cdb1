"""What a call leaves behind: the events of its record, and how a turn is written and read back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bowout.core.marks import as_json
from bowout.core.transcript import Filler, Turn, Word
from bowout.ports import AttemptWriter
from bowout.rehearsal.events import CallMarked, Event, Noticed, PartialHeard, RecruiterSpoke, TurnEnded, TurnHeard


def write(record: AttemptWriter, event: Event) -> None:
    """The record's own names of events; partials are kept so that a killed call loses no word."""
    match event:
        case RecruiterSpoke():
            record.event("recruiter", text=event.text, step=event.step, at_s=round(event.at, 3))
        case PartialHeard():
            record.event("partial", turn=event.turn, text=event.text)
        case TurnEnded():
            record.event("turn_end", turn=event.turn, reason=event.reason.value)
        case TurnHeard():
            record.event("turn", **turn_json(event.turn), careful=event.careful)
        case Noticed():
            record.event("notice", part=event.part, message=event.message)
        case CallMarked():
            record.event("marks", result=as_json(event.marks, event.provenance))
            record.event("end", outcome=event.outcome)
        case _:
            pass


def turn_json(turn: Turn) -> dict[str, Any]:
    """A turn as the record keeps it; ``turn_from_json`` reads it back."""
    return asdict(turn)


def turn_from_json(data: dict[str, Any]) -> Turn:
    """The inverse of ``turn_json``; further keys are left alone."""
    fillers = data.get("fillers")
    return Turn(
        int(data["index"]),
        tuple(Word(**word) for word in data["words"]),
        None if fillers is None else tuple(Filler(**filler) for filler in fillers),
        data.get("prompt_end"),
        data.get("times", "none"),
    )
