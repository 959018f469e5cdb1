"""Read: who you are, whom you call, the facts, a script, and what you will be marked on."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from bowout.core.review import CHANNEL_WORDS, EAR_WORDS, INTENT_WORDS
from bowout.core.scenario import Scenario, fill
from bowout.core.settings import Mode
from bowout.tui.messages import EarWarmed
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.check import Way
from bowout.tui.widgets.checklist import Checklist
from bowout.tui.widgets.top_bar import TopBar

FACT_WORDS = {
    "caller": "Your name",
    "contact": "You speak with",
    "company": "Company",
    "role": "Job",
    "when": "Interview",
    "reason": "Your reason",
    "option_1": "You can do",
    "option_2": "or",
}


class ReadScreen(AppScreen[None]):
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

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario = scenario

    def compose(self) -> ComposeResult:
        scenario = self.scenario
        facts = scenario.facts_at(self.services.now())
        kind = f"{INTENT_WORDS[scenario.intent]}, {CHANNEL_WORDS[scenario.channel]}"
        yield TopBar(f"Read · {kind}", self.bowout.ear_shown)
        with VerticalScroll(id="brief"):
            yield Static(scenario.title, classes="title", markup=False)
            yield Static(self._ear_words(), id="ear-line", classes="aside", markup=False)
            with Vertical(id="columns"):
                with Vertical(classes="column"):
                    yield Static(self._situation(facts), classes="block")
                    yield Static(self._facts(facts), classes="block")
                    yield Static(self._script(facts), classes="block script")
                with Vertical(classes="column"):
                    yield Checklist(scenario)
        yield Footer(show_command_palette=False)

    def _situation(self, facts: dict[str, str]) -> Content:
        brief = self.scenario.brief
        return Content.assemble(
            (fill(brief.you, facts), "bold"), "\n\n", ("With: ", "dim"), fill(brief.them, facts), "\n\n",
            fill(brief.situation, facts),
        )  # fmt: skip

    def _facts(self, facts: dict[str, str]) -> Content:
        lines = [
            Content.assemble((f"{words:<16}", "dim"), facts[name])
            for name, words in FACT_WORDS.items()
            if name in self.scenario.facts
        ]
        return Content("\n").join([Content.styled("The facts", "bold"), *lines])

    def _script(self, facts: dict[str, str]) -> Content:
        lines = [Content(fill(line, facts)) for line in self.scenario.script]
        return Content("\n").join([Content.styled("You might say", "bold"), *lines])

    def on_mount(self) -> None:
        self.bowout.warm_ear()
        self._show_ear()

    def on_screen_resume(self) -> None:
        self.bowout.warm_ear()
        self._show_ear()

    def ear_warmed(self, event: EarWarmed) -> None:
        self._show_ear(event.problem)

    def _ear_words(self, problem: str = "") -> str:
        app = self.bowout
        name = EAR_WORDS.get(app.ear_shown, app.ear_shown or "ear")
        if app.ear_shown == "typed":
            return "You will type your answers."
        return {
            "warming": f"The ear ({name}) is being made ready while you read …",
            "ready": f"The ear ({name}) is ready. {self._mode_words()}",
            "failed": f"No ear could be made ready, so you will type. {problem}",
        }.get(app.ear_state, "")

    def _mode_words(self) -> str:
        settings = self.bowout.settings
        word = "practice" if settings.mode == "practice" else "live"
        return f"Enter starts in {word} mode: {settings.silence_s(settings.mode):.1f} s of silence end your turn."

    def _show_ear(self, problem: str = "") -> None:
        self.query_one("#ear-line", Static).update(self._ear_words(problem))

    def action_back(self) -> None:
        self.dismiss()

    def action_type(self) -> None:
        self._call(self.bowout.settings.mode, typed=True)

    def action_start(self, mode: Mode | None = None) -> None:
        """Speak; the very first time after the ten-second check."""
        app = self.bowout
        mode = mode or app.settings.mode
        if app.ear_shown == "typed" or app.ear_state == "failed":
            self._call(mode, typed=True)
        elif app.settings.checked_microphone:
            self._call(mode, typed=False)
        else:
            self._check(lambda way: self._go(way, mode))

    def action_check(self) -> None:
        mode = self.bowout.settings.mode
        self._check(lambda way: self._go(way, mode) if way == "typed" else None)

    def _check(self, then: Callable[[Way | None], None]) -> None:
        from bowout.tui.screens.check import CheckScreen

        self.app.push_screen(CheckScreen(), then)

    def _go(self, way: Way | None, mode: Mode) -> None:
        if way is not None:
            self._call(mode, typed=way == "typed")

    def _call(self, mode: Mode, *, typed: bool) -> None:
        from bowout.tui.screens.speak import SpeakScreen

        self.app.push_screen(SpeakScreen(self.scenario, mode, typed=typed))
