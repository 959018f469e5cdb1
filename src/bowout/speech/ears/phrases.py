"""The quick pass of the built-in ear: a turn, decoded phrase by phrase as pauses end them.

A phrase runs from one pause to the next. It is decoded once, when it ends; while it is still running it is decoded
now and then for the live line, as often as a budget allows: that is what keeps the ear's processor time in bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bowout.ports import RATE, WIDTH
from bowout.speech.ears.cutting import Samples, Span, quietest
from bowout.speech.ears.moonshine import Guess

Decode = Callable[[Samples], list[Guess]]

PAUSE_S = 0.3
"""Silence that ends a phrase: the same after which the listening loop calls ``settle``."""
LEAD_S, TAIL_S = 0.25, 0.25
"""Decoded before the first and after the last voiced block of a phrase."""
LONGEST_S = 7.5
"""A phrase without a pause is cut before it gets longer: decoding 8 s takes 0.3 s, a human reply time."""
SLIVER_S = 0.12
"""Voiced time below which nothing is decoded: a click, a chair."""
SLIVER_WAIT_S = 1.0
"""A sliver that nothing follows for this long is forgotten."""
GHOST_S, GHOST_PROBABILITY = 0.4, 0.4
"""A phrase with less voiced time than this is dropped if all its words together are less probable than that."""
FIRST_CREDIT_S, CREDIT_PER_S, MOST_CREDIT_S = 3.0, 0.3, 4.0
"""Budget of the live line, in seconds of audio: a decode of the running phrase costs its length, every second of
speech earns ``CREDIT_PER_S``. The first words appear after ``FRESH_S``, later ones about every four seconds."""
FRESH_S = 1.0
"""New speech that makes another look at a running phrase worth it."""


@dataclass(slots=True)
class Phrase:
    """A decoded stretch; positions are samples since the turn began."""

    voiced: list[Span]
    guesses: list[Guess] = field(default_factory=list)


class Phrases:
    """One turn. Not thread-safe: fed by one thread."""

    def __init__(self, decode: Decode) -> None:
        self._decode = decode
        self._pcm = bytearray()
        self._running: list[Span] = []
        """Voiced blocks of the phrase that is going on."""
        self._live: list[Guess] = []
        self._looked_at = 0
        self._credit = FIRST_CREDIT_S
        self.done: list[Phrase] = []

    @property
    def text(self) -> str:
        """The turn so far."""
        guesses = [g for phrase in self.done for g in phrase.guesses] + self._live
        return " ".join(g.text for g in guesses)

    def add(self, pcm: bytes, *, voiced: bool) -> None:
        """The next block; decodes what has become due."""
        start = len(self._pcm) // WIDTH
        self._pcm += pcm
        end = len(self._pcm) // WIDTH
        if voiced:
            if self._running and self._running[-1][1] == start:
                self._running[-1] = (self._running[-1][0], end)
            else:
                self._running.append((start, end))
            self._credit = min(MOST_CREDIT_S, self._credit + CREDIT_PER_S * (end - start) / RATE)
        if not self._running:
            return
        if end - self._running[-1][1] >= PAUSE_S * RATE:
            self.settle()
        elif end - self._running[0][0] >= LONGEST_S * RATE:
            self._cut()
        elif voiced:
            self._look()

    def settle(self) -> None:
        """Decode the running phrase, if it is more than a sliver; a sliver waits for what follows it."""
        if not self._running:
            return
        if _length(self._running) >= SLIVER_S * RATE:
            self._close(self._running, len(self._pcm) // WIDTH)
            self._running = []
        elif len(self._pcm) // WIDTH - self._running[-1][1] >= SLIVER_WAIT_S * RATE:
            self._running = []
        self._live = []
        self._looked_at = 0

    def finish(self) -> list[Phrase]:
        """Everything heard in this turn."""
        self.settle()
        self._running = []
        return self.done

    def _close(self, voiced: list[Span], limit: int) -> None:
        guesses = self._decode(self._samples(voiced, limit))
        together = float(np.prod([g.probability for g in guesses])) if guesses else 0.0
        ghost = _length(voiced) < GHOST_S * RATE and together < GHOST_PROBABILITY
        if guesses and not ghost:
            self.done.append(Phrase(list(voiced), guesses))

    def _cut(self) -> None:
        """End a phrase that has no pause at its quietest point, and go on with the rest."""
        first, end = self._running[0][0], len(self._pcm) // WIDTH
        middle, late = first + int(LONGEST_S * RATE / 2), end - int(0.5 * RATE)
        turn = np.frombuffer(bytes(self._pcm[first * WIDTH :]), dtype="<i2").astype(np.float32)
        at = first + quietest(turn, middle - first, late - first)
        self._close([(s, min(e, at)) for s, e in self._running if s < at], at)
        self._running = [(max(s, at), e) for s, e in self._running if e > at]
        self._live = []
        self._looked_at = 0

    def _look(self) -> None:
        """Decode the running phrase for the live line, if the budget allows."""
        start, end = self._running[0][0], len(self._pcm) // WIDTH
        seconds = (end - start) / RATE + LEAD_S
        if seconds > self._credit or end - max(self._looked_at, start) < FRESH_S * RATE:
            return
        self._credit -= seconds
        self._looked_at = end
        guesses = self._decode(self._samples(self._running, end))
        # The last word may be half a word: the live line shows it only once something followed it.
        self._live = guesses[:-1]

    def _samples(self, voiced: list[Span], limit: int) -> Samples:
        floor = self.done[-1].voiced[-1][1] if self.done else 0
        start = max(floor, voiced[0][0] - int(LEAD_S * RATE))
        end = min(limit, voiced[-1][1] + int(TAIL_S * RATE))
        block = bytes(self._pcm[start * WIDTH : end * WIDTH])
        return np.frombuffer(block, dtype="<i2").astype(np.float32) / 32768.0


def _length(spans: list[Span]) -> int:
    return sum(end - start for start, end in spans)


__all__ = ["Decode", "Phrase", "Phrases"]
