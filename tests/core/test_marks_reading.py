"""A result read back is the result that was written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.criteria import INTENTS
from bowout.core.marks import Delivery, FaultMark, ItemMark, Marks, Measure, Provenance, Span, State, as_json
from bowout.core.marks_reading import marks_from_json, provenance_from_json
from bowout.core.transcript import Filler, Transcript, Turn, Word
from bowout.errors import InputError

SECONDS = st.integers(0, 9_000).map(lambda hundredths: hundredths / 100)
TEXT = st.text("abcé’“ .", max_size=12)
MEASURES = st.builds(Measure, st.none() | SECONDS, st.none() | SECONDS, st.none() | SECONDS)


@st.composite
def spans(draw: Any) -> Span | None:
    if draw(st.booleans()):
        return None
    start, end = sorted((draw(SECONDS), draw(SECONDS)))
    return Span(draw(TEXT), start, end, draw(st.integers(0, 7)))


@st.composite
def results(draw: Any) -> Marks:
    times = draw(st.sampled_from(("exact", "approximate", "none")))
    turns, at = [], 0.0
    for index in range(draw(st.integers(0, 3))):
        words = []
        for _ in range(draw(st.integers(1, 4))):
            begin, end = round(at + 0.1, 2), round(at + 0.43, 2)
            confidence = draw(st.none() | st.integers(0, 1000).map(lambda thousandths: thousandths / 1000))
            words.append(Word(draw(st.text("abc'", min_size=1, max_size=5)), begin, end, confidence))
            at = end
        turns.append(Turn(index * 2, tuple(words), times=times))
    items = draw(st.lists(st.sampled_from(("greeting", "ask", "own_item")), unique=True))
    faults = draw(st.lists(st.sampled_from(("leverage", "soft_no")), unique=True))
    fillers = draw(st.none() | st.lists(SECONDS, max_size=3))
    found = None if fillers is None else tuple(Filler("um", s, round(s + 0.3, 2)) for s in sorted(fillers))
    states = st.sampled_from(list(State))
    return Marks(
        draw(st.sampled_from(INTENTS)),
        draw(st.integers(0, 100)),
        draw(st.booleans()),
        {
            id_: ItemMark(id_, draw(states), draw(st.booleans()), draw(spans()), draw(TEXT), draw(TEXT),
                          draw(st.none() | states))
            for id_ in items
        },
        {
            id_: FaultMark(id_, draw(st.booleans()), draw(spans()), draw(TEXT), draw(st.none() | st.booleans()))
            for id_ in faults
        },
        Delivery(*(draw(MEASURES) for _ in range(6)), found),
        Transcript(tuple(turns), "s", draw(st.sampled_from(("vosk", "builtin")))),
        draw(TEXT),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(results(), st.booleans())
def test_read_back_it_is_the_same(marks: Marks, unnamed: bool) -> None:
    made = Provenance() if unnamed else Provenance("s", 3, "ab", 7, "1.0", "small", "1.1")
    data = as_json(marks, made)
    again = marks_from_json(data)
    assert as_json(again, provenance_from_json(data)) == data
    assert (again.items, again.faults) == (marks.items, marks.faults)
    assert again.transcript.words == marks.transcript.words
    assert again.delivery.measures() == marks.delivery.measures()


def test_typed_words_keep_their_places() -> None:
    from bowout.core.transcript import from_text

    marks = Marks("leave", 10, False, {}, {}, Delivery(), from_text("I have to go.", "Thank you."))
    again = marks_from_json(as_json(marks))
    assert again.transcript == marks.transcript


def test_times_of_several_kinds_are_not_called_exact() -> None:
    turns = (Turn(0, (Word("hello", 1.0, 1.3),), times="exact"), Turn(1, (Word("bye", 5.0, 5.1),), times="none"))
    marks = Marks("leave", 10, False, {}, {}, Delivery(), Transcript(turns, "s", "vosk"))
    assert {turn.times for turn in marks_from_json(as_json(marks)).transcript.turns} == {"approximate"}


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"intent": "dance"},
        {"unit": "m"},
        {"items": []},
        {"items": {"ask": {"state": "perhaps", "required": True}}},
        {"items": {"ask": {"state": "heard", "required": True, "quote": "I", "start": None, "end": 1, "turn": 0}}},
        {"delivery": None},
        {"transcript": [{"word": "a", "start": "soon", "end": 1, "turn": 0}]},
        {"score": None},
    ],
)
def test_what_is_no_result_is_said_so(change: dict[str, Any]) -> None:
    data = as_json(Marks("leave", 10, False, {}, {}, Delivery(), Transcript((), "s", "vosk")))
    with pytest.raises(InputError, match="can't be read"):
        marks_from_json({**data, **change})
