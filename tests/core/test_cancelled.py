"""The pattern in one's own cases: counted, told as information, with a next step where nerves come up again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout import paths
from bowout.core import when
from bowout.core.cancelled import AGAIN, CALLED_OFF, OFTEN, PATH_NOUNS, REASONS, pattern, pattern_lines, summary
from bowout.core.case import PATHS, Case
from bowout.core.decide_questions import HAPPENED, WEAK
from bowout.storage.guide_files import load_guide
from owncases import GIVEN, NOW, case

ALL = sorted(GIVEN)


def ago(name: str, **by: float) -> Case:
    return replace(case(name), created=when.later(NOW, -timedelta(**by)))


def test_how_often_and_why() -> None:
    cases = [
        ago("ill", days=0),
        ago("ill", days=40),
        ago("offer", days=41),
        ago("learn", days=80),
        ago("leave", days=1),
    ]
    found = pattern(cases, NOW)
    assert (found.cases, found.called_off) == (5, 4)
    assert found.paths == (("reschedule", 2), ("learn", 1), ("withdraw", 1), ("leave", 1))
    assert found.reasons == (("illness", 2), ("offer", 1), ("mismatch", 1))
    assert found.months == (("2026-09", 1, 0), ("2026-10", 2, 2), ("2026-11", 2, 2))
    assert found.nerves == 0 and found.step is None
    assert summary(found) == "4 of 5 interviews called off, moved, left or missed."


def test_short_notice_is_less_than_24_hours_before() -> None:
    assert pattern([case("ill"), case("ill_early"), case("leave"), case("missed")], NOW).short_notice == 1


@pytest.mark.parametrize(
    ("days", "page"),
    [
        ((), ""),
        ((3,), ""),
        ((3, 90), "nerves"),
        ((3, 90, 200), "support"),
        ((3, 400), ""),
        ((3, 90, 400), "nerves"),
    ],
)
def test_nerves_that_come_up_again_have_a_next_step(days: tuple[int, ...], page: str) -> None:
    found = pattern([ago("attend", days=each) for each in days] + [case("ill")], NOW)
    assert found.nerves == len(days), "counted whatever was decided then"
    assert (found.step.page if found.step else "") == page
    if found.step is not None:
        told = "\n".join(pattern_lines(found))
        assert f"bowout guide {page}" in told and f"bowout call {found.step.rehearse}" in told
        assert load_guide(paths.resource("guide")).page(found.step.page)
        assert (paths.resource("scenarios") / f"{found.step.rehearse}.yaml").is_file()
        for word in ("fail", "should have", "always", "problem", "weak"):
            assert word not in told.lower()


def test_every_reason_and_every_way_has_words() -> None:
    asked = {choice.id for choices in HAPPENED.values() for choice in choices} - {"weak"} | {c.id for c in WEAK}
    assert asked == set(REASONS)
    assert set(PATH_NOUNS) == set(PATHS) > set(CALLED_OFF)
    assert AGAIN < OFTEN


def test_nothing_yet_is_no_pattern() -> None:
    assert summary(pattern([], NOW)) == summary(pattern([case("ill")], NOW)) == ""
    assert list(pattern_lines(pattern([], NOW))) == ["There are no cases yet, so there is no pattern."]


@given(st.lists(st.tuples(st.sampled_from(ALL), st.integers(0, 500)), max_size=8), st.randoms())
def test_the_order_of_cases_is_nothing_and_the_counts_add_up(made: list[tuple[str, int]], chance: object) -> None:
    cases = [ago(name, days=days) for name, days in made]
    found = pattern(cases, NOW)
    chance.shuffle(cases)  # type: ignore[attr-defined]
    assert pattern(cases, NOW) == found
    assert found.cases == sum(number for _, number in found.paths) == sum(month[1] for month in found.months)
    assert found.called_off == sum(number for _, number in found.reasons) == sum(month[2] for month in found.months)
    assert json.dumps(found.as_json()) and list(pattern_lines(found))
