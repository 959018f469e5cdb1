"""The review queue as rows: assignments as headings, below each who has sent something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList

from bowout.core.coaching.dates import by_words
from bowout.core.coaching.standing import Phase, Standing
from bowout.core.coaching.words import PHASE_WORDS
from bowout.core.safety import printable
from bowout.rehearsal.review_queue import Group, ready
from bowout.tui.widgets.scenario_list import Lines

GLYPHS: dict[Phase, tuple[str, str]] = {
    "to_review": ("○", "$text-warning"),
    "answered": ("«", "$text-accent"),
    "done": ("✓", "$text-success"),
}
_PHASE, _SCORE, _TAKES, _NOTES = 13, 10, 10, 18


@dataclass(frozen=True)
class QueueHead(Lines):
    """The heading of an assignment: what it is, and how far the class is."""

    HEIGHT = 2
    group: Group
    now: datetime

    def content(self) -> Content:
        assignment, counts = self.group.handed.assignment, self.group.counts
        title = printable(f"{assignment.terms.class_name}: {' '.join(assignment.title.split())}")
        told = [by_words(assignment.terms.due, self.now)]
        told += [f"{counts.sent} of {counts.people} sent", f"{counts.to_review} to review"] if counts.people else []
        told += [f"{counts.below} below the mark"] if counts.below else []
        told += [] if counts.sent else ["nothing has come so far"]
        return Content.assemble((title, "bold $text-accent"), "\n", (", ".join(each for each in told if each), "dim"))


@dataclass(frozen=True)
class QueueRow(Visual):
    """One person's newest result on one line."""

    name: str
    standing: Standing

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        row = self.standing
        phase = row.latest.phase if row.latest is not None else "to_review"
        glyph, colour = GLYPHS[phase]
        room = max(10, width - _PHASE - _SCORE - _TAKES - _NOTES)
        name = Content(self.name).truncate(room - 1, ellipsis=True)
        score = "no marks" if row.score is None else f"{row.score}{' below' if row.below else ''}"
        line = Content.assemble(
            (f"{f'{glyph} {PHASE_WORDS[phase]}':<{_PHASE}}", colour),
            name.stylize("bold"),
            " " * (room - name.cell_length),
            (f"{score:<{_SCORE}}", "$text-warning" if row.below else ""),
            (f"{f'{row.takes} take' + ('' if row.takes == 1 else 's'):<{_TAKES}}", "dim"),
            (", ".join(notes_of(row)), "$text-warning"),
        )
        return line.truncate(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return 1


def notes_of(row: Standing) -> list[str]:
    """What is special about it, in a word or two each."""
    numbers = {take.number for take in row.latest.result.takes if take.counted} if row.latest is not None else set()
    told = {
        "not counted": row.latest is not None and any(each.number not in numbers for each in row.latest.result.sent),
        "disputed": row.disputed,
        "late": row.late,
        "not on the roster": not row.listed,
        "noted": ready(row),
    }
    return [words for words, holds in told.items() if holds]


class QueueList(OptionList):
    """Enter opens a result."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="queue.open", tooltip="Read the chosen result"),
    ]


__all__ = ["QueueHead", "QueueList", "QueueRow", "notes_of"]
