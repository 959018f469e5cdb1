"""A sounddevice with devices that misbehave on purpose: what no virtual sound card can be made to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


class PortAudioError(Exception):
    """As sounddevice's: a text, and sometimes a code."""


class Stream:
    """Calls back only when a test says so."""

    def __init__(self, module: FakeSoundDevice, **asked: Any) -> None:
        self.module, self.asked = module, asked
        self.active, self.latency, self.closed = False, 0.1, False
        module.tried.append((asked["samplerate"], asked["channels"]))
        if module.refuse:
            error = module.refuse(asked["samplerate"], asked["channels"], len(module.tried))
            if error:
                raise error
        module.streams.append(self)

    def start(self) -> None:
        self.active = True
        if self.module.on_start:
            threading.Thread(target=self.module.on_start, args=(self,), daemon=True).start()

    def close(self) -> None:
        self.active, self.closed = False, True
        if self.module.close_error:
            raise self.module.close_error

    def deliver(self, data: Any, *, adc: float = 0.0, overflow: bool = False) -> None:
        """One input callback."""
        frames = len(data) // 2 // self.asked["channels"]
        status = SimpleNamespace(input_overflow=overflow)
        self.asked["callback"](data, frames, SimpleNamespace(inputBufferAdcTime=adc), status)

    def pull(self, frames: int, *, dac: float = 0.0, now: float = 0.0) -> bytes:
        """One output callback."""
        buffer = bytearray(2 * frames * self.asked["channels"])
        when = SimpleNamespace(outputBufferDacTime=dac, currentTime=now)
        self.asked["callback"](buffer, frames, when, SimpleNamespace(output_underflow=False))
        return bytes(buffer)


class FakeSoundDevice:
    """One ALSA microphone, one headset, one loudspeaker."""

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        self.default = SimpleNamespace(device=[0, 3])
        self.tried: list[tuple[int, int]] = []
        self.streams: list[Stream] = []
        self.refuse: Callable[[int, int, int], Exception | None] | None = None
        self.on_start: Callable[[Stream], None] | None = None
        self.close_error: Exception | None = None
        self.initialised = 0
        self.devices: list[dict[str, Any]] = [
            _device("HDA Intel PCH: ALC257 Analog (hw:0,0)", 0, 2, 2, 48000.0),
            _device("USB PnP: Audio (hw:2,0)", 0, 1, 0, 44100.0),
            _device("Headset (WH-1000XM4 Hands-Free AG Audio)", 1, 1, 1, 16000.0),
            _device("Speakers (Realtek)", 1, 0, 2, 44100.0),
        ]

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{"name": "ALSA"}, {"name": "Windows WASAPI"}]

    def query_devices(self, device: int | None = None, kind: str | None = None) -> Any:
        if kind is None:
            return self.devices
        if device is None:
            device = self.default.device[0 if kind == "input" else 1]
        if device < 0:
            raise PortAudioError(f"Error querying device {device}")
        return self.devices[device]

    def RawInputStream(self, **asked: Any) -> Stream:
        return Stream(self, **asked)

    RawOutputStream = RawInputStream

    def _terminate(self) -> None:
        self.initialised -= 1

    def _initialize(self) -> None:
        self.initialised += 1


def _device(name: str, host: int, inputs: int, outputs: int, rate: float) -> dict[str, Any]:
    return {
        "name": name, "hostapi": host, "max_input_channels": inputs, "max_output_channels": outputs,
        "default_samplerate": rate,
    }  # fmt: skip
