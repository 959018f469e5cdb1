"""``bowout due``: what is due today in your own cases, what comes later, and the next session of the plan."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from bowout.commands.asking import say_folded
from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, InputError

if TYPE_CHECKING:
    from bowout.bootstrap import RealServices
    from bowout.rehearsal.next_session import Outlook


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("due", help="what is due today in your own cases, and the next session of your plan")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.core import when
    from bowout.core.due import Due, due

    made = services()
    now = made.now()
    found = [each for case in made.cases.list() for each in due(case, now)]
    found.sort(key=lambda each: each.by.timestamp() if each.by is not None else float("inf"))
    outlook = _outlook(made)
    if arguments.json:
        for each in found:
            emit({**each.as_json(), "today": each.today(now)})
        if outlook is not None:
            emit(_as_json(outlook))
        return EXIT_DONE

    def told(each: Due) -> None:
        by = ""
        if each.by is not None and each.kind != "attend":  # the sentence has the hour of the interview itself
            left = when.left(now, each.by)
            by = ": now" if left == "now" else f", by {when.spoken_here(each.by, now)} ({left})"
        say_folded(f"{'! ' if each.late else ''}{each.title}{by}")
        say_folded(f"   {each.says}")

    today, later = [e for e in found if e.today(now)], [e for e in found if not e.today(now)]
    for each in today:
        told(each)
    if later:
        say("Later:")
        for each in later:
            told(each)
    if outlook is not None and outlook.choice is not None:
        from bowout.rehearsal.next_session import next_words

        say(f"Practise next: {next_words(outlook)}")
        say(f"   {outlook.choice.why}.")
    elif not found:
        say("Nothing is due.")
    return EXIT_DONE


def _outlook(made: RealServices) -> Outlook | None:
    """What the plan has next; ``None`` without a plan, or with nothing left of it to do. A plan that can't be read
    keeps nobody from seeing what is due."""
    from bowout.rehearsal.next_session import look

    try:
        if made.plans.load() is None:
            return None
        outlook = look(made)
    except InputError as error:
        tell(f"  [plan] {error.sentence()}")
        return None
    return outlook if outlook.session is not None else None


def _as_json(outlook: Outlook) -> dict[str, Any]:
    from bowout.core.when import kept

    session, choice = outlook.session, outlook.choice
    assert session is not None, "there is one"
    return {
        "case": outlook.case.id if outlook.case is not None else None,
        "title": choice.title if choice is not None else None,
        "due": "practise",
        "says": f"{choice.why}." if choice is not None else None,
        "by": kept(session.at),
        "late": False,
        "today": session.today(outlook.now),
    }
