"""The list of attempts, and the line in which one looks for some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Input, OptionList

_WHEN, _MARK, _MODE = 14, 10, 9


@dataclass(frozen=True)
class TakeRow(Visual):
    """One attempt on one line: when, the figure, the mode, which call, and what is special about it."""

    when: str
    mark: str
    mode: str
    called: str
    notes: str
    good: bool

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        room = max(8, width - _WHEN - _MARK - _MODE - (len(self.notes) + 2 if self.notes else 0))
        title = Content(self.called).truncate(room, ellipsis=True)
        line = Content.assemble(
            (f"{self.when:<{_WHEN}}", "dim"),
            (f"{self.mark:<{_MARK}}", "$text-success" if self.good else ""),
            (f"{self.mode:<{_MODE}}", "dim"),
            title,
            (f"{' ' * (room - title.cell_length)}  {self.notes}" if self.notes else "", "$text-warning"),
        )
        return line.truncate(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return 1


class Takes(OptionList):
    """Newest first; Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="history.open", tooltip="Open the chosen take in the review again"),
    ]


class FindTake(Input):
    """What is looked for. The list below follows, and is moved through from here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", show=False, id="history.find_down", tooltip="The next take"),
        Binding("up", "screen.move(-1)", show=False, id="history.find_up", tooltip="The take before"),
        Binding("enter", "screen.open", "Open", id="history.find_open", tooltip="Open the chosen take"),
    ]

    def __init__(self) -> None:
        super().__init__(
            id="find", placeholder="Words of the call's title, or of how it ended", select_on_focus=False, compact=True
        )


__all__ = ["FindTake", "TakeRow", "Takes"]
