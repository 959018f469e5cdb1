"""Days, dates, clock times and parts of the day as people say them, and what each of them is the time of.

A time in a call is the interview's, an alternative that is offered, or something else's (“I've been ill since
Sunday”, “I'll email this evening”). Which one is told by the last marker before it and the first right after it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bowout.core.marking.patterns import Hit
from bowout.core.text import Tokens

_CLOCK_WORDS = frozenset(("noon", "midday", "midnight", "one"))
Purpose = Literal["booked", "offered", "other"]

WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTHS = "january february march april may june july august september october november december".split()
_PARTS = "morning afternoon evening night lunchtime"
_DAY = rf"(?:{'|'.join(WEEKDAYS)})s?"
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_SMALL = r"(?:one|[2-9]|1[0-2])"
_DOM = r"(?:[1-2]?\d|3[01]|one)"
_ORD = r"(?:first|second|third|[1-3]?\d(?:th|st|nd|rd))"
_ORD_PLAIN = r"[1-3]?\d(?:th|st|nd|rd)"
_NOT_ROUND = (
    r"(?! (?:round|interview|stage|floor|time|one|half|week|quarter|year|call|thing|day|person|place|job|step|choice|"
    r"chance|child|option|candidate|place|reason|shift|rate|class|ward|party|date|slot)s? )"
)
_NOT_JOB = (
    r"(?! (?:shifts?|porter|matron|supervisor|manager|carers?|nurses?|audit|auditor|staff|security|stocker|one|job|"
    r"position|"
    r"post|team|role|cleaner|assistant|driver|picker|operative|lead|receptionist|reporter|duty|school|class|worker) )"
)
_UNIT_AFTER = (
    r"(?! (?:thousand|hundred (?!hours)|percent|quid|pounds?|dollars?|bucks|k|an hour|years?|people|months?|weeks?|"
    r"days?|"
    r"minutes?|hours? (?:away|each|drive|later|ago|notice)|times|children|of (?:us|them|you|these|those|my|the)|"
    r"more|other|another|or so|point|miles|stone|kids|bus|buses|others|thing|things|place|person|lad|candidates) )"
)

_PIECES: tuple[tuple[str, str], ...] = (
    ("date", rf"(?:the )?{_ORD} (?:day )?(?:of )?{_MONTH}(?: 20\d\d)?"),
    ("date", rf"{_MONTH} (?:the )?(?:{_ORD}|{_DOM})(?! (?:am|pm|oclock) )(?: 20\d\d)?"),
    ("date", rf"(?:the )?{_DOM} (?:of )?{_MONTH}(?: 20\d\d)?"),
    ("date", rf"(?:the )?{_ORD} (?:of )?(?:this|next) month"),
    ("date", rf"{_DOM} (?:slash|/) {_DOM}"),
    ("date", rf"(?:on |for |by |the )(?:the )?{_ORD_PLAIN}{_NOT_ROUND}"),
    ("date", rf"(?:on |for |by )(?:the )?(?:first|second|third){_NOT_ROUND}"),
    ("date", r"the (?:first|second|third)(?= (?:of|or the) )"),
    ("date", r"\d{1,2}th"),
    ("day", r"(?:the )?day (?:after tomorrow|before yesterday)"),
    ("day", rf"(?:next |this |last |coming |this coming )?{_DAY}"),
    ("day", r"(?:today|tomorrow|tonight|yesterday|tonights?|christmas eve|new year s day)"),
    ("day", r"(?:sat|sun|mon)(?= (?:am|pm|morning|afternoon|evening|\d|at \d|or )| $)"),
    ("day", r"(?:this|same) (?:morning|afternoon|evening|day)"),
    ("clock", rf"(?:half|quarter|\d+|one) (?:past|to|after|gone|of|until) {_SMALL}(?! (?:{_MONTH}|or) ){_UNIT_AFTER}"),
    ("clock", rf"half {_SMALL}"),
    ("clock", r"(?:\d{1,2} hundred(?: hours)?|one hundred hours)(?= )"),
    (
        "clock",
        rf"or (?:at |maybe |about )?{_SMALL}(?= (?:today|tomorrow|on {_DAY}|{_DAY}|oclock|if|would|thank|thanks|either|"
        r"works|please|instead) )",
    ),
    (
        "clock",
        r"(?:one|\d{1,2})(?: (?:00|[0-5]\d))? (?:oclock|am|pm|hours(?! (?:away|each|drive|later|ago|notice))|sharp)"
        r"(?: (?:am|pm))?",
    ),
    (
        "clock",
        r"(?:(?:at|for|by|before|after|until|from|around|about) )?(?:one|[2-9]|1\d|2[0-3]|0?\d) "
        rf"(?:00|05|10|15|20|25|30|35|40|45|50|55){_UNIT_AFTER}",
    ),
    ("clock", rf"(?:make|do) {_SMALL}(?= (?:for the|today|tomorrow|on {_DAY}|{_DAY}) )"),
    (
        "clock",
        r"(?:at|after|before|until|by|around|about|from|past|between|to|do|for|maybe|say|or|and|our|my|your|the|a) "
        rf"(?:about |around |maybe )?{_SMALL}(?= (?:or|and|to|until) (?:at |maybe |about )?(?:half |quarter )?{_SMALL} "
        rf"(?!{_MONTH}))",
    ),
    (
        "clock",
        rf"(?:at|after|before|until|by|around|from|past|between) (?:about |around |maybe )?{_SMALL}{_UNIT_AFTER}",
    ),
    ("clock", r"(?:noon|midday|midnight|lunch ?time|lunch|dinner ?time|tea ?time|breakfast)"),
    ("part", rf"(?:in the |the |early |late |first thing |mid |this )?(?:{_PARTS.replace(' ', '|')})s?{_NOT_JOB}"),
    ("part", r"(?:end|close) of (?:the )?(?:day|business)"),
    ("part", r"(?:same time|all day|any ?time|whole day)"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _time() -> re.Pattern[str]:
    """All pieces in one pattern; group ``i`` + 1 is piece ``i``. Compiled at the first call that is read."""
    return re.compile("(?=(?:" + "|".join(f"({piece})" for _, piece in _PIECES) + ") )")


_NAMING = frozenset(
    (
        *WEEKDAYS,
        *(f"{day}s" for day in WEEKDAYS),
        *MONTHS,
        *"first second third one half quarter today tomorrow tonight tonights yesterday day christmas eve new year sat "
        "sun mon same morning afternoon evening night lunchtime mornings afternoons evenings nights noon midday "
        "midnight lunch dinner dinnertime teatime tea breakfast business anytime any all whole".split(),
    )
)
_LEAD_IN = 4
"""Tokens that may come before the one that names a time (“for about half past …”)."""
_JOINED = frozenset(
    "at the on of in about around before after from say for by early late between and to until then this same my your "
    "first thing not only any or".split()
)
_GREETED = re.compile(
    r"(?:that|your|my|whole|good|lovely|nice|great|blessed|rest of your|wonderful|pleasant) (?:the )?$"
)
_MAY = frozenset(("may", "march"))
_CORRECTION = (
    r" (?:(?:or |no )?(?:sorry|i mean|wait|rather|make that|correction|i meant|scratch that|i tell a lie|no not) ){1,4}"
    r"(?:not \S+ )?(?:i mean |i meant |on |the |it is |that is |at )*$"
)
_REACH = 14
"""Tokens a marker's word holds for; about two spoken clauses."""
_LONGEST_MARKER = 16
"""Tokens a marker may have."""
_OWN_CLAUSE = frozenset(("i", "can"))
_NEXT = 2
"""Tokens between “I can” and the time it speaks of."""
_BEHIND = 1
"""Tokens after a time in which a marker (“works for me”, “instead”) still speaks of it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One time expression, tokens ``[start, end)``."""

    start: int
    end: int
    day: str
    """Day or date, normalised; empty where only a clock time or part of the day is named."""
    hour: str
    """Clock time or part of the day, normalised; may be empty."""
    purpose: Purpose = "booked"

    @property
    def dated(self) -> bool:
        """It has a day, a date or a clock time, not a part of the day alone."""
        return bool(self.day) or any(c.isdigit() for c in self.hour) or not _CLOCK_WORDS.isdisjoint(self.hour.split())

    def differs_from(self, other: Moment) -> bool:
        """Two alternatives, not one said twice or more exactly."""
        if self.day and other.day and self.day != other.day:
            return True
        return bool(self.hour and other.hour and self.hour != other.hour)


def _day_key(text: str) -> str:
    text = re.sub(r"\b(?:the|of|on|for|by|this|next|coming|day|in|same)\b ?", "", text).strip()
    text = re.sub(r"(day)s\b", r"\1", text)
    return text or "today"


def _hour_key(text: str) -> str:
    text = re.sub(
        r"\b(?:at|about|around|maybe|oclock|the|in|for|say|or|and|sharp|until|by|from|this|that|our|my|your|a)\b ?",
        "",
        text,
    )
    return text.replace(" 00", "").strip()


@dataclass(slots=True)
class _Piece:
    kind: str
    start: int
    end: int
    text: str


def _starts(tokens: Tokens) -> list[int]:
    """Tokens where a time may begin: those that name one, and the few before them."""
    near: set[int] = set()
    for index, token in enumerate(tokens.texts):
        if token in _NAMING or token[0].isdigit():
            near.update(range(max(0, index - _LEAD_IN), index + 1))
    return sorted(near)


def _pieces(tokens: Tokens) -> list[_Piece]:
    found: list[_Piece] = []
    text, offsets, time = tokens.text, tokens.offsets, _time()
    beyond = 0
    for start in _starts(tokens):
        if start < beyond:
            continue
        match = time.match(text, offsets[start])
        if match is None:
            continue
        index = match.lastindex or 1
        piece = match.group(index)
        begin = offsets[start]
        end = begin + len(piece) + 1
        kind = _PIECES[index - 1][0]
        if end not in tokens.starts:
            continue
        beyond = tokens.starts[end]
        if kind == "part" and _GREETED.search(text, max(0, begin - 20), begin):
            continue
        if piece in ("this morning", "this afternoon", "this evening"):
            kind = "day"
        found.append(_Piece(kind, start, beyond, piece))
    return found


def moments(tokens: Tokens, markers: Sequence[Hit], turns: tuple[int, ...] = ()) -> list[Moment]:
    """All times of a call with their purpose. ``markers`` are hits of the acts ``time.booked``, ``time.offered``
    and ``time.other``, in order of position; ``turns`` the first tokens of turns, which no marker reaches across."""
    merged: list[list[_Piece]] = []
    for piece in _pieces(tokens):
        if merged and _joins(tokens, merged[-1], piece):
            merged[-1].append(piece)
        else:
            merged.append([piece])
    found: list[Moment] = []
    for group in merged:
        day = " ".join(_day_key(p.text) for p in group if p.kind in ("day", "date"))
        hour = " ".join(_hour_key(p.text) for p in group if p.kind in ("clock", "part") and p.text != "same time")
        hour = (
            hour.replace("anytime", "").replace("any time", "").replace("all day", "").replace("whole day", "").strip()
        )
        for p in group:
            if p.text.startswith("this ") and p.kind == "day":
                day, hour = "today", f"{p.text[5:]} {hour}".strip()
        if "tonight" in day:
            day, hour = day.replace("tonight", "today"), f"night {hour}".strip()
        if not day and not hour and group[0].text != "same time":
            continue
        found.append(Moment(group[0].start, group[-1].end, day, hour))
    found = _corrected(tokens, found)
    return _purposed(tokens, found, markers, turns)


def _joins(tokens: Tokens, group: list[_Piece], piece: _Piece) -> bool:
    between = tokens.texts[group[-1].end : piece.start]
    if len(between) > 3 or any(w not in _JOINED for w in between):
        return False
    if "or" in between or piece.text.startswith("or "):
        return False
    kinds = {p.kind for p in group}
    if "and" in between or piece.text.startswith("and "):
        return piece.kind == "clock" and kinds == {"clock"} and "between" in group[0].text
    if piece.kind == "date" and "date" in kinds:
        return False
    if piece.kind == "day" and "day" in kinds:
        return False
    return not (piece.kind == "clock" and "clock" in kinds and group[-1].end != piece.start and "to" not in between)


def _corrected(tokens: Tokens, found: list[Moment]) -> list[Moment]:
    """“Tuesday, sorry, I mean Wednesday” is Wednesday."""
    kept: list[Moment] = []
    for moment in found:
        if kept and moment.start - kept[-1].end <= 5:
            between = " " + "".join(f"{t} " for t in tokens.texts[kept[-1].end : moment.start])
            same_kind = bool(kept[-1].day) == bool(moment.day) or bool(kept[-1].hour) == bool(moment.hour)
            if same_kind and between.strip() and re.match(_CORRECTION, between):
                kept.pop()
        kept.append(moment)
    return kept


def _purposed(tokens: Tokens, found: list[Moment], markers: Sequence[Hit], turns: tuple[int, ...]) -> list[Moment]:
    """Each moment with what it is the time of."""
    starts = [hit.start for hit in markers]
    made: list[Moment] = []
    for index, moment in enumerate(found):
        purpose: Purpose = "booked"
        best = (-1, 0)
        turn = turns[bisect_right(turns, moment.start) - 1] if turns and turns[0] <= moment.start else 0
        earliest = max(turn, moment.start - _REACH - _LONGEST_MARKER)
        near = range(bisect_left(starts, earliest), bisect_left(starts, moment.start))
        for hit in (markers[i] for i in near):
            end = min(hit.end, moment.start)
            if not hit.act.endswith("_after") and moment.start - end <= _REACH and (end, end - hit.start) > best:
                best = (end, end - hit.start)
                purpose = hit.act.rpartition(".")[2]  # type: ignore[assignment]
        following = found[index + 1].start if index + 1 < len(found) else starts[-1] + 1 if starts else 0
        until = min(moment.end + _BEHIND, following)
        for hit in markers[bisect_left(starts, moment.end) : bisect_right(starts, until)]:
            if hit.act.endswith("_after") and not _opens_the_next(tokens, hit, following):
                purpose = hit.act.rpartition(".")[2].removesuffix("_after")  # type: ignore[assignment]
                break
        made.append(Moment(moment.start, moment.end, moment.day, moment.hour, purpose))
    for index in range(len(made) - 1):
        one, two = made[index], made[index + 1]
        between = tokens.texts[one.end : two.start]
        joined = len(between) <= 7 and ("or" in between or tokens.texts[two.start] == "or")
        if joined and one.differs_from(two) and "other" not in (one.purpose, two.purpose):
            made[index] = Moment(one.start, one.end, one.day, one.hour, "offered")
            made[index + 1] = Moment(two.start, two.end, two.day, two.hour, "offered")
    return made


def _opens_the_next(tokens: Tokens, hit: Hit, following: int) -> bool:
    """“… on Thursday. I can do Friday”: what looks like a word on the time before speaks of the one after."""
    between = tokens.texts[hit.end : following]
    return (
        tokens.texts[hit.start] in _OWN_CLAUSE
        and len(between) <= _NEXT
        and "or" not in between
        and "and" not in between
    )


__all__ = ["Moment", "Purpose", "moments"]
