"""Marks out of somebody else's file: a result in its published form, each value checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.fields import MAX_LINE, Unreadable
from bowout.core.criteria import INTENTS

MAX_MARKS = 60
"""Items or faults."""
_STATES = ("heard", "not_heard", "unsure")
_MEASURES = ("seconds", "words_per_minute", "longest_pause_s", "response_s", "filler_count", "clarity")


def marks_from(value: object) -> dict[str, Any]:
    """A result in its published form, each value checked, without its transcript. Raises ``Unreadable``."""
    data = fields.mapping(value, "marks")
    if fields.whole(data.get("schema"), "schema", 1, 10_000) != 1:
        raise Unreadable("The marks are of a later version of Bow Out.")
    made: dict[str, Any] = {
        "schema": 1,
        "intent": fields.choice(data.get("intent"), "intent", INTENTS),
        "ear": fields.text(data, "ear", 40),
        "unit": fields.choice(data.get("unit"), "unit", ("s", "word")),
        "score": fields.whole(data.get("score"), "score", 0, 100),
        "passed": fields.flag(data.get("passed"), "passed"),
        "items": fields.named(data, "items", MAX_MARKS, _item),
        "faults": fields.named(data, "faults", MAX_MARKS, _fault),
        "delivery": _delivery(data.get("delivery")),
        "next_time": fields.text(data, "next_time", 1000, default="") or None,
    }
    for key in ("scenario", "scenario_sha256", "ear_version", "model", "marking_version"):
        made[key] = fields.text(data, key, MAX_LINE, default="") or None
    for key in ("scenario_version", "seed"):
        made[key] = fields.maybe(data.get(key), lambda each: fields.whole(each, "seed", -(2**63), 2**63))
    return made


def unquoted(marks: Mapping[str, Any]) -> dict[str, Any]:
    """The same marks without a word of the learner's."""

    def bare(of: Mapping[str, Any]) -> dict[str, Any]:
        return {criterion: {**mark, "quote": None} for criterion, mark in of.items()}

    return {**marks, "items": bare(marks["items"]), "faults": bare(marks["faults"])}


def _item(key: str, value: object) -> dict[str, Any]:
    data = fields.mapping(value, key)
    made: dict[str, Any] = {
        "state": fields.choice(data.get("state"), "state", _STATES),
        "required": fields.flag(data.get("required"), "required"),
        **_span(data),
        "say_instead": fields.text(data, "say_instead", 1000, default="") or None,
    }
    question = fields.text(data, "question", MAX_LINE, default="")
    return made | ({"question": question} if question else {})


def _fault(key: str, value: object) -> dict[str, Any]:
    data = fields.mapping(value, key)
    return {
        "found": fields.flag(data.get("found"), "found"),
        **_span(data),
        "say_instead": fields.text(data, "say_instead", 1000, default="") or None,
    }


def _span(data: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "quote": fields.text(data, "quote", 2000, default="") or None,
        "start": fields.maybe(data.get("start"), lambda each: fields.number(each, "start", 0, 1e6)),
        "end": fields.maybe(data.get("end"), lambda each: fields.number(each, "end", 0, 1e6)),
        "turn": fields.maybe(data.get("turn"), lambda each: fields.whole(each, "turn", 0, 1000)),
    }
    if made["quote"] is not None and None in made.values():
        raise Unreadable("A quote has no place.")
    return made


def _delivery(value: object) -> dict[str, Any]:
    data = fields.mapping(value, "delivery")
    made: dict[str, Any] = {}
    for key in _MEASURES:
        figure = fields.mapping(data.get(key, {}), key)
        made[key] = {
            name: fields.maybe(figure.get(name), lambda each: fields.number(each, "delivery", -1e6, 1e6))
            for name in ("value", "low", "high")
        }
        made[key]["within"] = fields.maybe(figure.get("within"), lambda each: fields.flag(each, "within"))
    fillers = data.get("fillers")
    made["fillers"] = None if fillers is None else list(fields.items(data, "fillers", 2000, _filler))
    return made


def _filler(value: object) -> dict[str, Any]:
    data = fields.mapping(value, "fillers")
    return {
        "kind": fields.text(data, "kind", 40),
        "start": fields.number(data.get("start"), "start", 0, 1e6),
        "end": fields.number(data.get("end"), "end", 0, 1e6),
        "turn": fields.maybe(data.get("turn"), lambda each: fields.whole(each, "turn", 0, 1000)),
    }


__all__ = ["MAX_MARKS", "marks_from", "unquoted"]
