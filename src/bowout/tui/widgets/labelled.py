"""Lines with a label before each; what does not fit on a line hangs below its beginning."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

NARROWEST = 16
"""Columns that the words have at least."""


@dataclass(frozen=True)
class Labelled(Visual):
    """Shown by a ``Static``."""

    rows: tuple[tuple[str, str, str], ...]
    """Label, words, and the words' style."""
    label: int = 11
    """Columns of the labels."""

    def lines(self, width: int) -> list[Content]:
        """The lines at this width."""
        made: list[Content] = []
        for label, words, style in self.rows:
            wrapped = textwrap.wrap(words, max(NARROWEST, width - self.label)) or [""]
            for at, line in enumerate(wrapped):
                before = label if not at else ""
                made.append(Content.assemble((f"{before:<{self.label}}", "dim"), (line, style)))
        return made

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        lines = [line.truncate(width, ellipsis=True) for line in self.lines(width)]
        return Content("\n").join(lines).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return len(self.lines(width))


__all__ = ["Labelled"]
