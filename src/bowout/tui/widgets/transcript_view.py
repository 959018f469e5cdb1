"""The conversation with every credited or blamed stretch labelled."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from bowout.core.marks import Marks
from bowout.core.review import Stretch, clock, stretches
from bowout.core.safety import printable
from bowout.core.transcript import Turn
from bowout.rehearsal.events import RecruiterSpoke


def transcript(marks: Marks, lines: Sequence[RecruiterSpoke], contact: str) -> Content:
    """Recruiter's lines dimmed, the caller's words in full, in the order in which they were said."""
    blocks: list[Content] = []
    turns = list(marks.transcript.turns)
    for n, line in enumerate(lines):
        follows = n if line.turn is None else line.turn
        while turns and turns[0].index < follows:
            blocks.append(_turn(turns.pop(0), marks))
        speaker = printable(line.speaker) or contact
        blocks.append(Content.assemble((f"{speaker}  ", "bold dim"), (line.text, "dim")))
    blocks += [_turn(turn, marks) for turn in turns]
    return Content("\n\n").join(blocks) if blocks else Content("Nothing was said.")


def _turn(turn: Turn, marks: Marks) -> Content:
    at = f" {clock(turn.words[0].start)}" if turn.words and marks.transcript.unit == "s" else ""
    parts: list[Content | str | tuple[str, str]] = [(f"You{at}  ", "bold $text-primary")]
    for stretch in stretches(turn, marks):
        parts += [_stretch(stretch), " "]
    if not turn.words:
        parts.append(("(nothing)", "dim"))
    return Content.assemble(*parts)


def _stretch(stretch: Stretch) -> Content:
    if stretch.fault:
        style, glyph = "underline $text-error", "✗"
    elif stretch.doubt:
        style, glyph = "underline $text-warning", "?"
    elif stretch.labels:
        style, glyph = "underline $text-success", "✓"
    else:
        return Content(stretch.text)
    label = f" [{glyph} {', '.join(stretch.labels)}]" if stretch.labels else ""
    return Content.assemble((stretch.text, style), (label, "dim"))


class TranscriptView(Static):
    """Shows one set of marks at a time."""

    def show(self, marks: Marks, lines: Sequence[RecruiterSpoke], contact: str) -> None:
        self.update(transcript(marks, lines, contact))
