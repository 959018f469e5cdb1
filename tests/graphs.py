"""Scenarios with any graph at all, and callers who say anything at all."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.scenario import CallLimits, Rule, Scenario, Step
from written import full

SAID = (
    "", "yes", "why do you ask?", "could you repeat that please", "sorry, I didn't catch that", "wrong number",
    "is there a way to call me back?", "asdf qwer", "no. no. no!",
)  # fmt: skip
"""Silence, a word, questions, requests to hear the line again, a cue, noise."""

_items = st.frozensets(st.sampled_from(sorted(ITEMS)), max_size=3)
_faults = st.frozensets(st.sampled_from(sorted(FAULTS)), max_size=2)


@st.composite
def graphs(draw: st.DrawFn) -> Scenario:
    """A scenario of two to eight steps with ways at random: loops, dead ends and steps nobody reaches included."""
    names = [f"s{n}" for n in range(draw(st.integers(2, 8)))]
    steps = {}
    for name in names:
        if draw(st.integers(0, 3)) == 0 and name != "s0":
            steps[name] = Step(name, (f"{name} ends",), end="lost")
            continue
        ways = draw(st.lists(_rules(names), max_size=4))
        last = Rule(draw(st.sampled_from(names)))
        say = tuple(f"{name} line {n}" for n in range(draw(st.integers(1, 3))))
        steps[name] = Step(name, say, (*ways, last), asks=draw(_items))
    limits = CallLimits(turns=draw(st.integers(1, 12)))
    return replace(full(), steps=steps, start="s0", limits=limits)


@st.composite
def _rules(draw: st.DrawFn, names: list[str]) -> Rule:
    return Rule(
        draw(st.sampled_from(names)),
        heard=draw(_items),
        missing=draw(_items),
        faults=draw(_faults),
        cue=draw(st.sampled_from([(), ("wrong number",), ("call me back",)])),
        silence=draw(st.booleans()) and draw(st.booleans()),
        question=draw(st.booleans()) and draw(st.booleans()),
        visits=draw(st.integers(0, 3)),
    )
