"""A backup: everything the user made, in one ZIP that they alone can read.

Files are stored as they are, ``manifest.json`` (the last one) lists the bytes and the sha256 of each. It appears whole,
in place of an older one, or not at all. A call that is going on is in it as far as it has come.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO

from bowout import __version__
from bowout.errors import BowoutError, UsageError
from bowout.storage.atomic import disk_error, own_file
from bowout.storage.backup_layout import KINDS, Kind, Root, found, placed
from bowout.storage.canonical_zip import MANIFEST
from bowout.storage.strict_json import written

ENDING = ".zip"
KIND = "bowout-backup"
SCHEMA = 1
_CHUNK = 2**20
_YEARS = (1980, 2107)
"""The first and the last that a ZIP knows."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup has become."""

    path: Path
    bytes: int
    things: Mapping[Kind, int]
    """How many of each kind are in it."""
    left_out: tuple[tuple[Path, str], ...]
    """What could not be taken, and why."""


def back_up(path: Path, roots: Mapping[Root, Path], now: datetime, *, with_keys: bool = False) -> Backup:
    """Write a backup.

    Args:
        path: must end with ``ENDING``; an older backup there is replaced, any other file is not.
        now: aware; the date that the archive and its files bear.
        with_keys: secret keys, too.

    Raises:
        UsageError: something else is at ``path``, or it has another ending.
        BowoutError: the disk refuses; an older backup then stands.
    """
    _check_target(path)
    sums: dict[str, dict[str, Any]] = {}
    things: dict[Kind, set[str]] = {}
    left_out: list[tuple[Path, str]] = []
    # Before the file is opened, so that a backup which is written into the user's folder is not in itself.
    try:
        wanted = [(kind, *each) for kind in KINDS if with_keys or not kind.secret for each in found(kind, roots)]
    except OSError as error:
        raise disk_error(error, roots["data"]) from error
    with own_file(path) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for kind, name, source in wanted:
                place = placed(name)
                assert place is not None, "what is found is of the table"
                try:
                    with _opened(source, kind.most_bytes(place.file)) as taken:
                        sums[name] = _store(archive, name, taken, now)
                except FileNotFoundError:
                    continue  # not every call has a recording; or it was deleted this moment
                except _LeftOut as error:
                    left_out.append((source, str(error)))
                    continue
                things.setdefault(kind, set()).add(place.thing)
            archive.writestr(_entry(MANIFEST, now), _manifest(sums, now))
        size = file.tell()
    return Backup(path, size, Counter({kind: len(names) for kind, names in things.items()}), tuple(left_out))


class _LeftOut(Exception):
    """A file that can't be taken."""


def _check_target(path: Path) -> None:
    if path.suffix != ENDING:
        raise UsageError(f"“{path}” does not end with {ENDING}.", f"Such as: bowout backup {path.with_suffix(ENDING)}")
    if path.is_symlink() or (path.exists() and not is_backup(path)):
        raise UsageError(f"{path} is there already and is no backup.", "Choose another name.")


def is_backup(path: Path) -> bool:
    """Whether a file says that it is one of these."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(MANIFEST) as manifest:
            return f'"kind":"{KIND}"'.encode() in manifest.read(200)
    except (OSError, zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError):
        return False


@contextlib.contextmanager
def _opened(source: Path, most: int) -> Iterator[BinaryIO]:
    """An ordinary file to read; raises ``_LeftOut`` for one that can't be taken, ``FileNotFoundError``."""
    try:
        # Opening a pipe would wait for somebody who writes into it; a link may lead anywhere.
        facts = source.lstat()
        if not stat.S_ISREG(facts.st_mode):
            raise _LeftOut("it is no ordinary file")
        if facts.st_size > most:
            raise _LeftOut("it is too large")
        file = source.open("rb")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _LeftOut(f"it can't be read: {error.strerror or error}") from error
    with file:
        yield file


def _store(archive: zipfile.ZipFile, name: str, source: BinaryIO, now: datetime) -> dict[str, Any]:
    """Copy a file; what the manifest says of it. Somebody may append meanwhile: it is taken as long as it was."""
    left = os.fstat(source.fileno()).st_size
    entry = _entry(name, now)
    entry.file_size = left
    total, digest = 0, hashlib.sha256()
    with archive.open(entry, "w") as target:
        while left and (block := _read(source, min(_CHUNK, left))):
            target.write(block)
            digest.update(block)
            total, left = total + len(block), left - len(block)
    return {"bytes": total, "sha256": digest.hexdigest()}


def _read(source: BinaryIO, most: int) -> bytes:
    try:
        return source.read(most)
    except OSError as error:  # told apart from the disk that is written to
        raise BowoutError(f"A file of yours can't be read: {error.strerror or error}.", "Check the disk.") from error


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    at = now.astimezone(timezone.utc)
    year = min(max(at.year, _YEARS[0]), _YEARS[1])
    entry = zipfile.ZipInfo(name, (year, at.month, at.day, at.hour, at.minute, at.second))
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


def _manifest(sums: Mapping[str, Any], now: datetime) -> bytes:
    made = now.astimezone(timezone.utc).isoformat(timespec="seconds")
    return written({"kind": KIND, "schema": SCHEMA, "made": made, "version": __version__, "files": sums})


__all__ = ["ENDING", "KIND", "SCHEMA", "Backup", "back_up", "is_backup"]
