"""Relative days and times, said as people say them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core import moments

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "spoken", "written"),
    [
        ("today 15:00", "today at 3 pm", "Wednesday 25 November, 3 pm"),
        ("tomorrow 09:30", "tomorrow at 9:30 am", "Thursday 26 November, 9:30 am"),
        ("+2 days 12:00", "Friday at noon", "Friday 27 November, noon"),
        ("+3 workdays 10:00", "Monday at 10 am", "Monday 30 November, 10 am"),
        ("+8 days 00:15", "the 3rd of December at 12:15 am", "Thursday 3 December, 12:15 am"),
        ("-1 days 11:00", "yesterday at 11 am", "Tuesday 24 November, 11 am"),
        ("-2 workdays 11:00", "last Monday at 11 am", "Monday 23 November, 11 am"),
    ],
)
def test_forms(text: str, spoken: str, written: str) -> None:
    moment = moments.parse(text)
    assert moment is not None
    at = moment.on(WEDNESDAY)
    assert moments.spoken(at, WEDNESDAY) == spoken
    assert moments.written(at) == written


@pytest.mark.parametrize(
    "text", ["", "soon", "today", "today 25:00", "+2 weeks 10:00", "today 9", "10:30", "today 10:75"]
)
def test_what_is_not_a_time(text: str) -> None:
    assert moments.parse(text) is None


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(1, 200))
def test_workdays_never_fall_on_a_weekend(now: datetime, days: int) -> None:
    moment = moments.parse(f"+{days} workdays 10:00")
    assert moment is not None
    at = moment.on(now.replace(tzinfo=timezone.utc))
    assert at.weekday() < 5
    assert at.date() > now.date()


@pytest.mark.parametrize(
    ("day", "ending"), [(1, "st"), (2, "nd"), (3, "rd"), (4, "th"), (11, "th"), (13, "th"), (22, "nd")]
)
def test_ordinals(day: int, ending: str) -> None:
    at = datetime(2027, 1, day, 10, tzinfo=timezone.utc)
    assert moments.spoken_day(at, WEDNESDAY) == f"the {day}{ending} of January"
