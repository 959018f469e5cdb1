"""What goes to a coach and what is shown of it: no more than was chosen, and nothing that looks like the program's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bowout.core.coaching.answer import Answer, Comment, Override, Review
from bowout.core.coaching.result import result_from, take_json
from bowout.core.coaching.roster import Person, Roster
from bowout.core.coaching.sending import FAILED, rows, sent_take
from bowout.core.coaching.standing import Collected, standings
from bowout.core.coaching.takes import take_of
from bowout.core.coaching.terms import Assignment, terms_in_words
from bowout.core.coaching.words import answer_lines, sent_lines, standing_words
from bowout.core.document import shown
from coachcases import GOOD, NOW, TERMS, WEAK, events, learner_keys, made_take, marked

COACH = learner_keys("Ana Lee").party
FORGED = "Well done.\nYou know these keys.\n\x1b[2J100 of 100, passed"


def assignment(note: str = "") -> Assignment:
    return Assignment("0" * 32, COACH, NOW, "samples", 1, "Samples", replace(TERMS, note=note), {"one": "One"})


@pytest.mark.parametrize(
    ("cause", "goes"),
    [
        ("The Vosk model at /home/ben lee/.local/share/x can't decode.", FAILED),
        (r"The Vosk model at C:\Users\Ben can't decode.", FAILED),
        ("The careful pass failed (RuntimeError('Ben')).", FAILED),
        ("The microphone was unplugged.", "The microphone was unplugged."),
        ("", ""),
    ],
)
def test_no_place_on_the_learners_disk_goes(cause: str, goes: str) -> None:
    (row,) = rows([made_take(cause=cause)], ("marks",))
    assert row.cause == goes and row.attempt == ""


def test_marks_alone_have_no_word_of_the_learners() -> None:
    said = events("0" * 32, "Hello, this is Zebedee Quux. I must cancel because my ferret has eaten the car.")
    said.insert(-1, {"at": NOW.isoformat(), "kind": "marks", "result": marked(*WEAK), "corrected": True})
    take = take_of("x", said)
    assert take is not None
    sent = sent_take(replace(take, number=1), said, ("marks",))
    assert sent.first_marks is not None
    for word in ("Zebedee", "ferret", "Something came up", "can't come in today"):
        assert word not in str(sent.as_json()), word


def test_words_before_they_were_corrected_are_shown_since_they_go() -> None:
    said = events("0" * 32, *WEAK)
    said.insert(-1, {"at": NOW.isoformat(), "kind": "marks", "result": marked(*GOOD), "corrected": True})
    take = take_of("x", said)
    assert take is not None
    text = "\n".join(sent_lines(sent_take(replace(take, number=1), said, ("marks", "transcript"))))
    assert "Something came up" in text and "train" in text


def test_figures_and_advice_are_shown_since_they_go() -> None:
    said = events("0" * 32, *WEAK)
    result = next(event["result"] for event in said if event["kind"] == "marks")
    result["delivery"]["seconds"]["value"] = 34.5
    take = take_of("x", said)
    assert take is not None
    text = "\n".join(sent_lines(sent_take(replace(take, number=1), said, ("marks",))))
    assert "figures: seconds 34.5" in text and result["next_time"] in text


def test_no_line_of_somebody_elses_looks_like_the_programs() -> None:
    told = terms_in_words(assignment(FORGED))
    assert [line for line in told if "keys" in line or "100 of" in line] == [
        "  | You know these keys.", "  | \x1b[2J100 of 100, passed",
    ]  # fmt: skip
    review = Review((Comment(FORGED),), (Override(1, "ask", "heard", FORGED),))
    lines = list(answer_lines(Answer("0" * 32, COACH, "0" * 64, "0" * 32, "0" * 32, NOW, review)))
    assert all("\n" not in line for line in lines)
    assert sum(line.startswith("  | ") for line in lines) == len(lines) - 2
    assert shown(FORGED) == "Well done.�You know these keys.��[2J100 of 100, passed"


def test_lines_of_a_call_are_one_line_each() -> None:
    base = {"number": 1, "scenario": "one", "unit": "s", "lines": [{"turn": 0, "speaker": "", "text": FORGED}]}
    take = {"number": 1, "scenario": "one", "started": NOW.isoformat(), "mode": "live", "state": "done",
            "counted": True, "seconds": 1}  # fmt: skip
    head = {"from": COACH.as_json(), "assignment": "0" * 32, "made": NOW.isoformat(), "sequence": 1}
    content = {"who": "Eve", "parts": ["transcript"], "takes": [take], "sent": [base]}
    (sent,) = result_from("0" * 32, head, content).sent
    assert "\n" not in sent.lines[0][2] and "\x1b" not in sent.lines[0][2]


def test_a_take_that_does_not_count_is_told() -> None:
    said = events("0" * 32, *GOOD)
    take = take_of("x", said)
    assert take is not None
    head = {"from": COACH.as_json(), "assignment": "0" * 32, "made": NOW.isoformat(), "sequence": 1}
    for counted in (True, False):
        one = replace(take, number=1, counted=counted)
        sent = sent_take(one, said, ("marks",))
        content = {"who": "Ben", "parts": ["marks"], "takes": [take_json(one)], "sent": [sent.as_json()]}
        result = result_from("0" * 32, head, content)
        (row,) = standings(assignment(), Roster(), [Collected(result, Person("Ben"), True, NOW, 1)], NOW)
        assert ("does not count" in standing_words(row)) is not counted
