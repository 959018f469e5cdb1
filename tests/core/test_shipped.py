"""What ships: enough scenarios, each a real call, no two alike, and together all that people call about."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from bowout.core.criteria import FAULTS, INTENTS
from bowout.core.scenario import CHANNELS, PUSHBACKS, Scenario, fill
from shippedpacks import PACKS

ROOT = Path(__file__).parents[2]
SHIPPED = {s.id: s for pack in PACKS for s in pack.scenarios}

LEGITIMATE = {
    "sudden illness": {"ill-on-the-day": "come down with a fever", "ill-in-the-room": "don't feel well"},
    "family emergency": {"family-emergency": "family emergency", "call-from-the-school": "family emergency"},
    "accepted another offer": {
        "accepted-another-offer": "accepted another offer",
        "the-open-door": "signed a contract",
    },
    "relocation": {"partner-moves-abroad": "taking us abroad", "silent-recruiter": "moving to another country"},
    "visa": {"visa-not-stamped": "waiting for my visa", "nobody-can-sponsor": "work permit runs out"},
    "schedule conflict": {"deadline-at-work": "a deadline at work", "exam-on-the-same-day": "licence exam"},
    "role not a fit": {"not-a-fit": "right fit for me", "looked-closer": "right fit for me"},
    "cultural or ethical mismatch": {"pause-before-deciding": "betting firm isn't the right fit"},
    "behaviour that crosses a line": {
        "hands-on-the-chair": "you have touched me",
        "questions-nobody-may-ask": "children",
    },
    "unforeseen circumstances or personal": {
        "private-matter": "due to unforeseen circumstances",
        "personal-reasons": "for personal reasons",
    },
}  # fmt: skip
"""Every reason that counts as legitimate → scenarios about it → words with which their model answers give it."""

MISTAKES = {
    "oversharing": "oversharing",
    "vague language": "vague_reason",
    "an interview for leverage": "leverage",
    "rescheduling without intention": "soft_no",
    "mixed messages": "mixed_message",
    "poor planning or fickleness": "weak_reason",
    "anger or ridicule": "negativity",
    "apologising too much": "over_apology",
}
"""Every mistake that can be heard → the fault. Silence, the one that can't, is what the repairs are about."""


def lines(scenario: Scenario) -> list[str]:
    """What is said on the other side, without case, punctuation and names of blanks."""
    said = (re.sub(r"\{\w+\}", "x", line.lower()) for step in scenario.steps.values() for line in step.say)
    return list(dict.fromkeys(" ".join(re.sub(r"[^a-z ]", "", line).split()) for line in said))


def shared(one: Scenario, other: Scenario) -> float:
    """Of the lines of the shorter one, the part that the other says, too, word for word or nearly."""
    few, many = sorted((lines(one), lines(other)), key=len)
    alike = process.cdist(few, many, scorer=fuzz.ratio, score_cutoff=85)
    return float((alike.max(axis=1) > 0).mean())


def test_there_are_enough_of_them() -> None:
    assert len(SHIPPED) >= 30
    assert len(SHIPPED) == sum(len(pack.scenarios) for pack in PACKS), "no id is there twice"


@pytest.mark.parametrize("scenario", SHIPPED.values(), ids=lambda s: s.id)
def test_each_is_a_call_that_can_go_either_way(scenario: Scenario) -> None:
    assert sum(step.end is None for step in scenario.steps.values()) >= 4, "steps that listen"
    assert any(step.pushback for step in scenario.steps.values())
    assert {outcome.good for outcome in scenario.outcomes.values()} == {True, False}


def test_no_two_say_the_same() -> None:
    worst = max((shared(a, b), a.id, b.id) for a, b in itertools.combinations(SHIPPED.values(), 2))
    assert worst[0] <= 0.30, worst
    twin = next(iter(SHIPPED.values()))
    assert shared(twin, twin) == 1.0


def test_every_kind_of_call_and_of_pressure_is_there() -> None:
    assert {s.intent for s in SHIPPED.values()} == set(INTENTS)
    assert {s.channel for s in SHIPPED.values()} == set(CHANNELS)
    assert {step.pushback for s in SHIPPED.values() for step in s.steps.values()} - {""} == set(PUSHBACKS)
    assert any(step.beep for s in SHIPPED.values() for step in s.steps.values()), "a voicemail"


def test_every_mistake_that_can_be_heard_has_a_scenario_that_tempts_to_it() -> None:
    assert set(MISTAKES.values()) == set(FAULTS)
    for mistake, fault in MISTAKES.items():
        assert any(fault in s.weak_faults for s in SHIPPED.values()), mistake
    assert sum(s.intent == "repair" for s in SHIPPED.values()) >= 3, "ghosting, and what comes of it"


@pytest.mark.parametrize("reason", LEGITIMATE)
def test_every_legitimate_reason_has_its_scenario(reason: str) -> None:
    for name, words in LEGITIMATE[reason].items():
        scenario = SHIPPED[name]
        said = " ".join(fill(text, scenario.facts) for text in scenario.model_answer).lower()
        assert words in said, (name, said)


def test_the_page_about_them_names_every_one() -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text("utf-8")
    for scenario in SHIPPED.values():
        assert page.count(f"`{scenario.id}`") >= 2, (
            f"{scenario.id}: benchmarks/scenarios.py --markdown docs/scenarios.md"
        )
    for name in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", page):
        assert name in SHIPPED, f"{name} is no scenario any more"
    for names in LEGITIMATE.values():
        for name in names:
            assert page.index(f"`{name}`") < page.index("<!-- packs -->"), f"{name} is not named among the reasons"
    for fault, names in re.findall(r"^\|[^|]+\| `([a-z_]+)` \|([^|]+)\|$", page, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", names):
            assert fault in SHIPPED[name].weak_faults, (fault, name)
    assert all(f"| `{fault}` |" in page for fault in FAULTS)
