"""Speak: the call itself. The runner lives in one thread; its events arrive here as messages."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Footer, Input, Static
from textual.worker import get_current_worker

from bowout.core.scenario import Scenario, fill
from bowout.core.settings import Mode, Settings
from bowout.errors import BowoutError
from bowout.rehearsal.events import (
    CallEnded,
    CallMarked,
    CallPrepared,
    Event,
    MicrophoneOpened,
    Noticed,
    PartialHeard,
    Rang,
    RecruiterSpoke,
    TurnEnded,
    TurnHeard,
    TypingWanted,
)
from bowout.tui.messages import CallOver, CallReady, Happened
from bowout.tui.messages import LiveLine as LineHeard
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.level_meter import LevelMeter
from bowout.tui.widgets.live_line import LiveLine
from bowout.tui.widgets.talk import Talk
from bowout.tui.widgets.top_bar import TopBar
from bowout.tui.widgets.turn_timer import TurnTimer

if TYPE_CHECKING:
    from bowout.rehearsal.call import Rehearsal

Phase = Literal["preparing", "ringing", "them", "speak", "typing", "between", "marking", "stopped"]
GOING_ON: tuple[Phase, ...] = ("preparing", "ringing", "them", "speak", "typing", "between", "marking")
STEP_S = 0.5
"""How much one key press changes the silence that ends a turn."""


class SpeakScreen(AppScreen[None]):
    """One call, from ring to marks."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "end_turn", "I'm done", id="speak.end_turn", tooltip="End your turn now"),
        Binding(
            "h,f8",
            "hang_up",
            "Hang up",
            key_display="h",
            id="speak.hang_up",
            tooltip="End the call and be marked (F8 while you type)",
        ),
        Binding("left", "silence(-1)", "Shorter", id="speak.shorter", tooltip="Less silence ends your turn"),
        Binding("right", "silence(1)", "Longer pause", id="speak.longer", tooltip="More silence ends your turn"),
        Binding("s", "script", "Script", id="speak.script", tooltip="Show or hide what you might say"),
        Binding(
            "v",
            "live_line",
            "Live line",
            show=False,
            id="speak.live_line",
            tooltip="Show or hide the line you are saying",
        ),
        Binding("r", "again", "Start again", id="speak.again", tooltip="Begin this call anew"),
        Binding("t", "typed", "Type instead", id="speak.typed", tooltip="Begin anew with typed answers"),
        Binding("escape", "leave", "Leave", id="speak.leave", tooltip="Leave without being marked"),
    ]

    phase: reactive[Phase] = reactive("preparing", layout=False, bindings=True, init=False)

    def __init__(self, scenario: Scenario, mode: Mode, *, typed: bool) -> None:
        super().__init__()
        self.scenario = scenario
        self.mode: Mode = mode
        self.typed = typed
        self._rehearsal: Rehearsal | None = None
        self._lines: list[RecruiterSpoke] = []
        self._leaving = False

    @property
    def occupied(self) -> bool:
        return self.phase in GOING_ON

    def compose(self) -> ComposeResult:
        settings = self.bowout.settings
        facts = self.scenario.facts_at(self.services.now())
        script = "\n\n".join(fill(line, facts) for line in self.scenario.script)
        ear = "typed" if self.typed else self.bowout.ear_shown
        yield TopBar(f"{self.scenario.title} · {self.mode}", ear)
        with Horizontal(id="middle"):
            yield Talk(id="talk")
            yield Static(
                Content.assemble(("You might say", "bold"), "\n", script), id="script", classes="script", markup=False
            )
        with Vertical(id="desk"):
            yield Static("", id="state", markup=False)
            yield LiveLine(id="live")
            with Horizontal(id="gauges"):
                yield LevelMeter(id="level")
                yield TurnTimer(self.scenario.limits, id="timer")
            yield Static("", id="silence", classes="aside", markup=False)
            yield Input(placeholder="Your answer. Enter says it, F8 hangs up.", id="answer")
        yield Footer()
        self._contact = facts.get("contact", self.scenario.persona.name)
        self.set_class(not settings.show_live_line, "-no-live-line")

    def on_mount(self) -> None:
        self.set_class(self.typed, "-typed")
        self._show_silence()
        self.watch_phase(self.phase)
        self._converse(self._seed())

    def _seed(self) -> int:
        """Another order of the recruiter's variants in every call; recorded with the attempt."""
        return int(time.time()) & 0xFFFF

    # The worker. It owns the rehearsal's generator and touches no widget.

    @work(thread=True, exclusive=True, group="call", exit_on_error=False)
    def _converse(self, seed: int) -> None:
        from bowout.rehearsal.call import Options, Rehearsal

        stop = get_current_worker().cancelled_event
        self.bowout.settle_settings()
        settings = self.services.settings
        parts = self.services.parts()
        if self.typed:
            parts.source = None
        if stop.is_set():
            return
        options = Options(
            mode=self.mode,
            silence_s=settings.silence_s(self.mode),
            seed=seed,
            headphones=settings.headphones,
            keep_audio=settings.keep_recordings != "never",
            score_delivery=not settings.extra_time,
        )
        rehearsal = Rehearsal(self.scenario, parts, options)
        self.post_message(CallReady(rehearsal))
        marked = self._follow(rehearsal, stop, settings)
        self.post_message(CallOver(marked))

    def _follow(self, rehearsal: Rehearsal, stop: threading.Event, settings: Settings) -> CallMarked | None:
        """Pass the events on. The marks come last, when the record is closed and the microphone let go."""
        marked: CallMarked | None = None
        attempt = ""
        for event in rehearsal.run(stop):
            match event:
                case CallMarked():
                    marked = event
                case PartialHeard():
                    self.post_message(LineHeard(event.text))
                case _:
                    if isinstance(event, CallPrepared):
                        attempt = event.attempt
                    self.post_message(Happened(event))
        if marked is None and attempt and settings.keep_recordings in ("ask", "until_review"):
            # Left in the middle: there will be no review that could end this recording.
            self.services.records.drop_audio(attempt)
        return marked

    # Messages.

    def on_call_ready(self, event: CallReady) -> None:
        self._rehearsal = event.rehearsal

    def on_live_line(self, event: LineHeard) -> None:
        self.query_one(LiveLine).text = event.text

    def on_happened(self, event: Happened) -> None:
        self._show(event.event)

    def _show(self, event: Event) -> None:
        talk = self.query_one(Talk)
        match event:
            case CallPrepared():
                self.query_one(TopBar).show_ear(event.ear)
                self.set_class(event.ear == "typed", "-typed")
            case Rang():
                self.phase = "ringing"
            case RecruiterSpoke():
                self._lines.append(event)
                talk.recruiter(self._contact, event.text)
                self.phase = "them"
            case MicrophoneOpened():
                self._microphone_opened()
            case TypingWanted():
                self._typing_wanted()
            case TurnEnded():
                self._rest()
                self.phase = "between"
            case TurnHeard():
                talk.you(event.turn.index, event.turn.text)
                self.query_one(LiveLine).text = ""
            case Noticed():
                talk.notice(f"{event.message} {event.fix}".strip())
            case CallEnded():
                self._rest()
                self.phase = "marking"
            case _:
                pass

    def _microphone_opened(self) -> None:
        rehearsal = self._rehearsal
        if rehearsal is None:
            return
        self.query_one(LevelMeter).run(lambda: rehearsal.level)
        self.query_one(TurnTimer).start(lambda: rehearsal.seconds)
        self.phase = "speak"

    def _typing_wanted(self) -> None:
        """The microphone is gone, or was never wanted: Space belongs to the text now."""
        self._rest()
        self.add_class("-typed")
        self.phase = "typing"
        self.query_one("#answer", Input).focus()

    def _rest(self) -> None:
        self.query_one(LevelMeter).rest()
        self.query_one(TurnTimer).stop()

    def on_call_over(self, event: CallOver) -> None:
        if event.marked is None:
            self.phase = "stopped"
            return
        from bowout.tui.screens.review import ReviewScreen

        self.app.switch_screen(ReviewScreen(self.scenario, event.marked, self.mode, self.typed, tuple(self._lines)))

    def failed(self, error: BaseException) -> None:
        self.phase = "stopped"
        if isinstance(error, BowoutError):
            self.query_one(Talk).notice(error.sentence())
        else:
            folder = self._rehearsal.folder if self._rehearsal is not None else None
            self.bowout.explain(error, str(folder or ""))

    # What is shown.

    def watch_phase(self, phase: Phase) -> None:
        glyph, text = {
            "preparing": ("…", "Getting everything ready"),
            "ringing": ("☎", f"Ringing {self._contact}"),
            "them": ("»", f"{self._contact} is speaking"),
            "speak": ("●", "Speak now"),
            "typing": ("✎", "Type your answer"),
            "between": ("…", "Heard"),
            "marking": ("…", "The call is over. Reading carefully what you said"),
            "stopped": ("■", "The call was stopped. R starts again, T types instead, Escape goes back."),
        }[phase]
        self.query_one("#state", Static).update(f"{glyph} {text}")
        for name in (*GOING_ON, "stopped"):
            self.set_class(name == phase, f"-{name}")
        if phase != "typing" and self.focused is not None:
            self.set_focus(None)

    def _show_silence(self) -> None:
        seconds = self.bowout.settings.silence_s(self.mode)
        self.query_one("#silence", Static).update(f"Your turn ends after {seconds:.1f} s of silence, or with Space.")

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        going_on = self.phase in GOING_ON
        spoken = going_on and not self.has_class("-typed")
        if action in ("again", "typed"):
            return not going_on
        if action == "end_turn":
            return (True if self.phase == "speak" else None) if spoken else False
        if action in ("silence", "live_line"):
            return spoken
        if action == "hang_up":
            return (None if self.phase in ("preparing", "marking") else True) if going_on else False
        return True

    def action_end_turn(self) -> None:
        if self._rehearsal is not None:
            self._rehearsal.end_turn()

    def action_hang_up(self) -> None:
        if self._rehearsal is not None:
            self._rehearsal.hang_up()

    def action_silence(self, direction: int) -> None:
        """Change the pause that ends a turn, from the next turn on, and remember it."""
        settings = self.bowout.settings
        base = settings.silence_live_s if self.mode == "live" else settings.silence_practice_s
        base = round(min(10.0, max(0.5, base + direction * STEP_S)), 2)
        if self.mode == "live":
            changed = replace(settings, silence_live_s=base)
        else:
            changed = replace(settings, silence_practice_s=base)
        self.bowout.keep(changed)
        if self._rehearsal is not None:
            self._rehearsal.options = replace(self._rehearsal.options, silence_s=changed.silence_s(self.mode))
        self._show_silence()

    def action_script(self) -> None:
        self.toggle_class("-script")

    def action_live_line(self) -> None:
        shown = not self.bowout.settings.show_live_line
        self.bowout.keep(replace(self.bowout.settings, show_live_line=shown))
        self.set_class(not shown, "-no-live-line")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if not text or self._rehearsal is None or self.phase != "typing":
            return
        event.input.value = ""
        self._rehearsal.typed.submit(text)

    def action_again(self) -> None:
        self.app.switch_screen(SpeakScreen(self.scenario, self.mode, typed=self.typed))

    def action_typed(self) -> None:
        self.app.switch_screen(SpeakScreen(self.scenario, self.mode, typed=True))

    def action_leave(self) -> None:
        """Twice, so that one slip of the finger does not cost the call."""
        if self.occupied and not self._leaving:
            self._leaving = True
            self.bowout.say("Escape once more leaves without marks. H hangs up and marks what you said.")
            self.set_timer(4, self._stay)
            return
        self.dismiss()

    def _stay(self) -> None:
        self._leaving = False

    # A microphone is never left on behind another screen.

    def on_screen_suspend(self) -> None:
        self._release()

    def on_unmount(self) -> None:
        self._release()

    def _release(self) -> None:
        self.workers.cancel_group(self, "call")
        source = self._rehearsal.parts.source if self._rehearsal is not None else None
        if source is not None:
            # Letting a device go may take a moment, and the runner may be busy elsewhere for one.
            threading.Thread(target=source.close, name="let-go", daemon=True).start()
