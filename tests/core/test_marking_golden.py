"""Calls of the kind advice on cancelling gives, said as they should be, and with each known mistake put in."""

from __future__ import annotations

import pytest

from bowout.core.criteria import Intent
from bowout.core.marking import mark
from bowout.core.transcript import from_text

SAME_DAY = (
    "Good morning Ms Hart, this is Nadia Brandt. I'm calling about my interview for the marketing coordinator "
    "position this afternoon at three. {reason}, and I'm unable to attend. {apology} {ask} {thanks} I'll send you an "
    "email to confirm."
)
SAME_DAY_PARTS = {
    "reason": "Due to unforeseen circumstances something at home needs me today, a family emergency",
    "apology": "I apologise for the short notice.",
    "ask": "Could we move it to Wednesday at ten or Thursday at two?",
    "thanks": "Thank you for your understanding.",
}
WITH_NOTICE = (
    "Hello Mr Adeyemi, my name is Tom Weller. I have an interview with you for the data analyst role next Tuesday at "
    "eleven. {reason}, so I need to reschedule. {ask} {apology} {thanks}"
)
WITH_NOTICE_PARTS = {
    "reason": "I have a scheduling conflict that day",
    "apology": "I'm sorry for the inconvenience.",
    "ask": "Would Thursday at nine or Friday afternoon at two suit you?",
    "thanks": "Thank you for your flexibility.",
}
WITHDRAWAL = (
    "Good afternoon Mrs Lindqvist, this is Omar Haddad. Thank you for inviting me to interview for the project manager "
    "position on Friday. {reason}, so {ask} {thanks} I wish you every success in finding the right person. {more}"
)
WITHDRAWAL_PARTS = {
    "reason": "I have accepted another offer",
    "ask": "I would like to withdraw my application.",
    "thanks": "I really appreciate your time.",
    "more": "",
}
CALLS: dict[str, tuple[str, dict[str, str], Intent]] = {
    "same day": (SAME_DAY, SAME_DAY_PARTS, "reschedule"),
    "with notice": (WITH_NOTICE, WITH_NOTICE_PARTS, "reschedule"),
    "withdrawal": (WITHDRAWAL, WITHDRAWAL_PARTS, "withdraw"),
}

MISTAKES: list[tuple[str, dict[str, str], str]] = [
    ("same day", {"reason": "Something came up"}, "vague_reason"),
    ("with notice", {"reason": "There's stuff going on"}, "vague_reason"),
    ("withdrawal", {"reason": "It's due to reasons"}, "vague_reason"),
    ("same day", {"reason": "I overslept"}, "weak_reason"),
    ("with notice", {"reason": "I haven't prepared for it yet"}, "weak_reason"),
    ("withdrawal", {"reason": "I read some bad reviews about you online"}, "weak_reason"),
    ("same day", {"reason": "I've been throwing up all night and I have the runs"}, "oversharing"),
    ("with notice", {"reason": "My husband moved out on Sunday and we are getting a divorce"}, "oversharing"),
    ("same day", {"ask": "Maybe we could do it some other time. I'm not sure I'm still interested."}, "soft_no"),
    ("with notice", {"ask": "I'll let you know when I'm free."}, "soft_no"),
    ("withdrawal", {"more": "Please keep me in mind if anything else comes up."}, "mixed_message"),
    ("withdrawal", {"more": "Could we do it next month instead?"}, "mixed_message"),
    ("withdrawal", {"more": "Your recruiter was rude and the process was a waste of my time."}, "negativity"),
    ("same day", {"thanks": "Thank you, though your company is badly organised."}, "negativity"),
    ("withdrawal", {"ask": "I would like to withdraw unless you can beat their salary."}, "leverage"),
    ("same day", {"apology": "I'm so sorry, I do apologise, I feel terrible, sorry again."}, "over_apology"),
]


def text_of(name: str, **parts: str) -> tuple[str, Intent]:
    script, usual, intent = CALLS[name]
    return script.format(**{**usual, **parts}), intent


@pytest.mark.parametrize("name", CALLS)
def test_said_as_written_it_passes(name: str) -> None:
    text, intent = text_of(name)
    for said in (text, text.lower().replace(",", "").replace(".", "").replace("?", "")):
        marks = mark(from_text(said), intent)
        missed = [i.id for i in marks.items.values() if i.required and i.state.value != "heard"]
        found = [f.id for f in marks.faults.values() if f.found]
        assert (missed, found) == ([], [])
        assert marks.passed and marks.score == 100


@pytest.mark.parametrize(("name", "parts", "fault"), MISTAKES)
def test_each_mistake_trips_its_own_fault_and_no_other(name: str, parts: dict[str, str], fault: str) -> None:
    text, intent = text_of(name, **parts)
    marks = mark(from_text(text), intent)
    assert [f.id for f in marks.faults.values() if f.found] == [fault]
    assert not marks.passed
