"""``bowout pack new``: ten questions, a graph to choose, and a scenario that can be practised."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.asking import MOST_TRIES, read_answers, somebody_is_here
from bowout.commands.output import say, tell
from bowout.commands.pack_common import count, typed_line
from bowout.errors import EXIT_DONE, EXIT_NO, InputError, UsageError

if TYPE_CHECKING:
    from bowout.core.pack_questions import Question
    from bowout.core.pack_template import Kit
    from bowout.core.pack_writing import Answers
    from bowout.core.scenario import Scenario
    from bowout.rehearsal.workshop import Kept, Plan, Workshop

_FOLDER = "my-calls"


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "new",
        help="make a scenario of your own by answering ten questions",
        description="Ten plain questions and a choice of how the call goes make a scenario: pack.yaml and one YAML "
        "file, commented, yours to change. A folder that is a pack already gets one scenario more. Nothing that is "
        "there is replaced unless you say so. Exit code 1 means: it was written, and something is wrong with it.",
    )
    parser.add_argument("folder", metavar="FOLDER", nargs="?", default=_FOLDER, help=f"default: {_FOLDER}, here")
    parser.add_argument(
        "--answers", metavar="FILE.json", type=Path, help="the answers from a file; what it leaves out gets its default"
    )
    parser.add_argument("--yes", action="store_true", help="replace a scenario of the same name without asking")
    parser.add_argument("--say", action="store_true", help="speak the call in the end, where a voice is there")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from datetime import datetime

    from bowout.bootstrap import build_workshop
    from bowout.core.pack_questions import answers_from

    workshop = build_workshop()
    folder = workshop.place(arguments.folder)
    try:
        workshop.look_at(folder)  # before ten questions are answered in vain
        if arguments.answers is not None:
            answers = answers_from(_read(arguments.answers), workshop.kit)
        else:
            answers = _ask_all(workshop, folder)
        plan = workshop.plan(folder, answers)
        name, replaces = _name(workshop, plan, arguments)
    except KeyboardInterrupt:
        tell("")
        tell("Nothing was written.")
        raise
    kept = workshop.keep(folder, name, answers, datetime.now().astimezone(), replaces=replaces)
    _tell_what_was_kept(kept)
    if kept.problems:
        return EXIT_NO
    scenario = _scenario(kept)
    if arguments.say:
        _hear(scenario)
    elif arguments.answers is None and _agrees("Walk through it now, aloud where a voice is here?"):
        from bowout.commands.pack_preview import typed, walk_through

        walk_through(scenario, typed, aloud=True)
    return EXIT_DONE


# Asking.


def _ask_all(workshop: Workshop, folder: Path) -> Answers:
    from bowout.core.pack_questions import TEMPLATE, made, questions, template_question

    somebody_is_here()
    there = workshop.look_at(folder)
    into = f"the pack “{there.pack}”, which has {count(there.scenarios, 'scenario')}" if there.pack else "a new pack"
    tell(f"A call of your own, for {into}: {folder}")
    tell("Enter alone takes what stands in brackets. Ctrl-C leaves, and nothing is written.")
    answers: dict[str, str] = {}
    at = 0
    # The first answer decides which others there are.
    while at < len(asked := questions(answers, workshop.kit)):
        question, at = asked[at], at + 1
        answers[question.id] = _ask(f"{at} of {len(asked)}", question, answers, workshop.kit)
    answers[TEMPLATE] = _ask("Last", template_question(answers, workshop.kit), answers, workshop.kit)
    return made(answers, workshop.kit)


def _ask(number: str, question: Question, answers: Mapping[str, str], kit: Kit) -> str:
    """One question, until its answer can be used."""
    from bowout.core.pack_questions import taken

    tell("")
    tell(f"{number}: {question.ask}")
    if question.help:
        tell(f"  {question.help}")
    default = question.default
    for at, choice in enumerate(question.choices, 1):
        tell(f"  {at}  {choice.title}{': ' + choice.says if choice.says else ''}")
        if choice.id == question.default:
            default = str(at)
    if question.example:
        tell(f"  For example: {question.example}")
    for _ in range(MOST_TRIES):
        value, wrong = taken(question, _line(f"[{default}] "), answers, kit)
        if not wrong:
            return value
        tell(f"  ! {wrong}")
    raise UsageError("None of the answers could be used.", "Start again, or give them in a file: --answers FILE.json")


def _line(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = typed_line()
    if not line:
        raise UsageError("The answers ended before the last question. Nothing was written.", "Start again.")
    return line


def _agrees(question: str) -> bool:
    tell("")
    tell(f"{question} [y/N]")
    return typed_line().strip().casefold() in ("y", "yes")


def _read(path: Path) -> dict[str, str]:
    """The answers of a file: an object of texts."""
    hint = "It should look like {“intent”: “withdraw”, “caller”: “Sam Lee”}, in straight quotes."
    answers = {}
    for key, value in read_answers(path, hint).items():
        if key == "alternatives" and isinstance(value, list) and all(isinstance(each, str) for each in value):
            value = ", ".join(value)
        if not isinstance(value, str):
            raise InputError(f"“{key}” in {path} is not a text.", hint)
        answers[key] = value
    return answers


def _name(workshop: Workshop, plan: Plan, arguments: argparse.Namespace) -> tuple[str, bool]:
    """The scenario's name, and whether one of that name is to be replaced."""
    if not plan.taken or arguments.yes:
        return plan.name, plan.taken
    told = f"There is a scenario “{plan.name}” in {plan.folder} already."
    if arguments.answers is not None:
        raise UsageError(told, "Add --yes to replace it, or give another “situation”.")
    if _agrees(f"{told} Replace it?"):
        return plan.name, True
    name = workshop.free_name(plan.folder, plan.name)
    tell(f"It stays, and the new one is called “{name}”.")
    return name, False


# Afterwards.


def _tell_what_was_kept(kept: Kept) -> None:
    say(f"Written: {kept.file}")
    for problem in kept.problems:
        say(problem)
    for note in kept.notes:
        tell(f"! {note}")
    if kept.problems:
        say(f"{count(len(kept.problems), 'problem')}. Mend the file, then: bowout pack check {kept.folder}")
        return
    say("Checked: all is well.")
    tell(f"Walk through it: bowout pack preview {kept.folder} {kept.scenario}")
    tell(f"Practise it: bowout pack install {kept.folder}, then bowout call {kept.pack}/{kept.scenario}")


def _scenario(kept: Kept) -> Scenario:
    from bowout.commands.pack_common import scenario_of
    from bowout.storage.packs import load_pack

    return scenario_of(load_pack(kept.folder), kept.scenario)


def _hear(scenario: Scenario) -> None:
    """The call with its model answer; the other side's lines are spoken."""
    from datetime import datetime

    from bowout.commands.pack_preview import walk_through
    from bowout.core.scenario import fill

    facts = scenario.facts_at(datetime.now().astimezone())
    answers = iter([fill(text, facts) for text in scenario.model_answer])
    say()
    walk_through(scenario, lambda: next(answers, None), aloud=True)


__all__ = ["add_parser", "run"]
