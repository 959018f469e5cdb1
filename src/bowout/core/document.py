"""A parsed document that remembers where everything stood, and a reader that collects every problem.

Whoever parses the file (YAML today) makes a tree of ``Node``; the core reads it without knowing the format. All
scalars are strings: nothing is guessed from how a value looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Union

from bowout.core.safety import printable

Value = Union[str, "list[Node]", "dict[str, Node]"]

LONGEST_TEXT = 2000
"""Characters of a text where nothing else is said."""
MOST_ENTRIES = 100
"""Entries of a list or a mapping where nothing else is said."""
MOST_PROBLEMS = 100
"""Problems that are told of one file; nobody mends more at once, and a hostile file could have thousands."""
_SHOWN = 60
"""Characters of a value that a problem quotes."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place in the file."""

    value: Value
    line: int
    """1-based."""
    column: int
    """1-based."""

    @property
    def kind(self) -> str:
        return {str: "a text", list: "a list", dict: "a mapping"}[type(self.value)]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message} {self.hint}".rstrip()


@dataclass(slots=True)
class Problems:
    """Collects what is wrong with one file, so that all of it is told at once."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(self, at: Node, message: str, hint: str = "") -> None:
        if not self.full:
            self.found.append(Problem(self.file, at.line, at.column, message, hint))

    @property
    def full(self) -> bool:
        """As many as are told."""
        return len(self.found) >= MOST_PROBLEMS


def suggestion(word: str, known: Iterable[str]) -> str:
    """“Did you mean …?”, or the list of what is known when nothing is near."""
    names = list(known)
    near = get_close_matches(word[:_SHOWN], names, n=1)
    if near:
        return f"Did you mean “{near[0]}”?"
    return f"Known here: {', '.join(names)}." if names else "None is known here."


def shown(word: str) -> str:
    """As much of a value as a message should quote, in one line, and nothing of it that could drive a terminal."""
    cut = word if len(word) <= _SHOWN else f"{word[: _SHOWN - 1]}…"
    return printable(cut).replace("\n", "�")


class Mapped:
    """Reads a mapping: each key once, unknown keys are problems, and everything has an upper bound."""

    def __init__(self, node: Node, problems: Problems, known: Iterable[str], what: str) -> None:
        self.node = node
        self.problems = problems
        self.entries: Mapping[str, Node] = {}
        if isinstance(node.value, dict):
            self.entries = node.value
            names = list(known)
            for key, entry in self.entries.items():
                if problems.full:
                    break
                if key not in names:
                    problems.add(entry, f"{what} has no “{shown(key)}”.", suggestion(key, names))
        else:
            problems.add(node, f"{what} should be a mapping, not {node.kind}.")

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def at(self, key: str) -> Node:
        """The entry's node, or the mapping's own where it is missing."""
        return self.entries.get(key, self.node)

    def text(self, key: str, default: str | None = None, *, longest: int = LONGEST_TEXT) -> str:
        """A text; a problem if it is missing (and has no default), empty, too long or not a text."""
        entry = self.entries.get(key)
        if entry is None:
            if default is None:
                self.problems.add(self.node, f"“{key}” is missing.")
            return default or ""
        if not isinstance(entry.value, str):
            self.problems.add(entry, f"“{key}” should be a text, not {entry.kind}.")
            return default or ""
        stripped = entry.value.strip()
        if not stripped and default is None:
            self.problems.add(entry, f"“{key}” is empty.")
        return self._within(entry, key, stripped, longest)

    def _within(self, at: Node, key: str, text: str, longest: int) -> str:
        if len(text) > longest:
            self.problems.add(at, f"“{shown(key)}” has {len(text)} characters.", f"At most {longest}.")
        return text[:longest]

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        value = self.text(key, default)
        allowed = list(choices)
        if value and value not in allowed:
            self.problems.add(self.at(key), f"“{key}” is “{shown(value)}”.", suggestion(value, allowed))
            return default if default is not None else allowed[0]
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        raw = self.text(key, str(default))
        try:
            value = float(raw)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            told = f"“{key}” is “{shown(raw)}”."
            self.problems.add(self.at(key), told, f"It should be a number from {low:g} to {high:g}.")
            return default
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        value = self.number(key, default, low, high)
        if value != int(value):
            self.problems.add(self.at(key), f"“{key}” should be a whole number.")
        return int(value)

    def flag(self, key: str, default: bool) -> bool:
        return self.choice(key, ("true", "false"), "true" if default else "false") == "true"

    def items(self, key: str, *, most: int = MOST_ENTRIES) -> list[Node]:
        """The nodes of a list; a single text counts as a list of one; missing = empty."""
        entry = self.entries.get(key)
        if entry is None:
            return []
        if isinstance(entry.value, list):
            if len(entry.value) > most:
                self.problems.add(entry, f"“{key}” has {len(entry.value)} entries.", f"At most {most}.")
            return entry.value[:most]
        if isinstance(entry.value, str):
            return [entry]
        self.problems.add(entry, f"“{key}” should be a list, not {entry.kind}.")
        return []

    def texts(
        self, key: str, *, required: bool = False, most: int = MOST_ENTRIES, longest: int = LONGEST_TEXT
    ) -> tuple[str, ...]:
        return tuple(text for text, _ in self.placed_texts(key, required=required, most=most, longest=longest))

    def placed_texts(
        self, key: str, *, required: bool = False, most: int = MOST_ENTRIES, longest: int = LONGEST_TEXT
    ) -> list[tuple[str, Node]]:
        """A list of texts, each with its node."""
        found = []
        for node in self.items(key, most=most):
            if isinstance(node.value, str) and node.value.strip():
                found.append((self._within(node, key, node.value.strip(), longest), node))
            else:
                self.problems.add(node, f"“{key}” should hold texts, not {node.kind if node.value else 'nothing'}.")
        if required and not found:
            self.problems.add(self.at(key), f"“{key}” needs at least one text.")
        return found

    def names(self, key: str, known: Iterable[str]) -> frozenset[str]:
        """A list of known names."""
        allowed = list(known)
        chosen = set()
        for node in self.items(key):
            if isinstance(node.value, str) and node.value in allowed:
                chosen.add(node.value)
            else:
                word = node.value if isinstance(node.value, str) else node.kind
                self.problems.add(node, f"“{key}” names “{shown(word)}”.", suggestion(word, allowed))
        return frozenset(chosen)

    def mapping(self, key: str, *, most: int = MOST_ENTRIES) -> dict[str, Node]:
        entry = self.entries.get(key)
        if entry is None:
            return {}
        if isinstance(entry.value, dict):
            if len(entry.value) > most:
                self.problems.add(entry, f"“{key}” has {len(entry.value)} entries.", f"At most {most}.")
            return dict(list(entry.value.items())[:most])
        self.problems.add(entry, f"“{key}” should be a mapping, not {entry.kind}.")
        return {}

    def text_map(self, key: str, *, most: int = MOST_ENTRIES, longest: int = LONGEST_TEXT) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, node in self.mapping(key, most=most).items():
            if isinstance(node.value, str):
                found[name] = self._within(node, f"{key}.{name}", node.value.strip(), longest)
            else:
                self.problems.add(node, f"“{key}.{shown(name)}” should be a text, not {node.kind}.")
        return found
