"""Restoring a backup that may come from anywhere: everything is checked before anything is touched.

What is here already stays as it is. Each thing comes whole or not at all, so a restore that was broken off is simply
done again.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from bowout.core.document import shown
from bowout.errors import BowoutError, InputError
from bowout.paths import private_dir
from bowout.storage.atomic import PRIVATE, disk_error, sync_folder, write_atomic
from bowout.storage.attempt_writer import EVENTS
from bowout.storage.backup import ENDING, KIND, SCHEMA
from bowout.storage.backup_layout import Kind, Place, Root, located, placed
from bowout.storage.canonical_zip import MANIFEST, Shape, check_entries
from bowout.storage.strict_json import read_json

MAX_FILES = 250_000
MAX_MANIFEST = 64 * 2**20
_DIRECTORY_ENTRY = 256
"""Bytes that the directory of an archive has for a file, at most."""
_END, _LOCATOR, _END_64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_END_BYTES, _LOCATOR_BYTES, _END_64_BYTES = 22, 20, 56
_LOCAL_BYTES = 30
_CHUNK = 2**20
_REFUSED = "Nothing was restored. Take another copy of the backup."
_AGAIN = "Run it again: what has come stays."
_SPARE = 16 * 2**20
"""Bytes that are left free."""


@dataclass(slots=True)
class Restored:
    """What came of it; things by kind, in the order of their names."""

    came: dict[Kind, list[str]] = field(default_factory=dict)
    stayed: dict[Kind, list[str]] = field(default_factory=dict)
    """Here already, and left as they are."""
    unusable: dict[str, str] = field(default_factory=dict)
    """Names in the archive of what was not restored, and why."""


def restore(path: Path, roots: Mapping[Root, Path], *, dry_run: bool = False) -> Restored:
    """Restore what is not here. With ``dry_run`` only check and say what would come.

    Raises:
        InputError: what is wrong with the archive; nothing was touched.
        BowoutError: the disk refuses; what had been restored until then stays.
    """
    with _opened(path) as file:
        names = _checked(file, path.name)
        with zipfile.ZipFile(file) as archive:
            with _damage_explained(path.name):
                sums = _listing(archive, path.name, names)
                for name in names:
                    _check_sum(archive, name, sums[name], path.name)
            return _Restorer(archive, roots, sums, dry_run).run(names)


class _Restorer:
    """The second half: the archive is sound."""

    def __init__(
        self, archive: zipfile.ZipFile, roots: Mapping[Root, Path], sums: Mapping[str, str], dry_run: bool
    ) -> None:
        self._archive = archive
        self._roots = roots
        self._sums = sums
        self._dry_run = dry_run
        self._made = Restored()

    def run(self, names: Mapping[str, Place]) -> Restored:
        things: dict[tuple[Kind, str], dict[str, Place]] = {}
        for name, place in names.items():
            things.setdefault((place.kind, place.thing), {})[name] = place
        coming = []
        for (kind, thing), files in things.items():
            if os.path.lexists(located(next(iter(files.values())), self._roots)):
                self._made.stayed.setdefault(kind, []).append(thing)
            elif why := self._unusable(kind, thing, files):
                self._made.unusable[next(iter(files))] = why
            else:
                coming.append((kind, thing, files))
        self._need_space(coming)
        for kind, thing, files in coming:
            came = self._dry_run or self._place(kind, thing, files)
            (self._made.came if came else self._made.stayed).setdefault(kind, []).append(thing)
        return self._made

    def _unusable(self, kind: Kind, thing: str, files: Mapping[str, Place]) -> str:
        """Why a thing can't be used; empty if it can."""
        if kind.is_folder:
            return "" if any(place.file == EVENTS for place in files.values()) else "its diary is missing"
        if kind.check is None:
            return ""
        try:
            kind.check(self._archive.read(next(iter(files))), thing)
        except BowoutError as error:
            return error.message
        except ValueError as error:
            return str(error)
        return ""

    def _need_space(self, coming: list[tuple[Kind, str, dict[str, Place]]]) -> None:
        needed = sum(self._archive.getinfo(name).file_size for *_, files in coming for name in files)
        top = self._roots["data"]
        there = next(folder for folder in (top, *top.parents) if folder.exists())
        free = shutil.disk_usage(there).free
        if needed and free < needed + _SPARE:
            raise BowoutError(
                f"The disk is too full: {needed / 1e6:.0f} MB are needed, {free / 1e6:.0f} MB are free.",
                "Nothing was restored. Make room and try again.",
            )

    def _place(self, kind: Kind, thing: str, files: Mapping[str, Place]) -> bool:
        """Put a thing in its place; false if it came there meanwhile."""
        target = located(next(iter(files.values())), self._roots)
        unborn = target.with_name(f".new-{thing}")
        try:
            for folder in reversed([each for each in target.parents if each.is_relative_to(self._roots[kind.root])]):
                private_dir(folder)
            if not kind.is_folder:
                write_atomic(target, self._archive.read(next(iter(files))))
                return True
            unborn.mkdir(mode=0o700)
            for name, place in files.items():
                private_dir((unborn / place.file).parent)
                self._copy(name, unborn / place.file)
            sync_folder(unborn)
            unborn.rename(target)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
                return False
            raise disk_error(error, target) from error
        finally:
            if unborn.exists():
                shutil.rmtree(unborn, ignore_errors=True)  # else it is a leftover, swept later
        sync_folder(target.parent)
        return True

    def _copy(self, name: str, target: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        digest = hashlib.sha256()
        with (
            _damage_explained("The backup", _AGAIN),
            self._archive.open(name) as source,
            os.fdopen(os.open(target, flags, PRIVATE), "wb") as file,
        ):
            while block := source.read(_CHUNK):
                file.write(block)
                digest.update(block)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != self._sums[name]:
            raise InputError(f"“{name}” changed while the backup was read.", _AGAIN)


# The first half: is it sound?


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        # Opening a pipe would wait for somebody who writes into it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path.name} is no ordinary file.", "Name the file that “bowout backup” wrote.")
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.", "Check the name.") from error
    with file:
        yield file


@contextlib.contextmanager
def _damage_explained(name: str, hint: str = _REFUSED) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError,
        OverflowError, IndexError, KeyError,
    ) as error:  # fmt: skip
        # What Python's reader raises depends on its version and on where the damage is.
        raise InputError(f"{name} is damaged: {shown(str(error) or type(error).__name__)}.", hint) from error


def _checked(file: BinaryIO, name: str) -> dict[str, Place]:
    """What the archive holds beside its manifest, by name, in order; everything that can be told without reading the
    files has been checked."""
    size = file.seek(0, os.SEEK_END)
    count = _check_end(file, size, name)
    with _damage_explained(name), zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    if len(entries) != count:
        raise InputError(
            f"{name} is damaged: its end counts {count:,} files, and {len(entries):,} are there.", _REFUSED
        )
    names: dict[str, Place] = {}

    def understand(entry: str, _: str) -> None:
        place = placed(entry)
        if place is not None:
            names[entry] = place
        elif entry != MANIFEST:
            raise InputError(f"“{shown(entry)}” in {name} is no file of a backup.", _REFUSED)

    check_entries(entries, name, replace(_SHAPE, max_bytes=size, max_unpacked=size, check_name=understand))
    _check_overlap(entries, size, name)
    return names


def _most_bytes(name: str) -> int:
    place = placed(name)
    return MAX_MANIFEST if place is None else place.kind.most_bytes(place.file)


_SHAPE = Shape(
    noun="backup",
    ending=ENDING,
    max_bytes=0,
    max_unpacked=0,
    max_files=MAX_FILES,
    max_file=_most_bytes,
    needed=(MANIFEST,),
    check_name=lambda entry, archive: None,
    refused=_REFUSED,
    damaged=_REFUSED,
    foreign="A backup is a file that “bowout backup” wrote.",
    incomplete="A backup is a file that “bowout backup” wrote.",
    rewritten="A backup is restored as “bowout backup” wrote it.",
    folders=True,
)


def _check_end(file: BinaryIO, size: int, name: str) -> int:
    """How many files there are. The end of the archive is the end of the file, and its directory is no larger than one
    of ours: Python's reader would take any number of entries into memory."""
    file.seek(max(0, size - _END_BYTES - _LOCATOR_BYTES - _END_64_BYTES))
    tail = file.read()
    end = tail[-_END_BYTES:]
    if len(end) < _END_BYTES or end[:4] != _END or end[-2:] != b"\0\0":
        raise InputError(f"{name} is no backup, or its end is missing.", _SHAPE.foreign)
    count, directory = struct.unpack("<H", end[10:12])[0], struct.unpack("<L", end[12:16])[0]
    if tail[-_END_BYTES - _LOCATOR_BYTES :][:4] == _LOCATOR:
        if tail[:4] != _END_64:
            raise InputError(f"{name} is damaged: its end is torn.", _REFUSED)
        count, directory = struct.unpack("<QQ", tail[32:48])
    if count > MAX_FILES or directory > count * _DIRECTORY_ENTRY:
        raise InputError(f"{name} holds {count:,} files in {directory:,} bytes, unlike any backup.", _REFUSED)
    return int(count)


def _check_overlap(entries: list[zipfile.ZipInfo], size: int, name: str) -> None:
    """No two files share a byte of the archive: so all of them together are no larger than it is."""
    after = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < after:
            raise InputError(f"“{shown(entry.filename)}” in {name} lies over another file.", _REFUSED)
        after = entry.header_offset + _LOCAL_BYTES + len(entry.filename) + entry.file_size
    if after > size:
        raise InputError(f"{name} is damaged: it ends too early.", _REFUSED)


def _listing(archive: zipfile.ZipFile, name: str, names: Mapping[str, Place]) -> dict[str, str]:
    """The sha256 of every file, as the manifest lists them: those that are there, all of them and no other."""
    try:
        read: Any = read_json(archive.read(MANIFEST))
    except ValueError as error:
        raise InputError(f"The manifest of {name} can't be read: {error}.", _REFUSED) from error
    if not isinstance(read, dict) or read.get("kind") != KIND or not isinstance(read.get("schema"), int):
        raise InputError(f"The manifest of {name} is not one of a backup.", _SHAPE.foreign)
    if read["schema"] > SCHEMA:
        raise InputError(f"{name} was made by a later version of Bow Out.", "Install the newest version.")
    files = read.get("files")
    listed = files if isinstance(files, dict) else {}
    for each in sorted({*names, *listed}):
        if each not in names:
            raise InputError(f"{name} lists “{shown(each)}” and does not hold it.", _REFUSED)
        entry = listed.get(each)
        if not isinstance(entry, dict) or not isinstance(entry.get("sha256"), str):
            raise InputError(f"{name} holds “{shown(each)}”, and its manifest has no sum for it.", _REFUSED)
    return {each: listed[each]["sha256"] for each in names}


def _check_sum(archive: zipfile.ZipFile, name: str, expected: str, told: str) -> None:
    digest, total = hashlib.sha256(), 0
    with archive.open(name) as file:
        while block := file.read(_CHUNK):
            digest.update(block)
            total += len(block)
    if total != archive.getinfo(name).file_size:
        raise InputError(f"“{shown(name)}” in {told} has another length than the archive says.", _REFUSED)
    if digest.hexdigest() != expected:
        raise InputError(f"“{shown(name)}” in {told} is not the file its manifest lists: the sums differ.", _REFUSED)


__all__ = ["MAX_FILES", "Restored", "restore"]
