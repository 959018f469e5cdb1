"""Runs one short program for an engine: text in through a pipe, bytes out, a timeout, and an end when told to."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence

from bowout.errors import BowoutError, MissingPart

NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows a child of a terminal program would flash a window of its own."""


class Children:
    """Starts children, from any thread; ``close`` ends those that are running and refuses others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def run(
        self,
        argv: Sequence[str],
        *,
        name: str,
        timeout: float,
        text: str = "",
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        """What the child wrote on standard output.

        Args:
            argv: program and arguments; never a shell.
            name: who it is, for messages.
            timeout: seconds after which it is killed.
            text: given to standard input in UTF-8.
            env: variables added to our own.

        Raises:
            MissingPart: it can't be started.
            BowoutError: it failed, took too long or was closed.
        """
        with self._lock:
            if self._closed:
                raise BowoutError(f"{name} has been closed.")
            try:
                child = subprocess.Popen(
                    list(argv),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env={**os.environ, **(env or {})},
                    creationflags=NO_WINDOW,
                )
            except OSError as error:
                raise MissingPart(f"{name} could not be started: {error.strerror or error}.") from error
            self._running.add(child)
        try:
            out, err = child.communicate(text.encode("utf-8"), timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise BowoutError(f"{name} gave no sound within {timeout:.0f} s.") from error
        finally:
            self._end(child)
        if child.returncode != 0:
            last = err.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"exit code {child.returncode}"]
            raise BowoutError(f"{name} failed: {last[0][:200]}")
        return out

    def close(self) -> None:
        """Kill the children that are running. Never raises."""
        with self._lock:
            self._closed = True
            for child in self._running:
                if child.poll() is None:
                    child.kill()

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        """Kill if still there, reap, and let the pipes go."""
        if child.poll() is None:
            child.kill()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):  # half a text to a child that is dead: nothing left to tell it
                    pipe.close()
        child.wait()
        with self._lock:
            self._running.discard(child)
