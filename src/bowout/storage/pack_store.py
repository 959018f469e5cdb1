"""Packs that the user has installed: one ``.bowpack`` each, so that a pack is there whole or not at all.

A pack is checked in memory and written beside its place before it takes it in one step; the one it replaces stands
until then. They are opened as warily as on the day they came: a damaged one is found out.
"""

from __future__ import annotations

from pathlib import Path

from bowout import paths
from bowout.core.document import suggestion
from bowout.errors import BowoutError, InputError, UsageError
from bowout.storage.atomic import disk_error, sweep, write_atomic
from bowout.storage.bowpack import SUFFIX, archive, open_bowpack
from bowout.storage.packs import Folder, Pack, is_name, read_pack


def folder() -> Path:
    """Where installed packs lie; it need not exist."""
    return paths.data_dir() / "packs"


def installed(root: Path) -> list[Path]:
    """The archives below ``root``, by name."""
    return sorted(root.glob(f"*{SUFFIX}"))


def open_pack(path: Path) -> Pack:
    """The pack in a folder or an archive. Raises ``InputError``, ``PackError``."""
    if path.is_dir():
        return read_pack(Folder(path))
    return open_bowpack(path)


def open_installed(path: Path) -> Pack:
    """An installed archive, which must hold what its name says."""
    pack = open_bowpack(path)
    if pack.id != path.name.removesuffix(SUFFIX):
        raise InputError(f"{path.name} holds the pack “{pack.id}”.", f"Install it anew: bowout pack install {path}")
    return pack


def install(pack: Pack, root: Path) -> Path:
    """Keep a pack, in place of the one with its id if there is one. Returns its archive; raises ``BowoutError``."""
    assert is_name(pack.id), "packs are read before they are installed"
    path = root / f"{pack.id}{SUFFIX}"
    if path.is_dir():
        raise BowoutError(f"{path} is a folder.", "Move it away and install the pack again.")
    sweep(root)
    write_atomic(path, archive(pack))
    return path


def remove(pack: str, root: Path) -> None:
    """Delete an installed pack. Raises ``UsageError`` if there is none, ``BowoutError`` if the disk refuses."""
    # Looked up and never composed: what is typed is no path.
    there = {path.name.removesuffix(SUFFIX): path for path in installed(root)}
    if pack not in there:
        raise UsageError(f"No pack “{pack}” is installed.", suggestion(pack, there))
    try:
        there[pack].unlink()
    except OSError as error:
        raise disk_error(error, there[pack]) from error


__all__ = ["folder", "install", "installed", "open_installed", "open_pack", "remove"]
