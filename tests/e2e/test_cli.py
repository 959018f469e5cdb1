"""The command line as a user types it: real processes, typed ears, no devices."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOOD = (
    "Hello Maria, this is Sam Lee. I'm calling about the analyst interview today at three. I have accepted another "
    "offer, so I need to withdraw from the process. I'm sorry for the short notice. Thank you for your time, and good "
    "luck finding the right person."
)


def bowout(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    src = Path(__file__).parents[2] / "src"
    env = os.environ | {"PYTHONPATH": str(src)}
    return subprocess.run(
        [sys.executable, "-m", "bowout", *arguments],
        input=text or "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=env,
        timeout=120,
    )


def only_json(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_score_text_prints_the_published_object() -> None:
    done = bowout("score", "--intent", "withdraw", "--text", "-", "--json", text=GOOD)
    (result,) = only_json(done)
    assert done.returncode == 0, done.stderr
    assert result["schema"] == 1 and result["ear"] == "typed" and result["unit"] == "word"
    assert result["passed"] is True and 80 <= result["score"] <= 100
    for key in ("intent", "items", "faults", "delivery", "transcript", "marking_version", "scenario", "seed"):
        assert key in result
    name = result["items"]["name"]
    assert set(name) >= {"state", "required", "quote", "start", "end", "turn", "say_instead"}
    words = [w["word"] for w in result["transcript"]]
    assert name["state"] == "heard" and "Sam" in " ".join(words[name["start"] : name["end"]])


def test_what_did_not_pass_is_exit_code_one() -> None:
    done = bowout("score", "--intent", "withdraw", "--text", "-", text="hi something came up")
    assert done.returncode == 1
    assert "vague_reason" in done.stdout and "not passed" in done.stdout


def test_jsonl_gives_one_object_a_line_with_its_id(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    rows = [{"id": f"c{n}", "intent": "withdraw", "text": GOOD} for n in range(3)]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    done = bowout("score", "--jsonl", str(file))
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in only_json(done)] == ["c0", "c1", "c2"]


@pytest.mark.parametrize(
    ("arguments", "text", "code", "told"),
    [
        (["score", "--text", "-"], "hi", 2, "What did the caller want?"),
        (["score", "--intent", "leave", "--text", "/none/x"], "", 2, "can't be read"),
        (["score", "--intent", "nothing", "--text", "-"], "", 2, "invalid choice"),
        (["score", "--scenario", "not-a-fitt", "--text", "-"], "", 2, "Did you mean “not-a-fit”?"),
        (["score", "--scenario", "not-a-fit", "--intent", "withdraw", "--text", "-"], "", 2, "is about “leave”"),
        (["score", "--jsonl", "-"], '{"id": 1}\n', 2, "line 1"),
        (["score", "--jsonl", "-"], '{"id": 1, "intent": "x", "text": "y"}\n', 2, "Known: reschedule"),
        (["score", "--intent", "leave", "--wav", "/none.wav", "--ear", "typed"], "", 2, "can't hear a recording"),
        (["recordings", "play", "../../etc/passwd"], "", 2, "bowout:"),
        (["recordings", "delete"], "", 2, "Which calls?"),
        (["score", "--intent", "leave", "--wav", __file__], "", 2, "bowout:"),
        (["demo", "--ear", "vosk"], "", 3, "bowout model install"),
        (["call", "--wav", __file__, "--ear", "typed"], "", 2, "bowout:"),
        (["score", "--jsonl", "-"], "[" * 5000 + "\n", 2, "line 1"),
        (["score", "--jsonl", "-"], '{"id": NaN, "intent": "leave", "text": "x"}\n', 2, "line 1"),
        (["recordings", "play", "x", "--from", "nan"], "", 2, "no number of seconds"),
        ([], "", 3, "no terminal to draw on"),
    ],
)
def test_errors_are_sentences_with_a_way_on(arguments: list[str], text: str, code: int, told: str) -> None:
    done = bowout(*arguments, text=text)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert done.stdout == "" and "Traceback" not in done.stderr


def test_binary_and_hostile_text_come_back_neutralised(tmp_path: Path) -> None:
    file = tmp_path / "t.txt"
    file.write_bytes(b"\xff\xfe\x00binary")
    assert bowout("score", "--intent", "leave", "--text", str(file)).returncode == 2
    hostile = "hello this is \x1b[31mSam\x1b[0m [bold]Lee[/] thank you for your time \x9b2J"
    done = bowout("score", "--intent", "withdraw", "--text", "-", text=hostile)
    assert "\x1b" not in done.stdout and "\x9b" not in done.stdout
    done = bowout("score", "--intent", "withdraw", "--text", "-", "--json", text=hostile)
    assert "\x1b" not in done.stdout and "\x9b" not in done.stdout


def test_a_typed_call_from_the_pipe() -> None:
    said = f"{GOOD}\nNo, my decision is made. I'll confirm it by email.\n"
    done = bowout("call", "accepted-another-offer", "--typed", "--json", "--no-sound", text=said)
    assert done.returncode == 0, done.stderr
    (result,) = only_json(done)
    assert result["passed"] and result["scenario"] == "accepted-another-offer" and result["ear"] == "typed"
    assert "Recruiter:" in done.stderr
    rows = only_json(bowout("recordings", "list", "--json"))
    assert [row["scenario"] for row in rows] == ["accepted-another-offer"]
    shown = bowout("recordings", "show", rows[0]["id"]).stdout
    assert "Recruiter: " in shown and "You: Hello Maria" in shown and "of 100" in shown
    assert bowout("recordings", "delete", rows[0]["id"]).returncode == 0
    assert bowout("recordings", "list", "--json").stdout == ""


@pytest.mark.parametrize("weak", [False, True])
@pytest.mark.parametrize("scenario", ["accepted-another-offer", "ill-on-the-day", "not-a-fit"])
def test_the_typed_demo_comes_out_as_declared(scenario: str, weak: bool) -> None:
    done = bowout("demo", scenario, "--ear", "typed", "--json", *(["--weak"] if weak else []))
    assert done.returncode == 0, done.stderr
    (result,) = only_json(done)
    assert result["passed"] is not weak


def test_a_call_from_recordings_needs_an_ear(tmp_path: Path) -> None:
    import wave

    file = tmp_path / "a.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"\1\0" * 16_000)
    done = bowout("call", "--wav", str(file), "--ear", "typed", "--no-sound")
    assert done.returncode == 3 and "no ear" in done.stderr and done.stdout == ""


def test_with_json_nothing_else_reaches_standard_output() -> None:
    """Not even what a native library writes to file descriptor 1."""
    code = (
        "import os\nfrom bowout.commands.output import emit, json_alone\n"
        "with json_alone():\n    os.write(1, b'noise\\n'); print('more'); emit({'a': 1})\nprint('after')"
    )
    src = Path(__file__).parents[2] / "src"
    env = os.environ | {"PYTHONPATH": str(src)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, timeout=60)
    assert done.stdout == '{"a": 1}\nafter\n'
    assert "noise" in done.stderr and "more" in done.stderr


def test_delete_all_leaves_nothing_behind() -> None:
    bowout("call", "--typed", "--no-sound", text=f"{GOOD}\n")
    attempts = Path(os.environ["BOWOUT_DATA_DIR"]) / "attempts"
    (kept,) = (path for path in attempts.iterdir() if path.is_dir())
    newer = attempts / "20990101T000000000Z-abcdef"
    newer.mkdir()
    (newer / "events.jsonl").write_text('{"schema": 99}\n', encoding="utf-8")
    done = bowout("recordings", "delete", "--all")
    assert done.returncode == 0 and "2 calls" in done.stdout, done.stderr
    assert not kept.exists() and not newer.exists()


def test_one_wrong_line_of_settings_keeps_nobody_from_anything() -> None:
    folder = Path(os.environ["BOWOUT_CONFIG_DIR"])
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text("ear = 5\n", encoding="utf-8")
    done = bowout("demo", "--json")
    assert done.returncode == 0 and "line 1" in done.stderr and "defaults hold" in done.stderr
    assert (folder / "settings.toml").read_text(encoding="utf-8") == "ear = 5\n"


def test_a_full_standard_output_is_a_sentence() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    src = Path(__file__).parents[2] / "src"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bowout", "recordings", "list", "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(src)}, timeout=60,
        )  # fmt: skip
    assert "Traceback" not in done.stderr
    bowout("call", "--typed", "--no-sound", text=f"{GOOD}\n")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bowout", "recordings", "list"],
            stdout=full, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(src)}, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1 and "can't be written" in done.stderr and "Traceback" not in done.stderr


def test_a_demo_leaves_no_attempt_behind() -> None:
    assert bowout("demo", "--ear", "typed").returncode == 0
    assert bowout("recordings", "list", "--json").stdout == ""


def test_help_names_every_command_and_the_exit_codes() -> None:
    done = bowout("--help")
    for word in ("demo", "call", "score", "doctor", "devices", "voices", "model", "recordings", "Exit codes"):
        assert word in done.stdout


def test_doctor_says_what_is_missing_and_how_to_mend_it() -> None:
    done = bowout("doctor", "--json")
    (result,) = only_json(done)
    assert {"microphone", "level", "speakers", "voice", "terminal"} <= set(result["parts"])
    for part in result["parts"].values():
        assert set(part) == {"ok", "detail", "fix"}
        assert part["detail"] and (part["ok"] or part["fix"])
    assert done.returncode in (0, 1)
