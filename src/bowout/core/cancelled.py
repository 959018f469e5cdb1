"""How often and why one's own interviews were called off: as information, for the user alone.

“If you find yourself repeatedly avoiding interviews or canceling due to nerves, treat that as data” (the article,
“Confidence, Interview Skills, and Skill Gaps”). Counted is what was decided; nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bowout.core.case import PATHS, Case, Path
from bowout.core.decide import NOTICE
from bowout.core.when import elapsed

CALLED_OFF: tuple[Path, ...] = ("reschedule", "withdraw", "leave", "repair")
"""Ways on which an interview did not go as it was to. (One has to be made good only where it was missed, or cancelled
badly.)"""
AGAIN, OFTEN = 2, 3
"""Cases with nerves in which they “come up again”, and from which on help from outside is worth a thought."""
LATELY = timedelta(days=365)
"""Nerves of longer ago are counted, and are no reason for a next step."""

PATH_NOUNS: Mapping[Path, str] = {
    "attend": "gone to",
    "learn": "gone to, to learn more",
    "disclose": "gone to, with a constraint named",
    "video": "by video instead",
    "pause": "a pause asked for",
    "reschedule": "moved",
    "withdraw": "withdrawn from",
    "leave": "left early",
    "repair": "made good afterwards",
}
REASONS: Mapping[str, str] = {
    "illness": "illness or an accident",
    "emergency": "an emergency",
    "clash": "something that could not be moved",
    "offer": "another offer",
    "mobility": "a move, a visa, the family",
    "mismatch": "not the job that was expected",
    "doubts": "doubts",
    "leverage": "only to bargain",
    "misconduct": "misconduct on their side",
    "missed": "missed",
    "late": "cancelled late",
    "silent": "not answered",
    "left": "left early",
    "unprepared": "not prepared",
    "nerves": "nerves",
    "journey": "the way there",
    "review": "something bad that was read",
    "mood": "no wish to go",
}
"""What the questions of ``bowout.core.decide_questions`` were answered with, in a few words."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next useful thing to do."""

    says: str
    page: str
    """Of the guide."""
    rehearse: str
    """A scenario, as ``pack/id``."""

    @property
    def commands(self) -> tuple[str, ...]:
        """The same on the command line, and a plan without a date: sessions further and further apart."""
        return (f"bowout guide {self.page}", f"bowout call {self.rehearse}", "bowout plan --none")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the cases have in common. Counts are of cases, the commonest first."""

    cases: int
    called_off: int
    short_notice: int
    """Of those called off: with less than 24 hours left when it was decided."""
    paths: tuple[tuple[Path, int], ...]
    reasons: tuple[tuple[str, int], ...]
    """Why those that were called off were; the keys of ``REASONS``."""
    months: tuple[tuple[str, int, int], ...]
    """Year and month (``2026-11``), cases in it, and those of them that were called off; oldest first."""
    nerves: int
    """Cases in which nerves were the reason to think of cancelling, whatever was decided then."""
    step: Step | None

    def as_json(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "cases": self.cases,
            "called_off": self.called_off,
            "short_notice": self.short_notice,
            "paths": dict(self.paths),
            "reasons": dict(self.reasons),
            "months": [{"month": month, "cases": cases, "called_off": off} for month, cases, off in self.months],
            "nerves": self.nerves,
            "next_step": None
            if self.step is None
            else {"says": self.step.says, "page": self.step.page, "commands": list(self.step.commands)},
        }


_NERVES_AGAIN = Step(
    "Nerves came up {}. That is no verdict; it says what to practise. Rehearse one call aloud, with a voicemail "
    "to begin with, and make the next interview a small one that you go to whatever comes.",
    "nerves",
    "essentials/accepted-another-offer-voicemail",
)
_NERVES_OFTEN = Step(
    "Nerves came up {}. They can be worked on, and nobody has to do it alone: the guide says what helps. "
    "Until then: three calls aloud this week, five minutes each, beginning with a voicemail.",
    "support",
    "essentials/accepted-another-offer-voicemail",
)


def pattern(cases: Iterable[Case], now: datetime) -> Pattern:
    """The pattern in these cases, in any order. ``now``: aware; months are those of its zone."""
    all_ = sorted(cases, key=lambda case: case.created.timestamp())
    off = [case for case in all_ if called_off(case)]
    nervous = [case for case in all_ if _reason(case) == "nerves"]
    return Pattern(
        cases=len(all_),
        called_off=len(off),
        short_notice=sum(_short(case) for case in off),
        paths=_counted((case.path for case in all_), PATHS),
        reasons=_counted(map(_reason, off), tuple(REASONS)),
        months=tuple(_months(all_, now)),
        nerves=len(nervous),
        step=_step(nervous, now),
    )


def called_off(case: Case) -> bool:
    """Whether the interview did not go as it was to, by what was decided."""
    return case.path in CALLED_OFF


def _reason(case: Case) -> str:
    happened = case.answers.get("happened", "")
    return case.answers.get("weak", happened) if happened == "weak" else happened


def _short(case: Case) -> bool:
    if case.interview is None or case.answers.get("stage", "before") != "before":
        return False
    return timedelta(0) < elapsed(case.created, case.interview) < NOTICE


def _counted(words: Iterable[Any], order: Sequence[Any]) -> tuple[tuple[Any, int], ...]:
    """How often each comes, the commonest first; words that are not in ``order`` are left out."""
    found = Counter(words)
    return tuple(sorted(((w, found[w]) for w in order if found[w]), key=lambda pair: -pair[1]))


def _months(cases: Sequence[Case], now: datetime) -> Iterator[tuple[str, int, int]]:
    by: dict[str, list[bool]] = {}
    for case in cases:
        by.setdefault(f"{case.created.astimezone(now.tzinfo):%Y-%m}", []).append(called_off(case))
    for month, off in by.items():
        yield month, len(off), sum(off)


def _step(nervous: Sequence[Case], now: datetime) -> Step | None:
    lately = sum(elapsed(case.created, now) <= LATELY for case in nervous)
    if lately < AGAIN:
        return None
    step = _NERVES_OFTEN if lately >= OFTEN else _NERVES_AGAIN
    return Step(step.says.format(_times(lately)), step.page, step.rehearse)


# In words.


def summary(found: Pattern) -> str:
    """One line for a list of cases; empty where there is nothing to see yet."""
    if found.cases < 2:
        return ""
    nerves = f"; nerves came up {_times(found.nerves)}" if found.nerves else ""
    return f"{_off(found)}{nerves}."


def pattern_lines(found: Pattern) -> Iterator[str]:
    """All of it, for a terminal and a screen."""
    if not found.cases:
        yield "There are no cases yet, so there is no pattern."
        return
    yield f"{_off(found)}. This is information, and no verdict; only you see it."
    if found.short_notice:
        yield f"With less than 24 hours left: {found.short_notice}."
    yield ""
    yield "What became of them"
    yield from (f"  {number:>3}  {PATH_NOUNS[path]}" for path, number in found.paths)
    if found.reasons:
        yield ""
        yield "Why they were called off, moved, left or missed"
        yield from (f"  {number:>3}  {REASONS[reason]}" for reason, number in found.reasons)
    yield ""
    yield "Over time"
    yield from (f"  {month}  {'■' * off}{'□' * (cases - off)} {off} of {cases}" for month, cases, off in found.months)
    if found.nerves and found.step is None:
        yield ""
        yield f"Nerves came up {_times(found.nerves)}, whatever was decided then."
    if found.step is not None:
        yield ""
        yield found.step.says
        yield from (f"  {command}" for command in found.step.commands)


def _off(found: Pattern) -> str:
    return f"{found.called_off} of {found.cases} interviews called off, moved, left or missed"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


__all__ = [
    "AGAIN", "CALLED_OFF", "LATELY", "OFTEN", "PATH_NOUNS", "REASONS", "Pattern", "Step", "called_off", "pattern",
    "pattern_lines", "summary",
]  # fmt: skip
