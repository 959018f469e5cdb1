"""Packs from people who mean harm, or whose editor did: each is refused with a sentence, and nothing is left behind.

All of them are tried in one process, whose memory is looked at.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.hostile import Bad, cases

MEGABYTES = 256
ADDRESSES_MB = 4 * MEGABYTES
"""Where a bomb would end. Libraries reserve addresses that they never fill, so this is more than the memory."""
SECONDS = 5.0
"""Of CPU time: how long that takes depends on what else the machine does."""
CASES = list(cases())


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Any]]:
    """What each command said to each case."""
    root = tmp_path_factory.mktemp("hostile")
    here = root / "here"
    here.mkdir()
    lines = [json.dumps({"name": bad.name, "path": str(bad.make(root / "packs" / bad.name))}) for bad in CASES]
    src = Path(__file__).parents[2] / "src"
    env = os.environ | {"PYTHONPATH": str(src), "HOME": str(root / "home")}
    env |= {f"BOWOUT_{name}_DIR": str(root / name.lower()) for name in ("DATA", "CONFIG", "CACHE")}
    child = Path(__file__).with_name("hostile_child.py")
    done = subprocess.run(
        [sys.executable, str(child), str(root), str(ADDRESSES_MB)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=env,
        cwd=here,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return {(answer["name"], answer["command"]): answer for answer in told}


def test_there_are_many_and_each_is_another() -> None:
    assert len(CASES) >= 150
    assert len({bad.name for bad in CASES}) == len(CASES)


@pytest.mark.parametrize("bad", CASES, ids=[bad.name for bad in CASES])
def test_it_is_refused(bad: Bad, answers: dict[tuple[str, str], dict[str, Any]]) -> None:
    for command, codes in (("check", (1, 2)), ("install", (2,))):
        answer = answers[bad.name, command]
        assert answer["code"] in codes, answer["told"]
        assert "Traceback" not in answer["told"]
        assert answer["left"] == [], "something was written"
        assert answer["seconds"] < SECONDS
    assert bad.told in answers[bad.name, "check"]["told"]


def test_none_needs_much_memory(answers: dict[tuple[str, str], dict[str, Any]]) -> None:
    peak = max(answer["peak_mb"] for answer in answers.values())
    assert peak < MEGABYTES, f"{peak:.0f} MB"


def test_nothing_that_drives_a_terminal_is_printed(answers: dict[tuple[str, str], dict[str, Any]]) -> None:
    from bowout.core.safety import printable

    for answer in answers.values():
        assert printable(answer["told"]) == answer["told"], answer["name"]
