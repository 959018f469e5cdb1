"""Incident notes on disk: private, appended to, gone as a whole, in no log."""

from __future__ import annotations

import logging
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bowout.core import when
from bowout.core.incident import Incident
from bowout.errors import InputError
from bowout.storage.event_folders import EVENTS
from bowout.storage.incidents import FileIncidents
from owncases import NOW

NOTE = Incident(NOW, when.later(NOW, -timedelta(hours=2)), "He touched my knee.", "planner at Northwind", who="Mr Kott")


@pytest.fixture
def incidents(tmp_path: Path) -> FileIncidents:
    return FileIncidents(tmp_path / "data" / "incidents", lambda: NOW)


def test_a_note_is_kept_added_to_and_read_by_another_program(incidents: FileIncidents, tmp_path: Path) -> None:
    kept = incidents.begin(NOTE)
    path = tmp_path / "data" / "incidents" / kept.id / EVENTS
    first = path.read_bytes()
    tomorrow = when.later(NOW, timedelta(days=1))
    whole = incidents.add(kept.id, "I kept his card.", tomorrow)
    assert path.read_bytes().startswith(first), "what was written is never written over"
    again = FileIncidents(tmp_path / "data" / "incidents", lambda: NOW)
    assert again.load(kept.id) == whole == again.list()[0]
    assert (whole.what, whole.additions[0].written, whole.additions[0].text) == (
        NOTE.what,
        tomorrow,
        "I kept his card.",
    )
    assert not [name for name in dir(incidents) if name in ("change", "edit", "update")], "nothing can be edited"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_can_read_it(incidents: FileIncidents, tmp_path: Path) -> None:
    kept = incidents.begin(NOTE)
    root = tmp_path / "data" / "incidents"
    for path in (root, root / kept.id, root / kept.id / EVENTS):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_every_event_is_brought_through_a_power_cut(incidents: FileIncidents, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("bowout.storage.event_log.os.fsync", synced.append)
    kept = incidents.begin(NOTE)
    assert len(synced) == 2, "the event, and the name of its folder"
    incidents.add(kept.id, "x", NOW)
    assert len(synced) == 3


def test_nothing_of_it_is_in_a_log(incidents: FileIncidents, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    kept, other = incidents.begin(NOTE), incidents.begin(NOTE)
    root = tmp_path / "data" / "incidents"
    with (root / kept.id / EVENTS).open("a") as file:
        file.write('{"kind": "added", "text": "torn knee')
    broken = root / other.id / EVENTS
    broken.write_text(broken.read_text().replace('"happened":"', '"happened":"Kott '))
    with caplog.at_level(logging.DEBUG):
        assert [each.id for each in incidents.list()] == [kept.id], "one that can't be read hides no other"
        incidents.add(kept.id, "after the torn one", NOW)
    assert incidents.load(kept.id).additions[0].text == "after the torn one"
    assert caplog.text and "knee" not in caplog.text and "Kott" not in caplog.text


def test_deleted_is_gone_as_a_whole(incidents: FileIncidents, tmp_path: Path) -> None:
    kept = incidents.begin(NOTE)
    incidents.delete(kept.id)
    assert not list((tmp_path / "data" / "incidents").iterdir())
    with pytest.raises(InputError, match="no incident note"):
        incidents.add(kept.id, "x", NOW)
    with pytest.raises(InputError, match="no incident note"):
        incidents.load("../cases")
    incidents.begin(NOTE)
    assert incidents.delete_all() == 1 and incidents.list() == []
