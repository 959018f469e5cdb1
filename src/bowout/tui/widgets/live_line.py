"""The line you are saying, as the ear reads it: always its end, always one line."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class LiveLine(Widget):
    """One line high, so that no layout is needed when it changes."""

    text: reactive[str] = reactive("", layout=False)

    def render(self) -> Content:
        room = max(8, self.size.width - 2)
        shown = self.text if len(self.text) <= room else "…" + self.text[-(room - 1) :]
        return Content.assemble(("› ", "$text-primary"), shown)
