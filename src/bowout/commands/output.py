"""Standard output is the answer, standard error everything else."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from bowout.core.safety import printable

_json: TextIO | None = None
"""Where JSON goes while standard output is reserved for it."""


@contextmanager
def json_alone() -> Iterator[None]:
    """Keep standard output for ``emit``: whatever else writes there, native libraries included, goes to the error
    stream."""
    global _json
    try:
        own, error = sys.stdout.fileno(), sys.stderr.fileno()
    except OSError:  # no real files behind them, as in some test harnesses: nothing native can reach them either
        yield
        return
    sys.stdout.flush()
    kept = os.dup(own)
    with os.fdopen(kept, "w", encoding="ascii", newline="\n") as stream:
        os.dup2(error, own)
        _json = stream
        try:
            yield
        finally:
            _json = None
            stream.flush()
            sys.stdout.flush()
            os.dup2(kept, own)


def emit(value: dict[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    stream = _json or sys.stdout
    stream.write(line(value))
    stream.flush()


def line(value: dict[str, Any]) -> str:
    """A JSON object as one line. ASCII, so that no terminal, pipe or editor can garble it."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(", ", ": ")) + "\n"


def say(text: str = "") -> None:
    """A line of the answer for people."""
    sys.stdout.write(printable(text) + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """A line beside the answer: progress, notices, prompts."""
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def columns() -> int:
    """Characters a line of the answer may have: as wide as the terminal; 200 where a file or a program reads it."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 200
