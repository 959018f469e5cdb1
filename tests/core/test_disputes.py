"""The caller's own word on a mark: beside the engine's, taken back by the same key, and a labelled call made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.disputes import Dispute, applied, labelled, opposed, published_states, standing, states, toggled
from bowout.core.marking import mark
from bowout.core.marks import Delivery, FaultMark, ItemMark, Marks, Provenance, Span, State, as_json
from bowout.core.review import dispute_words, fault_row, item_row, stretches
from bowout.core.transcript import from_text

SAID = from_text("hello this is sam", "thanks a lot")
MARKS = Marks(
    "withdraw",
    61,
    False,
    {
        "greeting": ItemMark("greeting", State.HEARD, True, Span("hello", 0, 1, 0)),
        "role": ItemMark("role", State.UNSURE, True, Span("sam", 3, 4, 0)),
        "reason": ItemMark("reason", State.NOT_HEARD, True, None, "I have taken another job."),
    },
    {
        "negativity": FaultMark("negativity", False),
        "mixed_message": FaultMark("mixed_message", True, Span("a lot", 5, 7, 1), "Close it kindly."),
    },
    Delivery(),
    SAID,
)


def event(criterion: object, user: object, engine: object = "not_heard", **more: Any) -> dict[str, Any]:
    return {"kind": "dispute", "criterion": criterion, "engine": engine, "user": user, **more}


def record(*events: dict[str, Any], marks: Marks = MARKS, **start: Any) -> list[dict[str, Any]]:
    made = {"kind": "marks", "result": as_json(marks, Provenance(marking_version="1.2"))}
    return [{"kind": "start", "intent": "withdraw", **start}, made, *events]


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ("greeting", ["not_heard", None]),
        ("reason", ["heard", None]),
        ("role", ["heard", "not_heard", None]),
        ("negativity", ["found", None]),
        ("mixed_message", ["not_found", None]),
    ],
)
def test_one_key_goes_round(criterion: str, words: list[str | None]) -> None:
    """The opposite, then the engine's again; an unsure item can be either. The record alone tells where it stands."""
    kept: list[dict[str, Any]] = []
    for word in words * 2:
        dispute = toggled(MARKS, standing(kept), criterion, "1.2")
        assert (dispute.user, dispute.engine, dispute.marking) == (word, states(MARKS)[criterion], "1.2")
        kept.append({"kind": "dispute", **dispute.as_event()})
        assert set(standing(kept)) == ({criterion} if word else set())


def test_the_callers_word_stands_beside_the_engines() -> None:
    mine = standing([event("reason", "heard"), event("mixed_message", "not_found", "found")])
    after = applied(MARKS, mine)
    assert not MARKS.disputed and after.disputed
    assert (after.items["reason"].state, after.items["reason"].yours) == (State.NOT_HEARD, State.HEARD)
    assert (after.faults["mixed_message"].found, after.faults["mixed_message"].yours) == (True, False)
    assert (after.score, after.passed, after.items["greeting"]) == (61, False, MARKS.items["greeting"])
    assert applied(after, {}) == MARKS, "taken back, nothing is left of it"
    shown = as_json(after)
    assert (shown["items"]["reason"]["state"], shown["items"]["reason"]["yours"]) == ("not_heard", "heard")
    assert (shown["faults"]["mixed_message"]["found"], shown["faults"]["mixed_message"]["yours"]) == (True, False)
    assert "yours" not in shown["items"]["greeting"]
    assert published_states(shown) == states(MARKS), "what is published as the engine's stays the engine's"


def test_nothing_is_disputed_where_both_say_the_same() -> None:
    """Words are corrected, the engine comes round: the dispute stays in the record and counts no more."""
    mine = {"reason": Dispute("reason", "not_heard", "heard")}
    agreed = replace(MARKS, items=MARKS.items | {"reason": ItemMark("reason", State.HEARD, True)})
    assert applied(MARKS, mine).disputed and not applied(agreed, mine).disputed
    assert toggled(agreed, mine, "reason").user == "not_heard"


def test_an_answer_that_does_not_fit_its_mark_is_none() -> None:
    """A record that somebody has edited, or an item that a new version of the scenario lost."""
    strange = [
        event("reason", "found"), event("greeting", "unsure"), event("negativity", "heard"), event("gone", "heard"),
        event(["x"], "heard"), event("role", 5), {"kind": "marks", "criterion": "role", "user": "heard"},
    ]  # fmt: skip
    assert opposed(states(MARKS), standing(strange)) == {}
    assert applied(MARKS, standing(strange)) == MARKS


@given(st.lists(st.tuples(st.sampled_from(sorted(states(MARKS))), st.booleans()), max_size=12))
def test_the_last_word_counts(words: list[tuple[str, bool]]) -> None:
    kept = [event(id_, "heard" if on else None) for id_, on in words]
    assert set(standing(kept)) == {id_ for id_, on in dict(words).items() if on}


@pytest.mark.parametrize("result", [None, [], "x", {"items": 3, "faults": [1]}, {"items": {"ask": 5}, "faults": None}])
def test_a_result_of_a_strange_shape_has_no_states(result: object) -> None:
    assert published_states(result) == {}


def test_rows_say_whose_word_it_is() -> None:
    after = applied(MARKS, standing([event("reason", "heard"), event("negativity", "found"), event("role", "heard")]))
    reason, role = item_row(after.items["reason"]), item_row(after.items["role"])
    assert (reason.glyph, reason.word, reason.tone, reason.engine) == ("✓", "heard", "good", "not heard")
    assert not reason.say_instead, "who said it needs no sentence to say it"
    assert (role.word, role.engine) == ("heard", "unsure")
    found = fault_row(after.faults["negativity"])
    assert (found.glyph, found.word, found.engine) == ("!", "fault", "not found")
    spared = fault_row(applied(MARKS, standing([event("mixed_message", "not_found")])).faults["mixed_message"])
    assert (spared.glyph, spared.word, spared.engine, spared.say_instead) == ("·", "not found", "fault", "")
    assert item_row(MARKS.items["reason"]).engine == fault_row(MARKS.faults["mixed_message"]).engine == ""


def test_the_transcript_names_what_is_disputed() -> None:
    after = applied(MARKS, standing([event("greeting", "not_heard"), event("mixed_message", "not_found")]))
    assert stretches(SAID.turns[0], after)[0].labels == ("a greeting (disputed)",)
    assert stretches(SAID.turns[1], after)[-1].labels == ("a mixed message (disputed)",)


def test_the_key_says_what_it_did_and_what_it_does_next() -> None:
    mine = dispute_words(Dispute("reason", "not_heard", "heard"), "a reason")
    assert mine == "“a reason” is yours now: heard. D takes it back."
    assert "D again makes it not heard" in dispute_words(Dispute("role", "unsure", "heard"), "which job")
    assert "D takes it back" in dispute_words(Dispute("role", "unsure", "not_heard"), "which job")
    back = dispute_words(Dispute("reason", "not_heard", None), "a reason")
    assert back == "Taken back. “a reason” is the trainer's again: not heard. D disputes it."
    assert "no record" in dispute_words(Dispute("reason", "not_heard", "heard"), "a reason", kept=False)


class TestLabelled:
    def test_the_callers_states_and_the_engines_where_nobody_objects(self) -> None:
        made = labelled("a", record(event("mixed_message", "not_found"), event("reason", "heard"), channel="in_person"))
        assert made == {
            "id": "a",
            "intent": "withdraw",
            "channel": "in_person",
            "text": "hello this is sam\nthanks a lot",
            "items": {"greeting": True, "reason": True},
            "faults": {"mixed_message": False, "negativity": False},
            "disputed": ["reason", "mixed_message"],
            "marking": "1.2",
        }, "unsure is no label, so role is left out"

    def test_an_unsure_item_is_a_label_once_the_caller_decides(self) -> None:
        made = labelled("a", record(event("role", "not_heard")))
        assert made is not None and made["items"]["role"] is False and made["disputed"] == ["role"]

    @pytest.mark.parametrize(
        ("start", "more", "channel"),
        [
            ({"channel": "phone"}, [], "call"),
            ({"channel": "video"}, [], "call"),
            ({}, [], "call"),
            ({"channel": "phone"}, [{"kind": "beep"}], "voicemail"),
        ],
    )
    def test_channels_are_those_of_labelled_calls(
        self, start: dict[str, Any], more: list[dict[str, Any]], channel: str
    ) -> None:
        made = labelled("a", record(event("reason", "heard"), *more, **start))
        assert made is not None and made["channel"] == channel

    def test_the_last_marks_are_what_is_labelled(self) -> None:
        again = replace(MARKS, transcript=from_text("hello", "cheers"))
        events = [*record(event("reason", "heard")), *record(marks=again)[1:]]
        made = labelled("a", events)
        assert made is not None and made["text"] == "hello\ncheers"

    @pytest.mark.parametrize(
        "events",
        [
            record(),
            record(event("reason", "heard"), event("reason", None)),
            record(event("greeting", "heard")),
            record(event("reason", "heard"), marks=replace(MARKS, transcript=from_text())),
            [event("reason", "heard")],
            record(
                event("short_break", "heard"),
                marks=replace(MARKS, items={"short_break": ItemMark("short_break", State.NOT_HEARD, True)}),
            ),
        ],
        ids=["nothing", "taken back", "agreed", "no words", "no marks", "a scenario's own"],
    )
    def test_what_is_no_example(self, events: list[dict[str, Any]]) -> None:
        assert labelled("a", events) is None

    def test_an_item_of_a_scenarios_own_is_left_out_of_a_line(self) -> None:
        marks = replace(MARKS, items=MARKS.items | {"short_break": ItemMark("short_break", State.HEARD, True)})
        made = labelled("a", record(event("reason", "heard"), event("short_break", "not_heard"), marks=marks))
        assert made is not None and "short_break" not in made["items"] and made["disputed"] == ["reason"]

    @pytest.mark.parametrize("intent", ["reschedule", "withdraw", "leave", "repair"])
    def test_a_real_call_has_every_criterion_of_its_intent(self, intent: Any) -> None:
        marks = mark(from_text("hello this is sam i have to stop here thank you"), intent)
        made = labelled("a", record(event("thanks", "not_heard"), marks=marks))
        assert made is not None and made["intent"] == intent
        assert set(made["items"]) == {i.id for i in ITEMS.values() if i.applies_to(intent)}
        assert set(made["faults"]) == {f.id for f in FAULTS.values() if f.applies_to(intent)}
