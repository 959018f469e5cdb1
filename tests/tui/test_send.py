"""Send by keys: practice said plainly, the real call asked for, kinds, lengths, the check, own wordings, files."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bowout.core.case import Case, Report
from bowout.core.transcript import from_text
from bowout.core.writing_check import Said
from bowout.tui.app import BowoutApp
from bowout.tui.screens.send import SendScreen
from tui.conftest import everything, open_brief, reach, shown, until
from tui.fakes import NOW, with_settings

CASE = Case(
    "", NOW, "reschedule", "reschedule", "Sam Lee", "Maria Keller", "Northwind", "analyst",
    NOW + timedelta(days=2, hours=6), "", "maria@example.com", "email", "I have come down with a fever",
    "I have come down with a fever", (NOW + timedelta(days=5, hours=1), NOW + timedelta(days=6, hours=6)),
)  # fmt: skip


async def sending(pilot: Any, case: Case = CASE, **more: Any) -> Any:
    """The send screen of a case, kept before."""
    await reach(pilot, "HomeScreen")
    pilot.app.push_screen(SendScreen(pilot.app.services.cases.begin(case), **more))
    return await reach(pilot, "SendScreen")


def text(send: Any) -> str:
    return str(send.query_one("#message").text)


async def checked(pilot: Any, send: Any) -> str:
    await pilot.press("v")
    await until(pilot, lambda: shown(send, "#hint")[:1] in "✓!", "the check")
    return shown(send, "#hint")


async def test_after_a_rehearsal_it_says_that_it_is_practice(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        await pilot.press("l")
        await reach(pilot, "ReviewScreen")
        await pilot.press("s")
        send = await reach(pilot, "SendScreen")
        assert shown(send, "#occasion") == "Practice message: withdraw, mail (L: text message)"
        assert "It goes to nobody: no real call was reported." in shown(send, "#standing")
        assert "As I said on the phone" in text(send), "as if the call had gone like that"
        assert (await checked(pilot, send)).startswith("✓ It would be ready. It is practice")
        await pilot.press("r", "4")
        await until(pilot, lambda: "tried to reach you" in text(send))
        path = send.query_one("#path")
        await pilot.press("s")
        path.value = str(Path(path.value).with_suffix(".ics"))
        await pilot.press("enter")
        await until(pilot, lambda: app._notifications)
        assert any("A rehearsal makes no appointment" in n.message for n in app._notifications)


async def test_without_a_report_no_call_is_spoken_of_and_it_is_asked_for(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        assert shown(send, "#occasion") == "Your message: ask for another date, mail (L: text message)"
        assert "Do not call, write" in shown(send, "#standing"), "a mail thread, and two days: the writing is rehearsed"
        assert "phone" not in text(send) and "Monday 30 November, 10 am" in text(send)
        assert (await checked(pilot, send)).startswith("✓ Ready.")
        case = app.services.cases.list()[0]
        assert "message_ready" in case.done and "sent" not in case.done


async def test_where_a_call_comes_first_it_is_asked_for(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        send = await sending(pilot, replace(CASE, wrote_by="phone", number="+44 20 7946 0000"))
        assert "Was the real call made?" in shown(send, "#standing")


async def test_the_report_fills_the_message_and_is_kept(app_of: Callable[..., BowoutApp]) -> None:
    """Report → agreed → the new time → confirmation → .ics with the slot, all by keys."""
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("r", "1", "1")
        ask = await reach(pilot, "AskScreen")
        await pilot.press(*"yesterday 10:00", "enter")
        await until(pilot, lambda: "over already" in shown(ask, "#note"))
        await pilot.press(*["backspace"] * 15, *"30 November 11 am", "enter")
        await until(pilot, lambda: "To confirm what we agreed" in text(send))
        assert "Monday 30 November, 11 am" in text(send)
        assert "they agreed, Monday 30 November, 11 am" in shown(send, "#standing")
        kept = app.services.cases.list()[0].report
        assert kept is not None and kept.result == "agreed" and kept.slot == NOW + timedelta(days=5, hours=2)
        assert (await checked(pilot, send)).startswith("✓ Ready.")


async def test_a_voicemail_and_a_refusal_change_it(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("r", "3")
        await until(pilot, lambda: "the message on your voicemail" in text(send))
        await pilot.press("r", "5", "2")
        await until(pilot, lambda: "as planned" in text(send))
        assert "Thank you for your reply" in text(send) and "phone" not in text(send), "they wrote, by the user's word"
        assert shown(send, "#occasion").startswith("Your message: confirm that you come as planned")


async def test_a_message_that_differs_is_told(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    said = Said(from_text("There is a family emergency. Could we do Thursday at ten or Friday at three?"), "reschedule")
    async with app.run_test(size=(80, 40)) as pilot:
        send = await sending(pilot, said=said)
        send.query_one("#message").load_text(
            text(send).replace("Thank you for", "As we agreed on the phone, thanks for")
        )
        assert "Not ready" in await checked(pilot, send)
        found = shown(send, "#findings")
        assert "The message differs. “As we agreed”: no call has been reported made" in found
        assert "in the rehearsal family, here illness" in found and "You offered “thursday”" in found


async def test_kind_and_length_are_chosen_and_edits_are_not_lost_unasked(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("l")
        assert not text(send).startswith("Subject:") and len(text(send)) <= 320
        await pilot.press("k", "down", "down", "enter")
        await until(pilot, lambda: shown(send, "#occasion").startswith("Your message: withdraw, text message"))
        await pilot.press("e", "x", "escape", "l")
        assert text(send).startswith("xHello"), "the first key only warns"
        assert "will be replaced" in shown(send, "#hint")
        await pilot.press("l")
        assert text(send).startswith("Subject: Sam Lee – withdrawal")


async def test_the_function_keys_are_the_messages_while_the_text_is_edited(app_of: Callable[..., BowoutApp]) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("e", *"x ", "f7")
        await until(pilot, lambda: "ready" in shown(send, "#hint").lower(), "the check")
        await pilot.press("f6")
        await until(pilot, lambda: send.query_one("#path").display, "the name")
        assert send.query_one("#message").selected_text == ""


async def test_own_wordings_are_kept_and_filled_in_two_keys(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        send.query_one("#message").load_text(
            "Subject: Sam Lee, the analyst interview\n\nDear Maria Keller, mine. Sam Lee"
        )
        await pilot.press("w")
        await until(pilot, lambda: "Kept as your own wording" in shown(send, "#hint"))
        file = tmp_path / "messages" / "reschedule.txt"
        assert "Dear {contact}, mine. {caller}" in file.read_text(encoding="utf-8")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        other = Case("", NOW, "withdraw", "withdraw", "Ada Byron", "Mr Wood", "Northwind", "clerk")
        send = await sending(pilot, other)
        await until(pilot, lambda: send._own)
        await pilot.press("o", "2")
        await until(pilot, lambda: "Dear Mr Wood, mine. Ada Byron" in text(send))


async def test_a_draft_and_a_link_and_sent_by_ones_own_word(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("m")
        assert app.clipboard.startswith("mailto:maria@example.com?subject=Sam%20Lee%20%E2%80%93%20new%20date")
        await pilot.press("s")
        target = tmp_path / "draft.eml"
        send.query_one("#path").value = str(target)
        await pilot.press("enter")
        await until(pilot, lambda: "Saved" in shown(send, "#hint"))
        mail = BytesParser(policy=policy.default).parsebytes(target.read_bytes())
        assert mail["X-Unsent"] == "1" and mail["To"].addresses[0].display_name == "Maria Keller"
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        await pilot.press("t")
        await until(pilot, lambda: "Sent, by your word" in shown(send, "#hint"))
        assert app.services.cases.list()[0].done["sent"] == NOW


async def test_a_calendar_file_only_after_a_report(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    app = app_of()
    target = tmp_path / "slot.ics"
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        send = await sending(pilot)
        await pilot.press("s")
        send.query_one("#path").value = str(target)
        await pilot.press("enter")
        await until(pilot, lambda: any("nothing for a calendar" in n.message for n in app._notifications))
        await pilot.press("escape", "r", "1", "1")
        await reach(pilot, "AskScreen")
        await pilot.press(*"1 December 9:30", "enter")
        await until(pilot, lambda: "To confirm what we agreed" in text(send))
        await pilot.press("s", "enter")
        await until(pilot, lambda: "Saved" in shown(send, "#hint"))
        slot, reminder = Calendar.from_ical(target.read_bytes()).walk("VEVENT")
        assert slot.start == NOW + timedelta(days=6, minutes=30) and len(slot.walk("VALARM")) == 2
        assert reminder.start < NOW + timedelta(hours=24)


async def test_the_users_calendar_is_heeded(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    path = tmp_path / "mine.ics"
    path.write_bytes(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
        b"DTSTART:20261130T103000Z\r\nDTEND:20261130T113000Z\r\nSUMMARY:Den[t]ist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    app = app_of(settings=with_settings(calendar=str(path)))
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        assert "Not ready: 1 thing" in await checked(pilot, send)
        assert "your calendar has “Den[t]ist” then" in shown(send, "#findings")


async def test_a_calendar_that_is_gone_does_not_hide_the_rest(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    app = app_of(settings=with_settings(calendar=str(tmp_path / "gone.ics")))
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        assert "✓ Ready." in (hint := await checked(pilot, send)) and "can't be read" in hint


async def test_the_calendar_file_is_named_in_the_settings(app_of: Callable[..., BowoutApp], tmp_path: Path) -> None:
    path = tmp_path / "c.ics"
    path.touch()
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f2")
        settings = await reach(pilot, "SettingsScreen")
        settings.query_one("#calendar").focus()
        await pilot.press(*str(path)[:-1])
        assert app.settings.calendar == "", "there is no such file yet"
        await pilot.press(str(path)[-1])
        await until(pilot, lambda: app.settings.calendar == str(path))


@pytest.fixture
def lent_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can be handed to an editor, which the tests' own one can't."""

    @contextlib.contextmanager
    def suspend(self: BowoutApp) -> Iterator[None]:
        yield

    monkeypatch.setattr(BowoutApp, "suspend", suspend)


async def test_the_editor_round_trip(
    app_of: Callable[..., BowoutApp], monkeypatch: pytest.MonkeyPatch, lent_terminal: None
) -> None:
    app = app_of()
    monkeypatch.setattr("bowout.storage.editor.edited", lambda before, path: before.replace("Maria", "Mary"))
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("x")
        await until(pilot, lambda: "Dear Mary Keller" in text(send))


async def test_a_terminal_that_cannot_be_lent_is_said(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        await pilot.press("x")
        assert "can't be handed to an editor" in shown(send, "#hint")


async def test_a_case_that_knows_nothing_names_its_blanks(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    bare = Case("", NOW, "withdraw", "withdraw")
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot, bare)
        assert "caller, role, contact, reason written" in shown(send, "#blanks")
        assert "Not ready" in await checked(pilot, send)


async def test_it_is_held_against_the_last_rehearsal_of_the_case(app_of: Callable[..., BowoutApp]) -> None:
    from bowout.core.marking import mark
    from bowout.core.marks import as_json

    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        services: Any = app.services
        writer = services.records.begin(
            scenario="mine", title="Mine", intent="withdraw", mode="live", ear="typed", keep_audio=False
        )
        marks = mark(from_text("This is Sam Lee. I have accepted another offer and I withdraw. Thank you."), "withdraw")
        writer.event("marks", result=as_json(marks))
        writer.close()
        case = services.cases.begin(CASE)
        case = services.cases.rehearsed(case.id, writer.id, NOW, passed=False)
        app.push_screen(SendScreen(case))
        send = await reach(pilot, "SendScreen")
        await until(pilot, lambda: send._said is not None)
        assert "✓ Ready." in await checked(pilot, send)
        assert "the call that you rehearsed withdraws" in shown(send, "#findings")


async def test_a_reported_case_opens_with_its_report(app_of: Callable[..., BowoutApp]) -> None:
    from dataclasses import replace

    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot, replace(CASE, report=Report(NOW, "no_answer")))
        assert "nobody answered" in shown(send, "#standing") and "tried to reach you by phone" in text(send)


async def test_after_rehearsing_ones_own_call_it_is_the_cases_message(app_of: Callable[..., BowoutApp]) -> None:
    from bowout.core.own_call import scenario_id

    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        case = app.services.cases.begin(CASE)
        mine = replace(app.services.scenario("ill-on-the-day"), id=scenario_id(case.id))
        app.push_screen(SendScreen(mine))
        send = await reach(pilot, "SendScreen")
        await until(pilot, lambda: shown(send, "#occasion").startswith("Your message"))
        assert "Dear Maria Keller" in text(send) and "phone" not in text(send)
        assert "No call has been reported" in shown(send, "#standing")


def test_every_key_of_the_choices_has_a_name_and_a_tooltip() -> None:
    from bowout.tui.screens.choose import AskScreen, ChooseScreen

    ids = [binding.id for screen in (ChooseScreen, AskScreen, SendScreen) for binding in screen.BINDINGS]
    assert all(ids) and len(ids) == len(set(ids))
    assert all(binding.tooltip for screen in (ChooseScreen, AskScreen, SendScreen) for binding in screen.BINDINGS)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_checked_message_as_drawn(snap_compare: Any, app_of: Callable[..., BowoutApp], size: tuple[int, int]) -> None:
    """A case whose message speaks of a call that nobody reported: what to mend, and what to look at."""

    async def before(pilot: Any) -> None:
        send = await sending(pilot)
        send.query_one("#message").load_text(text(send).replace("Thank you for", "As agreed, I recieve [x] and"))
        await checked(pilot, send)

    assert snap_compare(app_of(), terminal_size=size, run_before=before)


def test_what_came_of_it_as_drawn(snap_compare: Any, app_of: Callable[..., BowoutApp]) -> None:
    """The question for the real call, over the message."""

    async def before(pilot: Any) -> None:
        await sending(pilot)
        await pilot.press("r")
        await reach(pilot, "ChooseScreen")

    assert snap_compare(app_of(), terminal_size=(80, 24), run_before=before)


async def test_changes_to_the_text_are_kept_and_make_it_unready(app_of: Callable[..., BowoutApp]) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        send = await sending(pilot)
        assert "f1 Help" in everything(send)
        assert (await checked(pilot, send)).startswith("✓ Ready")
        await pilot.press("e", "x")
        await until(pilot, lambda: "changed since it was checked" in shown(send, "#hint"), "a new check")
        await pilot.press("escape", "escape")
        await reach(pilot, "HomeScreen")
        (case,) = app.services.cases.list()
        assert "message_ready" not in case.done, "it was ready, and is not any more"
        again = SendScreen(case)
        pilot.app.push_screen(again)
        ask = await reach(pilot, "ChooseScreen")
        assert "Go on with what you wrote today at 9 am?" in everything(ask)
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        pilot.app.push_screen(again := SendScreen(case))
        await reach(pilot, "ChooseScreen")
        await pilot.press("enter")
        await until(pilot, lambda: text(again).startswith("xSubject"), "what was written")
        assert (await checked(pilot, again)).startswith("!")
        await pilot.press("e", "backspace", "delete", "escape")
        await reach(pilot, "SendScreen")
        assert text(again).startswith("Subject")
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        await until(pilot, lambda: app.drafting.load(f"message-{case.id}") is None, "the text is the filled one again")
