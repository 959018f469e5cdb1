"""What native libraries write never reaches the screen; proven on a real terminal (a pty)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bowout.speech import native_noise
from bowout.speech.native_noise import quiet_native_output

pty = pytest.importorskip("pty")


def run_on_a_terminal(code: str, seconds: float = 30.0) -> bytes:
    """Run Python with its standard streams on a pty; returns what the screen got."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"},
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
    assert done.wait(seconds) == 0, seen.decode(errors="replace")
    os.close(ours)
    return seen


def test_native_lines_go_to_the_log_and_pythons_own_to_the_screen(tmp_path: Path) -> None:
    log = tmp_path / "cache" / "native.log"
    seen = run_on_a_terminal(f"""
import os
from pathlib import Path
from bowout.speech.native_noise import quiet_native_output
os.write(2, b"before|")
with quiet_native_output(Path({str(log)!r})):
    os.write(2, b"ALSA lib underrun\\n")
    os.system("echo sh: aplay: not found >&2")
    print("drawn|", file=sys.stderr, end="")
    print("drawn too|", file=sys.__stderr__, end="")
    print("tty", sys.__stderr__.isatty(), os.get_terminal_size(sys.__stderr__.fileno()).columns >= 0, end="|")
    sys.stdout.flush()
os.write(2, b"after|")
print("python after", file=sys.stderr)
""")
    assert seen == b"before|drawn|drawn too|tty True True|after|python after\r\n"
    assert log.read_text() == "ALSA lib underrun\nsh: aplay: not found\n"
    assert log.stat().st_mode & 0o777 == 0o600 and log.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("guarded", [True, False])
def test_textual_draws_while_a_library_shouts(tmp_path: Path, guarded: bool) -> None:
    log = tmp_path / "native.log"
    seen = run_on_a_terminal(f"""
import contextlib, os
from pathlib import Path
from bowout.speech.native_noise import quiet_native_output
guard = quiet_native_output(Path({str(log)!r})) if {guarded} else contextlib.nullcontext()
with guard:
    from textual.app import App
    from textual.widgets import Static
    class Screen(App):
        def compose(self):
            yield Static("first picture")
        def on_mount(self):
            self.set_timer(0.2, self.shout)
        def shout(self):
            os.write(2, b"Expression 'ret' failed in pa_linux_alsa.c")
            self.query_one(Static).update("second picture")
            self.set_timer(0.2, self.exit)
    Screen().run()
""")
    assert b"first picture" in seen and b"second" in seen
    assert (b"Expression" in seen) is not guarded
    if guarded:
        assert "Expression 'ret' failed" in log.read_text()


def test_json_on_standard_output_stays_clean(tmp_path: Path) -> None:
    code = f"""
import os
from pathlib import Path
from bowout.speech.native_noise import quiet_native_output
with quiet_native_output(Path({str(tmp_path / "native.log")!r}), stdout=True):
    os.write(1, b"Audio saved to /tmp/x.wav\\n")
    print('{{"schema": 1}}')
print('{{"schema": 2}}')
"""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], capture_output=True
    )
    assert done.stdout == b'{"schema": 1}\n{"schema": 2}\n' and done.stderr == b""


def test_it_survives_errors_nesting_and_a_closed_descriptor(tmp_path: Path) -> None:
    code = f"""
import os
from pathlib import Path
from bowout.speech.native_noise import quiet_native_output
log = Path({str(tmp_path / "native.log")!r})
before = sys.stderr
try:
    with quiet_native_output(log), quiet_native_output(log):
        os.write(2, b"deep\\n")
        raise KeyError("out")
except KeyError:
    pass
assert sys.stderr is before
os.write(2, b"back")
os.close(2)
with quiet_native_output(log):
    pass
"""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], capture_output=True
    )
    assert done.returncode == 0 and done.stderr == b"back"
    assert (tmp_path / "native.log").read_text() == "deep\n"


def test_a_log_that_cannot_be_written_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with quiet_native_output(tmp_path / "file" / "native.log"):
        os.write(2, b"lost\n")


def test_a_link_in_place_of_the_log_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine")
    (tmp_path / "native.log").symlink_to(target)
    with quiet_native_output(tmp_path / "native.log"):
        os.write(2, b"lost\n")
    assert target.read_text() == "mine"


def test_the_log_keeps_its_newest_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native_noise, "MAX_BYTES", 1000)
    monkeypatch.setattr(native_noise, "_TRIM_EVERY_S", 0.01)
    log = tmp_path / "native.log"
    with quiet_native_output(log):
        for number in range(500):
            os.write(2, b"line %3d\n" % number)
    assert log.stat().st_size <= 1000 and log.read_text().endswith("line 499\n")
