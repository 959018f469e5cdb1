"""Questions on the terminal, one at a time; or their answers from a file."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout.commands.output import say, tell
from bowout.commands.pack_common import typed_line
from bowout.errors import InputError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from bowout.core.decide_questions import Question
    from bowout.core.draft import Draft

_LONGEST_FILE = 64 * 1024
"""Bytes of a file of answers."""
MOST_TRIES = 20
"""Answers that can't be used, to one question; then it is no person who answers."""
BACK = "<"
"""Typed to go back to the question before."""


def folded(text: str, *, wide: int | None = None) -> list[str]:
    """The text in lines that break between words and keep its indent; ``wide``: characters, ``None`` = one line."""
    indent = " " * (len(text) - len(text.lstrip()))
    if wide is None or len(text) <= wide:
        return [text]
    return textwrap.wrap(text, max(wide, 40), subsequent_indent=f"{indent}  ", break_on_hyphens=False)


def say_folded(text: str) -> None:
    """``say``, folded where a person reads it on a terminal; a pipe gets whole lines."""
    for line in folded(text, wide=shutil.get_terminal_size().columns if sys.stdout.isatty() else None):
        say(line)


def tell_folded(text: str) -> None:
    """``tell``, folded on a terminal."""
    for line in folded(text, wide=shutil.get_terminal_size().columns if sys.stderr.isatty() else None):
        tell(line)


def somebody_is_here() -> None:
    """Raises ``UsageError`` where nobody can be asked."""
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to answer the questions.", "Give the answers in a file: --answers FILE.json")


def ask(number: int, question: Question, take: Callable[[Question, str], tuple[str, str]]) -> str | None:
    """One question, until its answer can be used; ``None`` = back.

    Args:
        number: shown before it.
        question: what is asked.
        take: the question and what was typed → as it is kept, and what is wrong with it.

    Raises:
        UsageError: standard input has ended, or nothing that comes from it can be used.
    """
    tell("")
    tell_folded(f"{number}. {question.ask}")
    if question.help:
        tell_folded(f"   {question.help}")
    default = question.default
    for at, choice in enumerate(question.choices, 1):
        tell(f"   {at}  {choice.title}")
        if choice.id == question.default:
            default = str(at)
    for _ in range(MOST_TRIES):
        sys.stderr.write(f"[{default}] " if default or question.optional else "> ")
        sys.stderr.flush()
        line = typed_line()
        if not line:
            raise UsageError("The answers ended before the last question.", "Start again.")
        if line.strip() == BACK:
            return None
        value, wrong = take(question, line)
        if not wrong:
            return value
        tell_folded(f"   ! {wrong}")
    raise UsageError("None of the answers could be used.", "Start again, or give them in a file: --answers FILE.json")


def goes_on(draft: Draft, now: datetime) -> bool:
    """Whether what was left is taken up again. ``now``: aware."""
    tell_folded(draft.question(now))
    sys.stderr.write("[yes] ")
    sys.stderr.flush()
    return typed_line().strip().casefold() not in ("n", "no")


def read_answers(path: Path, hint: str) -> dict[str, Any]:
    """The answers of a file: an object of texts. Raises ``InputError`` with the hint that shows how it should look."""
    try:
        with path.expanduser().open("rb") as file:
            raw = file.read(_LONGEST_FILE + 1)
        if len(raw) > _LONGEST_FILE:
            raise InputError(f"{path} is larger than {_LONGEST_FILE // 1024} KB.", hint)
        read = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.", "Check the name.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON in UTF-8.", hint) from error
    if not isinstance(read, dict):
        raise InputError(f"{path} holds no answers.", hint)
    return read


__all__ = [
    "BACK", "MOST_TRIES", "ask", "folded", "goes_on", "read_answers", "say_folded", "somebody_is_here", "tell_folded",
]  # fmt: skip
