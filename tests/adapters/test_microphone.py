"""The microphone: what is played into it is what is read, and nothing that goes wrong is silent."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_portaudio import FakeSoundDevice

from bowout.errors import DeviceLost, MissingPart
from bowout.ports import RATE, AudioSource, Clip
from bowout.speech import microphone as module
from bowout.speech import portaudio
from bowout.speech.check import check_microphone
from bowout.speech.microphone import Microphone
from bowout.speech.sounds import write_wav


def babble(seconds: float = 2.0) -> np.ndarray:
    """Noise with the band and the gait of speech, shape (n,): correlates with nothing but itself."""
    count = round(seconds * RATE)
    noise = np.random.default_rng(7).standard_normal(count)
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum = np.fft.rfft(noise) * ((hertz > 150) & (hertz < 3500))
    gait = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * np.arange(count) / RATE)
    return np.clip(np.fft.irfft(spectrum, count) * gait * 4000, -32768, 32767)


def likeness(heard: np.ndarray, said: np.ndarray) -> float:
    """Correlation at the best place, found to a quarter of a sample."""
    size = 4 * (1 << (len(heard) + len(said)).bit_length())
    fine = np.fft.irfft(np.fft.rfft(heard, size // 4) * np.conj(np.fft.rfft(said, size // 4)), size)
    best = 4 * fine.max()
    where = int(fine.argmax()) // 4
    piece = heard[where : where + len(said)]
    return float(best / np.sqrt((piece**2).sum() * (said**2).sum()))


def read_for(microphone: Microphone, seconds: float) -> tuple[bytes, int]:
    pcm, dropped, ends = b"", 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        block = microphone.read(0.1)
        if block is not None:
            assert len(block.pcm) % 320 == 0
            pcm += block.pcm
            dropped += block.dropped
    return pcm, dropped


@pytest.fixture
def said(tmp_path: Path) -> Path:
    path = tmp_path / "said.wav"
    write_wav(path, Clip(babble().astype("<i2").tobytes(), RATE))
    return path


@pytest.mark.audio
@pytest.mark.parametrize("rung", [None, (44100, 1), (48000, 2)])
def test_it_hears_exactly_what_is_said(
    audio: Any, said: Path, monkeypatch: pytest.MonkeyPatch, rung: tuple[int, int] | None
) -> None:
    if rung:
        real = portaudio.open_stream
        monkeypatch.setattr(portaudio, "open_stream", lambda kind, name, _, make: real(kind, name, [rung], make))
    microphone = Microphone()
    assert isinstance(microphone, AudioSource) and microphone.live
    microphone.open()
    microphone.open()
    assert microphone.rate == (rung or (RATE, 1))[0]
    assert 0 < microphone.first_block_s < module.FIRST_BLOCK_S
    print(f"first audio after {1000 * microphone.first_block_s:.0f} ms")
    microphone.begin_turn()
    audio.say(said, wait=False)
    pcm, dropped = read_for(microphone, 3.0)
    microphone.close()
    assert dropped == 0 and 2.8 < len(pcm) / 2 / RATE < 3.1
    alike = likeness(np.frombuffer(pcm, np.int16).astype(float), babble())
    print(f"likeness {alike:.4f}")
    assert alike > 0.97


@pytest.mark.audio
def test_the_level_rises_with_the_voice_and_zeros_are_counted_until_then(audio: Any, said: Path) -> None:
    microphone = Microphone()
    microphone.open()
    microphone.begin_turn()
    read_for(microphone, 0.6)
    assert microphone.level == 0.0 and 0.4 < microphone.zeros_s < 0.8 and not microphone.sounded
    talking = audio.say(said, wait=False)
    highest = 0.0
    while talking.poll() is None:
        microphone.read(0.1)
        highest = max(highest, microphone.level)
    assert 0.5 < highest < 0.9 and microphone.zeros_s == 0.0 and microphone.sounded
    microphone.begin_turn()
    read_for(microphone, 0.5)
    assert microphone.zeros_s > 0.3 and microphone.sounded
    microphone.close()
    assert microphone.level == 0.0


@pytest.mark.audio
def test_a_new_turn_forgets_what_was_said_before(audio: Any, said: Path) -> None:
    microphone = Microphone()
    microphone.open()
    audio.say(said)
    time.sleep(0.3)
    microphone.begin_turn()
    pcm, dropped = read_for(microphone, 0.4)
    microphone.close()
    assert not any(pcm) and dropped == 0


@pytest.mark.audio
def test_what_nobody_fetched_is_counted_as_dropped(audio: Any) -> None:
    microphone = Microphone(queue_seconds=0.3)
    microphone.open()
    microphone.begin_turn()
    began = time.monotonic()
    time.sleep(1.2)
    pcm, dropped = read_for(microphone, 0.8)
    elapsed = time.monotonic() - began
    microphone.close()
    assert 0.8 < dropped / RATE < 1.0
    assert (len(pcm) / 2 + dropped) / RATE == pytest.approx(elapsed, abs=0.15)


@pytest.mark.audio
def test_a_dead_server_is_noticed_within_two_seconds_and_the_microphone_comes_back(audio: Any, said: Path) -> None:
    microphone = Microphone()
    microphone.open()
    audio.say(said, wait=False)
    time.sleep(0.5)
    audio.kill()
    began, heard = time.monotonic(), 0
    with pytest.raises(DeviceLost, match="unplugged or its sound server ended") as caught:
        while True:
            heard += bool(microphone.read(0.1))
    assert time.monotonic() - began < 2 and caught.value.hint
    assert heard >= 10, "what was captured before is still delivered"
    with pytest.raises(DeviceLost):
        microphone.read(0.1)
    with pytest.raises(MissingPart):
        microphone.open()
    microphone.close()
    microphone.close()
    assert microphone.read(0.05) is None
    audio.start()
    microphone.open()
    assert microphone.read(0.5) is not None
    microphone.close()


@pytest.mark.audio
def test_the_check_tells_mute_from_a_voice(audio: Any, said: Path) -> None:
    microphone = Microphone()
    mute = check_microphone(microphone, 1.6)
    assert not mute.verdict.ok and "zeros" in mute.verdict.detail and mute.zeros == pytest.approx(1.6, abs=0.1)
    audio.noise(-65)
    room = check_microphone(microphone, 1.0)
    assert not room.verdict.ok and room.floor_dbfs == pytest.approx(-65, abs=3)
    audio.say(said, wait=False)
    voice = check_microphone(microphone, 3.0)
    microphone.close()
    assert -35 < voice.level_dbfs < -10 and voice.clipped == 0 and voice.floor_dbfs == pytest.approx(-65, abs=4)


# --- what no sound card does on demand ---


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    made = FakeSoundDevice()
    monkeypatch.setattr(portaudio, "sounddevice", lambda: made)
    made.on_start = lambda stream: stream.deliver(bytes(960), adc=1.0)
    return made


def test_a_device_that_opens_and_gives_nothing_is_a_missing_part(
    fake: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.on_start = None
    monkeypatch.setattr(module, "FIRST_BLOCK_S", 0.1)
    with pytest.raises(MissingPart, match="opened but no audio arrived"):
        Microphone().open()
    assert fake.streams[-1].closed


def test_leaving_while_a_device_keeps_silent_does_not_wait_for_it(fake: FakeSoundDevice) -> None:
    fake.on_start = None
    microphone = Microphone()
    opening = threading.Thread(target=microphone.open)
    opening.start()
    while not fake.streams or not fake.streams[-1].active:
        time.sleep(0.005)
    began = time.monotonic()
    microphone.close()
    opening.join()
    assert time.monotonic() - began < 1 and microphone.read(0.0) is None


def test_the_meter_moves_while_nobody_reads(fake: FakeSoundDevice) -> None:
    microphone = Microphone()
    microphone.open()
    fake.streams[-1].deliver((3277).to_bytes(2, "little") * 480)
    assert microphone.level == pytest.approx(1 - 20 / 60, abs=0.01)
    microphone.close()


def test_a_device_that_stops_calling_is_lost_after_a_second(
    fake: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DEAD_S", 0.2)
    microphone = Microphone()
    microphone.open()
    assert microphone.read(0.1) is not None
    began = time.monotonic()
    with pytest.raises(DeviceLost, match="nothing for a second"):
        microphone.read(5.0)
    assert time.monotonic() - began < 1
    microphone.close()


def test_a_program_that_was_suspended_does_not_blame_the_microphone(
    fake: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DEAD_S", 0.3)
    microphone = Microphone()
    microphone.open()
    assert microphone.read(0.1) is not None
    time.sleep(0.5)
    assert microphone.read(0.05) is None
    fake.streams[-1].deliver(b"\x01\x00" * 480)
    assert microphone.read(0.1) is not None
    microphone.close()


def test_an_overflow_is_counted_by_the_gap_it_left(fake: FakeSoundDevice) -> None:
    microphone = Microphone()
    microphone.open()
    fake.streams[-1].deliver(b"\x01\x00" * 480, adc=1.03)
    fake.streams[-1].deliver(b"\x01\x00" * 480, adc=1.16, overflow=True)
    dropped = [b.dropped for _ in range(3) if (b := microphone.read(0.1))]
    assert dropped == [0, 0, 1600] and microphone.overflows == 1
    microphone.close()


def test_a_callback_that_fails_is_reported_by_read_and_prints_nothing(
    fake: FakeSoundDevice, capfd: pytest.CaptureFixture[str]
) -> None:
    microphone = Microphone()
    microphone.open()
    microphone.read(0.1)
    fake.streams[-1].deliver(bytearray(3))
    with pytest.raises(DeviceLost, match="ValueError"):
        microphone.read(0.2)
    microphone.close()
    assert capfd.readouterr() == ("", "")


def test_blocks_are_copies_of_the_librarys_buffer(fake: FakeSoundDevice) -> None:
    microphone = Microphone()
    microphone.open()
    microphone.begin_turn()
    buffer = bytearray(b"\x05\x00" * 480)
    fake.streams[-1].deliver(buffer)
    buffer[:] = bytes(960)
    block = microphone.read(0.1)
    assert block is not None and block.pcm == b"\x05\x00" * 480
    microphone.close()
