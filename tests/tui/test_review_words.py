"""Results in plain words, and the caller's own correction of what was heard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.marks import Delivery, FaultMark, ItemMark, Marks, Measure, Span, State
from bowout.core.review import (
    approximate,
    clock,
    corrected,
    editable,
    fault_row,
    figures,
    item_row,
    outcome_words,
    place,
    stretches,
)
from bowout.core.transcript import Transcript, Turn, Word, from_text
from bowout.rehearsal.events import RecruiterSpoke
from bowout.tui.widgets.transcript_view import transcript
from written import full


def spoken(*turns: str, confidence: float | None = 0.9) -> Transcript:
    """One word every half second, turns ten seconds apart."""
    made = []
    for index, text in enumerate(turns):
        words = tuple(
            Word(token, index * 10 + n / 2, index * 10 + n / 2 + 0.4, confidence)
            for n, token in enumerate(text.split())
        )
        made.append(Turn(index, words, times="approximate"))
    return Transcript(tuple(made), "s", "builtin")


def marks(transcript: Transcript, *items: ItemMark, faults: tuple[FaultMark, ...] = ()) -> Marks:
    return Marks("withdraw", 80, False, {i.id: i for i in items}, {f.id: f for f in faults}, Delivery(), transcript)


def test_words_that_stay_keep_their_times() -> None:
    before = spoken("i need to with draw today", "tank you")
    after = corrected(before, "I need to withdraw today.\nThank you")
    assert after.text == "I need to withdraw today.\nThank you"
    first = after.turns[0].words
    assert [w.start for w in first] == [0, 0.5, 1.0, 1.5, 2.5]
    assert (first[3].start, first[3].end) == (1.5, 2.4), "the new word takes the time of the two it replaces"
    assert all(w.confidence is None for w in after.words)
    assert [t.times for t in after.turns] == ["approximate", "approximate"]


def test_a_word_put_in_lies_between_its_neighbours() -> None:
    after = corrected(spoken("hello maria"), "hello there maria")
    there = after.words[1]
    assert after.words[0].end <= there.start <= there.end <= after.words[2].start


def test_words_taken_out_are_gone_and_lines_find_their_turns() -> None:
    before = Transcript(
        (Turn(0, (Word("hello", 0, 1),)), Turn(1, ()), Turn(2, (Word("bye", 20, 21), Word("now", 21, 22)))), "s"
    )
    after = corrected(before, "hello\nbye")
    assert [t.text for t in after.turns] == ["hello", "", "bye"]


def test_more_lines_than_turns_join_the_last_and_fewer_empty_it() -> None:
    before = spoken("one two", "three")
    assert [t.text for t in corrected(before, "one two\nthree\nfour").turns] == ["one two", "three four"]
    assert [t.text for t in corrected(before, "one two").turns] == ["one two", ""]


def test_typed_words_are_counted_anew() -> None:
    after = corrected(from_text("one two three", "four"), "one three\nfour five")
    assert [(w.text, w.start, w.end) for w in after.words] == [
        ("one", 0, 1), ("three", 1, 2), ("four", 2, 3), ("five", 3, 4),
    ]  # fmt: skip


def test_a_call_without_a_word_can_be_corrected() -> None:
    assert corrected(Transcript((), "s"), "hello").text == "hello"
    assert corrected(Transcript((Turn(0, ()),), "s"), "hello").text == "hello"
    assert corrected(Transcript((), "word"), "").text == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abc '", max_size=12), max_size=4), st.text(alphabet="abc \n", max_size=30))
def test_the_corrected_text_is_what_was_typed(turns: list[str], text: str) -> None:
    """No word is lost or invented, times never run backwards within a turn."""
    after = corrected(spoken(*turns), text)
    assert after.text.split() == text.split()
    for turn in after.turns:
        starts = [w.start for w in turn.words]
        assert starts == sorted(starts)
        assert all(w.end >= w.start for w in turn.words)


def test_editable_text_reads_back_as_itself() -> None:
    before = spoken("one two", "", "three")
    assert [t.words for t in corrected(before, editable(before)).turns] == [
        tuple(replace(w, confidence=None) for w in t.words) for t in before.turns
    ]


def test_stretches_are_labelled_once_at_their_end() -> None:
    transcript = spoken("hello maria I withdraw thanks a lot")
    turn = transcript.turns[0]
    made = marks(
        transcript,
        ItemMark("greeting", State.HEARD, True, Span("hello maria", 0, 0.9, 0)),
        ItemMark("ask", State.UNSURE, True, Span("I withdraw", 1.0, 1.9, 0)),
        ItemMark("thanks", State.NOT_HEARD, True, Span("thanks", 2.0, 2.4, 0)),
        faults=(FaultMark("leverage", True, Span("maria I", 0.5, 1.4, 0)),),
    )
    pieces = stretches(turn, made)
    assert " ".join(p.text for p in pieces) == turn.text
    assert [p.labels for p in pieces if p.labels] == [("a greeting",), ("bargaining",), ("the decision",)]
    assert [p.text for p in pieces if p.fault] == ["maria", "I"]
    assert pieces[-1].labels == () and pieces[-1].text == "thanks a lot"
    assert [p.text for p in pieces if p.doubt] == ["withdraw"]


@pytest.mark.parametrize(
    ("state", "required", "glyph", "word", "tone"),
    [
        (State.HEARD, True, "✓", "heard", "good"),
        (State.NOT_HEARD, True, "✗", "not heard", "bad"),
        (State.NOT_HEARD, False, "·", "not heard", "plain"),
        (State.UNSURE, True, "?", "unsure", "doubt"),
    ],
)
def test_a_row_says_it_three_times(state: State, required: bool, glyph: str, word: str, tone: str) -> None:
    row = item_row(ItemMark("ask", state, required))
    assert (row.glyph, row.word, row.tone, row.label) == (glyph, word, tone, "the decision")


def test_faults_and_places() -> None:
    assert fault_row(FaultMark("soft_no", True)).label == "no commitment"
    span = Span("x", 72.4, 73, 0)
    assert place(span, "s") == "at 1:12"
    assert place(span, "s", approximate=True) == "about 1:12"
    assert place(Span("x", 6, 7, 0), "word") == "word 7"
    assert clock(-1) == "0:00"
    assert approximate(spoken("a")) and not approximate(from_text("a"))


def test_figures_name_their_targets_and_what_was_not_measured() -> None:
    made = replace(
        marks(spoken("a")),
        delivery=Delivery(
            seconds=Measure(32.4, 10, 45),
            words_per_minute=Measure(190, 110, 165),
            longest_pause_s=Measure(0.0, None, 2.0),
            response_s=Measure(1.0),
            clarity=Measure(0.7, 0.8, None),
        ),
    )
    rows = {f.label: f for f in figures(made)}
    assert (rows["You spoke for"].value, rows["You spoke for"].verdict) == ("32 s", "✓ good")
    assert (rows["Pace"].target, rows["Pace"].verdict) == ("110–165", "▲ above")
    assert (rows["Longest pause"].value, rows["Longest pause"].target) == ("0.0 s", "up to 2.0")
    assert (rows["You answered after"].target, rows["You answered after"].verdict) == ("–", "")
    assert (rows["Clarity"].value, rows["Clarity"].verdict) == ("70 %", "▼ below")
    assert rows["Um, uh, er"].value == "not measured"


def test_every_outcome_is_a_sentence() -> None:
    assert outcome_words("hung_up") == "You ended it."
    assert outcome_words("over") == "The drill is over."
    assert outcome_words("something_new") == "The call ended: something new."


def test_an_outcome_is_told_in_the_scenario_s_own_words() -> None:
    scenario = full()
    assert outcome_words("left", scenario, {"company": "Northwind"}) == "You left Northwind in good order."
    assert outcome_words("hung_up", scenario) == "You ended it."


def test_an_item_of_a_scenario_s_own_has_its_question_and_its_name() -> None:
    row = item_row(ItemMark("short_break", State.HEARD, True, Span("a break", 1.0, 2.0, 0), "", "Asks for a break?"))
    assert (row.label, row.question, row.word) == ("short break", "Asks for a break?", "heard")
    assert item_row(ItemMark("ask", State.HEARD, True)).question == "Stated the decision plainly?"


def test_a_line_that_was_said_twice_stands_twice_before_its_answer() -> None:
    lines = [
        RecruiterSpoke("Why?", "a", 0.0, "Front desk", 0),
        RecruiterSpoke("Why?", "a", 1.0, "Front desk", 0),
        RecruiterSpoke("I see.", "b", 5.0, "", 1),
    ]
    shown = transcript(marks(from_text("a fever", "thanks")), lines, "Ines Roth").plain.split("\n\n")
    assert [block.split("  ")[0] for block in shown] == ["Front desk", "Front desk", "You", "Ines Roth", "You"]
