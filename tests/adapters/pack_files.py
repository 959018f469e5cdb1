"""A small pack that is well, as text, and ZIPs made byte by byte: what the tests of packs start from."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PACK = """\
schema: 1
id: samples
version: 1
title: Samples
description: Two calls for the tests.
author: Nobody
license: CC0
scenarios: [one, two]
"""

SCENARIO = """\
schema: 1
id: one
version: 1
title: Your train is cancelled
intent: reschedule
channel: phone
difficulty: 2
tags: [transport]
brief:
  you: "You are {caller}."
  them: "{contact}, who runs hiring."
  situation: "Your interview for the {role} position is {when}."
persona:
  name: Maria Keller
  words_per_minute: 165
facts:
  caller: Sam Lee
  contact: Maria Keller
  company: Northwind
  role: site planner
  when: "{interview}"
  reason: my train has been cancelled
  reason_written: my train was cancelled
  option_1: "{first}"
  option_2: "{second}"
  option_1_date: "{first_date}"
  option_2_date: "{second_date}"
times:
  interview: today 15:00
  first: +1 workday 10:00
  second: +2 workdays 14:00
script:
  - "Hello {contact}, this is {caller}."
call:
  start: pickup
  steps:
    pickup:
      say: ["Northwind, Maria Keller speaking.", "Maria Keller, Northwind, hello."]
      next:
        - {silence: true, go: hello}
        - {heard: [ask, options], go: slot}
        - {heard: [ask], go: why}
        - {go: hello}
    hello:
      say: ["Yes? What can I do for you?"]
      next:
        - {heard: [ask, options], go: slot}
        - {heard: [ask], go: why}
        - {go: unclear}
    why:
      say: ["Oh. What has happened?", "That is a pity. Why is that?"]
      asks: [reason]
      pushback: why
      hint: "Say the reason in a few words."
      next:
        - {heard: [options], go: slot}
        - {go: unclear}
    slot:
      say: ["The first of those would be possible. Is that all right?"]
      next:
        - {go: bye}
    bye:
      say: ["Good. Until then. Goodbye."]
      end: moved
    unclear:
      say: ["I have to go into a meeting. Please write to me. Goodbye."]
      end: left_open
outcomes:
  moved: {says: "The interview is moved.", good: true}
  left_open: {says: "Nothing is settled.", good: false}
model_answer:
  - >-
    Good morning {contact}, this is {caller}. I'm sorry, {reason} and I can't come to the {role} interview {when}.
    Could we move it to {option_1}, or {option_2}?
  - "Yes, thank you so much for understanding. I will confirm by email."
weak_answer:
  say:
    - "Hi, um, I can't come in today. Something came up."
    - "I don't know, maybe some other time. I'm not really sure I'm still interested, I'll let you know."
  faults: [vague_reason, soft_no]
follow_up: reschedule
"""
OTHER = SCENARIO.replace("id: one", "id: two").replace("Your train is cancelled", "Your bus is cancelled")


def pack_files(**changes: str | bytes | None) -> dict[str, bytes]:
    """The files of the pack that is well, with some replaced, added, or (``None``) left out.

    A keyword names the file: ``one`` is ``one.yaml``, ``LICENSE`` is itself.
    """
    files: dict[str, str | bytes | None] = {"pack": PACK, "one": SCENARIO, "two": OTHER, **changes}
    return {
        name if name.isupper() else f"{name}.yaml": text.encode() if isinstance(text, str) else text
        for name, text in files.items()
        if text is not None
    }


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    return folder


def manifest_of(files: Mapping[str, bytes], /, **changes: object) -> bytes:
    """As ``bowout pack build`` writes it, with some entries changed."""
    listing = {n: {"bytes": len(r), "sha256": hashlib.sha256(r).hexdigest()} for n, r in sorted(files.items())}
    whole = {
        "schema": 1,
        "id": "samples",
        "version": 1,
        "title": "Samples",
        "files": listing,
        "sha256": hashlib.sha256(json.dumps(listing, separators=(",", ":")).encode()).hexdigest(),
    }
    return (json.dumps({**whole, **changes}, indent=1) + "\n").encode()


@dataclass
class Entry:
    """One file of a ZIP, and every lie that can be told about it."""

    name: bytes
    raw: bytes = b""
    """What lies in the archive, packed if ``method`` says so."""
    method: int = 0
    flags: int = 0
    mode: int = 0o100644
    size: int | None = None
    """Real size as declared; the true one unless given."""
    packed: int | None = None
    crc: int | None = None
    local_name: bytes | None = None
    extra: bytes = b""
    offset: int | None = None
    """Where the directory says it begins."""
    date: int = 33
    gap: bytes = b""
    """Lies before it."""


@dataclass
class Zip:
    """A ZIP made byte by byte."""

    entries: Sequence[Entry]
    before: bytes = b""
    after: bytes = b""
    comment: bytes = b""
    count: int | None = None
    directory_shift: int = 0
    disk: int = 0
    out: bytearray = field(default_factory=bytearray)

    def bytes(self) -> bytes:
        out, directory = bytearray(), bytearray()
        for e in self.entries:
            out += e.gap
            size = len(e.raw) if e.size is None else e.size
            packed = len(e.raw) if e.packed is None else e.packed
            crc = zlib.crc32(e.raw) if e.crc is None else e.crc
            local = e.name if e.local_name is None else e.local_name
            at = len(out) if e.offset is None else e.offset
            head = (20, e.flags, e.method, 0, e.date, crc, packed, size)
            directory += b"PK\x01\x02" + struct.pack("<BBHHHHHLLL", 20, 3, *head)
            directory += struct.pack("<HHHHHLL", len(e.name), len(e.extra), 0, 0, 0, e.mode << 16, at)
            directory += e.name + e.extra
            out += b"PK\x03\x04" + struct.pack("<HHHHHLLLHH", *head, len(local), 0) + local + e.raw
        count = len(self.entries) if self.count is None else self.count
        end = b"PK\x05\x06" + struct.pack(
            "<HHHHLLH",
            self.disk,
            self.disk,
            count,
            count,
            len(directory),
            len(out) + self.directory_shift,
            len(self.comment),
        )
        return bytes(self.before + out + directory + end + self.comment + self.after)


def entries_of(files: Mapping[str, bytes]) -> list[Entry]:
    """What an honest archive of these files holds, manifest included."""
    whole = {**files, "manifest.json": manifest_of(files)}
    return [Entry(name.encode(), raw) for name, raw in sorted(whole.items())]


def zip_of(files: Mapping[str, bytes], **changes: object) -> bytes:
    """An honest archive, but for the changes."""
    return Zip(entries_of(files), **changes).bytes()  # type: ignore[arg-type]
