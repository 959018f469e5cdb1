"""A short list to choose from, and a line to type: answered with what was chosen or typed, or with nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from bowout.tui.screens.base import AppModal


class ChooseScreen(AppModal[str]):
    """One of a few. Arrows and Enter, or the digit before it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(n), f"take({n - 1})", f"Number {n}", show=False, id=f"choose.{n}", tooltip=f"Choose number {n}")
            for n in range(1, 10)
        ),
        Binding("escape", "back", "Back", id="choose.back", tooltip="Back without choosing"),
    ]

    def __init__(self, title: str, options: Sequence[tuple[str, str]], note: str = "", *, first: int = 0) -> None:
        """
        Args:
            options: what is answered, and the words for it.
            note: a line below.
            first: a line is drawn after so many of them; 0 = none.
        """
        super().__init__()
        self._first = first
        self._title = title
        self._choices = options
        self._note = note

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="title", markup=False)
            lines: list[Option | None] = [
                Option(Content.assemble((f"{n} " if n < 10 else "  ", "dim"), words), id=f"choice-{n}")
                for n, (_, words) in enumerate(self._choices, 1)
            ]
            if 0 < self._first < len(lines):
                lines.insert(self._first, None)
            yield OptionList(*lines, id="choices")
            if self._note:
                yield Static(self._note, classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._choices[event.option_index][0])

    def action_take(self, index: int) -> None:
        if index < len(self._choices):
            self.dismiss(self._choices[index][0])

    def action_back(self) -> None:
        self.dismiss(None)


class AskScreen(AppModal[str]):
    """One line. Enter answers once it is well formed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="ask.back", tooltip="Back without an answer"),
    ]

    def __init__(self, title: str, note: str, wrong: Callable[[str], str], value: str = "") -> None:
        """``wrong`` says what is the matter with an answer; empty = nothing."""
        super().__init__()
        self._title = title
        self._note = note
        self._wrong = wrong
        self._value = value

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="title", markup=False)
            yield Input(self._value, id="line")
            yield Static(self._note, id="note", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        problem = self._wrong(event.value)
        if problem:
            self.query_one("#note", Static).update(f"! {problem}")
        else:
            self.dismiss(event.value)

    def action_back(self) -> None:
        self.dismiss(None)


__all__ = ["AskScreen", "ChooseScreen"]
