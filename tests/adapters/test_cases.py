"""Cases on disk: private, appended to, read again by anybody, gone when deleted."""

from __future__ import annotations

import json
import logging
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bowout.core import when
from bowout.core.case import Report
from bowout.errors import BowoutError, InputError
from bowout.ports import Cases
from bowout.storage.cases import EVENTS, FileCases
from owncases import NOW, case


@pytest.fixture
def cases(tmp_path: Path) -> FileCases:
    return FileCases(tmp_path / "data" / "cases", lambda: NOW)


def test_it_is_the_port() -> None:
    assert isinstance(FileCases(Path(), lambda: NOW), Cases)


def test_a_case_is_kept_and_read_by_another_program(cases: FileCases, tmp_path: Path) -> None:
    one = cases.begin(case("ill"))
    assert one.id != case("ill").id
    cases.did(one.id, "read", NOW)
    cases.change(one.id, number="+1 555", options=[when.kept(NOW)])
    cases.rehearsed(one.id, "attempt", NOW, passed=True)
    cases.report(one.id, Report(NOW, "agreed", when.later(NOW, timedelta(days=1))))
    last = cases.close(one.id, NOW)
    again = FileCases(tmp_path / "data" / "cases", lambda: NOW).load(one.id)
    assert again == last
    assert again.number == "+1 555" and again.closed == NOW and set(again.done) == {"read", "spoken"}


def test_the_newest_comes_first(tmp_path: Path) -> None:
    moments = iter([NOW, NOW, when.later(NOW, timedelta(minutes=5)), when.later(NOW, timedelta(minutes=5))])
    cases = FileCases(tmp_path / "cases", lambda: next(moments))
    first, second = cases.begin(case("ill")), cases.begin(case("offer"))
    assert [each.id for each in cases.list()] == [second.id, first.id]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_can_read_it(cases: FileCases, tmp_path: Path) -> None:
    one = cases.begin(case("ill"))
    folder = tmp_path / "data" / "cases" / one.id
    for path in (tmp_path / "data" / "cases", folder, folder / EVENTS):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_nothing_of_it_is_in_a_log(cases: FileCases, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    with caplog.at_level(logging.DEBUG):
        one = cases.begin(case("ill"))
        with (tmp_path / "data" / "cases" / one.id / EVENTS).open("a") as file:
            file.write('{"kind": "changed", "reason": "secret Maria Kel')
        assert cases.list()[0].contact == "Maria Keller"
        cases.did(one.id, "read", NOW)
    assert cases.load(one.id).done
    assert "Maria" not in caplog.text and "fallen ill" not in caplog.text


def test_what_was_written_is_never_written_over(cases: FileCases, tmp_path: Path) -> None:
    one = cases.begin(case("ill"))
    path = tmp_path / "data" / "cases" / one.id / EVENTS
    before = path.read_bytes()
    cases.report(one.id, Report(NOW, "voicemail"))
    cases.report(one.id, Report(NOW, "withdrawn"))
    assert path.read_bytes().startswith(before)
    exported = cases.export(one.id)
    assert [event["kind"] for event in exported["events"]] == ["begun", "reported", "reported"]
    assert exported["case"]["report"]["result"] == "withdrawn"
    assert json.loads(json.dumps(exported)) == exported


def test_an_event_that_makes_no_sense_is_not_written(cases: FileCases) -> None:
    one = cases.begin(case("ill"))
    with pytest.raises(InputError, match=r"done\.what"):
        cases.did(one.id, "dreamt", NOW)
    with pytest.raises(InputError, match="number"):
        cases.change(one.id, number=7)
    assert cases.load(one.id) == one


def test_a_case_of_a_newer_version_hides_no_other(cases: FileCases, tmp_path: Path) -> None:
    one, other = cases.begin(case("ill")), cases.begin(case("offer"))
    path = tmp_path / "data" / "cases" / other.id / EVENTS
    path.write_text(path.read_text().replace('"schema":1', '"schema":99'))
    assert [each.id for each in cases.list()] == [one.id]
    with pytest.raises(InputError, match="newer version"):
        cases.load(other.id)
    assert cases.delete_all() == 2
    assert cases.list() == []


def test_deleted_is_gone(cases: FileCases, tmp_path: Path) -> None:
    one = cases.begin(case("ill"))
    cases.delete(one.id)
    assert not list((tmp_path / "data" / "cases").iterdir())
    for act in (cases.load, cases.delete, cases.export):
        with pytest.raises(InputError, match="no case"):
            act(one.id)
    with pytest.raises(InputError, match="no case"):
        cases.load("../../etc")


def test_what_was_left_by_a_program_that_died_is_swept(cases: FileCases, tmp_path: Path) -> None:
    cases.begin(case("ill"))
    root = tmp_path / "data" / "cases"
    gone, fresh, stale = root / ".gone-x", root / ".new-x", root / ".new-y"
    for folder in (gone, fresh, stale):
        folder.mkdir()
    os.utime(stale, (1, 1))
    assert len(cases.list()) == 1
    assert fresh.exists() and not gone.exists() and not stale.exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(BowoutError, match="can't be written"):
        FileCases(locked / "cases", lambda: NOW).begin(case("ill"))


def test_a_root_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases").write_text("")
    with pytest.raises(BowoutError, match="can't be used"):
        FileCases(tmp_path / "cases", lambda: NOW).begin(case("ill"))
