"""When an assignment is due, in the reader's own zone and words."""

from __future__ import annotations

from datetime import datetime

from bowout.core.moments import spoken_day
from bowout.core.when import elapsed, left, spoken_here

_END = (23, 59)
"""A date without a time of its own."""


def due_words(due: datetime | None, now: datetime) -> str:
    """“Friday at 6 pm (in 2 days)”; empty without a date.

    Args:
        now: aware, in the reader's zone.
    """
    return "" if due is None else f"{spoken_here(due, now)} ({left(now, due)})"


def by_words(due: datetime | None, now: datetime) -> str:
    """“by Friday”, “by tomorrow at 3 pm”, “was due yesterday”; empty without a date. The end of a day is that day."""
    if due is None:
        return ""
    here = due.astimezone(now.tzinfo)
    day = spoken_day(here, now) if (here.hour, here.minute) == _END else spoken_here(due, now)
    return f"was due {day}" if elapsed(due, now).total_seconds() > 0 else f"by {day}"


__all__ = ["by_words", "due_words"]
