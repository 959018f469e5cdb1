"""Banks of patterns: how a speech act may be worded, as data, and the fast search for all of them at once.

A bank file is plain text::

    # a comment
    @day = monday|tuesday|wednesday        a class of words, used as <day>
    [thanks]                               the act that the lines below recognise
    thank you
    (grateful|thankful) for ..3 <time>?    groups, options, gaps of up to three tokens
    appreciat* (your|the) _                a prefix, and any one token
    ! no thanks                            a guard: it takes back every hit of this act that it overlaps

Patterns match whole tokens of :mod:`bowout.core.text`. Each is filed under its rarest obligatory words, so a call
meets only the patterns whose words it has, and each of those looks only at the few tokens around that word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from bowout.core.text import Tokens


class Hit(NamedTuple):
    """Tokens ``[start, end)`` that a pattern of ``act`` matched."""

    start: int
    end: int
    act: str


class BankError(ValueError):
    """A bank file that can't be read; the message names file, line and why."""


_FREQUENT = {
    word: cost
    for cost, words in (
        (9, "i you to the a it is and of for in that"),
        (6, "have not my me we be am on at will would can was do this with your if but or as so no"),
        (3, "are been could about an there get got go going up out they he she her his from had what all any"),
        (2, "know time interview one see make take come call work job when want need say said day thing"),
    )
    for word in words.split()
}
_LEXER = re.compile(r"\s*(\(|\)[?*+]?|\||<[a-z_]+>\??|\.\.\d+|[^\s()|]+)")
_REPEATS = 3
"""How often ``(…)*`` and ``(…)+`` may match."""
_MAX_EXPANSION = 400
"""Anchor words a pattern may be filed under; beyond it the next best element is used."""


@dataclass(slots=True)
class _Node:
    regex: str
    longest: int
    """Tokens at most."""
    anchors: frozenset[str] | None
    """Words of which one must occur where the node matches; a trailing ``*`` marks a prefix. ``None``: unknown."""
    cost: float = 0.0

    @property
    def usable(self) -> bool:
        return self.anchors is not None and 0 < len(self.anchors) <= _MAX_EXPANSION


@dataclass(slots=True)
class Pattern:
    act: str
    guard: bool
    regex: str
    before: int
    """Tokens the match may begin before its anchor word."""
    after: int
    """Tokens the match may run on from its anchor word, itself included."""
    anchors: frozenset[str]
    source: str
    compiled: re.Pattern[str] | None = None


def _cost(word: str) -> float:
    return float(_FREQUENT.get(word, 0.05))


class _Parser:
    def __init__(self, text: str, classes: dict[str, _Node]) -> None:
        self.lexemes = _LEXER.findall(text)
        if "".join(self.lexemes).replace(" ", "") != re.sub(r"\s", "", text):
            raise BankError(f"can't read {text!r}")
        self.classes = classes
        self.at = 0

    def alternatives(self) -> _Node:
        options = [self.sequence()]
        while self.at < len(self.lexemes) and self.lexemes[self.at] == "|":
            self.at += 1
            options.append(self.sequence())
        return options[0] if len(options) == 1 else _either(options)

    def sequence(self) -> _Node:
        nodes: list[_Node] = []
        while self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            if lexeme == "|" or lexeme.startswith(")"):
                break
            self.at += 1
            nodes.append(self.element(lexeme))
        return _sequence(nodes)[0]

    def element(self, lexeme: str) -> _Node:
        if lexeme == "(":
            node = self.alternatives()
            if self.at >= len(self.lexemes) or not self.lexemes[self.at].startswith(")"):
                raise BankError("a group is not closed")
            closing = self.lexemes[self.at]
            self.at += 1
            if closing in (")*", ")+"):
                most = f"{{{int(closing == ')+')},{_REPEATS}}}"
                return _Node(f"(?:{node.regex}){most}", node.longest * _REPEATS, node.anchors if "+" in closing else None, node.cost)
            return _optional(node) if closing == ")?" else node
        if lexeme.startswith(".."):
            count = int(lexeme[2:])
            return _Node(f"(?:[^ ]+ ){{0,{count}}}?", count, None)
        optional = lexeme.endswith("?")
        word = lexeme.removesuffix("?")
        if word == "_":
            node = _Node("[^ ]+ ", 1, None)
        elif word == "NUM":
            node = _Node("[0-9]+ ", 1, None)
        elif word.startswith("<"):
            try:
                node = self.classes[word[1:-1]]
            except KeyError:
                raise BankError(f"no class {word}") from None
        elif word.endswith("*"):
            node = _Node(re.escape(word[:-1]) + "[^ ]* ", 1, frozenset([word]), _cost(word[:-1]))
        else:
            node = _Node(re.escape(word) + " ", 1, frozenset([word]), _cost(word))
        return _optional(node) if optional else node


def _optional(node: _Node) -> _Node:
    return _Node(f"(?:{node.regex})?", node.longest, None)


def _either(options: list[_Node]) -> _Node:
    anchors: frozenset[str] | None = frozenset()
    for option in options:
        anchors = None if anchors is None or option.anchors is None else anchors | option.anchors
    cost = sum(option.cost for option in options)
    return _Node("(?:" + "|".join(o.regex for o in options) + ")", max(o.longest for o in options), anchors, cost)


def _sequence(nodes: list[_Node]) -> tuple[_Node, int, int]:
    """The nodes in a row, and how many tokens may stand before and from the anchor's node on."""
    best = min((n for n in nodes if n.usable), key=lambda n: n.cost, default=None)
    longest = sum(n.longest for n in nodes)
    before = 0
    if best is not None:
        before = sum(n.longest for n in nodes[: nodes.index(best)]) + best.longest - 1
    anchors = best.anchors if best else None
    cost = best.cost if best else 0.0
    return _Node("".join(n.regex for n in nodes), longest, anchors, cost), before, longest


@dataclass(slots=True)
class Bank:
    """All patterns of all acts, filed by word."""

    exact: dict[str, list[Pattern]] = field(default_factory=dict)
    prefixed: dict[str, list[tuple[str, Pattern]]] = field(default_factory=dict)
    classes: dict[str, _Node] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Class name → its alternatives as written, for code that needs the plain words."""
    vocabulary: set[str] = field(default_factory=set)
    """Every literal word of every pattern."""
    size: int = 0

    def read(self, text: str, name: str = "bank") -> None:
        """Add a bank file's contents."""
        act = ""
        for number, line in enumerate(text.splitlines(), 1):
            line = line.split("#", 1)[0].strip()
            if not line:
                continue
            try:
                if line.startswith("@"):
                    self._define(line[1:])
                elif line.startswith("[") and line.endswith("]"):
                    act = line[1:-1].strip()
                elif not act:
                    raise BankError("a pattern before the first [act]")
                else:
                    self._add(act, line)
            except BankError as error:
                raise BankError(f"{name}:{number}: {error}") from None

    def _define(self, line: str) -> None:
        name, _, body = line.partition("=")
        name, more = name.strip(), False
        if name.endswith("+"):
            name, more = name[:-1].strip(), True
        parser = _Parser(body, self.classes)
        node = parser.alternatives()
        if parser.at != len(parser.lexemes):
            raise BankError("a bracket too many")
        written = tuple(part.strip() for part in body.split("|"))
        if more and name in self.classes:
            node = _either([self.classes[name], node])
            written = self.members[name] + written
        grouped = node.regex if node.regex.startswith("(?:") else f"(?:{node.regex})"
        self.classes[name] = _Node(grouped, node.longest, node.anchors, node.cost)
        self.members[name] = written
        self._learn(body)

    def _learn(self, text: str) -> None:
        self.vocabulary.update(w for w in re.findall(r"(?<![<a-z'])[a-z']+(?![a-z'*>])", text))

    def _add(self, act: str, line: str) -> None:
        guard = line.startswith("!")
        source = line.removeprefix("!").strip()
        parser = _Parser(source, self.classes)
        nodes: list[_Node] = []
        while parser.at < len(parser.lexemes):
            lexeme = parser.lexemes[parser.at]
            if lexeme == "|" or lexeme.startswith(")"):
                raise BankError("a bracket too many, or “|” outside brackets")
            parser.at += 1
            nodes.append(parser.element(lexeme))
        node, before, after = _sequence(nodes)
        if node.anchors is None:
            raise BankError(f"nothing to file {source!r} under: it needs an obligatory word")
        pattern = Pattern(act, guard, "(?<= )" + node.regex, before, after, node.anchors, source)
        for anchor in node.anchors:
            if anchor.endswith("*"):
                self.prefixed.setdefault(anchor[:3].rstrip("*"), []).append((anchor[:-1], pattern))
            else:
                self.exact.setdefault(anchor, []).append(pattern)
        self._learn(source)
        self.size += 1

    def find(self, tokens: Tokens) -> dict[str, list[Hit]]:
        """Every hit of every act, guards applied, in order of position; time linear in the tokens."""
        found: dict[str, set[Hit]] = {}
        guards: dict[str, list[Hit]] = {}
        text, offsets, starts = tokens.text, tokens.offsets, tokens.starts
        last = len(tokens)
        for position, token in enumerate(tokens.texts):
            candidates: Iterable[Pattern] = self.exact.get(token, ())
            prefixed = self.prefixed.get(token[:3])
            if prefixed:
                candidates = [*candidates, *(p for prefix, p in prefixed if token.startswith(prefix))]
            for pattern in candidates:
                regex = pattern.compiled
                if regex is None:
                    regex = pattern.compiled = re.compile(pattern.regex)
                begin = offsets[max(0, position - pattern.before)]
                stop = offsets[min(last, position + pattern.after)]
                match = regex.search(text, begin, stop)
                if match is None:
                    continue
                hit = Hit(starts[match.start()], starts[match.end()], pattern.act)
                if hit.end <= hit.start:
                    continue
                if pattern.guard:
                    guards.setdefault(pattern.act, []).append(hit)
                else:
                    found.setdefault(pattern.act, set()).add(hit)
        return {act: sorted(_unguarded(hits, guards.get(act))) for act, hits in found.items()}


def _unguarded(hits: set[Hit], guards: list[Hit] | None) -> Iterable[Hit]:
    if not guards:
        return hits
    return [h for h in hits if not any(g.start < h.end and h.start < g.end for g in guards)]


__all__ = ["Bank", "BankError", "Hit", "Pattern"]
