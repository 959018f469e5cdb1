"""What a learner sends back: every take by its row, and of one take of each call what was asked and agreed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.fields import MAX_LINE, MAX_NAME, Unreadable
from bowout.core.coaching.parties import Party, party_from
from bowout.core.coaching.sent_marks import MAX_MARKS, marks_from, unquoted
from bowout.core.coaching.takes import STATES, Take
from bowout.core.coaching.terms import MAX_SCENARIOS, PARTS, Part, part_of
from bowout.core.disputes import published_states

MAX_LISTED = 400
"""Takes of one assignment, of all its calls."""
MAX_WORDS = 6000
"""Words of one take."""
MAX_LINES = 400
"""Lines of a conversation."""
MAX_AUDIO_BYTES = 24 * 2**20
"""Recordings, all together: twelve minutes."""
MAX_SEQUENCE = 10**10
_ANSWERS = ("heard", "not_heard", "found", "not_found")


@dataclass(frozen=True, slots=True)
class SentWord:
    """One word as it was understood, or as the learner corrected it."""

    text: str
    start: float
    """Seconds on the recording's clock, or the word's index (``SentTake.unit``)."""
    end: float
    turn: int
    confidence: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "word": self.text,
            "start": self.start,
            "end": self.end,
            "confidence": self.confidence,
            "turn": self.turn,
        }


@dataclass(frozen=True, slots=True)
class SentTake:
    """What goes of one take. Parts that were left out are empty."""

    number: int
    scenario: str
    outcome: str = ""
    unit: str = "s"
    """``s`` or ``word``."""
    marks: Mapping[str, Any] | None = None
    """The published form of a result (schema 1) as it counts, without its transcript; quotes only where the words go,
    too."""
    first_marks: Mapping[str, Any] | None = None
    """The same before the learner corrected what was heard; ``None`` where nothing was corrected."""
    disputes: Mapping[str, str] = field(default_factory=dict)
    """What the learner says of a mark instead, by criterion: ``heard``, ``not_heard``, ``found`` or ``not_found``."""
    words: tuple[SentWord, ...] = ()
    """What was heard."""
    corrected: tuple[SentWord, ...] | None = None
    """The words as the learner corrected them."""
    lines: tuple[tuple[int, str, str], ...] = ()
    """The other side's lines: turn that follows, speaker (empty = the main voice), text."""
    audio: str = ""
    """Name of the recording within the file; empty = it was left out."""

    @property
    def counting(self) -> tuple[SentWord, ...]:
        """The words that the marks rest on; comments count in them."""
        return self.words if self.corrected is None else self.corrected

    def states(self) -> dict[str, str]:
        """The program's decision on every criterion, by id; empty without marks."""
        return published_states(self.marks)

    def as_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "number": self.number,
            "scenario": self.scenario,
            "outcome": self.outcome or None,
            "unit": self.unit,
        }
        if self.marks is not None:
            made |= {
                "marks": dict(self.marks),
                "first_marks": None if self.first_marks is None else dict(self.first_marks),
            }
            made["disputes"] = dict(self.disputes)
        if self.words or self.corrected is not None:
            made["words"] = [word.as_json() for word in self.words]
            made["corrected"] = None if self.corrected is None else [word.as_json() for word in self.corrected]
            made["lines"] = [{"turn": turn, "speaker": who, "text": said} for turn, who, said in self.lines]
        if self.audio:
            made["audio"] = self.audio
        return made

    def without_words(self) -> SentTake:
        """What a list of results needs; the quotes in the marks are words, too."""
        marks, first = (None if each is None else unquoted(each) for each in (self.marks, self.first_marks))
        return replace(self, words=(), corrected=None, lines=(), marks=marks, first_marks=first)


@dataclass(frozen=True, slots=True)
class Result:
    """One ``.bowresult`` file, opened."""

    id: str
    """32 hexadecimal digits of what was signed."""
    assignment: str
    learner: Party
    made: datetime
    """By the learner's clock."""
    sequence: int
    """Rises with every result of this learner for this assignment, from 1; the highest one counts."""
    who: str
    """The name, number or address by which the coach knows them, as they typed it."""
    parts: tuple[Part, ...]
    takes: tuple[Take, ...]
    """Every take that was made, without ids; scores only where the marks go."""
    sent: tuple[SentTake, ...]
    withdrawn: bool = False
    """The learner leaves the assignment and asks that what they sent before be deleted; nothing else is in it."""

    def head(self) -> dict[str, Any]:
        """What the signed manifest says beside the sums."""
        return {
            "from": self.learner.as_json(),
            "assignment": self.assignment,
            "made": self.made.isoformat(),
            "sequence": self.sequence,
            "withdrawn": self.withdrawn,
        }

    def as_json(self) -> dict[str, Any]:
        """The content of ``result.json``."""
        return {
            "schema": 1,
            "who": self.who,
            "parts": list(self.parts),
            "takes": [take_json(take) for take in self.takes],
            "sent": [sent.as_json() for sent in self.sent],
        }


def result_from(identity: str, head: Mapping[str, Any], data: object) -> Result:
    """The inverse of ``head`` and ``as_json``. Raises ``Unreadable``."""
    content = fields.mapping(data, "result")
    parts = fields.items(content, "parts", len(PARTS), part_of)
    takes = fields.items(content, "takes", MAX_LISTED, _take)
    sent = fields.items(content, "sent", MAX_SCENARIOS, _sent)
    numbers = {take.number: take for take in takes}
    if len(numbers) != len(takes) or any(each.number not in numbers for each in sent):
        raise Unreadable("The takes and their numbers don't agree.")
    if len({each.number for each in sent}) != len(sent):
        raise Unreadable("A take is in it twice.")
    for each in sent:
        if each.scenario != numbers[each.number].scenario:
            raise Unreadable("The takes and their calls don't agree.")
        _only(each, parts)
    withdrawn = fields.flag(head.get("withdrawn", False), "withdrawn")
    if withdrawn and (parts or takes or sent):
        raise Unreadable("It takes back and sends at once.")
    who = fields.text(content, "who", MAX_NAME)
    if not who:
        raise Unreadable("“who” is empty.")
    return Result(
        id=identity,
        assignment=fields.digits(head.get("assignment"), "assignment", 32),
        learner=party_from(head.get("from")),
        made=fields.moment(head.get("made"), "made"),
        sequence=fields.whole(head.get("sequence"), "sequence", 1, MAX_SEQUENCE),
        who=who,
        parts=tuple(part for part in PARTS if part in parts),
        takes=takes,
        sent=sent,
        withdrawn=withdrawn,
    )


def _only(sent: SentTake, parts: Iterable[str]) -> None:
    """Nothing but what the file says it holds."""
    there = {
        "marks": sent.marks is not None,
        "transcript": bool(sent.words or sent.corrected),
        "audio": bool(sent.audio),
    }
    for part, has in there.items():
        if has and part not in parts:
            raise Unreadable(f"It holds {part} and says it does not.")


def take_json(take: Take) -> dict[str, Any]:
    """A take's row: all but its id in the learner's records."""
    return {
        "number": take.number,
        "scenario": take.scenario,
        "started": take.started.isoformat(),
        "mode": take.mode,
        "ear": take.ear,
        "state": take.state,
        "counted": take.counted,
        "cause": take.cause or None,
        "seconds": round(take.seconds, 1),
        "score": take.score,
        "passed": take.passed,
        "disputed": take.disputed,
        "drill": take.drill or None,
    }


def _take(value: object) -> Take:
    data = fields.mapping(value, "takes")
    return Take(
        number=fields.whole(data.get("number"), "number", 1, MAX_LISTED),
        attempt="",
        scenario=fields.name(data.get("scenario"), "scenario"),
        started=fields.moment(data.get("started"), "started"),
        mode=fields.text(data, "mode", 20),
        ear=fields.text(data, "ear", 40, default=""),
        state=fields.choice(data.get("state"), "state", STATES),  # type: ignore[arg-type]
        counted=fields.flag(data.get("counted"), "counted"),
        cause=fields.text(data, "cause", MAX_LINE, default=""),
        seconds=fields.number(data.get("seconds"), "seconds", 0, 1e6),
        score=fields.maybe(data.get("score"), lambda each: fields.whole(each, "score", 0, 100)),
        passed=fields.maybe(data.get("passed"), lambda each: fields.flag(each, "passed")),
        disputed=fields.flag(data.get("disputed", False), "disputed"),
        drill=fields.text(data, "drill", 64, default=""),
    )


def _sent(value: object) -> SentTake:
    data = fields.mapping(value, "sent")
    number = fields.whole(data.get("number"), "number", 1, MAX_LISTED)
    audio = fields.maybe(data.get("audio"), lambda each: fields.choice(each, "audio", (audio_name(number),)))
    return SentTake(
        number=number,
        scenario=fields.name(data.get("scenario"), "scenario"),
        outcome=fields.text(data, "outcome", 100, default=""),
        unit=fields.choice(data.get("unit"), "unit", ("s", "word")),
        marks=fields.maybe(data.get("marks"), marks_from),
        first_marks=fields.maybe(data.get("first_marks"), marks_from),
        disputes=fields.named(data, "disputes", MAX_MARKS, lambda key, each: fields.choice(each, key, _ANSWERS)),
        words=fields.items(data, "words", MAX_WORDS, _word),
        corrected=fields.maybe(
            data.get("corrected"), lambda each: fields.items({"corrected": each}, "corrected", MAX_WORDS, _word)
        ),
        lines=fields.items(data, "lines", MAX_LINES, _line),
        audio=audio or "",
    )


def audio_name(number: int) -> str:
    """Name of a take's recording within the file."""
    return f"take-{number}.wav"


def _word(value: object) -> SentWord:
    data = fields.mapping(value, "words")
    return SentWord(
        text=fields.text(data, "word", 200),
        start=fields.number(data.get("start"), "start", 0, 1e6),
        end=fields.number(data.get("end"), "end", 0, 1e6),
        turn=fields.whole(data.get("turn"), "turn", 0, 1000),
        confidence=fields.maybe(data.get("confidence"), lambda each: fields.number(each, "confidence", 0, 1)),
    )


def words_from(result: Mapping[str, Any]) -> tuple[SentWord, ...]:
    """The words of a result in its published form. Raises ``Unreadable``."""
    return fields.items(result, "transcript", MAX_WORDS, _word)


def _line(value: object) -> tuple[int, str, str]:
    data = fields.mapping(value, "lines")
    turn = fields.whole(data.get("turn"), "turn", 0, 1000)
    said = " ".join(fields.text(data, "text", 1000).split())
    return turn, fields.text(data, "speaker", MAX_NAME, default=""), said


__all__ = [
    "MAX_AUDIO_BYTES", "MAX_LINES", "MAX_SEQUENCE", "MAX_WORDS", "Result", "SentTake", "SentWord", "audio_name",
    "result_from", "take_json", "words_from",
]  # fmt: skip
