"""What 20,000 kept calls cost beside 20: opening Home and the history, and each question the screens ask.

Both are measured in turn in the same run; medians and ratios are printed. The folders are made cheaply: a small diary
each, no sound. The screens are started in a pseudo-terminal, so POSIX only.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from startup import ROOT, environment

sys.path.insert(0, str(ROOT / "src"))

from bowout.ports import HistoryQuery
from bowout.storage.records import FileRecords

FEW, MANY = 20, 20_000
NEWEST = datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc)
EVERY = timedelta(minutes=50)
"""Time between two calls: 20,000 of them reach back about two years."""
SCENARIOS = 40
STATES = ("heard", "not_heard")
ITEMS = ("greeting", "name", "role", "when", "ask", "reason", "apology", "options", "thanks", "goodwill", "follow_up")


def make(root: Path, count: int, first: tuple[str, str]) -> None:
    """``count`` marked calls; the newest is of the scenario ``first`` (id, title)."""
    names = [first, *((f"scenario-{n}", f"A call like number {n}") for n in range(1, SCENARIOS))]
    root.mkdir(parents=True, mode=0o700)
    for number in range(count):
        begun = NEWEST - number * EVERY
        at = begun.isoformat(timespec="milliseconds")
        scenario, title = names[number % SCENARIOS]
        folder = root / f"{begun:%Y%m%dT%H%M%S}000Z-{number:06x}"
        folder.mkdir(mode=0o700)
        events = [
            {"schema": 1, "at": at, "kind": "start", "scenario": scenario, "title": title, "intent": "withdraw",
             "mode": ("practice", "live")[number % 2], "ear": "builtin", "keep_audio": False, "pack": "essentials",
             "difficulty": 1 + number % 4},
            {"at": at, "kind": "marks", "result": result(number)},
            {"at": at, "kind": "end", "outcome": "accepted"},
        ]  # fmt: skip
        lines = (json.dumps(event, separators=(",", ":")) + "\n" for event in events)
        (folder / "events.jsonl").write_text("".join(lines))


def result(number: int) -> dict[str, Any]:
    """A result as small as one can be and still have every figure."""
    measures = {"seconds": 30 + number % 20, "words_per_minute": 120 + number % 50, "longest_pause_s": 1.5}
    return {
        "schema": 1,
        "unit": "s",
        "score": 60 + number % 41,
        "passed": number % 3 == 0,
        "items": {id_: {"state": STATES[(number + n) % 2], "start": 2.0} for n, id_ in enumerate(ITEMS)},
        "faults": {"vague_reason": {"found": number % 5 == 0}},
        "delivery": {name: {"value": float(value)} for name, value in {**measures, "filler_count": 3}.items()},
        "times": ["exact"],
        "transcript": [{"word": "hello", "start": 0.5, "end": 0.9, "turn": 0}],
    }


def questions(records: FileRecords) -> dict[str, Callable[[], object]]:
    """What the screens ask."""
    return {
        "Home: the newest of each call": records.latest,
        "history: first page": lambda: records.page(HistoryQuery()),
        "history: last page": lambda: records.page(HistoryQuery(), offset=MANY - 50),
        "history: a page found by words": lambda: records.page(HistoryQuery(text="CALL number 7")),
        "history: a page of what was passed": lambda: records.page(HistoryQuery(mode="live", passed=True)),
        "progress: the last 200": records.recent,
        "what they take on the disk": records.size,
        "every stamp compared (a thread, once a start)": records.verify,
    }


FIRST = ("not-a-fit", "Not a fit, and you are in the room")
"""A scenario that Home shows without scrolling."""
SHOWN = b"last 60"
"""What Home says of it once the records have been asked."""
F7 = b"\x1b[18~"


def openings(home: Path) -> tuple[float, float]:
    """Seconds from starting the program until Home says how the last call went, and from the key until the history
    shows its rows."""
    started = time.monotonic()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(sys.executable, [sys.executable, "-m", "bowout"], environment(str(home)))
    try:
        wait_for(terminal, SHOWN)
        opened = time.monotonic() - started
        # The screens are imported and all stamps compared in a thread: not what is measured here.
        time.sleep(1 + 2 * opened)
        pressed = time.monotonic()
        os.write(terminal, F7)
        wait_for(terminal, b"A call like number 7")
        return opened, time.monotonic() - pressed
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def wait_for(terminal: int, marker: bytes, timeout: float = 60.0) -> None:
    """Read what is painted until the marker is."""
    seen, until = b"", time.monotonic() + timeout
    while marker not in seen:
        if time.monotonic() > until:
            raise SystemExit(f"“{marker.decode()}” was not painted: {seen[-400:]!r}")
        if select.select([terminal], [], [], 0.05)[0]:
            seen += os.read(terminal, 65536)


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        homes = {count: Path(folder) / str(count) for count in (FEW, MANY)}
        figures: dict[str, dict[int, list[float]]] = {}

        def note(name: str, count: int, figure: float) -> None:
            figures.setdefault(name, {}).setdefault(count, []).append(figure)

        for count, home in homes.items():
            make(home / "data" / "attempts", count, FIRST)
            # Nobody is asked about recordings, so that the key goes where it should.
            (home / "config").mkdir()
            (home / "config" / "settings.toml").write_text('keep_recordings = "until_review"\n')
            records = FileRecords(home / "data" / "attempts")
            note("the index made from the folders (once)", count, seconds(records.latest))
            openings(home)  # fills the cache of scenarios
        for _ in range(arguments.runs):
            for count, home in homes.items():
                opened, turned = openings(home)
                note("Home, opened, with how each call went last", count, opened)
                note("history, opened from Home", count, turned)
                for name, question in questions(FileRecords(home / "data" / "attempts")).items():
                    note(name, count, seconds(question))
    print(f"{'figure':48} {FEW:>9,} {MANY:>9,} {'ratio':>7}")
    for name, sides in figures.items():
        few, many = (statistics.median(sides[count]) for count in (FEW, MANY))
        print(f"{name:48} {few:7.4f} s {many:7.4f} s {many / few:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
