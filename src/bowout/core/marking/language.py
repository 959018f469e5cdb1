"""The language of bank files: one line of it becomes a regular expression and what is needed to file it.

Its grammar is described in :mod:`bowout.core.marking.patterns`, which imports this module when it reads a bank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bowout.core.marking.patterns import BankError
from bowout.core.text import american

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
class Node:
    regex: str
    longest: int
    """Tokens at most."""
    anchors: frozenset[str] | None
    """Words of which one must occur where the node matches; a trailing ``*`` marks a prefix. ``None``: unknown."""
    cost: float = 0.0

    @property
    def usable(self) -> bool:
        return self.anchors is not None and 0 < len(self.anchors) <= _MAX_EXPANSION


def _cost(word: str) -> float:
    return float(_FREQUENT.get(word, 0.05))


class Parser:
    def __init__(self, text: str, classes: dict[str, Node]) -> None:
        self.lexemes = _LEXER.findall(text)
        if "".join(self.lexemes).replace(" ", "") != re.sub(r"\s", "", text):
            raise BankError(f"can't read {text!r}")
        self.classes = classes
        self.at = 0

    def alternatives(self) -> Node:
        options = [self.sequence()]
        while self.at < len(self.lexemes) and self.lexemes[self.at] == "|":
            self.at += 1
            options.append(self.sequence())
        return options[0] if len(options) == 1 else either(options)

    def sequence(self) -> Node:
        nodes: list[Node] = []
        while self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            if lexeme == "|" or lexeme.startswith(")"):
                break
            self.at += 1
            nodes.append(self.element(lexeme))
        return in_a_row(nodes)[0]

    def element(self, lexeme: str) -> Node:
        if lexeme == "(":
            node = self.alternatives()
            if self.at >= len(self.lexemes) or not self.lexemes[self.at].startswith(")"):
                raise BankError("a group is not closed")
            closing = self.lexemes[self.at]
            self.at += 1
            if closing in (")*", ")+"):
                most = f"{{{int(closing == ')+')},{_REPEATS}}}"
                return Node(
                    f"(?:{node.regex}){most}",
                    node.longest * _REPEATS,
                    node.anchors if "+" in closing else None,
                    node.cost,
                )
            return _optional(node) if closing == ")?" else node
        if lexeme.startswith(".."):
            count = int(lexeme[2:])
            return Node(f"(?:[^ ]+ ){{0,{count}}}?", count, None)
        optional = lexeme.endswith("?")
        word = american(lexeme.removesuffix("?"))
        if word == "_":
            node = Node("[^ ]+ ", 1, None)
        elif word == "NUM":
            node = Node("[0-9]+ ", 1, None)
        elif word.startswith("<"):
            try:
                node = self.classes[word[1:-1]]
            except KeyError:
                raise BankError(f"no class {word}") from None
        elif word.endswith("*"):
            node = Node(re.escape(word[:-1]) + "[^ ]* ", 1, frozenset([word]), _cost(word[:-1]))
        else:
            node = Node(re.escape(word) + " ", 1, frozenset([word]), _cost(word))
        return _optional(node) if optional else node


def _optional(node: Node) -> Node:
    return Node(f"(?:{node.regex})?", node.longest, None)


def either(options: list[Node]) -> Node:
    anchors: frozenset[str] | None = frozenset()
    for option in options:
        anchors = None if anchors is None or option.anchors is None else anchors | option.anchors
    cost = sum(option.cost for option in options)
    return Node("(?:" + "|".join(o.regex for o in options) + ")", max(o.longest for o in options), anchors, cost)


def in_a_row(nodes: list[Node]) -> tuple[Node, int, int, frozenset[str] | None]:
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
    return Node("".join(n.regex for n in nodes), longest, anchors, cost), before, longest, exact[0] if exact else None


__all__ = ["Node", "Parser", "either", "in_a_row"]
