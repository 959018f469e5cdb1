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

from bowout.core.text import Tokens, american


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


_FREQUENT = {
    word: cost
    for cost, words in (
        (64, "i"),
        (39, "the"),
        (29, "you"),
        (25, "and"),
        (24, "to"),
        (22, "is"),
        (21, "for"),
        (20, "it"),
        (18, "am"),
        (17, "not"),
        (14, "my"),
        (13, "have"),
        (12, "on me a"),
        (11, "at"),
        (10, "that sorry in"),
        (9, "interview"),
        (8, "with will can do this"),
        (6, "thank be your of about"),
        (5, "or if up good"),
        (4, "would come there time one was we all s"),
        (
            3,
            "but could know morning going tomorrow no an thanks hello thursday hi are monday had got okay "
            "from out friday now day yeah been 2 ",
        ),
        (
            2,
            "please today back what madam right here 9 go after again much down hope see wednesday get job "
            "want let email 10 did still position call they week any he as another 4 tuesday yes ",
        ),
        (
            1,
            "well 3 dear sir by calling has apologize other maybe when us bye say think mister night before "
            "because put luck appreciate something oh last cancel some afternoon off next like only phone "
            "she then evening keep find post take said best stop hey same ",
        ),
        (
            0.5,
            "manager look give need more make how work our tell office move chance wish saturday 11 oclock "
            "her which half lot over inconvenience team since pm miz withdraw shift person hour even "
            "assistant thing coming somebody end 30 application first place text writing company offer "
            "hospital way until send side role able ask new leave month understanding things being else 8 "
            "should officer people round doctor home date second everything wanted called name feel bad 6 "
            "myself yours through anything message excuse 7 ring moved minutes number though regards instead "
            "accepted hiya meant due stuff mind nice apologies told later must interested once someone "
            "already wasting days listen head both either too ",
        ),
    )
    for word in words.split()
}
"""How often a word comes in a thousand tokens of the labelled calls; all others: hardly ever."""
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
                return _Node(
                    f"(?:{node.regex}){most}",
                    node.longest * _REPEATS,
                    node.anchors if "+" in closing else None,
                    node.cost,
                )
            return _optional(node) if closing == ")?" else node
        if lexeme.startswith(".."):
            count = int(lexeme[2:])
            return _Node(f"(?:[^ ]+ ){{0,{count}}}?", count, None)
        optional = lexeme.endswith("?")
        word = american(lexeme.removesuffix("?"))
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


def _sequence(nodes: list[_Node]) -> tuple[_Node, int, int, frozenset[str] | None]:
    """The nodes in a row; how many tokens may stand before the anchor's word; how many a match may have; the words
    of the next rarest obligatory element."""
    usable = sorted((n for n in nodes if n.usable), key=lambda n: n.cost)
    best = usable[0] if usable else None
    longest = sum(n.longest for n in nodes)
    before = 0
    if best is not None:
        at = next(i for i, n in enumerate(nodes) if n is best)
        before = sum(n.longest for n in nodes[:at]) + best.longest - 1
    exact = [n.anchors for n in usable[1:] if n.anchors and not any(w.endswith("*") for w in n.anchors)]
    anchors = best.anchors if best else None
    cost = best.cost if best else 0.0
    return _Node("".join(n.regex for n in nodes), longest, anchors, cost), before, longest, exact[0] if exact else None


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
        node, before, after, beside = _sequence(nodes)
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
