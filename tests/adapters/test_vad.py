"""Voice activity: speech in any room, and nothing but speech."""

from __future__ import annotations

import numpy as np
import pytest

from bowout.ports import RATE, VoiceActivity
from bowout.speech.vad import FIRST_FLOOR_DB, LOWEST_FLOOR_DB, AdaptiveVoiceActivity, voiced_flags
from spoken import BLOCK, Audio, blocks, espeak, has_program, hiss, in_room, need

SENTENCE = "I am calling about the interview on Thursday."
WAYS = pytest.mark.parametrize("webrtc", [True, False], ids=["with webrtcvad", "numpy alone"])


def flags(audio: Audio, detector: AdaptiveVoiceActivity) -> list[bool]:
    return [detector.voiced(block) for block in blocks(audio)]


@pytest.fixture(scope="module")
def speech() -> Audio:
    need("espeak-ng", has_program("espeak-ng"))
    return espeak(SENTENCE)


def test_fulfils_the_port() -> None:
    assert isinstance(AdaptiveVoiceActivity(), VoiceActivity)


@WAYS
@pytest.mark.parametrize("db", [-200.0, -70.0, -50.0, -40.0, -30.0, -10.0, 0.0])
def test_no_room_is_speech(webrtc: bool, db: float) -> None:
    assert sum(flags(hiss(8.0, db, seed=3), AdaptiveVoiceActivity(webrtc=webrtc))) == 0


@WAYS
@pytest.mark.parametrize("room_db", [-70.0, -60.0, -48.0])
@pytest.mark.parametrize("lead_s", [0.0, 1.0, 8.0])
def test_speech_is_found_where_it_is(speech: Audio, webrtc: bool, room_db: float, lead_s: float) -> None:
    audio = in_room(hiss(lead_s, -200), speech, hiss(1.5, -200), db=room_db)
    voiced = [n * BLOCK / RATE for n, flag in enumerate(flags(audio, AdaptiveVoiceActivity(webrtc=webrtc))) if flag]
    length = speech.size / RATE
    assert voiced[0] == pytest.approx(lead_s, abs=0.2)
    assert voiced[-1] == pytest.approx(lead_s + length, abs=0.3)
    assert len(voiced) * BLOCK / RATE > 0.5 * length


@pytest.mark.parametrize("gain", [0.03, 12.0], ids=["quiet", "clipped"])
def test_loudness_does_not_matter(speech: Audio, gain: float) -> None:
    scaled = np.clip(speech * gain, -32768, 32767).astype(np.int16)
    audio = in_room(hiss(1.0, -200), scaled, hiss(1.0, -200), db=-72.0)
    found = flags(audio, AdaptiveVoiceActivity())
    assert sum(found) * BLOCK / RATE > 0.5 * speech.size / RATE
    assert not any(found[: int(0.8 * RATE / BLOCK)])


def test_the_floor_follows_the_room(speech: Audio) -> None:
    detector = AdaptiveVoiceActivity()
    assert detector.floor_db == FIRST_FLOOR_DB
    flags(hiss(8.0, -65.0), detector)
    assert detector.floor_db == pytest.approx(-65, abs=3)
    flags(hiss(8.0, -35.0), detector)
    assert detector.floor_db == pytest.approx(-35, abs=3)
    flags(hiss(8.0, -200.0), detector)
    assert detector.floor_db == LOWEST_FLOOR_DB
    detector.reset()
    assert detector.floor_db == FIRST_FLOOR_DB


def test_speech_does_not_become_the_floor(speech: Audio) -> None:
    detector = AdaptiveVoiceActivity()
    flags(in_room(*[speech] * 5, db=-65.0), detector)
    assert detector.floor_db < -45


@pytest.mark.parametrize("samples", [0, 1, 159])
def test_less_than_a_frame_is_no_speech(samples: int) -> None:
    assert AdaptiveVoiceActivity().voiced(bytes(2 * samples)) is False


@pytest.mark.parametrize("size", [320, 480, 800, 1600])
def test_any_block_of_whole_frames_will_do(speech: Audio, size: int) -> None:
    raw = in_room(hiss(0.5, -200), speech).tobytes()
    detector = AdaptiveVoiceActivity()
    found = [detector.voiced(raw[at : at + 2 * size]) for at in range(0, len(raw) - 2 * size, 2 * size)]
    assert sum(found) / len(found) > 0.4


def test_flags_for_a_whole_turn(speech: Audio) -> None:
    audio = in_room(hiss(0.6, -200), speech, hiss(0.6, -200))
    assert voiced_flags(audio.tobytes()) == flags(audio, AdaptiveVoiceActivity())
