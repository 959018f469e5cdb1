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
from textual.widgets.option_list import Option

from bowout.core.labels import CHANNEL_WORDS, DIFFICULTY_WORDS, INTENT_WORDS
from bowout.tui.messages import HomeLooked, ScenariosRead
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from bowout.core.scenario import Scenario
    from bowout.core.settings import Keep
    from bowout.ports import AttemptSummary
    from bowout.rehearsal.events import Noticed


def row(scenario: Scenario, last: AttemptSummary | None) -> Content:
    """Two lines: the title, and what kind of call it is."""
    stars = "●" * scenario.difficulty + "○" * (5 - scenario.difficulty)
    facts = [
        INTENT_WORDS[scenario.intent],
        CHANNEL_WORDS[scenario.channel],
        f"{stars} {DIFFICULTY_WORDS[scenario.difficulty - 1]}",
    ]
    parts: list[Content | str | tuple[str, str]] = [(scenario.title, "bold"), "\n", ("   ".join(facts), "dim")]
    if last is not None and last.score is not None:
        passed = "passed" if last.passed else "not yet"
        parts.append((f"   last {last.score}, {passed}", "$text-success" if last.passed else "$text-warning"))
    return Content.assemble(*parts)


def notice_text(notice: Noticed) -> Content:
    """What is missing and what to do about it."""
    return Content.assemble(("! ", "bold $text-warning"), notice.message, " ", (notice.fix, "dim"))


class Scenarios(OptionList):
    """The rows; Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Read the brief", id="home.open", tooltip="Open the brief of the chosen call"),
    ]


class HomeScreen(AppScreen[None]):
    """Pick a call."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "app.settings", "Settings", id="home.settings", tooltip="Ear, pauses, devices, recordings"),
        Binding("q", "app.quit", "Quit", id="home.quit", tooltip="Leave Bow Out"),
    ]

    def compose(self) -> ComposeResult:
        yield TopBar("Home")
        yield Static("Say no out loud, and say it well.", classes="motto", markup=False)
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
        self.post_message(ScenariosRead(services.scenarios))
        self.bowout.settle_settings()
        ear, notices = services.ear_name(), services.notices()
        self.post_message(HomeLooked(ear, notices, []))
        self.post_message(HomeLooked(ear, notices, services.records.list()))

    def on_scenarios_read(self, event: ScenariosRead) -> None:
        options = self.query_one(Scenarios)
        if options.option_count == 0:
            for scenario in event.scenarios:
                options.add_options([Option(row(scenario, None), id=scenario.id), None])
            options.highlighted = 0 if event.scenarios else None

    def on_home_looked(self, event: HomeLooked) -> None:
        self.bowout.ear_shown = event.ear
        self.query_one(TopBar).show_ear(event.ear)
        lines = [notice_text(n) for n in event.notices]
        self.query_one("#notice-text", Static).update(Content("\n").join(lines))
        self.query_one("#notices").display = bool(lines)
        self._show_scores(event.attempts)
        self.bowout.preload()
        self._ask_about_recordings()

    def _show_scores(self, attempts: list[AttemptSummary]) -> None:
        last: dict[str, AttemptSummary] = {}
        for attempt in attempts:
            if attempt.score is not None:
                last.setdefault(attempt.scenario, attempt)
        options = self.query_one(Scenarios)
        for scenario in self.services.scenarios:
            if scenario.id in last:
                options.replace_option_prompt(scenario.id, row(scenario, last[scenario.id]))

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
        for scenario in self.services.scenarios:
            if scenario.id == event.option.id:
                self.bowout.open_scenario(scenario)
