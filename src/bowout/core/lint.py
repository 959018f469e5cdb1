"""Is a scenario sound? Checks that need no ear and no device: of its graph, of its own answers, of its own items.

``lint`` looks at the scenario as it is written. ``examine`` marks and walks its answers as a call would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from bowout.core.assessment import mark_scenario
from bowout.core.call import RAN_OUT, Heard, Walk, asks_again, heard_from, holds
from bowout.core.criteria import FAULTS, ITEMS, Intent
from bowout.core.document import Node
from bowout.core.letters import write
from bowout.core.marking.extra import Extra
from bowout.core.marking.patterns import Hit
from bowout.core.marking.score import PASS_MARK
from bowout.core.marks import Marks, State
from bowout.core.scenario import OwnItem, Rule, Scenario, Step, fill
from bowout.core.text import normalise
from bowout.core.transcript import from_text

LONGEST_LINE_S = 12.0
"""What a recruiter says in one go; more is a speech that nobody can answer."""
_ANY_DAY = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
"""For the length of a line it hardly matters on which day it is said."""
_WALKED = 400
"""Steps after which a caller who says nothing of use goes round for ever; no graph has more ways to count visits."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a scenario that its author should know."""

    message: str
    hint: str = ""
    place: tuple[str, ...] = ()
    """Keys that lead to it in the document, positions of lists as digits; see ``locate``."""
    wrong: bool = True
    """False for what is merely worth a look."""


def locate(root: Node, place: Sequence[str]) -> Node:
    """The node at a place, or the nearest one above it that is there."""
    node = root
    for key in place:
        value = node.value
        if isinstance(value, dict) and key in value:
            node = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            node = value[int(key)]
        else:
            break
    return node


def lint(scenario: Scenario) -> list[Finding]:
    """Everything that is wrong with, or odd about, a scenario that could be read."""
    return [*_Graph(scenario).findings(), *_lines(scenario), *_outcomes(scenario), *_rest(scenario)]


# The graph.


def _step(step: Step, *keys: str) -> tuple[str, ...]:
    return ("call", "steps", step.id, *keys)


class _Graph:
    """The ways that can really be taken."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.items = {id_ for id_, item in ITEMS.items() if item.applies_to(scenario.intent)} | set(scenario.items)
        self.faults = {id_ for id_, fault in FAULTS.items() if fault.applies_to(scenario.intent)}
        self.closed: list[tuple[Step, int, str]] = []
        """Ways out that nobody can take, each with the reason."""
        self.ways: dict[str, list[str]] = {}
        for name, step in scenario.steps.items():
            self.ways[name] = []
            for at, rule in enumerate(step.rules):
                reason = self._closed(step, at, rule)
                if reason:
                    self.closed.append((step, at, reason))
                else:
                    self.ways[name].append(rule.go)

    def _closed(self, step: Step, at: int, rule: Rule) -> str:
        """Why nobody can take a way out; empty if somebody may."""
        never = sorted(rule.heard - self.items)
        if never:
            return f"“{never[0]}” is not asked of this intent and never heard"
        if rule.faults and not rule.faults & self.faults:
            return f"“{min(rule.faults)}” is no fault of this intent and never found"
        both = sorted(rule.heard & rule.missing)
        if both:
            return f"“{both[0]}” can't be heard and missing at once"
        if rule.silence and (rule.cue or rule.question):
            return "who says nothing neither asks nor gives a cue"
        if any(_covers(earlier, rule) for earlier in step.rules[:at]):
            return "an earlier one is taken in every such case"
        return ""

    def findings(self) -> Iterator[Finding]:
        steps = self.scenario.steps
        for step, at, reason in self.closed:
            told = f"Way out {at + 1} of “{step.id}” is never taken: {reason}."
            yield Finding(told, "Mend its conditions, move it up, or leave it out.", _step(step, "next", str(at)))
        reached = self._reached([self.scenario.start], self.ways)
        for name, step in steps.items():
            if name not in reached:
                yield Finding(f"No way leads to “{name}”.", "Lead to it, or leave it out.", _step(step))
        back: dict[str, list[str]] = {name: [] for name in steps}
        for name, goes in self.ways.items():
            for go in goes:
                back[go].append(name)
        ending = self._reached([name for name, step in steps.items() if step.end is not None], back)
        for name, step in steps.items():
            if name in reached and name not in ending:
                told = f"From “{name}” no way leads to an end: the call goes round in a loop without a way out."
                yield Finding(told, "Give it a way to a step with “end”.", _step(step))
        yield from self._passed_through()
        yield from self._stuck()

    @staticmethod
    def _reached(start: Sequence[str], ways: Mapping[str, Sequence[str]]) -> set[str]:
        seen = set(start)
        waiting = list(start)
        while waiting:
            for go in ways[waiting.pop()]:
                if go not in seen:
                    seen.add(go)
                    waiting.append(go)
        return seen

    def _passed_through(self) -> Iterator[Finding]:
        """A circle of nothing but steps that are passed through once everything they ask for has been heard."""
        steps = self.scenario.steps
        asking = {name for name, step in steps.items() if step.asks}
        ways = {name: [go for go in _passing(steps[name], steps) if go in asking] for name in asking}
        for name in sorted(asking):
            if name in self._reached(ways[name], ways):
                told = f"Once everything is said, the call goes round through “{name}” without a word."
                hint = "Lead to a step that asks for nothing when what this one asks for is heard."
                yield Finding(told, hint, _step(steps[name]))

    def _stuck(self) -> Iterator[Finding]:
        """Callers who give nothing: is it the graph that ends the call, or only the limit of turns?"""
        for text, who in (("", "says nothing at all"), ("Well.", "says nothing of use")):
            heard = Heard(text, frozenset(), frozenset())
            visits: dict[str, int] = {}
            step = self.scenario.steps[self.scenario.start]
            for _ in range(_WALKED):
                visits[step.id] = visits.get(step.id, 0) + 1
                if step.end is not None:
                    break
                step = self.scenario.steps[next(r.go for r in step.rules if holds(r, heard, visits[step.id]))]
            else:
                told = (
                    f"A caller who {who} comes to “{step.id}” again and again until the limit of turns ends the call."
                )
                yield Finding(told, "Give it a way out with “visits”.", _step(step), wrong=False)


def _passing(step: Step, steps: Mapping[str, Step]) -> Iterator[str]:
    """Where a call may go from a step whose questions, and whose follower's, are answered."""
    for rule in step.rules:
        if not rule.missing & (step.asks | steps[rule.go].asks):
            yield rule.go
        if rule == Rule(rule.go, heard=rule.heard) and rule.heard <= step.asks:
            return  # nobody comes past this one


def _covers(earlier: Rule, rule: Rule) -> bool:
    """Whether ``earlier`` holds whenever ``rule`` does."""
    return (
        earlier.heard <= rule.heard
        and earlier.missing <= rule.missing
        and (not earlier.faults or (bool(rule.faults) and rule.faults <= earlier.faults))
        and (not earlier.cue or (bool(rule.cue) and set(rule.cue) <= set(earlier.cue)))
        and (not earlier.silence or rule.silence)
        and (not earlier.question or rule.question)
        and earlier.visits <= rule.visits
    )


# What is said, how it ends, and the rest.


def _lines(scenario: Scenario) -> Iterator[Finding]:
    facts = scenario.facts_at(_ANY_DAY)
    for step in scenario.steps.values():
        pace = scenario.speaker(step).words_per_minute
        for at, line in enumerate(step.say):
            seconds = 60 * len(fill(line, facts).split()) / pace
            if seconds > LONGEST_LINE_S:
                told = f"A line of “{step.id}” takes {seconds:.0f} s to say at {pace} words a minute."
                yield Finding(told, f"At most {LONGEST_LINE_S:.0f} s: shorten it.", _step(step, "say", str(at)))


def _outcomes(scenario: Scenario) -> Iterator[Finding]:
    used = {step.end for step in scenario.steps.values() if step.end is not None}
    if not scenario.outcomes:
        ends = ", ".join(sorted(used))
        yield Finding("“outcomes” is missing.", f"Say for each end what it means and whether it is good: {ends}.")
        return
    for name in sorted(used - scenario.outcomes.keys()):
        yield Finding(f"“outcomes” says nothing of “{name}”.", "Add it.", ("outcomes",))
    for name in sorted(scenario.outcomes.keys() - used):
        yield Finding(f"No call ends with “{name}”.", "Lead to it, or leave it out.", ("outcomes", name))
    for good, word in ((True, "good"), (False, "bad")):
        if not any(outcome.good is good and name in used for name, outcome in scenario.outcomes.items()):
            yield Finding(f"No call has a {word} end.", "At least one good and one bad one.", ("outcomes",))


def _rest(scenario: Scenario) -> Iterator[Finding]:
    for step in scenario.steps.values():
        for item in sorted(step.asks):
            if item in ITEMS and not ITEMS[item].applies_to(scenario.intent):
                told = f"“{step.id}” asks for “{item}”, which is not asked of this intent."
                yield Finding(told, "Leave it out of “asks”.", _step(step, "asks"))
    for blank in write(scenario.follow_up, scenario.facts_at(_ANY_DAY)).missing:
        yield Finding(f"The follow-up message needs the fact “{blank}”.", "Add it to “facts”.", ("facts",))
    named = {step.by for step in scenario.steps.values()}
    for name in sorted(scenario.people.keys() - named):
        yield Finding(
            f"“{name}” never speaks.", "Name them with “by”, or leave them out.", ("people", name), wrong=False
        )
    asked = (scenario.required or frozenset()).union(
        *(step.asks.union(*(rule.heard | rule.missing for rule in step.rules)) for step in scenario.steps.values())
    )
    for name in sorted(scenario.items.keys() - asked):
        told = f"Nothing depends on the item “{name}”."
        yield Finding(told, "Put it into “checklist.required” or into a way out.", ("items", name), wrong=False)


# Its own answers.


@dataclass(frozen=True, slots=True)
class Walked:
    """A call with given answers."""

    outcome: str
    """Empty if the answers were used up before an end."""
    steps: tuple[str, ...]
    """Every step that was said, in order."""
    said: int
    """Answers that were wanted."""


@dataclass(frozen=True, slots=True)
class Examination:
    """A scenario's own answers, marked and walked, and its own items, tried out."""

    model: Marks
    model_walk: Walked
    weak: Marks
    weak_walk: Walked
    findings: tuple[Finding, ...] = field(default=())

    @property
    def sound(self) -> bool:
        return not any(finding.wrong for finding in self.findings)


def walk(scenario: Scenario, facts: Mapping[str, str], answers: Sequence[str]) -> Walked:
    """The call in which the caller gives these answers, one a turn, until it ends or they are used up."""
    went = Walk(scenario, facts, 0)
    steps: list[str] = []
    credited: frozenset[str] = frozenset()
    said = 0
    while True:
        went.line()
        steps.append(went.step.id)
        if went.outcome is not None or said == len(answers):
            break
        said += 1
        marks = mark_scenario(from_text(*answers[:said]), scenario, facts)
        heard = heard_from(marks, answers[said - 1])
        credited |= heard.items
        went.answer(Heard(heard.text, credited, heard.faults))
        if went.outcome == RAN_OUT:
            break
    return Walked(went.outcome or "", tuple(steps), said)


def examine(scenario: Scenario, now: datetime) -> Examination:
    """Mark and walk both answers as they are on a given day, and try the own items' sentences.

    Args:
        now: aware; what “today” and the weekdays in the answers are.
    """
    facts = scenario.facts_at(now)
    model_said = [fill(text, facts) for text in scenario.model_answer]
    weak_said = [fill(text, facts) for text in scenario.weak_answer]
    model = mark_scenario(from_text(*model_said), scenario, facts)
    weak = mark_scenario(from_text(*weak_said), scenario, facts)
    model_walk, weak_walk = walk(scenario, facts, model_said), walk(scenario, facts, weak_said)
    findings = (
        *_model(scenario, model, model_walk, model_said),
        *_weak(scenario, weak, weak_walk, weak_said),
        *(
            finding
            for item in scenario.items.values()
            for finding in try_sentences(item, scenario.intent, ("items", item.id))
        ),
    )
    return Examination(model, model_walk, weak, weak_walk, findings)


def _model(scenario: Scenario, marks: Marks, walked: Walked, said: Sequence[str]) -> Iterator[Finding]:
    place = ("model_answer",)
    for mark in marks.items.values():
        if mark.required and mark.state is not State.HEARD:
            hint = f"Such as: “{mark.say_instead}”" if mark.say_instead else ""
            yield Finding(f"The model answer leaves out “{mark.id}”.", hint, place)
    for fault in marks.faults.values():
        if fault.found:
            quote = f": “{fault.span.quote}”" if fault.span else ""
            yield Finding(f"The model answer has the fault “{fault.id}”{quote}.", "Say it otherwise.", place)
    if marks.score < PASS_MARK:
        yield Finding(f"The model answer scores {marks.score}.", f"It should have at least {PASS_MARK}.", place)
    for at, text in enumerate(said):
        if asks_again(text):
            told = f"Turn {at + 1} of the model answer asks to hear the line again, which counts as no answer."
            yield Finding(told, "Say it otherwise.", (*place, str(at)))
    end = scenario.outcomes.get(walked.outcome)
    if not walked.outcome:
        told = f"The model answer has {len(said)} turns, and the call is not over: it waits at “{walked.steps[-1]}”."
        yield Finding(told, "Add a turn, or lead to an end.", place)
    elif walked.said < len(said):
        told = f"The call ends with “{walked.steps[-1]}” before turn {walked.said + 1} of the model answer."
        yield Finding(told, "Take the turn out, or lead on.", (*place, str(walked.said)))
    elif walked.outcome == RAN_OUT:
        yield Finding("The model answer reaches the limit of turns.", "Raise “limits.turns”, or lead to an end.", place)
    if walked.outcome and walked.outcome != RAN_OUT and end is not None and not end.good:
        told = (
            f"The model answer ends with “{walked.outcome}”, which is not good, by way of {' → '.join(walked.steps)}."
        )
        yield Finding(told, "Mend the answer or the ways out.", place)


def _weak(scenario: Scenario, marks: Marks, walked: Walked, said: Sequence[str]) -> Iterator[Finding]:
    found = {fault.id for fault in marks.faults.values() if fault.found}
    place = ("weak_answer", "faults")
    for id_ in sorted(scenario.weak_faults - found):
        yield Finding(f"The weak answer does not have the fault “{id_}”.", "Word it more plainly.", place)
    for id_ in sorted(found - scenario.weak_faults):
        span = marks.faults[id_].span
        quote = f": “{span.quote}”" if span else ""
        told = f"The weak answer has the fault “{id_}”, too{quote}."
        yield Finding(told, "Name it, or say it otherwise.", place)
    if walked.outcome and walked.said < len(said):
        told = f"The call ends with “{walked.steps[-1]}” before turn {walked.said + 1} of the weak answer."
        yield Finding(told, "Take the turn out, or lead on.", ("weak_answer", "say", str(walked.said)))


def try_sentences(item: OwnItem, intent: Intent, place: tuple[str, ...]) -> Iterator[Finding]:
    """Whether an item's own sentences meet it and do not, as they should; ``place`` is the item's in its file."""
    extra = Extra({item.id: item})
    for key, sentences, wanted in (("met", item.met, True), ("not_met", item.not_met, False)):
        for at, sentence in enumerate(sentences):
            hits: dict[str, list[Hit]] = {}
            extra.add_to(hits, normalise(from_text(sentence)), intent)
            if bool(hits) is not wanted:
                told = f"“{sentence}” {'does not meet' if wanted else 'meets'} “{item.id}”."
                hint = "Add a pattern for it." if wanted else "Make the patterns narrower, or add an exception (“!”)."
                yield Finding(told, hint, (*place, key, str(at)))


__all__ = ["LONGEST_LINE_S", "Examination", "Finding", "Walked", "examine", "lint", "locate", "try_sentences", "walk"]
