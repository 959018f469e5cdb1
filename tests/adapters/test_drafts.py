"""Drafts on disk, their editor, and the thread that writes them."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bowout.core.draft import Draft
from bowout.errors import BowoutError, InputError
from bowout.storage.backup import back_up
from bowout.storage.drafts import LEFT_S, FileDrafts
from bowout.storage.restore import restore
from bowout.tui.drafting import Drafting

NOW = datetime(2026, 11, 25, 14, 5, tzinfo=timezone.utc)
CASE = "20261125T080000000Z-0a1b2c"
KEY = f"message-{CASE}"


@pytest.fixture
def drafts(tmp_path: Path) -> FileDrafts:
    return FileDrafts(tmp_path / "data" / "drafts", lambda: NOW)


def files(drafts: FileDrafts) -> list[str]:
    root = drafts._root
    return sorted(path.name for path in root.iterdir()) if root.is_dir() else []


def test_it_is_kept_for_the_user_alone_and_replaced_whole(drafts: FileDrafts) -> None:
    assert drafts.load(KEY) is None
    drafts.keep(KEY, {"text": "Grüße \ud800 \x1b[31m"})
    drafts.keep(KEY, {"text": "Dear Maria"})
    assert drafts.load(KEY) == Draft(NOW, {"text": "Dear Maria"})
    path = drafts._root / f"{KEY}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert files(drafts) == [path.name]
    drafts.drop(KEY)
    drafts.drop(KEY)
    assert drafts.load(KEY) is None and files(drafts) == []
    drafts.keep("decide", {"odd": "Grüße \ud800"})
    assert drafts.load("decide") == Draft(NOW, {"odd": "Grüße \ud800"})


@pytest.mark.parametrize("key", ["", "../cases", "message-../x", "message-a/b", "message-.x", "message-a.json", "UP"])
def test_no_key_leads_anywhere_else(drafts: FileDrafts, key: str) -> None:
    for use in (drafts.load, drafts.drop, lambda key: drafts.keep(key, {})):
        with pytest.raises(InputError):
            use(key)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"schema": 2}', b"[" * 5000, b"x" * (2**20 + 1)])
def test_one_that_is_damaged_keeps_nobody_from_writing_anew(drafts: FileDrafts, raw: bytes) -> None:
    drafts.keep(KEY, {"text": "a"})
    (drafts._root / f"{KEY}.json").write_bytes(raw)
    assert drafts.load(KEY) is None
    drafts.keep(KEY, {"text": "b"})
    assert drafts.load(KEY) == Draft(NOW, {"text": "b"})


def test_what_belongs_to_a_thing_goes_with_it(drafts: FileDrafts) -> None:
    other = CASE.replace("0a1b2c", "ffffff")
    for key in (KEY, f"incident-{CASE}", f"message-{other}", "practice-not-a-fit", "decide", "incident"):
        drafts.keep(key, {"text": key})
    drafts.drop_of(CASE)
    kept = {f"message-{other}.json", "practice-not-a-fit.json", "decide.json", "incident.json"}
    assert set(files(drafts)) == kept
    drafts.drop_all("message", "incident")
    assert set(files(drafts)) == kept - {f"message-{other}.json"}


def test_it_is_in_the_backup(drafts: FileDrafts, tmp_path: Path) -> None:
    drafts.keep(KEY, {"text": "Dear Maria"})
    data = tmp_path / "data"
    back_up(tmp_path / "b.zip", {"data": data, "config": tmp_path / "config"}, NOW)
    shutil.rmtree(data)
    restore(tmp_path / "b.zip", {"data": data, "config": tmp_path / "config"})
    assert drafts.load(KEY) == Draft(NOW, {"text": "Dear Maria"})
    assert stat.S_IMODE((drafts._root / f"{KEY}.json").stat().st_mode) == 0o600


# The editor.


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def make(body: str) -> None:
        script = tmp_path / "editor.py"
        script.write_text(f"import os, sys\nfrom pathlib import Path\npath = Path(sys.argv[-1])\n{body}\n", "utf-8")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')

    return make


def test_the_file_of_the_editor_lies_with_the_drafts_and_goes(
    drafts: FileDrafts, editor: Callable[[str], None], tmp_path: Path
) -> None:
    editor(
        f"Path({str(tmp_path / 'where')!r}).write_text(str(path))\n"
        "assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0\n"
        "(path.parent / '.text.txt.swp').write_text('swap')\npath.write_text(path.read_text() + ' and more')"
    )
    assert drafts.edited(KEY, {"text": "Dear", "kind": "withdrawal"}, "text") == "Dear and more"
    assert Path((tmp_path / "where").read_text()).is_relative_to(drafts._root)
    assert files(drafts) == [f"{KEY}.json"], "the draft of before; the caller keeps what came back"


def test_an_editor_that_fails_leaves_what_it_saved(drafts: FileDrafts, editor: Callable[[str], None]) -> None:
    editor("path.write_text('saved before it fell')\nsys.exit(3)")
    with pytest.raises(BowoutError) as error:
        drafts.edited(KEY, {"text": "Dear", "kind": "withdrawal"}, "text")
    assert "offered when you come back" in error.value.sentence()
    assert drafts.load(KEY) == Draft(NOW, {"text": "saved before it fell", "kind": "withdrawal"})
    drafts.drop_of(CASE)
    assert files(drafts) == []


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_killed_program_gets_back_what_the_editor_saved(
    drafts: FileDrafts, editor: Callable[[str], None], tmp_path: Path
) -> None:
    editor("path.write_text('saved')\nos.kill(os.getppid(), 9)")
    child = textwrap.dedent(
        f"""
        from datetime import datetime, timezone
        from pathlib import Path
        from bowout.storage.drafts import FileDrafts
        drafts = FileDrafts(Path({str(drafts._root)!r}), lambda: datetime.now(timezone.utc))
        drafts.edited({KEY!r}, {{"text": "Dear", "kind": "withdrawal"}}, "text")
        """
    )
    assert subprocess.run([sys.executable, "-c", child], check=False).returncode == -signal.SIGKILL
    deadline = time.monotonic() + 20
    while (found := drafts.load(KEY)) is None or found.texts["text"] != "saved":
        assert time.monotonic() < deadline, found
        time.sleep(0.01)
    assert found.texts["kind"] == "withdrawal"
    drafts.tidy()
    assert f"{KEY}.editing" in files(drafts), "somebody may still have it open"
    old = time.time() - LEFT_S - 60
    for path in ((folder := drafts._root / f"{KEY}.editing"), *folder.iterdir()):
        os.utime(path, (old, old))
    drafts.tidy()
    assert files(drafts) == [f"{KEY}.json"]
    assert (kept := drafts.load(KEY)) is not None and kept.texts == {"text": "saved", "kind": "withdrawal"}


# The thread that writes.


class Slow:
    """Remembers what it was told, and who told it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str | None]] = []
        self.threads: set[str] = set()
        self.full = False

    def keep(self, key: str, texts: dict[str, str]) -> None:
        self.threads.add(threading.current_thread().name)
        if self.full:
            raise BowoutError("The disk is full.")
        self.told.append((key, texts["text"]))

    def drop(self, key: str) -> None:
        self.told.append((key, None))


def test_only_the_last_of_many_changes_is_written_and_by_its_own_thread() -> None:
    slow, refused = Slow(), list[BowoutError]()
    drafting = Drafting(lambda: slow, refused.append)  # type: ignore[arg-type,return-value]
    for number in range(200):
        drafting.keep("decide", {"text": str(number)})
    drafting.keep("incident", {"text": "a"})
    assert slow.told == [], "nothing is written while somebody types"
    drafting.settle()
    assert slow.told == [("decide", "199"), ("incident", "a")] and slow.threads == {"drafts"}
    drafting.keep("decide", {"text": "more"})
    drafting.drop("decide")
    drafting.settle()
    assert slow.told[2:] == [("decide", None)], "what was finished is not written once more"
    slow.full = True
    for _ in range(3):
        drafting.keep("decide", {"text": "x"})
        drafting.settle()
    assert len(refused) == 1, "told once"


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_what_was_typed_outlives_a_kill_and_the_end_of_the_program(tmp_path: Path) -> None:
    """A moment after the last change it is on disk; a program that ends normally waits for it."""
    root = tmp_path / "drafts"
    child = textwrap.dedent(
        f"""
        import sys, threading
        from datetime import datetime, timezone
        from pathlib import Path
        from bowout.storage.drafts import FileDrafts
        from bowout.tui.drafting import Drafting
        drafts = FileDrafts(Path({str(root)!r}), lambda: datetime.now(timezone.utc))
        drafting = Drafting(lambda: drafts, print)
        drafting.keep(sys.argv[1], {{"text": "typed"}})
        if sys.argv[2] == "stays":
            threading.Event().wait()
        """
    )
    here = FileDrafts(root, lambda: NOW)
    with subprocess.Popen([sys.executable, "-c", child, "decide", "stays"]) as process:
        deadline = time.monotonic() + 30
        while here.load("decide") is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()
    assert (found := here.load("decide")) is not None and found.texts == {"text": "typed"}
    assert subprocess.run([sys.executable, "-c", child, "incident", "ends"], check=False).returncode == 0
    assert here.load("incident") is not None
