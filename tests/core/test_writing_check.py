"""The writing check: each thing that a careful reader stops at, and none where there is nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core import moments
from bowout.core.case import Report
from bowout.core.messages import Message, compose
from bowout.core.messages.times import times_in, troubles
from bowout.core.transcript import from_text
from bowout.core.writing_check import Finding, Said, Setting, check, ready
from core.test_messages import BERLIN, FACTS, INTERVIEW, NOW, SLOT, TIMES, ZONES, facts

RESCHEDULE = Setting("reschedule", NOW, None, "reschedule", INTERVIEW, names=frozenset({"Sam Lee"}), caller="Sam Lee")
WITHDRAW = replace(RESCHEDULE, kind="withdrawal", intent="withdraw")


def body(text: str) -> Message:
    return Message("Sam Lee – new date for the operations analyst interview", text)


def moved(first: str, second: str = "Tuesday 1 December, 3 pm") -> Message:
    return compose("reschedule", {**facts("reschedule"), "option_1_date": first, "option_2_date": second})


def ids(findings: tuple[Finding, ...], weight: str = "") -> set[str]:
    return {each.id for each in findings if not weight or each.weight == weight}


@pytest.mark.parametrize("left", ["{contact}", "[Name]", "<time>", "____", "XXX", "TBD", "your name"])
def test_a_leftover_is_a_stop(left: str) -> None:
    message = compose("withdrawal", {**FACTS, "contact": left})
    found = check(message, WITHDRAW)
    assert "blank" in ids(found, "stop") and not ready(found)


@pytest.mark.parametrize(
    ("subject", "good"),
    [
        ("Interview", False),
        ("Cancellation of my interview", False),
        ("Sorry", False),
        ("Re: your message", False),
        ("Sam Lee – withdrawal from the operations analyst interview", True),
    ],
)
def test_a_subject_is_specific(subject: str, good: bool) -> None:
    message = replace(compose("withdrawal", FACTS), subject=subject)
    assert ("subject" not in ids(check(message, WITHDRAW))) is good


def test_length() -> None:
    long = replace(compose("withdrawal", FACTS), body=compose("withdrawal", FACTS).body + " And so on." * 40)
    assert "length" in ids(check(long, WITHDRAW), "stop")
    text = replace(compose("withdrawal", FACTS, length="short"))
    assert "length" not in ids(check(text, WITHDRAW))
    assert "length" in ids(check(Message("", text.body + " And so on." * 12), WITHDRAW), "stop")
    assert "length" in ids(check(Message("Sam Lee – x", "  "), WITHDRAW), "stop")
    assert ids(check(Message("", "x " * 30_000), WITHDRAW)) == {"length"}


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Let's stay in touch, and please keep me in mind.", "mixed_message"),
        ("I have been vomiting all night and my doctor has put me on antibiotics.", "oversharing"),
        ("To be honest, the pay is insulting and your company is a joke.", "negativity"),
    ],
)
def test_the_published_faults_are_found_in_writing(sentence: str, fault: str) -> None:
    message = compose("withdrawal", FACTS)
    message = replace(message, body=message.body.replace("I am sorry for the inconvenience", f"{sentence} I am sorry"))
    assert fault in ids(check(message, WITHDRAW), "stop")


def test_a_vague_reason_is_found() -> None:
    message = compose("reschedule", {**facts("reschedule"), "reason_written": "something came up"})
    assert "vague_reason" in ids(check(message, RESCHEDULE), "stop")


def test_a_stated_return_window_is_no_mixed_message() -> None:
    assert check(compose("return_window", FACTS), replace(WITHDRAW, kind="return_window")) == ()


def test_a_missing_name_and_decision_stop_and_thanks_do_not() -> None:
    found = check(body("Dear Maria,\n\nI have a fever.\n\nRegards"), WITHDRAW)
    assert {"name", "ask"} <= ids(found, "stop") and "thanks" in ids(found, "look")


def test_spelling_is_worth_a_look() -> None:
    found = check(compose("withdrawal", FACTS), replace(WITHDRAW, misspelt={"recieve": "receive"}))
    assert ids(found) == {"spelling"} and ready(found)


# What really happened.


@pytest.mark.parametrize("told", ["As I said on the phone,", "Thank you for taking my call.", "I left a voice message.",
                                  "We spoke this morning.", "As agreed,"])  # fmt: skip
def test_a_call_that_was_not_reported_is_a_stop(told: str) -> None:
    message = compose("withdrawal", FACTS)
    message = replace(message, body=message.body.replace("After careful thought,", told))
    for report in (None, Report(NOW, "none")):
        found = check(message, replace(WITHDRAW, report=report))
        assert "call" in ids(found, "stop") and any(each.differs for each in found)
    if "phone" in told:
        assert check(message, replace(WITHDRAW, report=Report(NOW, "withdrawn"))) == ()


@pytest.mark.parametrize("innocent", ["I will call in sick", "a call centre", "I work in phone sales", "our callers"])
def test_other_calls_are_left_alone(innocent: str) -> None:
    message = compose("withdrawal", {**FACTS, "update": innocent})
    message = replace(message, body=message.body.replace("I appreciate", f"({innocent}) I appreciate"))
    assert "call" not in ids(check(message, WITHDRAW))


def test_what_was_left_on_a_voicemail_was_not_agreed() -> None:
    message = compose("reschedule", facts("reschedule"), report=Report(NOW, "agreed"))
    assert "call" in ids(check(message, replace(RESCHEDULE, report=Report(NOW, "voicemail"))), "stop")
    assert "call" in ids(check(message, replace(RESCHEDULE, report=Report(NOW, "no_answer"))), "stop")


def test_the_decision_fits_the_report() -> None:
    withdrawn = replace(RESCHEDULE, report=Report(NOW, "withdrawn"))
    assert "outcome" in ids(check(compose("reschedule", facts("reschedule")), withdrawn), "stop")
    agreed = replace(WITHDRAW, intent="reschedule", report=Report(NOW, "agreed"))
    assert "outcome" in ids(check(compose("withdrawal", FACTS), agreed), "stop")
    assert "outcome" not in ids(check(compose("withdrawal", FACTS), replace(agreed, intent="withdraw")))


def test_the_agreed_time_is_in_it_and_no_other() -> None:
    report = Report(NOW, "agreed", slot=SLOT)
    setting = replace(RESCHEDULE, kind="confirm", report=report)
    good = compose("confirm", FACTS, report=report)
    assert check(good, setting) == ()
    other = replace(good, body=good.body.replace("30 November, 10 am", "30 November, 11 am"))
    assert "slot" in ids(check(Message("Sam Lee – analyst", other.body), setting), "stop")
    more = replace(good, body=good.body.replace("thank you", "or on Tuesday 1 December, 3 pm, thank you"))
    assert "slot" in ids(check(more, setting), "look")
    london = replace(good, body=good.body.replace("10 am,", "10 am GMT,"))
    assert "slot" in ids(check(Message("Sam Lee – analyst", london.body), setting), "stop"), "an hour later in Berlin"


# What was said in the rehearsal.

SAID = Said(
    from_text(
        "Hello Maria, this is Sam Lee. There is a family emergency, so I can't come to the interview on Friday at "
        "three. Could we do Monday at ten or Tuesday at three?"
    ),
    "reschedule",
)


def test_times_that_were_offered_aloud_are_in_it() -> None:
    setting = replace(RESCHEDULE, said=SAID)
    assert check(compose("reschedule", facts("reschedule")), setting) == ()
    found = check(moved("Thursday 3 December, 10 am"), setting)
    assert [each.id for each in found] == ["times"] and "monday" in found[0].says and found[0].differs


def test_intent_and_reason_are_those_of_the_rehearsal() -> None:
    found = check(compose("withdrawal", FACTS), replace(WITHDRAW, said=SAID))
    assert {"intent", "reason"} <= ids(found, "look") and ready(found)


# Alternatives.


@pytest.mark.parametrize(
    ("first", "id_", "weight"),
    [
        ("Monday 23 November, 10 am", "past", "stop"),
        ("Tuesday 30 November, 10 am", "time", "stop"),
        ("31 November, 10 am", "time", "stop"),
        ("28 March 2027, 2:30", "time", "stop"),
        ("Tuesday 1 December, 3 pm", "same", "stop"),
        ("1 December at 15:00", "same", "stop"),
        ("Tuesday 1 December, 14:00 UTC", "same", "stop"),
        ("Friday 27 November, 3 pm", "same", "stop"),
        ("Saturday 28 November, 10 am", "hours", "look"),
        ("Monday 30 November, 9 pm", "hours", "look"),
        ("Monday 30 November", "time", "look"),
        ("Thursday 1 July 2027, 10 am CET", "time", "stop"),
    ],
)
def test_alternatives_are_real(first: str, id_: str, weight: str) -> None:
    found = check(moved(first), RESCHEDULE)
    assert (id_, weight) in {(each.id, each.weight) for each in found}


def test_one_alternative_is_none() -> None:
    message = compose("reschedule", facts("reschedule"))
    one = replace(message, body=message.body.replace(", or on Tuesday 1 December, 3 pm", ""))
    assert "options" in ids(check(one, RESCHEDULE), "stop")


@pytest.mark.parametrize(
    ("begins", "minutes", "clash"), [(9, 60, False), (9, 61, True), (11, 30, False), (10, 1, True)]
)
def test_the_users_own_calendar_is_kept_free(begins: int, minutes: int, clash: bool) -> None:
    start = SLOT.replace(hour=begins)
    busy = ((start, start + timedelta(minutes=minutes), "Dentist"),)
    found = check(compose("reschedule", facts("reschedule")), replace(RESCHEDULE, busy=busy))
    assert ("clash" in ids(found, "stop")) is clash
    assert not clash or "Dentist" in found[0].says


@given(now=TIMES, zone=ZONES, minutes=st.integers(1, 180 * 24 * 60))
def test_a_written_time_is_read_as_the_same_moment(now: datetime, zone: ZoneInfo, minutes: int) -> None:
    """What the program writes itself: weekday, date and time, without a year, up to half a year ahead."""
    here = now.replace(second=0, microsecond=0, tzinfo=zone)
    moment = (here.astimezone(timezone.utc) + timedelta(minutes=minutes)).astimezone(zone)
    text = f"I could come on {moments.written(moment)}, or never."
    found = times_in(text, here)
    assert [each.trouble for each in found] == [""]
    assert found[0].day == moment.date()
    assert found[0].at is not None
    assert found[0].at.replace(fold=0) == moment.replace(fold=0)
    assert text[found[0].start : found[0].end] == moments.written(moment)


@given(at=TIMES, zone=ZONES)
def test_what_is_over_is_over_in_every_zone(at: datetime, zone: ZoneInfo) -> None:
    moment = at.replace(tzinfo=zone)
    utc = moment.astimezone(timezone.utc)
    assert "past" in {word for word, _ in troubles(moment, utc + timedelta(minutes=1), ())}
    assert "past" not in {word for word, _ in troubles(moment, utc - timedelta(minutes=1), ())}


@pytest.mark.parametrize("text", ["The sun shone and we sat down.", "I may march on.", "It is 10 am.", "room 30.11",
                                  "a second interview", "in the fall"])  # fmt: skip
def test_everyday_words_are_no_times(text: str) -> None:
    assert times_in(text, NOW) == []


@given(st.text(max_size=300))
def test_no_text_breaks_the_check(text: str) -> None:
    for setting in (RESCHEDULE, WITHDRAW, replace(WITHDRAW, report=Report(NOW, "agreed", slot=SLOT), said=SAID)):
        check(Message("Sam Lee – x", text), setting)


def test_a_zone_that_is_named_is_the_zone_of_the_time() -> None:
    (found,) = times_in("Monday 30 November, 10 am Europe/London", NOW)
    assert found.at == datetime(2026, 11, 30, 11, 0, tzinfo=BERLIN)
    (odd,) = times_in("Monday 30 November, 10 am Europe/Nowhere", NOW)
    assert "no time zone" in odd.trouble
