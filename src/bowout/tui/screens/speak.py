"""Speak: the call itself. The runner lives in one thread; its events arrive here as messages."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Footer, Input, Static
from textual.worker import get_current_worker

from bowout.core.safety import printable
from bowout.core.scenario import Scenario
from bowout.core.settings import Mode
from bowout.errors import BowoutError
from bowout.rehearsal.events import (
    Beeped,
    CallEnded,
    CallPrepared,
    Event,
    Hinted,
    MicrophoneOpened,
    Noticed,
    PartialHeard,
    Rang,
    RecruiterSpoke,
    TurnEnded,
    TurnHeard,
    TypingWanted,
)
from bowout.tui.after_call import Ended, Then, go_on
from bowout.tui.calling import follow, make_call
from bowout.tui.messages import CallOver, CallReady, Happened, IfThenRead, LiveLine
from bowout.tui.screens.call_hooks import CallHooks
from bowout.tui.screens.speak_keys import KEYS
from bowout.tui.widgets.desk import GOING_ON, Desk, Phase
from bowout.tui.widgets.talk import Talk
from bowout.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from bowout.core.drills import Drill
    from bowout.rehearsal.call import Rehearsal

STEP_S = 0.5
"""How much one key press changes the silence that ends a turn."""
SURE_S = 4.0
"""A second Escape within this time leaves the call."""


class SpeakScreen(CallHooks):
    """One call, from ring to marks."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    phase: reactive[Phase] = reactive("preparing", layout=False, bindings=True, init=False)

    def __init__(
        self,
        scenario: Scenario,
        mode: Mode,
        *,
        typed: bool,
        then: Then | None = None,
        meta: Mapping[str, Any] = {},
        drill: Drill | None = None,
    ) -> None:
        """
        Args:
            then: what follows the call (and the caller's own rating) in place of the review.
            meta: what the call is made for, for its record: a case, an assignment, a drill.
            drill: the one that the scenario was cut for, whose limits and light hold.
        """
        super().__init__(scenario, then, drill)
        self.mode: Mode = mode
        self.typed = typed
        self._meta = dict(meta)
        self._contact = ""
        self._rehearsal: Rehearsal | None = None
        self._lines: list[RecruiterSpoke] = []
        self._leaving = False
        self._early = ""

    @property
    def occupied(self) -> bool:
        return self.phase in GOING_ON

    def compose(self) -> ComposeResult:
        facts = self.scenario.facts_at(self.services.now())
        self._contact = facts.get("contact", self.scenario.persona.name)
        ear = "typed" if self.typed else self.bowout.ear_shown
        yield TopBar(f"{self.place} · {self.mode}", ear)
        yield from self.above()
        with Horizontal(id="middle"):
            yield Talk(id="talk")
            yield Static(self.beside(facts), id="script", classes="script", markup=False)
        yield Desk(self.scenario.limits, self._contact, self.timer)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.set_class(not self.bowout.settings.shows_live_line(self.mode), "-no-live-line")
        self._show_silence()
        self.watch_phase(self.phase)
        if self.typed:
            self._type()
        self._converse(self.seed)

    # The worker. It owns the rehearsal's generator and touches no widget.

    @work(thread=True, exclusive=True, group="call", exit_on_error=False)
    def _converse(self, seed: int) -> None:
        stop = get_current_worker().cancelled_event
        self.bowout.settle_settings()
        self.remind()
        rehearsal = make_call(
            self.services,
            self.scenario,
            self.mode,
            typed=self.typed,
            seed=seed,
            meta=self._meta,
            drill=self._drill,
            bounds=self.bounds,
        )
        if stop.is_set():
            return
        self.post_message(CallReady(rehearsal))
        self.before(stop)
        if stop.is_set():
            return
        marked = follow(rehearsal, stop, self.services.settings, self.services.records, self._tell)
        self.post_message(self.after(marked))

    def _tell(self, event: Event) -> None:
        self.post_message(LiveLine(event.text) if isinstance(event, PartialHeard) else Happened(event))

    # Messages.

    def on_call_ready(self, event: CallReady) -> None:
        self._rehearsal = event.rehearsal

    def on_if_then_read(self, event: IfThenRead) -> None:
        if event.kept is not None:
            self.query_one(Desk).remind(printable(event.kept.sentence))

    def on_live_line(self, event: LiveLine) -> None:
        if self.phase == "speak":
            self.query_one(Desk).line(event.text)

    def on_happened(self, event: Happened) -> None:
        self._show(event.event)

    def _show(self, event: Event) -> None:
        talk, desk = self.query_one(Talk), self.query_one(Desk)
        match event:
            case CallPrepared():
                self.query_one(TopBar).show_ear(event.ear)
                if event.ear == "typed":
                    self._type()
            case Rang():
                self.phase = "ringing"
            case RecruiterSpoke():
                self._lines.append(event)
                desk.speaker = printable(event.speaker) or self._contact
                talk.recruiter(desk.speaker, event.text)
                self.phase = "them"
            case Beeped():
                talk.beep()
            case MicrophoneOpened():
                if self._rehearsal is not None:
                    rehearsal = self._rehearsal
                    desk.listen(lambda: rehearsal.level, lambda: rehearsal.seconds, event.at)
                self.phase = "speak"
            case TypingWanted():
                desk.rest()
                self._type()
                self.phase = "typing"
                early, self._early = self._early, ""
                if early and self._rehearsal is not None:
                    self._rehearsal.typed.submit(early)
            case TurnEnded():
                desk.rest()
                self.phase = "between"
            case TurnHeard():
                talk.you(event.turn.index, event.turn.text)
                desk.line("")
            case Hinted():
                talk.hint(event.text)
            case Noticed():
                talk.notice(f"{event.message} {event.fix}".strip())
            case CallEnded():
                desk.rest()
                self.phase = "marking"
            case _:
                pass

    def _type(self) -> None:
        """The microphone is gone, or was never wanted. Letters and Space belong to the answer from now on, even
        while the recruiter still speaks: whoever begins early must not hang up with an H."""
        self.add_class("-typed")
        self.query_one(Desk).type()

    def on_call_over(self, event: CallOver) -> None:
        if event.marked is None:
            self.phase = "stopped"
            return
        ended = Ended(
            self.scenario,
            event.marked,
            self.mode,
            self.typed,
            tuple(self._lines),
            meta=MappingProxyType(self._meta),
            keeps_audio=self.keeps_audio,
        )
        go_on(self, ended, self.followed_by(event))

    def failed(self, error: BaseException) -> None:
        self.query_one(Desk).rest()
        self.phase = "stopped"
        if isinstance(error, BowoutError):
            self.query_one(Talk).notice(error.sentence())
        else:
            folder = self._rehearsal.folder if self._rehearsal is not None else None
            self.bowout.explain(error, str(folder or ""))

    # What is shown.

    def watch_phase(self, phase: Phase) -> None:
        self.query_one(Desk).show_phase(phase)
        if phase in ("marking", "stopped"):
            self.set_focus(None)

    def _show_silence(self) -> None:
        self.query_one(Desk).show_silence(self.bowout.settings.silence_s(self.mode))

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        going_on = self.phase in GOING_ON
        spoken = going_on and not self.has_class("-typed")
        if action in ("again", "typed"):
            return not going_on
        if action == "end_turn":
            return (True if self.phase == "speak" else None) if spoken else False
        if action == "repeat":
            return (True if self.phase == "speak" else None) if spoken and self.mode == "practice" else False
        if action in ("script", "script_typing"):
            # While an answer is typed, letters belong to it.
            return (action == "script_typing") == (self.focused is not None)
        if action in ("silence", "live_line"):
            return spoken
        if action in ("hang_up", "hang_up_typing"):
            if not going_on or (action == "hang_up") == (self.focused is not None):
                return False
            return None if self.phase in ("preparing", "marking") else True
        return True

    def action_end_turn(self) -> None:
        if self._rehearsal is not None:
            self._rehearsal.end_turn()

    def action_repeat(self) -> None:
        if self._rehearsal is not None:
            self._rehearsal.repeat()

    def action_hang_up(self) -> None:
        if self._rehearsal is not None:
            self._rehearsal.hang_up()

    def action_hang_up_typing(self) -> None:
        self.action_hang_up()

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

    def action_script_typing(self) -> None:
        self.action_script()

    def action_script(self) -> None:
        self.toggle_class("-script")

    def action_live_line(self) -> None:
        shown = not self.bowout.settings.shows_live_line(self.mode)
        self.bowout.keep(replace(self.bowout.settings, live_line="on" if shown else "off"))
        self.set_class(not shown, "-no-live-line")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if not text or self._rehearsal is None or self._early:
            return
        event.input.value = ""
        if self.phase == "typing":
            self._rehearsal.typed.submit(text)
        else:
            self._early = text

    def action_again(self) -> None:
        self.anew(typed=self.typed)

    def action_typed(self) -> None:
        self.anew(typed=True)

    def anew(self, *, typed: bool) -> None:
        """The same call from its beginning."""
        self.app.switch_screen(SpeakScreen(self.scenario, self.mode, typed=typed, then=self._then, meta=self._meta))

    def action_leave(self) -> None:
        """Twice, so that one slip of the finger does not cost the call."""
        if self._leaving or not self.occupied:
            self.dismiss()
            return
        self._leaving = True
        self.query_one(Desk).say(f"? {self.leaving}")
        self.set_timer(SURE_S, self._stay)

    def _stay(self) -> None:
        self._leaving = False
        self.query_one(Desk).show_again()

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
