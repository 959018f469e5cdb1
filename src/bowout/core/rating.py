"""How the caller thought it went, asked before the marks: on the same checklist, one answer each, all of it optional.

Whoever has said first what they believe takes the marks for what they are, and learns where the two part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bowout.core.criteria import FAULTS, ITEMS, faults_for
from bowout.core.marks import Marks, State
from bowout.core.review import FAULT_WORDS, item_words

KIND = "rating"
"""The event of an attempt's record."""
REGRET = "Anything you regret saying?"


@dataclass(frozen=True, slots=True)
class Rating:
    """The caller's own answers; what was skipped is not there."""

    items: Mapping[str, bool] = field(default_factory=dict)
    """By item: it was said."""
    faults: Mapping[str, bool] = field(default_factory=dict)
    """By fault: it was made."""

    @property
    def empty(self) -> bool:
        return not self.items and not self.faults

    def as_event(self) -> dict[str, Any]:
        """What the record keeps beside the kind and the time; ``rating_from`` reads it back."""
        return {"items": dict(self.items), "faults": dict(self.faults)}


@dataclass(frozen=True, slots=True)
class Question:
    """One line to be answered."""

    id: str
    """An item, a fault, or empty for the one line that stands for all faults."""
    text: str
    fault: bool = False


def questions(marks: Marks) -> tuple[Question, ...]:
    """What is asked: each item that this call owes, and one line for everything that should not be said."""
    owed = [mark for mark in marks.items.values() if mark.required]
    asked = [Question(m.id, m.question or (ITEMS[m.id].question if m.id in ITEMS else item_words(m.id))) for m in owed]
    return (*asked, Question("", REGRET, fault=True)) if marks.faults or faults_for(marks.intent) else tuple(asked)


def regrets(marks: Marks) -> tuple[Question, ...]:
    """What can be regretted, one line each: asked of whoever regrets something."""
    ids = list(marks.faults) or [fault.id for fault in faults_for(marks.intent)]
    return tuple(Question(id_, FAULTS[id_].question, fault=True) for id_ in ids if id_ in FAULTS)


def rating_from(answers: Mapping[tuple[str, bool], bool], marks: Marks) -> Rating:
    """The answers as a rating.

    Args:
        answers: by id and kind (``Question.id``, ``Question.fault``). That nothing is regretted answers every fault;
            that something is answers none of them.
    """
    items = {id_: said for (id_, fault), said in answers.items() if not fault}
    faults = {id_: made for (id_, fault), made in answers.items() if fault and id_}
    if answers.get(("", True)) is False:
        faults = dict.fromkeys((each.id for each in regrets(marks)), False)
    return Rating(items, faults)


def latest(events: Iterable[Mapping[str, Any]]) -> Rating | None:
    """The last rating of a record, or ``None``; what is not of that form is left out."""
    found: Rating | None = None
    for event in events:
        if event.get("kind") == KIND:
            found = Rating(_answers(event.get("items")), _answers(event.get("faults")))
    return None if found is None or found.empty else found


def _answers(value: object) -> dict[str, bool]:
    if not isinstance(value, Mapping):
        return {}
    return {str(id_): answer for id_, answer in value.items() if isinstance(answer, bool)}


def differing(rating: Rating, marks: Marks) -> dict[str, str]:
    """What the caller said where the ear says otherwise, by criterion and in the words of the review.

    Where the ear is unsure nobody differs from it.
    """
    made = {}
    for id_, said in rating.items.items():
        mark = marks.items.get(id_)
        if mark is not None and mark.state is not State.UNSURE and said != (mark.state is State.HEARD):
            made[id_] = "heard" if said else "not heard"
    for id_, regretted in rating.faults.items():
        fault = marks.faults.get(id_)
        if fault is not None and regretted != fault.found:
            made[id_] = "fault" if regretted else "not found"
    return made


def summary(rating: Rating, marks: Marks) -> str:
    """One or two kind sentences on where the caller and the ear part; empty where nothing was rated."""
    if rating.empty:
        return ""
    ear = listener(marks)
    apart = differing(rating, marks)

    def those(*said: str) -> list[str]:
        return [FAULT_WORDS.get(id_, id_) if id_ in marks.faults else item_words(id_)
                for id_, words in apart.items() if words in said]  # fmt: skip

    heard, spared, second = those("not heard"), those("fault"), those("heard", "not found")
    better = [f"{ear} heard {_list(heard)}"] if heard else []
    better += ["what you regret was not found"] if spared else []
    parts = []
    if better:
        parts.append(f"It went better than it felt: {', and '.join(better)}.")
    if second:
        parts.append(f"Worth a second look: {_list(second)}.")
    return " ".join(parts) or f"You and {ear} agree on all that you rated."


def listener(marks: Marks) -> str:
    """Who marked it: nobody heard what was typed."""
    return "the trainer" if marks.transcript.ear == "typed" else "the ear"


def _list(labels: list[str]) -> str:
    if len(labels) > 3:
        return f"{', '.join(labels[:2])} and {len(labels) - 2} more"
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


__all__ = [
    "KIND", "REGRET", "Question", "Rating", "differing", "latest", "listener", "questions", "rating_from", "regrets",
    "summary",
]  # fmt: skip
