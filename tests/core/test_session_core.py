"""What surrounds a call, without a screen: rating, if-then, two tellings compared, places and the waveform."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core import if_then, rating
from bowout.core.compare import compare, lines
from bowout.core.disputes import Dispute, applied
from bowout.core.if_then import propose, was_said, written
from bowout.core.marks import Delivery, FaultMark, ItemMark, Marks, Span, State
from bowout.core.places import after, places
from bowout.core.rating import Rating, differing, questions, rating_from, regrets, summary
from bowout.core.scenario import Scenario, Step
from bowout.core.transcript import Filler, Transcript, Turn, Word, from_text
from bowout.core.waveform import STEP_S, Levels, blocks, braille, levels, ruler, signs, words_under
from bowout.storage.packs import load_pack

PACK = load_pack(Path(__file__).parents[2] / "scenarios" / "essentials")
SCENARIO: Scenario = next(s for s in PACK.scenarios if s.id == "accepted-another-offer")
FACTS = {"reason": "I have accepted another offer", "option_1": "Monday at 9", "option_2": "Tuesday at 2 pm"}


def call(missed: str = "", fault: str = "", *, unsure: str = "", say: str = "", ear: str = "vosk") -> Marks:
    """A call in which one item was missed or one fault made."""
    items = {}
    for id_ in ("greeting", "ask", "reason", "thanks", "goodwill"):
        state = State.NOT_HEARD if id_ == missed else State.UNSURE if id_ == unsure else State.HEARD
        items[id_] = ItemMark(id_, state, True, Span("x", 1, 2, 0), say if id_ == missed else "")
    faults = {
        id_: FaultMark(id_, id_ == fault, None, say if id_ == fault else "") for id_ in ("leverage", "negativity")
    }
    return Marks("withdraw", 60, False, items, faults, Delivery(), Transcript((), "s", ear))  # type: ignore[arg-type]


# Rating.


def test_asked_is_what_the_call_owes_and_one_line_for_all_faults() -> None:
    marks = call()
    marks = replace(marks, items={**marks.items, "follow_up": ItemMark("follow_up", State.HEARD, False)})
    asked = questions(marks)
    assert [q.id for q in asked] == ["greeting", "ask", "reason", "thanks", "goodwill", ""]
    assert [q.id for q in regrets(marks)] == ["leverage", "negativity"]


def test_nothing_regretted_answers_every_fault_and_a_skipped_line_answers_none() -> None:
    made = rating_from({("ask", False): True, ("", True): False}, call())
    assert made == Rating({"ask": True}, {"leverage": False, "negativity": False})
    assert rating_from({("", True): True, ("leverage", True): True}, call()) == Rating({}, {"leverage": True})
    assert rating_from({}, call()).empty


@pytest.mark.parametrize(
    ("rated", "marks", "apart", "told"),
    [
        (Rating(), call(), {}, ""),
        (Rating({"ask": True}), call(), {}, "You and the ear agree on all that you rated."),
        (Rating({"ask": True}), call(ear="typed"), {}, "You and the trainer agree on all that you rated."),
        (Rating({"ask": False}), call(), {"ask": "not heard"},
         "It went better than it felt: the ear heard the decision."),
        (Rating({"ask": True, "thanks": True}), call("thanks"), {"thanks": "heard"}, "Worth a second look: thanks."),
        (Rating({"ask": False}), call(unsure="ask"), {}, "You and the ear agree on all that you rated."),
        (Rating({}, {"leverage": True}), call(), {"leverage": "fault"},
         "It went better than it felt: what you regret was not found."),
        (Rating({"ask": False}, {"leverage": False}), call(fault="leverage"),
         {"ask": "not heard", "leverage": "not found"},
         "It went better than it felt: the ear heard the decision. Worth a second look: bargaining."),
        (Rating({"gone": False}), call(), {}, "You and the ear agree on all that you rated."),
    ],
)  # fmt: skip
def test_where_the_caller_and_the_ear_part(rated: Rating, marks: Marks, apart: dict[str, str], told: str) -> None:
    assert differing(rated, marks) == apart
    assert summary(rated, marks) == told


def test_the_last_rating_of_a_record_counts_and_damage_is_left_out() -> None:
    events: list[dict[str, Any]] = [
        {"kind": "rating", "items": {"ask": True}, "faults": {}},
        {"kind": "rating", **Rating({"ask": False}, {"leverage": True}).as_event()},
    ]
    assert rating.latest(events) == Rating({"ask": False}, {"leverage": True})
    assert rating.latest([{"kind": "rating", "items": {"ask": "yes"}, "faults": [1]}]) is None


# If, then.


@pytest.mark.parametrize(
    ("marks", "cue", "words"),
    [
        (call("reason", say="I have accepted another offer."), "they ask why", "I have accepted another offer."),
        (call("goodwill", say="I wish you every success."), "they say goodbye", "I wish you every success."),
        (call("greeting", say="Good morning."), "they pick up", "Good morning."),
        (call("greeting", say="Say your first and last name."), "they pick up", ""),
        (call(fault="leverage", say="Leave it out: “I have decided to go elsewhere.”"),
         "they make a better offer", "I have decided to go elsewhere."),
        (call(fault="negativity", say="Keep it neutral: “It isn't the right fit”"), "they ask why",
         "It isn't the right fit."),
        (call(), "they make a better offer", "Thank you, but my decision is made."),
    ],
)  # fmt: skip
def test_the_sentence_comes_from_what_went_worst(marks: Marks, cue: str, words: str) -> None:
    made = propose(marks, SCENARIO, FACTS)
    assert (made.cue, made.words) == (cue, words)


def test_a_disputed_mark_is_the_callers_for_the_sentence_too() -> None:
    marks = applied(call("reason", say="x."), {"reason": Dispute("reason", "not_heard", "heard")})
    assert propose(marks, SCENARIO, FACTS).cue == "they make a better offer"


def test_a_mailbox_beeps_and_a_time_is_answered_with_two() -> None:
    pickup = SCENARIO.steps["pickup"]
    beeps = replace(SCENARIO, steps={**SCENARIO.steps, "pickup": replace(pickup, beep=True)})
    assert propose(call("greeting", say="Hello."), beeps, FACTS).cue == "I hear the beep"
    slot = replace(SCENARIO, intent="reschedule", steps={"pickup": Step("pickup", ("Hm?",), pushback="slot")})
    assert "Monday at 9 or Tuesday at 2 pm" in propose(call(), slot, FACTS).words
    assert "two other times" in propose(call(), slot, {}).words


@pytest.mark.parametrize(
    ("heard", "enough"),
    [
        ("if they say goodbye I will say thank you but my decision is made", True),
        ("thank you my decision's made", True),
        ("thank you", False),
        ("", False),
    ],
)
def test_said_is_what_was_mostly_heard(heard: str, enough: bool) -> None:
    assert was_said("Thank you, but my decision is made.", heard) is enough


def test_written_by_hand_it_is_made_whole() -> None:
    made = written("If  they ask why,", " “It's private.” ")
    assert made is not None and made.sentence == "If they ask why, I will say: “It's private.”"
    assert written("", "x") is None and written("x", " ") is None
    kept = if_then.latest([{"kind": "if_then", **made.as_event()}, {"kind": "if_then", "if": 3, "then": "x"}])
    assert kept == made


# Two tellings.

MODEL = from_text(
    "Hello Maria, this is Sam Lee. I'm calling about the analyst interview today at 3 pm. I have accepted another "
    "offer, so I need to withdraw from the process.",
    "Thank you, but my decision is made. I wish you good luck.",
)


def spoken(*turns: str) -> Transcript:
    """Words with times; “|” is a pause."""
    at, made = 1.0, []
    for index, text in enumerate(turns):
        words = []
        for token in text.split():
            if token == "|":
                at += 0.8
                continue
            words.append(Word(token, round(at, 2), round(at + 0.3, 2)))
            at += 0.35
        made.append(Turn(index, tuple(words), None, None, "approximate"))
        at += 4
    return Transcript(tuple(made), "s", "vosk")


def told(mine: Transcript, other: Transcript = MODEL) -> list[tuple[str, str]]:
    return [(p.mine.text if p.mine else "", p.other.text if p.other else "") for p in compare(mine, other)]


def test_lines_stand_against_the_lines_they_say() -> None:
    mine = spoken(
        "hello maria this is sam lee um | i'm calling about the analyst interview at three i've accepted another offer "
        "so i need to withdraw",
        "well",
        "thank you but no my decision is made",
    )
    assert told(mine) == [
        ("hello maria this is sam lee um", "Hello Maria, this is Sam Lee."),
        ("i'm calling about the analyst interview at three", "I'm calling about the analyst interview today at 3 pm."),
        ("i've accepted another offer", "I have accepted another offer,"),
        ("so i need to withdraw", "so I need to withdraw from the process."),
        ("well", ""),
        ("thank you but no my decision is made", "Thank you, but my decision is made."),
        ("", "I wish you good luck."),
    ]
    pair = compare(mine, MODEL)[1]
    assert pair.other is not None and [pair.other.words[n].text for n in pair.missing] == ["today", "pm."]
    assert pair.mine is not None and pair.mine.turn == 0


def test_what_was_said_in_another_place_is_found_there() -> None:
    pairs = told(spoken("i have accepted another offer hello maria this is sam lee", "i wish you good luck goodbye"))
    assert ("i have accepted another offer", "I have accepted another offer,") in pairs
    late = told(spoken("hello maria this is sam lee", "um it is about today", "i have accepted another offer"))
    assert [model for mine, model in late if mine == "i have accepted another offer"] == [
        "I have accepted another offer,"
    ], "and is not said to have nothing like it in its own place"
    early = told(
        spoken("hello marita this is sam lee | i need to withdraw", "i'm calling about the analyst interview at three")
    )
    said = {model: mine for mine, model in early}
    assert said["so I need to withdraw from the process."].endswith("i need to withdraw"), "in fewer words"
    assert said["Hello Maria, this is Sam Lee."].startswith("hello marita this is sam lee")
    assert not [mine for mine, model in early if not model], "nothing has nothing like it"
    assert any(mine.startswith("i wish you good luck") for mine, model in pairs if model == "I wish you good luck.")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab ,.|", max_size=40), max_size=3), st.lists(st.text("ab ,.", max_size=40), max_size=3))
def test_no_line_of_either_is_lost(mine: list[str], other: list[str]) -> None:
    left, right = spoken(*mine), from_text(*other)
    pairs = compare(left, right)
    said = {word for pair in pairs if pair.mine for word in pair.mine.words}
    assert said == set(left.words)
    wanted = [line for turn in right.turns for line in lines(turn, "word")]
    assert [pair.other for pair in pairs if pair.other is not None] == wanted
    for pair in pairs:
        assert all(n < len(pair.other.words) for n in pair.missing) if pair.other else not pair.missing


# Places and the picture.


def spoken_marks() -> Marks:
    transcript = spoken("hello maria um | thank you")
    words = transcript.words
    items = {"greeting": ItemMark("greeting", State.HEARD, True, Span("hello", words[0].start, words[1].end, 0))}
    faults = {"leverage": FaultMark("leverage", True, Span("thank you", words[3].start, words[4].end, 0))}
    delivery = Delivery(fillers=(Filler("um", words[2].start, words[2].end),))
    return Marks("withdraw", 50, False, items, faults, delivery, transcript)


def test_places_in_their_order_and_round_the_ends() -> None:
    found = places(spoken_marks())
    assert [place.kind for place in found] == ["quote", "filler", "pause", "fault"]
    assert [place.label for place in found] == ["a greeting", "“um”", "0.9 s", "bargaining"]
    assert [after(found, at, 1) for at in (None, 0, 3)] == [0, 1, 0]
    assert [after(found, at, -1) for at in (None, 0, 3)] == [3, 3, 2]
    assert after(found, 0, 1, ("quote", "fault")) == 3 and after(found, 0, 1, ("pause",)) == 2
    assert after((), None, 1) is None
    assert places(replace(spoken_marks(), transcript=from_text("hello"))) == ()


def test_levels_follow_the_sound() -> None:
    rate = 8000
    loud = array("h", (round(16000 * math.sin(n / 3)) for n in range(rate)))
    made = levels(loud.tobytes() + bytes(2 * rate) + b"x", rate, start=2.0)
    assert made.end == pytest.approx(4.0, abs=2 * STEP_S)
    left, right, outside = made.columns(2.0, 5.0, 3)
    assert left == 1.0 and right == 0.0 and outside == 0.0, "a share of the loudest, and nothing outside"
    assert levels(b"", rate).columns(0, 1, 4) == [0.0] * 4
    assert max(Levels((0.01,)).columns(0, STEP_S, 1)) < 0.2, "a silent room is not blown up"


def test_a_picture_of_braille_and_blocks() -> None:
    assert blocks([0, 0.01, 0.5, 1]) == " ▁▄█"
    top, middle, bottom = braille([0.0, 0.0, 1.0, 1.0], 3)
    assert (top, bottom) == ("⠀⣿", "⠀⣿") and middle == "⠤⣿", "a thin line where nobody speaks"


def test_words_and_seconds_stand_under_their_places() -> None:
    words = [Word(text, n * 0.5, n * 0.5 + 0.4) for n, text in enumerate("hello my good friend".split())]
    first, second = words_under(words, 0.0, 2.0, 20)
    assert first.index("hello") == 0 and second.index("my") == 5 and first.index("good") == 10
    assert ruler(0, 4, 44, 2.5).replace("▲", " ").split() == ["╵0:00", "╵0:01", "╵0:02", "╵0:03"]
    assert ruler(0, 4, 44, 2.5).index("▲") == 27
    assert ruler(0, 4, 44, 1.2).split() == ["╵0:00", "▲", "╵0:02", "╵0:03"], "no second is shown with a digit missing"
    assert ruler(0, 4, 44, 1.0).split() == ["╵0:00", "▲0:01", "╵0:02", "╵0:03"]
    assert signs(places(spoken_marks()), 0, 5, 20).split() == ["“", "~", "…", "!"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text("abcd", min_size=1, max_size=9), st.floats(0, 9)), max_size=12),
    st.integers(10, 60),
)
def test_words_under_never_overlap_and_never_leave_the_picture(said: list[tuple[str, float]], width: int) -> None:
    words = sorted((Word(text, at, at + 0.2) for text, at in said), key=lambda word: word.start)
    drawn = words_under(words, 0.0, 9.0, width)
    assert all(len(line) == width for line in drawn)
    shown = [token for line in drawn for token in line.split()]
    assert not Counter(shown) - Counter(word.text for word in words), "no word twice, none torn or run into another"
