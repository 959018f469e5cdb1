"""``bowout incident`` and ``bowout cases pattern`` as a user types them."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from bowout.cli import main
from e2e.test_cases_command import ILL, typed

Capture = pytest.CaptureFixture[str]


def bowout(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def kept_case(tmp_path: Path, **answers: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(answers), encoding="utf-8")
    assert main(["now", "--answers", str(file)]) == 0


def test_a_note_from_the_terminal_to_the_exported_text(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path
) -> None:
    with monkeypatch.context() as terminal:
        typed(terminal, "yesterday 15:10", "planner", "<", "planner at Northwind", "", "Mr Kott", "", "He shouted.", "",
              "I was afraid.")  # fmt: skip
        code, out, err = bowout(capsys, "incident", "new")
    assert code == 0 and "Who: Mr Kott" in out and "Who saw or heard it: not noted" in out
    assert "a few words will do" in err, "what was done is the one thing that is needed"
    assert "bowout guide reporting" in err and "It can be added to, and not changed" in err
    extra = tmp_path / "more.txt"
    extra.write_text("The receptionist\nheard it.\n", encoding="utf-8")
    assert bowout(capsys, "incident", "add", "--file", str(extra))[0] == 0
    out_file = tmp_path / "note.txt"
    assert bowout(capsys, "incident", "export", "-o", str(out_file))[0] == 0
    text = out_file.read_text(encoding="utf-8")
    assert "  He shouted.\n" in text and "  The receptionist\n  heard it.\n" in text and "Added " in text
    if os.name == "posix":
        assert stat.S_IMODE(out_file.stat().st_mode) == 0o600
    (row,) = bowout(capsys, "incident", "list")[1].splitlines()
    assert row.endswith("(and 1 addition)")
    shown = json.loads(bowout(capsys, "incident", "show", "--json")[1])
    assert shown["who"] == "Mr Kott" and [each["text"] for each in shown["additions"]] == [text_of(extra)]
    assert bowout(capsys, "incident", "delete", row.split()[0])[1] == "Deleted 1 incident note.\n"
    assert bowout(capsys, "incident", "list")[1] == "There are no incident notes.\n"
    assert bowout(capsys, "incident", "show")[0] == 2


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()


def test_a_note_of_a_case_stays_when_the_case_goes(capsys: Capture, tmp_path: Path) -> None:
    kept_case(tmp_path, stage="during", happened="misconduct", caller="Sam Lee", contact="Mr Kott",
              company="Northwind", role="planner")  # fmt: skip
    id_ = bowout(capsys, "cases", "list")[1].splitlines()[-1].split()[0]
    answers = tmp_path / "note.json"
    answers.write_text('{"what": "He shouted."}', encoding="utf-8")
    note = json.loads(bowout(capsys, "incident", "new", "--case", id_, "--answers", str(answers), "--json")[1])
    assert (note["case"], note["about"], note["where"], note["who"]) == (id_, "planner at Northwind", "", "")
    assert f"bowout incident show {note['id']}" in bowout(capsys, "cases", "show", id_)[1]
    code, _, err = bowout(capsys, "cases", "delete", id_)
    assert code == 0 and "Kept: 1 incident note" in err
    assert "He shouted." in bowout(capsys, "incident", "show")[1]
    assert "Deleted 1 incident note" in bowout(capsys, "incident", "delete", "--all")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("incident", "new", "--case", "nope"), "no case"),
        (("incident", "show", "nope"), "no incident note"),
        (("incident", "delete"), "Which notes"),
        (("incident", "add"), "no incident notes"),
        (("incident", "new"), "Nobody is here"),
    ],
)
def test_what_was_typed_wrong_is_a_sentence(capsys: Capture, arguments: tuple[str, ...], says: str) -> None:
    code, out, err = bowout(capsys, *arguments)
    assert code == 2 and says in err and out == ""


def test_the_pattern_is_information_and_nerves_have_a_next_step(capsys: Capture, tmp_path: Path) -> None:
    assert "no pattern" in bowout(capsys, "cases", "pattern")[1]
    kept_case(tmp_path, **ILL)
    for _ in range(2):
        kept_case(tmp_path, happened="weak", weak="nerves", interview="in 2 days 15:00")
    capsys.readouterr()
    code, out, _ = bowout(capsys, "cases", "pattern")
    assert code == 0 and "1 of 3 interviews" in out and "no verdict" in out and "Nerves came up twice" in out
    assert "bowout guide nerves" in out and "bowout call essentials/accepted-another-offer-voicemail" in out
    found = json.loads(bowout(capsys, "cases", "pattern", "--json")[1])
    assert (found["cases"], found["called_off"], found["nerves"]) == (3, 1, 2)
    assert found["next_step"]["page"] == "nerves" and found["reasons"] == {"illness": 1}


def test_one_message_is_enough(capsys: Capture, tmp_path: Path) -> None:
    kept_case(tmp_path, **ILL)
    assert bowout(capsys, "cases", "done", "newest", "sent")[0] == 0
    code, _, err = bowout(capsys, "cases", "done", "newest", "sent")
    assert code == 1 and "One message is enough" in err
