"""The Vosk ear: words with times and confidences while they are being said.

One recogniser lives for the whole session: its search graph is composed as it is used, so a fresh one is six times
slower on its first turn. It decodes as it is fed and never ends a turn; that is ours to decide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bowout.core.transcript import Filler, Word
from bowout.errors import BowoutError, MissingPart
from bowout.ports import RATE, WIDTH, Hypothesis
from bowout.speech.aligner import Aligner
from bowout.speech.ears import vosk_model
from bowout.speech.ears.aligning import MaybeAligner, stretches

GHOSTS = frozenset(("huh", "the", "a", "oh"))
"""Words that Vosk's English models write where nobody spoke (vosk-api issues 797, 1101, 1139)."""
MARGIN_S = 0.25
"""A ghost this close to a voiced block is believed."""
WARM_UP_S = 1.5
"""Audio decoded before the first turn, so that it is as quick as any."""


@dataclass(slots=True)
class _Turn:
    """One turn; seconds run from its first sample."""

    base: int
    """The recogniser's sample count when it began: Vosk's clock never restarts."""
    segments: list[list[Word]]
    """Words of what Vosk ended by itself, although it was told not to."""
    voiced: list[tuple[float, float]]
    partial: str = ""
    seconds: float = 0.0


class VoskEar:
    """``Recogniser`` on a Vosk model folder."""

    ear = "vosk"

    def __init__(self, model_dir: Path, *, aligner: Aligner | None = None) -> None:
        """Loads nothing yet. ``aligner`` finds the filled pauses; without it they are not measured."""
        self._folder = model_dir
        self._aligner = MaybeAligner(aligner)
        self._model: Any = None
        self._recogniser: Any = None
        self._fed = 0
        self._turn: _Turn | None = None
        self.version = _version()
        self.model = model_dir.name

    def start(self) -> None:
        if self._model is None:
            self._model = self._load()
        if self._recogniser is None:
            self._recogniser = self._make_recogniser()

    def begin_turn(self) -> None:
        self.start()
        if self._turn is not None:
            # Not Reset(): it leaves frames behind that then begin the next turn.
            self._guarded(lambda: self._recogniser.FinalResult())
        self._turn = _Turn(self._fed, [], [])

    def feed(self, pcm: bytes, *, voiced: bool) -> str:
        turn = self._current()
        begin = turn.seconds
        noisy = dithered(pcm, round(begin * RATE))
        turn.seconds += len(pcm) / WIDTH / RATE
        if voiced:
            turn.voiced.append((begin, turn.seconds))
        self._fed += len(pcm) // WIDTH
        if self._guarded(lambda: self._recogniser.AcceptWaveform(noisy)):
            turn.segments.append(self._words(self._guarded(lambda: self._recogniser.Result())))
            running = ""
        else:
            running = json.loads(self._guarded(lambda: self._recogniser.PartialResult())).get("partial", "")
        if turn.voiced:
            turn.partial = " ".join([*(w.text for s in turn.segments for w in s), *running.split()])
        return turn.partial

    def settle(self) -> None:
        """Nothing is pending: Vosk decodes as it is fed."""

    def finish_turn(self) -> Hypothesis:
        turn = self._current()
        turn.segments.append(self._words(self._guarded(lambda: self._recogniser.FinalResult())))
        self._turn = None
        words = believed([word for segment in turn.segments for word in segment], turn.voiced)
        limit = turn.seconds
        words = [replace(w, start=min(max(w.start, 0.0), limit), end=min(max(w.end, 0.0), limit)) for w in words]
        return Hypothesis(tuple(words), None, "exact" if words else "none")

    def refine(self, pcm: bytes, quick: Hypothesis) -> Hypothesis:
        """The quick words, which are as good as Vosk gets, with the filled pauses an aligner finds."""
        if not self._aligner or not quick.words:
            return quick
        fillers: list[Filler] = []
        for span, words in stretches(pcm, quick.words):
            alignment = self._aligner.align(pcm, span, [w.text for w in words], [w.confidence for w in words])
            if alignment is None:
                return quick
            fillers += alignment.fillers
        return replace(quick, fillers=tuple(fillers))

    def forget(self) -> None:
        """The search graph goes: in which order it was composed decides where scores are close."""
        self._turn = self._recogniser = None

    def close(self) -> None:
        self._turn = self._recogniser = self._model = None

    def _current(self) -> _Turn:
        if self._turn is None or self._recogniser is None:
            raise BowoutError("No turn is going on.", "Begin the turn again.")
        return self._turn

    def _load(self) -> Any:
        vosk_model.check(self._folder)
        try:
            import vosk
        except (ImportError, OSError) as problem:  # OSError: its library does not fit this machine
            raise MissingPart(f"Vosk can't be loaded: {problem}", "Install it with: pip install vosk") from problem
        vosk.SetLogLevel(-1)
        try:
            folder = vosk_model.overlay(self._folder)
        except OSError:
            folder = self._folder  # Vosk may then cut a turn in segments; feed() puts them together
        try:
            return vosk.Model(vosk_model.native_path(folder))
        except MissingPart:
            raise
        except Exception as problem:  # vosk raises bare Exception
            raise MissingPart(f"The Vosk model at {self._folder} can't be loaded.", vosk_model.FIX) from problem

    def _make_recogniser(self) -> Any:
        import vosk

        try:
            recogniser = vosk.KaldiRecognizer(self._model, RATE)
            recogniser.SetWords(True)
            recogniser.AcceptWaveform(bytes(int(WARM_UP_S * RATE) * WIDTH))
            recogniser.FinalResult()
        except Exception as problem:
            raise MissingPart(f"The Vosk model at {self._folder} can't decode.", vosk_model.FIX) from problem
        self._fed = int(WARM_UP_S * RATE)
        return recogniser

    def _guarded(self, call: Any) -> Any:
        """Run a call into Vosk; after a failure the next turn gets a recogniser of its own."""
        try:
            return call()
        except Exception as problem:
            self._turn = self._recogniser = None
            raise BowoutError(f"Vosk failed: {problem}", "Say it again.") from problem

    def _words(self, result: str) -> list[Word]:
        base = self._turn.base / RATE if self._turn else 0.0
        return [
            Word(w["word"], round(w["start"] - base, 3), round(w["end"] - base, 3), round(min(w["conf"], 1.0), 3))
            for w in json.loads(result).get("result", [])
        ]


def dithered(pcm: bytes, at: int) -> bytes:
    """``pcm``, which begins ``at`` samples into its turn, with the noise models are trained with: one step of 16 bit.
    It is the same at the same place of every turn, so that a recording is always heard alike."""
    samples = np.frombuffer(pcm[: len(pcm) // WIDTH * WIDTH], "<i2").astype(np.int32)
    noise = np.take(_noise(), np.arange(at, at + samples.size), mode="wrap")
    return bytes(np.clip(samples + noise, -32768, 32767).astype("<i2"))


@lru_cache(maxsize=1)
def _noise() -> npt.NDArray[np.int32]:
    """Five seconds."""
    return np.rint(np.random.default_rng(3).standard_normal(5 * RATE)).astype(np.int32)


def believed(words: list[Word], voiced: list[tuple[float, float]]) -> list[Word]:
    """Without what Vosk made of silence: everything if nobody spoke, else ghosts away from speech."""
    if not voiced:
        return []

    def near(word: Word) -> bool:
        return any(a - MARGIN_S < word.end and word.start < b + MARGIN_S for a, b in voiced)

    return [w for w in words if w.text not in GHOSTS or near(w)]


def _version() -> str:
    try:
        return f"vosk {metadata.version('vosk')}"
    except metadata.PackageNotFoundError:
        return "vosk (not installed)"


__all__ = ["VoskEar", "believed", "dithered"]
