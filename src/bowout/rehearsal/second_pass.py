"""The careful pass over each turn, beside the call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from bowout.core.transcript import Turn
from bowout.errors import BowoutError
from bowout.ports import Hypothesis, check_stop
from bowout.rehearsal.events import Noticed

REFINE_TIMEOUT_S = 60.0
"""Longest wait for the careful pass after the call; then the quick words are marked."""


class SecondPass:
    """Turns on their way through the careful pass, one at a time, in one thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="refine")
        self._under_way: list[tuple[Turn, float, Future[Hypothesis]]] = []

    def begin(self, turn: Turn, start: float, refine: Callable[[], Hypothesis]) -> None:
        """``start``: where on the call's clock the turn's own begins."""
        self._under_way.append((turn, start, self._pool.submit(refine)))

    def finished(self, stop: threading.Event, *, wait: bool) -> Iterator[Noticed | tuple[Turn, float, Hypothesis]]:
        """Every turn that is done, with its start and its words; notices for what failed. With ``wait`` all of them."""
        deadline = time.monotonic() + REFINE_TIMEOUT_S
        for entry in list(self._under_way):
            turn, start, future = entry
            while wait and not future.done() and time.monotonic() < deadline:
                check_stop(stop)
                time.sleep(0.02)
            if not future.done():
                if wait:
                    yield Noticed("ear", "The careful pass took too long.", "The quick words are marked instead.")
                continue
            self._under_way.remove(entry)
            error = future.exception()
            if error is None:
                yield turn, start, future.result()
            else:
                # Also what nobody foresaw: the quick words are there, and a call is not lost for its second opinion.
                what = error.message if isinstance(error, BowoutError) else f"The careful pass failed ({error!r})."
                yield Noticed("ear", what, "The quick words of this turn are marked instead.")

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


__all__ = ["REFINE_TIMEOUT_S", "SecondPass"]
