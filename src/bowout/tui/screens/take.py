"""A take of a drill: the call's screen with the drill's one line, its light and its countdown."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from bowout.core.safety import printable
from bowout.rehearsal.events import CallMarked, CallPrepared, Event, Rang, RecruiterSpoke
from bowout.tui.after_call import Ended, Then
from bowout.tui.messages import CallOver, Counted
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.speak import SpeakScreen
from bowout.tui.sitting import Sitting
from bowout.tui.widgets.brief import at_a_glance
from bowout.tui.widgets.desk import Desk

COUNT_S = 1.0
"""Seconds of a second of the countdown."""


class TakeScreen(SpeakScreen):
    """What is not to be read before is shown when the phone rings, and stays beside the talk."""

    def __init__(self, sitting: Sitting) -> None:
        """Raises ``UsageError``: the drill can't be made of the scenario."""
        super().__init__(sitting.cut(), sitting.mode, typed=sitting.typed, meta=sitting.about, drill=sitting.drill)
        self.sitting = sitting
        self._hidden = not sitting.drill.reads

    @property
    def place(self) -> str:
        return f"{printable(self.sitting.drill.title)} · {self.sitting.place}"

    @property
    def seed(self) -> int:
        return self.sitting.seed

    def above(self) -> ComposeResult:
        yield Static(printable(self.sitting.drill.tell), id="tell", markup=False)

    def beside(self, facts: Mapping[str, str]) -> Content:
        if self.sitting.drill.reads:
            return super().beside(facts)
        return at_a_glance(self.scenario, facts)

    def remind(self) -> None:
        if self.sitting.drill.reads:
            super().remind()

    def before(self, stop: threading.Event) -> None:
        if not self.services.settings.countdown:
            return
        for left in range(self.sitting.counted, 0, -1):
            self.post_message(Counted(left))
            if stop.wait(COUNT_S):
                return

    def on_counted(self, event: Counted) -> None:
        self.query_one(Desk).say(f"{event.left} …  it begins in a moment")

    def _show(self, event: Event) -> None:
        super()._show(event)
        if isinstance(event, CallPrepared) and self.sitting.drill.wait_s[1] > 0:
            self.query_one(Desk).say(f"☎ It rings within {self.sitting.drill.wait_s[1]:g} seconds")
        elif self._hidden and isinstance(event, (Rang, RecruiterSpoke)):
            self._hidden = False
            self.add_class("-script", "-brief")
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "repeat" or (self._hidden and action in ("script", "script_typing")):
            return False
        return super().check_action(action, parameters)

    # What it came to.

    def after(self, marked: CallMarked | None) -> CallOver:
        from bowout.rehearsal.drill_takes import take_over

        if marked is None:
            return CallOver(None)
        return CallOver(marked, take_over(self.services, self.sitting.drill, self.scenario, marked))

    def followed_by(self, event: CallOver) -> Then | None:
        from bowout.tui.screens.figure import FigureScreen

        def to_figure(screen: AppScreen[Any], ended: Ended) -> None:
            assert event.taken is not None
            screen.bowout.switch_screen(FigureScreen(self.sitting, event.taken, ended))

        return to_figure

    def anew(self, *, typed: bool) -> None:
        self.app.switch_screen(TakeScreen(replace(self.sitting, typed=typed)))


__all__ = ["COUNT_S", "TakeScreen"]
