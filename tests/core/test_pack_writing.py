"""What ten answers become: text that the reader takes, that says what was answered, and whose own answers pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout import paths
from bowout.core.criteria import INTENTS
from bowout.core.document import Problems
from bowout.core.lint import examine, lint
from bowout.core.pack_mending import holds
from bowout.core.pack_questions import answers_from
from bowout.core.pack_template import Kit, read_template, read_words
from bowout.core.pack_writing import Answers, pack_text, scenario_text, slug
from bowout.core.scenario import Scenario
from bowout.storage.pack_writer import load_kit, new_scenario, parsed
from bowout.storage.yaml_reader import parse_yaml

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
KIT = load_kit(paths.resource("templates"))
EVERY = [
    (intent, channel, template.id)
    for intent in INTENTS
    for channel in KIT.channels(intent)
    for template in KIT.suiting(intent, channel)
]


def answered(**given: str) -> Answers:
    return answers_from(given, KIT)


def made(**given: str) -> Scenario:
    return parsed(scenario_text("a-call", answered(**given), KIT))


def test_every_intent_has_several_templates() -> None:
    assert len({template for _, _, template in EVERY}) == len(KIT.templates) >= 6
    for intent in INTENTS:
        assert len({template for i, _, template in EVERY if i == intent}) >= 2, intent


@pytest.mark.parametrize(("intent", "channel", "template"), EVERY)
def test_every_template_passes_as_it_is_written(intent: str, channel: str, template: str) -> None:
    """With each pushback: sound, the model answer ends well, the weak one badly, nothing had to be added."""
    for pushback in KIT.pressing(intent):  # type: ignore[arg-type]
        given = {"intent": intent, "channel": channel, "template": template, "pushback": pushback.id}
        text = new_scenario("a-call", answered(**given), KIT, NOW)
        assert "checklist:" not in text
        scenario = parsed(text)
        assert lint(scenario) == []
        examined = examine(scenario, NOW)
        assert examined.findings == (), (pushback.id, examined.findings)
        assert scenario.outcomes[examined.model_walk.outcome].good
        assert not scenario.outcomes[examined.weak_walk.outcome].good, (pushback.id, examined.weak_walk)
        assert pushback.id in {step.pushback for step in scenario.steps.values()}
        asked = scenario.steps["press"].asks
        assert "press" in examined.model_walk.steps, f"{pushback.id} is never said; it asks for {asked}"


@pytest.mark.parametrize("intent", INTENTS)
def test_every_day_of_the_week_will_do(intent: str) -> None:
    assert holds(made(intent=intent), NOW)


def test_what_was_answered_is_what_the_scenario_says() -> None:
    scenario = made(
        intent="reschedule", situation="You are ill.", caller="Ana-Maria O'Neill", contact="Dr \"Bob\" \\ Ross",
        company="C3 # yes: no, [really]", role="- head: of R&D", reason="I have come down with a fever",
        interview="tomorrow at 9.30", alternatives="in 2 workdays 10:00, in 3 workdays 2 pm", pushback="slot",
    )  # fmt: skip
    assert scenario.title == "You are ill" and scenario.brief.you == "You are {caller}. You are ill."
    facts = scenario.facts_at(NOW)
    assert facts["caller"] == "Ana-Maria O'Neill" and facts["contact"] == 'Dr "Bob" \\ Ross'
    assert facts["company"] == "C3 # yes: no, [really]" and facts["role"] == "- head: of R&D"
    assert facts["when"] == "tomorrow at 9:30 am" and facts["option_2"] == "Monday at 2 pm"
    assert scenario.persona.name == facts["contact"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_answer_breaks_the_file(data: st.DataObject) -> None:
    """Whatever a name holds, the file says just that, and nothing of it becomes a key or a line of its own."""
    texts = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="{}"), min_size=1, max_size=30)
    base = answered(intent=data.draw(st.sampled_from(INTENTS)))
    odd = {name: f"a{data.draw(texts)}" for name in ("situation", "caller", "contact", "company", "role", "reason")}
    scenario = parsed(scenario_text("a-call", replace(base, **odd), KIT))
    told = {**scenario.facts, "situation": scenario.title}
    for name, text in odd.items():
        assert told[name] == (text.rstrip(".") if name == "situation" else text)
    assert scenario.facts.keys() == made(intent=base.intent).facts.keys()


def test_words_that_the_marking_does_not_know_are_added() -> None:
    """It hears no confession in this reason; the scenario says that it is one."""
    answers = answered(intent="repair", reason="the parrot ate my calendar and I let it")
    assert not holds(parsed(scenario_text("a-call", answers, KIT)), NOW)
    text = new_scenario("a-call", answers, KIT, NOW)
    assert 'ask: ["' in text and holds(parsed(text), NOW)


def test_the_file_explains_itself() -> None:
    lines = scenario_text("a-call", answered(), KIT).splitlines()
    assert lines[0] == "# Your train is cancelled" and "docs/packs.md" in "\n".join(lines[:5])
    assert sum(line.lstrip().startswith("#") for line in lines) >= 15
    assert all(len(line) <= 120 and line == line.rstrip() for line in lines)
    assert "<<" not in "\n".join(lines) and "\n\n\n" not in "\n".join(lines)


def test_a_pack_file_lists_its_scenarios() -> None:
    node = parse_yaml(pack_text("my-calls", 'My "calls"', ["one", "two"]), Problems("pack.yaml"))
    assert node is not None and isinstance(node.value, dict)
    assert node.value["title"].value == 'My "calls"'
    assert [each.value for each in node.value["scenarios"].value] == ["one", "two"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Your train is cancelled", "your-train-is-cancelled"),
        ("You can't come – José's “flu”", "you-cant-come-joses-flu"),
        ("王芳", "fallback"),
        ("con", "fallback"),
        ("pack", "fallback"),
        ("x" * 90, "x" * 60),
        ("word " * 30, "-".join(["word"] * 12)),
    ],
)
def test_names_of_files(text: str, made: str) -> None:
    assert slug(text, "fallback") == made and len(made) <= 60


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert slug("A call", "x", {"a-call"}) == "a-call-2"
    assert slug("A call", "x", {"a-call", "a-call-2"}) == "a-call-3"


def test_what_is_wrong_with_a_template_is_told_with_its_place() -> None:
    """They are data: whoever adds one gets the same help as whoever writes a scenario."""
    problems = Problems("new.yaml")
    text = "schema: 1\ntitle: T\nsays: S\nfor: {reschedule: [fone]}\nturns: [hello]\nstart: a\nsteps: b\nstep: c\n"
    node = parse_yaml(text, problems)
    assert node is not None
    read_template("new", node, problems)
    told = [str(problem) for problem in problems.found]
    assert any("“fone” is not known here" in each for each in told), told
    assert any("new.yaml:5:9: A turn is" in each for each in told), told
    assert any("has no “step”. Did you mean “steps”?" in each for each in told), told
    node = parse_yaml("schema: 2\ntemplates: [a]\nframe: f\nintents: {stay: {}}\npushbacks: {}\n", problems)
    assert node is not None
    kit, names = read_words(node, problems)
    assert isinstance(kit, Kit) and names == ("a",) and "“stay” is not known here" in str(problems.found[-1])
