"""A take of an assignment: the ordinary call with the limits that were agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bowout.core.coaching.takes import run_of
from bowout.core.coaching.terms import Assignment
from bowout.core.drills import Drill, find_drill
from bowout.core.drills_cut import drill_scenario
from bowout.core.scenario import Scenario
from bowout.core.settings import Keep, Mode
from bowout.rehearsal.call import Options
from bowout.rehearsal.drilling import drill_options


def mode_of(assignment: Assignment, chosen: Mode) -> Mode:
    """The mode of a take: the one that was asked for, else the learner's choice."""
    return assignment.terms.mode or chosen


def drill_of(assignment: Assignment, of_pack: Sequence[Drill], here: Sequence[Drill]) -> Drill | None:
    """The drill that is asked for: the one that came with the assignment, else the one that is here; ``None`` for a
    whole call. Raises ``UsageError``: it is neither."""
    name = assignment.terms.drill
    if not name:
        return None
    own = [drill for drill in of_pack if drill.id == name.rpartition("/")[2]]
    return own[0] if own else find_drill(here, name)


def assigned_take(
    assignment: Assignment, scenario: Scenario, base: Options, keep: Keep, drill: Drill | None = None
) -> tuple[Scenario, Options]:
    """What is rehearsed, and how.

    Args:
        scenario: the call, as it came with the assignment.
        base: the options that an ordinary call in ``mode_of`` would have.
        keep: the user's setting; where the coach asks for a recording it is kept beyond its review, unless none may
            ever be written.
        drill: of ``drill_of``.

    Raises ``UsageError``: the drill can't be made of this call.
    """
    asked = run_of(assignment, scenario.id)
    made = replace(base, mode=asked.mode or base.mode, meta={**base.meta, **asked.meta})
    speaking_s = asked.speaking_s
    if drill is not None:
        made = drill_options(drill, made)
        limits = [limit for limit in (speaking_s, drill.ends.speaking_s) if limit is not None]
        speaking_s = min(limits, default=None)
        scenario = drill_scenario(drill, scenario, made.seed)
    if "audio" in assignment.terms.ask and keep != "never":
        made = replace(made, keep_audio=True, retention="keep")
    # The name stands as the assignment has it, so that a take of it is told from others.
    meta = {**made.meta, **asked.meta}
    return scenario, replace(made, strict=asked.strict or made.strict, speaking_s=speaking_s, meta=meta)


__all__ = ["assigned_take", "drill_of", "mode_of"]
