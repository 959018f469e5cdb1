"""Reading scenarios: what is wrong is told with its place, all of it at once."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from bowout.core import scenario as scenarios
from bowout.core.document import Problems
from bowout.core.letters import write
from bowout.core.scenario import Scenario, blanks, fill
from bowout.storage.packs import PackError, load_pack, parse_yaml
from shippedpacks import SCENARIOS

ROOT = Path(__file__).parents[2] / "scenarios"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
GOOD = (ROOT / "essentials" / "ill-on-the-day.yaml").read_text(encoding="utf-8")


def problems_of(text: str) -> list[str]:
    problems = Problems("s.yaml")
    node = parse_yaml(text, problems)
    if node is not None:
        scenarios.read(node, problems)
    return [str(p) for p in problems.found]


def test_the_shipped_ones_are_the_three_to_begin_with() -> None:
    assert [(s.id, s.intent, s.channel) for s in SCENARIOS[:3]] == [
        ("accepted-another-offer", "withdraw", "phone"),
        ("ill-on-the-day", "reschedule", "phone"),
        ("not-a-fit", "leave", "in_person"),
    ]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_every_blank_is_filled(scenario: Scenario) -> None:
    facts = scenario.facts_at(NOW)
    texts = [*scenario.script, *scenario.model_answer, *scenario.weak_answer, scenario.brief.you]
    texts += [line for step in scenario.steps.values() for line in step.say]
    for text in texts:
        assert not blanks(fill(text, facts))
    assert not write(scenario.follow_up, facts).missing


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("intent: reschedule", "intent: reshedule", "s.yaml:5:9: “intent” is “reshedule”. Did you mean “reschedule”?"),
        ("difficulty: 1", "difficulty: hard", "“difficulty” is “hard”. It should be a number from 1 to 5."),
        ("title: You are ill on the day", "titel: You are ill", "A scenario has no “titel”. Did you mean “title”?"),
        ("interview: today 14:00", "interview: half past two", "is not a time that is known here."),
        ("go: slot}", "go: slott}", "There is no step “slott”. Did you mean “slot”?"),
        ("heard: [ask, options]", "heard: [ask, option]", "“heard” names “option”. Did you mean “options”?"),
        ("start: pickup", "start: pikup", "There is no step “pikup”. Did you mean “pickup”?"),
        ("faults: [vague_reason, soft_no]", "faults: [mixed_message]", "“faults” names “mixed_message”."),
        ("this is {caller}", "this is {calller}", "“{calller}” is no fact of this scenario. Did you mean “caller”?"),
        ("follow_up: reschedule", "follow_up: nothing", "“follow_up” is “nothing”."),
        ("      end: moved", "", "Step “goodbye” should have either “next” or “end”."),
        ("id: ill-on-the-day", "id: ../ill", "“../ill” can't be an id."),
    ],
)
def test_problems_have_a_place_and_a_hint(old: str, new: str, told: str) -> None:
    assert old in GOOD
    found = problems_of(GOOD.replace(old, new))
    assert any(told in problem for problem in found), found


def test_all_problems_at_once() -> None:
    broken = GOOD.replace("intent: reschedule", "intent: x").replace("channel: phone", "channel: pigeon")
    assert len(problems_of(broken)) >= 2


def test_yaml_is_read_without_guessing() -> None:
    problems = Problems("t.yaml")
    node = parse_yaml("time: 10:30\nanswer: no\nnumber: 010\n", problems)
    assert node is not None and isinstance(node.value, dict)
    assert {key: entry.value for key, entry in node.value.items()} == {"time": "10:30", "answer": "no", "number": "010"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x [1]\nb: *x\n", "Aliases"),
        ("a: 1\na: 2\n", "there twice"),
        ("a: [" * 40 + "]" * 40, "levels deep"),
        ('a: "\\u001b[31m"\n', "control character"),
        ("a: [1\n", "This is not YAML"),
        ("", "empty"),
        ("? [1]\n: 2\n", "plain word"),
    ],
)
def test_hostile_yaml(text: str, told: str) -> None:
    problems = Problems("t.yaml")
    parse_yaml(text, problems)
    assert any(told in problem.message for problem in problems.found), problems.found


def test_a_pack_names_every_broken_file(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(
        "schema: 1\nid: p\ntitle: T\nscenarios: [one, two, ../x, none]\n", encoding="utf-8"
    )
    (tmp_path / "one.yaml").write_text(GOOD.replace("intent: reschedule", "intent: x"), encoding="utf-8")
    (tmp_path / "two.yaml").write_bytes(b"title: \xff\n")
    with pytest.raises(PackError) as caught:
        load_pack(tmp_path)
    told = "\n".join(map(str, caught.value.problems))
    for part in ("one.yaml:5:", "two.yaml:1:", "“../x” is no scenario's file name", "There is no file none.yaml"):
        assert part in told
