"""Runs the commands on bad packs in a process of its own that may not take more addresses than it is given.

    python hostile_child.py ROOT MEGABYTES < lines of {"name", "path"}

Prints one line of JSON a command: its exit code, what it printed, its CPU time, and what it left below ROOT.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
import traceback
from pathlib import Path


def tree(root: Path) -> list[str]:
    """Everything below ``root``, links not followed, with sizes."""
    return sorted(
        f"{Path(folder) / name} {(Path(folder) / name).lstat().st_size}"
        for folder, folders, files in os.walk(root)
        for name in (*folders, *files)
    )


def limit(megabytes: int) -> None:
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))


def peak_mb() -> float:
    """Most memory so far. (What ``getrusage`` says begins with the memory of the process that started this one.)"""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:  # no Linux
        return 0.0
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def run(arguments: list[str]) -> tuple[int, str]:
    """Exit code and everything printed; a traceback of what nobody caught is part of it."""
    from bowout.cli import main

    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        except BaseException:
            code = -1
            told.write(traceback.format_exc())
    return code, told.getvalue()


def main() -> None:
    root = Path(sys.argv[1])
    limit(int(sys.argv[2]))
    before = tree(root)
    for line in sys.stdin:
        case = json.loads(line)
        for command in (["check"], ["install", "--yes"]):
            started = time.process_time()
            code, told = run(["pack", command[0], case["path"], *command[1:]])
            seconds = time.process_time() - started
            after = tree(root)
            left = sorted(set(after) ^ set(before))
            answer = {"name": case["name"], "command": command[0], "code": code, "told": told}
            print(json.dumps({**answer, "seconds": seconds, "left": left, "peak_mb": peak_mb()}), flush=True)


if __name__ == "__main__":
    main()
