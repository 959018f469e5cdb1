"""The message that must follow: filled, and with the marks of a good one."""

from __future__ import annotations

import pytest

from bowout.core.letters import KINDS, write

FACTS = {
    "caller": "Sam Lee",
    "contact": "Maria Keller",
    "company": "Northwind",
    "role": "analyst",
    "interview_date": "Friday 27 November, 3 pm",
    "reason_written": "I have accepted another offer",
    "option_1_date": "Monday 30 November, 10 am",
    "option_2_date": "Tuesday 1 December, 3 pm",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_filled_short_and_findable(kind: str) -> None:
    message = write(kind, FACTS)
    assert message.missing == ()
    assert "{" not in message.text
    assert message.subject.startswith("Sam Lee") and "analyst" in message.subject
    assert len(message.body.split()) < 110
    assert message.body.startswith("Dear Maria Keller,") and message.body.rstrip().endswith("Sam Lee")


def test_a_missing_fact_is_named() -> None:
    facts = {k: v for k, v in FACTS.items() if k != "option_2_date"}
    assert write("reschedule", facts).missing == ("option_2_date",)


def test_withdrawing_gives_no_mixed_message() -> None:
    body = write("withdrawal", FACTS).body.lower()
    assert "touch" not in body and "mind" not in body and "reschedule" not in body
