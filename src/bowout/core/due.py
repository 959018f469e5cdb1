"""What is due in a case, and by when: the contact, one confirmation, a light touch; silence called by its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bowout.core.case import Case
from bowout.core.decide import NOTICE, decision_of
from bowout.core.when import elapsed, kept, later, spoken_here

Kind = Literal["call", "write", "say", "confirm", "attend", "touch", "silent"]
TOUCH_FROM, TOUCH_UNTIL = timedelta(days=182), timedelta(days=365)
"""Six to twelve months: when a short note keeps a relationship, without being intrusive."""
SOON = timedelta(hours=12)
"""What is due so soon is of today, whatever midnight comes before it: nobody gets up for it."""
_LOOP = "Closing the Loop: Follow-Up Templates and Timing"
PLACES: dict[Kind, str] = {
    "call": "Before the Interview › Timing: Contact as Soon as Possible",
    "write": "Before the Interview › Timing: Contact as Soon as Possible",
    "say": "During the Interview: How to Leave Early Without Burning Bridges",
    "confirm": "After You Cancel › Immediate Follow-Up",
    "attend": _LOOP,
    "touch": _LOOP,
    "silent": "Common Mistakes › Mistake 1: Ghosting",
}
"""Where in the article each comes from."""
_TALKED = ("agreed", "withdrawn", "refused", "left")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do."""

    case: str
    title: str
    kind: Kind
    says: str
    by: datetime | None
    """The latest moment; ``None`` = when it suits."""
    late: bool = False

    def today(self, now: datetime) -> bool:
        """Whether it is due on the day of ``now`` or within ``SOON``, or was before."""
        return self.by is None or self.by.astimezone(now.tzinfo).date() <= now.date() or elapsed(now, self.by) <= SOON

    def as_json(self) -> dict[str, Any]:
        by = None if self.by is None else kept(self.by)
        return {
            "case": self.case,
            "title": self.title,
            "due": self.kind,
            "says": self.says,
            "by": by,
            "late": self.late,
            "place": PLACES[self.kind],
        }


def due(case: Case, now: datetime) -> tuple[Due, ...]:
    """What is still to do, the most urgent first. ``now``: aware."""
    found = []
    if case.closed is None:
        found += _contact(case, now)
        found += _confirmation(case, now)
        found += _appointment(case, now)
    found += _touch(case, now)
    return tuple(found)


def _made(case: Case, kind: Kind, says: str, by: datetime | None, now: datetime) -> Due:
    late = by is not None and elapsed(now, by) < timedelta(0)
    return Due(case.id, case.title, kind, says, by, late)


def _contact(case: Case, now: datetime) -> list[Due]:
    if case.report is not None and case.report.result == "no_answer" and "sent" not in case.done:
        return [_made(case, "call", "Nobody answered: try once more, and write today so that they know.", now, now)]
    if case.contacted or case.path == "attend" or (case.crossed and not case.under_way):
        return []
    gone = case.interview is not None and elapsed(case.interview, now) > timedelta(0)
    if gone and case.answers.get("stage", "before") == "before":
        if case.path == "learn":
            return []
        assert case.interview is not None, "it has gone by"
        says = (
            f"The interview was {spoken_here(case.interview, now)}, and they have not heard from you. Silence is "
            "called ghosting; it happens to decent people, and a short apology still helps. Begin anew: “it is over”."
        )
        return [_made(case, "silent", says, case.interview, now)]
    decision = decision_of(case, now)
    if decision.channel == "phone":
        return [_made(case, "call", decision.how.says, decision.by, now)]
    if decision.channel in ("email", "message"):
        return [_made(case, "write", decision.how.says, decision.by, now)]
    return [_made(case, "say", decision.how.says, decision.by, now)]


def _confirmation(case: Case, now: datetime) -> list[Due]:
    report = case.report
    if report is None or "sent" in case.done or report.by in ("email", "message") or case.crossed:
        return []
    by = later(report.at, NOTICE)
    if report.result == "voicemail":
        return [_made(case, "confirm", "You left a message: put it in writing as well, once.", by, now)]
    if report.result == "refused" and case.path in ("reschedule", "video"):
        says = "They can't move it: go after all, or withdraw. Decide, and confirm that in one message."
        return [_made(case, "confirm", says, by, now)]
    if report.result in _TALKED:
        says = "You have talked: confirm it in writing within 24 hours. One message, not two."
        return [_made(case, "confirm", says, by, now)]
    return []


def _appointment(case: Case, now: datetime) -> list[Due]:
    at = case.interview if case.path in ("attend", "learn") else None
    if case.report is not None and case.report.slot is not None:
        at = case.report.slot
    if at is None or elapsed(now, at) <= timedelta(0):
        return []
    moved = case.report is not None and case.report.slot is not None
    says = f"The interview is {spoken_here(at, now)}."
    return [_made(case, "attend", f"{says} You moved it once: be there, prepared." if moved else says, at, now)]


def _touch(case: Case, now: datetime) -> list[Due]:
    """A note after six to twelve months keeps a relationship; nobody is reminded twice, or of misconduct."""
    parted = case.done.get("sent") or (case.report.at if case.report is not None else None)
    if case.path not in ("withdraw", "leave") or parted is None or "touched" in case.done:
        return []
    if case.answers.get("happened") == "misconduct" or not TOUCH_FROM <= elapsed(parted, now) <= TOUCH_UNTIL:
        return []
    says = (
        "If you would like to keep in touch: one short note with your news. If not, say so, and it is not asked again."
    )
    return [_made(case, "touch", says, later(parted, TOUCH_UNTIL), now)]


__all__ = ["PLACES", "TOUCH_FROM", "TOUCH_UNTIL", "Due", "Kind", "due"]
