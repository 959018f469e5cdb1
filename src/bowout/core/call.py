"""The recruiter's side of the call: a walk over the scenario's graph.

Pure: what was heard comes in, the next step goes out. Devices, clocks and threads belong to ``rehearsal``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from bowout.core.marks import Marks, State
from bowout.core.scenario import Rule, Scenario, Step, fill

CUE_RATIO = 82.0
"""rapidfuzz ``partial_ratio`` from which a cue phrase counts as said; below it two-word cues match by chance."""
RAN_OUT = "ran_out"
"""Outcome of a call that reached the scenario's limit of turns."""
HUNG_UP = "hung_up"
"""Outcome of a call that the caller ended."""

_QUESTION = re.compile(
    r"(?:^|[.,;!] |\band |\bso )(?:could|can|would|will|do|does|did|is|are|was|were|what|when|where|which|who|why|how|"
    r"may|should|shall)\b(?: \w+)? (?:i|you|we|it|that|there|the|this|they|your|my|time|day)\b"
)


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


def holds(rule: Rule, heard: Heard) -> bool:
    """True if every condition of the rule is met."""
    return (
        rule.heard <= heard.items
        and not (rule.missing & heard.items)
        and (not rule.faults or bool(rule.faults & heard.faults))
        and (not rule.cue or _cued(rule.cue, heard.text))
        and (not rule.silence or heard.silent)
        and (not rule.question or heard.question)
    )


def _cued(cues: Iterable[str], text: str) -> bool:
    words = re.sub(r"[^\w' ]+", " ", text.lower())
    return any(
        f" {cue.lower()} " in f" {words} " or (len(cue) > 8 and fuzz.partial_ratio(cue.lower(), words) >= CUE_RATIO)
        for cue in cues
    )


class Walk:
    """One call's way through the graph."""

    def __init__(self, scenario: Scenario, facts: Mapping[str, str], seed: int) -> None:
        self._scenario = scenario
        self._facts = facts
        self._random = random.Random(seed)
        # One order of variants a step, shuffled once: no line is heard again before all others were.
        self._orders = {
            name: self._random.sample(range(len(step.say)), len(step.say)) for name, step in scenario.steps.items()
        }
        self._visits: dict[str, int] = {}
        self.turns = 0
        self.step: Step = scenario.steps[scenario.start]
        self.outcome: str | None = None

    def line(self) -> str:
        """What the recruiter says now; marks the step as visited."""
        order = self._orders[self.step.id]
        visit = self._visits.get(self.step.id, 0)
        self._visits[self.step.id] = visit + 1
        if self.step.end is not None:
            self.outcome = self.step.end
        return fill(self.step.say[order[visit % len(order)]], self._facts)

    def answer(self, heard: Heard) -> None:
        """Take the first way out whose rule holds."""
        self.turns += 1
        if self.turns >= self._scenario.limits.turns and self.outcome is None:
            self.outcome = RAN_OUT
            return
        for rule in self.step.rules:
            if holds(rule, heard):
                self.step = self._scenario.steps[rule.go]
                return

    def lines_ahead(self) -> list[str]:
        """Every line that may be said next, so that it can be rendered before it is needed."""
        reach = [self.step.id, *dict.fromkeys(rule.go for rule in self.step.rules)]
        rest = [name for name in self._scenario.steps if name not in reach]
        lines = [fill(line, self._facts) for name in [*reach, *rest] for line in self._scenario.steps[name].say]
        return list(dict.fromkeys(lines))


__all__ = ["CUE_RATIO", "HUNG_UP", "RAN_OUT", "Heard", "Walk", "heard_from", "holds"]
