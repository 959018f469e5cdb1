"""``bowout due``: what is due today in your own cases, and what comes later."""

from __future__ import annotations

import argparse

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say
from bowout.errors import EXIT_DONE


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("due", help="what is due today in your own cases: a call, a confirmation, a note")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.core import when
    from bowout.core.due import Due, due

    made = services()
    now = made.now()
    found = [each for case in made.cases.list() for each in due(case, now)]
    found.sort(key=lambda each: each.by.timestamp() if each.by is not None else float("inf"))
    if arguments.json:
        for each in found:
            emit({**each.as_json(), "today": each.today(now)})
        return EXIT_DONE

    def told(each: Due) -> None:
        by = "" if each.by is None else f", by {when.spoken_here(each.by, now)} ({when.left(now, each.by)})"
        say(f"{'! ' if each.late else ''}{each.title}{by}")
        say(f"   {each.says}")

    today, later = [e for e in found if e.today(now)], [e for e in found if not e.today(now)]
    for each in today:
        told(each)
    if later:
        say("Later:")
        for each in later:
            told(each)
    if not found:
        say("Nothing is due.")
    return EXIT_DONE
