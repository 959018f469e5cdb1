"""Words that only look like the thing: negated, asked, quoted, somebody else's. And single phrases that are it."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from bowout.core.criteria import ITEMS, Intent
from bowout.core.marking import mark
from bowout.core.marking.patterns import Bank, BankError
from bowout.core.marks import State
from bowout.core.transcript import from_text

PHRASES = Path(__file__).parent.parent / "data" / "phrases.jsonl"


def met(text: str, intent: Intent, id_: str) -> bool:
    marks = mark(from_text(text), intent)
    return marks.items[id_].state is State.HEARD if id_ in ITEMS else marks.faults[id_].found


@pytest.mark.parametrize(
    ("text", "intent", "id_"),
    [
        ("i'm not withdrawing i just want to move it", "withdraw", "ask"),
        ("should i withdraw", "withdraw", "ask"),
        ("i was going to withdraw but i won't", "withdraw", "ask"),
        ("my manager said i should withdraw", "withdraw", "ask"),
        ("you cancelled on me last time", "withdraw", "ask"),
        ("what do you mean you can't make it", "reschedule", "ask"),
        ("the receptionist said sorry we're closed", "reschedule", "apology"),
        ("sorry what was that", "reschedule", "apology"),
        ("she told me thank you", "withdraw", "thanks"),
        ("i'd appreciate it if you could call me", "withdraw", "thanks"),
        ("should i email you", "withdraw", "follow_up"),
        ("could you email me", "withdraw", "follow_up"),
        ("could we do it by email instead", "reschedule", "follow_up"),
        ("have a good day", "withdraw", "goodwill"),
        ("i'm not ill", "reschedule", "reason"),
        ("i haven't accepted another job", "withdraw", "reason"),
        ("i didn't oversleep i have a fever", "reschedule", "weak_reason"),
        ("i'm not saying your company is bad", "withdraw", "negativity"),
        ("i'm so sorry for wasting your time", "withdraw", "negativity"),
        ("i do not want you to match it", "withdraw", "leverage"),
        ("i won't ask you to keep me in mind", "withdraw", "mixed_message"),
        ("i hope our paths cross again", "withdraw", "mixed_message"),
        ("i'll be free again in march and would be glad to reconnect then", "withdraw", "mixed_message"),
        ("could we do tuesday sorry i mean wednesday at ten", "reschedule", "options"),
        ("some time next week or the week after", "reschedule", "options"),
        ("i just wanted to let you know i can't come", "reschedule", "soft_no"),
        ("excuse me may i stop you there", "leave", "ask"),
        ("i'm going to have to stop you there", "leave", "ask"),
        ("sorry can i interrupt you for a moment", "leave", "ask"),
    ],
)
def test_what_only_looks_like_it_is_not_marked(text: str, intent: Intent, id_: str) -> None:
    assert not met(text, intent, id_)


@pytest.mark.parametrize("text", ["i will confirm it by email", "i'll send it by email", "i'll put it in an email"])
def test_it_by_email_may_be_the_confirmation(text: str) -> None:
    assert met(text, "withdraw", "follow_up")


def test_single_phrases_are_nearly_all_right() -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        right[row["criterion"]].append(met(row["text"], row["intent"], row["criterion"]) == row["met"])
    assert {id_: sum(ok) / len(ok) for id_, ok in right.items() if sum(ok) < 0.85 * len(ok)} == {}


def test_a_bank_that_cannot_be_read_names_file_line_and_why() -> None:
    for text, why in (
        ("[a]\nthank (you", "not closed"),
        ("[a]\n<nobody> thanks", "no class"),
        ("thanks", r"before the first \[act\]"),
        ("[a]\n_ ..3", "obligatory"),
    ):
        with pytest.raises(BankError, match=rf"^mine:\d+: .*{why}"):
            Bank().read(text, "mine")
