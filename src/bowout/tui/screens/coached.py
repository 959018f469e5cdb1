"""What a coach has said of a call, beside its review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Static

from bowout.core.coaching.noted import Noted, noted_line, noted_lines
from bowout.core.review import state_words
from bowout.core.safety import printable
from bowout.tui.screens.base import AppModal


@dataclass
class CoachedRead(Message):
    """What a coach has said of this call."""

    said: Noted


class CoachedScreen(AppModal[None]):
    """All of it."""

    AUTO_FOCUS = "#said"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,c", "back", "Back", id="coached.back", tooltip="Back to the marks"),
    ]

    def __init__(self, said: Noted) -> None:
        super().__init__()
        self._said = said

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(f"{printable(self._said.coach)} on this call", classes="title", markup=False)
            with VerticalScroll(id="said"):
                yield Static(printable("\n\n".join(noted_lines(self._said))), markup=False)
        yield Footer(show_command_palette=False)

    def action_back(self) -> None:
        self.dismiss(None)


def coached_line(said: Noted) -> Content:
    """One line above the marks."""
    more = len(said.review.comments)
    told = f" {more} comment{'' if more == 1 else 's'}." if more else ""
    return Content.assemble(("« ", "$text-accent"), printable(noted_line(said)), told, (" C: all of it.", "dim"))


def with_word(shown: Content, said: Noted | None, criterion: str) -> Content:
    """What is told of a mark, with the coach's word on it."""
    override = said.override(criterion) if said is not None else None
    if said is None or (override is None and not said.confirms(criterion)):
        return shown
    word = (
        "agrees with the mark."
        if override is None
        else f"{state_words(override.state)}. {' '.join(override.reason.split())}"
    )
    return Content.assemble(shown, "\n\n", (f"{printable(said.coach)}: ", "bold $text-accent"), printable(word))


__all__ = ["CoachedRead", "CoachedScreen", "coached_line", "with_word"]
