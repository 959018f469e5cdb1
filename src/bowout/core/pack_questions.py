"""The questions that make a scenario, in words that need no manual, and what is wrong with an answer.

A terminal and a screen ask them alike: ``questions`` says which ones there are after the answers so far, ``taken``
turns what was typed into the form of the files, or says in a sentence why it can't be used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import cast

from bowout.core import moments
from bowout.core.criteria import INTENTS, Intent
from bowout.core.document import shown, suggestion
from bowout.core.pack_template import Kit
from bowout.core.pack_writing import Answers
from bowout.core.scenario import Channel, fill
from bowout.core.transcript import from_text
from bowout.errors import UsageError

TEMPLATE = "template"
"""The last choice, after the questions: how the call goes."""
KEYS = (
    "intent", "situation", "channel", "caller", "contact", "company", "role", "interview", "reason", "alternatives",
    "pushback", TEMPLATE,
)  # fmt: skip
"""Every answer there may be."""

_LONGEST = {"situation": 100, "reason": 140}
_MOST_WORDS = {"situation": 20, "reason": 25}
_LONGEST_NAME = 60
_MOST_WORDS_OF_A_NAME = 8
"""Recruiters say names, and no line may take longer than 12 s."""
_INTENT_CHOICES: dict[Intent, tuple[str, str]] = {
    "reschedule": ("move the interview", "you want the job, and another day"),
    "withdraw": ("withdraw", "you cancel the interview and leave the process"),
    "leave": ("leave politely", "you end an interview that has begun"),
    "repair": ("make amends", "you missed it, or cancelled it badly"),
}
_CHANNEL_CHOICES: dict[Channel, tuple[str, str]] = {
    "phone": ("by phone", "it rings first, and sounds like a telephone"),
    "in_person": ("face to face", "you are in the room"),
    "video": ("by video", "you see each other on a screen"),
}
_SITUATION: dict[Intent, str] = {
    "reschedule": "Your train is cancelled",
    "withdraw": "You have accepted another offer",
    "leave": "The job is not what was advertised",
    "repair": "You missed the interview and did not call",
}
_OTHER_SITUATION: dict[Intent, str] = {
    "reschedule": "You are ill on the day",
    "withdraw": "You are going back to college",
    "leave": "It is nearly all night shifts",
    "repair": "You cancelled by text at the last minute",
}
_INTERVIEW: dict[Intent, str] = {
    "reschedule": "today 15:00",
    "withdraw": "tomorrow 10:00",
    "leave": "today 11:00",
    "repair": "yesterday 10:00",
}
_REASON: dict[Intent, str] = {
    "reschedule": "my train has been cancelled",
    "withdraw": "I have accepted another offer",
    "leave": "this role is not the right fit for me",
    "repair": "I missed the interview and did not call you",
}
_OTHER_REASON: dict[Intent, str] = {
    "reschedule": "I have come down with a fever",
    "withdraw": "I am going back to college",
    "leave": "night shifts are impossible for me",
    "repair": "I cancelled by text an hour before",
}
_ALTERNATIVES = "in 2 workdays 10:00, in 3 workdays 14:00"
_TIMES = "“today 3 pm”, “tomorrow 9:30”, “in 2 days 10:00” or “in 2 workdays 14:00”"
_PAST_TIMES = "“yesterday 10:00” or “3 days ago 9:30”"
_DAY = (
    r"(?P<named>today|tomorrow|yesterday)|in (?P<ahead>\d{1,2}) (?P<ahead_unit>days?|work(?:ing )?days?)"
    r"|(?P<back>\d{1,2}) (?P<back_unit>days?|work(?:ing )?days?) ago"
    r"|(?P<signed>[+-]\d{1,2}) (?P<signed_unit>days?|workdays?)"
)
_CLOCK = r"(?P<noon>noon)|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?P<half> ?[ap]\.?m\.?)?"
_TIME = re.compile(rf"(?:{_DAY}),?(?: at)? (?:{_CLOCK})")
_LOWERED = frozenset(
    "my the a an there our we it this that they he she his her their something some one two no another because due"
    " unfortunately".split()
)
"""First words of a reason that lose their capital in the middle of a sentence."""
_WRONG_REASON = {
    "vague_reason": "That is an empty phrase, and would be marked so. Name a kind of reason, such as “{example}”.",
    "weak_reason": "That would be marked as a weak reason. Take one that a stranger would accept: “{example}”.",
    "oversharing": "That is more than an employer needs, and would be marked so. A few words are enough: “{example}”.",
    "negativity": "That sounds like criticism, and would be marked so. Say it without blame, such as “{example}”.",
    "soft_no": "That sounds undecided, and would be marked so. Say it plainly, such as “{example}”.",
    "mixed_message": "That keeps the door half open, and would be marked so. Say it plainly, such as “{example}”.",
    "leverage": "That sounds like a bargain, and would be marked so. Leave the terms out: “{example}”.",
    "over_apology": "Leave the apology out: the call has one already. Such as “{example}”.",
}
_DAYS = [datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc) + timedelta(days=n) for n in range(7)]
"""A week: what holds on each of its days holds on every day."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    id: str
    title: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``default`` is taken where nothing is typed."""

    id: str
    ask: str
    help: str
    default: str
    example: str = ""
    choices: tuple[Choice, ...] = ()


def questions(answers: Mapping[str, str], kit: Kit) -> list[Question]:
    """The questions there are after these answers, ten at most; the choice of a template is not among them.

    What has but one possible answer is not asked.
    """
    intent = _intent(answers)
    past = intent == "repair"
    asked = [
        Question(
            "intent",
            "What do you want?",
            "You are the caller in these questions, whoever will practise the call.",
            "reschedule",
            choices=tuple(Choice(id_, title, says) for id_, (title, says) in _INTENT_CHOICES.items()),
        ),
        Question(
            "situation",
            "What is the situation, in one line?",
            "It becomes the title of the call.",
            _SITUATION[intent],
            _OTHER_SITUATION[intent],
        ),
    ]
    channels = kit.channels(intent)
    if len(channels) > 1:
        choices = tuple(Choice(id_, *_CHANNEL_CHOICES[id_]) for id_ in channels)
        asked.append(Question("channel", "How do you talk with each other?", "", channels[0], choices=choices))
    asked += [
        Question("caller", "Who are you?", "A first name and a last name.", "Sam Lee", "Priya Nair"),
        Question(
            "contact", "Whom do you speak with?", "As you would greet them by name.", "Maria Keller", "Doctor Okafor"
        ),
        Question(
            "company", "At which company?", "As they would say it on the phone.", "Northwind", "Brightwater Clinic"
        ),
        Question("role", "Which job is it about?", "What comes before “interview”.", "site planner", "office manager"),
        Question(
            "interview",
            "When was the interview?" if past else "When is the interview?",
            "Counted from the day of practising, so that it never ages.",
            _INTERVIEW[intent],
            _PAST_TIMES if past else "“today 11:00”" if intent == "leave" else _TIMES,
        ),
        Question(
            "reason",
            "What did you do, in a few words?" if past else "Why, in a few words?",
            "As you would say it after “I have to be honest with you”."
            if past
            else "As you would say it after “because”, and no details.",
            _REASON[intent],
            _OTHER_REASON[intent],
        ),
    ]
    if intent == "reschedule":
        asked.append(
            Question(
                "alternatives",
                "Which two other times can you offer?",
                "Two that you would keep, with a comma between them.",
                _ALTERNATIVES,
                "tomorrow 9 am, in 4 days 3 pm",
            )
        )
    pressing = tuple(Choice(p.id, p.title, p.says) for p in kit.pressing(intent))
    asked.append(Question("pushback", "How do they press you?", "", pressing[0].id, choices=pressing))
    return asked


def template_question(answers: Mapping[str, str], kit: Kit) -> Question:
    """The choice of a graph, once the questions are answered."""
    intent = _intent(answers)
    suiting = kit.suiting(intent, answers.get("channel", kit.channels(intent)[0]))
    choices = tuple(Choice(t.id, t.title, t.says) for t in suiting)
    return Question(TEMPLATE, "How does the call go?", "", choices[0].id, choices=choices)


def taken(question: Question, typed: str, answers: Mapping[str, str], kit: Kit) -> tuple[str, str]:
    """What was typed in the form of the files, and an empty text; or an empty text, and what is wrong with it.

    Args:
        typed: any text; where it is empty the default is taken.
        answers: those to the questions before, in the form of the files.
    """
    text = " ".join(typed.split()) or question.default
    if question.choices:
        return _chosen(question, text)
    wrong = _unusable(question.id, text)
    if wrong:
        return "", wrong
    intent = _intent(answers)
    if question.id == "interview":
        return _interview(text, intent)
    if question.id == "alternatives":
        return _alternatives(text, answers)
    if question.id == "reason":
        return _reason(text, intent, kit)
    return text, ""


def answers_from(given: Mapping[str, str], kit: Kit) -> Answers:
    """All answers at once; what is left out gets its default.

    Raises:
        UsageError: the first thing that is wrong.
    """
    for key in given:
        if key not in KEYS:
            raise UsageError(f"There is no question “{shown(key)}”.", suggestion(key, KEYS))
    kept: dict[str, str] = {}
    at = 0
    while at < len(asked := questions(kept, kit)):  # the first answer decides about the others
        question, at = asked[at], at + 1
        kept[question.id] = _checked(question, given, kept, kit)
    last = template_question(kept, kit)
    kept[TEMPLATE] = _checked(last, given, kept, kit)
    for key in given.keys() - kept.keys():
        if key != "channel" or given[key] not in kit.channels(_intent(kept)):
            raise UsageError(f"“{key}” is not asked where you {_INTENT_CHOICES[_intent(kept)][0]}.", "Leave it out.")
    return made(kept, kit)


def made(answers: Mapping[str, str], kit: Kit) -> Answers:
    """The answers of every question and of the template, in the form of the files."""
    intent = _intent(answers)
    alternatives = answers.get("alternatives")
    return Answers(
        intent=intent,
        situation=answers["situation"],
        channel=cast(Channel, answers.get("channel", kit.channels(intent)[0])),
        caller=answers["caller"],
        contact=answers["contact"],
        company=answers["company"],
        role=answers["role"],
        interview=answers["interview"],
        reason=answers["reason"],
        pushback=answers["pushback"],
        template=answers[TEMPLATE],
        alternatives=None if alternatives is None else cast("tuple[str, str]", tuple(alternatives.split(", "))),
    )


def canonical_time(text: str) -> str | None:
    """“tomorrow at 3 pm” as the files have it, ``tomorrow 15:00``; ``None`` where it is no time."""
    found = _TIME.fullmatch(text.strip().lower())
    if found is None:
        return None
    if found["noon"]:
        hour, minute = 12, 0
    else:
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if found["half"]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if "p" in found["half"] else 0)
        elif found["minute"] is None and found["hour"].startswith("0"):
            return None
    if found["named"]:
        day = found["named"]
    elif found["signed"]:
        day = _days(int(found["signed"]), found["signed_unit"])
    elif found["ahead"]:
        day = _days(int(found["ahead"]), found["ahead_unit"])
    else:
        day = _days(-int(found["back"]), found["back_unit"])
    written = f"{day} {hour:02d}:{minute:02d}"
    return written if moments.parse(written) else None


def _days(number: int, unit: str) -> str:
    word = "workday" if unit.startswith("work") else "day"
    return f"{number:+d} {word}{'' if abs(number) == 1 else 's'}"


def _intent(answers: Mapping[str, str]) -> Intent:
    return cast(Intent, answers["intent"]) if answers.get("intent") in INTENTS else "reschedule"


def _checked(question: Question, given: Mapping[str, str], kept: Mapping[str, str], kit: Kit) -> str:
    value, wrong = taken(question, given.get(question.id, ""), kept, kit)
    if wrong:
        raise UsageError(f"“{question.id}”: {wrong}")
    return value


def _chosen(question: Question, text: str) -> tuple[str, str]:
    """A number, an id, or the beginning of a title."""
    if text.isdecimal() and 1 <= int(text) <= len(question.choices):
        return question.choices[int(text) - 1].id, ""
    wanted = text.casefold()
    for choice in question.choices:
        if wanted in (choice.id, choice.id.replace("_", " "), choice.title.casefold()):
            return choice.id, ""
    near = [c.id for c in question.choices if c.title.casefold().startswith(wanted) or c.id.startswith(wanted)]
    if len(near) == 1:
        return near[0], ""
    return "", f"“{shown(text)}” is not among them. Type a number from 1 to {len(question.choices)}."


def _unusable(id_: str, text: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") for c in text):
        return "There is a character in it that no terminal shows. Type it anew."
    if "{" in text or "}" in text:
        return "Leave out “{” and “}”: in a scenario they mark blanks."
    longest = _LONGEST.get(id_, _LONGEST_NAME)
    if len(text) > longest:
        return f"That has {len(text)} characters; at most {longest}."
    words = len(text.split())
    most = _MOST_WORDS.get(id_, _MOST_WORDS_OF_A_NAME)
    if words > most and id_ not in ("interview", "alternatives"):
        return f"That has {words} words; at most {most}."
    if not any(c.isalnum() for c in text):
        return "There is no word in it."
    return ""


def _interview(text: str, intent: Intent) -> tuple[str, str]:
    time = canonical_time(text)
    if time is None:
        forms = _PAST_TIMES if intent == "repair" else _TIMES
        return "", f"“{shown(text)}” is no time that is known here. Write it like {forms}."
    moment = moments.parse(time)
    assert moment is not None, "it is in the form of the files"
    if intent == "repair" and moment.days > 0:
        return "", f"It is over already: write it like {_PAST_TIMES}."
    if intent == "leave" and moment.days != 0:
        return "", "You are in the middle of it: write it like “today 11:00”."
    if intent in ("reschedule", "withdraw") and moment.days < 0:
        return "", f"It is still to come: write it like {_TIMES}."
    return time, ""


def _alternatives(text: str, answers: Mapping[str, str]) -> tuple[str, str]:
    parts = [part.strip() for part in re.split(r"\s*(?:[,;]|\bor\b|\band\b)\s*", text) if part.strip()]
    if len(parts) != 2:
        return "", f"Two times, with a comma between them: {_ALTERNATIVES}."
    times = []
    for part in parts:
        time = canonical_time(part)
        if time is None:
            return "", f"“{shown(part)}” is no time that is known here. Write it like {_TIMES}."
        times.append(time)
    first, second, interview = (moments.parse(time) for time in (*times, answers.get("interview", "today 15:00")))
    assert first is not None and second is not None and interview is not None, "they are in the form of the files"
    if first.days < 0 or second.days < 0:
        return "", "One of them is in the past. Offer two that are still to come."
    for day in _DAYS:
        if first.on(day) == second.on(day):
            return "", f"On a {day:%A} both are the same time. Offer two that never meet."
        if interview.on(day) in (first.on(day), second.on(day)):
            return "", f"On a {day:%A} one of them is the time of the interview itself. Take another."
    return ", ".join(times), ""


def _reason(text: str, intent: Intent, kit: Kit) -> tuple[str, str]:
    text = re.sub(r"^because (?!of )", "", text.rstrip(".!; "), flags=re.IGNORECASE)
    example = _REASON[intent]
    if len(text.split()) < 2:
        return "", f"Say it as a short sentence, such as “{example}”."
    first, _, rest = text.partition(" ")
    if first.lower() in _LOWERED:
        text = f"{first.lower()} {rest}"
    from bowout.core.marking import mark  # here: the other questions need no bank

    wording = kit.intents[intent]
    marks = mark(from_text(fill(wording.with_reason, {"reason": text})), intent)
    for fault in marks.faults.values():
        if fault.found:
            return "", _WRONG_REASON[fault.id].replace("{example}", example)
    return text, ""


__all__ = [
    "KEYS", "TEMPLATE", "Choice", "Question", "answers_from", "canonical_time", "made", "questions", "taken",
    "template_question",
]  # fmt: skip
