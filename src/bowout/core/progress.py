"""How somebody gets on: everything that is shown of one scenario or one drill, made of their rows of the history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bowout.core.drills import Drill, Standing, standing
from bowout.core.ready import Statement, statement
from bowout.core.takes import Take, ago, days_ago
from bowout.core.trend import GAUGES, Gauge, Series, Strip, series, strips


@dataclass(frozen=True, slots=True)
class Course:
    """The whole calls of one scenario."""

    scenario: str
    """Its id; empty where the takes are of several."""
    title: str
    takes: tuple[Take, ...]
    """Marked ones, newest first; runs of drills are not among them."""
    statement: Statement | None
    """``None`` where the takes are of several scenarios."""
    series: tuple[Series, ...]
    strips: tuple[Strip, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "scenario": self.scenario,
            "title": self.title,
            "takes": len(self.takes),
            "live": sum(take.mode == "live" for take in self.takes),
            "last": self.takes[0].started_at if self.takes else None,
            "ready": self.statement.as_json() if self.statement else None,
            "figures": {each.gauge.id: _json(each) for each in self.series},
            "items": {each.item: None if each.share is None else round(each.share, 3) for each in self.strips},
        }


@dataclass(frozen=True, slots=True)
class DrillCourse:
    """The runs of one drill."""

    drill: str
    """Its key."""
    title: str
    takes: tuple[Take, ...]
    """Marked ones, newest first."""
    series: Series
    standing: Standing | None
    """``None`` for a drill that is not here any more."""

    def as_json(self) -> dict[str, Any]:
        stands = self.standing
        return {
            "drill": self.drill,
            "title": self.title,
            "takes": len(self.takes),
            "last": self.takes[0].started_at if self.takes else None,
            "unit": self.series.gauge.unit,
            "figure": _json(self.series),
            "best": stands.best if stands else None,
            "median_of_last_five": stands.median_of_last_five if stands else None,
            "to_beat": stands.to_beat if stands else None,
        }


def course(takes: Iterable[Take], now: datetime, title: str = "") -> Course:
    """Everything about these whole calls; with a ``title`` they may be of several scenarios, and nothing is stated."""
    newest = _newest(take for take in takes if not take.drill)
    first = newest[0] if newest and not title else None
    return Course(
        first.scenario if first else "",
        first.title if first else title,
        newest,
        None if title else statement(newest, now),
        tuple(series(newest, gauge) for gauge in GAUGES.values()),
        tuple(strips(newest)),
    )


def courses(takes: Iterable[Take], now: datetime) -> list[Course]:
    """One for each scenario and title (two packs may share an id), the newest first."""
    groups: dict[tuple[str, str], list[Take]] = {}
    for take in _newest(take for take in takes if not take.drill):
        groups.setdefault((take.scenario, take.title), []).append(take)
    return [course(group, now) for group in groups.values()]


def drill_courses(takes: Iterable[Take], drills: Iterable[Drill]) -> list[DrillCourse]:
    """One for each drill that was run, the newest first."""
    known = {drill.key: drill for drill in drills}
    groups: dict[str, list[Take]] = {}
    for take in _newest(take for take in takes if take.drill):
        groups.setdefault(take.drill, []).append(take)
    made = []
    for key, group in groups.items():
        drill = known.get(key)
        gauge = drill_gauge(key, drill, [take.figure for take in group if take.figure is not None])
        stands = standing(drill, group) if drill else None
        made.append(DrillCourse(key, gauge.label, tuple(group), series(group, gauge, lambda take: take.figure), stands))
    return made


def drill_gauge(key: str, drill: Drill | None, values: Sequence[float]) -> Gauge:
    """The drill's figure as one that can be plotted. Of a drill that is gone only the numbers are known."""
    low = high = None
    unit, label, better = "", key, "band"
    if drill is not None:
        low, high, unit, label = drill.gate.least, drill.gate.most, drill.measures.unit, drill.title
        better = drill.measures.better
    wanted = [*values, *(edge for edge in (low, high) if edge is not None)]
    most = max(wanted, default=1.0)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1e9) if most <= 5 * step)
    # From nothing, but for what is never near it.
    least = 0.0 if better != "band" else step * (min(wanted, default=0.0) // step)
    way = {"less": "less", "more": "more", "band": "inside"}[better]
    digits = 0 if most >= 100 or unit in ("words", "pushes", "%", "points") else 1
    return Gauge(key, label, unit, low, high, way, (least, max(least + step, step * -(-most // step))), step, digits)  # type: ignore[arg-type]


def when_last(takes: Sequence[Take], now: datetime) -> str:
    """“12 takes, 4 of them live, the last one today”; takes newest first."""
    live = sum(take.mode == "live" for take in takes)
    days = days_ago(takes[0].started_at, now) if takes else None
    parts = [f"{len(takes)} take{'' if len(takes) == 1 else 's'}"]
    if live:
        parts.append("all live" if live == len(takes) else f"{live} of them live")
    if days is not None:
        parts.append(f"the last one {ago(days)}")
    return ", ".join(parts)


def _newest(takes: Iterable[Take]) -> tuple[Take, ...]:
    marked = (take for take in takes if take.score is not None)
    return tuple(sorted(marked, key=lambda take: take.started_at, reverse=True))


def _json(made: Series) -> dict[str, Any]:
    inside, of = made.inside
    values = {"of_late": made.now, "before": made.before, "best": made.best}
    return {
        **{name: None if value is None else round(value, 2) for name, value in values.items()},
        "low": made.gauge.low,
        "high": made.gauge.high,
        "inside": inside,
        "of": of,
    }


__all__ = ["Course", "DrillCourse", "course", "courses", "drill_courses", "drill_gauge", "when_last"]
