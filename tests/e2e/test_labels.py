"""``bowout recordings labels``: disputed calls as examples, with nothing private but the words themselves."""

from __future__ import annotations

import importlib.util
import json
import os
import stat
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bowout.core.disputes import Dispute
from bowout.core.marking import mark
from bowout.core.marks import Provenance, as_json
from bowout.core.transcript import from_text
from bowout.paths import data_dir
from bowout.storage.records import FileRecords
from told import Bowout

ROOT = Path(__file__).parents[2]
SAID = (
    "Hello Maria, this is Sam Lee \x1b[31m about the analyst interview. I have to withdraw.",
    "Thank you for your time. Café, good luck.",
)


@pytest.fixture
def records() -> FileRecords:
    return FileRecords(data_dir() / "attempts")


def held(records: FileRecords, *disputes: Dispute) -> str:
    """A call as the trainer leaves it, disputed afterwards."""
    writer = records.begin(
        scenario="accepted-another-offer", title="Private title", intent="withdraw", mode="live", channel="phone",
        ear="typed", keep_audio=True, seed=7,
    )  # fmt: skip
    writer.audio(b"\1\0" * 1600)
    writer.event("recruiter", text="Northwind, Maria Keller speaking.")
    marks = mark(from_text(*SAID), "withdraw")
    writer.event("marks", result=as_json(marks, Provenance("accepted-another-offer", marking_version="9")))
    writer.event("end", outcome="withdrawn")
    writer.close()
    for dispute in disputes:
        records.dispute(writer.id, dispute)
    return writer.id


MISSED = Dispute("thanks", "heard", "not_heard", "9")
FOUND = Dispute("negativity", "not_found", "found", "9")


def test_one_line_a_disputed_call(bowout: Bowout, records: FileRecords) -> None:
    first, _, last = held(records, MISSED), held(records), held(records, FOUND, MISSED)
    done = bowout("recordings", "labels")
    assert done.code == 0 and not done.err and done.out.isascii() and "\x1b" not in done.out
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["disputed"] for line in lines] == [["thanks"], ["thanks", "negativity"]]
    assert [line["id"] for line in lines] == [f"yours-{attempt.split('-')[1]}" for attempt in (first, last)]
    line = lines[1]
    assert list(line) == ["id", "intent", "channel", "text", "items", "faults", "disputed", "marking"]
    assert (line["intent"], line["channel"], line["marking"]) == ("withdraw", "call", "9")
    assert line["text"] == "\n".join(SAID)
    assert line["items"]["thanks"] is False and line["items"]["greeting"] is True
    assert line["faults"]["negativity"] is True and line["faults"]["leverage"] is False
    for private in ("Private title", "Northwind", first, "audio", "accepted-another-offer"):
        assert private not in done.out


def test_named_calls_alone(bowout: Bowout, records: FileRecords) -> None:
    first, plain, _ = held(records, MISSED), held(records), held(records, FOUND)
    done = bowout("recordings", "labels", first, plain, first)
    assert done.code == 0 and len(done.out.splitlines()) == 1
    assert f"{plain}: nothing in it can be exported" in done.err


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_into_a_file_for_the_users_eyes_alone(bowout: Bowout, records: FileRecords, tmp_path: Path) -> None:
    held(records, MISSED, FOUND)
    file = tmp_path / "labels.jsonl"
    file.write_text("before")
    file.chmod(0o644)
    printed = bowout("recordings", "labels").out
    done = bowout("recordings", "labels", "--out", str(file))
    assert done.code == 0 and "1 call, 2 disputed marks" in done.out
    assert file.read_text(encoding="ascii") == printed and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_to_export_is_a_sentence(bowout: Bowout, records: FileRecords, tmp_path: Path) -> None:
    for make in (lambda: None, lambda: held(records), lambda: held(records, MISSED, Dispute("thanks", "heard", None))):
        make()
        done = bowout("recordings", "labels", "--out", str(tmp_path / "x.jsonl"))
        assert (done.code, done.out) == (1, "") and "There is nothing to export." in done.err
        assert not (tmp_path / "x.jsonl").exists()


def test_what_can_not_be(bowout: Bowout, records: FileRecords, tmp_path: Path) -> None:
    held(records, MISSED)
    wrong = tmp_path / "pack.yaml"
    wrong.write_text("mine")
    for arguments, told in (
        (["--out", str(wrong)], "does not end with .jsonl"),
        (["nobody"], "There is no attempt “nobody”"),
    ):
        done = bowout("recordings", "labels", *arguments)
        assert done.code == 2 and told in done.err and done.out == ""
    done = bowout("recordings", "labels", "--out", str(tmp_path / "none" / "x.jsonl"))
    assert done.code == 1 and "can't be used" in done.err
    assert wrong.read_text() == "mine"


def test_list_and_show_say_what_is_disputed(bowout: Bowout, records: FileRecords) -> None:
    disputed, plain = held(records, MISSED, FOUND), held(records)
    rows = {row["id"]: row for row in map(json.loads, bowout("recordings", "list", "--json").out.splitlines())}
    assert rows[disputed]["disputed"] is True and rows[plain]["disputed"] is False
    assert [", disputed" in line for line in bowout("recordings", "list").out.splitlines()].count(True) == 1
    shown = bowout("recordings", "show", disputed).out
    assert "Disputed: thanks is heard; yours: not heard" in shown
    assert "Disputed: negativity is not found; yours: found" in shown
    assert "Disputed" not in bowout("recordings", "show", plain).out


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """``scripts/train_marking.py`` without scipy, which only its arithmetic needs, on data of the test's own."""
    for name, more in (("scipy", {}), ("scipy.sparse", {}), ("scipy.optimize", {"minimize": None})):
        module = ModuleType(name)
        module.__dict__.update(more)
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules["scipy"].sparse = sys.modules["scipy.sparse"]  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec = importlib.util.spec_from_file_location("train_marking", ROOT / "scripts" / "train_marking.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "train_marking", script)
    spec.loader.exec_module(script)
    data = tmp_path / "data"
    data.mkdir()
    for name in ("calls", "heard", "own_heard_dev"):
        (data / f"{name}.jsonl").touch()
    monkeypatch.setattr(script, "DATA", data)
    return script


def test_the_training_script_reads_the_lines_as_they_are(
    bowout: Bowout, records: FileRecords, trainer: Any, tmp_path: Path
) -> None:
    held(records, MISSED, FOUND)
    assert bowout("recordings", "labels", "-o", str(tmp_path / "data" / "own_calls_dev_yours.jsonl")).code == 0
    (row,) = trainer.documents()
    example = trainer.example(row)
    assert example.labels["thanks"] is False and example.labels["negativity"] is True
    assert set(example.ruled) == set(example.labels) and example.ruled["greeting"] is True
