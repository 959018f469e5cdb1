"""``bowout plan`` and what ``bowout due`` says of it, as a user types them."""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bowout.cli import main
from e2e.test_cli import bowout, only_json

ILL = {
    "happened": "clash",
    "interview": "in 9 days 15:00",
    "caller": "Sam Lee",
    "contact": "Maria Keller",
    "company": "Northwind",
    "role": "site planner",
    "number": "+49 30 1234",
    "wrote_by": "phone",
}


def told(capfd: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """In this process, which is quicker: what it prints on either stream."""
    assert main(list(arguments)) == code
    out = capfd.readouterr()
    return out.out + out.err


def read(capfd: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main([*arguments, "--json"]) == 0
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_a_plan_from_its_date_to_its_end(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "There is no plan" in told(capfd, "plan")
    assert read(capfd, "plan")[0]["plan"] is None
    assert told(capfd, "due") == "Nothing is due.\n"
    made = told(capfd, "plan", "--call", "in 8 days 10:00", "--at", "19:30")
    assert "in 8 days" in made and "where you stand" in made and "Level 1 of 4" in made
    (now,) = read(capfd, "plan")
    assert [each["kind"] for each in now["sessions"]] == ["practice"] * 3 + ["warm_up"]
    assert now["next"]["scenario"] and now["next"]["why"] and now["state"] == "open"
    assert "Practise next" in told(capfd, "due")
    (due,) = read(capfd, "due")
    assert due["due"] == "practise" and due["late"] is False and due["by"][:10] == now["next"]["at"][:10]
    # The calendar reads back what was planned.
    file = tmp_path / "plan.ics"
    told(capfd, "plan", "--ics", str(file))
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    # The first one is now, if the hour that was asked for has passed.
    assert [each.start for each in events][1:] == [datetime.fromisoformat(s["at"][:25]) for s in now["sessions"]][1:]
    assert all([alarm["TRIGGER"].dt for alarm in each.walk("VALARM")] == [timedelta(minutes=-5)] for each in events)
    assert len({str(each["UID"]) for each in events}) == 4
    assert "there already" in told(capfd, "plan", "--ics", str(file), code=2)
    told(capfd, "plan", "--ics", str(file), "--replace")
    # Without a date, and without a plan.
    assert "No date" in told(capfd, "plan", "--none")
    assert read(capfd, "plan")[0]["plan"]["prefer"] == "19:30", "what was preferred stays"
    assert "no plan any more" in told(capfd, "plan", "--drop")
    assert "There is no plan" in told(capfd, "plan")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--call", "soon"), "no time that is known"),
        (("--call", "yesterday 10:00"), "That is over"),
        (("--call", "2031-01-01 10:00"), "more than a year ahead"),
        (("--at", "19:30"), "no plan yet"),
        (("--none", "--at", "03:00"), "no hour to practise"),
        (("--none", "--at", "late"), "a time of day"),
        (("--case", "newest"), "no open case"),
        (("--case", "20260101T000000000Z-000000"), "no case"),
        (("--ics", "x.ics"), "no session"),
        (("--drop", "--ics", "x.ics"), "has no times"),
    ],
)
def test_what_can_not_be_planned_is_a_sentence(
    capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert says in told(capfd, "plan", *arguments, code=2)
    assert "There is no plan" in told(capfd, "plan")


def test_a_case_of_ones_own_until_the_call_is_made(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(ILL), "utf-8")
    told(capfd, "now", "--answers", str(file))
    told(capfd, "plan", "--case", "newest")
    (now,) = read(capfd, "plan")
    assert now["plan"]["case"] and now["plan"]["call"] and now["next"]["scenario"] is None
    assert now["sessions"][-1]["kind"] in ("warm_up", "quick")
    kinds = [each["due"] for each in read(capfd, "due")]
    assert kinds[-1] == "practise" and len(kinds) > 1
    told(capfd, "cases", "report", "newest", "agreed", "--slot", "in 12 days 10:00")
    assert "The call has been made" in told(capfd, "plan")
    assert "practise" not in [each["due"] for each in read(capfd, "due")]
    told(capfd, "cases", "delete", "--all")
    assert read(capfd, "plan")[0]["plan"]["case"], "the date still holds"


def test_a_damaged_plan_keeps_nobody_from_seeing_what_is_due() -> None:
    data = Path(os.environ["BOWOUT_DATA_DIR"])
    data.mkdir(parents=True, mode=0o700)
    (data / "plan.json").write_text("{", "utf-8")
    done = bowout("due", "--json")
    assert (done.returncode, only_json(done)) == (0, []) and "plan.unreadable.json" in done.stderr
    again = bowout("plan")
    assert again.returncode == 0 and "There is no plan" in again.stdout
