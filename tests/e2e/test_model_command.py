"""``bowout model``: what it prints, where it prints it, and the exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.vendor import NAME, Behaviour, archive, locked, serving
from bowout import cli
from bowout.ports import Verdict
from bowout.speech import model_store
from bowout.speech.model_check import check_model

pytestmark = pytest.mark.loopback


@pytest.fixture(autouse=True)
def no_decoding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Our archives hold no real model: their files are checked, decoding is not tried. Nobody else's models count."""

    def files_only(folder: Path, *, decode: bool = True) -> Verdict:
        return check_model(folder, decode=False)

    monkeypatch.setattr(model_store, "check_model", files_only)
    monkeypatch.setattr(
        model_store.install, "__kwdefaults__", {**model_store.install.__kwdefaults__, "check": files_only}
    )
    monkeypatch.setattr(model_store, "checkout_root", lambda: None)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["model", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_install_list_and_check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    behaviour = Behaviour(archive())
    with serving(behaviour) as url:
        models = locked(behaviour.body, url)
        monkeypatch.setattr(model_store, "read_lock", lambda: models)
        monkeypatch.setattr("bowout.speech.model_lock.read_lock", lambda: models)
        code, out, err = run(capsys, "install", "--json")
    place = str(model_store.models_dir() / NAME)
    assert code == 0 and json.loads(out) == {
        "name": NAME, "path": place, "verified": True, "fresh": True, "detail": "all files are there",
    }  # fmt: skip
    assert out.count("\n") == 1 and f"fetching {url}" in err and "0.2 of 0.2 MB" in err
    code, out, _ = run(capsys, "list", "--json")
    assert code == 0 and [json.loads(line)["path"] for line in out.splitlines()] == [place]
    code, out, _ = run(capsys, "check", "--json")
    assert code == 0 and json.loads(out)["ok"] is True
    (Path(place) / "am" / "final.mdl").write_bytes(b"")
    code, out, _ = run(capsys, "check", "--json")
    assert code == 1 and json.loads(out)["fix"] == "bowout model install", "it is found although it is not whole"
    code, out, err = run(capsys, "check")
    assert code == 1 and "am/final.mdl" in out and "Fix: bowout model install" in err


def test_no_model_is_a_missing_part(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "--json")
    assert code == 3 and json.loads(out)["ok"] is False and "bowout model install" in err
    code, out, _ = run(capsys, "list")
    assert code == 0 and "vosk-model-small-en-us-0.15  41 MB, Apache-2.0" in out


def test_words_that_are_off(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "install", "no-such-model")[0] == 2
    assert run(capsys, "check", "no-such-model")[0] == 2
    assert run(capsys, "install", "--from", str(tmp_path / "none.zip"))[0] == 2
    for arguments in (["install", "--from", "x", "--url", "y"], ["fetch"], []):
        with pytest.raises(SystemExit) as left:
            cli.main(["model", *arguments])
        assert left.value.code == 2


def test_an_unreachable_vendor_and_what_set_up_says(capsys: pytest.CaptureFixture[str]) -> None:
    address = "http://127.0.0.1:9/x.zip"
    code, out, err = run(capsys, "install", "--json", "--url", address)
    assert code == 3 and out == "" and "127.0.0.1 can't be reached" in err and "--from FILE.zip" in err
    code, out, err = run(capsys, "install", "--for-setup", "--url", address)
    assert code == 3 and out == ""
    (line,) = [line for line in err.splitlines() if "can't be reached" in line]
    assert "The built-in ear listens instead" in line and "bowout model install" in line


def test_help_does_not_load_what_fetching_needs() -> None:
    heavy = {"ssl", "zipfile", "tomlkit", "numpy"}
    code = f"import sys, bowout.commands.model; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
