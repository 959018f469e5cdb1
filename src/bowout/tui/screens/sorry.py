"""Something went wrong that nobody foresaw: a sentence, what is safe, and the way on."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Footer, Static

from bowout.tui.screens.base import AppModal


class SorryScreen(AppModal[None]):
    """Told once; Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape", "dismiss", "Go on", id="sorry.dismiss", tooltip="Close this and go on"),
    ]

    def __init__(self, error: BaseException, folder: str = "") -> None:
        super().__init__()
        self._error = error
        self._folder = folder

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Something went wrong in Bow Out itself", classes="title", markup=False)
            kept = "What was said up to here is on disk, and n" if self._folder else "N"
            yield Static(f"This is our mistake, not yours. {kept}othing was sent anywhere.", markup=False)
            yield Static(f"{type(self._error).__name__}: {self._error}", classes="aside", markup=False)
            if self._folder:
                yield Static(f"It lies in {self._folder}", id="folder", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    async def action_dismiss(self, result: None = None) -> None:
        self.dismiss(result)
