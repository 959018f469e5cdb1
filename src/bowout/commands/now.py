"""``bowout now``: from “I can't make it” to what to do, by which channel and until when. A case is kept."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout.commands.asking import BACK, ask, goes_on, read_answers, say_folded, somebody_is_here, tell_folded
from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say, tell
from bowout.commands.pack_common import typed_line
from bowout.errors import EXIT_DONE

if TYPE_CHECKING:
    from bowout.bootstrap import RealServices
    from bowout.core.case import Case

_HINT = "It should look like {“happened”: “offer”, “interview”: “tomorrow 10:00”}, in straight quotes."


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
    from bowout.core.draft import DECIDE

    made = services()
    now = made.now()
    if arguments.answers is not None:
        answers = answers_from(read_answers(arguments.answers, _HINT), now)
    else:
        answers = _ask_all(made, now)
    case = made.cases.begin(case_from(answers, now))
    if arguments.answers is None:
        made.drafts.drop(DECIDE)
    if arguments.json:
        emit(as_json(case, now))
        return EXIT_DONE
    say()
    for line in case_lines(case, now):
        say_folded(line)
    say()
    tell_folded(f"Kept as {case.id}. See it again: bowout cases show {case.id}")
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        tell("Rehearse it, call, and write the message: open the trainer (bowout), then F5.")
        return EXIT_DONE
    tell_folded("Enter goes on with it in the trainer: read, rehearse, call, write. Ctrl-C leaves; the case is kept.")
    typed_line()
    from bowout.bootstrap import run_trainer

    return run_trainer(case.id)


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


def _ask_all(made: RealServices, now: datetime) -> dict[str, str]:
    from bowout.core.decide_questions import questions, taken
    from bowout.core.draft import DECIDE, answers_in, of_answers

    somebody_is_here()
    known = {"caller": next((case.caller for case in made.cases.list() if case.caller), "")}
    answers: dict[str, str] = {}
    if (draft := made.drafts.load(DECIDE)) is not None and goes_on(draft, now):
        answers, _ = answers_in(draft, now)
    tell_folded(
        f"Enter alone takes what stands in brackets. “{BACK}” goes back. Ctrl-C leaves; your answers are offered again."
    )
    while True:
        # The earlier answers decide which others there are.
        left = [question for question in questions(answers, now, known) if question.id not in answers]
        if not left:
            return answers
        value = ask(len(answers) + 1, left[0], lambda question, typed: taken(question, typed, answers, now))
        if value is not None:
            answers[left[0].id] = value
            made.drafts.keep(DECIDE, of_answers(answers, {}))
        elif answers:
            answers.popitem()


__all__ = ["add_parser", "as_json", "run"]
