"""``bowout pack show``: what is in a pack, or in one of its scenarios."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bowout.commands.common import add_json
from bowout.commands.output import emit, say
from bowout.commands.pack_common import count, open_named, scenario_of
from bowout.errors import EXIT_DONE

if TYPE_CHECKING:
    from bowout.core.scenario import Rule, Scenario, Step
    from bowout.storage.packs import Pack


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser("show", help="what is in a pack, or in one of its scenarios")
    parser.add_argument("pack", metavar="PACK|FILE|FOLDER", help="the id of a pack that is here, or where one lies")
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="one of its scenarios, with all its steps")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    pack = open_named(arguments.pack)
    if arguments.scenario is not None:
        scenario = scenario_of(pack, arguments.scenario)
        if arguments.json:
            from bowout.storage.compiled import to_json

            emit(to_json(scenario))
        else:
            for line in scenario_lines(scenario):
                say(line)
    elif arguments.json:
        emit(as_json(pack))
    else:
        for line in pack_lines(pack):
            say(line)
    return EXIT_DONE


def as_json(pack: Pack) -> dict[str, Any]:
    """What ``show`` prints of a pack."""
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "description": pack.description,
        "author": pack.author,
        "license": pack.license,
        "scenarios": [
            {
                "id": s.id,
                "version": s.version,
                "title": s.title,
                "intent": s.intent,
                "channel": s.channel,
                "difficulty": s.difficulty,
                "tags": list(s.tags),
                "sha256": s.sha256,
            }
            for s in pack.scenarios
        ],
        "drills": [
            {
                "id": d.id,
                "version": d.version,
                "title": d.title,
                "shape": d.shape,
                "figure": d.figure,
                "sha256": d.sha256,
            }
            for d in pack.drills
        ],
    }


def pack_lines(pack: Pack) -> Iterator[str]:
    """A pack for people."""
    yield f"{pack.title}  [{pack.id} {pack.version}]"
    if pack.description:
        yield pack.description
    if pack.author or pack.license:
        yield ", ".join(
            part for part in (pack.author and f"by {pack.author}", pack.license and f"licence {pack.license}") if part
        )
    yield ""
    for scenario in pack.scenarios:
        yield f"{scenario.id}: {scenario.title}"
        yield f"  {_kind(scenario)}"
    for drill in pack.drills:
        yield f"{drill.id}: {drill.title} (a drill)"
        yield f"  {drill.tell}"


def _kind(scenario: Scenario) -> str:
    from bowout.core.labels import CHANNEL_WORDS, DIFFICULTY_WORDS, INTENT_WORDS

    parts = [
        INTENT_WORDS[scenario.intent],
        CHANNEL_WORDS[scenario.channel],
        f"{scenario.difficulty} of 5, {DIFFICULTY_WORDS[scenario.difficulty - 1]}",
    ]
    return "   ".join([*parts, *([f"({', '.join(scenario.tags)})"] if scenario.tags else [])])


def scenario_lines(scenario: Scenario) -> Iterator[str]:
    """A scenario for people: the brief, the graph, the ends. Blanks are filled as they would be now."""
    from datetime import datetime

    from bowout.core.scenario import fill

    facts = scenario.facts_at(datetime.now().astimezone())
    yield f"{scenario.title}  [{scenario.pack}/{scenario.id} {scenario.version}]"
    yield _kind(scenario)
    yield ""
    brief = scenario.brief
    yield from (fill(brief.you, facts), f"With: {fill(brief.them, facts)}", fill(brief.situation, facts))
    yield ""
    yield f"The call: {count(len(scenario.steps), 'step')}, beginning with “{scenario.start}”"
    for step in scenario.steps.values():
        yield from _step_lines(step, facts)
    if scenario.outcomes:
        yield ""
        yield "Outcomes"
        for name, outcome in scenario.outcomes.items():
            yield f"  {'good' if outcome.good else 'bad '}  {name}: {fill(outcome.says, facts)}"


def _step_lines(step: Step, facts: Mapping[str, str]) -> Iterator[str]:
    from bowout.core.scenario import fill

    marks = [step.by and f"by {step.by}", step.ring and "rings", step.beep and "beeps", step.pushback]
    told = ", ".join(str(mark) for mark in marks if mark)
    yield f"  {step.id}{f' ({told})' if told else ''}"
    for line in step.say:
        yield f"    “{fill(line, facts)}”"
    for rule in step.rules:
        yield f"    {rule_words(rule)} → {rule.go}"
    if step.end is not None:
        yield f"    the end: {step.end}"


def rule_words(rule: Rule) -> str:
    """The conditions of a way out, in words."""
    conditions = [
        rule.heard and f"heard {', '.join(sorted(rule.heard))}",
        rule.missing and f"missing {', '.join(sorted(rule.missing))}",
        rule.faults and f"fault {' or '.join(sorted(rule.faults))}",
        rule.cue and " or ".join(f"“{cue}”" for cue in rule.cue),
        rule.silence and "silence",
        rule.question and "a question",
        rule.visits and f"the {rule.visits}. time",
    ]
    return " and ".join(str(each) for each in conditions if each) or "else"


__all__ = ["as_json", "pack_lines", "rule_words", "scenario_lines"]
