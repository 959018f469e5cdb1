"""Ready or not: one plain statement per scenario, with what it rests on and what comes next.

The rules are the table of ``docs/progress.md``; the first that holds is said. Only whole calls that were spoken, marked
and not disputed count, and only live ones make ready; takes during which a part of the machine failed are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.marking.score import FAULT_POINTS, ITEM_WEIGHTS
from bowout.core.review import FAULT_WORDS, item_words
from bowout.core.takes import Take, ago, counts, days_ago, spoken

IN_A_ROW = 3
"""Live takes in a row that make ready."""
SCORE = 85
"""What each of them must have reached, and passed."""
FRESH_DAYS = 7
"""Days after which the last of them is no proof any more."""

Standing = Literal["ready", "was_ready", "not_yet"]
WORDS: dict[Standing, str] = {"ready": "Ready", "was_ready": "Ready when last said", "not_yet": "Not yet"}
GLYPHS: dict[Standing, str] = {"ready": "✓", "was_ready": "~", "not_yet": "·"}


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of one scenario."""

    standing: Standing
    basis: str
    """What it rests on, without a full stop."""
    next: str
    """What to do, without a full stop; empty where nothing is needed."""
    rule: str
    """Name of the rule in the table."""

    def sentence(self) -> str:
        """“Not yet: practised twice, never live. Next: one live take.”"""
        following = f" Next: {self.next}." if self.next else ""
        return f"{WORDS[self.standing]}: {self.basis}.{following}"

    def as_json(self) -> dict[str, Any]:
        return {"standing": self.standing, "basis": self.basis, "next": self.next or None, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rules look at; takes newest first."""

    heard: tuple[Take, ...]
    """Everything marked and not disputed, typed included."""
    spoken: tuple[Take, ...]
    live: tuple[Take, ...]
    row: tuple[Take, ...]
    """The live takes from the newest one back that passed with ``SCORE``."""
    days: int
    """Since the newest live take."""


_HARMLESS = ("", "speakers")
"""Trouble that did not keep the caller from being heard: without loudspeakers their lines are read."""


def statement(takes: Iterable[Take], now: datetime) -> Statement:
    """What can be said of one scenario.

    Args:
        takes: its attempts, in any order; runs of drills among them are left out.
        now: aware, in the user's zone.
    """
    known = _known(takes, now)
    rule = next(rule for rule in _RULES if rule.holds(known))
    basis, following = rule.says(known)
    return Statement(rule.standing, basis, following, rule.name)


def _known(takes: Iterable[Take], now: datetime) -> _Known:
    newest = sorted(takes, key=lambda take: take.started_at, reverse=True)
    heard = tuple(take for take in newest if counts(take) and not take.drill and take.trouble in _HARMLESS)
    said = tuple(take for take in heard if spoken(take))
    live = tuple(take for take in said if take.mode == "live")
    row: list[Take] = []
    for take in live:
        if not _good(take):
            break
        row.append(take)
    days = (days_ago(live[0].started_at, now) if live else None) or 0
    return _Known(heard, said, live, tuple(row), days)


def _good(take: Take) -> bool:
    return bool(take.passed) and take.score is not None and take.score >= SCORE


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    standing: Standing
    holds: Callable[[_Known], bool]
    says: Callable[[_Known], tuple[str, str]]
    """Basis and what comes next."""


def _in_a_row(known: _Known) -> str:
    count = len(known.row)
    scores = ", ".join(str(take.score) for take in reversed(known.row[:5]))
    if count == 1:
        return f"one live take at {SCORE} or better ({scores})"
    return f"{_number(count)} live takes in a row at {SCORE} or better ({'… ' if count > 5 else ''}{scores})"


def _ready(known: _Known) -> tuple[str, str]:
    return f"{_in_a_row(known)}, the last one {ago(known.days)}", ""


def _was_ready(known: _Known) -> tuple[str, str]:
    return f"{_in_a_row(known)}, the last one {ago(known.days)}", "one live take, to have it fresh"


def _on_the_way(known: _Known) -> tuple[str, str]:
    left = IN_A_ROW - len(known.row)
    return f"{_in_a_row(known)}", "one more like it" if left == 1 else f"{_number(left)} more like it"


def _live_before(known: _Known) -> tuple[str, str]:
    last = known.live[0]
    basis = f"the last live take was {last.score} of 100"
    lacking = missing(last)
    if lacking:
        return f"{basis} ({_listed([words for words, _ in lacking])})", f"once more, and {lacking[0][1]}"
    return basis, f"once more, for {SCORE}; the review says what gives the points"


def _never_live(known: _Known) -> tuple[str, str]:
    best = max(take.score or 0 for take in known.spoken)
    return f"said {_times(len(known.spoken))} in practice (best {best}), not live so far", "one live take"


def _typed_only(known: _Known) -> tuple[str, str]:
    return f"typed {_times(len(known.heard))}, not said aloud so far", "say it aloud once, in practice"


def _nothing(known: _Known) -> tuple[str, str]:
    return "nothing that counts so far", "say it aloud once, in practice"


_RULES = (
    _Rule("ready", "ready", lambda k: len(k.row) >= IN_A_ROW and k.days <= FRESH_DAYS, _ready),
    _Rule("was ready", "was_ready", lambda k: len(k.row) >= IN_A_ROW, _was_ready),
    _Rule("on the way", "not_yet", lambda k: bool(k.row), _on_the_way),
    _Rule("live before", "not_yet", lambda k: bool(k.live), _live_before),
    _Rule("never live", "not_yet", lambda k: bool(k.spoken), _never_live),
    _Rule("typed only", "not_yet", lambda k: bool(k.heard), _typed_only),
    _Rule("nothing", "not_yet", lambda k: True, _nothing),
)


_SAY = {
    "greeting": "greet them",
    "name": "say your name",
    "role": "say which job it is about",
    "when": "say when the interview is",
    "ask": "say your decision plainly",
    "reason": "give a reason in a few words",
    "apology": "say sorry, once",
    "options": "offer two times of your own",
    "thanks": "thank them",
    "goodwill": "wish them well",
    "follow_up": "say that a message will follow",
    "vague_reason": "give a reason that means something",
    "weak_reason": "give a reason that holds",
    "oversharing": "keep what is private to yourself",
    "mixed_message": "close the door kindly",
    "soft_no": "say that you want to come on another day",
    "negativity": "leave criticism out",
    "leverage": "leave bargaining out",
    "over_apology": "say sorry once, not more",
}


def missing(take: Take) -> list[tuple[str, str]]:
    """What kept a take from passing, in words, and what to do about it; what weighs most in the score comes first.

    Items of a scenario's own are left out: a row does not know which of them were owed.
    """
    found = [
        (ITEM_WEIGHTS[item.id], f"not heard: {item_words(item.id)}", _SAY[item.id])
        for item in ITEMS.values()
        if take.intent in item.required and take.items.get(item.id) == "not_heard"
    ]
    found += [
        (FAULT_POINTS[fault], f"heard: {FAULT_WORDS[fault]}", _SAY[fault]) for fault in FAULTS if fault in take.faults
    ]
    found.sort(key=lambda each: -each[0])
    return [(words, advice) for _, words, advice in found]


def _listed(words: Sequence[str], most: int = 3) -> str:
    left = len(words) - most
    return "; ".join(words[:most]) + (f"; and {left} more" if left > 0 else "")


def _number(count: int) -> str:
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return names[count] if count < len(names) else str(count)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{_number(count)} times")


__all__ = ["FRESH_DAYS", "GLYPHS", "IN_A_ROW", "SCORE", "WORDS", "Standing", "Statement", "missing", "statement"]
