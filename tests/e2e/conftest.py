"""Real parts: PortAudio through a private PulseAudio, the built-in ear on English, espeak-ng and Piper."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.conftest import audio, sound_card
from bowout.cli import main
from bowout.core.settings import Settings
from bowout.ports import Clip
from needs import need
from told import Bowout, Told

__all__ = ["audio", "sound_card"]


@pytest.fixture
def bowout(capfd: pytest.CaptureFixture[str]) -> Bowout:
    def run(*arguments: str) -> Told:
        capfd.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as left:
            code = int(left.code or 0)
        return Told(code, *capfd.readouterr())

    return run


def spoken_settings(**changes: Any) -> Settings:
    """Live mode, microphone checked, recordings kept, the built-in ear."""
    base = Settings(ear="builtin", mode="live", checked_microphone=True, keep_recordings="keep", rate_first=False)
    return replace(base, **changes)


@pytest.fixture(scope="session")
def built_in_ear() -> None:
    for module in ("moonshine_voice", "onnxruntime"):
        need(f"{module} (the built-in ear)", importlib.util.find_spec(module) is not None)


@pytest.fixture(scope="session")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A natural synthetic caller: text in, WAV file out; rendered once a session."""
    need("Piper", importlib.util.find_spec("piper") is not None)
    from bowout.speech.sounds import write_wav
    from bowout.speech.voices.piper import PiperVoice

    folder = tmp_path_factory.mktemp("caller")
    made: dict[str, Path] = {}

    def speak(text: str) -> Path:
        if text not in made:
            voice = PiperVoice()
            clip: Clip = voice.render(text, words_per_minute=130)
            voice.close()
            made[text] = folder / f"{len(made)}.wav"
            write_wav(made[text], clip)
        return made[text]

    return speak
