"""History: every attempt, found by typing, opened again, and the plots of what is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Footer, Input, OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option

from bowout.core.history_text import about, called, mark, notes, when
from bowout.core.progress import Course, DrillCourse, course, drill_courses
from bowout.core.progress_text import one_line, plot_lines, ready_lines
from bowout.core.takes import ago, days_ago
from bowout.ports import AttemptSummary, HistoryPage, HistoryQuery
from bowout.rehearsal.progress import TAKES, all_statements
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.choose import ChooseScreen
from bowout.tui.widgets.history_list import FindTake, TakeRow, Takes
from bowout.tui.widgets.plots import Drawn, noted
from bowout.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from bowout.core.drills import Drill
    from bowout.core.ready import Statement

PAGE = 50
"""Takes that are read at a time."""
_AHEAD = 10
"""Rows before the last one from which the next page is read."""
TABS = ("takes", "plots", "ready")
FILTERS: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("", {}),
    ("live", {"mode": "live"}),
    ("practice", {"mode": "practice"}),
    ("whole calls", {"drill": ""}),
    ("passed", {"passed": True}),
    ("not passed yet", {"passed": False}),
)
"""What one key goes through: words, and fields of the query."""
NOTHING = "Nothing has been rehearsed so far. Escape goes home."
ONLY = "Only these takes: {}. Best, median and gate are of them alone."
NOT_FOUND = "No take is like that. Escape shows everything again."


@dataclass
class TakesRead(Message):
    """A page of what ``query`` finds."""

    query: HistoryQuery
    page: HistoryPage
    drills: Mapping[str, Drill]


@dataclass
class ProgressRead(Message):
    """What is plotted of ``query``, and what can be said of every scenario."""

    query: HistoryQuery
    course: Course
    drills: Sequence[DrillCourse]
    stated: Sequence[tuple[str, Statement]]


class TakeDeleted(Message):
    """A take is gone."""


class HistoryScreen(AppScreen[None]):
    """The list keeps the focus; ``/`` goes to the line of what is looked for."""

    AUTO_FOCUS = "#rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", id="history.find", key_display="/", tooltip="Find takes by typing"),
        Binding("f", "filter", "Filter", id="history.filter", tooltip="Live, practice, passed … one after the other"),
        Binding("s", "same", "Same call", id="history.same", tooltip="Only takes like the chosen one; again shows all"),
        Binding("d", "delete", "Delete", id="history.delete", tooltip="Delete the chosen take for good"),
        Binding("delete", "delete", show=False, id="history.delete_too", tooltip="Delete the chosen take for good"),
        Binding("1", "tab('takes')", "Takes", show=False, id="history.takes", tooltip="The list of takes"),
        Binding("2", "tab('plots')", "Plots", show=False, id="history.plots", tooltip="Plots of the takes shown"),
        Binding("3", "tab('ready')", "Ready", show=False, id="history.ready", tooltip="Ready or not, call by call"),
        Binding("right", "turn(1)", "Next page", show=False, id="history.next", tooltip="To the next page"),
        Binding("left", "turn(-1)", "Page before", show=False, id="history.before", tooltip="To the page before"),
        Binding("escape", "back", "Back", id="history.back", tooltip="Show everything again, then home"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.wanted = HistoryQuery()
        self.rows: list[AttemptSummary] = []
        """The takes that have been read so far, newest first."""
        self.total: int | None = None
        """How many there are; ``None`` until the first page is there."""
        self._drills: Mapping[str, Drill] = {}
        self._filter = 0
        self._same = ""
        """The call or the drill that the list is narrowed to, in words …"""
        self._same_fields: Mapping[str, object] = {}
        """… and as fields of the query."""
        self._asked = 0
        """How many rows have been asked for."""
        self._plotted: HistoryQuery | None = None

    def compose(self) -> ComposeResult:
        yield TopBar("History", self.bowout.ear_shown)
        yield FindTake()
        with TabbedContent(*("1 Takes", "2 Plots", "3 Ready"), id="pages"):
            with TabPane("1 Takes", id="takes"):
                yield Static("One moment …", id="standing", markup=False)
                yield Takes(id="rows", markup=False)
                yield Static("", id="about", markup=False)
            with TabPane("2 Plots", id="plots"), VerticalScroll():
                yield Static("One moment …", id="drawn", markup=False)
            with TabPane("3 Ready", id="ready"), VerticalScroll():
                yield Static("One moment …", id="statements", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(FindTake).display = False

    def on_screen_resume(self) -> None:
        """Coming back from a review: a mark may have been disputed, a call made again."""
        self._look(keep=max(PAGE, len(self.rows)))

    # Pages of takes.

    def _look(self, keep: int = PAGE) -> None:
        """Read the first ``keep`` takes anew."""
        self._asked, self._plotted = keep, None
        self._read(self.wanted, 0, keep)
        if self.query_one(TabbedContent).active != "takes":
            self._plot()

    @work(thread=True, exclusive=True, group="page", exit_on_error=False)
    def _read(self, query: HistoryQuery, offset: int, limit: int) -> None:
        drills = {drill.key: drill for drill in self.services.drills}
        self.post_message(TakesRead(query, self.services.records.page(query, offset=offset, limit=limit), drills))

    def on_takes_read(self, event: TakesRead) -> None:
        if event.query != self.wanted:
            return  # something else is looked for by now
        self._drills, self.total = event.drills, event.page.total
        rows = self.query_one(Takes)
        at = rows.highlighted
        now = self.services.now()
        if event.page.offset == 0:
            chosen = self.chosen
            self.rows = list(event.page.rows)
            rows.set_options(self._option(row, now) for row in self.rows)
            ids = [row.id for row in self.rows]
            if chosen is not None and chosen.id in ids:
                at = ids.index(chosen.id)
            rows.highlighted = min(at or 0, len(ids) - 1) if ids else None
        else:
            # A take that was made meanwhile has pushed the others on by one.
            known = {row.id for row in self.rows}
            fresh = [row for row in event.page.rows if row.id not in known]
            self.rows += fresh
            rows.add_options(self._option(row, now) for row in fresh)
        self._show_standing()
        self._show_about()
        self.refresh_bindings()

    def _option(self, row: AttemptSummary, now: datetime) -> Option:
        good = bool(row.met if row.drill else row.passed)
        drills = self._drills
        drawn = TakeRow(when(row, now), mark(row, drills), row.mode, called(row, drills), notes(row), good)
        return Option(drawn, id=row.id)

    def _show_standing(self) -> None:
        total = self.total or 0
        narrowed = [words for words in (self._same, FILTERS[self._filter][0]) if words]
        if self.wanted.text:
            narrowed.append(f"“{one_line(self.wanted.text)}”")
        if not total:
            said = NOT_FOUND if narrowed else NOTHING
        else:
            said = f"{total} take{'' if total == 1 else 's'}"
            said += f": {', '.join(narrowed)}" if narrowed else ", newest first"
        self.query_one("#standing", Static).update(said)

    @property
    def chosen(self) -> AttemptSummary | None:
        """The take under the bar."""
        at = self.query_one(Takes).highlighted
        return self.rows[at] if at is not None and at < len(self.rows) else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._show_about()
        more = self.total is not None and self._asked < self.total
        if more and event.option_index >= len(self.rows) - _AHEAD and self._asked <= len(self.rows):
            offset, self._asked = len(self.rows), len(self.rows) + PAGE
            self._read(self.wanted, offset, PAGE)

    def _show_about(self) -> None:
        row = self.chosen
        words = ""
        if row is not None:
            days = days_ago(row.started_at, self.services.now())
            words = f"{about(row, self._drills)}{'' if days is None else f' {ago(days).capitalize()}.'}"
        self.query_one("#about", Static).update(words)

    # What is wanted of them.

    def _want(self) -> None:
        """Look again if something else is wanted by now."""
        text = self.query_one(FindTake).value.strip()
        # A drill that was chosen stays the drill, whatever the filter says of whole calls.
        query = HistoryQuery(**{"text": text, **FILTERS[self._filter][1], **self._same_fields})  # type: ignore[arg-type]
        if query != self.wanted:
            self.wanted = query
            self._look()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._want()

    def action_find(self) -> None:
        self.action_tab("takes")
        find = self.query_one(FindTake)
        find.display = True
        self.set_focus(find)  # at once: the next key may be here already

    def action_move(self, rows: int) -> None:
        """From the line of what is looked for, to the next row or the one before."""
        takes = self.query_one(Takes)
        if rows > 0:
            takes.action_cursor_down()
        else:
            takes.action_cursor_up()

    def action_open(self) -> None:
        """Open the chosen row from the line of what is looked for."""
        self.query_one(Takes).action_select()

    def action_filter(self) -> None:
        self._filter = (self._filter + 1) % len(FILTERS)
        self._want()

    def action_same(self) -> None:
        """Only takes of the chosen one's scenario, or of its drill."""
        row = self.chosen
        if self._same:
            self._same, self._same_fields = "", {}
        elif row is not None and row.drill:
            drill = self._drills.get(row.drill)
            self._same, self._same_fields = one_line(drill.title if drill else row.drill), {"drill": row.drill}
        elif row is not None:
            self._same, self._same_fields = one_line(row.title), {"scenario": row.scenario, "drill": ""}
        self._want()

    def action_back(self) -> None:
        find = self.query_one(FindTake)
        if find.display or self._same or self._filter:
            find.display = False
            with find.prevent(Input.Changed):
                find.clear()
            self._same, self._same_fields, self._filter = "", {}, 0
            self._want()
            self._focus(self.query_one(TabbedContent).active)
        else:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("same", "delete") and self.is_mounted:
            return True if self.chosen is not None and self.query_one(TabbedContent).active == "takes" else None
        return True

    # One of them.

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        row = self.chosen
        if row is not None:
            self.bowout.open_attempt(row.id)

    def action_delete(self) -> None:
        row = self.chosen
        if row is not None:
            title = f"Delete “{called(row, self._drills)}”, {when(row, self.services.now())}?"
            kept = (("keep", "Keep it"), ("delete", "Delete it for good"))
            note = "Its words, its marks and its recording go. Nothing brings them back."
            self.app.push_screen(ChooseScreen(title, kept, note), partial(self._answered, row.id))

    def _answered(self, attempt: str, answer: str | None) -> None:
        if answer == "delete":
            self._delete(attempt)

    @work(thread=True, group="delete", exit_on_error=False)
    def _delete(self, attempt: str) -> None:
        self.services.records.delete(attempt)
        self.post_message(TakeDeleted())

    def on_take_deleted(self) -> None:
        self._look(keep=max(PAGE, len(self.rows)))

    # Pages.

    def action_tab(self, page: str) -> None:
        self.query_one(TabbedContent).active = page
        self._focus(page)
        if page != "takes":
            self._plot()
        self.refresh_bindings()

    def on_tabbed_content_tab_activated(self, event: TabbedContent.TabActivated) -> None:
        event.stop()
        self.refresh_bindings()
        if self.query_one(TabbedContent).active != "takes":
            self._plot()

    def action_turn(self, by: int) -> None:
        active = self.query_one(TabbedContent).active
        self.action_tab(TABS[(TABS.index(active) + by) % len(TABS)])

    def _focus(self, page: str) -> None:
        """The arrows belong to what is shown."""
        self.set_focus(self.query_one(TabbedContent).get_pane(page).query("Takes, VerticalScroll").first())

    def _plot(self) -> None:
        if self._plotted != self.wanted:
            self._plotted = self.wanted
            self._reckon(self.wanted, self._title())

    def _title(self) -> str:
        """What is plotted, in words; empty for the whole calls of one scenario, which have a title of their own."""
        alone = self.wanted == HistoryQuery(scenario=self.wanted.scenario, drill="") and self.wanted.scenario
        found = [words for words in (self._same, FILTERS[self._filter][0], self.wanted.text) if words]
        return "" if alone else one_line(", ".join(found)) or "All calls"

    @work(thread=True, exclusive=True, group="plot", exit_on_error=False)
    def _reckon(self, query: HistoryQuery, title: str) -> None:
        services = self.services
        records, now = services.records, services.now()
        rows = records.page(query, limit=TAKES).rows
        made = course(rows, now, title if rows else title or "All calls")
        self.post_message(ProgressRead(query, made, drill_courses(rows, services.drills), all_statements(records, now)))

    def on_progress_read(self, event: ProgressRead) -> None:
        if event.query != self.wanted:
            return
        now = self.services.now()
        narrowed = ", ".join(filter(None, (FILTERS[self._filter][0], one_line(self.wanted.text))))
        note = ONLY.format(narrowed) if narrowed and event.drills else ""
        drawn = noted(note, partial(plot_lines, event.course, event.drills, now=now))
        self.query_one("#drawn", Static).update(Drawn(drawn))
        self.query_one("#statements", Static).update(Drawn(partial(ready_lines, event.stated)))


__all__ = ["HistoryScreen"]
