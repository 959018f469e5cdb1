"""PortAudio behind one door: imported only when audio is wanted, its errors turned into sentences.

PortAudio is one per process: it reads the list of devices once, when it starts, and again only on ``refresh``.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

from bowout.errors import BowoutError, MissingPart
from bowout.ports import DeviceInfo

Kind = Literal["input", "output"]

BUSY = {-9985, -9999, -9987}
"""Device unavailable, unanticipated host error, wait timed out: may pass (codes of ``Pa_GetErrorText``)."""
_BACKOFF_S = (0.3, 0.9)
"""Pauses between the three attempts at a busy device."""
_INSTALL = (
    ("apt-get", "sudo apt-get install libportaudio2"),
    ("dnf", "sudo dnf install portaudio"),
    ("pacman", "sudo pacman -S portaudio"),
    ("zypper", "sudo zypper install libportaudio2"),
    ("apk", "sudo apk add portaudio"),
    ("brew", "brew install portaudio"),
)
_CARD_NUMBER = re.compile(r"\s*\(hw:\d+,\d+\)$")
"""ALSA numbers cards by the order they were plugged in: not part of a device's name."""
_WHAT: dict[Kind, str] = {"input": "microphone", "output": "loudspeaker"}

_lock = threading.RLock()
_streams: set[Any] = set()


def sounddevice() -> Any:
    """The ``sounddevice`` module.

    Raises:
        MissingPart: it or the PortAudio library is not installed; the hint is the command that installs it.
    """
    with _lock:
        try:
            import sounddevice as module
        except ImportError as error:
            raise MissingPart("The package “sounddevice” is not installed.", "pip install sounddevice") from error
        except OSError as error:
            raise MissingPart("PortAudio is not installed: no microphone, no loudspeaker.", install_hint()) from error
        return module


def install_hint() -> str:
    """The command that installs PortAudio here."""
    for program, command in _INSTALL:
        if shutil.which(program):
            return f"Install it: {command}"
    return "Install the package that provides libportaudio."


def error_code(error: BaseException) -> int | None:
    """PortAudio's number for an error; some of its errors carry only a text."""
    code = error.args[1] if len(error.args) > 1 else None
    return code if isinstance(code, int) else None


def error_text(error: BaseException) -> str:
    """PortAudio's words for an error, with its number if it has one."""
    code = error_code(error)
    text = str(error.args[0]) if error.args else type(error).__name__
    return f"{text} ({code})" if code is not None else text


def list_devices() -> list[DeviceInfo]:
    """Every device PortAudio knows, in its own order; the position in the list is the device's index.

    Raises:
        MissingPart: PortAudio is not there.
    """
    sd = sounddevice()
    with _lock:
        hosts = [h["name"] for h in sd.query_hostapis()]
        first_input, first_output = sd.default.device
        return [
            DeviceInfo(
                name=d["name"],
                host=hosts[d["hostapi"]],
                inputs=d["max_input_channels"],
                outputs=d["max_output_channels"],
                rate=d["default_samplerate"],
                default_input=index == first_input,
                default_output=index == first_output,
            )
            for index, d in enumerate(sd.query_devices())
        ]


def find_device(name: str, host: str, kind: Kind) -> int | None:
    """The index of a device that was stored by name and host; ``None`` stands for the system's default.

    The same name wins, then the same without ALSA's card number, then one that contains it; among several the
    default one, else the first.

    Raises:
        MissingPart: there is no such device (any more); the hint lists what there is.
    """
    if not name and not host:
        return None
    fitting = [(i, d) for i, d in enumerate(list_devices()) if (d.inputs if kind == "input" else d.outputs) > 0]
    there = [(i, d) for i, d in fitting if not host or d.host.casefold() == host.casefold()]
    wanted = name.casefold()
    ways: tuple[Callable[[str], bool], ...] = (
        lambda n: n == name,
        lambda n: _CARD_NUMBER.sub("", n.casefold()) == _CARD_NUMBER.sub("", wanted),
        lambda n: wanted in n.casefold(),
    )
    for same in ways:
        matches = [(i, d) for i, d in there if same(d.name)]
        if matches:
            default = [i for i, d in matches if (d.default_input if kind == "input" else d.default_output)]
            return default[0] if default else matches[0][0]
    asked = f"{name or 'any'} ({host})" if host else name
    listed = "; ".join(dict.fromkeys(f"{d.name} ({d.host})" for _, d in fitting)) or "none"
    raise MissingPart(
        f"The {_WHAT[kind]} “{asked}” is not there.", f"Plug it in or choose another. There is: {listed}."
    )


def describe(index: int | None, kind: Kind) -> dict[str, Any]:
    """PortAudio's facts about a device; ``None`` is the default of its kind.

    Raises:
        MissingPart: there is none.
    """
    sd = sounddevice()
    try:
        return dict(sd.query_devices(index, kind))
    except (sd.PortAudioError, ValueError) as error:
        fix = {
            "input": "Plug one in, or allow this program to use it; answers can be typed meanwhile.",
            "output": "Plug one in or switch it on; the words are shown meanwhile.",
        }[kind]
        raise MissingPart(f"No {_WHAT[kind]} was found.", fix) from error


def open_stream(
    kind: Kind, name: str, rungs: Sequence[tuple[int, int]], make: Callable[[int, int], Any]
) -> tuple[Any, int, int]:
    """Start the first stream a device agrees to, trying again if it is busy.

    Args:
        name: of the device, for the error.
        rungs: ``(rate, channels)`` in order of preference.
        make: builds a stream that is not started yet.

    Returns:
        The running stream, its rate and channels. Give it back to ``close_stream``.

    Raises:
        MissingPart: no rung held.
    """
    sd = sounddevice()
    errors: list[Exception] = []
    for pause in (*_BACKOFF_S, None):
        errors.clear()
        for rate, channels in dict.fromkeys(rungs):
            stream = None
            try:
                with _lock:
                    stream = make(rate, channels)
                    stream.start()
                    _streams.add(stream)
                return stream, rate, channels
            except (sd.PortAudioError, ValueError) as error:
                errors.append(error)
                if stream is not None:
                    close_stream(stream)
        if pause is None or not any(error_code(e) in BUSY for e in errors):
            break
        time.sleep(pause)
    busy = any(error_code(e) in BUSY for e in errors)
    raise MissingPart(
        f"The {_WHAT[kind]} “{name}” can't be opened: {error_text(errors[0]) if errors else 'nothing to try'}.",
        "Another program may be using it: close that or choose another device." if busy else "Choose another device.",
    ) from (errors[0] if errors else None)


def close_stream(stream: Any) -> None:
    """Let a stream's device go, dead or alive. Never raises."""
    with _lock:
        _streams.discard(stream)
    # A stream whose device died has nothing left to lose; an error here would only hide the one that mattered.
    with contextlib.suppress(Exception):
        stream.close()


def refresh() -> None:
    """Read the list of devices anew, so that one just plugged in is seen. Between turns, with every stream closed.

    Raises:
        BowoutError: a stream is still open; PortAudio would take it away.
        MissingPart: PortAudio is not there.
    """
    sd = sounddevice()
    with _lock:
        if _streams:
            raise BowoutError("Devices can't be looked for while sound is running.", "Stop the call first.")
        sd._terminate()
        sd._initialize()
