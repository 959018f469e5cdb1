"""What the call screen shows in practice, and how little in a live call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bowout.core.scenario import Rule, Scenario, Step
from bowout.tui.app import BowoutApp
from bowout.tui.screens.speak import SpeakScreen
from tui.conftest import everything, reach, shown, until
from tui.fakes import WatchedSource, tone
from written import full

SAID = ("hello this is sam lee", "well then", "hm", "yes")


def scenario() -> Scenario:
    """The front desk with a beep, then somebody who asks for a reason."""
    steps = (
        Step("desk", ("Front desk here.",), (Rule("why"),), by="desk", beep=True),
        Step("why", ("Why is that?",), (Rule("more"),), asks=frozenset({"reason"}), hint="One phrase, {caller}."),
        Step("more", ("And what now?",), (Rule("end"),)),
        Step("end", ("Goodbye.",), end="left"),
    )
    return replace(full(), steps={step.id: step for step in steps})


def seen(speak: Any) -> bool:
    """Whether the live line is."""
    return bool(speak.query_one("#live").visible)


async def call(pilot: Any, mode: Any) -> Any:
    await reach(pilot, "HomeScreen")
    pilot.app.push_screen(SpeakScreen(scenario(), mode, typed=False))
    return await reach(pilot, "SpeakScreen", "speak")


async def test_practice_shows_the_line_repeats_and_hints(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([tone(3)] * 4, holds_after=12)
    app = app_of(SAID, source=source)
    async with app.run_test(size=(80, 24)) as pilot:
        speak = await call(pilot, "practice")
        assert "Front desk  Front desk here." in everything(speak) and "♪ Beep." in everything(speak)
        assert "Beep. Speak" not in everything(speak), "while it beeps nobody listens yet"
        await until(pilot, lambda: speak.query_one("#live").text.startswith("hello"), "the live line")
        assert seen(speak)
        assert "p Repeat" in everything(speak)
        await pilot.press("p")
        await until(pilot, lambda: len(speak._lines) == 2, "the line again")
        assert speak._lines[0].text == speak._lines[1].text
        source._holds_after = source._blocks + 160  # two turns of 60 blocks, and into the third
        await until(pilot, lambda: "→ One phrase, Sam Lee." in everything(speak), "the hint")
        assert "Ines Roth  Why is that?" in everything(speak)
        source.let_go.set()
        review = await reach(pilot, "ReviewScreen")
        assert "You left Northwind in good order." in shown(review, "#verdict")


async def test_a_live_call_is_calm(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([tone(3)] * 3, holds_after=30)
    app = app_of(SAID, source=source)
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        speak = await call(pilot, "live")
        assert not seen(speak)
        assert "Repeat" not in everything(speak)
        await pilot.press("p")
        await pilot.press("v")
        await until(pilot, lambda: services.saved and services.saved[-1].live_line == "on")
        assert seen(speak)
        await pilot.press("v")
        await until(pilot, lambda: services.saved[-1].live_line == "off")
        assert not seen(speak)
        source.let_go.set()
        await reach(pilot, "ReviewScreen")
        assert len(speak._lines) == 4, "one take: nothing was said twice"
        assert not [e for e in services.records.load(services.records.list()[0].id).events if e["kind"] == "hint"]
