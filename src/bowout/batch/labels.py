"""A table of what each call is marked by: ``file`` and ``intent`` or ``scenario``, as CSV or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bowout.batch.work import Asked
from bowout.core.criteria import INTENTS
from bowout.core.scenario import Scenario
from bowout.errors import BowoutError, InputError

MAX_BYTES = 64 * 1024 * 1024
DELIMITERS = ",;\t"
"""What spreadsheets write between cells, by their language."""


def plain(name: str) -> str:
    """A file's name as it is compared: macOS writes “é” as two characters, Windows writes ``\\``."""
    return unicodedata.normalize("NFC", name.strip()).replace("\\", "/").removeprefix("./")


def read_labels(path: Path, asked: Callable[[str, str], Asked]) -> dict[str, Asked]:
    """``plain`` name of each file → what it is marked by.

    Args:
        asked: makes it of an intent and the id of a scenario, of which one may be empty.

    Raises:
        InputError: naming the line; the table has to be right before anything is marked by it.
    """
    found: dict[str, Asked] = {}
    known: dict[tuple[str, str], Asked] = {}
    for number, row in _rows(path):
        name = plain(row.get("file", ""))
        what = row.get("intent", "").strip(), row.get("scenario", "").strip()
        if not name or not any(what):
            raise InputError(f"{path}, line {number}: it needs a “file”, and an “intent” or a “scenario”.")
        if what not in known:
            try:
                known[what] = asked(*what)
            except BowoutError as error:
                raise InputError(f"{path}, line {number}: {error.message}", error.hint) from error
        if found.get(name, known[what]) is not known[what]:
            raise InputError(f"{path}, line {number}: “{name}” stands there twice, and not alike.", "Keep one.")
        found[name] = known[what]
    if not found:
        raise InputError(f"{path} names no file.", "Its first line is: file,intent")
    return found


def asked_for(
    scenario: Callable[[str], Scenario], facts: Callable[[Scenario], Mapping[str, str]]
) -> Callable[[str, str], Asked]:
    """Turns an intent or a scenario's id, either may be empty, into what a call is marked by. It raises
    ``BowoutError`` where there is no such intent or scenario, or where the two disagree."""

    def make(intent: str, id_: str) -> Asked:
        if id_:
            found = scenario(id_)
            if intent and intent != found.intent:
                raise InputError(f"“{found.id}” is about “{found.intent}”, not “{intent}”.", "Leave the intent out.")
            return Asked(found.intent, found, facts(found))
        for known in INTENTS:
            if known == intent:
                return Asked(known)
        raise InputError(f"There is no intent “{intent}”.", f"Known: {', '.join(INTENTS)}.")

    return make


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    text = _text(path)
    if path.suffix.lower() in {".jsonl", ".json"}:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield number, _object(line, f"{path}, line {number}")
        return
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count))
    head: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not head:
                head = [cell.strip().lower() for cell in cells]
                if "file" not in head:
                    raise InputError(f"{path} has no column “file”.", "Its first line is: file,intent")
                continue
            yield reader.line_num, dict(zip(head, cells, strict=False))
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}.", "Save it as CSV again.") from error


def _object(line: str, place: str) -> Mapping[str, str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not all(
        isinstance(row.get(key, ""), str) for key in ("file", "intent", "scenario")
    ):
        raise InputError(f"{place}: this is not an object with “file” and “intent” or “scenario”.")
    return row


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.", "Check the name.") from error
    if len(raw) > MAX_BYTES:
        raise InputError(f"{path} is larger than {MAX_BYTES // 2**20} MB.", "Split it, and mark in parts.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text.", "Save it as CSV in UTF-8.") from error


__all__ = ["asked_for", "plain", "read_labels"]
