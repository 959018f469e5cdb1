"""``bowout drill`` as a user types it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bowout.bootstrap import build_services
from bowout.cli import main
from bowout.core.settings import Settings
from bowout.storage.settings_file import save_settings
from drilltakes import DRILLS, HOLDS
from e2e.test_cases_command import ILL
from e2e.test_cli import bowout, only_json

REASON = "I have come down with a fever.\n"
FEVER = (
    "Good morning David, this is Alex Morgan. I have come down with a fever and I can't come to the interview today."
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index of the packs for all."""
    return tmp_path_factory.mktemp("index")


@pytest.fixture
def typed(index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command in this process: what is typed, then the arguments → exit code, output, errors."""
    monkeypatch.setenv("BOWOUT_CACHE_DIR", str(index))
    save_settings(Settings(voice="silent"))  # no line has to be rendered

    def run(text: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        code = main(["drill", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_take_its_figure_and_what_to_change() -> None:
    done = bowout("drill", "reason-in-one-breath", "ill-on-the-day", "--typed", "--no-sound", text=REASON)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert told[1] == "Reason in one breath: 7 words in your answer"
    assert told[2] == "The gate is met: at most 12 words."
    assert told[3] == "To beat 7 words, median of the last five 7 words, best 7 words, 1 of 5 in a row."
    assert told[4].startswith("Next time: ")
    assert "They ask why" in done.stderr and "You are Alex Morgan" in done.stderr and "(it rings)" not in done.stderr


def test_takes_are_objects_alone_and_stand_in_a_row(typed: Any) -> None:
    arguments = ("reason-in-one-breath", "ill-on-the-day", "--typed", "--no-sound", "--takes", "3", "--json")
    text = REASON + "For personal reasons.\n" + "Something came up.\n"
    code, out, _ = typed(text, *arguments)
    takes = [json.loads(line) for line in out.splitlines()]
    assert code == 1 and [take["take"] for take in takes] == [1, 2, 3]
    assert [take["met"] for take in takes] == [True, True, False]
    assert [take["value"] for take in takes] == [7, 3, 3]
    assert takes[2]["missed"] == ["reason", "vague_reason"] and takes[2]["marked"]["vague_reason"] == "found"
    assert [take["standing"]["in_a_row"] for take in takes] == [1, 2, 0]
    assert takes[2]["standing"]["best"] == 3 and takes[2]["standing"]["median_of_last_five"] == 3
    rows = build_services().records.recent(drill="reason-in-one-breath")
    assert [(row.figure, row.met, row.scenario) for row in rows] == [
        (3, False, "ill-on-the-day"), (3, True, "ill-on-the-day"), (7, True, "ill-on-the-day"),
    ]  # fmt: skip
    assert {take["attempt"] for take in takes} == {row.id for row in rows}


def test_pushes_are_counted_and_a_timed_figure_is_not_measured(typed: Any) -> None:
    code, out, _ = typed("\n".join([FEVER, *HOLDS, ""]), "pushback", "ill-on-the-day", "--typed", "--no-sound")
    assert code == 0 and "Pushback: 5 pushes answered without giving in" in out
    code, out, _ = typed(FEVER + "\n", "first-ten-seconds", "ill-on-the-day", "--typed", "--no-sound")
    assert code == 0 and "Not measured: typed words have no times." in out and "can't be judged" in out


def test_the_list_knows_where_one_stands(typed: Any) -> None:
    typed(REASON, "reason-in-one-breath", "--typed", "--no-sound")
    code, out, _ = typed("")
    assert code == 0 and [line.split("  ")[0] for line in out.splitlines() if line[0] != " "] == list(DRILLS)
    assert "    to beat 7 words, median of the last five 7 words, best 7 words, 1 of 5 in a row" in out
    _, out, _ = typed("", "--json")
    assert [json.loads(line)["drill"] for line in out.splitlines()] == list(DRILLS)


def test_a_cold_call_shows_nothing_before_it_rings(typed: Any) -> None:
    _, _, err = typed("", "cold-call", "--typed", "--no-sound")
    lines = err.splitlines()
    rings = lines.index("  (it rings)")
    assert "You are " not in "".join(lines[:rings]) and lines[rings + 1].startswith("  You are ")
    first = build_services().records.recent(drill="cold-call")[0].scenario
    others = set()
    for seed in range(1, 4):
        typed("", "cold-call", "--typed", "--no-sound", "--seed", str(seed))
        others.add(build_services().records.recent(drill="cold-call")[0].scenario)
    assert first not in others and len(others) == 3, "each time one that has not been met"


def test_ones_own_case(typed: Any, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(ILL), encoding="utf-8")
    (case,) = only_json(bowout("now", "--answers", str(file), "--json"))
    wanted = case["case"]["id"] if "case" in case else case["id"]
    code, out, err = typed(REASON, "reason-in-one-breath", "--case", wanted, "--typed", "--no-sound", "--json")
    take = json.loads(out)
    assert code == 0 and take["scenario"] == f"case-{wanted.lower()}" and "You are Sam Lee" in err
    (row,) = build_services().records.recent(drill="reason-in-one-breath")
    assert row.case == wanted
    code, _, err = typed("", "leave-the-room", "--case", wanted, "--typed", "--no-sound")
    assert code == 2 and "can't be made of this case" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("shadwo",), "Did you mean “shadow”?"),
        (("shadow", "ill-on-the-day"), "needs headphones"),
        (("leave-the-room", "ill-on-the-day", "--typed"), "One that fits: "),
        (("pace", "ill-on-the-day", "--case", "x"), "not of both"),
        (("pace", "--takes", "0", "--typed"), "from 1 to 50"),
        (("pace", "nowhere", "--typed"), "There is no scenario “nowhere”."),
    ],
)
def test_what_can_not_be_done_is_told(arguments: tuple[str, ...], told: str, typed: Any) -> None:
    code, out, err = typed("", *arguments)
    assert code == 2 and out == "" and told in err
