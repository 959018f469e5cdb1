"""Send: the message that must follow, to read, mend, copy or save. Nothing is ever sent from here."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Footer, Input, Static, TextArea

from bowout.core.letters import write
from bowout.core.scenario import Scenario
from bowout.errors import InputError
from bowout.tui.clipboard import copy
from bowout.tui.messages import Saved, SaveRefused
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.top_bar import TopBar

_BLANK = re.compile(r"\{([a-z_0-9]+)\}")


def store(path: Path, text: str, *, replace: bool) -> None:
    """Write for the user alone. Raises ``FileExistsError`` unless ``replace``."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if replace else os.O_EXCL)
    try:
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
            if os.name == "posix":
                os.fchmod(file.fileno(), 0o600)  # a file that is replaced may have been open to all
            file.write(text)
    except FileExistsError:
        raise
    except OSError as error:
        raise InputError(f"The file can't be written: {error.strerror}.", "Choose another name.") from error


class SendScreen(AppScreen[None]):
    """The message, filled from the scenario's facts."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy", id="send.copy", tooltip="Copy the message"),
        Binding("f5", "copy_now", "Copy", id="send.copy_now", tooltip="Copy the message while you edit it"),
        Binding("s", "save", "Save", id="send.save", tooltip="Save the message to a file"),
        Binding("f6", "save_now", "Save", id="send.save_now", tooltip="Save the message while you edit it"),
        Binding("e", "edit", "Edit", id="send.edit", tooltip="Change the message; Escape ends"),
        Binding("escape", "back", "Back", id="send.back", tooltip="Back to the review"),
    ]

    def __init__(self, scenario: Scenario, facts: Mapping[str, str] | None = None) -> None:
        """``facts``: as they were in the call; else as they are now."""
        super().__init__()
        self.scenario = scenario
        self._facts = facts
        self._refused = ""

    def compose(self) -> ComposeResult:
        message = write(self.scenario.follow_up, self._facts or self.scenario.facts_at(self.services.now()))
        yield TopBar("Send", self.bowout.ear_shown)
        with Vertical(id="send"):
            yield Static("Within the hour, send this", classes="title", markup=False)
            yield Static("", id="blanks", markup=False)
            yield TextArea(message.text, id="message", soft_wrap=True)
            yield Input(id="path", placeholder="File name")
            yield Static(
                "Nothing is sent from here: copy it into your own mail.", id="hint", classes="aside", markup=False
            )
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#path").display = False
        self._show_blanks()

    @property
    def _text(self) -> str:
        return self.query_one("#message", TextArea).text

    def on_text_area_changed(self) -> None:
        self._show_blanks()

    def _show_blanks(self) -> None:
        names = list(dict.fromkeys(_BLANK.findall(self._text)))
        line = self.query_one("#blanks", Static)
        line.display = bool(names)
        line.update(f"! Still to be filled in: {', '.join(n.replace('_', ' ') for n in names)}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters belong to the text while it is edited; then the function keys are shown."""
        editing = self.focused is not None
        if action in ("copy", "save", "edit"):
            return not editing
        return editing if action in ("copy_now", "save_now") else True

    def action_copy(self) -> None:
        self._hint(copy(self.bowout, self._text))

    def action_copy_now(self) -> None:
        self.action_copy()

    def action_save_now(self) -> None:
        self.action_save()

    def action_edit(self) -> None:
        self.query_one("#message").focus()

    def action_save(self) -> None:
        path = self.query_one("#path", Input)
        path.display = True
        path.value = path.value or str(Path.home() / f"{self.scenario.id}-{self.scenario.follow_up}.txt")
        self._hint("Enter saves under this name, Escape does not.")
        path.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._refused = self._refused if event.value == self._refused else ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._store(event.value, self._text, self._refused == event.value)

    @work(thread=True, exclusive=True, group="save", exit_on_error=False)
    def _store(self, name: str, text: str, replace: bool) -> None:
        path = Path(name.strip()).expanduser()
        try:
            store(path, text, replace=replace)
        except FileExistsError:
            self.post_message(SaveRefused(name))
        else:
            self.post_message(Saved(str(path)))

    def on_save_refused(self, event: SaveRefused) -> None:
        self._refused = event.path
        self._hint("! There is a file of that name. Enter once more replaces it; another name keeps both.")

    def on_saved(self, event: Saved) -> None:
        self.query_one("#path").display = False
        self._refused = ""
        self.set_focus(None)
        self._hint(f"✓ Saved to {event.path}, readable by you alone.")

    def _hint(self, text: str) -> None:
        self.query_one("#hint", Static).update(text)

    def action_back(self) -> None:
        """Out of the text first, then out of the screen."""
        path = self.query_one("#path", Input)
        if self.focused is not None:
            path.display = False
            self.set_focus(None)
        else:
            self.dismiss()
