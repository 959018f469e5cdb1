"""The recruiter's side of the call: a walk over the scenario's graph.

Pure: what was heard comes in, the next step goes out. Devices, clocks and threads belong to ``rehearsal``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from bowout.core.marks import Marks, State
from bowout.core.scenario import HUNG_UP, RAN_OUT, Persona, Rule, Scenario, Step, fill

CUE_RATIO = 82.0
"""rapidfuzz ``partial_ratio`` from which a cue phrase counts as said; below it two-word cues match by chance."""
MOST_REPEATS = 2
"""How often one line is said again to a caller who asks for it; then asking is an answer like any other."""

_QUESTION = re.compile(
    r"(?:^|[.,;!] |\band |\bso )(?:could|can|would|will|do|does|did|is|are|was|were|what|when|where|which|who|why|how|"
    r"may|should|shall)\b(?: \w+)? (?:i|you|we|it|that|there|the|this|they|your|my|time|day)\b"
)
_AGAIN = re.compile(
    r"\b(?:(?:repeat|rephrase) (?:that|it|this|the question|yourself|what you)"
    r"|(?:say|ask) (?:that|it|this) (?:again|once more)|say again|come again|one more time"
    r"|what (?:did you say|was that)|pardon(?: me)?$|i beg your pardon"
    r"|(?:did ?n[o']?t|could ?n[o']?t|did not|could not|can'?t) (?:quite |really )?(?:catch|hear|get|understand)"
    r" (?:that|you|it|what you))\b"
)
_MOST_WORDS_AGAIN = 14
"""Words of a turn that is nothing but a request to repeat the line."""
_COURTESY = frozenset({"greeting", "apology", "thanks", "name"})
"""Items that may come with such a request (“Sorry, could you …”) without making an answer of it."""


class Line(NamedTuple):
    """What is said, and who says it."""

    text: str
    speaker: Persona


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recruiter knows when it is their turn to speak."""

    text: str
    """The caller's words of this turn."""
    items: frozenset[str]
    """Heard so far, in all turns."""
    faults: frozenset[str]
    """Found so far."""

    @property
    def silent(self) -> bool:
        return not self.text.strip()

    @property
    def question(self) -> bool:
        text = self.text.lower().strip()
        return text.endswith("?") or _QUESTION.search(text) is not None


def heard_from(marks: Marks, text: str) -> Heard:
    """What the marking engine reports after a turn, in the recruiter's terms."""
    return Heard(
        text,
        frozenset(m.id for m in marks.items.values() if m.state is State.HEARD),
        frozenset(m.id for m in marks.faults.values() if m.found),
    )


def holds(rule: Rule, heard: Heard, visits: int = 0) -> bool:
    """True if every condition of the rule is met; ``visits`` is how often its step has been said."""
    return (
        rule.heard <= heard.items
        and not (rule.missing & heard.items)
        and (not rule.faults or bool(rule.faults & heard.faults))
        and visits >= rule.visits
        and (not rule.silence or heard.silent)
        and (not rule.question or heard.question)
        and (not rule.cue or _cued(rule.cue, heard.text))
    )


def _cued(cues: Iterable[str], text: str) -> bool:
    words = re.sub(r"[^\w' ]+", " ", text.lower())
    return any(
        f" {cue.lower()} " in f" {words} " or (len(cue) > 8 and fuzz.partial_ratio(cue.lower(), words) >= CUE_RATIO)
        for cue in cues
    )


def asks_again(text: str) -> bool:
    """Whether a turn is a request to say the line once more, and nothing else."""
    plain = re.sub(r"[^\w' ]+", " ", text.lower()).strip()
    return len(plain.split()) <= _MOST_WORDS_AGAIN and _AGAIN.search(plain) is not None


def hint(step: Step, heard: Heard, marks: Marks, facts: Mapping[str, str]) -> str | None:
    """What a caller who practises may be told after an answer to ``step``; ``None`` where nothing was left out.

    An answer leaves something out if an item is missing that the line asks for, or that is owed and that one of the
    step's ways out waits for. The step's own hint comes first, then a sentence that would meet the first such item.
    """
    awaited = frozenset[str]().union(*(rule.heard for rule in step.rules))
    missing = [
        mark
        for mark in marks.items.values()
        if mark.id not in heard.items and (mark.id in step.asks or (mark.required and mark.id in awaited))
    ]
    if not missing:
        return None
    if step.hint:
        return fill(step.hint, facts)
    return next((mark.say_instead for mark in missing if mark.say_instead), None)


class Walk:
    """One call's way through the graph. It ends after ``limits.turns`` answers at the latest."""

    def __init__(self, scenario: Scenario, facts: Mapping[str, str], seed: int) -> None:
        self._scenario = scenario
        self._facts = facts
        self._random = random.Random(seed)
        # One order of variants a step, shuffled once: no line is heard again before all others were.
        self._orders = {
            name: self._random.sample(range(len(step.say)), len(step.say)) for name, step in scenario.steps.items()
        }
        self._visits: dict[str, int] = {}
        self._repeats: dict[str, int] = {}
        self._items: frozenset[str] = frozenset()
        self._faults: frozenset[str] = frozenset()
        self.turns = 0
        """Answers that counted."""
        self.step: Step = scenario.steps[scenario.start]
        self.outcome: str | None = None
        self.repeating = False
        """The next line is one that was just said: the caller asked for it again."""

    @property
    def speaker(self) -> Persona:
        """Who says the step's line."""
        return self._scenario.speaker(self.step)

    def visits(self, name: str) -> int:
        """How often a step has been said; once more for the same caller does not count."""
        return self._visits.get(name, 0)

    def line(self) -> str:
        """What is said now; marks the step as visited."""
        visits = self.visits(self.step.id)
        if self.repeating:
            self.repeating = False
            return self._variant(self.step, visits - 1)
        self._visits[self.step.id] = visits + 1
        if self.step.end is not None:
            self.outcome = self.step.end
        return self._variant(self.step, visits)

    def _variant(self, step: Step, visit: int) -> str:
        order = self._orders[step.id]
        return fill(step.say[order[visit % len(order)]], self._facts)

    def again(self) -> None:
        """Say the line once more. It costs no turn."""
        self.repeating = self.outcome is None and self.visits(self.step.id) > 0

    def answer(self, heard: Heard) -> None:
        """Take the first way out whose rule holds, and go on through every step whose questions are answered.

        Where a graph leads in a circle through nothing but such steps, the call ends like one that ran out.
        """
        if self._wants_it_again(heard):
            self._repeats[self.step.id] = self._repeats.get(self.step.id, 0) + 1
            self.again()
            return
        self._items, self._faults = heard.items, heard.faults
        self.turns += 1
        if self.turns >= self._scenario.limits.turns:
            self.outcome = RAN_OUT
            return
        step = self._way_out(self.step, heard)
        passed: set[str] = set()
        while step.asks and step.asks <= heard.items:
            if step.id in passed:
                self.outcome = RAN_OUT
                return
            passed.add(step.id)
            step = self._way_out(step, heard)
        self.step = step

    def _way_out(self, step: Step, heard: Heard) -> Step:
        visits = self.visits(step.id)
        return self._scenario.steps[next(rule.go for rule in step.rules if holds(rule, heard, visits))]

    def _wants_it_again(self, heard: Heard) -> bool:
        """A request to repeat the line, with nothing in it that would be an answer, and no rule made for it."""
        return (
            asks_again(heard.text)
            and self._repeats.get(self.step.id, 0) < MOST_REPEATS
            and heard.items - self._items <= _COURTESY
            and heard.faults <= self._faults
            and not any(rule.cue and holds(rule, heard, self.visits(self.step.id)) for rule in self.step.rules)
        )

    def lines_ahead(self) -> list[Line]:
        """Every line that may still be said, those that may be needed first in front.

        Steps come by how many answers away they are; of each the variant that is next, then all other variants.
        """
        steps = self._scenario.steps
        near = [self.step]
        for step in near:  # grows while it is walked: nearest first
            near += [steps[go] for go in dict.fromkeys(rule.go for rule in step.rules) if steps[go] not in near]
        first = [Line(self._variant(step, self.visits(step.id)), self._scenario.speaker(step)) for step in near]
        rest = [Line(fill(line, self._facts), self._scenario.speaker(step)) for step in near for line in step.say]
        return list(dict.fromkeys([*first, *rest]))


__all__ = [
    "CUE_RATIO", "HUNG_UP", "MOST_REPEATS", "RAN_OUT", "Heard", "Line", "Walk", "asks_again", "heard_from", "hint",
    "holds",
]  # fmt: skip
