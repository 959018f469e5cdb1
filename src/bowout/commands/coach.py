"""``bowout coach …``: hand a pack out, take results in, see where a class stands, answer. Each action is a module."""

from __future__ import annotations

import argparse
import importlib

ACTIONS = (
    "init", "assign", "collect", "status", "show", "review", "answer", "report", "roster", "match", "delete", "keys",
)  # fmt: skip
"""In the order of the help. The action ``x`` is ``add_parser(actions)`` of ``bowout.commands.coach_x``."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "coach",
        help="for coaches: hand packs out, collect results, answer",
        description="For whoever teaches this: packs go out as .bowassign files, results come back as .bowresult "
        "files, answers go out as .bowanswer files, by mail, chat or stick. Nothing goes through a server.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name in ACTIONS:
        importlib.import_module(f"bowout.commands.coach_{name}").add_parser(actions)
