"""Files that are either the old ones or the new ones, never half of each; and what to say when the disk refuses."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bowout.errors import BowoutError
from bowout.paths import private_dir

PRIVATE = 0o600
"""Mode of every file that holds something of the user's."""
STALE_S = 3600.0
"""Seconds after which a temporary file is nobody's any more: its process was killed."""

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def write_atomic(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``, readable by the user alone; after a power cut it holds the old or the new.

    A symbolic link stays one: the file it points to is replaced. Raises ``BowoutError``; the old file then stands.
    """
    target = path.resolve()
    temporary: Path | None = None
    try:
        if not path.is_symlink():  # else it lies in a folder of the user's own making
            private_dir(target.parent)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")  # 0600
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise disk_error(error, path) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    sync_folder(target.parent)


def write_public(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` as any program would that the user tells where to write: with the rights that the
    user's own files get, in a folder that is left as it is. Raises ``BowoutError``; the old file then stands."""
    _write_beside(path, data, 0o666)


def write_own(path: Path, data: bytes) -> None:
    """The same, readable by the user alone: what they said lies in it."""
    _write_beside(path, data, PRIVATE)


@contextlib.contextmanager
def own_file(path: Path) -> Iterator[BinaryIO]:
    """A file, readable by the user alone, that takes the place of ``path`` when the block has ended well. Raises
    ``BowoutError``; the old file then stands."""
    with _beside(path, PRIVATE) as file:
        yield file


def _write_beside(path: Path, data: bytes, mode: int) -> None:
    with _beside(path, mode) as file:
        file.write(data)


@contextlib.contextmanager
def _beside(path: Path, mode: int) -> Iterator[BinaryIO]:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise disk_error(error, path) from error
    finally:
        with contextlib.suppress(OSError):  # there is none where the folder itself is missing
            temporary.unlink()
    sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what processes that were killed while writing have left in ``folder``."""
    for path in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):  # another process sweeps too, or the folder is not ours: the next time, then
            if time.time() - path.stat().st_mtime > STALE_S:
                path.unlink()


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` last through a power cut, where the platform can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some network file systems refuse; the files themselves are synced
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def disk_error(error: OSError, path: Path) -> BowoutError:
    """The sentence for a disk that refused."""
    if error.errno in _FULL:
        return BowoutError(f"The disk is full: {path} could not be written.", "Make room and try again.")
    if error.errno in _FORBIDDEN:
        return BowoutError(f"{path} can't be written: {error.strerror}.", "Check who owns the folder and its rights.")
    return BowoutError(f"{path} can't be used: {error.strerror or error}.")
