"""Why the caller can't come: a reason, a weak one, an empty phrase, or nothing. Decided together, for they exclude
each other: an empty phrase counts only where no other cause was given (docs/criteria.md)."""

from __future__ import annotations

from typing import NamedTuple

from bowout.core.criteria import FAULTS
from bowout.core.marking.evidence import Evidence, separate
from bowout.core.marking.patterns import Hit


class Causes(NamedTuple):
    """What was said of each kind."""

    reason: Hit | None
    weak: Hit | None
    vague: Hit | None


def causes(call: Evidence) -> Causes:
    """Patterns on the whole call, then the model's votes, then what excludes what."""
    if call.causes is None:
        call.causes = _decided(call)
    return call.causes


def _decided(call: Evidence) -> Causes:
    reason_said_ = reason_said(call)
    if not FAULTS["vague_reason"].applies_to(call.intent):
        return Causes(call.voted("reason", reason_said_), None, None)  # what is no fault takes no reason away
    weak_said = next(iter(call.of("weak_reason")), None)
    vague_said = _vague_said(call, reason_said_)
    reason = call.voted("reason", reason_said_)
    weak = call.voted("weak_reason", weak_said)
    vague = call.voted("vague_reason", vague_said)
    if vague and reason and not _stronger(call, "vague_reason", vague_said, "reason", reason_said_):
        vague = None
    if vague and weak and not _stronger(call, "vague_reason", vague_said, "weak_reason", weak_said):
        vague = None
    if vague:
        reason = weak = None
    return Causes(reason, weak, vague)


def _stronger(call: Evidence, one: str, one_said: Hit | None, other: str, other_said: Hit | None) -> bool:
    """Whether the first has more behind it: a pattern before a vote, then the clearer vote."""
    if (one_said is None) != (other_said is None):
        return one_said is not None
    return call.clearness(one) > call.clearness(other)


def reason_said(call: Evidence) -> Hit | None:
    """The reason that patterns find."""
    kinds = [f"reason.{kind}" for kind in ("ill", "family", "work", "transport", "offer", "move")]
    if call.intent in ("withdraw", "leave"):
        kinds.append("reason.fit")
    weak = call.of("weak_reason")
    vague = call.of("vague_reason")
    empty = bytearray(len(call.tokens))
    for hit in (*weak, *vague):
        empty[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
    for hit in separate(call.of(*kinds)):
        if b"\x00" in empty[hit.start : hit.end]:
            return hit
    told: list[Hit] = []
    if not weak:
        told += call.of("oversharing")
    if call.of("leverage"):
        told += call.of("leverage.offer")
    if not weak and not vague and call.intent != "repair":
        told += call.of("negativity")
    return next(iter(told), None)


def _vague_said(call: Evidence, reason: Hit | None) -> Hit | None:
    """The empty phrase that patterns find."""
    if reason is not None:
        return None
    found = call.of("vague_reason") or ([] if call.of("weak_reason") else call.of("vague_reason.loose"))
    return next(iter(found), None)


__all__ = ["Causes", "causes", "reason_said"]
