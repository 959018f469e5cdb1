"""What the commands of coaches and learners share."""

from __future__ import annotations

import argparse
import re
import sys
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.output import tell
from bowout.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bowout.core.coaching.parties import Pseudonyms
    from bowout.core.coaching.roster import Person
    from bowout.rehearsal.coaching import Handed
    from bowout.storage.coaching.coach import CoachFolder

_SPAN = re.compile(r"(?:(\d+(?:\.\d+)?) ?m(?:in(?:utes?)?)?)? ?(?:(\d+(?:\.\d+)?) ?(?:s(?:ec(?:onds?)?)?)?)?")
_LINE = 300


def add_pseudonyms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pseudonyms", action="store_true", help="show the same made-up name for each person always")


def add_new_key(parser: argparse.ArgumentParser, whose: str) -> None:
    parser.add_argument(
        "--accept-new-key", action="store_true", help=f"the {whose}'s keys have changed, and you have asked them"
    )


def seconds(text: str) -> float:
    """“45s”, “45”, “1m30s”, “2 min”. Raises what argparse turns into a usage error."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or not any(found.groups()):
        raise argparse.ArgumentTypeError(f"“{text}” is no time such as 45s or 1m30s")
    made = float(found[1] or 0) * 60 + float(found[2] or 0)
    if not 1 <= made <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 second to an hour")
    return made


def moment(text: str, now: datetime) -> datetime:
    """When something is due: a day with or without a time. Raises ``UsageError``."""
    from bowout.core.when import NotATime, parse

    try:
        return parse(text, now)
    except NotATime as error:
        try:
            return parse(f"{text} 23:59", now)
        except NotATime:
            raise UsageError(str(error)) from error


def output_file(typed: Path | None, suffix: str, default: str) -> Path:
    """Where to write: as it was typed, else by the default name, with a number where that one is taken. Raises
    ``UsageError`` for a name with another ending: no slip replaces anything else."""
    if typed is not None and typed.suffix != suffix:
        raise UsageError(f"“{typed}” does not end with {suffix}.", f"Such as: -o {typed.with_suffix(suffix)}")
    if typed is not None:
        return typed.expanduser()
    numbers = chain([""], (f"-{number}" for number in count(2)))
    return next(path for number in numbers if not (path := Path(f"{default}{number}{suffix}")).exists())


def chosen(coach: CoachFolder, what: str | None) -> list[Handed]:
    """The assignments that are meant: all, those of a class, or the one with this id. Raises ``UsageError``."""
    from bowout.core.coaching.roster import folded

    every = coach.assignments()
    if what is None:
        return every
    of_class = [each for each in every if folded(each.assignment.terms.class_name) == folded(what)]
    if of_class:
        return of_class
    wanted = what.strip().lower()
    found = [each for each in every if len(wanted) >= 4 and each.assignment.id.startswith(wanted)]
    if not found:
        classes = ", ".join(dict.fromkeys(f"“{each.assignment.terms.class_name}”" for each in every))
        raise UsageError(f"There is no class and no assignment “{what}”.", f"Classes: {classes or 'none yet'}.")
    return found


def called(person: Person, pseudonyms: Pseudonyms | None) -> str:
    """The name, or the pseudonym where names are not to be shown."""
    return person.name if pseudonyms is None else pseudonyms.of(person.id)


def asked(question: str, default: str = "") -> str:
    """A line from the terminal. Raises ``UsageError`` where nobody is there."""
    if not sys.stdin.isatty():
        raise UsageError(f"{question} Nobody is here to answer.", "Say it on the command line.")
    tell(f"{question}{f' [{default}]' if default else ''}")
    return " ".join(sys.stdin.readline(_LINE).split()) or default


def listed(lines: Iterable[str], indent: str = "  ") -> None:
    """Lines beside the answer, indented."""
    for each in lines:
        tell(f"{indent}{each}")


__all__ = [
    "add_new_key", "add_pseudonyms", "asked", "called", "chosen", "listed", "moment", "output_file", "seconds",
]  # fmt: skip
