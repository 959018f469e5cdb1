"""The ear that reads: words come from the keyboard, and from nowhere else. Needs nothing, always there."""

from __future__ import annotations

from bowout.core.transcript import Word
from bowout.errors import BowoutError
from bowout.ports import Hypothesis


class TypedEar:
    """``Recogniser`` whose turn is what was submitted. Times are word indexes from 0 in the turn."""

    ear = "typed"
    version = "1"
    model = "keyboard"

    def __init__(self) -> None:
        self._lines: list[str] | None = None

    def start(self) -> None:
        """Nothing to load."""

    def begin_turn(self) -> None:
        self._lines = []

    def submit(self, text: str) -> str:
        """Add a line to the turn; returns the turn so far."""
        self._current().append(text)
        return self.text

    @property
    def text(self) -> str:
        """The turn so far."""
        return " ".join(" ".join(self._lines or []).split())

    def feed(self, pcm: bytes, *, voiced: bool) -> str:
        """Audio is not listened to."""
        self._current()
        return self.text

    def settle(self) -> None:
        """Nothing is pending."""

    def finish_turn(self) -> Hypothesis:
        self._current()
        words = tuple(Word(token, n, n + 1) for n, token in enumerate(self.text.split()))
        self._lines = None
        return Hypothesis(words, None, "none")

    def refine(self, pcm: bytes, quick: Hypothesis) -> Hypothesis:
        return quick

    def forget(self) -> None:
        """No turn leaves anything behind."""

    def close(self) -> None:
        self._lines = None

    def _current(self) -> list[str]:
        if self._lines is None:
            raise BowoutError("No turn is going on.", "Begin the turn again.")
        return self._lines


__all__ = ["TypedEar"]
