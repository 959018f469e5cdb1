"""Forced alignment of known words to audio: word times for any transcript, and the filled pauses an ear left out."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bowout.errors import MissingPart
from bowout.ports import RATE, WIDTH
from bowout.speech.aligner_worker import NOT_THERE, receive, send
from bowout.speech.alignment import Alignment, Segment, consistent, judge

FIX = "Install it with: pip install 'bowout[align]'"
START_S = 20.0
"""Longest a worker may take for its first answer on top of the work itself; it loads in 0.3 s on an idle machine."""
WORK_S, WORK_PER_S = 5.0, 0.5
"""Longest an alignment may take: this, and so much for every second of audio. Measured: 0.014 s a second."""


class Aligner:
    """Keeps one aligning process alive. Any thread may call; calls take turns."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """Starts nothing yet. ``command`` replaces the worker's command line."""
        self._command = list(command or (sys.executable, "-m", "bowout.speech.aligner_worker"))
        self._own = command is None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False
        self.failures = 0
        """How often the worker died or did not answer in time."""

    @staticmethod
    def available() -> bool:
        """Cheap: whether pocketsphinx is installed."""
        return importlib.util.find_spec("pocketsphinx") is not None

    def align(self, pcm: bytes, words: Sequence[str], confidences: Sequence[float | None] | None = None) -> Alignment:
        """Lay ``words`` along ``pcm`` (``RATE``, mono). An alignment that is not plausible says so and is not used.

        A worker that dies or hangs is replaced and asked once more; the second time the alignment is not plausible.

        Raises:
            MissingPart: pocketsphinx is not installed, or its process can't be started.
        """
        nothing = Alignment((None,) * len(words))
        if not words:
            return nothing
        with self._lock:
            answer = self._ask(words, pcm) or self._ask(words, pcm)
        if answer is None or "failed" in answer:
            return nothing
        segments = [Segment(*values) for values in answer["segments"]]
        if not consistent(segments):
            return nothing
        return judge(segments, words, guessed=frozenset(answer["guessed"]), confidences=confidences)

    def start(self) -> None:
        """Start the worker now, so that the first alignment does not wait for it. Raises ``MissingPart``."""
        with self._lock:
            self._alive()

    def close(self) -> None:
        """End the worker. Never raises; a call that is under way comes back with nothing plausible."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._end()

    def _ask(self, words: Sequence[str], pcm: bytes) -> dict[str, Any] | None:
        """One request; ``None`` if the worker did not survive it."""
        if self._closed:
            return None
        fresh = self._process is None
        process = self._alive()
        assert process.stdin is not None and process.stdout is not None
        seconds = WORK_S + WORK_PER_S * len(pcm) / WIDTH / RATE + (START_S if fresh else 0.0)
        watchdog = threading.Timer(seconds, process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            send(process.stdin, {"words": list(words)}, pcm)
            message = receive(process.stdout)
        except OSError:  # the pipe broke: the worker is gone
            message = None
        finally:
            watchdog.cancel()
        if message is not None:
            return message[0]
        code = self._end()
        if code == NOT_THERE:
            raise MissingPart("The aligner needs pocketsphinx, which is not installed.", FIX)
        self.failures += 1
        return None

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        if self._own and not self.available():
            raise MissingPart("The aligner needs pocketsphinx, which is not installed.", FIX)
        root = str(Path(__file__).resolve().parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )
        except OSError as problem:
            raise MissingPart(f"The aligner can't be started: {problem}", FIX) from problem
        return self._process

    def _end(self) -> int | None:
        """Let go of the worker; its exit code, if there was one."""
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # unsent bytes of a broken pipe
                    pipe.close()
        try:
            return process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


__all__ = ["Aligner", "Alignment"]
