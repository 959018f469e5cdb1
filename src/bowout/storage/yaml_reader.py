"""YAML 1.2 from people nobody knows, read into nodes that remember their places.

All scalars stay texts: ``10:30`` and ``no`` are what they look like. Size, depth, number of values and time are
bounded: the parser's events are read one by one, so that a hostile file is left at the first limit it crosses. What
YAML has and a pack does not need (aliases, anchors, tags, several documents) is a problem like any other.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bowout.core.document import Node, Problems, shown

if TYPE_CHECKING:
    from ruamel.yaml import events as e

MAX_BYTES = 256 * 1024
"""Of one file; a scenario of 20 steps has about 10 KB."""
MAX_DEPTH = 12
MAX_NODES = 6_000
"""Texts, lists and mappings of one file; a scenario of 20 steps has about 600."""
MAX_TEXT = 8_000
"""Characters of one text; the format allows less nearly everywhere, and says so there."""

_WIDE = (
    (codecs.BOM_UTF32_LE, "UTF-32"),  # begins like UTF-16's, so it is looked for first
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SAVE = "Save it as UTF-8 in your editor."
_START = Node("", 1, 1)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class _Left(Exception):
    """A limit was crossed; the problem is told already."""


def decode(raw: bytes, problems: Problems) -> str | None:
    """The text of a file, or ``None`` with a problem reported."""
    if len(raw) > MAX_BYTES:
        problems.add(_START, f"The file is larger than {MAX_BYTES // 1024} KB.")
        return None
    for mark, name in _WIDE:
        if raw.startswith(mark):
            problems.add(_START, f"The file is {name} and not UTF-8.", _SAVE)
            return None
    if (at := raw.find(b"\0")) >= 0:
        problems.add(_line(raw, at), "The file holds NUL bytes: it is no text in UTF-8.", _SAVE)
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(_line(raw, error.start), "The file is not UTF-8.", _SAVE)
        return None
    bad = _FORBIDDEN.search(text)
    if bad is None:
        return text
    before = text[: bad.start()]
    at_bad = Node("", before.count("\n") + 1, bad.start() - (before.rfind("\n") + 1) + 1)
    problems.add(at_bad, _what_is_wrong_with(bad[0]), "Delete it.")
    return None


def _line(raw: bytes, offset: int) -> Node:
    return Node("", raw[:offset].count(b"\n") + 1, 1)


def _what_is_wrong_with(character: str) -> str:
    point = ord(character)
    name = f"U+{point:04X}"
    if 0x202A <= point <= 0x202E or 0x2066 <= point <= 0x2069:
        return f"A character that turns the direction of writing ({name}) is in this text: it can hide what is there."
    if 0xD800 <= point <= 0xDFFF:
        return f"Half a character ({name}) is in this text."
    return f"A control character ({name}) is in this text."


def parse_yaml(text: str, problems: Problems) -> Node | None:
    """A tree of texts, lists and mappings; ``None`` with a problem reported if there is none to be had."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return _Tree(problems).grow(YAML(typ="safe", pure=True).parse(text))
    except _Left:
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Node("", mark.line + 1, mark.column + 1) if mark else _START
        told = " ".join(str(error.problem or error.context).split())
    except (ValueError, OverflowError):
        at, told = _START, "an escape like “\\U…” names no character"
    except (YAMLError, RecursionError) as error:
        at, told = _START, (str(error).splitlines() or ["too deep"])[0]
    problems.add(at, f"This is not YAML: {shown(told)}.")
    return None


@dataclass(slots=True)
class _Open:
    """A list or a mapping that is not closed yet."""

    node: Node
    key: Node | None = None
    """The key whose value comes next."""


class _Tree:
    """Grows the tree out of the parser's events."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._count = 0

    def grow(self, events: Iterator[e.Event]) -> Node | None:
        from ruamel.yaml import events as kinds

        for event in events:
            if isinstance(event, kinds.DocumentStartEvent):
                self._begin(event)
            elif isinstance(event, kinds.NodeEvent):
                at = _place(event)
                if isinstance(event, kinds.AliasEvent):
                    told = f"Aliases (“*{shown(str(event.anchor))}”) are not read here."
                    self._tell(at, told, "Write the text out.")
                    self._add(Node("*", at.line, at.column))
                    continue
                self._plain(event, at)
                if isinstance(event, kinds.ScalarEvent):
                    self._add(Node(self._text(event.value, at), at.line, at.column))
                else:
                    inside: list[Node] | dict[str, Node] = {} if isinstance(event, kinds.MappingStartEvent) else []
                    self._open.append(_Open(Node(inside, at.line, at.column)))
                    if len(self._open) > MAX_DEPTH:
                        self._leave(at, f"Nested more than {MAX_DEPTH} levels deep.")
            elif isinstance(event, kinds.CollectionEndEvent):
                self._add(self._open.pop().node)
        if self._root is None:
            self._tell(_START, "The file is empty.")
        return self._root

    def _begin(self, event: e.DocumentStartEvent) -> None:
        at = _place(event)
        if self._root is not None:
            self._leave(at, "Several documents in one file are not read here.", "Delete the line “---” and the rest.")
        if event.version is not None or event.tags:
            self._leave(at, "Directives (“%YAML”, “%TAG”) are not read here.", "Delete the line.")

    def _plain(self, event: e.NodeEvent, at: Node) -> None:
        """Nothing but the value itself belongs to it."""
        if event.anchor is not None:
            self._tell(at, f"Anchors (“&{shown(str(event.anchor))}”) are not read here.", "Delete it.")
        if getattr(event, "tag", None) is not None:
            self._tell(at, f"Tags (“{shown(str(event.tag))}”) are not read here.", "Delete it.")  # type: ignore[attr-defined]

    def _text(self, value: str, at: Node) -> str:
        if len(value) > MAX_TEXT:
            self._tell(at, f"A text of {len(value)} characters is too long.", f"At most {MAX_TEXT}.")
            return value[:MAX_TEXT]
        # Escapes in quotes make characters that are not in the file itself.
        bad = _FORBIDDEN.search(value)
        if bad is not None or "\r" in value:
            self._tell(at, _what_is_wrong_with(bad[0] if bad else "\r"), "Delete it.")
            return ""
        return value

    def _add(self, node: Node) -> None:
        """A finished value, into what is open."""
        self._count += 1
        if self._count > MAX_NODES:
            self._leave(node, f"The file has more than {MAX_NODES} values.")
        if not self._open:
            self._root = node
            return
        around = self._open[-1]
        if isinstance(around.node.value, list):
            around.node.value.append(node)
        elif around.key is None:
            around.key = node
        else:
            self._pair(around, around.key, node)
            around.key = None

    def _pair(self, around: _Open, key: Node, value: Node) -> None:
        assert isinstance(around.node.value, dict)
        if not isinstance(key.value, str):
            self._tell(key, "A key should be a plain word.")
        elif key.value in around.node.value:
            self._tell(key, f"“{shown(key.value)}” is there twice.")
        else:
            around.node.value[key.value] = value

    def _tell(self, at: Node, message: str, hint: str = "") -> None:
        self._problems.add(at, message, hint)
        if self._problems.full:
            raise _Left

    def _leave(self, at: Node, message: str, hint: str = "") -> None:
        self._problems.add(at, message, hint)
        raise _Left


def _place(event: e.Event) -> Node:
    mark = event.start_mark
    return Node("", mark.line + 1, mark.column + 1)


__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "MAX_TEXT", "decode", "parse_yaml"]
