"""``bowout coach assign``: one file with a pack in it, and what is asked of a class."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.coach_common import moment, output_file, seconds
from bowout.commands.output import say, tell
from bowout.commands.pack_common import open_named
from bowout.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from bowout.core.coaching.roster import Roster
    from bowout.core.coaching.terms import Part, Terms
    from bowout.core.drills import Drill
    from bowout.storage.packs import Pack

MOST_TOLD = 20
"""Refused rows of a roster that are named one by one."""


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "assign",
        help="hand a pack out to a class",
        description="Write one signed .bowassign file: the pack, and the terms in plain words. Everybody in the class "
        "gets the same file.",
    )
    parser.add_argument("pack", metavar="PACK[/SCENARIO]", help="a folder, a .bowpack file or a pack that is here")
    parser.add_argument("--class", dest="class_name", metavar="NAME", required=True, help="the class it is for")
    parser.add_argument("--roster", metavar="FILE.csv", type=Path, help="who is in it (default: as the last time)")
    parser.add_argument("--due", metavar="WHEN", help="such as “Friday 18:00” or 2026-11-27")
    parser.add_argument("--takes", metavar="N", type=int, help="most takes of each call (default: no limit)")
    parser.add_argument("--mode", choices=("live", "practice"), help="default: the learner chooses")
    parser.add_argument("--limit", metavar="45s", type=seconds, help="most time of their own speech in a call")
    parser.add_argument("--drill", metavar="NAME", help="not the whole call, but this drill made of it")
    parser.add_argument("--mark", metavar="N", type=int, help="the score to reach (default: to pass)")
    parser.add_argument(
        "--ask",
        metavar="WHAT",
        action="append",
        help="what may be sent back: marks, transcript, audio; several by commas (default: marks)",
    )
    parser.add_argument("--note", metavar="TEXT", default="", help="a few words of yours")
    parser.add_argument(
        "-o", "--output", metavar="FILE.bowassign", type=Path, help="default: CLASS-PACK.bowassign, here"
    )
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach
    from bowout.core.coaching.file_names import slug
    from bowout.core.coaching.terms import terms_in_words
    from bowout.storage.atomic import write_public

    coach = build_coach()
    if coach.me is None:
        raise UsageError("You have no coach's keys yet.", "Make them: bowout coach init")
    pack, scenarios = _pack(arguments.pack)
    terms = _terms(arguments, pack, scenarios)
    path = output_file(arguments.output, ".bowassign", f"{slug(terms.class_name)}-{pack.id}")
    roster = None if arguments.roster is None else read_roster_file(arguments.roster)
    assignment, raw = coach.assign(pack, terms, roster)
    write_public(path, raw)
    for line in terms_in_words(assignment):
        tell(f"  {line}")
    people = len(coach.load(assignment.id).roster.people)
    whom = f", for {people} {'person' if people == 1 else 'people'}" if people else ""
    say(f"{path}: {len(raw) / 1000:.0f} kB{whom}")
    say(f"Assignment {assignment.id[:8]}. Collect what comes back: bowout coach collect FILE|FOLDER…")
    return EXIT_DONE


def _pack(typed: str) -> tuple[Pack, tuple[str, ...]]:
    """The pack and the calls that are meant."""
    from bowout.commands.pack_common import scenario_of

    name, slash, scenario = typed.rpartition("/")
    if slash and name and scenario and not Path(typed).expanduser().exists():
        pack = open_named(name)
        return pack, (scenario_of(pack, scenario).id,)
    pack = open_named(typed)
    return pack, tuple(scenario.id for scenario in pack.scenarios)


def _terms(arguments: argparse.Namespace, pack: Pack, scenarios: tuple[str, ...]) -> Terms:
    """The terms, checked as a learner's program will. Raises ``UsageError``."""
    from bowout.bootstrap import build_services
    from bowout.core.coaching.fields import Unreadable
    from bowout.core.coaching.terms import Terms, terms_from
    from bowout.core.drills import find_drill

    services = build_services()
    drill, mode = None, arguments.mode
    if arguments.drill is not None:
        own = [each for each in pack.drills if each.id == arguments.drill]
        drill = own[0] if own else find_drill(services.drills, arguments.drill)
        scenarios = _fitting(drill, pack, scenarios)
        if mode is not None and mode not in drill.modes:
            raise UsageError(f"“{drill.title}” is a drill for {drill.modes[0]} mode.", f"--mode {drill.modes[0]}")
        mode = mode or (drill.modes[0] if len(drill.modes) == 1 else None)
    terms = Terms(
        class_name=" ".join(arguments.class_name.split()),
        scenarios=scenarios,
        due=None if arguments.due is None else moment(arguments.due, services.now()),
        takes=arguments.takes,
        mode=mode,
        limit_s=arguments.limit,
        drill="" if drill is None else drill.id if drill in pack.drills else drill.key,
        ask=_asked(arguments.ask),
        mark=arguments.mark,
        note=arguments.note,
    )
    if terms.due is not None and terms.due <= services.now():
        raise UsageError(f"“{arguments.due}” is over already.", "Choose a later date.")
    try:
        return terms_from(terms.as_json())
    except Unreadable as error:
        raise UsageError(f"That can't be asked: {error}") from error


def _fitting(drill: Drill, pack: Pack, scenarios: tuple[str, ...]) -> tuple[str, ...]:
    """The calls that the drill can be made of. Raises ``UsageError``: none of them."""
    from bowout.core.drills import suits

    made = tuple(
        each.id
        for each in pack.scenarios
        if each.id in scenarios and suits(drill, each.intent, each.channel, each.difficulty)
    )
    if not made:
        raise UsageError(f"“{drill.title}” can't be made of these calls.", "Choose another drill, or another call.")
    return made


def _asked(typed: list[str] | None) -> tuple[Part, ...]:
    from bowout.core.coaching.terms import PARTS

    if typed is None:
        return ("marks",)
    words = [word for each in typed for word in each.replace("|", ",").replace(" ", ",").split(",") if word]
    for word in words:
        if word not in PARTS:
            raise UsageError(f"“{word}” can't be asked for.", f"Ask for {', '.join(PARTS)}.")
    return tuple(part for part in PARTS if part in words)


def read_roster_file(path: Path) -> Roster:
    """A roster out of a table, with what was left out told. Raises ``InputError``."""
    from bowout.core.coaching.fields import Unreadable
    from bowout.core.coaching.roster import MAX_BYTES, read_roster
    from bowout.errors import InputError
    from bowout.storage.canonical_zip import read_file

    raw = read_file(path.expanduser(), MAX_BYTES, "a CSV file")
    try:
        roster, refused = read_roster(raw)
    except Unreadable as error:
        raise InputError(f"{path}: {error}", "Export the table as CSV, with a column for names or e-mail.") from error
    for row in refused[:MOST_TOLD]:
        tell(f"! {path.name}, line {row.line}, was left out: {row.why}")
    if len(refused) > MOST_TOLD:
        tell(f"! … and {len(refused) - MOST_TOLD} more lines.")
    return roster


__all__ = ["add_parser", "read_roster_file", "run"]
