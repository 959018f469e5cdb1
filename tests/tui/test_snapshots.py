"""Every screen as it looks, at 80×24 and 120×40. After a wanted change: ``pytest tests/tui --snapshot-update``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bowout.rehearsal.events import CallMarked, Noticed
from bowout.storage.packs import Pack
from bowout.tui.app import BowoutApp
from bowout.tui.widgets.level_meter import LevelMeter
from tui.conftest import GOOD, open_brief, reach, shown, until
from tui.fakes import ESSENTIALS, SAMPLE_LINES, WatchedSource, sample_call, tone, with_settings

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
NOTICES = [Noticed("ear", "The built-in ear listens; Vosk's model is not here.", "Upgrade: bowout model install")]
SHORT = with_settings(silence_practice_s=2.5, silence_live_s=1.3)


@pytest.fixture(autouse=True)
def frozen_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths that are shown are the same on every machine."""
    monkeypatch.setenv("BOWOUT_DATA_DIR", "/home/you/.local/share/bowout")
    monkeypatch.setenv("BOWOUT_CONFIG_DIR", "/home/you/.config/bowout")


@SIZES
def test_home(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """Three calls in two lines each, the ear at the top right, the notice above the footer."""

    async def before(pilot: Any) -> None:
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: home.query_one("#scenarios").option_count and home.query_one("#notices").display)

    assert snap_compare(app_of(notices=NOTICES), terminal_size=size, run_before=before)


@SIZES
def test_home_of_several_packs(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """Headings above the calls of each pack, the line of what is looked for, and what it found."""

    async def before(pilot: Any) -> None:
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: home.query_one("#scenarios").option_count)
        await pilot.press("slash", *"delay")
        home.query_one("#find").cursor_blink = False
        await until(pilot, lambda: home.query_one("#scenarios").option_count == 9)

    assert snap_compare(app_of(shelf=(ESSENTIALS, *packs_of_delays())), terminal_size=size, run_before=before)


def packs_of_delays() -> list[Pack]:
    """Two packs of other people's."""
    model, packs = ESSENTIALS.scenarios[1], []
    for name, count in (("Trains", 4), ("Weather", 3)):
        made = [
            replace(model, id=f"d{n}", title=f"Delay {n} of {count}", pack=name, tags=()) for n in range(1, count + 1)
        ]
        packs.append(Pack(name, 1, name, "", tuple(made)))
    return packs


def test_first_question(snap_compare: Any, app_of: Callable[..., BowoutApp]) -> None:
    """One question, three answers, where recordings lie."""

    async def before(pilot: Any) -> None:
        await reach(pilot, "FirstRunScreen")

    app = app_of(settings=with_settings(keep_recordings="ask"))
    assert snap_compare(app, terminal_size=(80, 24), run_before=before)


@SIZES
def test_read(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """Situation, facts, script; the checklist below (80) or beside it (120)."""

    async def before(pilot: Any) -> None:
        await open_brief(pilot, 1)
        await until(pilot, lambda: pilot.app.ear_state == "ready")

    assert snap_compare(app_of(), terminal_size=size, run_before=before)


@SIZES
def test_check(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """What was read of the sentence, the verdict, and the ways on in the footer."""

    async def before(pilot: Any) -> None:
        await open_brief(pilot)
        await pilot.press("c")
        await reach(pilot, "CheckScreen", "idle")
        await pilot.press("space")
        await reach(pilot, "CheckScreen", "heard")

    app = app_of(("Hello, this is a short check of my microphone.",), source=WatchedSource([tone(2)]))
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_speak(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """“Speak now” in the colour of the line above it, the live line, level and time with their words."""

    async def before(pilot: Any) -> None:
        await open_brief(pilot)
        await pilot.press("enter")
        screen = await reach(pilot, "SpeakScreen", "speak")
        source = pilot.app.services.source
        meter = screen.query_one(LevelMeter)
        await until(pilot, lambda: source._blocks > 106 and meter.level == round(source.level, 2))
        await until(pilot, lambda: "0:06" in str(screen.query_one("#timer").render()))
        await until(pilot, lambda: screen.query_one("#live").text.startswith("Hello Maria"))
        await pilot.press("s")

    app = app_of(source=WatchedSource([tone(9)], holds_after=105), settings=SHORT)
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_typed(snap_compare: Any, app_of: Callable[..., BowoutApp]) -> None:
    """A typed call: no meter, an input, F8 hangs up."""

    async def before(pilot: Any) -> None:
        await open_brief(pilot)
        await pilot.press("t")
        screen = await reach(pilot, "SpeakScreen", "typing")
        await until(pilot, lambda: screen.focused is not None)
        screen.query_one("#answer").cursor_blink = False

    assert snap_compare(app_of(), terminal_size=(80, 24), run_before=before)


async def show_review(pilot: Any, call: CallMarked | None = None) -> Any:
    """A review of marks that no change of the marking engine alters."""
    from bowout.tui.screens.review import ReviewScreen

    await reach(pilot, "HomeScreen")
    scenario = pilot.app.services.scenario("accepted-another-offer")
    pilot.app.push_screen(ReviewScreen(scenario, call or sample_call(), "practice", False, SAMPLE_LINES))
    review = await reach(pilot, "ReviewScreen")
    await until(pilot, lambda: str(review.query_one("#detail").render()))
    return review


@SIZES
def test_review(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """Score and verdict, the one thing for next time, faults first, the chosen row explained."""

    async def before(pilot: Any) -> None:
        await show_review(pilot)

    assert snap_compare(app_of(), terminal_size=size, run_before=before)


@SIZES
def test_review_disputed(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """“yours” beside the caller's own states, the trainer's mark in the detail, and what it means for the score."""

    async def before(pilot: Any) -> None:
        review = await show_review(pilot, replace(sample_call(), attempt=""))
        await pilot.press("d", *["down"] * 7, "d")
        await until(pilot, lambda: "The trainer's mark" in str(review.query_one("#detail").render()))

    assert snap_compare(app_of(), terminal_size=size, run_before=before)


@pytest.mark.parametrize("page", ["2", "3"], ids=["delivery", "words"])
def test_review_page(snap_compare: Any, app_of: Callable[..., BowoutApp], page: str) -> None:
    """Figures beside their aims; the conversation with credited and blamed stretches underlined and labelled."""

    async def before(pilot: Any) -> None:
        await show_review(pilot)
        await pilot.press(page)

    assert snap_compare(app_of(), terminal_size=(80, 24), run_before=before)


@SIZES
def test_send(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """The message, and that nothing is sent from here."""

    async def before(pilot: Any) -> None:
        from bowout.tui.screens.send import SendScreen

        await reach(pilot, "HomeScreen")
        pilot.app.push_screen(SendScreen(pilot.app.services.scenario("ill-on-the-day")))
        await reach(pilot, "SendScreen")

    assert snap_compare(app_of(GOOD), terminal_size=size, run_before=before)


@SIZES
def test_settings(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """Every choice a row; both silences visible."""

    async def before(pilot: Any) -> None:
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: home.query_one("#scenarios").option_count)
        await pilot.press("f2")
        settings = await reach(pilot, "SettingsScreen")
        await until(pilot, lambda: len(settings.query_one("#microphone")._options) == 3)
        await until(pilot, lambda: shown(settings, "#size"))

    assert snap_compare(app_of(settings=SHORT), terminal_size=size, run_before=before)
