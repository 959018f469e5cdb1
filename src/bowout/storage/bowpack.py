"""``.bowpack``: a pack in one file. A ZIP whose every byte follows from what is in it.

Files are stored and not compressed, in the order of their names, with one date and one mode; ``manifest.json`` gives
the sha256 of each. So the same pack always makes the same bytes, on every system, and nothing can blow up. Opening
turns that around: after the checks that have a sentence of their own, the archive is written anew from what was read
and must be the same, byte for byte. What hides before, between or behind the files, or tells two readers two things,
is refused without a list of tricks. Nothing is written to the disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bowout.core.document import shown
from bowout.errors import InputError
from bowout.storage.packs import (
    EXTRAS,
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
MANIFEST = "manifest.json"
MANIFEST_SCHEMA = 1
MAX_FILES = MAX_SCENARIOS + 2 + len(EXTRAS)
MAX_ARCHIVE_BYTES = MAX_PACK_BYTES + 512 * 1024
"""Files, manifest, and what the archive says about each."""

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END_BYTES = 22
_VERSION = 20
_UNIX = 3
_DATE = (1980 - 1980) << 9 | 1 << 5 | 1
"""The first day that a ZIP knows."""
_MODE = (stat.S_IFREG | 0o644) << 16
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_ATTACK = "Nothing was unpacked. Ask whoever made it for a new one."
_DAMAGED = "Fetch it again, or ask whoever made it for a new one."


def archive(pack: Pack) -> bytes:
    """The ``.bowpack`` of a pack."""
    return _zipped({**pack.files, MANIFEST: manifest(pack)})


def manifest(pack: Pack) -> bytes:
    """What the archive says about itself."""
    files = {
        name: {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()} for name, raw in sorted(pack.files.items())
    }
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
    try:
        # Opening a pipe would wait for somebody who writes into it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path.name} is no ordinary file.", "Name a .bowpack file or a folder.")
        with path.open("rb") as file:
            raw = file.read(MAX_ARCHIVE_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.", "Check the name.") from error
    return read_archive(raw, path.name)


def read_archive(raw: bytes, name: str) -> Pack:
    """The pack in these bytes; ``name`` is what messages call them. Raises like :func:`open_bowpack`."""
    files = _files(raw, name)
    listing = _listing(files.pop(MANIFEST), name)
    for file in sorted({*files, *listing}):
        if file not in files:
            raise InputError(f"{name} lists “{shown(file)}” and does not hold it.", _DAMAGED)
        if file not in listing:
            raise InputError(f"{name} holds “{file}”, which its manifest does not list.", _ATTACK)
        if listing[file] != hashlib.sha256(files[file]).hexdigest():
            raise InputError(f"“{file}” in {name} is not the file its manifest lists: the sums differ.", _DAMAGED)
    pack = read_pack(Unpacked(name, files))
    if unused := sorted(files.keys() - pack.files.keys()):
        raise InputError(f"{name} holds “{unused[0]}”, which its pack.yaml does not name.", _ATTACK)
    if archive(pack) != raw:
        raise InputError(f"{name} is not laid out as “bowout pack build” does.", _ATTACK)
    return pack


# Writing.


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out, directory = bytearray(), bytearray()
    for name, raw in sorted(files.items()):
        # Version needed, flags, method (stored), time, date, sum, packed and real size, length of the name and of more.
        facts = struct.pack("<HHHHHLLLHH", _VERSION, 0, 0, 0, _DATE, zlib.crc32(raw), len(raw), len(raw), len(name), 0)
        directory += _CENTRAL + struct.pack("<BB", _VERSION, _UNIX) + facts
        directory += struct.pack("<HHHLL", 0, 0, 0, _MODE, len(out)) + name.encode("ascii")
        out += _LOCAL + facts + name.encode("ascii") + raw
    count = len(files)
    end = _END + struct.pack("<HHHHLLH", 0, 0, count, count, len(directory), len(out), 0)
    return bytes(out + directory + end)


# Reading.


def _files(raw: bytes, name: str) -> dict[str, bytes]:
    """Every file, manifest included; raises ``InputError`` for what is no archive and for anything suspicious."""
    if len(raw) > MAX_ARCHIVE_BYTES:
        raise InputError(f"{name} is larger than {MAX_ARCHIVE_BYTES / 2**20:.1f} MB, more than any pack.", _ATTACK)
    if not raw.startswith(_LOCAL):
        if _LOCAL in raw and _END in raw:
            raise InputError(f"{name} has something before its first file.", _ATTACK)
        raise InputError(f"{name} is no .bowpack.", "A pack is a folder, or a file that “bowout pack build” wrote.")
    if raw[-_END_BYTES : -_END_BYTES + 4] != _END:
        if _END in raw:
            raise InputError(f"{name} has something behind its end.", _ATTACK)
        raise InputError(f"{name} is damaged: its end is missing.", _DAMAGED)
    (count,) = struct.unpack_from("<H", raw, len(raw) - _END_BYTES + 10)
    if count > MAX_FILES:
        raise InputError(f"{name} holds {count} files, more than any pack.", _ATTACK)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            return dict(_read(opened, name))
    except (
        zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError,
        OverflowError, OSError, IndexError,
    ) as error:  # fmt: skip
        # What Python's reader raises depends on its version and on where the damage is.
        raise InputError(f"{name} is damaged: {shown(str(error) or type(error).__name__)}.", _DAMAGED) from error


def _read(opened: zipfile.ZipFile, name: str) -> Iterator[tuple[str, bytes]]:
    entries = opened.infolist()
    if len(entries) > MAX_FILES:
        raise InputError(f"{name} holds {len(entries)} files, more than any pack.", _ATTACK)
    taken: dict[str, str] = {}
    for entry in entries:
        _check(entry, name)
        # As the most forgiving file system sees it.
        key = unicodedata.normalize("NFC", entry.filename).casefold()
        if key in taken:
            told = "is in it twice" if taken[key] == entry.filename else f"clashes with “{shown(taken[key])}”"
            raise InputError(f"“{shown(entry.filename)}” in {name}: it {told}.", _ATTACK)
        taken[key] = entry.filename
    for entry in entries:
        _check_name(entry.filename, name)
    if sum(entry.file_size for entry in entries) > MAX_ARCHIVE_BYTES:
        raise InputError(f"Unpacked, {name} would take more than {MAX_PACK_BYTES // 2**20} MB.", _ATTACK)
    for needed in (MANIFEST, PACK_FILE):
        if needed not in taken:
            raise InputError(f"{name} holds no {needed}.", "Only “bowout pack build” makes packs.")
    for entry in entries:
        with opened.open(entry) as file:
            raw = file.read(entry.file_size + 1)
        if len(raw) != entry.file_size:
            raise InputError(f"“{entry.filename}” in {name} has another length than the archive says.", _ATTACK)
        yield entry.filename, raw


def _check(entry: zipfile.ZipInfo, name: str) -> None:
    """An ordinary file, stored as it is, that stays inside the folder it is unpacked to."""
    path = entry.orig_filename
    told = f"“{shown(path)}” in {name}"
    if path.startswith(("/", "\\")) or _DRIVE.match(path):
        raise InputError(f"{told} is an absolute path.", _ATTACK)
    if ".." in re.split(r"[/\\]", path):
        raise InputError(f"{told} leads out of the pack.", _ATTACK)
    if "\\" in path:
        raise InputError(f"{told} has a backslash in its name.", _ATTACK)
    if "\0" in path:
        raise InputError(f"{told} has a NUL in its name.", _ATTACK)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if path.endswith("/") or kind == stat.S_IFDIR:
        raise InputError(f"{told} is a folder; a pack has none.", _ATTACK)
    if kind == stat.S_IFLNK:
        raise InputError(f"{told} is a link.", _ATTACK)
    if kind not in (0, stat.S_IFREG):
        raise InputError(f"{told} is a device.", _ATTACK)
    if "/" in path:
        raise InputError(f"{told} lies in a folder; a pack has none.", _ATTACK)
    if entry.flag_bits & _ENCRYPTED:
        raise InputError(f"{told} is encrypted.", "Unpack it by hand and install the folder.")
    if entry.file_size > MAX_BYTES:
        raise InputError(f"{told} is larger than {MAX_BYTES // 1024} KB.", _ATTACK)
    if entry.compress_type != zipfile.ZIP_STORED:
        raise InputError(f"{told} is compressed; packs are stored as they are.", "Unpack it and install the folder.")
    if entry.file_size != entry.compress_size:
        raise InputError(f"{told} has two lengths: {entry.compress_size} and {entry.file_size}.", _ATTACK)


def _check_name(file: str, name: str) -> None:
    known = file in (MANIFEST, PACK_FILE, *EXTRAS)
    if not known and not (file.endswith(".yaml") and is_name(file.removesuffix(".yaml"))):
        hint = f"A pack holds {PACK_FILE}, scenarios (lower-case words joined by hyphens), {MANIFEST}, "
        raise InputError(f"“{shown(file)}” in {name} is no file of a pack.", hint + " and ".join(EXTRAS) + ".")


def _listing(raw: bytes, name: str) -> dict[str, str]:
    """The sha256 of every file, as the manifest lists them."""
    try:
        read = json.loads(raw.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"The manifest of {name} is no JSON.", _DAMAGED) from error
    schema = read.get("schema") if isinstance(read, dict) else None
    if schema != MANIFEST_SCHEMA or isinstance(schema, bool):
        if isinstance(schema, int) and schema > MANIFEST_SCHEMA:
            raise InputError(f"{name} was made for a later version of Bow Out.", "Install the newest version.")
        raise InputError(f"The manifest of {name} is not one of a pack.", _DAMAGED)
    files = read.get("files")
    sums: dict[str, str] = {}
    for file, entry in files.items() if isinstance(files, dict) else ():
        listed = entry.get("sha256") if isinstance(entry, dict) else None
        if not isinstance(listed, str):
            raise InputError(f"The manifest of {name} has no sum for “{shown(file)}”.", _DAMAGED)
        sums[file] = listed
    return sums


__all__ = ["MANIFEST", "MAX_ARCHIVE_BYTES", "SUFFIX", "archive", "manifest", "open_bowpack", "read_archive"]
