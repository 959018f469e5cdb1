"""The session around a call: one's own rating, the marks beside it, one sentence for next time, and hearing it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bowout.core.decide_questions import answers_from, case_from
from bowout.core.if_then import IfThen
from bowout.core.marks import as_json
from bowout.core.own_call import scenario_id
from bowout.core.settings import Settings
from bowout.rehearsal.record import turn_json
from bowout.rehearsal.reopened import last_if_then, reopen
from bowout.storage.records import FileRecords
from bowout.tui.app import BowoutApp
from bowout.tui.screens.call_now import CallNowScreen
from bowout.tui.screens.review import ReviewScreen
from bowout.tui.screens.speak import SpeakScreen
from owncases import GIVEN
from tui.conftest import everything, open_brief, reach, shown, until
from tui.fakes import NOW, FakeServices, WatchedSource, sample_call, tone, with_settings

SIZE = (80, 24)
WITHOUT_GOOD_WISHES = (
    "Hello Maria, this is Sam Lee. I'm calling about the operations analyst interview today at three. "
    "I have accepted another offer, so I need to withdraw from the process. I'm sorry for the short notice.",
    "Thank you, but my decision is made. I appreciate your time.",
)


def events(app: BowoutApp, kind: str) -> list[dict[str, Any]]:
    """Of the newest attempt."""
    records = app.services.records
    return [dict(e) for e in records.load(records.list()[0].id).events if e["kind"] == kind]


async def test_rated_marked_decided_and_shown_before_the_next_call(app_of: Callable[..., BowoutApp]) -> None:
    """Read → speak → how was it → marks that differ → if, then, said aloud → the brief and the call show it."""
    app = app_of(WITHOUT_GOOD_WISHES, settings=with_settings(rate_first=True))
    services: Any = app.services
    async with app.run_test(size=SIZE) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        rate = await reach(pilot, "RateScreen")
        await until(pilot, lambda: rate.query_one("#asked").has_focus)
        assert "Wished them well?" in everything(rate) and "Anything you regret saying?" in everything(rate)
        asked = [each.id for each in rate._asked]
        await pilot.press(*("n" if id_ == "greeting" else "s" if id_ == "role" else "y" for id_ in asked[:-1]))
        await pilot.press("n")
        assert "1 of " in shown(rate, "#rate-next") and not events(app, "rating")
        await pilot.press("enter")
        review = await reach(pilot, "ReviewScreen")
        await until(pilot, lambda: events(app, "rating"), "the record")
        (kept,) = events(app, "rating")
        assert kept["items"]["greeting"] is False and kept["items"]["goodwill"] is True and "role" not in kept["items"]
        assert set(kept["faults"].values()) == {False}
        told = shown(review, "#rated")
        assert "the ear heard a greeting" in told and "Worth a second look: good wishes." in told
        (line,) = (text for text in everything(review).splitlines() if "a greeting " in text)
        assert "✓ heard" in line and "≠ you" in line
        await pilot.press(*["down"] * next(n for n, row in enumerate(review._rows) if row.id == "goodwill"))
        await until(pilot, lambda: "You said: heard. The ear: not heard." in shown(review, "#detail"))

        await pilot.press("i")
        decide = await reach(pilot, "IfThenScreen")
        assert decide.sentence.cue == "they say goodbye" and "success" in decide.sentence.words
        await pilot.press("e")
        await until(pilot, lambda: decide.query_one("#words").has_focus)
        decide.query_one("#words").value = "I wish you good luck with the search."
        await pilot.press("enter")
        await until(pilot, lambda: decide.focused is None)
        services._ear._lines.append("if they say goodbye I will say I wish you good luck with the search")
        services.source = WatchedSource([tone(3)])
        await pilot.press("space")
        await until(pilot, lambda: "✓ Said" in shown(decide, "#checked"), "the ear")
        assert services.source.closed.is_set()
        await pilot.press("enter")
        review = await reach(pilot, "ReviewScreen")
        await until(pilot, lambda: events(app, "if_then"), "the record")
        (kept,) = events(app, "if_then")
        assert (kept["if"], kept["then"], kept["spoken"]) == (
            "they say goodbye", "I wish you good luck with the search.", True,
        )  # fmt: skip
        assert "Kept for next time  If they say goodbye" in shown(review, "#next-time")

        await pilot.press("escape")
        read = await reach(pilot, "ReadScreen")
        await until(pilot, lambda: "good luck with the search" in shown(read, "#if-then"), "the sentence on the brief")
        services.source = WatchedSource([tone(4)], holds_after=5)
        services._ear._next = 0
        await pilot.press("enter")
        speak = await reach(pilot, "SpeakScreen")
        await until(pilot, lambda: "good luck with the search" in shown(speak, "#if-then"), "the reminder")
        await reach(pilot, "SpeakScreen", "speak")
        assert not speak.query_one("#if-then").display, "in the call itself nothing is in the way"


async def test_one_key_skips_the_rating(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(settings=with_settings(rate_first=True))
    assert Settings().rate_first
    async with app.run_test(size=SIZE) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        await reach(pilot, "RateScreen")
        await pilot.press("escape")
        review = await reach(pilot, "ReviewScreen")
        assert review.rating is None and not review.query_one("#rated").display and not events(app, "rating")


async def test_what_a_drill_wants_comes_in_place_of_the_review(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    over: list[Any] = []
    async with app.run_test(size=SIZE) as pilot:
        await reach(pilot, "HomeScreen")
        scenario = app.services.scenario("accepted-another-offer")
        meta = {"drill": "clean-minute", "case": "C1"}

        def then(screen: Any, ended: Any) -> None:
            over.append(ended)
            screen.dismiss()

        rated = with_settings(rate_first=True)
        app.keep(rated)
        app.push_screen(SpeakScreen(scenario, "practice", typed=False, then=then, meta=meta))
        rate = await reach(pilot, "RateScreen")
        assert "the figure after it" in everything(rate) and "Enter shows the figure." in everything(rate)
        await pilot.press("enter")
        await until(pilot, lambda: over, "the end of the call")
        await reach(pilot, "HomeScreen")
        assert dict(over[0].meta) == meta and over[0].call.marks.items["ask"].span is not None
        assert events(app, "start")[0]["drill"] == "clean-minute"


def keep(
    services: FakeServices, *, audio: bool = True, days_ago: int = 0, scenario: str = "accepted-another-offer"
) -> str:
    """The sample call as one of the past; its id."""
    call = sample_call()
    records = FileRecords(services._root, lambda: NOW - timedelta(days=days_ago))
    writer = records.begin(
        scenario=scenario, title="You accepted another offer", intent="withdraw", mode="practice",
        ear="builtin", keep_audio=audio, channel="phone", pack="essentials",
    )  # fmt: skip
    writer.event("recruiter", text="Northwind Logistics, Maria Keller speaking.", step="pickup", at_s=4.0, speaker="")
    for turn in call.marks.transcript.turns:
        writer.event("turn", **turn_json(turn), careful=True)
    if audio:
        writer.audio(tone(30).pcm)
    writer.event("marks", result=as_json(call.marks, call.provenance))
    writer.event("end", outcome="withdrawn", facts={"contact": "Maria Keller", "caller": "Sam Lee"})
    writer.close()
    return writer.id


async def test_hear_it_line_by_line(app_of: Callable[..., BowoutApp]) -> None:
    """Mine against the model, slowly, then against an earlier call; to every place; leaving stops the sound."""
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await reach(pilot, "HomeScreen")
        keep(services, days_ago=1)
        attempt = keep(services)
        app.open_attempt(attempt)
        review = await reach(pilot, "ReviewScreen")
        await pilot.press("h")
        hear = await reach(pilot, "HearScreen")
        await until(pilot, lambda: hear._read is not None, "the recording")
        drawn = everything(hear)
        assert "hello" in drawn and "Model" in drawn and "Hello Maria Keller, this is Sam Lee." in drawn
        assert "⣿" in drawn and "▲" in drawn and "0:07" in drawn, "the picture, and the seconds under it"

        def played() -> list[float]:
            return [round(clip.seconds, 1) for clip in services.speakers.played]

        line = hear.query_one("#pairs").pair.mine
        await pilot.press("p")
        await until(pilot, lambda: played() and not hear.playing)
        assert abs(played()[-1] - (line.end - line.start + 1.0)) < 0.2
        await pilot.press("s", "p")
        await until(pilot, lambda: len(played()) == 2 and not hear.playing)
        assert abs(played()[1] - played()[0] / 0.7) < 0.2, "longer"
        await pilot.press("m")
        await until(pilot, lambda: len(played()) == 3 and not hear.playing)
        assert services.lines.said[-1] == "Hello Maria Keller, this is Sam Lee."
        assert services.lines.speakers[-1].words_per_minute == 105
        await pilot.press("t")
        await until(pilot, lambda: "Then" in everything(hear) and "You today, and you yesterday" in everything(hear))
        await pilot.press("enter")
        await until(pilot, lambda: len(played()) == 5 and not hear.playing)
        assert played()[3] == played()[4], "the same words then and now"
        await pilot.press("3")
        assert "Filler: “um”, at 0:09" in shown(hear, "#heard-at")
        await pilot.press("right")
        assert "Quote" in shown(hear, "#heard-at") and hear.query_one("#wave").at > 9.4
        await pilot.press("2")
        assert "No long pause was found" in shown(hear, "#heard-at")
        await pilot.press("escape")
        assert await reach(pilot, "ReviewScreen") is review
        assert app.services.records.load(attempt).audio_path is not None


async def test_without_a_recording_the_words_are_compared(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        await reach(pilot, "HomeScreen")
        app.open_attempt(keep(app.services, audio=False))  # type: ignore[arg-type]
        await reach(pilot, "ReviewScreen")
        await pilot.press("h")
        hear = await reach(pilot, "HearScreen")
        await until(pilot, lambda: "is gone, or was never kept" in shown(hear, "#heard-at"))
        assert "not in these words" in everything(hear) and hear.check_action("mine", ()) is False


async def test_a_call_whose_scenario_is_gone_can_be_looked_at(app_of: Callable[..., BowoutApp]) -> None:
    """Its marks, words and recording; what needs the scenario is not offered, and the recording stays."""
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        await reach(pilot, "HomeScreen")
        services: Any = app.services
        attempt = keep(services)
        services.shelf = [replace(pack, scenarios=pack.scenarios[1:]) for pack in services.shelf]
        services.look_again()
        assert reopen(services, attempt).scenario.id == "accepted-another-offer"
        app.open_attempt(attempt)
        review = await reach(pilot, "ReviewScreen")
        assert isinstance(review, ReviewScreen) and "61 of 100" in shown(review, "#verdict")
        assert review.check_action("again", ()) is False and review.check_action("correct", ()) is False
        await pilot.press("3")
        await until(pilot, lambda: "Maria Keller" in everything(review))
        await pilot.press("4")
        await until(pilot, lambda: "not here any more" in everything(review))
        await pilot.press("i")
        decide = await reach(pilot, "IfThenScreen")
        await pilot.press("t")
        once = decide.query_one("#once")
        await until(pilot, lambda: once.has_focus)
        once.value = decide.sentence.words
        await pilot.press("enter")
        await until(pilot, lambda: "✓ Said" in shown(decide, "#checked"))
        await pilot.press("enter")
        await reach(pilot, "ReviewScreen")
        await until(pilot, lambda: last_if_then(services.records, "accepted-another-offer") is not None)
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
    app.drop_leftovers()
    assert app.services.records.load(attempt).audio_path is not None


async def test_the_card_for_the_real_call_has_the_kept_sentence(services: Callable[..., FakeServices]) -> None:
    """In place of the usual one, from the last rehearsal of the case's own call."""
    made = services()
    case = made.cases.begin(case_from(answers_from(GIVEN["ill"], NOW), NOW))
    attempt = keep(made, audio=False, scenario=scenario_id(case.id))
    made.records.append(attempt, "if_then", **IfThen("they press me", "I can't come [today].").as_event())
    app = BowoutApp(made)
    async with app.run_test(size=SIZE) as pilot:
        await reach(pilot, "HomeScreen")
        app.push_screen(CallNowScreen(case))
        card = await reach(pilot, "CallNowScreen")
        await until(pilot, lambda: "I can't come [today]." in shown(card, "#card-if-then"), "the sentence")
