"""The first line of every screen: where you are, and which ear listens."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from bowout.core.labels import EAR_WORDS


class TopBar(Horizontal):
    """Name of the place on the left, the ear on the right."""

    def __init__(self, where: str, ear: str = "") -> None:
        super().__init__()
        self._where = where
        self._ear = ear

    def compose(self) -> ComposeResult:
        yield Static("Bow Out", classes="brand", markup=False)
        yield Static(self._where, classes="where", markup=False)
        yield Static(self._words(), classes="ear", markup=False)

    def _words(self) -> str:
        return f"ear: {EAR_WORDS.get(self._ear, self._ear)}" if self._ear else ""

    def show_ear(self, ear: str) -> None:
        """Name another ear."""
        self._ear = ear
        self.query_one(".ear", Static).update(self._words())
