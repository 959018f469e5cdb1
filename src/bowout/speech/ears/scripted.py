"""The ear that knows what will be said: for tests, and for a demonstration where no model is installed.

It hears nothing but whether somebody speaks. Same turns and voiced blocks in, same words, times and confidences out.
"""

from __future__ import annotations

from collections.abc import Sequence

from bowout.core.transcript import Filler, Word
from bowout.errors import BowoutError
from bowout.ports import RATE, WIDTH, Hypothesis

WORDS_PER_S = 2.5
"""Words a second of speech reveals in the live line: 150 a minute."""


class ScriptedEar:
    """``Recogniser`` that answers every turn in which somebody spoke with the next line of its script."""

    version = "1"
    model = "script"

    def __init__(
        self,
        turns: Sequence[str],
        *,
        ear: str = "typed",
        confidence: float | None = 0.95,
        fail_at: int | None = None,
    ) -> None:
        """A turn that is dropped or silent does not use up its line; after the last line nothing more is heard.

        Args:
            turns: what the caller says, one line a turn.
            ear: the name shown in results.
            confidence: of every word.
            fail_at: number of the ``feed`` call (0 = the first) that fails once, as an ear that breaks would.
        """
        self.ear = ear
        self._lines = list(turns)
        self._confidence = confidence
        self._fail_at = fail_at
        self._fed = 0
        self._next = 0
        self._voiced: list[tuple[float, float]] | None = None
        self._seconds = 0.0

    def start(self) -> None:
        """Nothing to load."""

    def begin_turn(self) -> None:
        self._voiced = []
        self._seconds = 0.0

    def feed(self, pcm: bytes, *, voiced: bool) -> str:
        spans = self._current()
        if self._fed == self._fail_at:
            self._fail_at = self._voiced = None
            raise BowoutError("The scripted ear failed, as it was told to.", "Say it again.")
        self._fed += 1
        begin = self._seconds
        self._seconds += len(pcm) / WIDTH / RATE
        if voiced:
            spans.append((begin, self._seconds))
        spoken = sum(end - start for start, end in spans)
        return " ".join(self._line()[: int(spoken * WORDS_PER_S)])

    def settle(self) -> None:
        """Nothing is pending."""

    def finish_turn(self) -> Hypothesis:
        spans = self._current()
        self._voiced = None
        line = self._line() if spans else []
        if not line:
            return Hypothesis(())
        self._next += 1
        start, end = spans[0][0], spans[-1][1]
        step = (end - start) / len(line)
        words = tuple(
            Word(text, round(start + n * step, 3), round(start + (n + 1) * step, 3), self._confidence)
            for n, text in enumerate(line)
        )
        return Hypothesis(words, None, "approximate")

    def refine(self, pcm: bytes, quick: Hypothesis) -> Hypothesis:
        """The same words; the script's own “um” and “uh” are its fillers."""
        fillers = tuple(
            Filler(bare, w.start, w.end)
            for w in quick.words
            if (bare := w.text.strip(".,;:!?…").lower()) in {"um", "uh", "er", "erm"}
        )
        return Hypothesis(quick.words, fillers, quick.times)

    def forget(self) -> None:
        """No turn leaves anything behind."""

    def close(self) -> None:
        self._voiced = None

    def _line(self) -> list[str]:
        return self._lines[self._next].split() if self._next < len(self._lines) else []

    def _current(self) -> list[tuple[float, float]]:
        if self._voiced is None:
            raise BowoutError("No turn is going on.", "Begin the turn again.")
        return self._voiced


__all__ = ["ScriptedEar"]
