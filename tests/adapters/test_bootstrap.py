"""Which adapters are picked, and what happens when one turns out to be broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bowout.bootstrap import RealServices
from bowout.core.settings import Settings
from bowout.errors import MissingPart
from bowout.ports import Verdict
from bowout.speech import ears
from bowout.speech.ears.scripted import ScriptedEar


class Broken(ScriptedEar):
    def start(self) -> None:
        raise MissingPart("The model is damaged.", "bowout model check")


@pytest.fixture
def three_ears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vosk is there but does not start; the built-in ear is well."""
    there = {name: Verdict(True, name) for name in ears.ORDER}

    def choose(name: str, **_: Any) -> ScriptedEar:
        return (Broken if name == "vosk" else ScriptedEar)([], ear=name)

    monkeypatch.setattr(ears, "available", lambda model=None: there)
    monkeypatch.setattr(ears, "choose_ear", choose)


def test_a_broken_model_gives_way_to_the_next_ear(three_ears: None) -> None:
    services = RealServices(Settings())
    assert services.ear_name() == "vosk"
    assert services.ear().ear == "builtin"
    assert services.ear_name() == "builtin"
    assert services.ear() is services.ear()
    assert "The model is damaged." in [notice.message for notice in services.notices()]


def test_an_ear_named_on_the_command_line_is_not_replaced(three_ears: None) -> None:
    services = RealServices(Settings(ear="vosk"), strict=True)
    for _ in range(2):
        with pytest.raises(MissingPart, match="damaged"):
            services.ear()


def test_an_ear_in_the_settings_that_is_gone_is_replaced_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {
        "vosk": Verdict(False, "Vosk is gone.", "fetch it"),
        "builtin": Verdict(True, "b"),
        "typed": Verdict(True, "t"),
    }
    monkeypatch.setattr(ears, "available", lambda model=None: there)
    monkeypatch.setattr(ears, "choose_ear", lambda name, **_: ScriptedEar([], ear=name))
    services = RealServices(Settings(ear="vosk"))
    assert services.ear_name() == "builtin"
    assert services.ear().ear == "builtin"
    assert "Vosk is gone." in [notice.message for notice in services.notices()]


def test_missing_loudspeakers_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    services = RealServices(Settings(ear="builtin"))
    monkeypatch.setattr(services, "devices", list)
    assert {"microphone", "speakers"} <= {notice.part for notice in services.notices()}


def test_a_new_voice_is_used_at_once() -> None:
    services = RealServices(Settings())
    before = services.ladder
    services.save(Settings(voice="silent"))
    assert services.ladder is not before
    services.close()


def test_the_wheel_carries_the_scenarios(tmp_path: Path) -> None:
    """What ``pipx install .`` installs can be used without the clone."""
    import os
    import subprocess
    import sys
    import zipfile

    from needs import has_module, need

    need("hatchling", has_module("hatchling"))
    root = Path(__file__).parents[2]
    build = "import hatchling.build as b, sys; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=root, capture_output=True, text=True, check=True
    )
    wheel = tmp_path / done.stdout.splitlines()[-1]
    place = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(place)
    code = "import bowout, bowout.bootstrap as b; print(bowout.__file__, [s.id for s in b.build_catalogue().scenarios])"
    env = os.environ | {"PYTHONPATH": str(place)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env=env
    )
    assert str(place) in run.stdout and "accepted-another-offer" in run.stdout
    assert (place / "bowout" / "models.lock.toml").is_file()
