"""A screen from which a call is begun: by voice, the very first time after the ten-second check, or by typing."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import ScreenResultType

from bowout.core.labels import EAR_WORDS
from bowout.core.settings import Mode
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.check import Way


class StartingScreen(AppScreen[ScreenResultType]):
    """What it begins is said by ``call``."""

    def call(self, mode: Mode, *, typed: bool) -> None:
        """Begin, now."""
        raise NotImplementedError

    def begin(self, mode: Mode) -> None:
        """By voice where that is possible."""
        app = self.bowout
        if self.types:
            self.call(mode, typed=True)
        elif app.settings.checked_microphone:
            self.call(mode, typed=False)
        else:
            self.check(lambda way: self._go(way, mode))

    @property
    def types(self) -> bool:
        """There is no ear, so the answers will be typed."""
        return self.bowout.ear_shown == "typed" or self.bowout.ear_state == "failed"

    def check(self, then: Callable[[Way | None], None]) -> None:
        """Check the microphone first."""
        from bowout.tui.screens.check import CheckScreen

        self.app.push_screen(CheckScreen(), then)

    def _go(self, way: Way | None, mode: Mode) -> None:
        if way is not None:
            self.call(mode, typed=way == "typed")

    def ear_words(self, ready: str, problem: str = "") -> str:
        """How far the ear is.

        Args:
            ready: what follows once it is ready.
            problem: why it could not be made ready.
        """
        app = self.bowout
        name = EAR_WORDS.get(app.ear_shown, app.ear_shown or "ear")
        if app.ear_shown == "typed":
            return "You will type your answers."
        return {
            "warming": f"The ear ({name}) is being made ready while you read …",
            "ready": f"The ear ({name}) is ready. {ready}",
            "failed": f"No ear could be made ready, so you will type. {problem}",
        }.get(app.ear_state, "")


__all__ = ["StartingScreen"]
