"""Which ears the contract suite really ran: the closing lines of a test run say so."""

from __future__ import annotations

from typing import Any

_ran: dict[str, set[str]] = {}
_absent: dict[str, str] = {}


def ran(ear: str, test: str) -> None:
    """Note that ``test`` is being run on ``ear``."""
    _ran.setdefault(ear, set()).add(test)


def absent(ear: str, reason: str) -> None:
    """Note an ear that can't be tested here and need not be."""
    _absent[ear] = reason


def lines() -> list[str]:
    """Every ear with the number of its tests, and those that were not there."""
    if not _ran:
        return []
    tested = "ears tested: " + ", ".join(f"{ear} ({len(tests)})" for ear, tests in sorted(_ran.items()))
    return [tested, *(f"ear not tested: {ear}: {reason}" for ear, reason in sorted(_absent.items()))]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the lines after the results."""
    for line in lines():
        terminalreporter.write_line(line)
