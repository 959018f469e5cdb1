"""Send, Settings, the check's devices, the palette, and what the app does with errors."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bowout.errors import BowoutError
from bowout.tui.app import BowoutApp
from bowout.tui.screens.send import SendScreen
from bowout.tui.widgets.level_meter import LevelMeter
from bowout.tui.widgets.turn_timer import TurnTimer
from tui.conftest import everything, open_brief, reach, shown, until
from tui.fakes import FakeServices, WatchedSource, tone, with_settings


async def sending(pilot: Any, row: int = 1) -> Any:
    """The send screen of the second scenario, opened directly."""
    await reach(pilot, "HomeScreen")
    services = pilot.app.services
    pilot.app.push_screen(SendScreen(services.scenario(services.scenarios[row].key)))
    return await reach(pilot, "SendScreen")


async def test_copy_says_what_it_can_promise(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("c")
        assert app.clipboard == send.query_one("#message").text
        await until(pilot, lambda: "Handed to your terminal" in shown(send, "#hint"))


async def test_edit_copy_and_leave_by_keys(app_of: Callable[..., BowoutApp]) -> None:
    """Letters belong to the text while it is edited; the function keys still work."""
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("e", "c", "s", "f5")
        assert send.query_one("#message").text.startswith("csSubject:")
        assert app.clipboard.startswith("csSubject:")
        await pilot.press("escape")
        assert app.screen is send
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")


async def test_save_is_private_and_never_overwrites_silently(
    app_of: Callable[..., BowoutApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("s")
        target = Path(send.query_one("#path").value)
        assert (target.parent, target.suffix) == (tmp_path, ".eml"), "a mail is saved as a draft for the mail program"
        target.write_text("mine", encoding="utf-8")
        await pilot.press("enter")
        await until(pilot, lambda: "There is a file of that name" in shown(send, "#hint"))
        assert target.read_text(encoding="utf-8") == "mine"
        await pilot.press("enter")
        await until(pilot, lambda: "Saved" in shown(send, "#hint"))
        assert "Subject: Alex Morgan" in target.read_text(encoding="utf-8")
        target.unlink()
        await pilot.press("s", "enter")
        await until(pilot, lambda: target.exists() and "Saved" in shown(send, "#hint"))
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


async def test_a_folder_that_is_not_there_is_a_sentence(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        send = await sending(pilot)
        await pilot.press("s")
        send.query_one("#path").value = str(tmp_path / "nowhere" / "x.txt")
        await pilot.press("enter")
        await until(pilot, lambda: any("Choose another name" in n.message for n in app._notifications))


async def test_blanks_that_are_left_are_named(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        assert not send.query_one("#blanks").display
        send.query_one("#message").load_text("Dear {contact}, on {option_1_date}")
        await until(pilot, lambda: "contact, option 1 date" in shown(send, "#blanks"))


async def test_settings_are_kept_as_they_change(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f2")
        settings = await reach(pilot, "SettingsScreen")
        await pilot.press("enter", "down", "enter")
        await until(pilot, lambda: services.saved and services.saved[-1].ear == "vosk")
        await pilot.press("down", "down")
        assert settings.focused.id == "silence_practice_s", "the arrows go from row to row"
        await pilot.press("backspace", "backspace", "backspace", "3", ".", "5")
        await until(pilot, lambda: services.settings.silence_practice_s == 3.5)
        await pilot.press("backspace", "backspace", "9", "9")
        assert services.settings.silence_practice_s <= 10
        settings.query_one("#extra_time").focus()
        await pilot.press("enter", "up", "enter")
        await until(pilot, lambda: services.settings.extra_time)
        settings.query_one("#keep_audio_days").focus()
        await pilot.press("backspace", "3", "0", "x")
        await until(pilot, lambda: services.settings.keep_audio_days == 30)
        assert "0 calls, 0 KB on the disk" in shown(settings, "#size")
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        assert app.settings == services.settings


async def test_a_device_is_picked_in_the_settings(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f2")
        settings = await reach(pilot, "SettingsScreen")
        select = settings.query_one("#microphone")
        await until(pilot, lambda: len(select._options) == 3, "the devices")
        select.focus()
        await pilot.press("enter", "down", "down", "enter")
        await until(pilot, lambda: services.settings.microphone == "Headset")
        assert services.settings.microphone_host == "ALSA" and not services.settings.checked_microphone


async def test_no_audio_library_leaves_the_settings_usable(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(microphone_missing=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f2")
        settings = await reach(pilot, "SettingsScreen")
        await until(
            pilot, lambda: "Install PortAudio" in shown(settings, "#place") or "no audio" in everything(settings)
        )


async def test_another_device_in_the_check(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of(settings=with_settings(checked_microphone=False))
    services: Any = app.services
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("c")
        check = await reach(pilot, "CheckScreen", "idle")
        await pilot.press("d")
        await until(pilot, lambda: check.query_one("#devices").display and check.focused is not None)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: services.settings.microphone == "Headset")
        assert "Headset" in shown(check, "#state")
        await pilot.press("escape")
        await reach(pilot, "ReadScreen")


async def test_the_check_lets_the_microphone_go_when_it_is_left(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([tone(4)], holds_after=10)
    app = app_of(source=source, settings=with_settings(checked_microphone=False))
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        await reach(pilot, "CheckScreen", "idle")
        await pilot.press("space")
        await reach(pilot, "CheckScreen", "listening")
        await pilot.press("escape")
        await reach(pilot, "ReadScreen")
        await until(pilot, source.closed.is_set, "the microphone to close", seconds=2)


async def test_a_muted_microphone_is_told_from_a_quiet_one(app_of: Callable[..., BowoutApp]) -> None:
    source = WatchedSource([])
    source._room = bytes(len(source._room))
    app = app_of(source=source, settings=with_settings(checked_microphone=False))
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        check = await reach(pilot, "CheckScreen", "idle")
        await pilot.press("space")
        await reach(pilot, "CheckScreen", "heard")
        assert "muted" in shown(check, "#checked")


async def test_the_palette_opens_a_brief(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "Settings" in titles and "Read: You are ill on the day" in titles
        await pilot.press("ctrl+p", *"not a fit".replace(" ", ""))
        await until(pilot, lambda: "Not a fit" in everything(app.screen))
        await pilot.press("escape", "escape")


async def test_errors_become_sentences(app_of: Callable[..., BowoutApp], monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing part on Home is a toast of plain text with its fix."""
    app = app_of()

    def broken() -> list[Any]:
        raise BowoutError("The records [can't] be read.", "Look at the disk.")

    monkeypatch.setattr(FakeServices, "notices", lambda self: broken())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: "The records [can't] be read." in everything(home))


async def test_help_shows_every_key(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: app.screen.query("HelpPanel"))
        await pilot.press("f1")
        await until(pilot, lambda: not app.screen.query("HelpPanel"))


async def test_every_key_has_a_name_and_a_tooltip() -> None:
    """Bindings can be remapped by id and are explained in the help panel."""
    from bowout.tui.screens import check, correct, first_run, home, read, review, send, settings, sorry, speak
    from bowout.tui.widgets import choices

    ids: list[str] = []
    for owner in (
        BowoutApp, home.HomeScreen, home.Scenarios, choices.Choices, read.ReadScreen, check.CheckScreen,
        speak.SpeakScreen, review.ReviewScreen, correct.CorrectScreen, send.SendScreen, settings.Row,
        settings.SettingsScreen, first_run.FirstRunScreen, sorry.SorryScreen,
    ):  # fmt: skip
        for binding in owner.BINDINGS:
            assert binding.id and binding.tooltip, (owner, binding)
            ids.append(binding.id)
    assert len(ids) == len(set(ids))


async def test_no_color_still_says_everything(
    app_of: Callable[..., BowoutApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("enter")
        review = await reach(pilot, "ReviewScreen")
        assert "✓ heard" in everything(review)


@pytest.mark.parametrize(("level", "word"), [(0.0, "silent"), (0.2, "quiet"), (0.6, "good"), (0.97, "too loud")])
def test_the_level_has_a_word(level: float, word: str) -> None:
    meter = LevelMeter(lambda: level)
    meter.set_reactive(LevelMeter.level, level)
    meter.set_reactive(LevelMeter.listening, True)
    assert word in str(meter.render())


@pytest.mark.parametrize(("seconds", "word"), [(3, "on time"), (50, "wind up"), (80, "too long")])
def test_the_timer_has_a_word(seconds: int, word: str) -> None:
    from bowout.core.scenario import CallLimits

    timer = TurnTimer(CallLimits())
    timer.set_reactive(TurnTimer.seconds, seconds)
    assert word in str(timer.render())
