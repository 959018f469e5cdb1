"""A ZIP whose every byte follows from what is in it: how packs and what coaches and learners exchange are written.

Files are stored and not compressed, in the order of their names, with one date and one mode; ``manifest.json`` gives
the sha256 of each. So the same files always make the same bytes, on every system, and nothing can blow up. Whoever
opens one writes it anew from what was read: it must be the same, byte for byte. What hides before, between
or behind the files, or tells two readers two things, is refused without a list of tricks.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bowout.core.document import shown
from bowout.errors import InputError

MANIFEST = "manifest.json"

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END_BYTES = 22
_LOCATOR, _LOCATOR_BYTES = b"PK\x06\x07", 20
"""Of a ZIP64, which no archive of ours needs: it would say other sizes than the end does."""
_ENTRY_BYTES, _NAME_BYTES = 46, 255
"""What a directory has for a file: so much, and its name."""
_VERSION = 20
_UNIX = 3
_DATE = (1980 - 1980) << 9 | 1 << 5 | 1
"""The first day that a ZIP knows."""
_MODE = (stat.S_IFREG | 0o644) << 16
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, OSError, IndexError,
)  # fmt: skip
"""What Python's reader raises: it depends on its version and on where the damage is."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an archive of one kind may be, and how messages speak of it."""

    noun: str
    """“pack”: more than any pack."""
    ending: str
    """“.bowpack”."""
    max_bytes: int
    """Of the archive."""
    max_unpacked: int
    """Of its files together, as messages have it."""
    max_files: int
    max_file: Callable[[str], int]
    """Bytes of the file of this name."""
    needed: tuple[str, ...]
    """Files without which it is none."""
    check_name: Callable[[str, str], None]
    """Raises ``InputError`` for a file (first) that the archive (second) can't hold."""
    refused: str
    """What to do about one that is not to be trusted."""
    damaged: str
    """What to do about one that is damaged."""
    foreign: str
    """What to do about a file that is none."""
    incomplete: str
    """What to do about one without a needed file."""
    rewritten: str
    """What to do about one that another tool has encrypted or compressed."""
    folders: bool = False
    """Its files may lie in folders."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The archive of these files; their names are ASCII."""
    parts: list[bytes] = []  # joined once: there may be many megabytes, and each copy takes as many
    directory, at = bytearray(), 0
    for name, raw in sorted(files.items()):
        # Version needed, flags, method (stored), time, date, sum, packed and real size, length of the name and of more.
        facts = struct.pack("<HHHHHLLLHH", _VERSION, 0, 0, 0, _DATE, zlib.crc32(raw), len(raw), len(raw), len(name), 0)
        directory += _CENTRAL + struct.pack("<BB", _VERSION, _UNIX) + facts
        directory += struct.pack("<HHHLL", 0, 0, 0, _MODE, at) + name.encode("ascii")
        head = _LOCAL + facts + name.encode("ascii")
        parts += (head, raw)
        at += len(head) + len(raw)
    count = len(files)
    end = _END + struct.pack("<HHHHLLH", 0, 0, count, count, len(directory), at, 0)
    return b"".join((*parts, directory, end))


def sums(files: Mapping[str, bytes]) -> dict[str, Any]:
    """What a manifest says of the files: bytes and sha256 of each, by name."""
    return {name: {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()} for name, raw in sorted(files.items())}


def read_file(path: Path, most: int, what: str) -> bytes:
    """An ordinary file's first ``most`` + 1 bytes: one more than there may be, so that a larger one is found out.

    ``what`` is what should have been named instead, for a message. Raises ``InputError``.
    """
    try:
        # Opening a pipe would wait for somebody who writes into it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path.name} is no ordinary file.", f"Name {what}.")
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.", "Check the name.") from error


def unzipped(raw: bytes, name: str, shape: Shape) -> dict[str, bytes]:
    """Every file, manifest included; raises ``InputError`` for what is no archive and for anything suspicious.

    Whether a tool of ours wrote it is left to the caller: ``zipped`` of what was read must be these bytes.
    """
    if len(raw) > shape.max_bytes:
        told = f"{name} is larger than {shape.max_bytes / 2**20:.1f} MB, more than any {shape.noun}."
        raise InputError(told, shape.refused)
    if not raw.startswith(_LOCAL):
        if _LOCAL in raw and _END in raw:
            raise InputError(f"{name} has something before its first file.", shape.refused)
        raise InputError(f"{name} is no {shape.ending}.", shape.foreign)
    if raw[-_END_BYTES : -_END_BYTES + 4] != _END:
        if _END in raw:
            raise InputError(f"{name} has something behind its end.", shape.refused)
        raise InputError(f"{name} is damaged: its end is missing.", shape.damaged)
    (count,) = struct.unpack_from("<H", raw, len(raw) - _END_BYTES + 10)
    if count > shape.max_files:
        raise InputError(f"{name} holds {count} files, more than any {shape.noun}.", shape.refused)
    if not _modest(raw, shape.max_files):
        raise InputError(f"{name} holds a longer list of files than any {shape.noun}.", shape.refused)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            return dict(_read(opened, name, shape))
    except _UNREADABLE as error:
        told = f"{name} is damaged: {shown(str(error) or type(error).__name__)}."
        raise InputError(told, shape.damaged) from error


def names_in(raw: bytes, shape: Shape) -> list[str]:
    """What an archive says it holds, unchecked; nothing where it can't be read, or is none of this shape's size."""
    if len(raw) > shape.max_bytes or raw[-_END_BYTES : -_END_BYTES + 4] != _END or not _modest(raw, shape.max_files):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            return opened.namelist()
    except _UNREADABLE:
        return []  # what is wrong with it is said by whoever opens it


def _modest(raw: bytes, max_files: int) -> bool:
    """Whether the directory is as long as that of so many files, whatever number it says: Python's reader makes an
    object of each entry before anybody can count them."""
    if raw[-_END_BYTES - _LOCATOR_BYTES :].startswith(_LOCATOR):
        return False
    (length,) = struct.unpack_from("<L", raw, len(raw) - _END_BYTES + 12)
    return bool(length <= max_files * (_ENTRY_BYTES + _NAME_BYTES))


def check_sums(files: Mapping[str, bytes], listing: object, name: str, shape: Shape) -> None:
    """Every file is listed with its sum, and every listed one is there. Raises ``InputError``.

    ``files`` are those beside the manifest, ``listing`` its ``files``.
    """
    listed: dict[str, str] = {}
    for file, entry in listing.items() if isinstance(listing, dict) else ():
        summed = entry.get("sha256") if isinstance(entry, dict) else None
        if not isinstance(summed, str):
            raise InputError(f"The manifest of {name} has no sum for “{shown(file)}”.", shape.damaged)
        listed[file] = summed
    for file in sorted({*files, *listed}):
        if file not in files:
            raise InputError(f"{name} lists “{shown(file)}” and does not hold it.", shape.damaged)
        if file not in listed:
            raise InputError(f"{name} holds “{file}”, which its manifest does not list.", shape.refused)
        if listed[file] != hashlib.sha256(files[file]).hexdigest():
            told = f"“{file}” in {name} is not the file its manifest lists: the sums differ."
            raise InputError(told, shape.damaged)


def check_entries(entries: Sequence[zipfile.ZipInfo], name: str, shape: Shape) -> None:
    """What an archive says it holds: ordinary files, stored as they are, that stay inside the folder they are unpacked
    to, each once, with a name that such an archive can hold. Raises ``InputError``."""
    if len(entries) > shape.max_files:
        raise InputError(f"{name} holds {len(entries)} files, more than any {shape.noun}.", shape.refused)
    taken: dict[str, str] = {}
    for entry in entries:
        _check(entry, name, shape)
        # As the most forgiving file system sees it.
        key = unicodedata.normalize("NFC", entry.filename).casefold()
        if key in taken:
            told = "is in it twice" if taken[key] == entry.filename else f"clashes with “{shown(taken[key])}”"
            raise InputError(f"“{shown(entry.filename)}” in {name}: it {told}.", shape.refused)
        taken[key] = entry.filename
    for entry in entries:
        shape.check_name(entry.filename, name)
    if sum(entry.file_size for entry in entries) > shape.max_bytes:
        raise InputError(f"Unpacked, {name} would take more than {shape.max_unpacked // 2**20} MB.", shape.refused)
    for needed in shape.needed:
        if needed not in taken:
            raise InputError(f"{name} holds no {needed}.", shape.incomplete)


def _read(opened: zipfile.ZipFile, name: str, shape: Shape) -> Iterator[tuple[str, bytes]]:
    entries = opened.infolist()
    check_entries(entries, name, shape)
    for entry in entries:
        with opened.open(entry) as file:
            raw = file.read(entry.file_size + 1)
        if len(raw) != entry.file_size:
            told = f"“{entry.filename}” in {name} has another length than the archive says."
            raise InputError(told, shape.refused)
        yield entry.filename, raw


def _check(entry: zipfile.ZipInfo, name: str, shape: Shape) -> None:
    """An ordinary file, stored as it is, that stays inside the folder it is unpacked to."""
    path = entry.orig_filename
    told = f"“{shown(path)}” in {name}"
    if path.startswith(("/", "\\")) or _DRIVE.match(path):
        raise InputError(f"{told} is an absolute path.", shape.refused)
    if ".." in re.split(r"[/\\]", path):
        raise InputError(f"{told} leads out of the {shape.noun}.", shape.refused)
    if "\\" in path:
        raise InputError(f"{told} has a backslash in its name.", shape.refused)
    if "\0" in path:
        raise InputError(f"{told} has a NUL in its name.", shape.refused)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if path.endswith("/") or kind == stat.S_IFDIR:
        raise InputError(f"{told} is a folder; a {shape.noun} has none.", shape.refused)
    if kind == stat.S_IFLNK:
        raise InputError(f"{told} is a link.", shape.refused)
    if kind not in (0, stat.S_IFREG):
        raise InputError(f"{told} is a device.", shape.refused)
    if "/" in path and not shape.folders:
        raise InputError(f"{told} lies in a folder; a {shape.noun} has none.", shape.refused)
    if entry.flag_bits & _ENCRYPTED:
        raise InputError(f"{told} is encrypted.", shape.rewritten)
    most = shape.max_file(path)
    if entry.file_size > most:
        raise InputError(f"{told} is larger than {most // 1024} KB.", shape.refused)
    if entry.compress_type != zipfile.ZIP_STORED:
        raise InputError(f"{told} is compressed; {shape.noun}s are stored as they are.", shape.rewritten)
    if entry.file_size != entry.compress_size:
        raise InputError(f"{told} has two lengths: {entry.compress_size} and {entry.file_size}.", shape.refused)


__all__ = ["MANIFEST", "Shape", "check_entries", "check_sums", "names_in", "read_file", "sums", "unzipped", "zipped"]
