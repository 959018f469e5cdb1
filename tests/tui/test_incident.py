"""Incident notes, the pattern and the guide's contextual pages, by keys at 80×24."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bowout.core.decide_questions import answers_from, case_from
from bowout.tui.app import BowoutApp
from bowout.tui.screens.case import CaseScreen
from owncases import GIVEN
from tui.conftest import everything, on, open_brief, reach, shown, until
from tui.fakes import NOW, FakeServices
from tui.test_case_path import asked, opened
from tui.test_guide import title

Make = Callable[..., FakeServices]


def the_note(services: FakeServices) -> Any:
    (note,) = services.incidents.list()
    return note


async def guide_at(pilot: Any, page: str) -> Any:
    await pilot.press("f4")
    guide = await reach(pilot, "GuideScreen")
    await until(pilot, lambda: title(guide) == page, page)
    return guide


async def test_from_the_case_to_the_note_and_its_text(
    services: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        case, kept = await opened(pilot, made, "misconduct")
        await until(pilot, lambda: "Write down what happened" in everything(case), "the line")
        await pilot.press("i")
        form = await reach(pilot, "IncidentNewScreen")
        assert "f6 Keep the note" in everything(form) and "site planner at Northwind" in everything(form)
        await pilot.press("f6")
        await until(pilot, lambda: "Write down what was said" in shown(form, "#note-hint"), "what is missing")
        await pilot.press(*"He shouted.", "enter", *"I left.", "escape")
        await reach(pilot, "CaseScreen")
        assert made.incidents.list() == []
        await pilot.press("i")
        await until(pilot, lambda: on(pilot, "ChooseScreen"), "the question")
        await pilot.press("enter")
        form = await reach(pilot, "IncidentNewScreen")
        await until(pilot, lambda: "He shouted." in everything(form), "what was written")
        await pilot.press("shift+tab", *"Mr Kott", "f6")
        note = await reach(pilot, "IncidentScreen")
        assert (the_note(made).who, the_note(made).what, the_note(made).case) == (
            "Mr Kott", "He shouted.\nI left.", kept.id,
        )  # fmt: skip
        assert the_note(made).happened == kept.interview
        first = everything(note)
        await guide_at(pilot, "Whom to tell about misconduct")
        await pilot.press("escape")
        await reach(pilot, "IncidentScreen")
        await pilot.press("a")
        await reach(pilot, "AddScreen")
        await pilot.press(*"I kept his card.", "escape")
        await reach(pilot, "IncidentScreen")
        await pilot.press("a")
        await until(pilot, lambda: on(pilot, "ChooseScreen"), "the question")
        await pilot.press("1")
        await reach(pilot, "AddScreen")
        await pilot.press("f6")
        await until(
            pilot, lambda: on(pilot, "IncidentScreen") and "I kept his card." in everything(note), "the addition"
        )
        assert all(line in everything(note) for line in first.splitlines()[3:9]), "nothing was changed"
        await pilot.press("s")
        await reach(pilot, "AskScreen")
        await pilot.press("enter")
        file = tmp_path / f"incident-{the_note(made).happened:%Y-%m-%d}.txt"
        await until(pilot, file.exists, "the file")
        assert "I kept his card." in file.read_text(encoding="utf-8")
        await reach(pilot, "IncidentScreen")
        await pilot.press("escape")
        await reach(pilot, "CaseScreen")
        await until(pilot, lambda: "An incident note is kept" in everything(case), "the line")
        await pilot.press("i")
        await reach(pilot, "IncidentScreen")
        await pilot.press("delete")
        await pilot.pause()
        assert the_note(made)
        await pilot.press("delete")
        await reach(pilot, "CaseScreen")
        await until(pilot, lambda: made.incidents.list() == [], "gone as a whole")
        pilot.app.drafting.settle()
        assert not list((tmp_path / "drafts").iterdir()), "what was finished or deleted leaves no draft"


async def test_from_the_guide_to_a_note_and_escape_back_to_where_one_was(services: Make) -> None:
    made = services()
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await open_brief(pilot)
        pilot.app.action_guide("unsafe")
        guide = await reach(pilot, "GuideScreen")
        await until(pilot, lambda: title(guide) == "An unsafe interview", "the page")
        await pilot.press("enter", "end", "enter")
        await reach(pilot, "IncidentNewScreen")
        await pilot.press("escape")
        await reach(pilot, "ReadScreen")


async def test_every_screen_opens_its_page_of_the_guide_and_escape_comes_back(services: Make) -> None:
    made = services()
    case = made.cases.begin(case_from(answers_from(GIVEN["missed"], NOW), NOW))
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        read = await open_brief(pilot, 2)
        assert read.scenario.intent == "leave"
        await guide_at(pilot, "Leaving an interview early")
        await pilot.press("escape")
        await reach(pilot, "ReadScreen")
        await pilot.press("escape")
        await reach(pilot, "HomeScreen")
        await pilot.press("f5")
        await reach(pilot, "CasesScreen")
        await pilot.press("enter")
        await asked(pilot, "Where are you")
        await pilot.press("1", "8")
        await asked(pilot, "What is it")
        await guide_at(pilot, "Weak reasons, better options")
        await pilot.press("escape")
        await asked(pilot, "What is it")
        await pilot.press("2")
        await asked(pilot, "still want")
        await pilot.press(*["escape"] * 4)
        await reach(pilot, "CasesScreen")
        pilot.app.push_screen(CaseScreen(case))
        await reach(pilot, "CaseScreen")
        await guide_at(pilot, "Putting a bad exit right")
        await pilot.press("escape")
        await reach(pilot, "CaseScreen")
        await pilot.press("s")
        send = await reach(pilot, "SendScreen")
        text = "Sorry for the no-show, my boss is an idiot. Sam Lee"
        send.query_one("#message").load_text(f"Subject: Sam Lee - site planner interview\n\n{text}")
        await pilot.press("v")
        await until(pilot, lambda: "F4: the guide" in shown(send, "#hint"), "the check")
        await guide_at(pilot, "Before you press send")
        await pilot.press("escape")
        await reach(pilot, "SendScreen")
        assert text in send.query_one("#message").text, "what was written is still there"


async def test_a_call_from_the_guide_leads_back_and_loses_nothing(services: Make) -> None:
    made = services()
    case = made.cases.begin(replace(case_from(answers_from(GIVEN["ill"], NOW), NOW), done={"read": NOW}))
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        pilot.app.push_screen(CaseScreen(case))
        await reach(pilot, "CaseScreen")
        await guide_at(pilot, "Ill on the day")
        await pilot.press("enter", "enter")
        await reach(pilot, "ReadScreen")
        await pilot.press("escape")
        await reach(pilot, "CaseScreen")


async def test_the_pattern_is_shown_to_the_user_with_the_next_step(services: Make) -> None:
    made = services()
    for name in ("ill", "attend", "attend"):
        made.cases.begin(case_from(answers_from(GIVEN[name], NOW), NOW))
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        await pilot.press("f5")
        cases = await reach(pilot, "CasesScreen")
        await until(pilot, lambda: "nerves came up twice" in everything(cases), "the line")
        await pilot.press("p")
        found = await reach(pilot, "PatternScreen")
        assert "no verdict" in everything(found) and "illness or an accident" in everything(found)
        await guide_at(pilot, "Nerves before the call")
        await pilot.press("escape")
        await reach(pilot, "PatternScreen")
        await pilot.press("escape")
        await reach(pilot, "CasesScreen")


async def test_one_message_is_enough_and_a_light_touch_is_no_second_one(services: Make, tmp_path: Path) -> None:
    made = services()
    case = made.cases.begin(case_from(answers_from(GIVEN["offer"], NOW), NOW))
    async with BowoutApp(made).run_test(size=(80, 24)) as pilot:
        await reach(pilot, "HomeScreen")
        pilot.app.push_screen(CaseScreen(case))
        await reach(pilot, "CaseScreen")
        await pilot.press("s")
        send = await reach(pilot, "SendScreen")
        await pilot.press("t")
        await until(pilot, lambda: "One is enough" in shown(send, "#standing"), "sent")
        sent = made.cases.load(case.id).done["sent"]
        await pilot.press("t")
        await until(pilot, lambda: "sent already" in shown(send, "#hint"), "the sentence")
        send._kind = "light_touch"
        await pilot.press("t")
        await until(pilot, lambda: "touched" in made.cases.load(case.id).done, "the touch")
        assert made.cases.load(case.id).done["sent"] == sent
