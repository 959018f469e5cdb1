"""What a coach has said of an attempt, read back from its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.answer import Override, Review, Verdict, review_from
from bowout.core.coaching.fields import MAX_NAME, Unreadable
from bowout.core.coaching.terms import paragraphs
from bowout.core.coaching.words import criterion_words
from bowout.core.review import state_words

KIND = "coach"
"""The event of an attempt's record; its form is that of ``answer.about``."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One answer's words on one attempt."""

    coach: str
    review: Review
    verdict: Verdict | None = None
    """The score with the coach's word in force; ``None`` where no marks were sent."""

    def override(self, criterion: str) -> Override | None:
        """The coach's word on one mark."""
        return next((each for each in self.review.overrides if each.criterion == criterion), None)

    def confirms(self, criterion: str) -> bool:
        return any(each == criterion for _, each in self.review.confirmed)


def noted(events: Iterable[Mapping[str, Any]]) -> Noted | None:
    """The newest answer on it; ``None`` where there is none. An event that is not of that form is left out."""
    found: Noted | None = None
    for event in events:
        if event.get("kind") != KIND:
            continue
        try:
            found = Noted(fields.text(event, "from", MAX_NAME), review_from(event), _verdict(event.get("verdict")))
        except Unreadable:
            continue
    return found


def _verdict(value: object) -> Verdict | None:
    if value is None:
        return None
    data = fields.mapping(value, "verdict")
    return Verdict(
        take=fields.whole(data.get("take"), "take", 1, 400),
        score=fields.whole(data.get("score"), "score", 0, 100),
        passed=fields.flag(data.get("passed"), "passed"),
    )


def noted_line(said: Noted) -> str:
    """“Ana Lee: 90 of 100, passed, with their word”."""
    if said.verdict is None:
        return f"{said.coach} has answered."
    return f"{said.coach}: {said.verdict.score} of 100{', passed' if said.verdict.passed else ''}, with their word."


def noted_lines(said: Noted) -> Iterator[str]:
    """All of it, a paragraph each."""
    yield noted_line(said)
    for comment in said.review.comments:
        yield "\n".join(paragraphs(f"“{comment.quote}”: {comment.text}" if comment.quote else comment.text))
    for each in said.review.overrides:
        yield "\n".join(paragraphs(f"{criterion_words(each.criterion)}: {state_words(each.state)}. {each.reason}"))
    if said.review.confirmed:
        yield f"Confirmed: {', '.join(criterion_words(criterion) for _, criterion in said.review.confirmed)}."


__all__ = ["KIND", "Noted", "noted", "noted_line", "noted_lines"]
