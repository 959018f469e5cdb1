"""Every screen's page of the guide is there, and fits."""

from __future__ import annotations

import pytest

from bowout import paths
from bowout.core import guide_links
from bowout.core.decide import PATH_RULES
from bowout.core.decide_questions import answers_from, questions
from bowout.core.guide_links import page_of_case, page_of_message, page_of_question, page_of_scenario
from bowout.core.messages import KINDS
from bowout.storage.guide_files import load_guide
from bowout.storage.packs import load_pack
from owncases import GIVEN, NOW, case

PAGES = {page.id for page in load_guide(paths.resource("guide")).pages}


def test_every_page_is_there_and_every_rule_has_one() -> None:
    tables = (guide_links._OF_RULE, guide_links._OF_QUESTION, guide_links._OF_KIND, guide_links._OF_FINDING,
              guide_links._OF_INTENT)  # fmt: skip
    assert {page for table in tables for page in table.values()} <= PAGES
    assert set(guide_links._OF_RULE) == {each.rule.id for each in PATH_RULES}
    assert set(guide_links._OF_KIND) <= set(KINDS)


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_every_question_that_is_asked_has_a_page(name: str) -> None:
    answers = answers_from(GIVEN[name], NOW)
    asked = {question.id for question in questions(answers, NOW)}
    assert asked <= set(guide_links._OF_QUESTION)
    assert {page_of_question(id_, answers) for id_ in asked} <= PAGES
    assert page_of_case(case(name), NOW) in PAGES


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("attend", "nerves"),
        ("not_wanted", "weak-reasons"),
        ("ill", "ill"),
        ("misconduct", "unsafe"),
        ("leave", "leaving-early"),
        ("missed", "repair"),
        ("offer", "offers"),
        ("move", "relocation"),
    ],
)
def test_the_page_of_a_case(name: str, page: str) -> None:
    assert page_of_case(case(name), NOW) == page


@pytest.mark.parametrize(
    ("question", "answers", "page"),
    [
        ("happened", {"stage": "before"}, "good-reasons"),
        ("happened", {"stage": "during"}, "leaving-early"),
        ("happened", {"stage": "after"}, "repair"),
        ("weak", {"happened": "weak"}, "weak-reasons"),
        ("want", {"happened": "weak", "weak": "nerves"}, "nerves"),
        ("interview", {"stage": "during", "happened": "misconduct"}, "unsafe"),
        ("interview", {"stage": "after", "happened": "misconduct"}, "reporting"),
        ("reason", {}, "reason"),
    ],
)
def test_the_page_of_a_question(question: str, answers: dict[str, str], page: str) -> None:
    assert page_of_question(question, answers) == page


def test_the_page_of_a_message_is_that_of_its_first_fault() -> None:
    assert page_of_message("withdrawal") == "writing"
    assert page_of_message("repair") == "repair"
    assert page_of_message("withdrawal", ["oversharing", "length"]) == "reason"
    assert page_of_message("withdrawal", ["length"]) == "before-sending"


def test_the_page_of_a_call() -> None:
    pack = load_pack(paths.resource("scenarios") / "leaving")
    found = {scenario.id: page_of_scenario(scenario) for scenario in pack.scenarios}
    assert found["hands-on-the-chair"] == found["questions-nobody-may-ask"] == "unsafe"
    assert found["level-below-the-advert"] == "leaving-early"
