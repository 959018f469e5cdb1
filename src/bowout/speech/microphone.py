"""The microphone: opened once, watched, never silently dead."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from bowout.errors import DeviceLost, MissingPart
from bowout.ports import RATE, Block
from bowout.speech import portaudio
from bowout.speech.resampling import Resampler

BLOCK_S = 0.03
"""Seconds a callback delivers: one frame of the voice activity detector, a responsive meter, no cost."""
FIRST_BLOCK_S = 3.0
"""A device that opens but gives nothing for so long will not (a Bluetooth profile needs up to two seconds)."""
DEAD_S = 1.0
"""A running device calls back every 30 ms; after a second without it is gone."""
_POLL_S = 0.05
_FRAME = RATE // 100
"""Samples of 10 ms: blocks are whole multiples."""
_FLOOR_DB = 60.0
"""The level meter's range."""
_BLUETOOTH = re.compile(r"hands-?free|\bHFP\b|\bHSP\b|\bSCO\b|head_unit|bluez|bluetooth|airpods|\bbuds\b", re.I)
_NARROW_HZ = 16_000
"""A device whose own rate is no higher than this is a telephone headset."""


class _Capture:
    """One opened stream: what its callback and its readers share."""

    def __init__(self, rate: int, channels: int, queue_seconds: float, show: Callable[[float], None]) -> None:
        self.rate = rate
        self.channels = channels
        self.stream: Any = None
        self.blocks: queue.Queue[tuple[bytes, int]] = queue.Queue(max(1, round(queue_seconds / BLOCK_S)))
        """Raw blocks, each with the frames (of the device) lost right before it."""
        self.first = threading.Event()
        self.finished = threading.Event()
        self.failure: Exception | None = None
        self.made_at = self.called_at = time.monotonic()
        self.first_at = 0.0
        self.zeros = 0
        """Frames of nothing but exact zeros since the turn began; ``-1`` once there was sound."""
        self.sounded = False
        self.overflows = 0
        self._show = show
        self._lost = 0
        self._adc: float | None = None

    def callback(self, indata: Any, frames: int, when: Any, status: Any) -> None:
        """PortAudio's thread: copy, measure, hand over. An exception would be printed over the screen."""
        try:
            now = self.called_at = time.monotonic()
            data = bytes(indata)
            adc = float(when.inputBufferAdcTime) or now
            if status.input_overflow and self._adc is not None:
                self.overflows += 1
                self._lost += max(1, round((adc - self._adc) * self.rate) - frames)
            self._adc = adc
            samples = np.frombuffer(data, np.int16)[:: self.channels].astype(np.float32)
            power = float(np.dot(samples, samples)) / max(1, len(samples))
            self._show(_level(power))
            if power > 0:
                self.sounded, self.zeros = True, -1
            elif self.zeros >= 0:
                self.zeros += frames
            try:
                self.blocks.put_nowait((data, self._lost))
                self._lost = 0
            except queue.Full:
                self._lost += frames
            if not self.first.is_set():
                self.first_at = now
                self.first.set()
        except Exception as error:
            # Kept for read(), which raises it as DeviceLost: nothing may escape into PortAudio's thread.
            self.failure = error
            self.finished.set()

    def forget(self) -> None:
        """Drop what waits to be read."""
        while True:
            try:
                self.blocks.get_nowait()
            except queue.Empty:
                break
        self._lost = 0
        self.zeros = 0


def _level(power: float) -> float:
    """Mean square of 16-bit samples → 0–1, linear in dB from −60 to 0 dBFS."""
    if power <= 0:
        return 0.0
    return min(1.0, max(0.0, 1 + 10 * float(np.log10(power / 32768**2)) / _FLOOR_DB))


class Microphone:
    """An ``AudioSource`` from a PortAudio device, 16 kHz mono whatever the device's own rate.

    ``open``, ``close`` and ``begin_turn`` may be called from any thread; ``read`` from one.
    """

    def __init__(self, name: str = "", host: str = "", *, queue_seconds: float = 20.0) -> None:
        self.name = name or "default microphone"
        self.level = 0.0
        self.live = True
        self.warning = ""
        """What to know about this device before blaming oneself; empty if nothing."""
        self.rate = 0
        """Hertz the device runs at; 0 before ``open``."""
        self._asked = (name, host)
        self._queue_seconds = queue_seconds
        self._lock = threading.RLock()
        self._capture: _Capture | None = None
        self._resampler = Resampler(RATE, RATE)
        self._rest = np.zeros(0, np.int16)
        self._polled_at = 0.0
        self._watched_since = 0.0

    @property
    def first_block_s(self) -> float:
        """Seconds from starting the device to its first audio; 0 before ``open``."""
        capture = self._capture
        return max(0.0, capture.first_at - capture.made_at) if capture else 0.0

    @property
    def zeros_s(self) -> float:
        """Seconds of nothing but exact zeros since ``open`` or ``begin_turn``; 0 as soon as there was any sound.

        A working microphone always hisses: 1.5 s of zeros mean no permission, or mute.
        """
        capture = self._capture
        return max(0, capture.zeros) / capture.rate if capture else 0.0

    @property
    def sounded(self) -> bool:
        """True if this device gave anything but zeros since it was opened: then zeros mean mute, not permission."""
        capture = self._capture
        return bool(capture and capture.sounded)

    @property
    def overflows(self) -> int:
        """Times the operating system threw audio away before it reached us."""
        capture = self._capture
        return capture.overflows if capture else 0

    def open(self) -> None:
        """Start capturing and wait for the first audio, so that “speak now” is true when this returns.

        Raises:
            MissingPart: no such device, it can't be opened, or it opened and gave nothing for three seconds.
        """
        with self._lock:
            capture = self._capture
            if capture is None or self._dead(capture):
                self.close()
                capture = self._start()
        # Without the lock: whoever leaves meanwhile need not wait for a device that keeps silent.
        if not capture.first.wait(FIRST_BLOCK_S):
            self.close()
            raise MissingPart(
                f"The microphone “{self.name}” opened but no audio arrived.",
                "Unplug it and plug it in again, or choose another.",
            )

    def _start(self) -> _Capture:
        index = portaudio.find_device(*self._asked, "input")
        facts = portaudio.describe(index, "input")
        self.name, self.warning = facts["name"], _warning(facts)
        own, most = round(facts["default_samplerate"]), int(facts["max_input_channels"])
        rungs = [(rate, channels) for channels in (1, 2) if channels <= most for rate in (RATE, own, 48_000, 44_100)]
        made: list[_Capture] = []

        def make(rate: int, channels: int) -> Any:
            made.append(_Capture(rate, channels, self._queue_seconds, self._show))
            return portaudio.sounddevice().RawInputStream(
                samplerate=rate,
                blocksize=round(BLOCK_S * rate),
                device=index,
                channels=channels,
                dtype="int16",
                callback=made[-1].callback,
                finished_callback=made[-1].finished.set,
            )

        stream, self.rate, _ = portaudio.open_stream("input", self.name, rungs, make)
        self._resampler = Resampler(self.rate, RATE)
        self._rest = np.zeros(0, np.int16)
        capture = made[-1]
        capture.stream = stream
        self._capture = capture
        return capture

    def _show(self, level: float) -> None:
        self.level = level

    def begin_turn(self) -> None:
        """Forget everything captured before now, and how much of it was zeros."""
        with self._lock:
            if self._capture is not None:
                self._capture.forget()
            self._resampler.reset()
            self._rest = np.zeros(0, np.int16)

    def read(self, timeout: float) -> Block | None:
        """The next 30 ms; what was captured before the device died is delivered before ``DeviceLost``."""
        deadline = time.monotonic() + timeout
        while True:
            now = time.monotonic()
            if now - self._polled_at > DEAD_S / 2:
                # Nobody looked for a while (or the program was suspended): the device gets a fresh second.
                self._watched_since = now
            self._polled_at = now
            capture = self._capture
            try:
                if capture is None:
                    raise queue.Empty
                block = self._block(capture, *capture.blocks.get(timeout=max(0.0, min(_POLL_S, deadline - now))))
                if block is not None:
                    return block
            except queue.Empty:
                if capture is None:
                    time.sleep(max(0.0, min(_POLL_S, deadline - now)))
                elif (why := self._dead(capture)) and capture is self._capture:
                    self.level = 0.0
                    raise DeviceLost(
                        f"The microphone “{self.name}” stopped: {why}.",
                        "Plug it in again or choose another; you can type meanwhile.",
                    ) from capture.failure
            if time.monotonic() >= deadline:
                return None

    def _block(self, capture: _Capture, data: bytes, lost: int) -> Block | None:
        """A device's block as whole frames of 10 ms at 16 kHz; ``None`` while the resampler is filling up."""
        with self._lock:
            samples = np.frombuffer(data, np.int16)[:: capture.channels]
            have = np.concatenate([self._rest, self._resampler.feed(samples)])
            whole = len(have) // _FRAME * _FRAME
            self._rest = have[whole:]
        dropped = round(lost * RATE / capture.rate)
        return Block(have[:whole].tobytes(), dropped) if whole or dropped else None

    def _dead(self, capture: _Capture) -> str | None:
        """Why this stream is dead; ``None`` if it lives."""
        if capture.failure is not None:
            return f"{type(capture.failure).__name__}: {capture.failure}"
        if capture.finished.is_set() or not capture.stream.active:
            return "it was unplugged or its sound server ended"
        if time.monotonic() - max(capture.called_at, self._watched_since) > DEAD_S:
            return "it has given nothing for a second"
        return None

    def close(self) -> None:
        with self._lock:
            capture, self._capture = self._capture, None
            if capture is not None:
                portaudio.close_stream(capture.stream)
                # Wakes an open() that waits for the first audio.
                capture.first.set()
            self.level = 0.0


def _warning(facts: dict[str, Any]) -> str:
    if _BLUETOOTH.search(facts["name"]) or facts["default_samplerate"] <= _NARROW_HZ:
        return (
            f"“{facts['name']}” looks like a Bluetooth headset: its microphone has telephone quality and may lose the "
            "first words. A built-in or wired microphone is heard better; the headset can stay on for listening."
        )
    return ""
