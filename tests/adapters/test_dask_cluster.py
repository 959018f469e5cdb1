"""How a cluster's bad days are taken, with a stand-in for Dask; the real one is in ``e2e/test_batch_command.py``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from types import SimpleNamespace
from typing import Any

import pytest

from bowout import __version__
from bowout.batch import dask_cluster
from bowout.batch.dask_cluster import DaskCluster, Look
from bowout.batch.executor import work
from bowout.batch.marker import Hearing
from bowout.batch.work import Asked, Item, Task
from bowout.errors import BowoutError, MissingPart, UsageError

GOOD = Look(__version__, Hearing("builtin", True), sees=True)


NEVER = object()


class Killed(Exception):
    allowed_failures = 3


class Future:
    def __init__(self, outcome: Any) -> None:
        self._outcome = outcome

    def add_done_callback(self, call: Callable[[Future], None]) -> None:
        if self._outcome is not NEVER:
            call(self)

    def result(self, timeout: float) -> Any:
        if isinstance(self._outcome, list) and isinstance(self._outcome[0], Exception):
            raise self._outcome.pop(0)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


class Client:
    """Does the work at once, unless the test says otherwise."""

    looks: Any
    threads: int
    does: Callable[[str, Any], Any]

    def __init__(self, address: str, **_: object) -> None:
        self.closed = False
        self.keys: list[str] = []

    def wait_for_workers(self, count: int, timeout: float) -> None:
        if not self.looks:
            raise TimeoutError

    def run(self, function: Any, *_: object, **__: object) -> Any:
        return self.looks

    def nthreads(self) -> dict[str, int]:
        return {"tcp://a": self.threads}

    def submit(self, function: Any, how: Any, task: Any, *, key: str, pure: bool) -> Future:
        self.keys.append(key)
        return Future(type(self).does(key, lambda: function(how, task)))

    def cancel(self, futures: Any) -> None:
        """None is waiting."""

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Client]]:
    class Fresh(Client):
        looks: Any = {"tcp://a": GOOD}  # noqa: RUF012 # replaced, never changed
        threads = 2
        does = staticmethod(lambda key, do: do())

    fake = SimpleNamespace(
        Client=Fresh,
        CancelledError=CancelledError,
        TimeoutError=TimeoutError,
        scheduler=SimpleNamespace(KilledWorker=Killed),
    )
    monkeypatch.setitem(sys.modules, "distributed", fake)
    yield Fresh


def cluster() -> DaskCluster:
    return DaskCluster("tcp://here:8786", ear=None, hears=True, folder=None)


def items(count: int) -> Iterator[Item]:
    """One to a task."""
    return (Item(f"{n}.wav", error="no sound", sound=b"") for n in range(count))


def test_everything_comes_back(client: type[Client]) -> None:
    executor = cluster()
    assert executor.hearing == GOOD.hearing and executor.capacity() == 2
    assert {r.key[0] for r in work(executor, items(9), lambda: None)} == {f"{n}.wav" for n in range(9)}
    executor.close()


def test_who_was_only_near_a_killer_is_not_blamed(client: type[Client]) -> None:
    """Tasks 2 and 3 were with the workers that died; alone, only 3 kills."""
    executor = cluster()

    def does(key: str, do: Callable[[], Any]) -> Any:
        number, _, alone = key.split("-", 2)[2].partition("-")
        return Killed() if number == "3" or (number == "2" and not alone) else do()

    client.does = staticmethod(does)
    found = {r.key[0]: r.error for r in work(executor, items(6), lambda: None)}
    assert found.pop("3.wav") == "3.wav could not be marked: the process at work on it died or hung, 8 times."
    assert found == {f"{n}.wav": "no sound" for n in (0, 1, 2, 4, 5)}


def test_while_one_is_tried_alone_no_other_is_begun(client: type[Client]) -> None:
    executor = cluster()
    (item,) = items(1)
    client.does = staticmethod(lambda key, do: NEVER if key.endswith("alone") else Killed())
    executor.submit(Task(0, (item,)))
    assert executor.capacity() == 2
    assert not executor.finished(0.01) and executor.capacity() == 0
    assert not executor.finished(0.01) and executor.capacity() == 0


def test_texts_that_were_lost_together_are_tried_one_by_one(client: type[Client]) -> None:
    def does(key: str, do: Callable[[], Any]) -> Any:
        return Killed() if key.endswith("-0") else do()

    client.does = staticmethod(does)
    texts = [Item(f"{n}.txt", text="Hello.", asked=Asked("leave")) for n in range(3)]
    assert [r.error for r in work(cluster(), texts, lambda: None)] == ["", "", ""]


def test_a_result_whose_worker_died_is_waited_for(client: type[Client]) -> None:
    def does(key: str, do: Callable[[], Any]) -> Any:
        return [TimeoutError(), *do()] if key.endswith("-0") else do()

    client.does = staticmethod(does)
    assert len(list(work(cluster(), items(3), lambda: None))) == 3


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CancelledError(), "The cluster is gone."),
        (MissingPart("There is no ear here."), "There is no ear here."),
        (ModuleNotFoundError("No module named 'bowout'"), "A worker can't do this: No module named 'bowout'."),
    ],
)
def test_what_no_worker_can_do_ends_the_run_with_a_sentence(client: type[Client], error: Exception, told: str) -> None:
    client.does = staticmethod(lambda key, do: error)
    with pytest.raises(BowoutError) as caught:
        list(work(cluster(), items(3), lambda: None))
    assert caught.value.message == told


def test_a_cluster_without_workers_is_given_up(client: type[Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "NOBODY_S", 0.0)
    executor = cluster()
    client.threads = 0
    with pytest.raises(BowoutError, match="The cluster is gone"):
        list(work(executor, items(3), lambda: None))


@pytest.mark.parametrize(
    ("looks", "kind", "told"),
    [
        ({}, MissingPart, "has no workers"),
        ({"tcp://a": ModuleNotFoundError("No module named 'bowout'")}, MissingPart, "tcp://a can't do this"),
        ({"tcp://a": Look("0.0", GOOD.hearing, True)}, MissingPart, "tcp://a has Bow Out 0.0, you have"),
        ({"tcp://a": GOOD, "tcp://b": Look(__version__, GOOD.hearing, False)}, UsageError, "tcp://b can't see"),
        ({"tcp://a": GOOD, "tcp://b": Look(__version__, Hearing("builtin", False), True)}, UsageError, "differently"),
        ({"tcp://a": GOOD, "tcp://b": Look(__version__, Hearing("vosk", True), True)}, UsageError, "“vosk”"),
    ],
)
def test_a_worker_that_would_mark_otherwise_is_named_before_anything_is_done(
    client: type[Client], looks: Any, kind: type[Exception], told: str
) -> None:
    client.looks = looks
    with pytest.raises(kind) as caught:
        cluster()
    assert told in str(caught.value)


@pytest.mark.parametrize("address", ["here", "tcp://here", "http://here:8786", "tcp://here:0", "tcp://here:99999"])
def test_what_is_no_address_is_not_tried(client: type[Client], address: str) -> None:
    with pytest.raises(UsageError, match="no scheduler's address"):
        DaskCluster(address, ear=None, hears=False, folder=None)
