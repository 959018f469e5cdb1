"""History by keys alone: found by typing, opened again, deleted, plotted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bowout.core.marks import Measure, as_json
from bowout.ports import HistoryQuery
from bowout.storage.records import FileRecords
from bowout.tui.app import BowoutApp
from bowout.tui.screens.history import FILTERS, PAGE
from tui.conftest import everything, reach, shown, until
from tui.fakes import NOW, sample_call

TITLES = {"accepted-another-offer": "You accepted another offer", "ill-on-the-day": "You are ill on the day"}


def write(root: Path, count: int) -> None:
    """So many takes of two calls, the last one yesterday, every fifth a run of a drill."""
    at: datetime = NOW
    call = sample_call()
    records = FileRecords(root, lambda: at)
    for n in range(count):
        at = NOW - timedelta(days=count - n)
        name = "ill-on-the-day" if n % 4 == 1 else "accepted-another-offer"
        drill = {"drill": "first-ten-seconds"} if n % 5 == 3 else {}
        writer = records.begin(
            scenario=name, title=TITLES[name], intent="withdraw", mode="live" if n % 2 else "practice", ear="vosk",
            keep_audio=False, pack="essentials", **drill,
        )  # fmt: skip
        delivery = replace(call.marks.delivery, words_per_minute=Measure(100.0 + 9 * (n % 8), 110, 165))
        marks = replace(call.marks, score=min(100, 60 + 2 * n), passed=n > 10, delivery=delivery, faults={})
        writer.event("marks", result=as_json(marks, call.provenance))
        if drill:
            writer.event("drill", **drill, value=20.0 - n / 2, unit="s", met=n > 10)
        writer.event("end", outcome="withdrawn")
        writer.close()


async def history_of(pilot: Any) -> Any:
    """F7 on Home."""
    await reach(pilot, "HomeScreen")
    await until(pilot, lambda: pilot.app.ear_shown, "the ear's name")
    await pilot.press("f7")
    history = await reach(pilot, "HistoryScreen")
    await until(pilot, lambda: history.total is not None, "the takes")
    return history


async def test_found_opened_deleted_and_plotted(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    write(tmp_path / "records", 20)
    async with app_of().run_test(size=(80, 24)) as pilot:
        history = await history_of(pilot)
        assert shown(history, "#standing") == "20 takes, newest first"
        assert "You are out of the process." in shown(history, "#about")
        await pilot.press("slash", *"ILL day")
        await until(pilot, lambda: history.total == 5, "what was looked for")
        assert {row.scenario for row in history.rows} == {"ill-on-the-day"}

        await pilot.press("down", "enter")
        review = await reach(pilot, "ReviewScreen")
        await until(pilot, lambda: f"{history.rows[1].score} of 100" in shown(review, "#verdict"), "its marks")
        await pilot.press("escape")
        await reach(pilot, "HistoryScreen")
        await until(pilot, lambda: history.chosen and history.chosen.id == history.rows[1].id, "the same row")
        assert history.query_one("#find").value == "ILL day"

        await pilot.press("escape")
        await until(pilot, lambda: history.total == 20, "everything again")
        assert not history.query_one("#find").display
        gone = history.rows[2].id
        await pilot.press("home", "down", "down", "d")
        await reach(pilot, "ChooseScreen")
        await pilot.press("enter")
        await reach(pilot, "HistoryScreen")
        assert history.total == 20, "the first answer keeps it"
        await pilot.press("d", "2")
        await until(pilot, lambda: history.total == 19, "one less")
        assert gone not in {row.id for row in history.rows}
        assert not (tmp_path / "records" / gone).exists()

        await pilot.press("f")
        await until(pilot, lambda: shown(history, "#standing") == "9 takes: live", "live ones alone")
        await pilot.press("2")
        await until(pilot, lambda: "live   " in everything(history) and "aim" in everything(history), "the plots")
        drawn = everything(history)
        assert "Score " in drawn and "┄┄┄" in drawn and "●" in drawn and "○" not in drawn
        await pilot.press("right")
        await until(pilot, lambda: "Not yet: " in everything(history), "the statements")
        assert "You are ill on the day" in everything(history)
        await pilot.press("escape", "escape")
        await reach(pilot, "HomeScreen")


async def test_pages_and_the_same_call(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    write(tmp_path / "records", PAGE + 15)
    async with app_of().run_test(size=(80, 24)) as pilot:
        history = await history_of(pilot)
        assert (history.total, len(history.rows)) == (PAGE + 15, PAGE)
        await pilot.press("end")
        await until(pilot, lambda: len(history.rows) == PAGE + 15, "the next page")
        assert [row.id for row in history.rows] == sorted((row.id for row in history.rows), reverse=True)
        drill = next(n for n, row in enumerate(history.rows) if row.drill)
        await pilot.press("home", *["down"] * drill, "s")
        await until(pilot, lambda: history.wanted == HistoryQuery(drill="first-ten-seconds"), "runs of the drill alone")
        await until(pilot, lambda: history.total == 13, "their number")
        assert "First ten seconds" in shown(history, "#standing")
        await pilot.press("2")
        await until(pilot, lambda: "to beat" in everything(history) or "best" in everything(history), "its figure")
        assert "Only these takes" not in everything(history)
        await pilot.press("f", "f")
        await until(pilot, lambda: "Only these takes: practice." in everything(history), "what the figures are of")
        await pilot.press("f", "f", "f", "f")
        await pilot.press("1", "s")
        await until(pilot, lambda: history.total == PAGE + 15, "everything again")


def test_filters_leave_nothing_behind() -> None:
    names = {name for _, fields in FILTERS for name in fields}
    assert names == {"mode", "drill", "passed"}


async def test_nothing_so_far(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        history = await history_of(pilot)
        assert shown(history, "#standing").startswith("Nothing has been rehearsed so far.")
        await pilot.press("d", "s", "enter", "2")
        await until(pilot, lambda: "0 takes" in everything(history), "plots of nothing")
        await pilot.press("3")
        await until(pilot, lambda: "No whole call has been marked" in everything(history), "no statement")
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")


@pytest.mark.parametrize("page", ["takes", "plots"])
def test_as_it_looks(snap_compare: Any, app_of: Callable[..., BowoutApp], tmp_path: Path, page: str) -> None:
    write(tmp_path / "records", 20)

    async def before(pilot: Any) -> None:
        history = await history_of(pilot)
        if page == "plots":
            await pilot.press("2")
            await until(pilot, lambda: "aim from" in everything(history), "the plots")

    assert snap_compare(app_of(), terminal_size=(80, 24), run_before=before)
