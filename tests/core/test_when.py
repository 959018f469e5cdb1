"""Times as people type them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core import when
from bowout.local_time import LocalZone

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("today 3 pm", (11, 25, 15, 0)),
        ("Today at 15:30", (11, 25, 15, 30)),
        ("tomorrow 9.30", (11, 26, 9, 30)),
        ("tomorrow noon", (11, 26, 12, 0)),
        ("tomorrow 12 am", (11, 26, 0, 0)),
        ("Friday 10:00", (11, 27, 10, 0)),
        ("fri, 10 am", (11, 27, 10, 0)),
        ("Wednesday 8:00", (12, 2, 8, 0)),
        ("Wednesday 10:00", (11, 25, 10, 0)),
        ("next Wednesday 10:00", (12, 2, 10, 0)),
        ("in 2 days 14:00", (11, 27, 14, 0)),
        ("in 3 workdays 14:00", (11, 30, 14, 0)),
        ("in 2 weeks, 10:00", (12, 9, 10, 0)),
        ("in a week at 10 am", (12, 2, 10, 0)),
        ("27 November 14:00", (11, 27, 14, 0)),
        ("the 27th of November at 2pm", (11, 27, 14, 0)),
        ("Nov 27, 14:00", (11, 27, 14, 0)),
        ("2026-12-01 09:15", (12, 1, 9, 15)),
        ("2026-12-01T09:15", (12, 1, 9, 15)),
        ("day after tomorrow 10:00", (11, 27, 10, 0)),
        ("the day after tomorrow at 3 pm", (11, 27, 15, 0)),
        ("in 30 minutes", (11, 25, 9, 30)),
        ("in 2 hours", (11, 25, 11, 0)),
        ("2 hours ago", (11, 25, 7, 0)),
        ("an hour ago", (11, 25, 8, 0)),
        ("half an hour ago", (11, 25, 8, 30)),
        ("90 min ago", (11, 25, 7, 30)),
    ],
)
def test_what_is_understood(typed: str, wanted: tuple[int, int, int, int]) -> None:
    at = when.parse(typed, NOW)
    assert (at.month, at.day, at.hour, at.minute) == wanted
    assert at.tzinfo is BERLIN


@pytest.mark.parametrize(
    ("typed", "wanted"), [("15:00", (15, 0)), ("at 3pm", (15, 0)), ("8.30", (8, 30)), ("noon", (12, 0))]
)
def test_a_time_of_day_alone_is_today_only_where_that_is_meant(typed: str, wanted: tuple[int, int]) -> None:
    at = when.parse(typed, NOW, today=True)
    assert (at.date(), at.hour, at.minute) == (NOW.date(), *wanted)
    with pytest.raises(when.NotATime):
        when.parse(typed, NOW)


def test_hours_from_now_are_hours_that_pass() -> None:
    before = datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN)  # an hour and a half before the clocks go back
    assert when.elapsed(before, when.parse("in 3 hours", before)) == timedelta(hours=3)
    assert when.parse("in 3 hours", before).hour == 3


def test_an_hour_that_no_half_of_a_day_has_is_not_suggested() -> None:
    with pytest.raises(when.NotATime, match="say “15:00”, so"):
        when.parse("tomorrow 15", NOW)


def test_a_date_without_a_year_is_the_next_one_or_in_the_past_the_last_one() -> None:
    assert when.parse("3 March 10:00", NOW).year == 2027
    assert when.parse("3 March 10:00", NOW, past=True).year == 2026
    assert when.parse("30 November 10:00", NOW, past=True).year == 2025
    assert when.parse("Monday 10:00", NOW, past=True).day == 23
    assert when.parse("Wednesday 10:00", NOW, past=True).day == 18
    assert when.parse("last Wednesday 8:00", NOW, past=True).day == 18
    assert when.parse("3 days ago 9:30", NOW, past=True).day == 22


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("soon", "no time that is known"),
        ("tomorrow", "at what time of day"),
        ("26 Nov", "Such as “26 Nov 10:00”"),
        ("11/26", "at what time of day"),
        ("11/12 10:00", "12 November or 11 December"),
        ("13/13 10:00", "no such day"),
        ("30.2. 10:00", "no such day"),
        ("tomorrow 9", "9 pm"),
        ("tomorrow 25:00", "no such time of day"),
        ("tomorrow 13 pm", "from 1 to 12"),
        ("31 February 10:00", "no such day"),
        ("2026-13-01 10:00", "no such day"),
        ("tomorrow 10:00 Europe/Atlantis", "no time zone"),
        ("tomorrow 10:00 Etc/../passwd", "known here"),
        ("28 March 2027 02:30", "the clocks go forward"),
    ],
)
def test_what_is_not(typed: str, says: str) -> None:
    with pytest.raises(when.NotATime, match=says):
        when.parse(typed, NOW)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("11/26 2 pm", (2026, 11, 26, 14)),
        ("26/11 14:00", (2026, 11, 26, 14)),
        ("11/26/2027 14:00", (2027, 11, 26, 14)),
        ("12/12 9:00", (2026, 12, 12, 9)),
        ("1/24 9:00", (2027, 1, 24, 9)),
        ("26.11. 14:00", (2026, 11, 26, 14)),
        ("26. 11. 14:00", (2026, 11, 26, 14)),
        ("26.11.2027 14.00", (2027, 11, 26, 14)),
        ("3.1. 9:00", (2027, 1, 3, 9)),
        ("26 Nov 14:00", (2026, 11, 26, 14)),
        ("Nov 26, 2 pm", (2026, 11, 26, 14)),
        ("26. Nov 14:00", (2026, 11, 26, 14)),
    ],
)
def test_dates_in_figures(typed: str, wanted: tuple[int, int, int, int]) -> None:
    at = when.parse(typed, NOW)
    assert (at.year, at.month, at.day, at.hour) == wanted


def test_another_zone() -> None:
    at = when.parse("tomorrow 10:00 America/New_York", NOW)
    assert at.astimezone(BERLIN).hour == 16
    assert when.parse("today 10:00 UTC", NOW).utcoffset() == timedelta(0)
    assert when.spoken(at, NOW) == "tomorrow at 10 am"
    assert when.spoken_here(at, NOW) == "tomorrow at 4 pm"


def test_an_hour_that_comes_twice_is_the_first_one() -> None:
    before = datetime(2026, 10, 20, 9, 0, tzinfo=BERLIN)
    at = when.parse("25 October 02:30", before)
    assert at.utcoffset() == timedelta(hours=2)


ZONES = st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"]).map(ZoneInfo)
UTC_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(timezone.utc))


@given(UTC_MOMENTS, ZONES)
def test_a_moment_is_kept_with_its_zone(moment: datetime, zone: ZoneInfo) -> None:
    at = moment.astimezone(zone)
    back = when.restored(when.kept(at))
    assert back.timestamp() == at.timestamp()
    assert back.utcoffset() == at.utcoffset() and back.tzinfo is zone


@given(UTC_MOMENTS, ZONES, st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_time_passes_alike_everywhere(moment: datetime, zone: ZoneInfo, by: timedelta) -> None:
    start = moment.astimezone(zone)
    assert when.elapsed(start, when.later(start, by)) == by


@given(UTC_MOMENTS, ZONES, st.integers(0, 23), st.integers(0, 59))
def test_what_is_parsed_is_an_hour_that_exists(moment: datetime, zone: ZoneInfo, hour: int, minute: int) -> None:
    now = moment.astimezone(zone)
    try:
        at = when.parse(f"tomorrow {hour}:{minute:02d}", now)
    except when.NotATime as error:
        assert "clocks go forward" in str(error)
        return
    assert (at.hour, at.minute) == (hour, minute)
    assert (at.date() - now.date()).days == 1
    round_trip = at.astimezone(timezone.utc).astimezone(zone)
    assert (round_trip.hour, round_trip.minute) == (hour, minute)


@pytest.mark.parametrize(
    ("seconds", "says"), [(0, "now"), (1200, "in 20 minutes"), (-3600 * 5, "5 hours ago"), (86400 * 3, "in 3 days")]
)
def test_how_far(seconds: int, says: str) -> None:
    assert when.left(NOW, when.later(NOW, timedelta(seconds=seconds))) == says


def test_what_is_kept_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        when.restored("2026-11-25T09:00:00")
    assert when.restored("2026-11-25T09:00:00+01:00[Nowhere/There]").hour == 9


@given(UTC_MOMENTS)
def test_the_zone_of_this_machine(moment: datetime) -> None:
    here = moment.astimezone(LocalZone())
    assert here.timestamp() == moment.timestamp()
    assert here.utcoffset() == moment.astimezone().utcoffset()
    assert LocalZone() == LocalZone() and hash(LocalZone()) == hash(LocalZone())
