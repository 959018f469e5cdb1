"""Every figure of the README with one command: runs each benchmark in turn and prints its table.

python benchmarks/run.py [--quick]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCHMARKS = {
    "Starting": ("startup.py", [], ["--runs", "3"]),
    "Twenty thousand calls": ("history.py", [], ["--runs", "3"]),
    "Answering": ("latency.py", [], ["--calls", "2"]),
    "Ears": ("ears.py", [], ["--quick"]),
    "Marking": ("marking.py", [], []),
    "Scenarios, spoken": ("scenarios.py", [], ["--scenario", "not-a-fit", "train-strike", "no-show-yesterday"]),
    "Many recordings": ("batch.py", [], ["--quick"]),
    "A caller at random": ("random_caller.py", [], ["--turns", "1000"]),
}


def main() -> int:
    quick = "--quick" in sys.argv[1:]
    failed = []
    for title, (script, full, short) in BENCHMARKS.items():
        print(f"\n## {title} (benchmarks/{script})\n", flush=True)
        done = subprocess.run([sys.executable, str(HERE / script), *(short if quick else full)], check=False)
        if done.returncode:
            failed.append(script)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
