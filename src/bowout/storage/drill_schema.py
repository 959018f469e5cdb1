"""JSON Schema (2020-12) of a drill's file, from the tables that the reader itself uses."""

from __future__ import annotations

from bowout.core import drills_reading as drills
from bowout.core import reading
from bowout.core.criteria import FAULTS, INTENTS, ITEMS
from bowout.core.delivery import TARGETS
from bowout.core.drills import FIGURES, OWED, SHAPES
from bowout.core.scenario import CHANNELS, PUSHBACKS
from bowout.storage.pack_schema import (
    DIALECT,
    Schema,
    list_of,
    mapping_of,
    name_of,
    number,
    range_of,
    sentences,
    text,
    texts,
    whole,
)
from bowout.storage.packs import ID


def drill_schema() -> Schema:
    """Of one drill's file."""
    lines = texts(drills.MOST_LINES, reading.MAX_LINE)
    push = mapping_of({"kind": {"enum": list(PUSHBACKS)}, "say": lines}, ("kind", "say"))
    properties: Schema = {
        "schema": {"const": int(drills.SCHEMA), "description": "the version of this format"},
        "id": {**name_of(ID.pattern, reading.LONGEST_ID), "description": "lower-case words joined by hyphens"},
        "version": whole(1, 10_000),
        "title": text(drills.MAX_TITLE),
        "about": {**text(drills.MAX_ABOUT), "description": "what it trains, and why"},
        "tell": {**text(drills.MAX_TELL), "description": "one line that is shown while it runs"},
        "shape": {"enum": list(SHAPES), "description": "how a scenario is cut"},
        "figure": {
            "enum": list(FIGURES),
            "description": "; ".join(f"{name}: {each.unit} {each.what}" for name, each in FIGURES.items()),
        },
        "modes": list_of({"enum": list(drills.MODES)}),
        "fits": mapping_of(
            {
                "intents": list_of({"enum": list(INTENTS)}),
                "channels": list_of({"enum": list(CHANNELS)}),
                "easiest": whole(1, 5),
                "hardest": whole(1, 5),
                "unseen": {"type": "boolean", "description": "one that the caller has not met, if there is one"},
            }
        ),
        "ends": mapping_of(
            {
                "turns": {**whole(1, drills.MOST_TURNS), "description": "answers"},
                "turn_s": {**number(3, drills.LONGEST_S), "description": "seconds of the longest answer"},
                "speaking_s": {**number(3, drills.LONGEST_S), "description": "seconds of the caller's own speech"},
                "heard": {"type": "boolean", "description": "as soon as everything that is marked was heard"},
            }
        ),
        "marks": mapping_of(
            {
                "items": list_of({"enum": [OWED, *ITEMS]}),
                "faults": list_of({"enum": list(FAULTS)}),
                "lost_by": {**list_of({"enum": list(FAULTS)}), "description": "faults that lose a push"},
                "targets": mapping_of({name: range_of() for name in TARGETS}),
            }
        ),
        "gate": mapping_of(
            {
                "items": {**whole(0, len(ITEMS)), "description": "how many must be heard; left out: all"},
                "faults": {**whole(0, len(FAULTS)), "description": "how many may be found"},
                "least": number(0, drills.MOST_FIGURE),
                "most": number(0, drills.MOST_FIGURE),
                "takes": {**whole(1, drills.MOST_TAKES), "description": "in a row"},
            }
        ),
        "timer": mapping_of(
            {
                "amber_s": number(1, drills.LONGEST_S),
                "red_s": number(1, drills.LONGEST_S),
                "grace_s": number(0, drills.LONGEST_S),
            }
        ),
        "countdown_s": whole(0, drills.MOST_COUNTDOWN),
        "wait_s": {
            "type": "array",
            "items": number(0, drills.LONGEST_WAIT_S),
            "minItems": 2,
            "maxItems": 2,
            "description": "the phone rings after so many seconds: the least and the most",
        },
        "reads": {"type": "boolean", "description": "the scenario may be read before"},
        "headphones": {"type": "boolean", "description": "it can't be done without"},
        "takes": {**whole(1, drills.MOST_TAKES), "description": "of a sitting"},
        "lines": mapping_of({name: {**lines, "description": when} for name, when in drills.LINES.items()}),
        "pushes": mapping_of(
            {
                intent: {"type": "array", "items": push, "minItems": 1, "maxItems": drills.MOST_PUSHES}
                for intent in INTENTS
            }
        ),
        "gives_in": {
            **mapping_of(
                {
                    "patterns": texts(reading.MOST_PATTERNS, reading.MAX_PATTERN),
                    "met": sentences(),
                    "not_met": sentences(),
                },
                ("patterns", "met", "not_met"),
            ),
            "description": "how giving in is worded",
        },
    }
    required = ("schema", "id", "title", "about", "tell", "shape", "figure", "gate")
    return {"$schema": DIALECT, "title": "A drill of Bow Out", **mapping_of(properties, required)}


__all__ = ["drill_schema"]
