"""Run by ``test_history_store``: does one thing to a folder of attempts, over and over, and dies one step later each
time. After each death the parent looks whether anything was lost. Prints how many steps there were."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

from bowout.core.disputes import Dispute
from bowout.ports import HistoryQuery
from bowout.storage.records import FileRecords

WATCHED = {
    "open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.scandir", "os.listdir",
    "sqlite3.connect",
}  # fmt: skip
DIED = 9


def die_at(step: int) -> None:
    """From now on count what is asked of the system, and end without a word before number ``step``."""
    count = 0

    def tick() -> bool:
        nonlocal count
        count += 1
        return count == step

    def watch(event: str, _: object) -> None:
        if event in WATCHED and tick():
            os._exit(DIED)

    write, fsync = os.write, os.fsync

    def half(handle: int, data: Any) -> int:
        if tick():
            write(handle, bytes(data)[: len(data) // 2])
            os._exit(DIED)
        return write(handle, data)

    def synced(handle: int) -> None:
        if tick():
            os._exit(DIED)
        fsync(handle)

    class Dying(sqlite3.Connection):
        def execute(self, *args: Any) -> sqlite3.Cursor:
            if tick():
                os._exit(DIED)
            return super().execute(*args)

        def executemany(self, *args: Any) -> sqlite3.Cursor:
            if tick():
                os._exit(DIED)
            return super().executemany(*args)

    connect = sqlite3.connect
    os.write, os.fsync = half, synced  # type: ignore[assignment]
    sqlite3.connect = lambda *args, **named: connect(*args, **named, factory=Dying)  # type: ignore[assignment]
    sys.addaudithook(watch)


def act(what: str, records: FileRecords, attempt: str) -> None:
    match what:
        case "begin":
            about = {"scenario": "new", "title": "N", "intent": "leave", "mode": "live", "ear": "vosk"}
            writer = records.begin(**about, keep_audio=True)
            writer.audio(b"12" * 1600)
            writer.event("marks", result={"score": 88, "passed": True})
            writer.event("end", outcome="left")
            writer.close()
        case "append":
            records.append(attempt, "marks", result={"score": 99, "passed": True})
        case "dispute":
            records.dispute(attempt, Dispute("ask", "heard", "not_heard"))
        case "drop_audio":
            records.drop_audio(attempt)
        case "delete":
            records.delete(attempt)
        case "list":
            records.list()


def look(what: str, root: Path, attempt: str, other: str) -> None:
    """What was there is there, and what was being done is done or not begun."""
    records = FileRecords(root)
    records.verify()  # as the trainer does when it starts
    rows = {row.id: row for row in records.list()}
    assert rows == {id_: records.load(id_).summary for id_ in rows}, "the list agrees with the folders"
    assert records.page(HistoryQuery()).total == len(rows) and not list(root.glob(".gone-*"))
    assert rows[other].score == 55 and rows[other].outcome == "accepted" and rows[other].seconds == 0.1
    new = rows.keys() - {attempt, other}
    assert len(new) <= (what == "begin") and all(rows[id_].title == "N" for id_ in new)
    if what == "delete" and attempt not in rows:
        assert not (root / attempt).exists()
        return
    mine = rows[attempt]
    assert mine.outcome == "accepted" and len(records.load(attempt).events) >= 5
    assert mine.score in ((70, 99) if what == "append" else (70,))
    assert mine.seconds == 0.1 or what in ("drop_audio", "delete")
    records.append(attempt, "marks", result={"score": 12})  # and it can be written again
    assert {row.id: row.score for row in records.list()}[attempt] == 12


def main(what: str, base: Path, attempt: str, other: str, work: Path) -> int:
    # Making the tables is one transaction of many statements: every second of them will do.
    for step in range(1, 10_000, 2 if what == "list" else 1):
        shutil.copytree(base, work)
        child = os.fork()
        if child == 0:
            die_at(step)
            act(what, FileRecords(work), attempt)
            os._exit(0)
        done = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert done in (0, DIED), f"{what}, step {step}: {done}"
        try:
            look(what, work, attempt, other)
        except Exception as error:
            error.args = (f"{what}, killed at step {step}: {error}",)
            raise
        shutil.rmtree(work)
        if done == 0:
            print(step - 1)
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *(Path(sys.argv[2]), sys.argv[3], sys.argv[4], Path(sys.argv[5]))))
