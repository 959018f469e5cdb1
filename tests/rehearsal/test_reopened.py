"""A past call opened again from its record alone, and what is found among the records before the next one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bowout.core.assessment import mark_scenario
from bowout.core.if_then import IfThen
from bowout.core.marks import as_json
from bowout.core.rating import Rating
from bowout.core.scenario import Scenario
from bowout.core.transcript import from_text
from bowout.errors import InputError
from bowout.rehearsal.call import Options, Rehearsal
from bowout.rehearsal.events import CallMarked, RecruiterSpoke
from bowout.rehearsal.parts import Parts, TypedLines
from bowout.rehearsal.reopened import earlier, last_if_then, reopened, stands_in
from bowout.storage.records import FileRecords
from rehearsal.conftest import NOW

ANSWERS = (
    "Hello Maria, this is Sam Lee. I'm calling about the operations analyst interview today at three. "
    "I have accepted another offer, so I need to withdraw from the process. I'm sorry for the short notice.",
    "Thank you, but my decision is made. I appreciate your time and I wish you good luck finding the right person.",
)


@pytest.fixture
def scenario(scenarios: dict[str, Scenario]) -> Scenario:
    return scenarios["accepted-another-offer"]


@pytest.fixture
def call(
    make_parts: Callable[..., Parts], scenario: Scenario, tmp_path: Path
) -> Callable[..., tuple[CallMarked, list[RecruiterSpoke]]]:
    def make(
        minutes: int = 0, answers: Sequence[str] = ANSWERS, typed: bool = False, **meta: str
    ) -> tuple[CallMarked, list[RecruiterSpoke]]:
        """A whole call, so many minutes after the first."""
        parts = make_parts(answers)
        parts.records = FileRecords(tmp_path / "attempts", lambda: NOW + timedelta(minutes=minutes))
        lines = TypedLines(answers)
        lines.close()
        if typed:
            parts.source = None
        options = Options(mode="live", silence_s=1.3, read_pause=False, meta=meta)
        events = list(Rehearsal(scenario, parts, options, lines).run(threading.Event()))
        marked = events[-1]
        assert isinstance(marked, CallMarked)
        return marked, [event for event in events if isinstance(event, RecruiterSpoke)]

    return make


@pytest.fixture
def records(tmp_path: Path) -> FileRecords:
    return FileRecords(tmp_path / "attempts", lambda: NOW)


@pytest.mark.parametrize("typed", [False, True])
def test_what_was_marked_is_what_is_opened(
    call: Callable[..., tuple[CallMarked, list[RecruiterSpoke]]], records: FileRecords, scenario: Scenario, typed: bool
) -> None:
    marked, lines = call(typed=typed)
    past = reopened(records, scenario, marked.attempt)
    assert as_json(past.call.marks, past.call.provenance) == as_json(marked.marks, marked.provenance)
    assert past.marks is past.call.marks and past.rating is None and past.if_then is None
    assert (past.scenario, past.call.outcome, past.call.facts) == (scenario, marked.outcome, marked.facts)
    assert [(line.text, line.step, line.turn) for line in past.lines] == [(i.text, i.step, i.turn) for i in lines]
    assert (past.mode, past.typed, past.audio is None) == ("live", typed, typed)
    before, after = marked.marks.transcript.turns, past.call.marks.transcript.turns
    assert [(t.times, t.prompt_end) for t in after] == [(t.times, t.prompt_end) for t in before]


def test_the_first_marks_and_the_last_and_all_that_was_said_of_them(
    call: Callable[..., tuple[CallMarked, list[RecruiterSpoke]]], records: FileRecords, scenario: Scenario
) -> None:
    marked, _ = call(drill="pace")
    better = replace(marked.marks, score=99)
    records.append(marked.attempt, "marks", result=as_json(better, marked.provenance), corrected=True)
    records.append(marked.attempt, "rating", **Rating({"ask": True}, {}).as_event())
    records.append(marked.attempt, "if_then", **IfThen("they ask why", "It's private.", True).as_event())
    past = reopened(records, scenario, marked.attempt)
    assert (past.call.marks.score, past.marks.score) == (marked.marks.score, 99)
    assert past.rating == Rating({"ask": True}, {})
    assert past.if_then == IfThen("they ask why", "It's private.", True) and past.drill == "pace"


def test_a_scenario_that_is_gone_has_a_stand_in(
    call: Callable[..., tuple[CallMarked, list[RecruiterSpoke]]], records: FileRecords, scenario: Scenario
) -> None:
    marked, _ = call()
    past = reopened(records, None, marked.attempt)
    assert stands_in(past.scenario) and not stands_in(scenario)
    assert (past.scenario.id, past.scenario.title, past.scenario.intent) == (scenario.id, scenario.title, "withdraw")
    assert past.call.facts["contact"] == "Maria Keller", "as they were in the call"
    owed = {mark.id for mark in marked.marks.items.values() if mark.required}
    assert past.scenario.required == owed


def test_records_of_before_take_the_facts_of_their_own_day(records: FileRecords, scenario: Scenario) -> None:
    """No facts in the record: “today” is the day of the call."""
    writer = FileRecords(records._root, lambda: NOW - timedelta(days=30)).begin(
        scenario=scenario.id, title="T", intent="withdraw", mode="live", ear="vosk", keep_audio=False
    )
    writer.event("marks", result=as_json(mark_scenario(from_text("I withdraw."), scenario, {})))
    writer.event("end", outcome="withdrawn")
    writer.close()
    assert reopened(records, scenario, writer.id).call.facts["interview_date"].startswith("Monday 26 October")


def test_what_has_no_marks_is_said_so(records: FileRecords, scenario: Scenario) -> None:
    writer = records.begin(scenario="x", title="T", intent="withdraw", mode="live", ear="vosk", keep_audio=False)
    writer.event("abandoned")
    writer.close()
    with pytest.raises(InputError, match="broken off"):
        reopened(records, scenario, writer.id)
    with pytest.raises(InputError, match="no attempt"):
        reopened(records, scenario, "20260101T000000000Z-000000")


def test_the_sentence_kept_last_and_the_first_call_that_can_be_heard(
    call: Callable[..., tuple[CallMarked, list[RecruiterSpoke]]], records: FileRecords, scenario: Scenario
) -> None:
    first, second, third = (call(minutes)[0].attempt for minutes in (0, 10, 20))
    assert last_if_then(records, scenario.id) is None
    assert earlier(records, scenario, first) is None
    for attempt, words in ((first, "One."), (second, "Two.")):
        records.append(attempt, "if_then", **IfThen("they ask why", words).as_event())
    kept = last_if_then(records, scenario.id)
    assert kept is not None and kept.words == "Two." and last_if_then(records, "another") is None
    past = earlier(records, scenario, third)
    assert past is not None and past.call.attempt == first
    records.drop_audio(first)
    past = earlier(records, scenario, third)
    assert past is not None and past.call.attempt == second, "one that can be heard comes before one that can't"
    records.drop_audio(second)
    past = earlier(records, scenario, third)
    assert past is not None and past.call.attempt == first


def test_like_is_compared_with_like(
    call: Callable[..., tuple[CallMarked, list[RecruiterSpoke]]], records: FileRecords, scenario: Scenario
) -> None:
    """One answer of a drill is no earlier call, and a whole call no earlier answer."""
    run, whole, again, later = (call(10 * n, **({"drill": "pace"} if n % 2 == 0 else {}))[0].attempt for n in range(4))
    assert earlier(records, scenario, whole) is None
    for attempt, first in ((again, run), (later, whole)):
        past = earlier(records, scenario, attempt)
        assert past is not None and past.call.attempt == first
