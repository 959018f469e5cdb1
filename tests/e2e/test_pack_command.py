"""``bowout pack …`` as a coach types it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from adapters.pack_files import PACK, SCENARIO, pack_files, write_folder
from bowout.cli import main
from bowout.storage import pack_store


class Told(NamedTuple):
    code: int
    out: str
    err: str


Bowout = Callable[..., Told]


@pytest.fixture
def bowout(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bowout:
    """The command line; nobody sits at the terminal unless ``answer`` says what they type."""

    def run(*arguments: str | Path, answer: str | None = None) -> Told:
        keyboard = io.StringIO(answer or "")
        keyboard.isatty = lambda: answer is not None  # type: ignore[method-assign]
        monkeypatch.setattr(sys, "stdin", keyboard)
        capfd.readouterr()
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        return Told(code, *capfd.readouterr())

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the samples in it."""
    folder = tmp_path / "work"
    write_folder(folder / "samples", pack_files())
    monkeypatch.chdir(folder)
    return folder


def installed() -> list[str]:
    return [path.name for path in pack_store.installed(pack_store.folder())]


def test_check_says_that_all_is_well(bowout: Bowout, here: Path) -> None:
    assert bowout("pack", "check", "samples") == Told(0, "“Samples” is well: 2 scenarios.\n", "")


def test_check_tells_everything_with_its_place(bowout: Bowout, here: Path) -> None:
    (here / "samples" / "one.yaml").write_text(
        SCENARIO.replace("channel: phone", "channel: fone").replace("go: why", "go: whi"), encoding="utf-8"
    )
    told = bowout("pack", "check", "samples")
    assert told.code == 1
    lines = told.out.splitlines()
    assert "samples/one.yaml:6:10: “channel” is “fone”. Did you mean “phone”?" in lines
    assert "samples/one.yaml:42:30: There is no step “whi”. Did you mean “why”?" in lines
    assert lines[-1] == "3 problems."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- {heard: [ask], go: why}", "- {heard: [ask], go: hello}", "one.yaml:51:7: No way leads to “why”."),
        (" I'm sorry, {reason} and I", " {reason} and I", "one.yaml:72:3: The model answer leaves out “apology”."),
        (
            "Something came up.",
            "I have a fever.",
            "one.yaml:80:11: The weak answer does not have the fault “vague_reason”.",
        ),
        ("left_open: {says", "later: {says", "one.yaml:67:12: “outcomes” says nothing of “left_open”."),
    ],
)
def test_check_walks_and_marks(bowout: Bowout, here: Path, old: str, new: str, told: str) -> None:
    assert old in SCENARIO
    (here / "samples" / "one.yaml").write_text(SCENARIO.replace(old, new), encoding="utf-8")
    answer = bowout("pack", "check", "samples")
    assert answer.code == 1 and told in answer.out


def test_check_as_json_is_one_line(bowout: Bowout, here: Path) -> None:
    (here / "samples" / "notes.yaml").write_text("a: b\n", encoding="utf-8")
    told = bowout("pack", "check", "samples", "--json")
    assert json.loads(told.out) == {
        "ok": True,
        "id": "samples",
        "problems": [],
        "notes": ["notes.yaml is not named in pack.yaml, so it is no part of the pack."],
    }
    (here / "samples" / "two.yaml").unlink()
    told = bowout("pack", "check", "samples", "--json")
    (problem,) = json.loads(told.out)["problems"]
    assert told.code == 1
    assert problem["file"].endswith("pack.yaml") and (problem["line"], problem["column"]) == (8, 18)


def test_build_install_list_show_remove(bowout: Bowout, here: Path) -> None:
    assert bowout("pack", "build", "samples").code == 0
    assert bowout("pack", "build", "samples", "-o", "again.bowpack").code == 0
    assert (here / "again.bowpack").read_bytes() == (here / "samples-1.bowpack").read_bytes()
    assert bowout("pack", "check", "samples-1.bowpack").code == 0

    told = bowout("pack", "install", "samples-1.bowpack", answer="y\n")
    assert told.code == 0 and installed() == ["samples.bowpack"]
    assert "by Nobody, licence CC0" in told.err and "Install “Samples”? [y/N]" in told.err
    assert "bowout call one" in told.out

    told = bowout("pack", "list")
    assert told.code == 0 and "samples  Samples: 2 scenarios, version 1, installed" in told.out
    rows = [json.loads(line) for line in bowout("pack", "list", "--json").out.splitlines()]
    assert rows[-1]["id"] == "samples" and rows[-1]["scenarios"] == ["one", "two"] and not rows[-1]["shipped"]

    told = bowout("pack", "show", "samples")
    assert "one: Your train is cancelled\n  move the interview   by phone   2 of 5, fair   (transport)" in told.out
    told = bowout("pack", "show", "samples", "one")
    for part in ("You are Sam Lee.", "heard ask, options → slot", "why (why)", "good  moved: The interview is moved."):
        assert part in told.out
    assert json.loads(bowout("pack", "show", "samples", "one", "--json").out)["id"] == "one"
    assert json.loads(bowout("pack", "show", "samples", "--json").out)["scenarios"][0]["tags"] == ["transport"]

    assert bowout("pack", "remove", "samples", answer="\n").code == 1 and installed()
    assert bowout("pack", "remove", "samples", answer="y\n").code == 0 and not installed()
    assert "samples" not in bowout("pack", "list").out


def test_an_installed_scenario_can_be_called(bowout: Bowout, here: Path) -> None:
    bowout("pack", "install", "samples", "--yes")
    told = bowout("call", "one", "--typed", "--no-sound", answer="Hello\n")
    assert "Northwind" in told.err and "of 100" in told.out
    told = bowout("call", "samples/nothing", "--typed")
    assert told.code == 2 and "bowout pack list" in told.err


def test_a_newer_version_takes_the_place_of_the_older(bowout: Bowout, here: Path) -> None:
    bowout("pack", "install", "samples", "--yes")
    write_folder(here / "newer", pack_files(pack=PACK.replace("version: 1", "version: 2")))
    told = bowout("pack", "install", "newer", answer="n\n")
    assert told.code == 1 and "Replace it by the version 2?" in told.err
    assert bowout("pack", "install", "newer", "--yes").code == 0
    assert "version 2" in bowout("pack", "list").out
    assert "Replace it by the older version 1?" in bowout("pack", "install", "samples", answer="n\n").err


def test_a_pack_whose_answers_fail_can_be_installed_and_says_so(bowout: Bowout, here: Path) -> None:
    """Its author may have made it for another version of the marking; a graph without an end is another matter."""
    file = here / "samples" / "one.yaml"
    file.write_text(SCENARIO.replace(" I'm sorry, {reason} and I", " {reason} and I"), encoding="utf-8")
    told = bowout("pack", "install", "samples", "--yes")
    assert told.code == 0 and "! samples/one.yaml:72:3: The model answer leaves out “apology”." in told.err
    assert bowout("pack", "build", "samples").code == 1 and not list(here.glob("*.bowpack"))
    file.write_text(SCENARIO.replace("      end: moved", "      next: [{go: bye}]"), encoding="utf-8")
    told = bowout("pack", "install", "samples", "--yes")
    assert told.code == 2 and "goes round in a loop without a way out" in told.err


def test_what_is_shipped_stays(bowout: Bowout, here: Path) -> None:
    told = bowout("pack", "remove", "essentials", "--yes")
    assert told.code == 2 and "is part of Bow Out and can't be removed" in told.err
    write_folder(here / "mine", pack_files(pack=PACK.replace("id: samples", "id: essentials")))
    told = bowout("pack", "install", "mine", "--yes")
    assert told.code == 2 and "of its own" in told.err and not installed()


def test_nobody_to_ask_means_no(bowout: Bowout, here: Path) -> None:
    told = bowout("pack", "install", "samples")
    assert told.code == 2 and "Add --yes" in told.err and not installed()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check", "nothing"], "There is no file or folder “nothing”"),
        (["install", "nothing"], "There is no file or folder “nothing”"),
        (["build", "nothing"], "There is no folder “nothing”"),
        (["build", "samples", "-o", "samples/pack.yaml"], "does not end with .bowpack"),
        (["build", "samples", "-o", "no/where.bowpack"], "can't be used: No such file"),
        (["show", "essentialls"], "Did you mean “essentials”?"),
        (["show", "samples/"], "There is no pack"),
        (["show", "./samples", "tow"], "Did you mean “two”?"),
        (["remove", "../samples"], "No pack “../samples” is installed"),
        (["schema", "--pack", "--scenario"], "not allowed with"),
        (["nothing"], "invalid choice"),
    ],
)
def test_what_was_typed_wrong_is_said(bowout: Bowout, here: Path, arguments: list[str], told: str) -> None:
    if arguments == ["show", "samples/"]:
        (here / "samples").rename(here / "gone")
        told = "There is no file or folder “samples/”"
    answer = bowout("pack", *arguments)
    assert answer.code in (1, 2) and told in answer.err
    assert "Traceback" not in answer.err and not list(here.glob("*.bowpack"))


def test_a_broken_pack_is_left_out_and_listed(bowout: Bowout, here: Path) -> None:
    bowout("pack", "install", "samples", "--yes")
    path = pack_store.folder() / "samples.bowpack"
    path.write_bytes(path.read_bytes().replace(b"Northwind", b"Southwind"))
    told = bowout("pack", "list")
    assert told.code == 1 and "samples  left out: samples.bowpack is damaged" in told.out
    last = json.loads(bowout("pack", "list", "--json").out.splitlines()[-1])
    assert (last["id"], last["ok"]) == ("samples", False)
    told = bowout("call", "not-a-fit", "--typed", "--no-sound", answer="")
    assert "[packs] The pack “samples” is left out. Why: bowout pack list" in told.err
    assert bowout("pack", "show", "samples").code == 2
    assert bowout("pack", "remove", "samples", "--yes").code == 0
    assert bowout("pack", "list").code == 0


def test_text_from_a_pack_drives_no_terminal(bowout: Bowout, here: Path) -> None:
    """What the reader lets through (zero-width signs, markup) is shown as what it is."""
    (here / "samples" / "one.yaml").write_text(
        SCENARIO.replace("title: Your train", 'title: "[bold]Your\\u200btrain[/bold]').replace(
            "cancelled\nintent", 'cancelled"\nintent'
        ),
        encoding="utf-8",
    )
    told = bowout("pack", "show", "samples")
    assert "[bold]Your�train[/bold] is cancelled" in told.out


def test_schema_prints_json(bowout: Bowout) -> None:
    scenario = json.loads(bowout("pack", "schema").out)
    assert scenario == json.loads(bowout("pack", "schema", "--scenario").out)
    assert (
        "call" in scenario["properties"]
        and "scenarios" in json.loads(bowout("pack", "schema", "--pack").out)["properties"]
    )


def test_build_leaves_the_rights_of_the_folder_alone(bowout: Bowout, here: Path) -> None:
    if os.name != "posix":
        pytest.skip("rights are POSIX's")
    here.chmod(0o755)
    old = os.umask(0o022)
    try:
        assert bowout("pack", "build", "samples").code == 0
    finally:
        os.umask(old)
    assert here.stat().st_mode & 0o777 == 0o755
    assert (here / "samples-1.bowpack").stat().st_mode & 0o777 == 0o644


def test_as_a_real_process(here: Path) -> None:
    """Standard output is the answer, alone, and an interrupted reader is no error."""
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run(
        [sys.executable, "-m", "bowout", "pack", "check", "samples", "--json"],
        capture_output=True, text=True, env=env, timeout=60, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["ok"] and done.stderr == ""
