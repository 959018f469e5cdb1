"""Call now: the card that stays open while the person phones; then what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core import when
from bowout.core.call_card import Line, card, needs_slot, outcomes
from bowout.core.case import By, Case, Report, Result
from bowout.core.decide import decision_of
from bowout.core.own_call import scenario_id
from bowout.core.safety import printable
from bowout.rehearsal.reopened import last_if_then
from bowout.tui.messages import IfThenRead
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.decide import Answer
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.top_bar import TopBar

ANOTHER, OPEN = "another", "open"
"""Answers to “which new time?” beside those that were offered."""


def _words(line: Line) -> Content:
    strong = "bold" if line.id in ("number", "first") else ""
    return Content.assemble((f"{line.title}: ", "$text-accent"), (printable(line.text), strong))


class CallNowScreen(AppScreen[Report]):
    """Answers with what came of the contact, or ``None`` if the user went back."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(n), f"take({n - 1})", f"Line {n}", show=False, id=f"now.{n}", tooltip=f"Take line {n}")
            for n in range(1, 10)
        ),
        Binding("enter", "done", "What came of it", id="now.done", tooltip="Enter what came of it"),
        Binding("escape", "back", "Back", id="now.back", tooltip="Back without a report"),
    ]

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        self.phase = "card"
        """``card``, ``result``, ``slot`` or ``time``."""
        self._result: Result = "none"
        self._lines: list[str] = []
        """What the lines of the list answer."""

    @property
    def guide_page(self) -> str:
        return "leaving-early" if self.case.path == "leave" else "pushback"

    def compose(self) -> ComposeResult:
        now = self.services.now()
        in_person = decision_of(self.case, now).channel == "in_person"
        yield TopBar("Say it now" if in_person else "Call now", self.bowout.ear_shown)
        with VerticalScroll(id="card", can_focus=False):
            yield Static(self.case.title, classes="title", markup=False)
            for line in card(self.case, now):
                yield Static(_words(line), classes="line", id=f"card-{line.id.replace('_', '-')}")
        with Vertical(id="report"):
            yield Static("", id="ask", classes="title", markup=False)
            yield Choices(id="choices", markup=False)
            yield Answer(id="entry")
            yield Static("", id="wrong", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#report").display = False
        self.query_one(Answer).display = False
        self.query_one("#wrong").display = False
        self._read_if_then()

    @work(thread=True, exclusive=True, group="if_then", exit_on_error=False)
    def _read_if_then(self) -> None:
        self.post_message(IfThenRead(last_if_then(self.services.records, scenario_id(self.case.id))))

    def on_if_then_read(self, event: IfThenRead) -> None:
        """The user's own sentence takes the place of the usual one."""
        if event.kept is None:
            return
        words = _words(Line("if_then", "If, then", event.kept.sentence))
        there = self.query("#card-if-then")
        if there:
            there.first(Static).update(words)
        else:
            self.query_one("#card").mount(Static(words, classes="line", id="card-if-then"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "done":
            return self.phase == "card"
        if action == "take":
            return self.phase in ("result", "slot")
        return True

    # What came of it.

    def action_done(self) -> None:
        self._offer("result", "What came of it?", list(outcomes(self.case)))

    def _offer(self, phase: str, ask: str, lines: list[tuple[Result, str]] | list[tuple[str, str]]) -> None:
        self.phase = phase
        self._lines = [id_ for id_, _ in lines]
        self.query_one("#report").display = True
        self.query_one("#ask", Static).update(ask)
        self.query_one(Answer).display = False
        choices = self.query_one(Choices)
        choices.display = True
        choices.set_options(
            Option(Content.assemble((f"{n} ", "dim"), words), id=id_) for n, (id_, words) in enumerate(lines, 1)
        )
        choices.highlighted = 0
        choices.focus()
        self.refresh_bindings()

    def action_take(self, index: int) -> None:
        if index < len(self._lines):
            self._take(self._lines[index])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(event.option.id or "")

    def _take(self, chosen: str) -> None:
        if self.phase == "result":
            self._result = cast(Result, chosen)
            if not needs_slot(self.case, self._result):
                self._report(None)
                return
            now = self.services.now()
            offered = list(self.case.options)
            if self.case.path == "video" and self.case.interview is not None:
                offered.insert(0, self.case.interview)
            lines = [(when.kept(at), when.spoken(at, now)) for at in offered]
            others = [(ANOTHER, "another time"), (OPEN, "none yet: they will tell me")]
            self._offer("slot", "Which new time?", [*lines, *others])
        elif chosen == ANOTHER:
            self._ask_time()
        elif chosen == OPEN:
            self._report(None)
        else:
            self._report(when.restored(chosen))

    def _ask_time(self) -> None:
        self.phase = "time"
        self.query_one("#ask", Static).update("Which new time? Like “Friday 10:00”.")
        self.query_one(Choices).display = False
        entry = self.query_one(Answer)
        entry.display = True
        entry.focus()
        self.refresh_bindings()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        now = self.services.now()
        try:
            at = when.parse(event.value, now)
        except when.NotATime as error:
            self._wrong(str(error))
            return
        if when.elapsed(now, at).total_seconds() <= 0:
            self._wrong("That has passed. Type the time that you agreed on.")
            return
        self._report(at)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._wrong("")

    def _wrong(self, sentence: str) -> None:
        line = self.query_one("#wrong", Static)
        line.update(f"! {sentence}" if sentence else "")
        line.display = bool(sentence)

    def _report(self, slot: datetime | None) -> None:
        now = self.services.now()
        by: By = "in_person" if decision_of(self.case, now).channel == "in_person" else "phone"
        self.dismiss(Report(now, self._result, slot, by))

    def action_back(self) -> None:
        """Out of the report first, then out of the screen."""
        if self.phase == "card":
            self.dismiss(None)
            return
        self.phase = "card"
        self.query_one("#report").display = False
        self._wrong("")
        self.set_focus(None)
        self.refresh_bindings()


__all__ = ["CallNowScreen"]
