"""The plan: the next session with its reason, the days, what is done; the date is set and dropped here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Static

from bowout.core import when
from bowout.core.case_text import CHECKED, OPEN
from bowout.core.level import LEVEL_WORDS
from bowout.core.plan import Plan, checked_call, with_call
from bowout.core.safety import printable
from bowout.errors import InputError
from bowout.rehearsal.next_session import (
    Outlook,
    call_words,
    coming_words,
    done_words,
    look,
    look_without_plan,
    next_words,
    plan_for,
)
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.choose import AskScreen
from bowout.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from bowout.core.case import Case

SURE_S = 8.0
"""A second Delete within this time ends the plan: as long as the question is shown."""
NONE = "There is no plan. D sets the time of the real call, N plans without one."
FOR_CASE = "C plans for this case: "


@dataclass
class PlanRead(Message):
    """What is next now."""

    outlook: Outlook
    told: str = ""
    """What has just been changed, where that has to be said."""


class PlanScreen(AppScreen[None]):
    """Enter opens the next session."""

    AUTO_FOCUS = "#plan"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", id="plan.start", tooltip="Open the next session"),
        Binding("c", "for_case", "For this case", id="plan.case", tooltip="Until the contact that the case asks for"),
        Binding("d", "date", "Date", id="plan.date", tooltip="Set or change the time of the real call"),
        Binding("n", "no_date", "No date", id="plan.no_date", tooltip="Sessions further and further apart"),
        Binding("delete", "drop", "End the plan", id="plan.drop", tooltip="End the plan; the history stays"),
        Binding("escape", "back", "Back", id="plan.back", tooltip="Back"),
    ]

    def __init__(self, case: Case | None = None) -> None:
        """``case``: the one from which it was opened."""
        super().__init__()
        self._case = case if case is not None and case.intent is not None else None
        self._outlook: Outlook | None = None
        self._sure = False

    def compose(self) -> ComposeResult:
        yield TopBar("Plan", self.bowout.ear_shown)
        with VerticalScroll(id="plan"):
            yield Static("", id="plan-call", classes="title", markup=False)
            yield Static("", id="plan-next")
            yield Static("", id="plan-days")
            yield Static("", id="plan-level", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    def on_screen_resume(self) -> None:
        self._sure = False
        self._read()

    @work(thread=True, exclusive=True, group="plan", exit_on_error=False)
    def _read(self) -> None:
        try:
            self.post_message(PlanRead(look(self.services)))
        except InputError:
            self.post_message(PlanRead(look_without_plan(self.services)))
            raise

    def on_plan_read(self, event: PlanRead) -> None:
        self._outlook = event.outlook
        self._show(event.outlook)
        self.refresh_bindings()
        if event.told:
            self.app.clear_notifications()  # a question that has been answered
            self.bowout.say(event.told)

    def _show(self, outlook: Outlook) -> None:
        lines = [NONE if outlook.plan is None else call_words(outlook)]
        if outlook.plan is not None and outlook.case is not None:
            lines.append(printable(outlook.case.title))
        if self._offers_case:
            lines.append(f"{FOR_CASE}{printable(self._case.title)}" if self._case is not None else "")
        self.query_one("#plan-call", Static).update("\n".join(lines))
        following: list[Content] = []
        if outlook.choice is not None:
            following.append(
                Content.assemble(("Next: ", "bold $text-accent"), (printable(next_words(outlook)), "bold"))
            )
            following.append(Content(f"{printable(outlook.choice.why)}."))
        self.query_one("#plan-next", Static).update(Content("\n").join(following))
        days = [Content.assemble((f"{CHECKED} ", "$text-success"), day) for day in done_words(outlook)]
        days += [Content.assemble((f"{OPEN} ", "dim"), line) for line in coming_words(outlook)]
        self.query_one("#plan-days", Static).update(Content("\n").join(days))
        level = f"Level {outlook.level} of 4: {LEVEL_WORDS[outlook.level]}." if outlook.choice is not None else ""
        self.query_one("#plan-level", Static).update(level)

    @property
    def _offers_case(self) -> bool:
        plan = self._outlook.plan if self._outlook is not None else None
        return self._case is not None and (plan is None or plan.case != self._case.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        outlook = self._outlook
        if action == "start":
            return outlook is not None and outlook.choice is not None
        if action == "for_case":
            return outlook is not None and self._offers_case
        if action == "no_date":
            return outlook is not None and (outlook.plan is None or outlook.plan.call is not None)
        if action == "drop":
            return outlook is not None and outlook.plan is not None
        return True

    def action_start(self) -> None:
        if self._outlook is not None:
            self.bowout.open_next(self._outlook)

    # The date.

    def action_date(self) -> None:
        def wrong(text: str) -> str:
            now = self.services.now()
            try:
                checked_call(when.parse(text, now), now)
            except when.NotATime as error:
                return str(error)
            except InputError as error:
                return error.sentence()
            return ""

        def keep(text: str | None) -> None:
            if text is not None:
                now = self.services.now()
                call = when.parse(text, now)
                self._change(lambda old: with_call(old, call, now))

        self.app.push_screen(AskScreen("When will you call?", f"Write it like {when.EXAMPLES}.", wrong), keep)

    def action_no_date(self) -> None:
        now = self.services.now()
        plan = self._outlook.plan if self._outlook is not None else None
        told = ""
        if plan is not None and plan.call is not None:
            told = f"The date is off. It was {when.spoken_here(plan.call, now)}; D sets it again."
        self._change(lambda old: with_call(old, None, now), told)

    def action_for_case(self) -> None:
        case = self._case
        if case is not None:
            now = self.services.now()

            def made(old: Plan | None) -> Plan:
                plan = plan_for(case, now)
                return plan if old is None else replace(plan, prefer=old.prefer)

            self._change(made)

    def action_drop(self) -> None:
        if not self._sure:
            self._sure = True
            self.bowout.say("Delete once more ends the plan. Your history stays.")
            self.set_timer(SURE_S, self._unsure)
            return
        self._sure = False
        self._drop()

    def _unsure(self) -> None:
        self._sure = False

    def _change(self, changed: Callable[[Plan | None], Plan], told: str = "") -> None:
        self._sure = False
        self._keep(changed, told)

    @work(thread=True, group="plan-file", exit_on_error=False)
    def _keep(self, changed: Callable[[Plan | None], Plan], told: str) -> None:
        plans = self.services.plans
        plans.keep(changed(plans.load()))
        self.post_message(PlanRead(look(self.services), told))

    @work(thread=True, group="plan-file", exit_on_error=False)
    def _drop(self) -> None:
        self.services.plans.drop()
        self.post_message(PlanRead(look(self.services), "The plan has ended. Your history stays."))

    def action_back(self) -> None:
        self.dismiss()


__all__ = ["PlanScreen"]
