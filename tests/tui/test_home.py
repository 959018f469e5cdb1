"""Home with more than a handful: packs, finding a call by typing, a thousand rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bowout.errors import InputError
from bowout.ports import AttemptSummary
from bowout.rehearsal.events import Noticed
from bowout.storage.packs import Pack
from bowout.tui.app import BowoutApp
from bowout.tui.screens.home import newest
from bowout.tui.widgets.scenario_list import ScenarioRow
from tui.conftest import everything, reach, until
from tui.fakes import ESSENTIALS, FakeServices


def pack_of(name: str, titles: Sequence[str]) -> Pack:
    """A pack of calls that differ in nothing but their titles; ids are ``name-1`` and so on."""
    model = ESSENTIALS.scenarios[0]
    made = [replace(model, id=f"{name}-{n}", title=title, pack=name) for n, title in enumerate(titles, 1)]
    return Pack(name, 1, name.title(), "", tuple(made))


SHELF = (
    ESSENTIALS,
    pack_of("weather", [f"Storm {n}" for n in range(1, 7)]),
    pack_of("trains", ["A strike", "A queue"]),
)


async def home_of(pilot: Any) -> Any:
    home = await reach(pilot, "HomeScreen")
    await until(pilot, lambda: home.query_one("#scenarios").option_count, "the rows")
    return home


def rows(home: Any) -> list[str | None]:
    return [option.id for option in home.query_one("#scenarios").options]


async def test_packs_have_headings_that_are_passed_over(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of(shelf=SHELF).run_test(size=(80, 40)) as pilot:
        home = await home_of(pilot)
        text = everything(home)
        assert "Essentials   3 calls" in text and "Weather   6 calls" in text
        assert rows(home)[:6] == [None, *(s.id for s in ESSENTIALS.scenarios), None, "weather-1"]
        await pilot.press("down", "down", "down", "enter")
        read = await reach(pilot, "ReadScreen")
        assert read.scenario.id == "weather-1"


async def test_going_up_shows_the_heading_again(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of(shelf=SHELF).run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        await pilot.press("end")
        await until(pilot, lambda: "A queue" in everything(home))
        assert "Essentials" not in everything(home)
        await pilot.press(*["up"] * 10)
        await until(pilot, lambda: "Essentials   3 calls" in everything(home))


@pytest.mark.parametrize("keys", [["slash", *"strike"], [*"strike"], [*"strike", "backspace", "e"]])
async def test_typing_finds_a_call(app_of: Callable[..., BowoutApp], keys: list[str]) -> None:
    async with app_of(shelf=SHELF).run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: rows(home) == [None, "trains-1"], "the one row")
        assert home.query_one("#find").value == "strike"
        assert "Trains   1 call" in everything(home)
        await pilot.press("enter")
        read = await reach(pilot, "ReadScreen")
        assert read.scenario.id == "trains-1"


async def test_finding_by_pack_moving_and_showing_all_again(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of(shelf=SHELF).run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        everyone = rows(home)
        await pilot.press(*"trains", "down")
        await until(pilot, lambda: rows(home) == [None, "trains-1", "trains-2"])
        await pilot.press("escape")
        await until(pilot, lambda: rows(home) == everyone)
        assert home.query_one("#scenarios").highlighted_option.id == "trains-2", "what was chosen stays chosen"
        assert not home.query_one("#find").display and home.focused.id == "scenarios"
        await pilot.press("slash", *"zzz")
        assert "f1 Help" in everything(pilot.app.screen).splitlines()[-1], "the footer fits"
        await until(pilot, lambda: "Nothing here is called that" in everything(home))
        await pilot.press("enter")
        assert pilot.app.screen is home


async def test_q_still_quits_and_is_found_after_a_slash(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(shelf=SHELF)
    async with app.run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        await pilot.press("slash", "q", "u")
        await until(pilot, lambda: rows(home) == [None, "trains-2"])
        await pilot.press("escape", "q")
        await until(pilot, lambda: not app.is_running)


async def test_three_calls_need_no_search(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        await pilot.press("slash", "x")
        assert not home.query_one("#find").display and "Find" not in everything(home)
        assert "3 calls" not in everything(home), "one pack needs no heading"


async def test_of_a_thousand_only_what_is_seen_is_drawn(
    app_of: Callable[..., BowoutApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = set()
    content = ScenarioRow.content

    def counted(self: ScenarioRow) -> Any:
        drawn.add(self.entry.key)
        return content(self)

    monkeypatch.setattr(ScenarioRow, "content", counted)
    shelf = [ESSENTIALS, *(pack_of(f"pack{n}", [f"Call {n}/{i}" for i in range(200)]) for n in range(5))]
    async with app_of(shelf=shelf).run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        assert home.query_one("#scenarios").option_count == 1003 + 6
        await until(pilot, lambda: "You accepted another offer" in everything(home))
        assert len(drawn) < 20
        await pilot.press(*"4/199")
        await until(pilot, lambda: rows(home) == [None, "pack4-200"])
        await pilot.press("escape", "end")
        await until(pilot, lambda: "Call 4/199" in everything(home))
        assert len(drawn) < 60


async def test_long_titles_are_cut_and_hidden_characters_shown(app_of: Callable[..., BowoutApp]) -> None:
    pack = pack_of("odd", ["[red]Title[/red] " + "long " * 30, "a\u200bb\nc"])
    async with app_of(shelf=[pack]).run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        text = everything(home)
        assert "[red]Title[/red] long" in text and "…" in text
        assert "a�b c" in text


async def test_a_scenario_that_can_not_be_read_any_more_is_a_sentence(
    app_of: Callable[..., BowoutApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: FakeServices, name: str | None) -> Any:
        raise InputError("It is gone.", "Look for it.")

    monkeypatch.setattr(FakeServices, "scenario", gone)
    async with app_of().run_test(size=(80, 24), notifications=True) as pilot:
        home = await home_of(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "It is gone. Look for it." in everything(home))


async def test_a_pack_that_is_left_out_is_one_line(app_of: Callable[..., BowoutApp]) -> None:
    notices = [Noticed("packs", "The pack “weather” is left out.", "Why: bowout pack list")]
    async with app_of(notices=notices).run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        await until(pilot, lambda: "The pack “weather” is left out." in everything(home))


async def test_a_pack_that_came_is_there_when_home_is_seen_again(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        home = await home_of(pilot)
        services.shelf = SHELF
        await pilot.press("f2")
        await reach(pilot, "SettingsScreen")
        await pilot.press("escape")
        await until(pilot, lambda: "trains-2" in rows(home))


def test_the_last_score_belongs_to_the_right_pack() -> None:
    """An attempt knows the id of its scenario; where two packs share it, the title tells."""
    from bowout.core.cards import card

    one = card(ESSENTIALS.scenarios[0])
    mine, yours = (replace(one, pack=p, title=t, shared=True) for p, t in (("a", "Mine"), ("b", "Yours")))

    def attempt(title: str, score: int | None) -> AttemptSummary:
        return AttemptSummary("x", "", one.id, title, "withdraw", "live", "typed", score, None, None, 0, False)

    tries = [attempt("Yours", None), attempt("Yours", 70), attempt("Mine", 50), attempt("Yours", 30)]
    assert {key: found.score for key, found in newest([mine, yours], tries).items()} == {
        f"a/{one.id}": 50,
        f"b/{one.id}": 70,
    }
    assert newest([one], tries)[one.id].score == 70
