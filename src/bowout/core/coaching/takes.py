"""The takes of an assignment: the attempts made for it, which of them count, and whether another one may begin.

Nothing is kept about takes but the attempts themselves: ordinary records whose ``start`` event names the assignment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Literal

from bowout.core.coaching.fields import Unreadable, moment
from bowout.core.coaching.terms import Assignment, Terms
from bowout.core.disputes import opposed, published_states, standing

State = Literal["done", "broken_off", "failed"]
STATES: tuple[State, ...] = ("done", "broken_off", "failed")
STATE_WORDS: dict[State, str] = {
    "done": "to the end",
    "broken_off": "broken off",
    "failed": "something failed",
}
FAILING = ("microphone", "ear")
"""Parts without which a call is not the one that was meant; without speakers the lines are shown, and it goes on."""
STOPPED = "The program stopped in the middle of the call."
MUTED = "The microphone gives nothing but silence."
"""A warning and no failure: the call goes on to listen."""


@dataclass(frozen=True, slots=True)
class Take:
    """One attempt at an assignment."""

    number: int
    """From 1, in the order in which they were begun, over all calls of the assignment."""
    attempt: str
    """Its id in the learner's own records; never sent."""
    scenario: str
    started: datetime
    mode: str
    ear: str
    state: State
    counted: bool
    """It used up one of the takes."""
    cause: str = ""
    """What failed, in words; or why it doesn't keep to the terms."""
    seconds: float = 0.0
    """From the beginning to the last event."""
    score: int | None = None
    passed: bool | None = None
    disputed: bool = False
    drill: str = ""


def take_of(attempt: str, events: Iterable[Mapping[str, Any]]) -> Take | None:
    """One attempt as a take without its number; ``None`` for a record without a beginning.

    It is ``done`` once it was marked, ``broken_off`` when its caller left, ``failed`` when the microphone, the ear or
    the program did. A failed one may have marks: the call went on by typing.
    """
    start: Mapping[str, Any] = {}
    marks: Mapping[str, Any] = {}
    first = last = None
    state: State | None = None
    cause = ""
    kept = tuple(events)
    for event in kept:
        kind = event.get("kind")
        if kind == "start":
            start, first = event, event.get("at")
        elif kind == "marks":
            result = event.get("result")
            marks = result if isinstance(result, Mapping) else {}
            state = "done"
        elif kind == "abandoned":
            state = "broken_off"
        elif kind == "notice" and not cause and event.get("part") in FAILING and event.get("message") != MUTED:
            cause = str(event.get("message") or "A part failed.")
        if kind in ("recruiter", "turn", "turn_end", "marks", "abandoned", "end") and not event.get("corrected"):
            last = event.get("at")
    if first is None:
        return None
    try:
        began = moment(first, "at")
    except Unreadable:
        return None
    if state is None:
        state, cause = "failed", cause or STOPPED
    elif cause:
        state = "failed"
    score, passed = marks.get("score"), marks.get("passed")
    return Take(
        number=0,
        attempt=attempt,
        scenario=str(start.get("scenario", "")),
        started=began,
        mode=str(start.get("mode", "")),
        ear=str(marks.get("ear") or start.get("ear", "")),
        state=state,
        counted=state != "failed",
        cause=cause,
        seconds=_between(first, last),
        score=score if isinstance(score, int) else None,
        passed=passed if isinstance(passed, bool) else None,
        disputed=bool(opposed(published_states(marks), standing(kept))),
        drill=str(start.get("drill") or ""),
    )


def numbered(takes: Iterable[Take], terms: Terms) -> tuple[Take, ...]:
    """All takes of an assignment in the order in which they were begun; those that don't keep to its terms say why.

    A take of another mode, of another drill or beyond the last one is listed and not counted.
    """
    made: list[Take] = []
    used: dict[str, int] = {}
    for number, take in enumerate(sorted(takes, key=lambda each: (each.started, each.attempt)), start=1):
        why = _against(take, terms, used.get(take.scenario, 0)) if take.counted else ""
        if why:
            take = replace(take, counted=False, cause=why)
        used[take.scenario] = used.get(take.scenario, 0) + take.counted
        made.append(replace(take, number=number))
    return tuple(made)


def _against(take: Take, terms: Terms, used: int) -> str:
    if take.scenario not in terms.scenarios:
        return "This call was not asked for."
    if terms.mode is not None and take.mode != terms.mode:
        return f"It was made in {take.mode or 'another'} mode."
    if take.drill != terms.drill:
        return "It was another exercise."
    if terms.takes is not None and used >= terms.takes:
        return "It is one more than was allowed."
    return ""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether another take may begin."""

    may: bool
    left: int | None
    """Takes that are left; ``None`` = no limit."""
    why: str = ""
    """A sentence where it may not, or where it will be late."""


def allowance(assignment: Assignment, takes: Sequence[Take], scenario: str, now: datetime) -> Allowance:
    """Whether another take of this call may begin. A late one may: the coach sees that it is late."""
    terms = assignment.terms
    if scenario not in terms.scenarios:
        return Allowance(False, 0, f"“{scenario}” is not asked for in this assignment.")
    used = sum(take.counted for take in takes if take.scenario == scenario)
    left = None if terms.takes is None else max(0, terms.takes - used)
    if left == 0:
        told = "The one take" if terms.takes == 1 else f"All {terms.takes} takes"
        return Allowance(False, 0, f"{told} of this call {'has' if terms.takes == 1 else 'have'} been made.")
    late = terms.due is not None and now > terms.due
    return Allowance(True, left, "The date has passed: it will be shown as late." if late else "")


@dataclass(frozen=True, slots=True)
class Run:
    """How a take is to be run; ``bowout.rehearsal.assigned`` makes a call's options of it."""

    mode: Literal["practice", "live"] | None
    strict: bool
    """The limits hold in practice, too, and there are no hints."""
    speaking_s: float | None
    drill: str
    meta: Mapping[str, Any]
    """For the attempt's ``start`` event."""


def run_of(assignment: Assignment, scenario: str) -> Run:
    """How a take of this call is to be run."""
    terms = assignment.terms
    meta: dict[str, Any] = {"assignment": assignment.id}
    if terms.drill:
        meta["drill"] = terms.drill
    return Run(terms.mode, terms.limit_s is not None, terms.limit_s, terms.drill, meta)


def best(takes: Iterable[Take], scenario: str) -> Take | None:
    """The take that is sent unless the learner names another: the best one that counts and is not disputed; without
    one the last that has marks."""
    marked = [take for take in takes if take.scenario == scenario and take.score is not None]
    sound = [take for take in marked if take.counted and not take.disputed]
    if sound:
        return max(sound, key=lambda take: (bool(take.passed), take.score or 0, take.number))
    counted = [take for take in marked if take.counted]
    last = counted or marked
    return last[-1] if last else None


def take_words(take: Take, zone: tzinfo) -> str:
    """“3. 2026-11-25 09:00, live, to the end, 84 of 100”, in the reader's zone."""
    words = [f"{take.number}. {take.started.astimezone(zone):%Y-%m-%d %H:%M}", take.mode, STATE_WORDS[take.state]]
    if take.score is not None:
        words.append(f"{take.score} of 100{', passed' if take.passed else ''}")
    if take.disputed:
        words.append("disputed")
    if not take.counted:
        words.append("not counted")
    told = ", ".join(word for word in words if word)
    return f"{told}: {take.cause}" if take.cause else told


def _between(first: object, last: object) -> float:
    try:
        return max(0.0, (moment(last, "at") - moment(first, "at")).total_seconds())
    except Unreadable:
        return 0.0


__all__ = [
    "FAILING", "STATES", "STATE_WORDS", "STOPPED", "Allowance", "Run", "State", "Take", "allowance", "best",
    "numbered", "run_of", "take_of", "take_words",
]  # fmt: skip
