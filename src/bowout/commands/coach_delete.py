"""``bowout coach delete``: an assignment with everything that came for it."""

from __future__ import annotations

import argparse

from bowout.commands.output import say, tell
from bowout.commands.pack_common import agreed
from bowout.errors import EXIT_DONE, EXIT_NO, InputError


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "delete",
        help="delete an assignment and everything that came for it",
        description="Delete an assignment, its results and recordings, and what you noted, for good.",
    )
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its id, or the beginning of it, as in the status")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach

    coach = build_coach()
    identity = coach.full(arguments.assignment)
    try:
        handed, came = coach.load(identity), len(coach.collected(identity))
        results = f"{came} result{'' if came == 1 else 's'}"
        what = f"“{handed.assignment.title}” of {handed.assignment.terms.class_name} with {results}"
    except InputError as error:  # damaged: then it can be deleted all the more
        tell(error.message)
        what = f"the assignment {identity[:8]}, which is damaged, with everything that came for it"
    if not agreed(f"Delete {what}?", yes=arguments.yes):
        say("Nothing was deleted.")
        return EXIT_NO
    coach.delete(identity)
    say("Deleted.")
    return EXIT_DONE
