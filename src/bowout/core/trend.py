"""How figures and items went from take to take, the recent ones weighing more.

The mean of late is exponentially weighted: a take weighs half of what the one ``HALF_LIFE`` takes after it weighs. It
runs over takes and not over days, so a week without practice changes nothing. A take whose marks its caller disputes
is shown, and counts for no mean and no best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bowout.core.criteria import ITEMS
from bowout.core.delivery import TARGETS
from bowout.core.marking.score import PASS_MARK
from bowout.core.takes import Take, counts

HALF_LIFE = 5
"""Takes after which one weighs half."""
FILLERS_PER_MINUTE = 4.0
"""Filled pauses a minute that are still fine: as many as ``delivery.TARGETS`` lets a call have."""
POINT_S = 10.0
"""Seconds in which the decision should be out: those of the drill “First ten seconds”."""

Better = Literal["more", "less", "inside"]


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure that can be followed: what it is called, where it should be, and what a plot of it shows."""

    id: str
    label: str
    unit: str
    low: float | None
    high: float | None
    """The aim; ``None`` = open on that side."""
    better: Better
    shown: tuple[float, float]
    """The least range of a plot."""
    step: float
    """A plot that needs more grows by so much."""
    digits: int = 0

    def number(self, value: float) -> str:
        return f"{value:.{self.digits}f}"

    def words(self, value: float) -> str:
        """“132 words a minute”."""
        return f"{self.number(value)} {self.unit}".strip()

    def within(self, value: float) -> bool:
        """Inside the aim."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def aim(self) -> str:
        """“110–165”, “up to 2”, “from 80”; empty without one."""
        if self.low is not None and self.high is not None:
            return f"{self.low:g}–{self.high:g}"
        if self.high is not None:
            return f"up to {self.high:g}"
        return "" if self.low is None else f"from {self.low:g}"


def _gauges() -> dict[str, Gauge]:
    pace, pause = TARGETS["words_per_minute"], TARGETS["longest_pause_s"]
    return {
        gauge.id: gauge
        for gauge in (
            Gauge("score", "Score", "of 100", PASS_MARK, None, "more", (50, 100), 10),
            Gauge("words_per_minute", "Pace", "words a minute", *pace, "inside", (90, 180), 10),
            Gauge("fillers_per_minute", "Um, uh, er", "a minute", None, FILLERS_PER_MINUTE, "less", (0, 6), 2, 1),
            Gauge("longest_pause_s", "Longest pause", "s", *pause, "less", (0, 3), 1, 1),
            Gauge("point_s", "To the point", "s", None, POINT_S, "less", (0, 15), 5, 1),
        )
    }


GAUGES: dict[str, Gauge] = _gauges()
"""What is followed of every call, in the order in which it is shown."""

_READ: dict[str, Callable[[Take], float | None]] = {
    "score": lambda take: take.score,
    "words_per_minute": lambda take: take.words_per_minute,
    "fillers_per_minute": lambda take: take.fillers_per_minute,
    "longest_pause_s": lambda take: take.longest_pause_s,
    "point_s": lambda take: take.point_s,
}


@dataclass(frozen=True, slots=True)
class Point:
    """One take's figure."""

    id: str
    at: str
    """ISO 8601, UTC."""
    value: float
    live: bool
    counts: bool
    """False where a mark of the take is disputed."""


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over time, oldest first; takes in which it was not measured are left out."""

    gauge: Gauge
    points: tuple[Point, ...]
    trend: tuple[float | None, ...]
    """The mean of late as it stood at each point; ``None`` before the first one that counts."""
    best: float | None
    """``None`` where nothing counts, or where no value is better than another inside the aim."""

    @property
    def now(self) -> float | None:
        """The mean of late."""
        return self.trend[-1] if self.trend else None

    @property
    def before(self) -> float | None:
        """The mean as it stood ``HALF_LIFE`` counted takes ago; ``None`` with fewer takes than that."""
        counted = [mean for point, mean in zip(self.points, self.trend, strict=True) if point.counts]
        return counted[-1 - HALF_LIFE] if len(counted) > HALF_LIFE else None

    @property
    def inside(self) -> tuple[int, int]:
        """How many of the counted takes lie inside the aim, and how many there are."""
        values = [point.value for point in self.points if point.counts]
        return sum(self.gauge.within(value) for value in values), len(values)


def mean_of_late(values: Iterable[float | None], half_life: float = HALF_LIFE) -> list[float | None]:
    """The weighted mean up to and with each value, oldest first; a ``None`` leaves it as it was."""
    keep = 0.5 ** (1 / half_life)
    total = weight = 0.0
    made: list[float | None] = []
    for value in values:
        if value is not None:
            total, weight = total * keep + value, weight * keep + 1
        made.append(total / weight if weight else None)
    return made


def series(takes: Iterable[Take], gauge: Gauge, read: Callable[[Take], float | None] | None = None) -> Series:
    """One figure over these takes (any order; equal times keep theirs).

    Args:
        read: the figure of a take; by default that of the gauge's id.
    """
    read = read or _READ[gauge.id]
    points = []
    for take in sorted(takes, key=lambda take: take.started_at):
        value = read(take)
        if value is not None and take.score is not None:
            points.append(Point(take.id, take.started_at, float(value), take.mode == "live", counts(take)))
    trend = mean_of_late(point.value if point.counts else None for point in points)
    values = [point.value for point in points if point.counts]
    pick = {"more": max, "less": min, "inside": None}[gauge.better]
    return Series(gauge, tuple(points), tuple(trend), pick(values) if pick and values else None)


State = Literal["heard", "not_heard", "unsure", ""]
"""Of an item in one take; empty: it was not asked."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One item from take to take, oldest first: as long as the list of takes."""

    item: str
    states: tuple[State, ...]
    share: float | None
    """How often it was heard of late, 0–1, the recent takes weighing more; what is unsure or disputed is left out."""

    @property
    def heard(self) -> tuple[int, int]:
        """Takes in which it was heard, and takes in which it was either heard or not."""
        return self.states.count("heard"), self.states.count("heard") + self.states.count("not_heard")


def strips(takes: Iterable[Take], items: Sequence[str] | None = None) -> list[Strip]:
    """A strip for each item that any of these takes was asked for, in the order of the checklist, own items last.

    The caller's own word stands where they dispute a mark: it is the summary's.

    Args:
        items: only these.
    """
    marked = [take for take in sorted(takes, key=lambda take: take.started_at) if take.score is not None]
    asked = dict.fromkeys(item for take in marked for item in take.items)
    order = [item for item in ITEMS if item in asked] + sorted(item for item in asked if item not in ITEMS)
    made = []
    for item in order if items is None else [item for item in order if item in items]:
        states: tuple[State, ...] = tuple(_state(take.items.get(item, "")) for take in marked)
        counted = (
            None if state in ("", "unsure") or not counts(take) else float(state == "heard")
            for take, state in zip(marked, states, strict=True)
        )
        means = mean_of_late(counted)
        made.append(Strip(item, states, means[-1] if means else None))
    return made


def _state(word: str) -> State:
    return word if word in ("heard", "not_heard", "unsure") else ""  # type: ignore[return-value]


__all__ = [
    "FILLERS_PER_MINUTE", "GAUGES", "HALF_LIFE", "POINT_S", "Better", "Gauge", "Point", "Series", "State",
    "Strip", "mean_of_late", "series", "strips",
]  # fmt: skip
