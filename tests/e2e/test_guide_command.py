"""``bowout guide`` as a user types it."""

from __future__ import annotations

import pytest

from bowout.cli import main
from e2e.test_cli import bowout, only_json


def test_words_print_the_page_that_fits() -> None:
    done = bowout("guide", "too", "nervous", "to", "call")
    assert done.returncode == 0 and done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "Nerves before the call"
    assert "  bowout call essentials/accepted-another-offer" in lines and "Also found:" in lines
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(("columns", "most"), [("50", 50), ("300", 80), ("10", 30)])
def test_lines_fit_the_terminal(
    columns: str, most: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["guide", "visas"]) == 0
    body = capsys.readouterr().out.partition("Try it:")[0].splitlines()
    assert most - 12 < max(map(len, body)) <= most


def test_without_words_all_pages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide"]) == 0
    everything = capsys.readouterr().out
    assert main(["guide", "--list"]) == 0
    assert capsys.readouterr().out == everything
    assert everything.startswith("decide ") and "unsafe          An unsafe interview\n" in everything
    assert main(["guide", "--list", "harassed"]) == 0
    fewer = capsys.readouterr().out
    assert fewer.startswith("unsafe ") and len(fewer) < len(everything)


def test_no_page_is_exit_code_one() -> None:
    done = bowout("guide", "zzqqxx\x1b[31m")
    assert done.returncode == 1 and done.stdout == ""
    assert "bowout guide --list" in done.stderr and "\x1b" not in done.stderr


def test_json_is_one_object_a_page() -> None:
    (page,) = only_json(bowout("guide", "timing", "--json"))
    assert page["id"] == "timing" and "channel" in page["see"] and "Pick up the phone" in page["text"]
    assert len(only_json(bowout("guide", "--json"))) >= 25
