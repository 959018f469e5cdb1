"""``bowout coach report``: a class as one page, as a table, or as statements for a learning record store."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.coach_common import add_pseudonyms, chosen
from bowout.commands.output import say
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError

if TYPE_CHECKING:
    from bowout.core.coaching.naming import Naming
    from bowout.core.coaching.report import Counted, Sheet
    from bowout.core.coaching.result import SentTake
    from bowout.storage.coaching.coach import CoachFolder

_ENDINGS = {"html": (".html", ".htm"), "csv": (".csv",), "xapi": (".jsonl",)}
"""How a file must end, so that no slip replaces anything else."""
_BOM = "\ufeff"
"""By which spreadsheets know UTF-8."""


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "report",
        help="write a class down: a page, a table, or xAPI statements",
        description="A page that any browser opens offline: who is missing, who is below the mark, what the class "
        "misses and what trains it. Or a table with a row for each take that counts, or xAPI statements, one a line.",
    )
    parser.add_argument("what", metavar="CLASS|ASSIGNMENT", nargs="?", help="default: every assignment")
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument("--html", metavar="FILE.html", type=Path, help="one page, with nothing else to load")
    form.add_argument("--csv", metavar="FILE.csv", type=Path, help="a table for spreadsheets")
    form.add_argument("--xapi", metavar="FILE.jsonl", type=Path, help="statements for a learning record store")
    add_pseudonyms(parser)
    parser.add_argument(
        "--with-words", action="store_true", help="with --xapi: what was said, where a transcript was asked and given"
    )
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach
    from bowout.core.coaching.naming import Naming
    from bowout.core.coaching.report import sheet

    kind = next(each for each in _ENDINGS if getattr(arguments, each) is not None)
    path: Path = getattr(arguments, kind)
    if path.suffix.lower() not in _ENDINGS[kind]:
        ending = _ENDINGS[kind][0]
        raise UsageError(f"“{path}” does not end with {ending}.", f"Such as: --{kind} {path.with_suffix(ending)}")
    if arguments.with_words and kind != "xapi":
        raise UsageError("--with-words goes with --xapi.", "“bowout coach show RESULT” prints what was said.")
    coach = build_coach()
    handed = chosen(coach, arguments.what)
    if not handed:
        say("Nothing has been handed out yet. Begin: bowout coach assign PACK --class NAME")
        return EXIT_NO
    rows = {each.assignment.id: coach.standings(each.assignment.id) for each in handed}
    naming = Naming((row for each in rows.values() for row in each), coach.pseudonyms if arguments.pseudonyms else None)
    sheets = [sheet(each.assignment, rows[each.assignment.id], naming) for each in handed]
    path = path.expanduser()
    if kind == "html":
        _page(path, sheets, naming)
    elif kind == "csv":
        _table(path, sheets, naming)
    else:
        _statements(path, sheets, naming, _said(coach) if arguments.with_words else lambda counted: None)
    return EXIT_DONE


def _page(path: Path, sheets: list[Sheet], naming: Naming) -> None:
    from bowout.bootstrap import build_catalogue, build_guide
    from bowout.core.coaching.lessons import lessons
    from bowout.core.coaching.report import newest_known
    from bowout.core.coaching.report_page import page
    from bowout.core.coaching.roster import folded
    from bowout.local_time import now
    from bowout.storage.atomic import write_own

    classes = {folded(each.assignment.terms.class_name): each.assignment.terms.class_name for each in sheets}
    if len(classes) > 1:
        names = ", ".join(f"“{each}”" for each in classes.values())
        raise UsageError("A page is of one class.", f"Name one: {names}.")
    guide, catalogue = build_guide(), build_catalogue()
    rehearse = {each.id: each.rehearse for each in guide.pages}
    titles = {each.id: each.title for each in guide.pages}
    taught = lessons(newest_known(sheets), catalogue.drills, catalogue.scenarios, rehearse)
    made = page(sheets, taught, titles, now(), pseudonyms=naming.pseudonyms is not None)
    write_own(path, made.encode())
    say(
        f"{path}: open it in any browser; it needs no network. It holds {_names(naming)} and marks, no words of theirs."
    )


def _table(path: Path, sheets: list[Sheet], naming: Naming) -> None:
    from bowout.core.coaching.report_csv import lines

    count = _write(path, lines(sheets, pseudonyms=naming.pseudonyms is not None), _BOM) - 1
    say(f"{path}: {count} row{'' if count == 1 else 's'}, with {_names(naming)} and marks.")


def _statements(path: Path, sheets: list[Sheet], naming: Naming, said: Callable[[Counted], SentTake | None]) -> None:
    from bowout.core.coaching.xapi import VERSION, line, statements

    count = _write(path, (line(each) for sheet in sheets for each in statements(sheet, naming, said)))
    say(f"{path}: {count} statement{'' if count == 1 else 's'}, with {_names(naming)} and marks. Nothing was sent. A "
        f"store takes them with the header X-Experience-API-Version: {VERSION}.")  # fmt: skip


def _write(path: Path, lines: Iterable[str], begin: str = "") -> int:
    """Write the lines; how many there were."""
    from bowout.storage.atomic import own_file

    count = 0
    with own_file(path) as file:
        file.write(begin.encode())
        for line in lines:
            file.write(f"{line}\n".encode())
            count += 1
    return count


def _said(coach: CoachFolder) -> Callable[[Counted], SentTake | None]:
    """Reads the words of a take, where they were asked and given."""
    asked: dict[str, bool] = {}

    def said(counted: Counted) -> SentTake | None:
        of = counted.of
        if of is None or "transcript" not in of.result.parts:
            return None
        identity = of.result.assignment
        if identity not in asked:
            asked[identity] = "transcript" in coach.load(identity).assignment.terms.ask
        if not asked[identity]:
            return None
        full = coach.result(of.result.id).result
        return next((each for each in full.sent if each.number == counted.take.number), None)

    return said


def _names(naming: Naming) -> str:
    return "names" if naming.pseudonyms is None else "pseudonyms"
