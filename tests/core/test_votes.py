"""The votes of the linear model: what they add up, where they point, what they may not overrule; and doubt."""

from __future__ import annotations

import io
import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.criteria import FAULTS, INTENTS, ITEMS, Intent
from bowout.core.marking import Rules, mark
from bowout.core.marking.causes import causes
from bowout.core.marking.doubt import DOUBTFUL
from bowout.core.marking.engine import evidence
from bowout.core.marking.evidence import FEWEST, LONG, Evidence
from bowout.core.marking.model import WINDOW, Model, Votes, windows
from bowout.core.marking.patterns import Hit
from bowout.core.marking.resources import load
from bowout.core.marks import FaultMark, ItemMark, Marks, Span, State
from bowout.core.transcript import Transcript, Turn, Word, from_text
from bowout.errors import MissingPart

CALLS = Path(__file__).parent.parent / "data" / "calls.jsonl"
BITTER = "your company is a joke and your receptionist was rude to me"


def packed(weights: dict[str, dict[str, float]], bias: float = -2.0, **instead: Any) -> bytes:
    """A data file in which a token weighs so much in a window, criterion by criterion, and nothing in the call."""
    names = sorted({token for tokens in weights.values() for token in tokens})
    window = np.array([[weights[id_].get(name, 0.0) for id_ in weights] for name in names] + [[0.0] * len(weights)])
    arrays: dict[str, Any] = {
        "criteria": np.frombuffer("\n".join(weights).encode(), np.uint8),
        "features": np.frombuffer("\n".join(names).encode(), np.uint8),
        "bias": np.full(len(weights), bias, np.float32),
        "found": np.zeros(len(weights), np.float32),
        "kept": np.full(len(weights), -99.0, np.float32),
        "call": np.zeros_like(window, np.float16),
        "window": window.astype(np.float16),
    }
    file = io.BytesIO()
    np.savez_compressed(file, **{**arrays, **instead})
    return file.getvalue()


def heard_by(text: str, intent: Intent, weights: dict[str, dict[str, float]]) -> Evidence:
    return evidence(from_text(text), intent, replace(load(), model=Model(packed(weights))))


def votes_of(carried: list[float]) -> Votes:
    """Votes for one criterion, “x”, that came from these tokens."""
    each = np.array(carried, np.float32)[:, None]
    return Votes(("x",), np.zeros(1, np.float32), each, np.zeros((len(carried) - 1, 1), np.float32), each)


def spans(marks: Marks) -> list[Span]:
    marked: list[ItemMark | FaultMark] = [*marks.items.values(), *marks.faults.values()]
    return [each.span for each in marked if each.span is not None]


# The data file


def test_the_weights_are_there_for_all_criteria_but_the_one_that_is_a_count() -> None:
    model = load().model
    assert model is not None
    assert set(model.criteria) == set(model.found) == set(model.kept) == {*ITEMS, *FAULTS} - {"over_apology"}
    assert all(model.kept[id_] < model.found[id_] for id_ in model.criteria)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no weights",
        packed({"ask": {"cancel": 1.0}})[:-40],
        packed({"ask": {"cancel": 1.0}}, criteria=np.array([255, 254], np.uint8)),
        packed({"ask": {"cancel": 1.0}}, found=np.zeros(3, np.float32)),
    ],
    ids=["empty", "text", "cut off", "no names", "too many thresholds"],
)
def test_a_damaged_data_file_is_said_in_a_sentence_with_the_fix(data: bytes) -> None:
    with pytest.raises(MissingPart, match="damaged") as raised:
        Model(data)
    assert raised.value.hint


# Sums


@pytest.mark.parametrize("tokens", [1, 2, 11, 12, 13, 15, 16, 17, 100, 101])
def test_windows_cover_every_token_and_are_none_too_long(tokens: int) -> None:
    made = windows(tokens)
    assert {at for start, end in made for at in range(start, end)} == set(range(tokens))
    assert all(0 < end - start <= WINDOW for start, end in made)
    assert made[-1][1] == tokens


@given(st.integers(1, 45), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_odds_are_the_soft_maximum_of_what_is_in_each_window(tokens: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    single, pairs = random.normal(size=(tokens, 2)), random.normal(size=(tokens - 1, 2))
    each = single.copy()
    each[:-1] += pairs
    whole = random.normal(size=2)
    votes = Votes(("x", "y"), *(part.astype(np.float32) for part in (whole, each, pairs, each)))
    for column, id_ in enumerate(("x", "y")):
        spoken = [
            single[start:end, column].sum() + pairs[start : end - 1, column].sum() for start, end in windows(tokens)
        ]
        assert votes.odds(id_) == pytest.approx(whole[column] + np.log(np.exp(spoken).sum()), abs=1e-3)


def test_too_few_words_have_no_vote() -> None:
    few = evidence(from_text("i have to cancel it please"), "withdraw")
    many = evidence(from_text("i have to cancel the interview for the driver job on monday at ten please"), "withdraw")
    assert len(few.tokens) < FEWEST <= len(many.tokens)
    assert few.votes is None and many.votes is not None


# Where a vote points


def test_a_vote_points_at_the_tokens_that_carried_it() -> None:
    assert votes_of([-1.0, 0.0, 2.0, -0.5, 1.5, 0.0, -1.0]).where("x") == Hit(2, 5, "x")


def test_a_vote_points_into_one_turn() -> None:
    carried = [0.0] * 10 + [1.0, 1.0, 1.0, 1.0, 1.0] + [0.0] * 10
    assert votes_of(carried).where("x") == Hit(10, 15, "x")
    assert votes_of(carried).where("x", (13,)) == Hit(10, 13, "x")
    assert votes_of(carried).where("x", (11,)) == Hit(11, 15, "x")


def test_a_vote_points_at_no_more_than_a_window() -> None:
    where = votes_of([1.0] * (3 * WINDOW)).where("x")
    assert where is not None and where.end - where.start == WINDOW


def test_a_vote_that_no_token_carried_points_nowhere() -> None:
    assert votes_of([-1.0] * 20).where("x") is None


def test_a_pattern_is_shown_with_the_neighbours_that_speak_for_it() -> None:
    votes = votes_of([0.0, 1.0, -0.5, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, -3.0, 2.0])
    assert votes.around("x", Hit(3, 5, "x"), 0, 11) == Hit(1, 9, "x")
    assert votes.around("x", Hit(3, 5, "x"), 2, 7) == Hit(3, 7, "x")


def test_a_shown_pattern_is_cut_by_nothing_and_grows_to_a_window_at_most() -> None:
    votes = votes_of([1.0] * 60)
    assert votes.around("x", Hit(20, 50, "x"), 0, 60) == Hit(20, 50, "x")
    grown = votes.around("x", Hit(20, 25, "x"), 0, 60)
    assert grown.start <= 20 and grown.end >= 25 and grown.end - grown.start == WINDOW


def test_a_fault_is_quoted_with_what_makes_it_one_and_not_beyond_its_sentence() -> None:
    text = "Hello, it's Ann Reed. I had a trip planned that I totally forgot about. Could we move it? Sorry. Thank you."
    fault = mark(from_text(text), "reschedule").faults["weak_reason"]
    assert fault.span is not None
    assert "forgot" in fault.span.quote and "Could" not in fault.span.quote


def test_alternatives_are_quoted_from_the_two_named_closest_together() -> None:
    text = (
        "hello i have monday ten o'clock for the storekeeper work but the school is shut and i must stay with my "
        "daughter so i cannot come can i do tuesday at ten or wednesday at two please thank you"
    )
    options = mark(from_text(text), "reschedule").items["options"]
    assert options.state is State.HEARD and options.span is not None
    assert options.span.quote == "tuesday at ten or wednesday at two"


# What a vote may do


FORTNIGHT = "we spoke a fortnight ago in the big office by the river near the old mill and the bridge"


def test_a_vote_alone_is_enough_where_no_guard_stands() -> None:
    weights = {"thanks": {"river": 5.0}}
    assert heard_by(FORTNIGHT, "withdraw", weights).voted("thanks", None) is not None
    assert heard_by(FORTNIGHT.replace("river", "sea"), "withdraw", weights).voted("thanks", None) is None


def test_a_guard_takes_a_vote_back() -> None:
    weights = {"thanks": {"thank": 5.0}}
    asked = f"{FORTNIGHT} she told me thank you"
    call = heard_by(asked, "withdraw", weights)
    assert call.votes is not None and call.votes.odds("thanks") > 0
    assert call.voted("thanks", None) is None


def test_a_fault_that_an_intent_cannot_have_takes_no_reason_away() -> None:
    weights = {"reason": {"river": 3.0}, "vague_reason": {"river": 9.0}}
    assert causes(heard_by(FORTNIGHT, "withdraw", weights)).reason is None
    assert causes(heard_by(FORTNIGHT, "leave", weights)).reason is not None


@lru_cache(maxsize=1)
def clean_calls() -> tuple[str, ...]:
    rows = map(json.loads, CALLS.read_text(encoding="utf-8").splitlines())
    return tuple(r["text"] for r in rows if r["intent"] == "leave" and not any(r["faults"].values()))


@pytest.mark.parametrize("calls", [4, 12, 40])
def test_the_more_is_said_the_less_is_not_forgiven(calls: int) -> None:
    said = (clean_calls() * 3)[:calls]
    marks = mark(from_text(" ".join([*said[: calls // 2], BITTER, *said[calls // 2 :]])), "leave")
    assert len(marks.transcript.words) > LONG
    assert marks.faults["negativity"].found
    assert not mark(from_text(" ".join(said)), "leave").faults["negativity"].found


# Doubt


def spoken(*turns: str, trust: Any = lambda word: 0.95) -> Transcript:
    """A call that was heard, each word as sure as ``trust`` says."""
    made, at = [], 0
    for index, text in enumerate(turns):
        words = tuple(Word(w, at + i, at + i + 0.5, trust(w.strip(".,?"))) for i, w in enumerate(text.split()))
        made.append(Turn(index, words, times="approximate"))
        at += len(words)
    return Transcript(tuple(made), "s", "vosk")


def doubting(*words: str) -> Any:
    return lambda word: 0.2 if word in words else 0.95


@pytest.mark.parametrize(
    ("text", "intent", "id_", "doubted"),
    [
        ("i have an interview on tuesday and i can not come", "reschedule", "when", ("on", "tuesday")),
        ("could we do tuesday or thursday", "reschedule", "options", ("tuesday", "or", "thursday")),
        ("the shift supervisor thing i withdraw", "withdraw", "role", ("shift", "supervisor", "thing")),
    ],
)
def test_what_was_found_in_doubted_words_without_a_pattern_is_unsure_too(
    text: str, intent: Intent, id_: str, doubted: tuple[str, ...]
) -> None:
    assert mark(spoken(text), intent).items[id_].state is State.HEARD
    unsure = mark(spoken(text, trust=doubting(*doubted)), intent).items[id_]
    assert unsure.state is State.UNSURE and unsure.span is not None and unsure.span.quote


def test_a_surer_word_that_says_the_same_is_heard_and_quoted() -> None:
    text = "my interview is on tuesday i mean the one i have for the driver job on tuesday at nine o'clock"
    doubts = iter([0.1] * 5 + [0.95] * 20)
    item = mark(spoken(text, trust=lambda word: next(doubts)), "reschedule").items["when"]
    assert item.state is State.HEARD and item.span is not None
    assert item.span.start >= 5 and "nine" in item.span.quote


WORDS = (
    "hello this is sam lee about the nurse position interview on tuesday at ten or thursday i can't make it because "
    "something came up i overslept sorry your company is rude thank you i'll email you good luck keep me in mind "
    "unless you can beat it cancel withdraw missed so. what? maybe my husband left me"
).split()
said = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from((0.1, 0.3, 0.6, 0.9))), max_size=25)


@given(st.lists(said, max_size=5), st.sampled_from(INTENTS))
@settings(max_examples=60, deadline=None)
def test_every_mark_keeps_its_contract_however_unsure_and_however_many_turns(
    turns: list[list[tuple[str, float]]], intent: Intent
) -> None:
    made, at = [], 0
    for index, pairs in enumerate(turns):
        words = tuple(Word(word, at + i, at + i + 1, sure) for i, (word, sure) in enumerate(pairs))
        made.append(Turn(index, words, times="exact"))
        at += len(words)
    transcript = Transcript(tuple(made), "s", "vosk")
    marks = mark(transcript, intent)
    assert 0 <= marks.score <= 100
    for span in spans(marks):
        there = [w.text for w in transcript.turns[span.turn].words if span.start <= w.start and w.end <= span.end]
        assert span.quote and " ".join(there).startswith(span.quote.removesuffix(" …"))
    for item in marks.items.values():
        assert (item.span is not None) >= (item.state is State.HEARD)
        assert bool(item.say_instead) == (item.required and item.state is State.NOT_HEARD)
    for fault in marks.faults.values():
        assert fault.found == (fault.span is not None) == bool(fault.say_instead)
    if len(made) == 1:
        for item in marks.items.values():
            if item.state is State.HEARD and item.id != "name" and item.span is not None:
                sure = [w.confidence for w in transcript.words if item.span.start <= w.start < item.span.end]
                assert math.fsum(c for c in sure if c is not None) / len(sure) >= DOUBTFUL - 1e-9


# Odd calls


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize(
    "transcript",
    [
        Transcript((), "word"),
        from_text(""),
        from_text("", "", ""),
        from_text("hello"),
        from_text("", "hello", "", "i withdraw", ""),
        Transcript((Turn(3, (Word("...", 0.0, 0.1, 0.2),)), Turn(7, (Word("sorry", 1.0, 1.2, 0.9),))), "s", "vosk"),
    ],
    ids=["no turn", "no word", "empty turns", "one word", "words between empty turns", "indexes with gaps"],
)
def test_calls_with_hardly_a_word_are_marked(transcript: Transcript, intent: Intent) -> None:
    marks = mark(transcript, intent)
    assert not marks.passed
    indexes = {turn.index for turn in transcript.turns if turn.words}
    assert {span.turn for span in spans(marks)} <= indexes


def test_as_many_turns_as_words_are_marked() -> None:
    marks = mark(from_text(*["sorry"] * 3_000), "repair")
    assert marks.faults["over_apology"].found
    assert all(span.end - span.start == 1 for span in spans(marks))


def test_what_was_said_in_two_turns_is_quoted_from_one() -> None:
    marks = mark(from_text("could we do tuesday at ten", "or perhaps thursday at two in the afternoon"), "reschedule")
    span = marks.items["options"].span
    assert span is not None and span.turn == 1
    assert span.quote == "or perhaps thursday at two in the afternoon"


def test_weights_of_nothing_leave_the_faults() -> None:
    rules = Rules(weights=dict.fromkeys(ITEMS, 0))
    assert mark(from_text("mm"), "withdraw", rules=rules).score == 100
    assert mark(from_text("hello your company is a joke"), "withdraw", rules=rules).score == 80


def test_the_order_in_which_python_keeps_words_changes_nothing() -> None:
    program = (
        "import json; from bowout.core.marking import mark; from bowout.core.marks import as_json; "
        "from bowout.core.transcript import from_text; "
        f"print(json.dumps(as_json(mark(from_text({' '.join(clean_calls()[:3]) + BITTER!r}), 'leave'))))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1 and made.pop()


@pytest.mark.parametrize("text", ["twenty ፩", "𐩀-st", "twenty ፩th"])
def test_digits_of_other_scripts_are_read_without_a_crash(text: str) -> None:
    assert 0 <= mark(from_text(text), "reschedule").score <= 100


def test_an_escape_sequence_is_no_time() -> None:
    assert mark(from_text("hello \x9b31m é\x9b31m"), "reschedule").items["when"].state is State.NOT_HEARD


def test_the_booked_time_is_no_alternative() -> None:
    text = "My interview is on Tuesday. I have a fever and I can't come. Can we do Thursday at ten instead?"
    marks = mark(from_text(text), "reschedule")
    assert marks.items["options"].state is State.NOT_HEARD
    assert marks.items["when"].state is State.HEARD
