"""One row of the list of attempts, made from its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bowout.core.disputes import KIND, opposed, published_states, standing
from bowout.core.to_the_point import seconds_to_the_point
from bowout.ports import AttemptSummary
from bowout.storage.rows import bindable

KINDS = ("start", "marks", "end", "abandoned", "drill", "notice", "recruiter", "turn", "reviewed", KIND)
"""The events a row is made from."""
ENDS = ("end", "abandoned")
"""After one of these nothing more comes of the call itself."""
_PARTS = ("microphone", "ear", "speakers")
_MOST = 1e9
"""No figure of a call is larger; one that is was not written by this program."""


def summarise(
    attempt_id: str, events: Iterable[Mapping[str, Any]], seconds: float, *, audio: bool
) -> AttemptSummary | None:
    """The row; ``None`` without a ``start`` event.

    ``start`` gives scenario, title, intent, mode and ear, and where they are known pack, difficulty, drill, case and
    assignment; the last ``marks`` (its ``result`` is the schema 1 object of ``bowout score``) the score, whether it was
    passed, items, faults and delivery; the last ``drill`` the drill's figure; the last ``end`` the outcome; the first
    ``notice`` of a part that one hears or speaks with, the trouble, the loudspeakers last. It is disputed while a
    ``dispute`` says otherwise than the last ``marks``.
    """
    events = tuple(events)
    started_at = ""
    start: dict[str, Any] = {}
    marks: Mapping[str, Any] = {}
    marked: Mapping[str, Any] = {}
    drill: Mapping[str, Any] = {}
    outcome: str | None = None
    trouble = ""
    for event in events:
        match event.get("kind"):
            case "start":
                started_at = started_at or _text(event.get("at"))
                start.update(event)
            case "marks":
                marked, marks = event, _mapping(event.get("result"))
            case "drill":
                drill = event
            case "end":
                outcome = _text(event.get("outcome")) or None
            case "notice" if event.get("part") in _PARTS:
                # Without loudspeakers the lines are read: what keeps the caller from being heard says more.
                if trouble in ("", "speakers"):
                    trouble = _text(event.get("part"))
    if not start:
        return None
    passed, met = marks.get("passed"), drill.get("met")
    engine = published_states(marks)
    mine = opposed(engine, standing(events))
    states = engine | mine
    spoken = _value(marks, "seconds")
    fillers = _value(marks, "filler_count")
    score = _number(marks.get("score"))
    return AttemptSummary(
        id=attempt_id,
        started_at=started_at,
        scenario=_text(start.get("scenario")),
        title=_text(start.get("title")),
        intent=_text(start.get("intent")),
        mode=_text(start.get("mode")),
        ear=_text(start.get("ear")),
        score=None if score is None else round(score),
        passed=passed if isinstance(passed, bool) else None,
        outcome=outcome,
        seconds=seconds,
        audio=audio,
        disputed=bool(mine),
        pack=_text(start.get("pack")),
        difficulty=round(_number(start.get("difficulty")) or 0),
        drill=_text(start.get("drill")) or _text(drill.get("drill")),
        case=_text(start.get("case")),
        assignment=_text(start.get("assignment")),
        figure=_number(drill.get("value")),
        met=met if isinstance(met, bool) else None,
        words_per_minute=_value(marks, "words_per_minute"),
        fillers_per_minute=None if fillers is None or not spoken else 60.0 * fillers / spoken,
        longest_pause_s=_value(marks, "longest_pause_s"),
        spoken_s=spoken,
        point_s=_point(marked, marks, events) if states.get("ask") == "heard" else None,
        items={id_: states[id_] for id_ in map(_text, _mapping(marks.get("items"))) if id_ in states},
        faults=tuple(id_ for id_ in map(_text, _mapping(marks.get("faults"))) if states.get(id_) == "found"),
        trouble=trouble,
        level=round(_number(start.get("level")) or 0),
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


def _point(marked: Mapping[str, Any], marks: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> float | None:
    """Seconds to the point as the record has them, else by the quote; ``None`` for words without times."""
    if "point_s" in marked:
        return _number(marked["point_s"])
    point = _number(_mapping(_mapping(marks.get("items")).get("ask")).get("start"))
    times, transcript = marks.get("times"), marks.get("transcript")
    if marks.get("unit") != "s" or point is None or (isinstance(times, list) and "none" in times):
        return None
    words = transcript if isinstance(transcript, list) else []
    starts = [at for word in words if (at := _number(_mapping(word).get("start"))) is not None]
    if not starts:
        return None
    lines, ends = [], []
    for event in events:
        if event.get("kind") == "recruiter" and (at := _number(event.get("at_s"))) is not None:
            lines.append(at)
        elif event.get("kind") == "turn" and (at := _number(event.get("prompt_end"))) is not None:
            ends.append(at)
    return seconds_to_the_point(min(starts), point, lines, ends)


def _value(marks: Mapping[str, Any], measure: str) -> float | None:
    return _number(_mapping(_mapping(marks.get("delivery")).get(measure)).get("value"))


def _number(value: object) -> float | None:
    """A finite number that any database takes; a diary may come from anywhere."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _MOST:
        return None
    return float(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return bindable(value) if isinstance(value, str) else ""
