"""When to practise until the real call: three short sessions on different days, and one just before it.

What is known of practice: spreading it over days helps much, the exact schedule little. So the days are spread evenly,
a day that was missed moves what is left, and nothing is ever “late”. Less time gives a shorter plan; in the last
``CLOSE`` before a call that was not practised yet it is “read once, speak twice, send”. Without a date the sessions
come after 1, 3, 7, 14 and 30 days, then every 30.

Nothing is booked: what is done is read off the history each time. Days are those of the zone of ``now``, where the user
is; time that passes is counted through UTC. A clock that was set back puts nothing off: what the history dates after
``now`` counts as of now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Literal

from bowout.core import when
from bowout.core.moments import spoken_day
from bowout.core.takes import Take, moment
from bowout.errors import InputError

SCHEMA = 1
SESSIONS = 3
"""Days of practice before the call."""
LEAD = timedelta(minutes=20)
"""The last session begins so long before the call, and takes five minutes."""
CLOSE = timedelta(minutes=90)
"""So near to the call there is time for one round, and none to come back on another day."""
NEEDS = timedelta(minutes=30)
"""What “read once, speak twice, send” takes: a call that is due at once is planned for so much later."""
SPEAK = 2
"""How often it is spoken then."""
GAPS = (1, 2, 4, 7, 16, 30)
"""Days between sessions where there is no date: after the first, the second …; the last one again and again."""
SHOWN = 3
"""Sessions that are shown of a series without an end."""
EARLIEST, LATEST = time(8, 0), time(22, 0)
"""Waking hours. The session just before a call knows none: whoever calls then is awake."""
PREFERRED = time(18, 0)
"""When most people are free."""
LENGTH = timedelta(minutes=10)
"""What a calendar sets aside for a session."""
FARTHEST = timedelta(days=400)
"""Calls beyond are not planned for."""
_YEARS = range(2000, 2200)

Kind = Literal["practice", "warm_up", "quick"]
State = Literal["open", "ready", "over"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the user wants. All moments are aware."""

    made: datetime
    call: datetime | None = None
    """The real call; ``None`` = no date."""
    case: str = ""
    """The id of the user's own case that it is for."""
    prefer: time = PREFERRED
    """The time of day, on the clock of wherever the user is."""

    def as_json(self) -> dict[str, Any]:
        """Schema 1. The moments keep their zone (RFC 9557)."""
        return {
            "schema": SCHEMA,
            "made": when.kept(self.made),
            "call": None if self.call is None else when.kept(self.call),
            "case": self.case,
            "prefer": f"{self.prefer:%H:%M}",
        }

    @classmethod
    def from_json(cls, value: Any) -> Plan:
        """Raises ``InputError``."""
        if not isinstance(value, Mapping):
            raise InputError("A plan is an object.")
        made = _moment(value.get("made"), "made")
        call = value.get("call")
        case = value.get("case", "")
        if not isinstance(case, str) or len(case) > 100 or not (case.isascii() and case.isprintable()):
            raise InputError("“case” of the plan is no id.")
        return cls(made, None if call is None else _moment(call, "call"), case, _prefer(value.get("prefer")))


@dataclass(frozen=True, slots=True)
class Session:
    """One session that is still to come."""

    kind: Kind
    number: int
    """From 1, those that are done included."""
    at: datetime
    """In the zone of ``now``; never before it."""
    last: bool = False
    """The last one on a day before the call."""

    def today(self, now: datetime) -> bool:
        return self.at.date() <= now.date()

    def day(self, now: datetime) -> str:
        """“today”, “tomorrow”, “Friday”."""
        return spoken_day(self.at, now)

    def when(self, now: datetime) -> str:
        """The day with its time of day, or “now”."""
        return "now" if when.elapsed(now, self.at) < timedelta(minutes=1) else when.spoken_here(self.at, now)


@dataclass(frozen=True, slots=True)
class Timetable:
    """What is done of a plan and what is to come, at one moment."""

    call: datetime | None
    """In the zone of ``now``."""
    state: State
    """``ready``: all is done, and the call is to come. ``over``: it was made, or its time has passed."""
    done: tuple[date, ...]
    """Days on which a session was done."""
    ahead: tuple[Session, ...]
    spoken: int = 0
    """How often it was spoken in the last ``CLOSE``."""

    @property
    def next(self) -> Session | None:
        return self.ahead[0] if self.ahead else None


def fits(take: Take, intent: str = "") -> bool:
    """Whether an attempt counts as a session: it was marked, and it was a drill or a call of the plan's intent (of any,
    where the plan is for no case)."""
    return take.score is not None and (not intent or bool(take.drill) or take.intent == intent)


def practised(takes: Iterable[Take], now: datetime, intent: str = "") -> tuple[datetime, ...]:
    """When what counts as practice began, in the zone of ``now``."""
    return tuple(at for take in takes if fits(take, intent) and (at := moment(take.started_at, now)) is not None)


def timetable(plan: Plan, practice: Iterable[datetime], now: datetime, *, called: bool = False) -> Timetable:
    """What is done and what is next.

    Args:
        practice: beginnings of the attempts that count, aware, in any order.
        now: aware.
        called: the real call has been made, so that there is nothing left to practise for.
    """
    begun = _earlier(plan.made, now).astimezone(now.tzinfo).date()
    times = [_earlier(at, now).astimezone(now.tzinfo) for at in practice]
    times = [at for at in times if at.date() >= begun]
    if called:
        return Timetable(plan.call and plan.call.astimezone(now.tzinfo), "over", _days(times), ())
    if plan.call is None:
        return _series(begun, plan.prefer, _days(times), now)
    call = plan.call.astimezone(now.tzinfo)
    if when.elapsed(now, call) <= timedelta(0):
        return Timetable(call, "over", _days(times), ())
    close = when.later(call, -CLOSE)
    early = _days(at for at in times if _before(at, close))
    spoken = sum(1 for at in times if not _before(at, close))
    warm_up = when.later(call, -LEAD)
    if not _before(now, close) and not early:
        quick = () if spoken >= SPEAK else (Session("quick", 1, now),)
        return Timetable(call, "open" if quick else "ready", early, quick, spoken)
    days = _days_ahead(begun, warm_up.date(), early, now) if _before(now, close) else []
    ahead = [
        Session("practice", number, _slot(day, plan.prefer, now, warm_up.date()), last=day == days[-1] and number > 1)
        for number, day in enumerate(days, len(early) + 1)
    ]
    if not spoken:
        ahead.append(Session("warm_up", len(early) + len(days) + 1, _later_of(warm_up, now)))
    return Timetable(call, "open" if ahead else "ready", early, tuple(ahead), spoken)


def _series(begun: date, prefer: time, done: tuple[date, ...], now: datetime) -> Timetable:
    day = max(begun if not done else done[-1] + _gap(len(done)), _first_free(done, now))
    ahead = []
    for number in range(len(done) + 1, len(done) + 1 + SHOWN):
        ahead.append(Session("practice", number, _slot(day, prefer, now)))
        day += _gap(number)
    return Timetable(None, "open", done, tuple(ahead))


def _gap(done: int) -> timedelta:
    """After so many sessions."""
    return timedelta(days=GAPS[min(done, len(GAPS)) - 1])


def _days_ahead(begun: date, call_day: date, done: Sequence[date], now: datetime) -> list[date]:
    """Days of the sessions that are left, each before the day of the last one.

    The days were spread once, over the time from the beginning; one that went by takes the first day that is free, and
    pushes the others on. Where none is left and nothing was done, today has to do.
    """
    last = call_day - timedelta(days=1)
    free = _first_free(done, now)
    if free > last and now.date() <= last and now.date() not in done:
        free = now.date()  # late in the evening before the call: better now than not at all
    days: list[date] = []
    for wanted in _spread(begun, last, SESSIONS)[len(done) :]:
        day = max(wanted, free)
        if day > last:
            break
        days.append(day)
        free = day + timedelta(days=1)
    return days or ([] if done else [now.date()])


def _spread(first: date, last: date, most: int) -> list[date]:
    """At most so many days from the first to the last, evenly."""
    span = (last - first).days
    count = max(0, min(most, span + 1))
    return [first + timedelta(days=round(n * span / max(1, count - 1))) for n in range(count)]


def _first_free(done: Sequence[date], now: datetime) -> date:
    """Today, or tomorrow where today is done or nearly over."""
    today = now.date()
    return today + timedelta(days=1) if today in done or now.time() > LATEST else today


def _slot(day: date, prefer: time, now: datetime, call_day: date | None = None) -> datetime:
    """The preferred time on that day, or now where it has passed; on the day of the call itself now."""
    if day == call_day:
        return now
    at = datetime.combine(day, prefer, tzinfo=now.tzinfo)
    # An hour that the clocks leave out comes back from UTC as the one after it.
    return _later_of(at.astimezone(timezone.utc).astimezone(now.tzinfo), now)


def _days(times: Iterable[datetime]) -> tuple[date, ...]:
    return tuple(sorted({at.date() for at in times}))


def _before(one: datetime, other: datetime) -> bool:
    """In time that passes: two times of one zone would be compared by what the clock shows."""
    return one.timestamp() < other.timestamp()


def _earlier(one: datetime, other: datetime) -> datetime:
    return min(one, other, key=datetime.timestamp)


def _later_of(one: datetime, other: datetime) -> datetime:
    return max(one, other, key=datetime.timestamp)


def with_call(plan: Plan | None, call: datetime | None, now: datetime) -> Plan:
    """The plan with another date, or a new one. What was practised for a date that is only moved still counts; without
    a date it is for no case."""
    if plan is None:
        return Plan(now, call)
    moved = plan.call is not None and call is not None and when.elapsed(now, plan.call) > timedelta(0)
    return replace(plan, made=plan.made if moved else now, call=call, case=plan.case if call is not None else "")


def checked_call(at: datetime, now: datetime) -> datetime:
    """A moment that can be planned for. Raises ``InputError``."""
    if when.elapsed(now, at) <= timedelta(0):
        raise InputError(f"That is over: {when.spoken_here(at, now)}.", "Give a time that is still to come.")
    if when.elapsed(now, at) > FARTHEST:
        raise InputError("That is more than a year ahead.", "Plan without a date for now.")
    return at


def checked_prefer(at: time) -> time:
    """A time of day within waking hours. Raises ``InputError``."""
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    if not EARLIEST <= at <= LATEST:
        raise InputError(f"{at:%H:%M} is no hour to practise.", f"Take one from {EARLIEST:%H:%M} to {LATEST:%H:%M}.")
    return at


def _prefer(value: Any) -> time:
    if value is None:
        return PREFERRED
    try:
        return checked_prefer(time.fromisoformat(value))
    except (TypeError, ValueError):
        raise InputError("“prefer” of the plan is no time of day such as 18:00.") from None


def _moment(value: Any, name: str) -> datetime:
    try:
        at = when.restored(value)
        if at.year not in _YEARS:
            raise ValueError("out of range")
    except (TypeError, ValueError, AttributeError, OverflowError):
        raise InputError(f"“{name}” of the plan is no moment with its offset from UTC.") from None
    return at


__all__ = [
    "CLOSE", "EARLIEST", "FARTHEST", "GAPS", "LATEST", "LEAD", "LENGTH", "NEEDS", "PREFERRED", "SCHEMA", "SESSIONS",
    "SPEAK", "Plan", "Session", "Timetable", "checked_call", "checked_prefer", "fits", "practised",
    "timetable", "with_call",
]  # fmt: skip
