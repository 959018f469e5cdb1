"""``bowout history`` and ``bowout progress``: tables, JSON, CSV, the page."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bowout.core.marks import as_json
from bowout.local_time import now
from bowout.paths import data_dir
from bowout.rehearsal.progress import STATED, all_courses, all_statements
from bowout.storage.records import FileRecords
from told import Bowout
from tui.fakes import sample_call

NASTY = '=HYPERLINK("http://example.invalid")\x1b[31m'


@pytest.fixture
def days() -> list[datetime]:
    """Five takes, a day apart at noon here, the last one yesterday; their moments, newest first."""
    noon = now().replace(hour=12, minute=0, second=0, microsecond=0)
    at = noon
    records = FileRecords(data_dir() / "attempts", lambda: at)
    call = sample_call()
    made = []
    for n, title in enumerate(("You are ill", NASTY, "You are ill", "You are ill", "Broken")):
        at = noon - timedelta(days=5 - n)
        made.insert(0, at)
        drill = {"drill": "first-ten-seconds"} if n == 3 else {}
        writer = records.begin(
            scenario="nasty" if n == 1 else "ill", title=title, intent="withdraw", mode="live", ear="vosk",
            keep_audio=False, **drill,
        )  # fmt: skip
        if title != "Broken":
            writer.event("marks", result=as_json(call.marks, call.provenance))
            if drill:
                writer.event("drill", **drill, value=8.5, unit="s", met=True)
            writer.event("end", outcome="withdrawn")
        writer.close()
    return made


def test_the_table(bowout: Bowout, days: list[datetime]) -> None:
    told = bowout("history")
    assert told.code == 0 and not told.err
    rows = told.out.splitlines()
    assert len(rows) == 5 and "\x1b" not in told.out
    assert "Broken (broken off)" in rows[0] and "8.5 s ✓" in rows[1] and "First ten seconds · You are ill" in rows[1]
    assert " 61 · " in rows[2] and all(row.split()[-1].endswith("Z-" + row[-6:]) for row in rows)
    few = bowout("history", "--limit", "2")
    assert few.out.splitlines() == rows[:2] and "2 of 5" in few.err
    assert bowout("history", "unheard of").out == "No attempt is like that.\n"


def test_json_is_one_row_a_line_and_filters_narrow_it(bowout: Bowout, days: list[datetime]) -> None:
    def rows(*more: str) -> list[dict[str, object]]:
        told = bowout("history", "--json", *more)
        assert told.code == 0 and not told.err
        return [json.loads(line) for line in told.out.splitlines()]

    everything = rows()
    assert len(everything) == 5 and everything[1]["figure"] == 8.5 and everything[2]["items"]["ask"] == "heard"  # type: ignore[index]
    assert [row["id"] for row in rows("--scenario", "nasty")] == [everything[3]["id"]]
    assert [row["id"] for row in rows("--scenario", "some-pack/nasty")] == [everything[3]["id"]]
    assert [row["id"] for row in rows("--drill", "first-ten-seconds")] == [everything[1]["id"]]
    assert [row["id"] for row in rows("ILL", "--limit", "1")] == [everything[0]["id"]]
    second, third = f"{days[1]:%Y-%m-%d}", f"{days[2]:%Y-%m-%d}"
    between = rows("--since", third, "--until", second)
    assert [row["id"] for row in between] == [everything[1]["id"], everything[2]["id"]], "both days are in it"
    assert rows("--since", f"{days[1]:%Y-%m-%dT%H:%M:%S}", "--until", second) == everything[1:2]


@pytest.mark.parametrize(
    "wrong", [("--since", "soon"), ("--until", "9999-12-31"), ("--limit", "0"), ("--json", "--csv"), ("--limit", "x")]
)
def test_what_cannot_be_meant_is_said(bowout: Bowout, wrong: tuple[str, ...]) -> None:
    told = bowout("history", *wrong)
    assert told.code == 2 and not told.out and told.err and "Traceback" not in told.err


def test_csv_reads_back(bowout: Bowout, days: list[datetime]) -> None:
    told = bowout("history", "--csv")
    assert told.code == 0 and not told.err and "\x1b" not in told.out
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert len(rows) == 5
    assert rows[3]["title"] == '\'=HYPERLINK("http://example.invalid")�[31m'
    assert (rows[2]["score"], rows[2]["passed"], rows[2]["item_goodwill"]) == ("61", "false", "not_heard")
    assert rows[2]["faults"] == "mixed_message" and rows[0]["score"] == ""


def test_progress_in_words_and_as_json(bowout: Bowout, days: list[datetime]) -> None:
    told = bowout("progress")
    assert told.code == 0 and not told.err and "\x1b" not in told.out
    for said in ("You are ill   2 takes", "Not yet: the last live take was 61", "Score 61 of 100", "First ten seconds"):
        assert said in told.out
    assert "=HYPERLINK" not in bowout("progress", "--scenario", "ill").out
    objects = [json.loads(line) for line in bowout("progress", "--json").out.splitlines()]
    assert [each.get("scenario") or each.get("drill") for each in objects] == ["ill", "nasty", "first-ten-seconds"]
    assert objects[0]["figures"]["score"]["of_late"] == 61 and objects[2]["best"] == 8.5


def test_drills_do_not_hide_whole_calls(days: list[datetime]) -> None:
    at = days[0] + timedelta(hours=1)
    records = FileRecords(data_dir() / "attempts", lambda: at)
    call = sample_call()
    for _ in range(STATED + 2):
        at += timedelta(seconds=1)
        writer = records.begin(
            scenario="ill",
            title="You are ill",
            intent="withdraw",
            mode="live",
            ear="vosk",
            keep_audio=False,
            drill="pace",
        )
        writer.event("marks", result=as_json(call.marks, call.provenance))
        writer.close()
    stated = dict(all_statements(records, now()))
    assert stated["You are ill"].rule == "live before" and set(stated) == {"You are ill", NASTY}
    assert [len(each.takes) for each in all_courses(records, now())] == [2, 1]


def test_nothing_so_far(bowout: Bowout, tmp_path: Path) -> None:
    assert bowout("history").out == "Nothing has been kept.\n"
    assert bowout("history", "--json") == (0, "", "")
    assert len(bowout("history", "--csv").out.splitlines()) == 1
    assert "No take has been marked so far." in bowout("progress").out
    assert bowout("progress", "--html", str(tmp_path / "p.html")).code == 0
    assert "No whole call has been marked" in (tmp_path / "p.html").read_text("utf-8")


def test_the_page_holds_figures_and_words_only_when_asked(bowout: Bowout, days: list[datetime], tmp_path: Path) -> None:
    file = tmp_path / "progress.html"
    told = bowout("progress", "--html", str(file))
    assert told.code == 0 and "none of your words" in told.out
    text = file.read_text("utf-8")
    assert "You are ill" in text and "61" in text and "Sam Lee" not in text and "sam lee" not in text
    assert os.name != "posix" or stat.S_IMODE(file.stat().st_mode) == 0o600
    told = bowout("progress", "--html", str(file), "--with-words")
    assert told.code == 0 and "It holds your words" in told.out
    assert "this is sam lee" in file.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".html", ".tmp")] == ["progress.html"]


@pytest.mark.parametrize("arguments", [("--html", "notes.txt"), ("--with-words",), ("--html", "a.html", "--json")])
def test_no_slip_replaces_a_file(bowout: Bowout, arguments: tuple[str, ...], tmp_path: Path) -> None:
    told = bowout("progress", *arguments)
    assert told.code == 2 and "Traceback" not in told.err and not told.out


def test_a_folder_that_cannot_be_written_is_a_sentence(bowout: Bowout, tmp_path: Path) -> None:
    told = bowout("progress", "--html", str(tmp_path / "none" / "p.html"))
    assert told.code == 1 and "p.html" in told.err and "Traceback" not in told.err
