"""A call of one's own, by keys alone: ten questions, how it goes, where it is kept, and into practice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bowout.errors import MissingPart
from bowout.storage.pack_check import check
from bowout.storage.packs import load_pack
from bowout.tui.app import BowoutApp
from tui.conftest import everything, reach, shown, until
from tui.fakes import NOW

NAME = "your-train-is-cancelled"


async def open_new(pilot: Any) -> Any:
    home = await reach(pilot, "HomeScreen")
    await until(pilot, lambda: home.query_one("#scenarios").option_count, "the rows")
    await pilot.press("f3")
    screen = await reach(pilot, "PackNewScreen")
    await until(pilot, lambda: screen.page == "question", "the first question")
    return screen


async def answer(pilot: Any, screen: Any, *typed: str) -> None:
    """Answer one question after the other; an empty text takes the suggestion."""
    for text in typed:
        asked, page = screen._at, screen.page
        await pilot.press(*[{" ": "space", ",": "comma", ":": "colon"}.get(c, c) for c in text], "enter")
        await until(pilot, lambda asked=asked, page=page: (screen._at, screen.page) != (asked, page), "the next page")


async def answer_all(pilot: Any, screen: Any) -> None:
    """Every suggestion, up to the choice of how the call goes."""
    await pilot.press(*["enter"] * 10)
    await until(pilot, lambda: screen.page == "template", "the templates")


def mine(app: BowoutApp) -> Path:
    return app.services.workshop.suggested


async def test_from_home_into_practice_by_keys(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        assert "1 of 10" in everything(screen) and "New call" in everything(screen)
        await answer(
            pilot, screen, "", "You are ill", "Ana Sol", "", "", "", "", "I have come down with a fever", "", ""
        )
        assert screen.page == "template" and "A straightforward talk" in everything(screen)
        await answer(pilot, screen, "")
        assert screen.page == "folder" and not mine(app).exists()
        await answer(pilot, screen, "")
        await until(pilot, lambda: screen.page == "done", "the call")
        told = everything(screen).replace("\n", "")
        assert "Checked: all is well." in told and "Practise it now" in told
        assert not check(mine(app), NOW).problems and load_pack(mine(app)).scenarios[0].facts["caller"] == "Ana Sol"
        await pilot.press("enter")
        read = await reach(pilot, "ReadScreen")
        assert read.scenario.title == "You are ill" and read.scenario.pack == "my-calls"
        assert "You are Ana Sol." in everything(read)
        await pilot.press("escape")
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: "You are ill" in everything(home), "the new call in the list")


async def test_what_is_wrong_stands_in_its_place(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer(pilot, screen, *[""] * 6)
        assert "When is the interview?" in everything(screen)
        await pilot.press(*"soon", "enter")
        await until(pilot, lambda: "“soon” is no time that is known here." in everything(screen), "the sentence")
        assert screen._at == 6 and screen.query_one("#entry").value == "soon"
        await pilot.press("backspace")
        await until(pilot, lambda: not screen.query_one("#wrong").display, "the sentence to go")
        await pilot.press(*["backspace"] * 3)
        await answer(pilot, screen, "tomorrow 9:30")
        await pilot.press(*[c if c != " " else "space" for c in "something came up"], "enter")
        await until(pilot, lambda: "That is an empty phrase" in everything(screen), "the sentence")


async def test_going_back_keeps_what_was_typed_until_the_intent_is_another(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer(pilot, screen, "", "You are ill", "Ana Sol")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: screen.query_one("#entry").value == "You are ill")
        await pilot.press("escape")
        await until(pilot, lambda: screen.query_one("#choices").display)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: "What is the situation" in everything(screen))
        assert screen.query_one("#entry").value == "" and "The job is not what was adv" in everything(screen)
        await answer(pilot, screen, "")
        assert "How do you talk with each other?" in everything(screen) and "by phone" not in everything(screen)
        await answer(pilot, screen, "")
        assert screen.query_one("#entry").value == "Ana Sol", "a name holds whatever is wanted"


async def test_leaving_asks_once_and_writes_nothing(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer(pilot, screen, "")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "Escape once more leaves" in everything(screen), "the question")
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        screen = await open_new(pilot)
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        assert not mine(app).exists()


async def test_lines_can_be_heard_before_and_after(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer_all(pilot, screen)
        await pilot.press("h")
        await until(pilot, lambda: services.speakers.played, "the line")
        assert services.lines.said == ["Northwind, Maria Keller speaking."]
        assert "Maria Keller: “Northwind, Maria Keller speaking.”" in everything(screen)
        await pilot.press("h")
        await until(pilot, lambda: len(services.lines.said) == 2, "the next line")
        await pilot.press("down")  # somebody else answers first
        await pilot.press("h")
        await until(pilot, lambda: len(services.lines.said) == 3, "the other call's first line")
        assert (
            services.lines.said[2].startswith("Northwind, front desk.")
            and services.lines.speakers[2].name == "Front desk"
        )
        await answer(pilot, screen, "", "")
        await until(pilot, lambda: screen.page == "done", "the call")
        await pilot.press("down", "enter")
        await until(pilot, lambda: len(services.lines.said) == 4, "one more")


async def test_without_loudspeakers_the_line_is_shown(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    services: Any = app.services

    def nowhere() -> None:
        raise MissingPart("There are no loudspeakers here.", "Plug some in.")

    services.speakers.open = nowhere
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer_all(pilot, screen)
        await pilot.press("h")
        await until(pilot, lambda: "“Northwind, Maria Keller speaking.”" in everything(screen), "the line")
        assert screen.page == "template"


async def test_a_name_that_is_taken_is_asked_about(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer_all(pilot, screen)
        await answer(pilot, screen, "", "")
        await until(pilot, lambda: screen.page == "done", "the call")
        before = (mine(app) / f"{NAME}.yaml").read_bytes()
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: screen.page == "question", "another one")
        assert screen._at == 0
        await answer(pilot, screen, *[""] * 9)
        await pilot.press("down")
        await answer(pilot, screen, "", "", "")
        await until(pilot, lambda: screen.page == "taken", "the question")
        assert "There is a call “your-train-is-cancelled”" in everything(screen)
        await pilot.press("enter")
        await until(pilot, lambda: screen.page == "done", "both")
        assert (mine(app) / f"{NAME}.yaml").read_bytes() == before and (mine(app) / f"{NAME}-2.yaml").exists()
        assert [s.id for s in load_pack(mine(app)).scenarios] == [NAME, f"{NAME}-2"]


async def test_replacing_what_is_there_when_told_to(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    workshop = app.services.workshop
    from bowout.core.pack_questions import answers_from

    workshop.keep(mine(app), NAME, answers_from({"pushback": "annoyed"}, workshop.kit), NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer_all(pilot, screen)
        await answer(pilot, screen, "", "")
        await until(pilot, lambda: screen.page == "taken", "the question")
        await pilot.press("down", "enter")
        await until(pilot, lambda: screen.page == "done", "the new one")
        (scenario,) = load_pack(mine(app)).scenarios
        assert scenario.steps["press"].pushback == "why"


async def test_a_folder_that_can_not_be_used_is_said_in_place(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer_all(pilot, screen)
        await answer(pilot, screen, "")
        screen.query_one("#entry").value = str(tmp_path / "file")
        await pilot.press("enter")
        await until(pilot, lambda: screen.page == "folder" and "is a file." in shown(screen, "#wrong"), "the sentence")
        assert screen.query_one("#entry").value == str(tmp_path / "file")
        screen.query_one("#entry").value = "~nobody-of-that-name/calls"
        await pilot.press("enter")
        await until(pilot, lambda: screen.page == "folder" and "no home folder" in shown(screen, "#wrong"), "the other")


async def test_installed_calls_that_would_be_lost_are_named_first(
    app_of: Callable[..., BowoutApp], tmp_path: Path
) -> None:
    from bowout.core.pack_questions import answers_from

    app = app_of()
    workshop = app.services.workshop
    other = tmp_path / "elsewhere" / "my-calls"
    workshop.keep(other, "a-fire", answers_from({"situation": "A fire"}, workshop.kit), NOW)
    workshop.install(other, "a-fire")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_new(pilot)
        await answer_all(pilot, screen)
        await answer(pilot, screen, "", "")
        await until(pilot, lambda: screen.page == "done", "the call")
        await pilot.press("enter")
        await until(pilot, lambda: "“A fire”" in shown(screen, "#wrong"), "the warning")
        await pilot.press("enter")
        read = await reach(pilot, "ReadScreen")
        assert read.scenario.id == NAME


async def test_it_is_in_the_help_and_in_the_palette(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        home = await reach(pilot, "HomeScreen")
        bound = home.active_bindings["f3"].binding  # the help shows these; the footer has no room for all of them
        assert (bound.description, bound.tooltip) == ("New", "Make a call of your own")
        assert "New call" in {command.title for command in app.get_system_commands(home)}


def test_a_question_as_it_looks(snap_compare: Any, app_of: Callable[..., BowoutApp]) -> None:
    """Which question, its help, the choices in two lines each, the one under the bar, and the keys."""

    async def before(pilot: Any) -> None:
        screen = await open_new(pilot)
        await answer_all(pilot, screen)
        await pilot.press("down")

    assert snap_compare(app_of(), terminal_size=(80, 24), run_before=before)


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_longest_list_fits_or_scrolls(app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    async with app_of().run_test(size=size) as pilot:
        screen = await open_new(pilot)
        await answer(pilot, screen, *[""] * 9)
        await pilot.press("end")
        await until(pilot, lambda: "They go on with their plan" in everything(screen), "the last choice")
        assert "How do they press you?" in everything(screen)
