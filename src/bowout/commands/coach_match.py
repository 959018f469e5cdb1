"""``bowout coach match``: say who of the roster somebody is who typed another name."""

from __future__ import annotations

import argparse

from bowout.commands.output import say
from bowout.errors import EXIT_DONE


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "match",
        help="say who of the roster the sender of a result is",
        description="For results of somebody who is not on the roster by the name they typed. It holds for everything "
        "that comes with the same keys.",
    )
    parser.add_argument("result", metavar="RESULT", help="its id, or the beginning of it, as in the status")
    parser.add_argument("person", metavar="WHO", help="their number, address or name on the roster")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach

    found = build_coach().match(arguments.result, arguments.person)
    say(f"{found.result.who} is {found.person.name}.")
    return EXIT_DONE
