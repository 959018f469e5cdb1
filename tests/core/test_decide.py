"""Every rule of a decision, by table, with its place in the article; and what must hold of all decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core import when
from bowout.core.case import PATHS
from bowout.core.decide import CHANNEL_RULES, INTENT_OF, NOTES, NOTICE, PATH_RULES, Decision, decide, situation
from bowout.core.decide_questions import HAPPENED, MISMATCH, STAGE, WANT, WEAK

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN)


def at(hours: float) -> str:
    return when.kept(when.later(NOW, timedelta(hours=hours)))


SOON, FAR, GONE = at(6), at(72), at(-20)
REST = 14 + 59 / 60
"""Hours that are left of the day."""
PHONE = {"number": "+49 30 1234", "wrote_by": "email"}

# Answers → the rule that decides, the way.
PATH_TABLE: list[tuple[Mapping[str, str], str, str]] = [
    ({"stage": "during", "happened": "misconduct"}, "during-misconduct", "leave"),
    ({"stage": "during", "happened": "emergency", "want": "yes"}, "during-emergency", "leave"),
    ({"stage": "during", "happened": "mismatch", "mismatch": "material", "want": "unsure"}, "during-material", "leave"),
    ({"stage": "during", "happened": "mismatch", "mismatch": "minor", "want": "yes"}, "during-minor", "learn"),
    ({"stage": "during", "happened": "mismatch", "mismatch": "minor", "want": "no"}, "during-no", "leave"),
    ({"stage": "during", "happened": "doubts", "want": "unsure"}, "during-unsure", "pause"),
    ({"stage": "during", "happened": "mismatch", "mismatch": "material", "want": "yes"}, "during-unsure", "pause"),
    ({"stage": "after", "happened": "left"}, "after-leaving", "leave"),
    ({"stage": "after", "happened": "misconduct"}, "after-misconduct", "leave"),
    ({"stage": "after", "happened": "missed", "want": "yes"}, "after-badly", "repair"),
    ({"stage": "after", "happened": "silent", "want": "no"}, "after-badly", "repair"),
    ({"stage": "before", "happened": "illness", "want": "yes", "interview": GONE}, "passed-in-silence", "repair"),
    ({"happened": "leverage", "want": "no"}, "leverage", "withdraw"),
    ({"happened": "leverage", "want": "unsure"}, "leverage-open", "learn"),
    ({"happened": "offer", "signed": "yes"}, "offer-firm", "withdraw"),
    ({"happened": "offer", "signed": "no", "want": "yes"}, "offer-not-firm", "attend"),
    ({"happened": "offer", "signed": "no", "want": "no"}, "not-wanted", "withdraw"),
    ({"happened": "illness", "want": "no"}, "not-wanted", "withdraw"),
    ({"happened": "weak", "weak": "unprepared", "want": "no"}, "not-wanted", "withdraw"),
    ({"happened": "mobility", "feasible": "no", "want": "yes"}, "move-impossible", "withdraw"),
    ({"happened": "mobility", "feasible": "yes", "want": "yes"}, "constraint", "disclose"),
    ({"happened": "illness", "video": "yes", "want": "yes"}, "unavoidable-video", "video"),
    ({"happened": "clash", "video": "yes", "want": "unsure"}, "unavoidable-video", "video"),
    ({"happened": "illness", "video": "no", "want": "yes"}, "unavoidable", "reschedule"),
    ({"happened": "emergency", "want": "unsure"}, "unavoidable", "reschedule"),
    ({"happened": "mismatch", "mismatch": "material", "want": "unsure"}, "mismatch-material", "withdraw"),
    ({"happened": "mismatch", "mismatch": "minor", "want": "unsure"}, "learn-first", "learn"),
    ({"happened": "doubts", "want": "unsure"}, "learn-first", "learn"),
    ({"happened": "weak", "weak": "review", "want": "unsure"}, "learn-first", "learn"),
    ({"happened": "weak", "weak": "unprepared", "want": "yes"}, "attend", "attend"),
    ({"happened": "weak", "weak": "nerves", "want": "unsure"}, "attend", "attend"),
]


# Place in the article → the rules that come from it.
PLACE_TABLE: Mapping[str, str] = {
    "Read the Room: When to Exit Early": "during-misconduct",
    "The Starting Point: Decide—Cancel, Reschedule, or Exit Early?": "during-emergency during-no not-wanted "
    "unavoidable",
    "You Realize Mid-Interview the Job Isn’t a Fit": "during-material during-minor",
    "During the Interview: How to Leave Early Without Burning Bridges": "during-unsure in-the-room",
    "Follow-Up After an Early Exit": "after-leaving after-exit-24h",
    "When to Escalate: Serious Misconduct or Legal Concerns": "after-misconduct after-crossed document",
    "Repair Work: If You Believe You Messed Up": "after-badly passed-in-silence repair-write own-it",
    "Ethical Considerations and Professional Boundaries": "leverage leverage-open say-it-there leverage-named",
    "You Accepted Another Offer": "offer-firm offer-not-firm accepted-24h accepted-late offer-backup",
    "When an International Move Forces a Decision": "move-impossible",
    "Timing With Visas and Sponsorship": "constraint constraint-early",
    "Sudden Illness on Interview Day": "unavoidable-video fit-again",
    "What Counts as a Legitimate Reason": "mismatch-material",
    "When You Should Avoid Canceling": "learn-first attend nothing-to-say weak-unprepared weak-journey weak-review "
    "weak-mood weak-honest withdraw-later",
    "Channel: Phone, Email, or Text?": "repair-phone short-no-number accepted-24h-call ample-phone ample-message "
    "find-number",
    "Timing: Contact as Soon as Possible": "short-call ample-email",
    "Confidence, Interview Skills, and Skill Gaps": "weak-nerves",
    "When You Should Consider Professional Support": "nerves-again",
    "Mistake 4: Over-committing then quitting": "no-overcommit",
    "Mistake 5: Rescheduling without intention": "mean-it",
    "Offer Clear Alternatives Only If You Mean It": "two-options",
    "Draw Clear Lines If You Plan to Reapply": "return-window",
    "Tone and Content: Be Brief, Honest, and Respectful": "brief-reason",
    "Mistake 3: Vague language": "no-vague",
    "Mistake 1: Ghosting": "not-ghosting",
    "Closing the Loop: Follow-Up Templates and Timing": "one-confirmation",
}


@pytest.mark.parametrize(("answers", "rule", "path"), PATH_TABLE)
def test_which_way(answers: Mapping[str, str], rule: str, path: str) -> None:
    decided = decide({"interview": FAR, **answers}, NOW)
    assert (decided.why.id, decided.path) == (rule, path)
    assert decided.intent == INTENT_OF[decided.path]


# Answers → the rule of the channel, the channel, hours from now until when (None = nothing to do), a confirmation?
ILL = {"happened": "illness", "want": "yes"}
OFFER = {"happened": "offer", "signed": "yes"}
CHANNEL_TABLE: list[tuple[Mapping[str, str], str, str, float | None, bool]] = [
    ({"happened": "weak", "weak": "mood", "want": "yes", "interview": FAR}, "nothing-to-say", "none", None, False),
    ({"stage": "during", "want": "no", "interview": at(-0.5)}, "in-the-room", "in_person", 0, True),
    ({"happened": "doubts", "want": "unsure", "interview": FAR}, "say-it-there", "in_person", 72, False),
    ({"stage": "after", "happened": "misconduct", "interview": at(-2)}, "after-crossed", "email", None, False),
    ({"stage": "after", "happened": "left", "interview": at(-2)}, "after-exit-24h", "email", 22, False),
    ({"stage": "after", "happened": "left", "interview": at(-30)}, "after-exit-24h", "email", 0, False),
    ({"stage": "after", "happened": "missed", "interview": GONE, "number": "1", "wrote_by": "phone"},
     "repair-phone", "phone", REST, True),
    ({"stage": "after", "happened": "missed", "interview": GONE, **PHONE}, "repair-write", "email", REST, False),
    ({**ILL, "interview": SOON, "wrote_by": "email"}, "short-no-number", "email", 0, False),
    ({**ILL, **PHONE, "interview": SOON}, "short-call", "phone", 0, True),
    ({**ILL, **PHONE, "interview": at(23.99)}, "short-call", "phone", 0, True),
    ({**ILL, **PHONE, "interview": at(24)}, "ample-email", "email", 0, False),
    ({**ILL, **PHONE, "interview": at(30)}, "ample-email", "email", 6, False),
    ({**ILL, **PHONE, "interview": FAR}, "ample-email", "email", REST, False),
    ({**ILL, "interview": FAR, "number": "1", "wrote_by": "phone"}, "ample-phone", "phone", REST, True),
    ({**ILL, "interview": FAR, "number": "1", "wrote_by": "message"}, "ample-message", "message", REST, False),
    ({**OFFER, **PHONE, "interview": FAR, "accepted": at(-4)}, "accepted-24h", "email", 20, False),
    ({**OFFER, **PHONE, "interview": FAR, "accepted": at(-40)}, "accepted-24h", "email", 0, False),
    ({**OFFER, **PHONE, "interview": at(30), "accepted": at(-4)}, "accepted-24h", "email", 6, False),
    ({**OFFER, "interview": FAR, "accepted": at(-4), "number": "1", "wrote_by": "phone"},
     "accepted-24h-call", "phone", 20, True),
    ({**OFFER, **PHONE, "interview": SOON, "accepted": at(-4)}, "short-call", "phone", 0, True),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "rule", "channel", "hours", "confirm"), CHANNEL_TABLE)
def test_which_channel_and_by_when(
    answers: Mapping[str, str], rule: str, channel: str, hours: float | None, confirm: bool
) -> None:
    decided = decide(answers, NOW)
    assert (decided.how.id, decided.channel, decided.confirm) == (rule, channel, confirm)
    if hours is None:
        assert decided.by is None
    else:
        assert decided.by is not None
        assert when.elapsed(NOW, decided.by) == timedelta(hours=hours)


NOTE_TABLE: list[tuple[Mapping[str, str], set[str]]] = [
    ({**OFFER, "accepted": at(-30)}, {"accepted-late", "brief-reason", "not-ghosting", "one-confirmation"}),
    ({"happened": "offer", "signed": "no", "want": "yes"}, {"offer-backup"}),
    ({"happened": "weak", "weak": "unprepared", "want": "yes"}, {"weak-unprepared"}),
    ({"happened": "weak", "weak": "journey", "want": "yes"}, {"weak-journey"}),
    ({"happened": "weak", "weak": "review", "want": "unsure"}, {"weak-review", "withdraw-later", "no-overcommit"}),
    ({"happened": "weak", "weak": "mood", "want": "yes"}, {"weak-mood"}),
    ({"happened": "weak", "weak": "nerves", "want": "yes"}, {"weak-nerves", "nerves-again"}),
    ({"happened": "weak", "weak": "mood", "want": "no"}, {"weak-honest", "not-ghosting", "one-confirmation"}),
    ({"happened": "leverage", "want": "unsure"}, {"leverage-named", "withdraw-later", "no-overcommit"}),
    ({"happened": "clash", "want": "unsure"}, {"mean-it", "two-options", "no-vague", "not-ghosting"}),
    ({**ILL, "video": "no"}, {"two-options", "no-vague", "fit-again"}),
    ({"happened": "mobility", "feasible": "yes", "want": "yes"}, {"constraint-early"}),
    ({"happened": "mobility", "feasible": "no", "want": "yes"}, {"return-window", "brief-reason", "one-confirmation"}),
    ({"stage": "during", "happened": "misconduct", "interview": at(-1)}, {"document"}),
    ({"stage": "after", "happened": "late", "interview": GONE}, {"own-it"}),
    ({**ILL, "interview": SOON}, {"two-options", "no-vague", "fit-again", "find-number"}),
]


@pytest.mark.parametrize(("answers", "wanted"), NOTE_TABLE)
def test_what_is_told_besides(answers: Mapping[str, str], wanted: set[str]) -> None:
    assert {rule.id for rule in decide({"interview": FAR, **answers}, NOW).notes} == wanted


def test_every_rule_is_in_a_table_and_has_its_place_in_the_article() -> None:
    told = [each.rule for each in (*PATH_RULES, *CHANNEL_RULES, *NOTES)]
    assert len({rule.id for rule in told}) == len(told)
    in_tables = {rule for _, rule, _ in PATH_TABLE} | {row[1] for row in CHANNEL_TABLE}
    in_tables |= {id_ for _, ids in NOTE_TABLE for id_ in ids}
    assert {rule.id for rule in told} == in_tables
    places = {id_: place for place, ids in PLACE_TABLE.items() for id_ in ids.split()}
    assert {rule.id: rule.place.split(" › ")[-1] for rule in told} == places
    for rule in told:
        assert rule.says.endswith(".") and "I " not in rule.says.replace("I have", ""), rule


def test_a_weak_reason_never_cancels_what_is_still_wanted() -> None:
    for weak in WEAK:
        for want in ("yes", "unsure"):
            decided = decide({"happened": "weak", "weak": weak.id, "want": want, "interview": FAR}, NOW)
            assert decided.path in ("attend", "learn")
            assert f"weak-{weak.id}" in {rule.id for rule in decided.notes}


# Times and zones.

ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]).map(
    ZoneInfo
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc))
ANSWERS = st.fixed_dictionaries(
    {
        "stage": st.sampled_from([each.id for each in STAGE]),
        "happened": st.sampled_from(sorted({c.id for each in HAPPENED.values() for c in each})),
        "want": st.sampled_from([each.id for each in WANT]),
        "weak": st.sampled_from([each.id for each in WEAK]),
        "mismatch": st.sampled_from([each.id for each in MISMATCH]),
        "signed": st.sampled_from(["yes", "no"]),
        "video": st.sampled_from(["yes", "no"]),
        "feasible": st.sampled_from(["yes", "no"]),
        "wrote_by": st.sampled_from(["email", "phone", "message", ""]),
        "number": st.sampled_from(["", "+1 555 0100"]),
    }
)


def decided_at(answers: Mapping[str, str], now: datetime, interview: datetime, accepted: datetime | None) -> Decision:
    moments = {"interview": when.kept(interview)}
    if accepted is not None:
        moments["accepted"] = when.kept(accepted)
    return decide({**answers, **moments}, now)


@given(ANSWERS, MOMENTS, st.timedeltas(timedelta(days=-3), timedelta(days=9)), ZONES, ZONES, st.integers(0, 90))
def test_decisions_at_any_hour_and_in_any_zone(
    answers: Mapping[str, str], now: datetime, ahead: timedelta, mine: ZoneInfo, theirs: ZoneInfo, hours: int
) -> None:
    now = now.replace(microsecond=0).astimezone(mine)
    interview = when.later(now, ahead - timedelta(microseconds=ahead.microseconds)).astimezone(theirs)
    accepted = when.later(now, timedelta(hours=-hours)) if answers["happened"] == "offer" else None
    decided = decided_at(answers, now, interview, accepted)
    assert decided.path in PATHS
    notice = when.elapsed(now, interview)
    if decided.by is not None:
        assert when.elapsed(now, decided.by) >= timedelta(0), "nobody is told to have done it before"
        assert when.elapsed(now, decided.by) <= max(NOTICE, abs(notice)) + NOTICE
    contacts = decided.path in ("withdraw", "reschedule", "video", "disclose")
    if contacts and timedelta(0) < notice < NOTICE and answers["number"]:
        assert decided.channel == "phone" and decided.confirm
    if contacts and notice >= timedelta(hours=26) and answers["wrote_by"] == "email":
        assert decided.writes
        assert decided.by is not None
        assert when.elapsed(decided.by, interview) >= NOTICE, "the letter goes while there are 24 hours left"
    if contacts and accepted is not None and decided.path == "withdraw" and hours <= 24 and decided.by != now:
        assert when.elapsed(accepted, decided.by or now) <= NOTICE
    # The way does not hang on the zones, and the clock elsewhere changes nothing but the day that is meant.
    assert decided_at(answers, now.astimezone(timezone.utc), interview, accepted).path == decided.path


@pytest.mark.parametrize(
    ("now", "interview", "channel"),
    [
        # 23 hours pass in the night in which the clocks go forward, though they show 24.
        (datetime(2026, 3, 28, 15, 0, tzinfo=BERLIN), datetime(2026, 3, 29, 15, 0, tzinfo=BERLIN), "phone"),
        # 25 pass where they go back.
        (datetime(2026, 10, 24, 15, 0, tzinfo=BERLIN), datetime(2026, 10, 25, 15, 0, tzinfo=BERLIN), "email"),
        (datetime(2026, 10, 24, 16, 1, tzinfo=BERLIN), datetime(2026, 10, 25, 15, 0, tzinfo=BERLIN), "phone"),
        # That day has 25 hours: more than 24 are left, and it is the same day all the same.
        (datetime(2026, 10, 25, 0, 10, tzinfo=BERLIN), datetime(2026, 10, 25, 23, 50, tzinfo=BERLIN), "phone"),
        # Just before midnight, exactly 24 hours ahead.
        (datetime(2026, 11, 25, 23, 59, tzinfo=BERLIN), datetime(2026, 11, 26, 23, 59, tzinfo=BERLIN), "email"),
        (datetime(2026, 11, 25, 23, 59, 30, tzinfo=BERLIN), datetime(2026, 11, 26, 23, 59, tzinfo=BERLIN), "phone"),
    ],
)
def test_a_day_is_not_always_24_hours(now: datetime, interview: datetime, channel: str) -> None:
    decided = decided_at({**ILL, **PHONE}, now, interview, None)
    assert decided.channel == channel
    assert decided.by is not None and when.elapsed(now, decided.by) >= timedelta(0)


def test_the_clock_moves_a_case_from_writing_to_calling() -> None:
    answers = {**ILL, **PHONE, "interview": FAR}
    assert decide(answers, NOW).channel == "email"
    later = decide(answers, when.later(NOW, timedelta(hours=60)), "reschedule")
    assert (later.channel, later.path, later.why.id) == ("phone", "reschedule", "unavoidable")
    missed = decide(answers, when.later(NOW, timedelta(hours=80)), "reschedule")
    assert missed.path == "reschedule", "what was decided stands; that it was missed is told by what is due"


def test_a_situation_knows_no_weak_reason_that_was_taken_back() -> None:
    assert situation({"happened": "illness", "weak": "mood"}, NOW).weak == ""
