"""A sample of the benchmark: shipped scenarios spoken by a synthetic voice, heard, answered and marked as declared."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType

import pytest

from bowout.bootstrap import RealServices
from e2e.conftest import spoken_settings
from needs import need

pytestmark = [pytest.mark.model, pytest.mark.voice, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
SAMPLE = {
    "ill-on-the-day-voicemail": ("reschedule", "phone"),
    "the-job-has-moved": ("withdraw", "video"),
    "hands-on-the-chair": ("leave", "in_person"),
}


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    need("Piper", importlib.util.find_spec("piper") is not None)
    path, known = list(sys.path), set(sys.modules)
    spec = importlib.util.spec_from_file_location("spoken_scenarios", ROOT / "benchmarks" / "scenarios.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["spoken_scenarios"] = made
    try:
        spec.loader.exec_module(made)
        yield made
    finally:
        sys.path[:] = path
        for name in ("spoken_scenarios", "ears", "speech_maker"):
            if name not in known:
                sys.modules.pop(name, None)


@pytest.mark.parametrize("name", SAMPLE)
def test_both_answers_come_out_as_declared(
    name: str, benchmark: ModuleType, built_in_ear: None, tmp_path: Path
) -> None:
    services = RealServices(spoken_settings(voice="silent"), strict=True)
    caller = benchmark.Caller()
    try:
        services.without_history(tmp_path)
        scenario = services.scenario(name)
        row = benchmark.measure(services, caller, scenario, NOW)
    finally:
        caller.close()
        services.close()
    assert (row.intent, row.channel, row.ear) == (*SAMPLE[name], "builtin")
    assert not row.problems, (row.problems, row.heard)
    assert row.passed and scenario.outcomes[row.outcome].good
    assert row.faults == sorted(scenario.weak_faults) and row.weak_score < row.score
    assert row.wrong / row.words < 0.25, "the words are the answers', and not a lucky few"
