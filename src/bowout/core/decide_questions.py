"""The questions of a decision, in words that need no manual, and what is wrong with an answer.

A terminal and a screen ask them alike: ``questions`` says which ones there are after the answers so far (what cannot
matter is not asked), ``taken`` turns what was typed into the form that is kept, or says in a sentence why it can't be
used, ``case_from`` makes the case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal, cast

from bowout.core import moments, when
from bowout.core.case import Case, Channel
from bowout.core.criteria import Intent
from bowout.core.decide import decide
from bowout.core.document import shown, suggestion
from bowout.core.safety import printable
from bowout.errors import UsageError

Kind = Literal["choice", "text", "time", "times"]
NONE = "-"
"""Typed for “none” where a question has a suggestion and may be left open."""
_LONGEST = {"reason": 140, "email": 120}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``default`` is taken where nothing is typed."""

    id: str
    ask: str
    help: str = ""
    default: str = ""
    kind: Kind = "text"
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    """It may be left open."""


def _choices(**titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(id_, title) for id_, title in titles.items())


_YES_NO = _choices(yes="yes", no="no")
STAGE = _choices(before="it is still to come", during="I am in it now", after="it is over")
HAPPENED = {
    "before": _choices(
        illness="I am ill, or had an accident",
        emergency="a family or personal emergency",
        clash="something I can't move: a trip, work, an appointment",
        offer="another offer",
        mobility="a move, a visa or my family changes what is possible",
        mismatch="the job is not what I thought",
        doubts="I am not sure about it",
        weak="I am not ready, or don't feel like it",
        leverage="I only want an offer to bargain with",
    ),
    "during": _choices(
        mismatch="the job is not what I thought",
        misconduct="they crossed a line: harassment, discrimination, something illegal",
        emergency="something urgent: I have to go",
        doubts="I am not sure about it",
    ),
    "after": _choices(
        missed="I missed it",
        late="I cancelled late, or badly",
        silent="I did not answer them",
        left="I left it early",
        misconduct="they crossed a line: harassment, discrimination, something illegal",
    ),
}
WANT = _choices(yes="yes", unsure="not sure", no="no")
WEAK = _choices(
    unprepared="I have not prepared",
    nerves="I am too nervous",
    journey="the way there",
    review="I read something bad about them",
    mood="I just don't feel like it",
)
MOBILITY = _choices(move="I am moving away", visa="visa or sponsorship", family="my family")
MISMATCH = _choices(minor="a practical or a minor point", material="a material one: the work, the values, or the pay")
CHANNELS = _choices(email="by e-mail", phone="by phone", message="by text or chat")

_REASON = {
    "illness": "I have fallen ill",
    "emergency": "I have a family emergency",
    "clash": "I have a schedule conflict that I can't move",
    "offer": "I have accepted another offer",
    "move": "I am moving to another city",
    "visa": "my visa will not come through in time",
    "family": "my family is moving to another city",
    "missed": "I missed the interview and did not call you",
    "late": "I cancelled the interview at the last minute",
    "silent": "I did not answer your messages",
    "misconduct": "some of it was inappropriate",
}
_NO_FIT = "the role is not the right fit for me"
_ASKED_REASON = ("withdraw", "reschedule", "video", "leave", "repair", "disclose")
_MAIL = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:.]+")


def questions(answers: Mapping[str, str], now: datetime, known: Mapping[str, str] | None = None) -> list[Question]:
    """The questions there are after these answers, in their order. The earlier ones decide about the later ones.

    Args:
        answers: those so far, in the form in which they are kept.
        now: aware.
        known: what is known from an earlier case, as a suggestion: ``caller``.
    """
    stage, happened = answers.get("stage", "before"), answers.get("happened", "")
    asked = [
        Question("stage", "Where are you with the interview?", "", "before", "choice", STAGE),
        Question("happened", "What has happened?", "The real reason; nobody else reads it.", "", "choice",
                 HAPPENED.get(stage, HAPPENED["before"])),
    ]  # fmt: skip
    if not happened:
        return asked
    asked += _about(stage, happened, answers)
    firm = happened == "offer" and answers.get("signed") == "yes"
    if not firm and happened not in ("misconduct", "left"):
        ask = "Do you still want this job?"
        asked.append(Question("want", ask, "If it is no, be decisive.", "yes", "choice", WANT))
    asked.append(_interview(stage, happened))
    if any(question.id not in answers for question in asked):
        return asked
    decision = decide(answers, now)
    if decision.path == "attend":
        return asked
    whom = "As you would address them: Maria Keller, Dr. Okafor."
    if happened == "misconduct":  # the message goes to them
        whom = "Whoever invited you, rather than the one who did it: Maria Keller, Dr. Okafor."
    asked += [
        Question("caller", "Who are you?", "A first name and a last name.", (known or {}).get("caller", "")),
        Question("contact", "Who is your contact there?", whom),
        Question("company", "At which company?", "As they say it on the phone."),
        Question("role", "Which job is it about?", "As in “the … interview”: operations analyst."),
    ]
    if stage == "during":
        asked += _why(decision.path, answers)
        if happened == "emergency" and answers.get("want") == "yes":
            asked.append(_options(decision.path, answers, now))
        return asked
    if stage == "before" and decision.path != "learn":
        asked.append(Question("wrote_by", "How have they written or called so far?",
                              "The channel they use is the one they read.", "email", "choice", CHANNELS))  # fmt: skip
    if decision.path != "learn":
        asked += [
            Question("number", "Their phone number?", "Empty where you don't have one.", optional=True),
            Question("email", "Their e-mail address?", "Empty where you don't have one.", optional=True),
        ]
    asked += _why(decision.path, answers)
    if decision.path in ("reschedule", "video"):
        asked.append(_options(decision.path, answers, now))
    return asked


def _about(stage: str, happened: str, answers: Mapping[str, str]) -> list[Question]:
    if stage == "before" and happened in ("illness", "emergency", "clash"):
        ask = "Are you well enough for a video call?" if happened == "illness" else "Could you do it by video instead?"
        return [Question("video", ask, "At the same time, from where you are.", "no", "choice", _YES_NO)]
    if happened == "offer":
        asked = [Question("signed", "Have you accepted it, with a start date?", "", "yes", "choice", _YES_NO)]
        if answers.get("signed") == "yes":
            help_ = "A message is due within 24 hours of it. Like “today 9:00” or “2 hours ago”; Enter: just now."
            asked.append(Question("accepted", "When did you accept it?", help_, "now", "time"))
        return asked
    if happened == "mobility":
        return [
            Question("mobility", "Which of them?", "", "move", "choice", MOBILITY),
            Question("feasible", "Could you still take the job, if they knew?", "With another start, from elsewhere …",
                     "no", "choice", _YES_NO),
        ]  # fmt: skip
    if happened == "mismatch":
        return [Question("mismatch", "What kind of mismatch?", "", "minor", "choice", MISMATCH)]
    if happened == "weak":
        return [Question("weak", "What is it?", "", "unprepared", "choice", WEAK)]
    return []


def _interview(stage: str, happened: str) -> Question:
    if stage == "before":
        help_ = f"In your time, or with a zone: {when.EXAMPLES}."
        return Question("interview", "When is the interview?", help_, "", "time")
    if stage == "after":
        help_ = "In your time: “today 10:00”, “yesterday 3 pm”, “last Friday 10:00”, “20 November 14:00”."
        return Question("interview", "When was the interview?", help_, "", "time")
    help_ = "Like “20 minutes ago” or “today 10:00”."
    if happened == "misconduct":  # nobody has to answer questions before they may go
        help_ = f"You may go this moment: “I'm ending this here. Goodbye.” The rest can wait. {help_}"
    return Question("interview", "When did it begin?", help_, "now", "time")


def _why(path: str, answers: Mapping[str, str]) -> list[Question]:
    if path not in _ASKED_REASON:
        return []
    happened = answers.get("happened", "")
    if path == "disclose":
        default = {"visa": "I will need a visa", "family": "I can't move before the summer"}.get(
            answers.get("mobility", ""), "I can start only in three months"
        )
        return [Question("reason", "What should they know?", "As you would say it.", default)]
    default = _REASON.get(answers.get("mobility", "") if happened == "mobility" else happened, _NO_FIT)
    if answers.get("want") == "no" and happened not in ("illness", "emergency", "mobility") and path == "withdraw":
        default = _NO_FIT
    ask = "What did you do, in a few words?" if path == "repair" else "Why, in a few words, as you would say it?"
    help_ = "One sentence; no details."
    owed = happened != "misconduct"
    if not owed:
        default, help_ = "", "You owe them none: Enter leaves it out. If you name it: what was done, in a few words."
    asked = [Question("reason", ask, help_, default, optional=not owed)]
    if path == "withdraw" and happened == "mobility":
        help_ = "Such as “in the third quarter of next year”. Empty where you won't."
        asked.append(Question("return", "When might you apply again?", help_, optional=True))
    return asked


def _options(path: str, answers: Mapping[str, str], now: datetime) -> Question:
    interview = when.restored(answers["interview"])
    start = max(interview, now.astimezone(interview.tzinfo), key=datetime.timestamp)
    # Whoever is ill today is not well tomorrow.
    days = (3, 4) if answers.get("happened") == "illness" else (1, 2)
    first, second = (moments.Moment(day, True, time(hour)).on(start) for day, hour in zip(days, (10, 14), strict=True))
    if path == "video":
        ask, help_ = "And if not by video, which other time?", "One that you will keep. In the zone of the interview."
        return Question("options", ask, help_, _typed(second), "times")
    ask = "Which two other times can you offer?"
    help_ = "Two that you will keep, with a comma between them. In the zone of the interview."
    return Question("options", ask, help_, f"{_typed(first)}, {_typed(second)}", "times")


def _typed(at: datetime) -> str:
    """A moment as one would type it."""
    return f"{at.day} {at:%B} {at:%H:%M}"


def taken(question: Question, typed: str, answers: Mapping[str, str], now: datetime) -> tuple[str, str]:
    """What was typed as it is kept, and an empty text; or an empty text, and what is wrong with it.

    Times are kept in ISO 8601 with their offset, two of them with a space between them.
    """
    text = " ".join(typed.split()) or question.default
    if question.optional and text in ("", NONE):
        return "", ""
    if question.kind == "choice":
        return _chosen(question, text)
    if printable(text) != text:
        return "", "There is a character in it that no terminal shows. Type it anew."
    if question.kind == "time":
        return _time(question, text, answers, now)
    if question.kind == "times":
        return _times(text, answers, now)
    return _plain(question, text, answers, now)


def _chosen(question: Question, text: str) -> tuple[str, str]:
    """A number, an id, or the beginning of a title."""
    if text.isdecimal() and 1 <= int(text) <= len(question.choices):
        return question.choices[int(text) - 1].id, ""
    wanted = text.casefold()
    for choice in question.choices:
        if wanted and wanted in (choice.id, choice.title.casefold()):
            return choice.id, ""
    near = [
        c.id for c in question.choices if wanted and (c.title.casefold().startswith(wanted) or c.id.startswith(wanted))
    ]
    if len(near) == 1:
        return near[0], ""
    told = f"“{shown(text)}” is not among them. " if text else ""
    return "", f"{told}Type a number from 1 to {len(question.choices)}."


def _time(question: Question, text: str, answers: Mapping[str, str], now: datetime) -> tuple[str, str]:
    stage = answers.get("stage", "before")
    past = question.id == "accepted" or stage == "after"
    try:
        at = now if text.lower() == "now" else when.parse(text, now, past=past, today=True)
    except when.NotATime as error:
        return "", str(error)
    gone = when.elapsed(at, now)
    if question.id == "accepted" and gone < timedelta(0):
        return "", "That is still to come. Say when you accepted, or that you have not yet."
    if question.id == "interview":
        if stage == "before" and gone >= timedelta(0):
            return "", "That has passed. Say when it will be, or go back and choose “it is over”."
        if stage == "after" and gone < timedelta(0):
            return "", "That is still to come. Say when it was, or go back and choose “it is still to come”."
        if stage == "during" and not timedelta(0) <= gone < timedelta(hours=12):
            return "", "You are in it now: say when it began, such as “now” or “today 10:00”."
    return when.kept(at.replace(microsecond=0)), ""


def _times(text: str, answers: Mapping[str, str], now: datetime) -> tuple[str, str]:
    interview = when.restored(answers["interview"])
    wanted = 1 if decide(answers, now).path == "video" else 2
    parts = [part.strip() for part in re.split(r"\s*(?:[,;]|\bor\b|\band\b)\s*", text) if part.strip()]
    if len(parts) != wanted:
        two = "Two times, with a comma between them, such as “Friday 10:00, 30 November 14:00”."
        return "", two if wanted == 2 else "One other time, such as “Friday 10:00”."
    # The user's own zone, which knows when the clocks change, where the interview is in it.
    own = interview.utcoffset() == interview.astimezone(now.tzinfo).utcoffset()
    found: list[datetime] = []
    for part in parts:
        try:
            at = when.parse(part, now if own else now.astimezone(interview.tzinfo))
        except when.NotATime as error:
            return "", str(error)
        if when.elapsed(now, at) <= timedelta(0):
            return "", f"“{shown(part)}” has passed. Offer what is still to come."
        if when.elapsed(at, interview) == timedelta(0):
            return "", f"“{shown(part)}” is the time of the interview itself. Take another."
        if any(when.elapsed(at, other) == timedelta(0) for other in found):
            return "", "Both are the same time. Offer two."
        found.append(at)
    return " ".join(when.kept(at) for at in sorted(found, key=datetime.timestamp)), ""


def _plain(question: Question, text: str, answers: Mapping[str, str], now: datetime) -> tuple[str, str]:
    if any(bracket in text for bracket in "{}[]"):
        return "", "Leave out the brackets: they mark blanks that are still to be filled in."
    longest = _LONGEST.get(question.id, _LONGEST_NAME)
    if len(text) > longest:
        return "", f"That has {len(text)} characters; at most {longest}."
    if not any(c.isalnum() for c in text):
        return "", "There is no word in it."
    if question.id == "email" and not _MAIL.fullmatch(text):
        return "", f"“{shown(text)}” is no e-mail address, such as maria@example.org."
    if question.id == "number" and not re.fullmatch(r"[+(]?[\d ()/.\-]{3,}(?:(?:ext\.?|x) ?\d+)?", text):
        return "", f"“{shown(text)}” is no phone number, such as +44 20 7946 0000."
    if question.id == "reason":
        return _reason(text, question, answers, now)
    return text, ""


_SENTENCE: dict[str, str] = {
    "reschedule": "I'm sorry, but {}, so I can't come at that time.",
    "withdraw": "I have to tell you that {}, so I'm withdrawing from the process.",
    "leave": "Now that I have heard more, {}, so I would like to end the interview here.",
    "repair": "I have to be honest with you: {}.",
}
_WRONG_REASON = {
    "vague_reason": "That is an empty phrase, which annoys people. Name the kind of reason: “{}”.",
    "weak_reason": "That reason would count against you. Take one that a stranger would accept: “{}”.",
    "oversharing": "That is more than an employer needs. A few words are enough: “{}”.",
    "negativity": "That blames them. Say it neutrally: “{}”.",
}
_LOWERED = frozenset(
    "my the a an there our we it this that they he she his her their some one two no another because due some".split()
)
"""First words of a reason that lose their capital in the middle of a sentence."""


def _reason(text: str, question: Question, answers: Mapping[str, str], now: datetime) -> tuple[str, str]:
    text = re.sub(r"^because (?!of )", "", text.rstrip(".!; "), flags=re.IGNORECASE)
    example = question.default or _REASON.get(answers.get("happened", ""), _NO_FIT)
    if len(text.split()) < 2:
        return "", f"Say it as a short sentence, such as “{example}”."
    first, _, rest = text.partition(" ")
    if first.lower() in _LOWERED:
        text = f"{first.lower()} {rest}"
    decision = decide(answers, now)
    from bowout.core.marking import mark  # here: the other questions need no bank
    from bowout.core.transcript import from_text

    intent: Intent = decision.intent or "withdraw"
    found = mark(from_text(_SENTENCE[intent].format(text)), intent).faults
    for fault, told in _WRONG_REASON.items():
        # What they did may be named: it is the fact. What one did oneself is to be owned in any words.
        spared = answers.get("happened") == "misconduct" and fault == "negativity"
        if fault in found and found[fault].found and not spared and decision.path != "repair":
            return "", told.format(example)
    return text, ""


def case_from(answers: Mapping[str, str], now: datetime, id_: str = "") -> Case:
    """The case that complete answers make. ``now``: aware."""
    decision = decide(answers, now)
    return Case(
        id=id_,
        created=now.replace(microsecond=0),
        path=decision.path,
        intent=decision.intent,
        caller=answers.get("caller", ""),
        contact=answers.get("contact", ""),
        company=answers.get("company", ""),
        role=answers.get("role", ""),
        interview=when.restored(answers["interview"]) if answers.get("interview") else None,
        number=answers.get("number", ""),
        email=answers.get("email", ""),
        wrote_by=cast(Channel, answers.get("wrote_by", "")),
        reason=answers.get("reason", ""),
        reason_written=answers.get("reason", ""),
        options=tuple(when.restored(each) for each in answers.get("options", "").split()),
        answers={name: value for name, value in answers.items() if name not in _OWN_FIELDS},
    )


_OWN_FIELDS = frozenset({"caller", "contact", "company", "role", "number", "email", "reason"})


def answers_from(given: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """All answers at once, as a file gives them; what is left out gets its default.

    Raises:
        UsageError: the first thing that is wrong, or missing and without a default.
    """
    kept: dict[str, str] = {}
    at = 0
    while at < len(asked := questions(kept, now)):
        question, at = asked[at], at + 1
        typed = given.get(question.id, "")
        if question.id == "options" and isinstance(typed, list):
            typed = ", ".join(map(str, typed))
        if not isinstance(typed, str):
            raise UsageError(f"“{question.id}” is {typed!r}.", "Every answer is a text, as you would type it.")
        if not typed and not question.default and not question.optional:
            names = ", ".join(c.id for c in question.choices)
            raise UsageError(f"“{question.id}” is missing: {question.ask}", f"One of {names}." if names else "")
        value, wrong = taken(question, typed, kept, now)
        if wrong:
            raise UsageError(f"“{question.id}”: {wrong}")
        kept[question.id] = value
    for key in given:
        if key not in kept:
            raise UsageError(f"“{shown(key)}” is not asked after these answers.", suggestion(key, kept))
    return kept


def told(question: Question, value: str, now: datetime) -> str:
    """An answer that was taken, for people."""
    if question.kind == "choice":
        return next((choice.title for choice in question.choices if choice.id == value), value)
    if question.kind in ("time", "times"):
        return ", or ".join(moments.written(when.restored(each)) for each in value.split())
    return value or "–"


__all__ = ["NONE", "Choice", "Question", "answers_from", "case_from", "questions", "taken", "told"]
