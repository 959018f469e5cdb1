"""The lower part of a call: whose turn it is, the live line, level and time, the pause that ends a turn, typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from bowout.core.scenario import CallLimits
from bowout.tui.widgets.level_meter import LevelMeter
from bowout.tui.widgets.live_line import LiveLine
from bowout.tui.widgets.turn_timer import TurnTimer

if TYPE_CHECKING:
    from bowout.core.drills import Timer

Phase = Literal["preparing", "ringing", "them", "speak", "typing", "between", "marking", "stopped"]
BEFORE: tuple[Phase, ...] = ("preparing", "ringing")
"""Nobody has spoken yet."""
GOING_ON: tuple[Phase, ...] = ("preparing", "ringing", "them", "speak", "typing", "between", "marking")


class Desk(Vertical):
    """Shows a phase of the call. State classes choose the colours."""

    def __init__(self, limits: CallLimits, contact: str, timer: Timer | None = None) -> None:
        """``timer``: a drill's, which stands for the call's limits."""
        super().__init__(id="desk")
        self._limits = limits
        self._timer = timer
        self._contact = contact
        self._phase: Phase = "preparing"
        self._reminder = ""
        self.speaker = contact
        """Who is on the line now."""

    def compose(self) -> ComposeResult:
        yield Static("", id="if-then", markup=False)
        yield Static("", id="state", markup=False)
        yield LiveLine(id="live")
        with Horizontal(id="gauges"):
            yield LevelMeter(id="level")
            yield TurnTimer(self._limits, self._timer, id="timer")
        yield Static("", id="silence", classes="aside", markup=False)
        yield Input(placeholder="Your answer. Enter says it.", id="answer")

    def show_phase(self, phase: Phase) -> None:
        """A glyph and a sentence; the class is set here: on the screen it would restyle every line."""
        self.remove_class(f"-{self._phase}").add_class(f"-{phase}")
        self._phase = phase
        self._show_reminder()
        self.say(
            {
                "preparing": "… Getting everything ready",
                "ringing": f"☎ Ringing {self._contact}",
                "them": f"» {self.speaker} is speaking",
                "speak": "● Speak now",
                "typing": "✎ Type your answer",
                "between": "… Heard",
                "marking": "… The call is over. Reading carefully what you said",
                "stopped": "■ The call was stopped. R starts again, T types instead, Escape goes back.",
            }[phase]
        )

    def remind(self, sentence: str) -> None:
        """What the caller meant to do, shown until somebody speaks."""
        self._reminder = sentence
        self._show_reminder()

    def _show_reminder(self) -> None:
        line = self.query_one("#if-then", Static)
        line.update(self._reminder)
        line.display = bool(self._reminder) and self._phase in BEFORE

    def say(self, sentence: str) -> None:
        """Something more urgent than the phase, until the phase is shown again."""
        self.query_one("#state", Static).update(sentence)

    def show_again(self) -> None:
        self.show_phase(self._phase)

    def show_silence(self, seconds: float) -> None:
        self.query_one("#silence", Static).update(f"Your turn ends after {seconds:.1f} s of silence, or with Space.")

    def line(self, text: str) -> None:
        """What is being said."""
        self.query_one(LiveLine).text = text

    def listen(self, level: Callable[[], float], seconds: Callable[[], float], at: float) -> None:
        """The microphone delivers: meter and timer run."""
        self.query_one(LevelMeter).run(level)
        self.query_one(TurnTimer).start(seconds, at)

    def rest(self) -> None:
        """Nobody is listening."""
        self.query_one(LevelMeter).rest()
        self.query_one(TurnTimer).stop()

    def type(self) -> None:
        """The next answer comes from the keyboard."""
        self.query_one("#answer", Input).focus()


__all__ = ["GOING_ON", "Desk", "Phase"]
