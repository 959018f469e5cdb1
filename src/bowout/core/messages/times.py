"""Days and times written in a message, as moments: what an alternative really is, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

from bowout.core import when

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    r"(?:\d{4}-\d{1,2}-\d{1,2}"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b(?:,? \d{{4}}\b)?"
    rf"|{_MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b(?![:.]\d\d)(?:,? \d{{4}}\b)?)"
)
_CLOCK = r"(?:noon|\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\b\.?)?|\d{1,2} ?[ap]\.?m\b\.?)"
_BETWEEN = r"(?:,? at|,| at|, at|t)? ?"
_ZONE = (
    r"(?: ?\(?(?P<zone>(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|CET|CEST|WET|WEST|EET|EEST|BST|E[SD]T|C[SD]T|M[SD]T"
    r"|P[SD]T|[A-Z][A-Za-z_]+/[A-Za-z_/+-]+)\b\)?)?"
)
_FOUND = re.compile(
    rf"\b(?:(?P<weekday>(?:next )?{_WEEKDAY})\b(?:,? ?(?:the )?(?={_DATE}))?)?(?P<date>{_DATE})?"
    rf"(?P<named>today|tomorrow|tonight)?(?:{_BETWEEN}(?P<clock>{_CLOCK})(?-i:{_ZONE}))?",
    re.IGNORECASE,
)
"""“Monday 30 November, 10 am CET”: any of its parts may be missing, but not the day."""
_OFFSETS = {
    "CET": 1, "CEST": 2, "WET": 0, "WEST": 1, "EET": 2, "EEST": 3, "BST": 1, "EST": -5, "EDT": -4, "CST": -6,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours from UTC. An abbreviation names its offset, whatever the season."""
_PAIRS = (
    ("CET", "CEST"), ("WET", "WEST"), ("EET", "EEST"), ("GMT", "BST"), ("EST", "EDT"), ("CST", "CDT"), ("MST", "MDT"),
    ("PST", "PDT"),
)  # fmt: skip
"""Winter's name and summer's of one zone."""
_FAR = timedelta(days=210)
"""A date without a year that lies farther ahead was last year's."""

WORK_BEGINS, WORK_ENDS = 8, 18
"""Hours of the day, in the message's own zone."""


@dataclass(frozen=True, slots=True)
class Written:
    """A time in a text."""

    text: str
    start: int
    end: int
    """Characters of the text."""
    day: date | None
    """``None``: what stands there is no day that there is."""
    at: datetime | None
    """Aware; ``None`` where no time of the day is written, or none that there is."""
    trouble: str = ""
    """What is wrong with it by itself: a sentence, or empty."""


def times_in(text: str, now: datetime) -> list[Written]:
    """Every day and time written in ``text``, in order. Clock times without a day are left out: they say too little.

    ``now`` is aware; what names no zone is meant in its zone.
    """
    return list(_times(text, now))


def _times(text: str, now: datetime) -> Iterator[Written]:
    for found in _FOUND.finditer(text):
        if not (found["weekday"] or found["date"] or found["named"]):
            continue
        shown = found[0].rstrip(" ,.(")
        if found["weekday"] and len(shown) <= 3 and not shown[0].isupper():
            continue  # “sun”, “sat”, “wed” as everyday words
        yield _written(found, shown, now)


def _written(found: re.Match[str], shown: str, now: datetime) -> Written:
    place = (shown, found.start(), found.start() + len(shown))
    weekday = (found["weekday"] or "").lower()
    named = (found["named"] or "").lower()
    day_words = (found["date"] or ("today" if named == "tonight" else named) or found["weekday"]).replace(",", "")
    clock = found["clock"]
    zone, trouble = _zone(found["zone"])
    here = now if zone is None else now.astimezone(zone)
    try:
        at = when.parse(f"{day_words} {_plain(clock) if clock else '12:00'}", here)
    except when.NotATime as problem:
        return Written(*place, None, None, str(problem))
    yearless = found["date"] and not re.search(r"\d{4}", found["date"])
    if yearless and at - now > _FAR:
        try:
            at = at.replace(year=at.year - 1)
        except ValueError:  # the 29th of February
            return Written(*place, None, None, f"“{shown}”: there is no such day.")
    if weekday and found["date"]:
        real = _WEEKDAYS[at.weekday()]
        if not real.startswith(weekday.removeprefix("next ")[:3]):
            trouble = trouble or f"“{shown}”: that day is a {real.capitalize()}."
    if not clock:
        return Written(*place, at.date(), None, trouble)
    return Written(*place, at.date(), at, trouble or _season(found["zone"], at, now))


def _plain(clock: str) -> str:
    return clock.replace(".", ":") if re.fullmatch(r"\d{1,2}\.\d{2}", clock) else clock


def _zone(name: str | None) -> tuple[tzinfo | None, str]:
    if not name:
        return None, ""
    if name in _OFFSETS:
        return timezone(timedelta(hours=_OFFSETS[name]), name), ""
    offset = re.fullmatch(r"(?:UTC|GMT)(?:([+-])(\d{1,2})(?::?(\d{2}))?)?", name)
    if offset is None:
        try:
            made = when.parse(f"2000-01-01 12:00 {name}", datetime(2000, 1, 1, tzinfo=timezone.utc))
        except when.NotATime as problem:
            return None, str(problem)
        return made.tzinfo, ""
    by = timedelta(hours=int(offset[2] or 0), minutes=int(offset[3] or 0))
    if by >= timedelta(hours=24):
        return None, f"“{name}” is no time zone."
    return timezone(-by if offset[1] == "-" else by, name), ""


def _season(name: str | None, at: datetime, now: datetime) -> str:
    """Whether the abbreviation is that of the other half of the year."""
    local = at.astimezone(now.tzinfo).tzname()
    for pair in _PAIRS:
        if name in pair and local in pair and name != local:
            return f"On that day the clocks show {local}, not {name}."
    return ""


def troubles(at: datetime, now: datetime, busy: Sequence[tuple[datetime, datetime, str]]) -> Iterator[tuple[str, str]]:
    """What speaks against a moment as an alternative: pairs of a word (``past``, ``hours``, ``clash``) and a sentence.

    Args:
        at: aware, in the zone that it is written in.
        busy: begin, end (aware) and name of what is in the user's own calendar.
    """
    if when.elapsed(now, at) <= timedelta(0):
        yield "past", "it is over already"
    if at.weekday() >= 5:
        yield "hours", f"it is a {_WEEKDAYS[at.weekday()].capitalize()}"
    elif not WORK_BEGINS <= at.hour < WORK_ENDS:
        yield "hours", "it lies outside working hours"
    end = when.later(at, timedelta(hours=1))
    for begins, ends, name in busy:
        if when.elapsed(begins, end) > timedelta(0) and when.elapsed(at, ends) > timedelta(0):
            yield "clash", f"your calendar has “{name}” then" if name else "your calendar has something then"
            return


__all__ = ["WORK_BEGINS", "WORK_ENDS", "Written", "times_in", "troubles"]
