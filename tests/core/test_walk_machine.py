"""Whatever the graph and whoever calls: the recruiter comes to an end, and asks for nothing that was said."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bowout.core.call import MOST_REPEATS, RAN_OUT, Heard, Walk, asks_again
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.scenario import Scenario
from graphs import SAID, graphs
from shippedpacks import SCENARIOS as SHIPPED


class AnyCall(RuleBasedStateMachine):
    """The caller says anything, asks for lines again by voice and by key, and what was heard only ever grows."""

    @initialize(scenario=st.one_of(st.sampled_from(SHIPPED), graphs()), seed=st.integers(0, 99))
    def begin(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.walk = Walk(scenario, {}, seed)
        self.ahead = {line.text for line in self.walk.lines_ahead()}
        self.items: set[str] = set()
        self.faults: set[str] = set()
        self.answers = 0
        self.said = ""
        self.listening = False

    @precondition(lambda self: not self.listening and self.walk.outcome is None)
    @rule()
    def speak(self) -> None:
        step, again, visits = self.walk.step, self.walk.repeating, self.walk.visits(self.walk.step.id)
        line = self.walk.line()
        assert line in self.ahead and line in step.say
        if again:
            assert line == self.said and self.walk.visits(step.id) == visits
        else:
            assert not step.asks or not step.asks <= self.items, "asked for what was said"
            assert self.walk.visits(step.id) == visits + 1
        assert (self.walk.outcome is not None) == (step.end is not None) and self.walk.outcome == step.end
        self.said, self.listening = line, True

    @precondition(lambda self: self.listening and self.walk.outcome is None)
    @rule(
        text=st.sampled_from(SAID),
        items=st.frozensets(st.sampled_from(sorted(ITEMS)), max_size=4),
        faults=st.frozensets(st.sampled_from(sorted(FAULTS)), max_size=2),
    )
    def answer(self, text: str, items: frozenset[str], faults: frozenset[str]) -> None:
        self.items |= items
        self.faults |= faults
        turns, step = self.walk.turns, self.walk.step
        self.walk.answer(Heard(text, frozenset(self.items), frozenset(self.faults)))
        self.answers += 1
        if self.walk.repeating:
            assert asks_again(text) and self.walk.turns == turns and self.walk.step is step
        else:
            assert self.walk.turns == turns + 1
        self.listening = False

    @precondition(lambda self: self.listening and self.walk.outcome is None)
    @rule()
    def ask_again_by_key(self) -> None:
        step, turns = self.walk.step, self.walk.turns
        self.walk.again()
        assert self.walk.repeating and self.walk.step is step and self.walk.turns == turns
        self.listening = False

    @precondition(lambda self: self.walk.outcome is not None)
    @rule()
    def ask_again_when_it_is_over(self) -> None:
        outcome = self.walk.outcome
        self.walk.again()
        assert not self.walk.repeating and self.walk.outcome == outcome

    @invariant()
    def it_ends_within_bounds(self) -> None:
        limit = self.scenario.limits.turns
        assert self.walk.turns <= limit
        assert self.answers <= limit + MOST_REPEATS * len(self.scenario.steps)
        if self.walk.turns == limit:
            assert self.walk.outcome is not None

    @invariant()
    def an_outcome_is_one_of_the_graph_s(self) -> None:
        ends = {step.end for step in self.scenario.steps.values()} - {None}
        assert self.walk.outcome is None or self.walk.outcome in ends | {RAN_OUT}


AnyCall.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestAnyCall = AnyCall.TestCase
