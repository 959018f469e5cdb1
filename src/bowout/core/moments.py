"""Days and times that are told relative to “now”, so that a scenario never ages.

Written ``today 15:00``, ``tomorrow 09:30``, ``+3 days 10:00``, ``+2 workdays 14:00``, ``-1 days 11:00``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_FORM = re.compile(r"(today|tomorrow|yesterday|([+-]\d{1,3}) (days?|workdays?)) (\d{1,2}):(\d{2})")
FORMS = "“today 15:00”, “tomorrow 09:30”, “+3 days 10:00” or “+2 workdays 14:00”"
_NAMED = {"today": 0, "tomorrow": 1, "yesterday": -1}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time relative to the day on which the scenario is opened."""

    days: int
    workdays: bool
    """Count Monday to Friday only."""
    time: time

    def on(self, now: datetime) -> datetime:
        """The moment itself, in the zone of ``now``."""
        return datetime.combine(_shift(now.date(), self.days, self.workdays), self.time, tzinfo=now.tzinfo)


def parse(text: str) -> Moment | None:
    """``None`` if the text has none of the known forms."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    word, number, unit, hour, minute = match.groups()
    if int(hour) > 23 or int(minute) > 59:
        return None
    days = _NAMED[word] if number is None else int(number)
    return Moment(days, unit is not None and unit.startswith("workday"), time(int(hour), int(minute)))


def _shift(day: date, days: int, workdays: bool) -> date:
    if not workdays:
        return day + timedelta(days=days)
    step = 1 if days > 0 else -1
    left = abs(days)
    while left:
        day += timedelta(days=step)
        if day.weekday() < 5:
            left -= 1
    return day


def spoken_time(moment: datetime) -> str:
    """“3 pm”, “10:30 am”, “noon”."""
    hour, minute = moment.hour, moment.minute
    if (hour, minute) == (12, 0):
        return "noon"
    half = "am" if hour < 12 else "pm"
    return f"{hour % 12 or 12}{f':{minute:02d}' if minute else ''} {half}"


def spoken_day(moment: datetime, now: datetime) -> str:
    """“today”, “tomorrow”, a weekday within the week, else “the 14th of March”."""
    days = (moment.date() - now.date()).days
    if days in (0, 1, -1):
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    if 1 < days < 7:
        return _WEEKDAYS[moment.weekday()]
    if -7 < days < -1:
        return f"last {_WEEKDAYS[moment.weekday()]}"
    number = moment.day
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"the {number}{ending} of {_MONTHS[moment.month - 1]}"


def spoken(moment: datetime, now: datetime) -> str:
    """“today at 3 pm”, “Friday at 10 am”."""
    return f"{spoken_day(moment, now)} at {spoken_time(moment)}"


def written(moment: datetime) -> str:
    """“Friday 27 November, 10 am”: a date that is still clear when the message is read on another day."""
    return f"{_WEEKDAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}, {spoken_time(moment)}"
