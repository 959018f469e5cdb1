"""Sets the trainer up in ``.venv`` and remembers that it did. Runs on a bare Python 3.10+; standard library only.

Everything is said on standard error: standard output belongs to the program that runs afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from _machine import this_machine
from _plan import Step, Wanted, plan
from _progress import PipWatcher, Screen, outstanding

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
STAMP = VENV / "bowout-setup.json"
STAMP_SCHEMA = 1

EXIT_MISSING = 3
EXIT_INTERRUPTED = 130

MODEL = "vosk-model-small-en-us-0.15"
FROM_SOURCE = "srt"
"""The one locked package without a wheel: pure Python, needed by vosk. Nothing else may be built from source."""

_FAILED = "failed: "


class SetupFailed(Exception):
    """Set-up can't go on; the message is for the user."""


def venv_python() -> Path:
    """The interpreter inside the virtual environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages() -> Path | None:
    """Where the virtual environment keeps its packages, if it is there."""
    folders = [VENV / "Lib" / "site-packages", *VENV.glob("lib/python*/site-packages")]
    return next((folder for folder in folders if folder.is_dir()), None)


# ── the stamp ────────────────────────────────────────────────────────────────────────────────────────────────────────


def fingerprints() -> dict[str, str]:
    """What set-up depends on: a hash of each lock file, of the project's own description and of the lock of models."""
    files = {lock.stem: lock for lock in sorted(REQUIREMENTS.glob("*.lock"))}
    files["project"] = ROOT / "pyproject.toml"
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def _identity() -> dict[str, Any]:
    """What an environment belongs to: this folder (it can't be moved), and a Python that an upgrade may replace."""
    return {"schema": STAMP_SCHEMA, "root": str(ROOT), "python": os.path.realpath(venv_python())}


def read_stamp() -> dict[str, Any]:
    """What the last set-up wrote down; empty if there was none, or if it was for another folder or Python."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return {}
    return stamp if isinstance(stamp, dict) and _identity().items() <= stamp.items() else {}


def write_stamp(done: dict[str, str], wanted: Wanted) -> None:
    """Written in one go, so that a set-up that was broken off leaves none or the old one."""
    stamp = {**_identity(), "done": done, "plain_voice": not wanted.natural_voice}
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    fresh.replace(STAMP)


def is_ready(stamp: dict[str, Any], wanted: Wanted, now: dict[str, str]) -> bool:
    """True if nothing would change: every part is in place, or could not be installed and has not changed since."""
    done = stamp.get("done", {})
    needed = ["build", "core", "project", "align"]
    if wanted.tests:
        needed += ["builtin-ear", "natural", "cluster", "dev"]
    elif "model" not in done:
        needed.append("builtin-ear")
    if wanted.natural_voice:
        needed.append("natural")
    good = (lambda part: (now[part],)) if wanted.tests else (lambda part: (now[part], _FAILED + now[part]))
    return all(done.get(part) in good(part) for part in needed) and venv_python().exists()


# ── doing it ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Setup:
    """Carries out a plan."""

    def __init__(self, wanted: Wanted, screen: Screen | None = None) -> None:
        self.wanted = wanted
        self.screen = screen or Screen()
        self.done: dict[str, str] = dict(read_stamp().get("done", {}))
        self.now = fingerprints()
        self._worked: set[str] = set()

    def run(self) -> None:
        """All steps; raises ``SetupFailed`` with what to do."""
        started = time.monotonic()
        steps = plan(this_machine(), self.wanted)
        for step in steps:
            self._carry_out(step)
        write_stamp(self.done, self.wanted)
        self.screen.say(f"Set up in {time.monotonic() - started:.0f} s.")

    def _carry_out(self, step: Step) -> None:
        if step.kind == "stop":
            raise SetupFailed(step.says)
        if step.unless and step.unless in self._worked:
            return
        self.screen.say(step.says)
        action: dict[str, Callable[[Step], bool]] = {
            "tell": lambda _: True,
            "system": self._system,
            "venv": self._venv,
            "lock": self._lock,
            "project": self._project,
            "model": self._model,
        }
        if action[step.kind](step):
            self._worked.add(step.kind)
        elif step.required:
            raise SetupFailed(f"Set-up stopped at “{step.says}”. {step.without}".strip())
        elif step.without:
            self.screen.say(f"  {step.without}")

    def _system(self, step: Step) -> bool:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        output: list[str] = []
        for index, command in enumerate(step.commands):
            output.clear()

            def show(line: str, kept: list[str] = output) -> None:
                kept.append(line)
                self.screen.move(f"  {line}")

            worked = watch(command, show, environment) == 0
            is_install = command == step.commands[-1]
            if worked and is_install:
                return True
            if index == len(step.commands) - 1:
                self._show_tail(output)
        return False

    def _venv(self, _: Step) -> bool:
        usable = venv_python().exists() and _works(venv_python())
        if usable and (read_stamp() or not STAMP.exists()):
            return True
        if VENV.exists():
            self.screen.say("  the old one belongs to another folder or Python: making it anew")
        self.done.clear()
        output: list[str] = []
        if watch([sys.executable, "-m", "venv", "--clear", str(VENV)], output.append) == 0:
            return True
        self._show_tail(output)
        return False

    def _lock(self, step: Step) -> bool:
        lock = REQUIREMENTS / f"{step.lock}.lock"
        if self.done.get(step.lock) == self.now[step.lock] and _has_module(step.proof):
            return True
        options = ["--require-hashes", "--no-deps", "--no-build-isolation"]
        options += ["--only-binary", ":all:", "--no-binary", FROM_SOURCE]
        if step.lock != "build":
            options += ["--progress-bar", "raw"]  # the locked pip has it; the one a new environment starts with may not
        # A killed pip may leave half a package that the next one takes for a whole one.
        unfinished = VENV / f"unfinished-{step.lock}"
        again = unfinished.exists()
        if again:
            options.append("--force-reinstall")
        unfinished.touch()
        watcher = PipWatcher(self.screen, outstanding(lock, None if again else site_packages()))
        worked = self._pip([*options, "-r", str(lock)], watcher.line) and _has_module(step.proof)
        unfinished.unlink()
        self.done[step.lock] = self.now[step.lock] if worked else _FAILED + self.now[step.lock]
        return worked

    def _project(self, _: Step) -> bool:
        if self.done.get("project") == self.now["project"] and _has_module("bowout"):
            return True
        worked = self._pip(["--no-deps", "--no-build-isolation", "--editable", str(ROOT)], lambda _line: None)
        self.done["project"] = self.now["project"] if worked else ""
        return worked

    def _pip(self, arguments: Sequence[str], on_line: Callable[[str], None]) -> bool:
        output: list[str] = []

        def take(line: str) -> None:
            output.append(line)
            on_line(line)

        # -I: packages that PYTHONPATH or the user's own site point at are not ours. pip's own settings still count.
        command = [str(venv_python()), "-I", "-m", "pip", "install", "--no-color", "--no-input"]
        environment = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        if watch([*command, *arguments], take, environment) == 0:
            return True
        self._show_tail([line for line in output if not line.startswith(("Ignoring", "Collecting", "Progress"))])
        return False

    def _model(self, _: Step) -> bool:
        """Ask the vendor. The installer itself says what happened, on standard error, with its own progress."""
        command = [str(venv_python()), "-m", "bowout", "model", "install", MODEL, "--for-setup"]
        worked = run_child(command, stdout=sys.stderr) == 0
        if worked:
            self.done["model"] = MODEL
        else:
            self.done.pop("model", None)
        return worked

    def _show_tail(self, output: Sequence[str]) -> None:
        errors = [line for line in output if line.startswith(("ERROR", "E:"))]
        for line in errors or [line for line in output if line.strip()][-8:]:
            self.screen.say(f"    {line}")


def _works(python: Path) -> bool:
    try:
        return subprocess.run([str(python), "-I", "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _has_module(name: str) -> bool:
    """True if the environment has the module; it is looked for, not imported."""
    code = f"import importlib.util as u, sys; sys.exit(u.find_spec({name!r}) is None)"
    return subprocess.run([str(venv_python()), "-I", "-c", code], capture_output=True, check=False).returncode == 0


def watch(command: Sequence[str], on_line: Callable[[str], None], environment: dict[str, str] | None = None) -> int:
    """Run a command and hand over what it prints, line by line. Returns its exit code."""
    try:
        child = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
        )
    except OSError as error:
        on_line(f"{command[0]}: {error.strerror or error}")
        return 127
    with child:
        assert child.stdout is not None
        try:
            for line in child.stdout:
                on_line(line.rstrip())
        except BaseException:
            child.terminate()
            raise
    return child.returncode


def run_child(command: Sequence[str], *, stdout: Any = None, environment: dict[str, str] | None = None) -> int:
    """Run a program in the foreground and return its exit code; never replaces this process (Windows can't).

    Ctrl-C reaches the child straight from the terminal: it decides, we wait. A polite end is passed on.
    """
    child = subprocess.Popen(list(command), stdout=stdout, env=environment)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    before = signal.signal(signal.SIGTERM, pass_on)
    try:
        while True:
            try:
                code = child.wait()
                break
            except KeyboardInterrupt:
                continue
    finally:
        signal.signal(signal.SIGTERM, before)
    return code if code >= 0 else 128 - code


# ── the front door ───────────────────────────────────────────────────────────────────────────────────────────────────


def prepare(*, tests: bool = False, natural_voice: bool = True, again: bool = False) -> int:
    """Make sure that everything is there. Returns 0, or the exit code to leave with.

    Args:
        tests: also what the tests need.
        natural_voice: also Piper and its voice.
        again: go through every step although the last set-up is up to date.
    """
    stamp = read_stamp()
    if stamp.get("plain_voice") and not again:
        natural_voice = False
    wanted = Wanted(tests=tests, natural_voice=natural_voice, offline=os.environ.get("BOWOUT_OFFLINE") == "1")
    if not again and is_ready(stamp, wanted, fingerprints()):
        return 0
    screen = Screen()
    try:
        Setup(wanted, screen).run()
    except SetupFailed as failure:
        screen.say(str(failure))
        return EXIT_MISSING
    except KeyboardInterrupt:
        screen.say("Stopped. Run it again to go on from here.")
        return EXIT_INTERRUPTED
    return 0
