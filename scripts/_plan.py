"""What set-up would do on a machine: a pure function from facts to steps. Nothing here runs anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from _machine import Machine

OLDEST_PYTHON = (3, 10)

Kind = Literal["stop", "tell", "system", "venv", "lock", "project", "model"]


@dataclass(frozen=True)
class Wanted:
    """What the user asked set-up for."""

    tests: bool = False
    """Also what the tests need, and every ear and voice."""
    natural_voice: bool = True
    offline: bool = False
    """Do not ask the vendor of the speech model (``BOWOUT_OFFLINE=1``)."""


@dataclass(frozen=True)
class Step:
    """One thing set-up does."""

    kind: Kind
    says: str
    """The line shown before it starts."""
    commands: tuple[tuple[str, ...], ...] = ()
    """System commands, for the kind ``system``: the first that works is enough."""
    lock: str = ""
    """Name of the lock file, for the kind ``lock``."""
    proof: str = ""
    """A module that must be there afterwards."""
    required: bool = True
    """Set-up stops if it fails; otherwise ``without`` is said and set-up goes on."""
    without: str = ""
    """What it means to go without this part, in one sentence."""
    unless: str = ""
    """Left out if the step of this kind worked."""


@dataclass(frozen=True)
class _Manager:
    install: tuple[str, ...]
    portaudio: str
    espeak: str
    refresh: tuple[str, ...] = ()
    """Fetches the list of packages: a fresh machine may have none yet."""
    tests: tuple[str, ...] = ()
    browser: str = "chromium"
    extra: Mapping[str, str] = field(default_factory=dict)


_APT = ("apt-get", "-o", "DPkg::Lock::Timeout=120")
_MANAGERS = {
    # --no-remove: on a desktop with PipeWire, installing PulseAudio could otherwise take parts of its sound away.
    "apt-get": _Manager(
        (*_APT, "install", "-y", "--no-install-recommends", "--no-remove"),
        "libportaudio2",
        "espeak-ng",
        (*_APT, "update"),
        ("pulseaudio", "pulseaudio-utils", "libasound2-plugins", "alsa-utils", "pocketsphinx-testdata", "tmux"),
    ),
    "dnf": _Manager(("dnf", "install", "-y"), "portaudio", "espeak-ng"),
    "pacman": _Manager(("pacman", "-S", "--noconfirm", "--needed"), "portaudio", "espeak-ng"),
    "zypper": _Manager(("zypper", "--non-interactive", "install"), "libportaudio2", "espeak-ng"),
    "brew": _Manager(("brew", "install"), "portaudio", "espeak-ng"),
}

TRY_AGAIN = "Is there a network? Run it again: what is in place stays."
WITHOUT_SOUND = "Until then the trainer has no microphone, loudspeaker or plain voice: you can type your answers."
WITHOUT_EAR = "The built-in ear could not be installed: until an ear is there, you type your answers."
WITHOUT_ALIGNER = "The aligner could not be installed: times are approximate and filled pauses are not measured."
WITHOUT_NATURAL = "The natural voice could not be installed: the recruiter speaks with your system's plain voice."


def plan(machine: Machine, wanted: Wanted) -> list[Step]:
    """The steps of a whole set-up, in order."""
    if machine.python < OLDEST_PYTHON:
        found = ".".join(map(str, machine.python))
        return [Step("stop", f"Bow Out needs Python 3.10 or later; this is {found}. Run it with a later one.")]
    steps = _system_steps(machine, wanted)
    if steps and steps[-1].kind == "stop":
        return steps
    steps += [
        Step("venv", "virtual environment"),
        Step("lock", "installer and build tools", lock="build", proof="hatchling", without=TRY_AGAIN),
        Step("lock", "the trainer", lock="core", proof="textual", without=TRY_AGAIN),
        Step("project", "Bow Out itself", proof="bowout"),
    ]
    if not (wanted.offline or wanted.tests):
        steps.append(Step("model", "the ear: Vosk's English model", required=False))
    steps += _extras(wanted)
    if wanted.tests:
        steps.append(Step("lock", "tools for the tests", lock="dev", proof="pytest", without=TRY_AGAIN))
    return steps


def _extras(wanted: Wanted) -> list[Step]:
    strict = wanted.tests
    steps = [
        Step(
            "lock",
            "the built-in ear",
            lock="builtin-ear",
            proof="moonshine_voice",
            required=strict,
            without=WITHOUT_EAR,
            unless="" if strict else "model",
        ),
        Step(
            "lock",
            "word times and filled pauses",
            lock="align",
            proof="pocketsphinx",
            required=strict,
            without=WITHOUT_ALIGNER,
        ),
    ]
    if wanted.natural_voice or strict:
        steps.append(
            Step(
                "lock",
                "the natural voice",
                lock="natural",
                proof="piper",
                required=strict,
                without=WITHOUT_NATURAL,
            )
        )
    if strict:
        steps.append(
            Step("lock", "the cluster's workers", lock="cluster", proof="distributed", required=True, without=TRY_AGAIN)
        )
    return steps


def _system_steps(machine: Machine, wanted: Wanted) -> list[Step]:
    """System packages. On macOS and Windows sound comes with the Python packages, and the voice with the system."""
    manager = _MANAGERS.get(machine.manager or "")
    steps: list[Step] = []
    if not machine.has_ensurepip:
        name = f"python{machine.python[0]}.{machine.python[1]}-venv"
        if machine.system == "linux" and machine.manager == "apt-get" and manager:
            needed = "Python has no venv module here, and nothing can be installed without it."
            if machine.as_root is None:
                return [Step("stop", f"{needed} Type: {_typed(manager, [name])}")]
            commands = _commands(machine, manager, [name])
            steps.append(Step("system", f"system package {name}", commands, without=f"Type: {_typed(manager, [name])}"))
        else:
            return [
                Step("stop", "This Python lacks ensurepip, which installs pip: take a complete Python 3.10 or later.")
            ]
    sound = _missing_packages(machine, manager, wanted)
    if not sound:
        return steps
    if manager is None:
        names = "PortAudio and espeak-ng" + (", and PulseAudio and Chromium for the tests" if wanted.tests else "")
        steps.append(Step("tell", f"Install {names} with your system's package manager. {WITHOUT_SOUND}"))
    elif machine.as_root is None:
        steps.append(Step("tell", f"Sound needs system packages; type: {_typed(manager, sound)}   {WITHOUT_SOUND}"))
    else:
        says = f"system packages: {', '.join(sound)}"
        hint = f"System packages could not be installed; type: {_typed(manager, sound)}   {WITHOUT_SOUND}"
        commands = _commands(machine, manager, sound)
        steps.append(Step("system", says, commands, required=wanted.tests, without=hint))
    return steps


def _missing_packages(machine: Machine, manager: _Manager | None, wanted: Wanted) -> list[str]:
    if machine.system != "linux":
        return []
    missing = []
    if not machine.has_portaudio:
        missing.append(manager.portaudio if manager else "PortAudio")
    if not machine.has_espeak:
        missing.append(manager.espeak if manager else "espeak-ng")
    if wanted.tests and not machine.has_test_sound:
        missing += manager.tests if manager else ["PulseAudio"]
    if wanted.tests and not machine.has_browser:
        missing.append(manager.browser if manager else "Chromium")
    return missing


def _commands(machine: Machine, manager: _Manager, packages: list[str]) -> tuple[tuple[str, ...], ...]:
    """Install; and if that fails, once more with a fresh list of packages."""
    before = machine.as_root or ()
    install = (*before, *manager.install, *packages)
    if not manager.refresh:
        return (install,)
    return (install, (*before, *manager.refresh), install)


def _typed(manager: _Manager, packages: list[str]) -> str:
    """What a person would type for it."""
    program = manager.install[0]
    verb = "-S" if program == "pacman" else "install"
    typed = f"{'' if program == 'brew' else 'sudo '}{program} {verb} {' '.join(packages)}"
    return f"sudo {program} update && {typed}" if manager.refresh else typed
