"""The loudspeakers: they start at once, stop at once, and know when they were heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fake_portaudio import FakeSoundDevice

from bowout.errors import DeviceLost
from bowout.ports import Clip, Playback, PlayingClip
from bowout.speech import portaudio, speakers
from bowout.speech.check import check_speakers
from bowout.speech.silent import SilentPlayback
from bowout.speech.sounds import tone
from bowout.speech.speakers import Speakers

LOUD = 300
"""A sample above this is sound."""


def sounding(recording: Any) -> list[float]:
    """When sound arrived, one monotonic time a chunk."""
    return [at for at, data in recording.chunks if np.abs(np.frombuffer(data, np.int16)).max(initial=0) > LOUD]


def pitch(pcm: bytes, rate: int = 16_000) -> float:
    samples = np.frombuffer(pcm, np.int16)
    return float(
        np.fft.rfftfreq(len(samples), 1 / rate)[np.abs(np.fft.rfft(samples * np.hanning(len(samples)))).argmax()]
    )


@pytest.mark.audio
def test_a_clip_is_heard_whole_and_its_times_are_true(audio: Any, wait_until: Callable[..., None]) -> None:
    loudspeakers = Speakers()
    assert isinstance(loudspeakers, Playback) and loudspeakers.audible
    loudspeakers.open()
    loudspeakers.open()
    wait_until(lambda: loudspeakers._called_at > 0)
    time.sleep(0.2)
    for _ in range(3):
        with audio.recording() as heard:
            began = time.monotonic()
            playing = loudspeakers.play(tone((700,), 0.8, rate=22050))
            returned = time.monotonic() - began
            assert isinstance(playing, PlayingClip) and playing.started_at is None and not playing.done()
            wait_until(playing.done)
            ended = time.monotonic()
            time.sleep(0.2)
        times = sounding(heard)
        assert playing.started_at is not None and playing.ended_at is not None and not playing.lost
        late, off, over = times[0] - began, playing.started_at - times[0], ended - times[-1]
        print(f"play() {returned:.3f} s, first sound {late:.3f} s, started_at {off:+.3f} s, done() {over:+.3f} s")
        assert times[0] - began < 1.0
        assert abs(playing.started_at - times[0]) < 0.2 and abs(ended - times[-1]) < 0.3
        assert playing.ended_at - playing.started_at == pytest.approx(0.8, abs=0.03)
        samples = np.frombuffer(heard.pcm, np.int16)
        loud = np.flatnonzero(np.abs(samples.astype(int)) > LOUD)
        assert (loud[-1] - loud[0]) / 16000 == pytest.approx(0.8, abs=0.03)
        assert pitch(samples[loud[0] : loud[-1]].tobytes()) == pytest.approx(700, abs=3)
    assert loudspeakers.underflows == 0
    loudspeakers.close()


@pytest.mark.audio
def test_stop_cuts_off_at_once_and_without_a_click(audio: Any) -> None:
    loudspeakers = Speakers()
    loudspeakers.open()
    with audio.recording() as heard:
        playing = loudspeakers.play(tone((500,), 5.0))
        time.sleep(0.6)
        stopped = time.monotonic()
        playing.stop()
        assert playing.done()
        time.sleep(0.5)
    last = sounding(heard)[-1]
    print(f"stop() to silence {1000 * (last - stopped):.0f} ms")
    assert last - stopped < 0.5
    samples = np.frombuffer(heard.pcm, np.int16).astype(float)
    steps = np.abs(np.diff(samples))
    end = int(np.flatnonzero(np.abs(samples) > LOUD)[-1])
    assert steps[end - 200 :].max() < 1.6 * steps[end - 2000 : end - 400].max()
    loudspeakers.close()


@pytest.mark.audio
def test_the_next_clip_cuts_off_the_one_before(audio: Any, wait_until: Callable[..., None]) -> None:
    loudspeakers = Speakers()
    loudspeakers.open()
    with audio.recording() as heard:
        first = loudspeakers.play(tone((400,), 5.0))
        time.sleep(0.5)
        second = loudspeakers.play(tone((1500,), 0.5))
        assert first.done() and not second.done()
        wait_until(second.done)
        time.sleep(0.2)
    samples = np.frombuffer(heard.pcm, np.int16)
    last = int(np.flatnonzero(np.abs(samples.astype(int)) > LOUD)[-1])
    assert pitch(samples[last - 6000 : last].tobytes()) == pytest.approx(1500, abs=5)
    loudspeakers.close()


@pytest.mark.audio
def test_an_empty_clip_is_done_and_closing_lets_the_end_be_heard(audio: Any, wait_until: Callable[..., None]) -> None:
    loudspeakers = Speakers()
    loudspeakers.open()
    empty = loudspeakers.play(Clip(b"", 22050))
    assert empty.done() and empty.started_at is not None
    with audio.recording() as heard:
        playing = loudspeakers.play(tone((600,), 0.4))
        wait_until(playing.done)
        loudspeakers.close()
        time.sleep(0.2)
    loud = np.flatnonzero(np.abs(np.frombuffer(heard.pcm, np.int16).astype(int)) > LOUD)
    assert (loud[-1] - loud[0]) / 16000 == pytest.approx(0.4, abs=0.03)


@pytest.mark.audio
def test_a_dead_server_ends_the_clip_and_the_next_one_says_so(audio: Any, wait_until: Callable[..., None]) -> None:
    loudspeakers = Speakers()
    loudspeakers.open()
    playing = loudspeakers.play(tone((500,), 10.0))
    time.sleep(0.3)
    audio.kill()
    began = time.monotonic()
    wait_until(playing.done, seconds=3)
    assert playing.lost and time.monotonic() - began < 2
    with pytest.raises(DeviceLost, match="stopped") as caught:
        loudspeakers.play(tone((500,), 0.1))
    assert caught.value.hint
    loudspeakers.close()
    loudspeakers.close()
    audio.start()
    loudspeakers.open()
    again = loudspeakers.play(tone((500,), 0.1))
    wait_until(again.done, seconds=3)
    assert not again.lost
    loudspeakers.close()


@pytest.mark.audio
def test_the_check_plays_two_tones(audio: Any) -> None:
    loudspeakers = Speakers()
    with audio.recording() as heard:
        verdict = check_speakers(loudspeakers)
        time.sleep(0.2)
    loudspeakers.close()
    assert verdict.ok and verdict.detail.startswith("Two tones")
    assert sounding(heard)
    assert not check_speakers(SilentPlayback()).ok


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    made = FakeSoundDevice()
    monkeypatch.setattr(portaudio, "sounddevice", lambda: made)
    return made


def test_playing_before_opening_is_refused() -> None:
    with pytest.raises(DeviceLost, match="not open"):
        Speakers().play(tone((500,), 0.1))


def test_both_channels_carry_the_clip_and_silence_follows(fake: FakeSoundDevice) -> None:
    loudspeakers = Speakers()
    loudspeakers.open()
    stream = fake.streams[-1]
    assert loudspeakers.rate == 44100 and stream.asked["channels"] == 2
    loudspeakers.play(Clip((1000).to_bytes(2, "little") * 30, 44100))
    frames = np.frombuffer(stream.pull(40), np.int16).reshape(-1, 2)
    assert (frames[:30] == 1000).all() and not frames[30:].any()
    assert not any(stream.pull(40))
    loudspeakers.close()


def test_a_device_that_stops_asking_is_dead(fake: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers, "DEAD_S", 0.1)
    loudspeakers = Speakers()
    loudspeakers.open()
    playing = loudspeakers.play(tone((500,), 1.0))
    assert not playing.done()
    time.sleep(0.2)
    assert playing.done() and playing.lost
    with pytest.raises(DeviceLost, match="nothing for a second"):
        loudspeakers.play(tone((500,), 1.0))
    loudspeakers.close()


def test_a_program_that_was_suspended_does_not_blame_the_device(
    fake: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speakers, "DEAD_S", 0.3)
    loudspeakers = Speakers()
    loudspeakers.open()
    time.sleep(0.4)
    threading.Timer(0.02, fake.streams[-1].pull, (40,)).start()
    playing = loudspeakers.play(tone((500,), 0.0005))
    fake.streams[-1].pull(40)
    time.sleep(speakers.LATENCY_S + 0.05)
    assert playing.done() and not playing.lost and playing.started_at is not None
    loudspeakers.close()


def test_a_clip_stopped_before_it_began_is_never_heard(fake: FakeSoundDevice) -> None:
    loudspeakers = Speakers()
    loudspeakers.open()
    playing = loudspeakers.play(tone((500,), 1.0))
    playing.stop()
    assert playing.done() and playing.started_at is None
    assert not any(fake.streams[-1].pull(400)) and not any(fake.streams[-1].pull(400))
    loudspeakers.close()
