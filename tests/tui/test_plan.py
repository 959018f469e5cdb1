"""The plan by keys: made, begun from Home, ticked off by itself, ended; from a case; and a file that can't be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bowout.core.plan import Plan
from bowout.tui.app import BowoutApp
from bowout.tui.widgets.scenario_list import NEXT
from tui.conftest import everything, on, reach, shown, until
from tui.fakes import FakeServices
from tui.test_case_path import opened
from tui.test_home import SHELF


async def home_of(pilot: Any) -> Any:
    home = await reach(pilot, "HomeScreen")
    await until(pilot, lambda: home.query_one("#scenarios").option_count, "the rows")
    return home


async def planned(pilot: Any, text: str) -> Any:
    screen = await reach(pilot, "PlanScreen")
    await until(pilot, lambda: text in everything(screen), text)
    return screen


def toasts(app: BowoutApp) -> str:
    return " ".join(each.message for each in app._notifications)


async def test_a_plan_is_made_begun_and_ended_by_keys(services: Callable[..., FakeServices]) -> None:
    made = services()
    app = BowoutApp(made)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        home = await home_of(pilot)
        await until(pilot, lambda: home._outlook is not None, "the look ahead")
        assert "Next:" not in everything(home), "nobody is pushed"
        assert "f1 Help" in everything(home).splitlines()[-1], "the footer fits"
        await pilot.press("f8")
        screen = await planned(pilot, "There is no plan.")
        await pilot.press("d")
        ask = await reach(pilot, "AskScreen")
        await pilot.press(*"soon", "enter")
        await until(pilot, lambda: "no time that is known" in everything(ask))
        await pilot.press("ctrl+u", *"in 3 days 10:00", "enter")
        await planned(pilot, "Saturday at 10 am")
        assert shown(screen, "#plan-days").splitlines() == [
            "○ tomorrow at 6 pm: what was missed by then",
            "○ Friday at 6 pm: the whole call once more",
            "○ Saturday at 9:40 am: a short round just before it",
        ]
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        await until(pilot, lambda: "Next: You accepted another offer, today" in everything(home))
        await until(pilot, lambda: home.query_one("#scenarios").highlighted_option.id == NEXT, "what is next")
        await pilot.press("enter")
        read = await reach(pilot, "ReadScreen")
        assert (read.scenario.id, read.scenario.level) == ("accepted-another-offer", 1)
        await until(pilot, lambda: app.ear_state == "ready", "the ear")
        await pilot.press("enter")
        await reach(pilot, "ReviewScreen")
        await pilot.press("escape")
        await reach(pilot, "ReadScreen")
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        await until(pilot, lambda: ", tomorrow" in everything(home), "today's session is done")
        assert made.records.recent()[0].level == 1
        await pilot.press("f8")
        screen = await planned(pilot, "✓ today")
        await pilot.press("delete")
        await until(pilot, lambda: "Delete once more" in everything(screen))
        await pilot.press("n")
        await until(pilot, lambda: "It was Saturday at 10 am; D sets it again." in toasts(app), "what was given up")
        await pilot.press("delete")
        await until(pilot, lambda: "Delete once more" in everything(screen))
        assert made.plans.load() is not None
        await pilot.press("delete")
        await planned(pilot, "There is no plan.")
        assert made.plans.load() is None
        await until(pilot, lambda: "The plan has ended." in toasts(app) and "once more" not in toasts(app))


async def test_the_row_gives_way_to_what_is_looked_for(services: Callable[..., FakeServices]) -> None:
    made = services(shelf=SHELF)
    made.plans.keep(Plan(made.now()))
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        rows = (await home_of(pilot)).query_one("#scenarios")
        await until(pilot, lambda: rows.highlighted_option.id == NEXT, "what is next")
        await pilot.press(*"strike")
        await until(pilot, lambda: [option.id for option in rows.options] == [None, "trains-1"], "the one row")
        await pilot.press("escape")
        await until(pilot, lambda: rows.options[0].id == NEXT)
        assert rows.highlighted_option.id == "trains-1", "what was chosen stays chosen"


async def test_a_case_offers_the_plan_and_its_own_call(services: Callable[..., FakeServices]) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        screen, case = await opened(pilot, made, "clash")
        assert "F8 plans a few short sessions" in everything(screen)
        await pilot.press("f8")
        await planned(pilot, "C plans for this case")
        await pilot.press("c")
        await planned(pilot, "Next: Your own call")
        plan = made.plans.load()
        assert plan is not None and plan.case == case.id and plan.call is not None
        await pilot.press("enter")
        read = await reach(pilot, "ReadScreen")
        assert read.scenario.id.endswith(case.id.lower()) and read.scenario.level == 1


async def test_a_plan_that_can_not_be_used_is_a_sentence(services: Callable[..., FakeServices], tmp_path: Path) -> None:
    made = services()
    (tmp_path / "plan.json").write_text("{", "utf-8")
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        await until(pilot, lambda: "The plan could not be read" in everything(home))
        assert on(pilot, "HomeScreen") and (tmp_path / "plan.unreadable.json").read_text("utf-8") == "{"
