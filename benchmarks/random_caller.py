"""A caller who says anything at all: does every call of every scenario come to an end?

python benchmarks/random_caller.py [--turns 10000] [--seed 1] [FOLDER of packs]

Silence, noise, broken-off words, questions, requests to hear the line again, every cue and every item of the scenario
in any order, faults at random. What was heard only grows, as in a call. Each call must end within its limit of turns,
and nothing may be asked whose answer was heard.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bowout.core.call import MOST_REPEATS, RAN_OUT, Heard, Walk
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
NOISE = (
    "", "   ", "…", "mmm", "krrr tsch", "no wait I", "yes", "no", "hello? hello?", "why do you want to know?",
    "could you repeat that", "sorry, what did you say?", "I", "one two three four five six seven eight nine ten",
    "\x1b[31m\u202e", "🙂 🙂", "a" * 5000, "what time is it there?", "blah " * 400,
)  # fmt: skip


@dataclass
class Tally:
    """What happened."""

    turns: int = 0
    calls: int = 0
    longest: int = 0
    """Answers of the longest call."""
    outcomes: Counter[str] = field(default_factory=Counter)
    unreached: set[str] = field(default_factory=set)
    """Steps that no caller came to, as ``scenario:step``."""


def call_at_random(scenarios: Sequence[Scenario], turns: int, seed: int) -> Tally:
    """Random calls, one scenario after the other, until so many answers were given. Raises ``AssertionError``."""
    chance = random.Random(seed)
    tally = Tally(unreached={f"{s.id}:{step}" for s in scenarios for step in s.steps})
    while tally.turns < turns:
        scenario = scenarios[tally.calls % len(scenarios)]
        answers = _call(scenario, chance, tally)
        tally.calls += 1
        tally.turns += answers
        tally.longest = max(tally.longest, answers)
    return tally


def _call(scenario: Scenario, chance: random.Random, tally: Tally) -> int:
    walk = Walk(scenario, {}, chance.randrange(1000))
    rules = [rule for step in scenario.steps.values() for rule in step.rules]
    cues = [cue for rule in rules for cue in rule.cue]
    said = [*NOISE, *cues, *cues, *scenario.model_answer, *scenario.weak_answer]
    known = [*ITEMS, *scenario.items]
    wrong = [*FAULTS, *(fault for rule in rules for fault in rule.faults)]
    patience = chance.random()
    items: set[str] = set()
    faults: set[str] = set()
    answers = 0
    limit = scenario.limits.turns + MOST_REPEATS * len(scenario.steps)
    while True:
        again = walk.repeating
        assert again or not walk.step.asks or not walk.step.asks <= items, f"{scenario.id}: asked for what was said"
        assert walk.line(), scenario.id
        tally.unreached.discard(f"{scenario.id}:{walk.step.id}")
        if walk.outcome is not None:
            break
        answers += 1
        assert answers <= limit, f"{scenario.id} does not end"
        if chance.random() < patience:
            items.update(chance.sample(known, chance.choice((0, 0, 1, 1, 2, 5))))
            faults.update(chance.sample(wrong, chance.choice((0, 0, 0, 1, 2))))
        walk.answer(Heard(chance.choice(said), frozenset(items), frozenset(faults)))
        if walk.outcome is not None:
            break
    ends = {step.end for step in scenario.steps.values()}
    assert walk.outcome in ends or walk.outcome == RAN_OUT, scenario.id
    tally.outcomes["ran out of turns" if walk.outcome == RAN_OUT else "an end of the graph"] += 1
    return answers


def main() -> int:
    from bowout.storage.packs import load_all

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "scenarios")
    arguments = parser.parse_args()
    scenarios = [scenario for pack in load_all(arguments.folder) for scenario in pack.scenarios]
    tally = call_at_random(scenarios, arguments.turns, arguments.seed)
    steps = sum(len(scenario.steps) for scenario in scenarios)
    print(f"{tally.turns} turns in {tally.calls} calls of {len(scenarios)} scenarios: every call came to an end")
    for outcome, count in tally.outcomes.most_common():
        print(f"  {outcome:22} {count:6} calls")
    print(f"  longest call           {tally.longest:6} answers")
    print(f"  steps that were said   {steps - len(tally.unreached):6} of {steps}")
    for name in sorted(tally.unreached):
        print(f"    never: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
