"""The banks, read once, at the first mark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bowout.core.marking.model import Model
from bowout.core.marking.names import Names
from bowout.core.marking.patterns import Bank
from bowout.core.marking.roles import Work

if TYPE_CHECKING:
    import sys

    if sys.version_info >= (3, 11):
        from importlib.resources.abc import Traversable
    else:
        from importlib.abc import Traversable


@dataclass(frozen=True)
class Resources:
    bank: Bank
    names: Names
    work: Work
    model: Model | None
    """``None`` only while it is being trained."""


def _banks() -> Traversable:
    from importlib.resources import files  # here: it costs 12 ms, and who only imports marking needs no bank

    return files("bowout.core.marking") / "banks"


def _words(name: str) -> frozenset[str]:
    text = (_banks() / name).read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split())


def bank_files() -> list[tuple[str, str]]:
    """Name and text of every bank, in the order in which they are read."""
    entries = sorted(_banks().iterdir(), key=lambda e: e.name)
    return [(entry.name, entry.read_text(encoding="utf-8")) for entry in entries if entry.name.endswith(".bank")]


@lru_cache(maxsize=1)
def load() -> Resources:
    bank = Bank()
    for name, text in bank_files():
        bank.read(text, name)
    work = Work(_words("work.txt"), _words("work_beside.txt"))
    everyday = _words("common.txt") | frozenset(bank.vocabulary) | work.anywhere | work.beside
    weights = _banks() / "model.npz"
    model = Model(weights.read_bytes()) if weights.is_file() else None
    return Resources(bank, Names(everyday - _words("names.txt"), _words("names_too.txt")), work, model)


__all__ = ["Resources", "bank_files", "load"]
