"""If, then: one sentence for next time, proposed from what went worst, changed at will, said aloud once and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Input, Static

from bowout.core.endpoint import TurnLimits
from bowout.core.if_then import KIND, LONGEST, IfThen, was_said, written
from bowout.core.safety import printable
from bowout.tui.messages import CheckHeard
from bowout.tui.screens.check import CheckScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.level_meter import LevelMeter
from bowout.tui.widgets.live_line import LiveLine
from bowout.tui.widgets.top_bar import TopBar

SPOKEN = "✓ Said. Enter keeps it; it will be shown before your next call."
NOT_QUITE = "That was something else, or it was not understood. Say it once more, or Enter keeps it all the same."


class IfThenScreen(CheckScreen):
    """``kept`` is the sentence once it has been kept; the answer of the screen does not matter."""

    LIMITS = TurnLimits(silence_s=2.0, no_speech_s=8.0, max_s=30.0)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space", "listen", "Say it", id="if_then.say", tooltip="Say it aloud once; again closes the microphone"
        ),
        Binding("e", "change", "Change", id="if_then.change", tooltip="Put it in your own words"),
        Binding("enter", "go_on", "Keep", id="if_then.keep", tooltip="Keep it for the next call"),
        Binding("t", "type", "Type it", id="if_then.type", tooltip="Type it once in place of saying it"),
        Binding("escape", "back", "Back", id="if_then.back", tooltip="Back without keeping it"),
    ]

    def __init__(self, proposed: IfThen, attempt: str, typed: bool = False) -> None:
        """
        Args:
            attempt: the record that it goes into; empty = there is none.
            typed: the call was typed, so nobody is asked for a microphone.
        """
        super().__init__()
        self.sentence = proposed
        self.attempt = attempt
        self.typed = typed
        self.kept: IfThen | None = None

    def compose(self) -> ComposeResult:
        yield TopBar("If, then", self.bowout.ear_shown)
        with VerticalScroll(id="check", can_focus=False):
            yield Static("One sentence for next time", classes="title", markup=False)
            yield Static("", id="sentence", classes="script", markup=False)
            with Horizontal(id="halves"):
                yield Static("If ", classes="half", markup=False)
                yield Input(self.sentence.cue, id="cue", max_length=LONGEST, compact=True)
            with Horizontal(id="other-half"):
                yield Static("I will say ", classes="half", markup=False)
                yield Input(self.sentence.words, id="words", max_length=LONGEST, compact=True)
            yield Input(id="once", placeholder="Type it once. Enter ends the line.", max_length=2 * LONGEST)
            yield Static(
                "Decided beforehand, it comes by itself when it is needed. Say it aloud once; one sentence is enough.",
                id="why",
                classes="aside",
                markup=False,
            )
            yield Static("", id="state", markup=False)
            yield LevelMeter(id="level")
            yield LiveLine(id="live")
            yield Static("", id="checked", markup=False)
            yield Choices(id="devices", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#once").display = False
        for part in ("#state", "#level", "#live"):
            self.query_one(part).display = not self.without_microphone
        self._edit(not self.sentence.words)
        self._show()

    @property
    def without_microphone(self) -> bool:
        return self.typed or self.bowout.ear_shown == "typed"

    @property
    def editing(self) -> bool:
        return bool(self.query_one("#halves").display)

    def _show(self) -> None:
        cue, words = printable(self.sentence.cue), printable(self.sentence.words or "…")
        told = Content.assemble("If ", (cue, "bold"), ", I will say: “", (words, "bold"), "”")
        self.query_one("#sentence", Static).update(told)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "listen" and self.without_microphone:
            return False
        if action == "type":
            return True if self.phase not in ("opening", "listening") else None
        if action in ("play", "devices"):
            return False
        return super().check_action(action, parameters)

    # Changing it.

    def _edit(self, wanted: bool) -> None:
        self.query_one("#halves").display = self.query_one("#other-half").display = wanted
        if wanted:
            self.query_one("#words" if self.sentence.cue else "#cue", Input).focus()
        else:
            self.set_focus(None)

    def action_change(self) -> None:
        self._edit(True)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input.id == "once":
            return
        cue, words = self.query_one("#cue", Input).value, self.query_one("#words", Input).value
        made = written(cue, words)
        self.sentence = made if made is not None else IfThen(cue.strip(), "")
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "cue":
            self.query_one("#words", Input).focus()
        elif event.input.id == "words":
            self._edit(not self.sentence.words)
        else:
            self.query_one("#once").display = False
            self.set_focus(None)
            self._judge(event.value)

    # Saying it.

    def action_type(self) -> None:
        self._edit(False)
        once = self.query_one("#once", Input)
        once.value = ""
        once.display = True
        once.focus()

    def on_check_heard(self, event: CheckHeard) -> None:
        if event.text:
            self.sentence = replace(self.sentence, spoken=was_said(self.sentence.words, event.text))

    def _told(self, event: CheckHeard) -> str:
        if not event.text:
            return super()._told(event)
        return f"Read: “{printable(event.text)}”\n\n{SPOKEN if self.sentence.spoken else NOT_QUITE}"

    def _judge(self, text: str) -> None:
        if text.strip():
            self.sentence = replace(self.sentence, spoken=was_said(self.sentence.words, text))
            self.query_one("#checked", Static).update(SPOKEN if self.sentence.spoken else NOT_QUITE)

    # Keeping it.

    def action_go_on(self) -> None:
        made = written(self.sentence.cue, self.sentence.words, spoken=self.sentence.spoken)
        if made is None:
            self.query_one("#checked", Static).update("? A half of it is missing. E changes it.")
            self._edit(True)
            return
        self.kept = made
        if self.attempt:
            self.bowout.add_to_record(self.attempt, KIND, made.as_event())
            self.bowout.say("Kept. It will be shown before your next call.")
        else:
            self.bowout.say("This call has no record, so the sentence is kept only as long as this review is open.")
        self.dismiss(None)

    def action_back(self) -> None:
        """Out of the entry first, then out of the screen."""
        if self.query_one("#once").display:
            self.query_one("#once").display = False
            self.set_focus(None)
        elif self.editing and self.sentence.words:
            self._edit(False)
        else:
            self.dismiss(None)


__all__ = ["IfThenScreen"]
