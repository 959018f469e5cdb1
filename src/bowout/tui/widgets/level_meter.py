"""How loud the microphone hears you, in a bar and a word."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

QUIET, LOUD = 0.25, 0.93
"""Levels (0–1) below which a voice is hardly heard, and from which it clips."""
CELLS = 24
FALL = 0.08
"""How far the bar may fall at a time: steadier to look at than the raw level."""


class LevelMeter(Widget):
    """Pulls the level 15 times a second; nobody has to push."""

    level: reactive[float] = reactive(0.0, layout=False)
    listening: reactive[bool] = reactive(False, layout=False)

    def __init__(self, read: Callable[[], float] | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.read = read
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        self._timer = self.set_interval(1 / 15, self._pull, pause=True)

    def run(self, read: Callable[[], float]) -> None:
        """Show what ``read`` gives from now on."""
        self.read = read
        self.listening = True
        if self._timer is not None:
            self._timer.resume()

    def rest(self) -> None:
        """Nothing is being listened to."""
        self.level = 0.0
        self.listening = False
        if self._timer is not None:
            self._timer.pause()

    def _pull(self) -> None:
        if self.read is not None:
            self.level = round(max(self.read(), self.level - FALL), 2)

    def render(self) -> Content:
        filled = min(CELLS, round(self.level * CELLS))
        if not self.listening:
            word, style = "not listening", "dim"
        elif self.level <= 0.02:
            word, style = "silent", "dim"
        elif self.level < QUIET:
            word, style = "quiet", "$text-warning"
        elif self.level < LOUD:
            word, style = "good", "$text-success"
        else:
            word, style = "too loud", "$text-error"
        return Content.assemble(
            ("Level ", "dim"),
            ("━" * filled, style),
            ("─" * (CELLS - filled), "dim"),
            (f" {word}", style),
        )
