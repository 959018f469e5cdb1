"""The list of attempts: what it answers, that it never believes what is not so, and that no word is lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import bowout
from bowout.core.disputes import Dispute
from bowout.core.retention import Policy
from bowout.core.settings import Settings
from bowout.errors import BowoutError, InputError
from bowout.ports import ALL, AttemptSummary, HistoryPage, HistoryQuery, StorageSize
from bowout.rehearsal.pruning import prune, tidy
from bowout.storage.attempt_writer import AUDIO, EVENTS
from bowout.storage.event_log import EventLog
from bowout.storage.migrations import MIGRATIONS, migrate
from bowout.storage.records import FileRecords

START = datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc)
ENV = {**os.environ, "PYTHONPATH": str(Path(bowout.__file__).parents[1])}
OK: dict[str, Any] = {"intent": "withdraw", "mode": "live", "ear": "builtin", "keep_audio": True}


class Clock:
    """Moves on by one minute each time it is read."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "attempts"


@pytest.fixture
def records(root: Path, clock: Clock) -> FileRecords:
    return FileRecords(root, clock)


def result(score: int, **changes: Any) -> dict[str, Any]:
    """A result in its published form."""
    made = {
        "schema": 1, "unit": "s", "score": score, "passed": score >= 80, "times": ["exact"],
        "items": {
            "greeting": {"state": "heard", "start": 1.0},
            "ask": {"state": "heard", "start": 12.0},
            "thanks": {"state": "unsure", "start": None},
        },
        "faults": {"vague_reason": {"found": True}, "soft_no": {"found": False}},
        "delivery": {
            "seconds": {"value": 30.0}, "words_per_minute": {"value": 141.0}, "longest_pause_s": {"value": 1.5},
            "filler_count": {"value": 2.0},
        },
        "transcript": [{"word": "hello", "start": 3.0, "end": 3.4, "turn": 0}],
    }  # fmt: skip
    return {**made, **changes}


def took(records: FileRecords, score: int | None = 70, *, scenario: str = "s", title: str = "T", **meta: Any) -> str:
    """A whole attempt with a tenth of a second of sound; its id."""
    writer = records.begin(scenario=scenario, title=title, **{**OK, **meta})
    writer.audio(b"\1\2" * 1600)
    writer.event("recruiter", text="Why?", at_s=5.0)
    writer.event("turn", index=1, words=[], prompt_end=8.0)
    if score is not None:
        writer.event("marks", result=result(score))
        writer.event("end", outcome="accepted")
    writer.close()
    return writer.id


def ids(rows: Any) -> list[str]:
    return [row.id for row in rows]


# What a row tells.


class TestRow:
    def test_everything_in_it_comes_back_from_the_index(self, records: FileRecords) -> None:
        about = {"pack": "essentials", "difficulty": 3, "case": "c1", "assignment": "a1", "drill": "pace"}
        writer = records.begin(scenario="s", title="T", **OK, **about)
        writer.event("notice", part="voice", message="…")
        writer.event("notice", part="speakers", message="none")
        writer.event("notice", part="microphone", message="unplugged")
        writer.event("notice", part="ear", message="…")
        writer.event("recruiter", at_s=5.0, text="Why?")
        writer.event("turn", index=1, words=[], prompt_end=8.0)
        writer.event("marks", result=result(81))
        writer.event("drill", drill="pace", value=3, met=False)
        writer.event("drill", drill="pace", value=2.5, met=True)
        writer.event("end", outcome="accepted")
        writer.close()
        records.dispute(writer.id, Dispute("thanks", "unsure", "heard"))
        records.dispute(writer.id, Dispute("vague_reason", "found", "not_found"))
        (row,) = records.list()
        assert row == records.load(writer.id).summary == FileRecords(records._root).list()[0]
        assert {name: getattr(row, name) for name in about} == about
        assert (row.figure, row.met, row.trouble, row.disputed) == (2.5, True, "microphone", True)
        assert (row.words_per_minute, row.fillers_per_minute, row.longest_pause_s, row.spoken_s) == (141, 4, 1.5, 30)
        assert row.point_s == 6.0, "from 3 s to 12 s, without the recruiter's three"
        assert row.items == {"greeting": "heard", "ask": "heard", "thanks": "heard"} and row.faults == ()
        assert hash(row) == hash(records.list()[0])

    def test_nothing_is_known_of_a_call_that_was_broken_off(self, records: FileRecords) -> None:
        writer = records.begin(scenario="s", title="T", **OK)
        writer.close()
        assert records.list() == [
            AttemptSummary(
                writer.id, "2026-05-04T09:32:00.000+00:00", "s", "T", "withdraw", "live", "builtin",
                None, None, None, 0.0, False,
            )
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "point"),
        [
            ({"unit": "word"}, None),
            ({"times": ["exact", "none"]}, None),
            ({"transcript": []}, None),
            ({"transcript": [{"start": "x"}, 7]}, None),
            ({"items": {"ask": {"state": "not_heard", "start": None}}}, None),
            ({"items": {"ask": {"state": "heard", "start": 4.0}}}, 1.0),
        ],
    )
    def test_seconds_to_the_point(self, records: FileRecords, changes: dict[str, Any], point: float | None) -> None:
        records.append(took(records), "marks", result=result(50, **changes))
        assert records.list()[0].point_s == point

    @pytest.mark.parametrize("point", [4.25, None])
    def test_what_was_measured_in_the_call_goes_before_the_quote(
        self, records: FileRecords, point: float | None
    ) -> None:
        records.append(took(records), "marks", result=result(50), point_s=point)
        assert records.list()[0].point_s == point

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            ("marks", {"result": {"score": 1e400, "items": [1], "faults": "x", "delivery": {"seconds": 3}}}),
            ("marks", {"result": {"score": 10**300, "items": {"a": None, "b": {"state": 7}}, "delivery": []}}),
            ("marks", {"result": result(5, delivery={"words_per_minute": {"value": "9"}, "seconds": {"value": 0}})}),
            ("drill", {"drill": ["x"], "value": True, "met": "yes"}),
            ("drill", {"value": 10**400}),
            ("notice", {"part": ["ear"]}),
            ("end", {"outcome": {"x": 1}}),
            ("start", {"title": "half \ud800 a pair, \0 and more", "difficulty": -(10**40), "pack": 3, "case": None}),
        ],
    )
    def test_a_strange_diary_hides_no_other(
        self, records: FileRecords, root: Path, kind: str, data: dict[str, Any], caplog: pytest.LogCaptureFixture
    ) -> None:
        good, strange = took(records), took(records)
        with (root / strange / EVENTS).open("a") as file:
            file.write(json.dumps({"kind": kind, **data}) + "\n")
            file.write("[" * 100_000 + "\n")
        assert ids(records.list()) == [strange, good] == ids(records.list())
        assert "is made again" not in caplog.text and records.load(strange).summary == records.list()[0]


# What is asked.


@pytest.fixture
def history(records: FileRecords) -> dict[str, str]:
    """Seven attempts, oldest first; the ids by name."""
    return {
        "moved": took(records, 85, scenario="ill", title="Ill on the day", intent="reschedule", mode="practice"),
        "unmarked": took(records, None, scenario="ill", title="Ill on the day"),
        "grüße": took(records, 40, scenario="gruss", title="Grüße nach STRASSBURG, 50%_\\ off"),
        "drill": took(records, 90, scenario="ill", title="Ill on the day", drill="pace"),
        "again": took(records, 60, scenario="ill", title="Ill on the day"),
        "shared": took(records, 61, scenario="ill", title="Another pack's"),
        "case": took(records, 62, scenario="own-1", title="'; DROP TABLE attempts; --", intent="leave"),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (HistoryQuery(), "case shared again drill grüße unmarked moved"),
        (HistoryQuery(text="ill DAY"), "again drill unmarked moved"),
        (HistoryQuery(text="day  accepted"), "again drill moved"),
        (HistoryQuery(text="GRÜSSE straßburg"), "grüße"),
        (HistoryQuery(text="50%_\\"), "grüße"),
        (HistoryQuery(text="%"), "grüße"),
        (HistoryQuery(text="drop table"), "case"),
        (HistoryQuery(text="'"), "case shared"),
        (HistoryQuery(text="\udcff"), ""),
        (HistoryQuery(scenario="ill"), "shared again drill unmarked moved"),
        (HistoryQuery(scenario="ill' OR 1=1"), ""),
        (HistoryQuery(drill=""), "case shared again grüße unmarked moved"),
        (HistoryQuery(drill="pace"), "drill"),
        (HistoryQuery(drill="none such"), ""),
        (HistoryQuery(mode="practice"), "moved"),
        (HistoryQuery(intent="leave"), "case"),
        (HistoryQuery(passed=True), "drill moved"),
        (HistoryQuery(passed=False), "case shared again grüße"),
        (HistoryQuery(text="ill", mode="live", passed=True, drill="pace", intent="withdraw", scenario="ill"), "drill"),
        (HistoryQuery(since="2026-05-05"), ""),
        (HistoryQuery(since="2026-05-04"), "case shared again drill grüße unmarked moved"),
        (HistoryQuery(until="2026-05-04"), ""),
        (HistoryQuery(until="2026-05-04T09:37Z"), "moved"),
        (HistoryQuery(since="2026-05-04T11:37:00+02:00", until="2026-05-04T12:00+02:00"), "unmarked grüße drill again"),
    ],
)
def test_queries(records: FileRecords, history: dict[str, str], query: HistoryQuery, expected: str) -> None:
    names = {id_: name for name, id_ in history.items()}
    page = records.page(query)
    found = [names[row.id] for row in page.rows]
    if query.since.endswith("+02:00"):
        times = {names[row.id]: row.started_at for row in records.list()}
        assert all("T09:37" <= times[name][10:16] < "T10:00" for name in found) and found
        return
    assert found == expected.split() and (page.total, page.offset) == (len(found), 0)


@pytest.mark.parametrize("when", ["yesterday", "2026-13-01", "Z", "2026-05-04T25:00", "0001-01-01T00:00+14:00"])
def test_no_time(records: FileRecords, history: dict[str, str], when: str) -> None:
    for query in (HistoryQuery(since=when), HistoryQuery(until=when)):
        with pytest.raises(InputError, match="is no day and no time"):
            records.page(query)
    assert len(records.list()) == 7, "and the index is as it was"


def test_pages(records: FileRecords, history: dict[str, str]) -> None:
    everything = records.list()
    for offset, limit in ((0, 3), (3, 3), (6, 3), (7, 3), (99, 1), (0, 0), (0, ALL), (-5, 2), (2**70, 2**70), (0, -1)):
        page = records.page(HistoryQuery(), offset=offset, limit=limit)
        begin = min(max(offset, 0), ALL)
        assert page == HistoryPage(tuple(everything[begin : begin + max(limit, 0)]), 7, begin)


def test_the_latest_of_each_call(records: FileRecords, history: dict[str, str]) -> None:
    assert ids(records.latest()) == [history[name] for name in ("case", "shared", "again", "drill", "grüße")]


def test_recent_ones(records: FileRecords, history: dict[str, str]) -> None:
    def named(*names: str) -> list[str]:
        return [history[name] for name in names]

    assert ids(records.recent()) == named("case", "shared", "again", "drill", "grüße", "moved")
    assert ids(records.recent(2)) == named("case", "shared")
    assert ids(records.recent(scenario="ill")) == named("shared", "again", "drill", "moved")
    assert ids(records.recent(scenario="ill", drill="pace")) == named("drill")
    assert ids(records.recent(drill="pace")) == named("drill") and records.recent(0) == []


def test_nothing_there_yet(records: FileRecords, root: Path) -> None:
    assert records.page(HistoryQuery(text="x"), offset=3) == HistoryPage((), 0, 3)
    assert [*records.latest(), *records.recent()] == [] and records.verify() == 0
    assert records.size() == StorageSize(0, 0, 0) and not root.exists()


def test_what_they_take(records: FileRecords, history: dict[str, str], root: Path) -> None:
    def really(name: str) -> int:
        return sum(path.stat().st_size for path in root.rglob(name))

    size = records.size()
    assert (size.attempts, size.audio_bytes) == (7, really(AUDIO)) and size.audio_bytes == 7 * 3244
    assert size.other_bytes >= really(EVENTS) + (root / "index" / "index.sqlite").stat().st_size
    records.drop_audio(history["case"])
    assert records.size().audio_bytes == 6 * 3244


# When a folder is looked at again.


def looked(records: FileRecords, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fills with the ids of folders that are looked at, however briefly."""
    seen: list[str] = []
    stamp = records.stamp
    monkeypatch.setattr(records, "stamp", lambda id_: (seen.append(id_), stamp(id_))[1])
    return seen


class TestSettled:
    def test_what_is_settled_is_not_even_looked_at(
        self, records: FileRecords, history: dict[str, str], clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        records.list()
        seen = looked(records, monkeypatch)
        records.list(), records.page(HistoryQuery()), records.latest(), records.recent(), records.size()
        assert set(seen) == {history["unmarked"]}, "it may still be going on"
        clock.now += timedelta(days=1)
        records.list()
        seen.clear()
        records.list()
        assert seen == []
        records.append(history["case"], "marks", result=result(99))
        assert records.latest()[0].score == 99 and set(seen) == {history["case"]}

    @pytest.mark.parametrize("write", ["append", "dispute", "drop_audio"])
    def test_a_write_is_told_before_it_is_done(
        self, records: FileRecords, root: Path, write: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        attempt, other = took(records), took(records)
        records.list()
        told: list[list[str]] = []

        def look() -> None:
            with closing(sqlite3.connect(root / "index" / "index.sqlite")) as db:
                told.append([id_ for (id_,) in db.execute("SELECT id FROM attempts WHERE settled = 0")])

        append, unlink = EventLog.append, Path.unlink
        monkeypatch.setattr(EventLog, "append", lambda *a: (look(), append(*a))[1])
        monkeypatch.setattr(Path, "unlink", lambda *a, **k: (look(), unlink(*a, **k))[1])
        if write == "append":
            records.append(attempt, "marks", result=result(1))
        elif write == "dispute":
            records.dispute(attempt, Dispute("ask", "heard", "not_heard"))
        else:
            records.drop_audio(attempt)
        assert told == [[attempt]]
        changed, kept = {row.id: row for row in records.list()}[attempt], records.load(attempt).summary
        assert changed == kept and (changed.score == 1 or changed.disputed or not changed.audio)
        assert {row.id: row.score for row in records.list()}[other] == 70

    def test_another_program_looks_between_telling_and_writing(
        self, records: FileRecords, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        attempt = took(records)
        records.list()
        other, append = FileRecords(root), EventLog.append
        monkeypatch.setattr(EventLog, "append", lambda *a: (other.list(), append(*a))[1])
        records.append(attempt, "marks", result=result(33))
        assert other.latest()[0].score == records.latest()[0].score == 33

    def test_what_comes_after_the_end_is_seen_once_it_is_closed(self, records: FileRecords) -> None:
        writer = records.begin(scenario="s", title="T", **OK)
        writer.event("end", outcome="accepted")
        assert records.list()[0].outcome == "accepted"
        writer.event("drill", drill="pace", value=7.0, met=True)
        writer.close()
        assert (records.list()[0].drill, records.list()[0].figure) == ("pace", 7.0)

    def test_a_call_that_goes_on_is_seen_as_it_goes(self, records: FileRecords) -> None:
        writer = records.begin(scenario="s", title="T", **OK)
        assert (records.list()[0].score, records.list()[0].seconds) == (None, 0.0)
        writer.audio(b"\1\2" * 16_000)
        writer.event("marks", result=result(44))
        assert (records.list()[0].score, records.list()[0].seconds) == (44, 1.0)
        writer.close()

    def test_what_nobody_told_is_found_by_the_full_comparison(
        self, records: FileRecords, root: Path, clock: Clock
    ) -> None:
        attempt, gone = took(records), took(records)
        assert records.verify() == 2 and records.verify() == 0
        with (root / attempt / EVENTS).open("a") as file:
            file.write(json.dumps({"kind": "marks", "result": result(12)}) + "\n")
        (root / gone / AUDIO).unlink()
        assert {row.score for row in records.list()} == {70}, "believed until then"
        assert records.verify() == 2
        assert {row.id: (row.score, row.audio) for row in records.list()} == {attempt: (12, True), gone: (70, False)}
        shutil.rmtree(root / gone)
        assert records.verify() == 1 and ids(records.list()) == [attempt]

    def test_what_could_not_be_told_is_remembered(
        self, records: FileRecords, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        attempt = took(records)
        records.list()
        with monkeypatch.context() as patch:
            patch.setattr(sqlite3, "connect", lambda *a, **k: _raise(sqlite3.OperationalError("database is locked")))
            records.append(attempt, "marks", result=result(21))
        assert "could not be told" in caplog.text and records.latest()[0].score == 21

    def test_names_are_looked_at_when_a_folder_came_or_went(
        self, records: FileRecords, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def rest() -> None:
            """As if nothing had come or gone for a while."""
            nonlocal long_ago
            long_ago += 1_000_000_000
            os.utime(root, ns=(long_ago, long_ago))

        long_ago = 1_700_000_000_000_000_000
        first, second = took(records), took(records)
        asked: list[object] = []
        names = records.names
        monkeypatch.setattr(records, "names", lambda *known: (asked.append(known), names(*known))[1])
        records.list(), records.list()
        assert len(asked) == 3, "a moment ago something came; and at first there was no index"
        rest()
        asked.clear()
        records.list(), records.list(), records.page(HistoryQuery()), records.latest()
        assert len(asked) == 1
        records.append(first, "marks", result=result(9))
        assert {row.score for row in records.list()} == {9, 70} and len(asked) == 1
        FileRecords(root).delete(second)
        rest()
        assert ids(records.list()) == [first] and len(asked) == 2
        (root / "index" / "index.sqlite").unlink()
        assert ids(records.list()) == [first], "an index that was made anew"
        third = took(records)
        assert ids(records.list()) == [third, first]
        (root / "20260504T093000000Z-abcdef").mkdir()  # nothing in it yet
        rest()
        assert len(records.list()) == 2
        shutil.copy(root / first / EVENTS, root / "20260504T093000000Z-abcdef" / EVENTS)
        assert len(records.list()) == 3

    def test_the_index_of_old_is_removed(self, records: FileRecords, root: Path) -> None:
        attempt = took(records)
        for name in ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm"):
            (root / name).write_bytes(b"a title from long ago")
        assert ids(records.list()) == [attempt] and holding(root, "long ago") == set()

    def test_served_recordings_are_found_without_reading_the_others(
        self, records: FileRecords, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept, reviewed, young = took(records, retention="keep"), took(records), took(records)
        records.append(reviewed, "reviewed")
        records.list()
        read: list[str] = []
        folder = records._folder
        monkeypatch.setattr(records, "_folder", lambda id_: (read.append(id_), folder(id_))[1])
        assert records.drop_reviewed_audio() == [reviewed] and set(read) == {reviewed}
        clock.now += timedelta(hours=25)
        assert records.drop_reviewed_audio() == [young]
        assert {row.id for row in records.list() if row.audio} == {kept}


class TestAtTheStart:
    """What the trainer does once, in a thread."""

    @staticmethod
    def services(records: FileRecords, days: int = 0, learner: object = None) -> Any:
        now = records._clock()
        settings = Settings(keep_audio_days=days)
        drafts = SimpleNamespace(tidy=lambda: None)
        return SimpleNamespace(records=records, settings=settings, now=lambda: now, learner=learner, drafts=drafts)

    def tidied(self, records: FileRecords, days: int, learner: object = None) -> set[str]:
        tidy(self.services(records, days, learner))
        return {row.id for row in records.list() if row.audio}

    def test_old_sound_goes_if_that_is_wanted(self, records: FileRecords, clock: Clock) -> None:
        old = took(records, retention="keep")
        clock.now += timedelta(days=20)
        new = took(records, retention="keep")
        assert self.tidied(records, 0) == self.tidied(records, 30) == {old, new}
        assert self.tidied(records, 10) == self.tidied(records, 10) == {new}
        assert len(records.list()) == 2

    def test_an_assignment_is_kept_until_it_is_handed_in(self, records: FileRecords, clock: Clock) -> None:
        open_, sent, withdrawn = (took(records, retention="keep", assignment=id_) for id_ in "abc")
        clock.now += timedelta(days=20)
        held = [
            SimpleNamespace(assignment=SimpleNamespace(id=id_), submissions=submissions, withdrawn=over)
            for id_, submissions, over in (("a", (), None), ("b", (object(),), None), ("c", (), START))
        ]
        assert self.tidied(records, 10, SimpleNamespace(list=lambda: held)) == {open_}
        assert {row.id for row in records.list()} == {open_, sent, withdrawn}

    def test_one_that_is_deleted_meanwhile(
        self, records: FileRecords, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = took(records, retention="keep"), took(records, retention="keep")
        drop = records.drop_audio
        monkeypatch.setattr(records, "drop_audio", lambda id_: (id_ == first and records.delete(first), drop(id_))[1])
        clock.now += timedelta(days=20)
        assert [row.id for row in prune(self.services(records), Policy(5))] == [second]


def _raise(error: Exception) -> Any:
    raise error


# Databases of every age.


@pytest.mark.parametrize("version", range(len(MIGRATIONS) + 1))
def test_every_version_opens(records: FileRecords, history: dict[str, str], root: Path, version: int) -> None:
    """Version 0 is an empty file. Rows of older ones know less: they are read again, whatever their stamp."""
    before = records.list()
    for path in (root / "index").glob("index.sqlite*"):
        path.unlink()
    with closing(sqlite3.connect(root / "index" / "index.sqlite", isolation_level=None)) as db:
        migrate(db, MIGRATIONS[:version])
        columns = [row[1] for row in db.execute("PRAGMA table_info(attempts)")]
        for row in before if version else ():
            known = {"stamp": records.stamp(row.id), "audio": 1, "settled": 1, "items": "{}", "faults": "[]"}
            values = {c: known.get(c, getattr(row, c, 0)) for c in columns}
            marks = ", ".join("?" * len(columns))
            db.execute(f"INSERT INTO attempts VALUES ({marks})", list(values.values()))
    if version == len(MIGRATIONS):
        records.verify()
        return
    assert records.list() == before and records.verify() == 0
    with closing(sqlite3.connect(root / "index" / "index.sqlite")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_newer_one_is_left_alone_and_everything_is_answered(
    records: FileRecords, history: dict[str, str], root: Path
) -> None:
    def answers() -> list[object]:
        made = [records.list(), records.latest(), records.recent(), records.page(HistoryQuery(text="ill"))]
        return [*made, records.size().audio_bytes]

    before = answers()
    with closing(sqlite3.connect(root / "index" / "index.sqlite", isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 99")
    data = (root / "index" / "index.sqlite").read_bytes()
    assert answers() == before
    records.append(history["case"], "marks", result=result(11))
    assert records.latest()[0].score == 11
    records.delete(history["case"])
    assert history["case"] not in ids(records.list()) and (root / "index" / "index.sqlite").read_bytes() == data


# Killed.

KILLER = Path(__file__).with_name("killed_child.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each step is a fork")
@pytest.mark.parametrize("what", ["begin", "append", "dispute", "drop_audio", "delete", "list"])
def test_killed_at_every_step(records: FileRecords, root: Path, tmp_path: Path, what: str) -> None:
    """A child is ended before each of its calls to the system and in the middle of each write: what was there is there,
    the list opens and agrees with the folders, and what the child was about is done or not begun."""
    attempt, other = took(records), took(records, 55)
    records.list()
    if what == "list":
        for path in (root / "index").glob("index.sqlite*"):
            path.unlink()
    made = subprocess.run(
        [sys.executable, str(KILLER), what, str(root), attempt, other, str(tmp_path / "work")],
        env=ENV, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-3000:]
    steps = int(made.stdout.split()[-1])
    assert steps >= {"begin": 20, "list": 40}.get(what, 10), "few were found: nothing much was tried"


def test_a_diary_torn_at_every_byte(records: FileRecords, root: Path) -> None:
    other, writer = took(records, 55), records.begin(scenario="s", title="T", **OK)
    writer.event("marks", result={"score": 9})
    writer.event("end", outcome="x")
    writer.close()
    path = writer.folder / EVENTS
    data = path.read_bytes()
    records.list()
    for cut in range(len(data) - 1, -1, -1):
        path.write_bytes(data[:cut])
        # The last line may lack its end and still be whole.
        whole = data[:cut].count(b"\n") + (data[cut : cut + 1] == b"\n")
        assert records.verify() == 1 or not whole
        rows = {row.id: row for row in records.list()}
        assert rows[other].score == 55 and (writer.id in rows) == (whole > 0)
        if whole:
            row = rows[writer.id]
            assert len(records.load(writer.id).events) == whole
            assert (row.score, row.outcome) == (9 if whole > 1 else None, "x" if whole > 2 else None)


def test_a_log_torn_anywhere(records: FileRecords, history: dict[str, str], root: Path, tmp_path: Path) -> None:
    """The index' own log, as a killed program leaves it, cut in many places."""
    records.list()
    with closing(
        sqlite3.connect(root / "index" / "index.sqlite")
    ) as held:  # else the last to close would empty the log
        held.execute("SELECT count(*) FROM attempts").fetchone()
        records.append(history["moved"], "marks", result=result(1))
        before = records.list()
        log = (root / "index" / "index.sqlite-wal").read_bytes()
        index = (root / "index" / "index.sqlite").read_bytes()
    assert len(log) > 8_000
    for cut in range(0, len(log) + 1, 331):
        for left in (root / "index").glob("index.sqlite*"):
            left.unlink()
        (root / "index" / "index.sqlite").write_bytes(index)
        (root / "index" / "index.sqlite-wal").write_bytes(log[:cut])
        again = FileRecords(root, records._clock)
        again.verify()
        assert again.list() == before


# A disk that refuses.


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """From now on SQLite says this of every change, as it does on a full disk or a read-only one."""
    real = sqlite3.connect

    def refuse(says: str) -> None:
        class Refusing(sqlite3.Connection):
            def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
                if sql.split()[0] in ("BEGIN", "UPDATE", "INSERT", "DELETE"):
                    raise sqlite3.OperationalError(says)
                return super().execute(sql, *more)

        def connect(path: Any, *args: Any, **named: Any) -> sqlite3.Connection:
            return real(path, *args, **named, **({} if path == ":memory:" else {"factory": Refusing}))

        monkeypatch.setattr(sqlite3, "connect", connect)

    yield refuse


@pytest.mark.parametrize(
    "says", ["database or disk is full", "attempt to write a readonly database", "database is locked", "disk I/O error"]
)
def test_an_index_that_cannot_be_written(
    records: FileRecords, history: dict[str, str], refusing: Callable[[str], None], root: Path, says: str
) -> None:
    records.list()
    new = took(records, 77)
    data = (root / "index" / "index.sqlite").read_bytes()
    refusing(says)
    assert ids(records.list())[0] == new and ids(records.latest())[0] == new
    records.append(new, "marks", result=result(78))
    assert records.page(HistoryQuery(), limit=1).rows[0].score == 78
    records.delete(history["case"])
    assert history["case"] not in ids(records.list()) and len(records.list()) == 7
    assert (root / "index" / "index.sqlite").read_bytes() == data, "never thrown away for what is not its fault"


LIMITED = """
import resource, signal, sys
from pathlib import Path
from bowout.errors import BowoutError
from bowout.storage.records import FileRecords
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
records = FileRecords(Path(sys.argv[1]))
print(len(records.list()), len(records.latest()), records.size().attempts)
try:
    records.append(records.list()[0].id, "marks", result={"score": 1, "filling": "x" * 60_000})
except BowoutError as error:
    print(error.sentence())
print([row.score for row in records.list()])
"""


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX's")
@pytest.mark.parametrize("limit", [0, 1_000, 50_000])
def test_a_real_limit(records: FileRecords, root: Path, limit: int) -> None:
    """No file may grow beyond it: the index can't be made or not be finished, the list is there all the same."""
    for score in range(30):
        took(records, score)
    made = subprocess.run(
        [sys.executable, "-c", LIMITED, str(root), str(limit)], env=ENV, capture_output=True, text=True, timeout=60
    )
    assert made.returncode == 0, made.stderr
    counts, sentence, scores = made.stdout.splitlines()
    assert counts == "30 1 30" and "disk is full" in sentence and "Make room" in sentence
    assert scores == str(list(range(29, -1, -1)))
    assert [row.score for row in records.list()] == list(range(29, -1, -1)) and records.verify() == 0


def test_a_folder_that_cannot_be_read_says_so(records: FileRecords, monkeypatch: pytest.MonkeyPatch) -> None:
    took(records)
    monkeypatch.setattr(os, "listdir", lambda _: _raise(PermissionError(errno.EACCES, "Permission denied")))
    for ask in (records.list, records.latest, records.verify, records.size):
        with pytest.raises(BowoutError, match="can't be read: Permission denied"):
            ask()


# Two programs at once.

BUSY = """
import sys
from pathlib import Path
from bowout.ports import HistoryQuery
from bowout.storage.records import FileRecords
r = FileRecords(Path(sys.argv[1]))
for n in range(25):
    w = r.begin(scenario=f"s{n % 3}", title="T", intent="leave", mode="live", ear="typed", keep_audio=True)
    w.audio(b"12" * 800); w.event("marks", result={"score": 1}); w.event("end", outcome="x"); w.close()
    r.append(w.id, "marks", result={"score": n})
    assert r.page(HistoryQuery(), limit=500).rows
    assert r.load(w.id).summary in r.list(), "one's own change is seen"
    if n % 5 == 0: r.verify()
    if n % 2: r.delete(w.id)
"""


def test_two_write_delete_and_compare_at_once(records: FileRecords, root: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", BUSY, str(root)], env=ENV, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    while any(child.poll() is None for child in running):
        for row in records.latest():
            assert row.title == "T"
    errors = [child.communicate()[1] for child in running]
    assert [child.returncode for child in running] == [0, 0], errors
    before = records.list()
    assert sorted(row.score or 0 for row in before) == sorted([*range(0, 25, 2)] * 2)
    assert records.verify() == 0, "nothing was missed"


# Gone is gone.

WORDS = ("Zanzibar", "quicksilver", "Xylophone title")


def holding(folder: Path, *words: str) -> set[str]:
    """Files in which one of the words stands."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words):
            found.add(path.name)
    return found


def private(records: FileRecords) -> str:
    """An attempt full of words that must not outlive it."""
    writer = records.begin(scenario="own-zanzibar", title=f"{WORDS[2]} Zanzibar", **OK)
    writer.audio(b"quicksilver" * 200)
    writer.event("turn", index=0, words=[{"text": "Zanzibar", "start": 0.0, "end": 1.0}])
    writer.event("marks", result=result(50, items={"ask": {"state": "heard", "quote": "quicksilver"}}))
    writer.event("end", outcome="Zanzibar-ending")
    writer.close()
    records.append(writer.id, "if_then", **{"if": "Zanzibar", "then": "quicksilver"})
    return writer.id


@pytest.mark.parametrize("how", ["one", "some", "all", "held open", "moved on"])
def test_nothing_of_it_is_left(records: FileRecords, root: Path, tmp_path: Path, how: str) -> None:
    keep, gone = took(records, 66), [private(records) for _ in range(3)]
    for _ in range(3):
        records.list(), records.latest(), records.page(HistoryQuery(text="zanzibar"))
        records.append(gone[0], "marks", result=result(51))
    held = sqlite3.connect(root / "index" / "index.sqlite") if how == "held open" else None
    if held is not None:
        held.execute("SELECT count(*) FROM attempts").fetchone()
    assert holding(tmp_path, *WORDS) == {EVENTS, AUDIO, "index.sqlite"}
    if how == "all":
        assert records.delete_all() == 4
    else:
        for attempt in gone:
            if how == "moved on":  # as a program that was killed leaves it
                (root / attempt).rename(root / f".gone-{attempt}")
            else:
                records.delete(attempt)
    assert ids(records.list()) == ([] if how == "all" else [keep])
    assert holding(tmp_path, *WORDS, *(() if how == "all" else gone)) == set()
    if held is not None:
        held.close()


def test_without_sound_the_words_stay_and_the_sound_is_gone(records: FileRecords, root: Path, tmp_path: Path) -> None:
    attempt = private(records)
    records.drop_audio(attempt)
    assert holding(tmp_path, "quicksilverquicksilver") == set() and holding(tmp_path, "quicksilver") == {EVENTS}
    assert holding(root, "Zanzibar") == {EVENTS} and records.load(attempt).summary.score == 50


def test_no_word_that_was_said_is_in_the_index(records: FileRecords, root: Path) -> None:
    private(records)
    records.list(), records.latest()
    assert holding(root, "quicksilver") == {EVENTS, AUDIO}
