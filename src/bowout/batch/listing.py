"""What lies in the folder: its recordings and transcripts, in the order of their names."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bowout.errors import InputError

Kind = Literal["sound", "text", "lines"]
KINDS: dict[str, Kind] = {".wav": "sound", ".txt": "text", ".jsonl": "lines"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or what looked like one."""

    file: str
    """Its path below the folder, with ``/``."""
    path: Path
    kind: Kind
    size: int = 0
    error: str = ""
    """Why it can't be read."""


@dataclass(frozen=True, slots=True)
class Listing:
    sources: tuple[Source, ...]
    """Sorted by ``file``."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """Endings of the files that are neither recordings nor transcripts, and how many there are."""

    @property
    def size(self) -> int:
        return sum(source.size for source in self.sources)


def list_folder(folder: Path, besides: Collection[Path] = ()) -> Listing:
    """Everything below ``folder`` but hidden files and those in ``besides`` (the results, the labels).

    Links to files inside the folder are followed; links to folders, and out of it, are not, and say so.

    Raises:
        InputError: it is no folder, can't be read, or has nothing in it to mark.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder.", "Name the folder of the recordings or transcripts.")
    root = folder.resolve()
    left_out = {path.resolve() for path in besides}
    sources: list[Source] = []
    passed_over: Counter[str] = Counter()
    folders = [root]
    while folders:
        here = folders.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            if here == root:
                raise InputError(f"{folder} can't be read: {error.strerror or error}.") from error
            sources.append(_broken(here, root, f"can't be read: {error.strerror or error}."))
            continue
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
                continue
            source = _source(path, root)
            if source is None:
                passed_over[path.suffix.lower()] += 1
            elif source.path not in left_out:
                sources.append(source)
    if not sources:
        raise InputError(f"There is nothing to mark in {folder}.", f"It takes {', '.join(KINDS)} files.")
    return Listing(tuple(sorted(sources, key=lambda source: source.file)), passed_over)


def _source(path: Path, root: Path) -> Source | None:
    """A file of a kind that is marked, or a link that was meant to lead to one."""
    kind = KINDS.get(path.suffix.lower())
    try:
        target = path.resolve(strict=True)
        facts = target.stat()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
        why = error.strerror if isinstance(error, OSError) else "its links run in a circle"
        return _broken(path, root, f"can't be read: {why or error}.", kind) if kind else None
    if stat.S_ISDIR(facts.st_mode):
        return _broken(path, root, "is a link to a folder, which is not followed. Copy the folder.")
    if kind is None:
        return None
    if not target.is_relative_to(root):
        return _broken(path, root, "is a link to a place outside of the folder. Copy the file itself.", kind)
    if not stat.S_ISREG(facts.st_mode):
        return _broken(path, root, "is not a file.", kind)
    return Source(_name(path, root), target, kind, facts.st_size)


def _broken(path: Path, root: Path, why: str, kind: Kind = "text") -> Source:
    name = _name(path, root)
    return Source(name, path, kind, error=f"{name} {why}")


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


__all__ = ["KINDS", "Kind", "Listing", "Source", "list_folder"]
