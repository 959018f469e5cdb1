"""Every case's own call, in every variant, passes the checks of a pack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bowout import paths
from bowout.core.case import Case
from bowout.core.lint import examine, lint
from bowout.core.own_call import answers, fitted, follow_up, scenario_id, variants
from bowout.core.scenario import Scenario
from bowout.errors import UsageError
from bowout.storage.pack_writer import FolderWorkshop
from owncases import GIVEN, NOW, case

WORKSHOP = FolderWorkshop()
CALLED = sorted(name for name in GIVEN if case(name).intent is not None)


def made(one: Case, variant_id: str) -> Scenario:
    variant = next(each for each in variants(one, WORKSHOP.kit) if each.id == variant_id)
    answered = answers(one, variant, NOW)
    return fitted(WORKSHOP.draft(answered), one, answered, WORKSHOP.kit, NOW)


@pytest.mark.parametrize("name", CALLED)
def test_every_variant_of_every_case_is_sound(name: str) -> None:
    one = case(name)
    assert paths.resource("templates").is_dir()
    found = variants(one, WORKSHOP.kit)
    assert found
    for variant in found:
        scenario = made(one, variant.id)
        problems = [finding.message for finding in (*lint(scenario), *examine(scenario, NOW).findings) if finding.wrong]
        assert not problems, (variant.id, problems)
        facts = scenario.facts_at(NOW)
        assert facts["when"] == one.facts(NOW)["when"] and facts["reason"] == one.reason
        assert scenario.id == scenario_id(one.id) and scenario.follow_up == follow_up(one)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("ill", "why keep voicemail gatekeeper"),
        ("offer", "why offer keep voicemail gatekeeper"),
        ("leave", "why keep offer"),
        ("misconduct", "why"),
        ("attend", ""),
    ],
)
def test_the_variants_that_there_are(name: str, wanted: str) -> None:
    assert [each.id for each in variants(case(name), WORKSHOP.kit)] == wanted.split()


@pytest.mark.parametrize(
    ("hour", "hello"), [(0, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening")]
)
def test_they_greet_as_the_time_of_day_asks(hour: int, hello: str) -> None:
    now = NOW.replace(hour=hour)
    one = case("ill_early", now)
    for variant in variants(one, WORKSHOP.kit):
        answered = answers(one, variant, now)
        lines = "\n".join(
            line
            for step in fitted(WORKSHOP.draft(answered), one, answered, WORKSHOP.kit, now).steps.values()
            for line in step.say
        )
        assert lines.count("Good ") == lines.count(f"Good {hello}"), (variant.id, lines)
        assert variant.id != "why" or f"Good {hello}" in lines


def test_whoever_leaves_the_reason_out_can_rehearse_all_the_same() -> None:
    scenario = made(replace(case("misconduct"), reason="", reason_written=""), "why")
    assert not [finding for finding in (*lint(scenario), *examine(scenario, NOW).findings) if finding.wrong]


def test_the_pushback_comes_though_the_reason_was_said() -> None:
    assert made(case("offer"), "why").steps["press"].asks == frozenset()


def test_with_a_blank_left_nothing_can_be_rehearsed() -> None:
    one = replace(case("ill"), contact="")
    with pytest.raises(UsageError, match="contact"):
        answers(one, variants(one, WORKSHOP.kit)[0], NOW)
    with pytest.raises(UsageError, match="no call"):
        answers(case("learn"), variants(case("ill"), WORKSHOP.kit)[0], NOW)
