"""``bowout progress``: how you get on, in words and plots, or as one HTML file."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.common import add_json, services
from bowout.commands.output import columns, emit, say
from bowout.errors import EXIT_DONE, InputError, UsageError

if TYPE_CHECKING:
    from bowout.core.progress import Course
    from bowout.ports import Records

PAGES = (".html", ".htm")
"""How the file must end, so that no slip replaces anything else."""
_WIDEST = 100


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "progress",
        help="how you get on: ready or not, figures over time",
        description="For each call: whether you are ready and what that rests on, your figures over time with the "
        "recent takes weighing more, and each item from take to take.",
    )
    parser.add_argument("--scenario", metavar="ID", default="", help="only this call, and drills made of it")
    form = parser.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument("--html", metavar="FILE.html", type=Path, help="write one page that any browser opens, offline")
    parser.add_argument("--with-words", action="store_true", help="with --html: what you said is in the page too")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.rehearsal.progress import all_courses, all_drills

    file: Path | None = arguments.html
    if file is not None and file.suffix.lower() not in PAGES:
        raise UsageError(f"“{file}” does not end with .html.", f"Such as: --html {file.with_suffix('.html')}")
    if arguments.with_words and file is None:
        raise UsageError("--with-words goes with --html.", "“bowout recordings show ID” prints what was said.")
    made = services()
    now = made.now()
    scenario = arguments.scenario.rpartition("/")[2]
    courses = all_courses(made.records, now, scenario)
    drills = all_drills(made.records, made.drills, scenario)
    if arguments.json:
        for line_json in [*(each.as_json() for each in courses), *(each.as_json() for each in drills)]:
            emit(line_json)
        return EXIT_DONE
    if file is not None:
        from bowout.core.progress_page import page
        from bowout.storage.atomic import write_own

        words = _words(made.records, courses) if arguments.with_words else {}
        path = file.expanduser()
        write_own(path, page(courses, drills, now, words).encode())
        held = "It holds your words" if words else "It holds titles and figures, none of your words"
        say(f"{path}: open it in any browser; it needs no network. {held}.")
        return EXIT_DONE
    from bowout.core.progress_text import course_lines, drill_lines, plain

    width = min(_WIDEST, columns())
    blocks = [course_lines(each, width, now) for each in courses] + [drill_lines(each, width, now) for each in drills]
    for n, block in enumerate(blocks):
        if n:
            say()
        for line in plain(block):
            say(line)
    if not blocks:
        say("No take has been marked so far. Rehearse a call, and it will be here.")
    return EXIT_DONE


def _words(records: Records, courses: Iterable[Course]) -> dict[str, list[str]]:
    """What was said in the newest takes of each call, a line a turn, by the take's id."""
    from bowout.core.marks_reading import marks_from_json
    from bowout.core.progress_page import ROWS

    made: dict[str, list[str]] = {}
    for course in courses:
        for take in course.takes[:ROWS]:
            try:
                events = records.load(take.id).events
            except InputError:  # deleted this moment
                continue
            results = [event["result"] for event in events if event.get("kind") == "marks" and event.get("result")]
            if results:
                made[take.id] = [turn.text for turn in marks_from_json(results[-1]).transcript.turns if turn.words]
    return made
