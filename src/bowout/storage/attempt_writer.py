"""Writes down an attempt while it happens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bowout.errors import BowoutError
from bowout.storage.event_log import SCHEMA, EventLog
from bowout.storage.wav_writer import WavWriter

EVENTS = "events.jsonl"
AUDIO = "audio.wav"

_log = logging.getLogger(__name__)


def stamped(clock: Callable[[], datetime], kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """An event with its moment in UTC, to the millisecond."""
    return {"at": clock().astimezone(timezone.utc).isoformat(timespec="milliseconds"), "kind": kind, **data}


def write_start(folder: Path, clock: Callable[[], datetime], data: dict[str, Any]) -> None:
    """Make the diary in ``folder``, with its first line. Raises ``BowoutError``."""
    log = EventLog(folder / EVENTS, new=True)
    try:
        log.append({"schema": SCHEMA, **stamped(clock, "start", data)})
    finally:
        log.close()


class FileAttemptWriter:
    """An ``AttemptWriter``. Any thread may call any method.

    ``event`` and ``audio`` raise ``BowoutError`` when the disk refuses; what was written before stands, and the next
    call tries again.
    """

    def __init__(
        self,
        attempt_id: str,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        keep_audio: bool,
        closed: Callable[[], None] = lambda: None,
    ) -> None:
        """``closed`` is called once, when both files are complete; it must not raise."""
        self.id = attempt_id
        self.folder = folder
        self._clock = clock
        self._keep_audio = keep_audio
        self._lock = threading.Lock()
        self._events = EventLog(folder / EVENTS, new=False)
        self._audio: WavWriter | None = None
        self._closed = False
        self._tell = closed

    def event(self, kind: str, **data: Any) -> None:
        """Append one event (JSON-ready values); read back by any process once this returns."""
        with self._lock:
            self._must_be_open()
            self._events.append(stamped(self._clock, kind, data))
            self._sync_if_due()

    def audio(self, pcm: bytes) -> None:
        """Append to the recording; nothing is written if none is kept. The file begins with its first samples."""
        if not self._keep_audio or not pcm:
            return
        with self._lock:
            self._must_be_open()
            if self._audio is None:
                self._audio = WavWriter(self.folder / AUDIO)
            self._audio.append(pcm)
            self._sync_if_due()

    def close(self) -> None:
        """Complete both files. Idempotent, never raises."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for file in (self._audio, self._events):
                try:
                    if file is not None:
                        file.close()
                except (BowoutError, OSError) as error:  # all of it has been written; only a power cut could hurt now
                    _log.warning("%s was not closed well: %s", self.folder, error)
            self._tell()

    def _sync_if_due(self) -> None:
        if self._events.sync_if_due() and self._audio is not None:
            self._audio.sync()

    def _must_be_open(self) -> None:
        if self._closed:
            raise BowoutError(f"The record of attempt {self.id} has been closed.")
