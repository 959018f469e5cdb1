"""``bowout pack …``: scenario packs. Each action is a module of its own."""

from __future__ import annotations

import argparse
import importlib

ACTIONS = ("new", "preview", "check", "show", "build", "install", "list", "remove", "schema")
"""In the order of the help. The action ``x`` is ``add_parser(actions)`` of ``bowout.commands.pack_x``."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "pack",
        help="make, try, check, build, install and remove scenario packs",
        description="A pack is a folder with pack.yaml and one YAML file a scenario, or one .bowpack file. "
        "How to write one is in docs/packs.md.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name in ACTIONS:
        importlib.import_module(f"bowout.commands.pack_{name}").add_parser(actions)
