"""``bowout coach status``: who has sent, who has not, who is late or below the mark, and what the class misses."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from bowout.commands.coach_common import add_pseudonyms, called, chosen
from bowout.commands.common import add_json
from bowout.commands.output import emit, say
from bowout.errors import EXIT_DONE, EXIT_NO

if TYPE_CHECKING:
    from bowout.core.coaching.parties import Pseudonyms
    from bowout.core.coaching.standing import Missed, Standing
    from bowout.core.coaching.terms import Assignment

MOST_MISSED = 5
"""Criteria that are told to people; JSON has all."""


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "status",
        help="see where a class stands",
        description="Who has sent, who has not, who is late or below the mark, and what the class misses most; newest "
        "assignment first.",
    )
    parser.add_argument("what", metavar="CLASS|ASSIGNMENT", nargs="?", help="default: every assignment")
    add_pseudonyms(parser)
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach
    from bowout.core.coaching.standing import misses

    coach = build_coach()
    handed = chosen(coach, arguments.what)
    pseudonyms = coach.pseudonyms if arguments.pseudonyms else None
    for at, each in enumerate(handed):
        rows = coach.standings(each.assignment.id)
        missed = misses(rows)
        if arguments.json:
            _json(each.assignment, rows, missed, pseudonyms)
            continue
        if at:
            say()
        _text(each.assignment, rows, missed, pseudonyms)
    if not handed and not arguments.json:
        say("Nothing has been handed out yet. Begin: bowout coach assign PACK --class NAME")
    return EXIT_DONE if handed else EXIT_NO


def _text(
    assignment: Assignment, rows: tuple[Standing, ...], missed: tuple[Missed, ...], pseudonyms: Pseudonyms | None
) -> None:
    from bowout.core.coaching.standing import counts
    from bowout.core.coaching.words import criterion_words, standing_words

    terms = assignment.terms
    due = f", due {terms.due:%Y-%m-%d %H:%M}" if terms.due is not None else ""
    say(f"{terms.class_name}: {assignment.title} ({assignment.id[:8]}{due})")
    told = counts(rows)
    say(f"  {told.sent} of {told.people} have sent; {told.late} late, {told.below} below the mark, "
        f"{told.to_review} to review")  # fmt: skip
    for row in rows:
        result = f"  {row.latest.result.id[:8]}" if row.latest is not None else ""
        say(f"  {called(row.person, pseudonyms)}: {standing_words(row)}{result}")
    worst = [each for each in missed if each.missed][:MOST_MISSED]
    if worst:
        say("  Missed most:")
    for each in worst:
        what = "made by" if each.fault else "left out by"
        say(f"    {criterion_words(each.criterion)}: {what} {each.missed} of {each.of}")


def _json(
    assignment: Assignment, rows: tuple[Standing, ...], missed: tuple[Missed, ...], pseudonyms: Pseudonyms | None
) -> None:
    terms = assignment.terms
    common = {"assignment": assignment.id, "class": terms.class_name}
    due = None if terms.due is None else terms.due.isoformat()
    emit({"kind": "assignment", **common, "title": assignment.title, "due": due})
    for row in rows:
        emit({"kind": "person", **common, **_row(row, pseudonyms)})
    for each in missed:
        emit({
            "kind": "criterion", **common, "criterion": each.criterion, "fault": each.fault, "missed": each.missed,
            "unsure": each.unsure, "of": each.of,
        })  # fmt: skip


def _row(row: Standing, pseudonyms: Pseudonyms | None) -> dict[str, Any]:
    latest = row.latest
    person = {"name": called(row.person, pseudonyms)}
    if pseudonyms is None:
        person |= {"number": row.person.number, "email": row.person.email}
    return {
        **person,
        "listed": row.listed,
        "state": row.state,
        "late": row.late,
        "score": row.score,
        "reached": row.reached,
        "disputed": row.disputed,
        "takes": row.takes,
        "results": len(row.all),
        "result": None if latest is None else latest.result.id,
        "made": None if latest is None else latest.result.made.isoformat(),
        "parts": [] if latest is None else list(latest.result.parts),
        "phase": None if latest is None else latest.phase,
    }
