"""``keys`` of coaches and of learners: show the fingerprint, put a copy away, take it back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bowout.commands.coach_common import output_file
from bowout.commands.output import say, tell
from bowout.commands.pack_common import agreed
from bowout.errors import EXIT_DONE, EXIT_NO, InputError, UsageError

if TYPE_CHECKING:
    from bowout.storage.coaching.keys import Keys

SUFFIX = ".bowkeys"
_LONGEST = 1000


class Owner(Protocol):
    """A folder that has keys."""

    @property
    def keys(self) -> Keys | None: ...

    def keep_keys(self, keys: Keys) -> None: ...


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser], owner: Callable[[], Owner]) -> None:
    """``keys show|export|import``.

    Args:
        owner: makes the folder, when a command runs.
    """
    parser = actions.add_parser(
        "keys",
        help="show the fingerprint of your keys, put a copy away, take it back",
        description="Your keys lie on this machine alone. If they are lost, nothing that is still to come can be "
        "opened; what was opened before stays.",
    )
    parser.set_defaults(owner=owner)
    kinds = parser.add_subparsers(dest="keys_action", metavar="WHAT", required=True)
    shown = kinds.add_parser("show", help="your name and fingerprint")
    shown.set_defaults(func=run_show)
    export = kinds.add_parser("export", help="write a copy, locked by a pass phrase")
    export.add_argument("file", metavar=f"FILE{SUFFIX}", type=Path)
    _add_phrase(export)
    export.set_defaults(func=run_export)
    back = kinds.add_parser("import", help="take keys from a copy")
    back.add_argument("file", metavar=f"FILE{SUFFIX}", type=Path)
    back.add_argument("--yes", action="store_true", help="replace other keys that are here without asking")
    _add_phrase(back)
    back.set_defaults(func=run_import)


def _add_phrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file", metavar="FILE", type=Path, help="the pass phrase is the first line of this file"
    )


def run_show(arguments: argparse.Namespace) -> int:
    keys = _keys(arguments.owner())
    say(f"{keys.name}: {keys.party.fingerprint}")
    return EXIT_DONE


def run_export(arguments: argparse.Namespace) -> int:
    from bowout.storage.atomic import write_own
    from bowout.storage.coaching.keys import exported

    path = output_file(arguments.file, SUFFIX, "")
    if path.exists():
        raise UsageError(f"There is a file {path} already.", "It may be the only copy of keys: take another name.")
    keys = _keys(arguments.owner())
    phrase = _phrase(arguments.passphrase_file, "A pass phrase for the copy (empty: none): ", twice=True)
    if not phrase and arguments.passphrase_file is not None:
        raise UsageError(f"The first line of {arguments.passphrase_file} is empty.", "Write the pass phrase there.")
    write_own(path, exported(keys, phrase))
    say(f"{path}: the keys of {keys.name}{', locked' if phrase else ', NOT locked: whoever has it is you'}.")
    return EXIT_DONE


def run_import(arguments: argparse.Namespace) -> int:
    from bowout.storage.canonical_zip import read_file
    from bowout.storage.coaching.keys import MAX_KEY_FILE, imported, is_locked

    owner = arguments.owner()
    raw = read_file(arguments.file.expanduser(), MAX_KEY_FILE, f"a {SUFFIX} file")
    phrase = _phrase(arguments.passphrase_file, "Its pass phrase: ", twice=False) if is_locked(raw) else ""
    keys = imported(raw, arguments.file.name, phrase)
    try:
        here = owner.keys
    except InputError as error:  # damaged: the copy is what mends it
        tell(error.message)
        here = None
    if here is not None and here.party.key != keys.party.key:
        told = f"Other keys are here, and lost without a copy: {here.name}, {here.party.fingerprint}. Replace them?"
        if not agreed(told, yes=arguments.yes):
            say("Nothing was changed.")
            return EXIT_NO
    owner.keep_keys(keys)
    say(f"You are {keys.name}: {keys.party.fingerprint}")
    return EXIT_DONE


def _keys(owner: Owner) -> Keys:
    keys = owner.keys
    if keys is None:
        raise UsageError("There are no keys here yet.", "A coach's: bowout coach init. A learner's come by themselves.")
    return keys


def _phrase(file: Path | None, question: str, *, twice: bool) -> str:
    """The pass phrase, from a file or typed unseen. Raises ``UsageError``."""
    if file is not None:
        try:
            with file.expanduser().open(encoding="utf-8") as opened:
                return opened.readline(_LONGEST).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file} can't be read.", "Name a text file with the pass phrase in it.") from error
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to type the pass phrase.", "Give it with --passphrase-file FILE.")
    from getpass import getpass

    phrase = getpass(question)
    if twice and phrase and getpass("Once more: ") != phrase:
        raise UsageError("The two are not the same.", "Nothing was written. Try again.")
    return phrase


__all__ = ["SUFFIX", "Owner", "add_actions"]
