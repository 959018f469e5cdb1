"""An incident note: facts first, dated, added to, never changed; read back as it was; safe to show."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core import incident, when
from bowout.core.incident import ADDED, BEGUN, FACTS, LONGEST, Incident, export_text, folded, note_lines
from bowout.errors import InputError, UsageError
from owncases import BERLIN, NOW, case

GIVEN = {
    "happened": "yesterday 15:10",
    "about": "site planner at Northwind",
    "where": "Northwind, second floor",
    "who": "Mr Kott, head of planning",
    "what": "He moved his chair close.\nHe said: “you will have to be nice to me”.",
    "seen": "the receptionist",
    "more": "I was afraid.",
}


def note(**changes: str) -> Incident:
    return incident.incident_from(incident.answers_from({**GIVEN, **changes}, None, NOW), NOW)


def events(first: Incident, *added: tuple[datetime, str]) -> list[dict[str, Any]]:
    later = [{"kind": ADDED, "written": when.kept(at), "text": text} for at, text in added]
    return json.loads(json.dumps([{"kind": BEGUN, "note": first.first_json()}, *later]))


def test_the_facts_come_first_and_what_is_none_is_apart() -> None:
    text = export_text(note())
    places = [
        text.index(part) for part in ("Written", "When:", "Where:", "Who:", "What was said", "Who saw", "Besides")
    ]
    assert places == sorted(places)
    assert "When: Tuesday 24 November 2026, 3:10 pm (UTC+01:00)" in text
    assert "  He said: “you will have to be nice to me”.\n" in text
    bare = export_text(note(where="", who="", seen="", more="", about=""))
    assert bare.count(incident.NOT_NOTED) == 4 and "Besides" not in bare


def test_what_is_added_has_its_own_date_and_changes_nothing() -> None:
    first = note()
    before = list(note_lines(first))
    tomorrow = when.later(NOW, timedelta(days=1))
    whole = folded(events(first, (tomorrow, "I kept the invitation."), (tomorrow, "And the number.")))
    assert whole is not None
    assert list(note_lines(whole))[: len(before)] == before
    assert [each.text for each in whole.additions] == ["I kept the invitation.", "And the number."]
    assert "Added Thursday 26 November 2026, 9 am (UTC+01:00):" in export_text(whole)
    assert incident.row(whole).endswith("(and 2 additions)")


def test_events_of_another_version_are_passed_over_and_a_note_needs_a_beginning() -> None:
    assert folded([]) is None and folded([{"kind": ADDED, "written": when.kept(NOW), "text": "x"}]) is None
    assert folded([*events(note()), {"kind": "changed", "what": "nothing happened"}]) == note()


@pytest.mark.parametrize(
    "event",
    [
        {"kind": BEGUN, "note": "secret"},
        {"kind": BEGUN, "note": {"written": "soon", "happened": "2026-11-25T09:00:00+01:00"}},
        {"kind": BEGUN, "note": {**note().first_json(), "who": 7}},
        {"kind": BEGUN, "note": {**note().first_json(), "happened": "2026-11-25T09:00:00"}},
    ],
)
def test_what_can_t_be_read_is_refused_and_never_quoted(event: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        folded([event])
    assert "secret" not in caught.value.sentence() and "nice to me" not in caught.value.sentence()


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("happened", "tomorrow 10:00", "still to come"),
        ("happened", "a while ago", "no time that is known"),
        ("what", "  ", "Write down"),
        ("what", "x" * (LONGEST + 1), "at most"),
        ("who", "Mr \x1b[31mKott", "no terminal shows"),
    ],
)
def test_what_is_wrong_with_an_answer(name: str, typed: str, says: str) -> None:
    asked = {question.id: question for question in incident.questions(None, NOW)}
    value, wrong = incident.taken(asked[name], typed, NOW)
    assert value == "" and says in wrong


def test_a_file_of_answers_is_refused_where_it_says_what_is_not_asked() -> None:
    with pytest.raises(UsageError, match="no part of a note"):
        incident.answers_from({**GIVEN, "feelings": "x"}, None, NOW)
    with pytest.raises(UsageError, match="what"):
        incident.answers_from({"happened": "now"}, None, NOW)
    with pytest.raises(UsageError, match="who"):
        incident.answers_from({**GIVEN, "who": 7}, None, NOW)


def test_a_case_suggests_the_hour_and_accuses_nobody() -> None:
    asked = {question.id: question.default for question in incident.questions(case("misconduct"), NOW)}
    assert asked["about"] == "site planner at Northwind"
    assert asked["where"] == "", "it may have been a screen"
    assert asked["who"] == asked["seen"] == asked["what"] == ""
    kept, wrong = incident.taken(incident.questions(case("misconduct"), NOW)[0], "", NOW)
    assert wrong == "" and when.restored(kept) == case("misconduct").interview
    assert incident.questions(None, NOW)[0].default == "now"


def test_the_hour_that_is_suggested_is_the_interviews_own_in_any_zone() -> None:
    there = replace(case("misconduct"), interview=NOW.astimezone(ZoneInfo("America/New_York")))
    kept, wrong = incident.taken(incident.questions(there, NOW)[0], "", NOW)
    assert wrong == "" and when.restored(kept) == NOW


ZONES = st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC"]).map(ZoneInfo)
TEXTS = st.text(max_size=60)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(timezone.utc)),
    ZONES,
    st.fixed_dictionaries(dict.fromkeys(FACTS, TEXTS)),
    st.lists(TEXTS, max_size=3),
)
def test_any_note_comes_back_as_it_was(at: datetime, zone: ZoneInfo, texts: dict[str, str], added: list[str]) -> None:
    first = Incident(at.astimezone(zone), when.later(at.astimezone(zone), -timedelta(hours=5)), **texts)  # type: ignore[arg-type]
    whole = folded(events(first, *((at.astimezone(zone), text) for text in added)))
    assert whole is not None
    assert {name: getattr(whole, name) for name in FACTS} == texts
    assert whole.written == first.written and whole.happened.utcoffset() == first.happened.utcoffset()
    assert [each.text for each in whole.additions] == added
    assert incident.dated(whole.happened) == incident.dated(first.happened)


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset() -> None:
    twice = [datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=BERLIN) for fold in (0, 1)]
    assert [incident.dated(at)[-11:] for at in twice] == ["(UTC+02:00)", "(UTC+01:00)"]
