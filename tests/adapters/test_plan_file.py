"""The plan's file: private, replaced whole, and never lost, whatever is in it."""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bowout.core.plan import Plan
from bowout.errors import BowoutError, InputError
from bowout.ports import Plans
from bowout.storage.plan_file import MOST_BYTES, FilePlans

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
PLAN = Plan(NOW, datetime(2026, 11, 28, 10, 0, tzinfo=ZoneInfo("Europe/Berlin")), "c", time(19, 30))


@pytest.fixture
def plans(tmp_path: Path) -> FilePlans:
    return FilePlans(tmp_path / "data" / "plan.json")


def test_kept_replaced_and_dropped(plans: FilePlans, tmp_path: Path) -> None:
    assert isinstance(plans, Plans)
    assert plans.load() is None
    plans.drop()
    plans.keep(PLAN)
    assert plans.load() == PLAN
    plans.keep(Plan(NOW))
    assert plans.load() == Plan(NOW)
    file = tmp_path / "data" / "plan.json"
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["plan.json"]
    plans.drop()
    assert plans.load() is None and not list(file.parent.iterdir())


DAMAGED = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"{}",
    b'{"schema": 1}',
    b'{"schema": 0, "made": "2026-11-25T09:00:00+00:00"}',
    b'{"schema": "1", "made": "2026-11-25T09:00:00+00:00"}',
    b'{"schema": 1, "made": "yesterday"}',
    b"[" * 60_000,
    b'{"schema": 1, "made": ' + b"9" * 5000 + b"}",
    b" " * (MOST_BYTES + 1),
)


@pytest.mark.parametrize("data", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_put_aside_and_not_lost(plans: FilePlans, tmp_path: Path, data: bytes) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("plan.unreadable.json", "plan.unreadable-2.json"):
        (folder / "plan.json").write_bytes(data)
        with pytest.raises(InputError, match="The plan could not be read") as raised:
            plans.load()
        assert name in raised.value.hint
        assert (folder / name).read_bytes() == data
        assert plans.load() is None
    plans.keep(PLAN)
    assert plans.load() == PLAN


def test_a_newer_version_stays_where_it_is(plans: FilePlans, tmp_path: Path) -> None:
    plans.keep(PLAN)
    file = tmp_path / "data" / "plan.json"
    text = json.dumps({**json.loads(file.read_text("utf-8")), "schema": 2})
    file.write_text(text, "utf-8")
    for _ in range(2):
        with pytest.raises(InputError, match="newer version"):
            plans.load()
    assert file.read_text("utf-8") == text


def test_a_folder_in_its_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(InputError, match="can't be read"):
        FilePlans(tmp_path / "plan.json").load()
    with pytest.raises(BowoutError):
        FilePlans(tmp_path / "plan.json").drop()


def test_a_disk_that_refuses_keeps_the_old_plan(
    plans: FilePlans, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.keep(PLAN)

    def full(self: Path, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BowoutError, match="full"):
        plans.keep(Plan(NOW))
    assert plans.load() == PLAN
    assert [each.name for each in (tmp_path / "data").iterdir()] == ["plan.json"]

    def refused(self: Path, target: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refused)
    (tmp_path / "data" / "plan.json").write_bytes(b"{")
    with pytest.raises(InputError, match="could not be read") as raised:
        plans.load()
    assert "stays where it is" in raised.value.hint
    assert (tmp_path / "data" / "plan.json").read_bytes() == b"{"
