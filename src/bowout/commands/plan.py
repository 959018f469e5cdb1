"""``bowout plan``: short sessions until the real call, and what to practise next."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say
from bowout.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from bowout.bootstrap import RealServices
    from bowout.core.plan import Plan
    from bowout.rehearsal.next_session import Outlook


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "plan",
        help="short sessions until the real call: make the plan, see what is next, put it into your calendar",
        description="From the time of the real call: three short sessions on different days and one just before it, "
        "fewer where there is less time. Without a date: sessions further and further apart. What is done is read off "
        "your history, and a day that was missed moves the rest.",
    )
    goal = parser.add_mutually_exclusive_group()
    goal.add_argument("--call", metavar="WHEN", help="when you will call, such as “Friday 10:00”")
    goal.add_argument("--case", metavar="ID", help="a case of your own, or newest: until the contact it asks for")
    goal.add_argument("--none", action="store_true", help="no date")
    goal.add_argument("--drop", action="store_true", help="end the plan; the history stays")
    parser.add_argument("--at", metavar="HH:MM", help="the time of day that suits you (default: 18:00)")
    parser.add_argument("--ics", metavar="FILE", type=Path, help="write the sessions with reminders for a calendar")
    parser.add_argument("--replace", action="store_true", help="replace a file that is there")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    made = services()
    try:
        return _run(arguments, made)
    finally:
        made.close()


def _run(arguments: argparse.Namespace, made: RealServices) -> int:
    from bowout.rehearsal.next_session import look

    if arguments.drop:
        if arguments.ics is not None or arguments.at is not None:
            raise UsageError("A plan that ends has no times.", "Leave --ics and --at out.")
        made.plans.drop()
        if arguments.json:
            emit(look(made).as_json())
        else:
            say("There is no plan any more. Your history stays.")
        return EXIT_DONE
    plan = _changed(arguments, made)
    if plan is not None:
        made.plans.keep(plan)
    outlook = look(made)
    if arguments.ics is not None:
        _write(arguments.ics, made, outlook, replace=arguments.replace)
    if arguments.json:
        emit(outlook.as_json())
    else:
        _show(outlook)
        if arguments.ics is not None:
            say(f"{arguments.ics}: open it with your calendar. It is readable by you alone.")
    return EXIT_DONE


def _changed(arguments: argparse.Namespace, made: RealServices) -> Plan | None:
    """The plan as it is to be; ``None`` = as it is."""
    from dataclasses import replace
    from datetime import time

    from bowout.commands.cases import NEWEST
    from bowout.core import when
    from bowout.core.plan import checked_call, checked_prefer, with_call
    from bowout.rehearsal.next_session import plan_for

    now = made.now()
    old = made.plans.load()
    plan = None
    if arguments.call is not None:
        try:
            call = checked_call(when.parse(arguments.call, now), now)
        except when.NotATime as error:
            raise UsageError(str(error)) from error
        plan = with_call(old, call, now)
    elif arguments.none:
        plan = with_call(old, None, now)
    elif arguments.case is not None:
        id_ = arguments.case
        if id_ == NEWEST:
            found = [case for case in made.cases.list() if case.closed is None]
            if not found:
                raise UsageError("There is no open case.", "Begin one: bowout now")
            id_ = found[0].id
        plan = plan_for(made.cases.load(id_), now)
        plan = plan if old is None else replace(plan, prefer=old.prefer)
    if arguments.at is None:
        return plan
    plan = plan or old
    if plan is None:
        raise UsageError("There is no plan yet.", "Add --call “Friday 10:00”, --case newest or --none.")
    try:
        at = time.fromisoformat(arguments.at)
    except ValueError as error:
        raise UsageError("--at wants a time of day such as 18:00.") from error
    return replace(plan, prefer=checked_prefer(at))


def _write(path: Path, made: RealServices, outlook: Outlook, *, replace: bool) -> None:
    from bowout.rehearsal.next_session import entries

    found = entries(outlook)
    if not found:
        raise UsageError("There is no session to put into a calendar.", "Make a plan: --call “Friday 10:00”")
    try:
        made.outbox.store(path.expanduser(), made.outbox.calendar(found, made.now()), replace=replace)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already.", "Name another file, or add --replace.") from error


def _show(outlook: Outlook) -> None:
    from bowout.core.level import LEVEL_WORDS
    from bowout.rehearsal.next_session import call_words, coming_words, done_words, next_words

    say(call_words(outlook))
    if outlook.choice is not None:
        say(f"Next: {next_words(outlook)}")
        say(f"  {outlook.choice.why}.")
    for line in coming_words(outlook):
        say(f"Then {line}")
    if done_words(outlook):
        say(f"Done: {', '.join(done_words(outlook))}")
    if outlook.choice is not None:
        say(f"Level {outlook.level} of 4: {LEVEL_WORDS[outlook.level]}.")
    if outlook.plan is None:
        say("Make one: bowout plan --call “Friday 10:00”, --case newest or --none.")
    elif outlook.session is not None:
        say("Open the trainer for it: bowout, then Enter on “Next”.")


__all__ = ["add_parser", "run"]
