"""A private note of an incident in an interview: the facts first, with date and time; added to, never rewritten.

“Document what happened, with dates and times” (the article, “When to Escalate: Serious Misconduct or Legal Concerns”).
A note is kept as the events that made it (``begun``, ``added``); nothing in it can be changed. All moments are aware.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bowout.core import moments, when
from bowout.core.case import Case
from bowout.core.decide_questions import Question
from bowout.core.draft import Draft, typed_again
from bowout.core.safety import printable
from bowout.errors import InputError, UsageError

BEGUN, ADDED = "begun", "added"
LONGEST = 10_000
"""Characters of one answer, or of one addition."""
FACTS: Mapping[str, str] = {
    "about": "The interview",
    "where": "Where",
    "who": "Who",
    "what": "What was said or done",
    "seen": "Who saw or heard it",
    "more": "Besides",
}
"""The answers besides the time, in the order in which they are told, and what they are called."""
NOT_NOTED = "not noted"
_MEND = "Its file was changed by something else. What it says is never quoted here."


@dataclass(frozen=True, slots=True)
class Addition:
    """Something that was remembered, or done, later."""

    written: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One note. Texts that were left open are empty."""

    written: datetime
    """When the note was begun."""
    happened: datetime
    what: str
    about: str = ""
    where: str = ""
    who: str = ""
    seen: str = ""
    more: str = ""
    """What is no fact: how it felt, what one did then."""
    case: str = ""
    """Id of the case it belongs to; the note stays where that is deleted."""
    additions: tuple[Addition, ...] = ()
    id: str = ""

    @property
    def title(self) -> str:
        """“site planner at Northwind, Wednesday 25 November 2026, 3 pm”."""
        return ", ".join(filter(None, (self.about, _day(self.happened))))

    def first_json(self) -> dict[str, Any]:
        """What its first event holds."""
        moments_ = {"written": when.kept(self.written), "happened": when.kept(self.happened)}
        return moments_ | {name: getattr(self, name) for name in FACTS} | {"case": self.case}

    def as_json(self) -> dict[str, Any]:
        """Schema 1."""
        added = [{"written": when.kept(each.written), "text": each.text} for each in self.additions]
        return {"schema": 1, "id": self.id, **self.first_json(), "additions": added}


def folded(events: Iterable[Mapping[str, Any]]) -> Incident | None:
    """The note that its events have made; ``None`` without a beginning. Raises ``InputError``."""
    note: Incident | None = None
    for event in events:
        kind = event.get("kind")
        if kind == BEGUN:
            told = event.get("note")
            if not isinstance(told, Mapping):
                raise InputError("The beginning of the incident note can't be read.", _MEND)
            texts: dict[str, Any] = {name: _text(told.get(name, ""), name) for name in (*FACTS, "case")}
            note = Incident(_moment(told.get("written"), "written"), _moment(told.get("happened"), "happened"), **texts)
        elif kind == ADDED and note is not None:
            addition = Addition(_moment(event.get("written"), "written"), _text(event.get("text"), "text"))
            note = replace(note, additions=(*note.additions, addition))
    return note


# Writing it down.


def questions(case: Case | None, now: datetime) -> tuple[Question, ...]:
    """What is asked for a note; what its case knows is suggested, but for names and the place, which may have been a
    screen: nobody is accused by a default. ``now``: aware; a time that is typed is meant in its zone."""
    began, about = "now", ""
    if case is not None:
        if case.interview is not None:
            began = f"{case.interview.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
        at = f" at {case.company}" if case.company else ""
        about = f"{case.role or 'interview'}{at}"
    return (
        Question("happened", "When did it happen?", "Like “15:10”, “20 minutes ago”, “yesterday 9:30”.", began, "time"),
        Question("about", "Which interview was it?", "The job, and the company.", about, optional=True),
        Question("where", "Where was it?", "The address, the room, or “by video”.", optional=True),
        Question("who", "Who did it?", "Names, or what you know of them.", optional=True),
        Question("what", "What was said or done?", "In their words where you can, one thing after the other."),
        Question("seen", "Who saw or heard it?", "Anybody in the room, or on the call.", optional=True),
        Question("more", "Anything else?", "How it felt, what you did then: apart from the facts.", optional=True),
    )  # fmt: skip


def begun(asked: Iterable[Question], draft: Draft, now: datetime) -> dict[str, str]:
    """What a draft says to each question; “20 minutes ago” as the moment that was meant then. ``now``: aware."""
    texts: dict[str, str] = {}
    for question in asked:
        text = draft.texts.get(question.id, "")
        if question.kind == "time":
            value, wrong = taken(question, text, draft.at)
            text = text if wrong else typed_again(when.restored(value), now)
        texts[question.id] = text
    return texts


def told_again(asked: Iterable[Question], answers: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The texts of a draft with these answers. ``now``: aware."""
    times = {question.id for question in asked if question.kind == "time"}
    return {name: typed_again(when.restored(value), now) if name in times else value for name, value in answers.items()}


def taken(question: Question, typed: str, now: datetime) -> tuple[str, str]:
    """What was typed as it is kept, and an empty text; or an empty text, and what is wrong with it. ``now``: aware."""
    text = typed.replace("\r\n", "\n").strip() or question.default
    if question.kind != "time":
        return plain(text, optional=question.optional)
    try:
        at = now if text.lower() == "now" else when.parse(text, now, past=True, today=True)
    except when.NotATime as error:
        return "", str(error)
    if when.elapsed(at, now).total_seconds() < 0:
        return "", "That is still to come. Say when it was, as exactly as you can."
    return when.kept(at.replace(second=0, microsecond=0)), ""


def plain(text: str, *, optional: bool = False) -> tuple[str, str]:
    """The text as it is kept, and an empty one; or an empty one, and why it can't be kept as it is."""
    text = text.replace("\r\n", "\n").replace("\t", " ").strip()
    if not text:
        return "", "" if optional else "Write down what was said or done; a few words will do for now."
    if len(text) > LONGEST:
        return "", f"That has {len(text)} characters; at most {LONGEST}. The rest can be added afterwards."
    if printable(text) != text:
        return "", "There is a character in it that no terminal shows. Type it anew."
    return text, ""


def incident_from(answers: Mapping[str, str], now: datetime, case_id: str = "") -> Incident:
    """The note that complete answers make. ``now``: aware."""
    texts: dict[str, Any] = {name: answers.get(name, "") for name in FACTS}
    return Incident(now.replace(microsecond=0), when.restored(answers["happened"]), **texts, case=case_id)


def answers_from(given: Mapping[str, Any], case: Case | None, now: datetime) -> dict[str, str]:
    """All answers at once, as a file gives them. Raises ``UsageError``: the first thing that is wrong."""
    kept: dict[str, str] = {}
    asked = questions(case, now)
    for key in given:
        if key not in {question.id for question in asked}:
            names = ", ".join(question.id for question in asked)
            raise UsageError(f"“{printable(key)}” is no part of a note.", f"These are: {names}.")
    for question in asked:
        typed = given.get(question.id, "")
        if not isinstance(typed, str):
            raise UsageError(f"“{question.id}” is {typed!r}.", "Every answer is a text, as you would type it.")
        kept[question.id], wrong = taken(question, typed, now)
        if wrong:
            raise UsageError(f"“{question.id}”: {wrong}")
    return kept


# Reading it.


def dated(moment: datetime) -> str:
    """“Wednesday 25 November 2026, 3:10 pm (UTC+01:00)”: clear in any year and to any reader."""
    offset = f"{moment:%z}"
    return f"{_day(moment)} (UTC{offset[:3]}:{offset[3:5]})"


def _day(moment: datetime) -> str:
    day, _, clock = moments.written(moment).partition(", ")
    return f"{day} {moment.year}, {clock}"


def note_lines(note: Incident) -> Iterator[str]:
    """The whole note: when and where, who, what, who saw it; then what is no fact; then what was added."""
    yield "A private note of an incident"
    yield f"Written {dated(note.written)}"
    yield ""
    yield f"When: {dated(note.happened)}"
    for name, title in FACTS.items():
        text = getattr(note, name)
        if name == "more" and not text:
            continue
        if name in ("what", "more"):
            yield f"{title}:"
            yield from (f"  {line}".rstrip() for line in text.split("\n"))
        else:
            yield f"{title}: {text or NOT_NOTED}"
    for each in note.additions:
        yield ""
        yield f"Added {dated(each.written)}:"
        yield from (f"  {line}".rstrip() for line in each.text.split("\n"))


def export_text(note: Incident) -> str:
    """The note as a file for whoever it is shown to."""
    told = "What stands above was not changed after it was written; what came later carries its own date."
    return "\n".join((*note_lines(note), "", told)) + "\n"


def row(note: Incident) -> str:
    """One line of a list."""
    added = len(note.additions)
    return note.title + (f" (and {added} addition{'' if added == 1 else 's'})" if added else "")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"“{name}” of the incident note is no text.", _MEND)
    return value


def _moment(value: Any, name: str) -> datetime:
    try:
        return when.restored(value)
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(f"“{name}” of the incident note is no date and time with its zone.", _MEND) from error


__all__ = [
    "ADDED", "BEGUN", "FACTS", "LONGEST", "NOT_NOTED", "Addition", "Incident", "answers_from", "begun", "dated",
    "export_text", "folded", "incident_from", "note_lines", "plain", "questions", "row", "taken", "told_again",
]  # fmt: skip
