"""Format, lint, types, imports: what the tests can't see. ``--fix`` puts right what a tool can.

python scripts/check.py [--fix]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("src", "tests", "scripts", "benchmarks")


def checks(*, fix: bool) -> dict[str, list[str]]:
    """Name of each check and the module call that makes it."""
    folders = [folder for folder in FOLDERS if any((ROOT / folder).rglob("*.py"))]
    return {
        "format": ["ruff", "format", *([] if fix else ["--check"]), *folders],
        "lint": ["ruff", "check", *(["--fix"] if fix else []), *folders],
        "types": ["mypy"],
        "types of the scripts": ["mypy", "scripts"],
    }


def main(arguments: list[str]) -> int:
    """0 if all is well, else 1."""
    failed = []
    for name, call in checks(fix="--fix" in arguments).items():
        print(f"── {name}", flush=True)
        if subprocess.run([sys.executable, "-m", *call], cwd=ROOT, check=False).returncode:
            failed.append(name)
    print("── imports", flush=True)
    contracts = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    if subprocess.run([sys.executable, "-c", contracts, "--no-logo"], cwd=ROOT, check=False).returncode:
        failed.append("imports")
    print(f"checks: {'all well' if not failed else 'not well: ' + ', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
