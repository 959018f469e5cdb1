"""``bowout history``: every attempt as a table for people, as JSON lines or as CSV."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bowout.commands.common import add_json, services
from bowout.commands.output import columns, emit, say, tell
from bowout.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from bowout.ports import AttemptSummary, HistoryQuery, Records

SHOWN = 50
"""Attempts of the table, unless another number is asked for."""
_WIDEST = 120
_PAGE = 500
"""Attempts that are read at a time."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "history",
        help="every call and drill you have made, newest first",
        description="Every attempt, newest first: a table, or everything that is known of each as JSON or CSV. "
        "“bowout progress” shows how you get on; in the trainer F7 opens both.",
    )
    parser.add_argument("words", metavar="WORD", nargs="*", help="only those with these words in title or outcome")
    parser.add_argument("--scenario", metavar="ID", default="", help="only this call")
    parser.add_argument("--drill", metavar="NAME", help="only runs of this drill")
    parser.add_argument("--since", metavar="DAY", help="begun on this day or later, such as 2026-05-04")
    parser.add_argument("--until", metavar="DAY", help="begun on this day or earlier")
    parser.add_argument(
        "--limit", metavar="N", type=_number, help=f"so many at most (default: {SHOWN} in the table, else all)"
    )
    form = parser.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument("--csv", action="store_true", help="print CSV with a header, for spreadsheets")
    parser.set_defaults(func=run)


def _number(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if not 0 < value <= 10**9:
        raise argparse.ArgumentTypeError(f"{text} is no number of attempts")
    return value


def run(arguments: argparse.Namespace) -> int:
    from dataclasses import asdict, fields

    from bowout.ports import AttemptSummary, HistoryQuery

    made = services()
    now = made.now()
    query = HistoryQuery(
        text=" ".join(arguments.words),
        scenario=arguments.scenario.rpartition("/")[2],
        drill=arguments.drill,
        since=_moment(arguments.since, now, 0),
        until=_moment(arguments.until, now, 1),
    )
    limit: int | None = arguments.limit
    if arguments.json:
        for row in _rows(made.records, query, limit):
            emit(asdict(row))
        return EXIT_DONE
    if arguments.csv:
        from bowout.core import history_csv

        names = [field.name for field in fields(AttemptSummary)]
        for line in history_csv.lines((asdict(row) for row in _rows(made.records, query, limit)), names):
            say(line)
        return EXIT_DONE
    from bowout.core.history_text import called, mark, notes, when

    drills = {drill.key: drill for drill in made.drills}
    width, count = min(_WIDEST, columns()), 0
    for row in _rows(made.records, query, limit or SHOWN):
        count += 1
        left = f"{when(row, now):<14}{mark(row, drills):<9}{row.mode:<10}"
        special = notes(row)
        words = f"{called(row, drills)}{f' ({special})' if special else ''}"
        room = max(12, width - len(left) - len(row.id) - 2)
        say(f"{left}{words if len(words) <= room else words[: room - 1] + '…':<{room}}  {row.id}")
    total = made.records.page(query, limit=0).total
    if count < total:
        tell(f"{count} of {total}. --limit shows more, --csv and --json show all.")
    elif not total:
        say("Nothing has been kept." if query == HistoryQuery() else "No attempt is like that.")
    return EXIT_DONE


def _rows(records: Records, query: HistoryQuery, limit: int | None) -> Iterator[AttemptSummary]:
    """Page by page. An attempt that is made meanwhile pushes the others on, so one that came before is left out."""
    seen: set[str] = set()
    offset = 0
    while limit is None or len(seen) < limit:
        page = records.page(query, offset=offset, limit=_PAGE)
        for row in page.rows:
            if row.id not in seen and (limit is None or len(seen) < limit):
                seen.add(row.id)
                yield row
        offset += _PAGE
        if offset >= page.total:
            return


def _moment(day: str | None, now: datetime, later: int) -> str:
    """The first moment of a day that was typed, or of so many days later, in the user's zone; a time is taken as it
    is. Raises ``UsageError``."""
    if not day:
        return ""
    try:
        if len(day) > 10:
            read = datetime.fromisoformat(day)
            return (read if read.tzinfo else read.replace(tzinfo=now.tzinfo)).isoformat()
        start = date.fromisoformat(day) + timedelta(days=later)
    except (ValueError, OverflowError):
        raise UsageError(f"“{day}” is no day.", "Write it like 2026-05-04.") from None
    return datetime.combine(start, time.min, tzinfo=now.tzinfo).isoformat()
