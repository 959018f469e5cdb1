"""Set up everything the tests need, then run all of them.

    python3 scripts/test.py                 set up if need be, then run pytest
    python3 scripts/test.py --setup         set up and stop there
    python3 scripts/test.py tests/core -x   every other argument goes to pytest

With CI=true the checks of scripts/check.py (format, lint, types, imports) run first, and a missing part is a failure.
"""

from __future__ import annotations

import os
import sys

import _setup


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
    tests = _setup.run_child([python, "-m", "pytest", *arguments])
    if checks:
        print("scripts/check.py found something: see above the tests.", file=sys.stderr)
    return tests or checks


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
