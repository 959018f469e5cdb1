"""A microphone that plays recordings: a WAV file to be scored, a synthetic caller, a test."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence

import numpy as np

from bowout.ports import RATE, WIDTH, Block, Clip
from bowout.speech.sounds import dbfs, resample

BLOCK_S = 0.06
"""Seconds a block: two frames of the voice activity detector."""
_BLOCK_BYTES = round(BLOCK_S * RATE) * WIDTH
_NOISE_BYTES = 10 * RATE * WIDTH
"""The room repeats itself after ten seconds."""


class ClipSource:
    """An ``AudioSource`` that says one clip a turn and is a quiet room for the rest.

    Every ``begin_turn`` starts the next clip; when it is over, and before the first turn, the room's noise is
    heard: always the same, never exact zeros (those mean a muted microphone).
    """

    def __init__(self, clips: Sequence[Clip] = (), *, live: bool = False, room_noise_dbfs: float = -70.0) -> None:
        self.name = "recording"
        self.level = 0.0
        self.live = live
        self._lock = threading.Lock()
        self._waiting = deque(clips)
        self._now = b""
        self._at = 0
        noise = np.random.default_rng(20).standard_normal(_NOISE_BYTES // WIDTH) * 32768 * 10 ** (room_noise_dbfs / 20)
        self._room = np.clip(np.rint(noise), -32768, 32767).astype("<i2").tobytes()
        self._room_at = 0
        self._due = 0.0
        self._open = False

    @property
    def remaining(self) -> int:
        """Clips that no turn has started yet."""
        with self._lock:
            return len(self._waiting)

    @property
    def ended(self) -> bool:
        """True once every clip has been delivered to its last sample."""
        with self._lock:
            return not self._waiting and self._at >= len(self._now)

    def pushed(self, clip: Clip) -> None:
        """Add a clip for a later turn."""
        with self._lock:
            self._waiting.append(clip)

    def open(self) -> None:
        if not self._open:
            self._open = True
            self._due = time.monotonic() + BLOCK_S

    def begin_turn(self) -> None:
        with self._lock:
            clip = self._waiting.popleft() if self._waiting else None
            self._now = resample(clip.pcm, clip.rate, RATE) if clip else b""
            self._now = self._now[: len(self._now) // WIDTH * WIDTH]
            self._at = 0
            self._due = time.monotonic() + BLOCK_S

    def read(self, timeout: float) -> Block | None:
        if self.live:
            wait = self._due - time.monotonic()
            if wait > timeout:
                time.sleep(timeout)
                return None
            if wait > 0:
                time.sleep(wait)
            self._due += BLOCK_S
        with self._lock:
            pcm = self._now[self._at : self._at + _BLOCK_BYTES]
            self._at += len(pcm)
            pcm += self._noise(_BLOCK_BYTES - len(pcm))
        self.level = min(1.0, max(0.0, 1 + dbfs(pcm) / 60))
        return Block(pcm)

    def _noise(self, count: int) -> bytes:
        pcm = self._room[self._room_at : self._room_at + count]
        pcm += self._room[: count - len(pcm)]
        self._room_at = (self._room_at + count) % _NOISE_BYTES
        return pcm

    def close(self) -> None:
        self._open = False
        self.level = 0.0
