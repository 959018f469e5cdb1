"""One virtual sound card for all tests that need one: real PortAudio through a real, private PulseAudio."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(path: Path, name: str) -> ModuleType:
    """A module by its file: scripts are no package, and there are several files called conftest."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


_base = load(ROOT / "tests" / "conftest.py", "bowout_base_conftest")
IN_CI, need, has_module, has_program = _base.IN_CI, _base.need, _base.has_module, _base.has_program
virtual_audio = load(ROOT / "scripts" / "virtual_audio.py", "virtual_audio")


def _portaudio_there() -> bool:
    from bowout.errors import MissingPart
    from bowout.speech import portaudio

    try:
        portaudio.sounddevice()
    except MissingPart:
        return False
    return True


@pytest.fixture
def virtual_audio_module() -> ModuleType:
    """``scripts/virtual_audio.py``, for tests of the script itself."""
    need(", ".join(virtual_audio.missing()) or "PulseAudio", not virtual_audio.missing())
    return virtual_audio


@pytest.fixture(scope="module")
def sound_card() -> Iterator[Any]:
    """The server, for one file of tests; other files see the machine as it is. Tests take ``audio``."""
    need(", ".join(virtual_audio.missing()) or "PulseAudio", not virtual_audio.missing())
    with virtual_audio.VirtualAudio() as card:
        need("PortAudio", _portaudio_there())
        from bowout.speech import portaudio

        # PortAudio may have been started by an earlier test, before this server was there.
        portaudio.refresh()
        yield card
    # Fails if a test left a stream open.
    portaudio.refresh()


@pytest.fixture
def audio(sound_card: Any) -> Iterator[Any]:
    """A ``VirtualAudio`` as good as new: no echo, no noise, and alive whatever the test does to it."""
    yield sound_card
    try:
        sound_card.pactl("info")
    except virtual_audio.VirtualAudioError:
        sound_card.start()
    sound_card.echo(False)
    sound_card.noise(None)
