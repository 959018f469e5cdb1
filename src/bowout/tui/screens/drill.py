"""A drill before it begins: what it trains, what to remember, what it is made of and how, what is to be beaten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from bowout.core.drills import Drill, Standing
from bowout.core.drills_words import amount, limit
from bowout.core.safety import printable
from bowout.core.scenario import Scenario
from bowout.core.settings import Mode
from bowout.errors import BowoutError, UsageError
from bowout.rehearsal.drill_takes import Material, following, materials, read, sensible
from bowout.rehearsal.drilling import check_possible, standing_in
from bowout.tui.messages import DrillRead, EarWarmed, TakeMade
from bowout.tui.screens.choose import ChooseScreen
from bowout.tui.screens.starting import StartingScreen
from bowout.tui.sitting import Sitting
from bowout.tui.widgets.brief import facts_table, situation
from bowout.tui.widgets.drill_list import gate
from bowout.tui.widgets.labelled import Labelled
from bowout.tui.widgets.top_bar import TopBar

MOST_TAKES = 9


class DrillScreen(StartingScreen[None]):
    """Enter starts the first take."""

    AUTO_FOCUS = "#drill"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", id="drill.start", tooltip="Start the first take, by voice"),
        Binding("t", "type", "Type", id="drill.type", tooltip="The same with typed answers; seconds are not measured"),
        Binding("c", "choose", "Call", id="drill.choose", tooltip="Another call, or one of your own"),
        Binding("m", "mode", "Mode", id="drill.mode", tooltip="Practice, or live as in the real call"),
        Binding("k", "countdown", "Countdown", id="drill.countdown", tooltip="Count down before a take, or not"),
        *(
            Binding(
                str(n), f"takes({n})", "Takes", show=n == 1, key_display="1-9", id=f"drill.takes_{n}",
                tooltip=f"{n} take{'' if n == 1 else 's'} in this sitting",
            )
            for n in range(1, MOST_TAKES + 1)
        ),
        Binding("escape", "back", "Back", id="drill.back", tooltip="Back"),
    ]  # fmt: skip

    def __init__(self, drill: Drill, material: Material | None = None) -> None:
        """``material``: what to make it of; ``None`` = what is sensible."""
        super().__init__()
        self.drill = drill
        self.material = material
        self.mode: Mode = "practice"
        self.takes = max(1, min(MOST_TAKES, drill.takes))
        self._standing: Standing | None = None
        self._materials: Sequence[Material] = ()
        self._scenario: Scenario | None = None
        self._problem = ""
        """Why there is nothing to start."""

    @property
    def guide_page(self) -> str:
        return "rehearse"

    def compose(self) -> ComposeResult:
        drill = self.drill
        yield TopBar("Drill", self.bowout.ear_shown)
        with VerticalScroll(id="drill"):
            yield Static(printable(drill.title), classes="title", markup=False)
            yield Static("", id="ear-line", classes="aside", markup=False)
            with Vertical(id="columns"):
                with Vertical(classes="column"):
                    yield Static(printable(drill.about), classes="block", markup=False)
                    yield Static("", id="how", classes="block")
                with Vertical(classes="column"):
                    yield Static("", id="made-of", classes="block")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        usual = self.bowout.settings.mode
        self.mode = usual if usual in self.drill.modes else self.drill.modes[0]
        self._show()

    def on_screen_resume(self) -> None:
        self.bowout.warm_ear()
        self._read(self.material)

    def ear_warmed(self, event: EarWarmed) -> None:
        self._show()

    # What is known of it.

    @work(thread=True, exclusive=True, group="drill", exit_on_error=False)
    def _read(self, material: Material | None) -> None:
        services, drill = self.services, self.drill
        found = materials(services, drill)
        material = material or sensible(services, drill, found)
        scenario = None if material.drawn or not drill.reads else read(services, drill, material, self.seed)
        self.post_message(DrillRead(standing_in(drill, services.records), found, material, scenario))

    def on_drill_read(self, event: DrillRead) -> None:
        self._problem = ""
        self._standing, self._materials = event.standing, event.materials
        self.material, self._scenario = event.material, event.scenario
        self._show()
        self.refresh_bindings()

    def failed(self, error: BaseException) -> None:
        if isinstance(error, BowoutError):
            self._problem = error.sentence()
            self._show()
        super().failed(error)

    @property
    def seed(self) -> int:
        """Of the first take: another one every time."""
        return int(self.services.now().timestamp()) & 0xFFFF

    def _show(self) -> None:
        if not self.is_mounted:
            return
        self.query_one("#ear-line", Static).update(self.ear_words("Enter starts."))
        self.query_one("#how", Static).update(self._how())
        self.query_one("#made-of", Static).update(self._made_of())

    def _how(self) -> Labelled:
        drill, now = self.drill, self._standing
        measures, best = drill.measures, now.best if now is not None else None
        rows = [
            ("Remember", printable(drill.tell), "bold"),
            ("Aim", f"{limit(drill)} {measures.what}", "")
            if best is None
            else ("To beat", f"{amount(measures, best)} {measures.what}", ""),
        ]
        if now is not None and now.takes:
            rows.append(("So far", self._so_far(now), ""))
            rows.append(("Gate", gate(drill, now) if now.open else f"{gate(drill, now)} in a row", ""))
        rows += [
            ("Call", printable(self.material.title) if self.material is not None else "…", ""),
            ("Mode", {"practice": "practice: longer pauses", "live": "live: as in the real call"}[self.mode], ""),
            ("Takes", str(self.takes), ""),
        ]
        if drill.countdown_s:
            rows.append(("Countdown", f"{drill.countdown_s} s" if self.bowout.settings.countdown else "off", ""))
        return Labelled((*rows, *(("!", words, "$text-warning") for words in self._warnings())))

    def _so_far(self, now: Standing) -> str:
        told = [f"{now.takes} take{'' if now.takes == 1 else 's'}"]
        if now.best is not None:
            told.append(f"best {amount(self.drill.measures, now.best)}")
        if now.median_of_last_five is not None:
            told.append(f"median of the last five {amount(self.drill.measures, round(now.median_of_last_five, 1))}")
        return ", ".join(told)

    def _warnings(self) -> list[str]:
        """What is in the way, or will be missing."""
        drill, told = self.drill, []
        if self._problem:
            told.append(self._problem)
        elif drill.headphones and not self.types and not self.bowout.settings.headphones:
            told.append("It needs headphones: put some on, and say so in the settings (F2).")
        elif drill.measures.timed and self.types:
            told.append("Typed words have no times: the figure is not measured, what is marked is.")
        return told

    def _made_of(self) -> Content:
        scenario = self._scenario
        if not self.drill.reads:
            return Content.styled("Nothing is read before: you see who you are when the phone rings.", "dim")
        if scenario is None:
            return Content("")
        facts = scenario.facts_at(self.services.now())
        return Content("\n\n").join([situation(scenario, facts), facts_table(scenario, facts)])

    # How it is done.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("start", "type", "choose"):
            return True if self.material is not None else None
        if action == "mode":
            return len(self.drill.modes) > 1
        if action == "countdown":
            return self.drill.countdown_s > 0
        return True

    def action_mode(self) -> None:
        modes = self.drill.modes
        self.mode = modes[(modes.index(self.mode) + 1) % len(modes)]
        self._show()

    def action_countdown(self) -> None:
        settings = self.bowout.settings
        self.bowout.keep(replace(settings, countdown=not settings.countdown))
        self._show()

    def action_takes(self, takes: int) -> None:
        self.takes = takes
        self._show()

    def action_choose(self) -> None:
        found = list(self._materials)

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self._read(found[int(answer)])

        options = [(str(n), printable(each.title)) for n, each in enumerate(found)]
        self.app.push_screen(ChooseScreen("Which call?", options), chosen)

    def to_next(self) -> None:
        """The next call of those that it can be made of."""
        if self._materials and self.material is not None:
            self.material = following(self._materials, self.material)

    # Beginning.

    def action_start(self) -> None:
        if not self._impossible(typed=self.types):
            self.begin(self.mode)

    def action_type(self) -> None:
        self.call(self.mode, typed=True)

    def _impossible(self, *, typed: bool) -> bool:
        """Says why, where it can't be done like this."""
        try:
            check_possible(self.drill, self.mode, headphones=self.bowout.settings.headphones, typed=typed)
        except UsageError as error:
            self.bowout.explain(error)
            return True
        return False

    def call(self, mode: Mode, *, typed: bool) -> None:
        if self.material is not None and not self._impossible(typed=typed):
            self._make(self.material, mode, typed)

    @work(thread=True, exclusive=True, group="take", exit_on_error=False)
    def _make(self, material: Material, mode: Mode, typed: bool) -> None:
        seed = self.seed
        scenario = read(self.services, self.drill, material, seed)
        sitting = Sitting(self.drill, material, scenario, mode, typed, self.takes, seed)
        sitting.cut()  # refused here, if it is
        self.post_message(TakeMade(sitting))

    def on_take_made(self, event: TakeMade) -> None:
        from bowout.tui.screens.take import TakeScreen

        if self.is_current:
            self.app.push_screen(TakeScreen(event.sitting))

    def action_back(self) -> None:
        self.dismiss()


__all__ = ["MOST_TAKES", "DrillScreen"]
