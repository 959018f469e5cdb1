"""Tells speech from the room, block by block: loudness above a tracked floor, and WebRTC's detector if installed.

A frame (10 ms) counts as speech if three things hold:

* it is ``RISE_DB`` louder than the floor (``HOLD_DB`` while somebody is already speaking);
* its spectrum is not flat like hiss (spectral flatness 0–1: white noise about 0.56, a vowel below 0.1);
* webrtcvad in mode 3, if importable, agrees. Modes 1 and 2 fire during the whole first second of a stream.

The floor is the quietest 50 ms of the last ``WINDOW_S`` seconds (minimum statistics): speech has such moments every
second, a fan has none. Before anything was heard it is assumed to be ``FIRST_FLOOR_DB``, so that a caller who speaks
at once is heard; exact zeros and gated microphones can't pull it below ``LOWEST_FLOOR_DB``.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

from bowout.ports import RATE, WIDTH

FRAME = RATE // 100
"""Samples in 10 ms."""
WINDOW_S = 5.0
"""How long the quietest moment is remembered: longer than anyone speaks without a dip."""
FIRST_FLOOR_DB = -55.0
"""A quiet room through a laptop's microphone, dBFS."""
LOWEST_FLOOR_DB = -70.0
"""Half a step below the noise of the quietest 16-bit microphones; a muted one delivers less."""
HIGHEST_FLOOR_DB = -20.0
"""A room louder than this can't be talked in; keeps a shouted first word from becoming the floor."""
RISE_DB, HOLD_DB = 9.0, 6.0
FLAT = 0.42
"""Spectral flatness above which a frame is hiss. White noise in 160 samples: 0.56 ± 0.04; an “s” reaches 0.4."""
WEBRTC_FLOOR_DB, MOST_LIFT_DB = -55.0, 15.0
"""webrtcvad misses speech of less than about −45 dBFS: what comes from a quieter room is lifted to this floor first."""
NEEDED = 0.3
"""Share of a block's frames that must be speech."""

_SLOT = 25
"""Frames whose minimum is kept as one number: 0.25 s."""
_WINDOW = np.hanning(FRAME).astype(np.float32)


class AdaptiveVoiceActivity:
    """``VoiceActivity`` for one source. Not shared between threads; costs about 0.1 ms for a block of 60 ms."""

    def __init__(self, *, webrtc: bool = True) -> None:
        """``webrtc=False`` leaves webrtcvad out even where it is installed."""
        self._webrtc = webrtc
        self.reset()

    def reset(self) -> None:
        self._detector = _webrtc_detector() if self._webrtc else None
        self._slots: deque[float] = deque(maxlen=int(WINDOW_S * 100) // _SLOT)
        self._slot: list[float] = []
        self._recent: deque[float] = deque(maxlen=5)
        self._speaking = False

    @property
    def floor_db(self) -> float:
        """The room's loudness, dBFS."""
        known = [*self._slots, *([min(self._slot)] if self._slot else [])]
        # Until a second has passed, what was heard may all be speech: it can lower the floor, not raise it.
        lowest = min(known) if len(self._slots) >= 4 else min([*known, FIRST_FLOOR_DB])
        return min(max(lowest, LOWEST_FLOOR_DB), HIGHEST_FLOOR_DB)

    def voiced(self, pcm: bytes) -> bool:
        samples = np.frombuffer(pcm[: len(pcm) // (FRAME * WIDTH) * FRAME * WIDTH], dtype="<i2")
        if not samples.size:
            return False
        frames = samples.reshape(-1, FRAME).astype(np.float32) / 32768.0
        levels = _levels_db(frames)
        self._learn(levels)
        threshold = self.floor_db + (HOLD_DB if self._speaking else RISE_DB)
        speech = (levels > threshold) & (_flatness(frames) < FLAT)
        if self._detector is not None:
            lift = min(max(WEBRTC_FLOOR_DB - self.floor_db, 0.0), MOST_LIFT_DB)
            speech &= _detected(self._detector, _louder(samples, lift))
        self._speaking = bool(np.count_nonzero(speech) >= max(1.0, NEEDED * len(speech)))
        return self._speaking

    def _learn(self, levels: npt.NDArray[np.float32]) -> None:
        for level in levels.tolist():
            self._recent.append(level)
            if len(self._recent) == self._recent.maxlen:
                self._slot.append(sum(self._recent) / len(self._recent))
            if len(self._slot) == _SLOT:
                self._slots.append(min(self._slot))
                self._slot.clear()


def voiced_flags(pcm: bytes, *, block_s: float = 0.06) -> list[bool]:
    """One flag for each whole block of ``pcm``, by a detector that knows nothing of what came before."""
    size = int(block_s * 100) * FRAME * WIDTH
    detector = AdaptiveVoiceActivity()
    return [detector.voiced(pcm[at : at + size]) for at in range(0, len(pcm) - size + 1, size)]


def _louder(samples: npt.NDArray[np.int16], db: float) -> npt.NDArray[np.int16]:
    if db < 0.5:
        return samples
    return np.asarray(np.clip(samples * 10 ** (db / 20), -32768, 32767), dtype=np.int16)


def _detected(detector: Any, samples: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    """webrtcvad's verdict for each frame; it is asked in steps of 20 ms, an odd last frame in 10 ms."""
    verdicts: list[bool] = []
    for start in range(0, samples.size, 2 * FRAME):
        chunk = samples[start : start + 2 * FRAME]
        verdicts += [bool(detector.is_speech(chunk.tobytes(), RATE))] * (chunk.size // FRAME)
    return np.array(verdicts, dtype=np.bool_)


def _levels_db(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    centred = frames - frames.mean(axis=1, keepdims=True)
    power = np.mean(centred * centred, axis=1)
    return np.asarray(10.0 * np.log10(power + 1e-10), dtype=np.float32)


def _flatness(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Geometric over arithmetic mean of the power spectrum from 100 Hz to 8 kHz."""
    power = np.abs(np.fft.rfft(frames * _WINDOW, axis=1))[:, 1:] ** 2 + 1e-12
    return np.asarray(np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1), dtype=np.float32)


def _webrtc_detector() -> Any | None:
    try:
        import webrtcvad
    except ImportError:
        return None
    return webrtcvad.Vad(3)


__all__ = ["AdaptiveVoiceActivity", "voiced_flags"]
