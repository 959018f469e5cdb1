"""``bowout open``: whatever a coach has sent. What it is says its content, never its name."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.asking import tell_folded
from bowout.commands.coach_common import add_new_key, asked
from bowout.commands.output import say, tell
from bowout.commands.pack_common import agreed
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError

if TYPE_CHECKING:
    from bowout.core.coaching.terms import Assignment
    from bowout.rehearsal.coaching import Held, Opened
    from bowout.storage.coaching.learner import LearnerFolder


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "open",
        help="open what a coach has sent you: an assignment, an answer, a pack",
        description="Open a .bowassign, .bowanswer or .bowpack file: whom it is from, what is asked, and what will be "
        "sent back if you take part. Nothing is accepted without your word.",
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--name", metavar="NAME", help="the name, number or address by which your coach knows you")
    parser.add_argument("--yes", action="store_true", help="accept it without being asked")
    add_new_key(parser, "coach")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_learner

    path = arguments.file.expanduser()
    if not path.exists():
        raise UsageError(f"There is no file “{arguments.file}”.", "Check the name.")
    learner = build_learner()
    opened = learner.look(path)
    if opened.kind == "assignment":
        return _assignment(learner, opened, arguments)
    if opened.kind == "answer":
        return _answer(learner, opened)
    if opened.kind == "result":
        raise UsageError(f"{path.name} is a result, for a coach.", "A coach takes it with: bowout coach collect FILE")
    from bowout.commands import pack_install

    return pack_install.run(argparse.Namespace(source=str(path), yes=arguments.yes))


def _assignment(learner: LearnerFolder, opened: Opened, arguments: argparse.Namespace) -> int:
    from bowout.core.coaching.terms import terms_in_words

    assignment = opened.assignment
    assert assignment is not None, "an assignment was opened"
    for line in whom_from(opened):
        tell_folded(line)
    tell("")
    for line in terms_in_words(assignment, due_words(assignment)):
        tell_folded(line)
    tell("")
    if opened.held:
        say(f"You have accepted it already: {how_on(learner.load(assignment.id))}")
        return EXIT_DONE
    if opened.trust == "changed" and not arguments.accept_new_key:
        say("Nothing was accepted. Ask them by another way than this file came; if it is right: --accept-new-key")
        return EXIT_NO
    if not agreed("Do you accept?", yes=arguments.yes):
        say("Declined. Nothing was kept, and nobody is told.")
        return EXIT_NO
    held = learner.accept(opened, _name(learner, arguments), new_key=arguments.accept_new_key)
    say(f"Accepted. {how_on(held)}")
    return EXIT_DONE


def whom_from(opened: Opened) -> list[str]:
    """Whom a file is from, and how far that can be believed."""
    assert opened.assignment is not None, "only assignments and answers are from somebody"
    coach = opened.assignment.coach
    told = f"From {coach.name}, fingerprint {coach.fingerprint}."
    if opened.trust == "known":
        as_whom = f" as {opened.before.name}'s" if opened.before is not None else ""
        return [told, f"You know these keys{as_whom}."]
    if opened.trust == "new":
        return [told, "You have not met these keys before: compare the fingerprint with your coach, by another way."]
    assert opened.before is not None, "it changed from something"
    return [
        "!!! WARNING: THE KEYS HAVE CHANGED !!!",
        told,
        f"Until now {opened.before.name} had other keys: {opened.before.fingerprint}.",
        "Either they have made new ones, or somebody else uses the name.",
    ]


def due_words(assignment: Assignment) -> str:
    """When it is due, in the zone of this machine; empty without a date."""
    from bowout.core.coaching import dates
    from bowout.local_time import now

    return dates.due_words(assignment.terms.due, now())


def how_on(held: Held) -> str:
    """What to do next."""
    short = held.assignment.id[:8]
    return f"Practise it: bowout assignments practise {short}. Send it: bowout submit {short}"


def _name(learner: LearnerFolder, arguments: argparse.Namespace) -> str:
    if arguments.name is not None:
        return str(arguments.name)
    keys = learner.keys
    if keys is not None and arguments.yes:
        return keys.name
    return asked("By which name, number or address does your coach know you?", keys.name if keys else "")


def _answer(learner: LearnerFolder, opened: Opened) -> int:
    from bowout.bootstrap import build_services
    from bowout.core.coaching.words import answer_lines

    answer, assignment = opened.answer, opened.assignment
    assert answer is not None and assignment is not None, "an answer was opened"
    learner.take_answer(opened, build_services().records)
    say(f"{answer.coach.name} on “{assignment.title}”, {answer.made:%Y-%m-%d %H:%M}")
    for line in answer_lines(answer):
        say(f"  {line}")
    return EXIT_DONE


__all__ = ["add_parser", "due_words", "how_on", "run", "whom_from"]
