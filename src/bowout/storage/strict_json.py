"""JSON out of a file that may come from anybody: one reading of it, or none."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

MOST_DIGITS = 25
"""Digits of a whole number."""


def read_json(raw: bytes) -> Any:
    """The value. Raises ``ValueError`` for what is no JSON, and for what two readers would read differently: a key
    twice, ``NaN``, numbers without an end or beyond all bounds, bytes that are no UTF-8."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=_number,
        )
    except RecursionError:
        raise ValueError("too many levels deep") from None


def written(value: Mapping[str, Any]) -> bytes:
    """The same bytes for the same value, in one line. Raises ``ValueError`` for ``NaN``."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key is there twice")
    return made


def _constant(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError("a number is too long")
    return int(text)


def _number(text: str) -> float:
    made = float(text)
    if not math.isfinite(made):
        raise ValueError("a number is too large")
    return made


__all__ = ["read_json", "written"]
