"""Marking: what a caller said, decided by the published criteria, with the words that decided it.

``text`` → tokens → hits of all banks (:mod:`~bowout.core.marking.patterns`) → decisions on the whole call
(:mod:`~bowout.core.marking.items`, :mod:`~bowout.core.marking.faults`) → score and sentences to say instead. The
banks are read and compiled at the first mark.
"""

from __future__ import annotations

from bowout.core.marking.engine import mark
from bowout.core.marking.score import Rules

MARKING_VERSION = "1.2"
"""Goes up whenever the same words may be marked differently."""

__all__ = ["MARKING_VERSION", "Rules", "mark"]
