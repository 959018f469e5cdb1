"""Play a clip to its end from a worker thread, and cut a quote out of a recording."""

from __future__ import annotations

import threading
import time
import wave
from pathlib import Path

from bowout.errors import InputError
from bowout.ports import Clip, Playback

LEAD_S, TAIL_S = 0.4, 0.6
"""Played before and after a quote, so that it does not begin in the middle of a word."""


def play(playback: Playback, clip: Clip, stop: threading.Event) -> None:
    """Blocks until the clip is over or ``stop`` is set; the loudspeakers are let go afterwards."""
    try:
        playback.open()
        playing = playback.play(clip)
        try:
            until = time.monotonic() + clip.seconds + 5.0
            while not playing.done() and not stop.wait(0.05) and time.monotonic() < until:
                pass
        finally:
            playing.stop()
    finally:
        playback.close()


def cut(path: Path, start: float, end: float) -> Clip:
    """The part of a recording from ``start`` to ``end`` seconds, with a little around it."""
    try:
        with wave.open(str(path), "rb") as file:
            rate = file.getframerate()
            first = min(max(0, round((start - LEAD_S) * rate)), file.getnframes())
            last = min(round((end + TAIL_S) * rate), file.getnframes())
            file.setpos(first)
            return Clip(file.readframes(max(0, last - first)), rate)
    except (OSError, EOFError, wave.Error) as error:
        raise InputError("The recording can't be read.", str(error)) from error
