"""What was being written when it was left: kept as it stands, and offered again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bowout.core import when
from bowout.core.decide_questions import Question, questions
from bowout.errors import InputError

SCHEMA = 1
DECIDE = "decide"
"""The key of the questions of a decision; there is one at a time."""
_TYPED = "typed:"
"""Before the id of a question: what was typed there, taken or not."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Texts by name, as they were at a moment (aware)."""

    at: datetime
    texts: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        return {"schema": SCHEMA, "at": when.kept(self.at), "texts": dict(self.texts)}

    @classmethod
    def from_json(cls, value: object) -> Draft:
        """Raises ``InputError``."""
        if not isinstance(value, Mapping) or value.get("schema") != SCHEMA:
            raise InputError("It is no draft of this version.")
        texts = value.get("texts")
        if not isinstance(texts, Mapping) or not all(isinstance(each, str) for pair in texts.items() for each in pair):
            raise InputError("The draft holds something else than texts.")
        try:
            return cls(when.restored(str(value.get("at"))), dict(texts))
        except ValueError as error:
            raise InputError("The draft has no date.") from error

    def question(self, now: datetime) -> str:
        """What is asked before it is taken up again: “Go on with what you wrote today at 2:05 pm?”"""
        return f"Go on with what you wrote {when.spoken_here(self.at, now)}?"


def key_of(what: str, id_: str = "") -> str:
    """The name under which a draft is kept.

    Args:
        what: ``message``, ``practice``, ``incident`` or ``addition``.
        id_: of the case, the scenario or the note that it is for; empty where it is for none.
    """
    return f"{what}-{id_}" if id_ else what


# The questions of a decision.


def of_answers(answers: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """The texts of a draft: the answers so far as they are kept, and what was typed."""
    return {**answers, **{f"{_TYPED}{name}": text for name, text in typed.items() if text}}


def answers_in(draft: Draft, now: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """The answers of a draft that still hold, and what was typed. A time that was typed (“2 hours ago”) is told as
    the moment that was meant then. ``now``: aware."""
    answers: dict[str, str] = {}
    while True:
        left = [each for each in questions(answers, now) if each.id not in answers]
        if not left or not _holds(left[0], draft.texts.get(left[0].id)):
            break
        answers[left[0].id] = draft.texts[left[0].id]
    typed = {name.removeprefix(_TYPED): text for name, text in draft.texts.items() if name.startswith(_TYPED)}
    for question in questions(answers, now):
        if question.kind == "time" and question.id in answers:
            typed[question.id] = typed_again(when.restored(answers[question.id]), now)
        elif question.kind == "time":
            typed.pop(question.id, None)
    return answers, typed


def _holds(question: Question, value: str | None) -> bool:
    if value is None:
        return False
    if question.kind == "choice":
        return value in {choice.id for choice in question.choices}
    if question.kind in ("time", "times"):
        try:
            return bool([when.restored(each) for each in value.split()])
        except ValueError:
            return False
    return bool(value) or question.optional


def typed_again(at: datetime, now: datetime) -> str:
    """A moment as one would type it on any later day."""
    if isinstance(at.tzinfo, ZoneInfo) and at.tzinfo != now.tzinfo:
        return f"{at:%Y-%m-%d %H:%M} {at.tzinfo.key}"
    return f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"


__all__ = ["DECIDE", "SCHEMA", "Draft", "answers_in", "key_of", "of_answers", "typed_again"]
