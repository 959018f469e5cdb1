"""What was begun: kept as texts, taken up again as far as it still holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core import when
from bowout.core.decide_questions import answers_from, questions
from bowout.core.draft import Draft, answers_in, of_answers, typed_again
from bowout.core.file_names import file_name
from bowout.core.messages.occasion import of_case, of_scenario
from bowout.errors import InputError
from owncases import BERLIN, GIVEN, NOW, case
from tui.fakes import ESSENTIALS

LATER = NOW + timedelta(hours=5)


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_every_beginning_of_every_decision_is_taken_up_where_it_was_left(name: str) -> None:
    whole = answers_from(GIVEN[name], NOW)
    for count in range(len(whole) + 1):
        begun = dict(list(whole.items())[:count])
        draft = Draft(NOW, of_answers(begun, {"role": "half a wo"}))
        answers, typed = answers_in(Draft.from_json(draft.as_json()), LATER)
        assert answers == begun and list(answers) == list(begun) and typed["role"] == "half a wo"


def test_a_time_that_was_typed_is_told_as_the_moment_that_was_meant() -> None:
    begun = answers_from(GIVEN["left"], NOW)
    answers, typed = answers_in(Draft(NOW, of_answers(begun, {"interview": "1 hour ago"})), LATER)
    assert typed["interview"] == "2026-11-25 08:00"
    assert when.parse(typed["interview"], LATER, past=True) == when.restored(answers["interview"])
    abroad = when.parse("tomorrow 8:00 America/New_York", NOW)
    assert when.parse(typed_again(abroad, LATER), LATER) == abroad
    assert typed_again(when.parse("tomorrow 8:00 UTC", NOW), NOW) == "2026-11-26 09:00"


@given(
    texts=st.dictionaries(st.sampled_from([*GIVEN["ill"], "stage", "want", "options", "video"]), st.text(max_size=8))
)
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_it_nothing_breaks(texts: dict[str, str]) -> None:
    answers, _ = answers_in(Draft(NOW, texts), NOW)
    assert questions(answers, NOW)


@pytest.mark.parametrize(
    "value",
    [
        None, [], {}, {"schema": 2, "at": when.kept(NOW), "texts": {}}, {"schema": 1, "at": "soon", "texts": {}},
        {"schema": 1, "at": when.kept(NOW), "texts": {"text": 1}}, {"schema": 1, "at": when.kept(NOW), "texts": []},
    ],
)  # fmt: skip
def test_what_is_no_draft_is_refused(value: Any) -> None:
    with pytest.raises(InputError):
        Draft.from_json(value)


def test_it_says_when_it_was_written() -> None:
    assert Draft(NOW, {}).question(LATER) == "Go on with what you wrote today at 9 am?"


# Names of files.


def test_a_suggested_name_tells_what_it_is() -> None:
    occasion = of_case(case("ill"), NOW)
    assert occasion.file_name("withdrawal", "eml") == "withdrawal-northwind-2026-11-25.eml"
    assert occasion.file_name("same_day", "txt") == "same-day-northwind-2026-11-25.txt"
    practice = of_scenario(ESSENTIALS.scenarios[0], NOW)
    assert practice.file_name("withdrawal", "eml").startswith("practice-withdrawal-")


@given(about=st.text(max_size=80))
@settings(max_examples=80, deadline=None)
def test_no_name_has_a_letter_that_some_system_refuses(about: str) -> None:
    name = file_name("withdrawal", about, NOW.astimezone(BERLIN), "eml")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") and name.startswith("withdrawal-")
    assert len(name) < 100 and name.endswith("-2026-11-25.eml")
