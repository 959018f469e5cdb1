"""Correct what was heard. One line a turn; the caller's word stands."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Footer, Static, TextArea

from bowout.tui.screens.base import AppModal


class CorrectScreen(AppModal[str]):
    """Answers with the corrected text, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s,f5",
            "keep",
            "Mark again",
            id="correct.keep",
            tooltip="Mark the words as they stand now",
            priority=True,
        ),
        Binding("escape", "back", "Leave as it was", id="correct.back", tooltip="Back without a change"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static("What you really said", classes="title", markup=False)
            yield Static(
                "One numbered line a turn. Only mend what was misheard; then Ctrl+S marks it again.",
                classes="aside",
                markup=False,
            )
            yield TextArea(self._text, id="text", soft_wrap=True, show_line_numbers=True)
        yield Footer(show_command_palette=False)

    def action_keep(self) -> None:
        self.dismiss(self.query_one(TextArea).text)

    def action_back(self) -> None:
        self.dismiss(None)
