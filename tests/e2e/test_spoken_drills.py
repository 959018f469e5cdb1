"""Two drills spoken into a real microphone stream: by keys and voice alone, from Home to a figure that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bowout.bootstrap import RealServices
from bowout.tui.app import BowoutApp
from e2e.conftest import spoken_settings
from tui.conftest import everything, reach, until

pytestmark = [pytest.mark.audio, pytest.mark.model, pytest.mark.voice]

OPENING = "Hello Maria, this is Sam Lee. I have accepted another offer, so I need to withdraw."
REASON = "I have accepted another offer."


@pytest.fixture
def services(built_in_ear: None) -> Iterator[RealServices]:
    made = RealServices(spoken_settings(rate_first=False, countdown=False))
    yield made
    made.close()


async def spoken(audio: Any, services: RealServices, row: int, answer: Path, call: str) -> Any:
    """Home → Drills → the drill in this row → one answer; the figure's result, as it is in the record."""
    app = BowoutApp(services)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f6")
        drills = await reach(pilot, "DrillsScreen")
        await until(pilot, lambda: drills.query_one("#drills").option_count, "the drills")
        await pilot.press(*["down"] * row, "enter")
        drill = await reach(pilot, "DrillScreen")
        await until(pilot, lambda: app.ear_state == "ready" and drill.material is not None, "the ear", 60)
        assert call in everything(drill)
        await pilot.press("enter")
        await until(pilot, lambda: getattr(app.screen, "phase", "") == "speak", "speak now", 60)
        audio.say(answer, wait=False)
        await until(pilot, lambda: type(app.screen).__name__ == "FigureScreen", "the figure", 90)
        figure = await reach(pilot, "FigureScreen")
        heard = figure.ended.call.marks.transcript.text
        result = figure.taken.result
        assert result.change in " ".join(everything(figure).split())
    assert (result.met, result.missed, result.measured) == (True, (), True), (result, heard)
    (row_kept,) = services.records.recent(drill=result.drill)
    assert (row_kept.figure, row_kept.met, row_kept.ear) == (result.value, True, "builtin")
    return result


async def test_first_ten_seconds(audio: Any, services: RealServices, caller: Callable[[str], Path]) -> None:
    """At 130 words a minute its sixteen words take about seven seconds; the ear's times are near that."""
    result = await spoken(audio, services, 0, caller(OPENING), "You accepted another offer")
    assert 4 < result.value < 9.5
    assert result.marked == {"greeting": "heard", "name": "heard", "ask": "heard"}


async def test_reason_in_one_breath(audio: Any, services: RealServices, caller: Callable[[str], Path]) -> None:
    result = await spoken(audio, services, 2, caller(REASON), "You accepted another offer")
    assert result.value == len(REASON.split())
    assert result.marked["reason"] == "heard" and result.marked["oversharing"] == "not_found"
