"""Disputes in the record: written at once, read back by anybody, in the list, through corrections and migrations."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bowout.core.disputes import Dispute
from bowout.errors import InputError
from bowout.ports import Records
from bowout.storage.atomic import write_own, write_public
from bowout.storage.attempt_writer import EVENTS
from bowout.storage.history import everything
from bowout.storage.index import Index
from bowout.storage.migrations import MIGRATIONS, migrate
from bowout.storage.records import FileRecords

MINE = Dispute("reason", "not_heard", "heard", "1.2")
BACK = Dispute("reason", "not_heard", None, "1.2")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "attempts"


@pytest.fixture
def records(root: Path) -> FileRecords:
    return FileRecords(root)


def result(state: str = "not_heard", found: bool = True) -> dict[str, Any]:
    return {
        "score": 61,
        "passed": False,
        "items": {"reason": {"state": state}},
        "faults": {"leverage": {"found": found}},
    }


def marked(records: FileRecords) -> str:
    writer = records.begin(scenario="s", title="T", intent="withdraw", mode="live", ear="typed", keep_audio=False)
    writer.event("marks", result=result())
    writer.event("end", outcome="withdrawn")
    writer.close()
    return writer.id


def test_written_read_and_taken_back(records: FileRecords, root: Path) -> None:
    assert isinstance(records, Records)
    attempt, other = marked(records), marked(records)
    assert records.disputes(attempt) == {}
    records.dispute(attempt, MINE)
    records.dispute(attempt, Dispute("leverage", "found", "not_found"))
    assert FileRecords(root).disputes(attempt) == {
        "reason": MINE,
        "leverage": Dispute("leverage", "found", "not_found"),
    }
    assert {row.id: row.disputed for row in records.list()} == {attempt: True, other: False}
    last = records.load(attempt).events[-1]
    assert last["kind"] == "dispute" and last["at"] and last["engine"] == "found"
    records.dispute(attempt, BACK)
    assert set(records.disputes(attempt)) == {"leverage"} and records.load(attempt).summary.disputed
    records.dispute(attempt, Dispute("leverage", "found", None))
    assert records.disputes(attempt) == {} and not any(row.disputed for row in records.list())
    assert [e["kind"] for e in records.load(attempt).events[3:]] == ["dispute"] * 4, "nothing is rewritten"


def test_a_correction_leaves_it_standing(records: FileRecords) -> None:
    """It counts as long as the engine says otherwise, and again if the engine goes back."""
    attempt = marked(records)
    records.dispute(attempt, MINE)
    for state, disputed in (("not_heard", True), ("unsure", True), ("heard", False), ("not_heard", True)):
        records.append(attempt, "correction", turns=[])
        records.append(attempt, "marks", result=result(state), corrected=True)
        assert records.disputes(attempt) == {"reason": MINE}
        (row,) = records.list()
        assert (row.disputed, row) == (disputed, records.load(attempt).summary)


def test_in_the_index_and_in_one_made_again(records: FileRecords, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = marked(records)
    records.dispute(attempt, MINE)
    before = records.list()
    db = sqlite3.connect(root / "index" / "index.sqlite")
    assert db.execute("SELECT id, disputed FROM attempts").fetchall() == [(attempt, 1)]
    db.close()
    again = FileRecords(root)
    with monkeypatch.context() as patch:
        patch.setattr(again, "row", lambda _: pytest.fail("the index knew it"))
        assert again.list() == before
    for path in (root / "index").glob("index.sqlite*"):
        path.unlink()
    assert again.list() == before and before[0].disputed


def test_from_the_version_before(records: FileRecords, root: Path) -> None:
    """An index of user_version 1 gets the column; its rows are read again, for a record may hold disputes already."""
    attempt, other = marked(records), marked(records)
    before = records.list()
    records.dispute(attempt, MINE)
    for path in (root / "index").glob("index.sqlite*"):
        path.unlink()
    db = sqlite3.connect(root / "index" / "index.sqlite", isolation_level=None)
    migrate(db, MIGRATIONS[:1])
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    for row in before:
        db.execute(
            "INSERT INTO attempts VALUES (?, ?, 's', 'T', 'withdraw', 'live', 'typed', 61, 0, 'withdrawn', 0.0, 0, ?)",
            (row.id, row.started_at, records.stamp(row.id)),
        )
    db.close()
    assert {row.id: row.disputed for row in records.list()} == {attempt: True, other: False}
    db = sqlite3.connect(root / "index" / "index.sqlite")
    assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert dict(db.execute("SELECT id, disputed FROM attempts")) == {attempt: 1, other: 0}
    db.close()


def test_a_migrated_index_that_lost_the_column_is_made_again(records: FileRecords, root: Path) -> None:
    attempt = marked(records)
    records.dispute(attempt, MINE)
    before = records.list()
    db = sqlite3.connect(root / "index" / "index.sqlite", isolation_level=None)
    db.execute("ALTER TABLE attempts RENAME COLUMN disputed TO contested")
    db.close()
    assert records.list() == before == Index(root / "index" / "index.sqlite", records).ask(everything)


def test_a_torn_dispute_is_no_dispute(records: FileRecords, root: Path) -> None:
    attempt = marked(records)
    records.dispute(attempt, MINE)
    path = root / attempt / EVENTS
    path.write_bytes(path.read_bytes()[:-20])
    assert records.disputes(attempt) == {} and not records.list()[0].disputed
    records.dispute(attempt, MINE)
    assert records.disputes(attempt) == {"reason": MINE}


def test_an_attempt_that_is_not_there(records: FileRecords) -> None:
    for act in (lambda: records.disputes("x"), lambda: records.dispute("20260504T093000000Z-abcdef", MINE)):
        with pytest.raises(InputError, match="no attempt"):
            act()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_what_holds_words_is_for_the_user_alone(tmp_path: Path) -> None:
    """Whatever the file was before; the folder is left as it is."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    write_public(folder / "labels.jsonl", b"before")
    write_own(folder / "labels.jsonl", b"after")
    assert (folder / "labels.jsonl").read_bytes() == b"after"
    assert (folder / "labels.jsonl").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o755 and len(list(folder.iterdir())) == 1
