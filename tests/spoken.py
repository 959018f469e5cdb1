"""Synthetic and human speech for tests of ears, and the way a listening loop feeds an ear. Audio: int16 at 16 kHz."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import wave
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bowout.core.endpoint import Endpointer, TurnLimits
from bowout.ports import RATE, Hypothesis, Recogniser
from bowout.speech.resampling import resample
from bowout.speech.vad import AdaptiveVoiceActivity

Audio = npt.NDArray[np.int16]
BLOCK = 960
"""Samples a block: 60 ms."""
HUMAN = Path("/usr/share/pocketsphinx/test/data/librivox")
"""Five clips of read speech, in Debian's package pocketsphinx-testdata."""


def _base() -> Any:
    spec = importlib.util.spec_from_file_location("bowout_base_conftest", Path(__file__).parent / "conftest.py")
    assert spec is not None and spec.loader is not None
    if spec.name not in sys.modules:
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    return sys.modules[spec.name]


need, has_module, has_program = _base().need, _base().has_module, _base().has_program


@lru_cache(maxsize=64)
def espeak(text: str, voice: str = "en-us", words_per_minute: int = 150) -> Audio:
    """``text`` by espeak-ng, without the silence it begins and ends with."""
    done = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", str(words_per_minute), "--stdout", text],
        capture_output=True, check=True, timeout=30,
    )  # fmt: skip
    at = done.stdout.index(b"data") + 8
    raw = done.stdout[at:]
    return trimmed(np.frombuffer(resample(raw[: len(raw) // 2 * 2], 22_050, RATE), "<i2").astype(np.int16))


def trimmed(audio: Audio, level: int = 200) -> Audio:
    """Without what is quieter than ``level`` at both ends."""
    loud = np.nonzero(np.abs(audio.astype(np.int32)) > level)[0]
    return audio[loud[0] : loud[-1] + 1] if loud.size else audio[:0]


def breathless(audio: Audio, level: int = 300) -> Audio:
    """Without any pause: every 20 ms that is quieter than ``level`` is taken out."""
    frames = audio[: audio.size // 320 * 320].reshape(-1, 320)
    return frames[np.abs(frames.astype(np.int32)).max(axis=1) > level].ravel()


def hiss(seconds: float, db: float = -60.0, seed: int = 1) -> Audio:
    """White noise of ``db`` dBFS; one of −200 is exact zeros."""
    made = np.random.default_rng(seed).standard_normal(round(seconds * RATE)) * 32768 * 10 ** (db / 20)
    return np.clip(np.rint(made), -32768, 32767).astype(np.int16)


def in_room(*parts: Audio, db: float = -60.0) -> Audio:
    """Parts in a row, with the noise of a room under them."""
    audio = np.concatenate(parts)
    return np.clip(audio.astype(np.int32) + hiss(audio.size / RATE, db)[: audio.size], -32768, 32767).astype(np.int16)


def human_clips() -> list[tuple[Audio, str]]:
    """The human clips and what is said in them, lower case without punctuation."""
    spoken = {
        name: words
        for words, name in re.findall(r"<s> (.*?) </s> \((.*?)\)", (HUMAN / "transcription").read_text("utf-8"))
    }
    clips = []
    for path in sorted(HUMAN.glob("*.wav")):
        with wave.open(str(path)) as file:
            clips.append((np.frombuffer(file.readframes(file.getnframes()), "<i2").copy(), spoken[path.stem]))
    return clips


@dataclass
class Listened:
    """What happened while a clip was fed."""

    final: Hypothesis
    partials: list[str] = field(default_factory=list)
    """Each different one, in order."""
    flags: list[bool] = field(default_factory=list)
    feed_s: list[float] = field(default_factory=list)
    """Seconds that each ``feed`` took."""
    finish_s: float = 0.0

    @property
    def voiced(self) -> tuple[float, float]:
        """First and last voiced second."""
        at = [n for n, flag in enumerate(self.flags) if flag]
        return at[0] * BLOCK / RATE, (at[-1] + 1) * BLOCK / RATE


def blocks(audio: Audio) -> Iterable[bytes]:
    """Whole blocks of ``audio``."""
    raw = audio.tobytes()
    return (raw[at : at + 2 * BLOCK] for at in range(0, len(raw) - 2 * BLOCK + 1, 2 * BLOCK))


def listen(ear: Recogniser, audio: Audio) -> Listened:
    """Feed one whole turn as the listening loop does: voice activity, ``settle`` in pauses, then the final."""
    from time import perf_counter

    activity, endpointer = AdaptiveVoiceActivity(), Endpointer(TurnLimits())
    heard = Listened(Hypothesis(()))
    ear.begin_turn()
    for block in blocks(audio):
        voiced = activity.voiced(block)
        heard.flags.append(voiced)
        before = perf_counter()
        partial = ear.feed(block, voiced=voiced)
        heard.feed_s.append(perf_counter() - before)
        if partial != (heard.partials[-1] if heard.partials else ""):
            heard.partials.append(partial)
        endpointer.update(BLOCK / RATE, voiced, partial)
        if endpointer.should_settle():
            ear.settle()
    before = perf_counter()
    heard.final = ear.finish_turn()
    heard.finish_s = perf_counter() - before
    return heard
