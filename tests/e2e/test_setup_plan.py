"""What set-up would run on each platform, without running it; and what it makes of what pip and the machine say."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=120")


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """The scripts' modules; their folder is on the path for that long only, since it has a ``test.py``."""
    sys.path.insert(0, str(SCRIPTS))
    try:
        names = ("_machine", "_plan", "_progress", "_setup", "run")
        yield {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(SCRIPTS))


@pytest.fixture
def debian(scripts: dict[str, ModuleType]) -> Any:
    """A fresh Debian as root: Python and nothing else."""
    return scripts["_machine"].Machine(
        system="linux",
        python=(3, 11),
        manager="apt-get",
        as_root=(),
        has_ensurepip=False,
        has_portaudio=False,
        has_espeak=False,
        has_test_sound=False,
        has_browser=False,
    )


def kinds(steps: list[Any]) -> list[str]:
    return [step.lock or step.kind for step in steps]


# ── the plan ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fresh_debian_gets_everything(scripts: dict[str, ModuleType], debian: Any) -> None:
    steps = scripts["_plan"].plan(debian, scripts["_plan"].Wanted())
    assert kinds(steps) == [
        "system", "system", "venv", "build", "core", "project", "model", "builtin-ear", "align", "natural",
    ]  # fmt: skip
    install = (*APT, "install", "-y", "--no-install-recommends", "--no-remove")
    assert steps[0].commands == (
        (*install, "python3.11-venv"),
        (*APT, "update"),
        (*install, "python3.11-venv"),
    )
    assert steps[1].commands[0] == (*install, "libportaudio2", "espeak-ng")
    assert steps[0].required and not steps[1].required, "without sound one can type; without venv there is nothing"


def test_a_debian_that_has_all_system_packages_installs_none(scripts: dict[str, ModuleType], debian: Any) -> None:
    ready = replace(debian, has_ensurepip=True, has_portaudio=True, has_espeak=True)
    assert kinds(scripts["_plan"].plan(ready, scripts["_plan"].Wanted()))[0] == "venv"


def test_sudo_without_a_password_is_used(scripts: dict[str, ModuleType], debian: Any) -> None:
    steps = scripts["_plan"].plan(replace(debian, as_root=("sudo", "-n")), scripts["_plan"].Wanted())
    assert all(command[:2] == ("sudo", "-n") for step in steps[:2] for command in step.commands)


def test_who_may_not_install_is_told_what_to_type(scripts: dict[str, ModuleType], debian: Any) -> None:
    plain = replace(debian, as_root=None)
    (stop,) = scripts["_plan"].plan(plain, scripts["_plan"].Wanted())
    assert stop.kind == "stop" and "sudo apt-get install python3.11-venv" in stop.says
    with_venv = replace(plain, has_ensurepip=True)
    first, *others = scripts["_plan"].plan(with_venv, scripts["_plan"].Wanted())
    assert first.kind == "tell" and "sudo apt-get install libportaudio2 espeak-ng" in first.says
    assert "type your answers" in first.says and kinds(others)[0] == "venv", "and set-up goes on"


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("dnf", ("dnf", "install", "-y", "portaudio", "espeak-ng")),
        ("pacman", ("pacman", "-S", "--noconfirm", "--needed", "portaudio", "espeak-ng")),
        ("zypper", ("zypper", "--non-interactive", "install", "libportaudio2", "espeak-ng")),
        ("brew", ("brew", "install", "portaudio", "espeak-ng")),
    ],
)
def test_other_linux_systems_use_their_own_manager(
    manager: str, command: tuple[str, ...], scripts: dict[str, ModuleType], debian: Any
) -> None:
    machine = replace(debian, manager=manager, has_ensurepip=True)
    first = scripts["_plan"].plan(machine, scripts["_plan"].Wanted())[0]
    assert first.commands == (command,)


def test_a_linux_without_a_known_manager_is_told_what_is_needed(scripts: dict[str, ModuleType], debian: Any) -> None:
    machine = replace(debian, manager=None, as_root=None, has_ensurepip=True)
    first = scripts["_plan"].plan(machine, scripts["_plan"].Wanted())[0]
    assert first.kind == "tell" and "PortAudio and espeak-ng" in first.says


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_macos_and_windows_need_no_system_package(system: str, scripts: dict[str, ModuleType]) -> None:
    """Sound comes inside the Python packages there, and the voice with the system."""
    machine = scripts["_machine"].Machine(system=system, python=(3, 13), manager="brew" if system == "darwin" else None)
    steps = scripts["_plan"].plan(machine, scripts["_plan"].Wanted())
    assert kinds(steps) == ["venv", "build", "core", "project", "model", "builtin-ear", "align", "natural"]
    assert not any(step.commands for step in steps)


@pytest.mark.parametrize("version", [(3, 9), (2, 7)])
def test_an_old_python_is_told_at_once(version: tuple[int, int], scripts: dict[str, ModuleType]) -> None:
    machine = scripts["_machine"].Machine(system="linux", python=version)
    (stop,) = scripts["_plan"].plan(machine, scripts["_plan"].Wanted())
    assert stop.kind == "stop" and "3.10" in stop.says


def test_a_python_without_ensurepip_that_is_not_debians(scripts: dict[str, ModuleType]) -> None:
    machine = scripts["_machine"].Machine(system="darwin", python=(3, 12), has_ensurepip=False)
    (stop,) = scripts["_plan"].plan(machine, scripts["_plan"].Wanted())
    assert stop.kind == "stop" and "ensurepip" in stop.says


def test_the_tests_get_more_and_go_without_nothing(scripts: dict[str, ModuleType], debian: Any) -> None:
    steps = scripts["_plan"].plan(debian, scripts["_plan"].Wanted(tests=True))
    assert kinds(steps)[-5:] == ["builtin-ear", "align", "natural", "cluster", "dev"] and "model" not in kinds(steps)
    assert all(step.required for step in steps)
    packages = {
        "pulseaudio",
        "pulseaudio-utils",
        "libasound2-plugins",
        "alsa-utils",
        "pocketsphinx-testdata",
        "chromium",
    }
    assert packages <= set(steps[1].commands[0])


def test_wishes(scripts: dict[str, ModuleType], debian: Any) -> None:
    wanted = scripts["_plan"].Wanted(natural_voice=False, offline=True)
    assert not {"natural", "model"} & set(kinds(scripts["_plan"].plan(debian, wanted)))


def test_every_part_that_may_be_missing_says_what_that_means(scripts: dict[str, ModuleType], debian: Any) -> None:
    steps = scripts["_plan"].plan(debian, scripts["_plan"].Wanted())
    for step in steps:
        if not step.required and step.kind != "model":  # the installer of models speaks for itself
            assert step.without.endswith("."), step
    built_in = next(step for step in steps if step.lock == "builtin-ear")
    assert built_in.unless == "model", "whoever got Vosk's model needs no second ear"


def test_this_machine_can_be_planned_for(scripts: dict[str, ModuleType]) -> None:
    machine = scripts["_machine"].this_machine()
    assert machine.python == sys.version_info[:2] and machine.system in {"linux", "darwin", "win32"}
    assert "core" in kinds(scripts["_plan"].plan(replace(machine, has_ensurepip=True), scripts["_plan"].Wanted()))


# ── progress ─────────────────────────────────────────────────────────────────────────────────────────────────────────

PIP = """\
Ignoring colorama: markers 'sys_platform == "win32"' don't match your environment
Collecting certifi==2026.10.19 (from -r requirements/core.lock (line 2))
  Downloading certifi-2026.10.19-py3-none-any.whl.metadata (2.5 kB)
  Downloading certifi-2026.10.19-py3-none-any.whl (134 kB)
Requirement already satisfied: idna==3.20 in ./lib (from -r requirements/core.lock (line 284)) (3.20)
Processing /mirror/numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (from -r requirements/core.lock (line 355))
Collecting vosk==0.3.45 (from -r requirements/core.lock (line 808))
  Downloading vosk-0.3.45-py3-none-manylinux2010_x86_64.whl (7.2 MB)
Progress 0 of 7173758
Progress 7173758 of 7173758
Collecting srt==3.5.3
  Using cached srt-3.5.3-py3-none-any.whl
Installing collected packages: certifi, numpy, vosk, srt
Successfully installed certifi numpy vosk srt
"""


def test_downloads_are_named_and_counted(scripts: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]) -> None:
    progress = scripts["_progress"]
    watcher = progress.PipWatcher(progress.Screen(), total=5)
    for line in PIP.splitlines():
        watcher.line(line)
    out, err = capsys.readouterr()
    assert out == "" and err.splitlines() == [
        "  1 of 4: certifi 2026.10.19 (134 kB)",
        "  2 of 4: numpy 2.4.6 (local file)",
        "  3 of 4: vosk 0.3.45 (7.2 MB)",
        "  4 of 4: srt 3.5.3 (cached)",
        "  unpacking 4 packages",
    ]


def test_what_is_in_place_is_not_counted(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    lock.write_text(
        "# about\nruamel-yaml==0.19.1 \\\n    --hash=sha256:00\nnumpy==2.2.6 ; python_full_version < '3.11'\n"
    )
    (tmp_path / "ruamel_yaml-0.19.1.dist-info").mkdir()
    assert scripts["_progress"].outstanding(lock, None) == 2
    assert scripts["_progress"].outstanding(lock, tmp_path) == 1


def test_a_bar_stays_inside_its_frame(scripts: dict[str, ModuleType]) -> None:
    assert {len(scripts["_progress"].bar(done)) for done in (-1, 0, 0.5, 1, 2)} == {22}


# ── the stamp ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def setup(scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up module, working in a folder of the test's own."""
    module = scripts["_setup"]
    venv = tmp_path / ".venv"
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "STAMP", venv / "bowout-setup.json")
    python = module.venv_python()
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return module


def test_the_second_run_has_nothing_to_do(setup: ModuleType, scripts: dict[str, ModuleType]) -> None:
    wanted, now = scripts["_plan"].Wanted(), setup.fingerprints()
    assert not setup.is_ready(setup.read_stamp(), wanted, now), "nothing was ever set up"
    setup.write_stamp(
        {part: now[part] for part in ("build", "core", "project", "builtin-ear", "align", "natural")}, wanted
    )
    started = time.perf_counter()
    assert setup.is_ready(setup.read_stamp(), wanted, setup.fingerprints())
    assert time.perf_counter() - started < 0.2
    assert not setup.is_ready(setup.read_stamp(), scripts["_plan"].Wanted(tests=True), now), "the tests need more"


def test_a_changed_lock_file_is_noticed(setup: ModuleType, scripts: dict[str, ModuleType]) -> None:
    wanted, now = scripts["_plan"].Wanted(), setup.fingerprints()
    done = {part: now[part] for part in ("build", "core", "project", "builtin-ear", "align", "natural")}
    for part in done:
        setup.write_stamp({**done, part: "of last year"}, wanted)
        assert not setup.is_ready(setup.read_stamp(), wanted, now), part


def test_an_extra_that_failed_is_not_tried_at_every_start(setup: ModuleType, scripts: dict[str, ModuleType]) -> None:
    wanted, now = scripts["_plan"].Wanted(), setup.fingerprints()
    done = {part: now[part] for part in ("build", "core", "project", "builtin-ear", "align")}
    setup.write_stamp({**done, "natural": "failed: " + now["natural"]}, wanted)
    assert setup.is_ready(setup.read_stamp(), wanted, now)
    setup.write_stamp({**done, "natural": "failed: of last year"}, wanted)
    assert not setup.is_ready(setup.read_stamp(), wanted, now), "the lock changed: it may work now"


def test_with_vosks_model_no_built_in_ear_is_needed(setup: ModuleType, scripts: dict[str, ModuleType]) -> None:
    wanted, now = scripts["_plan"].Wanted(), setup.fingerprints()
    setup.write_stamp(
        {**{part: now[part] for part in ("build", "core", "project", "align", "natural")}, "model": "x"}, wanted
    )
    assert setup.is_ready(setup.read_stamp(), wanted, now)


def test_a_stamp_of_another_folder_or_a_broken_one_does_not_count(setup: ModuleType) -> None:
    for text in ("", "[]", "{", json.dumps({"schema": 1, "root": "/elsewhere"}), json.dumps({"schema": 0})):
        setup.STAMP.write_text(text)
        assert setup.read_stamp() == {}


def test_a_python_that_was_replaced_is_noticed(
    setup: ModuleType, scripts: dict[str, ModuleType], tmp_path: Path
) -> None:
    """A system's upgrade may put another Python behind the link in the environment: its packages are of no use then."""
    setup.write_stamp({}, scripts["_plan"].Wanted())
    assert setup.read_stamp()
    other = tmp_path / "python9"
    other.write_bytes(b"")
    setup.venv_python().unlink()
    setup.venv_python().symlink_to(other)
    assert setup.read_stamp() == {}


def test_a_plain_voice_stays_plain_until_set_up_again(
    setup: ModuleType, scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = setup.fingerprints()
    done = {part: now[part] for part in ("build", "core", "project", "builtin-ear", "align")}
    setup.write_stamp(done, scripts["_plan"].Wanted(natural_voice=False))
    wanted: list[Any] = []

    class Recorder:
        def __init__(self, asked: Any, _screen: Any) -> None:
            wanted.append(asked)

        def run(self) -> None:
            """Nothing."""

    monkeypatch.setattr(setup, "Setup", Recorder)
    assert setup.prepare() == 0 and wanted == [], "nothing to do"
    assert setup.prepare(again=True) == 0 and wanted[0].natural_voice


def test_what_a_killed_installation_left_half_done_is_installed_anew(
    setup: ModuleType, scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []
    killed = [True, False, False]

    def pip(_self: Any, arguments: list[str], _on_line: Any) -> bool:
        calls.append(arguments)
        if killed.pop(0):
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(setup.Setup, "_pip", pip)
    monkeypatch.setattr(setup, "_has_module", lambda _: True)
    step = scripts["_plan"].Step("lock", "the trainer", lock="core", proof="textual")
    worker = setup.Setup(scripts["_plan"].Wanted())
    with pytest.raises(KeyboardInterrupt):
        worker._lock(step)
    assert worker._lock(step)
    worker.done.clear()
    assert worker._lock(step)
    assert ["--force-reinstall" in arguments for arguments in calls] == [False, True, False]


@pytest.mark.parametrize(("says", "code"), [("a broken off set-up", 130), ("a failed one", 3)])
def test_a_set_up_that_does_not_end_well(
    says: str, code: int, setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing:
        def __init__(self, *_: Any) -> None:
            """Nothing."""

        def run(self) -> None:
            raise KeyboardInterrupt if code == 130 else setup.SetupFailed("Type: this")

    monkeypatch.setattr(setup, "Setup", Failing)
    assert setup.prepare() == code
    out, err = capsys.readouterr()
    assert out == "" and err, says


# ── running the program ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def started(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What ``run.py`` would have started; everything is set up already."""
    commands: list[list[str]] = []

    def record(command: list[str], **_: Any) -> int:
        commands.append(command[1:])
        return 7

    monkeypatch.setitem(sys.modules, "_setup", setup)
    monkeypatch.setattr(setup, "prepare", lambda **_: 0)
    monkeypatch.setattr(setup, "run_child", record)
    return commands


def test_arguments_and_the_exit_code_go_through(scripts: dict[str, ModuleType], started: list[list[str]]) -> None:
    assert scripts["run"].main(["score", "--text", "-", "--json", "--setup"]) == 7
    assert started == [["-m", "bowout", "score", "--text", "-", "--json", "--setup"]]


def test_without_a_terminal_it_shows_a_call_and_says_so(
    scripts: dict[str, ModuleType], started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    scripts["run"].main([])
    out, err = capsys.readouterr()
    assert started == [["-m", "bowout", "demo"]] and out == "" and "no terminal" in err


@pytest.mark.parametrize("arguments", [["--setup"], ["--setup", "--plain-voice"], ["--plain-voice", "--setup"]])
def test_setting_up_alone_starts_nothing(
    arguments: list[str], scripts: dict[str, ModuleType], started: list[list[str]]
) -> None:
    assert scripts["run"].main(arguments) == 0 and started == []


def test_setting_up_alone_takes_nothing_else(scripts: dict[str, ModuleType], started: list[list[str]]) -> None:
    assert scripts["run"].main(["--setup", "demo"]) == 2 and started == []


def test_help_explains_both_and_needs_the_program(
    scripts: dict[str, ModuleType], started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    scripts["run"].main(["--help"])
    assert "--plain-voice" in capsys.readouterr().err and started == [["-m", "bowout", "--help"]]


CHILD = """
import sys, time
sys.path.insert(0, sys.argv[1])
import _setup
print("ready", flush=True)
program = '''
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(41))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(42))
print("child", flush=True)
time.sleep(30)
'''
sys.exit(_setup.run_child([sys.executable, "-c", program]))
"""


@pytest.mark.skipif(os.name != "posix", reason="process groups as a terminal makes them")
@pytest.mark.parametrize(("to_all", "number", "code"), [(True, signal.SIGINT, 41), (False, signal.SIGTERM, 42)])
def test_the_program_decides_what_ctrl_c_means(to_all: bool, number: int, code: int) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(SCRIPTS)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert parent.stdout is not None
    assert [parent.stdout.readline().strip() for _ in range(2)] == ["ready", "child"]
    if to_all:
        os.killpg(parent.pid, number)
    else:
        parent.send_signal(number)
    assert parent.wait(10) == code
    parent.stdout.close()


def test_a_missing_program_is_told_like_any_failure(setup: ModuleType) -> None:
    said: list[str] = []
    assert setup.watch(["no-such-program-anywhere"], said.append) == 127 and said


# ── the repository ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_locks_carry_hashes_and_no_addresses() -> None:
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert [lock.stem for lock in locks] == ["align", "build", "builtin-ear", "cluster", "core", "dev", "natural"]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text and "index-url" not in text
        for block in text.split("\n    --hash")[:1]:
            assert "==" in block


def test_the_scripts_run_on_a_bare_python() -> None:
    """Nothing outside the standard library, no shell, no replacing of the process (Windows has none)."""
    for script in ("_machine", "_plan", "_progress", "_setup", "run", "test"):
        text = (SCRIPTS / f"{script}.py").read_text(encoding="utf-8")
        assert "shell=True" not in text and "os.exec" not in text and "://" not in text
        for line in text.splitlines():
            if line.startswith(("import ", "from ")):
                module = line.split()[1].split(".")[0]
                assert module in sys.stdlib_module_names or module.startswith("_"), line
