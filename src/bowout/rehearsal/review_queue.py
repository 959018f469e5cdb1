"""What came back to a coach, grouped for reviewing, and the answers that are ready to be written.

Everything here reads or writes files: call it from a worker thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.core.coaching.standing import PHASES, Collected, Counts, Standing, counts
from bowout.errors import InputError, UsageError

if TYPE_CHECKING:
    from bowout.rehearsal.coaching import Coach, Handed


@dataclass(frozen=True, slots=True)
class Group:
    """One assignment's part of the queue."""

    handed: Handed
    rows: tuple[Standing, ...]
    """Who has sent something: to review, answered, done; in each, by name."""
    counts: Counts
    """Of everybody."""


def queue(coach: Coach) -> list[Group]:
    """Newest assignment first; one of which nothing has come is there, too."""
    made = []
    for handed in coach.assignments():
        rows = coach.standings(handed.assignment.id)
        sent = [row for row in rows if row.latest is not None]
        sent.sort(key=lambda row: PHASES.index(row.latest.phase) if row.latest is not None else 0)
        made.append(Group(handed, tuple(sent), counts(rows)))
    return made


def ready(row: Standing) -> bool:
    """Something was noted on the newest result since the last answer."""
    return row.latest is not None and row.latest.phase == "to_review" and bool(row.latest.review)


def answer_ready(
    coach: Coach, folder: Path, of: Iterable[Handed] | None = None
) -> Iterator[tuple[Collected, Path | InputError]]:
    """Write a ``.bowanswer`` for everybody for whom one is ready; each as it is written, or why it can't be: that keeps
    no other from being written.

    Args:
        of: only for these assignments.

    Raises:
        UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder “{folder}”.", "Make it first.")
    for handed in coach.assignments() if of is None else of:
        for row in coach.standings(handed.assignment.id):
            if row.latest is not None and ready(row):
                try:
                    yield row.latest, coach.answer(row.latest.result.id, folder)
                except InputError as error:
                    yield row.latest, error


__all__ = ["Group", "answer_ready", "queue", "ready"]
