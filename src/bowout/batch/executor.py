"""Where the work is done: one interface, and the loop that feeds it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Protocol

from bowout.batch.work import Item, Lost, Result, Task, failed

TEXTS = 16
"""Texts in one task: marking one takes 2 ms, handing a task over up to 5."""
TICK_S = 0.25
"""Seconds between two looks at the clock while nothing is finished."""


class Executor(Protocol):
    """Works on tasks somewhere else, in any order. Used from one thread."""

    def capacity(self) -> int:
        """Tasks that can be under way at once, now. May change; 0 = give it none for the moment."""

    def submit(self, task: Task) -> None:
        """Take a task. Never waits for it."""

    def finished(self, timeout_s: float) -> Sequence[tuple[Task, Sequence[Result] | Lost]]:
        """Tasks that are done, waiting up to so many seconds for the first; each is given once.

        A task whose worker died is tried again before it is ``Lost``. Raises ``BowoutError`` where no worker can do
        the work.
        """

    def close(self) -> None:
        """End at once whatever is under way. Never raises."""


def tasks_of(items: Iterable[Item], numbers: Iterator[int]) -> Iterator[Task]:
    """Recordings one by one, texts by the handful."""
    texts: list[Item] = []
    for item in items:
        if item.path is None and item.sound is None:
            texts.append(item)
            if len(texts) == TEXTS:
                yield Task(next(numbers), tuple(texts))
                texts = []
        else:
            yield Task(next(numbers), (item,))
    if texts:
        yield Task(next(numbers), tuple(texts))


def work(executor: Executor, items: Iterable[Item], tick: Callable[[], None]) -> Iterator[Result]:
    """Every item's result, as they come. Items are taken only as fast as they are worked on.

    Args:
        tick: called at least every ``TICK_S`` or so.
    """
    numbers = count()
    coming, again = tasks_of(items, numbers), deque[Task]()
    under_way = 0
    more = True
    while True:
        while under_way < executor.capacity() and (again or more):
            task = again.popleft() if again else next(coming, None)
            if task is None:
                more = False
                break
            executor.submit(task)
            under_way += 1
        if not (under_way or again or more):
            return
        for task, outcome in executor.finished(TICK_S):
            under_way -= 1
            if not isinstance(outcome, Lost):
                yield from outcome
            elif len(task.items) > 1:  # one of them it was: one by one it shows which
                again.extend(Task(next(numbers), (item,)) for item in task.items)
            else:
                yield _lost(task.items[0], outcome)
        tick()


def _lost(item: Item, lost: Lost) -> Result:
    where = f"{item.file}, line {item.line}," if item.line else item.file
    why = f"{where} could not be marked: the process at work on it died or hung, {lost.times} times."
    return failed(replace(item, sound=None), why)


__all__ = ["Executor", "tasks_of", "work"]
