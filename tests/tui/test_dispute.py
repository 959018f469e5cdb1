"""Disputing a mark in the review: one key, said in words, taken back by the same key, and still there later."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bowout.core.disputes import Dispute
from bowout.core.marks import FaultMark, Marks, as_json
from bowout.errors import BowoutError
from bowout.rehearsal.events import CallMarked
from bowout.storage.records import FileRecords
from bowout.tui.app import BowoutApp
from bowout.tui.screens.review import DISPUTED, ReviewScreen
from tui.conftest import everything, reach, shown, until
from tui.fakes import SAMPLE_LINES, sample_call

SIZE = (80, 24)
MISHEARD = (
    "Hello Maria, this is Sam Lee. I'm calling about the operations analyst interview today at three. "
    "I have accepted another offer, so I need to withdraw from the process.",
    "Tank yew. I wish you good luck finding the right person.",
)


def kept_call(app: BowoutApp) -> CallMarked:
    """The sample call, with a record behind it and faults that were looked for and not found."""
    call = sample_call()
    records = app.services.records
    writer = records.begin(
        scenario="accepted-another-offer", title="T", intent="withdraw", mode="live", ear="builtin", keep_audio=False
    )
    spared = {id_: FaultMark(id_, False) for id_ in ("oversharing", "negativity")}
    marks = replace(call.marks, faults=call.marks.faults | spared)
    writer.event("marks", result=as_json(marks, call.provenance))
    writer.close()
    return replace(call, marks=marks, attempt=writer.id)


async def open_review(pilot: Any, call: CallMarked) -> Any:
    scenario = pilot.app.services.scenario("accepted-another-offer")
    pilot.app.push_screen(ReviewScreen(scenario, call, "practice", False, SAMPLE_LINES))
    await until(pilot, lambda: type(pilot.app.screen) is ReviewScreen and pilot.app.screen.call is call, "the review")
    review = pilot.app.screen
    await until(pilot, lambda: review.disputes is not None, "the record's disputes")
    return review


async def choose(pilot: Any, review: Any, id_: str) -> None:
    at = next(n for n, row in enumerate(review._rows) if row.id == id_)
    review.query_one("#rows").highlighted = at
    await until(pilot, lambda: review.query_one("#rows").highlighted == at)


def row(review: Any, id_: str) -> Any:
    return next(row for row in review._rows if row.id == id_)


def said(app: BowoutApp) -> list[str]:
    """The toasts so far."""
    return [notification.message for notification in app._notifications]


def disputes(app: BowoutApp, call: CallMarked) -> dict[str, Any]:
    return {id_: one.user for id_, one in app.services.records.disputes(call.attempt).items()}


async def test_one_key_and_the_same_key_back(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        call = kept_call(app)
        review = await open_review(pilot, call)
        drawn = everything(review)
        assert "yours" not in drawn and "d Dispute" in drawn and not review.query_one("#disputed").display
        await choose(pilot, review, "goodwill")
        await pilot.press("d")
        await until(pilot, lambda: disputes(app, call) == {"goodwill": "heard"}, "the record")
        drawn = everything(review)
        (line,) = (text for text in drawn.splitlines() if "good wishes " in text)
        assert "✓ heard" in line and "yours" in line, "the state and whose it is, in words"
        assert "The trainer's mark: not" in shown(review, "#detail") and "Say instead" not in shown(review, "#detail")
        assert DISPUTED in drawn and review.query_one("#disputed").size.height == 1
        assert "61 of 100" in shown(review, "#verdict"), "the score stays the engine's"
        assert said(app)[-1].startswith("“good wishes” is yours now: heard.") and "D takes it back" in said(app)[-1]
        assert "a message to follow" in drawn and "d Dispute" in drawn and "f1 Help" in drawn, "all of it fits"
        (summary,) = app.services.records.list()
        assert summary.disputed
        await pilot.press("d")
        await until(pilot, lambda: disputes(app, call) == {}, "the record")
        assert row(review, "goodwill").engine == ""
        assert not review.query_one("#disputed").display and "yours" not in everything(review)
        assert said(app) == ["Taken back. “good wishes” is the trainer's again: not heard. D disputes it."]
        assert not app.services.records.list()[0].disputed


async def test_faults_can_be_disputed_found_or_not(app_of: Callable[..., BowoutApp]) -> None:
    """Each keeps its place, so that the same key on the same row takes it back."""
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        call = kept_call(app)
        review = await open_review(pilot, call)
        order = [r.id for r in review._rows]
        assert order[0] == "mixed_message" and set(order[-2:]) == {"oversharing", "negativity"}
        for id_ in ("mixed_message", "negativity"):
            await choose(pilot, review, id_)
            await pilot.press("d")
        await until(
            pilot, lambda: disputes(app, call) == {"mixed_message": "not_found", "negativity": "found"}, "the record"
        )
        assert [r.id for r in review._rows] == order
        assert (row(review, "mixed_message").word, row(review, "negativity").word) == ("not found", "fault")
        assert "“let's stay in touch”" not in shown(review, "#detail")
        await choose(pilot, review, "mixed_message")
        await until(pilot, lambda: "“let's stay in touch”" in shown(review, "#detail"), "the engine's words")
        await pilot.press("3")
        await until(pilot, lambda: "a mixed message (disputed)" in shown(review, "#transcript"))


async def test_quick_presses_end_in_the_record_as_on_the_screen(app_of: Callable[..., BowoutApp]) -> None:
    """An unsure item goes round in three: heard, not heard, the trainer's."""
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        call = kept_call(app)
        review = await open_review(pilot, call)
        await choose(pilot, review, "role")
        await pilot.press(*"ddddd")
        await until(pilot, lambda: disputes(app, call) == {"role": "not_heard"}, "the record")
        assert (row(review, "role").word, row(review, "role").engine) == ("not heard", "unsure")
        events = [e["user"] for e in app.services.records.load(call.attempt).events if e["kind"] == "dispute"]
        assert events == ["heard", "not_heard", None, "heard", "not_heard"]
        assert {e["marking"] for e in app.services.records.load(call.attempt).events[2:]} == {"1.0"}


async def test_reopened_it_is_still_the_users(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        call = kept_call(app)
        review = await open_review(pilot, call)
        await choose(pilot, review, "goodwill")
        await pilot.press("d", "escape")
        await reach(pilot, "HomeScreen")
        await until(pilot, lambda: disputes(app, call) == {"goodwill": "heard"}, "the record")
        again = await open_review(pilot, call)
        assert row(again, "goodwill").engine == "not heard" and DISPUTED in everything(again)
        await choose(pilot, again, "goodwill")
        await pilot.press("d")
        await until(pilot, lambda: disputes(app, call) == {}, "the record")
        assert not again.query_one("#disputed").display


async def test_corrected_words_leave_it_standing(app_of: Callable[..., BowoutApp]) -> None:
    """Until the engine comes round to it: then there is nothing left to dispute."""
    app = app_of(MISHEARD)
    async with app.run_test(size=SIZE) as pilot:
        from tui.test_review import reviewed

        review = await reviewed(pilot)
        await until(pilot, lambda: review.disputes is not None)
        for id_ in ("thanks", "greeting"):
            await choose(pilot, review, id_)
            await pilot.press("d")
        first: Marks = review.marks
        await until(pilot, lambda: disputes(app, review.call) == {"thanks": "heard", "greeting": "not_heard"})
        await pilot.press("e")
        correct = await reach(pilot, "CorrectScreen")
        area = correct.query_one("#text")
        area.load_text(area.text.replace("Tank yew", "Thank you"))
        await pilot.press("ctrl+s")
        await reach(pilot, "ReviewScreen")
        await until(pilot, lambda: review.marks is not first, "the new marks")
        assert (row(review, "thanks").word, row(review, "thanks").engine) == ("heard", "")
        assert (row(review, "greeting").word, row(review, "greeting").engine) == ("not heard", "heard")
        records = app.services.records
        await until(pilot, lambda: [e["kind"] for e in records.load(review.call.attempt).events].count("marks") == 2)
        assert records.list()[0].disputed
        last = [e for e in records.load(review.call.attempt).events if e["kind"] == "marks"][-1]["result"]
        assert "yours" not in str(last), "the engine's marks are kept apart"


async def test_only_what_is_seen_can_be_disputed(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        call = kept_call(app)
        review = await open_review(pilot, call)
        assert review.check_action("dispute", ()) is True
        await pilot.press("2")
        await until(pilot, lambda: review.check_action("dispute", ()) is None)
        await pilot.press("d")
        await pilot.press("1")
        await until(pilot, lambda: review.check_action("dispute", ()) is True)
        assert review.disputes == {} and disputes(app, call) == {}


async def test_a_call_without_a_record_keeps_it_as_long_as_it_is_shown(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        review = await open_review(pilot, replace(sample_call(), attempt=""))
        await choose(pilot, review, "goodwill")
        await pilot.press("d")
        await until(pilot, lambda: row(review, "goodwill").engine == "not heard")
        assert "no record" in said(app)[-1]
        await pilot.press("d")
        await until(pilot, lambda: row(review, "goodwill").engine == "")


async def test_a_disk_that_refuses_is_told_and_nothing_is_claimed(
    app_of: Callable[..., BowoutApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BowoutError("The disk is full.", "Make room.")

    app = app_of()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        call = kept_call(app)
        app.services.records.dispute(call.attempt, Dispute("greeting", "heard", "not_heard"))
        review = await open_review(pilot, call)
        monkeypatch.setattr(FileRecords, "dispute", refuse)
        await choose(pilot, review, "goodwill")
        await pilot.press("d")
        await until(pilot, lambda: any("disk is full" in text for text in said(app)), "the sentence")
        await until(pilot, lambda: set(review.disputes) == {"greeting"}, "the record's word")
        assert row(review, "goodwill").engine == ""


async def test_an_attempt_deleted_meanwhile_can_still_be_looked_at(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        call = kept_call(app)
        review = await open_review(pilot, call)
        shutil.rmtree(Path(app.services.records._root) / call.attempt)  # type: ignore[attr-defined]
        await choose(pilot, review, "goodwill")
        await pilot.press("d")
        await until(pilot, lambda: any("There is no attempt" in text for text in said(app)), "the sentence")
        await until(pilot, lambda: row(review, "goodwill").engine == "", "the engine's mark")
