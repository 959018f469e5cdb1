"""What starting costs: first paint against an empty Textual app, ``bowout --help`` against a bare interpreter, and
Home's rows with 30 and with 1,000 installed scenarios.

All sides run in turn in the same minute, in a pseudo-terminal; medians and the ratio are printed. POSIX only.
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


FEW, MANY = 30, 1_000
PACK_SIZE = 200
"""Scenarios of one pack: as many as it may have."""


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


def install_copies(home: str, count: int) -> bytes:
    """Install ``count`` scenarios in as few packs as can be. Returns what Home paints once its rows are there."""
    sys.path.insert(0, str(ROOT / "src"))
    from bowout.storage.bowpack import archive
    from bowout.storage.catalogue import Catalogue, cache_folder
    from bowout.storage.packs import Pack, Unpacked, load_pack, read_pack

    essentials = load_pack(ROOT / "scenarios" / "essentials")
    model = essentials.scenarios[0]
    text = essentials.files[essentials.sources[model.id].file].decode()
    folder = Path(home) / "data" / "packs"
    folder.mkdir(parents=True)
    for first in range(0, count, PACK_SIZE):
        names = [f"copy-{n}" for n in range(first, min(first + PACK_SIZE, count))]
        about = f"schema: 1\nid: copies-{first}\ntitle: Copies\nscenarios: [{', '.join(names)}]\n"
        files = {f"{n}.yaml": text.replace(f"id: {model.id}\n", f"id: {n}\n", 1).encode() for n in names}
        pack: Pack = read_pack(Unpacked("copies", {"pack.yaml": about.encode(), **files}))
        (folder / f"{pack.id}.bowpack").write_bytes(archive(pack))
    catalogue = Catalogue(ROOT / "scenarios", folder, cache_folder(Path(home) / "cache"))
    there = sum(card.pack.startswith("copies-") for card in catalogue.scenarios)
    if there != count:
        raise SystemExit(f"{there} of {count} copies were installed: {catalogue.left_out}")
    return model.title.encode()


def wall(command: list[str], home: str) -> float:
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, env=environment(home))
    return time.monotonic() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    python = sys.executable
    with tempfile.TemporaryDirectory() as root:
        home, few, many = f"{root}/home", f"{root}/few", f"{root}/many"
        row = install_copies(few, FEW)
        install_copies(many, MANY)
        commands = {
            "empty Textual app, first paint": (first_paint, [python, "-c", EMPTY], b"Bow Out", home),
            "Home, first paint": (first_paint, [python, "-m", "bowout"], b"Bow Out", home),
            f"Home, rows, {FEW} installed": (first_paint, [python, "-m", "bowout"], row, few),
            f"Home, rows, {MANY:,} installed": (first_paint, [python, "-m", "bowout"], row, many),
            "bare interpreter": (wall, [python, "-c", "pass"], home),
            "bowout --help": (wall, [python, "-m", "bowout", "--help"], home),
        }
        if Path(sys.prefix) == ROOT / ".venv":
            # The whole command of the README, on a machine that is set up: the environment's own stamp tells.
            run = [python, str(ROOT / "scripts" / "run.py")]
            commands["scripts/run.py, second run, Home"] = (first_paint, run, b"Bow Out", home, 600.0)
        figures: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(arguments.runs + 1):
            for name, (measure, *how) in commands.items():
                figure = measure(*how)
                if number:  # the first run fills the disk cache
                    figures[name].append(figure)
    print(f"{'figure':34} {'median s':>9} {'ratio':>7}")
    medians = {name: statistics.median(values) for name, values in figures.items()}
    beside = {"Home, first paint": "empty Textual app, first paint", "bowout --help": "bare interpreter"}
    beside[f"Home, rows, {MANY:,} installed"] = f"Home, rows, {FEW} installed"
    for name, median in medians.items():
        ratio = f"{median / medians[beside[name]]:7.2f}" if name in beside else ""
        print(f"{name:34} {median:9.3f} {ratio}".rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
