"""The conversation so far. Finished lines are appended; only a more careful reading changes one."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class Talk(VerticalScroll):
    """Recruiter's lines, the caller's turns, and calm notices between them."""

    def recruiter(self, name: str, text: str) -> None:
        self._add(Content.assemble((f"{name}  ", "bold $text-accent"), text), "them")

    def you(self, turn: int, text: str) -> None:
        """A turn of the caller; told again after the careful reading."""
        content = Content.assemble(("You  ", "bold $text-primary"), text or "(nothing was heard)")
        said = self.query(f"#turn-{turn}")
        if said:
            said.first(Static).update(content)
        else:
            self._add(content, "you", f"turn-{turn}")

    def notice(self, text: str) -> None:
        self._add(Content.assemble(("! ", "bold $text-warning"), (text, "dim")), "notice")

    def beep(self) -> None:
        self._add(Content.assemble(("♪ ", "bold $text-accent"), ("Beep.", "dim")), "notice")

    def hint(self, text: str) -> None:
        """What the last answer left out."""
        self._add(Content.assemble(("→ ", "bold $text-success"), text), "hint")

    def _add(self, content: Content, kind: str, id: str | None = None) -> None:
        self.mount(Static(content, classes=f"line {kind}", id=id, markup=False))
        self.call_after_refresh(self.scroll_end, animate=False)
