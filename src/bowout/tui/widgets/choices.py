"""A list to choose one line from, whose key is named in the footer."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class Choices(OptionList):
    """Arrows move, Enter chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Choose", id="choices.select", tooltip="Take the line under the bar"),
    ]
