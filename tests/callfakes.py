"""Stand-ins for a call without a machine: tones for voices, loudness for voice activity."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from bowout.ports import RATE, Clip


def tone(seconds: float, hertz: float = 220.0) -> Clip:
    """Something a voice activity detector without pretensions takes for a voice."""
    count = round(seconds * RATE)
    samples = (round(9000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(count))
    return Clip(struct.pack(f"<{count}h", *samples), RATE)


class LoudIsVoice:
    """Voice activity for synthetic tones: loud is voice."""

    def voiced(self, pcm: bytes) -> bool:
        samples = struct.unpack(f"<{len(pcm) // 2}h", pcm)
        return max(map(abs, samples), default=0) > 2000

    def reset(self) -> None:
        return None


class PlainLines:
    """Lines as tones; remembers what was prepared and asked for."""

    engine = "test"

    def __init__(self) -> None:
        self.prepared: list[str] = []
        self.said: list[str] = []

    def prepare(self, lines: Sequence[str]) -> None:
        self.prepared += lines

    def get(self, text: str) -> Clip:
        self.said.append(text)
        return tone(0.5, 440)
