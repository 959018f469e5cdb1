"""Everything that was found in one call, before anything is decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from bowout.core.criteria import Intent
from bowout.core.marking.model import Model, Votes, call_features, plain_tokens
from bowout.core.marking.names import Names
from bowout.core.marking.patterns import Hit
from bowout.core.marking.roles import Work
from bowout.core.marking.times import Moment, moments
from bowout.core.text import Tokens

if TYPE_CHECKING:
    from bowout.core.marking.causes import Causes

FEWEST = 12
"""Tokens below which there is no vote: the model has learnt from whole calls."""
LONG = 150
"""Tokens above which a call is longer than those the model has learnt from, but for one in a hundred. The more is said,
the more speaks against any fault; so there, what patterns found is weighed within so many tokens around it."""
_MOST_WEIGHED = 8
"""Places of a long call that are weighed so; nobody bargains more often in one."""


@dataclass
class Evidence:
    """One call's tokens with every hit of every bank."""

    intent: Intent
    tokens: Tokens
    hits: dict[str, list[Hit]]
    names: Names
    work: Work
    model: Model | None = None
    guards: dict[str, list[Hit]] = field(default_factory=dict)
    """Guards that took hits of an act back; no vote may point there."""
    turns: tuple[int, ...] = ()
    """The first token of every turn but the first."""
    causes: Causes | None = None
    """Kept by :func:`bowout.core.marking.causes.causes`."""

    def of(self, *acts: str) -> list[Hit]:
        """Hits of the acts, in order of position. An act that ends in ``.`` stands for all below it."""
        found: list[Hit] = []
        for act in acts:
            if act.endswith("."):
                for name, hits in self.hits.items():
                    if name.startswith(act):
                        found += hits
            else:
                found += self.hits.get(act, ())
        return sorted(found)

    @cached_property
    def moments(self) -> Sequence[Moment]:
        return moments(self.tokens, self.of("time."), self.turns)

    @cached_property
    def votes(self) -> Votes | None:
        """What the linear model makes of the call; ``None`` where it has nothing to say."""
        if self.model is None or len(self.tokens) < FEWEST:
            return None
        built = call_features(self.intent, self.tokens, self.plain, self.hits, self.moments)
        return self.model.weigh(self.tokens, self.plain, built)

    @cached_property
    def plain(self) -> tuple[str, ...]:
        return plain_tokens(self.tokens, {t: self.names.odd(t) for t in set(self.tokens.texts)})

    def voted(self, id_: str, found: Hit | None) -> Hit | None:
        """What patterns ``found``, unless the model speaks clearly against it, or else what the model finds alone."""
        if self.model is None or self.votes is None or id_ not in self.model.found:
            return found
        odds = self.votes.odds(id_)
        if found is not None:
            return found if odds > self.model.kept[id_] else self._kept_nearby(id_, found)
        if odds <= self.model.found[id_]:
            return None
        return None if self._guarded(id_, self.votes.loudest(id_)) else self.votes.where(id_, self.turns)

    def _kept_nearby(self, id_: str, found: Hit) -> Hit | None:
        """In a long call, the first hit that the words around it do not speak against."""
        if self.model is None or len(self.tokens) <= LONG:
            return None
        for hit in islice(self.of(found.act), _MOST_WEIGHED):
            votes = self._around(hit).votes
            if votes is not None and votes.odds(id_) > self.model.kept[id_]:
                return hit
        return None

    def _around(self, hit: Hit) -> Evidence:
        """So much of a long call as lies around a hit, as if it were all that was said."""
        first = max(0, min((hit.start + hit.end - LONG) // 2, len(self.tokens) - LONG))
        part = slice(first, first + LONG)
        tokens = Tokens(self.tokens.texts[part], self.tokens.first[part], self.tokens.last[part])
        hits = {act: [Hit(*cut, act) for h in said if (cut := _cut(h, part))] for act, said in self.hits.items()}
        around = replace(self, tokens=tokens, hits=hits, turns=(), causes=None)
        around.moments = [replace(m, start=cut[0], end=cut[1]) for m in self.moments if (cut := _cut(m, part))]
        return around

    def told(self, id_: str, hit: Hit, first: int, beyond: int) -> Hit:
        """What to show of a fault: the hit and, among the tokens ``[first, beyond)``, what speaks for it right beside
        it. A pattern matches no more than it needs (“trip planned”, of a trip that was forgotten)."""
        if self.model is None or self.votes is None or id_ not in self.model.found:
            return hit
        return self.votes.around(id_, hit, first, beyond)

    def clearness(self, id_: str) -> float:
        """How far the vote lies above what it takes to find the criterion."""
        if self.model is None or self.votes is None or id_ not in self.model.found:
            return 0.0
        return self.votes.odds(id_) - self.model.found[id_]

    def _guarded(self, id_: str, hit: Hit) -> bool:
        return any(
            guard.start < hit.end and hit.start < guard.end
            for act, guards in self.guards.items()
            if act.partition(".")[0] == id_
            for guard in guards
        )

    def words(self, hit: Hit) -> str:
        return " ".join(self.tokens.texts[hit.start : hit.end])


def _cut(place: Hit | Moment, part: slice) -> tuple[int, int] | None:
    """The tokens of a place, counted from the start of a part of the call, if any lie in it."""
    start, end = max(place.start, part.start), min(place.end, part.stop)
    return (start - part.start, end - part.start) if start < end else None


def separate(hits: Sequence[Hit], gap: int = 0) -> Iterator[Hit]:
    """Hits that do not overlap (nor lie within ``gap`` tokens of the one before), the earliest kept and widened."""
    current: Hit | None = None
    for hit in sorted(hits):
        if current is None:
            current = hit
        elif hit.start < current.end + gap:
            current = Hit(current.start, max(current.end, hit.end), current.act)
        else:
            yield current
            current = hit
    if current is not None:
        yield current


__all__ = ["Evidence", "separate"]
