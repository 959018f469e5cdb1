"""What a call leaves behind: the events of its record, and how a turn is written and read back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from bowout.core.marks import as_json
from bowout.core.transcript import Filler, Turn, Word
from bowout.errors import BowoutError
from bowout.ports import AttemptWriter
from bowout.rehearsal.events import (
    Beeped,
    CallMarked,
    Event,
    Hinted,
    Interrupted,
    Noticed,
    PartialHeard,
    RecruiterSpoke,
    TurnEnded,
    TurnHeard,
)


class Unrecorded:
    """The record of a call that could not be written from the start: the call is held, and nothing is kept."""

    id = ""
    folder = Path()

    def event(self, kind: str, **data: Any) -> None:
        return None

    def audio(self, pcm: bytes) -> None:
        return None

    def close(self) -> None:
        return None


class Persistent:
    """A record that goes on when its disk does not: the first trouble is remembered, the call is not disturbed.

    Every further event is tried again, so that space made during the call is used; of the audio, what could not be
    written is missing, and nothing more is written, for its position is the clock of every quote.
    """

    def __init__(self, record: AttemptWriter, trouble: BowoutError | None = None) -> None:
        self.id = record.id
        self.folder = record.folder
        self._record = record
        self._audio_failed = False
        self._trouble = trouble
        self._told = False

    def event(self, kind: str, **data: Any) -> None:
        try:
            self._record.event(kind, **data)
        except BowoutError as error:
            self._trouble = self._trouble or error

    def audio(self, pcm: bytes) -> None:
        if self._audio_failed:
            return
        try:
            self._record.audio(pcm)
        except BowoutError as error:
            self._audio_failed = True
            self._trouble = self._trouble or error

    def close(self) -> None:
        try:
            self._record.close()
        except BowoutError as error:
            self._trouble = self._trouble or error

    def trouble(self) -> BowoutError | None:
        """What went wrong, told once."""
        if self._trouble is None or self._told:
            return None
        self._told = True
        return self._trouble


def write(record: Persistent, event: Event) -> None:
    """The record's own names of events; partials are kept so that a killed call loses no word."""
    match event:
        case RecruiterSpoke():
            record.event("recruiter", text=event.text, step=event.step, at_s=round(event.at, 3), speaker=event.speaker)
        case Beeped():
            record.event("beep")
        case Interrupted():
            record.event("interrupted", at_s=round(event.at, 3))
        case Hinted():
            record.event("hint", text=event.text)
        case PartialHeard():
            record.event("partial", turn=event.turn, text=event.text)
        case TurnEnded():
            record.event("turn_end", turn=event.turn, reason=event.reason.value)
        case TurnHeard():
            record.event("turn", **turn_json(event.turn), careful=event.careful)
        case Noticed():
            record.event("notice", part=event.part, message=event.message)
        case CallMarked():
            record.event("marks", result=as_json(event.marks, event.provenance), point_s=event.point_s)
            record.event("end", outcome=event.outcome, facts=dict(event.facts))
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
