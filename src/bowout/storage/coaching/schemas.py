"""JSON Schemas (2020-12) of everything in the files that coaches and learners exchange, and of a result.

Unknown keys are allowed: later versions add some. Numbers and lengths are those of the readers in
``bowout.core.coaching``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.answer import FAULT_ANSWERS, ITEM_ANSWERS, MAX_COMMENTS, MAX_OVERRIDES, MAX_REASON
from bowout.core.coaching.result import MAX_LINES, MAX_LISTED, MAX_SEQUENCE, MAX_WORDS
from bowout.core.coaching.sent_marks import MAX_MARKS
from bowout.core.coaching.takes import STATES
from bowout.core.coaching.terms import MAX_LIMIT_S, MAX_SCENARIOS, MAX_TAKES, PARTS
from bowout.core.criteria import INTENTS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def _object(properties: Mapping[str, Schema], optional: tuple[str, ...] = (), **more: Any) -> Schema:
    required = [key for key in properties if key not in optional]
    return {"type": "object", "properties": dict(properties), "required": required, **more}


def _list(items: Schema, most: int, **more: Any) -> Schema:
    return {"type": "array", "items": items, "maxItems": most, **more}


def _map(values: Schema, most: int) -> Schema:
    return {"type": "object", "propertyNames": _ID, "additionalProperties": values, "maxProperties": most}


def _text(longest: int, **more: Any) -> Schema:
    return {"type": "string", "maxLength": longest, **more}


def _whole(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def _number(low: float, high: float) -> Schema:
    return {"type": "number", "minimum": low, "maximum": high}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _hex(digits: int) -> Schema:
    return {"type": "string", "pattern": f"^[0-9a-f]{{{digits}}}$"}


_ID: Schema = {"type": "string", "pattern": "^[a-z0-9]+([_-][a-z0-9]+)*$", "maxLength": 64}
_MOMENT: Schema = {"type": "string", "format": "date-time", "maxLength": 40}
_FLAG: Schema = {"type": "boolean"}
_SCORE = _whole(0, 100)
_SECONDS = _number(0, 1e6)
_TURN = _whole(0, 1000)
_TAKE_NUMBER = _whole(1, MAX_LISTED)
_PARTY = _object({"name": _text(fields.MAX_NAME, minLength=1), "sign": _hex(64), "box": _hex(64)})
_SUM = _object({"bytes": {"type": "integer", "minimum": 0}, "sha256": _hex(64)})
_FILES: Schema = {"type": "object", "additionalProperties": _SUM}


def _manifest(kind: str, properties: Mapping[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    whole: dict[str, Schema] = {"schema": {"const": 1}, "kind": {"const": kind}, **properties, "files": _FILES}
    return _object(whole, optional)


def _terms() -> Schema:
    part = {"enum": list(PARTS)}
    return _object(
        {
            "class": _text(fields.MAX_NAME, minLength=1),
            "scenarios": _list(_ID, MAX_SCENARIOS, minItems=1, uniqueItems=True),
            "due": _maybe(_MOMENT),
            "takes": _maybe(_whole(1, MAX_TAKES)),
            "mode": {"enum": ["practice", "live", None]},
            "limit_s": _maybe(_number(1, MAX_LIMIT_S)),
            "drill": _maybe({"type": "string", "pattern": "^[a-z0-9_-]+(/[a-z0-9_-]+)?$"}),
            "ask": _list(part, len(PARTS), minItems=1),
            "mark": _maybe(_whole(1, 100)),
            "note": _maybe(_text(fields.MAX_TEXT)),
        }
    )


def assignment() -> Schema:
    """``manifest.json`` of a ``.bowassign``."""
    pack = _object({"id": _ID, "version": _whole(1, 10_000), "title": _text(fields.MAX_LINE)})
    titles = _map(_text(fields.MAX_LINE), MAX_SCENARIOS)
    return _manifest("assignment", {"from": _PARTY, "made": _MOMENT, "pack": pack, "titles": titles, "terms": _terms()})


def sealed() -> Schema:
    """``manifest.json`` of a ``.bowresult`` or ``.bowanswer`` as it travels."""
    kinds = {"enum": ["sealed-result", "sealed-answer"]}
    return _object({"schema": {"const": 1}, "kind": kinds, "to": _hex(64), "files": _FILES})


def result_manifest() -> Schema:
    """``manifest.json`` within a ``.bowresult``, once it is opened."""
    return _manifest(
        "result",
        {
            "from": _PARTY,
            "assignment": _hex(32),
            "made": _MOMENT,
            "sequence": _whole(1, MAX_SEQUENCE),
            "withdrawn": _FLAG,
        },
        ("withdrawn",),
    )


def answer_manifest() -> Schema:
    """``manifest.json`` within a ``.bowanswer``, once it is opened."""
    return _manifest(
        "answer",
        {"from": _PARTY, "learner": _hex(64), "assignment": _hex(32), "result": _hex(32), "made": _MOMENT},
    )


def _mark(properties: Mapping[str, Schema]) -> Schema:
    span = {
        "quote": _maybe(_text(2000)),
        "start": _maybe(_SECONDS),
        "end": _maybe(_SECONDS),
        "turn": _maybe(_TURN),
        "say_instead": _maybe(_text(1000)),
    }
    return _object({**properties, **span, "question": _text(fields.MAX_LINE)}, ("question", "say_instead"))


def _marks_properties() -> dict[str, Schema]:
    measure = _object({key: _maybe({"type": "number"}) for key in ("value", "low", "high")} | {"within": _maybe(_FLAG)})
    filler = _object({"kind": _text(40), "start": _SECONDS, "end": _SECONDS, "turn": _maybe(_TURN)})
    names = ("seconds", "words_per_minute", "longest_pause_s", "response_s", "filler_count", "clarity")
    item = _mark({"state": {"enum": ["heard", "not_heard", "unsure"]}, "required": _FLAG})
    return {
        "schema": {"const": 1},
        "intent": {"enum": list(INTENTS)},
        "ear": _text(40),
        "unit": {"enum": ["s", "word"]},
        "score": _SCORE,
        "passed": _FLAG,
        "items": _map(item, MAX_MARKS),
        "faults": _map(_mark({"found": _FLAG}), MAX_MARKS),
        "delivery": _object(dict.fromkeys(names, measure) | {"fillers": _maybe(_list(filler, 2000))}),
        "next_time": _maybe(_text(1000)),
        "scenario": _maybe(_text(fields.MAX_LINE)),
        "scenario_version": _maybe({"type": "integer"}),
        "scenario_sha256": _maybe(_text(fields.MAX_LINE)),
        "seed": _maybe({"type": "integer"}),
        "ear_version": _maybe(_text(fields.MAX_LINE)),
        "model": _maybe(_text(fields.MAX_LINE)),
        "marking_version": _maybe(_text(fields.MAX_LINE)),
    }


_WORD = _object(
    {
        "word": _text(200),
        "start": _SECONDS,
        "end": _SECONDS,
        "confidence": _maybe(_number(0, 1)),
        "turn": _TURN,
    }
)


def score() -> Schema:
    """What ``bowout score --json`` and ``bowout call --json`` print."""
    words = _list(_WORD, MAX_WORDS)
    times = _list({"enum": ["exact", "approximate", "none"]}, 3)
    return _object({**_marks_properties(), "transcript": words, "times": times})


def result() -> Schema:
    """``result.json`` within a ``.bowresult``."""
    marks = _object(_marks_properties())
    take = _object(
        {
            "number": _TAKE_NUMBER,
            "scenario": _ID,
            "started": _MOMENT,
            "mode": _text(20),
            "ear": _text(40),
            "state": {"enum": list(STATES)},
            "counted": _FLAG,
            "cause": _maybe(_text(fields.MAX_LINE)),
            "seconds": _SECONDS,
            "score": _maybe(_SCORE),
            "passed": _maybe(_FLAG),
            "disputed": _FLAG,
            "drill": _maybe(_text(64)),
        }
    )
    line = _object({"turn": _TURN, "speaker": _text(fields.MAX_NAME), "text": _text(1000)})
    sent = _object(
        {
            "number": _TAKE_NUMBER,
            "scenario": _ID,
            "outcome": _maybe(_text(100)),
            "unit": {"enum": ["s", "word"]},
            "marks": marks,
            "first_marks": _maybe(marks),
            "disputes": _map({"enum": [*ITEM_ANSWERS, *FAULT_ANSWERS]}, MAX_MARKS),
            "words": _list(_WORD, MAX_WORDS),
            "corrected": _maybe(_list(_WORD, MAX_WORDS)),
            "lines": _list(line, MAX_LINES),
            "audio": {"type": "string", "pattern": r"^take-[1-9][0-9]{0,2}\.wav$"},
        },
        ("outcome", "marks", "first_marks", "disputes", "words", "corrected", "lines", "audio"),
    )
    return _object(
        {
            "schema": {"const": 1},
            "who": _text(fields.MAX_NAME, minLength=1),
            "parts": _list({"enum": list(PARTS)}, len(PARTS)),
            "takes": _list(take, MAX_LISTED),
            "sent": _list(sent, MAX_SCENARIOS),
        }
    )


def answer() -> Schema:
    """``answer.json`` within a ``.bowanswer``."""
    index = _maybe(_whole(0, MAX_WORDS))
    number = _TAKE_NUMBER
    comment = _object(
        {
            "text": _text(fields.MAX_TEXT),
            "take": _maybe(number),
            "first": index,
            "last": index,
            "quote": _maybe(_text(fields.MAX_TEXT)),
        },
        ("quote",),
    )
    states = {"enum": [*ITEM_ANSWERS, *FAULT_ANSWERS]}
    override = _object({"take": number, "criterion": _ID, "state": states, "reason": _text(MAX_REASON)})
    return _object(
        {
            "schema": {"const": 1},
            "comments": _list(comment, MAX_COMMENTS),
            "overrides": _list(override, MAX_OVERRIDES),
            "confirmed": _list(_object({"take": number, "criterion": _ID}), MAX_OVERRIDES),
            "verdicts": _list(_object({"take": number, "score": _SCORE, "passed": _FLAG}), MAX_COMMENTS),
        }
    )


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "assignment": assignment,
    "sealed": sealed,
    "result-manifest": result_manifest,
    "result": result,
    "answer-manifest": answer_manifest,
    "answer": answer,
    "score": score,
}
"""By the name that ``bowout schema`` uses."""


def schema(name: str) -> Schema:
    """The whole schema of this name."""
    made = SCHEMAS[name]
    return {"$schema": _DIALECT, "title": f"Bow Out: {name}", "description": made.__doc__, **made()}


__all__ = ["SCHEMAS", "schema"]
