"""The loudspeakers: one stream, opened once, that plays a clip the moment it comes and is silent otherwise."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bowout.errors import DeviceLost
from bowout.ports import WIDTH, Clip
from bowout.speech import portaudio
from bowout.speech.resampling import resample

LATENCY_S = 0.1
"""Audio handed out ahead of time: less underruns on ALSA, more delays every start and stop."""
BLOCK_S = 0.01
FADE_S = 0.005
"""A clip that is cut off fades over this long, or it clicks."""
PAD_S = 0.15
"""Silence handed out after the last sample before the device may be let go: some devices swallow the end."""
DEAD_S = 1.0
"""Seconds without a callback after which the device is gone."""
_WAKE_S = 0.1
_RATES = (48_000, 44_100, 22_050, 16_000)


class SpeakersClip:
    """A clip on its way out. Filled by the callback, watched and stopped by anyone."""

    def __init__(self, samples: npt.NDArray[np.int16], rate: int, dead: Callable[[], bool]) -> None:
        self.started_at: float | None = None
        self.ended_at: float | None = None
        """Monotonic seconds at which its last sample reaches (or reached) the converter, once that is known."""
        self.lost = False
        """True if the device died before the end was heard."""
        self._samples = samples
        self._rate = rate
        self._dead = dead
        self._at = 0
        self._begins: float | None = None
        self._stopped = False
        if not len(samples):
            self.started_at = self.ended_at = time.monotonic()

    def done(self) -> bool:
        """True once the last sample has been heard, after ``stop``, or when the device died (``lost``)."""
        now = time.monotonic()
        if self._stopped or (self.ended_at is not None and now >= self.ended_at):
            self._note_start(now)
            return True
        if self._dead():
            self.lost = True
        return self.lost

    def stop(self) -> None:
        self._stopped = True

    @property
    def tail_s(self) -> float:
        """Seconds for which the device must be kept after a clip that was heard to its end."""
        return 0.0 if self._stopped or self.ended_at is None else self.ended_at + PAD_S - time.monotonic()

    @property
    def over(self) -> bool:
        """True if the callback has nothing more to do for it."""
        return self.ended_at is not None and (self.started_at is not None or self._begins is None)

    def _note_start(self, now: float) -> None:
        if self.started_at is None and self._begins is not None and now >= self._begins:
            self.started_at = self._begins

    def mix_into(self, out: npt.NDArray[np.int32], now: float, heard_at: float) -> None:
        """Add the next samples to ``out`` (frames,), whose first frame will be heard at ``heard_at``."""
        self._note_start(now)
        if self.ended_at is not None:
            return
        if self._begins is None:
            if self._stopped:
                self.ended_at = now
                return
            self._begins = heard_at
        if self._stopped:
            fade = round(FADE_S * self._rate)
            tail = self._samples[self._at : self._at + fade]
            self._samples = (tail * np.linspace(1, 0, len(tail), dtype=np.float32)).astype(np.int16)
            self._at = 0
        piece = self._samples[self._at : self._at + len(out)]
        out[: len(piece)] += piece
        self._at += len(piece)
        if self._stopped or self._at >= len(self._samples):
            self.ended_at = heard_at + len(piece) / self._rate


class Speakers:
    """A ``Playback`` through a PortAudio device."""

    def __init__(self, name: str = "", host: str = "") -> None:
        self.name = name or "default speakers"
        self.audible = True
        self.rate = 0
        """Hertz the device runs at; 0 before ``open``."""
        self.latency_s = 0.0
        """Seconds from a callback to the converter, as PortAudio reports it."""
        self.underflows = 0
        """Times the device ran dry: a click was heard."""
        self._asked = (name, host)
        self._lock = threading.RLock()
        self._stream: Any = None
        self._channels = 1
        self._clips: tuple[SpeakersClip, ...] = ()
        """The clip that plays and the one it cut off, which is fading."""
        self._finished = threading.Event()
        self._failure: Exception | None = None
        self._called_at = 0.0

    def open(self) -> None:
        """Start the stream, silent.

        Raises:
            MissingPart: no such device, or it can't be opened.
        """
        with self._lock:
            if self._stream is not None and self._why_dead() is None:
                return
            self.close()
            index = portaudio.find_device(*self._asked, "output")
            facts = portaudio.describe(index, "output")
            self.name = facts["name"]
            rates = (round(facts["default_samplerate"]), *_RATES)
            rungs = [(rate, n) for n in (2, 1) if n <= facts["max_output_channels"] for rate in rates]
            self._finished, self._failure, self._called_at = threading.Event(), None, time.monotonic()

            def make(rate: int, channels: int) -> Any:
                self.rate, self._channels = rate, channels
                self._finished = threading.Event()
                return portaudio.sounddevice().RawOutputStream(
                    samplerate=rate,
                    blocksize=round(BLOCK_S * rate),
                    device=index,
                    channels=channels,
                    dtype="int16",
                    latency=LATENCY_S,
                    callback=self._fill,
                    finished_callback=self._finished.set,
                )

            self._stream, self.rate, self._channels = portaudio.open_stream("output", self.name, rungs, make)
            self.latency_s = float(self._stream.latency)

    def _fill(self, outdata: Any, frames: int, when: Any, status: Any) -> None:
        """PortAudio's thread. An exception would be printed over the screen."""
        try:
            now = self._called_at = time.monotonic()
            if status.output_underflow:
                self.underflows += 1
            if all(clip.over for clip in self._clips):
                outdata[:] = bytes(len(outdata))
                return
            out = np.frombuffer(outdata, np.int16).reshape(frames, self._channels)
            ahead = when.outputBufferDacTime - when.currentTime
            if not 0 < ahead < 2:
                # Some host interfaces leave these times empty; the stream's own figure is the next best.
                ahead = self.latency_s or LATENCY_S
            mixed = np.zeros(frames, np.int32)
            for clip in self._clips:
                clip.mix_into(mixed, now, now + ahead)
            out[:] = np.clip(mixed, -32768, 32767)[:, None]
        except Exception as error:
            # Kept for play(), which raises it as DeviceLost: nothing may escape into PortAudio's thread.
            self._failure = error
            self._finished.set()

    def play(self, clip: Clip) -> SpeakersClip:
        """Start a clip at once; the one before it is cut off.

        Raises:
            DeviceLost: the device died (or was never opened); ``open`` tries again.
        """
        pcm = resample(clip.pcm[: len(clip.pcm) // WIDTH * WIDTH], clip.rate, self.rate or clip.rate)
        if self._stream is not None and time.monotonic() - self._called_at > DEAD_S:
            # The program may have been suspended a moment ago: a living device asks again within a few blocks.
            time.sleep(_WAKE_S)
        with self._lock:
            why = self._why_dead()
            if why is not None:
                raise DeviceLost(f"The loudspeaker “{self.name}” stopped: {why}.", "Choose another; read meanwhile.")
            playing = SpeakersClip(np.frombuffer(pcm, np.int16), self.rate, lambda: self._why_dead() is not None)
            before = self._clips[:1]
            for old in before:
                old.stop()
            self._clips = (playing, *before)
            return playing

    def _why_dead(self) -> str | None:
        stream = self._stream
        if stream is None:
            return "it is not open"
        if self._failure is not None:
            return f"{type(self._failure).__name__}: {self._failure}"
        if self._finished.is_set() or not stream.active:
            return "it was unplugged or its sound server ended"
        if time.monotonic() - self._called_at > DEAD_S:
            return "it has asked for nothing for a second"
        return None

    def close(self) -> None:
        with self._lock:
            if self._why_dead() is None:
                time.sleep(max(0.0, *(clip.tail_s for clip in self._clips), 0.0))
            stream, self._stream = self._stream, None
            for clip in self._clips:
                clip.stop()
            self._clips = ()
            if stream is not None:
                portaudio.close_stream(stream)
