"""Messages: every kind in both lengths, filled from the report and from nothing else; links and drafts by the book."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import policy
from email.parser import BytesParser
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core import moments
from bowout.core.case import PATHS, Case, Report
from bowout.core.messages import (
    KINDS,
    LENGTHS,
    OWN_KINDS,
    TEMPLATES,
    Length,
    Message,
    compose,
    kinds_for,
    parsed,
    practice_report,
    unfilled,
)
from bowout.core.messages.entries import entries, months_later
from bowout.core.messages.mail import draft, mailto
from bowout.core.messages.occasion import of_case
from bowout.core.writing_check import Setting, check, ready
from bowout.errors import InputError

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN)
INTERVIEW = datetime(2026, 11, 27, 15, 0, tzinfo=BERLIN)
SLOT = datetime(2026, 11, 30, 10, 0, tzinfo=BERLIN)
FACTS = {
    "caller": "Sam Lee",
    "contact": "Maria Keller",
    "company": "Northwind",
    "role": "operations analyst",
    "interview_date": "Friday 27 November, 3 pm",
    "reason_written": "I have accepted another offer",
    "option_1_date": "Monday 30 November, 10 am",
    "option_2_date": "Tuesday 1 December, 3 pm",
    "slot_date": "Monday 30 November, 10 am",
    "return": "in the third quarter of next year",
    "update": "I have finished my relocation to Lisbon",
}
REASONS = {
    "same_day": "I have come down with a fever",
    "reschedule": "there is an emergency in my family",
    "video": "I have hurt my foot",
    "disclose": "my visa ends in August",
    "after_leaving": "the role is not the right fit for me",
    "cut_short": "there was an emergency at home",
    "after_misconduct": "the interviewer made remarks about my religion",
    "repair": "I did not call when I knew that I could not come",
}
CALL_WORDS = (
    "phone", " call", "voicemail", "spoke", "speaking", "as i said", "hearing me out", "agreed", "your reply",
    "when we met", "the talk", "letting me go",
)  # fmt: skip


def facts(kind: str) -> dict[str, str]:
    return {**FACTS, "reason_written": REASONS.get(kind, FACTS["reason_written"])}


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_message_passes_its_own_check(kind: str, length: Length) -> None:
    """As shipped, with everything known and no call reported."""
    message = compose(kind, facts(kind), length=length)
    assert message.missing == ()
    setting = Setting(
        kind, NOW, None, TEMPLATES[kind].intent, INTERVIEW, names=frozenset({"Sam Lee"}), caller="Sam Lee"
    )
    assert [f.says for f in check(message, setting)] == []
    assert bool(message.subject) == (length == "full")


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_call_is_mentioned_that_was_not_reported(kind: str, length: Length) -> None:
    for report in (None, Report(NOW, "none")):
        text = compose(kind, facts(kind), report=report, length=length).text.lower()
        text = text.replace(REASONS["repair"].lower(), "")
        assert not [word for word in CALL_WORDS if word in text]


@pytest.mark.parametrize(
    ("kind", "report", "said", "unsaid"),
    [
        ("withdrawal", Report(NOW, "withdrawn"), "on the phone", "voicemail"),
        ("withdrawal", Report(NOW, "voicemail"), "on your voicemail", "speaking with me"),
        ("withdrawal", Report(NOW, "no_answer"), "tried to reach you by phone", "As I said"),
        ("withdrawal", Report(NOW, "withdrawn", by="email"), "Thank you for your reply", "phone"),
        ("reschedule", Report(NOW, "agreed", by="in_person"), "when we spoke", "phone"),
        ("reschedule", Report(NOW, "no_answer", by="email"), "Thank you for the invitation", "phone"),
        ("attend", Report(NOW, "refused"), "I understand that the date can't be moved", "agreed"),
        ("after_leaving", Report(NOW, "left", by="in_person"), "As I said when we met", "phone"),
        ("confirm", Report(NOW, "agreed", slot=SLOT), "To confirm what we agreed", "voicemail"),
    ],
)  # fmt: skip
def test_the_opening_follows_the_report(kind: str, report: Report, said: str, unsaid: str) -> None:
    body = compose(kind, facts(kind), report=report).body
    assert said in body and unsaid not in body


def test_the_new_time_is_the_reported_one_whatever_the_facts_say() -> None:
    late = SLOT + timedelta(days=7)
    message = compose("confirm", facts("confirm"), report=Report(NOW, "agreed", slot=late))
    assert moments.written(late) in message.body and FACTS["slot_date"] not in message.body


def test_a_missing_fact_is_named_and_an_optional_clause_goes() -> None:
    known = {k: v for k, v in FACTS.items() if k not in ("interview_date", "reason_written")}
    message = compose("withdrawal", known)
    assert message.missing == ("reason_written",)
    assert "will not attend" not in message.body and "[[" not in message.body


def test_a_fact_is_never_read_as_a_template() -> None:
    message = compose("withdrawal", {**FACTS, "contact": "[[{caller}]] {company}"})
    assert "Dear [[{caller}]] {company}," in message.body


@pytest.mark.parametrize(
    ("reason", "middle", "begin"),
    [
        ("My family is moving.", "Confirm: my family is moving,", "My family is moving,"),
        ("I am ill", "Confirm: I am ill,", "I am ill,"),
        ("Anna is ill", "Confirm: Anna is ill,", "Anna is ill,"),
    ],
)
def test_a_reason_fits_the_middle_and_the_beginning(reason: str, middle: str, begin: str) -> None:
    known = {**FACTS, "reason_written": reason}
    report = Report(NOW, "agreed")
    assert middle.lower() in compose("reschedule", known, report=report).body.replace("To confirm", "Confirm").lower()
    assert f": {begin}"[2:] in compose("reschedule", known, length="short").body


@pytest.mark.parametrize("path", PATHS)
def test_every_path_has_its_message_first_and_all_others_after(path: str) -> None:
    kinds = kinds_for(path, None, NOW, INTERVIEW)
    assert sorted(kinds) == sorted(KINDS)
    first = {"withdraw": "withdrawal", "leave": "after_leaving", "pause": "after_leaving"}.get(path, path)
    assert kinds[0] == first


@pytest.mark.parametrize(
    ("path", "report", "hours", "first"),
    [
        ("reschedule", Report(NOW, "agreed", slot=SLOT), 48, "confirm"),
        ("reschedule", Report(NOW, "voicemail"), 3, "reschedule"),
        ("reschedule", None, 3, "same_day"),
        ("reschedule", Report(NOW, "refused"), 48, "attend"),
        ("withdraw", Report(NOW, "agreed", slot=SLOT), 48, "confirm"),
        ("attend", Report(NOW, "left", by="in_person"), 0, "after_leaving"),
    ],
)  # fmt: skip
def test_what_came_of_it_chooses_the_kind(path: str, report: Report | None, hours: int, first: str) -> None:
    assert kinds_for(path, report, NOW, NOW + timedelta(hours=hours))[0] == first


@pytest.mark.parametrize("kind", KINDS)
def test_practice_has_its_own_report_and_passes_too(kind: str) -> None:
    for channel in ("phone", "in_person", "video"):
        report = practice_report(kind, channel, NOW)
        message = compose(kind, facts(kind), report=report)
        setting = Setting(kind, NOW, report, TEMPLATES[kind].intent, INTERVIEW)
        assert ready(check(message, setting)), (channel, message.text)


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_an_own_wording_serves_the_next_case(kind: str) -> None:
    subject = "Sam Lee: about the operations analyst interview"
    mine = f"Subject: {subject}\n\nDear Maria Keller, sorry, {{reason_written}}. Sam Lee"
    kept = unfilled(mine, facts(kind))
    assert "Sam Lee" not in kept and "Maria" not in kept and "{caller}" in kept and "{role}" in kept
    other = {**facts(kind), "caller": "Ada Byron", "contact": "Mr Wood", "role": "clerk"}
    message = compose(kind, other, own=kept)
    assert message.subject == "Ada Byron: about the clerk interview"
    assert message.body.startswith("Dear Mr Wood, sorry,") and message.missing == ()


def test_unfilling_leaves_parts_of_words_alone() -> None:
    assert unfilled("Samantha met Sam", {"caller": "Sam"}) == "Samantha met {caller}"
    assert unfilled("nothing", {}) == "nothing"


@pytest.mark.parametrize("text", ["Subject: A\n\nB\n", "subject:A\r\n\r\nB", "Subject: A\nB"])
def test_an_edited_text_is_read_again(text: str) -> None:
    assert parsed(text) == Message("A", "B")


def test_a_text_without_a_subject_is_a_text_message() -> None:
    assert parsed("Hello\n\nthere\n") == Message("", "Hello\n\nthere")


# Links (RFC 6068).


@pytest.mark.parametrize(
    ("subject", "body", "link"),
    [
        ("a b", "", "mailto:x@y.org?subject=a%20b"),
        ("", "one\ntwo", "mailto:x@y.org?body=one%0D%0Atwo"),
        ("", "one\r\ntwo\rthree\n", "mailto:x@y.org?body=one%0D%0Atwo%0D%0Athree"),
        ("", "Q&A = 100%?", "mailto:x@y.org?body=Q%26A%20%3D%20100%25%3F"),
        ("café – ü", "", "mailto:x@y.org?subject=caf%C3%A9%20%E2%80%93%20%C3%BC"),
        ("a+b", "#x", "mailto:x@y.org?subject=a%2Bb&body=%23x"),
        ("two\nlines", "", "mailto:x@y.org?subject=two%20lines"),
    ],
)
def test_links(subject: str, body: str, link: str) -> None:
    assert mailto(Message(subject, body), "x@y.org") == link


def test_an_address_is_encoded_and_none_is_allowed() -> None:
    assert mailto(Message("", "b"), "sam%one&two@y.org") == "mailto:sam%25one%26two@y.org?body=b"
    assert mailto(Message("", "b")) == "mailto:?body=b"
    for bad in ("x", "x@y\nBcc: z@y.org", "x@y.org?bcc=z@y.org", "a b@y.org", "x@y.org,z@y.org", "müller@y.org"):
        with pytest.raises(InputError, match="no mail address"):
            mailto(Message("", "b"), bad)


PRINTED = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\x85"), max_size=60
)


@given(subject=PRINTED, lines=st.lists(PRINTED, min_size=1, max_size=5))
def test_any_link_comes_back(subject: str, lines: list[str]) -> None:
    link = mailto(Message(subject, "\n".join(lines)), "x@y.org")
    assert link.isascii() and " " not in link
    back = parse_qs(urlsplit(link).query.replace("+", "%2B"), keep_blank_values=True)
    assert back.get("subject", [""])[0] == " ".join(subject.split())
    assert back.get("body", [""])[0].replace("\r\n", "\n") == "\n".join(lines).rstrip("\n")
    assert unquote(urlsplit(link).path) == "x@y.org"


# Drafts.


def test_a_draft_opens_as_one() -> None:
    message = compose("withdrawal", {**FACTS, "contact": "Märia Keller"})
    raw = draft(message, "maria@example.com", "Keller, Märia")
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    assert mail["X-Unsent"] == "1" and mail["Date"] is None and mail["From"] is None
    assert mail["Subject"] == message.subject
    assert mail["To"].addresses[0].addr_spec == "maria@example.com"
    assert mail["To"].addresses[0].display_name == "Keller, Märia"
    assert mail.get_content_type() == "text/plain" and mail.get_content_charset() == "utf-8"
    assert mail.get_content().replace("\r\n", "\n").strip() == message.body
    assert not mail.defects and raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b""), "every line ends with CRLF"
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@given(subject=PRINTED, lines=st.lists(PRINTED, min_size=1, max_size=5), name=PRINTED)
def test_any_draft_comes_back(subject: str, lines: list[str], name: str) -> None:
    raw = draft(Message(subject, "\n".join(lines)), "x@y.org", name)
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    assert {key.lower() for key in mail} <= {
        "subject", "to", "x-unsent", "content-type", "content-transfer-encoding", "mime-version"
    }  # fmt: skip
    assert [address.addr_spec for address in mail["To"].addresses] == ["x@y.org"]
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == "\n".join(lines).rstrip("\n")


def test_nobody_is_slipped_into_a_draft() -> None:
    raw = draft(Message("a\r\nBcc: z@y.org", "b"), "x@y.org", "Maria\r\nBcc: z@y.org")
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    assert mail["Bcc"] is None and mail["Subject"] == "a Bcc: z@y.org"


# What belongs into a calendar.


def test_a_report_leaves_the_slot_and_one_confirmation() -> None:
    made = {entry.id: entry for entry in entries(FACTS, Report(NOW, "agreed", slot=SLOT), NOW)}
    assert set(made) == {"slot", "confirmation"}
    assert made["slot"].begins == SLOT and made["slot"].busy
    assert timedelta(days=1) in made["slot"].alarms
    assert NOW < made["confirmation"].begins < NOW + timedelta(hours=24) and not made["confirmation"].busy


def test_leaving_the_process_leaves_a_light_touch() -> None:
    made = {entry.id: entry for entry in entries(FACTS, Report(NOW, "withdrawn"), NOW)}
    touch = made["light_touch"].begins
    assert (touch.year, touch.month, touch.day, touch.hour) == (2027, 5, 25, 9)
    assert not entries(FACTS, None, NOW) and not entries(FACTS, Report(NOW, "none"), NOW)


ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC"]
).map(ZoneInfo)
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31))


@given(at=TIMES, zone=ZONES, months=st.integers(1, 24))
def test_months_later_is_a_working_morning(at: datetime, zone: ZoneInfo, months: int) -> None:
    later = months_later(at.replace(tzinfo=zone), months)
    assert later.weekday() < 5 and later.hour == 9 and later.tzinfo is zone
    months_between = (later.year - at.year) * 12 + later.month - at.month
    assert months_between in (months, months + 1), "a weekend may lead into the next month"


@given(at=TIMES, zone=ZONES)
def test_the_confirmation_is_due_within_24_hours_that_pass(at: datetime, zone: ZoneInfo) -> None:
    report = Report(at.replace(tzinfo=zone), "voicemail")
    due = next(e for e in entries(FACTS, report, report.at) if e.id == "confirmation").begins
    passed = due.astimezone(timezone.utc) - report.at.astimezone(timezone.utc)
    assert timedelta(hours=21) < passed < timedelta(hours=24)


def test_no_reminder_to_confirm_what_was_written_or_sent_already() -> None:
    for made in (
        entries(FACTS, Report(NOW, "agreed", slot=SLOT, by="email"), NOW),
        entries(FACTS, Report(NOW, "agreed", slot=SLOT), NOW, sent=NOW),
    ):
        assert [entry.id for entry in made] == ["slot"]


def test_who_named_a_time_to_come_back_is_offered_the_message_that_says_it() -> None:
    case = Case(id="c", created=NOW, path="withdraw", intent="withdraw", answers={"return": "in the third quarter"})
    for each in (case, replace(case, report=Report(NOW, "withdrawn"))):
        occasion = of_case(each, NOW)
        assert occasion.kinds[0] == "return_window"
        assert "again in the third quarter" in occasion.message("return_window").body
    assert of_case(replace(case, answers={}), NOW).kinds[0] == "withdrawal"


def test_when_the_light_touch_is_due_it_comes_first() -> None:
    case = Case(id="c", created=NOW, path="withdraw", intent="withdraw", done={"sent": NOW})
    assert of_case(case, NOW).kinds[0] == "withdrawal"
    half_a_year = NOW + timedelta(days=190)
    assert of_case(case, half_a_year).kinds[0] == "light_touch"
    assert of_case(replace(case, done={**case.done, "touched": half_a_year}), half_a_year).kinds[0] == "withdrawal"


@pytest.mark.parametrize(
    ("happened", "options", "kind"),
    [
        ("misconduct", (), "after_misconduct"),
        ("emergency", (NOW + timedelta(days=3),), "cut_short"),
        ("fit", (), "after_leaving"),
    ],
)
def test_who_leaves_is_offered_the_message_that_suits_why(
    happened: str, options: tuple[datetime, ...], kind: str
) -> None:
    """Nobody who was harassed is first offered a thank-you."""
    case = Case(id="c", created=NOW, path="leave", intent="leave", answers={"happened": happened}, options=options)
    occasion = of_case(case, NOW)
    assert occasion.kinds[0] == kind
    assert occasion.reported(Report(NOW, "left", None, "in_person", "")).kinds[0] == kind
