"""What a coach's and a learner's screens show of takes, marks and answers, without a screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bowout.core.coaching.answer import Answer, Comment, Override, Review, Verdict, about
from bowout.core.coaching.dates import by_words, due_words
from bowout.core.coaching.noted import noted, noted_lines
from bowout.core.coaching.result import SentTake
from bowout.core.coaching.shown import commented, mark_rows, notes, transcript_of, without
from bowout.rehearsal.assignments import Assigned, state_words
from bowout.rehearsal.coaching import Held
from bowout.tui.widgets.assignment_list import lines
from bowout.tui.widgets.words_view import blocks
from coachcases import NOW, WEAK, learner_keys, made_take, open_class, result_of


@pytest.fixture
def sent(tmp_path: Path) -> SentTake:
    return result_of(open_class(tmp_path), learner_keys(), *WEAK).sent[0]


@pytest.mark.parametrize(
    ("later", "by", "due"),
    [
        (timedelta(days=2, hours=14, minutes=59), "by Friday", "Friday at 11:59 pm (in 2 days)"),
        (timedelta(hours=6), "by today at 3 pm", "today at 3 pm (in 6 hours)"),
        (-timedelta(days=1), "was due yesterday at 9 am", "yesterday at 9 am (24 hours ago)"),
    ],
)
def test_dates(later: timedelta, by: str, due: str) -> None:
    assert (by_words(NOW + later, NOW), due_words(NOW + later, NOW)) == (by, due)
    assert (by_words(None, NOW), due_words(None, NOW)) == ("", "")


def test_takes_say_whether_they_count_and_why(tmp_path: Path) -> None:
    class_ = open_class(tmp_path, name="Ms Weber")
    takes = (
        made_take(1, state="failed", counted=False, cause="The microphone was unplugged.", score=None, passed=None),
        made_take(2, state="broken_off", score=None, passed=None),
        made_take(3),
        made_take(4, mode="practice", counted=False, cause="It was made in practice mode."),
    )
    each = Assigned(Held(class_.assignment, "Ben", NOW), takes)
    drawn = [str(row.drawn) for row in lines(each, NOW)]
    assert drawn[0].endswith("1 of 3 takes left")
    assert drawn[1].endswith("something failed, not counted\n         The microphone was unplugged.")
    assert drawn[2].endswith("broken off, counted")
    assert "90 of 100, passed   best" in drawn[3] and "not counted\n         It was made in practice mode." in drawn[4]
    assert state_words(each, NOW) == "for Ms Weber, by Friday at 9 am: 1 of 3 takes left"


def test_every_word_on_a_mark_stands_apart(sent: SentTake) -> None:
    sent = replace(sent, disputes={"thanks": "heard"})
    review = Review().overridden(Override(1, "reason", "heard", "I know why.")).agreed(1, "apology")
    rows = {each.row.id: each for each in mark_rows(sent, review)}
    assert (rows["reason"].state, rows["reason"].mine, rows["reason"].reason) == ("not_heard", "heard", "I know why.")
    assert rows["apology"].confirmed and rows["thanks"].open and rows["thanks"].choices == ("heard",)
    assert rows["soft_no"].choices == ("not_found",)
    assert set(list(rows)[:3]) == {"vague_reason", "soft_no", "thanks"}, "what wants a look comes first"
    assert list(rows) == [each.row.id for each in mark_rows(sent, Review())], "and stays where it is"
    assert mark_rows(replace(sent, marks=None), review) == []


def test_words_keep_their_numbers(sent: SentTake) -> None:
    odd = replace(sent.words[0], text=" two words ")
    taken = replace(sent, words=(odd, *sent.words[1:]))
    drawn = blocks(taken, commented(Review((Comment("x", 1, 1, 2),)), 1, len(taken.words)), "Ben")
    words = [word for block in drawn for word in block.words]
    assert [word.index for word in words] == list(range(len(taken.words)))
    assert [word.index for word in words if word.noted] == [1, 2]
    assert transcript_of(taken).turns[0].words[0].text == "twowords"
    assert (drawn[0].who, drawn[0].line, drawn[1].who) == ("They", "Northwind, hello.", "Ben")


def test_a_note_can_be_taken_back() -> None:
    review = Review(
        (Comment("a"), Comment("b", 1, 0, 1, "Hi, um,")), (Override(1, "ask", "heard", "c"),), ((1, "name"),)
    )
    names = [name for name, _ in notes(review)]
    assert [told for _, told in notes(review)][1] == "Take 1, “Hi, um,”: b"
    for name in reversed(names):
        review = without(review, name)
    assert not review


def test_an_answer_comes_back_out_of_a_record(tmp_path: Path) -> None:
    coach = open_class(tmp_path).assignment.coach
    review = Review((Comment("Well done."), Comment("not here", 2)), (Override(1, "ask", "heard", "Clear."),))
    answer = Answer("0" * 32, coach, "0" * 64, "0" * 32, "0" * 32, NOW, review, (Verdict(1, 85, True),))
    said = noted([{"kind": "coach", "from": 3}, {"kind": "coach", **about(answer, 1)}, {"kind": "end"}])
    assert said is not None and said.override("ask") == review.overrides[0]
    assert list(noted_lines(said)) == [
        "Ana Lee: 85 of 100, passed, with their word.", "Well done.", "the decision: heard. Clear.",
    ]  # fmt: skip
    assert noted([{"kind": "coach", "from": "x", "comments": 3}]) is None
