"""Read aloud: the script of a case, once, into the microphone; it says what was skipped."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from bowout.core.case_script import Script, skipped
from bowout.core.endpoint import TurnLimits
from bowout.core.safety import printable
from bowout.tui.messages import CheckHeard
from bowout.tui.screens.check import CheckScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.level_meter import LevelMeter
from bowout.tui.widgets.live_line import LiveLine
from bowout.tui.widgets.top_bar import TopBar


class ReadAloudScreen(CheckScreen):
    """Answers “spoken” once it has been read; ``None`` if the user went back."""

    LIMITS = TurnLimits(silence_s=3.0, no_speech_s=8.0, max_s=75.0)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "listen", "Read aloud", id="aloud.listen", tooltip="Open the microphone; again closes it"),
        Binding("enter", "go_on", "Done", id="aloud.done", tooltip="Read once: the next step"),
        Binding("t", "type", show=False, id="aloud.type", tooltip="Read once, without a microphone"),
        Binding("escape", "back", "Back", id="aloud.back", tooltip="Back without having read it"),
    ]

    def __init__(self, said: Script) -> None:
        super().__init__()
        self.script = said

    def compose(self) -> ComposeResult:
        yield TopBar("Read aloud", self.bowout.ear_shown)
        with VerticalScroll(id="check", can_focus=False):
            yield Static(
                Content("\n").join(Content(printable(part.text)) for part in self.script.parts),
                id="to-read",
                classes="script",
            )
            yield Static(f"Calmly it takes {self.script.seconds:.0f} seconds.", classes="aside", markup=False)
            yield Static("", id="state", markup=False)
            yield LevelMeter(id="level")
            yield LiveLine(id="live")
            yield Static("", id="checked", markup=False)
            yield Choices(id="devices", markup=False)
        yield Footer(show_command_palette=False)

    def _told(self, event: CheckHeard) -> str:
        if not event.text:
            return super()._told(event)
        left_out = skipped(self.script, event.text)
        if not left_out:
            return "✓ Nothing was skipped. Enter goes on."
        names = "; ".join(part.title.lower() for part in left_out)
        return f"Skipped, or not understood: {names}. Space reads it once more; Enter goes on all the same."

    def action_go_on(self) -> None:
        """By the user's own word: nobody needs a microphone to read."""
        self.dismiss("spoken")

    def action_type(self) -> None:
        self.dismiss("spoken")


__all__ = ["ReadAloudScreen"]
