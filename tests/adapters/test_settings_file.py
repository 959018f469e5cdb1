"""``settings.toml``: mistakes are named with their line, and what the user wrote is never lost."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bowout.core.settings import Settings
from bowout.errors import BowoutError, InputError
from bowout.paths import config_dir
from bowout.storage.atomic import write_atomic
from bowout.storage.settings_file import load_settings, save_settings, settings_path

CHANGED = Settings(
    ear="typed",
    mode="live",
    microphone='Mic "A" \\ (2)',
    calendar="Kalender/mein.ics",
    speakers="Küche 🎧",
    headphones=True,
    vosk_model="models/mine",
    silence_practice_s=3.25,
    silence_live_s=1.0,
    live_line="off",
    keep_recordings="never",
    keep_audio_days=30,
    voice="system",
    extra_time=True,
    rate_first=False,
    countdown=False,
    checked_microphone=True,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def written(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_defaults_without_a_file() -> None:
    assert load_settings() == Settings()
    assert settings_path() == config_dir() / "settings.toml" and not settings_path().exists()


def test_comes_back(path: Path) -> None:
    for settings in (CHANGED, Settings(), CHANGED, Settings(mode="live")):
        save_settings(settings, path)
        assert load_settings(path) == settings


def test_where_it_belongs() -> None:
    save_settings(CHANGED)
    assert load_settings() == CHANGED and settings_path().is_file()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_private(path: Path) -> None:
    written(path, "mode = 'live'\n").chmod(0o644)
    save_settings(CHANGED, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    fresh = path.parent / "new" / "settings.toml"
    save_settings(CHANGED, fresh)
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o600 and stat.S_IMODE(fresh.parent.stat().st_mode) == 0o700


def test_only_what_was_chosen_is_written(path: Path) -> None:
    save_settings(Settings(voice="piper"), path)
    assert [line for line in path.read_text().splitlines() if not line.startswith("#")] == ['voice = "piper"']


def test_comments_order_and_line_ends_stay(path: Path) -> None:
    written(path, "# mine\r\nvoice = 'piper' # loud\r\n\r\nmode    = 'live'\r\n")
    save_settings(Settings(voice="system", mode="live", headphones=True), path)
    lines = path.read_bytes().decode().split("\r\n")
    assert lines[0] == "# mine" and lines[1].startswith("voice = ") and lines[1].endswith("# loud")
    assert "system" in lines[1] and lines[3] == "mode    = 'live'"
    assert load_settings(path) == Settings(voice="system", mode="live", headphones=True)


def test_nothing_new_is_not_written(path: Path) -> None:
    save_settings(CHANGED, path)
    before = path.stat()
    save_settings(CHANGED, path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns and path.stat().st_ino == before.st_ino


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    real = written(tmp_path / "dotfiles" / "bowout.toml", "mode = 'live'\n")
    real.parent.chmod(0o755)
    path.parent.mkdir(parents=True)
    path.symlink_to(real)
    save_settings(CHANGED, path)
    assert path.is_symlink() and load_settings(real) == CHANGED
    assert stat.S_IMODE(real.parent.stat().st_mode) == 0o755, "a folder that is not ours keeps its mode"


def test_a_byte_order_mark_is_no_matter(path: Path) -> None:
    assert load_settings(written(path, b"\xef\xbb\xbfmode = 'live'\n")).mode == "live"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("mode = 'live'\nvoice = \n", 2, ""),
        ("mode = 'live'\n\n[voice\n", 3, ""),
        ("# x\nmode = 'live'\nmode = 'live'\n\nvoice = ''\n", 3, "mode"),
        ("mode = 'live'\n# voices\nvoise = 'piper'\n", 3, "voise"),
        ("\nmode = 'slow'\n", 2, "mode"),
        ("headphones = 1\n", 1, "headphones"),
        ("mode='live'\nsilence_live_s = 99\n", 2, "silence_live_s"),
        ("mode='live'\n\n  [ear]\nx = 1\n", 3, "ear"),
        ('"mode" = 3', 1, "mode"),
        (b"mode = 'live'\nvoice = '\xff'\n", 2, "UTF-8"),
        ("microphone = '\x00'\n", 1, ""),
    ],
)
def test_a_mistake_is_named_and_never_overwritten(path: Path, text: str | bytes, line: int, says: str) -> None:
    written(path, text)
    before = path.read_bytes()
    for act in (load_settings, lambda p: save_settings(CHANGED, p)):
        with pytest.raises(InputError) as caught:
            act(path)
        assert str(path) in caught.value.message and says in caught.value.message
        assert f"line {line}" in caught.value.message
        assert caught.value.hint
    assert path.read_bytes() == before


def test_the_nearest_setting_is_offered(path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_settings(written(path, "headphone = true\n"))
    assert "headphones" in caught.value.hint


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(InputError, match="can't be read"):
        load_settings(path)


def test_every_field_has_its_place_in_this_test() -> None:
    same = {f.name for f in fields(Settings) if getattr(CHANGED, f.name) == getattr(Settings(), f.name)}
    assert same <= {"microphone_host", "speakers_host"}, "add new settings to CHANGED"


class TestWriteAtomic:
    @pytest.mark.parametrize("step", ["fsync", "replace"])
    def test_the_old_one_stands(self, path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        written(path, "old")

        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[step], full)
        with pytest.raises(BowoutError, match="disk is full"):
            write_atomic(path, b"new")
        assert path.read_text() == "old" and [p.name for p in path.parent.iterdir()] == ["settings.toml"]

    def test_nowhere_to_write(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(BowoutError, match="can't be used"):
            write_atomic(tmp_path / "file" / "x", b"")
