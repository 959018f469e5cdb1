"""``.bowpack``: a pack in one file, a ZIP whose every byte follows from what is in it (``canonical_zip``).

So the same pack always makes the same bytes, on every system. Opening turns that around: after the checks that have a
sentence of their own, the archive is written anew from what was read and must be the same, byte for byte. Nothing is
written to the disk.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from bowout.core.document import shown
from bowout.errors import InputError
from bowout.storage.canonical_zip import MANIFEST, Shape, check_sums, read_file, sums, unzipped, zipped
from bowout.storage.packs import (
    DRILL_SUFFIX,
    EXTRAS,
    MAX_DRILLS,
    MAX_PACK_BYTES,
    MAX_SCENARIOS,
    PACK_FILE,
    Pack,
    Unpacked,
    is_name,
    read_pack,
)
from bowout.storage.yaml_reader import MAX_BYTES

SUFFIX = ".bowpack"
MANIFEST_SCHEMA = 1
MAX_FILES = MAX_SCENARIOS + MAX_DRILLS + 2 + len(EXTRAS)
MAX_ARCHIVE_BYTES = MAX_PACK_BYTES + 512 * 1024
"""Files, manifest, and what the archive says about each."""

_ATTACK = "Nothing was unpacked. Ask whoever made it for a new one."
_DAMAGED = "Fetch it again, or ask whoever made it for a new one."


def archive(pack: Pack) -> bytes:
    """The ``.bowpack`` of a pack."""
    return zipped({**pack.files, MANIFEST: manifest(pack)})


def manifest(pack: Pack) -> bytes:
    """What the archive says about itself."""
    files = sums(pack.files)
    whole: dict[str, Any] = {
        "schema": MANIFEST_SCHEMA,
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "files": files,
        "sha256": hashlib.sha256(json.dumps(files, separators=(",", ":")).encode()).hexdigest(),
    }
    return (json.dumps(whole, indent=1) + "\n").encode("ascii")


def open_bowpack(path: Path) -> Pack:
    """The pack in an archive that may come from anybody.

    Raises:
        InputError: one sentence: what is wrong with the archive.
        PackError: the archive is sound, and its files have these problems.
    """
    return read_archive(read_file(path, MAX_ARCHIVE_BYTES, "a .bowpack file or a folder"), path.name)


def read_archive(raw: bytes, name: str) -> Pack:
    """The pack in these bytes; ``name`` is what messages call them. Raises like :func:`open_bowpack`."""
    files = unzipped(raw, name, SHAPE)
    check_sums(files, _listing(files.pop(MANIFEST), name), name, SHAPE)
    pack = read_pack(Unpacked(name, files))
    if unused := sorted(files.keys() - pack.files.keys()):
        raise InputError(f"{name} holds “{unused[0]}”, which its pack.yaml does not name.", _ATTACK)
    if archive(pack) != raw:
        raise InputError(f"{name} is not laid out as “bowout pack build” does.", _ATTACK)
    return pack


def _check_name(file: str, name: str) -> None:
    known = file in (MANIFEST, PACK_FILE, *EXTRAS)
    stem = file.removesuffix(DRILL_SUFFIX).removesuffix(".yaml")
    if not known and not (file.endswith(".yaml") and is_name(stem)):
        hint = f"A pack holds {PACK_FILE}, scenarios and drills (lower-case words joined by hyphens), {MANIFEST}, "
        raise InputError(f"“{shown(file)}” in {name} is no file of a pack.", hint + " and ".join(EXTRAS) + ".")


def _listing(raw: bytes, name: str) -> object:
    """What the manifest lists."""
    try:
        read = json.loads(raw.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"The manifest of {name} is no JSON.", _DAMAGED) from error
    schema = read.get("schema") if isinstance(read, dict) else None
    if schema != MANIFEST_SCHEMA or isinstance(schema, bool):
        if isinstance(schema, int) and schema > MANIFEST_SCHEMA:
            raise InputError(f"{name} was made for a later version of Bow Out.", "Install the newest version.")
        raise InputError(f"The manifest of {name} is not one of a pack.", _DAMAGED)
    return read.get("files")


SHAPE = Shape(
    noun="pack",
    ending=SUFFIX,
    max_bytes=MAX_ARCHIVE_BYTES,
    max_unpacked=MAX_PACK_BYTES,
    max_files=MAX_FILES,
    max_file=lambda name: MAX_BYTES,
    needed=(MANIFEST, PACK_FILE),
    check_name=_check_name,
    refused=_ATTACK,
    damaged=_DAMAGED,
    foreign="A pack is a folder, or a file that “bowout pack build” wrote.",
    incomplete="Only “bowout pack build” makes packs.",
    rewritten="Unpack it and install the folder.",
)


__all__ = ["MANIFEST", "MAX_ARCHIVE_BYTES", "SHAPE", "SUFFIX", "archive", "manifest", "open_bowpack", "read_archive"]
