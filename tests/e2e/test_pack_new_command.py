"""``bowout pack new`` and ``bowout pack preview`` as a coach types them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from adapters.pack_files import SCENARIO, pack_files, write_folder
from bowout import bootstrap
from bowout.cli import main
from bowout.errors import MissingPart
from tui.fakes import FakeServices

NAME = "your-train-is-cancelled"


class Told(NamedTuple):
    code: int
    out: str
    err: str


Bowout = Callable[..., Told]


class Keyboard(io.StringIO):
    """What somebody types; ``stop_at`` lines later they press Ctrl-C."""

    def __init__(self, text: str, *, there: bool, stop_at: int | None) -> None:
        super().__init__(text)
        self._there = there
        self._left = stop_at

    def isatty(self) -> bool:
        return self._there

    def readline(self, *arguments: Any) -> str:
        if self._left is not None:
            if self._left == 0:
                raise KeyboardInterrupt
            self._left -= 1
        return super().readline(*arguments)


@pytest.fixture
def bowout(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bowout:
    """The command line. ``typed`` is what somebody at a terminal types, ``piped`` what comes from elsewhere."""

    def run(*arguments: str | Path, typed: str | None = None, piped: str = "", stop_at: int | None = None) -> Told:
        keyboard = Keyboard(piped if typed is None else typed, there=typed is not None, stop_at=stop_at)
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
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeServices]:
    """Loudspeakers that remember, and voices of a tone for each line."""
    services = FakeServices(tmp_path / "records")
    monkeypatch.setattr(bootstrap, "build_services", lambda: services)
    yield services


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def given(folder: Path, **answers: object) -> Path:
    path = folder / "answers.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    return path


def test_enter_alone_makes_a_call(bowout: Bowout, here: Path) -> None:
    told = bowout("pack", "new", typed="\n" * 11 + "n\n")
    assert told.code == 0
    assert told.out == f"Written: my-calls/{NAME}.yaml\nChecked: all is well.\n"
    assert written(here / "my-calls") == ["pack.yaml", f"{NAME}.yaml"]
    for part in ("1 of 10: What do you want?", "10 of 10: How do they press you?", "Last: How does the call go?",
                 "[Sam Lee] ", "For example: Priya Nair", "for a new pack: my-calls"):  # fmt: skip
        assert part in told.err, part
    assert bowout("pack", "check", "my-calls").code == 0


def test_what_is_wrong_is_said_at_once_and_asked_again(bowout: Bowout, here: Path) -> None:
    typed = ["move", "You are ill", "{x}", "Ana Sol", "", "", "", "soon", "tomorrow at 9", "something came up",
             "I have come down with a fever", "tomorrow 9:00, in 3 days noon", "in 2 days 10:00, in 3 days noon",
             "99", "they want", "5", "n"]  # fmt: skip
    told = bowout("pack", "new", "mine", typed="\n".join(typed) + "\n")
    assert told.code == 0, told
    for part in ("! Leave out “{” and “}”", "! “soon” is no time", "! That is an empty phrase",
                 "one of them is the time of the interview itself", "! “99” is not among them"):  # fmt: skip
        assert part in told.err, part
    text = (here / "mine" / "you-are-ill.yaml").read_text(encoding="utf-8")
    for part in ('caller: "Ana Sol"', "interview: tomorrow 09:00", "second: +3 days 12:00", "pushback: details",
                 'reason: "I have come down with a fever"'):  # fmt: skip
        assert part in text, part


@pytest.mark.parametrize("lines", range(0, 11, 5))
def test_ctrl_c_leaves_nothing(bowout: Bowout, here: Path, lines: int) -> None:
    told = bowout("pack", "new", "mine", typed="\n" * 20, stop_at=lines)
    assert told.code == 130 and "Nothing was written." in told.err and "Traceback" not in told.err
    assert written(here) == []


def test_the_end_of_what_is_typed_leaves_nothing(bowout: Bowout, here: Path) -> None:
    told = bowout("pack", "new", "mine", typed="\n\n")
    assert told.code == 2 and "ended before the last question" in told.err and written(here) == []


def test_nobody_to_ask_needs_a_file(bowout: Bowout, here: Path) -> None:
    told = bowout("pack", "new", "mine")
    assert told.code == 2 and "--answers FILE.json" in told.err and written(here) == []


def test_answers_from_a_file(bowout: Bowout, here: Path) -> None:
    path = given(here, intent="leave", channel="in_person", template="exit", pushback="plan", caller="Zoë Ångström")
    told = bowout("pack", "new", "mine", "--answers", path)
    assert told.code == 0 and "Checked: all is well." in told.out
    assert "Walk through it: bowout pack preview mine the-job-is-not-what-was-advertised" in told.err
    assert bowout("pack", "check", "mine").code == 0
    more = given(here, alternatives=["in 4 days 10:00", "in 5 days 4 pm"], template="voicemail")
    assert bowout("pack", "new", "mine", "--answers", more).code == 0
    assert "“Mine” is well: 2 scenarios." in bowout("pack", "check", "mine").out
    assert bowout("pack", "install", "mine", "--yes").code == 0
    assert "voicemail" not in bowout("pack", "show", "mine", NAME).err


def test_a_name_that_is_taken_is_asked_about(bowout: Bowout, here: Path) -> None:
    path = given(here)
    assert bowout("pack", "new", "mine", "--answers", path).code == 0
    before = (here / "mine" / f"{NAME}.yaml").read_bytes()
    told = bowout("pack", "new", "mine", "--answers", path)
    assert told.code == 2 and "Add --yes to replace it" in told.err
    told = bowout("pack", "new", "mine", typed="\n" * 9 + "annoyed\n\n" + "n\n\n")
    assert told.code == 0 and f"the new one is called “{NAME}-2”" in told.err
    assert (here / "mine" / f"{NAME}.yaml").read_bytes() == before
    told = bowout("pack", "new", "mine", typed="\n" * 9 + "annoyed\n\n" + "y\n\n")
    assert told.code == 0 and "which has 2 scenarios" in told.err
    assert b"pushback: annoyed" in (here / "mine" / f"{NAME}.yaml").read_bytes()
    assert bowout("pack", "new", "mine", "--answers", path, "--yes").code == 0
    assert (here / "mine" / f"{NAME}.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is not JSON"),
        ("[]", "holds no answers"),
        ('{"caller": 3}', "“caller” in answers.json is not a text"),
        ('{"callr": "Sam"}', "Did you mean “caller”?"),
        ('{"reason": "something came up"}', "“reason”: That is an empty phrase"),
        ('{"alternatives": ["tomorrow 10:00"]}', "Two times"),
        ("[" * 50_000, "is not JSON"),
        (" " * 70_000, "larger than"),
        (b"\xff\xfe", "is not JSON in UTF-8"),
        (None, "can't be read"),
    ],
)
def test_a_file_of_answers_that_can_not_be_used(
    bowout: Bowout, here: Path, content: str | bytes | None, told: str
) -> None:
    path = Path("answers.json")
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    answer = bowout("pack", "new", "mine", "--answers", path)
    assert answer.code == 2 and told in answer.err and not (here / "mine").exists(), answer
    assert "Traceback" not in answer.err


def test_a_pack_that_is_broken_is_said_before_ten_questions(bowout: Bowout, here: Path) -> None:
    write_folder(here / "mine", pack_files(one=SCENARIO.replace("channel: phone", "channel: fone")))
    told = bowout("pack", "new", "mine", typed="\n" * 12)
    assert told.code == 2 and "“fone”" in told.err and "What do you want?" not in told.err


def test_it_can_be_walked_through_at_once(bowout: Bowout, here: Path, heard: FakeServices) -> None:
    told = bowout("pack", "new", "mine", typed="\n" * 11 + "y\n" + "Hello.\n\n\n\n")
    assert told.code == 0 and "The end: not_heard (bad)." in told.out
    assert heard.speakers.played, "aloud"


def test_say_speaks_the_whole_call(bowout: Bowout, here: Path, heard: FakeServices) -> None:
    told = bowout("pack", "new", "mine", "--answers", given(here, template="voicemail"), "--say")
    assert told.code == 0 and "The end: moved (good)." in told.out and "Marks: 100 of 100, passed." in told.out
    lines = [line.partition(": ")[2] for line in told.out.splitlines() if line.startswith("Maria Keller: ")]
    assert len(lines) == 4 and heard.lines.said == lines
    assert told.out.count("(it rings)") == 2 and told.out.count("(beep)") == 1
    assert [round(clip.seconds, 1) for clip in heard.speakers.played] == [0.2, 0.5, 0.2, 0.5, 0.5, 0.5]


def test_preview_tells_what_each_answer_does(bowout: Bowout, here: Path) -> None:
    write_folder(here / "samples", pack_files())
    piped = "I'm sorry, I can't come today.\nMy train has been cancelled.\nfine\n"
    told = bowout("pack", "preview", "samples", piped=piped)
    assert told.code == 0
    assert told.out.splitlines()[:1] == ["Your train is cancelled  [samples/one]"]
    for part in ("(it rings)\nMaria Keller: ", "You: I'm sorry, I can't come today.\n    · heard ",
                 "· pickup: way out 3 (heard ask) → why", "· why: way out 2 (else) → unclear",
                 "The end: left_open (bad). Nothing is settled.", "  Left out: greeting", "  Next time: "):  # fmt: skip
        assert part in told.out, (part, told.out)
    assert "The first of 2 scenarios. The others: two." in told.err


def test_after_the_last_line_there_is_silence(bowout: Bowout, here: Path) -> None:
    write_folder(here / "samples", pack_files())
    told = bowout("pack", "preview", "samples", "two", piped="")
    assert told.code == 0 and told.out.count("You: (nothing)") == 2 and "· pickup: way out 1 (silence) →" in told.out
    again = bowout("pack", "preview", "samples", "two", piped="")
    assert told.out == again.out, "the same seed says the same"
    others = {bowout("pack", "preview", "samples", "two", "--seed", str(seed)).out for seed in range(6)}
    assert len(others) > 1


def test_preview_of_a_script_a_file_and_an_id(bowout: Bowout, here: Path) -> None:
    write_folder(here / "samples", pack_files())
    bowout("pack", "build", "samples")
    script = here / "script.txt"
    script.write_text("Hello, I can't come.\n\nGoodbye.\n", encoding="utf-8")
    told = bowout("pack", "preview", "samples-1.bowpack", "one", "--script", script)
    assert told.code == 0 and "You: Hello, I can't come." in told.out and "You: (nothing)" in told.out
    assert bowout("pack", "preview", "essentials", "not-a-fit", "--script", script).code == 0
    told = bowout("pack", "preview", "not-a-fit", "--script", script)
    assert told.code == 0 and "[essentials/not-a-fit]" in told.out and "(it rings)" not in told.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing"], "There is no pack and no file “nothing”"),
        (["samples", "tow"], "Did you mean “two”?"),
        (["samples/"], "There is no file or folder"),
        (["essentials", "--script", "no.txt"], "no.txt can't be read"),
        (["essentials", "--script", "bad.txt"], "bad.txt is not UTF-8"),
        (["essentials", "--script", "long.txt"], "larger than 256 KB"),
        (["essentials", "--seed", "x"], "invalid int value"),
    ],
)
def test_what_can_not_be_previewed_is_said(bowout: Bowout, here: Path, arguments: list[str], told: str) -> None:
    if arguments == ["samples", "tow"]:
        write_folder(here / "samples", pack_files())
    (here / "bad.txt").write_bytes(b"\xff\xfe\x00")
    (here / "long.txt").write_bytes(b"a" * 300_000)
    answer = bowout("pack", "preview", *arguments)
    assert answer.code == 2 and told in answer.err and "Traceback" not in answer.err


def test_what_is_typed_drives_no_terminal(bowout: Bowout, here: Path) -> None:
    told = bowout("pack", "preview", "not-a-fit", piped="Hello \x1b[31m\u202e there\n")
    assert told.code == 0 and "\x1b" not in told.out and "\u202e" not in told.out and "Hello �" in told.out


def test_a_terminal_is_prompted_and_ctrl_c_leaves(bowout: Bowout, here: Path) -> None:
    told = bowout("pack", "preview", "not-a-fit", typed="Hello\n" * 9, stop_at=1)
    assert told.code == 130 and told.err.count("You: ") == 2 and "Traceback" not in told.err
    assert "You: Hello" not in told.out, "it stands on the screen already"


def test_preview_aloud_without_a_voice_or_loudspeakers_is_silent(
    bowout: Bowout, here: Path, heard: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> None:
        raise MissingPart("There are no loudspeakers here.", "Plug some in.")

    heard.speakers.open = nowhere  # type: ignore[method-assign]
    told = bowout("pack", "preview", "not-a-fit", "--say", piped="Hello.\n")
    assert told.code == 0 and "loudspeakers" not in told.err and "Helen Brandt: " in told.out
    assert not heard.speakers.played


def test_what_is_piped_in_and_no_text_is_said(bowout: Bowout, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def garbled(self: Keyboard, *arguments: Any) -> str:
        return b"\xff".decode()

    monkeypatch.setattr(Keyboard, "readline", garbled)
    told = bowout("pack", "preview", "not-a-fit")
    assert told.code == 2 and "is not UTF-8" in told.err and "Traceback" not in told.err
