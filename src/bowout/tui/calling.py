"""Making a call and following it, from a worker thread. Touches no widget."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bowout.core.scenario import Scenario
from bowout.core.settings import Mode, Settings
from bowout.ports import Records
from bowout.rehearsal.events import CallMarked, CallPrepared, Event

if TYPE_CHECKING:
    from bowout.core.drills import Drill
    from bowout.rehearsal.call import Options, Rehearsal
    from bowout.rehearsal.services import Services


def make_call(
    services: Services,
    scenario: Scenario,
    mode: Mode,
    *,
    typed: bool,
    seed: int,
    meta: Mapping[str, Any] = {},
    drill: Drill | None = None,
    bounds: Callable[[Options], Options] | None = None,
) -> Rehearsal:
    """One call as the settings say. Blocks while the ear loads; opens nothing yet.

    Args:
        meta: what the call is made for, for its record.
        drill: the one that the scenario was cut for, whose limits hold.
        bounds: makes of these options those that were agreed with a coach.
    """
    from bowout.rehearsal.call import Options, Rehearsal

    settings = services.settings
    parts = services.parts(typed=typed)
    options = Options(
        mode=mode,
        silence_s=settings.silence_s(mode),
        seed=seed,
        headphones=settings.headphones,
        keep_audio=settings.keep_recordings != "never",
        retention="keep" if settings.keep_recordings == "keep" else "",
        score_delivery=not settings.extra_time,
        patience=settings.patience,
        meta=meta,
    )
    if drill is not None:
        from bowout.rehearsal.drilling import drill_options

        options = drill_options(drill, options)
    return Rehearsal(scenario, parts, options if bounds is None else bounds(options))


def follow(
    rehearsal: Rehearsal, stop: threading.Event, settings: Settings, records: Records, tell: Callable[[Event], None]
) -> CallMarked | None:
    """Run the call to its end and tell each event. Blocks.

    The marks are the answer and not told: when they arrive the record is closed and the microphone let go.
    ``None`` means that the call was left.
    """
    marked: CallMarked | None = None
    attempt = ""
    for event in rehearsal.run(stop):
        if isinstance(event, CallMarked):
            marked = event
            continue
        if isinstance(event, CallPrepared):
            attempt = event.attempt
        tell(event)
    if marked is None and attempt and settings.keep_recordings in ("ask", "until_review"):
        # Left in the middle: there will be no review that could end this recording.
        records.drop_audio(attempt)
    return marked


__all__ = ["follow", "make_call"]
