"""Read: who you are, whom you call, the facts, a script, and what you will be marked on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from bowout.core.guide_links import page_of_scenario
from bowout.core.review import CHANNEL_WORDS, INTENT_WORDS
from bowout.core.safety import printable
from bowout.core.scenario import Scenario, fill
from bowout.core.settings import Mode
from bowout.rehearsal.reopened import last_if_then
from bowout.tui.messages import EarWarmed, IfThenRead
from bowout.tui.screens.starting import StartingScreen
from bowout.tui.widgets.brief import facts_table, situation
from bowout.tui.widgets.checklist import Checklist
from bowout.tui.widgets.top_bar import TopBar


class ReadScreen(StartingScreen[None]):
    """The brief. The ear is made ready meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", id="read.start", tooltip="Speak, in the mode of the settings"),
        Binding(
            "p", "start('practice')", "Practise", show=False, id="read.practice", tooltip="Speak, with longer pauses"
        ),
        Binding("l", "start('live')", "Live", id="read.live", tooltip="Speak as in the real call: shorter pauses"),
        Binding("t", "type", "Type instead", id="read.type", tooltip="The same call with typed answers"),
        Binding(
            "c", "check", "Check microphone", id="read.check", tooltip="Ten seconds: level, what is heard, hear it back"
        ),
        Binding("escape", "back", "Back", id="read.back", tooltip="Back to Home"),
    ]

    def __init__(self, scenario: Scenario, meta: Mapping[str, Any] = {}) -> None:
        """``meta``: what the call is made for, for its record."""
        super().__init__()
        self.scenario = scenario
        self._meta = meta

    @property
    def guide_page(self) -> str:
        return page_of_scenario(self.scenario)

    def compose(self) -> ComposeResult:
        scenario = self.scenario
        facts = scenario.facts_at(self.services.now())
        kind = f"{INTENT_WORDS[scenario.intent]}, {CHANNEL_WORDS[scenario.channel]}"
        yield TopBar(f"Read · {kind}", self.bowout.ear_shown)
        with VerticalScroll(id="brief"):
            yield Static(scenario.title, classes="title", markup=False)
            yield Static(self._ear(), id="ear-line", classes="aside", markup=False)
            yield Static("", id="if-then", markup=False)
            with Vertical(id="columns"):
                with Vertical(classes="column"):
                    yield Static(situation(scenario, facts), classes="block")
                    yield Static(facts_table(scenario, facts), classes="block")
                    yield Static(self._script(facts), classes="block script")
                with Vertical(classes="column"):
                    yield Checklist(scenario)
        yield Footer(show_command_palette=False)

    def _script(self, facts: dict[str, str]) -> Content:
        lines = [Content(fill(line, facts)) for line in self.scenario.script]
        return Content("\n").join([Content.styled("You might say", "bold"), *lines])

    def on_mount(self) -> None:
        self.bowout.warm_ear()
        self._show_ear()

    def on_screen_resume(self) -> None:
        self.bowout.warm_ear()
        self._show_ear()
        self._read_if_then()

    @work(thread=True, exclusive=True, group="if_then", exit_on_error=False)
    def _read_if_then(self) -> None:
        self.post_message(IfThenRead(last_if_then(self.services.records, self.scenario.id)))

    def on_if_then_read(self, event: IfThenRead) -> None:
        """What was decided after the last call comes back before the next one."""
        line = self.query_one("#if-then", Static)
        line.display = event.kept is not None
        if event.kept is not None:
            line.update(f"You decided: {printable(event.kept.sentence)}")

    def ear_warmed(self, event: EarWarmed) -> None:
        self._show_ear(event.problem)

    def _ear(self, problem: str = "") -> str:
        return self.ear_words(self._mode_words(), problem)

    def _mode_words(self) -> str:
        settings = self.bowout.settings
        word = "practice" if settings.mode == "practice" else "live"
        return f"Enter starts in {word} mode: {settings.silence_s(settings.mode):.1f} s of silence end your turn."

    def _show_ear(self, problem: str = "") -> None:
        self.query_one("#ear-line", Static).update(self._ear(problem))

    def action_back(self) -> None:
        self.dismiss()

    def action_type(self) -> None:
        self.call(self.bowout.settings.mode, typed=True)

    def action_start(self, mode: Mode | None = None) -> None:
        """Speak; the very first time after the ten-second check."""
        self.begin(mode or self.bowout.settings.mode)

    def action_check(self) -> None:
        mode = self.bowout.settings.mode
        self.check(lambda way: self.call(mode, typed=True) if way == "typed" else None)

    def call(self, mode: Mode, *, typed: bool) -> None:
        from bowout.tui.screens.speak import SpeakScreen

        self.app.push_screen(SpeakScreen(self.scenario, mode, typed=typed, meta=self._meta))
