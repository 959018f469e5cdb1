"""Every drill by keys, from Home to its figure; losing one and repeating it; one's own case; and how it looks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bowout.core.choice import Choice
from bowout.core.scenario import CallLimits
from bowout.rehearsal.call import Rehearsal
from bowout.rehearsal.next_session import Outlook
from bowout.storage.packs import Pack
from bowout.storage.records import FileRecords
from bowout.tui.app import BowoutApp
from bowout.tui.messages import Counted
from bowout.tui.screens import take
from bowout.tui.screens.drill import DrillScreen
from bowout.tui.screens.drills import DrillsScreen
from bowout.tui.screens.figure import FigureScreen
from bowout.tui.widgets.labelled import Labelled
from bowout.tui.widgets.turn_timer import TurnTimer
from drilltakes import DRILLS, PAIRS, SCENARIOS
from owncases import case
from tui.conftest import everything, on, reach, shown, until
from tui.fakes import NOW, FakeServices, WatchedSource, with_settings

SIZE = (80, 24)
NAMES = list(DRILLS)
PAIR = {pair.drill: pair for pair in PAIRS}


def shelf(*scenarios: str) -> list[Pack]:
    return [Pack("mine", 1, "Mine", "", tuple(replace(SCENARIOS[name], pack="mine") for name in scenarios))]


def drill_events(app: BowoutApp) -> list[dict[str, Any]]:
    """Of the newest attempt."""
    records = app.services.records
    return [dict(e) for e in records.load(records.list()[0].id).events if e["kind"] == "drill"]


def said(app: BowoutApp, words: str) -> bool:
    """A toast with these words is shown."""
    return any(words in each.message for each in app._notifications)


def say(services: FakeServices, answers: Sequence[str]) -> None:
    """What the microphone says from now on."""
    fresh = FakeServices(services._root, answers)
    services.source = fresh.source
    services._ear = fresh._ear


async def open_drill(pilot: Any, name: str) -> Any:
    """Home → Drills → the drill, by keys."""
    await reach(pilot, "HomeScreen")
    await until(pilot, lambda: pilot.app.ear_shown, "the ear's name")
    await pilot.press("f6")
    drills = await reach(pilot, "DrillsScreen")
    rows = drills.query_one("#drills")
    await until(pilot, lambda: rows.option_count == len(NAMES), "the drills")
    await pilot.press(*["down"] * [option.id for option in rows.options].index(name), "enter")
    screen = await reach(pilot, "DrillScreen")
    await until(pilot, lambda: screen.material is not None, "what it is made of")
    await until(pilot, lambda: pilot.app.ear_state == "ready" or screen.types, "the ear")
    return screen


@pytest.mark.parametrize("name", NAMES)
async def test_from_home_to_its_figure(name: str, services: Callable[..., FakeServices]) -> None:
    pair = PAIR[name]
    shadow = name == "shadow"  # nothing is owed in it, so nobody is asked how that went
    settings = with_settings(countdown=False, headphones=shadow, rate_first=shadow)
    made = services(pair.good, shelf=shelf(pair.scenario), settings=settings)
    app = BowoutApp(made)
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_drill(pilot, name)
        assert DRILLS[name].tell in " ".join(everything(screen).split())
        await pilot.press("enter")
        figure = await reach(pilot, "FigureScreen")
        result = figure.taken.result
        assert (result.met, result.missed, result.measured) == (True, (), True), result
        assert result.change in " ".join(everything(figure).split())
    (event,) = drill_events(app)
    assert event == {**event, **result.as_json()}
    (row,) = made.records.recent(1, drill=name)
    assert (row.figure, row.met, row.scenario) == (result.value, True, pair.scenario)


def ticking(services: FakeServices) -> None:
    """Each record begins a second after the one before: the newest is the newest."""
    at = count()
    services.__dict__["records"] = FileRecords(services._root, lambda: NOW + timedelta(seconds=next(at)))


async def test_lost_repeated_reviewed_and_on_to_the_next_call(
    services: Callable[..., FakeServices], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take, "COUNT_S", 0.01)
    pair = PAIR["first-ten-seconds"]
    made = services(pair.bad, shelf=shelf("ill-on-the-day", "accepted-another-offer"))
    ticking(made)
    app, told = BowoutApp(made), list[Any]()
    async with app.run_test(size=SIZE, message_hook=told.append) as pilot:
        screen = await open_drill(pilot, pair.drill)
        assert "You accepted another offer" not in everything(screen) and "at most 10 s" in everything(screen)
        await pilot.press("3", "enter")
        figure = await reach(pilot, "FigureScreen")
        assert list(dict.fromkeys(each.left for each in told if isinstance(each, Counted))) == [3, 2, 1]
        assert figure.taken.result.missed == ("figure",) and figure.taken.now.best is None
        drawn = everything(figure)
        assert "○ Not yet. The gate is at most 10 s." in drawn and "Begin with what counts" in drawn
        assert "take 1 of 3" in drawn and "R: take 2 of 3, at once." in drawn and "0 of 3 in a row" in drawn

        say(made, pair.good)
        await pilot.press("r")
        await until(pilot, lambda: app.screen is not figure and on(pilot, "FigureScreen"), "the second take")
        figure = app.screen
        value = figure.taken.result.value
        assert figure.taken.result.met and figure.taken.before.to_beat == 10 and figure.taken.now.best == value
        drawn = everything(figure)
        assert "✓ The gate is met" in drawn and "take 2 of 3" in drawn and "1 of 3 in a row" in drawn
        assert [row.met for row in made.records.recent(drill=pair.drill)] == [True, False]
        newest = made.records.list()[0]

        await pilot.press("v")
        review = await reach(pilot, "ReviewScreen")
        assert review.check_action("again", ()) is False and review.check_action("play", ()) is not False
        await pilot.press("i")
        decide = await reach(pilot, "IfThenScreen")
        await pilot.press("enter")
        await reach(pilot, "ReviewScreen")
        await pilot.press("escape")
        assert await reach(pilot, "FigureScreen") is figure and figure.kept == decide.kept is not None
        assert made.records.load(newest.id).audio_path is not None, "as long as its figure is shown"

        await pilot.press("n")
        assert await reach(pilot, "DrillScreen") is screen
        await until(pilot, lambda: "You accepted another offer" in everything(screen), "the next call")
        await until(pilot, lambda: made.records.load(newest.id).audio_path is None, "the recording to go")
        await pilot.press("k", "m")
        assert not app.settings.countdown and screen.mode == "live"
        await pilot.press("escape")
        drills = await reach(pilot, "DrillsScreen")
        await until(pilot, lambda: "2 takes" in everything(drills) and "gate 1 of 3" in everything(drills))


async def test_a_cold_call_shows_nothing_before_it_rings(
    services: Callable[..., FakeServices], monkeypatch: pytest.MonkeyPatch
) -> None:
    rings = threading.Event()

    def wait(self: Rehearsal, seconds: float, stop: threading.Event) -> Iterator[Any]:
        while seconds > 0 and not rings.wait(0.01) and not stop.is_set():
            pass
        return iter(())

    monkeypatch.setattr(Rehearsal, "_wait", wait)
    made = services(PAIR["cold-call"].good, shelf=shelf("ill-on-the-day", "accepted-another-offer"))
    made.source = WatchedSource(made.clips, holds_after=3)
    ticking(made)
    app = BowoutApp(made)
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_drill(pilot, "cold-call")
        assert "A call that you have not met yet" in everything(screen) and screen._scenario is None
        await pilot.press("enter")
        speak = await reach(pilot, "TakeScreen", "preparing")
        await until(pilot, lambda: "It rings within 20 seconds" in everything(speak), "the wait")
        title, facts = speak.scenario.title, speak.scenario.facts_at(NOW)
        assert title not in everything(speak) and facts["contact"] not in everything(speak)
        assert speak.check_action("script", ()) is False
        rings.set()
        await reach(pilot, "TakeScreen", "speak")
        brief = shown(speak, "#script")
        assert speak.query_one("#script").display and facts["caller"] in brief and facts["reason"] in brief
        made.source.let_go.set()
        figure = await reach(pilot, "FigureScreen")
        assert figure.check_action("following", ()) is False, "again is another call already"
        await pilot.press("r")
        await until(pilot, lambda: app.screen is not figure and on(pilot, "FigureScreen"), "another call")
        assert app.screen.ended.scenario.id != figure.ended.scenario.id  # type: ignore[attr-defined]


async def test_of_ones_own_case(services: Callable[..., FakeServices]) -> None:
    made = services(PAIR["two-options"].good, settings=with_settings(countdown=False))
    mine = made.cases.begin(case("ill"))
    app = BowoutApp(made)
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_drill(pilot, "two-options")
        assert "My own call" in everything(screen) and "You are Sam Lee" in everything(screen)
        await pilot.press("c")
        choose = await reach(pilot, "ChooseScreen")
        assert "You are ill on the day" in everything(choose)
        await pilot.press("1")
        await reach(pilot, "DrillScreen")
        await pilot.press("enter")
        figure = await reach(pilot, "FigureScreen")
        assert figure.taken.result.met
    (row,) = made.records.recent(drill="two-options")
    assert (row.case, row.scenario) == (mine.id, f"case-{mine.id.lower()}")


async def test_what_can_not_be_measured_or_done_is_said(services: Callable[..., FakeServices]) -> None:
    """Typed words have no times; without headphones there is no shadowing."""
    made = services(shelf=shelf("ill-on-the-day"))
    app = BowoutApp(made)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = await open_drill(pilot, "shadow")
        assert "It needs headphones" in everything(screen)
        await pilot.press("enter")
        await until(pilot, lambda: said(app, "needs headphones: without them"))
        await pilot.press("escape", "escape")
        screen = await open_drill(pilot, "first-ten-seconds")
        await pilot.press("t")
        speak = await reach(pilot, "TakeScreen", "typing")
        await until(pilot, lambda: speak.focused is not None)
        speak.query_one("#answer").value = PAIR["first-ten-seconds"].good[0]
        await pilot.press("enter")
        figure = await reach(pilot, "FigureScreen")
        drawn = " ".join(everything(figure).split())
        assert "Not measured" in drawn and "typed words have no times" in drawn and "can't be judged" in drawn
        assert figure.taken.result.met is None and not figure.query("#value")
    (event,) = drill_events(app)
    assert event["measured"] is False and event["value"] is None


async def test_opened_from_elsewhere(services: Callable[..., FakeServices]) -> None:
    """The plan opens a drill on its call; a cold call is drawn when it begins. What does not fit is a sentence."""
    made = services()
    app = BowoutApp(made)

    def plans(drill: str, scenario: str) -> Outlook:
        return Outlook(NOW, choice=Choice("A drill", "Why", drill, scenario))

    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await reach(pilot, "HomeScreen")
        assert "Drills" in [command.title for command in app.get_system_commands(app.screen)]
        app.open_next(plans("pace", "not-a-fit"))
        screen = await reach(pilot, "DrillScreen")
        await until(pilot, lambda: "Not a fit, and you are in the room" in everything(screen), "the call")
        app.open_next(plans("cold-call", "ill-on-the-day"))
        await until(pilot, lambda: app.screen is not screen and on(pilot, "DrillScreen"))
        await until(pilot, lambda: app.screen.material is not None)  # type: ignore[attr-defined]
        assert app.screen.material.drawn and len(app.screen_stack) == 2  # type: ignore[attr-defined]
        app.open_drill("two-options", "not-a-fit")
        await until(pilot, lambda: said(app, "can't be made of"))


@pytest.mark.parametrize(
    ("seconds", "shows"), [(3, "● on time"), (8, "▲ wind up"), (10, "■ time is up"), (20, "× well over")]
)
def test_a_drills_light_has_a_glyph_and_a_word(seconds: int, shows: str) -> None:
    timer = TurnTimer(CallLimits(), DRILLS["first-ten-seconds"].timer)
    timer.set_reactive(TurnTimer.seconds, seconds)
    assert shows in str(timer.render())


def test_words_hang_below_their_beginning() -> None:
    lines = Labelled((("Call", "one two three four five six", ""), ("To", "", "")), 6).lines(24)
    assert [line.plain for line in lines] == ["Call  one two three four", "      five six", "To    "]


def test_every_key_has_a_name_and_a_tooltip() -> None:
    bindings = [b for screen in (DrillsScreen, DrillScreen, FigureScreen) for b in screen.BINDINGS]
    assert all(b.id and b.tooltip for b in bindings)  # type: ignore[union-attr]
    assert len({b.id for b in bindings}) == len(bindings)  # type: ignore[union-attr]
