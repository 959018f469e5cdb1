"""One attempt, as progress is read from it: what it needs to have, and whether and where it counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Protocol


class Take(Protocol):
    """A row of the list of attempts (``ports.AttemptSummary``)."""

    @property
    def id(self) -> str: ...
    @property
    def started_at(self) -> str:
        """ISO 8601, UTC."""

    @property
    def scenario(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def mode(self) -> str:
        """``practice`` or ``live``."""

    @property
    def ear(self) -> str: ...
    @property
    def score(self) -> int | None: ...
    @property
    def passed(self) -> bool | None: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def disputed(self) -> bool: ...
    @property
    def drill(self) -> str:
        """Id of the drill that it was a run of, else empty."""

    @property
    def figure(self) -> float | None: ...
    @property
    def met(self) -> bool | None: ...
    @property
    def words_per_minute(self) -> float | None: ...
    @property
    def fillers_per_minute(self) -> float | None: ...
    @property
    def longest_pause_s(self) -> float | None: ...
    @property
    def point_s(self) -> float | None: ...
    @property
    def items(self) -> Mapping[str, str]:
        """``heard``, ``not_heard`` or ``unsure`` by item."""

    @property
    def faults(self) -> tuple[str, ...]: ...
    @property
    def trouble(self) -> str:
        """The part that failed during it, else empty."""


def counts(take: Take) -> bool:
    """Whether it counts for a mean, a best and a statement: it has marks, and its caller disputes none of them."""
    return take.score is not None and not take.disputed


def spoken(take: Take) -> bool:
    """False if it was typed."""
    return take.ear != "typed"


def moment(started_at: str, now: datetime) -> datetime | None:
    """When a take began, in the zone of ``now`` (aware); ``None`` if its record does not say."""
    try:
        made = datetime.fromisoformat(started_at.replace("Z", "+00:00"))
        return (made if made.tzinfo else made.replace(tzinfo=timezone.utc)).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return None


def days_ago(started_at: str, now: datetime) -> int | None:
    """Midnights between a take and ``now``; 0 also for one that a clock set back has put into the future."""
    at = moment(started_at, now)
    return None if at is None else max(0, (now.date() - at.date()).days)


def ago(days: int) -> str:
    """“today”, “yesterday”, “12 days ago”, “5 weeks ago”."""
    if days < 14:
        return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return f"{days // 7} weeks ago"


def short_day(day: date, today: date | None = None) -> str:
    """“26 Nov 2026”; “today” and “26 Nov” where it is known what day it is."""
    if day == today:
        return "today"
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[day.month - 1]
    year = "" if today is not None and day.year == today.year else f" {day.year}"
    return f"{day.day} {month}{year}"


__all__ = ["Take", "ago", "counts", "days_ago", "moment", "short_day", "spoken"]
