"""A case: kept and read back, its script, its card, its five steps, what is due in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core import when
from bowout.core.call_card import card, needs_slot, outcomes
from bowout.core.case import PATHS, Case, Report, folded
from bowout.core.case_script import LONGEST_S, script, skipped
from bowout.core.case_text import case_lines, checklist, decision_lines, row
from bowout.core.decide import decision_of
from bowout.core.decide_questions import NONE, answers_from, case_from, questions, taken
from bowout.core.due import PLACES, TOUCH_FROM, Due, Kind, due
from bowout.core.marking import mark
from bowout.core.messages.occasion import of_case
from bowout.core.transcript import from_text
from bowout.core.worksheet import worksheet
from bowout.core.writing_check import check as writing_check
from bowout.errors import InputError, UsageError
from owncases import GIVEN, ID, NOW, REACHED, WHO, case

ALL = sorted(GIVEN)


def kinds(one: Case, now: datetime = NOW) -> list[str]:
    return [each.kind for each in due(one, now)]


def later(**by: float) -> datetime:
    return when.later(NOW, timedelta(**by))


# Keeping.


@pytest.mark.parametrize("name", ALL)
def test_a_case_comes_back_as_it_was(name: str) -> None:
    one = case(name)
    full = replace(
        one,
        report=Report(NOW, "agreed", later(days=2), "phone", "friendly"),
        done={"read": NOW, "spoken": later(minutes=9)},
        marks=("20261125T090000000Z-aaaaaa",),
        closed=later(days=1),
    )
    for each in (one, full):
        assert Case.from_json(json.loads(json.dumps(each.as_json()))) == each


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", 2),
        ("path", "vanish"),
        ("intent", "flee"),
        ("created", "2026-11-25T09:00:00"),
        ("interview", "soon"),
        ("options", "2026-11-25T09:00:00+01:00"),
        ("wrote_by", "pigeon"),
        ("caller", 7),
        ("answers", {"want": 3}),
        ("done", {"dreamt": "2026-11-25T09:00:00+01:00"}),
        ("report", {"at": "2026-11-25T09:00:00+01:00", "result": "won"}),
        ("marks", [3]),
        ("closed", 1),
    ],
)
def test_what_is_no_case_is_refused_with_its_place(field: str, value: Any) -> None:
    with pytest.raises(InputError, match=r"case|report"):
        Case.from_json({**case("ill").as_json(), field: value})


def test_events_make_a_case_and_the_last_word_counts() -> None:
    at = when.kept(NOW)
    events = [
        {"kind": "begun", "case": case("ill").as_json()},
        {"kind": "changed", "number": "+1 555", "reason": "I have the flu"},
        {"kind": "done", "what": "read", "when": at},
        {"kind": "rehearsed", "attempt": "a", "when": at, "passed": False},
        {"kind": "rehearsed", "attempt": "b", "when": at, "passed": True},
        {"kind": "rehearsed", "attempt": "b", "when": at, "passed": True},
        {"kind": "reported", "report": Report(NOW, "voicemail").as_json()},
        {"kind": "reported", "report": Report(NOW, "agreed", later(days=1)).as_json()},
        {"kind": "of a newer version", "what": 3},
    ]
    made = folded(events)
    assert made is not None and made.report is not None
    assert (made.number, made.reason, made.marks) == ("+1 555", "I have the flu", ("a", "b"))
    assert set(made.done) == {"read", "spoken"}
    assert made.report.result == "agreed" and made.closed is None
    assert folded([]) is None


# Questions.


def test_what_cannot_matter_is_not_asked() -> None:
    def asked(**answers: str) -> list[str]:
        return [question.id for question in questions(answers_from({**answers, **WHO}, NOW), NOW)]

    who = ["caller", "contact", "company", "role"]
    ill = asked(happened="illness", interview="today 15:00")
    first = ["stage", "happened", "video", "want", "interview"]
    assert ill == [*first, *who, "wrote_by", "number", "email", "reason", "options"]
    assert "options" not in asked(happened="offer", interview="today 15:00")
    assert "want" not in asked(happened="offer", interview="today 15:00")
    going = [question.id for question in questions(answers_from(GIVEN["attend"], NOW), NOW)]
    assert going == ["stage", "happened", "weak", "want", "interview"]
    assert "number" not in asked(stage="during", happened="misconduct", interview="now")


@pytest.mark.parametrize(
    ("id_", "typed", "says"),
    [
        ("happened", "bored", "not among them"),
        ("interview", "yesterday 10:00", "has passed"),
        ("interview", "soon", "no time that is known"),
        ("caller", "[Name]", "brackets"),
        ("caller", "…", "no word"),
        ("role", "x" * 61, "at most 60"),
        ("number", "call me", "no phone number"),
        ("email", "maria at example", "no e-mail address"),
        ("reason", "flu", "short sentence"),
        ("reason", "something came up", "empty phrase"),
        ("reason", "I have not prepared for it", "count against you"),
        ("options", "Friday 10:00", "Two times"),
        ("options", "yesterday 10:00, Friday 10:00", "has passed"),
        ("options", "Friday 10:00, 27 November 10:00", "same time"),
        ("options", "today 15:00, Friday 10:00", "interview itself"),
    ],
)
def test_what_is_wrong_with_an_answer(id_: str, typed: str, says: str) -> None:
    answers = answers_from(GIVEN["ill"], NOW)
    asked = {question.id: question for question in questions(answers, NOW)}
    value, wrong = taken(asked[id_], typed, answers, NOW)
    assert value == "" and says in wrong


def test_answers_by_number_by_id_by_title_and_left_open() -> None:
    asked = {question.id: question for question in questions(answers_from(GIVEN["ill"], NOW), NOW)}
    for typed in ("3", "clash", "something I can't"):
        assert taken(asked["happened"], typed, {}, NOW) == ("clash", "")
    assert taken(asked["number"], "", {}, NOW) == ("", "") == taken(asked["number"], NONE, {}, NOW)


def test_a_file_of_answers_is_refused_where_it_says_what_is_not_asked() -> None:
    with pytest.raises(UsageError, match="interview"):
        answers_from({"happened": "illness"}, NOW)
    with pytest.raises(UsageError, match="not asked"):
        answers_from({**GIVEN["offer"], "video": "yes"}, NOW)
    with pytest.raises(UsageError, match="role"):
        answers_from({**GIVEN["ill"], "caller": "Sam", "role": 3}, NOW)
    two = {**GIVEN["ill"], "options": ["Friday 10:00", "Monday 14:00"]}
    assert len(case_from(answers_from(two, NOW), NOW).options) == 2


def test_times_are_meant_where_the_interview_is() -> None:
    one = case("own_reason")
    assert one.interview is not None and one.interview.utcoffset() == timedelta(hours=-5)
    assert all(option.utcoffset() == timedelta(hours=-5) for option in one.options)
    facts = one.facts(NOW)
    assert facts["when"] == "tomorrow at 8 am" and facts["interview_date"] == "Thursday 26 November, 8 am"


# What to say.


@pytest.mark.parametrize("name", ALL)
def test_the_script_is_short_whole_and_passes(name: str) -> None:
    one = case(name)
    said = script(one, NOW)
    if one.path == "attend" or name == "left":
        assert not said.parts and not said.ready
        return
    assert said.ready and said.missing == () and said.seconds <= LONGEST_S
    if one.intent is not None:
        marks = mark(from_text(said.text), one.intent, facts=one.facts(NOW))
        found = [fault.id for fault in marks.faults.values() if fault.found]
        assert not found
        if name != "own_reason":  # whose words no list knows: they count in its own scenario
            assert marks.passed, (marks.score, said.text)
    if {"hello", "about", "reason", "next", "thanks"} <= {part.id for part in said.parts}:
        order = [part.id for part in said.parts if part.id != "want"]
        assert order == ["hello", "about", "reason", "next", "thanks"], "the article's order"


def test_a_blank_is_named_once_and_nothing_is_ready() -> None:
    one = replace(case("ill"), contact="", role="", options=())
    said = script(one, NOW)
    assert said.missing == ("contact", "role", "option_1", "option_2") and not said.ready
    assert any("{contact}" in line.text for line in card(one, NOW)), "it can be seen"
    assert not script(replace(case("ill"), contact="[Name]"), NOW).ready


def test_a_reading_says_what_was_skipped() -> None:
    said = script(case("ill"), NOW)
    assert skipped(said, said.text) == ()
    without = " ".join(part.text for part in said.parts if part.id != "next")
    assert [part.id for part in skipped(said, without)] == ["next"]
    misheard = said.text.lower().replace("keller", "killer").replace("northwind", "north wind")
    assert skipped(said, misheard) == ()
    assert skipped(said, "") == said.parts


def test_the_card_has_all_that_is_needed_on_the_phone() -> None:
    lines = {line.id: line.text for line in card(case("ill"), NOW)}
    assert set(lines) == {"number", "first", "options", "why", "voicemail", "if_then"}
    assert lines["number"] == "+49 30 1234"
    assert lines["options"] == "Monday at 10 am, or Tuesday at 2 pm"
    assert "I have fallen ill" in lines["why"] and lines["if_then"].startswith("If ")
    assert "by video" in {line.id: line.text for line in card(case("video"), NOW)}["options"]


@pytest.mark.parametrize("name", ALL)
def test_whatever_the_case_its_card_and_pages_have_no_bracket(name: str) -> None:
    one = case(name)
    text = "\n".join([*case_lines(one, NOW), *(line.text for line in card(one, NOW))])
    assert "{" not in text and "None" not in text


def test_what_may_come_of_it() -> None:
    assert needs_slot(case("ill"), "agreed") and not needs_slot(case("missed"), "agreed")
    assert [result for result, _ in outcomes(case("offer"))] == ["withdrawn", "voicemail", "no_answer", "none"]
    assert [result for result, _ in outcomes(case("leave"))] == ["left", "none"]


# What is due.


def test_first_the_contact_then_one_confirmation_then_nothing() -> None:
    one = case("ill")
    assert kinds(one) == ["call"]
    called = replace(one, report=Report(NOW, "agreed", later(days=2)))
    first, second = due(called, NOW)
    assert (first.kind, first.by, first.late) == ("confirm", later(hours=24), False)
    assert second.kind == "attend"
    assert due(called, later(hours=25))[0].late
    sent = replace(called, done={"sent": NOW})
    assert kinds(sent) == ["attend"]
    assert kinds(replace(sent, closed=NOW)) == []


def test_who_writes_needs_no_confirmation() -> None:
    one = case("offer")
    assert kinds(one) == ["write"]
    assert kinds(replace(one, done={"sent": NOW})) == []


def test_a_message_left_and_a_call_in_vain() -> None:
    one = case("ill")
    assert kinds(replace(one, report=Report(NOW, "voicemail"))) == ["confirm"]
    assert kinds(replace(one, report=Report(NOW, "no_answer"))) == ["call"]
    refused = due(replace(one, report=Report(NOW, "refused")), NOW)[0]
    assert refused.kind == "confirm" and "withdraw" in refused.says


def test_silence_is_named_kindly() -> None:
    (only,) = due(case("ill"), later(hours=30))
    assert only.kind == "silent" and only.late
    assert "ghosting" in only.says and "still helps" in only.says
    assert kinds(replace(case("ill"), done={"sent": NOW}), later(hours=30)) == []


def test_a_light_touch_after_six_to_twelve_months_and_never_after_misconduct() -> None:
    sent = replace(case("offer"), done={"sent": NOW}, closed=NOW)
    assert kinds(sent, later(days=181)) == []
    assert kinds(sent, later(days=183)) == ["touch"]
    assert kinds(sent, later(days=366)) == []
    assert kinds(replace(sent, done={**sent.done, "touched": NOW}), later(days=183)) == []
    harmed = replace(case("misconduct"), done={"sent": NOW})
    assert kinds(harmed, when.later(NOW, TOUCH_FROM)) == []


def test_a_case_decided_in_time_and_forgotten_becomes_a_call() -> None:
    one = case("ill_early")
    assert kinds(one) == ["write"]
    assert kinds(one, when.later(one.interview or NOW, timedelta(hours=-3))) == ["call"]


def test_each_kind_has_its_place_in_the_article() -> None:
    assert set(PLACES) == set(get_args(Kind))
    assert PLACES["confirm"].endswith("Immediate Follow-Up") and PLACES["silent"].endswith("Ghosting")
    assert PLACES["touch"] == PLACES["attend"] == "Closing the Loop: Follow-Up Templates and Timing"


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc))


@given(MOMENTS, ZONES, ZONES, st.sampled_from(["agreed", "voicemail", "withdrawn", "left"]), st.integers(0, 72 * 60))
def test_the_confirmation_is_due_24_hours_later_whatever_the_clocks_do(
    at: datetime, mine: ZoneInfo, theirs: ZoneInfo, result: Any, minutes: int
) -> None:
    reported = at.replace(second=0, microsecond=0).astimezone(mine)
    interview = when.later(reported, timedelta(days=5)).astimezone(theirs)
    one = replace(case("ill"), interview=interview, report=Report(reported, result))
    now = when.later(reported, timedelta(minutes=minutes)).astimezone(theirs)
    (confirm,) = [each for each in due(one, now) if each.kind == "confirm"]
    assert confirm.by is not None and when.elapsed(reported, confirm.by) == timedelta(hours=24)
    assert confirm.late == (minutes > 24 * 60)
    assert kinds(replace(one, done={"sent": now}), now) == []
    for by in ("email", "message"):
        written = replace(one, report=replace(one.report, by=by))  # type: ignore[type-var]
        assert "confirm" not in kinds(written, now), "who was reached in writing needs no second message"


@settings(deadline=None)  # the first one loads the marking
@given(
    st.sampled_from(ALL), st.integers(-5, 24 * 400), st.sampled_from(["agreed", "voicemail", "no_answer", "none", ""])
)
def test_due_is_never_about_the_past_without_saying_so(name: str, hours: int, result: Any) -> None:
    one, now = case(name), later(hours=hours)
    if result:
        one = replace(one, report=Report(NOW, result))
    for each in due(one, now):
        assert each.late == (each.by is not None and when.elapsed(now, each.by) < timedelta(0))
        assert json.dumps(each.as_json())
    assert list(case_lines(one, now))


# The five steps.


@pytest.mark.parametrize("name", ALL)
def test_five_steps_in_their_order(name: str) -> None:
    steps = worksheet(case(name), NOW)
    assert [step.id for step in steps] == ["clarify", "contextualize", "communicate", "commit", "consolidate"]
    assert all(step.entries for step in steps)


def test_what_is_left_in_the_steps_goes_as_it_is_done() -> None:
    one = case("ill")
    open_ = [step.id for step in worksheet(one, NOW) if not step.done]
    assert open_ == ["communicate", "commit"]
    finished = replace(
        one,
        done={"read": NOW, "spoken": NOW, "message_ready": NOW, "sent": NOW},
        report=Report(NOW, "agreed", later(days=2)),
    )
    assert all(step.done for step in worksheet(finished, NOW))
    assert [done for _, done, _ in checklist(one, NOW)] == [False, False, False]
    assert [words for _, _, words in checklist(finished, NOW)] == [
        "once aloud",
        "spoken and passed",
        "message sent",
    ]


def test_where_no_call_is_made_the_writing_is_what_is_rehearsed() -> None:
    one = case("ill_early")
    assert decision_of(one, NOW).writes
    assert [name for name, _, _ in checklist(one, NOW)] == ["Write", "Send"]
    communicate = next(step for step in worksheet(one, NOW) if step.id == "communicate")
    assert "Write it in your own words" in communicate.entries[-1].says and communicate.entries[-1].done is False
    checked = replace(one, done={"read": NOW, "message_ready": NOW})
    assert [words for _, _, words in checklist(checked, NOW)] == ["checked, it passes", "message ready"]
    spoken = checklist(replace(one, done={"spoken": NOW}), NOW, 82)
    assert spoken[0] == ("Speak", True, "spoken and passed (82 of 100)"), "who rehearsed the call all the same"


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("ill", ["Read", "Speak", "Send"]),
        ("constraint", ["Send"]),
        ("learn", ["Read"]),
        ("attend", []),
        ("left", ["Write", "Send"]),
    ],
)
def test_the_checklist_has_what_the_case_needs(name: str, steps: list[str]) -> None:
    assert [step for step, _, _ in checklist(case(name), NOW)] == steps


def test_all_ways_are_among_the_cases_of_the_tests() -> None:
    assert {case(name).path for name in ALL} == set(PATHS)
    assert all(decision_of(case(name), NOW).path == case(name).path for name in ALL)


def test_an_unknown_number_is_looked_for_where_it_would_help() -> None:
    decision = decision_of(replace(case("ill"), number=""), NOW)
    assert decision.how.id == "short-no-number"
    assert "find-number" in {rule.id for rule in decision.notes}
    assert decision_of(case("ill"), NOW).how.id == "short-call"


def test_whoever_met_misconduct_owes_nothing_and_is_reminded_of_nothing() -> None:
    inside = case("misconduct")
    assert inside.title.startswith("End it: ")
    assert [step for step, _, _ in checklist(inside, NOW)] == ["Send"], "nobody rehearses in the middle of it"
    out = replace(inside, report=Report(NOW, "left", by="in_person"))
    assert due(out, NOW) == ()
    after = case_from(answers_from({**GIVEN["left"], "happened": "misconduct"}, NOW), NOW, ID)
    assert due(after, NOW) == ()
    assert of_case(out, NOW).entries() == (), "no reminder to write to them, and none to keep in touch"
    kept = replace(case("leave"), report=Report(NOW, "left", by="in_person"))
    assert {entry.id for entry in of_case(kept, NOW).entries()} == {"confirmation", "light_touch"}


def test_what_is_said_to_whoever_crossed_a_line_neither_thanks_them_for_it_nor_needs_a_room() -> None:
    lines = {line.id: line.text for line in card(case("misconduct"), NOW)}
    assert lines["first"] == "I'm ending the interview here, because some of it was inappropriate. Goodbye."
    assert case("misconduct").reason not in lines["why"]
    everything = " ".join([*lines.values(), script(case("misconduct"), NOW).text])
    assert not re.search(r"stand up|way out|in the room|thank you for", everything, re.IGNORECASE)
    called_away = {line.id: line.text for line in card(case("called_away"), NOW)}
    assert case("called_away").reason in called_away["first"]


def test_what_is_due_within_twelve_hours_is_of_today() -> None:
    evening = datetime(2026, 11, 25, 22, 0, tzinfo=NOW.tzinfo)
    for hours, today in ((1, True), (6.25, True), (12, True), (12.5, False), (-30, True)):
        by = when.later(evening, timedelta(hours=hours))
        assert Due("", "", "confirm", "", by).today(evening) is today, hours
    assert Due("", "", "touch", "", None).today(evening)
    assert Due("", "", "call", "", datetime(2026, 11, 25, 23, 0, tzinfo=NOW.tzinfo)).today(NOW), "the same day"


def test_the_voicemail_gives_the_number_to_ring_back_where_it_is_known() -> None:
    lines = {line.id: line.text for line in card(case("ill"), NOW)}
    assert "ring me back" not in lines["voicemail"]
    known = case("ill").having("changed", {"callback": "+49 170 1234"})
    lines = {line.id: line.text for line in card(known, NOW)}
    assert lines["voicemail"].endswith("You can ring me back on +49 170 1234.")
    assert Case.from_json(known.as_json()) == known
    older = {name: value for name, value in case("ill").as_json().items() if name != "callback"}
    assert Case.from_json(older).callback == ""


def test_what_was_done_can_be_undone() -> None:
    ready = case("ill").having("done", {"what": "message_ready", "when": when.kept(NOW)})
    assert "message_ready" not in ready.having("undone", {"what": "message_ready"}).done
    assert case("ill").having("undone", {"what": "message_ready"}).done == {}
    with pytest.raises(InputError):
        ready.having("undone", {"what": "everything"})


def test_after_misconduct_the_reason_can_be_left_out_altogether() -> None:
    bare = {name: text for name, text in GIVEN["misconduct"].items() if name != "reason"}
    for answers in (bare, {**bare, "reason": NONE}, {**bare, "reason": ""}):
        unnamed = case_from(answers_from(answers, NOW), NOW, ID)
        assert unnamed.reason == ""
        said = script(unnamed, NOW)
        assert said.ready and said.text == "I'm ending the interview here. Thank you, I'm leaving now. Goodbye."
        assert card(unnamed, NOW)[0].text == "I'm ending the interview here. Goodbye."
        for length in ("full", "short"):
            message = of_case(unnamed, NOW).message("after_misconduct", length)  # type: ignore[arg-type]
            assert message.missing == () and "because" not in message.text
            assert "at Northwind. I withdraw" in message.body
            found = writing_check(message, of_case(unnamed, NOW).setting("after_misconduct"))
            assert not [each for each in found if each.id == "reason" or each.weight == "stop"]
    named = case_from(answers_from({**bare, "reason": "he shouted at me"}, NOW), NOW, ID)
    assert "because he shouted at me. I withdraw" in of_case(named, NOW).message("after_misconduct").body


def test_the_message_after_misconduct_puts_the_end_at_no_hour() -> None:
    out = replace(case("misconduct"), report=Report(NOW, "left", by="in_person"))
    occasion = of_case(out, NOW)
    assert occasion.kinds[0] == "after_misconduct"
    assert "I ended my interview of Wednesday 25 November, 9 am for" in occasion.message("after_misconduct").body


def test_once_they_know_nothing_is_to_be_done_now() -> None:
    told = replace(case("ill"), report=Report(NOW, "agreed", later(days=6)), done={"sent": NOW})
    assert "Call first, then confirm in writing: done" in list(decision_lines(told, NOW))
    assert row(told, NOW).endswith("(message sent)")
    half = replace(told, done={})
    assert "Call first, then confirm in writing: the written part is left" in list(decision_lines(half, NOW))
    in_vain = replace(case("ill"), report=Report(NOW, "no_answer"))
    assert "Call first, then confirm in writing: now" in list(decision_lines(in_vain, NOW))


def test_times_that_are_suggested_to_the_ill_are_not_tomorrow() -> None:
    today = {"interview": "today 15:00", "video": "no", **REACHED}
    first = {
        happened: case_from(answers_from({**today, "happened": happened}, NOW), NOW, ID).options[0]
        for happened in ("illness", "emergency")
    }
    assert (first["illness"].day, first["emergency"].day) == (30, 26)


def test_in_the_middle_of_it_nobody_has_to_answer_questions_before_they_may_go() -> None:
    asked = questions({"stage": "during", "happened": "misconduct"}, NOW)
    assert "You may go this moment" in next(each for each in asked if each.id == "interview").help
    asked = questions({"stage": "during", "happened": "doubts", "want": "no"}, NOW)
    assert "You may go" not in next(each for each in asked if each.id == "interview").help
