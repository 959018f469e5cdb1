"""Drills: one skill of a call at a time, each with one figure to beat."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core.drills import Drill
from bowout.tui.messages import DrillsRead
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.drill_list import DrillRow
from bowout.tui.widgets.top_bar import TopBar


class DrillsScreen(AppScreen[None]):
    """Enter opens one."""

    AUTO_FOCUS = "#drills"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="drills.back", tooltip="Back to Home"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._drills: dict[str, Drill] = {}

    @property
    def guide_page(self) -> str:
        return "rehearse"

    def compose(self) -> ComposeResult:
        yield TopBar("Drills", self.bowout.ear_shown)
        yield Choices(id="drills", markup=False)
        yield Static("", id="no-drills", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    def on_screen_resume(self) -> None:
        self._read()

    @work(thread=True, exclusive=True, group="drills", exit_on_error=False)
    def _read(self) -> None:
        from bowout.rehearsal.drilling import standing_in

        services = self.services
        self.post_message(DrillsRead([(drill, standing_in(drill, services.records)) for drill in services.drills]))

    def on_drills_read(self, event: DrillsRead) -> None:
        rows = self.query_one("#drills", Choices)
        at = rows.highlighted or 0
        self._drills = {drill.key: drill for drill, _ in event.drills}
        rows.set_options([Option(DrillRow(drill, now), id=drill.key) for drill, now in event.drills])
        rows.highlighted = min(at, len(event.drills) - 1) if event.drills else None
        if not event.drills:
            self.query_one("#no-drills", Static).update("There are no drills here. Install bowout again.")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        from bowout.tui.screens.drill import DrillScreen

        event.stop()
        self.app.push_screen(DrillScreen(self._drills[event.option.id or ""]))

    def action_back(self) -> None:
        self.dismiss()


__all__ = ["DrillsScreen"]
