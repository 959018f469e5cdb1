"""``bowout coach init``: a name and keys of one's own."""

from __future__ import annotations

import argparse

from bowout.commands.coach_common import asked
from bowout.commands.output import say
from bowout.errors import EXIT_DONE


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "init",
        help="make your name and keys as a coach",
        description="Make the keys that sign what you hand out and open what comes back. Once is enough.",
    )
    parser.add_argument("--name", metavar="NAME", help="the name that learners see")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach

    name = arguments.name if arguments.name is not None else asked("The name that learners see?")
    me = build_coach().init(name)
    say(f"You are {me.name}. Fingerprint: {me.fingerprint}")
    say("Learners see it the first time they open a file of yours: tell it to them by another way.")
    say("Without your keys nobody can open what comes back. Put a copy away: bowout coach keys export FILE.bowkeys")
    return EXIT_DONE
