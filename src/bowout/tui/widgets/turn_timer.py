"""The caller's own time against the limits of the call or the drill: a figure, a glyph, a word and a colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from bowout.core.review import clock
from bowout.core.scenario import CallLimits

if TYPE_CHECKING:
    from bowout.core.drills import Light, Timer

LIGHTS: dict[Light, tuple[str, str, str]] = {
    "green": ("●", "on time", "$text-success"),
    "amber": ("▲", "wind up", "$text-warning"),
    "red": ("■", "time is up", "$text-error"),
    "over": ("×", "well over", "$text-error"),
}
"""A drill's light: glyph, word and colour. After red comes the grace, in which a sentence can be finished."""


class TurnTimer(Widget):
    """Counts seconds of speech over all turns."""

    seconds: reactive[int] = reactive(0, layout=False)

    def __init__(self, limits: CallLimits, timer: Timer | None = None, *, id: str | None = None) -> None:
        """``timer``: a drill's, which stands for the call's limits."""
        super().__init__(id=id)
        self._limits = limits
        self._timer = timer
        self._used = 0.0
        self._since: float | None = None
        self._read: Callable[[], float] | None = None

    def on_mount(self) -> None:
        self.set_interval(1 / 5, self._pull)

    def start(self, read: Callable[[], float], at: float) -> None:
        """A turn of the caller began at ``at`` on the call's clock, which ``read`` gives."""
        self._read, self._since = read, at

    def stop(self) -> None:
        """The turn is over."""
        if self._read is not None and self._since is not None:
            self._used += max(0.0, self._read() - self._since)
        self._since = None

    def _pull(self) -> None:
        running = self._read() - self._since if self._read is not None and self._since is not None else 0.0
        self.seconds = int(self._used + running)

    def render(self) -> Content:
        if self._timer is not None:
            glyph, word, style = LIGHTS[self._timer.light(self.seconds)]
            word = f"{glyph} {word}"
        elif self.seconds < self._limits.green_s:
            word, style = "on time", "$text-success"
        elif self.seconds < self._limits.red_s:
            word, style = "wind up", "$text-warning"
        else:
            word, style = "too long", "$text-error"
        return Content.assemble(("Your time ", "dim"), (f"{clock(self.seconds)} {word}", f"bold {style}"))


__all__ = ["LIGHTS", "TurnTimer"]
