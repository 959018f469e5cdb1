"""A row of the history in words, for the terminal and the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bowout.core.drills import Drill
from bowout.core.progress_text import one_line
from bowout.core.review import outcome_words
from bowout.core.takes import Take, moment, short_day, spoken
from bowout.core.trend import GAUGES


def when(take: Take, now: datetime) -> str:
    """“today 14:05”, “26 Nov 14:05”; of another year the day alone: “26 Nov 2025”."""
    at = moment(take.started_at, now)
    if at is None:
        return "unknown"
    day = short_day(at.date(), now.date())
    return day if at.year != now.year else f"{day} {at:%H:%M}"


def called(take: Take, drills: Mapping[str, Drill]) -> str:
    """The scenario's title; a drill's run begins with the drill's."""
    title = one_line(take.title) or take.scenario
    if not take.drill:
        return title
    drill = drills.get(take.drill)
    return f"{one_line(drill.title if drill else take.drill)} · {title}"


def mark(take: Take, drills: Mapping[str, Drill]) -> str:
    """The one figure, and whether it was reached: “88 ✓”, “9.2 s ·”; “–” where there is none."""
    if take.score is None:
        return "–"
    if not take.drill:
        return f"{take.score} {'✓' if take.passed else '·'}"
    glyph = "✓" if take.met else "·"
    if take.figure is None:
        return f"– {glyph}"
    drill = drills.get(take.drill)
    # What is counted in words is told by the drill's name; only a second and a percentage need their sign.
    unit = drill.measures.unit if drill and drill.measures.unit in ("s", "%") else ""
    return f"{take.figure:.4g}{f' {unit}' if unit else ''} {glyph}"


def notes(take: Take) -> str:
    """What else has to be known at a glance."""
    found = ["disputed"] if take.disputed else []
    if take.score is None:
        found.append("broken off")
    if not spoken(take):
        found.append("typed")
    if take.trouble:
        found.append(f"{take.trouble} failed")
    return ", ".join(found)


def about(take: Take, drills: Mapping[str, Drill]) -> str:
    """A sentence or two: how it ended, and the figures that were measured."""
    drill = drills.get(take.drill)
    parts = [outcome_words(take.outcome)] if take.outcome else ["The call was broken off."]
    if take.drill and take.figure is not None:
        what = f" {drill.measures.unit} {drill.measures.what}" if drill else ""
        parts.append(f"{take.figure:.4g}{what}.")
    figures = [
        f"{gauge.label.lower()} {gauge.words(value)}"
        for gauge in GAUGES.values()
        if gauge.id != "score" and (value := getattr(take, gauge.id)) is not None
    ]
    if figures:
        listed = ", ".join(figures)
        parts.append(f"{listed[0].upper()}{listed[1:]}.")
    return one_line(" ".join(parts))


__all__ = ["about", "called", "mark", "notes", "when"]
