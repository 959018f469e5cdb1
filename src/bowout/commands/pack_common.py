"""What the actions on packs share."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.output import tell
from bowout.errors import UsageError

if TYPE_CHECKING:
    from bowout.core.scenario import Scenario
    from bowout.storage.packs import Pack


def open_named(name: str) -> Pack:
    """The pack that is meant: a folder, a ``.bowpack`` file, or the id of one that is here.

    Raises:
        UsageError: there is none.
        InputError, PackError: it can't be used.
    """
    from bowout.bootstrap import build_catalogue
    from bowout.core.document import suggestion
    from bowout.storage.pack_store import open_pack
    from bowout.storage.packs import is_name

    path = Path(name).expanduser()
    # An id is not looked for among the folders of the place one happens to be in, unless it is no pack's.
    if is_name(name):
        catalogue = build_catalogue()
        places = {pack.id: pack.place for pack in catalogue.packs} | {p.pack: p.place for p in catalogue.left_out}
        if name in places:
            return open_pack(Path(places[name]))
        if not path.exists():
            raise UsageError(f"There is no pack and no file “{name}”.", suggestion(name, places))
    if not path.exists():
        raise UsageError(f"There is no file or folder “{name}”.", "See which packs there are: bowout pack list")
    return open_pack(path)


def scenario_of(pack: Pack, name: str) -> Scenario:
    """The pack's scenario of this id. Raises ``UsageError`` with a suggestion."""
    from bowout.core.document import suggestion

    known: Mapping[str, Scenario] = {scenario.id: scenario for scenario in pack.scenarios}
    if name not in known:
        raise UsageError(f"The pack “{pack.id}” has no scenario “{name}”.", suggestion(name, known))
    return known[name]


def agreed(question: str, *, yes: bool) -> bool:
    """Ask on the terminal; ``--yes`` answers. Raises ``UsageError`` where nobody can be asked."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"{question} Nobody is here to answer.", "Add --yes if you mean it.")
    tell(f"{question} [y/N]")
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def typed_line() -> str:
    """A line from standard input; empty at its end. Raises ``InputError`` for what is no text."""
    from bowout.errors import InputError

    try:
        return sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise InputError("What was typed, or piped in, is not UTF-8.", "Save it as UTF-8.") from error


def contents(scenarios: int, drills: int) -> str:
    """“3 scenarios, 1 drill”; what there is none of is left out."""
    parts = [count(number, word) for number, word in ((scenarios, "scenario"), (drills, "drill")) if number]
    return ", ".join(parts)


def count(number: int, word: str) -> str:
    """“1 scenario”, “3 scenarios”."""
    return f"{number} {word}{'' if number == 1 else 's'}"


__all__ = ["agreed", "contents", "count", "open_named", "scenario_of", "typed_line"]
