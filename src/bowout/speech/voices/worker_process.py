"""A long-lived child that answers requests over its pipes: JSON lines in, JSON lines with audio out."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bowout.errors import BowoutError, MissingPart
from bowout.speech.voices.child import NO_WINDOW

MAX_PCM = 64 * 1024 * 1024
"""Bytes one answer may announce: 25 minutes at 22,050 Hz; more is a broken worker."""


class WorkerFailed(BowoutError):
    """No answer; the process has been killed."""


class WorkerDied(WorkerFailed):
    """The process ended by itself or spoke nonsense: a fresh one may do better. One that hung is not asked twice."""


class WorkerProcess:
    """One run of a worker file. Used by one thread; ``kill`` from any."""

    def __init__(self, worker: Path, name: str) -> None:
        """Start it; it is not ready yet. Raises ``MissingPart`` if it can't be started."""
        self._name = name
        self._answers: queue.SimpleQueue[tuple[dict[str, Any], bytes] | str] = queue.SimpleQueue()
        try:
            self._child = subprocess.Popen(
                [sys.executable, str(worker)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=NO_WINDOW,
            )
        except OSError as error:
            raise MissingPart(f"{name} could not be started: {error.strerror or error}.") from error
        self._reader = threading.Thread(target=self._read, name=f"{name} reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def answer(self, timeout: float) -> tuple[Mapping[str, Any], bytes]:
        """The next answer: its head and its PCM.

        Raises:
            WorkerFailed: none came within ``timeout`` seconds.
            WorkerDied: the process ended.
        """
        try:
            got = self._answers.get(timeout=timeout)
        except queue.Empty as error:
            self.kill()
            raise WorkerFailed(f"{self._name} gave no answer within {timeout:.0f} s.") from error
        if isinstance(got, str):
            self.kill()
            raise WorkerDied(f"{self._name} {got}.")
        return got

    def ask(self, request: Mapping[str, Any], timeout: float) -> tuple[Mapping[str, Any], bytes]:
        """Send one request (shorter than a pipe's buffer) and wait for its answer. Raises ``WorkerFailed``."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(request).encode() + b"\n")
            self._child.stdin.flush()
        except (OSError, ValueError) as error:  # ValueError: closed by kill()
            self.kill()
            raise WorkerDied(f"{self._name} ended unexpectedly.") from error
        return self.answer(timeout)

    def kill(self) -> None:
        """End it now and let the pipes go. Idempotent, never raises."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join(timeout=2)
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):  # half a request to a dead process
                    pipe.close()

    def _read(self) -> None:
        """The reader thread: everything that comes out, then why it ended."""
        assert self._child.stdout is not None
        out = self._child.stdout
        try:
            while line := out.readline(65_536):
                head = json.loads(line)
                size = int(head["bytes"])
                if not 0 <= size <= MAX_PCM:
                    raise ValueError(f"{size} bytes announced")
                pcm = out.read(size)
                if len(pcm) < size:
                    break
                self._answers.put((head, pcm))
            self._answers.put("ended unexpectedly")
        except (ValueError, KeyError, TypeError, OSError) as error:
            self._answers.put(f"answered with something else than audio ({type(error).__name__})")
