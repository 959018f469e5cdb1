"""Home: the calls that can be rehearsed, what this machine can hear with, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, OptionList, Static

from bowout.tui.messages import HomeLooked, ScenariosRead
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.scenario_list import FIND_FROM, Find, Scenarios
from bowout.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bowout.core.cards import PackCard, ScenarioCard
    from bowout.core.settings import Keep
    from bowout.ports import AttemptSummary
    from bowout.rehearsal.events import Noticed


def notice_text(notice: Noticed) -> Content:
    """What is missing and what to do about it."""
    return Content.assemble(("! ", "bold $text-warning"), notice.message, " ", (notice.fix, "dim"))


def newest(cards: Sequence[ScenarioCard], attempts: Sequence[AttemptSummary]) -> dict[str, AttemptSummary]:
    """The newest marked attempt of each card, by the card's key."""
    by_id: dict[str, list[AttemptSummary]] = {}
    for attempt in attempts:
        if attempt.score is not None:
            by_id.setdefault(attempt.scenario, []).append(attempt)
    found = {}
    for card in cards:
        # Attempts know no pack; where two packs share an id, the title tells.
        mine = [a for a in by_id.get(card.id, ()) if not card.shared or a.title == card.title]
        if mine:
            found[card.key] = mine[0]
    return found


class HomeScreen(AppScreen[None]):
    """Pick a call."""

    AUTO_FOCUS = "#scenarios"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", id="home.find", tooltip="Narrow the list by typing", key_display="/"),
        Binding("f2", "app.settings", "Settings", id="home.settings", tooltip="Ear, pauses, devices, recordings"),
        Binding("f3", "app.new_call", "New", id="home.new", tooltip="Make a call of your own"),
        Binding("f4", "app.guide", "Guide", id="home.guide", tooltip="Advice, found by typing a word or two"),
        Binding("f5", "app.my_cases", "Decide", id="home.mine", tooltip="Decide about an interview of your own"),
        Binding("q", "app.quit", "Quit", id="home.quit", tooltip="Leave Bow Out"),
        Binding("escape", "find_all", "Show all", id="home.find_all", tooltip="Show every call again"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._cards: Sequence[ScenarioCard] = ()
        self._packs: Sequence[PackCard] = ()
        self._last: dict[str, AttemptSummary] = {}

    def compose(self) -> ComposeResult:
        yield TopBar("Home")
        yield Static("Say no out loud, and say it well.", classes="motto", markup=False)
        yield Find()
        yield Scenarios(id="scenarios")
        with VerticalScroll(id="notices", can_focus=False):
            yield Static("", id="notice-text", markup=False)
        yield Footer(show_command_palette=False)

    def on_screen_resume(self) -> None:
        # Once what can be shown is on the screen: the files of the scenarios take longer than a first paint.
        self.call_after_refresh(self._look)

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self) -> None:
        """In a thread, after the first paint: asking for devices or opening the records may take a while."""
        services = self.services
        services.look_again()
        self.post_message(ScenariosRead(services.scenarios, services.packs))
        self.bowout.settle_settings()
        ear, notices = services.ear_name(), services.notices()
        self.post_message(HomeLooked(ear, notices, []))
        self.post_message(HomeLooked(ear, notices, services.records.list()))

    def on_scenarios_read(self, event: ScenariosRead) -> None:
        if (self._cards, self._packs) != (event.scenarios, event.packs):
            self._cards, self._packs = event.scenarios, event.packs
            self._show()
            self.refresh_bindings()

    def _show(self) -> None:
        self.query_one(Scenarios).show(self._cards, self._packs, self._last, self.query_one(Find).value)

    def on_home_looked(self, event: HomeLooked) -> None:
        self.bowout.ear_shown = event.ear
        self.query_one(TopBar).show_ear(event.ear)
        lines = [notice_text(n) for n in event.notices]
        self.query_one("#notice-text", Static).update(Content("\n").join(lines))
        self.query_one("#notices").display = bool(lines)
        last = newest(self._cards, event.attempts)
        if last != self._last:
            self._last = last
            self._show()
        self.bowout.preload()
        self._ask_about_recordings()

    def _ask_about_recordings(self) -> None:
        from bowout.tui.screens.first_run import FirstRunScreen

        app = self.bowout
        if self.is_current and app.settings.keep_recordings == "ask" and not app.asked_about_recordings:
            app.asked_about_recordings = True
            app.push_screen(FirstRunScreen(), self._answered)

    def _answered(self, keep: Keep | None) -> None:
        self.bowout.keep(replace(self.bowout.settings, keep_recordings=keep or "until_review"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id is not None:
            self.bowout.open_scenario(event.option.id)

    # Finding by typing.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "find":
            return len(self._cards) >= FIND_FROM and not self._finding
        return self._finding if action == "find_all" else True

    @property
    def _finding(self) -> bool:
        return self.is_mounted and self.query_one(Find).display

    def on_scenarios_typed(self, event: Scenarios.Typed) -> None:
        event.stop()
        if len(self._cards) >= FIND_FROM:
            self.action_find()
            self.query_one(Find).insert_text_at_cursor(event.letter)

    def action_find(self) -> None:
        find = self.query_one(Find)
        find.display = True
        find.focus()
        self.refresh_bindings()

    def action_find_all(self) -> None:
        find = self.query_one(Find)
        find.clear()
        find.display = False
        self.query_one(Scenarios).focus()
        self.refresh_bindings()

    def on_input_changed(self, event: Find.Changed) -> None:
        event.stop()
        self._show()

    def action_move(self, rows: int) -> None:
        """From the line of what is looked for, to the next row or the one before."""
        rows_shown = self.query_one(Scenarios)
        if rows > 0:
            rows_shown.action_cursor_down()
        else:
            rows_shown.action_cursor_up()

    def action_open(self) -> None:
        """Open the chosen row from the line of what is looked for."""
        self.query_one(Scenarios).action_select()
