"""The review: marks with their quotes, the recording, the caller's own correction, another try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bowout.core.marks import State
from bowout.tui.app import BowoutApp
from tui.conftest import GOOD, everything, open_brief, reach, shown, until
from tui.fakes import WatchedSource, tone, with_settings

MISHEARD = (
    "Hello Maria, this is Sam Lee. I'm calling about the operations analyst interview today at three. "
    "I have accepted another offer, so I need to withdraw from the process.",
    "Tank yew. I wish you good luck finding the right person.",
)


async def reviewed(pilot: Any) -> Any:
    """A whole call, up to its review."""
    await open_brief(pilot)
    await pilot.press("enter")
    return await reach(pilot, "ReviewScreen")


async def test_every_row_says_its_state_in_a_word(app_of: Callable[..., BowoutApp]) -> None:
    """Heard, not heard: glyph and word; the chosen row shows quote, time and what to say instead."""
    app = app_of(("Hello Maria, this is Sam Lee. I withdraw from the operations analyst process.", "Bye."))
    async with app.run_test(size=(80, 24)) as pilot:
        review = await reviewed(pilot)
        text = everything(review)
        assert "✓ heard" in text and "✗ not heard" in text
        assert "not yet passed" in shown(review, "#verdict")
        rows = review._rows
        missed = next(n for n, row in enumerate(rows) if row.word == "not heard" and row.required)
        await pilot.press(*["down"] * missed)
        await until(pilot, lambda: "Say instead" in shown(review, "#detail"))
        assert review.check_action("play", ()) is None, "no quote, nothing to play"


async def test_play_from_the_quote(app_of: Callable[..., BowoutApp]) -> None:
    """P plays the recording around the chosen quote, through the same loudspeakers."""
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        review = await reviewed(pilot)
        services.speakers.played.clear()
        chosen = next(n for n, row in enumerate(review._rows) if row.id == "ask")
        await pilot.press(*["down"] * chosen, "p")
        await until(pilot, lambda: services.speakers.played and not review.playing)
        span = review._rows[chosen].span
        (clip,) = services.speakers.played
        assert abs(clip.seconds - (span.end - span.start + 1.0)) < 0.3
        assert any(clip.pcm), "the caller is heard, not the pause"


async def test_without_a_recording_there_is_nothing_to_play(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(settings=with_settings(keep_recordings="never"))
    async with app.run_test(size=(80, 24)) as pilot:
        review = await reviewed(pilot)
        assert review.check_action("play", ()) is False
        assert not app.services.records.list()[0].audio


async def test_a_kept_recording_stays(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(settings=with_settings(keep_recordings="keep"))
    async with app.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot)
        await pilot.press("escape", "escape", "q")
    app.drop_leftovers()
    assert app.services.records.list()[0].audio


async def test_a_recording_goes_with_the_program_at_the_latest(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot)
        await pilot.press("ctrl+q")
    app.drop_leftovers()
    assert not app.services.records.list()[0].audio


async def test_corrected_words_are_marked_again(app_of: Callable[..., BowoutApp]) -> None:
    """The correction keeps the times of what stays; both marks are shown and both are in the record."""
    app = app_of(MISHEARD)
    async with app.run_test(size=(80, 24)) as pilot:
        review = await reviewed(pilot)
        first = review.marks
        assert first.items["thanks"].state is not State.HEARD
        await pilot.press("e")
        correct = await reach(pilot, "CorrectScreen")
        area = correct.query_one("#text")
        area.load_text(area.text.replace("Tank yew", "Thank you"))
        await pilot.press("ctrl+s")
        await reach(pilot, "ReviewScreen")
        await until(pilot, lambda: review.marks is not first, "the new marks")
        again = review.marks
        assert again.items["thanks"].state is State.HEARD and again.score > first.score
        assert f"first marked {first.score}" in shown(review, "#verdict")
        assert all(word.confidence is None for word in again.transcript.words)
        before = {w.text: w.start for w in first.transcript.words}
        assert all(w.start == before[w.text] for w in again.transcript.words if w.text in ("accepted", "interview"))
        kinds = [e["kind"] for e in app.services.records.load(review.call.attempt).events]
        assert kinds.count("marks") == 2 and kinds.count("correction") == 1


async def test_an_unchanged_correction_changes_nothing(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        review = await reviewed(pilot)
        first = review.marks
        await pilot.press("e")
        await reach(pilot, "CorrectScreen")
        await pilot.press("escape")
        await reach(pilot, "ReviewScreen")
        assert review.marks is first


async def test_pages_by_number_and_arrow(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        review = await reviewed(pilot)
        await pilot.press("2")
        assert "Pace" in shown(review, "#figures")
        await pilot.press("3")
        await until(pilot, lambda: "[✓ the decision]" in everything(review).replace("\n", " "))
        assert "Maria Keller" in shown(review, "#transcript")
        await pilot.press("right")
        await until(pilot, lambda: "accepted-another-offer, version 1" in everything(review))
        await pilot.press("left", "left", "left")
        await until(pilot, lambda: review.query_one("#pages").active == "marks")


async def test_retry_calls_again_at_once(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        first = await reviewed(pilot)
        services.source = WatchedSource([tone(3)], holds_after=10)
        await pilot.press("r")
        await reach(pilot, "SpeakScreen", "speak")
        await until(
            pilot, lambda: not services.records.load(first.call.attempt).summary.audio, "the old recording to go"
        )


async def test_unsure_is_told_from_not_heard(app_of: Callable[..., BowoutApp]) -> None:
    """An ear that doubts: the mark says unsure and points to the correction."""
    app = app_of(GOOD, confidence=0.2)
    async with app.run_test(size=(80, 24)) as pilot:
        review = await reviewed(pilot)
        unsure = [n for n, row in enumerate(review._rows) if row.word == "unsure"]
        assert unsure, [row.word for row in review._rows]
        await pilot.press(*["down"] * unsure[0])
        await until(pilot, lambda: "costs nothing" in shown(review, "#detail"))
