"""What opens from anywhere: the screens behind the function keys, calls, drills and attempts of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import App

from bowout.tui.messages import AttemptOpened, CaseOpened, DrillOpened, ScenarioOpened
from bowout.tui.screens.base import AppScreen

if TYPE_CHECKING:
    from bowout.core.case import Case
    from bowout.rehearsal.next_session import Outlook
    from bowout.rehearsal.services import Services


class OpeningApp(App[None]):
    """Imports a screen when it is opened: the first paint does not pay for it."""

    services: Services
    asked_about_recordings: bool

    def _occupied(self) -> bool:
        """A call is going on, or a question wants an answer first."""
        if not self.screen_stack:
            return False
        screen = self.screen
        return screen.is_modal or (isinstance(screen, AppScreen) and screen.occupied)

    def action_new_call(self) -> None:
        from bowout.tui.screens.pack_new import PackNewScreen

        if not isinstance(self.screen, PackNewScreen):
            self.push_screen(PackNewScreen())

    def action_guide(self, page: str = "") -> None:
        """Open the guide, at the page of this id, or at the one that fits what is shown."""
        from bowout.tui.screens.guide import GuideScreen

        if not isinstance(self.screen, GuideScreen):
            fitting = self.screen.guide_page if isinstance(self.screen, AppScreen) else ""
            self.push_screen(GuideScreen(page or fitting))

    def action_my_cases(self) -> None:
        from bowout.tui.screens.cases import CasesScreen

        if not isinstance(self.screen, CasesScreen):
            self.push_screen(CasesScreen())

    @work(thread=True, group="open", exit_on_error=False)
    def _open_case(self, case_id: str) -> None:
        self.post_message(CaseOpened(self.services.cases.load(case_id)))

    def on_case_opened(self, event: CaseOpened) -> None:
        from bowout.tui.screens.case import CaseScreen

        def left(_: None) -> None:
            self.asked_about_recordings = False

        self.push_screen(CaseScreen(event.case), left)

    def action_incidents(self) -> None:
        from bowout.tui.screens.incident import IncidentsScreen

        self.push_screen(IncidentsScreen())

    def action_drills(self) -> None:
        from bowout.tui.screens.drills import DrillsScreen

        if not isinstance(self.screen, DrillsScreen):
            self.push_screen(DrillsScreen())

    def action_open_file(self) -> None:
        from bowout.tui.screens.open_file import OpenFileScreen

        if not isinstance(self.screen, OpenFileScreen):
            self.push_screen(OpenFileScreen())

    def action_assignments(self) -> None:
        from bowout.tui.screens.assignment import AssignmentsScreen

        if not isinstance(self.screen, AssignmentsScreen):
            self.push_screen(AssignmentsScreen())

    def open_assignment(self, assignment: str) -> None:
        """Home opens one, by its id."""
        from bowout.tui.screens.assignment import AssignmentScreen

        self.push_screen(AssignmentScreen(assignment))

    def action_review_queue(self) -> None:
        from bowout.tui.screens.queue import QueueScreen

        if not isinstance(self.screen, QueueScreen):
            self.push_screen(QueueScreen())

    def action_history(self) -> None:
        from bowout.tui.screens.history import HistoryScreen

        if not isinstance(self.screen, HistoryScreen):
            self.push_screen(HistoryScreen())

    def action_plan(self, case: Case | None = None) -> None:
        """Open the plan; where it is opened from a case, that can be planned for."""
        from bowout.tui.screens.plan import PlanScreen

        if not isinstance(self.screen, PlanScreen):
            self.push_screen(PlanScreen(case))

    def action_settings(self) -> None:
        from bowout.tui.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen())

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def open_scenario(self, key: str) -> None:
        """Home and the palette open a brief. In a thread: the scenario is read from its file now."""
        self.post_message(ScenarioOpened(self.services.scenario(key)))

    def on_scenario_opened(self, event: ScenarioOpened) -> None:
        from bowout.tui.screens.read import ReadScreen

        if self._occupied():
            return  # a question or a call came first
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(ReadScreen(event.scenario, event.meta))

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def open_drill(self, key: str, scenario_key: str | None = None, case: str = "") -> None:
        """Open a drill, one Enter before its first take. In a thread: it is looked up now.

        Args:
            scenario_key: what to make it of; ``None`` = what is sensible.
            case: id of the caller's own case to make it of instead.
        """
        from bowout.rehearsal.drill_takes import named

        self.post_message(DrillOpened(self.services.drill(key), named(self.services, scenario_key or "", case)))

    def on_drill_opened(self, event: DrillOpened) -> None:
        from bowout.tui.screens.drill import DrillScreen

        if self._occupied():
            return  # a question or a call came first
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(DrillScreen(event.drill, event.material))

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def open_next(self, outlook: Outlook) -> None:
        """Home and the plan open the next session: its drill, or the brief of its call. In a thread: it is read or made
        now."""
        from bowout.rehearsal.drill_takes import planned
        from bowout.rehearsal.next_session import meta_for, scenario_for

        if outlook.choice is not None and outlook.choice.drill:
            self.post_message(DrillOpened(*planned(self.services, outlook)))
        else:
            self.post_message(ScenarioOpened(scenario_for(self.services, outlook), meta_for(outlook)))

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def open_attempt(self, attempt: str) -> None:
        """Open a marked call of the past on top of what is shown. In a thread: its record is read now."""
        from bowout.rehearsal.reopened import reopen

        self.post_message(AttemptOpened(reopen(self.services, attempt)))

    def on_attempt_opened(self, event: AttemptOpened) -> None:
        from bowout.tui.screens.review import ReviewScreen

        if not self._occupied():
            self.push_screen(ReviewScreen.of_past(event.past))


__all__ = ["OpeningApp"]
