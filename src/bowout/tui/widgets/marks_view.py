"""The marked checklist as rows, and what is known about the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from bowout.core.criteria import FAULTS
from bowout.core.marks import Marks
from bowout.core.rating import listener
from bowout.core.review import Figure, Row, Tone, approximate, clock, fault_row, figures, item_row, place
from bowout.core.transcript import Unit

STYLES: dict[Tone, str] = {
    "good": "$text-success",
    "bad": "$text-error",
    "doubt": "$text-warning",
    "plain": "dim",
}


def rows(marks: Marks, rated: Mapping[str, str] = {}) -> list[Row]:
    """Faults that were found first, then the checklist in its own order, then faults that were not found.

    A disputed mark keeps the place that the engine gave it, so that the same key on the same row takes it back.

    Args:
        rated: what the caller said before the marks, by criterion, where the engine says otherwise.
    """
    faults = [(m.found, fault_row(m, FAULTS[m.id].question if m.id in FAULTS else "")) for m in marks.faults.values()]
    items = [item_row(m) for m in marks.items.values()]
    made = [
        *[r for found, r in faults if found],
        *[r for r in items if r.required],
        *[r for r in items if not r.required],
        *[r for found, r in faults if not found],
    ]
    return [replace(row, rated=rated.get(row.id, "")) for row in made]


def line(row: Row, unit: Unit) -> Content:
    """Glyph, state, what it is about, and when it was said; in place of that “yours” where the state is the caller's
    own, and “≠ you” where they thought otherwise before they saw it."""
    state = (f"{row.glyph} {row.word:<10}", STYLES[row.tone])
    if row.engine:
        return Content.assemble(state, f"{row.label:<20}", ("yours", "bold"))
    if row.rated:
        return Content.assemble(state, f"{row.label:<20}", ("≠ you", "bold"))
    at = clock(row.span.start) if row.span is not None and unit == "s" else ""
    return Content.assemble(state, f"{row.label:<21}", (at, "dim"))


def detail(row: Row, marks: Marks) -> Content:
    """The question, the answer, the words that decided it, and what to say next time."""
    unit = marks.transcript.unit
    kind = "" if row.fault else ("Must be said" if row.required else "Earns credit")
    parts: list[Content | str | tuple[str, str]] = [
        (row.question, "bold"), "\n", (f"{row.glyph} {row.word}", STYLES[row.tone]), (f"   {kind}", "dim"),
    ]  # fmt: skip
    if row.engine:
        parts += ["\n", ("Yours. ", "bold"), (f"The trainer's mark: {row.engine}.", "dim")]
    if row.rated:
        said = row.engine or row.word
        parts += ["\n", (f"You said: {row.rated}. {listener(marks).capitalize()}: {said}.", "bold")]
    if row.span is not None:
        where = place(row.span, unit, approximate=approximate(marks.transcript, row.span.turn))
        parts += ["\n\n", f"“{row.span.quote}”", "\n", (where, "dim")]
    if row.say_instead:
        parts += ["\n\n", ("Say instead: ", "bold $text-accent"), row.say_instead]
    if row.word == "unsure":
        parts += [
            "\n\n",
            ("It was heard too faintly to be sure. It costs nothing; E corrects the words.", "dim"),
        ]
    return Content.assemble(*parts)


def delivery(marks: Marks) -> Content:
    """The figures with their targets."""
    lines = [Content.styled(f"{'':<20}{'measured':<20}{'aim':<12}", "dim")]
    lines += [_figure(f) for f in figures(marks)]
    lines.append(Content(""))
    lines.append(Content.styled("Taken from the words and their times, never guessed from the text alone.", "dim"))
    if approximate(marks.transcript):
        lines.append(Content.styled("Times in this call are approximate.", "dim"))
    return Content("\n").join(lines)


def _figure(figure: Figure) -> Content:
    return Content.assemble(
        f"{figure.label:<20}", f"{figure.value:<20}", (f"{figure.target:<12}", "dim"),
        (figure.verdict, STYLES[figure.tone]),
    )  # fmt: skip


class MarksList(OptionList):
    """One row a criterion; the chosen one can be played and is explained beside the list."""

    def show(self, made: list[Row], unit: Unit) -> None:
        """Show these rows, keeping the place in the list."""
        chosen = self.highlighted or 0
        self.clear_options()
        self.add_options([Option(line(row, unit)) for row in made])
        self.highlighted = min(chosen, len(made) - 1) if made else None
