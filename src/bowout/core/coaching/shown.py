"""A take that was sent, as a coach reads it: marks with every word on them, and the words with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bowout.core.coaching.answer import Review
from bowout.core.coaching.result import SentTake
from bowout.core.coaching.words import criterion_words
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.marks import Marks
from bowout.core.marks_reading import marks_from_json
from bowout.core.review import Row, fault_row, item_row, state_words
from bowout.core.transcript import Transcript, Turn, Unit, Word

OPPOSITE = {"heard": "not_heard", "not_heard": "heard", "found": "not_found", "not_found": "found"}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One criterion with what the program, the learner and the coach say of it."""

    row: Row
    """The program's."""
    state: str
    """The same as it is published: ``heard``, ``not_heard``, ``unsure``, ``found`` or ``not_found``."""
    theirs: str = ""
    """What the learner says instead."""
    mine: str = ""
    """What the coach says instead."""
    reason: str = ""
    """Why."""
    confirmed: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """What a coach can say instead, the likeliest first: what the learner says, else the opposite."""
        known = ("found", "not_found") if self.row.fault else ("heard", "not_heard")
        first = self.theirs or OPPOSITE.get(self.state, "heard")
        return tuple(sorted((each for each in known if each != self.state), key=lambda each: each != first))

    @property
    def open(self) -> bool:
        """The learner disputes it, and the coach has not given a word."""
        return bool(self.theirs) and not self.mine and not self.confirmed


def marks_of(sent: SentTake) -> Marks | None:
    """The program's marks as they count, over the words as they count; ``None`` where they were not sent."""
    if sent.marks is None:
        return None
    return replace(marks_from_json({**sent.marks, "transcript": []}), transcript=transcript_of(sent))


def transcript_of(sent: SentTake) -> Transcript:
    """The words as they count, turn by turn. A word's white space, which no honest word has, is left out, so that
    words can be counted."""
    turns: dict[int, list[Word]] = {}
    for word in sent.counting:
        text = "".join(word.text.split()) or "�"
        turns.setdefault(word.turn, []).append(Word(text, word.start, word.end, word.confidence))
    unit: Unit = "word" if sent.unit == "word" else "s"
    ear = str((sent.marks or {}).get("ear", ""))
    return Transcript(tuple(Turn(index, tuple(turns[index])) for index in sorted(turns)), unit, ear)


def mark_rows(sent: SentTake, review: Review) -> list[MarkRow]:
    """Disputed marks and faults that were found first, then what was to be said, then what earns credit, then the
    faults that were not found. The order does not change with what the coach says."""
    marks = marks_of(sent)
    if marks is None:
        return []
    rows = [item_row(mark, mark.question or _question(mark.id)) for mark in marks.items.values()]
    rows += [fault_row(mark, _question(mark.id)) for mark in marks.faults.values()]
    words = {each.criterion: each for each in review.overrides if each.take == sent.number}
    agreed = {criterion for take, criterion in review.confirmed if take == sent.number}
    states = sent.states()
    made = [
        MarkRow(
            row if row.fault else replace(row, label=criterion_words(row.id)),
            states[row.id],
            sent.disputes.get(row.id, ""),
            words[row.id].state if row.id in words else "",
            words[row.id].reason if row.id in words else "",
            row.id in agreed,
        )
        for row in rows
        if row.id in states
    ]
    return sorted(made, key=lambda each: _place(each, each.row.id in sent.disputes))


def _question(criterion: str) -> str:
    known = ITEMS.get(criterion) or FAULTS.get(criterion)
    return known.question if known is not None else ""


def _place(each: MarkRow, disputed: bool) -> int:
    if disputed or each.state == "found":
        return 0
    if each.row.fault:
        return 3
    return 1 if each.row.required else 2


def notes(review: Review) -> list[tuple[str, str]]:
    """What was noted, each with a name that ``without`` knows."""
    made = []
    for n, comment in enumerate(review.comments):
        where = "On the whole" if comment.take is None else f"Take {comment.take}"
        where += f", “{comment.quote}”" if comment.quote else ""
        made.append((f"comment:{n}", f"{where}: {comment.text}"))
    for n, each in enumerate(review.overrides):
        what = f"Take {each.take}, {criterion_words(each.criterion)}: {state_words(each.state)}."
        made.append((f"override:{n}", f"{what} {each.reason}"))
    for n, (take, criterion) in enumerate(review.confirmed):
        made.append((f"confirmed:{n}", f"Take {take}, {criterion_words(criterion)}: agreed"))
    return made


def without(review: Review, name: str) -> Review:
    """The review with one of its ``notes`` taken back."""
    kind, _, number = name.partition(":")
    gone = int(number)
    if kind == "comment":
        return replace(review, comments=_but(review.comments, gone))
    if kind == "override":
        return replace(review, overrides=_but(review.overrides, gone))
    return replace(review, confirmed=_but(review.confirmed, gone))


def _but(kept: tuple[_T, ...], gone: int) -> tuple[_T, ...]:
    return (*kept[:gone], *kept[gone + 1 :])


def commented(review: Review, number: int, words: int) -> Sequence[bool]:
    """Of every word of a take, whether a comment is on it."""
    made = [False] * words
    for each in review.comments:
        if each.take == number and each.first is not None and each.last is not None:
            for index in range(each.first, min(each.last, words - 1) + 1):
                made[index] = True
    return made


__all__ = ["MarkRow", "commented", "mark_rows", "marks_of", "notes", "transcript_of", "without"]
