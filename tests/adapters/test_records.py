"""The user's history: written as it happens, killed at any moment, found again, and gone when deleted."""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import sqlite3
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bowout
from bowout.errors import BowoutError, InputError
from bowout.ports import RATE, AttemptSummary, AttemptWriter, Records
from bowout.storage.attempt_writer import AUDIO, EVENTS
from bowout.storage.event_log import EventLog, read_events
from bowout.storage.migrations import MIGRATIONS, NewerIndex, migrate
from bowout.storage.records import FileRecords
from bowout.storage.wav_writer import HEADER_BEHIND_S, HEADER_BYTES, WavWriter, repair_wav, wav_seconds

START = datetime(2026, 5, 4, 9, 30, tzinfo=timezone(timedelta(hours=2)))
SECOND = b"\x01\x02" * RATE
NOTHING = {"scenario": "s", "title": "T", "intent": "withdraw", "mode": "live", "ear": "vosk"}
NOBODY = 65534
ENV = {**os.environ, "PYTHONPATH": str(Path(bowout.__file__).parents[1])}


class Clock:
    """Moves on by one second each time it is read."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "attempts"


@pytest.fixture
def records(root: Path) -> FileRecords:
    return FileRecords(root, Clock())


def spoken(records: FileRecords, *, score: int = 81, seconds: float = 2.0, keep_audio: bool = True, **meta: Any) -> str:
    """A whole attempt; its id."""
    writer = records.begin(**NOTHING, keep_audio=keep_audio, **meta)
    writer.audio(SECOND[: int(seconds * RATE) * 2])
    writer.event("turn", index=0, words=[{"text": "hello", "start": 0.1, "end": 0.4, "confidence": None}])
    writer.event("marks", result={"schema": 1, "score": score, "passed": score >= 70})
    writer.event("end", outcome="accepted")
    writer.close()
    return writer.id


# One attempt.


class TestAttempt:
    def test_everything_comes_back(self, records: FileRecords) -> None:
        assert isinstance(records, Records)
        writer = records.begin(**NOTHING, keep_audio=True, seed=7, scenario_sha256="ab")
        assert isinstance(writer, AttemptWriter)
        writer.event("turn", index=0, text="Grüße, “yes” \u2028 \n \ud800 end", passing=None)
        writer.audio(SECOND)
        writer.audio(SECOND)
        writer.close()
        stored = records.load(writer.id)
        start, turn = stored.events
        assert start["schema"] == 1 and start["kind"] == "start" and start["seed"] == 7 and start["keep_audio"] is True
        assert start["at"] == "2026-05-04T07:30:02.000+00:00"
        assert turn["text"] == "Grüße, “yes” \u2028 \n \ud800 end" and turn["passing"] is None
        assert stored.audio_path == writer.folder / AUDIO
        with wave.open(str(stored.audio_path)) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2)
            assert sound.readframes(99_999) == SECOND * 2
        assert stored.summary == AttemptSummary(
            **NOTHING,
            id=writer.id,
            started_at=start["at"],
            score=None,
            passed=None,
            outcome=None,
            seconds=2.0,
            audio=True,
        )

    def test_the_last_marks_and_end_count(self, records: FileRecords) -> None:
        attempt = spoken(records, score=55)
        assert (records.load(attempt).summary.score, records.load(attempt).summary.passed) == (55, False)
        records.append(attempt, "correction", turn=0, text="hello there")
        records.append(attempt, "marks", result={"score": 90, "passed": True})
        summary = records.load(attempt).summary
        assert (summary.score, summary.passed, summary.outcome) == (90, True, "accepted")
        assert records.list() == [summary]

    def test_marks_of_a_strange_shape_are_no_marks(self, records: FileRecords) -> None:
        attempt = spoken(records)
        for result in (None, [], {"score": "high", "passed": 1}, {"score": True}):
            records.append(attempt, "marks", result=result)
            assert (records.list()[0].score, records.list()[0].passed) == (None, None)

    def test_without_audio_there_is_no_file(self, records: FileRecords) -> None:
        attempt = spoken(records, keep_audio=False)
        stored = records.load(attempt)
        assert stored.audio_path is None and (stored.summary.seconds, stored.summary.audio) == (0.0, False)
        assert not (records.begin(**NOTHING, keep_audio=True).folder / AUDIO).exists(), "typed: no samples, no file"

    def test_closed_means_closed(self, records: FileRecords) -> None:
        writer = records.begin(**NOTHING, keep_audio=True)
        writer.close()
        writer.close()
        for write in (lambda: writer.event("x"), lambda: writer.audio(SECOND)):
            with pytest.raises(BowoutError, match="closed"):
                write()

    def test_a_value_that_is_no_json_writes_nothing(self, records: FileRecords) -> None:
        writer = records.begin(**NOTHING, keep_audio=True)
        for bad in (object(), float("nan")):
            with pytest.raises((TypeError, ValueError)):
                writer.event("x", value=bad)
        writer.event("y")
        assert [e["kind"] for e in records.load(writer.id).events] == ["start", "y"]

    def test_many_threads(self, records: FileRecords) -> None:
        writer = records.begin(**NOTHING, keep_audio=True)

        def write(who: int) -> None:
            for n in range(50):
                writer.event("note", who=who, n=n, text="x" * 500)
                writer.audio(bytes([who]) * 320)

        threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        writer.close()
        events = records.load(writer.id).events[1:]
        assert len(events) == 200
        for who in range(4):
            assert [e["n"] for e in events if e["who"] == who] == list(range(50))
        assert wav_seconds(writer.folder / AUDIO) == pytest.approx(200 * 0.01)

    @pytest.mark.parametrize(
        "attempt", ["", ".", "..", "../../etc", "x/y", "index", "20260504T093000000Z-zzzzzz", "C:\\x"]
    )
    def test_ids_are_checked(self, records: FileRecords, attempt: str) -> None:
        spoken(records)
        for act in (records.load, records.drop_audio, records.delete, lambda i: records.append(i, "x")):
            with pytest.raises(InputError, match="no attempt"):
                act(attempt)
        assert len(records.list()) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_user_can_read_any_of_it(records: FileRecords, root: Path) -> None:
    old = os.umask(0)
    try:
        writer = records.begin(**NOTHING, keep_audio=True)
        writer.audio(SECOND)
        records.list()
        with sqlite3.connect(root / "index" / "index.sqlite") as held:  # so that the log files are there
            held.execute("SELECT * FROM attempts").fetchall()
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in root.parent.rglob("*")}
        held.close()
        assert stat.S_IMODE(root.parent.stat().st_mode) == 0o700
    finally:
        os.umask(old)
    assert len(modes) >= 5
    for path, mode in modes.items():
        assert mode == (0o700 if path.is_dir() else 0o600), path


# The list and its index.


class TestList:
    def test_newest_first_broken_off_included(self, records: FileRecords) -> None:
        first, second = spoken(records), spoken(records, score=40)
        broken = records.begin(**NOTHING, keep_audio=True)
        listed = records.list()
        assert [s.id for s in listed] == [broken.id, second, first] == sorted((s.id for s in listed), reverse=True)
        assert [s.outcome for s in listed] == [None, "accepted", "accepted"]
        assert [s.score for s in listed] == [None, 40, 81]
        assert FileRecords(records._root).list() == listed

    def test_nothing_yet(self, records: FileRecords, root: Path) -> None:
        assert records.list() == [] and not root.exists(), "listing makes nothing"

    def test_only_what_changed_is_read(self, records: FileRecords, monkeypatch: pytest.MonkeyPatch) -> None:
        ids = [spoken(records) for _ in range(5)]
        records.list()
        read: list[str] = []
        row = records.row
        monkeypatch.setattr(records, "row", lambda i: (read.append(i), row(i))[1])
        records.list()
        assert read == []
        records.append(ids[2], "marks", result={"score": 1, "passed": False})
        assert {s.id: s.score for s in records.list()}[ids[2]] == 1
        assert read == [ids[2]]

    @pytest.mark.parametrize(
        "damage",
        ["missing", "garbage", "cut", "torn page", "no table", "empty", "other table", "strange row", "directory"],
    )
    def test_made_again_from_the_folders(self, records: FileRecords, root: Path, damage: str) -> None:
        for score in range(30):
            spoken(records, score=score, seconds=0.01)
        before = records.list()
        index = root / "index" / "index.sqlite"
        data = index.read_bytes()
        for left in (root / "index").glob("index.sqlite-*"):
            left.unlink()
        match damage:
            case "missing":
                index.unlink()
            case "garbage":
                index.write_bytes(b"not a database at all" * 500)
            case "cut":
                index.write_bytes(data[: len(data) // 2])
            case "torn page":
                index.write_bytes(data[:5000] + b"\xff" * (len(data) - 5000))
            case "empty":
                index.write_bytes(b"")
            case "directory":
                index.unlink()
                index.mkdir()
            case _:
                with sqlite3.connect(index) as db:
                    if damage == "no table":
                        db.execute("DROP TABLE attempts")
                    elif damage == "other table":
                        db.execute("ALTER TABLE attempts RENAME COLUMN score TO points")
                    else:
                        db.execute("UPDATE attempts SET title = X'00FF', seconds = 'long'")
                db.close()
        assert records.list() == before
        assert records.list() == before

    def test_a_folder_removed_by_hand_leaves_the_list(self, records: FileRecords, root: Path) -> None:
        import shutil

        first, second = spoken(records), spoken(records)
        records.list()
        shutil.rmtree(root / first)
        assert [s.id for s in records.list()] == [second]

    def test_strangers_in_the_folder_are_left_alone(self, records: FileRecords, root: Path) -> None:
        attempt = spoken(records)
        (root / "notes.txt").write_text("mine")
        (root / "20260504T093000000Z-abcdef").mkdir()  # no diary in it
        (root / "holiday").mkdir()
        assert [s.id for s in records.list()] == [attempt]
        assert (root / "notes.txt").exists() and (root / "holiday").exists()

    def test_listing_while_others_write(self, records: FileRecords, root: Path) -> None:
        """Two other programs write and delete; the list never fails and never shows half an attempt."""
        script = (
            "import sys; from pathlib import Path; from bowout.storage.records import FileRecords\n"
            "r = FileRecords(Path(sys.argv[1]))\n"
            "for n in range(40):\n"
            "    w = r.begin(scenario='s', title='T', intent='leave', mode='live', ear='typed', keep_audio=True)\n"
            "    w.audio(b'12' * 1600); w.event('marks', result={'score': n, 'passed': True}); w.close(); r.list()\n"
            "    if n % 2: r.delete(w.id)\n"
        )
        running = [subprocess.Popen([sys.executable, "-c", script, str(root)], env=ENV) for _ in range(2)]
        while any(child.poll() is None for child in running):
            for summary in records.list():
                assert summary.title == "T"
        assert [child.returncode for child in running] == [0, 0]
        assert len(records.list()) == 40


@given(
    st.dictionaries(
        st.text(max_size=5).filter(lambda key: key not in {"at", "kind", "schema"}),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=4,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_event_comes_back(event: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / EVENTS
        log = EventLog(path, new=True)
        log.append({"kind": "one", **event})
        log.append({"kind": "two"})
        log.close()
        assert read_events(path) == ({"kind": "one", **event}, {"kind": "two"})
        assert read_events(path, ["two"])[-1] == {"kind": "two"}


class TestMigrations:
    def test_from_version_0(self, tmp_path: Path) -> None:
        db = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
        assert migrate(db) == 0
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert db.execute("SELECT count(*) FROM attempts").fetchone() == (0,)
        assert migrate(db) == len(MIGRATIONS)
        db.close()

    def test_one_step_more_keeps_the_rows(self, records: FileRecords, root: Path) -> None:
        attempt = spoken(records)
        records.list()
        db = sqlite3.connect(root / "index" / "index.sqlite", isolation_level=None)
        steps = (*MIGRATIONS, "ALTER TABLE attempts ADD COLUMN stars INTEGER; UPDATE attempts SET stars = 5")
        assert migrate(db, steps) == len(MIGRATIONS)
        assert db.execute("SELECT id, stars FROM attempts").fetchall() == [(attempt, 5)]
        db.close()

    def test_all_or_nothing(self, tmp_path: Path) -> None:
        db = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
        with pytest.raises(sqlite3.OperationalError):
            migrate(db, (*MIGRATIONS, "CREATE TABLE t (a); CREATE TABLE t (a)"))
        assert db.execute("PRAGMA user_version").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        db.close()

    def test_a_newer_index_is_left_alone(self, records: FileRecords, root: Path) -> None:
        attempt = spoken(records)
        before = records.list()
        db = sqlite3.connect(root / "index" / "index.sqlite", isolation_level=None)
        db.execute("PRAGMA user_version = 99")
        with pytest.raises(NewerIndex):
            migrate(db)
        db.close()
        assert records.list() == before
        records.delete(attempt)
        assert records.list() == []
        db = sqlite3.connect(root / "index" / "index.sqlite")
        assert db.execute("PRAGMA user_version").fetchone() == (99,)
        db.close()

    def test_a_newer_diary_says_so(self, records: FileRecords, root: Path) -> None:
        old, new = spoken(records), spoken(records)
        path = root / new / EVENTS
        path.write_text(path.read_text().replace('"schema":1', '"schema":2', 1))
        with pytest.raises(InputError, match="newer version"):
            records.load(new)
        assert [s.id for s in records.list()] == [old]


# Deleted is gone.


def everywhere(root: Path, needle: bytes) -> list[str]:
    return [str(path) for path in root.rglob("*") if path.is_file() and needle in path.read_bytes()]


class TestDeletion:
    def test_gone_from_folders_index_and_log(self, records: FileRecords, root: Path) -> None:
        keep = spoken(records, seconds=0.1)
        writer = records.begin(**{**NOTHING, "title": "Very private title"}, keep_audio=True)
        writer.audio(SECOND)
        writer.event("turn", text="nobody may read this")
        writer.close()
        other = (
            sqlite3.connect(root / "index" / "index.sqlite") if records.list() else None
        )  # keeps the log from vanishing
        assert other is not None
        other.execute("SELECT count(*) FROM sqlite_master").fetchone()
        assert everywhere(root, b"Very private title") and everywhere(root, writer.id.encode())
        records.delete(writer.id)
        for needle in (b"Very private title", b"nobody may read this", writer.id.encode()):
            assert everywhere(root, needle) == []
        other.close()
        assert [s.id for s in records.list()] == [keep]
        with pytest.raises(InputError):
            records.load(writer.id)

    def test_no_words_in_the_index(self, records: FileRecords, root: Path) -> None:
        writer = records.begin(**NOTHING, keep_audio=False)
        writer.event("turn", text="xylophone")
        writer.event("marks", result={"score": 5, "passed": False, "items": {"a": {"quote": "xylophone"}}})
        writer.close()
        records.list()
        assert everywhere(root, b"xylophone") == [str(writer.folder / EVENTS)]

    def test_only_the_recording(self, records: FileRecords) -> None:
        attempt = spoken(records)
        assert records.list()[0].audio
        records.drop_audio(attempt)
        records.drop_audio(attempt)
        stored = records.load(attempt)
        assert stored.audio_path is None and stored.summary.score == 81 and len(stored.events) == 4
        assert records.list() == [stored.summary] and stored.summary.seconds == 0

    def test_recordings_that_have_served(self, records: FileRecords) -> None:
        reviewed, kept, unseen = spoken(records), spoken(records, retention="keep"), spoken(records)
        for attempt in (reviewed, kept):
            records.append(attempt, "reviewed")
        assert records.drop_reviewed_audio() == [reviewed]
        assert {s.id: s.audio for s in records.list()} == {reviewed: False, kept: True, unseen: True}
        assert records.drop_reviewed_audio() == []

    def test_an_interrupted_deletion_is_finished(self, records: FileRecords, root: Path) -> None:
        attempt, keep = spoken(records), spoken(records)
        records.list()
        (root / attempt).rename(root / f".gone-{attempt}")
        assert [s.id for s in records.list()] == [keep]
        assert not list(root.glob(".gone-*")) and everywhere(root, attempt.encode()) == []

    def test_what_never_became_an_attempt_is_swept(self, records: FileRecords, root: Path) -> None:
        spoken(records)
        old, new = root / ".new-a", root / ".new-b"
        for folder in (old, new):
            folder.mkdir()
        os.utime(old, (1, 1))
        records.list()
        assert not old.exists() and new.exists(), "a young one may be another program's"

    def test_a_call_that_is_deleted_while_it_goes_on(self, records: FileRecords, root: Path) -> None:
        writer = records.begin(**NOTHING, keep_audio=True)
        writer.audio(SECOND)
        records.delete(writer.id)
        writer.event("turn", text="still talking")
        writer.audio(SECOND)
        writer.close()
        assert records.list() == [] and not (root / writer.id).exists()


# Killed, torn, full.


KILLED = """
import sys, time
from pathlib import Path
from bowout.storage.records import FileRecords
writer = FileRecords(Path(sys.argv[1])).begin(
    scenario="s", title="T", intent="leave", mode="live", ear="vosk", keep_audio=True)
print(writer.id, flush=True)
n = 0
while True:
    writer.audio(n.to_bytes(2, "little") * 160)       # 10 ms, numbered
    writer.event("partial", turn=0, n=n, text="word " * (n % 40))
    n += 1
    if n % 20 == 0:
        print(n, flush=True)                            # so much is certain to have been written
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("after", [60, 500, 1500])
def test_killed_in_the_middle_of_writing(records: FileRecords, root: Path, after: int) -> None:
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(root)], env=ENV, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    attempt = child.stdout.readline().strip()
    told = 0
    while told < after:
        told = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    told = max([told, *(int(n) for n in child.stdout.read().split())])
    child.wait(10)
    child.stdout.close()

    with wave.open(str(root / attempt / AUDIO)) as untouched:  # a valid file even before anybody repairs it
        behind = told * 0.01 - untouched.getnframes() / RATE
        assert behind <= HEADER_BEHIND_S + 0.01

    stored = FileRecords(root).load(attempt)
    numbers = [event["n"] for event in stored.events[1:]]
    assert numbers == list(range(len(numbers))) and len(numbers) >= told
    assert stored.audio_path is not None
    with wave.open(str(stored.audio_path)) as sound:
        samples = struct.unpack(f"<{sound.getnframes()}H", sound.readframes(sound.getnframes()))
        assert len(samples) * 2 == stored.audio_path.stat().st_size - HEADER_BYTES
    assert samples == tuple(n // 160 & 0xFFFF for n in range(len(samples))) and len(samples) >= told * 160
    (summary,) = records.list()
    assert (summary.id, summary.outcome, summary.seconds) == (attempt, None, len(samples) / RATE)


class TestTornFiles:
    def test_a_torn_last_line_is_passed_over(
        self, records: FileRecords, root: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        attempt = spoken(records)
        path = root / attempt / EVENTS
        whole = read_events(path)
        data = path.read_bytes()
        for cut in range(len(data) - len(json.dumps(whole[-1])) + 20, len(data) - 1, 7):
            path.write_bytes(data[:cut])
            with caplog.at_level(logging.WARNING):
                assert read_events(path) == whole[:-1]
            assert "line 4 is torn" in caplog.text

    def test_appending_after_a_torn_line_loses_nothing(self, records: FileRecords, root: Path) -> None:
        attempt = spoken(records)
        path = root / attempt / EVENTS
        path.write_bytes(path.read_bytes()[:-9])
        records.append(attempt, "marks", result={"score": 99, "passed": True})
        records.append(attempt, "reviewed")
        kinds = [event["kind"] for event in records.load(attempt).events]
        assert kinds == ["start", "turn", "marks", "marks", "reviewed"] and records.list()[0].score == 99

    def test_bytes_that_are_no_text(self, records: FileRecords, root: Path) -> None:
        attempt = spoken(records)
        with (root / attempt / EVENTS).open("ab") as file:
            file.write(b'\xff\xfe\n[1,2]\n"x"\nnull\n\n{"kind":"note"}\n')
        assert [e["kind"] for e in records.load(attempt).events][4:] == ["note"]

    def test_no_beginning(self, records: FileRecords, root: Path) -> None:
        attempt = spoken(records)
        (root / attempt / EVENTS).write_text("")
        with pytest.raises(InputError, match="no beginning"):
            records.load(attempt)
        assert records.list() == []
        records.delete(attempt)

    @pytest.mark.parametrize("left", [0, 10, HEADER_BYTES, HEADER_BYTES + 1, HEADER_BYTES + 3201])
    def test_a_recording_cut_anywhere_is_repaired(self, tmp_path: Path, left: int) -> None:
        path = tmp_path / "x.wav"
        writer = WavWriter(path)
        writer.append(SECOND)
        writer.close()
        path.write_bytes(path.read_bytes()[:left])
        if left < HEADER_BYTES:
            path.write_bytes(path.read_bytes().ljust(HEADER_BYTES, b"\0"))
        assert repair_wav(path) and not repair_wav(path)
        with wave.open(str(path)) as sound:
            assert sound.getnframes() == max(0, left - HEADER_BYTES) // 2 and sound.getframerate() == RATE
        assert wav_seconds(path) == sound.getnframes() / RATE


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """After ``n`` more bytes to a file, the disk is full."""
    room: list[int] = []
    write = os.write

    def limited(handle: int, data: Any) -> int:
        if not room or os.fstat(handle).st_mode & 0o170000 != 0o100000:
            return write(handle, data)
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done = write(handle, bytes(data)[: room[0]])
        room[0] -= done
        return done

    def fill(n: int) -> None:
        room[:] = [n] if n >= 0 else []

    monkeypatch.setattr(os, "write", limited)
    yield fill
    room.clear()


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """A folder of somebody whom modes can stop; root becomes nobody meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            if is_root:
                os.seteuid(0)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from bowout.errors import BowoutError
from bowout.storage.records import FileRecords
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # a write beyond it stops half-way
writer = FileRecords(Path(sys.argv[1])).begin(
    scenario="s", title="T", intent="leave", mode="live", ear="vosk", keep_audio=True)
refused = set()
for n in range(200):
    event = lambda: writer.event("e", n=n, x="y" * 997)
    for what, write in (("audio", lambda: writer.audio(b"12" * 1601)), ("event", event)):
        try:
            write()
        except BowoutError as error:
            assert "disk is full" in error.message, error.message
            refused.add(what)
writer.close()
print(writer.id, *sorted(refused))
"""


class TestDiskRefuses:
    @pytest.mark.skipif(os.name != "posix", reason="limits are POSIX's")
    def test_a_real_limit(self, records: FileRecords, root: Path) -> None:
        made = subprocess.run([sys.executable, "-c", LIMITED, str(root)], env=ENV, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        attempt, *refused = made.stdout.split()
        assert refused == ["audio", "event"]
        stored = records.load(attempt)
        assert [event["n"] for event in stored.events[1:]] == list(range(len(stored.events) - 1))
        assert 90 < len(stored.events) < 100
        assert stored.audio_path is not None and 96_000 < stored.audio_path.stat().st_size <= 100_000
        with wave.open(str(stored.audio_path)) as sound:
            assert set(sound.readframes(99_999)) == set(b"12")

    def test_full_in_the_middle_of_a_line(self, records: FileRecords, full_disk: Callable[[int], None]) -> None:
        writer = records.begin(**NOTHING, keep_audio=True)
        writer.event("turn", text="kept")
        full_disk(25)
        with pytest.raises(BowoutError, match="disk is full") as caught:
            writer.event("turn", text="does not fit any more")
        assert "Make room" in caught.value.hint
        full_disk(-1)
        writer.event("turn", text="room again")
        writer.close()
        assert [e.get("text") for e in records.load(writer.id).events] == [None, "kept", "room again"]
        assert (writer.folder / EVENTS).read_bytes().count(b"\n") == 3, "not even a torn line is left"

    def test_full_in_the_middle_of_the_recording(self, records: FileRecords, monkeypatch: pytest.MonkeyPatch) -> None:
        writer = records.begin(**NOTHING, keep_audio=True)
        writer.audio(SECOND)
        assert writer._audio is not None
        real = writer._audio._file

        class Full:
            def __getattr__(self, name: str) -> Any:
                return getattr(real, name)

            def write(self, data: memoryview) -> int:
                if len(data) > 1000:
                    return real.write(data[:1000])
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(writer._audio, "_file", Full())
        with pytest.raises(BowoutError, match="disk is full"):
            writer.audio(SECOND)
        monkeypatch.setattr(writer._audio, "_file", real)
        writer.audio(SECOND)
        writer.close()
        with wave.open(str(writer.folder / AUDIO)) as sound:
            silence = bytes(len(SECOND))  # where it was full: positions stay the call's clock
            assert sound.readframes(99_999) == SECOND + silence + SECOND

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")
    def test_a_really_full_device(self, records: FileRecords) -> None:
        writer = records.begin(**NOTHING, keep_audio=True)
        handle = writer._events._handle
        full = os.open("/dev/full", os.O_RDWR)
        writer._events._handle = full
        with pytest.raises(BowoutError, match="disk is full"):
            writer.event("turn")
        writer._events._handle = handle
        os.close(full)
        writer.close()

    def test_a_place_that_cannot_be_used(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        records = FileRecords(tmp_path / "file" / "attempts")
        with pytest.raises(BowoutError, match="can't be used: Not a directory"):
            records.begin(**NOTHING, keep_audio=True)
        assert records.list() == []

    @pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
    def test_a_folder_that_may_not_be_written(self, ordinary_user: Path) -> None:
        root = ordinary_user / "attempts"
        records = FileRecords(root)
        attempt = spoken(records)
        root.chmod(0o500)
        try:
            with pytest.raises(BowoutError, match="can't be written"):
                records.begin(**NOTHING, keep_audio=True)
            with pytest.raises(BowoutError, match="can't be written"):
                records.delete(attempt)
        finally:
            root.chmod(0o700)
        assert records.load(attempt).summary.score == 81

    def test_a_read_only_file_system(self, records: FileRecords, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing can be written: the sentence says so, and what is there can still be listed and read."""
        attempt = spoken(records)
        before = records.list()
        really = os.open

        def read_only(path: Any, flags: int, *rest: Any, **named: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            return really(path, flags, *rest, **named)

        monkeypatch.setattr(os, "open", read_only)
        with pytest.raises(BowoutError, match="can't be written: Read-only"):
            records.begin(**NOTHING, keep_audio=True)
        with pytest.raises(BowoutError, match="can't be written: Read-only"):
            records.append(attempt, "x")
        assert records.list() == before
        assert records.load(attempt).summary == before[0]
        monkeypatch.undo()
        assert [s.id for s in records.list()] == [attempt], "no half-made attempt was left"


def test_an_index_that_is_locked_does_not_hide_the_list(
    records: FileRecords, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bowout.storage.index.BUSY_S", 0.1)
    spoken(records)
    before = records.list()
    holder = sqlite3.connect(root / "index" / "index.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    second = spoken(records)
    began = time.monotonic()
    assert [s.id for s in records.list()] == [second, before[0].id]
    assert time.monotonic() - began < 2
    holder.execute("ROLLBACK")
    holder.close()
    assert len(records.list()) == 2


def test_writing_is_quick(records: FileRecords) -> None:
    """A block of audio and a partial, ten times a second: far below a block's own length."""
    writer = records.begin(**NOTHING, keep_audio=True)
    began = time.process_time()
    for n in range(1000):
        writer.audio(b"12" * 1600)
        writer.event("partial", turn=0, text="word " * 30, n=n)
    assert (time.process_time() - began) / 1000 < 0.01
    writer.close()
