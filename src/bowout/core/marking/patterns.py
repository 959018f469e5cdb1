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
from typing import TYPE_CHECKING, NamedTuple

from bowout.core.text import Tokens

if TYPE_CHECKING:
    from bowout.core.marking.language import Node


class Hit(NamedTuple):
    """Tokens ``[start, end)`` that a pattern of ``act`` matched."""

    start: int
    end: int
    act: str


class Found(NamedTuple):
    """What a search found: the hits of every act, and the guards that took hits of it back."""

    hits: dict[str, list[Hit]]
    guards: dict[str, list[Hit]]


class BankError(ValueError):
    """A bank file that can't be read; the message names file, line and why."""


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
    beside: frozenset[str] | None
    """Words of one more obligatory element: one of them must be near, too. ``None``: nothing is known."""
    source: str
    mask: int = 0
    """``beside`` as bits of the bank's words; 0 where that is ``None``."""
    compiled: re.Pattern[str] | None = None

    def compile(self) -> re.Pattern[str]:
        self.compiled = re.compile(self.regex)
        return self.compiled

    def at(self, tokens: Tokens, position: int) -> Hit | None:
        """The match around an anchor word at ``position``, if there is one."""
        first, beyond = max(0, position - self.before), min(position + self.after, len(tokens))
        match = (self.compiled or self.compile()).search(tokens.text, tokens.offsets[first], tokens.offsets[beyond])
        if match is None or match.start() == match.end():
            return None
        return Hit(tokens.starts[match.start()], tokens.starts[match.end()], self.act)


@dataclass(slots=True)
class Bank:
    """All patterns of all acts, filed by word."""

    exact: dict[str, list[Pattern]] = field(default_factory=dict)
    prefixed: dict[str, list[tuple[str, Pattern]]] = field(default_factory=dict)
    classes: dict[str, Node] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Class name → its alternatives as written, for code that needs the plain words."""
    vocabulary: set[str] = field(default_factory=set)
    """Every literal word of every pattern."""
    size: int = 0
    _bits: dict[str, int] = field(default_factory=dict)
    """Word → its bit in :attr:`Pattern.mask`."""
    _awake: dict[frozenset[str], dict[str, list[Pattern]]] = field(default_factory=dict)

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
        from bowout.core.marking import language

        parser = language.Parser(body, self.classes)
        node = parser.alternatives()
        if parser.at != len(parser.lexemes):
            raise BankError("a bracket too many")
        written = tuple(part.strip() for part in body.split("|"))
        if more and name in self.classes:
            node = language.either([self.classes[name], node])
            written = self.members[name] + written
        grouped = node.regex if node.regex.startswith("(?:") else f"(?:{node.regex})"
        self.classes[name] = language.Node(grouped, node.longest, node.anchors, node.cost)
        self.members[name] = written
        self._learn(body)

    def _learn(self, text: str) -> None:
        self.vocabulary.update(w for w in re.findall(r"(?<![<a-z'])[a-z']+(?![a-z'*>])", text))

    def _add(self, act: str, line: str) -> None:
        guard = line.startswith("!")
        source = line.removeprefix("!").strip()
        from bowout.core.marking import language

        parser = language.Parser(source, self.classes)
        nodes: list[language.Node] = []
        while parser.at < len(parser.lexemes):
            lexeme = parser.lexemes[parser.at]
            if lexeme == "|" or lexeme.startswith(")"):
                raise BankError("a bracket too many, or “|” outside brackets")
            parser.at += 1
            nodes.append(parser.element(lexeme))
        node, before, after, beside = language.in_a_row(nodes)
        if node.anchors is None:
            raise BankError(f"nothing to file {source!r} under: it needs an obligatory word")
        mask = 0
        for word in beside or ():
            mask |= 1 << self._bits.setdefault(word, len(self._bits))
        pattern = Pattern(act, guard, "(?<= )" + node.regex, before, after, node.anchors, beside, source, mask)
        for anchor in node.anchors:
            if anchor.endswith("*"):
                self.prefixed.setdefault(anchor[:3].rstrip("*"), []).append((anchor[:-1], pattern))
            else:
                self.exact.setdefault(anchor, []).append(pattern)
        self._learn(source)
        self.size += 1

    def find(self, tokens: Tokens, idle: frozenset[str] = frozenset()) -> Found:
        """Every hit of every act that is not ``idle``, in order of position, less what guards take back.

        The time is linear in the tokens: each looks at its own patterns, each of those at a few tokens.
        """
        found: dict[str, set[Hit]] = {}
        guards: list[tuple[Pattern, int]] = []
        text, texts, offsets, starts = tokens.text, tokens.texts, tokens.offsets, tokens.starts
        last, end_of_text = len(texts), offsets[-1]
        present = 0
        for token in set(texts):
            bit = self._bits.get(token)
            if bit is not None:
                present |= 1 << bit
        live: dict[str, list[Pattern]] = {}
        for position, token in enumerate(texts):
            here = live.get(token)
            if here is None:
                here = [p for p in self._filed(token, idle) if not p.mask or p.mask & present]
                live[token] = here
            for pattern in here:
                first, beyond = position - pattern.before, position + pattern.after
                first = first if first > 0 else 0
                beside = pattern.beside
                if beside is not None and beside.isdisjoint(texts[first:beyond]):
                    continue
                if pattern.guard:
                    guards.append((pattern, position))
                    continue
                match = (pattern.compiled or pattern.compile()).search(
                    text, offsets[first], offsets[beyond] if beyond < last else end_of_text
                )
                if match is None:
                    continue
                start, end = match.span()
                if start < end:
                    hit = Hit(starts[start], starts[end], pattern.act)
                    if pattern.act in found:
                        found[pattern.act].add(hit)
                    else:
                        found[pattern.act] = {hit}
        taken: dict[str, list[Hit]] = {}
        for pattern, position in guards:
            if pattern.act in found:
                guard = pattern.at(tokens, position)
                if guard is not None:
                    taken.setdefault(pattern.act, []).append(guard)
        return Found({act: sorted(_unguarded(hits, taken.get(act))) for act, hits in found.items()}, taken)

    def _filed(self, token: str, idle: frozenset[str]) -> list[Pattern]:
        """The patterns filed under a token, but for those of idle acts."""
        filed = self._awake.setdefault(idle, {})
        found = filed.get(token)
        if found is None:
            prefixed = (p for prefix, p in self.prefixed.get(token[:3], ()) if token.startswith(prefix))
            found = [p for p in (*self.exact.get(token, ()), *prefixed) if p.act not in idle]
            if not found:
                return _NONE  # not kept: there is no end of such words
            filed[token] = found
        return found


_NONE: list[Pattern] = []


def _unguarded(hits: set[Hit], guards: list[Hit] | None) -> Iterable[Hit]:
    """The hits that no guard overlaps."""
    if not guards:
        return hits
    guarded = bytearray(max(g.end for g in guards))
    for guard in guards:
        guarded[guard.start : guard.end] = b"\x01" * (guard.end - guard.start)
    return [h for h in hits if b"\x01" not in guarded[h.start : h.end]]


__all__ = ["Bank", "BankError", "Found", "Hit", "Pattern"]
