"""What a call may have otherwise: a take of a drill, or of an assignment, says so here."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from bowout.core.scenario import Scenario, fill
from bowout.rehearsal.events import CallMarked
from bowout.rehearsal.reopened import last_if_then
from bowout.tui.after_call import Then
from bowout.tui.messages import CallOver, IfThenRead
from bowout.tui.screens.base import AppScreen

if TYPE_CHECKING:
    from bowout.core.drills import Drill, Timer
    from bowout.rehearsal.call import Options


class CallHooks(AppScreen[None]):
    """A call as it is where nothing else is said."""

    def __init__(self, scenario: Scenario, then: Then | None, drill: Drill | None) -> None:
        """As ``SpeakScreen`` takes them."""
        super().__init__()
        self.scenario = scenario
        self._then = then
        self._drill = drill

    # What a take of a drill has otherwise.

    @property
    def place(self) -> str:
        """What the top bar says of it."""
        return self.scenario.title

    @property
    def seed(self) -> int:
        """Which variants of the recruiter's lines: others in every call; recorded with the attempt."""
        return int(self.services.now().timestamp()) & 0xFFFF

    def above(self) -> ComposeResult:
        """What stands above the talk."""
        return ()

    def beside(self, facts: Mapping[str, str]) -> Content:
        """What S shows beside the talk."""
        # Without blank lines the longest shipped script just fits at 80×24.
        script = "\n".join(f"– {fill(line, facts)}" for line in self.scenario.script)
        return Content.assemble(("You might say", "bold"), "\n", script)

    def remind(self) -> None:
        """Show what was decided after the last call. In the worker."""
        self.post_message(IfThenRead(last_if_then(self.services.records, self.scenario.id)))

    # What a take of an assignment has otherwise.

    @property
    def keeps_audio(self) -> bool:
        """The recording outlives its review, whatever the settings say."""
        return False

    @property
    def timer(self) -> Timer | None:
        """The light that stands for the call's limits."""
        return self._drill.timer if self._drill is not None else None

    def bounds(self, options: Options) -> Options:
        """The options that were agreed with a coach. In the worker."""
        return options

    @property
    def leaving(self) -> str:
        """What it costs to leave in the middle."""
        return "Escape once more leaves without marks. Hang up, and you are marked."

    def before(self, stop: threading.Event) -> None:
        """Everything is ready, and the call begins when this returns. In the worker."""

    def after(self, marked: CallMarked | None) -> CallOver:
        """The record is closed. In the worker."""
        return CallOver(marked)

    def followed_by(self, event: CallOver) -> Then | None:
        """What comes in place of the review."""
        return self._then


__all__ = ["CallHooks"]
