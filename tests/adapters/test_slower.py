"""A recording slowed down grows longer and keeps its pitch."""

from __future__ import annotations

import numpy as np
import pytest

from bowout.errors import UsageError
from bowout.ports import RATE, Clip
from bowout.speech.slower import slower


def voice(hertz: float, seconds: float = 2.0) -> Clip:
    """Something like a vowel: a tone with overtones."""
    at = np.arange(round(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * n * at) / n for n in (1, 2, 3))
    return Clip((5000 * wave).astype("<i2").tobytes(), RATE)


def strongest(clip: Clip) -> float:
    """Hertz of the loudest part."""
    samples = np.frombuffer(clip.pcm, "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * clip.rate / len(samples)


@pytest.mark.parametrize("hertz", [95, 140, 250, 420])
@pytest.mark.parametrize("speed", [0.5, 0.7, 0.9])
def test_longer_and_no_deeper(hertz: float, speed: float) -> None:
    clip = voice(hertz)
    made = slower(clip, speed)
    assert made.seconds == pytest.approx(clip.seconds / speed, abs=0.01)
    assert strongest(made) == pytest.approx(hertz, rel=0.02)
    before, after = (float(np.std(np.frombuffer(c.pcm, "<i2"))) for c in (clip, made))
    assert after == pytest.approx(before, rel=0.1), "as loud as before"


def test_where_something_is_said_stays_in_proportion() -> None:
    """Silence, a word, silence: the word begins where it began, in the slower time."""
    word = np.frombuffer(voice(150, 0.5).pcm, "<i2")
    pcm = np.concatenate([np.zeros(RATE, "<i2"), word, np.zeros(RATE, "<i2")]).tobytes()
    made = np.abs(np.frombuffer(slower(Clip(pcm, RATE), 0.5).pcm, "<i2"))
    loud = np.flatnonzero(made > 1000) / RATE
    assert loud[0] == pytest.approx(2.0, abs=0.05) and loud[-1] == pytest.approx(3.0, abs=0.05)


def test_nothing_much_stays_as_it_is() -> None:
    short = Clip(b"\1\0" * 100, RATE)
    assert slower(short, 0.5) == short and slower(Clip(b"", RATE), 0.5).pcm == b""
    assert slower(voice(100), 1.0) == voice(100)
    assert not any(slower(Clip(bytes(2 * RATE), RATE), 0.6).pcm)
    with pytest.raises(UsageError):
        slower(voice(100), 0.1)
