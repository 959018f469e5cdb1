"""What was said of what should be said: one decision an item, each with the tokens that decided it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import pairwise

from bowout.core.marking.causes import causes
from bowout.core.marking.evidence import Evidence, separate
from bowout.core.marking.names import find_greeting, find_name
from bowout.core.marking.patterns import Hit
from bowout.core.marking.roles import find_role
from bowout.core.marking.times import Moment

_BESIDE = 4
"""Tokens within which a part of the day alone (“or in the evening”) is an alternative to the time before it."""
_ASKED = 10
"""Tokens after “could we do” within which a time makes it a request to move."""


def greeting(call: Evidence) -> Hit | None:
    return call.voted("greeting", find_greeting(call.tokens, call.hits, call.names))


def name(call: Evidence) -> Hit | None:
    return call.voted("name", find_name(call.tokens, call.hits, call.names, written=False))


def role(call: Evidence) -> Hit | None:
    return call.voted("role", find_role(call.tokens, call.hits, call.work, call.names))


def when(call: Evidence) -> Hit | None:
    booked = (moment for moment in call.moments if moment.purpose == "booked" and moment.dated)
    return call.voted("when", next((Hit(moment.start, moment.end, "when") for moment in booked), None))


def ask(call: Evidence) -> Hit | None:
    return call.voted("ask", ask_said(call))


def ask_said(call: Evidence) -> Hit | None:
    """The decision that patterns find."""
    found = call.of(f"ask.{call.intent}")
    if call.intent == "leave" and (call.of("thanks") or call.of("goodbye")):
        found = found or call.of("ask.fit")
    if found:
        return max(separate(found), key=lambda h: h.end - h.start)
    if call.intent == "reschedule":
        offered = options_said(call)
        times = [moment for moment in call.moments if moment.purpose == "offered" and moment.dated]
        starts = [moment.start for moment in times]
        for hit in call.of("ask.offer"):
            at = bisect_left(starts, hit.end)
            if at < len(times) and starts[at] - hit.end <= _ASKED:
                return Hit(hit.start, times[at].end, "ask")
        if offered and (call.of("reason.") or call.of("vague_reason", "weak_reason")):
            return offered
    return None


def reason(call: Evidence) -> Hit | None:
    return causes(call).reason


def apologies(call: Evidence) -> list[Hit]:
    """Every expression that counts as an apology."""
    return list(separate(call.of("apology")))


def apology(call: Evidence) -> Hit | None:
    return call.voted("apology", next(iter(apologies(call)), None))


def offered(call: Evidence) -> list[Moment]:
    """Every alternative, in the order they come."""
    found: list[Moment] = []
    last_end = -_BESIDE - 1
    for moment in call.moments:
        if moment.purpose != "offered":
            continue
        if not moment.dated and moment.start - last_end > _BESIDE:
            continue
        last_end = moment.end
        found.append(moment)
    return found


def options(call: Evidence) -> Hit | None:
    return call.voted("options", options_said(call))


def options_said(call: Evidence) -> Hit | None:
    """The two alternatives that patterns find: of those which are really different, the two named closest together."""
    found = offered(call)
    other = next((moment for moment in found if moment.differs_from(found[0])), None)
    if other is None:
        return None
    pairs = [(one, two) for one, two in pairwise(found) if one.differs_from(two)] or [(found[0], other)]
    one, two = min(pairs, key=lambda pair: pair[1].start - pair[0].end)
    return Hit(one.start, two.end, "options")


def thanks(call: Evidence) -> Hit | None:
    return call.voted("thanks", next(iter(call.of("thanks")), None))


def goodwill(call: Evidence) -> Hit | None:
    return call.voted("goodwill", next(iter(call.of("goodwill")), None))


def follow_up(call: Evidence) -> Hit | None:
    return call.voted("follow_up", next(iter(call.of("follow_up")), None))


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
