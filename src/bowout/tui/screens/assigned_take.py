"""A take of an assignment: the brief, the call and a drill's figure, held to what was agreed."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from bowout.core.drills import Timer
from bowout.core.safety import printable
from bowout.core.settings import Mode
from bowout.errors import UsageError
from bowout.rehearsal.call import Options
from bowout.rehearsal.drill_takes import Material
from bowout.tui.after_call import Ended, Then
from bowout.tui.assigned import Order
from bowout.tui.messages import CallOver
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.figure import FigureScreen
from bowout.tui.screens.read import ReadScreen
from bowout.tui.screens.speak import SpeakScreen
from bowout.tui.screens.take import TakeScreen
from bowout.tui.sitting import Sitting
from bowout.tui.widgets.desk import Desk, Phase
from bowout.tui.widgets.top_bar import TopBar

WIND_UP = 0.75
"""Share of the agreed seconds after which the light says so."""


class AssignedReadScreen(ReadScreen):
    """The brief, with what holds in this take. Where the coach names a mode there is no choosing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="read.back", tooltip="Back to the assignment"),
    ]

    def __init__(self, order: Order) -> None:
        super().__init__(order.piece.scenario)
        self.order = order

    def compose(self) -> ComposeResult:
        drill = self.order.piece.drill
        if drill is None or drill.reads:
            yield from super().compose()
            return
        # The call is to be met unprepared.
        yield TopBar(f"Assignment · {printable(drill.title)}", self.bowout.ear_shown)
        with VerticalScroll(id="brief"):
            yield Static(printable(drill.title), classes="title", markup=False)
            yield Static(self._ear(), id="ear-line", classes="aside", markup=False)
            yield Static("", id="if-then", markup=False)
            yield Static(printable(drill.tell), markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        terms = Static("\n".join(self.order.lines()), id="agreed", markup=False)
        self.query_one("#brief").mount(terms, before="#ear-line")

    def _mode_words(self) -> str:
        mode = self.order.mode(self.bowout.settings.mode)
        return f"Enter starts in {mode} mode: {self.bowout.settings.silence_s(mode):.1f} s of silence end your turn."

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "start" and parameters:
            return self.order.assignment.terms.mode is None
        return super().check_action(action, parameters)

    def action_start(self, mode: Mode | None = None) -> None:
        self.begin(self.order.mode(mode or self.bowout.settings.mode))

    def action_type(self) -> None:
        self.call(self.order.mode(self.bowout.settings.mode), typed=True)

    def action_check(self) -> None:
        self.check(lambda way: self.action_type() if way == "typed" else None)

    def call(self, mode: Mode, *, typed: bool) -> None:
        """The take is in the place of the brief: after it comes the assignment, which knows if there is another."""
        try:
            self.app.switch_screen(take_screen(self.bowout.settings.headphones, self.order, mode, typed, self._seed()))
        except UsageError as error:
            self.bowout.explain(error)

    def _seed(self) -> int:
        return int(self.services.now().timestamp()) & 0xFFFF


def take_screen(headphones: bool, order: Order, mode: Mode, typed: bool, seed: int) -> SpeakScreen:
    """The screen of a take. Raises ``UsageError`` where the drill can't be done like this."""
    from bowout.rehearsal.drilling import check_possible

    drill = order.piece.drill
    if drill is None:
        return AssignedCallScreen(order, mode, typed=typed)
    check_possible(drill, mode, headphones=headphones, typed=typed)
    scenario = order.piece.scenario
    material = Material(scenario.title, scenario.id)
    meta = {"assignment": order.assignment.id}
    return AssignedDrillScreen(order, Sitting(drill, material, scenario, mode, typed, 1, seed, meta=meta))


class _Agreed(SpeakScreen):
    """What was agreed holds in this call."""

    order: Order

    @property
    def keeps_audio(self) -> bool:
        return self.order.keeps_audio(self.bowout.settings.keep_recordings)

    @property
    def timer(self) -> Timer | None:
        limit = self.order.assignment.terms.limit_s
        return super().timer if limit is None else Timer(amber_s=limit * WIND_UP, red_s=limit)

    def bounds(self, options: Options) -> Options:
        return self.order.bounds(options, self.services.settings.keep_recordings)

    @property
    def leaving(self) -> str:
        return "Escape once more leaves. A take broken off counts, unless a part failed."

    def watch_phase(self, phase: Phase) -> None:
        super().watch_phase(phase)
        if phase == "stopped":
            self.query_one(Desk).say("■ The call was stopped. Escape goes back to the assignment.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Whether there is another take the assignment knows, to which Escape leads.
        return False if action in ("again", "typed") else super().check_action(action, parameters)


class AssignedCallScreen(_Agreed):
    """A whole call."""

    def __init__(self, order: Order, mode: Mode, *, typed: bool) -> None:
        super().__init__(order.piece.scenario, mode, typed=typed, meta={"assignment": order.assignment.id})
        self.order = order


class AssignedDrillScreen(_Agreed, TakeScreen):
    """A take of a drill."""

    def __init__(self, order: Order, sitting: Sitting) -> None:
        TakeScreen.__init__(self, sitting)
        self.order = order

    def followed_by(self, event: CallOver) -> Then | None:
        def to_figure(screen: AppScreen[Any], ended: Ended) -> None:
            assert event.taken is not None
            screen.bowout.switch_screen(AssignedFigureScreen(self.sitting, event.taken, ended))

        return to_figure


class AssignedFigureScreen(FigureScreen):
    """One take at a time."""

    def _following(self) -> str:
        return "Escape goes back to the assignment."

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return False if action in ("again", "following") else super().check_action(action, parameters)


__all__ = ["AssignedCallScreen", "AssignedDrillScreen", "AssignedReadScreen", "take_screen"]
