"""``bowout coach roster``: replace who is in a class, or list them."""

from __future__ import annotations

import argparse
from pathlib import Path

from bowout.commands.coach_assign import read_roster_file
from bowout.commands.coach_common import chosen
from bowout.commands.output import say
from bowout.errors import EXIT_DONE


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "roster",
        help="list or replace who is in a class",
        description="Without FILE: who is in the class. With it: they are, from now on, in all assignments named.",
    )
    parser.add_argument("what", metavar="CLASS|ASSIGNMENT")
    parser.add_argument("file", metavar="FILE.csv", nargs="?", type=Path)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach

    coach = build_coach()
    handed = chosen(coach, arguments.what)
    if arguments.file is not None:
        roster = read_roster_file(arguments.file)
        handed = [coach.set_roster(each.assignment.id, roster) for each in handed]
    for person in handed[0].roster.people:
        say("  ".join(part for part in (person.number, person.name, person.email) if part))
    if not handed[0].roster.people:
        say("No roster was given: whoever sends something is in the class.")
    return EXIT_DONE
