"""Processes on this machine."""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Protocol

from bowout.batch.marker import How, Marker
from bowout.batch.work import Item, Lost, Result, Task
from bowout.errors import BowoutError

TRIES = 3
"""How often a task is begun whose process dies."""
HOPELESS = 9
"""Deaths before anything at all was done, after which it is not the recordings."""
LONGEST_S, LONGEST_PER_BYTE = 120.0, 1 / 8000
"""Seconds after which a task hangs: 120, and a second for each second of the thinnest recording there is (8 kHz, 8
bit). Measured: the built-in ear needs 0.1 s for a second of sound, on a busy machine 0.5."""
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Marks(Protocol):
    """What a process works with."""

    def mark(self, item: Item) -> Result:
        """One item's line."""


@dataclass(slots=True)
class _Seat:
    """One process and its task. With one process to a pool it is known which task a process died of."""

    pool: ProcessPoolExecutor
    lifeline: tuple[Connection, Connection]
    """The process ends as soon as the second end is closed: by us, or because we are dead."""
    task: Task | None = None
    tries: int = 0
    future: Future[Sequence[Result]] = field(default_factory=Future)


class LocalProcesses:
    """``Executor`` over ``processes`` processes, each of which loads its model once."""

    def __init__(
        self, processes: int, how: How, *, make: Callable[[How], Marks] = Marker, longest_s: float = LONGEST_S
    ) -> None:
        """Starts nothing yet. ``make`` is called once in each process and makes what marks there."""
        self._processes = processes
        self._begin_with = (make, how, longest_s)
        self._context = multiprocessing.get_context("spawn")  # nothing of ours, no thread and no lock, is inherited
        self._seats: list[_Seat] = []
        self._anything_done = False
        self._deaths = 0

    def capacity(self) -> int:
        return self._processes

    def submit(self, task: Task) -> None:
        free = [seat for seat in self._seats if seat.task is None]
        if not free:
            free = [self._new_seat()]
            self._seats += free
        self._begin(free[0], task, 1)

    def finished(self, timeout_s: float) -> Sequence[tuple[Task, Sequence[Result] | Lost]]:
        busy = {seat.future: seat for seat in self._seats if seat.task is not None}
        done, _ = wait(busy, timeout_s, FIRST_COMPLETED)
        found: list[tuple[Task, Sequence[Result] | Lost]] = []
        for future in done:
            seat = busy[future]
            task = seat.task
            assert task is not None
            try:
                found.append((task, future.result()))
                seat.task = None
                self._anything_done = True
            except BrokenProcessPool:
                found += self._died(seat, task)
        return found

    def _died(self, seat: _Seat, task: Task) -> list[tuple[Task, Lost]]:
        self._deaths += 1
        if self._deaths >= HOPELESS and not self._anything_done:
            raise BowoutError(
                "The processes that do the work die as soon as they begin.", "Free some memory, or try --processes 1."
            )
        _leave(seat)
        self._seats.remove(seat)
        if seat.tries == TRIES or len(task.items) > 1:
            return [(task, Lost(seat.tries))]
        fresh = self._new_seat()
        self._seats.append(fresh)
        self._begin(fresh, task, seat.tries + 1)
        return []

    def close(self) -> None:
        for seat in self._seats:
            _leave(seat)
        self._seats.clear()

    def _new_seat(self) -> _Seat:
        ours_to_read, ours_to_close = self._context.Pipe(duplex=False)
        pool = ProcessPoolExecutor(1, self._context, _begin_process, (*self._begin_with, ours_to_read))
        return _Seat(pool, (ours_to_read, ours_to_close))

    def _begin(self, seat: _Seat, task: Task, tries: int) -> None:
        seat.task, seat.tries = task, tries
        seat.future = seat.pool.submit(_work, task)


def _leave(seat: _Seat) -> None:
    seat.lifeline[1].close()
    seat.pool.shutdown(wait=True, cancel_futures=True)
    seat.lifeline[0].close()


def cores() -> int:
    """Processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_marker: Marks | None = None
"""This process's, while it is a worker."""
_longest_s = LONGEST_S


def _begin_process(make: Callable[[How], Marks], how: How, longest_s: float, lifeline: Connection) -> None:
    """Make this process a worker."""
    global _marker, _longest_s
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that started us
    for name in ONE_THREAD:  # each process has its core; numpy must not ask for them all
        os.environ[name] = "1"
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    _marker, _longest_s = make(how), longest_s


def _end_with(lifeline: Connection) -> None:
    with contextlib.suppress(OSError, EOFError):
        lifeline.recv_bytes()
    os._exit(1)


def _work(task: Task) -> Sequence[Result]:
    """Mark a task's items; a process that hangs at it dies."""
    assert _marker is not None
    longest = _longest_s + LONGEST_PER_BYTE * sum(item.size for item in task.items)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 # kept open for the watchdog, which writes before it ends us
        faulthandler.dump_traceback_later(longest, exit=True, file=nowhere)
        try:
            return [_marker.mark(item) for item in task.items]
        finally:
            faulthandler.cancel_dump_traceback_later()


__all__ = ["LocalProcesses", "cores"]
