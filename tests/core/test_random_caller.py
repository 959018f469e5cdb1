"""A sample of the benchmark: 500 turns of a caller who says anything at all."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from shippedpacks import SCENARIOS
from written import full

ROOT = Path(__file__).parents[2]


def test_every_call_comes_to_an_end() -> None:
    spec = importlib.util.spec_from_file_location("random_caller", ROOT / "benchmarks" / "random_caller.py")
    assert spec is not None and spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    sys.modules["random_caller"] = benchmark
    try:
        spec.loader.exec_module(benchmark)
    finally:
        del sys.modules["random_caller"]
    scenarios = [full(), *SCENARIOS]
    tally = benchmark.call_at_random(scenarios, 500, 3)
    assert tally.turns >= 500 and sum(tally.outcomes.values()) == tally.calls > 50
    assert not benchmark.call_at_random([full()], 500, 3).unreached, "it comes round everywhere"
