"""The whole way by keys alone, and each turning of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bowout.errors import MissingPart
from bowout.rehearsal.events import Noticed
from bowout.tui.app import BowoutApp
from tui.conftest import GOOD, everything, open_brief, reach, shown, until
from tui.fakes import WatchedSource, tone, with_settings


def events(app: BowoutApp) -> list[dict[str, Any]]:
    """The newest attempt's events."""
    records = app.services.records
    return [dict(e) for e in records.load(records.list()[0].id).events]


async def test_home_to_send_by_keys(app_of: Callable[..., BowoutApp]) -> None:
    """First run: the question, the check, the call, its marks, the message."""
    app = app_of(settings=with_settings(keep_recordings="ask", checked_microphone=False))
    services: Any = app.services
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await reach(pilot, "FirstRunScreen")
        await pilot.press("enter")
        await until(pilot, lambda: services.saved and services.saved[-1].keep_recordings == "until_review")
        read = await open_brief(pilot)
        assert "Maria Keller" in everything(read)
        await until(pilot, lambda: services.ears_started, "the ear's warm-up")
        await pilot.press("enter")
        check = await reach(pilot, "CheckScreen", "idle")
        assert services.source.opened == 0, "the microphone waits for the user"
        services.source = WatchedSource([tone(2)])
        await pilot.press("space")
        await reach(pilot, "CheckScreen", "heard")
        assert "✓" in shown(check, "#checked")
        assert services.source.closed.is_set()
        await pilot.press("p")
        await until(pilot, lambda: services.speakers.played and check.phase == "heard")
        assert services.speakers.played[-1].seconds > 1
        services.source = WatchedSource(services.clips)
        services._ear._next = 0
        await pilot.press("enter")
        review = await reach(pilot, "ReviewScreen")
        assert app.settings.checked_microphone
        assert review.call.marks.items["ask"].span is not None
        assert "of 100" in shown(review, "#verdict")
        assert services.source.closed.is_set()
        await pilot.press("s")
        send = await reach(pilot, "SendScreen")
        assert "Dear Maria Keller" in send.query_one("#message").text
        await pilot.press("escape")
        await reach(pilot, "ReviewScreen")
        attempt = services.records.list()[0]
        assert attempt.audio and attempt.score == review.call.marks.score
        await pilot.press("escape")
        await reach(pilot, "ReadScreen")
        await until(pilot, lambda: not services.records.list()[0].audio, "the recording to go")
        await pilot.press("escape")
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: f"last {attempt.score}" in everything(home), "the last score")


async def test_one_answer_is_enough_of_a_first_question(app_of: Callable[..., BowoutApp]) -> None:
    """Somebody who has answered goes straight to the call, without question and check."""
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("l")
        await reach(pilot, "ReviewScreen")
        assert events(app)[0]["mode"] == "live"


async def test_space_ends_the_turn_and_h_hangs_up(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([tone(4), tone(4)], holds_after=40)
    app = app_of(source=source)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        speak = await reach(pilot, "SpeakScreen", "speak")
        await until(pilot, lambda: "Hello Maria" in str(speak.query_one("#live").render()))
        await pilot.press("space")
        await until(pilot, lambda: len(speak._lines) == 2, "the answer")
        await reach(pilot, "SpeakScreen", "speak")
        await pilot.press("h")
        review = await reach(pilot, "ReviewScreen")
        assert review.call.outcome == "hung_up"
        assert next(e for e in events(app) if e["kind"] == "turn_end")["reason"] == "key"


async def test_the_pause_is_longer_from_the_next_turn_on_and_is_kept(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([tone(4)], holds_after=20)
    app = app_of(source=source)
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        speak = await reach(pilot, "SpeakScreen", "speak")
        await pilot.press("right", "right", "left")
        assert "1.0 s" in shown(speak, "#silence")
        assert speak._rehearsal.options.silence_s == 1.0
        await until(pilot, lambda: services.saved and services.saved[-1].silence_practice_s == 1.0)


async def test_leaving_takes_two_keys_and_lets_the_microphone_go(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([tone(4)], holds_after=20)
    app = app_of(source=source)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        await reach(pilot, "SpeakScreen", "speak")
        assert not source.closed.is_set()
        await pilot.press("escape")
        assert app.screen.phase == "speak"  # type: ignore[attr-defined]
        await pilot.press("escape")
        await reach(pilot, "ReadScreen")
        await until(pilot, source.closed.is_set, "the microphone to close", seconds=2)
        await until(pilot, lambda: [e for e in events(app) if e["kind"] == "abandoned"], "the record")
        await until(pilot, lambda: not app.services.records.list()[0].audio, "the recording to go")


async def test_a_covered_call_stops_the_microphone(app_of: Callable[..., BowoutApp]) -> None:
    from bowout.tui.screens.sorry import SorryScreen

    source = WatchedSource([tone(4)], holds_after=20)
    app = app_of(source=source)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        speak = await reach(pilot, "SpeakScreen", "speak")
        app.push_screen(SorryScreen(ValueError("[b]brackets[/b] stay")))
        await reach(pilot, "SorryScreen")
        assert "[b]brackets[/b] stay" in everything(app.screen)
        await until(pilot, source.closed.is_set, "the microphone to close", seconds=2)
        await pilot.press("enter")
        await until(pilot, lambda: speak.phase == "stopped")
        await pilot.press("t")
        await reach(pilot, "SpeakScreen", "typing")


async def test_leaving_the_program_lets_the_microphone_go(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([tone(4)], holds_after=20)
    app = app_of(source=source)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        await reach(pilot, "SpeakScreen", "speak")
        await pilot.press("ctrl+q")
    assert source.closed.wait(2)


async def test_nothing_opens_on_top_of_a_call(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([tone(4)], holds_after=20)
    app = app_of(source=source)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        await reach(pilot, "SpeakScreen", "speak")
        await pilot.press("ctrl+p", "f2")
        await reach(pilot, "SpeakScreen", "speak")
        assert not source.closed.is_set()


async def test_a_dying_microphone_hands_over_to_the_keyboard(app_of: Callable[..., BowoutApp]) -> None:
    """What was said before it died is marked together with what is typed."""
    source = WatchedSource([tone(20)], dies_after=60)
    app = app_of(source=source)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        speak = await reach(pilot, "SpeakScreen", "typing")
        assert "unplugged" in everything(speak)
        await until(pilot, lambda: speak.focused is not None)
        answer = "I withdraw and wish you luck"
        await pilot.press(*("space" if c == " " else c for c in answer), "enter")
        await until(pilot, lambda: len(speak._lines) == 2, "the answer")
        await reach(pilot, "SpeakScreen", "typing")
        await pilot.press("f8")
        review = await reach(pilot, "ReviewScreen")
        said = review.call.marks.transcript.turns[0].text
        assert said.startswith("Hello Maria,") and said.endswith(answer)


async def test_typed_from_the_start(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("t")
        speak = await reach(pilot, "SpeakScreen", "typing")
        await pilot.press("enter")
        assert speak.phase == "typing", "an empty line says nothing"
        for n, line in enumerate(GOOD):
            await until(pilot, lambda n=n: len(speak._lines) > n and speak.phase == "typing" and speak.focused)
            speak.query_one("#answer").value = line
            await pilot.press("enter")
        review = await reach(pilot, "ReviewScreen")
        assert review.call.marks.transcript.unit == "word"
        assert services.source.opened == 0
        assert events(app)[0]["ear"] == "typed"
        assert "not measured" in shown(review, "#figures")


async def test_typing_early_waits_for_its_turn(app_of: Callable[..., BowoutApp]) -> None:
    """While the recruiter's line is still being read, an H is a letter and an answer is kept for its turn."""
    app = app_of()
    services: Any = app.services
    services.speakers.audible = False
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("t")
        speak = await reach(pilot, "SpeakScreen", "them")
        await pilot.press("h", "i", "enter")
        assert speak.phase == "them" and speak.query_one("#answer").value == ""
        await until(pilot, lambda: len(speak._lines) == 2, "the answer")
        assert "You  hi" in everything(speak)


async def test_f8_hangs_up_while_typing(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("t")
        speak = await reach(pilot, "SpeakScreen", "typing")
        await until(pilot, lambda: speak.focused is not None)
        await pilot.press("h", "f8")
        review = await reach(pilot, "ReviewScreen")
        assert review.call.outcome == "hung_up"


async def test_everything_missing_still_rehearses(app_of: Callable[..., BowoutApp]) -> None:
    """No ear, no microphone: the notice is visible on Home, and Enter leads to a typed call."""
    app = app_of(
        ear="typed",
        microphone_missing=True,
        notices=[Noticed("ear", "No ear is installed: answers are typed.", "Get one: bowout model install")],
        settings=with_settings(checked_microphone=False),
    )
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: "bowout model install" in everything(home))
        assert "typed words" in everything(home)
        await open_brief(pilot)
        await pilot.press("enter")
        await reach(pilot, "SpeakScreen", "typing")
        assert services.ears_started == 0


async def test_an_ear_that_can_not_be_made_ready_is_no_dead_end(app_of: Callable[..., BowoutApp]) -> None:
    """A named ear whose model is gone: the brief says so and Enter leads to a typed call."""
    app = app_of()
    services: Any = app.services
    services.ear_problem = MissingPart("Vosk's model is not here.", "Get it with: bowout model install")
    async with app.run_test(size=(80, 24)) as pilot:
        read = await open_brief(pilot)
        await until(pilot, lambda: "bowout model install" in shown(read, "#ear-line"))
        await pilot.press("enter")
        await reach(pilot, "SpeakScreen", "typing")


async def test_an_ear_that_fails_at_the_start_of_a_call_offers_the_keyboard(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await until(pilot, lambda: app.ear_state == "ready")
        services.ear_problem = MissingPart("Vosk's model is not here.", "Get it with: bowout model install")
        await pilot.press("enter")
        speak = await reach(pilot, "SpeakScreen", "stopped")
        assert "bowout model install" in everything(speak)
        await pilot.press("t")
        await reach(pilot, "SpeakScreen", "typing")


async def test_no_microphone_in_the_check_says_so_and_goes_on_typing(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(microphone_missing=True, settings=with_settings(checked_microphone=False))
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        check = await reach(pilot, "CheckScreen", "idle")
        await until(pilot, lambda: "No microphone was found" in shown(check, "#state"), "what Home said, too")
        await pilot.press("space")
        await reach(pilot, "CheckScreen", "trouble")
        assert "There is no microphone here. Plug one in." in shown(check, "#checked")
        await pilot.press("t")
        await reach(pilot, "SpeakScreen", "typing")


async def test_a_program_error_names_the_attempts_folder(
    app_of: Callable[..., BowoutApp], monkeypatch: Any, tmp_path: Path
) -> None:
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(120, 40)) as pilot:
        await open_brief(pilot)
        await until(pilot, lambda: app.ear_state == "ready")
        monkeypatch.setattr(services._ear, "begin_turn", lambda: 1 / 0)
        await pilot.press("enter")
        sorry = await reach(pilot, "SorryScreen")
        assert str(tmp_path / "records") in shown(sorry, "#folder")
        await pilot.press("enter")
        await reach(pilot, "SpeakScreen", "stopped")
        assert services.source.closed.is_set()


async def test_escape_closes_the_help_and_not_the_call(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(())
    async with app.run_test(size=(80, 24)) as pilot:
        read = await open_brief(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: bool(read.query("HelpPanel")), "the help")
        await pilot.press("escape")
        await until(pilot, lambda: not read.query("HelpPanel"), "the help to go")
        assert pilot.app.screen is read
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")


async def test_the_script_can_be_seen_while_typing(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(())
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("t")
        screen = await reach(pilot, "SpeakScreen", "typing")
        assert "You might say" not in everything(screen)
        await pilot.press("f7")
        await until(pilot, lambda: "You might say" in everything(screen), "the script")
        await pilot.press("s")
        assert screen.query_one("#answer").value.endswith("s")
