"""One installation at a time, also between processes. The lock goes away with the process that holds it."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from bowout.errors import BowoutError
from bowout.ports import check_stop

POLL_S = 0.1
PATIENCE_S = 1800.0
"""Seconds after which waiting for another installation is given up."""


@contextlib.contextmanager
def only_one(path: Path, *, on_wait: Callable[[], None], stop: threading.Event) -> Iterator[None]:
    """Hold the lock file ``path``; ``on_wait`` is called once if somebody else holds it.

    Raises ``Cancelled`` if ``stop`` is set while waiting.
    """
    with path.open("ab") as file:
        waited = 0.0
        while not _take(file):
            if not waited:
                on_wait()
            if waited > PATIENCE_S:
                raise BowoutError(
                    "Another installation has been going on for half an hour.", f"End it, or delete {path}."
                )
            if stop.wait(POLL_S):
                check_stop(stop)
            waited += POLL_S
        try:
            yield
        finally:
            _release(file)


if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


__all__ = ["only_one"]
