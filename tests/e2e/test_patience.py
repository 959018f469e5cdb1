"""Nobody is cut off while thinking: synthetic turns with pauses just shorter than the setting, none of them cut."""

from __future__ import annotations

import random
import shutil
import subprocess
import threading

import pytest

from bowout.core.endpoint import EndReason, TurnLimits
from bowout.ports import RATE, WIDTH, Clip
from bowout.rehearsal.listening import Listened, Listener
from bowout.speech.clip_source import ClipSource
from bowout.speech.ears.scripted import ScriptedEar
from bowout.speech.sounds import join, read_wav, resample
from bowout.speech.vad import AdaptiveVoiceActivity
from needs import need

PHRASES = (
    "hello this is sam lee",
    "i am calling about the interview this afternoon",
    "i have accepted another offer",
    "i need to withdraw from the process",
    "i am sorry for the short notice",
    "thank you for your time",
)
VOICES = ("en-us", "en-gb", "en-gb-scotland", "en-us+f3")
TURNS = 40


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Clip]:
    """Every phrase in every voice, without silence at its ends."""
    need("espeak-ng", shutil.which("espeak-ng") is not None)
    folder = tmp_path_factory.mktemp("spoken")
    made = {}
    for voice in VOICES:
        for number, phrase in enumerate(PHRASES):
            file = folder / f"{voice}-{number}.wav"
            subprocess.run(["espeak-ng", "-v", voice, "-s", "160", "-w", str(file), phrase], check=True)
            made[voice, phrase] = _trimmed(read_wav(file))
    return made


def _trimmed(clip: Clip) -> Clip:
    import numpy as np

    pcm = resample(clip.pcm, clip.rate, RATE)
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, np.int16)) > 300)
    return Clip(pcm[loud[0] * WIDTH : (loud[-1] + 1) * WIDTH], RATE)


@pytest.mark.voice
@pytest.mark.parametrize("setting", [1.3, 2.5])
def test_pauses_shorter_than_the_setting_never_cut(setting: float, spoken: dict[tuple[str, str], Clip]) -> None:
    chance = random.Random(4)
    cut = []
    for number in range(TURNS):
        voice = VOICES[number % len(VOICES)]
        chosen = [spoken[voice, phrase] for phrase in chance.sample(PHRASES, 3)]
        turn = join(chosen, setting - 0.2)
        source = ClipSource([turn], room_noise_dbfs=-55)
        source.begin_turn()
        listened = Listened()
        listener = Listener(source, ScriptedEar(["word " * 17]), AdaptiveVoiceActivity())
        never = threading.Event()
        for _ in listener.listen(TurnLimits(silence_s=setting), never, never, listened, lambda _: None):
            pass
        if listened.reason is not EndReason.SILENCE or listened.seconds < turn.seconds:
            cut.append((number, voice, listened.reason, round(listened.seconds, 2), round(turn.seconds, 2)))
    assert not cut
