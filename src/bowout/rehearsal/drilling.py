"""A take of a drill: the ordinary call over the cut scenario, judged, and put into its record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bowout.core.drills import Drill, DrillResult, Standing, rings_after, standing
from bowout.core.drills_judge import judge
from bowout.core.settings import Mode
from bowout.errors import UsageError
from bowout.rehearsal.call import Options

if TYPE_CHECKING:
    from bowout.core.scenario import Scenario
    from bowout.ports import Records
    from bowout.rehearsal.events import CallMarked

EVENT = "drill"
"""Kind of the record's event."""
LOOKED_AT = 1000
"""Newest takes of one drill that its standing is made of."""


def check_possible(drill: Drill, mode: Mode, *, headphones: bool, typed: bool) -> None:
    """Raises ``UsageError`` where the drill can't be done like this, with what to do."""
    if mode not in drill.modes:
        raise UsageError(f"“{drill.title}” is a drill for {drill.modes[0]} mode.", f"Choose {drill.modes[0]} mode.")
    if drill.headphones and not headphones and not typed:
        raise UsageError(
            f"“{drill.title}” needs headphones: without them the microphone hears the other voice.",
            "Put some on, and turn on “headphones” in the settings.",
        )


def drill_options(drill: Drill, base: Options, *, case: str = "") -> Options:
    """The options of a take.

    Args:
        base: those that an ordinary call would have, its seed included.
        case: id of the caller's own case, where the scenario was made of one.
    """
    return replace(
        base,
        meta={**base.meta, "drill": drill.key, **({"case": case} if case else {})},
        strict=True,
        speaking_s=drill.ends.speaking_s,
        rings_after_s=rings_after(drill, base.seed),
        under_way=drill.shape == "question",
    )


def judged(drill: Drill, scenario: Scenario, marked: CallMarked) -> DrillResult:
    """What a take came to; ``scenario`` is the one that ``drill_scenario`` made."""
    return judge(drill, scenario, marked.marks, marked.facts, marked.answered)


def keep(records: Records, attempt: str, result: DrillResult) -> None:
    """Put the result into the attempt's record; nothing to do where the call could not be recorded (``attempt`` is
    empty). Raises ``BowoutError`` if the disk refuses."""
    if attempt:
        records.append(attempt, EVENT, **result.as_json())


def standing_in(drill: Drill, records: Records) -> Standing:
    """Where the caller stands in a drill. Reads the history: call it from a thread."""
    return standing(drill, records.recent(LOOKED_AT, drill=drill.key))


__all__ = ["EVENT", "LOOKED_AT", "check_possible", "drill_options", "judged", "keep", "standing_in"]
