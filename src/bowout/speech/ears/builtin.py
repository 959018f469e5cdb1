"""The built-in ear: Moonshine's English model on one core, told by our own voice activity what to decode.

Two passes. The quick one goes phrase by phrase, feeds the live line and decides what the recruiter says next. The
careful one decodes long pieces of the whole turn while the recruiter speaks; it is what is marked. Both use the same
sessions, which keep no state: neither waits for the other.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import numpy as np

from bowout.core.transcript import Filler, Times, Word
from bowout.errors import BowoutError
from bowout.ports import RATE, WIDTH, Hypothesis
from bowout.speech.aligner import Aligner
from bowout.speech.ears import cutting
from bowout.speech.ears.aligning import MaybeAligner, placed
from bowout.speech.ears.confidence import agreement, calibrated
from bowout.speech.ears.moonshine import Guess, Moonshine, Samples
from bowout.speech.ears.phrases import Phrases
from bowout.speech.vad import voiced_flags

BLOCK = RATE * 6 // 100
"""Samples for each of which the careful pass asks whether it is voiced: 60 ms."""
SPEECH_S = 0.3
"""Voiced time below which the careful pass says nothing that the quick one has not said."""
DEEPEST = 2
"""How often a piece that loops is halved."""


class BuiltinEar:
    """``Recogniser`` on the model inside the wheel ``moonshine-voice==0.1.0``."""

    ear = "builtin"
    model = "moonshine tiny-en"

    def __init__(self, folder: Path | None = None, *, aligner: Aligner | None = None) -> None:
        """``folder`` holds the model's three files (default: the installed wheel). Loads nothing yet."""
        self._folder = folder
        self._aligner = MaybeAligner(aligner)
        self._model: Moonshine | None = None
        self._turn: Phrases | None = None
        self.version = _version()

    def start(self) -> None:
        if self._model is None:
            self._model = Moonshine(self._folder)
            self._model.decode(np.zeros(RATE, dtype=np.float32))  # first runs allocate; what it says is thrown away

    def begin_turn(self) -> None:
        self.start()
        self._turn = Phrases(self._quick)

    def feed(self, pcm: bytes, *, voiced: bool) -> str:
        turn = self._current()
        turn.add(pcm, voiced=voiced)
        return turn.text

    def settle(self) -> None:
        self._current().settle()

    def finish_turn(self) -> Hypothesis:
        phrases = self._current().finish()
        self._turn = None
        words: list[Word] = []
        for phrase in phrases:
            texts = [g.text for g in phrase.guesses]
            times = cutting.spread(texts, phrase.voiced)
            words += [
                Word(g.text, round(start, 3), round(end, 3), calibrated(g.probability))
                for g, (start, end) in zip(phrase.guesses, times, strict=True)
            ]
        return Hypothesis(tuple(words), None, "approximate" if words else "none")

    def refine(self, pcm: bytes, quick: Hypothesis) -> Hypothesis:
        model = self._model
        if model is None:
            raise BowoutError("The built-in ear has not been started.")
        voiced = cutting.spans_of(voiced_flags(pcm, block_s=BLOCK / RATE), BLOCK)
        if sum(end - start for start, end in voiced) < SPEECH_S * RATE:
            return quick
        kept = cutting.without_silences(_floats(pcm), voiced)
        pieces = [
            piece for span in cutting.pieces(kept.samples) for piece in self._piece(model, kept.samples, span, DEEPEST)
        ]
        guesses = [g for _, found in pieces for g in found]
        if not guesses:
            return quick
        agreed = agreement([cutting.plain(g.text) for g in guesses], [cutting.plain(w.text) for w in quick.words])
        checks = iter(agreed if quick.words else [None] * len(guesses))
        words: list[Word] = []
        fillers: list[Filler] | None = []
        for (first, last), found in pieces:
            if not found:
                continue
            start, end = kept.turn_position(first), kept.turn_position(last - 1) + 1
            texts, confidences = [g.text for g in found], [calibrated(g.probability, next(checks)) for g in found]
            inside = [(max(a, start), min(b, end)) for a, b in voiced if b > start and a < end] or [(start, end)]
            times = cutting.spread(texts, inside)
            alignment = self._aligner.align(pcm, (start, end), texts, confidences)
            if alignment is None:
                fillers = None
            else:
                times = placed(alignment, times)
                if fillers is not None:
                    fillers += alignment.fillers
            words += [
                Word(text, round(begin, 3), round(finish, 3), confidence)
                for text, (begin, finish), confidence in zip(texts, times, confidences, strict=True)
            ]
        # One piece that could not be aligned, and neither times nor fillers are known for the whole turn.
        kind: Times = "approximate" if fillers is None else "exact"
        return Hypothesis(tuple(words), None if fillers is None else tuple(fillers), kind)

    def forget(self) -> None:
        """No turn leaves anything behind: the model keeps no state, the aligner begins afresh each time."""

    def close(self) -> None:
        self._turn = None
        self._model = None

    def _current(self) -> Phrases:
        if self._turn is None:
            raise BowoutError("No turn is going on.", "Begin the turn again.")
        return self._turn

    def _quick(self, samples: Samples) -> list[Guess]:
        if self._model is None:
            raise BowoutError("The built-in ear has been closed.")
        try:
            return self._model.decode(samples)
        except BowoutError:
            self._turn = self._model = None  # the next turn loads afresh
            raise

    def _piece(
        self, model: Moonshine, samples: Samples, span: cutting.Span, deepest: int
    ) -> list[tuple[cutting.Span, list[Guess]]]:
        """Decode one piece; in halves if the decoder looped."""
        start, end = span
        guesses = model.decode(samples[start:end])
        if deepest == 0 or not cutting.loops([g.text for g in guesses]):
            return [(span, guesses)]
        third = (end - start) // 3
        middle = cutting.quietest(samples, start + third, end - third)
        return [
            part for half in ((start, middle), (middle, end)) for part in self._piece(model, samples, half, deepest - 1)
        ]


def _floats(pcm: bytes) -> Samples:
    return np.frombuffer(pcm[: len(pcm) // WIDTH * WIDTH], dtype="<i2").astype(np.float32) / 32768.0


def _version() -> str:
    try:
        return f"moonshine-voice {metadata.version('moonshine-voice')}"
    except metadata.PackageNotFoundError:
        return "moonshine-voice (not installed)"


__all__ = ["BuiltinEar"]
