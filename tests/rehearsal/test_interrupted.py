"""Ctrl+C on a command line is how a caller leaves: the record says so, like Escape on the screen."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from bowout.core.scenario import Scenario
from bowout.ports import Block
from bowout.rehearsal.call import Options, Rehearsal
from bowout.rehearsal.parts import Parts
from bowout.speech.clip_source import ClipSource
from callfakes import tone


class Interrupted(ClipSource):
    """In the middle of the first answer somebody presses Ctrl+C."""

    def read(self, timeout: float) -> Block | None:
        block = super().read(timeout)
        if self._reads > 20:
            raise KeyboardInterrupt
        self._reads += 1
        return block

    _reads = 0


def test_a_call_that_is_interrupted_is_broken_off(
    scenarios: dict[str, Scenario], make_parts: Callable[..., Parts]
) -> None:
    parts = make_parts(["I would like to withdraw."], source=Interrupted([tone(4.0)]))
    options = Options(mode="live", silence_s=1.3, read_pause=False)
    with pytest.raises(KeyboardInterrupt):
        list(Rehearsal(scenarios["accepted-another-offer"], parts, options).run(threading.Event()))
    (row,) = parts.records.list()
    assert [event["kind"] for event in parts.records.load(row.id).events][-1] == "abandoned"
