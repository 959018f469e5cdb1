"""The plan over dates, zones, daylight saving, missed days and clocks that were set back."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core import when
from bowout.core.plan import (
    CLOSE,
    EARLIEST,
    GAPS,
    LATEST,
    LEAD,
    SESSIONS,
    Plan,
    Timetable,
    checked_call,
    checked_prefer,
    fits,
    practised,
    timetable,
    with_call,
)
from bowout.errors import InputError
from bowout.ports import AttemptSummary

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    BERLIN,
    ZoneInfo("America/New_York"),
    ZoneInfo("Pacific/Apia"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("Australia/Lord_Howe"),
    timezone.utc,
)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN)  # a Wednesday


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def told(table: Timetable) -> list[tuple[str, str]]:
    return [(each.kind, f"{each.at:%d %H:%M}") for each in table.ahead]


@pytest.mark.parametrize(
    ("call", "now", "practice", "wanted"),
    [
        # Ten days: three days apart, the last on the day before, and one just before it.
        (at(5, 10, month=12), NOW, [], ["practice 25 18:00", "practice 29 18:00", "practice 04 18:00", "w 05 09:40"]),
        (at(28, 10), NOW, [], ["practice 25 18:00", "practice 26 18:00", "practice 27 18:00", "w 28 09:40"]),
        (at(27, 10), NOW, [], ["practice 25 18:00", "practice 26 18:00", "w 27 09:40"]),
        (at(26, 10), NOW, [], ["practice 25 18:00", "w 26 09:40"]),
        # The same day: one now, one just before it; then one round is all there is time for.
        (at(25, 15), NOW, [], ["practice 25 09:00", "w 25 14:40"]),
        (at(25, 10, 30), NOW, [], ["q 25 09:00"]),
        (at(25, 9, 30), NOW, [], ["q 25 09:00"]),
        (at(25, 9, 1), NOW, [], ["q 25 09:00"]),
        (at(25, 9), NOW, [], []),
        # Late in the evening before: better now than not at all; with another day left, not now.
        (at(26, 10), at(25, 23, 10), [], ["practice 25 23:10", "w 26 09:40"]),
        (at(27, 10), at(25, 23, 10), [], ["practice 26 18:00", "w 27 09:40"]),
        # The preferred hour has passed: now.
        (at(27, 10), at(25, 20), [], ["practice 25 20:00", "practice 26 18:00", "w 27 09:40"]),
        # A session that was done ticks itself off, and the others keep their days.
        (
            at(5, 10, month=12), at(26, 9), [at(25, 18)],
            ["practice 29 18:00", "practice 04 18:00", "w 05 09:40"],
        ),
        # Twice on a day is one session.
        (
            at(5, 10, month=12), at(26, 9), [at(25, 18), at(25, 19)],
            ["practice 29 18:00", "practice 04 18:00", "w 05 09:40"],
        ),
        # A missed day moves what is left …
        (at(5, 10, month=12), at(30, 9), [at(25, 18)], ["practice 30 18:00", "practice 04 18:00", "w 05 09:40"]),
        # … into what time there is.
        (at(28, 10), at(27, 9), [], ["practice 27 18:00", "w 28 09:40"]),
        (at(28, 10), at(28, 8, 45), [], ["q 28 08:45"]),
        (at(28, 10), at(28, 9, 45), [at(25, 18)], ["w 28 09:45"]),
        # Done just before it: nothing is left.
        (at(28, 10), at(28, 9, 50), [at(25, 18), at(28, 9, 42)], []),
        # One that was due is enough for “speak twice” only once it was spoken twice.
        (at(25, 10), at(25, 9, 20), [at(25, 9, 10)], ["q 25 09:20"]),
        (at(25, 10), at(25, 9, 30), [at(25, 9, 10), at(25, 9, 20)], []),
        # A call at night: the session just before it knows no waking hours, the others do.
        (at(27, 0, 10), NOW, [], ["practice 25 18:00", "w 26 23:50"]),
    ],
)  # fmt: skip
def test_what_is_planned(call: datetime, now: datetime, practice: list[datetime], wanted: list[str]) -> None:
    made = Plan(min(now, NOW), call)
    short = {"w": "warm_up", "q": "quick", "practice": "practice"}
    table = timetable(made, practice, now)
    assert told(table) == [(short[kind], rest) for kind, _, rest in (each.partition(" ") for each in wanted)]


def test_what_state_a_plan_is_in() -> None:
    plan = Plan(NOW, at(28, 10))
    assert timetable(plan, [], NOW).state == "open"
    assert timetable(plan, [at(25, 18), at(28, 9, 45)], at(28, 9, 50)).state == "ready"
    over = timetable(plan, [at(25, 18)], at(28, 10))
    assert (over.state, over.ahead, over.done) == ("over", (), (date(2026, 11, 25),))
    called = timetable(plan, [], NOW, called=True)
    assert called.state == "over" and called.next is None
    assert timetable(Plan(NOW), [], NOW, called=True).state == "over"


def test_without_a_date_the_days_lie_further_and_further_apart() -> None:
    plan, done, days, now = Plan(NOW), [], [], NOW
    for _ in range(8):
        session = timetable(plan, done, now).next
        assert session is not None
        days.append((session.at.date() - NOW.date()).days)
        done.append(session.at)
        now = session.at + timedelta(minutes=5)
    assert days == [0, 1, 3, 7, 14, 30, 60, 90]


def test_a_series_waits_and_goes_on_where_it_was() -> None:
    plan, done = Plan(NOW), [at(25, 18), at(26, 18)]
    for now in (at(29, 9), at(30, 9), at(20, 9, month=12)):
        table = timetable(plan, done, now)
        assert table.next is not None and table.next.today(now) and table.next.number == 3
        assert [b.at.date() - a.at.date() for a, b in pairwise(table.ahead)] == [
            timedelta(days=GAPS[2]),
            timedelta(days=GAPS[3]),
        ]


def test_twenty_minutes_are_twenty_minutes_when_the_clocks_go_forward() -> None:
    zone = ZoneInfo("America/Sao_Paulo")  # in that night one o'clock followed midnight
    now = datetime(2018, 11, 3, 9, 0, tzinfo=zone)
    plan = Plan(now, datetime(2018, 11, 4, 1, 30, tzinfo=zone))
    assert [f"{each.at:%d %H:%M}" for each in timetable(plan, [], now).ahead] == ["03 18:00", "04 01:10"]
    plan = Plan(now, datetime(2018, 11, 4, 1, 5, tzinfo=zone))
    last = timetable(plan, [], now).ahead[-1].at
    assert f"{last:%d %H:%M}" == "03 23:45" and when.elapsed(last, plan.call or now) == LEAD


def test_an_hour_that_comes_twice_is_two_hours() -> None:
    """The clocks go back at three: half past two comes two hours before a call at half past three."""
    call = datetime(2026, 10, 25, 3, 30, tzinfo=BERLIN)
    practised_at = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0)
    now = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN, fold=1)
    table = timetable(Plan(practised_at, call), [practised_at], now)
    assert [each.kind for each in table.ahead] == ["warm_up"] and table.spoken == 0
    assert when.elapsed(table.ahead[0].at, call) == LEAD


def test_travel_moves_the_hours_and_not_the_call() -> None:
    plan = Plan(NOW, at(28, 10))
    there = NOW.astimezone(ZoneInfo("America/New_York"))
    table = timetable(plan, [], there)
    assert [(each.kind, f"{each.at:%d %H:%M}") for each in table.ahead] == [
        ("practice", "25 18:00"), ("practice", "26 18:00"), ("practice", "27 18:00"), ("warm_up", "28 03:40"),
    ]  # fmt: skip
    assert table.call == at(28, 10)


def row(started_at: str = "2026-11-25T17:00:00+00:00", **changes: Any) -> AttemptSummary:
    given = {"intent": "withdraw", "score": 80, "drill": "", **changes}
    return AttemptSummary(
        "x", started_at, "s", "S", given["intent"], "live", "typed", given["score"], None, None, 0, False,
        drill=given["drill"],
    )  # fmt: skip


def test_which_attempts_count() -> None:
    assert fits(row()) and fits(row(), "withdraw") and fits(row(score=0))
    assert not fits(row(), "reschedule") and not fits(row(score=None))
    assert fits(row(intent="leave", drill="pace"), "reschedule"), "a drill trains a skill"
    assert practised([row(), row("yesterday"), row("2026-11-25T19:00:00Z")], NOW) == (at(25, 18), at(25, 20))


def test_moving_the_date_keeps_what_was_done_and_a_new_start_does_not() -> None:
    plan = Plan(NOW, at(28, 10), "c", time(19))
    later = at(26, 9)
    assert with_call(plan, at(30, 10), later) == Plan(NOW, at(30, 10), "c", time(19))
    assert with_call(plan, None, later) == Plan(later, None, "", time(19))
    assert with_call(plan, at(2, 9, month=12), at(29, 9)).made == at(29, 9), "the old call is over"
    assert with_call(Plan(NOW), at(30, 10), later).made == later
    assert with_call(None, None, NOW) == Plan(NOW)


def test_what_can_be_planned_for() -> None:
    assert checked_call(at(26, 9), NOW) == at(26, 9)
    for wrong in (NOW, at(24, 9), NOW + timedelta(days=500)):
        with pytest.raises(InputError):
            checked_call(wrong, NOW)
    assert checked_prefer(time(8, 0)) == EARLIEST and checked_prefer(time(22, 0)) == LATEST
    for hour in (time(7, 59), time(22, 1), time(0)):
        with pytest.raises(InputError):
            checked_prefer(hour)


@pytest.mark.parametrize(
    "change",
    [
        {"made": None}, {"made": "yesterday"}, {"made": "2026-11-25T09:00:00"}, {"made": "9999-12-31T23:59:00+00:00"},
        {"call": 5}, {"call": ""}, {"call": "0001-01-01T00:00:00+14:00"}, {"case": None}, {"case": "x" * 101},
        {"case": "a\u202eb"}, {"case": "\ud800"}, {"prefer": "25:00"}, {"prefer": 18}, {"prefer": "03:00"},
    ],
)  # fmt: skip
def test_a_hostile_plan_is_a_sentence(change: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Plan.from_json({**Plan(NOW, at(28, 10)).as_json(), **change})
    with pytest.raises(InputError):
        Plan.from_json([])


# Properties.

zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda d: d.replace(tzinfo=timezone.utc))
spans = st.one_of(
    st.integers(1, 60 * 24 * 3).map(lambda m: timedelta(minutes=m)), st.integers(1, 60).map(lambda d: timedelta(days=d))
)
hours = st.times(EARLIEST, LATEST).map(lambda t: t.replace(second=0, microsecond=0))
attempts = st.lists(st.integers(-60 * 24 * 20, 60 * 24 * 20).map(lambda m: timedelta(minutes=m)), max_size=8)


def sound(table: Timetable, plan: Plan, now: datetime) -> None:
    """What holds of every timetable."""
    at_ = [each.at for each in table.ahead]
    assert all(when.elapsed(now, each) >= timedelta(0) for each in at_), "nothing is late"
    assert all(b.timestamp() > a.timestamp() for a, b in pairwise(at_)), "in order"
    assert all(each.tzinfo is now.tzinfo for each in at_)
    assert all(each.astimezone(timezone.utc).astimezone(now.tzinfo) == each for each in at_), "a time there is"
    practice = [each for each in table.ahead if each.kind == "practice"]
    assert len({each.at.date() for each in practice}) == len(practice), "different days"
    assert [each.number for each in table.ahead] == list(
        range(len(table.done) + 1, len(table.done) + 1 + len(table.ahead))
    )
    for each in practice:
        assert each.at == now or EARLIEST <= each.at.time() <= time(LATEST.hour + 1), "waking hours, or now"
    if plan.call is None:
        assert table.state == "open" and len(practice) == 3
        return
    assert len(practice) + len(table.done) <= SESSIONS or len(practice) == 0
    assert all(when.elapsed(each, plan.call) > timedelta(0) for each in at_), "before the call"
    left = when.elapsed(now, plan.call)
    assert (table.state == "over") == (left <= timedelta(0))
    if timedelta(0) < left <= CLOSE:
        assert len(table.ahead) <= 1 and not practice
    if left > CLOSE:
        last = table.ahead[-1]
        assert last.kind == "warm_up" and when.elapsed(last.at, plan.call) == LEAD


@settings(max_examples=300, deadline=None)
@given(moments, spans, st.booleans(), hours, attempts, st.integers(-60 * 24 * 40, 60 * 24 * 70), zones, zones)
def test_every_timetable_is_sound(
    made: datetime,
    span: timedelta,
    dated: bool,
    prefer: time,
    history: list[timedelta],
    later: int,
    home: ZoneInfo,
    away: ZoneInfo,
) -> None:
    """Any clock, also one that was set back or forward; any zone; any history, some of it dated after now."""
    plan = Plan(made.astimezone(home), (made + span).astimezone(home) if dated else None, prefer=prefer)
    now = (made + timedelta(minutes=later)).astimezone(away)
    table = timetable(plan, [(made + each).astimezone(home) for each in history], now)
    sound(table, plan, now)
    assert timetable(plan, [(made + each).astimezone(away) for each in reversed(history)], now) == table
    assert Plan.from_json(json.loads(json.dumps(plan.as_json()))) == plan
    if table.next is not None and plan.call is None:
        longest = timedelta(days=max(GAPS) + 1)
        assert when.elapsed(now, table.next.at) <= longest, "a clock that was set back puts nothing off"


@settings(max_examples=150, deadline=None)
@given(moments, st.integers(1, 40), hours, st.lists(st.integers(0, 6), max_size=6), zones)
def test_whoever_does_the_next_session_comes_to_the_end(
    made: datetime, days: int, prefer: time, waits: list[int], zone: ZoneInfo
) -> None:
    """Do what is next, each after so many missed days: never more than three days and one just before the call, all
    of them on days of their own, and after the last one all is done."""
    plan = Plan(made.astimezone(zone), (made + timedelta(days=days)).astimezone(zone), prefer=prefer)
    call = plan.call
    assert call is not None
    now, done, kinds = plan.made, [], []
    for number in range(12):
        table = timetable(plan, done, now)
        sound(table, plan, now)
        if table.next is None:
            break
        moved = when.later(table.next.at, timedelta(days=waits[number] if number < len(waits) else 0))
        # Missing the last one would miss the call.
        moved = table.next.at if when.elapsed(moved, call) <= timedelta(0) else moved
        now = max(moved, now, key=datetime.timestamp)
        session = timetable(plan, done, now).next
        assert session is not None
        now = max(session.at, now, key=datetime.timestamp)
        done.append(now)
        kinds.append(session.kind)
    assert timetable(plan, done, now).state == "ready"
    assert kinds.count("practice") <= SESSIONS
    assert kinds[-1] in ("warm_up", "quick") and 1 <= len(kinds) <= SESSIONS + 2
