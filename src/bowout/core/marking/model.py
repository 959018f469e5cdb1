"""A small linear model that votes where patterns stay blind: faults that may be worded in any way.

Its features are the call's own tokens, pairs of them, and how the call is built (how much of it no speech act
explains, how much of it is about other people). Its weights are a data file, trained by ``scripts/train_marking.py``
from labelled calls. What can't be pointed at isn't marked: a vote comes with the stretch of tokens that carried it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import fsum

from bowout.core.marking.patterns import Hit
from bowout.core.marking.times import Moment
from bowout.core.text import Tokens

_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_KIN = frozenset(
    "mum dad nan grandad wife husband partner brother sister uncle aunt auntie son daughter girlfriend boyfriend "
    "cousin nephew niece".split()
)
_OTHERS = frozenset("he she they him her them his their".split())
_PAST = frozenset("was were had did got went took came said told".split())
_EXPLAINED = frozenset("greeting name role ask apology thanks goodwill follow_up goodbye".split())
"""Acts whose tokens do not count as story."""
_STEPS: dict[str, tuple[int, ...]] = {
    "story": (15, 25, 35, 45, 55, 70, 90),
    "stretch": (8, 12, 16, 20, 25, 30),
    "others": (1, 2, 3, 5, 7, 10),
    "kin": (1, 2, 3),
    "past": (2, 4, 6, 8),
    "my": (2, 3, 4, 6),
    "you": (3, 5, 8),
    "and": (2, 4, 6, 8),
    "tokens": (30, 60, 90, 130),
}
"""A count becomes one feature for each step it reaches."""
WORD, PAIR = 1.0, 0.7
"""Values of single tokens (and of what is counted), and of pairs."""
_STRETCH = 12
"""Tokens a vote points at, at most."""


class Model:
    """Weights per criterion: ``{criterion: {"bias", "found", "kept", "weights": {feature: weight}}}``."""

    def __init__(self, text: str) -> None:
        made = json.loads(text)
        self.bias: dict[str, float] = {id_: part["bias"] for id_, part in made.items()}
        self.found: dict[str, float] = {id_: part["found"] for id_, part in made.items()}
        """Log-odds from which the model alone finds the criterion."""
        self.kept: dict[str, float] = {id_: part.get("kept", -99.0) for id_, part in made.items()}
        """Log-odds below which what patterns found is not believed."""
        self.weights: dict[str, dict[str, float]] = {
            id_: {feature: weight * value_of(feature) for feature, weight in part["weights"].items()}
            for id_, part in made.items()
        }
        """Criterion → feature → its weight, the feature's value in it."""
        self._known = frozenset(feature for weights in self.weights.values() for feature in weights)

    def features(
        self, intent: str, tokens: Tokens, hits: Mapping[str, list[Hit]], times: list[Moment], plain: tuple[str, ...]
    ) -> frozenset[str]:
        """The call's features that have a weight; ``plain`` are the tokens as :func:`plain_tokens` makes them."""
        return self._known.intersection({*plain, *token_pairs(plain), *call_features(intent, tokens, hits, times)})

    def odds(self, id_: str, features: frozenset[str]) -> float:
        """Log-odds that a criterion is met; the same in whatever order the features come."""
        weights = self.weights[id_]
        return self.bias[id_] + fsum([weights[feature] for feature in features if feature in weights])

    def where(self, id_: str, plain: tuple[str, ...]) -> Hit | None:
        """The stretch of tokens that carried most of a vote."""
        weights = self.weights[id_]
        carried = [0.0] * len(plain)
        for features in (plain, token_pairs(plain)):
            for position, feature in enumerate(features):
                carried[position] += weights.get(feature, 0.0)
        return _where(id_, carried)


def plain_tokens(tokens: Tokens, odd: Mapping[str, bool]) -> tuple[str, ...]:
    """Tokens with numbers, weekdays and names (``odd``) made alike."""
    return tuple("#" if t.isdigit() else "<day>" if t in _WEEKDAYS else "<odd>" if odd[t] else t for t in tokens.texts)


def token_pairs(plain: tuple[str, ...]) -> list[str]:
    """Every pair of neighbours, the pair at the place of its first token."""
    return [f"{plain[at]} {plain[at + 1]}" for at in range(len(plain) - 1)]


def value_of(feature: str) -> float:
    """What a feature counts for: pairs are many and often chance."""
    return PAIR if " " in feature else WORD


def call_features(intent: str, tokens: Tokens, hits: Mapping[str, list[Hit]], times: list[Moment]) -> Iterator[str]:
    """How the call is built, as names of features (each of value 1)."""
    yield f"intent:{intent}"
    explained = bytearray(len(tokens))
    for act, found in hits.items():
        if act.partition(".")[0] in _EXPLAINED or act.startswith("role"):
            for hit in found:
                explained[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
    for moment in times:
        explained[moment.start : moment.end] = b"\x01" * (moment.end - moment.start)
    texts = tokens.texts
    counts = {
        "story": explained.count(0),
        "stretch": max((len(part) for part in explained.split(b"\x01")), default=0),
        "others": sum(t in _OTHERS for t in texts),
        "kin": sum(t in _KIN for t in texts),
        "past": sum(t in _PAST for t in texts),
        "my": texts.count("my"),
        "you": texts.count("you") + texts.count("your"),
        "and": texts.count("and"),
        "tokens": len(texts),
    }
    for name, count in counts.items():
        for step in _STEPS[name]:
            if count >= step:
                yield f"{name}:{step}"


def _where(id_: str, carried: list[float]) -> Hit | None:
    """The stretch of at most :data:`_STRETCH` tokens that carried most of the vote."""
    best, where = 0.0, None
    start, total = 0, 0.0
    for end, weight in enumerate(carried):
        total += weight
        while start <= end and (end - start >= _STRETCH or carried[start] <= 0.0):
            total -= carried[start]
            start += 1
        if start <= end and total > best:
            best, where = total, Hit(start, end + 1, id_)
    return where


__all__ = ["PAIR", "WORD", "Model", "call_features", "plain_tokens", "token_pairs", "value_of"]
