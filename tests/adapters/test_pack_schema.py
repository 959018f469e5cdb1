"""The schema for editors says what the reader says, as far as a schema can."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from adapters.pack_files import PACK, SCENARIO
from bowout.core import reading
from bowout.core import scenario as scenarios
from bowout.core.document import Node, Problem, Problems
from bowout.storage.drill_schema import drill_schema
from bowout.storage.pack_schema import pack_schema, scenario_schema
from bowout.storage.packs import PACK_KEYS
from bowout.storage.yaml_reader import parse_yaml

ROOT = Path(__file__).parents[2] / "scenarios"
OF_SCENARIO = scenario_schema()
OF_PACK = pack_schema()
OF_DRILL = drill_schema()
EVERYTHING = (
    SCENARIO.replace("persona:", "people:\n  desk: {name: Front desk, words_per_minute: 180}\npersona:")
    .replace("asks: [reason]", "asks: [reason]\n      by: desk\n      ring: true\n      wait_s: 2")
    .replace("{heard: [options], go: slot}", "{heard: [options], missing: [thanks], visits: 2, go: slot}")
    .replace(
        "model_answer:",
        "checklist:\n  required: [ask, reason, pause]\n  weights: {ask: 30, pause: 10}\n"
        '  targets: {words_per_minute: [100, 170], longest_pause_s: ["-", 2]}\n  cues: {reason: ["the line is down"]}\n'
        "limits: {green_s: 40, red_s: 70, turns: 6}\n"
        'items:\n  pause:\n    question: Asks for a break?\n    say: "Could we stop?"\n'
        '    patterns: ["(could|can) we stop"]\n    met: [could we stop, can we stop, "oh could we stop", '
        '"please can we stop", "could we stop now"]\n    not_met: [a, b, c, d, e]\nmodel_answer:',
    )
)


def as_an_editor_reads(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(io.StringIO(text))


def wrong(schema: dict[str, Any], value: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def as_read(text: str) -> list[str]:
    problems = Problems("s.yaml")
    node = parse_yaml(text, problems)
    if node is not None:
        scenarios.read(node, problems)
    return [str(each) for each in problems.found]


@pytest.mark.parametrize("schema", [OF_SCENARIO, OF_PACK, OF_DRILL], ids=["scenario", "pack", "drill"])
def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/*.yaml")), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_shipped_file_fits(path: Path) -> None:
    schema = OF_PACK if path.name == "pack.yaml" else OF_DRILL if path.stem.endswith(".drill") else OF_SCENARIO
    assert wrong(schema, as_an_editor_reads(path.read_text(encoding="utf-8"))) == []


def test_a_file_with_one_of_everything_fits() -> None:
    assert as_read(EVERYTHING) == []
    assert wrong(OF_SCENARIO, as_an_editor_reads(EVERYTHING)) == []
    assert wrong(OF_PACK, as_an_editor_reads(PACK)) == []


def test_it_knows_the_keys_that_the_reader_knows() -> None:
    known = OF_SCENARIO["properties"]
    assert set(known) == set(reading._KEYS)
    assert set(OF_SCENARIO["$defs"]["step"]["properties"]) == set(reading._STEP_KEYS)
    assert set(OF_SCENARIO["$defs"]["rule"]["properties"]) == {"go", *reading._CONDITIONS}
    assert set(OF_PACK["properties"]) == set(PACK_KEYS)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every mapping in a document."""
    if isinstance(value, dict):
        yield path
        for key, entry in value.items():
            yield from places(entry, (*path, key))
    elif isinstance(value, list):
        for at, entry in enumerate(value):
            yield from places(entry, (*path, at))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def node_of(value: Any) -> Node:
    """A document as the reader gets it."""
    if isinstance(value, dict):
        return Node({key: node_of(entry) for key, entry in value.items()}, 1, 1)
    if isinstance(value, list):
        return Node([node_of(entry) for entry in value], 1, 1)
    return Node(str(value).lower() if isinstance(value, bool) else str(value), 1, 1)


def problems_of(value: Any) -> list[Problem]:
    problems = Problems("s.yaml")
    scenarios.read(node_of(value), problems)
    return problems.found


WHOLE = as_an_editor_reads(EVERYTHING)


ELSEWHERE = ("There is no", "is no fact", "says nothing of", "names “", "has no “pause”", "has a condition")
"""Problems that lie between two parts of a file; a schema can't see them."""


@pytest.mark.parametrize("path", list(places(WHOLE)), ids=lambda p: ".".join(map(str, p)) or "top")
def test_what_must_be_there_is_the_same(path: tuple[Any, ...]) -> None:
    """Leaving out one key after another: what the schema lets pass the reader lets pass, and the other way round."""
    for key in at(WHOLE, path):
        changed = copy.deepcopy(WHOLE)
        del at(changed, path)[key]
        problems = problems_of(changed)
        if wrong(OF_SCENARIO, changed):
            assert problems, key
        else:
            assert [p.message for p in problems if not any(part in p.message for part in ELSEWHERE)] == [], key
    changed = copy.deepcopy(WHOLE)
    at(changed, path)["Not known!"] = "x"
    assert wrong(OF_SCENARIO, changed) and problems_of(changed)


def numbers(schema: Any) -> Iterator[tuple[str, float, float]]:
    """The name and the bounds of every number in the schema."""
    if isinstance(schema, dict):
        for key, entry in schema.items():
            if isinstance(entry, dict) and "minimum" in entry:
                yield key, entry["minimum"], entry["maximum"]
            yield from numbers(entry)


PLACES = {
    "version": (), "difficulty": (), "words_per_minute": ("persona",), "wait_s": ("call", "steps", "why"),
    "silence_s": ("call", "steps", "why", "listen"), "no_speech_s": ("limits",), "max_turn_s": ("limits",),
    "green_s": ("limits",), "red_s": ("limits",), "turns": ("limits",), "visits": ("call", "steps", "why", "next", 0),
    "additionalProperties": ("checklist", "weights"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "low", "high"),
    sorted({*numbers(OF_SCENARIO["properties"]), *numbers(OF_SCENARIO["$defs"])}),
)
def test_the_bounds_of_numbers_are_the_same(name: str, low: float, high: float) -> None:
    if name not in PLACES:
        pytest.fail(f"Where does “{name}” stand?")
    key = "ask" if name == "additionalProperties" else name
    for value, fits in ((low, True), (high, True), (low - 1, False), (high + 1, False)):
        changed = copy.deepcopy(WHOLE)
        changed["call"]["steps"]["why"]["listen"] = {}
        changed["limits"] = {}
        place = at(changed, PLACES[name])
        if name in ("green_s", "red_s"):
            place |= {"green_s": 3, "red_s": 900}
        place[key] = value
        assert (not wrong(OF_SCENARIO, changed)) is fits, value
        assert (not problems_of(changed)) is fits, value


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("intent: reschedule", "intent: reshedule"),
        ("difficulty: 2", "difficulty: hard"),
        ("interview: today 15:00", "interview: half past two"),
        ("pushback: why", "pushback: whine"),
        ("{silence: true, go: hello}", "{silence: maybe, go: hello}"),
        ("id: one", "id: One"),
        ("good: true", "good: perhaps"),
        ("faults: [vague_reason, soft_no]", "faults: [rude]"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(old: str, new: str) -> None:
    assert old in SCENARIO
    changed = SCENARIO.replace(old, new)
    assert wrong(OF_SCENARIO, as_an_editor_reads(changed)) and as_read(changed)
