"""The user's own cases: what is due, what they have in common, and a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core.cancelled import Pattern, pattern, pattern_lines, summary
from bowout.core.case import Case
from bowout.core.case_text import row
from bowout.core.due import due
from bowout.core.safety import printable
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.top_bar import TopBar


@dataclass
class CasesRead(Message):
    """All cases, newest first."""

    cases: list[Case]


class CasesScreen(AppScreen[None]):
    """What is due, the user's cases, and a new one."""

    AUTO_FOCUS = "#cases"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pattern", "Pattern", id="cases.pattern", tooltip="How often and why they were called off"),
        Binding("i", "app.incidents", "Incident notes", id="cases.incidents", tooltip="Private notes of misconduct"),
        Binding("escape", "back", "Back", id="cases.back", tooltip="Back to Home"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._cases: dict[str, Case] = {}
        self._pattern: Pattern | None = None

    @property
    def guide_page(self) -> str:
        return self._pattern.step.page if self._pattern is not None and self._pattern.step is not None else "decide"

    def compose(self) -> ComposeResult:
        yield TopBar("My own interviews", self.bowout.ear_shown)
        yield Static("", id="due", markup=False)
        yield Static("", id="pattern-line", classes="aside", markup=False)
        yield Choices(id="cases", markup=False)
        yield Footer(show_command_palette=False)

    def on_screen_resume(self) -> None:
        self._read()

    @work(thread=True, exclusive=True, group="cases", exit_on_error=False)
    def _read(self) -> None:
        self.post_message(CasesRead(self.services.cases.list()))

    def on_cases_read(self, event: CasesRead) -> None:
        from bowout.tui.screens.decide import DecideScreen

        if not event.cases and not self._cases:
            # The first case: straight to the questions. After the last one was deleted the list stays.
            self.app.switch_screen(DecideScreen())
            return
        now = self.services.now()
        self._cases = {case.id: case for case in event.cases}
        today = [each for case in event.cases for each in due(case, now) if each.today(now)]
        lines = [f"{'! ' if each.late else ''}{each.title}: {each.says}" for each in today[:4]]
        line = self.query_one("#due", Static)
        line.update("Due today\n" + "\n".join(map(printable, lines)))
        line.display = bool(lines)
        self._pattern = pattern(event.cases, now)
        told = summary(self._pattern)
        line = self.query_one("#pattern-line", Static)
        line.update(f"{told} P: the pattern{', and a next step' if self._pattern.step else ''}.")
        line.display = bool(told)
        self.refresh_bindings()
        choices = self.query_one("#cases", Choices)
        at = choices.highlighted or 0
        rows = [Option("A new case: what has happened?", id="new")]
        rows += [Option(printable(row(case, now)), id=case.id) for case in event.cases]
        choices.set_options(rows)
        choices.highlighted = min(at, len(rows) - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._pattern is not None and bool(summary(self._pattern)) if action == "pattern" else True

    def action_pattern(self) -> None:
        if self._pattern is not None:
            self.app.push_screen(PatternScreen(self._pattern))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        from bowout.tui.screens.case import CaseScreen
        from bowout.tui.screens.decide import DecideScreen

        event.stop()
        if event.option.id == "new":
            self.app.push_screen(DecideScreen())
        elif event.option.id in self._cases:
            self.app.push_screen(CaseScreen(self._cases[event.option.id]))

    def action_back(self) -> None:
        self.dismiss()


class PatternScreen(AppScreen[None]):
    """How often and why; as information, with the next useful step where nerves come up again and again."""

    AUTO_FOCUS = "#pattern"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "app.guide", "Guide", id="pattern.guide", tooltip="The guide's page for the next step"),
        Binding("r", "rehearse", "Rehearse", id="pattern.rehearse", tooltip="Rehearse the call that is suggested"),
        Binding("escape", "back", "Back", id="pattern.back", tooltip="Back to your cases"),
    ]

    def __init__(self, found: Pattern) -> None:
        super().__init__()
        self._found = found

    @property
    def guide_page(self) -> str:
        return self._found.step.page if self._found.step is not None else "decide"

    def compose(self) -> ComposeResult:
        yield TopBar("The pattern", self.bowout.ear_shown)
        with VerticalScroll(id="pattern"):
            first, *rest = pattern_lines(self._found)
            lines = [Content.styled(first, "bold"), *map(Content, rest)]
            yield Static(Content("\n").join(lines))
        yield Footer(show_command_palette=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._found.step is not None if action == "rehearse" else True

    def action_rehearse(self) -> None:
        if self._found.step is not None:
            self.bowout.open_scenario(self._found.step.rehearse)

    def action_back(self) -> None:
        self.dismiss()


__all__ = ["CasesScreen", "PatternScreen"]
