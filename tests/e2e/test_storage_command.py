"""What is kept, from the command line: its size, letting old sound go, deleting, and a backup there and back."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bowout.cli import main
from bowout.paths import config_dir, data_dir
from bowout.storage.records import FileRecords

NOW = datetime.now(timezone.utc)


@pytest.fixture
def calls() -> dict[str, str]:
    """Four calls with sound and words of their own; ids by name, oldest first."""
    made = {}
    for name, days_ago, score in (("best", 90, 95), ("old", 60, 70), ("ancient", 40, 60), ("last", 1, 80)):
        records = FileRecords(data_dir() / "attempts", lambda days=days_ago: NOW - timedelta(days=days))  # type: ignore[misc]
        writer = records.begin(
            scenario="s", title="A call", intent="leave", mode="live", ear="vosk", keep_audio=True, retention="keep"
        )
        writer.audio(f"sound-{name}".encode() * 2000)
        writer.event("turn", index=0, words=[{"text": f"words-{name}", "start": 0.0, "end": 1.0}])
        writer.event("marks", result={"schema": 1, "score": score, "passed": score >= 80})
        writer.event("end", outcome="left")
        writer.close()
        made[name] = writer.id
    return made


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, error = capsys.readouterr()
    return code, out, error


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(capsys, *words, "--json")[1].splitlines()]


def holding(*needles: str) -> set[str]:
    """Which of the needles stand in any byte of any file of the user's."""
    data = b"".join(path.read_bytes() for path in data_dir().rglob("*") if path.is_file())
    return {needle for needle in needles if needle.encode() in data}


def test_size(capsys: pytest.CaptureFixture[str], calls: dict[str, str]) -> None:
    (size,) = answer(capsys, "recordings", "size")
    sound = sum(path.stat().st_size for path in data_dir().rglob("audio.wav"))
    assert (size["attempts"], size["audio_bytes"]) == (4, sound) and size["other_bytes"] > 0
    assert run(capsys, "recordings", "size")[1].startswith("4 calls, ")
    assert run(capsys, "recordings", "list")[1].splitlines()[-1].startswith("4 calls, ")
    assert len(answer(capsys, "recordings", "list")) == 4


@pytest.mark.parametrize(
    ("words", "settings", "gone"),
    [
        (["--older-than", "30"], "", {"best", "old", "ancient"}),
        (["--keep-best-and-last"], "", {"old", "ancient"}),
        (["--older-than", "50", "--keep-best-and-last"], "", {"old"}),
        ([], "keep_audio_days = 50\n", {"best", "old"}),
    ],
)
def test_prune(
    capsys: pytest.CaptureFixture[str], calls: dict[str, str], words: list[str], settings: str, gone: set[str]
) -> None:
    config_dir().mkdir(parents=True)
    (config_dir() / "settings.toml").write_text(settings)
    names = {id_: name for name, id_ in calls.items()}
    tried = answer(capsys, "recordings", "prune", *words, "--dry-run")
    assert {names[row["id"]] for row in tried} == gone
    assert holding(*(f"sound-{name}" for name in calls)) == {f"sound-{name}" for name in calls}, "only tried"
    code, out, _ = run(capsys, "recordings", "prune", *words)
    many = f"{len(gone)} call{'' if len(gone) == 1 else 's'}"
    assert code == 0 and f"Deleted the sound of {many}" in out
    assert holding(*(f"sound-{name}" for name in calls)) == {f"sound-{name}" for name in calls.keys() - gone}
    assert len(holding(*(f"words-{name}" for name in calls))) == 4, "the words stay"
    code, out, _ = run(capsys, "recordings", "prune", *words)
    assert (code, out) == (1, "There is nothing to delete.\n")


def test_prune_wants_to_know_which(capsys: pytest.CaptureFixture[str], calls: dict[str, str]) -> None:
    code, _, error = run(capsys, "recordings", "prune")
    assert code == 2 and "--older-than DAYS" in error
    for days in ("0", "-1", "x", "99999"):
        with pytest.raises(SystemExit) as left:
            main(["recordings", "prune", "--older-than", days])
        assert left.value.code == 2


@pytest.mark.parametrize("which", [["old"], ["old", "last"], ["--all"]])
def test_deleted_is_gone_from_every_byte(
    capsys: pytest.CaptureFixture[str], calls: dict[str, str], which: list[str]
) -> None:
    run(capsys, "recordings", "list")
    gone = set(calls) if which == ["--all"] else set(which)
    assert run(capsys, "recordings", "delete", *(calls.get(name, name) for name in which))[0] == 0
    for name, id_ in calls.items():
        needles = {f"sound-{name}", f"words-{name}"}
        # The id of one that is still there stands in the index, or only in the name of its folder.
        assert holding(*needles) == (set() if name in gone else needles)
        assert not (name in gone and holding(id_))


def test_there_and_back(
    capsys: pytest.CaptureFixture[str], calls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.zip"
    code, out, error = run(capsys, "backup", str(file))
    assert code == 0 and error == "" and "4 calls" in out and "readable by you alone" in out
    assert answer(capsys, "backup", str(file))[0]["things"] == {"call": 4}
    run(capsys, "recordings", "delete", calls["old"])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(os.sep)
    assert "Would come: 1 call" in run(capsys, "restore", "~/mine.zip", "--dry-run")[1]
    code, out, _ = run(capsys, "restore", "~/mine.zip")
    assert (code, out) == (0, "Came: 1 call.\nHere already, and left as it is: 3 calls.\n")
    assert answer(capsys, "restore", str(file)) == [{"came": {}, "stayed": {"call": sorted(calls.values())},
                                                    "unusable": {}}]  # fmt: skip
    assert len(answer(capsys, "recordings", "list")) == 4
    assert holding("sound-old", "words-old") == {"sound-old", "words-old"}


def test_what_cannot_be_taken_back_is_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, error = run(capsys, "restore", str(tmp_path / "none.zip"))
    assert (code, out) == (2, "") and "can't be read" in error
    (tmp_path / "x.zip").write_bytes(b"x")
    code, out, error = run(capsys, "restore", str(tmp_path / "x.zip"), "--json")
    assert (code, out) == (2, "") and "is no backup" in error
    code, _, error = run(capsys, "backup", str(tmp_path / "notes"))
    assert code == 2 and "does not end with .zip" in error
