"""Driving the trainer by keys alone, waiting on states and never on times."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from bowout.tui.app import BowoutApp
from tui.fakes import FakeServices

GOOD = (
    "Hello Maria, this is Sam Lee. I'm calling about the operations analyst interview today at three. "
    "I have accepted another offer, so I need to withdraw from the process. I'm sorry for the short notice.",
    "Thank you, but my decision is made. I appreciate your time and I wish you good luck finding the right person.",
)


async def until(
    pilot: Pilot[Any], condition: Callable[[], object], what: str = "the state", seconds: float = 20
) -> None:
    """Let the app run until ``condition`` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            screen = pilot.app.screen
            raise AssertionError(f"{what} did not come; on {screen!r}, phase {getattr(screen, 'phase', None)}")
        await pilot.pause(0.01)
    await pilot.pause()


def on(pilot: Pilot[Any], name: str) -> bool:
    """The named screen is on top and mounted."""
    screen = pilot.app.screen
    return type(screen).__name__ == name and screen.is_mounted


async def reach(pilot: Pilot[Any], name: str, phase: str | None = None) -> Any:
    """Wait for a screen, and for its phase; returns the screen."""
    await until(
        pilot,
        lambda: on(pilot, name) and phase in (None, getattr(pilot.app.screen, "phase", None)),
        f"{name} {phase or ''}",
    )
    return pilot.app.screen


async def open_brief(pilot: Pilot[Any], row: int = 0) -> Any:
    """Home → Read, by keys."""
    home = await reach(pilot, "HomeScreen")
    await until(pilot, lambda: home.query_one("#scenarios").option_count > 0, "the rows")
    await pilot.press(*["down"] * row, "enter")
    screen = await reach(pilot, "ReadScreen")
    await until(pilot, lambda: pilot.app.ear_shown, "the ear's name")  # type: ignore[attr-defined]
    return screen


def shown(screen: Any, selector: str) -> str:
    """The text of a Static."""
    return str(screen.query_one(selector).render())


def everything(screen: Any) -> str:
    """All text on the screen, as drawn."""
    strips = screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


@pytest.fixture
def services(tmp_path: Path) -> Callable[..., FakeServices]:
    def make(answers: Any = GOOD, **more: Any) -> FakeServices:
        return FakeServices(tmp_path / "records", answers, **more)

    return make


@pytest.fixture
def app_of(services: Callable[..., FakeServices]) -> Callable[..., BowoutApp]:
    def make(answers: Any = GOOD, **more: Any) -> BowoutApp:
        return BowoutApp(services(answers, **more))

    return make
