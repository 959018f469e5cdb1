"""Is a message ready? What a careful reader would stop at before it goes out.

The published checklist is read by the marking engine; the rest is what writing needs beside it: a subject that is
found, length, blanks, alternatives that are real, and words that fit what really happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from bowout.core import moments, when
from bowout.core.case import Report
from bowout.core.criteria import FAULTS, ITEMS, Intent
from bowout.core.marking import Rules, mark
from bowout.core.marking.engine import evidence
from bowout.core.marks import State
from bowout.core.messages import TEMPLATES, Message, contact_of
from bowout.core.messages.times import Written, times_in, troubles
from bowout.core.transcript import Transcript, from_text

MOST_WORDS = 130
"""Of a mail: one short paragraph, a greeting and a closing line."""
MOST_SIGNS = 320
"""Of a text message: two of the 160 that a phone sends at once."""
LONGEST_SUBJECT = 110
"""Characters; programs cut what is longer in a list."""
MOST_READ = 20_000
"""Characters that are read at all; a mail has about 600."""

Weight = Literal["stop", "look"]
Busy = tuple[datetime, datetime, str]
"""Begin, end (aware) and name of something in the user's own calendar."""

_LEFT_OVER = re.compile(
    r"\{[^{}\n]*\}|\[[^\[\]\n]*\]|<[^<>\n]*>|\b_{2,}|\bx{3,}\b|\bTB[CDA]\b|\byour name\b|…{2,}|\?{3,}|\.{4,}",
    re.IGNORECASE,
)
_DULL = frozenset(
    "a about an and announcement application apology appointment cancel cancellation candidacy change confirmation "
    "date hello hi important info information interview job job's just letter mail meeting message my new news note "
    "notice our question re regarding request reschedule rescheduling schedule sorry thank thanks the to update urgent "
    "withdraw withdrawal you your".split()
)
"""A subject of such words alone is lost among others."""
_CALL = re.compile(
    r"\b(?:on the (?:phone|telephone)|(?:over|by) (?:the )?(?:phone|telephone)|(?:our|the|my|your) (?:phone )?calls?\b"
    r"(?! (?:for|centre|center))|taking my call|took my call|(?:we|I) (?:just )?spoke|(?:we|I) (?:just )?talked"
    r"|speaking (?:with|to) (?:me|you)|when we met|hearing me out|I (?:called|rang|phoned)|what we agreed"
    r"|as (?:we )?(?:agreed|discussed)|as I (?:said|told you|mentioned))\b",
    re.IGNORECASE,
)
_VOICEMAIL = re.compile(
    r"\b(?:voice ?mail|voice message|answering machine|message (?:that )?I left|mailbox)\b", re.IGNORECASE
)
_TRIED = re.compile(r"\btried to (?:reach|call|ring|phone)\b", re.IGNORECASE)
_CLAIMS_AGREEMENT = re.compile(
    r"\b(?:as (?:we )?agreed|what we agreed|your understanding on the phone|speaking with me|hearing me out)\b",
    re.IGNORECASE,
)
_WITHDRAWS = re.compile(
    r"\b(?:withdraw(?:ing|n|al)?|take my name off|no longer (?:be )?(?:considered|interested|available|a candidate)"
    r"|cancel my (?:application|candidacy)|(?:must|have to) decline|(?:step|stepping|pull|pulling) out)\b",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:(?:another|a new|a different|a later|an earlier|the new) (?:date|day|time|slot)|reschedul\w+|postpone"
    r"|(?:move|moving|shift|put off) (?:it|the|our|my)\b.{0,30}\binterview|which (?:of them )?suits you"
    r"|could (?:we meet|I come)|I could (?:come|do|make it))\b",
    re.IGNORECASE,
)

_OWED: Mapping[str, frozenset[str]] = {
    "confirm": frozenset(("greeting", "name", "role", "when", "thanks")),
    "cut_short": frozenset(("name", "role", "when", "ask", "reason", "options", "thanks", "apology")),
    "after_misconduct": frozenset(("name", "role", "when", "ask")),
}
"""Items that a kind owes where the intent's own list does not fit."""
_OFFERING = frozenset(("reschedule", "same_day", "cut_short"))
"""Kinds that name alternatives."""
_DATED = _OFFERING | {"confirm", "attend", "video"}
"""Kinds that speak of when to meet."""
_REASON_WORDS = {
    "ill": "illness", "family": "family", "work": "work", "transport": "the journey", "offer": "another offer",
    "move": "a move", "fit": "the fit",
}  # fmt: skip
_INTENT_WORDS: Mapping[str, str] = {"reschedule": "asks for another date", "withdraw": "withdraws"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a careful reader stops at."""

    id: str
    weight: Weight
    """``stop``: not ready. ``look``: worth a second look; it may well be meant."""
    says: str
    quote: str = ""
    differs: bool = False
    """The message says something else than what was entered or rehearsed."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in the rehearsal before the message."""

    transcript: Transcript
    intent: Intent


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything a message is held against."""

    kind: str
    now: datetime
    """Aware; times in the text that name no zone are meant in its zone."""
    report: Report | None = None
    intent: Intent | None = None
    """What the case or scenario wants; ``None``: nothing is to be cancelled, or it is not known."""
    interview: datetime | None = None
    said: Said | None = None
    busy: Sequence[Busy] = ()
    names: frozenset[str] = frozenset()
    """Facts that a specific subject may carry: the user's name, the job, the company."""
    caller: str = ""
    """The user's own name; empty: not known."""
    misspelt: Mapping[str, str] = field(default_factory=dict)
    """Words of the text and how they are written."""


def check(message: Message, setting: Setting) -> tuple[Finding, ...]:
    """What to mend or to look at, the gravest first. Without a ``stop`` the message is ready."""
    if len(message.text) > MOST_READ:
        return (Finding("length", "stop", "This is no message: it is far too long to be read by anybody."),)
    found = [
        *_leftovers(message),
        *_signed(message, setting),
        *_subject(message, setting),
        *_length(message),
        *_outcome(message, setting),
        *_alternatives(message, setting),
        *_checklist(message, setting),
        *_rehearsal(message, setting),
        *_spelling(setting),
    ]
    once = {(each.id, each.says): each for each in found}
    return tuple(sorted(once.values(), key=lambda each: each.weight != "stop"))


def ready(findings: Sequence[Finding]) -> bool:
    """Nothing in it has to be mended."""
    return all(each.weight != "stop" for each in findings)


# The form.


def _leftovers(message: Message) -> Iterator[Finding]:
    for found in _LEFT_OVER.finditer(message.text):
        yield Finding("blank", "stop", f"“{found[0]}” is still to be filled in or taken out.", found[0])


def _signed(message: Message, setting: Setting) -> Iterator[Finding]:
    names = setting.caller.split()
    if names and not any(re.search(rf"\b{re.escape(name)}\b", message.body, re.IGNORECASE) for name in names):
        yield Finding("name", "stop", f"Your name is not in it: {setting.caller}.")


def _subject(message: Message, setting: Setting) -> Iterator[Finding]:
    subject = message.subject
    if not subject:
        return
    if subject.lower() in ("subject", "re:", "re"):
        yield Finding("subject", "stop", "The subject says nothing.", subject)
        return
    words = {word for word in re.findall(r"[^\W\d_]+", subject.lower()) if len(word) > 1}
    named = any(name.lower() in subject.lower() for name in setting.names if name)
    if words <= _DULL or (setting.names and not named):
        yield Finding(
            "subject", "stop", "The subject is not specific: name yourself, the job and what it is about.", subject
        )
    elif len(subject) > LONGEST_SUBJECT:
        yield Finding("subject", "look", f"The subject has {len(subject)} characters; half of it will not be seen.")


def _length(message: Message) -> Iterator[Finding]:
    if not message.body.strip():
        yield Finding("length", "stop", "There is no message yet.")
        return
    if not message.subject:
        if len(message.body) > MOST_SIGNS:
            yield Finding(
                "length", "stop", f"A text message of {len(message.body)} characters; keep it within {MOST_SIGNS}."
            )
        return
    words = len(message.body.split())
    if words > MOST_WORDS:
        yield Finding("length", "stop", f"It has {words} words; one short paragraph is enough (at most {MOST_WORDS}).")
    paragraphs = [part for part in re.split(r"\n\s*\n", message.body) if len(part.split()) > 8]
    if len(paragraphs) > 2:
        yield Finding("length", "look", f"It has {len(paragraphs)} paragraphs; one and a closing line are enough.")


def _spelling(setting: Setting) -> Iterator[Finding]:
    for word, better in setting.misspelt.items():
        yield Finding("spelling", "look", f"“{word}”: is “{better}” meant?", word)


# What really happened.


def _outcome(message: Message, setting: Setting) -> Iterator[Finding]:
    report, body = setting.report, message.body
    contact = contact_of(report)
    call, voicemail, tried = _CALL.search(body), _VOICEMAIL.search(body), _TRIED.search(body)
    if contact == "unmade":
        for told in (call, voicemail, tried):
            if told is not None:
                why = "no call has been reported made. Say what came of it, or leave this out"
                yield Finding("call", "stop", f"“{told[0]}”: {why}.", told[0], differs=True)
                break
        return
    if contact in ("voicemail", "tried"):
        claim = _CLAIMS_AGREEMENT.search(body)
        if claim is not None:
            came = "a voicemail was left" if contact == "voicemail" else "nobody answered"
            yield Finding("call", "stop", f"“{claim[0]}”: but {came}.", claim[0], differs=True)
    if contact == "tried" and voicemail is not None:
        yield Finding("call", "stop", f"“{voicemail[0]}”: nobody answered, by your report.", voicemail[0], differs=True)
    if contact in ("written", "refused_written") and re.search(r"\b(?:tele)?phone|\bmy call\b", body, re.IGNORECASE):
        yield Finding("call", "look", "It speaks of the phone; you reported an exchange in writing.", differs=True)
    if report is None:
        return
    asks = _asks(body)
    if report.result == "agreed" and asks == "withdraw" and setting.intent not in ("withdraw", "leave"):
        yield Finding("outcome", "stop", "It withdraws; you reported that they agreed to your request.", differs=True)
    if report.result in ("withdrawn", "left") and asks == "reschedule" and setting.kind != "cut_short":
        yield Finding("outcome", "stop", "It asks for another date; you reported that you withdrew.", differs=True)
    if report.result == "refused" and setting.kind in _OFFERING:
        yield Finding("outcome", "look", "It asks once more for what was refused.", differs=True)
    if report.result == "agreed" and report.slot is not None and setting.kind in _DATED:
        yield from _slot(message, report.slot, setting)


def _slot(message: Message, slot: datetime, setting: Setting) -> Iterator[Finding]:
    """A new time was agreed: the message names it and no other one."""
    shown = moments.written(slot)
    found = [each for each in times_in(message.text, setting.now) if each.day is not None]
    if any(each.at is not None and when.elapsed(each.at, slot) == timedelta(0) for each in found):
        others = [each for each in found if not _is(each, slot) and not _is_interview(each, setting)]
        if others:
            yield Finding(
                "slot", "look", f"“{others[0].text}” is named too; agreed was {shown}.", others[0].text, differs=True
            )
        return
    yield Finding("slot", "stop", f"The agreed time is not in it: {shown}.", differs=True)


def _asks(body: str) -> str:
    """``withdraw`` or ``reschedule`` where the text plainly does one of the two, else empty."""
    withdraws, moves = _WITHDRAWS.search(body) is not None, _MOVES.search(body) is not None
    if withdraws == moves:
        return ""
    return "withdraw" if withdraws else "reschedule"


def _is(each: Written, moment: datetime) -> bool:
    if each.at is not None:
        return when.elapsed(each.at, moment) == timedelta(0)
    return each.day == moment.date()


def _is_interview(each: Written, setting: Setting) -> bool:
    return setting.interview is not None and _is(each, setting.interview.astimezone(setting.now.tzinfo))


# Alternatives.


def offered(message: Message, setting: Setting) -> list[Written]:
    """The times in the text that are alternatives: all but the interview's own."""
    return [each for each in times_in(message.body, setting.now) if not _is_interview(each, setting)]


def _alternatives(message: Message, setting: Setting) -> Iterator[Finding]:
    if setting.kind not in _OFFERING:
        for each in times_in(message.text, setting.now):
            if each.trouble:
                yield Finding("time", "stop", each.trouble, each.text)
        return
    seen: list[Written] = []
    for each in offered(message, setting):
        if each.trouble:
            yield Finding("time", "stop", each.trouble, each.text)
        if each.day is None:
            continue
        if each.at is None:
            if each.day < setting.now.date():
                yield Finding("past", "stop", f"“{each.text}” is over already.", each.text)
            else:
                yield Finding("time", "look", f"“{each.text}” names no time of the day.", each.text)
        else:
            for word, why in troubles(each.at, setting.now, setting.busy):
                weight: Weight = "look" if word == "hours" else "stop"
                yield Finding(word, weight, f"“{each.text}”: {why}.", each.text)
        if any(_same(each, other) for other in seen):
            yield Finding("same", "stop", f"“{each.text}” is offered twice.", each.text)
        else:
            seen.append(each)
    again = [each for each in times_in(message.body, setting.now) if each.at and _is_interview(each, setting)]
    if setting.interview is not None and len(again) > 1:
        yield Finding("same", "stop", f"“{again[-1].text}” is the very time that you can't make.", again[-1].text)
    if not _blank_left(message) and len(seen) < 2:
        told = "No alternative is offered" if not seen else "Only one alternative is offered"
        yield Finding("options", "stop", f"{told}: give two, each with a day and a time.")


def _blank_left(message: Message) -> bool:
    return any(name.startswith("option_") for name in message.missing)


def _same(one: Written, other: Written) -> bool:
    if one.at is not None and other.at is not None:
        return when.elapsed(one.at, other.at) == timedelta(0)
    return one.day == other.day


# The published checklist.


def _checklist(message: Message, setting: Setting) -> Iterator[Finding]:
    """Faults stop; items that the intent owes are worth a look, and the decision itself stops."""
    intent = TEMPLATES[setting.kind].intent
    marks = mark(from_text(message.body), intent or "repair", rules=Rules(required=_OWED.get(setting.kind)))
    for fault in marks.faults.values():
        if not fault.found or (setting.kind == "after_misconduct" and fault.id == "negativity"):
            continue
        if intent is None and fault.id not in ("oversharing", "over_apology", "negativity"):
            continue
        quote = fault.span.quote if fault.span else ""
        told = FAULTS[fault.id].question.rstrip("?")
        better = f" {fault.say_instead}" if fault.say_instead else ""
        yield Finding(fault.id, "stop", f"{told}: “{quote}”.{better}", quote)
    if intent is None:
        return
    short = not message.subject
    for item in marks.items.values():
        if not item.required or item.state is State.HEARD or (item.id == "options" and setting.kind in _OFFERING):
            continue
        if short and item.id in ("goodwill", "apology", "thanks"):
            continue
        weight: Weight = "stop" if item.id in ("ask", "name") else "look"
        yield Finding(item.id, weight, f"Not found in it: {_ITEM_WORDS.get(item.id, ITEMS[item.id].question)}.")


_ITEM_WORDS = {
    "greeting": "a greeting",
    "name": "your name",
    "role": "which job it is about",
    "when": "when the interview is",
    "ask": "the plain decision",
    "reason": "a reason in a few words",
    "apology": "an apology",
    "options": "two alternatives",
    "thanks": "thanks",
    "goodwill": "a good wish",
}


# What was said in the rehearsal.


def _rehearsal(message: Message, setting: Setting) -> Iterator[Finding]:
    said = setting.said
    if said is None or not said.transcript.words:
        return
    asks = _asks(message.body)
    spoken = said.intent if said.intent in _INTENT_WORDS else ""
    if asks and spoken and asks != spoken:
        yield Finding(
            "intent", "look", f"It {_INTENT_WORDS[asks]}; the call that you rehearsed {_INTENT_WORDS[spoken]}.",
            differs=True,
        )  # fmt: skip
    heard = evidence(said.transcript, said.intent)
    written = evidence(from_text(message.body), said.intent)
    aloud, here = _reasons(heard.hits), _reasons(written.hits)
    if aloud and here and not aloud & here:
        told = f"The reason differs: in the rehearsal {_named(aloud)}, here {_named(here)}."
        yield Finding("reason", "look", told, differs=True)
    if setting.kind in _OFFERING:
        yield from _spoken_times(message, setting, [(m.day, m.hour) for m in heard.moments if m.purpose == "offered"])


def _reasons(hits: Mapping[str, Sequence[object]]) -> frozenset[str]:
    return frozenset(kind for kind in _REASON_WORDS if hits.get(f"reason.{kind}"))


def _named(kinds: frozenset[str]) -> str:
    return " and ".join(words for kind, words in _REASON_WORDS.items() if kind in kinds)


def _spoken_times(message: Message, setting: Setting, spoken: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Days that were offered aloud and are not in the message, and the other way round."""
    written = {each.day for each in offered(message, setting) if each.day is not None}
    aloud = {day: words for words, _ in spoken if (day := _spoken_day(words, setting.now)) is not None}
    if not written or not aloud:
        return
    for day, words in aloud.items():
        if day not in written:
            told = f"You offered “{words}” in the rehearsal; it is not in the message."
            yield Finding("times", "look", told, differs=True)


def _spoken_day(words: str, now: datetime) -> date | None:
    """The day that was said, as far as one can be made of it."""
    plain = re.sub(r"(\d)(?:th|st|nd|rd)\b", r"\1", words)
    for part in (plain, re.sub(r"^\w+day (?=\d)", "", plain)):
        try:
            return when.parse(f"{part} 12:00", now).date()
        except when.NotATime:
            continue
    return None


__all__ = [
    "LONGEST_SUBJECT", "MOST_SIGNS", "MOST_WORDS", "Busy", "Finding", "Said", "Setting", "Weight", "check", "offered",
    "ready",
]  # fmt: skip
