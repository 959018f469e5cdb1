"""A full disk, told in a sentence: how much is missing, and where."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

from bowout.errors import BowoutError

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
MARGIN = 8 * 1024 * 1024
"""Bytes that are left free."""


@contextlib.contextmanager
def full_disk_explained(folder: Path, needed: int) -> Iterator[None]:
    """Turn “no space left” into words. ``needed``: bytes that were still to be written."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _full(folder, needed) from error


def need_space(folder: Path, needed: int) -> None:
    """Raise before anything is written if it can't fit."""
    if shutil.disk_usage(folder).free < needed + MARGIN:
        raise _full(folder, needed)


def _full(folder: Path, needed: int) -> BowoutError:
    free = shutil.disk_usage(folder).free
    return BowoutError(
        f"The disk is full: {needed / 1e6:.0f} MB are needed in {folder}, {free / 1e6:.0f} MB are free.",
        "Make room and run it again: it goes on from there.",
    )


__all__ = ["full_disk_explained", "need_space"]
