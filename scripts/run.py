"""Set Bow Out up, then run it.

    python3 scripts/run.py                  set up if need be, then open the trainer
    python3 scripts/run.py --setup          set up and stop there (add --plain-voice for no natural voice)
    python3 scripts/run.py score --help     every other argument goes to the program

The first run makes a virtual environment in .venv, installs what is missing and gets the ears ready; later runs start
at once. BOWOUT_OFFLINE=1 leaves out the download of the speech model.
"""

from __future__ import annotations

import os
import sys

OWN = ("--setup", "--plain-voice")


def main(arguments: list[str]) -> int:
    """Exit code of the program that was run."""
    own = []
    while arguments and arguments[0] in OWN:
        own.append(arguments.pop(0))
    if not own and arguments in (["-h"], ["--help"]):
        print(__doc__, file=sys.stderr)
        arguments = ["--help"]

    import _setup

    setup_only = "--setup" in own
    if setup_only and arguments:
        print(f"--setup sets up and stops there: it can't be followed by {' '.join(arguments)}.", file=sys.stderr)
        return 2
    code = _setup.prepare(natural_voice="--plain-voice" not in own, again=setup_only)
    if code or setup_only:
        return code
    if not arguments and not _has_terminal():
        print("There is no terminal to draw on: showing a model call instead (bowout demo).", file=sys.stderr)
        arguments = ["demo"]
    return _setup.run_child([str(_setup.venv_python()), "-m", "bowout", *arguments])


def _has_terminal() -> bool:
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)) and os.environ.get("TERM") != "dumb"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
