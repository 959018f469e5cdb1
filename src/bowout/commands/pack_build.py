"""``bowout pack build``: make one file of a pack's folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from bowout.commands.output import say
from bowout.commands.pack_check import checked, report
from bowout.commands.pack_common import contents
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "build",
        help="make one .bowpack file of a folder",
        description="Check a pack and put it into one file. The same pack always makes the same bytes. "
        "Exit code 1 means: something is wrong with it, and nothing was written.",
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the folder with pack.yaml")
    parser.add_argument("-o", "--output", metavar="FILE.bowpack", type=Path, help="default: ID-VERSION.bowpack, here")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.storage.atomic import write_public
    from bowout.storage.bowpack import SUFFIX, archive

    folder, output = arguments.folder.expanduser(), arguments.output
    if not folder.is_dir():
        raise UsageError(f"There is no folder “{folder}”.", "Name the folder that holds pack.yaml.")
    if output is not None and output.suffix != SUFFIX:
        # So that no slip replaces a scenario or anything else.
        raise UsageError(f"“{output}” does not end with {SUFFIX}.", f"Such as: -o {output.with_suffix(SUFFIX)}")
    result = checked(folder)
    if result.pack is None or result.problems:
        report(result)
        return EXIT_NO
    pack = result.pack
    path = (output or Path(f"{pack.id}-{pack.version}{SUFFIX}")).expanduser()
    raw = archive(pack)
    write_public(path, raw)
    say(f"{path}: “{pack.title}”, {contents(len(pack.scenarios), len(pack.drills))}, {len(raw) / 1000:.0f} kB")
    return EXIT_DONE
