"""Finding devices and opening them when they are difficult, with a fake sounddevice."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from fake_portaudio import FakeSoundDevice, PortAudioError

from bowout.errors import BowoutError, MissingPart
from bowout.speech import portaudio
from bowout.speech.microphone import Microphone
from bowout.speech.speakers import Speakers


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    made = FakeSoundDevice()
    monkeypatch.setattr(portaudio, "sounddevice", lambda: made)
    monkeypatch.setattr(portaudio, "_BACKOFF_S", (0.0, 0.0))
    return made


def hum(stream: Any) -> None:
    """A device that gives one block as soon as it starts."""
    stream.deliver(b"\x10\x00" * (stream.asked["blocksize"] * stream.asked["channels"]))


@pytest.mark.parametrize(
    ("name", "host", "kind", "index"),
    [
        ("", "", "input", None),
        ("USB PnP: Audio (hw:2,0)", "ALSA", "input", 1),
        ("USB PnP: Audio (hw:5,0)", "ALSA", "input", 1),
        ("usb pnp", "", "input", 1),
        ("", "ALSA", "input", 0),
        ("", "Windows WASAPI", "output", 3),
        ("Speakers", "windows wasapi", "output", 3),
    ],
)
def test_a_stored_device_is_found_by_name_and_host(
    fake: FakeSoundDevice, name: str, host: str, kind: portaudio.Kind, index: int | None
) -> None:
    assert portaudio.find_device(name, host, kind) == index


def test_an_exact_name_beats_one_that_contains_it(fake: FakeSoundDevice) -> None:
    fake.devices.insert(0, {**fake.devices[1], "name": "Old USB PnP: Audio (hw:2,0) copy"})
    assert portaudio.find_device("USB PnP: Audio (hw:2,0)", "ALSA", "input") == 2


def test_a_device_that_is_gone_is_named_with_what_there_is(fake: FakeSoundDevice) -> None:
    with pytest.raises(MissingPart, match="“AirPods \\(ALSA\\)” is not there") as caught:
        portaudio.find_device("AirPods", "ALSA", "input")
    assert "USB PnP" in caught.value.hint and "Speakers (Realtek)" not in caught.value.hint
    with pytest.raises(MissingPart, match="not there"):
        portaudio.find_device("Speakers (Realtek)", "Windows WASAPI", "input")


def test_the_list_names_hosts_and_defaults(fake: FakeSoundDevice) -> None:
    devices = portaudio.list_devices()
    assert [d.default_input for d in devices] == [True, False, False, False]
    assert devices[3].host == "Windows WASAPI" and devices[3].default_output


def test_no_device_at_all_is_a_missing_part(fake: FakeSoundDevice) -> None:
    fake.default.device = [-1, -1]
    for part in (Microphone(), Speakers()):
        with pytest.raises(MissingPart, match="was found") as caught:
            part.open()
        assert caught.value.hint
        part.close()


def test_errors_without_a_code_are_read_too() -> None:
    assert portaudio.error_code(PortAudioError("Error querying device -1")) is None
    assert portaudio.error_code(PortAudioError("busy", -9985)) == -9985
    assert portaudio.error_text(PortAudioError("busy", -9985)) == "busy (-9985)"


def test_the_ladder_goes_down_to_two_channels_at_the_devices_own_rate(fake: FakeSoundDevice) -> None:
    def refuse(rate: int, channels: int, _: int) -> Exception | None:
        if channels == 1:
            return PortAudioError("Invalid number of channels", -9998)
        return None if rate == 48000 else PortAudioError("Invalid sample rate", -9997)

    fake.refuse, fake.on_start = refuse, hum
    microphone = Microphone()
    microphone.open()
    assert microphone.rate == 48000 and fake.streams[-1].asked["channels"] == 2
    assert fake.tried[0] == (16000, 1)
    left = [1000, 0] * 1440
    for _ in range(4):
        fake.streams[-1].deliver(b"".join(n.to_bytes(2, "little", signed=True) for n in left))
    blocks = [b for _ in range(5) if (b := microphone.read(0.05))]
    assert all(len(b.pcm) % 320 == 0 for b in blocks)
    assert int.from_bytes(blocks[-1].pcm[-2:], "little", signed=True) == 1000
    microphone.close()


def test_a_busy_device_is_tried_three_times(fake: FakeSoundDevice) -> None:
    fake.refuse = lambda rate, channels, tries: PortAudioError("Device unavailable", -9985)
    with pytest.raises(MissingPart, match=r"Device unavailable \(-9985\)") as caught:
        Microphone().open()
    assert "Another program" in caught.value.hint
    assert len(fake.tried) == 3 * len(set(fake.tried))
    fake.tried.clear()
    fake.refuse = lambda rate, channels, tries: PortAudioError("Device unavailable", -9985) if tries < 9 else None
    fake.on_start = hum
    microphone = Microphone()
    microphone.open()
    microphone.close()


def test_a_wrong_device_is_not_tried_again(fake: FakeSoundDevice) -> None:
    fake.refuse = lambda rate, channels, tries: PortAudioError("Invalid device", -9996)
    with pytest.raises(MissingPart, match="Invalid device"):
        Speakers().open()
    assert len(fake.tried) == len(set(fake.tried))


def test_headsets_carry_a_warning(fake: FakeSoundDevice) -> None:
    fake.on_start = hum
    headset = Microphone("WH-1000XM4")
    headset.open()
    assert "Bluetooth" in headset.warning
    plain = Microphone()
    plain.open()
    assert plain.warning == ""
    headset.close()
    plain.close()


def test_devices_are_looked_for_only_between_turns(fake: FakeSoundDevice) -> None:
    fake.on_start = hum
    microphone = Microphone()
    microphone.open()
    with pytest.raises(BowoutError, match="while sound is running"):
        portaudio.refresh()
    fake.close_error = PortAudioError("Invalid stream pointer", -9988)
    microphone.close()
    portaudio.refresh()
    assert fake.initialised == 0


def test_without_the_library_there_is_a_command_to_install_it() -> None:
    code = """
import ctypes.util, sys
from bowout.speech import portaudio
ctypes.util.find_library = lambda name: None
try:
    portaudio.sounddevice()
except portaudio.MissingPart as error:
    print(type(error).__name__, error.sentence())
"""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], capture_output=True, text=True
    )
    if sys.platform == "linux":
        assert "MissingPart PortAudio is not installed" in done.stdout, done.stderr
        assert "nstall" in done.stdout.split("loudspeaker.")[1]


def test_nothing_of_it_is_imported_before_it_is_wanted() -> None:
    code = """
import bowout.speech.portaudio, bowout.speech.microphone, bowout.speech.speakers, bowout.speech.check
import bowout.speech.native_noise, bowout.speech.clip_source, bowout.speech.silent
print("sounddevice" in sys.modules, "vosk" in sys.modules, "textual" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", "False", "False"], done.stderr
