"""What is done to sound apart from devices: the telephone's band, tones, joining, loudness, files."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from bowout.ports import WIDTH, Clip
from bowout.speech.resampling import Resampler, resample
from bowout.speech.wavfile import read_wav, write_wav

BAND_HZ = (300.0, 3400.0)
"""What a telephone line lets through (ITU-T G.712)."""
SILENT_DBFS = -120.0
"""Loudness given to exact silence, whose true value is minus infinity."""
_TAPS = 255
"""Length of the band filter: −42 dB below 200 Hz, −90 dB above 4 kHz at 22 kHz."""
_TONE_DBFS = -20.0
_RAMP_S = 0.005
"""A tone fades in and out over this long, or it clicks."""
_MU = 255.0
"""Companding of the µ-law (ITU-T G.711)."""

_Floats = npt.NDArray[np.float32]


def _floats(pcm: bytes) -> _Floats:
    """Samples as −32768…32767 floats, shape (n,); a stray last byte is left out."""
    return np.frombuffer(pcm[: len(pcm) // WIDTH * WIDTH], "<i2").astype(np.float32)


def _pcm(samples: _Floats) -> bytes:
    return np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes()


def dbfs(pcm: bytes) -> float:
    """RMS loudness in dB below full scale (a full-scale square wave is 0); ``SILENT_DBFS`` for silence."""
    samples = _floats(pcm)
    if not len(samples):
        return SILENT_DBFS
    rms = float(np.sqrt(np.dot(samples, samples) / len(samples))) / 32768
    return max(SILENT_DBFS, 20 * float(np.log10(rms))) if rms > 0 else SILENT_DBFS


@lru_cache(maxsize=8)
def _band(rate: int) -> _Floats:
    low, high = BAND_HZ
    n = np.arange(_TAPS) - _TAPS // 2
    taps = 2 * high / rate * np.sinc(2 * high / rate * n) - 2 * low / rate * np.sinc(2 * low / rate * n)
    band: _Floats = (taps * np.hamming(_TAPS)).astype(np.float32)
    return band


def telephone(clip: Clip, *, grit: float = 0.0) -> Clip:
    """``clip`` as it sounds down the line: 300–3400 Hz, as loud as before.

    Args:
        grit: 0–1, how much of the line's µ-law companding (8 bits a sample) is heard with it.
    """
    samples = _floats(clip.pcm)
    if not len(samples) or clip.rate < 2 * BAND_HZ[1]:
        return clip
    middle = _TAPS // 2
    heard = np.convolve(samples, _band(clip.rate), "full")[middle : middle + len(samples)]
    before, after = float(np.dot(samples, samples)), float(np.dot(heard, heard))
    if after > 0:
        heard = heard * np.float32(min(np.sqrt(before / after), 32767 / max(1.0, float(np.abs(heard).max()))))
    if grit > 0:
        scaled = heard / 32768
        coded = np.rint(np.sign(scaled) * np.log1p(_MU * np.abs(scaled)) / np.log1p(_MU) * 127) / 127
        line = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(_MU)) / _MU * 32768
        heard = (1 - grit) * heard + grit * line
    return Clip(_pcm(heard.astype(np.float32)), clip.rate)


def tone(hertz: Sequence[float], seconds: float, *, rate: int = 16_000, level_dbfs: float = _TONE_DBFS) -> Clip:
    """A chord of sines that starts and ends softly."""
    count = round(seconds * rate)
    at = np.arange(count) / rate
    wave = np.sum([np.sin(2 * np.pi * f * at) for f in hertz], axis=0) * np.sqrt(2 / len(hertz))
    edge = np.minimum(np.arange(count), np.arange(count)[::-1]) / (_RAMP_S * rate)
    return Clip(_pcm((wave * np.clip(edge, 0, 1) * 32768 * 10 ** (level_dbfs / 20)).astype(np.float32)), rate)


def ring(style: Literal["uk", "us"] = "uk", *, rate: int = 16_000) -> Clip:
    """What the caller hears until somebody answers, once: about two seconds of ring-back (ITU-T E.180)."""
    if style == "us":
        return tone((440, 480), 2.0, rate=rate)
    burst = tone((400, 450), 0.4, rate=rate)
    return join([burst, burst, Clip(b"", rate)], 0.2, tail_s=0.8)


def beep(*, rate: int = 16_000) -> Clip:
    """“Now”: a short, soft tone."""
    return tone((880,), 0.15, rate=rate)


def answering_beep(*, rate: int = 16_000) -> Clip:
    """“Speak after the tone”: what an answering machine gives, with a breath of silence on either side."""
    return join([quiet(0.3, rate), tone((1000,), 0.4, rate=rate)], tail_s=0.15)


def at_pitch(clip: Clip, factor: float) -> Clip:
    """The voice ``factor`` (to a sixteenth) times as high, and as fast: it sounds like somebody else."""
    ratio = Fraction(factor).limit_denominator(16)
    if ratio == 1 or not clip.pcm:
        return clip
    # Only the ratio counts; at usual rates the resampler takes its pieces by the second.
    return Clip(resample(clip.pcm, 1000 * ratio.numerator, 1000 * ratio.denominator), clip.rate)


def quiet(seconds: float, rate: int = 16_000) -> Clip:
    """Nothing, for so long."""
    return Clip(bytes(WIDTH * round(seconds * rate)), rate)


def join(clips: Sequence[Clip], gap_s: float = 0.0, *, tail_s: float = 0.0) -> Clip:
    """One clip after the other at the first one's rate, ``gap_s`` of silence between them, ``tail_s`` at the end."""
    if not clips:
        return Clip(b"", 16_000)
    rate = clips[0].rate
    parts = quiet(gap_s, rate).pcm.join(resample(c.pcm, c.rate, rate) for c in clips)
    return Clip(parts + quiet(tail_s, rate).pcm, rate)


__all__ = [
    "BAND_HZ", "SILENT_DBFS", "Resampler", "answering_beep", "at_pitch", "beep", "dbfs", "join", "quiet", "read_wav",
    "resample", "ring", "telephone", "tone", "write_wav",
]  # fmt: skip
