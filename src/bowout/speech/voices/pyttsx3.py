"""pyttsx3 as a renderer: one utterance a child process, never in ours, never for playback (speech.md 3.2)."""

from __future__ import annotations

import ctypes.util
import importlib.util
import json
import sys
import tempfile
from pathlib import Path

from bowout.errors import BowoutError, InputError
from bowout.ports import Clip, Verdict, VoiceInfo
from bowout.speech.voices.child import Children
from bowout.speech.voices.silent import NOTHING
from bowout.speech.voices.sound_file import read_sound
from bowout.speech.voices.text import espeak_rate, pace, pieces, sayable

WORKER = Path(__file__).with_name("pyttsx3_worker.py")
RENDER_S, RENDER_S_PER_CHAR = 10.0, 0.1
"""Seconds a piece may take; 0.19 s for a sentence was measured."""
SECONDS_PER_CHAR = (0.015, 0.35)
"""Bounds for a plausible rendering; espeak takes about 0.06 s a character at 165 words a minute."""


class Pyttsx3Voice:
    """A ``Voice``: espeak-ng on Linux, SAPI on Windows, the system's synthesiser on macOS."""

    engine = "pyttsx3"

    def __init__(self, worker: Path = WORKER, *, render_s: float = RENDER_S) -> None:
        self._worker = worker
        self._render_s = render_s
        self._children = Children()
        self._voices: list[VoiceInfo] | None = None

    def check(self) -> Verdict:
        """Whether the package is there and, on Linux, espeak's library."""
        if importlib.util.find_spec("pyttsx3") is None:
            return Verdict(False, "pyttsx3 is not installed.", "Install it with: pip install pyttsx3")
        if sys.platform.startswith("linux") and not any(map(ctypes.util.find_library, ("espeak-ng", "espeak"))):
            return Verdict(False, "pyttsx3 has no espeak-ng library.", "Install it with: sudo apt install espeak-ng")
        return Verdict(True, "pyttsx3")

    def knows(self, voice: str) -> bool:
        return any(info.id == voice for info in self.voices())

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        """The line; about 0.2 s a piece. Raises ``InputError``/``MissingPart``/``BowoutError``."""
        line = sayable(text)
        if not line:
            return NOTHING
        if voice is not None and not self.knows(voice):
            raise InputError(f"pyttsx3 has no voice “{voice}”.", "`bowout voices` lists them.")
        rate = espeak_rate(words_per_minute) if sys.platform.startswith("linux") else pace(words_per_minute)
        clips = [self._piece(piece, voice, rate) for piece in pieces(line)]
        return Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)

    def voices(self) -> list[VoiceInfo]:
        """Asked of the engine once."""
        if self._voices is None:
            out = self._children.run(
                [sys.executable, str(self._worker), "--voices"], name="pyttsx3", timeout=self._render_s
            )
            try:
                self._voices = [VoiceInfo(self.engine, str(v["id"]), str(v["language"])) for v in json.loads(out)]
            except (ValueError, KeyError, TypeError) as error:
                raise BowoutError("pyttsx3 did not list its voices.") from error
        return list(self._voices)

    def close(self) -> None:
        self._children.close()

    def _piece(self, piece: str, voice: str | None, rate: int) -> Clip:
        request = json.dumps({"text": piece, "voice": voice, "rate": rate})
        with tempfile.TemporaryDirectory(prefix="bowout-") as folder:  # made user-only
            path = Path(folder) / "line.wav"
            self._children.run(
                [sys.executable, str(self._worker), str(path)],
                name="pyttsx3",
                timeout=self._render_s + RENDER_S_PER_CHAR * len(piece),
                text=request,
            )
            try:
                data = path.read_bytes()
            except OSError as error:
                raise BowoutError("pyttsx3 wrote no file.") from error
        clip = read_sound(data, "pyttsx3")
        least, most = SECONDS_PER_CHAR
        if not least * len(piece) <= clip.seconds <= most * len(piece) + 3:
            raise BowoutError(f"pyttsx3 made {clip.seconds:.1f} s of {len(piece)} characters; that can't be right.")
        return clip
