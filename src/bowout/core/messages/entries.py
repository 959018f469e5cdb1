"""What belongs into the user's calendar after a contact: the new time, and what must not be forgotten."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bowout.core import when
from bowout.core.case import Report

CONFIRM_WITHIN = timedelta(hours=24)
"""One written word follows a contact within this time."""
TOUCH_AFTER_MONTHS = 6
"""A light touch comes six to twelve months later."""
_WARN_BEFORE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry."""

    id: str
    """``slot``, ``confirmation`` or ``light_touch``."""
    title: str
    begins: datetime
    """Aware."""
    lasts: timedelta
    note: str
    alarms: tuple[timedelta, ...]
    """How long before the beginning it rings."""
    busy: bool
    """It takes the time; a reminder does not."""


def entries(
    facts: Mapping[str, str],
    report: Report | None,
    now: datetime,
    *,
    sent: datetime | None = None,
    crossed: bool = False,
) -> tuple[Entry, ...]:
    """What a real contact leaves to be remembered; nothing without a report. What is over already is left out.

    Args:
        facts: job, company and contact.
        report: what came of the contact.
        now: aware.
        sent: when the written word went out; then, and where the contact was in writing, no confirmation is due.
        crossed: they crossed a line: nothing is owed to them, and nobody is reminded of them.
    """
    if report is None or report.result == "none":
        return ()
    what = ", ".join(facts[name] for name in ("role", "company") if facts.get(name)) or "interview"
    whom = facts.get("contact") or facts.get("company") or "them"
    made: list[Entry] = []
    if report.slot is not None:
        note = f"With {whom}."
        made.append(
            Entry("slot", f"Interview: {what}", report.slot, timedelta(hours=1), note,
                  (timedelta(days=1), timedelta(hours=1)), True)
        )  # fmt: skip
    if sent is None and not crossed and report.by not in ("email", "message"):
        due = when.later(report.at, CONFIRM_WITHIN - _WARN_BEFORE)
        made.append(
            Entry("confirmation", f"Send one written confirmation: {what}", due, timedelta(minutes=15),
                  f"To {whom}, within 24 hours of the contact. Sent already? Then delete this: one is enough.",
                  (timedelta(0),), False)
        )  # fmt: skip
    if report.result in ("withdrawn", "left") and not crossed:
        made.append(
            Entry("light_touch", f"A short update to {whom}?", months_later(report.at, TOUCH_AFTER_MONTHS),
                  timedelta(minutes=15), f"{what}: only if there is news, and once.", (timedelta(0),), False)
        )  # fmt: skip
    return tuple(entry for entry in made if when.elapsed(now, entry.begins) > timedelta(0))


def months_later(moment: datetime, months: int) -> datetime:
    """Nine in the morning of the same day so many months later, or of the next working day."""
    index = moment.month - 1 + months
    year, month = moment.year + index // 12, index % 12 + 1
    day = datetime.combine(
        moment.date().replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1])),
        time(9, 0),
        tzinfo=moment.tzinfo,
    )
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


__all__ = ["CONFIRM_WITHIN", "TOUCH_AFTER_MONTHS", "Entry", "entries", "months_later"]
