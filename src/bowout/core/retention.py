"""Which recordings have been kept for long enough. Only the sound goes: words and marks stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from bowout.core.drills import Drill, distance

_MAY_GO_ON = timedelta(days=1)
"""A call that is neither marked nor ended may still be going on until it is as old as this."""


class Kept(Protocol):
    """What is asked of an attempt; ``AttemptSummary`` has it."""

    @property
    def id(self) -> str: ...
    @property
    def started_at(self) -> str: ...
    @property
    def scenario(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def drill(self) -> str: ...
    @property
    def score(self) -> int | None: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def audio(self) -> bool: ...
    @property
    def disputed(self) -> bool: ...
    @property
    def assignment(self) -> str: ...
    @property
    def figure(self) -> float | None: ...
    @property
    def met(self) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """What is kept; as it is, everything."""

    days: int = 0
    """Recordings older than this go; 0 = none is too old."""
    best_and_last: bool = False
    """Of each call, the best and the last marked one stay, however old. With ``days`` 0 all others go, else those of
    them that are too old."""

    @property
    def keeps_all(self) -> bool:
        return not self.days and not self.best_and_last


def too_many(
    attempts: Iterable[Kept],
    policy: Policy,
    now: datetime,
    submitted: Collection[str] = frozenset(),
    drills: Mapping[str, Drill] = MappingProxyType({}),
) -> list[str]:
    """Ids of the attempts whose recording goes, oldest first.

    Whatever the policy, a recording stays while a mark of it is disputed, while it belongs to an assignment that has
    not been handed in, and while the call may still be going on.

    Args:
        attempts: all there are: the best of a call may have no recording any more, and then none takes its place.
        now: aware.
        submitted: ids of the assignments that have been handed in.
        drills: by their key: the best take of a drill is the one of the best figure.
    """
    if policy.keeps_all:
        return []
    attempts = sorted(attempts, key=lambda each: each.id)
    spared = _best_and_last(attempts, drills) if policy.best_and_last else frozenset()
    going = []
    for each in attempts:
        if not each.audio or each.disputed or each.id in spared:
            continue
        if each.assignment and each.assignment not in submitted:
            continue
        age = _age(each, now)
        if each.score is None and each.outcome is None and (age is None or age < _MAY_GO_ON):
            continue
        if not policy.days or (age is not None and age > timedelta(days=policy.days)):
            going.append(each.id)
    return going


def _best_and_last(attempts: Sequence[Kept], drills: Mapping[str, Drill]) -> frozenset[str]:
    """Of each call (and each drill on it), oldest first: the last marked one, and the newest of the best. One with a
    disputed mark is no best."""
    best: dict[tuple[str, str, str], Kept] = {}
    last: dict[tuple[str, str, str], Kept] = {}
    for each in attempts:
        if each.score is None:
            continue
        call = (each.scenario, each.title, each.drill)
        last[call] = each
        drill = drills.get(each.drill)
        if not each.disputed and (call not in best or _worth(each, drill) >= _worth(best[call], drill)):
            best[call] = each
    return frozenset(each.id for each in (*best.values(), *last.values()))


def _worth(attempt: Kept, drill: Drill | None) -> tuple[bool, float]:
    """The larger, the better. A drill goes by its figure, where its gate was met: what is best there may have any
    score."""
    if drill is None or not attempt.met or attempt.figure is None:
        return False, attempt.score or 0
    return True, -distance(drill, attempt.figure)


def _age(attempt: Kept, now: datetime) -> timedelta | None:
    """``None`` where the record does not say when it began."""
    try:
        begun = datetime.fromisoformat(attempt.started_at)
    except ValueError:
        return None
    return None if begun.tzinfo is None else now - begun


__all__ = ["Kept", "Policy", "too_many"]
