"""The list of drills: which there are, and where one stands in each."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from bowout.core.drills import Drill, Standing
from bowout.core.drills_words import limit
from bowout.core.safety import printable
from bowout.tui.widgets.scenario_list import Lines

SHORT_UNITS = {"s": " s", "%": " %", "words": "", "pushes": "", "points": ""}
"""Units in a column, where the title does not say it all; those not named are rates."""
_TITLE, _BEST, _MEDIAN, _TAKES = 25, 13, 15, 10


def short(drill: Drill, value: float | None) -> str:
    """A figure in a column: “8.2 s”, “142/min”; “–” where there is none."""
    return "–" if value is None else f"{round(value, 1):g}{SHORT_UNITS.get(drill.measures.unit, '/min')}"


def gate(drill: Drill, now: Standing) -> str:
    """“✓ open”, or how many takes in a row have met it."""
    return "✓ open" if now.open else f"{now.in_a_row} of {drill.gate.takes}"


@dataclass(frozen=True)
class DrillRow(Lines):
    """Title and standing, and below it the one line to remember."""

    HEIGHT = 2
    drill: Drill
    now: Standing

    def content(self) -> Content:
        drill, now = self.drill, self.now
        title = " ".join(printable(drill.title).split())
        parts: list[Content | str | tuple[str, str]] = [(f"{title:<{_TITLE}}", "bold")]
        if now.takes:
            takes = f"{now.takes} take{'' if now.takes == 1 else 's'}"
            parts += [
                ("best ", "dim"), f"{short(drill, now.best):<{_BEST - 5}}",
                ("median ", "dim"), f"{short(drill, now.median_of_last_five):<{_MEDIAN - 7}}",
                f"{takes:<{_TAKES}}",
                ("gate ", "dim"), (gate(drill, now), "$text-success" if now.open else ""),
            ]  # fmt: skip
        else:
            parts.append((f"not tried yet   {limit(drill)}", "dim"))
        return Content.assemble(*parts, "\n", (" ".join(printable(drill.tell).split()), "dim"))


__all__ = ["DrillRow", "gate", "short"]
