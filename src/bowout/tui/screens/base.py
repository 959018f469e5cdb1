"""What every screen shares: the app by its own type, and one place where a failed worker ends up."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.worker import Worker, WorkerState

if TYPE_CHECKING:
    from bowout.rehearsal.services import Services
    from bowout.tui.app import BowoutApp
    from bowout.tui.messages import EarWarmed


class AppScreen(Screen[ScreenResultType]):
    """A screen of the trainer."""

    AUTO_FOCUS = "*"

    @property
    def guide_page(self) -> str:
        """Id of the guide's page that fits what is shown; empty = the guide opens with all pages."""
        return ""

    @property
    def bowout(self) -> BowoutApp:
        return cast("BowoutApp", self.app)

    @property
    def services(self) -> Services:
        return self.bowout.services

    @property
    def occupied(self) -> bool:
        """True while nothing may be opened on top of this screen."""
        return False

    def ear_warmed(self, event: EarWarmed) -> None:
        """The ear is ready, or can't be made ready."""

    def failed(self, error: BaseException) -> None:
        """A worker of this screen failed."""
        self.bowout.explain(error)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.failed(event.worker.error)


class AppModal(ModalScreen[ScreenResultType], AppScreen[ScreenResultType]):
    """A question that wants an answer first. (Style sheets follow the first base only.)"""


__all__ = ["AppModal", "AppScreen"]
