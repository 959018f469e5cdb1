"""The contract of a mark: states, spans, sentences, score, and what must never change it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.criteria import FAULTS, INTENTS, ITEMS, Intent
from bowout.core.marking import Rules, mark
from bowout.core.marks import State, as_json
from bowout.core.transcript import Transcript, Turn, Word, from_text

FACTS = {
    "caller": "Alex Morgan",
    "contact": "David Okafor",
    "company": "Brightwater Clinic",
    "role": "office manager",
    "when": "today at two",
    "reason": "I have come down with a fever",
    "option_1": "Thursday at ten",
    "option_2": "Friday at three",
}
RESCHEDULE = (
    "Good morning, this is Alex Morgan about the office manager interview today at two. I can't make it, I have come "
    "down with a fever. Could we move it to Thursday at ten or Friday at three? I'm sorry for the inconvenience, and "
    "thank you for understanding."
)


def states(text: str, intent: Intent, **more: object) -> dict[str, str]:
    marks = mark(from_text(text), intent, **more)  # type: ignore[arg-type]
    made = {id_: item.state.value for id_, item in marks.items.items()}
    return made | {id_: "found" if fault.found else "-" for id_, fault in marks.faults.items()}


def test_only_what_applies_is_marked() -> None:
    for intent in INTENTS:
        marks = mark(from_text("hello"), intent)
        assert list(marks.items) == [id_ for id_, item in ITEMS.items() if item.applies_to(intent)]
        assert list(marks.faults) == [id_ for id_, fault in FAULTS.items() if fault.applies_to(intent)]


def test_a_good_call_passes_with_quotes_in_the_callers_own_words() -> None:
    marks = mark(from_text(RESCHEDULE), "reschedule", facts=FACTS)
    assert marks.passed and marks.score == 100 and not marks.next_time
    words = RESCHEDULE.split()
    for item in marks.items.values():
        if item.state is State.HEARD:
            assert item.span is not None
            assert item.span.quote == " ".join(words[int(item.span.start) : int(item.span.end)])
            assert not item.say_instead


def test_missed_items_say_what_to_say_and_optional_ones_cost_nothing() -> None:
    marks = mark(from_text("hello"), "withdraw", facts=FACTS)
    for item in marks.items.values():
        if item.state is State.NOT_HEARD:
            assert bool(item.say_instead) == item.required
            assert not set("[]{}") & set(item.say_instead)
    assert "office manager" in marks.items["role"].say_instead
    assert marks.next_time.startswith("State your decision plainly")


@pytest.mark.parametrize("intent", INTENTS)
def test_sentences_without_facts_have_no_placeholder(intent: Intent) -> None:
    marks = mark(from_text("your company is a joke"), intent)
    for sentence in [m.say_instead for m in (*marks.items.values(), *marks.faults.values())]:
        assert not set("[]{}") & set(sentence)


def test_every_found_fault_has_a_span_and_a_sentence() -> None:
    marks = mark(from_text("i overslept sorry sorry i'm so sorry your receptionist was rude to me"), "reschedule")
    found = [fault for fault in marks.faults.values() if fault.found]
    assert {fault.id for fault in found} == {"weak_reason", "over_apology", "negativity"}
    assert all(fault.span is not None and fault.span.quote and fault.say_instead for fault in found)
    assert not marks.passed


def test_a_scenario_that_owes_only_the_decision() -> None:
    marks = mark(from_text("I'm ending this interview now."), "leave", rules=Rules(required=frozenset({"ask"})))
    assert marks.passed and marks.score == 100


def test_unforeseen_circumstances_pass_where_something_came_up_does_not() -> None:
    vague = RESCHEDULE.replace("I have come down with a fever", "something came up")
    believable = RESCHEDULE.replace("I have come down with a fever", "it's due to unforeseen circumstances")
    assert states(vague, "reschedule")["vague_reason"] == "found"
    assert states(vague, "reschedule")["reason"] == "not_heard"
    assert states(believable, "reschedule")["vague_reason"] == "-"
    assert states(believable, "reschedule")["reason"] == "heard"


# Doubt


def doubted(text: str, doubtful: set[str], trust: float = 0.2, otherwise: float = 0.95) -> Transcript:
    words = tuple(
        Word(token, i * 0.4, i * 0.4 + 0.35, trust if token.strip(".,?").lower() in doubtful else otherwise)
        for i, token in enumerate(text.split())
    )
    return Transcript((Turn(0, words, times="approximate"),), "s", "vosk")


def test_without_confidences_nothing_is_unsure() -> None:
    assert "unsure" not in states("hello tank", "withdraw").values()


def test_low_confidence_makes_unsure_and_costs_nothing() -> None:
    text = "hello this is sam lee about the nurse job i withdraw i took another job thanks i wish you luck"
    sure = mark(doubted(text, set()), "withdraw")
    unsure = mark(doubted(text, {"thanks"}), "withdraw")
    assert sure.items["thanks"].state is State.HEARD and sure.passed
    assert unsure.items["thanks"].state is State.UNSURE
    assert unsure.items["thanks"].span is not None
    assert unsure.score == sure.score and not unsure.passed


def test_a_doubted_name_meets_name() -> None:
    marks = mark(doubted("hello this is quibble fnord i withdraw", {"quibble", "fnord"}), "withdraw")
    assert marks.items["name"].state is State.HEARD


def test_a_doubted_sound_alike_is_unsure() -> None:
    assert mark(doubted("i withdraw and tank you", {"tank"}), "withdraw").items["thanks"].state is not State.NOT_HEARD


def test_what_was_credited_is_never_not_heard() -> None:
    marks = mark(from_text("hello"), "withdraw", credited=frozenset({"thanks", "ask"}))
    assert marks.items["thanks"].state is State.UNSURE
    assert marks.items["ask"].state is State.UNSURE


def test_faults_are_not_found_on_doubted_words() -> None:
    text = "i withdraw your company is rubbish"
    assert mark(doubted(text, set()), "withdraw").faults["negativity"].found
    assert not mark(doubted(text, set(text.split())), "withdraw").faults["negativity"].found


# What never changes a mark

FILLERS = ("um", "uh", "well", "please", "you know", "er")


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(("um", "uh", "er"))), max_size=6))
@settings(max_examples=40, deadline=None)
def test_polite_filler_never_loses_an_item(places: list[tuple[int, str]]) -> None:
    words = RESCHEDULE.split()
    for place, filler in sorted(places, reverse=True):
        words.insert(min(place, len(words)), filler)
    before, after = states(RESCHEDULE, "reschedule"), states(" ".join(words), "reschedule")
    assert all(after[id_] == "heard" for id_ in ITEMS if before.get(id_) == "heard")


@given(st.integers(0, 2**60 - 1))
@settings(max_examples=40, deadline=None)
def test_casing_and_punctuation_never_matter(seed: int) -> None:
    words = []
    for index, word in enumerate(RESCHEDULE.split()):
        choice = seed >> index & 1
        stripped = word.strip(".,?!")
        words.append(stripped.upper() if choice else stripped.lower() + "!")
    assert states(" ".join(words), "reschedule") == states(RESCHEDULE, "reschedule")


@given(st.text(max_size=400), st.sampled_from(INTENTS))
@settings(max_examples=60, deadline=None)
def test_any_unicode_returns(text: str, intent: Intent) -> None:
    marks = mark(from_text(text), intent)
    assert 0 <= marks.score <= 100
    for span in [m.span for m in (*marks.items.values(), *marks.faults.values()) if m.span]:
        assert not set(span.quote) & set("\x1b\x00[]<>")


def test_the_same_words_give_the_same_marks() -> None:
    assert as_json(mark(from_text(RESCHEDULE), "reschedule")) == as_json(mark(from_text(RESCHEDULE), "reschedule"))


def test_mark_up_in_a_quote_is_harmless() -> None:
    marks = mark(from_text("[red]hello[/red] \x1b[31mthank you\x1b[0m"), "withdraw")
    quotes = [item.span.quote for item in marks.items.values() if item.span]
    assert quotes and all("\x1b" not in quote and "[" not in quote for quote in quotes)


def test_twenty_thousand_words_take_linear_time() -> None:
    mark(from_text(RESCHEDULE), "reschedule")
    taken = []
    for repeats in (40, 400):
        transcript = from_text(" ".join([RESCHEDULE] * repeats))
        start = time.process_time()
        mark(transcript, "reschedule")
        taken.append(time.process_time() - start)
    assert taken[1] < 25 * taken[0] + 0.5
    assert len(from_text(" ".join([RESCHEDULE] * 400)).words) > 18_000


def test_nonsense_of_any_shape_is_linear_too() -> None:
    for text in ("sorry " * 20_000, "i can not " * 6_000, "at ten or " * 6_000, "x" * 100_000):
        start = time.process_time()
        mark(from_text(text), "reschedule")
        assert time.process_time() - start < 15


# Score


def test_delivery_is_at_most_fifteen_points_and_can_be_left_out() -> None:
    slow = tuple(Word(t, i * 4.0, i * 4.0 + 2.0) for i, t in enumerate(RESCHEDULE.split()))
    transcript = Transcript((Turn(0, slow, times="exact"),), "s", "vosk")
    marks = mark(transcript, "reschedule")
    assert 85 <= marks.score < 100
    assert mark(transcript, "reschedule", rules=Rules(score_delivery=False)).score == 100


def test_weights_can_be_overridden() -> None:
    text = "hello i withdraw"
    light = mark(from_text(text), "withdraw", rules=Rules(weights={"reason": 0, "role": 0, "name": 0, "goodwill": 0}))
    assert light.score > mark(from_text(text), "withdraw").score
