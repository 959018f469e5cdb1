"""The guide: from Home and from elsewhere, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bowout.core.guide import SCREENS, Guide, parse_page
from bowout.errors import InputError
from bowout.tui.app import BowoutApp
from bowout.tui.screens.guide import NOTHING, Sheet
from tui.conftest import everything, open_brief, reach, until
from tui.fakes import FakeServices


async def guide_of(pilot: Any) -> Any:
    """F4 on whatever is shown."""
    await pilot.press("f4")
    guide = await reach(pilot, "GuideScreen")
    await until(pilot, lambda: guide.query_one("#titles").option_count, "the pages")
    return guide


def title(guide: Any) -> str:
    visual = guide.query_one("#page").visual
    return visual.page.title if isinstance(visual, Sheet) else str(visual)


def links(guide: Any) -> list[str]:
    return [option.id for option in guide.query_one("#links").options]


async def test_from_a_worry_to_the_rehearsal(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: "f4 Guide" in everything(home), "the key")
        guide = await guide_of(pilot)
        assert title(guide) == "Should you go at all?"
        await pilot.press(*"i am sick")
        await until(pilot, lambda: title(guide) == "Ill on the day", "the page")
        assert links(guide) == ["call essentials/ill-on-the-day", "page rescheduling", "page reason", "page timing"]
        assert "Rehearse You are ill on the day" in " ".join(everything(guide).split())
        await pilot.press("enter", "enter")
        read = await reach(pilot, "ReadScreen")
        assert read.scenario.id == "ill-on-the-day"
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")


async def test_arrows_and_links_lead_from_page_to_page(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        guide = await guide_of(pilot)
        await pilot.press("down", "down")
        await until(pilot, lambda: title(guide) == "Weak reasons, better options")
        await pilot.press("up")
        await until(pilot, lambda: title(guide) == "Reasons people accept")
        await pilot.press(*"typos")
        await until(pilot, lambda: title(guide) == "Before you press send")
        await pilot.press("enter", "enter")
        await until(pilot, lambda: title(guide) == "Writing the message")
        assert guide.query_one("#ask").value == "" and guide.focused.id == "ask"
        assert guide.query_one("#titles").option_count == len(pilot.app.services.guide.pages)


async def test_escape_goes_back_step_by_step(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        guide = await guide_of(pilot)
        await pilot.press(*"zzqq")
        await until(pilot, lambda: title(guide) == NOTHING)
        await pilot.press("enter")
        assert guide.focused.id == "ask", "there are no links to go to"
        await pilot.press(*["backspace"] * 4, *"visa", "enter")
        assert guide.focused.id == "links"
        await pilot.press("escape")
        assert guide.focused.id == "ask" and guide.query_one("#ask").value == "visa"
        await pilot.press("escape")
        await until(pilot, lambda: title(guide) == "Should you go at all?")
        await pilot.press("escape")
        await reach(pilot, "ReadScreen")


async def test_a_long_page_is_scrolled_while_typing_goes_on(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        guide = await guide_of(pilot)
        await pilot.press(*"report")
        await until(pilot, lambda: title(guide) == "Whom to tell about misconduct")
        assert "no legal advice" not in everything(guide)
        await pilot.press(*["pagedown"] * 4)
        await until(pilot, lambda: "no legal advice" in " ".join(everything(guide).split()))
        assert guide.focused.id == "ask"
        await pilot.press("escape")
        await until(pilot, lambda: guide.query_one("#reading").scroll_offset.y == 0, "the top of another page")


async def test_a_link_opens_a_screen(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        pilot.app.action_guide("voice-and-body")
        guide = await reach(pilot, "GuideScreen")
        await until(pilot, lambda: title(guide) == "Voice and body language")
        await pilot.press("enter", "end", "enter")
        await reach(pilot, "SettingsScreen")
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")


def test_every_screen_of_a_link_can_be_opened() -> None:
    assert all(hasattr(BowoutApp, f"action_{key}") for key in SCREENS)


async def test_calls_that_are_not_here_are_not_offered(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        pilot.app.action_guide("pushback")
        guide = await reach(pilot, "GuideScreen")
        await until(pilot, lambda: title(guide) == "When they push back")
        assert links(guide) == ["page reason", "page voice-and-body", "page what-to-say"]


async def test_not_during_a_call(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("t")
        await reach(pilot, "SpeakScreen", "typing")
        await pilot.press("f4")
        assert type(pilot.app.screen).__name__ == "SpeakScreen"


async def test_brackets_and_escapes_are_text(app_of: Callable[..., BowoutApp], monkeypatch: pytest.MonkeyPatch) -> None:
    made = Guide([parse_page("a", "---\ntitle: [red]A[/red]\n---\n\n[bold]x[/bold] **y**\n")])
    monkeypatch.setattr(FakeServices, "guide", made)
    async with app_of().run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        guide = await guide_of(pilot)
        assert "[red]A[/red]" in everything(guide) and "[bold]x[/bold] y" in everything(guide)
        assert not guide.query_one("#links").display


async def test_a_guide_that_is_gone_is_told(app_of: Callable[..., BowoutApp], monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: FakeServices) -> Guide:
        raise InputError("The guide is not here.", "Install bowout again.")

    monkeypatch.setattr(FakeServices, "guide", property(gone))
    async with app_of().run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f4")
        await reach(pilot, "GuideScreen")
        await until(pilot, lambda: "not here" in "".join(n.message for n in pilot.app._notifications), "the sentence")
        await pilot.press(*"x", "down", "enter", "escape", "escape")
        await reach(pilot, "HomeScreen")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_guide_as_it_looks(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """The line of what is looked for, what was found, the page, where it leads."""

    async def before(pilot: Any) -> None:
        await reach(pilot, "HomeScreen")
        guide = await guide_of(pilot)
        guide.query_one("#ask").cursor_blink = False
        await pilot.press(*"voicemail")
        await until(pilot, lambda: title(guide) == "You reach a voicemail")

    assert snap_compare(app_of(), terminal_size=size, run_before=before)
