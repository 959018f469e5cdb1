"""``bowout pack check``: everything that is wrong with a pack, with its place."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.common import add_json
from bowout.commands.output import emit, say, tell
from bowout.commands.pack_common import contents, count
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError

if TYPE_CHECKING:
    from bowout.storage.pack_check import Checked


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "check",
        help="say everything that is wrong with a pack",
        description="Read a pack, walk its graphs and mark its own answers. Exit code 1 means: something is wrong.",
    )
    parser.add_argument("pack", metavar="FOLDER|FILE", type=Path, help="a pack's folder, or a .bowpack file")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    path = arguments.pack.expanduser()
    if not path.exists():
        raise UsageError(f"There is no file or folder “{path}”.", "Check the name.")
    result = checked(path)
    if arguments.json:
        emit(
            {
                "ok": not result.problems,
                "id": result.pack.id if result.pack else None,
                "problems": [asdict(problem) for problem in result.problems],
                "notes": list(result.notes),
            }
        )
    else:
        report(result)
    return EXIT_NO if result.problems else EXIT_DONE


def checked(path: Path) -> Checked:
    """Check a pack as it is today."""
    from datetime import datetime

    from bowout.storage.pack_check import check

    return check(path, datetime.now().astimezone())


def report(result: Checked) -> None:
    """Print what was found: the problems are the answer, the notes stand beside it."""
    for problem in result.problems:
        say(str(problem))
    for note in result.notes:
        tell(f"! {note}")
    if result.problems:
        say(f"{count(len(result.problems), 'problem')}.")
    elif result.pack is not None:
        say(f"“{result.pack.title}” is well: {contents(len(result.pack.scenarios), len(result.pack.drills))}.")
