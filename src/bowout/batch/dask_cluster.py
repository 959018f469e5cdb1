"""A Dask cluster: the same work, on machines that somebody else has started workers on.

Dask's own scheduler hands out the work, keeps it, and gives a dead worker's to the others. Nothing is registered
there: a worker makes its ``Marker`` at the first task and keeps it until the run is over.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import queue
import re
import threading
import time
import warnings
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from bowout import __version__
from bowout.batch.marker import Hearing, How, Marker, hearing, other_version, services_with
from bowout.batch.work import Lost, Result, Task
from bowout.errors import BowoutError, MissingPart, UsageError

ADDRESS = re.compile(r"(?:tcp|tls|ws|wss)://[^\s/]+:(\d{1,5})")
CONNECT_S = 10.0
"""Seconds in which a scheduler has to answer, and a first worker to be there."""
FEW_S = 2.0
"""Seconds between two times the workers are counted."""
NOBODY_S = 120.0
"""Seconds without a single worker after which the run is given up."""
FETCH_S = 30.0
"""Seconds to fetch a result in; the worker that had it may have died, and the work is then done again."""
INSTALL = "Install it with: pip install 'bowout[cluster]'"


class DaskCluster:
    """``Executor`` over the workers of a Dask scheduler."""

    def __init__(self, address: str, *, ear: str | None, hears: bool, folder: Path | None) -> None:
        """Connect, and ask every worker what it has.

        Args:
            address: of the scheduler, ``tcp://HOST:PORT``.
            ear: the one that was asked for; ``None``: as in the workers' settings.
            hears: there are recordings.
            folder: that the workers read them from; ``None`` if they are sent.

        Raises:
            MissingPart: Dask is not installed, nobody answers, or a worker lacks something.
            UsageError: the address is none, or the workers hear with different ears.
        """
        try:
            self._distributed: Any = importlib.import_module("distributed")
        except ImportError as error:
            raise MissingPart("A cluster needs Dask, which is not installed.", INSTALL) from error
        for name in ("distributed", "distributed.client"):  # it writes across the progress; what matters raises
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._killed: type[Exception] = self._distributed.scheduler.KilledWorker
        self._cancelled: type[Exception] = self._distributed.CancelledError
        self._late = (TimeoutError, self._distributed.TimeoutError)  # two classes before Python 3.11
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._under_way: dict[Any, tuple[Task, bool]] = {}
        """Future → its task, and whether nothing else is done meanwhile."""
        self._suspects: deque[Task] = deque()
        self._run = uuid4().hex[:12]
        self._threads, self._counted_at, self._seen_at = 0, 0.0, time.monotonic()
        self._client: Any = self._connect(address)
        try:
            found = self._look(ear, hears, folder)
        except BaseException:
            self._client.close()
            raise
        self.hearing = found
        self._how = How(found.ear)

    def capacity(self) -> int:
        self._count()
        one_by_one = self._suspects or any(alone for _, alone in self._under_way.values())
        return 0 if one_by_one else self._threads

    def submit(self, task: Task) -> None:
        self._submit(task, alone=False)

    def finished(self, timeout_s: float) -> Sequence[tuple[Task, Sequence[Result] | Lost]]:
        if self._suspects and not self._under_way:
            self._submit(self._suspects.popleft(), alone=True)
        found: list[tuple[Task, Sequence[Result] | Lost]] = []
        with contextlib.suppress(queue.Empty):
            future = self._done.get(timeout=timeout_s)
            while True:
                found += self._fetch(future)
                future = self._done.get_nowait()
        return found

    def close(self) -> None:
        with contextlib.suppress(Exception):  # whatever a cluster that is going away may raise
            self._client.cancel(list(self._under_way))
            self._client.run(_forget, self._how, wait=False)
        with contextlib.suppress(Exception):
            self._client.close()

    def _connect(self, address: str) -> Any:
        found = ADDRESS.fullmatch(address)
        if found is None or not 0 < int(found[1]) < 2**16:  # Dask itself would find out too late to end quietly
            raise UsageError(f"“{address}” is no scheduler's address.", "It looks like tcp://HOST:8786.")
        try:
            with warnings.catch_warnings():  # of versions that differ: those that matter are compared below
                warnings.simplefilter("ignore")
                client = self._distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, *self._late) as error:
            raise MissingPart(f"No Dask scheduler answers at {address}.", "Start one with: dask scheduler") from error
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except self._late as error:
            client.close()
            fix = f"Start some with: dask worker {address} --nthreads 1"
            raise MissingPart(f"The scheduler at {address} has no workers.", fix) from error
        return client

    def _look(self, ear: str | None, hears: bool, folder: Path | None) -> Hearing:
        found: Mapping[str, Any] = self._client.run(
            _look, ear if hears else "typed", folder if hears else None, on_error="return"
        )
        for worker, answer in found.items():
            if not isinstance(answer, Look):
                raise MissingPart(f"The worker {worker} can't do this: {answer}.", "Install bowout on every machine.")
            if answer.version != __version__:
                raise other_version(f"The worker {worker}", answer.version, __version__)
            if not answer.sees:
                raise UsageError(f"The worker {worker} can't see {folder}.", "Share the folder, or add --send.")
        ears: dict[Hearing, str] = {answer.hearing: worker for worker, answer in found.items()}
        if len(ears) > 1:
            told = ", ".join(f"{known} at {worker}" for known, worker in ears.items())
            raise UsageError(f"The workers hear differently: {told}.", "Choose one with --ear, or install the same.")
        (one,) = ears
        return one

    def _count(self) -> None:
        """Count the workers' threads from time to time. Raises ``BowoutError``: they are gone, or the scheduler is."""
        now = time.monotonic()
        if now - self._counted_at < FEW_S:
            return
        try:
            self._threads = sum(self._client.nthreads().values())
        except Exception as error:  # a dozen classes, by how far the connection is gone
            raise _gone() from error
        self._counted_at = time.monotonic()
        if self._threads:
            self._seen_at = self._counted_at
        elif self._counted_at - self._seen_at > NOBODY_S:
            raise _gone()

    def _submit(self, task: Task, *, alone: bool) -> None:
        key = f"bowout-{self._run}-{task.number}{'-alone' if alone else ''}"
        future = self._client.submit(_work, self._how, task, key=key, pure=False)
        self._under_way[future] = task, alone
        future.add_done_callback(self._done.put)

    def _fetch(self, future: Any) -> list[tuple[Task, Sequence[Result] | Lost]]:
        try:
            result: Sequence[Result] = future.result(timeout=FETCH_S)
        except self._late:
            self._done.put(future)  # its worker died after the work was done: it is being done again
            return []
        except self._killed as error:
            return self._suspected(future, int(error.allowed_failures) + 1)  # type: ignore[attr-defined]
        except BowoutError:
            raise
        except self._cancelled as error:
            raise _gone() from error
        except Exception as error:  # our own code raises nothing else: the worker has not even come to it
            raise BowoutError(f"A worker can't do this: {error}.", "Install bowout on every machine.") from error
        task, _ = self._under_way.pop(future)
        return [(task, result)]

    def _suspected(self, future: Any, deaths: int) -> list[tuple[Task, Sequence[Result] | Lost]]:
        """So many workers died with this task in hand, perhaps of another one. Alone, it shows."""
        task, alone = self._under_way.pop(future)
        if alone or len(task.items) > 1:
            return [(task, Lost(2 * deaths if alone else deaths))]
        self._suspects.append(task)
        return []


def _gone() -> BowoutError:
    return BowoutError("The cluster is gone.", "What is marked is kept: start the cluster again, and then this.")


# What runs at the workers.


@dataclass(frozen=True, slots=True)
class Look:
    """What a worker has."""

    version: str
    hearing: Hearing
    sees: bool
    """It can see the folder."""


_markers: dict[How, Marker] = {}
_lock = threading.Lock()


def _look(ear: str | None, folder: Path | None) -> Look:
    return Look(__version__, hearing(services_with(ear)), folder is None or folder.is_dir())


def _work(how: How, task: Task) -> Sequence[Result]:
    with _lock:  # two threads of one worker share one model
        if how not in _markers:
            _markers[how] = Marker(how)
        marker = _markers[how]
    return [marker.mark(item) for item in task.items]


def _forget(how: How) -> None:
    """Let the model go. Does not wait: it is called in the thread that keeps the worker alive."""
    with _lock:
        marker = _markers.pop(how, None)
    if marker is not None:
        threading.Thread(target=marker.close, daemon=True).start()


__all__ = ["DaskCluster"]
