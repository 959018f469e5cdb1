"""Keeps what native libraries write away from the screen.

PortAudio, ALSA, Kaldi and others write straight to file descriptor 2. On Linux and macOS Textual draws through the
very same descriptor, so their lines land in the middle of the picture. Here descriptor 2 becomes a log file and
Python's ``sys.stderr`` moves to a copy of the real one; it must happen before Textual starts. (On Windows Textual
draws on standard output; there the log alone matters.)
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from bowout.paths import private_dir

MAX_BYTES = 512 * 1024
"""The log is cut to its newer half when it grows beyond this: ALSA can write 30 lines a second."""
_TRIM_EVERY_S = 5.0


@contextlib.contextmanager
def quiet_native_output(log_path: Path, *, stdout: bool = False) -> Iterator[None]:
    """While the block runs, native messages go to ``log_path`` and Python's own streams go where they went.

    Args:
        log_path: appended to, readable by the user alone, bounded in size. If it can't be written the messages
            are thrown away.
        stdout: guard descriptor 1 as well: for commands whose standard output must hold JSON alone.
    """
    log = _open_log(log_path)
    ended = threading.Event()
    watcher = threading.Thread(target=_keep_small, args=(log, ended), name="native-log", daemon=True)
    try:
        with contextlib.ExitStack() as stack:
            for name, descriptor in (("stdout", 1), ("stderr", 2)):
                if descriptor == 2 or stdout:
                    stack.enter_context(_diverted(name, descriptor, log))
            watcher.start()
            yield
    finally:
        ended.set()
        if watcher.is_alive():
            watcher.join()
        os.close(log)


@contextlib.contextmanager
def _diverted(name: str, descriptor: int, log: int) -> Iterator[None]:
    """``descriptor`` points at the log, ``sys.<name>`` at what it was."""
    try:
        kept = os.dup(descriptor)
    except OSError:
        # Started without this descriptor (a service, pythonw): there is nothing to protect.
        yield
        return
    stream: TextIO | None = getattr(sys, name)
    original: TextIO | None = getattr(sys, f"__{name}__")
    _flush(stream)
    copy = TextIOWrapper(
        os.fdopen(kept, "wb", 0),
        encoding=getattr(original, "encoding", None) or "utf-8",
        errors="backslashreplace",
        write_through=True,
    )
    os.dup2(log, descriptor)
    if _writes_to(stream, descriptor) or stream is original:
        setattr(sys, name, copy)
    setattr(sys, f"__{name}__", copy)
    try:
        yield
    finally:
        _flush(copy)
        os.dup2(kept, descriptor)
        if getattr(sys, name) is copy:
            setattr(sys, name, stream)
        setattr(sys, f"__{name}__", original)
        copy.close()


def _writes_to(stream: TextIO | None, descriptor: int) -> bool:
    """A stream that a test or an editor has replaced may have no descriptor: it is left alone."""
    try:
        return stream is not None and stream.fileno() == descriptor
    except (OSError, ValueError, AttributeError):
        return False


def _flush(stream: TextIO | None) -> None:
    # The terminal may be gone already; then what is left unwritten has no reader.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if stream is not None:
            stream.flush()


def _open_log(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    try:
        private_dir(path.parent)
        log = os.open(path, flags, 0o600)
        if hasattr(os, "fchmod"):
            os.fchmod(log, 0o600)
    except OSError:
        # A read-only home or a full disk must not keep anybody from practising.
        return os.open(os.devnull, os.O_RDWR)
    _trim(log)
    return log


def _keep_small(log: int, ended: threading.Event) -> None:
    while not ended.wait(_TRIM_EVERY_S):
        _trim(log)
    _trim(log)


def _trim(log: int) -> None:
    # Bounding a log of noise is not worth an error to the user: at worst it stays long.
    with contextlib.suppress(OSError):
        size = os.fstat(log).st_size
        if size > MAX_BYTES:
            os.lseek(log, size - MAX_BYTES // 2, os.SEEK_SET)
            newest = os.read(log, MAX_BYTES // 2)
            os.ftruncate(log, 0)
            os.write(log, newest)
