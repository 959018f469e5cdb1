"""Parts of a batch by themselves: the list of files, the table of labels, the file of results, the processes."""

from __future__ import annotations

import json
import random
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.batch_workers import Obedient, stillborn
from bowout.batch.dask_cluster import DaskCluster
from bowout.batch.executor import TEXTS, work
from bowout.batch.items import MAX_TEXT_BYTES, Plan, items_of
from bowout.batch.labels import asked_for, read_labels
from bowout.batch.listing import Listing, Source, list_folder
from bowout.batch.local import TRIES, LocalProcesses
from bowout.batch.marker import How, Marker
from bowout.batch.results import Results
from bowout.batch.run import check_jobs, run
from bowout.batch.work import Asked, Item, Lost, Result, Task, failed, marked
from bowout.errors import BowoutError, InputError, MissingPart, UsageError

HOW = How("typed")
PLAN = Plan(lambda source: Asked("withdraw"), "1", None, "2026-01-05")
SAID = "Hello, this is Sam Lee. I have to withdraw from the process."


class Here:
    """An executor without processes; ``die`` kills it."""

    def __init__(self, hands: int = 2) -> None:
        self.hands, self.given = hands, 0
        self.waiting: list[Task] = []
        self.most = 0
        self._marker = Marker(HOW)

    def capacity(self) -> int:
        return self.hands

    def submit(self, task: Task) -> None:
        self.waiting.append(task)
        self.given += 1
        self.most = max(self.most, len(self.waiting))

    def finished(self, timeout_s: float) -> Sequence[tuple[Task, Sequence[Result] | Lost]]:
        task = self.waiting.pop()  # the last one first
        if any(item.text == "die" for item in task.items):
            return [(task, Lost(3))]
        return [(task, [self._marker.mark(item) for item in task.items])]

    def close(self) -> None:
        """Nothing is open."""


def mark_folder(folder: Path, out: Path, executor: Here | None = None, plan: Plan = PLAN, *, redo: bool = False) -> Any:
    listing = list_folder(folder, [out])
    with Results(out) as results:
        check_jobs(listing, plan, results, redo=redo)
        return run(listing, plan, executor or Here(), results, lambda progress: None)


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_bytes().splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "calls"
    made.mkdir()
    for n in range(40):
        (made / f"{n:02}.txt").write_text(f"{SAID} Number {n}.", "utf-8")
    (made / "z.jsonl").write_text(
        "".join(json.dumps({"id": n, "intent": "leave", "text": SAID}) + "\n" for n in range(20)), "utf-8"
    )
    return made


# The folder.


def test_the_list_is_sorted_and_leaves_out_what_is_ours_or_hidden(tmp_path: Path) -> None:
    for name in ("b.TXT", "a.txt", "sub/c.wav", ".hidden/x.txt", "._a.wav", "song.mp3", "notes", "out.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder.txt").mkdir()
    listing = list_folder(tmp_path, [tmp_path / "out.jsonl"])
    assert [(s.file, s.kind) for s in listing.sources] == [("a.txt", "text"), ("b.TXT", "text"), ("sub/c.wav", "sound")]
    assert dict(listing.passed_over) == {".mp3": 1, "": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_no_link_leads_out_and_nothing_is_opened_that_is_no_file(tmp_path: Path) -> None:
    import os

    here = tmp_path / "here"
    here.mkdir()
    (here / "real.txt").write_text("x", "utf-8")
    (tmp_path / "secret.txt").write_text("x", "utf-8")
    for name, target in {
        "inside.txt": "real.txt", "out.txt": "../secret.txt", "up": "..", "gone.txt": "nothing", "loop.txt": "loop.txt",
    }.items():  # fmt: skip
        (here / name).symlink_to(target)
    os.mkfifo(here / "pipe.txt")
    told = {source.file: source.error for source in list_folder(here).sources}
    assert told.pop("real.txt") == told.pop("inside.txt") == ""
    assert "outside of the folder" in told["out.txt"] and "link to a folder" in told["up"]
    assert all(name in error for name, error in told.items()) and len(told) == 5


def test_an_empty_folder_says_what_it_takes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to mark") as caught:
        list_folder(tmp_path)
    assert ".jsonl" in caught.value.hint


# What is marked.


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.txt", b"", "a.txt is empty."),
        ("a.txt", b" \n\t", "a.txt is empty."),
        ("a.txt", b"caf\xe9", "not UTF-8 text"),
        ("a.txt", "hello".encode("utf-16"), "not UTF-8 text"),
        ("a.txt", b"a\0b", "not UTF-8 text"),
        ("a.txt", b"word " * 60_000, "larger than 256 KB"),
        ("a.jsonl", b"{broken\n", "line 1: this is not an object"),
        ("a.jsonl", b"[" * 100_000 + b"\n", "line 1: this is not an object"),
        ("a.jsonl", b'{"id": NaN, "intent": "leave", "text": "x"}', "neither a text nor a number"),
        ("a.jsonl", b'{"id": {}, "intent": "leave", "text": "x"}', "neither a text nor a number"),
        ("a.jsonl", b'{"id": 1, "intent": "leave", "text": 5}', "“text” is not a text"),
        ("a.jsonl", b'{"id": 1, "intent": "dance", "text": "x"}', "the intent is 'dance'. Known: reschedule"),
        ("a.jsonl", b'{"id": 1, "intent": ["leave"], "text": "x"}', "the intent is"),
        ("a.jsonl", b'{"id": 1, "intent": "leave", "text": " "}', "the text is empty"),
        ("a.jsonl", b'"' + b"x" * (MAX_TEXT_BYTES + 9) + b'"\n', "line 1, is larger than 256 KB"),
    ],
)
def test_what_can_not_be_marked_says_why_in_its_line(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    (calls / name).write_bytes(data)
    progress = mark_folder(calls, tmp_path / "out.jsonl")
    (row,) = rows(tmp_path / "out.jsonl")
    assert told in row["error"] and row["file"] == name and "\n" not in row["error"]
    assert progress.counts == {"error": 1} and progress.errors == [row["error"]]


def test_a_line_too_long_costs_no_line_after_it(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    good = json.dumps({"id": "x", "intent": "withdraw", "text": SAID})
    (calls / "a.jsonl").write_text(f"{good}\n{'y' * (3 * MAX_TEXT_BYTES)}\n\n{good}", "utf-8")
    mark_folder(calls, tmp_path / "out.jsonl")
    assert [(row["line"], "error" in row) for row in rows(tmp_path / "out.jsonl")] == [
        (1, False),
        (2, True),
        (4, False),
    ]


def test_a_fault_of_ours_is_the_line_of_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise IndexError("out of range")

    monkeypatch.setattr("bowout.core.assessment.assess", broken)
    result = Marker(HOW).mark(Item("a.txt", text="x", asked=Asked("leave")))
    assert result.error == "a.txt could not be marked: IndexError: out of range"


def test_a_worker_of_another_version_does_not_begin() -> None:
    with pytest.raises(MissingPart, match=r"Bow Out .*, you have 0\.0: their marks may differ"):
        Marker(replace(HOW, version="0.0"))


@pytest.mark.parametrize("sent", [False, True])
def test_a_sentence_is_the_same_wherever_the_recording_was_read(tmp_path: Path, sent: bool) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    item = Item("sub/a.wav", size=8, asked=Asked("leave"))
    item = replace(item, sound=b"no sound") if sent else replace(item, path=tmp_path / "a.wav")
    result = Marker(How("builtin")).mark(item)
    assert result.error.startswith("sub/a.wav is not a WAV file.") and str(tmp_path) not in result.error
    assert result.sha256


# Labels.


def table(tmp_path: Path, text: str, name: str = "labels.csv") -> dict[str, Asked]:
    (tmp_path / name).write_bytes(text.encode("utf-8-sig"))

    def none(id_: str) -> Any:
        raise UsageError(f"There is no scenario “{id_}”.", "Did you mean “x”?")

    return read_labels(tmp_path / name, asked_for(none, lambda scenario: {}))


@pytest.mark.parametrize(
    "text",
    [
        "file,intent\na/b.wav,leave\n",
        "File;Intent;Note\r\n\r\na\\b.wav;leave;x\r\n",
        'intent\tfile\nleave\t"./a/b.wav"\n',
    ],
)
def test_tables_are_read_as_spreadsheets_write_them(tmp_path: Path, text: str) -> None:
    assert {name: asked.intent for name, asked in table(tmp_path, text).items()} == {"a/b.wav": "leave"}


def test_a_name_typed_on_a_mac_is_the_same_name(tmp_path: Path) -> None:
    assert list(table(tmp_path, "file,intent\nrene\u0301.wav,leave\n")) == ["ren\u00e9.wav"]


def test_labels_as_json_lines(tmp_path: Path) -> None:
    found = table(tmp_path, '{"file": "a.wav", "intent": "repair"}\n\n{"file": "b.wav", "intent": "leave"}', "l.jsonl")
    assert [asked.intent for asked in found.values()] == ["repair", "leave"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("file,intent\na.wav,dance\n", "line 2: There is no intent “dance”"),
        ("file,intent,scenario\na.wav,,none\n", "line 2: There is no scenario “none”"),
        ("file,intent\n,leave\n", "line 2: it needs a “file”"),
        ("name,intent\na.wav,leave\n", "no column “file”"),
        ("file,intent\na.wav,leave\na.wav,repair\n", "line 3: “a.wav” stands there twice"),
        ("file,intent\n", "names no file"),
    ],
)
def test_a_wrong_table_is_told_before_anything_is_marked(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=r"labels\.csv") as caught:
        table(tmp_path, text)
    assert told in caught.value.message


# Results.


def test_a_second_run_does_nothing_and_one_with_more_hands_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    out, other, again = tmp_path / "out.jsonl", tmp_path / "other.jsonl", Here()
    mark_folder(folder, out)
    mark_folder(folder, other, Here(hands=5))
    before = out.read_bytes()
    progress = mark_folder(folder, out, again)
    assert progress.kept == 60 and again.given == 0
    assert before == out.read_bytes() == other.read_bytes()
    assert [row["file"] for row in rows(out)][:2] == ["00.txt", "01.txt"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600 or sys.platform == "win32"


def test_no_more_is_read_than_is_worked_on(folder: Path, tmp_path: Path) -> None:
    taken = 0

    def counted() -> Iterator[Item]:
        nonlocal taken
        for n in range(1000):
            taken += 1
            yield Item(f"{n}.txt", error="x")

    executor = Here(hands=2)
    for done, _ in enumerate(work(executor, counted(), lambda: None), 1):
        assert taken - done <= 3 * TEXTS
    assert executor.most == 2


def cut_anywhere(out: Path, at: int) -> None:
    out.write_bytes(out.read_bytes()[:at])


@given(part=st.floats(0, 1))
@settings(max_examples=15, deadline=None)
def test_wherever_a_run_was_cut_the_next_one_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, part: float
) -> None:
    base = tmp_path_factory.mktemp("cut")
    calls, out = base / "calls", base / "out.jsonl"
    calls.mkdir()
    for n in range(6):
        (calls / f"{n}.txt").write_text(f"{SAID} Number {n}.", "utf-8")
    mark_folder(calls, out)
    whole = out.read_bytes()
    cut_anywhere(out, int(len(whole) * part))
    mark_folder(calls, out)
    assert out.read_bytes() == whole


def test_damage_disorder_and_doubles_in_the_middle_are_mended(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    mark_folder(folder, out)
    whole = out.read_bytes()
    lines = whole.splitlines(keepends=True)
    first, rest = lines[0], lines[1:]
    rest[7] = rest[7][:100] + b"\0\0\n"
    rest[9] = b"\n"
    random.Random(1).shuffle(rest)
    out.write_bytes(b"".join([first, *rest, *rest[:5]]))
    progress = mark_folder(folder, out)
    assert out.read_bytes() == whole and progress.kept == 58


def test_what_changed_is_marked_again_and_what_went_from_a_file_goes(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    mark_folder(folder, out)
    (folder / "03.txt").write_text("Hello.", "utf-8")
    (folder / "05.txt").unlink()
    (folder / "z.jsonl").write_text(json.dumps({"id": 0, "intent": "leave", "text": SAID}) + "\n", "utf-8")
    executor = Here()
    progress = mark_folder(folder, out, executor)
    assert progress.kept == 39 and executor.given == 1
    found = {(row["file"], row.get("line")): row for row in rows(out)}
    assert found["03.txt", None]["transcript"][0]["word"] == "Hello."
    assert ("05.txt", None) in found, "a file that was taken away keeps its result"
    assert ("z.jsonl", 1) in found and ("z.jsonl", 2) not in found


def test_other_options_do_not_replace_results_unasked(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    mark_folder(folder, out)
    before = out.read_bytes()
    other = replace(PLAN, asked=lambda source: Asked("repair"))
    with pytest.raises(UsageError, match="60 results were made with other options"):
        mark_folder(folder, out, plan=other)
    assert out.read_bytes() == before
    mark_folder(folder, out, plan=other, redo=True)
    assert {row["intent"] for row in rows(out) if row["file"] != "z.jsonl"} == {"repair"}


def test_redo_tries_errors_again(folder: Path, tmp_path: Path) -> None:
    out, executor = tmp_path / "out.jsonl", Here()
    (folder / "bad.txt").write_bytes(b"\xff")
    assert mark_folder(folder, out).counts["error"] == 1
    assert mark_folder(folder, out, executor).counts["error"] == 1 and executor.given == 0
    mark_folder(folder, out, executor, redo=True)
    assert executor.given == 1


@pytest.mark.parametrize("content", [b"my notes", b"my notes\n", b'{"id": 1}\n', b"\n"])
def test_a_file_of_something_else_is_never_touched(folder: Path, tmp_path: Path, content: bytes) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(content)
    with pytest.raises(InputError, match="holds something else"):
        mark_folder(folder, out)
    assert out.read_bytes() == content


def test_two_runs_do_not_write_one_file(folder: Path, tmp_path: Path) -> None:
    with Results(tmp_path / "out.jsonl"), pytest.raises(UsageError, match="Another run is writing"):
        mark_folder(folder, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists(), "nothing was marked: nothing is left"


def test_a_full_disk_is_a_sentence_and_leaves_whole_lines(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    out = tmp_path / "out.jsonl"
    written, room = os.write, [50_000]

    def full(handle: int, data: Any) -> int:
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = written(handle, data[: room[0]])
        room[0] -= count
        return count

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(BowoutError, match="The disk is full"):
            mark_folder(folder, out)
    assert out.read_bytes().endswith(b"}\n") and len(rows(out)) > 1
    assert mark_folder(folder, out).kept > 1 and len(rows(out)) == 60


def test_one_of_many_texts_that_kills_is_found_and_named(tmp_path: Path) -> None:
    items = [Item(f"{n}.txt", text="die" if n == 7 else SAID, asked=Asked("leave")) for n in range(20)]
    results = {result.key[0]: result for result in work(Here(), items, lambda: None)}
    assert len(results) == 20
    assert [name for name, result in results.items() if result.error] == ["7.txt"]
    assert results["7.txt"].error == "7.txt could not be marked: the process at work on it died or hung, 3 times."


def test_a_recording_is_read_only_if_its_line_may_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    source = Source("a.wav", tmp_path / "a.wav", "sound", 5)
    reads: list[Path] = []

    def sha256(path: Path) -> str:
        reads.append(path)
        return "ab" * 32

    monkeypatch.setattr("bowout.batch.items.file_sha256", sha256)
    with Results(tmp_path / "out.jsonl") as results:
        ((item, done),) = items_of(source, PLAN, results)
        assert not done and not reads and item.path == tmp_path / "a.wav"
        results.append(failed(replace(item, sha256="ab" * 32), "no sound"))
        ((_, done),) = items_of(source, PLAN, results)
        assert done and len(reads) == 1
        ((item, done),) = items_of(replace(source, size=6), replace(PLAN, send=True), results)
        assert not done and item.sound == b"sound" and item.path is None and len(reads) == 1


# Processes.


@pytest.fixture
def processes() -> Iterator[Callable[..., LocalProcesses]]:
    opened: list[LocalProcesses] = []

    def make(count: int, **options: Any) -> LocalProcesses:
        opened.append(LocalProcesses(count, HOW, **options))
        return opened[-1]

    yield make
    for executor in opened:
        executor.close()


def test_a_killed_process_costs_nothing_but_what_killed_it(
    tmp_path: Path, processes: Callable[..., LocalProcesses]
) -> None:
    texts = ["a", f"die-once {tmp_path / 'died'}", "b", "die", "c", "hang", "d"]
    paths = [Item(f"{n}.txt", text=text, path=tmp_path) for n, text in enumerate(texts)]  # a path: one to a task
    executor = processes(2, make=Obedient, longest_s=1.0)
    found = {result.key[0]: result.error for result in work(executor, paths, lambda: None)}
    lost = "could not be marked: the process at work on it died or hung, 3 times."
    assert found.pop("3.txt") == f"3.txt {lost}" and found.pop("5.txt") == f"5.txt {lost}" and TRIES == 3
    assert found == {f"{n}.txt": f"said {texts[n]}" for n in (0, 1, 2, 4, 6)}


def test_processes_that_never_begin_are_not_blamed_on_the_calls(processes: Callable[..., LocalProcesses]) -> None:
    items = [Item(f"{n}.txt", text="a") for n in range(40)]
    with pytest.raises(BowoutError, match="die as soon as they begin"):
        list(work(processes(2, make=stillborn), items, lambda: None))


def test_without_dask_a_cluster_is_a_missing_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPart, match="needs Dask") as caught:
        DaskCluster("tcp://127.0.0.1:1", ear=None, hears=False, folder=None)
    assert "bowout[cluster]" in caught.value.hint


def test_the_listing_counts_bytes() -> None:
    assert Listing((Source("a", Path("a"), "text", 3), Source("b", Path("b"), "text", 4))).size == 7
    assert marked(Item("a", size=3), {"passed": True}).outcome == "passed"
