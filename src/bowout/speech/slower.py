"""A recording slowed down without sounding deeper: WSOLA, waveform-similarity overlap-add.

Short frames are laid closer together in the source than in the result; each is shifted by a few milliseconds to where
it continues the one before, so that the periods of the voice stay whole (Verhelst and Roelands, ICASSP 1993).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bowout.errors import UsageError
from bowout.ports import WIDTH, Clip

FRAME_S = 0.03
"""Length of a frame: two or three periods of a deep voice."""
SEARCH_S = 0.01
"""How far a frame may be shifted either way: one period of a voice of 100 Hz."""
SLOWEST = 0.25
"""Speeds below make single frames audible."""

_Floats = npt.NDArray[np.float32]


def slower(clip: Clip, speed: float) -> Clip:
    """``clip`` at ``speed`` times its pace (0.25–1) and at the same pitch.

    Raises:
        UsageError: a speed outside that range.
    """
    if not SLOWEST <= speed <= 1:
        raise UsageError(f"A recording can't be played at {speed:g} times its speed.", f"{SLOWEST:g} to 1 can.")
    samples = np.frombuffer(clip.pcm[: len(clip.pcm) // WIDTH * WIDTH], "<i2").astype(np.float32)
    frame = round(FRAME_S * clip.rate) // 2 * 2
    if speed == 1 or len(samples) < 2 * frame:
        return clip
    return Clip(np.clip(np.rint(_stretched(samples, speed, frame, clip.rate)), -32768, 32767).astype("<i2").tobytes(),
                clip.rate)  # fmt: skip


def _stretched(samples: _Floats, speed: float, frame: int, rate: int) -> _Floats:
    hop, search = frame // 2, round(SEARCH_S * rate)
    wanted = round(len(samples) / speed)
    count = -(-wanted // hop) + 1
    padded = np.concatenate([np.zeros(search, np.float32), samples, np.zeros(2 * frame + 2 * search, np.float32)])
    window = np.hanning(frame + 1)[:-1].astype(np.float32)
    made = np.zeros(count * hop + frame, np.float32)
    at = search
    """Where in ``padded`` the last frame was taken."""
    for n in range(count):
        middle = min(round(n * hop * speed), len(samples)) + search
        if n:
            # What would follow the last frame by itself; the best match near the middle sounds as if it did.
            follows = padded[at + hop : at + hop + frame]
            near = padded[middle - search : middle + search + frame]
            at = middle - search + _best(near, follows)
        else:
            at = middle
        made[n * hop : n * hop + frame] += window * padded[at : at + frame]
    # The first half frame has no other to be added to.
    made[:hop] /= np.maximum(window[:hop], 0.05)
    return made[:wanted]


def _best(near: _Floats, follows: _Floats) -> int:
    """The shift at which ``near`` is most like ``follows``, by normalised correlation."""
    follows = follows[: len(near)]
    if not follows.any():
        return (len(near) - len(follows)) // 2
    products = np.correlate(near, follows, "valid")
    energy = np.concatenate([[0.0], np.cumsum(near.astype(np.float64) ** 2)])
    norms = np.sqrt(np.maximum(energy[len(follows) :] - energy[: len(energy) - len(follows)], 1.0))
    return int(np.argmax(products / norms))


__all__ = ["SLOWEST", "slower"]
