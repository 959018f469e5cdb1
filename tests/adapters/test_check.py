"""The ten-second check: the right sentence for each thing that can be wrong with a microphone."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from bowout.errors import DeviceLost, MissingPart
from bowout.ports import RATE, Block, Cancelled, Clip
from bowout.speech.check import check_microphone, check_speakers, measure
from bowout.speech.clip_source import ClipSource
from bowout.speech.silent import SilentPlayback
from bowout.speech.sounds import resample


def voice(dbfs: float = -22.0, seconds: float = 3.0) -> np.ndarray:
    """A synthetic voice, shape (n,): buzzing vowels and hissing consonants in turn, pauses between."""
    count = round(seconds * RATE)
    at = np.arange(count) / RATE
    vowel = sum(np.sin(2 * np.pi * 120 * k * at) / k for k in range(1, 25))
    hiss = np.diff(np.random.default_rng(2).standard_normal(count + 1))
    part = (at * 4).astype(int) % 4
    wave = np.where(part < 2, vowel, np.where(part == 2, hiss * 0.5, 0.0))
    spoken = wave[part < 3]
    return wave / np.sqrt((spoken**2).mean()) * 32768 * 10 ** (dbfs / 20)


def room(dbfs: float, seconds: float = 3.0) -> np.ndarray:
    return np.random.default_rng(5).standard_normal(round(seconds * RATE)) * 32768 * 10 ** (dbfs / 20)


def pcm(samples: np.ndarray) -> bytes:
    return np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes()


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (voice() + room(-65), None),
        (voice(-45) + room(-75), None),
        (voice(-62) + room(-80), "Too quiet"),
        (voice(-2) + room(-60), "Too loud"),
        (room(-50), "Nobody spoke"),
        (room(-65), "Nobody spoke"),
        (voice(-30) + room(-35), "dB above the room"),
        (np.zeros(3 * RATE), "nothing but zeros"),
        (np.concatenate([np.zeros(2 * RATE), voice()]), "nothing but zeros"),
    ],
)
def test_each_trouble_has_its_sentence(samples: np.ndarray, says: str | None) -> None:
    verdict = measure(pcm(samples)).verdict
    assert verdict.ok is (says is None), verdict
    if says:
        assert says in verdict.detail and verdict.fix


def test_a_telephone_headset_is_recognised_even_in_noise() -> None:
    narrow = resample(resample(pcm(voice()), RATE, 8000), 8000, RATE)
    noisy = np.frombuffer(narrow, "<i2").astype(float)
    assert "Telephone quality" in measure(narrow).verdict.detail
    assert "Telephone quality" in measure(pcm(noisy + room(-70)[: len(noisy)])).verdict.detail


def test_the_figures_are_those_of_the_signal() -> None:
    check = measure(pcm(voice(-20) + room(-66)))
    assert check.level_dbfs == pytest.approx(-20, abs=1.5) and check.floor_dbfs == pytest.approx(-66, abs=1)
    assert check.clipped == 0 and check.zeros == 0 and 0.2 < check.peak < 1
    assert measure(pcm(voice(-2))).clipped > 100


def test_it_records_the_sentence_to_be_played_back() -> None:
    said = pcm(voice() + room(-65))
    check = check_microphone(ClipSource([Clip(said, RATE)]), 3.0)
    assert check.pcm.startswith(said) and check.verdict.ok


def test_trouble_with_the_device_is_a_verdict() -> None:
    class Dying(ClipSource):
        def read(self, timeout: float) -> Block | None:
            raise DeviceLost("The microphone stopped.", "Plug it in again.")

    class Absent(ClipSource):
        def open(self) -> None:
            raise MissingPart("No microphone was found.", "Plug one in.")

    for source, says in ((Dying(), "stopped"), (Absent(), "No microphone")):
        verdict = check_microphone(source, 0.2).verdict
        assert not verdict.ok and says in verdict.detail and verdict.fix


def test_what_was_lost_on_the_way_and_the_devices_warning_are_told() -> None:
    class Losing(ClipSource):
        warning = "“Buds” looks like a Bluetooth headset."
        lost = 1600

        def read(self, timeout: float) -> Block | None:
            block = super().read(timeout)
            return Block(block.pcm, self.lost) if block else None

    said = Clip(pcm(voice() + room(-65)), RATE)
    assert "lost on the way" in check_microphone(Losing([said]), 3.0).verdict.detail
    Losing.lost = 0
    verdict = check_microphone(Losing([said]), 3.0).verdict
    assert verdict.ok and "Bluetooth" in verdict.detail


def test_the_user_may_leave() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        check_microphone(ClipSource(), 5.0, stop)


def test_silence_is_no_loudspeaker() -> None:
    verdict = check_speakers(SilentPlayback())
    assert not verdict.ok and verdict.fix
