"""The zone of this machine, which knows when its clocks are changed.

``datetime.now().astimezone()`` knows the offset of this moment alone: a day ahead it may be another.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo


class LocalZone(tzinfo):
    """The system's zone at any moment."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return self._there(dt).utcoffset() if dt is not None else None

    def tzname(self, dt: datetime | None) -> str | None:
        return self._there(dt).tzname() if dt is not None else None

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Not known: the offset holds it already."""
        return None

    def fromutc(self, dt: datetime) -> datetime:
        there = dt.replace(tzinfo=timezone.utc).astimezone()
        first = there.replace(tzinfo=self, fold=0)
        # Where the clocks go back, an hour comes twice.
        return first if first.utcoffset() == there.utcoffset() else first.replace(fold=1)

    @staticmethod
    def _there(dt: datetime) -> datetime:
        return dt.replace(tzinfo=None).astimezone()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalZone)

    def __hash__(self) -> int:
        return hash(LocalZone)


def now() -> datetime:
    """This moment, aware, in the zone of this machine."""
    return datetime.now(LocalZone())


__all__ = ["LocalZone", "now"]
