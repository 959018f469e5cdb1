"""The whole path in a real terminal of 80×24, key by key: from ``bowout now`` to the saved draft."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from needs import has_program, need

MOST_KEYS, MOST_FIELDS = 40, 8
"""Fewer keys than this, the characters of so many fields not counted."""
SETTINGS = 'ear = "typed"\nkeep_recordings = "never"\n'
ANSWERS = (
    "Hello Maria Keller, this is Sam Lee. It's about the site planner interview in two days at three. I have fallen "
    "ill, so I can't come at that time. I'm sorry for the trouble. Could we move it to Monday at ten or Tuesday at "
    "two?",
    "As I said, I have fallen ill. Thank you very much for your understanding. I'll confirm this by email. Goodbye.",
)


class Terminal:
    """A program in a tmux of its own. Keys are counted; what is waited for is what the screen shows."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._tmux = ["tmux", "-S", str(folder / "s"), "-f", "/dev/null"]
        self._environment = environment
        self.keys = self.fields = 0

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments], env=self._environment, capture_output=True, text=True, timeout=30, check=True
        )
        return done.stdout

    def start(self, *command: str) -> None:
        # The pane stays when the program ends, so that what it said can still be read.
        self._run("start-server", ";", "set-option", "-g", "remain-on-exit", "on", ";",
                  "new-session", "-d", "-x", "80", "-y", "24", shlex.join(command))  # fmt: skip

    def end(self) -> None:
        subprocess.run(
            [*self._tmux, "kill-server"], env=self._environment, capture_output=True, timeout=30, check=False
        )

    @property
    def shown(self) -> str:
        return " ".join(self._run("capture-pane", "-p").split())

    def until(self, text: str, seconds: float = 30.0) -> None:
        """Wait until the screen shows this."""
        deadline = time.monotonic() + seconds
        while text not in self.shown:
            if time.monotonic() > deadline:
                raise AssertionError(f"“{text}” did not come. The screen:\n{self._run('capture-pane', '-p')}")
            time.sleep(0.02)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self._run("send-keys", key)

    def type(self, text: str) -> None:
        """A field: its characters are not counted, the Enter that ends it is."""
        self.fields += 1
        self._run("send-keys", "-l", text)
        self.press("Enter")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    need("tmux", has_program("tmux"))
    folder = Path(tempfile.mkdtemp(prefix="bowout-"))  # a socket's path may have about 100 characters
    home = tmp_path / "user"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    environment = {
        **os.environ,
        "HOME": str(home),
        "BOWOUT_DATA_DIR": str(home / "data"),
        "BOWOUT_CONFIG_DIR": str(home / "config"),
        "BOWOUT_CACHE_DIR": str(home / "cache"),
        "TEXTUAL_ANIMATIONS": "none",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    environment.pop("TMUX", None)
    made = Terminal(folder, environment)

    def start(*arguments: str) -> Terminal:
        made.start(sys.executable, "-m", "bowout", *arguments)
        return made

    yield start
    made.end()
    shutil.rmtree(folder)


def test_from_bowout_now_to_the_saved_draft_in_under_forty_keys(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    screen = terminal("now")
    screen.until("Where are you with the interview?")
    screen.press("Enter")
    screen.until("What has happened?")
    screen.press("1", "Enter")
    screen.until("well enough for a video call?")
    screen.press("Enter")
    screen.until("still want this job?")
    screen.press("Enter")
    for ask, text in (
        ("When is the interview?", "in 2 days 15:00"),
        ("Who are you?", "Sam Lee"),
        ("your contact", "Maria Keller"),
        ("At which company?", "Northwind"),
        ("Which job", "site planner"),
    ):
        screen.until(ask)
        screen.type(text)
    screen.until("written or called so far?")
    screen.press("2", "Enter")
    screen.until("phone number?")
    screen.type("+44 20 7946 0000")
    for ask in ("e-mail address?", "Why, in a few words", "Which two other times"):
        screen.until(ask)
        screen.press("Enter")
    screen.until("Enter goes on with it in the trainer")
    screen.press("Enter")
    screen.until("Bow Out My case")
    screen.press("Enter")
    screen.until("Calmly it takes")
    screen.press("Enter")
    screen.until("once aloud")
    screen.press("Enter")
    screen.until("They ask why")
    screen.press("1")
    screen.until("You will type your answers")
    screen.press("Enter")
    for text in ANSWERS:
        screen.until("Type your answer")
        screen.type(text)
        screen.until("Maria Keller is speaking")
    screen.until("How was it?")
    screen.press("Enter")
    screen.until("of 100")
    screen.press("Escape")
    screen.until("Your interview for the site planner")
    screen.press("Escape")
    screen.until("spoken and passed")
    screen.press("Enter")
    screen.until("+44 20 7946 0000")
    screen.press("Enter")
    screen.until("What came of it?")
    screen.press("1")
    screen.until("Which new time?")
    screen.press("2")
    screen.until("You reported: they agreed")
    screen.press("s")
    screen.until("confirm-northwind-")
    screen.press("Enter")
    screen.until("Saved to")
    assert screen.keys < MOST_KEYS and screen.fields <= MOST_FIELDS, (screen.keys, screen.fields)
    (file,) = (tmp_path / "user").glob("*.eml")
    mail = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    assert mail["X-Unsent"] == "1" and "Sam Lee" in mail["Subject"] and "confirm" in mail["Subject"]
    assert "Thank you for your understanding on the phone" in mail.get_content()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
