"""A private sound server with a microphone and loudspeakers made of nothing, for tests, benchmarks and demos.

    python scripts/virtual_audio.py [--echo] [--noise DBFS] -- COMMAND…

runs a command that sees one microphone (silent, or hissing with ``--noise``) and one pair of loudspeakers (which the
microphone hears with ``--echo``). From Python:

    with VirtualAudio() as audio:
        audio.say("answer.wav")
        audio.record_speakers("heard.wav", seconds=2)

Linux with PulseAudio; needs no sound card, no dbus, works as root, and leaves nothing behind: server, files and
environment end with it, even if the program is killed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PROGRAMS = ("pulseaudio", "pactl", "paplay", "pacat", "parec")
INSTALL = "sudo apt-get install pulseaudio pulseaudio-utils libasound2-plugins libportaudio2"
RATE = 16_000
"""Hertz of what is recorded from the loudspeakers (mono, 16 bit)."""
_KEEP_ALIVE = "--latency-msec=20"
"""A null sink without a listener runs two seconds late; one that asks for 20 ms keeps it at 20 ms."""
_AHEAD = "--latency-msec=100"
"""A player 20 ms ahead leaves holes on a busy machine (measured with four busy loops on two cores); 100 ms did not."""
_SINKS = ("mic_feed", "speakers")
_MONITORS = ("mic_feed.monitor", "speakers.monitor")
_START_S = 10.0
_MODULES = (
    "module-native-protocol-unix auth-anonymous=1",
    "module-null-sink sink_name=speakers rate=48000 channels=2",
    "module-null-sink sink_name=mic_feed rate=48000 channels=1",
    "module-remap-source source_name=virtmic master=mic_feed.monitor",
)
_ECHO = ("source=speakers.monitor", "sink=mic_feed", "latency_msec=30")
_SUPERVISE = '"$@" & echo $!; read -r _; kill $! 2>/dev/null; wait'
"""A shell that ends the server when its standard input closes: also when this program is killed."""


class VirtualAudioError(RuntimeError):
    """The sound server could not be started, or said no."""


def missing() -> list[str]:
    """Programs that are not installed."""
    return [p for p in PROGRAMS if shutil.which(p) is None]


class Recording:
    """What comes out of the loudspeakers: grows until ``stop``."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.chunks: list[tuple[float, bytes]] = []
        """Monotonic seconds of arrival, and the audio that arrived then."""
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
        self._first = threading.Event()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()
        self._first.wait(5)

    def _collect(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        while data := os.read(pipe.fileno(), 640):
            self.chunks.append((time.monotonic(), data))
            self._first.set()

    @property
    def pcm(self) -> bytes:
        return b"".join(data for _, data in self.chunks)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._thread.join(5)
        if self._process.stdout:
            self._process.stdout.close()


class VirtualAudio:
    """The server, as a context manager; while it is open this process and its children use it and no other."""

    def __init__(self) -> None:
        self.folder = Path()
        self.pid = 0
        """Of the server; 0 when there is none."""
        self._supervisor: subprocess.Popen[str] | None = None
        self._helpers: list[subprocess.Popen[bytes]] = []
        self._noise: subprocess.Popen[bytes] | None = None
        self._echo = ""
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> VirtualAudio:
        absent = missing()
        if absent:
            raise VirtualAudioError(f"{', '.join(absent)} not installed. {INSTALL}")
        self.folder = Path(tempfile.mkdtemp(prefix="bowout-audio-"))
        (self.folder / "pulse").mkdir(mode=0o700)
        self._before = {name: os.environ.get(name) for name in self.environment()}
        os.environ.update(self.environment())
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """The variables that lead a program to this server."""
        return {
            "XDG_RUNTIME_DIR": str(self.folder),
            "PULSE_RUNTIME_PATH": str(self.folder / "pulse"),
            "PULSE_STATE_PATH": str(self.folder / "state"),
            "PULSE_COOKIE": str(self.folder / "cookie"),
            "PULSE_SERVER": f"unix:{self.folder / 'pulse' / 'native'}",
        }

    def start(self) -> None:
        """Start the server (again, after ``kill``); returns when it answers."""
        self.stop()
        (self.folder / "pulse" / "pid").unlink(missing_ok=True)
        (self.folder / "pulse" / "native").unlink(missing_ok=True)
        log = self.folder / "pulse.log"
        server = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", f"--log-target=file:{log}"]
        for module in _MODULES:
            server += ["-L", module]
        self._supervisor = subprocess.Popen(
            ["sh", "-c", _SUPERVISE, "sh", *server],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=self._env(), start_new_session=True,
        )  # fmt: skip
        assert self._supervisor.stdout is not None
        self.pid = int(self._supervisor.stdout.readline())
        self._await(self._answers, log)
        self.pactl("set-default-sink", "speakers")
        self.pactl("set-default-source", "virtmic")
        for monitor in _MONITORS:
            self._helpers.append(self._spawn("parec", "-d", monitor, _KEEP_ALIVE))
        self._await(lambda: len(self.pactl("list", "short", "source-outputs").splitlines()) >= len(_MONITORS), log)
        silence = self.folder / "silence.wav"
        _write_wav(silence, bytes(RATE // 25))
        # A stream that begins makes a sink throw away the two seconds of silence it has planned already.
        wakers = [self._spawn("paplay", f"--device={sink}", "--latency-msec=20", str(silence)) for sink in _SINKS]
        for waker in wakers:
            waker.wait()

    def _await(self, ready: Callable[[], bool], log: Path) -> None:
        deadline = time.monotonic() + _START_S
        while not ready():
            if time.monotonic() > deadline:
                said = log.read_text(errors="replace")[-500:] if log.exists() else ""
                raise VirtualAudioError(f"The sound server did not start. {said}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server and everything that belongs to it."""
        self.noise(None)
        for helper in self._helpers:
            helper.terminate()
            helper.wait()
        self._helpers.clear()
        if self._supervisor is not None:
            self._supervisor.communicate("\n")
        self._supervisor, self.pid, self._echo = None, 0, ""

    def kill(self) -> None:
        """The server dies at once, as when a device is unplugged; ``start`` brings it back."""
        os.kill(self.pid, signal.SIGKILL)

    def pactl(self, *arguments: str) -> str:
        """Tell the server something; returns its answer."""
        done = subprocess.run(["pactl", *arguments], capture_output=True, text=True, env=self._env(), timeout=10)
        if done.returncode:
            raise VirtualAudioError(f"pactl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def say(self, wav: str | Path, *, wait: bool = True) -> subprocess.Popen[bytes]:
        """Play a WAV file into the microphone; returns when it has been said, or at once."""
        player = self._spawn("paplay", "--device=mic_feed", _AHEAD, str(wav))
        if wait:
            player.wait()
        else:
            self._helpers.append(player)
        return player

    @contextlib.contextmanager
    def recording(self) -> Iterator[Recording]:
        """Record the loudspeakers for as long as the block lasts."""
        form = ["--raw", "--format=s16le", f"--rate={RATE}", "--channels=1"]
        recording = Recording(["parec", "-d", "speakers.monitor", "--latency-msec=10", *form], self._env())
        try:
            yield recording
        finally:
            recording.stop()

    def record_speakers(
        self, wav: str | Path, *, seconds: float | None = None, until: Callable[[], bool] | None = None
    ) -> Path:
        """Write what the loudspeakers give to a WAV file: for so long, or until ``until()`` is true."""
        ends = time.monotonic() + (3600.0 if seconds is None else seconds)
        with self.recording() as heard:
            while time.monotonic() < ends and not (until and until()):
                time.sleep(0.01)
        _write_wav(Path(wav), heard.pcm)
        return Path(wav)

    def echo(self, on: bool) -> None:
        """Whether the microphone hears the loudspeakers."""
        if on and not self._echo:
            self._echo = self.pactl("load-module", "module-loopback", *_ECHO)
        elif not on and self._echo:
            self.pactl("unload-module", self._echo)
            self._echo = ""

    def noise(self, dbfs: float | None) -> None:
        """A room's hiss in the microphone (−70 is a quiet room); ``None`` makes it exactly silent again."""
        if self._noise is not None:
            self._noise.kill()
            self._noise.wait()
            self._noise = None
        if dbfs is None:
            return
        hiss = random.Random(20)
        loudness = 32768 * 10 ** (dbfs / 20)
        pcm = b"".join(round(hiss.gauss(0, loudness)).to_bytes(2, "little", signed=True) for _ in range(5 * RATE))
        self._noise = subprocess.Popen(
            ["pacat", "--device=mic_feed", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self._env(),
        )  # fmt: skip
        threading.Thread(target=_pour, args=(self._noise.stdin, pcm), daemon=True).start()

    def _answers(self) -> bool:
        return subprocess.run(["pactl", "info"], capture_output=True, env=self._env(), timeout=10).returncode == 0

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, env=self._env())

    def _env(self) -> dict[str, str]:
        return {**os.environ, **self.environment()}


def _write_wav(path: Path, pcm: bytes) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm)


def _pour(pipe: Any, pcm: bytes) -> None:
    """Feed the same audio again and again until the reader is gone."""
    with contextlib.suppress(OSError, ValueError):
        while True:
            pipe.write(pcm)
    with contextlib.suppress(OSError):
        pipe.close()


def main(arguments: list[str] | None = None) -> int:
    """Run a command inside virtual audio; its exit code is ours, 3 if the sound server can't run here."""
    parser = argparse.ArgumentParser(description="Run a command with a virtual microphone and loudspeakers.")
    parser.add_argument("--echo", action="store_true", help="the microphone hears the loudspeakers")
    parser.add_argument("--noise", type=float, metavar="DBFS", help="hiss in the microphone, for example -70")
    parser.add_argument("command", nargs="+", help="after --")
    asked = parser.parse_args(arguments)
    try:
        with VirtualAudio() as audio:
            audio.echo(asked.echo)
            audio.noise(asked.noise)
            return subprocess.call(asked.command)
    except (VirtualAudioError, OSError) as error:
        print(error, file=sys.stderr)
        return 3


if __name__ == "__main__":
    raise SystemExit(main())
