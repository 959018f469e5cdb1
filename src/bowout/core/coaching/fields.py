"""Values out of a file that may come from anybody: of the right kind, within limits, and safe to show.

Every reader raises :class:`Unreadable` with a sentence; unknown keys are left alone, so that a later version may add
some.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar

from bowout.core.document import shown
from bowout.core.safety import printable

MAX_NAME = 100
"""Characters of a name."""
MAX_LINE = 300
"""Characters of a text of one line."""
MAX_TEXT = 4000
"""Characters of a text of several lines."""
_HEX = re.compile(r"[0-9a-f]+")
_T = TypeVar("_T")


class Unreadable(ValueError):
    """A value that no honest file has. Its message is a sentence."""


def mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Unreadable(f"“{what}” should be an object.")
    return value


def items(data: Mapping[str, Any], key: str, most: int, read: Callable[[object], _T]) -> tuple[_T, ...]:
    """A list of at most ``most`` values; a missing one is empty."""
    value = data.get(key, [])
    if not isinstance(value, (list, tuple)):
        raise Unreadable(f"“{key}” should be a list.")
    if len(value) > most:
        raise Unreadable(f"“{key}” has {len(value)} entries, more than {most}.")
    return tuple(read(each) for each in value)


def named(data: Mapping[str, Any], key: str, most: int, read: Callable[[str, object], _T]) -> dict[str, _T]:
    """An object of at most ``most`` values by a name; a missing one is empty."""
    value = mapping(data.get(key, {}), key)
    if len(value) > most:
        raise Unreadable(f"“{key}” has {len(value)} entries, more than {most}.")
    return {name(each, key): read(each, entry) for each, entry in value.items()}


def name(value: object, what: str) -> str:
    """An id: lower-case words joined by ``-`` or ``_``, at most 64 characters."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", value) or len(value) > 64:
        told = f"“{shown(value)}” in “{what}”" if isinstance(value, str) else f"“{what}”"
        raise Unreadable(f"{told} can't be an id.")
    return value


def text(data: Mapping[str, Any], key: str, longest: int = MAX_LINE, *, default: str | None = None) -> str:
    """A text; what could drive a terminal is replaced, and so are line ends in what has one line.

    ``default`` is for a key that is missing or ``null``; without one the key must be there.
    """
    value = data.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise Unreadable(f"“{key}” should be a text.")
    if len(value) > longest:
        raise Unreadable(f"“{key}” has {len(value)} characters, more than {longest}.")
    made = printable(value)
    return made if longest > MAX_LINE else " ".join(made.split())


def whole(value: object, what: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Unreadable(f"“{what}” should be a whole number from {low} to {high}.")
    return value


def number(value: object, what: str, low: float, high: float) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise Unreadable(f"“{what}” should be a number.")
    if not low <= value <= high:
        raise Unreadable(f"“{what}” should be a number from {low:g} to {high:g}.")
    return float(value)


def flag(value: object, what: str) -> bool:
    if not isinstance(value, bool):
        raise Unreadable(f"“{what}” should be true or false.")
    return value


def choice(value: object, what: str, known: Collection[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise Unreadable(f"“{what}” should be one of {', '.join(known)}.")
    return value


def moment(value: object, what: str) -> datetime:
    """ISO 8601 with an offset from UTC, in a year that a calendar has."""
    told = f"“{what}” should be a moment such as 2026-11-27T18:00:00+00:00."
    if not isinstance(value, str) or len(value) > 40:
        raise Unreadable(told)
    try:
        made = datetime.fromisoformat(value.removesuffix("Z") + ("+00:00" if value.endswith("Z") else ""))
    except ValueError:
        raise Unreadable(told) from None
    # Moments of the first and the last year can't be turned into every zone.
    if made.tzinfo is None or not 1970 <= made.year <= 9000:
        raise Unreadable(told)
    return made


def digits(value: object, what: str, length: int) -> str:
    """So many lower-case hexadecimal digits."""
    if not isinstance(value, str) or len(value) != length or not _HEX.fullmatch(value):
        raise Unreadable(f"“{what}” should be {length} hexadecimal digits.")
    return value


def maybe(value: object, read: Callable[[object], _T]) -> _T | None:
    """``None`` stays ``None``."""
    return None if value is None else read(value)


__all__ = [
    "MAX_LINE", "MAX_NAME", "MAX_TEXT", "Unreadable", "choice", "digits", "flag", "items", "mapping", "maybe",
    "moment", "name", "named", "number", "text", "whole",
]  # fmt: skip
