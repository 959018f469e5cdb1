"""Importing does nothing and pulls in nothing heavy: what the static contracts can't see."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "numpy",
    "textual",
    "sounddevice",
    "vosk",
    "pyttsx3",
    "onnxruntime",
    "pocketsphinx",
    "piper",
    "sqlite3",
    "ruamel",
    "distributed",
    "multiprocessing",
}


def loaded_after(statement: str, tmp_path: Path) -> set[str]:
    """Top-level modules in a fresh interpreter after the statement; its home must stay empty."""
    home = tmp_path / "empty"
    home.mkdir(exist_ok=True)
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    src = Path(__file__).parents[2] / "src"
    env = {"PYTHONPATH": str(src), "HOME": str(home), "PATH": "", "BOWOUT_DATA_DIR": str(home / "data")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, timeout=60, check=True)
    assert not list(home.iterdir()), "importing wrote files"
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "statement",
    [
        "import bowout.cli; bowout.cli.build_parser()",
        "import bowout.bootstrap",
        "import bowout.core.marking, bowout.core.scenario, bowout.core.call",
        "import bowout.rehearsal.call",
        "import bowout.speech.ears, bowout.speech.aligner",
    ],
)
def test_light_imports(statement: str, tmp_path: Path) -> None:
    assert not loaded_after(statement, tmp_path) & HEAVY


def test_the_core_needs_rapidfuzz_alone(tmp_path: Path) -> None:
    loaded = loaded_after(
        "import bowout.core.marking, bowout.core.call, bowout.core.letters, bowout.core.endpoint", tmp_path
    )
    outside = {m for m in loaded if m not in sys.stdlib_module_names and not m.startswith("_")}
    # What a .pth file of the environment imports at start-up is not ours.
    outside -= loaded_after("pass", tmp_path)
    assert outside <= {"bowout", "rapidfuzz", "cython_runtime"}
