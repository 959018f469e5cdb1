"""``bowout batch score`` as it is typed: real processes, killed ones too, a real cluster on this machine's loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bowout.ports import RATE, Clip
from bowout.speech.wavfile import write_wav
from needs import has_module, has_program, need
from spoken import espeak, in_room

ROOT = Path(__file__).resolve().parents[2]
CALLS = [
    json.loads(line)["text"] for line in (ROOT / "tests/data/own_calls_dev.jsonl").read_text("utf-8").splitlines()[:50]
]
MANY = 1500
"""Lines of the long run: about two seconds' work of two processes on a quiet machine."""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bowout", "batch", "score", *arguments]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "src")}


def batch(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(*map(str, arguments)), capture_output=True, text=True, encoding="utf-8", env=environment(), timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """100 small files."""
    made = tmp_path / "calls"
    for n in range(100):
        path = made / f"group {n % 4}" / f"{n:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{CALLS[n % len(CALLS)]} {n}", "utf-8")
    return made


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A folder with one long file, and what a run that nothing disturbed makes of it."""
    base = tmp_path_factory.mktemp("many")
    (base / "calls").mkdir()
    with (base / "calls" / "all.jsonl").open("w", encoding="utf-8") as file:
        for n in range(MANY):
            file.write(json.dumps({"id": n, "intent": "withdraw", "text": f"{CALLS[n % len(CALLS)]} {n}"}) + "\n")
    out = base / "whole.jsonl"
    places = {f"BOWOUT_{kind}_DIR": str(base / "home" / kind) for kind in ("DATA", "CONFIG", "CACHE")}
    subprocess.run(
        command(str(base / "calls"), "--out", str(out)), check=True, capture_output=True, env=environment() | places
    )
    return base / "calls", out.read_bytes()


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts processes that do not outlive the test."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        processes.append(
            subprocess.Popen(arguments, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True)
    return [int(pid) for pid in listed.stdout.split()]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_folder_is_marked_and_marking_it_again_does_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    done = batch(folder, "--out", out, "--intent", "withdraw", "--processes", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("100 calls: 100 marked, ")
    found = rows(out)
    assert [row["file"] for row in found] == sorted(f"group {n % 4}/{n:03}.txt" for n in range(100))
    first = found[0]
    assert (
        first["schema"] == 1 and first["intent"] == "withdraw" and first["bytes"] > 100 and len(first["sha256"]) == 64
    )
    before = out.read_bytes()
    again = batch(folder, "--out", out, "--intent", "withdraw", "--json")
    assert json.loads(again.stdout.splitlines()[-1])["kept"] == 100
    assert out.read_bytes() == before
    alone = batch(folder, "--out", tmp_path / "alone.jsonl", "--intent", "withdraw", "--processes", "1")
    assert alone.returncode == 0 and (tmp_path / "alone.jsonl").read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux lists them")
def test_a_run_that_was_killed_is_taken_up_again(
    many: tuple[Path, bytes],
    tmp_path: Path,
    started: Callable[..., subprocess.Popen[bytes]],
    wait_until: Callable[..., None],
) -> None:
    folder, whole = many
    out = tmp_path / "results.jsonl"
    process = started(*command(str(folder), "--out", str(out), "--processes", "2"))
    wait_until(lambda: lines_in(out) > 100, "the first hundred lines", 60)
    workers = children_of(process)
    process.kill()
    process.wait()
    assert 100 < lines_in(out) < MANY and len(workers) >= 2
    wait_until(lambda: not any(map(runs, workers)), "the workers' end")
    with out.open("ab") as file:
        file.write(whole.splitlines()[-1][:500])
    done = batch(folder, "--out", out, "--processes", "2")
    assert done.returncode == 0 and "of them before" in done.stdout and "1 line of" in done.stderr
    assert out.read_bytes() == whole


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is another signal there")
def test_ctrl_c_says_what_is_kept(many: tuple[Path, bytes], tmp_path: Path, wait_until: Callable[..., None]) -> None:
    out = tmp_path / "results.jsonl"
    process = subprocess.Popen(
        command(str(many[0]), "--out", str(out), "--processes", "2"),
        env=environment(),
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        wait_until(lambda: lines_in(out) > 50, "the first lines", 60)
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        told = process.communicate(timeout=30)[1].decode()
    finally:
        process.kill()
    assert process.returncode == 130 and "What is marked is kept." in told and "Traceback" not in told
    assert time.monotonic() - began < 20 and lines_in(out) < MANY


def test_bad_files_stop_nothing_and_are_told(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    secret = tmp_path / "secret.txt"
    secret.write_text("the password is swordfish", "utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "empty.wav").write_bytes(b"")
    (folder / "sound.wav").write_bytes(b"RIFF" + bytes(40))
    (folder / "huge.jsonl").write_text('{"id": 1, "text": "' + "x" * 400_000 + '"}\n', "utf-8")
    (folder / "song.mp3").write_bytes(b"x")
    expected = {"binary.txt", "empty.wav", "sound.wav", "huge.jsonl"}
    if sys.platform != "win32":
        odd = "two\nlines \x1b[31m.txt"
        (folder / odd).write_text("", "utf-8")
        (folder / "out.txt").symlink_to(secret)
        expected |= {odd, "out.txt"}
    need("the built-in ear", has_module("moonshine_voice") and has_module("onnxruntime"))
    done = batch(folder, "--out", out, "--intent", "withdraw", "--ear", "builtin")
    assert done.returncode == 1
    assert f"{len(expected)} with an error" in done.stdout and "1 other file passed over (1 .mp3)" in done.stderr
    assert {row["file"] for row in rows(out) if "error" in row} == expected and len(rows(out)) == 100 + len(expected)
    assert "swordfish" not in out.read_text("utf-8") and "\x1b" not in done.stderr + out.read_text("utf-8")
    before = out.read_bytes()
    assert batch(folder, "--out", out, "--intent", "withdraw", "--ear", "builtin").returncode == 1
    assert out.read_bytes() == before


def test_each_file_by_its_label_and_a_scenario_by_its_day(folder: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "\ufeffFile;Intent;Scenario\ngroup 0/000.txt;leave;\ngroup 1\\001.txt;;not-a-fit\nnone.wav;leave;\n", "utf-8"
    )
    for name in ("2", "3"):
        for path in (folder / f"group {name}").iterdir():
            path.unlink()
    for path in [*(folder / "group 0").iterdir(), *(folder / "group 1").iterdir()]:
        if path.name not in ("000.txt", "001.txt", "004.txt"):
            path.unlink()
    done = batch(folder, "--out", tmp_path / "a.jsonl", "--labels", labels)
    assert done.returncode == 1 and "1 label for files that are not there, such as “none.wav”" in done.stderr
    one, unlabelled, two = rows(tmp_path / "a.jsonl")
    assert one["intent"] == "leave" and one["scenario"] is None
    assert two["scenario"] == "not-a-fit" and two["scenario_sha256"]
    assert "004.txt is not in the table of labels" in unlabelled["error"]


def test_options_that_can_not_be_are_answered_at_once(folder: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine", "utf-8")
    for arguments, code, told in (
        ([folder, "--out", tmp_path / "r.jsonl"], 2, "What did the callers want?"),
        ([tmp_path / "none", "--out", tmp_path / "r.jsonl"], 2, "is not a folder"),
        ([folder, "--out", tmp_path / "r.jsonl", "--intent", "leave", "--processes", "0"], 2, "From 1 to"),
        ([folder, "--out", tmp_path / "r.jsonl", "--intent", "leave", "--send"], 2, "name its --scheduler"),
        ([folder, "--out", tmp_path / "r.jsonl", "--scenario", "not-a-fit", "--day", "soon"], 2, "is no date"),
        ([folder, "--out", tmp_path / "r.jsonl", "--scenario", "not-a-fitt"], 2, "Did you mean “not-a-fit”?"),
        ([folder, "--out", notes, "--intent", "leave"], 2, "holds something else"),
        ([folder, "--out", tmp_path / "no" / "r.jsonl", "--intent", "leave"], 2, "can't be written"),
    ):
        done = batch(*arguments)
        assert done.returncode == code and told in done.stderr and not done.stdout, (arguments, done.stderr)
    assert notes.read_text("utf-8") == "mine" and not (tmp_path / "r.jsonl").exists()


# A cluster: a scheduler and two workers, processes of their own.


class Cluster:
    """Workers are started one by one, and killed."""

    def __init__(self, start: Callable[..., subprocess.Popen[bytes]], place: Path, wait: Callable[..., None]) -> None:
        self._start, self._place = start, place
        self._file = place / "scheduler.json"
        self._dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", self._file)
        wait(lambda: self._file.exists() and self._file.read_text().rstrip().endswith("}"), "the scheduler", 60)
        self.address: str = json.loads(self._file.read_text())["address"]

    def worker(self) -> subprocess.Popen[bytes]:
        return self._dask(
            "worker", "--scheduler-file", self._file, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--host", "127.0.0.1", "--local-directory", self._place / "work",
        )  # fmt: skip

    def _dask(self, *arguments: object) -> subprocess.Popen[bytes]:
        return self._start(sys.executable, "-m", "dask", *map(str, arguments))


@pytest.fixture
def cluster(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, wait_until: Callable[..., None]
) -> Cluster:
    need("Dask", has_module("dask") and has_module("distributed"))
    return Cluster(started, tmp_path, wait_until)


@pytest.mark.loopback
def test_on_a_cluster_a_killed_worker_costs_nothing(
    many: tuple[Path, bytes],
    tmp_path: Path,
    cluster: Cluster,
    started: Callable[..., subprocess.Popen[bytes]],
    wait_until: Callable[..., None],
) -> None:
    folder, whole = many
    out = tmp_path / "results.jsonl"
    first, _second = cluster.worker(), cluster.worker()
    process = started(*command(str(folder), "--out", str(out), "--scheduler", cluster.address))
    wait_until(lambda: lines_in(out) > 200, "the first lines", 60)
    first.kill()
    assert lines_in(out) < MANY, "the worker was killed too late to show anything"
    assert process.wait(timeout=120) == 0
    assert out.read_bytes() == whole


@pytest.mark.loopback
@pytest.mark.model
@pytest.mark.voice
def test_recordings_give_the_same_bytes_here_and_on_a_cluster(tmp_path: Path, cluster: Cluster) -> None:
    need("the built-in ear", has_module("moonshine_voice") and has_module("onnxruntime"))
    need("espeak-ng", has_program("espeak-ng"))
    cluster.worker()
    calls = tmp_path / "calls"
    calls.mkdir()
    for name, text in {"a": "Hello, this is Sam Lee.", "b": "I have to withdraw. Thank you for your time."}.items():
        write_wav(calls / f"{name}.wav", Clip(in_room(espeak(text)).tobytes(), RATE))
    (calls / "c.wav").write_bytes(b"no sound")
    options = [calls, "--intent", "withdraw", "--ear", "builtin", "--out"]
    here = batch(*options, tmp_path / "here.jsonl", "--processes", "2")
    assert here.returncode == 1 and "c.wav is not a WAV file" in here.stderr
    found = rows(tmp_path / "here.jsonl")
    assert found[0]["ear"] == "builtin" and found[0]["model"] and found[0]["transcript"] and found[0]["sha256"]
    assert found[1]["items"]["thanks"]["state"] == "heard"
    assert batch(*options, tmp_path / "shared.jsonl", "--scheduler", cluster.address).returncode == 1
    assert batch(*options, tmp_path / "sent.jsonl", "--scheduler", cluster.address, "--send").returncode == 1
    for name in ("shared", "sent"):
        assert (tmp_path / f"{name}.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes(), name
