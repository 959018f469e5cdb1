"""What was said of what should not be said."""

from __future__ import annotations

from collections.abc import Callable

from bowout.core.marking import items
from bowout.core.marking.causes import causes
from bowout.core.marking.evidence import Evidence
from bowout.core.marking.patterns import Hit

OVER_APOLOGY = 3
"""Apologies from which they are too many (docs/criteria.md)."""


def _first(call: Evidence, act: str) -> Hit | None:
    return next(iter(call.of(act)), None)


def vague_reason(call: Evidence) -> Hit | None:
    return causes(call).vague


def weak_reason(call: Evidence) -> Hit | None:
    return causes(call).weak


def oversharing(call: Evidence) -> Hit | None:
    return call.voted("oversharing", _first(call, "oversharing"))


def mixed_message(call: Evidence) -> Hit | None:
    if call.of("return_window"):
        return None
    forced = call.intent == "leave" and call.of("reason.ill", "reason.family", "reason.work", "reason.transport")
    if forced:
        # An emergency that forces the exit may come with new dates, in whatever words: no vote there.
        return _first(call, "mixed_message")
    return call.voted("mixed_message", _first(call, "mixed_message") or _first(call, "mixed_message.dates"))


def soft_no(call: Evidence) -> Hit | None:
    return call.voted("soft_no", _first(call, "soft_no"))


def negativity(call: Evidence) -> Hit | None:
    return call.voted("negativity", _first(call, "negativity"))


def leverage(call: Evidence) -> Hit | None:
    return call.voted("leverage", _first(call, "leverage"))


def over_apology(call: Evidence) -> Hit | None:
    said = items.apologies(call)
    return said[OVER_APOLOGY - 1] if len(said) >= OVER_APOLOGY else None


DECISIONS: dict[str, Callable[[Evidence], Hit | None]] = {
    "vague_reason": vague_reason,
    "weak_reason": weak_reason,
    "oversharing": oversharing,
    "mixed_message": mixed_message,
    "soft_no": soft_no,
    "negativity": negativity,
    "leverage": leverage,
    "over_apology": over_apology,
}
"""Patterns on the whole call, then the model's vote."""

__all__ = ["DECISIONS", "OVER_APOLOGY"]
