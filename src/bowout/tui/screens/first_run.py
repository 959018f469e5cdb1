"""The one question of the very first run: may recordings of your voice be kept?"""

from __future__ import annotations

from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core.settings import Keep
from bowout.paths import data_dir
from bowout.tui.screens.base import AppModal
from bowout.tui.widgets.choices import Choices

CHOICES: dict[Keep, str] = {
    "until_review": "Until I close the review",
    "keep": "Keep them",
    "never": "Never write any",
}


class FirstRunScreen(AppModal[Keep]):
    """Answers with what is to be done with recordings; Escape takes the default."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "default",
            "As suggested",
            id="first.default",
            tooltip="Keep recordings until the review is closed",
        ),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("One question before you start", classes="title", markup=False)
            yield Static("How long should recordings of your voice be kept?", markup=False)
            yield Choices(*(Option(text, id=key) for key, text in CHOICES.items()), id="choices", markup=False)
            yield Static(
                f"They never leave this machine. They lie in {data_dir()}, readable by you alone. "
                "F2 on Home changes this later. Your words and marks stay until you delete them.",
                classes="aside",
                markup=False,
            )
        yield Footer(show_command_palette=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(cast(Keep, event.option.id))

    def action_default(self) -> None:
        self.dismiss("until_review")
