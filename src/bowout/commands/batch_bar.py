"""How far a batch is: a bar on a terminal, a line now and then elsewhere, JSON where that was asked for."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from bowout.commands.output import emit, tell

if TYPE_CHECKING:
    from bowout.batch.run import Progress

BAR_S, JSON_S, LINE_S = 0.2, 1.0, 30.0
"""Seconds between two of each."""
WIDTH = 20
"""Characters of the bar; the whole line has at most 79."""


class Bar:
    """Shows progress on standard error, as JSON on standard output."""

    def __init__(self, *, json: bool) -> None:
        self._json = json
        self._draws = not json and sys.stderr.isatty()
        self._every = JSON_S if json else BAR_S if self._draws else LINE_S
        self._due = time.monotonic() + (0 if self._draws else self._every)
        self._drawn = 0

    def show(self, progress: Progress) -> None:
        """Draw, if it is time."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + self._every
        if self._json:
            emit(state(progress))
        elif self._draws:
            self._draw(f"[{'#' * int(progress.fraction * WIDTH):-<{WIDTH}}] {sentence(progress)}")
        else:
            tell(sentence(progress))

    def clear(self) -> None:
        """Take the bar away, so that something else can be written."""
        if self._drawn:
            self._drawn += len("^C")  # which a terminal writes behind it
            self._draw("")
            self._drawn = 0

    def _draw(self, line: str) -> None:
        """Over what was drawn before."""
        sys.stderr.write(f"\r{line:<{self._drawn}}" + ("" if line else "\r"))
        sys.stderr.flush()
        self._drawn = len(line)


def state(progress: Progress) -> dict[str, Any]:
    """How far it is, for other programs."""
    left = progress.seconds_left
    return {
        "fraction": round(progress.fraction, 4),
        "marked": progress.marked,
        "errors": progress.counts["error"],
        "seconds": round(progress.seconds, 1),
        "seconds_left": None if left is None else round(left, 1),
    }


def sentence(progress: Progress) -> str:
    """How far it is, for people."""
    errors, left = progress.counts["error"], progress.seconds_left
    begun = progress.marked or errors  # the ear is loaded first
    parts = [f"{int(progress.fraction * 100)} %", f"{progress.marked:,} marked" if begun else "getting ready"]
    if errors:
        parts.append(f"{errors:,} with an error")
    if left is not None:
        parts.append(f"{in_words(left)} left")
    return " · ".join(parts)


def in_words(seconds: float) -> str:
    """“40 s”, “12 min”, “3 h 20 min”."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


__all__ = ["Bar", "in_words", "sentence", "state"]
