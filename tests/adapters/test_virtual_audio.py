"""The virtual sound card itself: it plays, records, echoes, dies and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bowout.speech.sounds import dbfs, read_wav, tone, write_wav

pytestmark = pytest.mark.audio
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "virtual_audio.py"


def microphone(audio: Any, seconds: float) -> bytes:
    """What the virtual microphone gives, without our own code."""
    command = ["timeout", str(seconds), "parec", "-d", "virtmic", "--latency-msec=20", "--rate=16000", "--channels=1"]
    return subprocess.run(command, capture_output=True).stdout


def test_what_is_played_on_the_loudspeakers_is_recorded(audio: Any, tmp_path: Path) -> None:
    played = tmp_path / "played.wav"
    write_wav(played, tone((700,), 0.5))
    player = subprocess.Popen(["paplay", "--latency-msec=20", str(played)])
    heard = read_wav(audio.record_speakers(tmp_path / "heard.wav", until=lambda: player.poll() is not None))
    assert heard.rate == 16000 and 0.4 < heard.seconds < 4
    spectrum = np.abs(np.fft.rfft(np.frombuffer(heard.pcm, np.int16)))
    assert np.fft.rfftfreq(len(heard.pcm) // 2, 1 / 16000)[spectrum.argmax()] == pytest.approx(700, abs=3)
    assert 0.3 < read_wav(audio.record_speakers(tmp_path / "rest.wav", seconds=0.5)).seconds < 0.8


def test_the_microphone_hears_what_is_said_noise_and_the_echo_only_when_asked(audio: Any, tmp_path: Path) -> None:
    said = tmp_path / "said.wav"
    write_wav(said, tone((700,), 0.5))
    assert not any(microphone(audio, 0.4))
    audio.say(said, wait=False)
    assert dbfs(microphone(audio, 0.6)) > -40
    audio.noise(-60)
    assert dbfs(microphone(audio, 1.0)[16000:]) == pytest.approx(-60, abs=2)
    audio.noise(None)
    time.sleep(0.3)
    for on in (True, False):
        audio.echo(on)
        audio.echo(on)
        player = subprocess.Popen(["paplay", "--latency-msec=20", str(said)])
        heard = microphone(audio, 0.8)
        player.wait()
        assert (dbfs(heard) > -40) is on


def test_it_comes_back_after_being_killed(audio: Any) -> None:
    before = audio.pid
    audio.kill()
    with pytest.raises(Exception, match="pactl"):
        audio.pactl("info")
    audio.start()
    assert audio.pid not in {0, before} and "speakers" in audio.pactl("info")


def test_a_command_runs_inside_and_nothing_is_left_behind(sound_card: Any) -> None:
    code = """
import os, subprocess
print(os.environ["PULSE_SERVER"])
print("virtmic" in subprocess.run(["pactl", "info"], capture_output=True, text=True).stdout)
raise SystemExit(7)
"""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PULSE_", "XDG_RUNTIME"))}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--echo", "--noise", "-70", "--", sys.executable, "-c", code],
        capture_output=True, text=True, env=clean,
    )  # fmt: skip
    server, sees = done.stdout.split()
    assert (done.returncode, sees) == (7, "True"), done.stderr
    assert server.startswith("unix:/") and server != os.environ["PULSE_SERVER"]
    assert not Path(server.removeprefix("unix:")).parent.exists()


def test_the_environment_is_as_before_afterwards(virtual_audio_module: Any) -> None:
    before = dict(os.environ)
    with virtual_audio_module.VirtualAudio() as inner:
        assert os.environ["PULSE_SERVER"].endswith(f"{inner.folder.name}/pulse/native")
    assert dict(os.environ) == before and not inner.folder.exists() and inner.pid == 0


def test_the_server_ends_even_if_its_owner_is_killed(sound_card: Any) -> None:
    code = f"""
import sys, time
sys.path.insert(0, {str(SCRIPT.parent)!r})
from virtual_audio import VirtualAudio
audio = VirtualAudio().__enter__()
print(audio.pid, audio.folder, flush=True)
time.sleep(60)
"""
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    server, folder = owner.stdout.readline().split()
    assert Path(f"/proc/{server}").exists()
    owner.kill()
    owner.wait()
    owner.stdout.close()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{server}").exists():
        assert time.monotonic() < deadline, "the server outlived its owner"
        time.sleep(0.05)
    subprocess.run(["rm", "-r", folder], check=True)


def test_a_machine_without_pulseaudio_is_told_what_to_install(virtual_audio_module: Any) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--", "true"], capture_output=True, text=True, env={**os.environ, "PATH": "/none"}
    )
    assert done.returncode == 3 and "sudo apt-get install pulseaudio" in done.stderr
