"""``bowout score``: mark a text, a recording, or many texts."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout.commands.common import add_ear, add_json, services
from bowout.commands.output import emit, say
from bowout.core.criteria import INTENTS, Intent
from bowout.errors import EXIT_DONE, EXIT_NO, InputError, UsageError

if TYPE_CHECKING:
    from bowout.core.marks import Marks, Provenance
    from bowout.core.scenario import Scenario
    from bowout.core.transcript import Transcript

MAX_TEXT_BYTES = 2 * 1024 * 1024
"""Of a text to be marked; 20,000 words have about 120 KB."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "score",
        help="mark what was said: a text or a recording",
        description="Mark a text or a recording by the published checklist. Exit code 1 means: marked, not passed.",
    )
    parser.add_argument("--intent", choices=INTENTS, help="what the caller wanted")
    parser.add_argument("--scenario", metavar="ID", help="mark by this scenario's own rules and facts")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--text", metavar="FILE", help="a text file, or - for standard input")
    source.add_argument("--wav", metavar="FILE", help="a recording (WAV)")
    source.add_argument(
        "--jsonl", metavar="FILE", help='one {"id", "intent", "text"} a line, or -; prints one JSON object a line'
    )
    add_ear(parser)
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.jsonl is not None:
        return _many(arguments.jsonl)
    scenario: Scenario | None = None
    intent: Intent | None = arguments.intent
    if arguments.scenario is not None:
        from bowout.bootstrap import build_catalogue

        scenario = build_catalogue().scenario(arguments.scenario)
        if intent is not None and intent != scenario.intent:
            raise UsageError(f"“{scenario.id}” is about “{scenario.intent}”, not “{intent}”.", "Leave --intent out.")
        intent = scenario.intent
    if intent is None:
        raise UsageError("What did the caller want?", f"Add --intent ({', '.join(INTENTS)}) or --scenario.")

    provenance: dict[str, Any] = {}
    if arguments.wav is not None:
        transcript, provenance = _hear(Path(arguments.wav), arguments.ear)
    else:
        from bowout.core.transcript import from_text

        transcript = from_text(_read_text(arguments.text))
    marks, made = _mark(transcript, intent, scenario, provenance)
    if arguments.json:
        from bowout.core.marks import as_json

        emit(as_json(marks, made))
    else:
        from bowout.commands.review import lines

        for line in lines(marks, scenario.title if scenario else intent):
            say(line)
    return EXIT_DONE if marks.passed else EXIT_NO


def _mark(
    transcript: Transcript, intent: Intent, scenario: Scenario | None, provenance: dict[str, Any]
) -> tuple[Marks, Provenance]:
    from datetime import datetime

    from bowout.core.assessment import assess

    facts = scenario.facts_at(datetime.now().astimezone()) if scenario else {}
    return assess(transcript, intent, scenario, facts, **provenance)


def _hear(path: Path, ear: str | None) -> tuple[Transcript, dict[str, Any]]:
    """The recording as one turn, through the same pipeline as a call."""
    made = services(ear)
    try:
        return made.transcribe(path)
    finally:
        made.close()


def _read_text(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1) if name == "-" else _read_file(Path(name))
    except OSError as error:
        raise InputError(f"{name} can't be read: {error.strerror}.", "Check the name.") from error
    if len(raw) > MAX_TEXT_BYTES:
        raise InputError(f"{name} is larger than {MAX_TEXT_BYTES // 2**20} MB.", "Mark one call at a time.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text.", "Save it as UTF-8, or name a recording with --wav.") from error


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_TEXT_BYTES + 1)


def _many(name: str) -> int:
    """One result a line; the first bad line stops with its number."""
    from bowout.core.marking import MARKING_VERSION, mark
    from bowout.core.marks import Provenance, as_json
    from bowout.core.transcript import from_text

    provenance = Provenance(marking_version=MARKING_VERSION)
    for number, raw in enumerate(_lines(name), 1):
        if not raw.strip():
            continue
        try:
            entry = json.loads(raw, parse_constant=_no_number)
            identity, intent, text = entry["id"], entry["intent"], entry["text"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputError(f"{name}, line {number}: this is not an object with “id”, “intent” and “text”.") from error
        if intent not in INTENTS:
            raise InputError(f"{name}, line {number}: the intent is {intent!r}.", f"Known: {', '.join(INTENTS)}.")
        if not isinstance(text, str):
            raise InputError(f"{name}, line {number}: “text” is not a text.")
        emit({"id": identity, **as_json(mark(from_text(text), intent), provenance)})
    return EXIT_DONE


def _no_number(name: str) -> None:
    """``NaN`` and ``Infinity`` are no JSON, whatever Python says."""
    raise ValueError(f"{name} is no number")


def _lines(name: str) -> Iterator[bytes]:
    try:
        if name == "-":
            yield from sys.stdin.buffer
            return
        with Path(name).open("rb") as file:
            yield from file
    except OSError as error:
        raise InputError(f"{name} can't be read: {error.strerror}.", "Check the name.") from error
