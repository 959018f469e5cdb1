"""What set-up shows while it works: one line a step, and one that moves on a terminal. Standard error only."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

_BAR = 20
"""Characters of a progress bar."""
_REDRAW_S = 0.1


class Screen:
    """Standard error, drawn on line by line; a line in motion is rewritten in place if it is a terminal."""

    def __init__(self) -> None:
        self._stream = sys.stderr
        self._terminal = self._stream.isatty()
        self._moving = 0
        self._drawn_at = 0.0

    def say(self, text: str) -> None:
        """A line that stays."""
        self._wipe()
        print(text, file=self._stream, flush=True)

    def move(self, text: str, *, at_once: bool = False) -> None:
        """A line that the next one replaces; nothing where there is no terminal."""
        now = time.monotonic()
        if not self._terminal or (not at_once and now - self._drawn_at < _REDRAW_S):
            return
        self._drawn_at = now
        width = max(20, shutil.get_terminal_size().columns - 1)
        text = text[:width]
        self._stream.write("\r" + text.ljust(self._moving))
        self._stream.flush()
        self._moving = len(text)

    def step(self, moving: str, staying: str) -> None:
        """Progress that is worth a line of its own only where no line can move."""
        if self._terminal:
            self.move(moving, at_once=True)
        else:
            self.say(staying)

    def _wipe(self) -> None:
        if self._moving:
            self._stream.write("\r" + " " * self._moving + "\r")
            self._moving = 0


def bar(done: float) -> str:
    """``done`` from 0 to 1, as ASCII, so that every console can show it."""
    full = int(max(0.0, min(1.0, done)) * _BAR)
    return "[" + "#" * full + "." * (_BAR - full) + "]"


def outstanding(lock: Path, site_packages: Path | None) -> int:
    """How many packages of a lock file, for all platforms together, are not in place yet."""
    pins = re.findall(r"^([A-Za-z0-9][^=\s]*)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    there = set()
    if site_packages is not None:
        for folder in site_packages.glob("*.dist-info"):
            name, _, version = folder.name.removesuffix(".dist-info").partition("-")
            there.add((_plain(name), version))
    return sum((_plain(name), version) not in there for name, version in pins)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


class PipWatcher:
    """Reads what pip prints and turns it into “3 of 58: numpy 2.4.6 (16.9 MB)”."""

    def __init__(self, screen: Screen, total: int) -> None:
        self._screen = screen
        self._total = total
        """Packages to get; those for other platforms are taken off as pip names them."""
        self._count = 0
        self._package = ""

    def line(self, text: str) -> None:
        """Take one line of pip's output. Lines that mean nothing here are passed over."""
        for pattern, act in self._ACTIONS:
            if found := pattern.match(text):
                act(self, found)
                return

    def _ignored(self, _: re.Match[str]) -> None:
        self._total -= 1

    def _collecting(self, found: re.Match[str]) -> None:
        self._count += 1
        self._package = f"{found['name']} {found['version']}"
        self._screen.move(self._line("looked up"), at_once=True)

    def _local(self, found: re.Match[str]) -> None:
        self._count += 1
        name, version = Path(found["path"]).name.split("-")[:2]
        self._package = f"{name} {version}"
        self._screen.step(self._line("local file"), f"  {self._count} of {self._total}: {self._package} (local file)")

    def _downloading(self, found: re.Match[str]) -> None:
        self._screen.step(
            self._line(found["size"]), f"  {self._count} of {self._total}: {self._package} ({found['size']})"
        )

    def _cached(self, found: re.Match[str]) -> None:
        self._screen.step(self._line("cached"), f"  {self._count} of {self._total}: {self._package} (cached)")

    def _bytes(self, found: re.Match[str]) -> None:
        done, total = int(found["done"]), int(found["total"])
        if total:
            size = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB"
            self._screen.move(f"  {bar(done / total)} {self._count} of {self._total}: {self._package}, {size}")

    def _installing(self, found: re.Match[str]) -> None:
        count = found["names"].count(",") + 1
        self._screen.step(f"  unpacking {count} packages …", f"  unpacking {count} packages")

    def _line(self, detail: str) -> str:
        done = self._count / self._total if self._total else 1.0
        return f"  {bar(done)} {self._count} of {self._total}: {self._package} ({detail})"

    _ACTIONS: tuple[tuple[re.Pattern[str], Callable[[PipWatcher, re.Match[str]], None]], ...] = (
        (re.compile(r"Ignoring \S+: markers "), _ignored),
        (re.compile(r"Collecting (?P<name>[^=\s]+)==(?P<version>\S+)"), _collecting),
        (re.compile(r"Processing (?P<path>\S+\.(whl|tar\.gz))"), _local),
        (re.compile(r"\s+Downloading (?!.*\.metadata).* \((?P<size>[\d.]+ [kMG]?B)\)"), _downloading),
        (re.compile(r"\s+Using cached (?!.*\.metadata)"), _cached),
        (re.compile(r"Progress (?P<done>\d+) of (?P<total>\d+)"), _bytes),
        (re.compile(r"Installing collected packages: (?P<names>.+)"), _installing),
    )
