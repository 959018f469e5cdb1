"""Lines of runs (``core.plots``) on the screen, made anew for every width."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from bowout.core.plots import Line, Role, Run

_STYLES: dict[Role, str] = {
    "plain": "", "dim": "dim", "bold": "bold", "live": "$primary", "practice": "$primary", "disputed": "$text-error",
    "mean": "$accent", "aim": "$success", "good": "$text-success", "bad": "$text-warning", "doubt": "$text-accent",
}  # fmt: skip
"""Colours add to what the characters say; nothing hangs on them."""
_NARROWEST = 52


class Drawn(Visual):
    """What ``lines`` makes of a width in columns. Made once a width: it is asked for with every refresh."""

    def __init__(self, lines: Callable[[int], Sequence[Line]]) -> None:
        self._lines = lines
        self._made: dict[int, Content] = {}

    def content(self, width: int) -> Content:
        width = max(_NARROWEST, width)
        if width not in self._made:
            self._made = {width: Content("\n").join(_drawn(line) for line in self._lines(width))}
        return self._made[width]

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return self.content(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self.content(width).get_height(rules, width)


def noted(note: str, lines: Callable[[int], Sequence[Line]]) -> Callable[[int], Sequence[Line]]:
    """The lines, below a note where there is one."""

    def made(width: int) -> Sequence[Line]:
        return [*((Run(line, "dim"),) for line in textwrap.wrap(note, width)), *lines(width)]

    return made


def _drawn(line: Line) -> Content:
    return Content.assemble(*((run.text, _STYLES[run.role]) for run in line))


__all__ = ["Drawn", "noted"]
