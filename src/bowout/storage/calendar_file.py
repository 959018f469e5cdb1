"""The user's own calendar file, read for clashes; new entries, written for any calendar program to open."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from bowout.core.messages.entries import Entry
from bowout.core.safety import printable
from bowout.core.writing_check import Busy
from bowout.errors import InputError

MOST_BYTES = 32 * 1024 * 1024
"""Of a calendar file; ten years of a busy one have about 5 MB."""
LENGTH = timedelta(hours=1)
"""How long an alternative must be free."""
_LONGEST_NAME = 60
_SPACE = uuid.UUID("6d2b7cf6-9f0c-4f5b-9a3b-0f0f2a8f7b11")


def busy(path: Path, moments: Sequence[datetime]) -> list[Busy]:
    """What the calendar has in the hour after each moment, repeated events included; what is free or cancelled is not.

    Times without a zone are meant in the zone of ``moments``. Raises ``InputError``: it can't be read.
    """
    from recurring_ical_events import of

    calendar = _read(path)
    found: dict[tuple[datetime, datetime, str], None] = {}
    for moment in moments:
        try:
            events = of(calendar, skip_bad_series=True).between(moment, _later(moment, LENGTH))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise InputError(f"{path} can't be understood: {error}.", "Export the calendar once more.") from error
        for event in events:
            if (
                str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
                or str(event.get("STATUS", "")).upper() == "CANCELLED"
            ):
                continue
            begins, ends = _aware(event.start, moment), _aware(event.end, moment)
            name = printable(" ".join(str(event.get("SUMMARY", "")).split()))
            found[begins, ends, name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"] = None
    return list(found)


def _later(moment: datetime, by: timedelta) -> datetime:
    return (moment.astimezone(timezone.utc) + by).astimezone(moment.tzinfo)


def _aware(value: Any, like: datetime) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=like.tzinfo)
    assert isinstance(value, date)
    return datetime.combine(value, time(), tzinfo=like.tzinfo)  # a whole day


def _read(path: Path) -> Any:
    from icalendar import Calendar

    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"The calendar file {path} can't be read: {error.strerror}.", "Name another one in the settings (F2)."
        ) from error
    if len(data) > MOST_BYTES:
        raise InputError(f"{path} is larger than {MOST_BYTES // 2**20} MB.", "Export a shorter span of time.")
    try:
        return Calendar.from_ical(data)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise InputError(f"{path} is no calendar file (.ics).", "Export the calendar once more.") from error


def written(entries: Sequence[Entry], now: datetime) -> bytes:
    """The entries as an iCalendar file (RFC 5545) in UTC, with alarms. Importing it twice makes nothing twice."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Bow Out//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        begins = entry.begins.astimezone(timezone.utc)
        event.add("uid", f"{uuid.uuid5(_SPACE, f'{entry.id} {entry.title} {begins.isoformat()}')}@bowout")
        event.add("dtstamp", now.astimezone(timezone.utc))
        event.add("dtstart", begins)
        event.add("dtend", begins + entry.lasts)
        event.add("summary", " ".join(entry.title.split()))
        event.add("description", entry.note)
        event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
        for before in entry.alarms:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", " ".join(entry.title.split()))
            alarm.add("trigger", -before)
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


__all__ = ["LENGTH", "MOST_BYTES", "busy", "written"]
