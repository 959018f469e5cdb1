"""The lock files resolve, from wheels alone, for every platform and Python the README names.

Needs uv and a package registry, nothing else of the network; nothing is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import need

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("build", "core", "builtin-ear", "align", "natural", "cluster", "dev")
PLATFORMS = ("x86_64-manylinux_2_36", "aarch64-manylinux_2_36", "aarch64-apple-darwin", "x86_64-pc-windows-msvc")
INTEL_MAC = "x86_64-apple-darwin"
WAIT_S = 300.0
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")

pytestmark = pytest.mark.slow


def uv() -> str:
    found = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    need("uv", found is not None)
    return found or ""


def resolve(platform: str, python: str, locks: tuple[str, ...]) -> dict[str, str]:
    """The packages that would be installed, with versions; raises uv's words if one has no wheel there."""
    command = [
        uv(), "pip", "compile", *(f"requirements/{name}.lock" for name in locks),
        "--python-platform", platform, "--python-version", python,
        "--no-deps", "--only-binary", ":all:", "--no-binary", "srt",
        "--no-header", "--no-annotate", "--quiet",
    ]  # fmt: skip
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "15.0", "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return dict(line.split("==") for line in done.stdout.split())


def check_locks() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/lock.py", "--check"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Answers:
    """All questions to the registry, asked side by side: each is a long wait for the network."""

    resolved: dict[tuple[str, str], Future[dict[str, str]]]
    checked: Future[subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def answers() -> Iterator[Answers]:
    with ThreadPoolExecutor(max_workers=6) as pool:
        checked = pool.submit(check_locks)
        resolved = {
            (where, python): pool.submit(resolve, where, python, LOCKS) for where in PLATFORMS for python in PYTHONS
        }
        without_ear = ("build", "core", "builtin-ear")
        resolved |= {
            (INTEL_MAC, python): pool.submit(resolve, INTEL_MAC, python, without_ear) for python in ("3.10", "3.14")
        }
        yield Answers(resolved, checked)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_locks_resolve(platform: str, python: str, answers: Answers) -> None:
    names = answers.resolved[platform, python].result(WAIT_S)
    mac, arm_linux = "darwin" in platform, platform.startswith("aarch64-many")
    assert names["vosk"] == ("0.3.44" if mac else "0.3.45")
    assert names["moonshine-voice"] == "0.1.0"
    aligned = {"3.10": "5.0.4", "3.11": "5.1.1", "3.12": "5.0.4", "3.13": "5.1.1", "3.14": None}[python]
    assert names.get("pocketsphinx") == (None if arm_linux and aligned == "5.0.4" else aligned)
    assert ("pyobjc-framework-cocoa" in names) == mac and "pyobjc" not in names


@pytest.mark.parametrize("python", ["3.10", "3.14"])
def test_an_intel_mac_goes_without_the_built_in_ear(python: str, answers: Answers) -> None:
    names = answers.resolved[INTEL_MAC, python].result(WAIT_S)
    assert "vosk" in names and "moonshine-voice" not in names


def test_locks_say_what_the_project_asks_for(answers: Answers) -> None:
    """A dependency that was changed in pyproject.toml without ``scripts/lock.py`` is found here."""
    done = answers.checked.result(WAIT_S)
    assert done.returncode == 0, done.stderr
