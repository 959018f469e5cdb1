"""Days and times as people type them: “tomorrow 3 pm”, “Friday 10:30”, “27 November 14:00 Europe/London”.

All arithmetic between two moments goes through UTC: two times of one zone differ by what the clocks on the wall show,
and not by the hours that pass, on the days on which the clocks are changed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bowout.core import moments
from bowout.core.document import shown

EXAMPLES = "“today 3 pm”, “tomorrow 9:30”, “Friday 10:00”, “27 November 14:00” or “2026-11-27 14:00 Europe/London”"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_DAY = (
    r"(?P<named>today|tomorrow|yesterday|(?:the )?day after tomorrow)"
    r"|(?:(?P<which>next|last) )?(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|in (?P<ahead>\d{1,3}|an?|one|two|three|four) (?P<ahead_unit>days?|work(?:ing )?days?|weeks?)"
    r"|(?P<back>\d{1,3}) (?P<back_unit>days?|work(?:ing )?days?) ago"
    r"|(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    rf"|(?:the )?(?P<day_a>\d{{1,2}})(?:st|nd|rd|th)?\.?(?: of)? (?P<month_a>{_MONTH})(?:,? (?P<year_a>\d{{4}}))?"
    rf"|(?P<month_b>{_MONTH}) (?:the )?(?P<day_b>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year_b>\d{{4}}))?"
    r"|(?P<day_c>\d{1,2})\. ?(?P<month_c>\d{1,2})\.(?: ?(?P<year_c>\d{4}))?"
    r"|(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<year_d>\d{4}))?"
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_CLOCK = r"(?P<noon>noon)|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?P<half> ?[ap]\.?m\.?)?"
_FORM = re.compile(rf"(?:{_DAY})(?:,| at|, at|t)? ?(?:{_CLOCK})", re.IGNORECASE)
_NO_CLOCK = re.compile(_DAY, re.IGNORECASE)
_BARE = re.compile(rf"(?:at )?(?:{_CLOCK})", re.IGNORECASE)
_SPAN = r"(?P<number>\d{1,3}|an?|half an) (?P<unit>min(?:ute)?s?|h(?:ou)?rs?)"
_FROM_NOW = re.compile(rf"in {_SPAN}|{_SPAN.replace('P<', 'P<back_')} ago", re.IGNORECASE)
_ZONE = re.compile(r"^(.*\S)\s+\(?((?:[A-Za-z_]+/[A-Za-z_/+-]+)|UTC|GMT)\)?$")


class NotATime(ValueError):
    """A text that is no time that could be meant. Its message is a sentence for whoever typed it."""


def parse(text: str, now: datetime, *, past: bool = False, today: bool = False) -> datetime:
    """The moment that is meant, aware, in the zone that was typed, else in the zone of ``now``.

    Args:
        text: as typed.
        now: aware; its zone should know when the clocks change.
        past: a weekday or a date without a year is the last one, not the next one.
        today: a time of day alone is meant today; else it is no time, for nobody knows which day is meant.

    Raises:
        NotATime: nothing like a time, a day that does not exist, or an hour that the clocks leave out.
    """
    plain, zone = _zoned(" ".join(text.split()))
    here = now.astimezone(zone) if zone is not None else now
    span = _FROM_NOW.fullmatch(plain)
    if span is not None:
        return later(here, _span(span)).replace(second=0, microsecond=0)
    if today and _BARE.fullmatch(plain):
        plain = f"today {plain}"
    if _NO_CLOCK.fullmatch(plain):
        raise NotATime(f"“{shown(text)}”: at what time of day? Such as “{shown(plain)} 10:00”.")
    found = _FORM.fullmatch(plain)
    if found is None:
        raise NotATime(f"“{shown(text)}” is no time that is known here. Write it like {EXAMPLES}.")
    at = _clock(found, text)
    try:
        day = _day(found, here, at, past)
    except NotATime:  # a ``ValueError``, too
        raise
    except (ValueError, OverflowError):
        raise NotATime(f"“{shown(text)}”: there is no such day.") from None
    made = datetime.combine(day, at, tzinfo=here.tzinfo)
    # An hour that the clocks leave out does not come back from UTC as it went.
    back = made.astimezone(timezone.utc).astimezone(made.tzinfo)
    if (back.hour, back.minute) != (made.hour, made.minute):
        raise NotATime(f"On that day there is no {at:%H:%M}: the clocks go forward. Take another hour.")
    return made


def kept(moment: datetime) -> str:
    """A moment as text that keeps its zone (RFC 9557): ``2026-11-27T14:00:00+00:00[Europe/London]``."""
    zone = moment.tzinfo
    return moment.isoformat() + (f"[{zone.key}]" if isinstance(zone, ZoneInfo) else "")


def restored(text: str) -> datetime:
    """The moment that ``kept`` wrote, also without the zone's name; aware. Raises ``ValueError``."""
    iso, bracket, name = text.partition("[")
    made = datetime.fromisoformat(iso)
    if made.tzinfo is None:
        raise ValueError(f"no offset from UTC in {text!r}")
    if not bracket:
        return made
    try:
        return made.astimezone(ZoneInfo(name.rstrip("]")))
    except (ZoneInfoNotFoundError, OSError):
        return made  # this machine knows no such zone; the moment itself holds


def elapsed(start: datetime, end: datetime) -> timedelta:
    """The time that passes between two aware moments, whatever their zones do meanwhile."""
    return end.astimezone(timezone.utc) - start.astimezone(timezone.utc)


def later(start: datetime, by: timedelta) -> datetime:
    """The moment at which so much time has passed, in the zone of ``start``."""
    return (start.astimezone(timezone.utc) + by).astimezone(start.tzinfo)


def end_of_day(moment: datetime) -> datetime:
    """The last minute of its day, in its zone."""
    return datetime.combine(moment.date(), time(23, 59), tzinfo=moment.tzinfo)


def spoken(moment: datetime, now: datetime) -> str:
    """“tomorrow at 3 pm”, with the days counted in the moment's own zone."""
    return moments.spoken(moment, now.astimezone(moment.tzinfo))


def spoken_here(moment: datetime, now: datetime) -> str:
    """The same in the zone of ``now``: for what the user has to do."""
    return moments.spoken(moment.astimezone(now.tzinfo), now)


def left(now: datetime, moment: datetime) -> str:
    """“in 3 hours”, “in 2 days”, “20 minutes ago”."""
    seconds = elapsed(now, moment).total_seconds()
    minutes = round(abs(seconds) / 60)
    if minutes < 1:
        return "now"
    if minutes < 90:
        number, unit = minutes, "minute"
    elif minutes < 48 * 60:
        number, unit = minutes // 60, "hour"
    else:
        number, unit = minutes // (24 * 60), "day"
    told = f"{number} {unit}{'' if number == 1 else 's'}"
    return f"in {told}" if seconds > 0 else f"{told} ago"


def _zoned(text: str) -> tuple[str, tzinfo | None]:
    found = _ZONE.fullmatch(text)
    if found is None:
        return text, None
    name = {"GMT": "UTC"}.get(found[2], found[2])
    if name == "UTC":
        return found[1], timezone.utc
    try:
        return found[1], ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotATime(f"“{shown(found[2])}” is no time zone that is known here, such as Europe/London.") from None


def _span(found: re.Match[str]) -> timedelta:
    """“in 30 minutes”, “2 hours ago”, “half an hour ago”."""
    number, unit = (found["number"], found["unit"]) if found["unit"] else (found["back_number"], found["back_unit"])
    minutes = {"a": 60, "an": 60, "half an": 30}.get(number.lower()) or int(number) * 60
    made = timedelta(minutes=minutes if unit.lower().startswith("h") else minutes / 60)
    return made if found["unit"] else -made


def _clock(found: re.Match[str], text: str) -> time:
    if found["noon"]:
        return time(12, 0)
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        if not 1 <= hour <= 12:
            raise NotATime(f"“{shown(text)}”: with am or pm the hour is from 1 to 12.")
        hour = hour % 12 + (12 if "p" in half.lower() else 0)
    elif found["minute"] is None:
        pm = f" or “{hour} pm”" if 1 <= hour <= 12 else ""
        raise NotATime(f"“{shown(text)}”: say “{hour}:00”{pm}, so that it is clear which hour is meant.")
    if hour > 23 or minute > 59:
        raise NotATime(f"“{shown(text)}”: there is no such time of day.")
    return time(hour, minute)


def _day(found: re.Match[str], here: datetime, at: time, past: bool) -> date:
    today = here.date()
    if found["named"]:
        named = found["named"].lower().removeprefix("the ")
        return today + timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1, "day after tomorrow": 2}[named])
    if found["weekday"]:
        name = found["weekday"].lower()[:3]
        wanted = next(n for n, day in enumerate(_WEEKDAYS) if day.startswith(name))
        ahead = (wanted - today.weekday()) % 7
        which = (found["which"] or "").lower()
        if which == "last" or (past and which != "next"):
            return today - timedelta(days=(today.weekday() - wanted) % 7 or (7 if which or at > here.time() else 0))
        return today + timedelta(days=ahead or (7 if which == "next" or at <= here.time() else 0))
    if found["ahead"]:
        number, unit = found["ahead"].lower(), found["ahead_unit"].lower()
        days = _NUMBERS.get(number) or int(number)
        return moments.Moment(days * (7 if unit.startswith("week") else 1), unit.startswith("work"), at).on(here).date()
    if found["back"]:
        return moments.Moment(-int(found["back"]), found["back_unit"].startswith("work"), at).on(here).date()
    if found["year"]:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    number, month, year = _numbered(found)
    if year:
        return date(int(year), month, number)
    made = date(today.year, month, number)
    if past:
        return made if made <= today else date(today.year - 1, month, number)
    return made if made >= today else date(today.year + 1, month, number)


def _numbered(found: re.Match[str]) -> tuple[int, int, str | None]:
    """Day, month, and the year as it was typed. Of two numbers with a stroke between them nobody knows which is the
    month, but where one can be none."""
    if found["one"]:
        one, other, year = int(found["one"]), int(found["other"]), found["year_d"]
        if one <= 12 and other <= 12 and one != other:
            days = " or ".join(f"{day} {_MONTH_NAMES[month - 1]}" for day, month in ((other, one), (one, other)))
            raise NotATime(f"“{found['one']}/{found['other']}”: {days}? Write the month as a word.")
        return (one, other, year) if one > 12 else (other, one, year)
    if found["day_c"]:
        return int(found["day_c"]), int(found["month_c"]), found["year_c"]
    side = "a" if found["day_a"] else "b"
    month = _MONTHS.index(found[f"month_{side}"].lower()[:3]) + 1
    return int(found[f"day_{side}"]), month, found[f"year_{side}"]


__all__ = [
    "EXAMPLES",
    "NotATime",
    "elapsed",
    "end_of_day",
    "kept",
    "later",
    "left",
    "parse",
    "restored",
    "spoken",
    "spoken_here",
]
