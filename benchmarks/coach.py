"""How quickly a coach's folder takes a thousand results in, and how quickly it tells where the class stands.

python benchmarks/coach.py [--results 1000]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from bowout.core.coaching.roster import Person, Roster  # noqa: E402
from bowout.core.coaching.standing import misses  # noqa: E402
from coachcases import GOOD, WEAK, learner_keys, open_class, result_of, sealed_result  # noqa: E402

AIM_S = 10.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=1000)
    count = parser.parse_args().results
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        roster = Roster(tuple(Person(f"Learner {n}", str(n), f"l{n}@example.org") for n in range(count)))
        class_ = open_class(root, roster=roster)
        for n in range(count):
            keys = learner_keys(f"Learner {n}")
            result = result_of(class_, keys, *(WEAK if n % 3 else GOOD), who=str(n))
            (root / f"{n}.bowresult").write_bytes(sealed_result(class_, keys, result))
        files = sorted(root.glob("*.bowresult"))
        size = sum(file.stat().st_size for file in files) / count / 1000

        started = time.perf_counter()
        states = [outcome.state for outcome in class_.coach.collect_all(files)]
        collected = time.perf_counter() - started
        assert states.count("accepted") == count, states
        print(f"{count} results of {size:.0f} kB collected: {collected:.2f} s (aim ≤ {AIM_S * count / 1000:.1f} s)")

        started = time.perf_counter()
        assert {outcome.state for outcome in class_.coach.collect_all(files)} == {"again"}
        print(f"the same once more: {time.perf_counter() - started:.2f} s")

        started = time.perf_counter()
        rows = class_.coach.standings(class_.assignment.id)
        worst = misses(rows)[0]
        print(f"where the class stands: {time.perf_counter() - started:.2f} s ({len(rows)} people, {worst.criterion})")
    return 0 if collected <= AIM_S * max(1, count / 1000) else 1


if __name__ == "__main__":
    sys.exit(main())
