"""What was said of what should not be said."""

from __future__ import annotations

from collections.abc import Callable

from bowout.core.marking import items
from bowout.core.marking.evidence import Evidence
from bowout.core.marking.patterns import Hit

OVER_APOLOGY = 3
"""Apologies from which they are too many (docs/criteria.md)."""


def _first(call: Evidence, act: str) -> Hit | None:
    return next(iter(call.of(act)), None)


def vague_reason(call: Evidence) -> Hit | None:
    if items.reason_said(call):
        return None
    return _first(call, "vague_reason") or (None if call.of("weak_reason") else _first(call, "vague_reason.loose"))


def weak_reason(call: Evidence) -> Hit | None:
    return _first(call, "weak_reason")


def oversharing(call: Evidence) -> Hit | None:
    return _first(call, "oversharing")


def mixed_message(call: Evidence) -> Hit | None:
    if call.of("return_window"):
        return None
    dates = None
    forced = call.intent == "leave" and call.of("reason.ill", "reason.family", "reason.work", "reason.transport")
    if not forced:
        dates = _first(call, "mixed_message.dates")
    return _first(call, "mixed_message") or dates


def soft_no(call: Evidence) -> Hit | None:
    return _first(call, "soft_no")


def negativity(call: Evidence) -> Hit | None:
    return _first(call, "negativity")


def leverage(call: Evidence) -> Hit | None:
    return _first(call, "leverage")


def over_apology(call: Evidence) -> Hit | None:
    said = items.apologies(call)
    return said[OVER_APOLOGY - 1] if len(said) >= OVER_APOLOGY else None


_SAID: dict[str, Callable[[Evidence], Hit | None]] = {
    "vague_reason": vague_reason,
    "weak_reason": weak_reason,
    "oversharing": oversharing,
    "mixed_message": mixed_message,
    "soft_no": soft_no,
    "negativity": negativity,
    "leverage": leverage,
    "over_apology": over_apology,
}


def _decision(id_: str) -> Callable[[Evidence], Hit | None]:
    said = _SAID[id_]

    def decide(call: Evidence) -> Hit | None:
        return call.voted(id_, said(call))

    return decide


DECISIONS: dict[str, Callable[[Evidence], Hit | None]] = {id_: _decision(id_) for id_ in _SAID}
"""Patterns on the whole call, then the model's vote."""

__all__ = ["DECISIONS", "OVER_APOLOGY"]
