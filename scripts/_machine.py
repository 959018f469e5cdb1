"""What kind of machine set-up runs on, as a plain record: a plan can be made for a machine without being on it."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MANAGERS = ("apt-get", "dnf", "pacman", "zypper", "brew")
"""System package managers that set-up can drive, the first found is taken."""

TEST_PROGRAMS = ("pulseaudio", "pactl", "parec", "aplay", "tmux")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What opens the pages that the program writes, in the tests: the first that is found."""
TEST_CLIPS = Path("/usr/share/pocketsphinx/test/data")
"""Human speech that Debian's ``pocketsphinx-testdata`` ships."""


@dataclass(frozen=True)
class Machine:
    """Everything that decides what set-up does."""

    system: str
    """``linux``, ``darwin`` or ``win32``, as ``sys.platform`` has it."""
    python: tuple[int, int]
    architecture: str = "x86_64"
    manager: str | None = None
    """One of ``MANAGERS``, if the machine has one."""
    as_root: tuple[str, ...] | None = None
    """What to put before a command that needs root: nothing, or sudo. ``None``: it may not be run."""
    has_ensurepip: bool = True
    """Debian takes it out of Python and puts it into python3-venv."""
    has_portaudio: bool = True
    has_espeak: bool = True
    has_test_sound: bool = True
    """A private PulseAudio, ``aplay``, clips of human speech and ``tmux``: what the tests need."""
    has_browser: bool = True


def this_machine() -> Machine:
    """Look around; changes nothing."""
    linux = sys.platform.startswith("linux")
    manager = next((name for name in MANAGERS if shutil.which(name)), None)
    return Machine(
        system="linux" if linux else sys.platform,
        python=sys.version_info[:2],
        architecture=platform.machine(),
        manager=manager,
        as_root=_as_root(manager),
        has_ensurepip=importlib.util.find_spec("ensurepip") is not None,
        has_portaudio=not linux or ctypes.util.find_library("portaudio") is not None,
        has_espeak=not linux or _has_espeak(),
        has_test_sound=not linux or _has_test_sound(),
        has_browser=not linux or any(shutil.which(name) for name in BROWSERS),
    )


def _has_espeak() -> bool:
    return shutil.which("espeak-ng") is not None and ctypes.util.find_library("espeak-ng") is not None


def _has_test_sound() -> bool:
    module = "alsa-lib/libasound_module_pcm_pulse.so"
    folders = (*Path("/usr/lib").glob("*-linux-gnu*"), Path("/usr/lib64"))
    plugins = any((folder / module).is_file() for folder in folders)
    return plugins and TEST_CLIPS.is_dir() and all(shutil.which(program) for program in TEST_PROGRAMS)


def _as_root(manager: str | None) -> tuple[str, ...] | None:
    if manager == "brew":
        return ()
    if sys.platform == "win32" or manager is None:
        return None
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if asked.returncode == 0:
            return ("sudo", "-n")
    return None
