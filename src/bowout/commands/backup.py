"""``bowout backup`` and ``bowout restore``: everything that is yours, in one file and back."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, EXIT_NO

if TYPE_CHECKING:
    from bowout.storage.backup_layout import Kind, Root


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = subparsers.add_parser(
        "backup",
        help="put your calls, cases, plan, settings and messages into one file",
        description="Writes one ZIP that you alone can read: calls with their sound, cases, incident notes, messages "
        "in your own words, installed packs, assignments, the plan and the settings. No models; secret keys only where "
        "you ask for them. An older backup of that name is "
        "replaced.",
    )
    backup.add_argument("file", metavar="FILE.zip", type=Path)
    backup.add_argument(
        "--with-keys", action="store_true", help="also the secret keys of a coach and a learner; guard that file well"
    )
    add_json(backup)
    backup.set_defaults(func=run_backup)
    restore = subparsers.add_parser(
        "restore",
        help="take back what a backup holds and is not here",
        description="Checks the whole file first. What is here already stays as it is. Exit code 1 means: there was "
        "something in it that can't be used.",
    )
    restore.add_argument("file", metavar="FILE.zip", type=Path)
    restore.add_argument("--dry-run", action="store_true", help="check it, and only say what would come")
    add_json(restore)
    restore.set_defaults(func=run_restore)


def _roots() -> Mapping[Root, Path]:
    from bowout import paths

    return {"data": paths.data_dir(), "config": paths.config_dir()}


def run_backup(arguments: argparse.Namespace) -> int:
    from bowout.core.sizes import byte_words
    from bowout.storage.backup import back_up

    made = back_up(arguments.file.expanduser(), _roots(), services().now(), with_keys=arguments.with_keys)
    for path, why in made.left_out:
        tell(f"Left out: {path}: {why}.")
    if arguments.json:
        things = {kind.noun: count for kind, count in made.things.items()}
        emit({"file": str(made.path), "bytes": made.bytes, "things": things, "left_out": len(made.left_out)})
        return EXIT_DONE
    say(f"{made.path}: {_counted(made.things) or 'nothing yet'}; {byte_words(made.bytes)}, readable by you alone.")
    say("It holds your words and your voice; you decide where it lies.")
    return EXIT_DONE


def run_restore(arguments: argparse.Namespace) -> int:
    from bowout.storage.restore import restore

    made = restore(arguments.file.expanduser(), _roots(), dry_run=arguments.dry_run)
    if made.came and not arguments.dry_run:
        services().records.verify()
    came, stayed = ({kind: len(things) for kind, things in side.items()} for side in (made.came, made.stayed))
    for name, why in made.unusable.items():
        tell(f"Not restored: {name}: {why.rstrip('.')}.")
    if arguments.json:
        emit({
            "came": {kind.noun: things for kind, things in made.came.items()},
            "stayed": {kind.noun: things for kind, things in made.stayed.items()},
            "unusable": made.unusable,
        })  # fmt: skip
    else:
        say(f"{'Would come' if arguments.dry_run else 'Came'}: {_counted(came) or 'nothing'}.")
        if stayed:
            say(f"Here already, and left as it is: {_counted(stayed)}.")
    return EXIT_NO if made.unusable else EXIT_DONE


def _counted(things: Mapping[Kind, int]) -> str:
    """“3 calls, 1 case and the plan”."""
    told = [
        f"the {kind.noun}" if not kind.plural else f"{count:,} {kind.noun if count == 1 else kind.plural}"
        for kind, count in things.items()
    ]
    return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))
