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
from bowout.storage.packs import DRILL_SUFFIX, ID, MAX_DRILLS, MAX_ID, MAX_SCENARIOS, PACK_SCHEMA

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_OWN = reading._ITEM.pattern
_LINES = "one of them is chosen"


def scenario_schema() -> Schema:
    """Of one scenario's file."""
    item = {"anyOf": [{"enum": list(ITEMS)}, name_of(_OWN)]}
    properties: Schema = {
        "schema": {"const": int(SCHEMA), "description": "the version of this format"},
        "id": {**name_of(ID.pattern, reading.LONGEST_ID), "description": "lower-case words joined by hyphens"},
        "version": whole(1, 10_000),
        "title": text(reading._MAX_TITLE),
        "intent": {"enum": list(INTENTS), "description": "what the caller wants"},
        "channel": {"enum": list(CHANNELS)},
        "difficulty": {**whole(1, 5), "description": "1 easy to 5 very hard"},
        "tags": texts(reading.MOST_TAGS, reading._MAX_TAG),
        "brief": mapping_of({"you": text(), "them": text(), "situation": text()}, ("you", "them", "situation")),
        "persona": {"$ref": "#/$defs/persona", "description": "the main voice on the other side"},
        "people": {
            **_keyed(reading._NAME.pattern, {"$ref": "#/$defs/persona"}, reading.MOST_PEOPLE),
            "description": "others who may speak",
        },
        "facts": {
            **_keyed(reading._NAME.pattern, text(reading._MAX_FACT), reading.MOST_FACTS),
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
        "script": {**texts(reading.MOST_TURNS), "description": "what to read aloud first"},
        "call": mapping_of(
            {
                "start": {"type": "string", "description": "the step that the call begins with"},
                "steps": _keyed(reading._STEP.pattern, {"$ref": "#/$defs/step"}, reading.MOST_STEPS, least=1),
            },
            ("start", "steps"),
        ),
        "outcomes": {
            **_keyed(
                _OWN,
                mapping_of({"says": text(reading._MAX_SHORT), "good": {"type": "boolean"}}, ("says", "good")),
                reading.MOST_OUTCOMES,
            ),
            "description": "a sentence for each name after “end”",
        },
        "checklist": mapping_of(
            {
                "required": list_of(item),
                "weights": {"type": "object", "propertyNames": item, "additionalProperties": whole(0, 100)},
                "targets": mapping_of({name: {"$ref": "#/$defs/range"} for name in TARGETS}),
                "cues": mapping_of({name: {"$ref": "#/$defs/patterns"} for name in (*ITEMS, *FAULTS)}),
            }
        ),
        "items": _keyed(_OWN, {"$ref": "#/$defs/item"}, reading.MOST_ITEMS),
        "limits": mapping_of(
            {
                "green_s": number(3, 600),
                "red_s": number(3, 900),
                "max_turn_s": number(5, 300),
                "no_speech_s": number(2, 60),
                "turns": whole(1, 40),
            }
        ),
        "model_answer": {**texts(reading.MOST_TURNS, reading._MAX_SAID), "description": "one text a turn; must pass"},
        "weak_answer": mapping_of(
            {"say": texts(reading.MOST_TURNS, reading._MAX_SAID), "faults": list_of({"enum": list(FAULTS)})}, ("say",)
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
        **mapping_of(properties, required),
        "$defs": {
            "persona": mapping_of(
                {
                    "name": text(reading._MAX_NAME),
                    "voice": text(reading._MAX_NAME),
                    "words_per_minute": whole(80, 300),
                },
                ("name",),
            ),
            "range": range_of(),
            "patterns": texts(reading.MOST_PATTERNS, reading.MAX_PATTERN),
            "item": mapping_of(
                {
                    "question": text(reading._MAX_SHORT),
                    "say": text(reading.MAX_LINE),
                    "patterns": {"$ref": "#/$defs/patterns"},
                    "met": sentences(),
                    "not_met": sentences(),
                },
                ("question", "say", "patterns", "met", "not_met"),
            ),
            "step": _step(item),
            "rule": _rule(item),
        },
    }


def _step(item: Schema) -> Schema:
    properties: Schema = {
        "say": {**texts(reading.MOST_VARIANTS, reading.MAX_LINE), "description": f"what is said; {_LINES}"},
        "by": {"type": "string", "description": "a key of “people”; else the persona"},
        "ring": {"type": "boolean", "description": "the phone rings before this line"},
        "beep": {"type": "boolean", "description": "a beep after the line: a voicemail"},
        "wait_s": {**number(0, 10), "description": "seconds of silence before the line"},
        "asks": {**list_of(item), "description": "items the line asks for; heard already, it is not said"},
        "pushback": {"enum": list(PUSHBACKS)},
        "hint": {**text(reading._MAX_SHORT), "description": "shown when practising"},
        "listen": mapping_of(
            {"silence_s": number(0.5, 10), "no_speech_s": number(2, 60), "max_turn_s": number(5, 300)}
        ),
        "next": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1, "maxItems": reading.MOST_RULES},
        "end": {"type": "string", "maxLength": reading._LONGEST_NAME, "description": "the outcome"},
    }
    return {**mapping_of(properties, ("say",)), "oneOf": [{"required": ["next"]}, {"required": ["end"]}]}


def _rule(item: Schema) -> Schema:
    return mapping_of(
        {
            "go": {"type": "string", "description": "the step that comes next"},
            "heard": {**list_of(item), "description": "all of them have been heard so far"},
            "missing": {**list_of(item), "description": "none of them has been heard so far"},
            "faults": {**list_of({"enum": list(FAULTS)}), "description": "one of them was found so far"},
            "cue": {**texts(reading.MOST_CUES, reading._MAX_NAME), "description": "one was said in this turn"},
            "silence": {"type": "boolean", "description": "nothing was said in this turn"},
            "question": {"type": "boolean", "description": "the caller asked something in this turn"},
            "visits": {**whole(1, 40), "description": "this step has been said at least so many times"},
        },
        ("go",),
    )


def pack_schema() -> Schema:
    """Of ``pack.yaml``."""
    name = name_of(ID.pattern, MAX_ID)

    def files(most: int, ending: str) -> Schema:
        told = f"file names of this folder, without “{ending}”"
        listed: Schema = {"type": "array", "items": name, "minItems": 1, "maxItems": most, "uniqueItems": True}
        return {**listed, "description": told}

    properties: Schema = {
        "schema": {"const": int(PACK_SCHEMA), "description": "the version of this format"},
        "id": {**name, "description": "lower-case words joined by hyphens"},
        "version": whole(1, 10_000),
        "title": text(100),
        "description": text(500),
        "author": text(100),
        "license": text(100),
        "scenarios": files(MAX_SCENARIOS, ".yaml"),
        "drills": files(MAX_DRILLS, DRILL_SUFFIX),
    }
    return {
        "$schema": DIALECT,
        "title": "pack.yaml of Bow Out",
        **mapping_of(properties, ("schema", "id", "title")),
        "anyOf": [{"required": ["scenarios"]}, {"required": ["drills"]}],
    }


def text(longest: int = LONGEST_TEXT) -> Schema:
    # The reader takes every value as a text, also one that another reader would call a number.
    return {"type": ["string", "number", "boolean"], "maxLength": longest}


def texts(most: int, longest: int = LONGEST_TEXT) -> Schema:
    one = {"type": "string", "maxLength": longest}
    return {"anyOf": [one, {"type": "array", "items": text(longest), "minItems": 1, "maxItems": most}]}


def sentences() -> Schema:
    return {
        "type": "array",
        "items": text(reading.MAX_LINE),
        "minItems": reading.FEWEST_SENTENCES,
        "maxItems": reading.MOST_SENTENCES,
    }


def range_of() -> Schema:
    return {
        "type": "array",
        "items": {"anyOf": [number(0, 10_000), {"const": "-"}]},
        "minItems": 2,
        "maxItems": 2,
        "description": "the least and the most; “-” for no limit",
    }


def list_of(entry: Schema) -> Schema:
    return {"anyOf": [entry, {"type": "array", "items": entry}]}


def name_of(pattern: str, longest: int = reading._LONGEST_NAME) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$", "maxLength": longest}


def number(low: float, high: float) -> Schema:
    return {"type": "number", "minimum": low, "maximum": high}


def whole(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def mapping_of(properties: Schema, required: Iterable[str] = ()) -> Schema:
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _keyed(pattern: str, entry: Schema, most: int, *, least: int = 0) -> Schema:
    made: Schema = {
        "type": "object",
        "propertyNames": name_of(pattern),
        "additionalProperties": entry,
        "maxProperties": most,
    }
    return {**made, "minProperties": least} if least else made


__all__ = [
    "DIALECT", "Schema", "list_of", "mapping_of", "name_of", "number", "pack_schema", "range_of", "scenario_schema",
    "sentences", "text", "texts", "whole",
]  # fmt: skip
