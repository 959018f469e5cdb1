"""From one sample rate to another, in pieces or at once, by a windowed-sinc polyphase filter in numpy."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""Mono samples, shape (n,)."""

_ZERO_CROSSINGS = 32
"""Half the filter's length, in samples of the slower rate: 2 ms at 16 kHz."""
_BETA = 7.0
"""Kaiser window: aliases 70 dB down."""
_CUTOFF = 0.466
"""Of the slower rate; with the two figures above the stop band begins at its half (Kaiser's formula)."""
_STEP = 160
"""Output samples made in one go: 10 ms at 16 kHz, so that its blocks are whole frames at every usual rate."""
_MOST_UP, _MOST_DOWN = 4000, 1000
"""Largest terms of a ratio; every pair of usual rates needs less (640, 441)."""
_PIECE_S = 10
"""Seconds that ``resample`` takes at a time: bounds the memory it needs for an hour."""


@lru_cache(maxsize=16)
def _design(rate_in: int, rate_out: int) -> tuple[int, int, npt.NDArray[np.float32]]:
    """``(down, half, bank)``: each window of ``down + 2 × half`` input samples times ``bank`` is a row of output.

    ``bank`` has the shape (down + 2 × half, up); windows lie ``down`` samples apart. Ratios of odd rates are rounded
    so that the bank stays small (44,099 → 16,000 Hz: by 0.0001 %; at worst, 8,001 → 48,000 Hz, by 0.01 %).
    """
    ratio = Fraction(rate_out, rate_in).limit_denominator(max(1, min(_MOST_DOWN, _MOST_UP * rate_in // rate_out)))
    group = max(1, _STEP // ratio.numerator)
    up, down = ratio.numerator * group, ratio.denominator * group
    scale = min(1.0, up / down)
    half = ceil(_ZERO_CROSSINGS / scale)
    distance = np.arange(down + 2 * half)[:, None] - half - np.arange(up)[None, :] * (down / up)
    inside = np.sqrt(np.clip(1 - (distance / half) ** 2, 0, None))
    weights = np.sinc(2 * _CUTOFF * scale * distance) * np.i0(_BETA * inside) * (np.abs(distance) <= half)
    return down, half, (weights / weights.sum(axis=0)).astype(np.float32)


class Resampler:
    """Resamples a stream piece by piece; its state is carried over, so the pieces join without a seam."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._down, self._half, self._bank = _design(rate_in, rate_out)
        self._same = rate_in == rate_out
        self._pending: npt.NDArray[np.float32]
        self.reset()

    def reset(self) -> None:
        """Forget what was fed: another stream begins."""
        self._pending = np.zeros(self._half, np.float32)

    def feed(self, samples: Samples) -> Samples:
        """Take any number of samples, return those that are ready (at most 12 ms are held back)."""
        if self._same:
            return samples
        have = np.concatenate([self._pending, samples.astype(np.float32)])
        width = len(self._bank)
        count = max(0, (len(have) - width) // self._down + 1)
        if not count:
            self._pending = have
            return np.zeros(0, np.int16)
        windows = np.lib.stride_tricks.sliding_window_view(have, width)[:: self._down][:count]
        self._pending = have[count * self._down :]
        made: npt.NDArray[np.float32] = np.rint(windows @ self._bank).ravel()
        return np.clip(made, -32768, 32767).astype(np.int16)

    def flush(self) -> Samples:
        """What is left, followed by silence."""
        return self.feed(np.zeros(self._down + 2 * self._half, np.int16))


def resample(pcm: bytes, rate_in: int, rate_out: int) -> bytes:
    """The whole of ``pcm`` (mono, 16 bit) at another rate; its length in seconds stays."""
    if rate_in == rate_out or not pcm:
        return pcm
    samples = np.frombuffer(pcm, "<i2")
    resampler, piece = Resampler(rate_in, rate_out), _PIECE_S * rate_in
    parts = [resampler.feed(samples[at : at + piece]) for at in range(0, len(samples), piece)]
    parts.append(resampler.flush())
    wanted = round(len(samples) * rate_out / rate_in)
    return np.concatenate(parts)[:wanted].tobytes().ljust(2 * wanted, b"\0")
