"""What a backup holds, and where it lies: one table for writing and for restoring.

    attempts/<ID>/events.jsonl, audio.wav    cases/<ID>/events.jsonl    incidents/<ID>/events.jsonl
    messages/<KIND>.txt    drafts/<KEY>.json    packs/<ID>.bowpack    plan.json    settings.toml    manifest.json
    coaching/coach/assignments/<ID>/…, people.jsonl    coaching/learner/assignments/<ID>/…, coaches.json
    coaching/coach/keys.json, coaching/learner/keys.json    only where they are asked for

A *thing* is what is restored whole or not at all: a folder of those, or a single file. Names that are not of this table
are never written to a backup and never read from one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bowout.core.messages import OWN_KINDS
from bowout.core.plan import Plan
from bowout.core.settings import Settings
from bowout.errors import InputError
from bowout.storage import outbox, plan_file
from bowout.storage.attempt_writer import AUDIO, EVENTS
from bowout.storage.bowpack import MAX_ARCHIVE_BYTES, SUFFIX, read_archive
from bowout.storage.coaching.collecting import RESULTS
from bowout.storage.coaching.container import ID_DIGITS, MAX_FILE
from bowout.storage.coaching.folders import FILE
from bowout.storage.coaching.keys import MAX_KEY_FILE
from bowout.storage.drafts import KEY, draft_in
from bowout.storage.drafts import MOST_BYTES as MAX_DRAFT
from bowout.storage.packs import Pack
from bowout.storage.settings_file import settings_in
from bowout.storage.strict_json import read_json

MAX_DIARY = 256 * 2**20
"""Bytes of the diary of one call or case; an hour's call has less than a hundredth."""
MAX_AUDIO = 2**32
"""Bytes of a recording; no WAV file can be larger."""
MAX_SETTINGS = 64 * 1024
MAX_BYTES = 16 * 2**20
"""Bytes of a list of names."""
ID = r"[0-9]{8}T[0-9]{9}Z-[0-9a-f]{6}"

Root = Literal["data", "config"]
"""The user's data folder, or the one of the settings."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of thing."""

    noun: str
    """Singular, as messages count it; with ``plural`` empty there is one at most."""
    plural: str
    root: Root
    folder: str
    """Below the root and in the archive; empty = right there."""
    things: re.Pattern[str]
    """Names of the things in it."""
    files: Mapping[str, int] | int
    """Where a thing is a folder: patterns of its files' paths, and their most bytes; where it is a file: its own."""
    check: Callable[[bytes, str], object] | None = None
    """Raises ``BowoutError`` or ``ValueError`` for bytes (first) of a file (second) that the program can't use."""
    secret: bool = False
    """Only in a backup that was asked to hold it."""

    @property
    def is_folder(self) -> bool:
        return not isinstance(self.files, int)

    def most_bytes(self, file: str) -> int:
        """Of a file of one of its things, 0 if there is none such; ``file`` is empty where the thing is the file."""
        if isinstance(self.files, int):
            return self.files
        return next((most for pattern, most in self.files.items() if re.fullmatch(pattern, file)), 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A name in an archive, understood."""

    kind: Kind
    thing: str
    file: str
    """Its path within the thing's folder; empty where the thing is a file."""


def _plan(raw: bytes, name: str) -> Plan:
    value = read_json(raw)
    if not isinstance(value, dict):
        raise InputError("It is no plan.")
    return Plan.from_json(value)


def _pack(raw: bytes, name: str) -> Pack:
    pack = read_archive(raw, name)
    if name != pack.id + SUFFIX:
        raise InputError(f"It holds the pack “{pack.id}”.")
    return pack


def _message(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("It is not UTF-8 text.") from error


def _settings(raw: bytes, name: str) -> Settings:
    return settings_in(_message(raw, name), Path(name))


_DIARY = {re.escape(EVENTS): MAX_DIARY}
_ASSIGNMENT = {**_DIARY, re.escape(FILE): MAX_FILE}
_COACH, _LEARNER = "coaching/coach", "coaching/learner"
_SIGNED = re.compile(f"[0-9a-f]{{{ID_DIGITS}}}")
"""An id that is the beginning of a sum."""
KINDS = (
    Kind("call", "calls", "data", "attempts", re.compile(ID), {**_DIARY, re.escape(AUDIO): MAX_AUDIO}),
    Kind("case", "cases", "data", "cases", re.compile(ID), _DIARY),
    Kind("incident note", "incident notes", "data", "incidents", re.compile(ID), _DIARY),
    Kind(
        "wording of a message", "wordings of messages", "data", "messages",
        re.compile("|".join(f"{kind}\\.txt" for kind in OWN_KINDS)), outbox.MOST_BYTES, _message,
    ),
    Kind("draft", "drafts", "data", "drafts", re.compile(rf"{KEY}\.json"), MAX_DRAFT, draft_in),
    Kind(
        "pack", "packs", "data", "packs", re.compile(rf"[a-z0-9][a-z0-9-]{{0,63}}{re.escape(SUFFIX)}"),
        MAX_ARCHIVE_BYTES, _pack,
    ),
    Kind(
        "assignment handed out", "assignments handed out", "data", f"{_COACH}/assignments", _SIGNED,
        {**_ASSIGNMENT, r"roster\.json": MAX_BYTES, f"{RESULTS}/{_SIGNED.pattern}": MAX_FILE},
    ),
    Kind("list of learners", "", "data", _COACH, re.compile(r"people\.jsonl"), MAX_DIARY),
    Kind(
        "assignment", "assignments", "data", f"{_LEARNER}/assignments", _SIGNED,
        {**_ASSIGNMENT, f"answers/{_SIGNED.pattern}": MAX_FILE},
    ),
    Kind("list of coaches", "", "data", _LEARNER, re.compile(r"coaches\.json"), MAX_BYTES),
    Kind("coach's keys", "", "data", _COACH, re.compile(r"keys\.json"), MAX_KEY_FILE, secret=True),
    Kind("learner's keys", "", "data", _LEARNER, re.compile(r"keys\.json"), MAX_KEY_FILE, secret=True),
    Kind("plan", "", "data", "", re.compile(r"plan\.json"), plan_file.MOST_BYTES, _plan),
    Kind("settings", "", "config", "", re.compile(r"settings\.toml"), MAX_SETTINGS, _settings),
)  # fmt: skip
"""In the order in which they are written and told of."""


def placed(name: str) -> Place | None:
    """What this name in an archive means; ``None`` if nothing."""
    for kind in KINDS:
        if not name.startswith(_prefix(kind)):
            continue
        thing, below, file = name.removeprefix(_prefix(kind)).partition("/")
        if kind.things.fullmatch(thing) and (kind.most_bytes(file) if kind.is_folder else not below):
            return Place(kind, thing, file)
    return None


def _prefix(kind: Kind) -> str:
    return f"{kind.folder}/" if kind.folder else ""


def located(place: Place, roots: Mapping[Root, Path]) -> Path:
    """Where the thing of a place lies on this machine."""
    return roots[place.kind.root] / place.kind.folder / place.thing


def found(kind: Kind, roots: Mapping[Root, Path]) -> Iterator[tuple[str, Path]]:
    """Names in an archive, and files, of all things of a kind that are here, in order. Links are not followed."""
    top = roots[kind.root] / kind.folder
    if not top.is_dir():
        return
    for thing in sorted(path for path in top.iterdir() if kind.things.fullmatch(path.name)):
        if not kind.is_folder:
            yield _prefix(kind) + thing.name, thing
        elif thing.is_dir() and not thing.is_symlink():
            for folder, _, files in sorted(os.walk(thing)):
                for path in (Path(folder, file) for file in sorted(files)):
                    within = path.relative_to(thing).as_posix()
                    if kind.most_bytes(within):
                        yield f"{_prefix(kind)}{thing.name}/{within}", path


__all__ = ["KINDS", "Kind", "Place", "Root", "found", "located", "placed"]
