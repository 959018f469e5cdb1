"""The shipped stand-ins for microphone, loudspeakers and voice keep the ports' promises."""

from __future__ import annotations

import time

import numpy as np
import pytest

from bowout.ports import RATE, AudioSource, Clip, Playback, PlayingClip, Voice
from bowout.speech.clip_source import BLOCK_S, ClipSource
from bowout.speech.silent import SilentPlayback, SilentVoice
from bowout.speech.sounds import dbfs, tone

ONE, TWO = tone((500,), 0.25), tone((900,), 0.1, rate=22050)


def pull(source: ClipSource, blocks: int) -> bytes:
    return b"".join(block.pcm for _ in range(blocks) if (block := source.read(0.5)))


def test_a_turn_is_the_next_clip_and_then_the_room() -> None:
    source = ClipSource([ONE, TWO])
    assert isinstance(source, AudioSource) and not source.live
    source.open()
    room = pull(source, 3)
    assert -72 < dbfs(room) < -68 and source.remaining == 2 and not source.ended
    source.begin_turn()
    heard = pull(source, 6)
    assert heard.startswith(ONE.pcm) and -72 < dbfs(heard[len(ONE.pcm) :]) < -68
    assert source.remaining == 1 and not source.ended
    source.begin_turn()
    assert not source.ended
    assert source.level == 0.0 or source.level < 0.2
    pull(source, 1)
    assert source.level > 0.5
    pull(source, 1)
    assert source.ended and source.remaining == 0
    source.begin_turn()
    assert -72 < dbfs(pull(source, 3)) < -68
    source.close()


def test_blocks_are_whole_frames_and_the_room_is_always_the_same_but_never_zero() -> None:
    first, second = ClipSource(), ClipSource()
    blocks = [first.read(0) for _ in range(200)]
    assert all(b is not None and len(b.pcm) == round(BLOCK_S * RATE) * 2 and b.dropped == 0 for b in blocks)
    noise = b"".join(b.pcm for b in blocks if b)
    assert noise == pull(second, 200)
    assert np.count_nonzero(np.frombuffer(noise, np.int16)) > 0.9 * len(noise) / 2


def test_a_clip_can_come_later_and_a_turn_can_be_cut() -> None:
    source = ClipSource([tone((500,), 5.0)])
    source.begin_turn()
    pull(source, 2)
    assert not source.ended
    source.pushed(ONE)
    source.begin_turn()
    assert pull(source, 5).startswith(ONE.pcm) and source.ended


def test_another_rate_is_resampled() -> None:
    source = ClipSource([TWO])
    source.begin_turn()
    heard = np.abs(np.fft.rfft(np.frombuffer(pull(source, 1), np.int16)))
    assert np.fft.rfftfreq(960, 1 / RATE)[heard.argmax()] == pytest.approx(900, abs=17)


def test_a_live_one_keeps_the_pace_of_the_clock() -> None:
    source = ClipSource([ONE], live=True)
    source.open()
    time.sleep(0.1)
    source.begin_turn()
    began = time.monotonic()
    assert source.read(0.01) is None
    pull(source, 5)
    assert 0.28 <= time.monotonic() - began < 0.6


def test_silence_is_over_at_once_or_in_its_own_time() -> None:
    playback = SilentPlayback()
    assert isinstance(playback, Playback) and not playback.audible
    playback.open()
    playing = playback.play(ONE)
    assert isinstance(playing, PlayingClip) and playing.done() and playing.started_at is not None
    paced = SilentPlayback(paced=True)
    first = paced.play(ONE)
    assert not first.done()
    second = paced.play(Clip(ONE.pcm[:1600], RATE))
    assert first.done() and not second.done()
    time.sleep(0.06)
    assert second.done()
    third = paced.play(ONE)
    third.stop()
    assert third.done()
    paced.close()


def test_the_silent_voice_speaks_nothing() -> None:
    voice = SilentVoice()
    assert isinstance(voice, Voice) and voice.engine == "silent"
    assert voice.render("Hello?").seconds == 0 and voice.voices()[0].engine == "silent"
    voice.close()
