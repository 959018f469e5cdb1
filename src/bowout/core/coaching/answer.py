"""What a coach answers: comments on words or on the whole, marks confirmed or overridden with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.fields import MAX_TEXT, Unreadable
from bowout.core.coaching.parties import Party, party_from
from bowout.core.coaching.result import MAX_WORDS, Result

MAX_COMMENTS = 200
MAX_OVERRIDES = 200
MAX_REASON = 1000
ITEM_ANSWERS = ("heard", "not_heard")
FAULT_ANSWERS = ("found", "not_found")


@dataclass(frozen=True, slots=True)
class Comment:
    """A few words of the coach's."""

    text: str
    take: int | None = None
    """``None`` = on the whole result."""
    first: int | None = None
    """Index of the first word it is about in ``SentTake.counting``; ``None`` = the whole take."""
    last: int | None = None
    """Index of the last one."""
    quote: str = ""
    """Those words, as the coach read them."""

    def as_json(self) -> dict[str, Any]:
        made = {"text": self.text, "take": self.take, "first": self.first, "last": self.last}
        return made | {"quote": self.quote or None}


@dataclass(frozen=True, slots=True)
class Override:
    """A mark that the coach has another word on. The last word is the coach's."""

    take: int
    criterion: str
    state: str
    """``heard`` or ``not_heard`` of an item, ``found`` or ``not_found`` of a fault."""
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"take": self.take, "criterion": self.criterion, "state": self.state, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Review:
    """What a coach has noted on a result so far; nothing of it has been handed out."""

    comments: tuple[Comment, ...] = ()
    overrides: tuple[Override, ...] = ()
    confirmed: tuple[tuple[int, str], ...] = ()
    """Marks the coach agrees with: take and criterion."""

    def __bool__(self) -> bool:
        return bool(self.comments or self.overrides or self.confirmed)

    def commented(self, comment: Comment) -> Review:
        return replace(self, comments=(*self.comments, comment))

    def overridden(self, override: Override) -> Review:
        """With this word on a mark, in place of the one before."""
        kept = tuple(o for o in self.overrides if (o.take, o.criterion) != (override.take, override.criterion))
        agreed = tuple(each for each in self.confirmed if each != (override.take, override.criterion))
        return replace(self, overrides=(*kept, override), confirmed=agreed)

    def agreed(self, take: int, criterion: str) -> Review:
        """With this mark confirmed; an override of it is taken back."""
        kept = tuple(o for o in self.overrides if (o.take, o.criterion) != (take, criterion))
        others = tuple(each for each in self.confirmed if each != (take, criterion))
        return replace(self, overrides=kept, confirmed=(*others, (take, criterion)))

    def as_json(self) -> dict[str, Any]:
        return {
            "comments": [comment.as_json() for comment in self.comments],
            "overrides": [override.as_json() for override in self.overrides],
            "confirmed": [{"take": take, "criterion": criterion} for take, criterion in self.confirmed],
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """A take's score with the coach's word in force."""

    take: int
    score: int
    passed: bool

    def as_json(self) -> dict[str, Any]:
        return {"take": self.take, "score": self.score, "passed": self.passed}


@dataclass(frozen=True, slots=True)
class Answer:
    """One ``.bowanswer`` file, opened."""

    id: str
    """32 hexadecimal digits of what was signed."""
    coach: Party
    learner: str
    """``Party.key`` of whom it is for."""
    assignment: str
    result: str
    """Id of the result that is answered."""
    made: datetime
    review: Review
    verdicts: tuple[Verdict, ...] = field(default=())
    """Of takes whose marks were sent."""

    def head(self) -> dict[str, Any]:
        return {
            "from": self.coach.as_json(),
            "learner": self.learner,
            "assignment": self.assignment,
            "result": self.result,
            "made": self.made.isoformat(),
        }

    def as_json(self) -> dict[str, Any]:
        """The content of ``answer.json``."""
        return {"schema": 1, **self.review.as_json(), "verdicts": [each.as_json() for each in self.verdicts]}


def review_from(value: object) -> Review:
    """The inverse of ``Review.as_json``. Raises ``Unreadable``."""
    data = fields.mapping(value, "review")
    return Review(
        fields.items(data, "comments", MAX_COMMENTS, _comment),
        fields.items(data, "overrides", MAX_OVERRIDES, _override),
        fields.items(data, "confirmed", MAX_OVERRIDES, _confirmed),
    )


def answer_from(identity: str, head: Mapping[str, Any], data: object) -> Answer:
    """The inverse of ``head`` and ``as_json``. Raises ``Unreadable``."""
    content = fields.mapping(data, "answer")
    return Answer(
        id=identity,
        coach=party_from(head.get("from")),
        learner=fields.digits(head.get("learner"), "learner", 64),
        assignment=fields.digits(head.get("assignment"), "assignment", 32),
        result=fields.digits(head.get("result"), "result", 32),
        made=fields.moment(head.get("made"), "made"),
        review=review_from(content),
        verdicts=fields.items(content, "verdicts", MAX_COMMENTS, _verdict),
    )


def against(review: Review, result: Result) -> str:
    """What in a review does not fit the result, as a sentence; empty if all does."""
    sent = {each.number: each for each in result.sent}
    for override in review.overrides:
        take = sent.get(override.take)
        decided = {} if take is None else take.states()
        if take is None:
            return f"Take {override.take} was not sent."
        if override.criterion not in decided:
            return f"Take {override.take} has no mark “{override.criterion}”."
        of_fault = decided[override.criterion] in FAULT_ANSWERS
        if override.state not in (FAULT_ANSWERS if of_fault else ITEM_ANSWERS):
            return f"“{override.criterion}” is {' or '.join(FAULT_ANSWERS if of_fault else ITEM_ANSWERS)}."
        if not override.reason:
            return f"Say why “{override.criterion}” should be {override.state}."
    for number, criterion in review.confirmed:
        if number not in sent or criterion not in sent[number].states():
            return f"Take {number} has no mark “{criterion}”."
    for comment in review.comments:
        if not comment.text:
            return "A comment is empty."
        if comment.take is not None and comment.take not in {take.number for take in result.takes}:
            return f"There is no take {comment.take}."
        if comment.first is not None:
            words = len(sent[comment.take].counting) if comment.take in sent else 0
            if comment.last is None or not 0 <= comment.first <= comment.last < words:
                return f"Take {comment.take} has {words} words: the comment points at others."
    return ""


def about(answer: Answer, take: int) -> dict[str, Any]:
    """What an answer says of one take, as its record keeps it: the whole's comments included."""
    review = answer.review
    part = Review(
        tuple(each for each in review.comments if each.take in (None, take)),
        tuple(each for each in review.overrides if each.take == take),
        tuple(each for each in review.confirmed if each[0] == take),
    )
    verdict = next((each.as_json() for each in answer.verdicts if each.take == take), None)
    return {"answer": answer.id, "from": answer.coach.name, **part.as_json(), "verdict": verdict}


def quoted(review: Review, result: Result) -> Review:
    """The review with the words in its comments that they point at; it fits the result (``against``)."""
    sent = {each.number: each for each in result.sent}

    def words(comment: Comment) -> str:
        if comment.take is None or comment.first is None or comment.last is None:
            return ""
        return " ".join(word.text for word in sent[comment.take].counting[comment.first : comment.last + 1])

    return replace(review, comments=tuple(replace(each, quote=words(each)[:MAX_TEXT]) for each in review.comments))


def _comment(value: object) -> Comment:
    data = fields.mapping(value, "comments")

    def index(key: str) -> int | None:
        return fields.maybe(data.get(key), lambda each: fields.whole(each, key, 0, MAX_WORDS))

    made = Comment(
        text=fields.text(data, "text", MAX_TEXT),
        take=fields.maybe(data.get("take"), lambda each: fields.whole(each, "take", 1, 400)),
        first=index("first"),
        last=index("last"),
        quote=fields.text(data, "quote", MAX_TEXT, default=""),
    )
    if (made.first is None) != (made.last is None) or (made.first is not None and made.take is None):
        raise Unreadable("A comment on words should name its take, the first word and the last.")
    if made.first is not None and made.last is not None and made.first > made.last:
        raise Unreadable("A comment ends before it begins.")
    return made


def _override(value: object) -> Override:
    data = fields.mapping(value, "overrides")
    return Override(
        take=fields.whole(data.get("take"), "take", 1, 400),
        criterion=fields.name(data.get("criterion"), "criterion"),
        state=fields.choice(data.get("state"), "state", (*ITEM_ANSWERS, *FAULT_ANSWERS)),
        reason=fields.text(data, "reason", MAX_REASON),
    )


def _confirmed(value: object) -> tuple[int, str]:
    data = fields.mapping(value, "confirmed")
    return fields.whole(data.get("take"), "take", 1, 400), fields.name(data.get("criterion"), "criterion")


def _verdict(value: object) -> Verdict:
    data = fields.mapping(value, "verdicts")
    return Verdict(
        take=fields.whole(data.get("take"), "take", 1, 400),
        score=fields.whole(data.get("score"), "score", 0, 100),
        passed=fields.flag(data.get("passed"), "passed"),
    )


__all__ = [
    "FAULT_ANSWERS", "ITEM_ANSWERS", "Answer", "Comment", "Override", "Review", "Verdict", "about", "against",
    "answer_from", "quoted", "review_from",
]  # fmt: skip
