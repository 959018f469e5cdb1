"""What starting costs: first paint against an empty Textual app, ``bowout --help`` against a bare interpreter.

Both sides run in turn in the same minute, in a pseudo-terminal; medians and the ratio are printed. POSIX only.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("Bow Out empty")
Empty().run()
"""


def environment(home: str) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT / "src"),
        "BOWOUT_DATA_DIR": f"{home}/data",
        "BOWOUT_CONFIG_DIR": f"{home}/config",
        "BOWOUT_CACHE_DIR": f"{home}/cache",
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        "LINES": "24",
    }


def first_paint(command: list[str], marker: bytes, home: str, timeout: float = 30.0) -> float:
    """Seconds from starting the program to its first text on the terminal."""
    started = time.monotonic()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment(home))
    seen = b""
    try:
        while marker not in seen:
            if time.monotonic() - started > timeout:
                raise SystemExit(f"{command[-1]} painted nothing: {seen[-400:]!r}")
            if select.select([terminal], [], [], 0.05)[0]:
                seen += os.read(terminal, 65536)
        return time.monotonic() - started
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def wall(command: list[str], home: str) -> float:
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, env=environment(home))
    return time.monotonic() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    python = sys.executable
    with tempfile.TemporaryDirectory() as home:
        ours, empty, helped, bare, whole = [], [], [], [], []
        # The whole command of the README, on a machine that is set up: the environment's own stamp tells.
        set_up = Path(sys.prefix) == ROOT / ".venv"
        for run in range(arguments.runs + 1):
            figures = (
                first_paint([python, "-m", "bowout"], b"Bow Out", home),
                first_paint([python, "-c", EMPTY], b"Bow Out", home),
                wall([python, "-m", "bowout", "--help"], home),
                wall([python, "-c", "pass"], home),
            )
            if set_up:
                whole.append(first_paint([python, str(ROOT / "scripts" / "run.py")], b"Bow Out", home, 600.0))
            if run:  # the first run fills the disk cache
                for values, figure in zip((ours, empty, helped, bare), figures, strict=True):
                    values.append(figure)
    print(f"{'figure':34} {'median s':>9} {'ratio':>7}")
    medians = [statistics.median(values) for values in (ours, empty, helped, bare)]
    print(f"{'empty Textual app, first paint':34} {medians[1]:9.3f}")
    print(f"{'Home, first paint':34} {medians[0]:9.3f} {medians[0] / medians[1]:7.2f}")
    if whole:
        print(f"{'scripts/run.py, second run, Home':34} {statistics.median(whole[1:]):9.3f}")
    print(f"{'bare interpreter':34} {medians[3]:9.3f}")
    print(f"{'bowout --help':34} {medians[2]:9.3f} {medians[2] / medians[3]:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
