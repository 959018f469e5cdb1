"""What was said: words with times, turn by turn.

A transcript is measured in seconds (it was heard) or in words (it was typed or written): ``unit`` tells which,
and every ``start``/``end`` in it is in that unit. Seconds run on the clock of the call's recording, so that any
of them can be found again in the attempt's ``audio.wav``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Unit = Literal["s", "word"]
Times = Literal["exact", "approximate", "none"]


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the ear (or the keyboard) wrote it."""

    text: str
    """As written, punctuation included; never empty, never with white space in it."""
    start: float
    """Seconds on the call's clock, or the word's index in the whole transcript."""
    end: float
    """Seconds, or the index of the next word."""
    confidence: float | None = None
    """Probability 0–1 that the word is right; ``None`` where the ear gives none."""


@dataclass(frozen=True, slots=True)
class Filler:
    """A filled pause (“um”, “uh”, “er”) and where it was heard."""

    kind: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything the caller said between two of the recruiter's lines."""

    index: int
    """0 for the first turn of the call."""
    words: tuple[Word, ...]
    fillers: tuple[Filler, ...] | None = None
    """Filled pauses found in the audio, or ``None`` where they were not measured. Those that the ear wrote as
    words stay in ``words`` too."""
    prompt_end: float | None = None
    """When the recruiter's line before this turn had been played, on the call's clock; ``None`` if not known."""
    times: Times = "none"
    """How far the words' times can be trusted."""

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Transcript:
    """All of the caller's turns in one call."""

    turns: tuple[Turn, ...]
    unit: Unit
    ear: str = "typed"
    """``vosk``, ``builtin`` or ``typed``."""

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for turn in self.turns for word in turn.words)

    @property
    def text(self) -> str:
        return "\n".join(turn.text for turn in self.turns)


def from_text(*turns: str, ear: str = "typed") -> Transcript:
    """A transcript of written text, one string a turn; times are word indexes that run on over all turns."""
    made: list[Turn] = []
    position = 0
    for index, text in enumerate(turns):
        words = []
        for token in text.split():
            words.append(Word(token, position, position + 1))
            position += 1
        made.append(Turn(index, tuple(words)))
    return Transcript(tuple(made), "word", ear)


def shifted(turn: Turn, seconds: float) -> Turn:
    """The turn with every time moved, e.g. from a turn's own clock to the call's."""
    return replace(
        turn,
        words=tuple(replace(w, start=w.start + seconds, end=w.end + seconds) for w in turn.words),
        fillers=None
        if turn.fillers is None
        else tuple(replace(f, start=f.start + seconds, end=f.end + seconds) for f in turn.fillers),
    )


def with_turn(turns: Iterable[Turn], turn: Turn) -> tuple[Turn, ...]:
    """``turns`` with the one of the same index replaced, or ``turn`` added in its place."""
    kept = [t for t in turns if t.index != turn.index]
    return tuple(sorted([*kept, turn], key=lambda t: t.index))


__all__ = ["Filler", "Times", "Transcript", "Turn", "Unit", "Word", "from_text", "shifted", "with_turn"]
