"""From “I can't make it” to the saved message, by keys at 80×24."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bowout.core.case import Case
from bowout.core.decide_questions import answers_from, case_from
from bowout.tui.app import BowoutApp
from owncases import GIVEN
from tui.conftest import everything, on, reach, shown, until
from tui.fakes import NOW, FakeServices

FIELDS = (
    ("When is the interview", "today 15:00"),
    ("Who are you", "Sam Lee"),
    ("your contact", "Maria Keller"),
    ("which company", "Northwind"),
    ("Which job", "site planner"),
)
MINE = (
    "Hello Maria Keller, this is Sam Lee. It's about the site planner interview today at three. I'm sorry, but I can't "
    "come at that time. Could we move it to tomorrow at ten or Friday at two?",
    "Of course, I have fallen ill. Thank you very much for your understanding. I'll confirm this by email.",
)


class Keys:
    """Presses keys and counts them; the characters of a field are not counted."""

    def __init__(self, pilot: Any) -> None:
        self.pilot = pilot
        self.pressed = 0
        self.fields = 0

    async def press(self, *keys: str) -> None:
        self.pressed += len(keys)
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        self.fields += 1
        await self.pilot.press(*text)
        await self.press("enter")


async def asked(pilot: Any, text: str) -> None:
    await until(pilot, lambda: on(pilot, "DecideScreen") and text in shown(pilot.app.screen, "#ask"), text)


async def decide(keys: Keys) -> Any:
    """Home → a case of illness on the day, by keys."""
    pilot = keys.pilot
    await reach(pilot, "HomeScreen")
    await keys.press("f5")
    for ask, key in (("Where are you", "1"), ("What has happened", "1"), ("video call", "2"), ("still want", "1")):
        await asked(pilot, ask)
        await keys.press(key)
    for ask, text in FIELDS:
        await asked(pilot, ask)
        await keys.type(text)
    await asked(pilot, "written or called")
    await keys.press("1")
    await asked(pilot, "phone number")
    await keys.type("+44 20 7946 0000")
    await asked(pilot, "e-mail address")
    await keys.type("maria@example.org")
    for ask in ("Why, in a few words", "Which two other times"):
        await asked(pilot, ask)
        await keys.press("enter")
    return await reach(pilot, "CaseScreen")


async def opened(pilot: Any, services: FakeServices, name: str, **changes: Any) -> tuple[Any, Case]:
    """Home → the page of a case that is there already."""
    case = services.cases.begin(replace(case_from(answers_from(GIVEN[name], NOW), NOW), **changes))
    await reach(pilot, "HomeScreen")
    await pilot.press("f5")
    cases = await reach(pilot, "CasesScreen")
    await until(pilot, lambda: cases.query_one("#cases").option_count == 2, "the rows")
    await pilot.press("down", "enter")
    return await reach(pilot, "CaseScreen"), case


def only(services: FakeServices) -> Case:
    (case,) = services.cases.list()
    return case


async def test_from_the_first_doubt_to_the_saved_message_in_under_forty_keys(
    services: Callable[..., FakeServices], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    made = services(MINE)
    app = BowoutApp(made)
    async with app.run_test(size=(80, 24)) as pilot:
        keys = Keys(pilot)
        screen = await decide(keys)
        assert only(made).path == "reschedule"
        assert "Call first" in everything(screen) and "Hello Maria Keller" in everything(screen)
        await keys.press("enter")
        await reach(pilot, "ReadAloudScreen")
        await keys.press("enter")
        await until(pilot, lambda: on(pilot, "CaseScreen") and "read" in pilot.app.screen.case.done, "read once")  # type: ignore[attr-defined]
        await keys.press("enter")
        await reach(pilot, "ChooseScreen")
        await keys.press("1")
        await reach(pilot, "ReadScreen")
        await until(pilot, lambda: app.ear_state == "ready", "the ear")
        await keys.press("enter")
        await reach(pilot, "ReviewScreen")
        await keys.press("escape")
        await reach(pilot, "ReadScreen")
        await keys.press("escape")
        await until(pilot, lambda: on(pilot, "CaseScreen") and "spoken" in pilot.app.screen.case.done, "passed")  # type: ignore[attr-defined]
        assert "spoken and passed (" in everything(pilot.app.screen)
        await keys.press("enter")
        card = await reach(pilot, "CallNowScreen")
        for line in ("+44 20 7946 0000", "First sentence", "Two options", "If they ask why", "voicemail", "If, then"):
            assert line in everything(card)
        await keys.press("enter")
        await until(pilot, lambda: card.phase == "result", "the results")
        await keys.press("1")
        await until(pilot, lambda: card.phase == "slot", "the slots")
        await keys.press("2")
        send = await reach(pilot, "SendScreen")
        report = only(made).report
        assert report is not None and report.slot == only(made).options[1]
        text = send.query_one("#message").text
        assert "Tuesday 1 December, 2 pm" in text and "tomorrow" not in text
        await keys.press("s")
        await until(pilot, lambda: send.query_one("#path").display, "the name")
        file = Path(send.query_one("#path").value)
        assert file.parent == tmp_path / "home" and file.suffix == ".eml"
        await keys.press("enter")
        await until(pilot, file.exists, "the file")
        assert keys.pressed < 40 and keys.fields <= 8, (keys.pressed, keys.fields)
    assert b"X-Unsent: 1" in file.read_bytes()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_back_through_the_questions_to_home(services: Callable[..., FakeServices]) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f5")
        await asked(pilot, "Where are you")
        await pilot.press("2")
        await asked(pilot, "What has happened")
        await pilot.press("escape")
        await asked(pilot, "Where are you")
        await pilot.press("1")
        await asked(pilot, "What has happened")
        await pilot.press("8")
        await asked(pilot, "What is it")
        await pilot.press("2", "1")
        await asked(pilot, "When is the interview")
        screen = pilot.app.screen
        await pilot.press(*"soon", "enter")
        assert "no time that is known" in shown(screen, "#wrong")
        await pilot.press(*["backspace"] * 4, *"tomorrow 10:00", "enter")
        case = await reach(pilot, "CaseScreen")
        assert "Go to it" in everything(case) and "Nerves are no verdict" in everything(case)
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
    assert only(made).path == "attend"


async def test_escape_on_the_first_question_keeps_nothing(services: Callable[..., FakeServices]) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f5")
        await asked(pilot, "Where are you")
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
    assert made.cases.list() == []


async def test_the_answers_so_far_outlive_escape_and_a_killed_program(services: Callable[..., FakeServices]) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f5")
        for ask, key in (("Where are you", "1"), ("What has happened", "1"), ("video call", "2"), ("still want", "1")):
            await asked(pilot, ask)
            await pilot.press(key)
        await asked(pilot, "When is the interview")
        await pilot.press(*"today 15:00", "enter")
        await asked(pilot, "Who are you")
        await pilot.press(*"Sam L")
        for ask in ("When is", "still want", "video call", "What has happened", "Where are you"):
            await pilot.press("escape")
            await asked(pilot, ask)
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        assert made.cases.list() == []
    # Another program: what the first one had is on disk.
    again = services()
    async with BowoutApp(again).run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f5")
        ask = await reach(pilot, "ChooseScreen")
        assert "Go on with what you wrote today at 9 am?" in everything(ask)
        await pilot.press("enter")
        await asked(pilot, "Who are you")
        assert pilot.app.screen.query_one("#entry").value == "Sam L"
        assert "Wednesday 25 November, 3 pm" in shown(pilot.app.screen, "#so-far")
        await pilot.press("escape", "escape")
        await asked(pilot, "still want")
        await pilot.press(*["escape"] * 5)
        await reach(pilot, "HomeScreen")
        await pilot.press("f5")
        await reach(pilot, "ChooseScreen")
        await pilot.press("2")
        await asked(pilot, "Where are you")
        await until(pilot, lambda: pilot.app.drafting.load("decide") is None, "thrown away on purpose")  # type: ignore[attr-defined]


async def test_where_one_writes_enter_leads_to_the_writing_and_nothing_is_planned_to_be_spoken(
    services: Callable[..., FakeServices],
) -> None:
    made = services()
    app = BowoutApp(made)
    async with app.run_test(size=(80, 24)) as pilot:
        page, _ = await opened(pilot, made, "ill_early")
        assert "Do not call" in everything(page) and "F8 plans" not in everything(page)
        await pilot.press("f8")
        await until(pilot, lambda: app._notifications, "what there is in place of a plan")
        assert next(n.message for n in app._notifications).startswith("In this case you write, and do not call")
        assert on(pilot, "CaseScreen")
        await pilot.press("b")
        await until(pilot, lambda: "Your own number" in everything(pilot.app.screen), "the number")
        await pilot.press(*"+49 170 1234", "enter")
        await until(pilot, lambda: only(made).callback == "+49 170 1234", "kept")
        await reach(pilot, "CaseScreen")
        await pilot.press("enter")
        send = await reach(pilot, "SendScreen")
        await pilot.press("k")
        choose = await reach(pilot, "ChooseScreen")
        lines = everything(choose)
        suits = send.occasion.suiting
        assert 0 < suits < 4 and choose.query_one("#choices").get_option_at_index(suits - 1)._divider
        assert "1 ask for another date" in lines


async def test_a_reading_pass_says_what_was_skipped(services: Callable[..., FakeServices]) -> None:
    made = services(["Hello Maria Keller this is Sam Lee thank you for inviting me to Northwind it's about the site "
                     "planner interview today at 3 pm thank you very much for your understanding"])  # fmt: skip
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await opened(pilot, made, "ill")
        await pilot.press("a")
        aloud = await reach(pilot, "ReadAloudScreen")
        await pilot.press("space")
        await until(pilot, lambda: aloud.phase == "heard", "the words")
        told = shown(aloud, "#checked")
        assert "Skipped" in told and "the reason" in told and "two times" in told and "who you are" not in told
        await pilot.press("enter")
        await until(pilot, lambda: "read" in only(made).done, "read once")


async def test_with_a_blank_left_nothing_goes_on_and_it_is_asked_for_once(
    services: Callable[..., FakeServices],
) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        screen, _ = await opened(pilot, made, "ill", contact="")
        assert "{contact}" in everything(screen)
        for key in ("r", "c", "s"):
            await pilot.press(key)
            await reach(pilot, "BlankScreen")
            await pilot.press("escape")
            await reach(pilot, "CaseScreen")
        await pilot.press("enter")
        await reach(pilot, "BlankScreen")
        await pilot.press(*"Ken Okafor", "enter")
        await until(pilot, lambda: on(pilot, "CaseScreen") and screen.case.contact == "Ken Okafor", "the name")
        await pilot.press("r")
        await reach(pilot, "ChooseScreen")


@pytest.mark.parametrize(
    ("keys", "result", "then"),
    [(("3",), "voicemail", "SendScreen"), (("4",), "no_answer", "SendScreen"), (("5",), "none", "CaseScreen")],
)
async def test_what_came_of_the_call(
    services: Callable[..., FakeServices], keys: Sequence[str], result: str, then: str
) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await opened(pilot, made, "ill")
        await pilot.press("c")
        card = await reach(pilot, "CallNowScreen")
        await pilot.press("enter")
        await until(pilot, lambda: card.phase == "result", "the results")
        await pilot.press(*keys)
        await reach(pilot, then)
        await until(pilot, lambda: only(made).report is not None, "the report")
    report = only(made).report
    assert report is not None and report.result == result


async def test_another_time_than_those_offered(services: Callable[..., FakeServices]) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await opened(pilot, made, "ill")
        await pilot.press("c")
        card = await reach(pilot, "CallNowScreen")
        await pilot.press("enter")
        await until(pilot, lambda: card.phase == "result", "the results")
        await pilot.press("1")
        await until(pilot, lambda: card.phase == "slot", "the slots")
        await pilot.press("3", *"yesterday 9:00", "enter")
        await until(pilot, lambda: "has passed" in shown(card, "#wrong"), "what is wrong")
        await pilot.press(*["backspace"] * 14, *"Monday 9:00", "enter")
        await reach(pilot, "SendScreen")
    report = only(made).report
    assert report is not None and report.slot is not None and report.slot.day == 30


async def test_a_case_is_saved_closed_and_deleted_when_asked_twice(
    services: Callable[..., FakeServices], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        _, case = await opened(pilot, made, "ill")
        await pilot.press("e")
        await reach(pilot, "AskScreen")
        await pilot.press("enter")
        file = tmp_path / f"case-northwind-{case.interview:%Y-%m-%d}.txt"
        await until(pilot, file.exists, "the file")
        assert "What happened, in order" in file.read_text(encoding="utf-8")
        await reach(pilot, "CaseScreen")
        await pilot.press("x")
        await until(pilot, lambda: only(made).closed is not None, "closed")
        await pilot.press("delete")
        await pilot.pause()
        assert made.cases.list()
        await pilot.press("delete")
        await reach(pilot, "CasesScreen")
        await until(pilot, lambda: not made.cases.list(), "gone")


async def test_writing_instead_of_calling(services: Callable[..., FakeServices]) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        screen, _ = await opened(pilot, made, "offer", done={"read": NOW})
        assert "Do not call; write an e-mail" in everything(screen)
        await pilot.press("enter")
        await reach(pilot, "SendScreen")


async def test_they_agree_and_name_the_time_later(services: Callable[..., FakeServices]) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await opened(pilot, made, "ill")
        await pilot.press("c")
        card = await reach(pilot, "CallNowScreen")
        await pilot.press("enter")
        await until(pilot, lambda: card.phase == "result", "the results")
        await pilot.press("1")
        await until(pilot, lambda: card.phase == "slot", "the slots")
        await pilot.press("4")
        send = await reach(pilot, "SendScreen")
        message = send.query_one("#message").text
        assert "please tell me which suits you" in message and "confirmed for" not in message
        await pilot.press("t")
        await until(pilot, lambda: "sent" in only(made).done, "sent")
        await pilot.press("escape")
        screen = await reach(pilot, "CaseScreen")
        await until(pilot, lambda: "Done: you have told them." in shown(screen, "#decision"), "what is left")
        assert "Call first" not in shown(screen, "#decision")
        assert "What came of it: they agreed" in shown(screen, "#steps-done")
    report = only(made).report
    assert report is not None and (report.result, report.slot) == ("agreed", None)


async def test_in_the_middle_of_it_enter_says_it_and_then_writes_it_down(
    services: Callable[..., FakeServices],
) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        screen, _ = await opened(pilot, made, "misconduct")
        assert "f1 Help" in everything(screen) and "Rehearse" not in everything(screen)
        await pilot.press("enter")
        card = await reach(pilot, "CallNowScreen")
        assert "I have called" not in everything(card)
        await pilot.press("enter")
        await until(pilot, lambda: card.phase == "result", "the results")
        await pilot.press("1")
        screen = await reach(pilot, "CaseScreen")
        await until(pilot, lambda: screen.case.report is not None, "the report")
        await pilot.press("enter")
        await reach(pilot, "IncidentNewScreen")


async def test_minutes_before_the_interview_the_call_comes_first(services: Callable[..., FakeServices]) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await opened(pilot, made, "ill", interview=NOW + timedelta(minutes=9))
        await pilot.press("enter")
        await reach(pilot, "CallNowScreen")
