"""Where in a call something is: the words that decided a mark, long pauses, fillers. What one can jump to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bowout.core.marks import Marks, State
from bowout.core.review import FAULT_WORDS, item_words

PAUSE_S = 0.7
"""Silences within a turn from here on are worth going to; the delivery counts shorter ones, too."""
Kind = Literal["quote", "fault", "pause", "filler"]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the recording, in seconds on the call's clock."""

    kind: Kind
    start: float
    end: float
    label: str
    """In words: “the decision”, “1.4 s”, “um”."""


def places(marks: Marks) -> tuple[Place, ...]:
    """Every place of a spoken call, in order; none in one that was typed."""
    if marks.transcript.unit != "s":
        return ()
    found = [
        Place("quote", m.span.start, m.span.end, item_words(m.id))
        for m in marks.items.values()
        if m.span is not None and m.state is not State.NOT_HEARD
    ]
    found += [
        Place("fault", m.span.start, m.span.end, FAULT_WORDS.get(m.id, m.id))
        for m in marks.faults.values()
        if m.found and m.span is not None
    ]
    found += [Place("filler", f.start, f.end, f"“{f.kind}”") for f in marks.delivery.fillers or ()]
    for turn in marks.transcript.turns:
        if turn.times == "none":
            continue
        for before, after in pairwise(turn.words):
            if after.start - before.end >= PAUSE_S:
                found.append(Place("pause", before.end, after.start, f"{after.start - before.end:.1f} s"))
    return tuple(sorted(found, key=lambda place: (place.start, place.end, place.label)))


def after(known: Sequence[Place], at: int | None, by: int, kinds: Sequence[Kind] = ()) -> int | None:
    """The number of the next place (``by`` = 1) or the one before (−1) of these kinds, round the ends; ``None`` if
    there is none. ``at`` is the chosen one, ``None`` = none yet."""
    fitting = [n for n, place in enumerate(known) if not kinds or place.kind in kinds]
    if not fitting:
        return None
    if at is None:
        return fitting[0] if by > 0 else fitting[-1]
    if by > 0:
        return next((n for n in fitting if n > at), fitting[0])
    return next((n for n in reversed(fitting) if n < at), fitting[-1])


__all__ = ["PAUSE_S", "Kind", "Place", "after", "places"]
