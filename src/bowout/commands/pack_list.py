"""``bowout pack list``: the packs that are here, and those that can't be used."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from bowout.commands.common import add_json
from bowout.commands.output import emit, say
from bowout.commands.pack_common import contents
from bowout.errors import EXIT_DONE, EXIT_NO


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "list",
        help="the packs that are here, and why one is left out",
        description="The packs that are here. Exit code 1 means: one of them can't be used.",
    )
    parser.add_argument("--scenarios", action="store_true", help="their scenarios, too")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_catalogue

    catalogue = build_catalogue()
    known = catalogue.drills
    for pack in catalogue.packs:
        drills = [drill for drill in known if drill.pack == pack.id]
        cards = [entry for entry in catalogue.scenarios if entry.pack == pack.id]
        if arguments.json:
            ids = [asdict(entry) if arguments.scenarios else entry.id for entry in cards]
            emit({**asdict(pack), "ok": True, "scenarios": ids, "drills": [drill.id for drill in drills]})
            continue
        origin = "part of Bow Out" if pack.shipped else "installed"
        say(f"{pack.id}  {pack.title}: {contents(len(cards), len(drills))}, version {pack.version}, {origin}")
        if arguments.scenarios:
            for entry in cards:
                say(f"    {entry.key}  {entry.title}")
            for drill in drills:
                say(f"    {drill.key}  {drill.title} (a drill)")
    for left in catalogue.left_out:
        if arguments.json:
            emit({"id": left.pack, "place": left.place, "ok": False, "why": left.why})
        else:
            say(f"{left.pack}  left out: {left.why}")
    return EXIT_NO if catalogue.left_out else EXIT_DONE
