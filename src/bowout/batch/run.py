"""One run: what is not done yet is handed out, what comes back is written down."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bowout.batch.executor import Executor, work
from bowout.batch.items import Plan, items_of
from bowout.batch.listing import Listing
from bowout.batch.results import Results
from bowout.batch.work import Item, Key, Outcome
from bowout.errors import UsageError

FIRST_ERRORS = 10
"""Errors that are told at the end; all of them stand in the results."""


@dataclass(slots=True)
class Progress:
    """How far a run is."""

    total: int
    """Bytes of everything in the folder."""
    began: float = field(default_factory=time.monotonic)
    kept_bytes: int = 0
    """Of what was done before."""
    done_bytes: int = 0
    """Of what this run did."""
    kept: int = 0
    counts: Counter[Outcome] = field(default_factory=Counter)
    """Calls by how they came out, those from before included."""
    errors: list[str] = field(default_factory=list)
    """The first few sentences of this run."""

    @property
    def marked(self) -> int:
        return self.counts["passed"] + self.counts["not_passed"]

    @property
    def fraction(self) -> float:
        return min(1.0, (self.kept_bytes + self.done_bytes) / self.total) if self.total else 1.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def seconds_left(self) -> float | None:
        """By the pace of this run; ``None`` while there is none."""
        if not self.done_bytes:
            return None
        return self.seconds / self.done_bytes * max(0, self.total - self.kept_bytes - self.done_bytes)


def check_jobs(listing: Listing, plan: Plan, results: Results, *, redo: bool) -> None:
    """Results that were made in another way, or with an error, are forgotten with ``redo``.

    Raises:
        UsageError: some were made in another way, and nobody said that they may go.
    """
    jobs = {source.file: plan.job(source) for source in listing.sources}
    mine = [(key, entry) for key, entry in results.entries.items() if key[0] in jobs]
    others = [key for key, entry in mine if entry.job != jobs[key[0]]]
    if others and not redo:
        what = "one result was" if len(others) == 1 else f"{len(others):,} results were"
        raise UsageError(
            f"In {results.path} {what} made with other options, or by another version.",
            "Name another --out, or add --redo to mark them again.",
        )
    if redo:
        results.forget({*others, *(key for key, entry in mine if entry.outcome == "error")})


def run(
    listing: Listing, plan: Plan, executor: Executor, results: Results, show: Callable[[Progress], None]
) -> Progress:
    """Mark what is not marked yet. What was written down stays, whatever ends the run.

    Args:
        show: told how far it is, several times a second.

    Raises:
        BowoutError: no worker can do the work, or the disk is full.
    """
    progress = Progress(listing.size)
    seen: set[Key] = set()

    def waiting() -> Iterator[Item]:
        for source in listing.sources:
            for item, done in items_of(source, plan, results):
                seen.add(item.key)
                if not done:
                    yield item
                    continue
                progress.kept += 1
                progress.kept_bytes += item.size
                progress.counts[results.entries[item.key].outcome] += 1
                show(progress)

    for result in work(executor, waiting(), lambda: show(progress)):
        results.append(result)
        progress.done_bytes += result.size
        progress.counts[result.outcome] += 1
        if result.error and len(progress.errors) < FIRST_ERRORS:
            progress.errors.append(result.error)
        show(progress)
    files = {source.file for source in listing.sources}
    results.tidy([key for key in results.entries if key[0] in files and key not in seen])
    return progress


__all__ = ["Progress", "check_jobs", "run"]
