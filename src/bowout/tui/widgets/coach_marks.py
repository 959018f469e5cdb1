"""The marks of a take as its coach sees them: what the program says, the learner, and the coach."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from bowout.core.coaching.shown import MarkRow
from bowout.core.review import clock, place, state_words
from bowout.core.transcript import Unit
from bowout.tui.widgets.marks_view import STYLES


def line(each: MarkRow) -> Content:
    """Glyph, the program's word, what it is about, and in one word who says what of it."""
    row = each.row
    if each.mine:
        note = (f"→ {state_words(each.mine)}", "bold $text-accent")
    elif each.confirmed:
        note = ("= agreed", "bold")
    elif each.theirs:
        note = ("≠ disputed", "bold $text-warning")
    else:
        note = ("", "")
    return Content.assemble((f"{row.glyph} {row.word:<10}", STYLES[row.tone]), f"{row.label[:19]:<20}", note)


def detail(each: MarkRow, unit: Unit, learner: str) -> Content:
    """The question, every word on it, and the quote.

    Args:
        learner: what to call them.
    """
    row = each.row
    kind = "" if row.fault else ("Must be said" if row.required else "Earns credit")
    parts: list[Content | str | tuple[str, str]] = [
        (row.question or row.label, "bold"), "\n",
        ("Program: ", "dim"), (f"{row.glyph} {row.word}", STYLES[row.tone]), (f"   {kind}", "dim"),
    ]  # fmt: skip
    if each.theirs:
        parts += ["\n", (f"{learner}: ", "dim"), (state_words(each.theirs), "bold")]
    if each.mine:
        parts += ["\n", ("You: ", "dim"), (state_words(each.mine), "bold"), f". {each.reason}"]
    elif each.confirmed:
        parts += ["\n", ("You: ", "dim"), ("agreed", "bold")]
    if row.span is not None:
        where = place(row.span, unit) if unit == "word" else f"at {clock(row.span.start)}"
        parts += ["\n\n", f"“{' '.join(row.span.quote.split())}”", "\n", (where, "dim")]
    if each.open:
        parts += ["\n\n", ("It is disputed: C agrees with the program, O gives another word.", "$text-warning")]
    return Content.assemble(*parts)


class CoachMarks(OptionList):
    """One row a criterion."""

    def show(self, made: list[MarkRow]) -> None:
        """Show these rows, keeping the place in the list."""
        chosen = self.highlighted or 0
        self.set_options(Option(line(each)) for each in made)
        self.highlighted = min(chosen, len(made) - 1) if made else None


__all__ = ["CoachMarks", "detail", "line"]
