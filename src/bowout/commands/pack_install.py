"""``bowout pack install``: take a pack from a file or a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.output import say, tell
from bowout.commands.pack_common import agreed, count
from bowout.commands.pack_show import pack_lines
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError

if TYPE_CHECKING:
    from bowout.core.cards import PackCard
    from bowout.storage.packs import Pack

TRY_S = 10.0
"""Longest time to try a pack's own answers before it is installed; a check takes all the time it needs."""


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "install",
        help="install a pack from a file or a folder",
        description="Install a pack, in place of an older version of it. It is checked before anything is written.",
    )
    parser.add_argument("source", metavar="FILE|FOLDER", help="a .bowpack file, or the folder of a pack")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from datetime import datetime

    from bowout.bootstrap import build_catalogue
    from bowout.storage.pack_check import doubts_of, faults_of
    from bowout.storage.pack_store import folder, install, open_pack
    from bowout.storage.packs import PackError

    source = Path(arguments.source).expanduser()
    if not source.exists():
        raise UsageError(f"There is no file or folder “{arguments.source}”.", "Check the name.")
    pack = open_pack(source)
    faults, _ = faults_of(pack)
    if faults:
        raise PackError(faults)
    catalogue = build_catalogue()
    here = next((each for each in catalogue.packs if each.id == pack.id), None)
    if here is not None and here.shipped:
        raise UsageError(f"Bow Out brings a pack “{pack.id}” of its own.", "Give yours another id in pack.yaml.")
    for line in pack_lines(pack):
        tell(line)
    # Not a reason to refuse: the pack may have been made for another version of the marking.
    doubts, notes = doubts_of(pack, datetime.now().astimezone(), within_s=TRY_S)
    for doubt in (*doubts, *notes):
        tell(f"! {doubt}")
    if not agreed(_question(pack, here), yes=arguments.yes):
        say("Nothing was installed.")
        return EXIT_NO
    path = install(pack, folder())
    catalogue.refresh()
    # Reading it once more from its place compiles it for the next start, and shows that it is whole.
    added = [entry for entry in catalogue.scenarios if entry.pack == pack.id]
    say(f"Installed “{pack.title}”, {count(len(added), 'scenario')}: {path}")
    if added:
        say(f"Try one: bowout call {added[0].key}")
    return EXIT_DONE


def _question(pack: Pack, here: PackCard | None) -> str:
    if here is None:
        return f"Install “{pack.title}”?"
    if here.version == pack.version:
        return f"Version {here.version} of “{pack.id}” is installed. Replace it?"
    older = "older " if pack.version < here.version else ""
    return f"Version {here.version} of “{pack.id}” is installed. Replace it by the {older}version {pack.version}?"
