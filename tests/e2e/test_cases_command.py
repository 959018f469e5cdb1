"""``bowout now``, ``cases`` and ``due`` as a user types them: real processes, and a terminal that answers."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from bowout.cli import main
from bowout.commands.asking import folded
from bowout.core.case import Case
from e2e.test_cli import bowout, only_json

ILL = {
    "happened": "illness",
    "interview": "in 2 days 15:00",
    "caller": "Sam Lee",
    "contact": "Maria Keller",
    "company": "Northwind",
    "role": "site planner",
    "number": "+49 30 1234",
    "wrote_by": "phone",
}


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(ILL), encoding="utf-8")
    return file


class Terminal(io.StringIO):
    """Standard input with somebody in front of it."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def test_answers_from_a_file_give_the_case_and_what_follows(answers: Path) -> None:
    done = bowout("now", "--answers", str(answers), "--json")
    assert done.returncode == 0, done.stderr
    (made,) = only_json(done)
    case = Case.from_json(made["case"])
    assert (case.path, case.intent, len(case.options)) == ("reschedule", "reschedule", 2)
    assert made["decision"]["channel"] == "phone" and made["decision"]["confirm_in_writing"] is True
    assert all(rule["says"] and rule["place"] for rule in made["decision"]["rules"])
    assert made["script"]["missing"] == [] and made["script"]["seconds"] <= 45
    assert [each["due"] for each in made["due"]] == ["call"]


def test_a_case_from_the_first_doubt_to_its_end(answers: Path, tmp_path: Path) -> None:
    begun = bowout("now", "--answers", str(answers))
    assert begun.returncode == 0, begun.stderr
    for expected in ("Move it: site planner at Northwind", "Hello Maria Keller, this is Sam Lee.", "Consolidate"):
        assert expected in begun.stdout
    (row,) = bowout("cases", "list").stdout.splitlines()
    id_ = row.split()[0]
    assert row.endswith("(open)")
    assert "call" in bowout("due").stdout
    no_slot = bowout("cases", "report", "newest", "agreed")
    assert no_slot.returncode == 0 and "no new time yet" in no_slot.stdout and "--slot" in no_slot.stderr
    wrong = bowout("cases", "report", id_, "withdrawn")
    assert wrong.returncode == 2 and "agreed" in wrong.stderr
    by_pigeon = bowout("cases", "report", id_, "refused", "--by", "pigeon")
    assert by_pigeon.returncode == 2 and "in_person" in by_pigeon.stderr
    agreed = bowout("cases", "report", id_, "agreed", "--slot", "in 5 days 10:00")
    assert "confirm it in writing within 24 hours" in agreed.stdout
    (confirm, attend) = only_json(bowout("due", "--json"))
    assert (confirm["due"], attend["due"], attend["today"]) == ("confirm", "attend", False)
    assert "message sent" in bowout("cases", "done", id_, "sent").stdout
    shown = bowout("cases", "show", id_).stdout
    assert "What came of it: they agreed" in shown and "✓ The message is sent" in shown
    out = tmp_path / "case.txt"
    assert bowout("cases", "export", id_, "--text", "-o", str(out)).returncode == 0
    assert "reported: agreed" in out.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    exported = json.loads(bowout("cases", "export", id_).stdout)
    assert [event["kind"] for event in exported["events"]] == ["begun", "reported", "reported", "done"]
    bowout("cases", "close", id_)
    assert bowout("due").stdout == "Nothing is due.\n"
    assert bowout("cases", "delete", id_).stdout == "Deleted 1 case.\n"
    assert bowout("cases", "show", id_).returncode == 2
    assert "no cases" in bowout("cases", "list").stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("no json", "is not JSON"),
        ("[]", "holds no answers"),
        ('{"happened": "boredom"}', "not among them"),
        ('{"happened": "illness", "interview": "yesterday 10:00"}', "has passed"),
        ('{"happened": "illness", "interview": "tomorrow 10:00", "caller": "[Your Name]"}', "brackets"),
    ],
)
def test_a_file_that_can_t_be_used_keeps_nothing(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(content, encoding="utf-8")
    done = bowout("now", "--answers", str(file))
    assert done.returncode == 2 and says in done.stderr
    assert "no cases" in bowout("cases", "list").stdout


def test_without_anybody_to_answer_it_says_what_to_do() -> None:
    done = bowout("now")
    assert done.returncode == 2 and "--answers" in done.stderr


def test_questions_one_at_a_time_with_defaults_and_a_way_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["", "5", "<", "4", "yes", "now", "soon", "in 3 days 10:00", "Sam Lee", "Maria Keller", "Northwind",
             "site planner", "1", "", "maria@example.org", ""]  # fmt: skip
    typed(monkeypatch, *lines)
    assert main(["now"]) == 0
    told = capsys.readouterr()
    assert "Withdraw: site planner at Northwind" in told.out
    assert "An e-mail, within 24 hours" in told.out or "an e-mail, within 24 hours" in told.out
    assert "“soon” is no time that is known here" in told.err
    assert "[1] " in told.err, "a default"


def test_the_name_is_remembered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answers: Path
) -> None:
    assert main(["now", "--answers", str(answers)]) == 0
    typed(monkeypatch, "2", "1", "2", "3", "now", "", "Ken", "Contoso", "planner", "")
    assert main(["now", "--json"]) == 0
    told = capsys.readouterr()
    assert "[Sam Lee] " in told.err
    made: dict[str, Any] = json.loads(told.out.splitlines()[-1])
    assert made["case"]["caller"] == "Sam Lee" and made["case"]["path"] == "leave"


def test_answers_that_end_too_soon_make_no_case_and_are_offered_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "2", "1", "2", "3", "now", "Sam Lee")
    assert main(["now"]) == 2
    assert "ended before the last question" in capsys.readouterr().err
    assert main(["cases", "list"]) == 0
    assert "no cases" in capsys.readouterr().out
    typed(monkeypatch, "", "Ken", "Contoso", "planner", "")
    assert main(["now", "--json"]) == 0
    told = capsys.readouterr()
    made = json.loads(told.out.splitlines()[-1])["case"]
    assert "Go on with what you wrote" in told.err and (made["caller"], made["contact"]) == ("Sam Lee", "Ken")
    typed(monkeypatch, "2")
    assert main(["now"]) == 2
    typed(monkeypatch, "no")
    assert main(["now"]) == 2
    assert "1. Where are you" in capsys.readouterr().err


def test_what_is_told_on_a_terminal_breaks_between_words() -> None:
    text = (
        "   In your time, or with a zone: “today 3 pm”, “tomorrow 9:30”, “Friday 10:00”, “27 November 14:00” or later."
    )
    lines = folded(text, wide=80)
    assert len(lines) == 2 and max(map(len, lines)) <= 80 and lines[1].startswith("     ")
    assert " ".join(" ".join(lines).split()) == text.strip()
    assert folded(text) == [text], "a pipe gets whole lines"
    assert folded("", wide=80) == [""]
