"""Out of a scenario, the one that a drill rehearses."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bowout.core.criteria import ITEMS, items_for
from bowout.core.drills import OWED, SHAPES, Drill, Shape
from bowout.core.scenario import Listen, Outcome, Persona, Rule, Scenario, Step
from bowout.errors import UsageError

LINES: dict[str, str] = {
    "hello": "the phone is answered",
    "ask": "what the caller is asked, where the scenario has no such question",
    "nudge": "the caller has not said it all",
    "greeting": "a mailbox, before its beep",
    "close": "the last line",
}
"""Lines of a drill's own, and when they are said."""
MODEL = "model"
"""Key of the person who says the model's lines."""
MODEL_WORDS_PER_MINUTE = 140
"""Slow enough to speak along with, inside the band that is marked."""
OVER = "over"
"""Outcome of a drill that came to its end."""
_MAILBOX = "mailbox"
_SILENCE_WAIT_S = 3.0
"""How long somebody says nothing who presses by silence."""
_MOST_PARTS = 12
"""Lines of a model answer that are said one by one; a run should stay short."""
_FEWEST_WORDS = 4
"""A sentence of fewer words is said together with the one beside it."""
_UNSAFE = "after_misconduct"
"""The follow-up of a call in which somebody has to get out: nobody there is owed more than the decision."""
_COURTESY = frozenset({"reason", "apology", "thanks", "goodwill"})
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_BETWEEN_TURNS = Listen(silence_s=4.0, no_speech_s=7.0)
"""After a beep: nobody helps along, and thinking is allowed."""


def drill_scenario(drill: Drill, scenario: Scenario, seed: int = 0) -> Scenario:
    """The scenario cut for a drill. It keeps the id, pack, version, facts and sum of the one it was made of, and
    its title.

    Args:
        seed: which of several pushes, where the drill has more than it needs.

    Raises:
        UsageError: the drill can't be made of this scenario.
    """
    required = marked_items(drill, scenario)
    steps = _CUTS[drill.shape](drill, scenario, required, seed)
    limits = replace(scenario.limits, green_s=drill.timer.amber_s, red_s=drill.timer.red_s)
    if drill.ends.turn_s is not None:
        limits = replace(limits, max_turn_s=drill.ends.turn_s)
    cut = replace(
        scenario,
        required=required,
        targets={**scenario.targets, **drill.targets},
        limits=limits,
    )
    if not steps:
        return cut
    people = dict(scenario.people)
    if drill.shape == "shadow":
        people[MODEL] = Persona("Model", scenario.persona.voice, MODEL_WORDS_PER_MINUTE)
    if any(step.by == _MAILBOX for step in steps):
        people.setdefault(_MAILBOX, Persona("Mailbox", words_per_minute=150))
    return replace(
        cut,
        # A model is no telephone: its lines are heard as they are, and nothing rings.
        channel="in_person" if drill.shape == "shadow" else scenario.channel,
        start=steps[0].id,
        steps={step.id: step for step in steps},
        people=people,
        outcomes={OVER: Outcome("The drill is over.", True)},
        limits=replace(limits, turns=len(steps) + 1),
    )


def marked_items(drill: Drill, scenario: Scenario) -> frozenset[str]:
    """The items that a take of the drill is marked by.

    Raises:
        UsageError: none of those that the drill names is asked in this scenario.
    """
    owed = scenario.required
    if owed is None:
        owed = frozenset(item.id for item in items_for(scenario.intent) if scenario.intent in item.required)
    if scenario.follow_up == _UNSAFE:
        owed -= _COURTESY
    named = {name for name in drill.items if name in ITEMS and ITEMS[name].applies_to(scenario.intent)}
    items = frozenset(named | (owed if OWED in drill.items else frozenset()))
    if drill.items and not items:
        raise UsageError(f"“{drill.title}” can't be made of “{scenario.title}”.", "Take another scenario.")
    return items


_Cut = Callable[[Drill, Scenario, "frozenset[str]", int], Sequence[Step]]


def _whole(drill: Drill, scenario: Scenario, required: frozenset[str], seed: int) -> Sequence[Step]:
    return ()


def _opening(drill: Drill, scenario: Scenario, required: frozenset[str], seed: int) -> Sequence[Step]:
    return _answered(drill, scenario.steps[scenario.start], required)


def _question(drill: Drill, scenario: Scenario, required: frozenset[str], seed: int) -> Sequence[Step]:
    own = _asking(scenario, required)
    asked = own if own is not None else Step("first", drill.lines["ask"])
    return _answered(drill, replace(asked, ring=False, wait_s=0.0), required)


def _voicemail(drill: Drill, scenario: Scenario, required: frozenset[str], seed: int) -> Sequence[Step]:
    own = next((step for step in scenario.steps.values() if step.beep), None)
    box = own if own is not None else Step("first", drill.lines["greeting"], by=_MAILBOX, beep=True)
    longest = drill.ends.turn_s
    listen = replace(_BETWEEN_TURNS, max_turn_s=longest)
    first, close = _answered(drill, replace(box, listen=listen, wait_s=0.0), required, turns=1)
    return first, replace(close, by=_MAILBOX)


def _pushback(drill: Drill, scenario: Scenario, required: frozenset[str], seed: int) -> Sequence[Step]:
    pushes = drill.pushes.get(scenario.intent, ())
    number = min(drill.ends.turns or len(pushes), len(pushes))
    if not number:
        raise UsageError(f"“{drill.title}” has no pushes for such a call.", "Take another scenario.")
    # The first one always comes first: nothing else follows so well on a decision.
    rest = sorted(random.Random(f"{drill.id} {seed}").sample(range(1, len(pushes)), number - 1))
    start = scenario.steps[scenario.start]
    if start.by or start.beep:
        start = Step("first", drill.lines["hello"])
    steps = [_bare(start, "push-1")]
    for at, push in enumerate([pushes[0], *(pushes[n] for n in rest)], start=1):
        wait_s = _SILENCE_WAIT_S if push.kind == "silence" else 0.0
        go = f"push-{at + 1}" if at < number else "close"
        steps.append(Step(f"push-{at}", push.say, (Rule(go),), pushback=push.kind, wait_s=wait_s))
    return [*steps, _close(drill)]


def _shadow(drill: Drill, scenario: Scenario, required: frozenset[str], seed: int) -> Sequence[Step]:
    parts = model_parts(scenario)[: drill.ends.turns or _MOST_PARTS]
    steps = [
        Step(f"line-{at}", (part,), (Rule(f"line-{at + 1}" if at < len(parts) else "close"),), by=MODEL, beep=True)
        for at, part in enumerate(parts, start=1)
    ]
    return [*steps, _close(drill)]


_CUTS: dict[Shape, _Cut] = {
    "whole": _whole,
    "opening": _opening,
    "question": _question,
    "voicemail": _voicemail,
    "pushback": _pushback,
    "shadow": _shadow,
}
assert set(_CUTS) == set(SHAPES)


def model_parts(scenario: Scenario) -> list[str]:
    """The model answer in the lines that are said one by one: its sentences, very short ones joined to the one before,
    blanks still in them."""
    parts: list[str] = []
    for turn in scenario.model_answer:
        begins = len(parts)
        for sentence in _SENTENCE.split(turn.strip()):
            if len(parts) > begins and min(len(parts[-1].split()), len(sentence.split())) < _FEWEST_WORDS:
                parts[-1] = f"{parts[-1]} {sentence}"
            else:
                parts.append(sentence)
    return parts[:_MOST_PARTS]


def _asking(scenario: Scenario, items: Iterable[str]) -> Step | None:
    """The scenario's own question for these items: the one that asks for least beside them."""
    wanted = frozenset(items)
    asking = [
        step
        for step in scenario.steps.values()
        if wanted and wanted <= step.asks and not step.beep and step.end is None
    ]
    return min(asking, key=lambda step: len(step.asks), default=None)


def _answered(drill: Drill, step: Step, required: frozenset[str], turns: int | None = None) -> list[Step]:
    """A line and its answer, a nudge before each further one, and the last line."""
    turns = turns or drill.ends.turns or 1
    names = [*(f"nudge-{at}" for at in range(1, turns)), "close"]
    steps = [_bare(step, names[0])]
    steps += [Step(name, drill.lines["nudge"], (Rule(go),)) for name, go in pairwise(names)]
    if drill.ends.heard and required:
        steps = [replace(each, rules=(Rule("close", heard=required), *each.rules)) for each in steps]
    return [*steps, _close(drill)]


def _bare(step: Step, go: str) -> Step:
    """The step as the first of a drill, with one way out, and nothing for which it would be passed through."""
    return replace(step, id="first", rules=(Rule(go),), asks=frozenset(), end=None, hint="")


def _close(drill: Drill) -> Step:
    return Step("close", drill.lines["close"], end=OVER)


__all__ = ["LINES", "MODEL", "OVER", "drill_scenario", "marked_items", "model_parts"]
