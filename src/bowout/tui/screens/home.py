"""Home: what is next, the calls that can be rehearsed, what this machine can hear with, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, OptionList, Static

from bowout.errors import InputError
from bowout.tui.messages import HomeLooked, ScenariosRead
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.scenario_list import FIND_FROM, NEXT, Find, Lines, NextRow, Scenarios
from bowout.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bowout.core.cards import PackCard, ScenarioCard
    from bowout.core.settings import Keep
    from bowout.ports import AttemptSummary
    from bowout.rehearsal.events import Noticed
    from bowout.rehearsal.next_session import Outlook


@dataclass
class NextLooked(Message):
    """What is next, by the plan and the history."""

    outlook: Outlook


@dataclass
class CoachingLooked(Message):
    """What coaches have asked of the user; and whether the user is one."""

    assigned: Sequence[tuple[str, Lines]]
    """By id, in the order to show them."""
    coach: bool


ASSIGNED = ":assigned:"
"""Before the id of an assignment in its row's."""


def notice_text(notice: Noticed) -> Content:
    """What is missing and what to do about it."""
    return Content.assemble(("! ", "bold $text-warning"), notice.message, " ", (notice.fix, "dim"))


def newest(cards: Sequence[ScenarioCard], attempts: Sequence[AttemptSummary]) -> dict[str, AttemptSummary]:
    """The newest marked attempt of each card, by the card's key; a drill's run is none of the whole call."""
    by_id: dict[str, list[AttemptSummary]] = {}
    for attempt in attempts:
        if attempt.score is not None and not attempt.drill:
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
        # What can be done by typing, or is wanted once, is named by F1 alone: at 80 columns the footer is full.
        Binding("slash", "find", "Find", show=False, id="home.find", tooltip="Narrow the list by typing"),
        Binding(
            "f2", "app.settings", "Settings", show=False, id="home.settings", tooltip="Ear, pauses, devices, recordings"
        ),
        Binding("f3", "app.new_call", "New", show=False, id="home.new", tooltip="Make a call of your own"),
        Binding("escape", "find_all", "All", id="home.find_all", tooltip="Show every call again"),
        Binding("f4", "app.guide", "Guide", id="home.guide", tooltip="Advice, found by typing a word or two"),
        Binding("f5", "app.my_cases", "Decide", id="home.mine", tooltip="Decide about an interview of your own"),
        Binding("f6", "app.drills", "Drills", id="home.drills", tooltip="One skill at a time, with a figure to beat"),
        Binding("f7", "app.history", "History", id="home.history", tooltip="Every take, found by typing, with plots"),
        Binding("f8", "app.plan", "Plan", id="home.plan", tooltip="Short sessions until the real call"),
        Binding("ctrl+o", "app.open_file", "Open a file", show=False, id="home.file", tooltip="Open a coach's file"),
        Binding("q", "app.quit", "Quit", id="home.quit", tooltip="Leave Bow Out"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._cards: Sequence[ScenarioCard] = ()
        self._packs: Sequence[PackCard] = ()
        self._last: dict[str, AttemptSummary] = {}
        self._outlook: Outlook | None = None
        self._assigned: Sequence[tuple[str, Lines]] = ()

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
        self.post_message(HomeLooked(ear, notices, services.records.latest()))
        self._look_ahead(ear, notices)

    def _look_ahead(self, ear: str, notices: list[Noticed]) -> None:
        """What is next. A plan that can't be used is said like anything else that is missing here."""
        from bowout.rehearsal.events import Noticed
        from bowout.rehearsal.next_session import look, look_without_plan

        services = self.services
        try:
            outlook = look(services)
        except InputError as error:
            outlook = look_without_plan(services)
            notices = [*notices, Noticed("plan", error.message, error.hint)]
            self.post_message(HomeLooked(ear, notices, services.records.latest()))
        self.post_message(NextLooked(outlook))
        self._look_at_coaching()

    def _look_at_coaching(self) -> None:
        from bowout.rehearsal.assignments import state_words, waiting
        from bowout.tui.widgets.assignment_list import AssignmentRow

        now = self.services.now()
        rows = [
            (f"{ASSIGNED}{each.held.assignment.id}", AssignmentRow(each.held.assignment.title, state_words(each, now)))
            for each in waiting(self.services)
        ]
        self.post_message(CoachingLooked(rows, self.services.coach.me is not None))

    def on_coaching_looked(self, event: CoachingLooked) -> None:
        self.bowout.coaches = event.coach
        if event.assigned != self._assigned:
            self._assigned = event.assigned
            self._show()

    def on_scenarios_read(self, event: ScenariosRead) -> None:
        if (self._cards, self._packs) != (event.scenarios, event.packs):
            self._cards, self._packs = event.scenarios, event.packs
            self._show()
            self.refresh_bindings()

    def _show(self) -> None:
        rows, wanted = self.query_one(Scenarios), self.query_one(Find).value
        rows.show(self._cards, self._packs, self._last, wanted, self._next_row(), self._assigned)

    def _next_row(self) -> NextRow | None:
        outlook = self._outlook
        if outlook is None or outlook.choice is None:
            return None
        return NextRow(outlook.choice.title, outlook.day, outlook.choice.why)

    def on_next_looked(self, event: NextLooked) -> None:
        """The row comes above the others. When it comes and the plan has something for today it is the one that Enter
        opens, unless somebody was quicker and chose another."""
        before = self._next_row()
        self._outlook = event.outlook
        if self._next_row() == before:
            return
        rows = self.query_one(Scenarios)
        at_first = rows.highlighted_option is None or rows.highlighted_option.id == self._first_key()
        self._show()
        session = event.outlook.session
        if before is None and at_first and rows.has_focus and session is not None and session.today(event.outlook.now):
            rows.action_first()

    def _first_key(self) -> str:
        return self._cards[0].key if self._cards else ""

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
        if event.option.id == NEXT and self._outlook is not None:
            self.bowout.open_next(self._outlook)
        elif event.option.id is not None and event.option.id.startswith(ASSIGNED):
            self.bowout.open_assignment(event.option.id.removeprefix(ASSIGNED))
        elif event.option.id is not None:
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
