"""From what lies in the folder to what is marked: texts are read here, recordings where they are heard."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol

from bowout.batch.listing import Source
from bowout.batch.marker import Hearing, file_sha256, named
from bowout.batch.work import Asked, Item, fingerprint
from bowout.core.criteria import INTENTS, Intent
from bowout.errors import InputError

MAX_TEXT_BYTES = 256 * 1024
"""Of one call; 20,000 words, more than are marked, have about 120 KB."""
MAX_SENT_BYTES = 128 * 1024 * 1024
"""Of a recording that is sent to its worker: an hour at 16 kHz. Longer ones need a folder that all can see."""
_NOT_TEXT = "is not UTF-8 text."


@dataclass(frozen=True)
class Plan:
    """How every source is marked. The same plan gives the same lines."""

    asked: Callable[[Source], Asked | None]
    """What a file is marked by; ``None`` where nobody said."""
    marking_version: str
    hearing: Hearing | None
    """``None``: there is nothing to hear."""
    day: str
    """Of the calls, for a scenario's dates."""
    send: bool = False
    """Recordings go to their workers as bytes."""

    def job(self, source: Source) -> str:
        """Fingerprint of how a file's calls are marked: a result of another one does not count."""
        asked = self.asked(source)
        scenario = asked.scenario if asked else None
        by = (asked.intent if asked else "", scenario.id if scenario else "", scenario.sha256 if scenario else "")
        return fingerprint(
            *by, self.marking_version, self.hearing if source.kind == "sound" else "", self.day if scenario else ""
        )


class Done(Protocol):
    """The lines that are there already."""

    def maybe(self, item: Item) -> bool:
        """A line of the item is there, by its job and its size."""

    def has(self, item: Item) -> bool:
        """… and by its sha256. Never for one without."""


def items_of(source: Source, plan: Plan, done: Done) -> Iterator[tuple[Item, bool]]:
    """A source's items, and whether each is done."""
    bare = Item(source.file, size=source.size, job=plan.job(source))
    if source.error:
        yield replace(bare, error=source.error), False
    elif source.kind == "lines":
        for item in _lines(source, plan.asked(source), bare):
            yield item, done.has(item)
    else:
        try:
            item = (_text if source.kind == "text" else _sound)(source, replace(bare, asked=plan.asked(source)))
            if source.kind == "sound" and not item.error and done.maybe(item):
                item = replace(item, sha256=file_sha256(source.path))  # here: what is done need not be handed out
            is_done = done.has(item)
            if plan.send and item.path is not None and not is_done:
                item = _sent(source, item)
            yield item, is_done
        except InputError as error:
            yield replace(bare, error=named(error, source.path, source.file).sentence()), False


def _sound(source: Source, item: Item) -> Item:
    return replace(item, path=source.path) if item.asked is not None else replace(item, error=_unlabelled(source.file))


def _sent(source: Source, item: Item) -> Item:
    if source.size > MAX_SENT_BYTES:
        raise InputError(f"{source.file} is too large to be sent: it has more than {MAX_SENT_BYTES // 2**20} MB.")
    return replace(item, path=None, sound=_read(source.path, MAX_SENT_BYTES))


def _text(source: Source, item: Item) -> Item:
    raw = _read(source.path, MAX_TEXT_BYTES + 1)
    item = replace(item, sha256=hashlib.sha256(raw).hexdigest())
    if len(raw) > MAX_TEXT_BYTES:
        return replace(item, error=_too_large(source.file))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return replace(item, error=f"{source.file} {_NOT_TEXT} Save it as UTF-8.")
    if "\0" in text:
        return replace(item, error=f"{source.file} {_NOT_TEXT}")
    if not text.strip():
        return replace(item, error=f"{source.file} is empty.")
    if item.asked is None:
        return replace(item, error=_unlabelled(source.file))
    return replace(item, text=text)


def _lines(source: Source, asked: Asked | None, bare: Item) -> Iterator[Item]:
    """One item a line, as ``bowout score --jsonl`` takes them; the intent may be missing where the file has one."""
    try:
        with source.path.open("rb") as file:
            for number, (raw, size, sha256) in enumerate(_bounded(file), 1):
                item = replace(bare, line=number, size=size, sha256=sha256)
                if raw is None:
                    yield replace(item, error=_too_large(f"{source.file}, line {number},"))
                elif raw.strip():
                    yield _line(raw, f"{source.file}, line {number}", asked, item)
    except OSError as error:
        yield replace(bare, error=f"{source.file} can't be read: {error.strerror or error}.")


def _line(raw: bytes, place: str, asked: Asked | None, item: Item) -> Item:
    try:
        entry = json.loads(raw)
        name, text, intent = entry["id"], entry["text"], entry.get("intent")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return replace(item, error=f"{place}: this is not an object with “id”, “intent” and “text”.")
    if not isinstance(text, str) or not isinstance(name, (str, int)):
        return replace(item, error=f"{place}: “text” is not a text, or “id” is neither a text nor a number.")
    item = replace(item, name=name)
    wanted = asked if intent is None else _asked(intent, asked)
    if wanted is None:
        told = "there is no “intent”" if intent is None else f"the intent is {str(intent)[:40]!r}"
        return replace(item, error=f"{place}: {told}. Known: {', '.join(INTENTS)}.")
    if wanted.scenario is not None and intent not in (None, wanted.intent):
        told = f"“{wanted.scenario.id}” is about “{wanted.intent}”, not “{intent}”."
        return replace(item, error=f"{place}: {told}")
    if not text.strip():
        return replace(item, error=f"{place}: the text is empty.")
    return replace(item, asked=wanted, text=text)


def _asked(intent: object, asked: Asked | None) -> Asked | None:
    """What a line with an intent of its own is marked by: the scenario that was asked for, else its intent."""
    if asked is not None and asked.scenario is not None:
        return asked
    known: tuple[Intent, ...] = tuple(known for known in INTENTS if known == intent)
    return Asked(known[0]) if known else None


def _bounded(file: IO[bytes]) -> Iterator[tuple[bytes | None, int, str]]:
    """Each line (``None``: too long), its bytes, and its sha256."""
    while raw := file.readline(MAX_TEXT_BYTES + 1):
        size, digest = len(raw), hashlib.sha256(raw)
        whole = size <= MAX_TEXT_BYTES
        piece = raw
        while not piece.endswith(b"\n") and (piece := file.readline(MAX_TEXT_BYTES)):
            size += len(piece)
            digest.update(piece)
        yield (raw if whole else None), size, digest.hexdigest()


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.", "Check its permissions.") from error


def _too_large(place: str) -> str:
    return f"{place} is larger than {MAX_TEXT_BYTES // 1024} KB. One file or line is one call."


def _unlabelled(file: str) -> str:
    return f"{file} is not in the table of labels. Add a line for it."


__all__ = ["MAX_TEXT_BYTES", "Done", "Plan", "items_of"]
