"""The trainer: Home and everything that opens from it."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from bowout.core.safety import printable
from bowout.errors import BowoutError
from bowout.tui.drafting import Drafting
from bowout.tui.messages import DraftRefused, EarWarmed
from bowout.tui.opening import OpeningApp
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.home import HomeScreen
from bowout.tui.theme import CALM

if TYPE_CHECKING:
    from bowout.core.settings import Settings
    from bowout.rehearsal.services import Services


class BowoutApp(OpeningApp):
    """Rehearse a call, get marked, see what to send."""

    TITLE = "Bow Out"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (declared without ClassVar by Textual)
        (0, "-narrow"),
        (100, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="app.help", tooltip="Show every key of this screen"),
        Binding(
            "f2", "settings", "Settings", id="app.settings", show=False, tooltip="Ear, pauses, devices, recordings"
        ),
        Binding("f4", "guide", "Guide", id="app.guide", show=False, tooltip="Advice, found by typing a word or two"),
        Binding("escape", "close_help", show=False, id="app.close_help", tooltip="Close the help", priority=True),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", show=False, tooltip="Leave Bow Out", priority=True),
    ]

    def __init__(self, services: Services, case_id: str = "", place: str = "") -> None:
        """
        Args:
            case_id: the case to begin with, on top of Home.
            place: ``queue`` to begin with a coach's review queue.
        """
        super().__init__()
        self._first_case = case_id
        self._first_place = place
        self.services = services
        self.ear_shown = ""
        """``vosk``, ``builtin`` or ``typed``, as last looked up."""
        self.ear_state = "cold"
        """``cold``, ``warming``, ``ready`` or ``failed``."""
        self.asked_about_recordings = bool(case_id or place)
        """Asked already, or not to be asked yet: whoever comes with a case is in a hurry, a coach does not speak."""
        self.drafting = Drafting(
            lambda: self.services.drafts, lambda error: self.post_message(DraftRefused(error.sentence()))
        )
        """Whatever is being written passes through it."""
        self.coaches = False
        """The user has a coach's keys, as last looked up."""
        self._wanted: Settings | None = None
        self._saving = threading.Lock()
        self._preloading = False
        self._to_drop: set[str] = set()

    def get_default_screen(self) -> Screen[None]:
        return HomeScreen()

    def on_mount(self) -> None:
        self.register_theme(CALM)
        self.theme = CALM.name

    # Settings: changed at once, written by a thread.

    @property
    def settings(self) -> Settings:
        """The settings as they are or will be in a moment."""
        return self._wanted or self.services.settings

    def keep(self, settings: Settings) -> None:
        """Use these settings from now on and write them down."""
        self._wanted = settings
        self._save_soon()

    @work(thread=True, group="settings", exit_on_error=False)
    def _save_soon(self) -> None:
        self.settle_settings()

    def settle_settings(self) -> None:
        """Write what is still to be written. Blocks: for threads that need the settings to be in force."""
        with self._saving:
            wanted = self._wanted
            if wanted is None:
                return
            self.services.save(wanted)
            if self._wanted is wanted:
                self._wanted = None

    # The ear is loaded once, by a thread, when the first scenario is opened.

    def warm_ear(self) -> None:
        """Get the ear ready while the brief is being read."""
        if self.ear_state in ("cold", "failed") and self.services.ear_name() != "typed":
            self.ear_state = "warming"
            self._warm_ear()

    @work(thread=True, group="ear", exit_on_error=False)
    def _warm_ear(self) -> None:
        try:
            self.settle_settings()
            ear = self.services.ear().ear
        except BowoutError as error:
            self.post_message(EarWarmed("typed", error.sentence()))
        else:
            self.post_message(EarWarmed(ear))

    def on_ear_warmed(self, event: EarWarmed) -> None:
        self.ear_state = "failed" if event.problem else "ready"
        for screen in self.screen_stack:
            if isinstance(screen, AppScreen):
                screen.ear_warmed(event)

    def preload(self) -> None:
        """Import the other screens in a thread once Home is painted: doing it when a key asks would hold the screen."""
        if not self._preloading:
            self._preloading = True
            self._preload()
            if self._first_case:
                self._open_case(self._first_case)
            elif self._first_place == "queue":
                self.action_review_queue()

    @work(thread=True, group="preload", exit_on_error=False)
    def _preload(self) -> None:
        from bowout.rehearsal.pruning import tidy

        screens = (
            "read check speak rate review if_then hear send correct settings pack_new guide case cases call_now "
            "incident history plan drills drill take figure open_file assignment assigned_take submit queue coach"
        )
        for name in screens.split():
            importlib.import_module(f"bowout.tui.screens.{name}")
        tidy(self.services)

    def on_draft_refused(self, event: DraftRefused) -> None:
        self.say(f"What you are writing is not kept until you save it. {event.sentence}", severe=True)

    # Recordings that end with their review.

    def drop_after_review(self, attempt: str) -> None:
        """This recording is to go when its review is closed, or with the program at the latest."""
        self._to_drop.add(attempt)

    @work(thread=True, group="records", exit_on_error=False)
    def drop_recording(self, attempt: str) -> None:
        """The review is closed."""
        self._drop(attempt)

    def _drop(self, attempt: str) -> None:
        if attempt in self._to_drop:
            # Said first, so that a program that dies here is finished at its next start.
            self.services.records.append(attempt, "reviewed")
            self.services.records.drop_audio(attempt)
            self._to_drop.discard(attempt)

    @work(thread=True, group="records", exit_on_error=False)
    def add_to_record(self, attempt: str, kind: str, data: Mapping[str, Any]) -> None:
        """Something of a closed attempt that its screen need not wait for."""
        self.services.records.append(attempt, kind, **data)

    def drop_leftovers(self) -> None:
        """After the last screen: recordings whose review was open when the program ended."""
        for attempt in list(self._to_drop):
            self._drop(attempt)

    # Errors become sentences here and nowhere else.

    def explain(self, error: BaseException, folder: str = "") -> None:
        """A sentence and the way on. What nobody expected gets a window of its own, with the attempt's folder."""
        from bowout.tui.screens.sorry import SorryScreen

        if isinstance(error, BowoutError):
            self.say(error.sentence(), severe=True)
        else:
            self.push_screen(SorryScreen(error, folder))

    def say(self, sentence: str, *, severe: bool = False) -> None:
        """A toast of plain text."""
        self.notify(sentence, severity="warning" if severe else "information", timeout=8, markup=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            if event.worker.group == "settings":
                self._wanted = None
            self.explain(event.worker.error)

    # Keys and palette.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        opens = (
            "settings", "new_call", "guide", "my_cases", "drills", "history", "plan", "command_palette", "open_file",
            "assignments", "review_queue",
        )  # fmt: skip
        if action in opens and self._occupied():
            return False
        if action == "close_help":
            # Only while it is open: else Escape means what the screen says it means.
            return bool(self.screen_stack and self.screen.query("HelpPanel"))
        return super().check_action(action, parameters)

    def action_close_help(self) -> None:
        self.action_hide_help_panel()

    def action_help(self) -> None:
        """Show or hide the panel of keys."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield SystemCommand("Settings", "Ear, pauses, devices, recordings", self.action_settings)
        yield SystemCommand("New call", "Make a call of your own by answering ten questions", self.action_new_call)
        yield SystemCommand("Guide", "Advice, found by typing a word or two", self.action_guide)
        yield SystemCommand("Decide", "What to do about an interview of your own", self.action_my_cases)
        yield SystemCommand("Drills", "One skill of a call at a time, with one figure to beat", self.action_drills)
        yield SystemCommand("History", "Every take, found by typing, with plots", self.action_history)
        yield SystemCommand("Plan", "Short sessions until the real call", self.action_plan)
        yield SystemCommand("Open a file", "An assignment or an answer that a coach has sent", self.action_open_file)
        yield SystemCommand("Assignments", "What coaches have asked of you", self.action_assignments)
        if self.coaches:
            yield SystemCommand("Review queue", "What came back to you as a coach", self.action_review_queue)
        yield SystemCommand("Keys", "Show or hide every key of this screen", self.action_help)
        for scenario in self.services.scenarios:
            title = " ".join(printable(scenario.title).split())
            yield SystemCommand(f"Read: {title}", "Open this call's brief", partial(self.open_scenario, scenario.key))
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Quit", "Leave Bow Out", self.action_quit)


def run(services: Services, case_id: str = "", place: str = "") -> int:
    """Open the trainer and stay until the user leaves. Returns the exit code; closing the services is the caller's.

    Args:
        case_id: the case to begin with.
        place: ``queue`` to begin with a coach's review queue.
    """
    app = BowoutApp(services, case_id, place)
    try:
        app.run()
    finally:
        app.drop_leftovers()
    return app.return_code or 0


__all__ = ["BowoutApp", "run"]
