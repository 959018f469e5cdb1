"""Set up everything the tests need, then run all of them.

    python3 scripts/test.py                 set up if need be, then run pytest
    python3 scripts/test.py --setup         set up and stop there
    python3 scripts/test.py tests/core -x   every other argument goes to pytest, which then runs in one process

Without arguments the tests run in two passes: all but those that play and listen in real time, on as many processes as
there are cores; then those, two at a time: they mostly wait, and a busy machine loses sound. With CI=true the checks of
scripts/check.py (format, lint, types, imports) run first, and a missing part is a failure.
"""

from __future__ import annotations

import os
import sys

import _setup

PARALLEL = ("-n", "auto", "--dist", "loadfile", "-m", "not audio")
"""A file's tests stay in one process: they share what is dear to make."""
REAL_TIME = ("-n", "2", "--dist", "load", "-m", "audio")


def main(arguments: list[str]) -> int:
    """Exit code: that of pytest, or of the checks if only they failed."""
    setup_only = arguments[:1] == ["--setup"]
    code = _setup.prepare(tests=True, again=setup_only)
    if code or setup_only:
        return code
    os.chdir(_setup.ROOT)
    python = str(_setup.venv_python())
    in_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    checks = _setup.run_child([python, "scripts/check.py"], stdout=sys.stderr) if in_ci else 0
    passes = [arguments] if arguments else [list(PARALLEL), list(REAL_TIME)]
    tests = max(_setup.run_child([python, "-m", "pytest", *options]) for options in passes)
    if checks:
        print("scripts/check.py found something: see above the tests.", file=sys.stderr)
    return tests or checks


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
