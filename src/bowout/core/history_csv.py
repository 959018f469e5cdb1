"""The history as a table for spreadsheets (RFC 4180, with plain line ends)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bowout.core.criteria import ITEMS
from bowout.core.safety import printable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, however harmless the rest looks."""
_NEXT_CELL = re.compile(rf"([,;|\t\n]\s*[\"']*)(?=[{re.escape(''.join(_FORMULA))}])")
"""Where one would begin if the table were parted at another sign than the comma, as some spreadsheets do."""
_NESTED = ("items", "faults")


def columns(fields: Sequence[str]) -> list[str]:
    """The header: the row's fields, one column for each published item, one for the others and one for the faults."""
    plain = [name for name in fields if name not in _NESTED]
    return [*plain, *(f"item_{item}" for item in ITEMS), "own_items", "faults"]


def lines(rows: Iterable[Mapping[str, Any]], fields: Sequence[str]) -> Iterator[str]:
    """The header and a line for each row, without line ends.

    Numbers stay numbers, yes and no are ``true`` and ``false``, what is not known is empty. Text that a spreadsheet
    could take for a formula gets an apostrophe before it.

    Args:
        rows: field → value; ``items`` is a mapping and ``faults`` a sequence.
        fields: of the rows, in the order in which they are written.
    """
    yield _line(columns(fields))
    for row in rows:
        items: Mapping[str, str] = row["items"]
        cells = [row[name] for name in fields if name not in _NESTED]
        cells += [items.get(item, "") for item in ITEMS]
        cells += [" ".join(f"{item}={state}" for item, state in items.items() if item not in ITEMS)]
        yield _line([*cells, " ".join(row["faults"])])


def _line(cells: Iterable[object]) -> str:
    made = io.StringIO()
    # With its line end, or a line end within a cell would not be quoted.
    csv.writer(made, lineterminator="\n").writerow([_cell(cell) for cell in cells])
    return made.getvalue()[:-1]


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case _:
            words = _NEXT_CELL.sub(r"\1'", str(value))
            return printable(f"'{words}" if words.lstrip(" ").startswith(_FORMULA) else words)


__all__ = ["columns", "lines"]
