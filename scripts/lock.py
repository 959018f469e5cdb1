"""Write ``requirements/*.lock`` anew from ``pyproject.toml``: exact versions and hashes, for every platform at once.

    python scripts/lock.py             add and drop what pyproject.toml says, keep the versions that are locked
    python scripts/lock.py --upgrade   take the newest versions it allows
    python scripts/lock.py --check     change nothing; exit 1 if a lock file is behind

Needs uv (it is in the dev lock) and a package registry, as the user's uv is set up to reach it; no address of one is
written down. Every lock but ``build`` holds all of its part's packages; the parts agree through ``core``'s versions.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path("requirements")
OLDEST_PYTHON = "3.10"

LOCKS: dict[str, list[str]] = {
    "build": [str(FOLDER / "build.in")],
    "core": ["pyproject.toml"],
    "builtin-ear": ["pyproject.toml", "--extra", "builtin-ear"],
    "align": ["pyproject.toml", "--extra", "align"],
    "natural": ["pyproject.toml", "--extra", "natural"],
    "cluster": ["pyproject.toml", "--extra", "cluster"],
    "dev": ["pyproject.toml", "--group", "dev"],
}
"""Name of the lock file: what uv reads for it. Order matters: what is locked first binds what comes after."""

HEADER = """\
# Locked packages of the part "{name}": written by scripts/lock.py from {source}, not by hand.
"""


def command(name: str, output: Path, folder: Path, *, upgrade: bool) -> list[str]:
    """What makes one lock file. Already locked versions in ``output`` are kept unless ``upgrade``."""
    arguments = [
        "uv", "pip", "compile", *LOCKS[name],
        "--universal", "--python-version", OLDEST_PYTHON,
        "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet",
        "--override", str(FOLDER / "overrides.txt"),
        "--output-file", str(output),
    ]  # fmt: skip
    for earlier in LOCKS:
        if earlier == name:
            break
        arguments += ["--constraint", str(folder / f"{earlier}.lock")]
    return [*arguments, "--upgrade"] if upgrade else arguments


def write_all(folder: Path, *, upgrade: bool) -> None:
    """Lock every part into ``folder`` (relative to the project, or absolute)."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}  # to resolve for a Python it need not be here
    for name, sources in LOCKS.items():
        output = folder / f"{name}.lock"
        print(f"locking {name}", file=sys.stderr, flush=True)
        call = [uv, *command(name, output, folder, upgrade=upgrade)[1:]]
        subprocess.run(call, cwd=ROOT, env=environment, check=True)
        text = (ROOT / output).read_text(encoding="utf-8")
        (ROOT / output).write_text(HEADER.format(name=name, source=sources[0]) + text, encoding="utf-8", newline="\n")


def behind() -> list[str]:
    """Names of the lock files that no longer say what ``pyproject.toml`` asks for."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in LOCKS:
            committed = ROOT / FOLDER / f"{name}.lock"
            if committed.is_file():
                shutil.copy(committed, folder)
        write_all(folder, upgrade=False)
        return [
            name
            for name in LOCKS
            if not (ROOT / FOLDER / f"{name}.lock").is_file()
            or (ROOT / FOLDER / f"{name}.lock").read_text(encoding="utf-8")
            != (folder / f"{name}.lock").read_text(encoding="utf-8")
        ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    parser.add_argument("--check", action="store_true", help="only say which lock files are behind")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        late = behind()
        for name in late:
            print(f"requirements/{name}.lock is behind pyproject.toml: run scripts/lock.py", file=sys.stderr)
        return 1 if late else 0
    write_all(FOLDER, upgrade=chosen.upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())
