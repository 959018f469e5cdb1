"""A result as text: every mark with the words behind it, the same content as the trainer's review."""

from __future__ import annotations

from collections.abc import Iterator

from bowout.core.criteria import FAULTS
from bowout.core.labels import EAR_WORDS
from bowout.core.marks import Marks
from bowout.core.review import Row, approximate, clock, fault_row, figures, item_row, place

_INDENT = " " * 15


def lines(marks: Marks, title: str = "") -> Iterator[str]:
    """The whole review, line by line."""
    transcript = marks.transcript
    yield f"{title + ': ' if title else ''}{marks.score} of 100, {'passed' if marks.passed else 'not passed yet'}"
    ear = EAR_WORDS.get(transcript.ear, transcript.ear)
    yield f"Ear: {ear}{'; times are approximate' if approximate(transcript) else ''}"
    yield ""
    yield "What should be said"
    for mark in marks.items.values():
        row = item_row(mark)
        yield from _row(row, mark.id if row.required else f"{mark.id} (optional)", marks)
    yield ""
    yield "What should not be said"
    found = [mark for mark in marks.faults.values() if mark.found]
    for fault in found:
        yield from _row(fault_row(fault, FAULTS[fault.id].question), fault.id, marks)
    if not found:
        yield "  nothing found"
    yield ""
    yield "How it was said"
    for figure in figures(marks):
        target = f"  (aim {figure.target}: {figure.verdict})" if figure.verdict else ""
        yield f"  {figure.label:20} {figure.value}{target}"
    for filler in marks.delivery.fillers or ():
        yield f"{'':23}{filler.kind} at {clock(filler.start)}"
    if marks.next_time:
        yield ""
        yield f"Next time: {marks.next_time}"


def _row(row: Row, name: str, marks: Marks) -> Iterator[str]:
    where = ""
    if row.span is not None:
        doubt = approximate(marks.transcript, row.span.turn)
        where = f"“{row.span.quote}” {place(row.span, marks.transcript.unit, approximate=doubt)}"
    yield f"  {row.glyph} {row.word:10} {name:21} {where}".rstrip()
    if row.tone in ("bad", "doubt"):
        yield f"{_INDENT}{row.question}"
        if row.say_instead:
            yield f"{_INDENT}Say: {row.say_instead}"


__all__ = ["lines"]
