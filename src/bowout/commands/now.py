"""``bowout now``: from “I can't make it” to what to do, by which channel and until when. A case is kept."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say, tell
from bowout.commands.pack_common import typed_line
from bowout.errors import EXIT_DONE, InputError, UsageError

if TYPE_CHECKING:
    from bowout.core.case import Case
    from bowout.core.decide_questions import Question

_LONGEST_FILE = 64 * 1024
"""Bytes of a file of answers."""
_MOST_TRIES = 20
"""Answers that can't be used, to one question; then it is no person who answers."""
BACK = "<"
"""Typed to go back to the question before."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "now",
        help="decide what to do about an interview of your own, and get the words for it",
        description="A few questions about your own interview; then which way, by which channel and by when, each with "
        "its reason, and what to say. The case is kept on this machine, readable by you alone (see bowout cases).",
    )
    parser.add_argument(
        "--answers", metavar="FILE.json", type=Path, help="the answers from a file; what it leaves out gets its default"
    )
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.core.case_text import case_lines
    from bowout.core.decide_questions import answers_from, case_from

    made = services()
    now = made.now()
    if arguments.answers is not None:
        answers = answers_from(_read(arguments.answers), now)
    else:
        answers = _ask_all(made.cases.list(), now)
    case = made.cases.begin(case_from(answers, now))
    if arguments.json:
        emit(as_json(case, now))
        return EXIT_DONE
    say()
    for line in case_lines(case, now):
        say(line)
    say()
    tell(f"Kept as {case.id}. See it again: bowout cases show {case.id}")
    tell("Rehearse it, call, and write the message: open the trainer (bowout), then F4.")
    return EXIT_DONE


def as_json(case: Case, now: datetime) -> dict[str, Any]:
    """A case with what follows from it at this moment."""
    from bowout.core.case_script import script
    from bowout.core.decide import decision_of
    from bowout.core.due import due

    said = script(case, now)
    return {
        "case": case.as_json(),
        "decision": decision_of(case, now).as_json(),
        "script": {
            "parts": [{"id": part.id, "text": part.text} for part in said.parts],
            "missing": list(said.missing),
            "words": said.words,
            "seconds": round(said.seconds, 1),
        },
        "due": [each.as_json() for each in due(case, now)],
    }


def _ask_all(cases: list[Case], now: datetime) -> dict[str, str]:
    from bowout.core.decide_questions import questions

    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to answer the questions.", "Give the answers in a file: --answers FILE.json")
    known = {"caller": next((case.caller for case in cases if case.caller), "")}
    tell(f"Enter alone takes what stands in brackets. “{BACK}” goes back. Ctrl-C leaves, and nothing is kept.")
    answers: dict[str, str] = {}
    while True:
        # The earlier answers decide which others there are.
        left = [question for question in questions(answers, now, known) if question.id not in answers]
        if not left:
            return answers
        value = _ask(len(answers) + 1, left[0], answers, now)
        if value is not None:
            answers[left[0].id] = value
        elif answers:
            answers.popitem()


def _ask(number: int, question: Question, answers: Mapping[str, str], now: datetime) -> str | None:
    """One question, until its answer can be used; ``None`` = back."""
    from bowout.core.decide_questions import taken

    tell("")
    tell(f"{number}. {question.ask}")
    if question.help:
        tell(f"   {question.help}")
    default = question.default
    for at, choice in enumerate(question.choices, 1):
        tell(f"   {at}  {choice.title}")
        if choice.id == question.default:
            default = str(at)
    for _ in range(_MOST_TRIES):
        sys.stderr.write(f"[{default}] " if default or question.optional else "> ")
        sys.stderr.flush()
        line = typed_line()
        if not line:
            raise UsageError("The answers ended before the last question. Nothing was kept.", "Start again.")
        if line.strip() == BACK:
            return None
        value, wrong = taken(question, line, answers, now)
        if not wrong:
            return value
        tell(f"   ! {wrong}")
    raise UsageError("None of the answers could be used.", "Start again, or give them in a file: --answers FILE.json")


def _read(path: Path) -> dict[str, Any]:
    """The answers of a file: an object of texts."""
    hint = "It should look like {“happened”: “offer”, “interview”: “tomorrow 10:00”}, in straight quotes."
    try:
        with path.expanduser().open("rb") as file:
            raw = file.read(_LONGEST_FILE + 1)
        if len(raw) > _LONGEST_FILE:
            raise InputError(f"{path} is larger than {_LONGEST_FILE // 1024} KB.", hint)
        read = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.", "Check the name.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON in UTF-8.", hint) from error
    if not isinstance(read, dict):
        raise InputError(f"{path} holds no answers.", hint)
    return read


__all__ = ["add_parser", "as_json", "run"]
