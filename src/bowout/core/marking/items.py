"""What was said of what should be said: one decision an item, each with the tokens that decided it."""

from __future__ import annotations

from collections.abc import Callable

from bowout.core.marking.evidence import Evidence, separate
from bowout.core.marking.names import find_greeting, find_name
from bowout.core.marking.patterns import Hit
from bowout.core.marking.roles import find_role
from bowout.core.marking.times import Moment


def greeting(call: Evidence) -> Hit | None:
    return find_greeting(call.tokens, call.hits, call.names)


def name(call: Evidence) -> Hit | None:
    return find_name(call.tokens, call.hits, call.names, written=False)


def role(call: Evidence) -> Hit | None:
    return find_role(call.tokens, call.hits, call.work)


def when(call: Evidence) -> Hit | None:
    for moment in call.moments:
        if moment.purpose == "booked":
            return Hit(moment.start, moment.end, "when")
    return None


def ask(call: Evidence) -> Hit | None:
    found = call.of(f"ask.{call.intent}")
    if call.intent == "withdraw":
        found = found or call.of("ask.taken")
    if found:
        return max(separate(found), key=lambda h: h.end - h.start)
    if call.intent == "reschedule":
        offered = options(call)
        if offered and (call.of("reason.") or call.of("vague_reason", "weak_reason")):
            return offered
    return None


def reason(call: Evidence) -> Hit | None:
    weak = call.of("weak_reason")
    vague = call.of("vague_reason")
    for hit in separate(call.of("reason.")):
        if not any(w.start <= hit.start and hit.end <= w.end for w in (*weak, *vague)):
            return hit
    return None


def apologies(call: Evidence) -> list[Hit]:
    """Every expression that counts as an apology."""
    return list(separate(call.of("apology")))


def apology(call: Evidence) -> Hit | None:
    return next(iter(apologies(call)), None)


def offered(call: Evidence) -> list[Moment]:
    """The alternatives that are really different, in order."""
    different: list[Moment] = []
    for moment in call.moments:
        if moment.purpose == "offered" and moment.specific and all(moment.differs_from(m) for m in different):
            different.append(moment)
    return different


def options(call: Evidence) -> Hit | None:
    different = offered(call)
    if len(different) < 2:
        return None
    return Hit(different[0].start, different[1].end, "options")


def thanks(call: Evidence) -> Hit | None:
    return next(iter(call.of("thanks")), None)


def goodwill(call: Evidence) -> Hit | None:
    return next(iter(call.of("goodwill")), None)


def follow_up(call: Evidence) -> Hit | None:
    return next(iter(call.of("follow_up")), None)


DECISIONS: dict[str, Callable[[Evidence], Hit | None]] = {
    "greeting": greeting,
    "name": name,
    "role": role,
    "when": when,
    "ask": ask,
    "reason": reason,
    "apology": apology,
    "options": options,
    "thanks": thanks,
    "goodwill": goodwill,
    "follow_up": follow_up,
}

__all__ = ["DECISIONS", "apologies", "offered"]
