"""A call of the past, opened again from its record: its marks, its lines, and the scenario or what stands in for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from bowout.core import if_then, rating
from bowout.core.if_then import IfThen
from bowout.core.marks import Marks
from bowout.core.marks_reading import marks_from_json, provenance_from_json
from bowout.core.safety import printable
from bowout.core.scenario import CHANNELS, Brief, Channel, Persona, Scenario
from bowout.core.settings import Mode
from bowout.core.transcript import Transcript
from bowout.errors import InputError, UsageError
from bowout.ports import HistoryQuery, Records, StoredAttempt
from bowout.rehearsal.events import CallMarked, RecruiterSpoke
from bowout.rehearsal.record import turn_from_json

if TYPE_CHECKING:
    from bowout.rehearsal.services import Services


class Reopened(NamedTuple):
    """Everything that a review of the call shows."""

    scenario: Scenario
    """As it is now; ``stands_in`` tells one that is not there any more."""
    call: CallMarked
    """With the marks as they were first made."""
    lines: tuple[RecruiterSpoke, ...]
    marks: Marks
    """The last ones: those of the corrected words where there was a correction."""
    mode: Mode
    typed: bool
    drill: str
    """The drill it was a run of, or empty."""
    started_at: str
    """ISO 8601, UTC."""
    audio: Path | None
    """Its recording, if that is still there."""
    rating: rating.Rating | None
    if_then: IfThen | None


def reopen(services: Services, attempt_id: str) -> Reopened:
    """Open a past attempt, with its scenario if that is still here. Reads files: call it from a thread.

    Raises:
        InputError: as ``reopened`` does.
    """
    stored = services.records.load(attempt_id)
    start = next((event for event in stored.events if event.get("kind") == "start"), {})
    scenario: Scenario | None = None
    with contextlib.suppress(UsageError, InputError):  # gone, or made on the spot: its stand-in will do
        scenario = services.scenario(scenario_key(start))
    if scenario is None and start.get("assignment"):
        with contextlib.suppress(InputError):  # its pack came with a coach's assignment, which may be deleted
            scenario = services.learner.scenario(str(start["assignment"]), str(start.get("scenario")))
    return _opened(stored, scenario)


def reopened(records: Records, scenario: Scenario | None, attempt_id: str) -> Reopened:
    """Open a past attempt. Reads files: call it from a thread.

    Args:
        scenario: the attempt's scenario as it is now; ``None`` if it is gone, or was made on the spot.

    Raises:
        InputError: there is no such attempt, it can't be read, or it was broken off and has no marks.
    """
    return _opened(records.load(attempt_id), scenario)


def earlier(records: Records, scenario: Scenario, attempt_id: str, *, back: int = 50) -> Reopened | None:
    """The first of the last ``back`` calls of this scenario that were marked, those that can still be heard before the
    others; ``None`` if there was none before this one. A drill's run is compared with runs of that drill, a whole call
    with whole calls. Reads files: call it from a thread."""
    drill = ""
    with contextlib.suppress(InputError):  # deleted this moment
        drill = records.load(attempt_id).summary.drill
    found = records.page(HistoryQuery(scenario=scenario.id, drill=drill), limit=back).rows
    rows = [row for row in found if row.score is not None and row.id < attempt_id]
    rows = [row for row in rows if not row.pack or not scenario.pack or row.pack == scenario.pack]
    for row in sorted(rows, key=lambda row: (not row.audio, row.id)):
        with contextlib.suppress(InputError):  # deleted this moment, or of another version
            return reopened(records, scenario, row.id)
    return None


def last_if_then(records: Records, scenario_id: str, *, back: int = 10) -> IfThen | None:
    """The sentence kept last in the ``back`` newest calls of a scenario, or of a case. Reads files: call it from a
    thread."""
    for row in records.recent(back, scenario=scenario_id):
        with contextlib.suppress(InputError):
            found = if_then.latest(records.load(row.id).events)
            if found is not None:
                return found
    return None


def _opened(stored: StoredAttempt, scenario: Scenario | None) -> Reopened:
    attempt_id, events = stored.summary.id, stored.events
    start: dict[str, Any] = {}
    end: Mapping[str, Any] = {}
    results: list[Mapping[str, Any]] = []
    for event in events:
        match event.get("kind"):
            case "start":
                start.update(event)
            case "marks" if isinstance(event.get("result"), Mapping):
                results.append(event["result"])
            case "end":
                end = event
    if not results:
        raise InputError(
            "This call was broken off before it was marked.", f"Its words: bowout recordings show {attempt_id}"
        )
    first = _timed(marks_from_json(results[0]), events)
    last = _timed(marks_from_json(results[-1]), events) if len(results) > 1 else first
    provenance = provenance_from_json(results[0])
    if scenario is None:
        scenario = stand_in(start, first, provenance.scenario_version or 0)
    call = CallMarked(
        first, provenance, str(end.get("outcome") or ""), attempt_id, _facts(end.get("facts"), scenario, start)
    )
    return Reopened(
        scenario=scenario,
        call=call,
        lines=_lines(events),
        marks=last,
        mode="live" if start.get("mode") == "live" else "practice",
        typed=first.transcript.unit == "word",
        drill=str(start.get("drill") or ""),
        started_at=str(start.get("at") or ""),
        audio=stored.audio_path,
        rating=rating.latest(events),
        if_then=if_then.latest(events),
    )


def scenario_key(start: Mapping[str, Any]) -> str:
    """What the scenario of a record is asked for by."""
    pack, identity = str(start.get("pack") or ""), str(start.get("scenario") or "")
    return f"{pack}/{identity}" if pack else identity


def stand_in(start: Mapping[str, Any], marks: Marks, version: int) -> Scenario:
    """A scenario in name only, from what the record says of one that is gone: it can be looked at, and not played."""
    channel = start.get("channel")
    return Scenario(
        id=str(start.get("scenario") or ""),
        version=version,
        title=printable(str(start.get("title") or "A call")),
        intent=marks.intent,
        channel=cast(Channel, channel) if channel in CHANNELS else "phone",
        difficulty=0,
        brief=Brief("", "", ""),
        persona=Persona("They"),
        facts={},
        times={},
        script=(),
        start="",
        steps={},
        model_answer=(),
        weak_answer=(),
        weak_faults=frozenset(),
        follow_up="",
        required=frozenset(mark.id for mark in marks.items.values() if mark.required),
    )


def stands_in(scenario: Scenario) -> bool:
    """True of a scenario that is there in name only."""
    return not scenario.steps


def _facts(kept: object, scenario: Scenario, start: Mapping[str, Any]) -> dict[str, str]:
    """The facts as they were in the call; of records that do not hold them, as the day of the call makes them."""
    if isinstance(kept, Mapping):
        return {str(name): str(value) for name, value in kept.items()}
    try:
        at = datetime.fromisoformat(str(start.get("at")))
    except ValueError:
        at = datetime.fromtimestamp(0, timezone.utc)
    return scenario.facts_at(at.astimezone() if at.tzinfo else at.replace(tzinfo=timezone.utc))


def _timed(marks: Marks, events: Iterable[Mapping[str, Any]]) -> Marks:
    """The marks with what a result does not hold: how far each turn's times can be trusted, and the pause before it."""
    known = {
        int(event["index"]): turn_from_json(dict(event))
        for event in events
        if event.get("kind") == "turn" and isinstance(event.get("words"), list) and "index" in event
    }
    turns = tuple(
        replace(turn, times=known[turn.index].times, prompt_end=known[turn.index].prompt_end)
        if turn.index in known
        else turn
        for turn in marks.transcript.turns
    )
    return replace(marks, transcript=Transcript(turns, marks.transcript.unit, marks.transcript.ear))


def _lines(events: Iterable[Mapping[str, Any]]) -> tuple[RecruiterSpoke, ...]:
    """The recruiter's lines, each with the turn that follows it."""
    lines: list[RecruiterSpoke] = []
    answered: set[object] = set()
    for event in events:
        if event.get("kind") == "turn":
            answered.add(event.get("index"))
        elif event.get("kind") == "recruiter":
            at, speaker = event.get("at_s"), event.get("speaker")
            lines.append(
                RecruiterSpoke(
                    str(event.get("text") or ""),
                    str(event.get("step") or ""),
                    float(at) if isinstance(at, (int, float)) else 0.0,
                    speaker if isinstance(speaker, str) else "",
                    len(answered),
                )
            )
    return tuple(lines)


__all__ = [
    "Reopened", "earlier", "last_if_then", "reopen", "reopened", "scenario_key", "stand_in", "stands_in",
]  # fmt: skip
