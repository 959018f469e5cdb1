"""Many calls at once: recordings a minute with one and two processes, memory, and a cluster that loses a worker.

python benchmarks/batch.py [--quick] [--only speed|memory|cluster]

Both numbers of processes are measured in turn, so that what else the machine does falls on both. Needs espeak-ng (and
takes Piper's voice where it is) and the built-in ear; the cluster needs the extra “cluster”. Memory is read as Linux
tells it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

from speech_maker import Piper, callers, texts  # noqa: E402

from bowout.ports import RATE, Clip  # noqa: E402
from bowout.speech.wavfile import write_wav  # noqa: E402

TRANSCRIPTS = 10_000
MOST_MB = 300
FASTER = 1.6
"""Aim: two processes against one."""
WAIT_S = 0.05


def batch(folder: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "bowout", "batch", "score", str(folder), "--out", str(out), "--json", *options]


@contextmanager
def running(*command: object) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is over when the block is."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def recordings(folder: Path, count: int) -> float:
    """Speak so many calls into ``folder``; returns their minutes."""
    piper = Piper() if importlib.util.find_spec("piper") is not None else None
    seconds = 0.0
    for n, call in enumerate(callers(piper, count)):
        clip = Clip(call.audio.tobytes(), RATE)
        write_wav(folder / f"{n:03}.wav", clip)
        seconds += clip.seconds
    if piper is not None:
        piper.close()
    return seconds / 60


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    while not condition() and process.poll() is None:
        time.sleep(WAIT_S)


def speed(folder: Path, place: Path, count: int, minutes: float, rounds: int) -> bool:
    """Recordings a minute, start and model included."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    cost: dict[int, list[float]] = {1: [], 2: []}
    outs = set()
    print(
        f"{count} recordings of {minutes * 60 / count:.0f} s on average, built-in ear; load {os.getloadavg()[0]:.1f}\n"
    )
    for n in range(rounds):
        for processes in (1, 2) if n % 2 == 0 else (2, 1):
            out = place / f"speed-{n}-{processes}.jsonl"
            began, used = time.perf_counter(), cpu_s()
            options = ("--intent", "withdraw", "--ear", "builtin", "--processes", str(processes))
            subprocess.run(batch(folder, out, *options), check=True, stdout=subprocess.DEVNULL)
            rates[processes].append(count / (time.perf_counter() - began) * 60)
            cost[processes].append((cpu_s() - used) / count)
            outs.add(out.read_bytes())
    for processes, found in rates.items():
        name, told = f"{processes} process{'es' * (processes > 1)}", ", ".join(f"{rate:.1f}" for rate in found)
        spent = statistics.median(cost[processes])
        print(f"  {name:11}  {statistics.median(found):6.1f} a minute  ({told})   processor time {spent:.2f} s each")
    ratio = statistics.median(two / one for one, two in zip(rates[1], rates[2], strict=True))
    print(f"  two against one  {ratio:.2f} ×   (aim ≥ {FASTER} ×)   same bytes: {'yes' if len(outs) == 1 else 'NO'}\n")
    return len(outs) == 1


def cpu_s() -> float:
    """Processor time of the processes that were started here and are over."""
    spent = os.times()
    return spent.children_user + spent.children_system


def transcripts(folder: Path, count: int) -> None:
    """Labelled calls over and over, each a little different."""
    spoken = texts(1000)
    with (folder / "calls.jsonl").open("w", encoding="utf-8") as file:
        for n in range(count):
            row = {"id": n, "intent": "withdraw", "text": f"{spoken[n % len(spoken)]} {n}"}
            file.write(json.dumps(row) + "\n")


def peak_mb(pid: int) -> float:
    """The most memory the process has had so far; 0 where it is over."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def memory(folder: Path, out: Path) -> bool:
    """The most memory of the command and of each worker, over the whole run."""
    began = time.perf_counter()
    peaks: dict[int, float] = {}
    with running(*batch(folder, out, "--processes", "2")) as process:
        while process.poll() is None:
            for pid in (process.pid, *children(process.pid)):
                peaks[pid] = max(peaks.get(pid, 0.0), peak_mb(pid))
            time.sleep(WAIT_S)
    took = time.perf_counter() - began
    whole = lines_in(out) == TRANSCRIPTS and process.returncode == 0
    own = peaks.pop(process.pid)
    workers = sorted(peaks.values(), reverse=True)[:2]  # the third child keeps count of what they share: 10 MB
    print(f"{TRANSCRIPTS:,} transcripts, two processes, {took:.0f} s; load {os.getloadavg()[0]:.1f}\n")
    print(f"  the command  {own:4.0f} MB\n  its workers  {', '.join(f'{mb:4.0f} MB' for mb in workers)}")
    print(f"  together     {own + sum(workers):4.0f} MB   (aim: none above {MOST_MB} MB)   all marked: {whole}\n")
    return whole and max(own, *workers) <= MOST_MB


def cluster(folder: Path, place: Path, count: int) -> bool:
    """Two Dask workers, one of them killed half-way: the same bytes as without a cluster?"""
    options = ("--intent", "withdraw", "--ear", "builtin")
    reference, out, told = place / "here.jsonl", place / "cluster.jsonl", place / "scheduler.json"
    subprocess.run(batch(folder, reference, *options), check=True, stdout=subprocess.DEVNULL)
    dask = (sys.executable, "-m", "dask")
    here = ("--no-dashboard", "--host", "127.0.0.1")
    worker = (*dask, "worker", "--scheduler-file", told, "--nthreads", "1", "--no-nanny", *here)
    worker = (*worker, "--local-directory", place / "dask")
    began = time.perf_counter()
    with running(*dask, "scheduler", *here, "--port", "0", "--scheduler-file", told) as scheduler:
        wait_for(lambda: told.exists() and told.read_text().rstrip().endswith("}"), scheduler)
        address = json.loads(told.read_text())["address"]
        with (
            running(*worker) as first,
            running(*worker),
            running(*batch(folder, out, *options, "--scheduler", address)) as run,
        ):
            wait_for(lambda: lines_in(out) >= count // 2, run)
            first.kill()
            killed_at = lines_in(out)
            run.wait()
    same = run.returncode == 0 and out.read_bytes() == reference.read_bytes()
    took = time.perf_counter() - began
    print(f"A Dask cluster of two workers, one killed after {killed_at} of {count} recordings ({took:.0f} s)\n")
    print(f"  there: {lines_in(out)} of {count}   the same bytes as without a cluster: {'yes' if same else 'NO'}\n")
    return same and killed_at < count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a third of the recordings, one round")
    parser.add_argument("--only", choices=("speed", "memory", "cluster"))
    given = parser.parse_args()
    if not os.environ.get("BOWOUT_CACHE_DIR"):
        os.environ["BOWOUT_CACHE_DIR"] = str(Path.home() / ".cache" / "bowout")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE.parent / "src"), os.environ.get("PYTHONPATH", "")])
    count = 12 if given.quick else 36
    well = []
    with tempfile.TemporaryDirectory(prefix="bowout-batch-") as name:
        place = Path(name)
        if given.only in (None, "speed", "cluster"):
            (place / "recordings").mkdir()
            minutes = recordings(place / "recordings", count)
            if given.only != "cluster":
                well.append(speed(place / "recordings", place, count, minutes, 1 if given.quick else 3))
            if given.only != "speed":
                well.append(cluster(place / "recordings", place, count))
        if given.only in (None, "memory"):
            (place / "transcripts").mkdir()
            transcripts(place / "transcripts", TRANSCRIPTS)
            well.append(memory(place / "transcripts", place / "transcripts.jsonl"))
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
