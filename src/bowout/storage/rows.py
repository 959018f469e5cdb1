"""A row of the index: the attempt as a list shows it, and what the index knows of its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from bowout.ports import AttemptSummary


@dataclass(frozen=True, slots=True)
class Row:
    """One attempt in the index."""

    summary: AttemptSummary
    stamp: str
    """What the folder looked like when it was read."""
    settled: bool
    """Nothing is expected to be written into the folder any more without the index being told first."""
    kept: bool
    """Its recording outlives the review."""
    reviewed: bool
    """Its review has been closed."""
    audio_bytes: int
    other_bytes: int


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a strange text: {value!r:.80}")
    return value


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a strange number: {value!r:.80}")
    return value


def _optional_whole(value: object) -> int | None:
    return None if value is None else _whole(value)


def _real(value: object) -> float:
    if not isinstance(value, float):
        raise TypeError(f"a strange number: {value!r:.80}")
    return value


def _optional_real(value: object) -> float | None:
    return None if value is None else _real(value)


def _flag(value: object) -> bool:
    return bool(_whole(value))


def _optional_flag(value: object) -> bool | None:
    return None if value is None else _flag(value)


def _states(value: object) -> Mapping[str, str]:
    read = json.loads(_text(value))
    if not isinstance(read, dict):
        raise TypeError(f"strange items: {value!r:.80}")
    return {_text(key): _text(state) for key, state in read.items()}


def _ids(value: object) -> tuple[str, ...]:
    read = json.loads(_text(value))
    if not isinstance(read, list):
        raise TypeError(f"strange faults: {value!r:.80}")
    return tuple(_text(each) for each in read)


_READERS: Mapping[str, Callable[[object], Any]] = {
    "str": _text,
    "str | None": _optional_text,
    "int": _whole,
    "int | None": _optional_whole,
    "float": _real,
    "float | None": _optional_real,
    "bool": _flag,
    "bool | None": _optional_flag,
    "Mapping[str, str]": _states,
    "tuple[str, ...]": _ids,
}
"""By a field's annotation: SQLite takes any type in any column, and only what this program wrote is believed."""
_FIELDS = tuple((field.name, _READERS[str(field.type)]) for field in fields(AttemptSummary))
_NAMES = tuple(name for name, _ in _FIELDS)

COLUMNS = ", ".join(f"[{name}]" for name in _NAMES)
"""What ``summary_of`` reads. In brackets: “case” is a word of SQL, and in quotes a missing column would be a text."""
ALL_COLUMNS = f"{COLUMNS}, stamp, settled, kept, reviewed, audio_bytes, other_bytes, found_by"
"""What ``values_of`` writes."""
MARKS = ", ".join("?" * (len(_NAMES) + 7))


def summary_of(row: Sequence[object]) -> AttemptSummary:
    """An attempt from its ``COLUMNS``. Raises ``TypeError`` or ``ValueError`` for one this program has not written."""
    made = {name: read(value) for (name, read), value in zip(_FIELDS, row, strict=True)}
    return AttemptSummary(**made)


def values_of(row: Row) -> tuple[object, ...]:
    """A row's ``ALL_COLUMNS``."""
    summary = row.summary
    made: list[object] = [getattr(summary, name) for name in _NAMES]
    for name, pack in (("items", dict), ("faults", list)):
        made[_NAMES.index(name)] = json.dumps(pack(getattr(summary, name)), ensure_ascii=False, separators=(",", ":"))
    found_by = found_in(summary.scenario, summary.title, summary.outcome or "")
    rest = (row.stamp, row.settled, row.kept, row.reviewed, row.audio_bytes, row.other_bytes, found_by)
    return (*made, *rest)


def bindable(text: str) -> str:
    """Text that any database takes: half of a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def found_in(*texts: str) -> str:
    """Texts as words are looked for in them."""
    return "\n".join(texts).casefold()


__all__ = ["ALL_COLUMNS", "COLUMNS", "MARKS", "Row", "bindable", "found_in", "summary_of", "values_of"]
