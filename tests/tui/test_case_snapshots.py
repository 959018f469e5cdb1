"""Decide, a case and Call now as they look at 80×24. After a wanted change: ``pytest tests/tui --snapshot-update``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bowout.core.decide_questions import answers_from, case_from
from bowout.tui.app import BowoutApp
from bowout.tui.screens.call_now import CallNowScreen
from bowout.tui.screens.case import CaseScreen
from bowout.tui.screens.decide import DecideScreen
from owncases import GIVEN
from tui.conftest import reach, shown, until
from tui.fakes import NOW, FakeServices


def test_decide(snap_compare: Any, app_of: Callable[..., BowoutApp]) -> None:
    """A question with numbered answers, and the answers so far above it."""

    async def before(pilot: Any) -> None:
        await reach(pilot, "HomeScreen")
        pilot.app.push_screen(DecideScreen())
        screen = await reach(pilot, "DecideScreen")
        await pilot.press("1")
        await until(pilot, lambda: "What has happened" in shown(screen, "#ask"))

    assert snap_compare(app_of(), terminal_size=(80, 24), run_before=before)


def test_case(snap_compare: Any, services: Callable[..., FakeServices]) -> None:
    """The way, the channel with its time, the checklist and the script above the fold."""
    made = services()
    case = made.cases.begin(case_from(answers_from(GIVEN["ill"], NOW), NOW))

    async def before(pilot: Any) -> None:
        await reach(pilot, "HomeScreen")
        pilot.app.push_screen(CaseScreen(case))
        await reach(pilot, "CaseScreen")

    assert snap_compare(BowoutApp(made), terminal_size=(80, 24), run_before=before)


def test_call_now(snap_compare: Any, services: Callable[..., FakeServices]) -> None:
    """The whole card, and below it what may come of the call."""
    made = services()
    case = made.cases.begin(case_from(answers_from(GIVEN["ill"], NOW), NOW))

    async def before(pilot: Any) -> None:
        await reach(pilot, "HomeScreen")
        pilot.app.push_screen(CallNowScreen(case))
        screen = await reach(pilot, "CallNowScreen")
        await pilot.press("enter")
        await until(pilot, lambda: screen.phase == "result")

    assert snap_compare(BowoutApp(made), terminal_size=(80, 24), run_before=before)
