"""``bowout pack remove``: delete an installed pack."""

from __future__ import annotations

import argparse

from bowout.commands.output import say
from bowout.commands.pack_common import agreed
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser("remove", help="delete an installed pack")
    parser.add_argument("pack", metavar="PACK", help="its id, as in the list")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_catalogue
    from bowout.storage.pack_store import folder, installed, remove

    name, root = arguments.pack, folder()
    there = {path.stem for path in installed(root)}
    if name not in there and any(pack.id == name for pack in build_catalogue().packs if pack.shipped):
        raise UsageError(f"“{name}” is part of Bow Out and can't be removed.", "Only installed packs can.")
    if name in there and not agreed(f"Delete the pack “{name}”?", yes=arguments.yes):
        say("It stays.")
        return EXIT_NO
    remove(name, root)
    say(f"The pack “{name}” is gone. What was kept of your calls stays.")
    return EXIT_DONE
