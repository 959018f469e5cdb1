"""Takes an archive of a speech model apart without trusting it.

An archive that wants to write outside its folder, make links, clash on some file system or blow up is refused before
its first byte is written, as far as its directory tells; what the directory does not tell is counted while writing.
"""

from __future__ import annotations

import stat
import threading
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from bowout.errors import InputError
from bowout.ports import check_stop
from bowout.speech.downloads import OnBytes
from bowout.speech.full_disk import full_disk_explained, need_space

CHUNK = 256 * 1024
_ENCRYPTED = 0x1
_WINDOWS_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
_FORBIDDEN = set('\\:*?"<>|')
_ATTACK = "Nothing was unpacked. Take the archive from its makers."

_Taken = dict[tuple[str, ...], tuple[tuple[str, ...], bool]]
"""A path as the most forgiving file system sees it: how it was spelt first, and whether it is a folder."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What no honest model exceeds."""

    entries: int = 2_000
    bytes: int = 4 * 1024**3
    """Unpacked, all files together."""
    ratio: int = 200
    """Unpacked size against packed size of one file; small files may exceed it."""
    ratio_from: int = 1024 * 1024
    """Unpacked bytes from which the ratio counts."""
    depth: int = 12
    name: int = 240
    """Characters of a path."""


def unpack(
    archive: Path, into: Path, *, on_bytes: OnBytes, stop: threading.Event, limits: Limits | None = None
) -> None:
    """Unpack a ZIP into the empty folder ``into``. Raises ``InputError`` if it is damaged or not to be trusted."""
    limits = limits or Limits()
    try:
        with zipfile.ZipFile(archive) as opened:
            files = _checked(opened, limits)
            total = sum(entry.file_size for entry, _ in files)
            need_space(into, total)
            with full_disk_explained(into, total):
                _write(opened, files, into, total, on_bytes, stop)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{archive.name} is damaged or no ZIP archive: {error}", "Fetch it again.") from error


def _checked(opened: zipfile.ZipFile, limits: Limits) -> list[tuple[zipfile.ZipInfo, tuple[str, ...]]]:
    """The files of an archive with the parts of their paths; raises ``InputError`` for anything suspicious."""
    entries = opened.infolist()
    if len(entries) > limits.entries:
        raise InputError(f"The archive holds {len(entries)} entries, more than any model.", _ATTACK)
    files: list[tuple[zipfile.ZipInfo, tuple[str, ...]]] = []
    taken: _Taken = {}
    for entry in entries:
        parts = _parts(entry, limits)
        if entry.is_dir():
            _claim(taken, parts, is_file=False, name=entry.filename)
            continue
        _claim(taken, parts, is_file=True, name=entry.filename)
        packed = max(1, entry.compress_size)
        if entry.file_size > limits.ratio_from and entry.file_size / packed > limits.ratio:
            raise InputError(f"{entry.filename!r} would grow {entry.file_size // packed} times: a bomb.", _ATTACK)
        files.append((entry, parts))
    if sum(entry.file_size for entry, _ in files) > limits.bytes:
        raise InputError(f"Unpacked, the archive would take more than {limits.bytes / 1e9:.0f} GB.", _ATTACK)
    return files


def _parts(entry: zipfile.ZipInfo, limits: Limits) -> tuple[str, ...]:
    """The path of an entry, if it is an ordinary one that means the same on every system."""
    name = entry.orig_filename if "\0" in entry.orig_filename else entry.filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a link" if kind == stat.S_IFLNK else "a device"
        raise InputError(f"{name!r} in the archive is {what}.", _ATTACK)
    if entry.flag_bits & _ENCRYPTED:
        raise InputError(f"{name!r} in the archive is encrypted.", "Unpack it by hand and install the folder.")
    parts = tuple(name.rstrip("/").split("/"))
    if len(name) > limits.name or len(parts) > limits.depth or not all(map(_is_plain, parts)):
        raise InputError(f"{name!r} in the archive is no path inside a folder.", _ATTACK)
    return parts


def _is_plain(part: str) -> bool:
    return (
        part not in {"", ".", ".."}
        and not _FORBIDDEN & set(part)
        and not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in part)
        and part == part.rstrip(". ")
        and part.split(".")[0].casefold() not in _WINDOWS_DEVICES
    )


def _claim(taken: _Taken, parts: tuple[str, ...], *, is_file: bool, name: str) -> None:
    """Take a path and the folders above it; two that are one on some file system (case, composed letters) clash."""
    for length in range(1, len(parts) + 1):
        spelling = parts[:length]
        key = tuple(unicodedata.normalize("NFC", part).casefold() for part in spelling)
        is_folder = length < len(parts) or not is_file
        if key not in taken:
            taken[key] = (spelling, is_folder)
        elif not (is_folder and taken[key] == (spelling, True)):
            raise InputError(f"{name!r} in the archive clashes with {'/'.join(taken[key][0])!r}.", _ATTACK)


def _write(
    opened: zipfile.ZipFile,
    files: list[tuple[zipfile.ZipInfo, tuple[str, ...]]],
    into: Path,
    total: int,
    on_bytes: OnBytes,
    stop: threading.Event,
) -> None:
    done = 0
    for entry, parts in files:
        target = into.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        room = entry.file_size
        with opened.open(entry) as source, target.open("xb") as file:
            while block := source.read(CHUNK):
                check_stop(stop)
                room -= len(block)
                if room < 0:
                    raise InputError(f"{entry.filename!r} is longer than the archive says: a bomb.", _ATTACK)
                file.write(block)
                done += len(block)
                on_bytes(done, total)
        if room:
            raise InputError(f"{entry.filename!r} is shorter than the archive says.", "Fetch it again.")


__all__ = ["Limits", "unpack"]
