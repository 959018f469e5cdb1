"""Standard output is the answer, standard error everything else."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Any

_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}


def printable(text: str) -> str:
    """The text without what could drive a terminal: control, format and private-use characters."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in _INVISIBLE else "�" for c in text)


def emit(value: dict[str, Any]) -> None:
    """One JSON object on one line of standard output. ASCII, so that no terminal and no pipe can garble it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=True, separators=(", ", ": ")) + "\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """A line of the answer for people."""
    sys.stdout.write(printable(text) + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """A line beside the answer: progress, notices, prompts."""
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()
