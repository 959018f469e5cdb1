"""Stand-ins for a call without a machine: tones for voices, loudness for voice activity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bowout.core.scenario import Persona
from bowout.ports import RATE, Clip


def tone(seconds: float, hertz: float = 220.0) -> Clip:
    """Something that a voice activity detector without pretensions takes for a voice."""
    times = np.arange(round(seconds * RATE)) / RATE
    return Clip((9000 * np.sin(2 * np.pi * hertz * times)).astype("<i2").tobytes(), RATE)


class LoudIsVoice:
    """Voice activity for synthetic tones: loud is voice."""

    def voiced(self, pcm: bytes) -> bool:
        return len(pcm) > 0 and int(np.abs(np.frombuffer(pcm, "<i2").astype(np.int32)).max()) > 2000

    def reset(self) -> None:
        return None


class PlainLines:
    """Lines as tones; remembers what was prepared and asked for."""

    engine = "test"

    def __init__(self) -> None:
        self.prepared: list[str] = []
        self.said: list[str] = []
        self.speakers: list[Persona] = []

    def prepare(self, lines: Sequence[tuple[str, Persona]]) -> None:
        self.prepared += [text for text, _ in lines]

    def ready(self, text: str, speaker: Persona) -> bool:
        return True

    def get(self, text: str, speaker: Persona) -> Clip:
        self.said.append(text)
        self.speakers.append(speaker)
        return tone(0.5, 440)
