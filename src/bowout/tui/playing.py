"""Play a clip to its end from a worker thread, and cut a quote out of a recording."""

from __future__ import annotations

import io
import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path

from bowout.errors import InputError
from bowout.ports import Clip, Playback

LEAD_S, TAIL_S = 0.4, 0.6
"""Played before and after a quote, so that it does not begin in the middle of a word."""


def play(playback: Playback, clip: Clip, stop: threading.Event, began: Callable[[], None] | None = None) -> None:
    """Blocks until the clip is over or ``stop`` is set; the loudspeakers are let go afterwards.

    Args:
        began: called once, from this thread, when the clip is on its way.
    """
    try:
        playback.open()
        playing = playback.play(clip)
        if began is not None:
            began()
        try:
            until = time.monotonic() + clip.seconds + 5.0
            while not playing.done() and not stop.wait(0.05) and time.monotonic() < until:
                pass
        finally:
            playing.stop()
    finally:
        playback.close()


def cut(recording: Path | bytes, start: float, end: float) -> Clip:
    """The part of a recording, a file or its content, from ``start`` to ``end`` seconds, with a little around it."""
    try:
        with wave.open(str(recording) if isinstance(recording, Path) else io.BytesIO(recording), "rb") as file:
            rate = file.getframerate()
            first = min(max(0, round((start - LEAD_S) * rate)), file.getnframes())
            last = min(round((end + TAIL_S) * rate), file.getnframes())
            file.setpos(first)
            return Clip(file.readframes(max(0, last - first)), rate)
    except (OSError, EOFError, wave.Error) as error:
        raise InputError("The recording can't be read.", str(error)) from error
