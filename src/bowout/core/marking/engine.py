"""One call, marked: items, faults, delivery, score, and the words that decided each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import accumulate

from bowout.core.criteria import FAULTS, INTENTS, Intent, Item, faults_for, items_for
from bowout.core.delivery import measure
from bowout.core.marking import doubt, faults, items, say_instead
from bowout.core.marking.evidence import Evidence
from bowout.core.marking.extra import Extra
from bowout.core.marking.model import UNHEARD, WINDOW
from bowout.core.marking.patterns import Hit
from bowout.core.marking.resources import Resources, load
from bowout.core.marking.score import PUBLISHED, Rules, passed, score
from bowout.core.marks import FaultMark, ItemMark, Marks, Span, State
from bowout.core.scenario import OwnItem
from bowout.core.text import Tokens, neutral, normalise
from bowout.core.transcript import Transcript, Word

MOST_WORDS = 20_000
"""Words that are read; a call has about 150. What is beyond is kept in the transcript but not marked."""
_LONGEST_QUOTE = 24
"""Words a quote shows at most."""
_STOPS = (".", "?", "!", "…")
"""Ends of sentences, where there is punctuation."""


_FAULT_ACTS = {id_: {id_, f"{id_}.dates", f"{id_}.loose"} for id_ in FAULTS if id_ != "leverage"}
_IDLE: dict[Intent, frozenset[str]] = {
    intent: frozenset(f"ask.{other}" for other in INTENTS if other != intent)
    | (frozenset() if intent == "leave" else frozenset({"ask.fit"}))
    | (frozenset() if intent == "reschedule" else frozenset({"ask.offer"}))
    | frozenset(act for id_, acts in _FAULT_ACTS.items() if not FAULTS[id_].applies_to(intent) for act in acts)
    for intent in INTENTS
}
"""Acts that decide nothing under an intent and are not looked for."""


def evidence(
    transcript: Transcript, intent: Intent, resources: Resources | None = None, extra: Extra | None = None
) -> Evidence:
    """Everything that can be found in the call, before anything is decided."""
    resources = resources or load()
    tokens = normalise(transcript, MOST_WORDS)
    found = resources.bank.find(tokens, _IDLE[intent])
    if extra is not None:
        extra.add_to(found.hits, tokens, intent)
    turns = _beginnings(transcript, tokens)
    hits = found.hits
    if turns:
        # Nothing that begins in one turn ends in another: the recruiter has spoken in between.
        hits = {act: [h for h in said if not _crosses(h, turns)] for act, said in hits.items()}
    return Evidence(intent, tokens, hits, resources.names, resources.work, resources.model, found.guards, turns)


def _beginnings(transcript: Transcript, tokens: Tokens) -> tuple[int, ...]:
    """The first token of every turn but the first."""
    words = list(accumulate(len(turn.words) for turn in transcript.turns))[:-1]
    return tuple(at for at in (bisect_left(tokens.first, word) for word in words) if 0 < at < len(tokens))


def _crosses(hit: Hit, turns: tuple[int, ...]) -> bool:
    """Whether the hit begins before a turn and ends in it."""
    at = bisect_right(turns, hit.start)
    return at < len(turns) and turns[at] < hit.end


def mark(
    transcript: Transcript,
    intent: Intent,
    *,
    rules: Rules = PUBLISHED,
    facts: Mapping[str, str] = {},
    credited: frozenset[str] = frozenset(),
    extra: Extra | None = None,
) -> Marks:
    """Mark a call by the published criteria.

    Args:
        transcript: the caller's turns, with times or as text, with confidences or without.
        intent: what the caller wants; given, never inferred.
        rules: what the scenario and the user's settings change.
        facts: the scenario's facts, for ``say_instead``: caller, contact, company, role, when, reason, option_1,
            option_2. Any may be missing.
        credited: items that a quick recognition credited during the call. Where these words do not show them they
            are unsure, never not heard.
        extra: what the scenario adds: its own items, marked after the published ones, and further wordings.
    """
    call = evidence(transcript, intent, extra=extra)
    reader = _Reader(call, transcript)
    made_items = {}
    own: Mapping[str, OwnItem] = {} if extra is None else extra.items
    if extra is not None:
        rules = extra.weighing(rules)
    asked: tuple[Item | OwnItem, ...] = (*items_for(intent), *own.values())
    for item in asked:
        required = item.id in rules.required if rules.required is not None else intent in item.required
        state, span = reader.item(item.id)
        if state is State.NOT_HEARD and item.id in credited:
            state = State.UNSURE
        sentence = ""
        if state is State.NOT_HEARD and required:
            sentence = own[item.id].filled(facts) if item.id in own else say_instead.for_item(item.id, intent, facts)
        question = own[item.id].question if item.id in own else ""
        made_items[item.id] = ItemMark(item.id, state, required, span, sentence, question)
    made_faults = {}
    for fault in faults_for(intent):
        where = reader.fault(fault.id)
        sentence = say_instead.for_fault(fault.id, facts) if where else ""
        made_faults[fault.id] = FaultMark(fault.id, where is not None, where, sentence)
    delivery = measure(transcript, rules.targets)
    points = score(made_items.values(), made_faults.values(), delivery, rules)
    return Marks(
        intent=intent,
        score=points,
        passed=passed(made_items.values(), made_faults.values(), points),
        items=made_items,
        faults=made_faults,
        delivery=delivery,
        transcript=transcript,
        next_time=say_instead.next_time(list(made_items.values()), made_faults.values(), rules.weights),
    )


def _with_extra(id_: str, said: Callable[[Evidence], Hit | None] | None) -> Callable[[Evidence], Hit | None]:
    """The published decision (an item of a scenario's own has none), else what the scenario's own patterns found."""

    def decide(call: Evidence) -> Hit | None:
        return (said(call) if said is not None else None) or next(iter(call.hits.get(f"extra.{id_}", ())), None)

    return decide


class _Reader:
    """Reads decisions off the evidence, with the ear's doubts, and turns tokens into the caller's own words."""

    def __init__(self, call: Evidence, transcript: Transcript) -> None:
        self.call = call
        self.words: tuple[Word, ...] = transcript.words
        self.turns = tuple(turn.index for turn in transcript.turns for _ in turn.words)
        self.doubting = any(word.confidence is not None for word in self.words)
        self._sure: Evidence | None = None

    def item(self, id_: str) -> tuple[State, Span | None]:
        decide = _with_extra(id_, items.DECISIONS.get(id_))
        hit = decide(self.call)
        if hit is None:
            likely = self.doubting and self.call.clearness(id_) > doubt.UNLIKELY
            near = doubt.near_miss(id_, self.call.tokens, self.words) if likely else None
            return (State.UNSURE, self.span(near)) if near else (State.NOT_HEARD, None)
        if id_ == "name" or not self._doubtful(hit):
            return State.HEARD, self.span(hit)
        sure = self._decide_surely(decide)
        if sure is not None:
            return State.HEARD, self.span(sure)
        return State.UNSURE, self.span(hit)

    def fault(self, id_: str) -> Span | None:
        if id_ == "vague_reason" and self.call.hits.get("extra.reason"):
            return None  # a reason in a wording that no vote has learnt is still one
        decide = _with_extra(id_, faults.DECISIONS[id_])
        hit = decide(self.call)
        if hit is not None and self._doubtful(hit):
            hit = self._decide_surely(decide)
        return None if hit is None else self.span(self.call.told(id_, hit, *self._sentence(hit)))

    def _doubtful(self, hit: Hit) -> bool:
        if not self.doubting:
            return False
        trust = doubt.confidence(hit, self.call.tokens, self.words)
        return trust is not None and trust < doubt.DOUBTFUL

    def _decide_surely(self, decide: Callable[[Evidence], Hit | None]) -> Hit | None:
        """The decision without the words that the ear was not sure of: from those hits alone that do not rest on
        them, and from votes that do not see them."""
        if self._sure is None:
            call = self.call
            texts = tuple(
                UNHEARD if self._doubtful(Hit(at, at + 1, "")) else text for at, text in enumerate(call.tokens.texts)
            )
            kept = {act: [h for h in hits if not self._doubtful(h)] for act, hits in call.hits.items()}
            self._sure = replace(call, tokens=replace(call.tokens, texts=texts), hits=kept, causes=None)
            self._sure.moments = [m for m in call.moments if not self._doubtful(Hit(m.start, m.end, ""))]
        hit = decide(self._sure)
        return None if hit is None or self._doubtful(hit) else hit

    def _sentence(self, hit: Hit) -> tuple[int, int]:
        """The tokens of a hit's turn and, where ends of sentences are marked, of its sentence; a window of them on
        either side at most."""
        first, beyond = hit.start, hit.end
        while first > max(0, hit.start - WINDOW) and not self._ended(first):
            first -= 1
        while beyond < min(len(self.call.tokens), hit.end + WINDOW) and not self._ended(beyond):
            beyond += 1
        return first, beyond

    def _ended(self, at: int) -> bool:
        """Whether a turn or a sentence ended before a token."""
        before, after = self.call.tokens.last[at - 1], self.call.tokens.first[at]
        if self.turns[before] != self.turns[after]:
            return True
        return any(word.text.endswith(_STOPS) for word in self.words[before:after])

    def span(self, hit: Hit) -> Span:
        first, last = self._in_one_turn(*self.call.tokens.words(hit.start, hit.end))
        shown = [neutral(word.text) for word in self.words[first:last]]
        shown = [word for word in shown if word]
        quote = " ".join(shown[:_LONGEST_QUOTE]) + (" …" if len(shown) > _LONGEST_QUOTE else "")
        return Span(quote, self.words[first].start, self.words[last - 1].end, self.turns[first])

    def _in_one_turn(self, first: int, last: int) -> tuple[int, int]:
        """So much of a range of words as one turn has the most of: alternatives may be named in two."""
        if self.turns[first] == self.turns[last - 1]:
            return first, last
        spoken = Counter(self.turns[first:last])
        turn = max(spoken, key=spoken.__getitem__)
        while self.turns[first] != turn:
            first += 1
        return first, first + spoken[turn]


__all__ = ["MOST_WORDS", "evidence", "mark"]
