"""A call walked through by hand: what each answer met, and which way out it took.

The same walk and the same marking as in a call (``bowout.core.call``, ``bowout.core.assessment``), turn by turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bowout.core.assessment import mark_scenario
from bowout.core.call import RAN_OUT, Heard, Walk, heard_from, hint, holds
from bowout.core.marks import Marks
from bowout.core.scenario import Persona, Rule, Scenario, Step
from bowout.core.transcript import from_text


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the other side, with what belongs around it."""

    step: Step
    text: str
    speaker: Persona
    rings: bool
    """The phone rings before the line."""
    again: bool
    """It is said once more, because the caller asked for it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One way out that was taken."""

    step: str
    number: int
    """1-based, as the file has them."""
    rule: Rule
    unsaid: bool
    """What the step asks for had been heard: it was passed through without a word."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the other side made of an answer."""

    items: tuple[str, ...]
    """Heard in this turn for the first time, in the order of the checklist."""
    faults: tuple[str, ...]
    """Found in this turn for the first time."""
    ways: tuple[Taken, ...]
    """Empty where the line is said again, or the limit of turns ended the call."""
    hint: str
    """What practice mode would tell; may be empty."""


class Preview:
    """One call. ``line`` and ``answer`` take turns until ``over``."""

    def __init__(self, scenario: Scenario, facts: Mapping[str, str], seed: int = 0) -> None:
        """``facts``: ``Scenario.facts_at`` of the time at which the call is thought to happen."""
        self.scenario = scenario
        self.facts = facts
        self._walk = Walk(scenario, facts, seed)
        self._answers: list[str] = []
        self._credited: frozenset[str] = frozenset()
        self._faults: frozenset[str] = frozenset()
        self._rung = False

    @property
    def outcome(self) -> str | None:
        """How the call ended; ``None`` while it goes on."""
        return self._walk.outcome

    @property
    def over(self) -> bool:
        return self._walk.outcome is not None

    def line(self) -> Said:
        """What is said now. After a line with an end the call is over."""
        walk = self._walk
        again, step = walk.repeating, walk.step
        rings = self.scenario.channel == "phone" and not again and (step.ring or not self._rung)
        self._rung = self._rung or rings
        return Said(step, walk.line(), walk.speaker, rings, again)

    def answer(self, text: str) -> Made:
        """The caller's turn; an empty text is silence."""
        walk = self._walk
        step, visits = walk.step, walk.visits(walk.step.id)
        self._answers.append(text)
        marks = self.marks()
        found = heard_from(marks, text)
        items, faults = found.items - self._credited, found.faults - self._faults
        self._credited |= found.items
        self._faults |= found.faults
        heard = Heard(text, self._credited, found.faults)
        told = hint(step, heard, marks, self.facts)
        walk.answer(heard)
        again = walk.repeating
        return Made(
            tuple(id_ for id_ in marks.items if id_ in items),
            tuple(id_ for id_ in marks.faults if id_ in faults),
            () if again or walk.outcome == RAN_OUT else self._ways(step, heard, visits),
            "" if again or walk.outcome is not None else told or "",
        )

    def _ways(self, step: Step, heard: Heard, visits: int) -> tuple[Taken, ...]:
        """From the step that was answered to the one that is said next."""
        ways: list[Taken] = []
        while True:
            number, rule = next((n, r) for n, r in enumerate(step.rules, 1) if holds(r, heard, visits))
            ways.append(Taken(step.id, number, rule, bool(ways)))
            step = self.scenario.steps[rule.go]
            visits = self._walk.visits(step.id)
            if step is self._walk.step:
                return tuple(ways)

    def marks(self) -> Marks:
        """The call so far, marked as typed words are."""
        return mark_scenario(from_text(*self._answers), self.scenario, self.facts)


__all__ = ["Made", "Preview", "Said", "Taken"]
