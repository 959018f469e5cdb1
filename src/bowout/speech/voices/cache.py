"""Lines rendered ahead and kept, so that the recruiter answers at once.

One background thread does all the rendering, in the order in which lines were prepared; a line that is asked for
now goes first. Audio is kept in memory and, with a folder, on disk under the hash of what made it: the file names
tell nobody what was said.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bowout.errors import BowoutError
from bowout.ports import Clip, Voice, VoiceInfo, check_stop
from bowout.speech.voices.shelf import Shelf

LIMIT_BYTES = 64 * 1024 * 1024
"""On disk: about 25 minutes of speech, some 250 lines."""
MEMORY_BYTES = 16 * 1024 * 1024
"""In memory: 6 minutes, more than any scenario's recruiter says."""
RENDERING = 2
"""Counted up when the same line comes to sound different (2: paces calibrated), so that old audio is not used."""
POLL_S = 0.1
"""How often a wait looks at its stop event."""
CLOSE_S = 5.0
"""Seconds ``close`` waits for the thread; the engines have been killed by then."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is rendered."""

    text: str
    voice: str | None = None
    words_per_minute: int | None = None

    def key(self, engine: str) -> str:
        """Hash of everything that makes the sound what it is."""
        made = json.dumps([RENDERING, engine, self.voice, self.words_per_minute, self.text])
        return hashlib.sha256(made.encode()).hexdigest()


@dataclass(slots=True)
class _Job:
    """A line on its way; ``clip`` or ``error`` is set before ``done``."""

    line: Line
    wanted: bool = False
    """Somebody waits for it."""
    clip: Clip | None = None
    error: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)


class VoiceCache:
    """A ``Voice`` in front of another. Every method may be called from any thread."""

    def __init__(
        self,
        voice: Voice,
        folder: Path | None,
        limit_bytes: int = LIMIT_BYTES,
        *,
        default_voice: str | None = None,
        default_words_per_minute: int | None = None,
    ) -> None:
        """
        Args:
            voice: who renders; from now on used by this cache alone, which also closes it.
            folder: where audio is kept between sessions, ``cache_dir() / "voices"``; ``None`` keeps none.
            limit_bytes: what the folder may hold; the lines not heard for longest go first.
            default_voice: for lines that name none.
            default_words_per_minute: for lines that name none.
        """
        self._voice = voice
        self._defaults = (default_voice, default_words_per_minute)
        self._shelf = Shelf(folder, limit_bytes) if folder else None
        self._memory: OrderedDict[str, Clip] = OrderedDict()
        self._held = 0
        self._soundless: set[str] = set()
        """Keys of lines that were rendered and have nothing to be heard: a silent engine, a line without words."""
        self._queue: OrderedDict[Line, _Job] = OrderedDict()
        self._current: _Job | None = None
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self.failures: dict[str, str] = {}
        """Line → why it could not be rendered; it is tried again when it is asked for."""

    @property
    def engine(self) -> str:
        """The engine that spoke last, or will speak first."""
        return self._voice.engine

    def prepare(self, lines: Iterable[str], *, voice: str | None = None, words_per_minute: int | None = None) -> None:
        """Render these after what is being prepared already, in this order. Returns at once."""
        for text in lines:
            self._enqueue(self._line(text, voice, words_per_minute), wanted=False)

    def forget(self) -> None:
        """Drop what was prepared and not begun: another scenario. A line somebody waits for stays."""
        with self._changed:
            self._queue = OrderedDict((line, job) for line, job in self._queue.items() if job.wanted)

    def get(
        self,
        text: str,
        *,
        voice: str | None = None,
        words_per_minute: int | None = None,
        stop: threading.Event | None = None,
    ) -> Clip:
        """The line: kept, being rendered, or rendered now before everything that was only prepared.

        Raises:
            Cancelled: ``stop`` was set.
            BowoutError: it can't be rendered, or the cache was closed meanwhile.
        """
        line = self._line(text, voice, words_per_minute)
        kept = self._kept(line)
        if kept is not None:
            return kept
        job = self._enqueue(line, wanted=True)
        while not job.done.wait(POLL_S):
            if stop is not None:
                check_stop(stop)
        if job.clip is None:
            raise job.error or BowoutError("The voice gave nothing.")
        return job.clip

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        """``get``, under the name the ``Voice`` port has for it."""
        return self.get(text, voice=voice, words_per_minute=words_per_minute)

    def ready(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> bool:
        """Whether the line would come without rendering."""
        key = self._line(text, voice, words_per_minute).key(self.engine)
        with self._changed:
            if key in self._memory or key in self._soundless:
                return True
        return bool(self._shelf and self._shelf.has(key))

    def voices(self) -> list[VoiceInfo]:
        return self._voice.voices()

    def close(self) -> None:
        """Stop rendering, end the engines, release everybody who waits. Never raises."""
        with self._changed:
            self._closed = True
            left = list(self._queue.values())
            self._queue.clear()
            self._changed.notify_all()
        self._voice.close()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=CLOSE_S)
        with self._changed:
            if self._current is not None:  # an engine that does not let go
                left.append(self._current)
        for job in left:
            job.error = job.error or BowoutError("The voice was closed.")
            job.done.set()

    def _line(self, text: str, voice: str | None, words_per_minute: int | None) -> Line:
        own_voice, own_pace = self._defaults
        return Line(text, voice or own_voice, words_per_minute or own_pace)

    def _enqueue(self, line: Line, *, wanted: bool) -> _Job:
        """The job for this line, the one under way if there is one."""
        with self._changed:
            if self._closed:
                raise BowoutError("The voice was closed.")
            current = self._current
            if current is not None and current.line == line and not current.done.is_set():
                return current
            job = self._queue.setdefault(line, _Job(line))
            if wanted:
                job.wanted = True
                self._queue.move_to_end(line, last=False)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="voice cache", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return job

    def _work(self) -> None:
        """The background thread."""
        while True:
            with self._changed:
                self._current = None
                while not self._queue and not self._closed:
                    self._changed.wait(timeout=1)
                if self._closed:
                    return
                _, job = self._queue.popitem(last=False)
                self._current = job
            try:
                job.clip = self._kept(job.line) or self._rendered(job.line)
                self.failures.pop(job.line.text, None)
            except Exception as error:  # handed to whoever asks for the line; the thread must live on
                job.error = error
                self.failures[job.line.text] = str(error)
            job.done.set()

    def _rendered(self, line: Line) -> Clip:
        clip = self._voice.render(line.text, voice=line.voice, words_per_minute=line.words_per_minute)
        key = line.key(self.engine)
        if not clip.pcm:  # silence costs nothing, and must not outlive an engine that is repaired
            with self._changed:
                self._soundless.add(key)
            return clip
        self._remember(key, clip)
        if self._shelf:
            self._shelf.write(key, clip)
        return clip

    def _kept(self, line: Line) -> Clip | None:
        """From memory, else from disk."""
        key = line.key(self.engine)
        with self._changed:
            clip = self._memory.get(key)
            if clip is not None:
                self._memory.move_to_end(key)
                return clip
        clip = self._shelf.read(key) if self._shelf else None
        if clip is not None:
            self._remember(key, clip)
        return clip

    def _remember(self, key: str, clip: Clip) -> None:
        with self._changed:
            if key not in self._memory:
                self._held += len(clip.pcm)
            self._memory[key] = clip
            while self._held > MEMORY_BYTES and len(self._memory) > 1:
                self._held -= len(self._memory.popitem(last=False)[1].pcm)
