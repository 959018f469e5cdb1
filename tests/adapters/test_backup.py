"""A backup and its way back: everything of the user's, nothing of anybody else's, and nothing is ever replaced."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import random
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bowout.errors import BowoutError, InputError, UsageError
from bowout.paths import resource
from bowout.storage import backup, restore
from bowout.storage.backup import back_up, is_backup
from bowout.storage.backup_layout import KINDS, Root, placed
from bowout.storage.bowpack import archive
from bowout.storage.packs import load_pack
from bowout.storage.records import FileRecords
from bowout.storage.restore import Restored
from bowout.storage.restore import restore as restored_from

NOW = datetime(2026, 5, 30, 9, 15, tzinfo=timezone.utc)
ONE, TWO = "20260504T093000120Z-3f9a1c", "20260504T093100120Z-3f9a1d"
START = {"schema": 1, "at": "2026-05-04T09:30:00.120+00:00", "kind": "start", "scenario": "s", "title": "T"}
SUM = "0123456789abcdef" * 2
DIARY = (json.dumps(START) + "\n").encode()
SOUND = b"RIFF" + bytes(3000)
Files = dict[str, bytes]
Build = Callable[[Files], bytes]


@pytest.fixture
def roots(tmp_path: Path) -> dict[Root, Path]:
    return {"data": tmp_path / "there" / "data", "config": tmp_path / "there" / "config"}


@pytest.fixture
def here(tmp_path: Path) -> dict[Root, Path]:
    """Another machine, on which nothing is yet."""
    return {"data": tmp_path / "here" / "data", "config": tmp_path / "here" / "config"}


def everything(roots: dict[Root, Path]) -> Files:
    """One of each kind, with things beside that are no business of a backup; what belongs in it, by name."""
    pack = load_pack(resource("scenarios") / "essentials")
    wanted = {
        f"attempts/{ONE}/events.jsonl": DIARY,
        f"attempts/{ONE}/audio.wav": SOUND,
        f"attempts/{TWO}/events.jsonl": b"torn",
        f"cases/{ONE}/events.jsonl": b'{"schema": 1}\n',
        f"incidents/{TWO}/events.jsonl": b'{"schema": 1}\n',
        "messages/withdrawal.txt": "Grüße\n".encode(),
        f"packs/{pack.id}.bowpack": archive(pack),
        f"coaching/coach/assignments/{SUM}/assignment.bowassign": b"a",
        f"coaching/coach/assignments/{SUM}/events.jsonl": DIARY,
        f"coaching/coach/assignments/{SUM}/results/{SUM}": b"r",
        f"coaching/coach/assignments/{SUM}/roster.json": b"{}",
        "coaching/coach/people.jsonl": b"{}\n",
        f"coaching/learner/assignments/{SUM}/answers/{SUM}": b"w",
        f"coaching/learner/assignments/{SUM}/events.jsonl": DIARY,
        "coaching/learner/coaches.json": b"{}",
        "plan.json": b'{"schema": 1, "broken": true}\n',
        "settings.toml": b'mode = "live"\n',
    }
    others = {
        f"attempts/{ONE}/notes.txt": b"?", f"attempts/.new-{ONE}/events.jsonl": b"?", "attempts/index.sqlite": b"?",
        "attempts/holiday/events.jsonl": b"?", f"coaching/coach/assignments/{SUM}/results/x": b"?",
        "coaching/coach/keys.json": b"secret", "coaching/learner/keys.json": b"secret too",
        "models/vosk/model": b"?", "messages/other.txt": b"?", "x.json": b"?",
    }  # fmt: skip
    for name, data in {**wanted, **others}.items():
        path = roots["config" if name == "settings.toml" else "data"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return wanted


def lying(roots: dict[Root, Path]) -> Files:
    """Every file below the roots, by its name in an archive."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for root in roots.values()
        for path in root.rglob("*")
        if path.is_file()
    }


def counted(made: dict[Any, list[str]]) -> dict[str, int]:
    return {kind.noun: len(things) for kind, things in made.items()}


class TestThereAndBack:
    def test_all_of_it_and_nothing_else(self, roots: dict[Root, Path], here: dict[Root, Path], tmp_path: Path) -> None:
        wanted = everything(roots)
        made = back_up(tmp_path / "b.zip", roots, NOW)
        assert {kind.noun: n for kind, n in made.things.items()} == {
            "call": 2, "case": 1, "incident note": 1, "wording of a message": 1, "pack": 1, "plan": 1, "settings": 1,
            "assignment handed out": 1, "list of learners": 1, "assignment": 1, "list of coaches": 1,
        }  # fmt: skip
        assert made.bytes == made.path.stat().st_size and made.left_out == () and is_backup(made.path)
        with zipfile.ZipFile(made.path) as opened:
            assert opened.testzip() is None
            manifest = json.loads(opened.read("manifest.json"))
            assert set(opened.namelist()) == {*wanted, "manifest.json"}
        assert {name: entry["sha256"] for name, entry in manifest["files"].items()} == {
            name: hashlib.sha256(data).hexdigest() for name, data in wanted.items()
        }
        back = restored_from(made.path, here)
        # A plan that can't be used is left where it is: in the backup.
        assert list(back.unusable) == ["plan.json"] and back.stayed == {} and "plan" not in counted(back.came)
        assert lying(here) == {name: data for name, data in wanted.items() if name != "plan.json"}
        assert counted(back.came)["call"] == 2
        assert [row.id for row in FileRecords(here["data"] / "attempts").list()] == [ONE]

    def test_keys_only_where_they_are_asked_for(
        self, roots: dict[Root, Path], here: dict[Root, Path], tmp_path: Path
    ) -> None:
        everything(roots)
        assert b"secret" not in back_up(tmp_path / "b.zip", roots, NOW).path.read_bytes()
        made = back_up(tmp_path / "b.zip", roots, NOW, with_keys=True)
        assert {"coach's keys", "learner's keys"} < {kind.noun for kind in made.things}
        restored_from(made.path, here)
        assert (here["data"] / "coaching" / "coach" / "keys.json").read_bytes() == b"secret"

    @pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
    def test_for_the_user_alone(self, roots: dict[Root, Path], here: dict[Root, Path], tmp_path: Path) -> None:
        everything(roots)
        old = os.umask(0)
        try:
            made = back_up(tmp_path / "b.zip", roots, NOW)
            restored_from(made.path, here)
        finally:
            os.umask(old)
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
        for root in here.values():
            for path in (root, *root.rglob("*")):
                assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path

    def test_what_is_here_stays(self, roots: dict[Root, Path], here: dict[Root, Path], tmp_path: Path) -> None:
        wanted = everything(roots)
        made = back_up(tmp_path / "b.zip", roots, NOW)
        mine = {f"attempts/{ONE}/events.jsonl": b"mine", "settings.toml": b"# mine\n", "messages/withdrawal.txt": b"m"}
        for name, data in mine.items():
            path = here["config" if name == "settings.toml" else "data"] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        tried = restored_from(made.path, here, dry_run=True)
        assert lying(here) == mine, "only tried"
        back = restored_from(made.path, here)
        assert (counted(tried.came), counted(tried.stayed)) == (counted(back.came), counted(back.stayed))
        assert counted(back.stayed) == {"call": 1, "wording of a message": 1, "settings": 1}
        now = lying(here)
        assert {name: now[name] for name in mine} == mine and f"attempts/{ONE}/audio.wav" not in now
        assert now[f"attempts/{TWO}/events.jsonl"] == wanted[f"attempts/{TWO}/events.jsonl"]
        again = restored_from(made.path, here)
        assert again.came == {} and lying(here) == now, "a second time nothing comes"

    def test_of_nothing(self, roots: dict[Root, Path], here: dict[Root, Path], tmp_path: Path) -> None:
        made = back_up(tmp_path / "b.zip", roots, NOW)
        assert made.things == {} and restored_from(made.path, here) == Restored()
        assert not here["data"].exists() and not roots["data"].exists()

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX's")
    def test_links_pipes_and_giants_are_left_out(
        self, roots: dict[Root, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everything(roots)
        attempts = roots["data"] / "attempts"
        secret = tmp_path / "secret"
        secret.write_bytes(b"somebody else's")
        (attempts / ONE / "audio.wav").unlink()
        (attempts / ONE / "audio.wav").symlink_to(secret)
        (attempts / "20260504T093200120Z-000000").symlink_to(attempts / ONE)
        os.mkfifo(roots["data"] / "cases" / ONE / "pipe")
        (roots["data"] / "messages" / "withdrawal.txt").write_bytes(b"x" * 70_000)
        made = back_up(tmp_path / "b.zip", roots, NOW)
        assert [(path.name, why) for path, why in made.left_out] == [
            ("audio.wav", "it is no ordinary file"), ("withdrawal.txt", "it is too large"),
        ]  # fmt: skip
        assert b"somebody else's" not in made.path.read_bytes()

    def test_a_call_that_is_going_on(self, roots: dict[Root, Path], here: dict[Root, Path], tmp_path: Path) -> None:
        records = FileRecords(roots["data"] / "attempts")
        writer = records.begin(scenario="s", title="T", intent="leave", mode="live", ear="vosk", keep_audio=True)
        writer.audio(b"12" * 16_000)
        writer.event("turn", text="so far")
        made = back_up(tmp_path / "b.zip", roots, NOW)
        writer.event("turn", text="and on")
        writer.close()
        restored_from(made.path, here)
        stored = FileRecords(here["data"] / "attempts").load(writer.id)
        assert [event.get("text") for event in stored.events] == [None, "so far"] and stored.summary.seconds == 1.0


class TestTarget:
    def test_an_older_backup_is_replaced_and_nothing_else(self, roots: dict[Root, Path], tmp_path: Path) -> None:
        everything(roots)
        path = tmp_path / "b.zip"
        back_up(path, roots, NOW)
        shutil.rmtree(roots["data"] / "cases")
        assert "case" not in {kind.noun for kind in back_up(path, roots, NOW).things}
        photos = tmp_path / "photos.zip"
        with zipfile.ZipFile(photos, "w") as other:
            other.writestr("manifest.json", b"{}")
        link = tmp_path / "link.zip"
        link.symlink_to(path)
        for wrong in (photos, link, tmp_path / "folder.zip"):
            (tmp_path / "folder.zip").mkdir(exist_ok=True)
            before = photos.read_bytes()
            with pytest.raises(UsageError, match="there already"):
                back_up(wrong, roots, NOW)
            assert photos.read_bytes() == before
        with pytest.raises(UsageError, match="does not end with"):
            back_up(tmp_path / "notes.txt", roots, NOW)
        with pytest.raises(BowoutError, match="can't be used"):
            back_up(tmp_path / "nowhere" / "b.zip", roots, NOW)

    def test_a_full_disk_leaves_the_old_one(
        self, roots: dict[Root, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everything(roots)
        path = tmp_path / "b.zip"
        back_up(path, roots, NOW)
        before = path.read_bytes()
        room = [5_000]

        class Full(io.FileIO):
            def write(self, data: Any) -> int:
                room[0] -= len(data)
                if room[0] < 0:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return super().write(data)

        monkeypatch.setattr(os, "fdopen", lambda handle, mode: Full(handle, mode))
        with pytest.raises(BowoutError, match="disk is full"):
            back_up(path, roots, NOW)
        assert path.read_bytes() == before and [each.name for each in tmp_path.glob("*b.zip*")] == ["b.zip"]


# What a hostile one tries.


def built(files: Files, /, *, listed: Files | None = None, **changes: Any) -> bytes:
    """A backup of these files, as our own tool lays it out."""
    sums = {n: {"bytes": len(d), "sha256": hashlib.sha256(d).hexdigest()} for n, d in (listed or files).items()}
    manifest = {"kind": "bowout-backup", "schema": 1, "files": sums, **changes}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in {**files, "manifest.json": json.dumps(manifest).encode()}.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFREG | 0o600) << 16
            made.writestr(entry, data)
    return out.getvalue()


def named(name: str) -> bytes:
    return built({name: DIARY})


def entry(change: Callable[[zipfile.ZipInfo], None], kind: int = zipfile.ZIP_STORED, size: int = 100) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as made:
        info = zipfile.ZipInfo(f"attempts/{ONE}/events.jsonl")
        info.external_attr, info.compress_type = (stat.S_IFREG | 0o600) << 16, kind
        change(info)
        made.writestr(info, b"x" * size)
        made.writestr("manifest.json", b"{}")
    return out.getvalue()


def patched(raw: bytes, at: bytes, offset: int, value: bytes) -> bytes:
    """The last place of ``at``, and ``value`` that many bytes behind its beginning."""
    where = raw.rindex(at) + offset
    return raw[:where] + value + raw[where + len(value) :]


GOOD = built({f"attempts/{ONE}/events.jsonl": DIARY, f"attempts/{ONE}/audio.wav": SOUND, "settings.toml": b""})
CENTRAL, END = b"PK\x01\x02", b"PK\x05\x06"
LINK = stat.S_IFLNK | 0o777


def mode(bits: int) -> Callable[[zipfile.ZipInfo], None]:
    return lambda info: setattr(info, "external_attr", bits << 16)


def doubled() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, pytest.warns(UserWarning, match="Duplicate"):
        for data in (b"one", b"two"):
            made.writestr("plan.json", data)
        made.writestr("manifest.json", b"{}")
    return out.getvalue()


def overlapping() -> bytes:
    """The second entry of the directory points to the first file."""
    raw = built({f"attempts/{ONE}/events.jsonl": DIARY, f"attempts/{TWO}/events.jsonl": DIARY})
    second = raw.index(CENTRAL, raw.index(CENTRAL) + 4)
    return raw[: second + 42] + struct.pack("<L", 0) + raw[second + 46 :]


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is no backup"),
    "words": (lambda: b"not a zip at all", "is no backup"),
    "only an end": (lambda: END + bytes(18), "holds no manifest.json"),
    "cut short": (lambda: GOOD[:-30], "is no backup, or its end is missing"),
    "something behind": (lambda: GOOD + b"more", "its end is missing"),
    "a comment": (lambda: patched(GOOD, END, 20, b"\4\0") + b"more", "its end is missing"),
    "an absolute path": (lambda: named("/etc/passwd"), "is an absolute path"),
    "a drive": (lambda: named("C:/x"), "is an absolute path"),
    "leads out": (lambda: named("../../x"), "leads out of the backup"),
    "leads out inside": (lambda: named(f"attempts/{ONE}/../../x"), "leads out of the backup"),
    "a backslash": (lambda: named("attempts\\x"), "has a backslash|no file of a backup"),
    "a folder": (lambda: named("attempts/"), "is a folder"),
    "another file": (lambda: named("attempts/index.sqlite"), "no file of a backup"),
    "a file too deep": (lambda: named(f"attempts/{ONE}/x/events.jsonl"), "no file of a backup"),
    "a thing where a file is": (lambda: named(f"attempts/{ONE}"), "no file of a backup"),
    "a hidden file": (lambda: named(".bashrc"), "no file of a backup"),
    "no id": (lambda: named("attempts/20260504/events.jsonl"), "no file of a backup"),
    "digits of another script": (lambda: named(f"attempts/{ONE.replace('2', '٢')}/events.jsonl"), "no file of"),
    "an unborn folder": (lambda: named(f"attempts/.new-{ONE}/events.jsonl"), "no file of a backup"),
    "a program": (lambda: named("packs/x.py"), "no file of a backup"),
    "a wording of nothing": (lambda: named("messages/x.txt"), "no file of a backup"),
    "a name with an escape": (lambda: named("\x1b[2J"), "no file of a backup"),
    "a link": (lambda: entry(mode(LINK)), "is a link"),
    "a device": (lambda: entry(mode(stat.S_IFCHR | 0o600)), "is a device"),
    "a pipe": (lambda: entry(mode(stat.S_IFIFO | 0o600)), "is a device"),
    "a bomb": (lambda: entry(lambda info: None, zipfile.ZIP_DEFLATED, 10_000_000), "is compressed"),
    "encrypted": (lambda: patched(entry(lambda info: None), CENTRAL, 8, b"\1\0"), "is encrypted|damaged"),
    "two lengths": (lambda: patched(GOOD, CENTRAL, 24, struct.pack("<L", 9)), "has two lengths"),
    "larger than it is": (lambda: patched(patched(GOOD, CENTRAL, 20, b"\xff\xff\xff\x3f"), CENTRAL, 24,
                                          b"\xff\xff\xff\x3f"), "is larger than|would take more than|lies over"),
    "a giant of settings": (lambda: built({"settings.toml": b"#" * 70_000}), "is larger than 64 KB"),
    "twice": (doubled, "is in it twice"),
    "over another": (overlapping, "lies over another file|damaged"),
    "a million files": (lambda: patched(GOOD, END, 10, b"\xff\xff"), "its end counts 65,535 files"),
    "a huge directory": (lambda: patched(GOOD, END, 12, b"\xff\xff\xff\x7f"), "unlike any backup"),
    "no manifest": (lambda: GOOD.replace(b"manifest.json", b"plan.jsonjson"), "no file of a backup"),
    "a manifest of something else": (lambda: built({}, kind="bowpack"), "not one of a backup"),
    "no schema": (lambda: built({}, schema="1"), "not one of a backup"),
    "a later version": (lambda: built({}, schema=2), "later version of Bow Out"),
    "a manifest that is a list": (lambda: GOOD.replace(b'{"kind"', b'["kind"'), "damaged|differ|can't be read"),
    "no sums": (lambda: built({"plan.json": b"{}"}, files=[]), "has no sum for it"),
    "a wrong sum": (lambda: built({"plan.json": b"{}"}, listed={"plan.json": b"[]"}), "the sums differ"),
    "listed and missing": (lambda: built({}, listed={"plan.json": b"[]"}), "does not hold it"),
    "not listed": (lambda: built({"plan.json": b"{}", "settings.toml": b""}, listed={"plan.json": b"{}"}), "no sum"),
    "another byte": (lambda: GOOD.replace(b'"title"', b'"tITle"'), "is damaged: Bad CRC|sums differ"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_ones_touch_nothing(case: str, here: dict[Root, Path], tmp_path: Path) -> None:
    make, says = HOSTILE[case]
    path = tmp_path / "b.zip"
    path.write_bytes(make())
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match=says) as caught:
        restored_from(path, here)
    assert caught.value.hint and len(caught.value.message) < 400
    assert sorted(tmp_path.rglob("*")) == before


def test_the_good_one_is_good(here: dict[Root, Path], tmp_path: Path) -> None:
    """Else the table above would prove nothing."""
    (tmp_path / "b.zip").write_bytes(GOOD)
    assert counted(restored_from(tmp_path / "b.zip", here).came) == {"call": 1, "settings": 1}


def test_any_damage_is_a_sentence_or_does_no_harm(here: dict[Root, Path], tmp_path: Path) -> None:
    """Bytes changed at random: it is refused, or what comes is what was in it."""
    wanted = {f"attempts/{ONE}/events.jsonl": DIARY, f"attempts/{ONE}/audio.wav": SOUND, "settings.toml": b""}
    dice = random.Random(7)
    path = tmp_path / "b.zip"
    refused = 0
    for _ in range(300):
        raw = bytearray(GOOD)
        for _ in range(dice.choice((1, 1, 2, 8))):
            # Most of it is silence; the interesting bytes are before and behind.
            anywhere, before, behind = dice.randrange(len(raw)), dice.randrange(400), -1 - dice.randrange(700)
            where = dice.choice((anywhere, before, before, behind, behind))
            raw[where] = dice.randrange(256)
        path.write_bytes(raw)
        try:
            restored_from(path, here)
        except InputError:
            refused += 1
        assert {name: data for name, data in lying(here).items() if wanted.get(name) != data} == {}
        shutil.rmtree(tmp_path / "here", ignore_errors=True)
    assert refused > 200


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("settings.toml", b"mode = 3\n"),
        ("settings.toml", b"\xff"),
        ("settings.toml", b"x = " + b"[" * 5000),
        ("plan.json", b"[" * 50_000),
        ("plan.json", b"[]"),
        ("messages/withdrawal.txt", b"\xff\xfe"),
        ("packs/a-pack.bowpack", b"no pack"),
        (f"attempts/{TWO}/audio.wav", SOUND),
    ],
)
def test_what_cannot_be_used_stays_out_and_the_rest_comes(
    here: dict[Root, Path], tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / "b.zip").write_bytes(built({f"attempts/{ONE}/events.jsonl": DIARY, name: data}))
    back = restored_from(tmp_path / "b.zip", here)
    assert list(back.unusable) == [name] and back.unusable[name] and counted(back.came) == {"call": 1}
    assert lying(here) == {f"attempts/{ONE}/events.jsonl": DIARY}


class TestDiskRefuses:
    def test_no_room_is_told_before(
        self, here: dict[Root, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "b.zip").write_bytes(GOOD)
        usage = shutil.disk_usage(tmp_path)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
        with pytest.raises(BowoutError, match="too full"):
            restored_from(tmp_path / "b.zip", here)
        assert lying(here) == {}

    def test_full_half_way_and_done_again(
        self, here: dict[Root, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = {f"attempts/2026050{n}T093000120Z-3f9a1c/events.jsonl": DIARY for n in range(1, 6)}
        (tmp_path / "b.zip").write_bytes(built(files))
        fsync, count = os.fsync, [0]

        def full(handle: int) -> None:
            count[0] += stat.S_ISREG(os.fstat(handle).st_mode)
            if count[0] == 3:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            fsync(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(BowoutError, match="disk is full"):
                restored_from(tmp_path / "b.zip", here)
        assert len(lying(here)) == 2 and not list((here["data"] / "attempts").glob(".*")), "whole ones, no leftovers"
        back = restored_from(tmp_path / "b.zip", here)
        assert (counted(back.came), counted(back.stayed)) == ({"call": 3}, {"call": 2}) and lying(here) == files

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX's")
    def test_a_file_that_is_no_file(self, here: dict[Root, Path], tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.zip")
        for name in ("pipe.zip", "none.zip", "."):
            with pytest.raises(InputError, match=r"no ordinary file|can't be read"):
                restored_from(tmp_path / name, here)

    def test_it_came_from_elsewhere_meanwhile(
        self, here: dict[Root, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "b.zip").write_bytes(GOOD)
        target = here["data"] / "attempts" / ONE
        sync = restore.sync_folder

        def meanwhile(folder: Path) -> None:
            if not target.exists():
                target.mkdir(parents=True)
                (target / "events.jsonl").write_bytes(b"mine")
            sync(folder)

        monkeypatch.setattr(restore, "sync_folder", meanwhile)
        back = restored_from(tmp_path / "b.zip", here)
        assert counted(back.stayed) == {"call": 1} and (target / "events.jsonl").read_bytes() == b"mine"


def test_large_ones_are_written_and_read(
    roots: dict[Root, Path], here: dict[Root, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More files than the old form of a ZIP can count; the limit of the form is lowered for that."""
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)
    wanted = everything(roots)
    made = back_up(tmp_path / "b.zip", roots, NOW)
    assert b"PK\x06\x06" in made.path.read_bytes()[-200:]
    restored_from(made.path, here)
    assert len(lying(here)) == len(wanted) - 1
    raw = made.path.read_bytes()
    for at, offset, value, says in (
        (b"PK\x06\x06", 32, struct.pack("<Q", 10**9), "unlike any backup"),
        (b"PK\x06\x06", 40, struct.pack("<Q", 2**40), "unlike any backup"),
        (b"PK\x06\x06", 0, b"XX", "its end is torn"),
    ):
        (tmp_path / "b.zip").write_bytes(patched(raw, at, offset, value))
        with pytest.raises(InputError, match=says):
            restored_from(tmp_path / "b.zip", here)


def test_names_are_understood_or_not() -> None:
    assert [kind.noun for kind in KINDS if not kind.plural] == [
        "list of learners", "list of coaches", "coach's keys", "learner's keys", "plan", "settings",
    ]  # fmt: skip
    place = placed(f"cases/{ONE}/events.jsonl")
    assert place is not None and (place.kind.noun, place.thing, place.file) == ("case", ONE, "events.jsonl")
    for name in ("", "/", "attempts", f"cases/{ONE}/audio.wav", f"cases/{ONE}/", "data/plan.json", "plan.json/x", "\n"):
        assert placed(name) is None, name
    assert backup.ENDING == ".zip"
