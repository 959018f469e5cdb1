"""JSON Schema (2020-12) of a pack's files, for editors that complete and underline while one writes.

Names, limits and choices come from the tables that the reader itself uses. It says less than ``bowout pack check``:
what depends on another part of the file (that a step is there, that a blank is a fact) is beyond a schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bowout.core import moments, reading
from bowout.core.criteria import FAULTS, INTENTS, ITEMS
from bowout.core.delivery import TARGETS
from bowout.core.document import LONGEST_TEXT
from bowout.core.letters import KINDS
from bowout.core.scenario import CHANNELS, PUSHBACKS, SCHEMA
from bowout.storage.packs import ID, MAX_ID, MAX_SCENARIOS, PACK_SCHEMA

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_Schema = dict[str, Any]

_OWN = reading._ITEM.pattern
_LINES = "one of them is chosen"


def scenario_schema() -> _Schema:
    """Of one scenario's file."""
    item = {"anyOf": [{"enum": list(ITEMS)}, _name(_OWN)]}
    properties: _Schema = {
        "schema": {"const": int(SCHEMA), "description": "the version of this format"},
        "id": {**_name(ID.pattern, reading._LONGEST_ID), "description": "lower-case words joined by hyphens"},
        "version": _whole(1, 10_000),
        "title": _text(reading._MAX_TITLE),
        "intent": {"enum": list(INTENTS), "description": "what the caller wants"},
        "channel": {"enum": list(CHANNELS)},
        "difficulty": {**_whole(1, 5), "description": "1 easy to 5 very hard"},
        "tags": _texts(reading.MOST_TAGS, reading._MAX_TAG),
        "brief": _mapping({"you": _text(), "them": _text(), "situation": _text()}, ("you", "them", "situation")),
        "persona": {"$ref": "#/$defs/persona", "description": "the main voice on the other side"},
        "people": {
            **_keyed(reading._NAME.pattern, {"$ref": "#/$defs/persona"}, reading.MOST_PEOPLE),
            "description": "others who may speak",
        },
        "facts": {
            **_keyed(reading._NAME.pattern, _text(reading._MAX_FACT), reading.MOST_FACTS),
            "description": "what stands for {blanks}; a fact may use the times and the facts above it",
        },
        "times": {
            **_keyed(
                reading._NAME.pattern,
                {"type": "string", "pattern": f"^({moments._FORM.pattern})$", "description": moments.FORMS},
                reading.MOST_TIMES,
            ),
            "description": "relative to the moment of practising",
        },
        "script": {**_texts(reading.MOST_TURNS), "description": "what to read aloud first"},
        "call": _mapping(
            {
                "start": {"type": "string", "description": "the step that the call begins with"},
                "steps": _keyed(reading._STEP.pattern, {"$ref": "#/$defs/step"}, reading.MOST_STEPS, least=1),
            },
            ("start", "steps"),
        ),
        "outcomes": {
            **_keyed(
                _OWN,
                _mapping({"says": _text(reading._MAX_SHORT), "good": {"type": "boolean"}}, ("says", "good")),
                reading.MOST_OUTCOMES,
            ),
            "description": "a sentence for each name after “end”",
        },
        "checklist": _mapping(
            {
                "required": _list(item),
                "weights": {"type": "object", "propertyNames": item, "additionalProperties": _whole(0, 100)},
                "targets": _mapping({name: {"$ref": "#/$defs/range"} for name in TARGETS}),
                "cues": _mapping({name: {"$ref": "#/$defs/patterns"} for name in (*ITEMS, *FAULTS)}),
            }
        ),
        "items": _keyed(_OWN, {"$ref": "#/$defs/item"}, reading.MOST_ITEMS),
        "limits": _mapping(
            {
                "green_s": _number(3, 600),
                "red_s": _number(3, 900),
                "max_turn_s": _number(5, 300),
                "no_speech_s": _number(2, 60),
                "turns": _whole(1, 40),
            }
        ),
        "model_answer": {**_texts(reading.MOST_TURNS, reading._MAX_SAID), "description": "one text a turn; must pass"},
        "weak_answer": _mapping(
            {"say": _texts(reading.MOST_TURNS, reading._MAX_SAID), "faults": _list({"enum": list(FAULTS)})}, ("say",)
        ),
        "follow_up": {"enum": list(KINDS), "description": "the message that must follow"},
    }
    required = (
        "schema", "id", "title", "intent", "channel", "brief", "persona", "script", "call", "model_answer",
        "weak_answer", "follow_up",
    )  # fmt: skip
    return {
        "$schema": DIALECT,
        "title": "A scenario of Bow Out",
        **_mapping(properties, required),
        "$defs": {
            "persona": _mapping(
                {
                    "name": _text(reading._MAX_NAME),
                    "voice": _text(reading._MAX_NAME),
                    "words_per_minute": _whole(80, 300),
                },
                ("name",),
            ),
            "range": {
                "type": "array",
                "items": {"anyOf": [_number(0, 10_000), {"const": "-"}]},
                "minItems": 2,
                "maxItems": 2,
                "description": "the least and the most; “-” for no limit",
            },
            "patterns": _texts(reading.MOST_PATTERNS, reading.MAX_PATTERN),
            "item": _mapping(
                {
                    "question": _text(reading._MAX_SHORT),
                    "say": _text(reading.MAX_LINE),
                    "patterns": {"$ref": "#/$defs/patterns"},
                    "met": _sentences(),
                    "not_met": _sentences(),
                },
                ("question", "say", "patterns", "met", "not_met"),
            ),
            "step": _step(item),
            "rule": _rule(item),
        },
    }


def _step(item: _Schema) -> _Schema:
    properties: _Schema = {
        "say": {**_texts(reading.MOST_VARIANTS, reading.MAX_LINE), "description": f"what is said; {_LINES}"},
        "by": {"type": "string", "description": "a key of “people”; else the persona"},
        "ring": {"type": "boolean", "description": "the phone rings before this line"},
        "beep": {"type": "boolean", "description": "a beep after the line: a voicemail"},
        "wait_s": {**_number(0, 10), "description": "seconds of silence before the line"},
        "asks": {**_list(item), "description": "items the line asks for; heard already, it is not said"},
        "pushback": {"enum": list(PUSHBACKS)},
        "hint": {**_text(reading._MAX_SHORT), "description": "shown when practising"},
        "listen": _mapping(
            {"silence_s": _number(0.5, 10), "no_speech_s": _number(2, 60), "max_turn_s": _number(5, 300)}
        ),
        "next": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1, "maxItems": reading.MOST_RULES},
        "end": {"type": "string", "maxLength": reading._LONGEST_NAME, "description": "the outcome"},
    }
    return {**_mapping(properties, ("say",)), "oneOf": [{"required": ["next"]}, {"required": ["end"]}]}


def _rule(item: _Schema) -> _Schema:
    return _mapping(
        {
            "go": {"type": "string", "description": "the step that comes next"},
            "heard": {**_list(item), "description": "all of them have been heard so far"},
            "missing": {**_list(item), "description": "none of them has been heard so far"},
            "faults": {**_list({"enum": list(FAULTS)}), "description": "one of them was found so far"},
            "cue": {**_texts(reading.MOST_CUES, reading._MAX_NAME), "description": "one was said in this turn"},
            "silence": {"type": "boolean", "description": "nothing was said in this turn"},
            "question": {"type": "boolean", "description": "the caller asked something in this turn"},
            "visits": {**_whole(1, 40), "description": "this step has been said at least so many times"},
        },
        ("go",),
    )


def pack_schema() -> _Schema:
    """Of ``pack.yaml``."""
    name = _name(ID.pattern, MAX_ID)
    properties: _Schema = {
        "schema": {"const": int(PACK_SCHEMA), "description": "the version of this format"},
        "id": {**name, "description": "lower-case words joined by hyphens"},
        "version": _whole(1, 10_000),
        "title": _text(100),
        "description": _text(500),
        "author": _text(100),
        "license": _text(100),
        "scenarios": {
            "type": "array",
            "items": name,
            "minItems": 1,
            "maxItems": MAX_SCENARIOS,
            "uniqueItems": True,
            "description": "file names of this folder, without “.yaml”",
        },
    }
    return {
        "$schema": DIALECT,
        "title": "pack.yaml of Bow Out",
        **_mapping(properties, ("schema", "id", "title", "scenarios")),
    }


def _text(longest: int = LONGEST_TEXT) -> _Schema:
    # The reader takes every value as a text, also one that another reader would call a number.
    return {"type": ["string", "number", "boolean"], "maxLength": longest}


def _texts(most: int, longest: int = LONGEST_TEXT) -> _Schema:
    one = {"type": "string", "maxLength": longest}
    return {"anyOf": [one, {"type": "array", "items": _text(longest), "minItems": 1, "maxItems": most}]}


def _sentences() -> _Schema:
    return {
        "type": "array",
        "items": _text(reading.MAX_LINE),
        "minItems": reading.FEWEST_SENTENCES,
        "maxItems": reading.MOST_SENTENCES,
    }


def _list(entry: _Schema) -> _Schema:
    return {"anyOf": [entry, {"type": "array", "items": entry}]}


def _name(pattern: str, longest: int = reading._LONGEST_NAME) -> _Schema:
    return {"type": "string", "pattern": f"^({pattern})$", "maxLength": longest}


def _number(low: float, high: float) -> _Schema:
    return {"type": "number", "minimum": low, "maximum": high}


def _whole(low: int, high: int) -> _Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def _mapping(properties: _Schema, required: Iterable[str] = ()) -> _Schema:
    made: _Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _keyed(pattern: str, entry: _Schema, most: int, *, least: int = 0) -> _Schema:
    made: _Schema = {
        "type": "object",
        "propertyNames": _name(pattern),
        "additionalProperties": entry,
        "maxProperties": most,
    }
    return {**made, "minProperties": least} if least else made


__all__ = ["pack_schema", "scenario_schema"]
