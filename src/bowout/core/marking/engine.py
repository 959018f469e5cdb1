"""One call, marked: items, faults, delivery, score, and the words that decided each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bowout.core.criteria import FAULTS, INTENTS, Intent, faults_for, items_for
from bowout.core.delivery import measure
from bowout.core.marking import doubt, faults, items, say_instead
from bowout.core.marking.evidence import Evidence
from bowout.core.marking.patterns import Hit
from bowout.core.marking.resources import Resources, load
from bowout.core.marking.score import PUBLISHED, Rules, passed, score
from bowout.core.marks import FaultMark, ItemMark, Marks, Span, State
from bowout.core.text import Tokens, neutral, normalise
from bowout.core.transcript import Transcript, Word

MOST_WORDS = 20_000
"""Words that are read; a call has about 150. What is beyond is kept in the transcript but not marked."""
_LONGEST_QUOTE = 24
"""Words a quote shows at most."""


_FAULT_ACTS = {id_: {id_, f"{id_}.dates", f"{id_}.loose"} for id_ in FAULTS if id_ != "leverage"}
_IDLE: dict[Intent, frozenset[str]] = {
    intent: frozenset(f"ask.{other}" for other in INTENTS if other != intent)
    | (frozenset() if intent == "leave" else frozenset({"ask.fit"}))
    | (frozenset() if intent == "reschedule" else frozenset({"ask.offer"}))
    | frozenset(act for id_, acts in _FAULT_ACTS.items() if not FAULTS[id_].applies_to(intent) for act in acts)
    for intent in INTENTS
}
"""Acts that decide nothing under an intent and are not looked for."""


def evidence(transcript: Transcript, intent: Intent, resources: Resources | None = None) -> Evidence:
    """Everything that can be found in the call, before anything is decided."""
    resources = resources or load()
    tokens = normalise(transcript, MOST_WORDS)
    found = resources.bank.find(tokens, _IDLE[intent])
    return Evidence(intent, tokens, found.hits, resources.names, resources.work, resources.model, found.guards)


def mark(
    transcript: Transcript,
    intent: Intent,
    *,
    rules: Rules = PUBLISHED,
    facts: Mapping[str, str] = {},
    credited: frozenset[str] = frozenset(),
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
    """
    call = evidence(transcript, intent)
    reader = _Reader(call, transcript)
    made_items = {}
    for item in items_for(intent):
        required = item.id in rules.required if rules.required is not None else intent in item.required
        state, span = reader.item(item.id)
        if state is State.NOT_HEARD and item.id in credited:
            state = State.UNSURE
        sentence = ""
        if state is State.NOT_HEARD and required:
            sentence = say_instead.for_item(item.id, intent, facts)
        made_items[item.id] = ItemMark(item.id, state, required, span, sentence)
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


class _Reader:
    """Reads decisions off the evidence, with the ear's doubts, and turns tokens into the caller's own words."""

    def __init__(self, call: Evidence, transcript: Transcript) -> None:
        self.call = call
        self.words: tuple[Word, ...] = transcript.words
        self.turns = tuple(turn.index for turn in transcript.turns for _ in turn.words)
        self.doubting = any(word.confidence is not None for word in self.words)
        self._sure: Evidence | None = None

    def item(self, id_: str) -> tuple[State, Span | None]:
        decide = items.DECISIONS[id_]
        hit = decide(self.call)
        if hit is None:
            near = doubt.near_miss(id_, self.call.tokens, self.words) if self.doubting else None
            return (State.UNSURE, self.span(near)) if near else (State.NOT_HEARD, None)
        if id_ == "name" or not self._doubtful(hit):
            return State.HEARD, self.span(hit)
        sure = self._decide_surely(decide)
        if sure is not None and not self._doubtful(sure):
            return State.HEARD, self.span(sure)
        return State.UNSURE, self.span(hit)

    def fault(self, id_: str) -> Span | None:
        decide = faults.DECISIONS[id_]
        hit = decide(self.call)
        if hit is not None and self._doubtful(hit):
            hit = self._decide_surely(decide)
        return None if hit is None else self.span(hit)

    def _doubtful(self, hit: Hit) -> bool:
        if not self.doubting:
            return False
        trust = doubt.confidence(hit, self.call.tokens, self.words)
        return trust is not None and trust < doubt.DOUBTFUL

    def _decide_surely(self, decide: Callable[[Evidence], Hit | None]) -> Hit | None:
        """The decision from those hits alone whose words the ear was sure of."""
        if self._sure is None:
            kept = {act: [h for h in hits if not self._doubtful(h)] for act, hits in self.call.hits.items()}
            self._sure = replace(self.call, hits=kept, model=None)
        return decide(self._sure)

    def span(self, hit: Hit) -> Span:
        first, last = self.call.tokens.words(hit.start, hit.end)
        turn = self.turns[first]
        while last - 1 > first and self.turns[last - 1] != turn:
            last -= 1
        shown = [neutral(word.text) for word in self.words[first:last]]
        shown = [word for word in shown if word]
        quote = " ".join(shown[:_LONGEST_QUOTE]) + (" …" if len(shown) > _LONGEST_QUOTE else "")
        return Span(quote, self.words[first].start, self.words[last - 1].end, turn)


__all__ = ["MOST_WORDS", "Tokens", "evidence", "mark"]
