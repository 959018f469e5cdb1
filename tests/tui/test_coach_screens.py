"""Coaching on the screen: a coach's file opened, taken, sent; results reviewed, answered; the answer opened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bowout.core.coaching.answer import Comment, Override, Review
from bowout.core.coaching.roster import Person, Roster
from bowout.core.coaching.terms import PARTS
from bowout.storage.coaching.learner import LearnerFolder
from bowout.tui.app import BowoutApp
from bowout.tui.screens.open_file import pasted
from bowout.tui.screens.submit import SubmitScreen
from coachcases import (
    GOOD,
    TERMS,
    WEAK,
    Class,
    learner_keys,
    open_class,
    practised,
    recording,
    result_of,
    sealed_result,
)
from tui.conftest import everything, reach, shown, until
from tui.fakes import FakeServices, WatchedSource, tone

SIZE = (80, 24)


async def typed(pilot: Any, text: str) -> None:
    """Into the line that has the focus, in place of what is there."""
    pilot.app.focused.value = text
    await pilot.press("enter")


async def opened(pilot: Any, file: Path) -> Any:
    """A file in the open dialog, looked at."""
    await reach(pilot, "HomeScreen")
    await pilot.press("ctrl+o")
    screen = await reach(pilot, "OpenFileScreen")
    await typed(pilot, str(file))
    await until(pilot, lambda: screen.page not in ("ask", "looking"), "what the file is")
    return screen


def rows(screen: Any) -> str:
    return "\n".join(str(option.prompt) for option in screen.query_one("#rows").options)


async def test_a_learner_opens_takes_and_sends(services: Callable[..., FakeServices], tmp_path: Path) -> None:
    """Open → accept → the row → a take that is broken off → one to the end → what goes → the file."""
    asked = replace(TERMS, limit_s=45.0, takes=2)
    class_ = open_class(tmp_path / "coach", asked)
    made = services(GOOD)
    app = BowoutApp(made)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = await opened(pilot, class_.file)
        drawn = everything(screen)
        assert "From Ana Lee" in drawn and "first time" in drawn and class_.assignment.coach.fingerprint in drawn
        assert "What will be sent back" in shown(screen, "#asked") and not made.learner.list()
        await pilot.press("a")
        await reach(pilot, "AskScreen")
        await typed(pilot, "Ben [b]Ott[/b]")
        page = await reach(pilot, "AssignmentScreen")
        await until(pilot, lambda: "2 of 2 takes left" in rows(page), "the calls")
        assert "Due Friday at 9 am" in shown(page, "#terms-text")
        await pilot.press("escape")
        home = await reach(pilot, "HomeScreen")
        await until(pilot, lambda: "Assignment: " in everything(home), "the row")
        assert "for Ana Lee, by Friday at 9 am: 2 of 2 takes left" in everything(home)
        home.query_one("#scenarios").highlighted = 0
        await pilot.press("enter")
        page = await reach(pilot, "AssignmentScreen")
        await until(pilot, lambda: "takes left" in rows(page))

        await until(pilot, lambda: app.ear_shown, "the ear's name")
        made.source = WatchedSource([tone(4)], holds_after=20)
        await pilot.press("enter")
        brief = await reach(pilot, "AssignedReadScreen")
        assert "After 45 s of your own speech it ends." in everything(brief)
        assert brief.check_action("start", ("practice",)) is False, "the mode is the coach's"
        await pilot.press("enter")
        speak = await reach(pilot, "AssignedCallScreen", "speak")
        options = speak._rehearsal.options
        assert (options.mode, options.strict, options.speaking_s, options.retention) == ("live", True, 45.0, "keep")
        await pilot.press("escape")
        assert "A take broken off counts" in shown(speak, "#state")
        await pilot.press("escape")
        page = await reach(pilot, "AssignmentScreen")
        await until(pilot, lambda: "1 of 2 takes left" in rows(page), "the take that was broken off")
        assert "broken off" in rows(page)

        made.source, made._ear._next = WatchedSource(made.clips), 0
        await pilot.press("enter")
        await reach(pilot, "AssignedReadScreen")
        await pilot.press("enter")
        review = await reach(pilot, "ReviewScreen")
        assert review.check_action("again", ()) is False, "not past the count"
        score = review.call.marks.score
        await pilot.press("escape")
        page = await reach(pilot, "AssignmentScreen")
        await until(pilot, lambda: f"{score} of 100" in rows(page), "the second take")
        assert "no takes left" in rows(page)
        await pilot.press("enter")
        await until(pilot, lambda: any("All 2 takes" in each.message for each in app._notifications), "no more")
        kept = [row for row in made.records.list() if row.score is not None]
        assert kept[0].audio, "the coach may be sent it"

        await pilot.press("s")
        send = await reach(pilot, "SubmitScreen")
        await until(pilot, lambda: "of text" in shown(send, "#size"), "the draft")
        assert "nothing of your voice" in shown(send, "#size"), "the least"
        assert "broken off" in shown(send, "#goes") and "[b]Ott[/b]" in shown(send, "#to")
        assert "site planner" not in send.query_one("#json").text
        await pilot.press("down", "space")
        await until(pilot, lambda: "site planner" in send.query_one("#json").text, "the words")
        await pilot.press("down", "space")
        await until(pilot, lambda: "of your voice, 0:" in shown(send, "#size"), "the recording")
        await pilot.press("space")
        await until(pilot, lambda: "nothing of your voice" in shown(send, "#size"))
        await pilot.press("w")
        await reach(pilot, "AskScreen")
        file = tmp_path / "mine.bowresult"
        await typed(pilot, str(file))
        await until(pilot, lambda: "✓ Written" in shown(send, "#size"), "the file")
        assert file.stat().st_mode & 0o777 == 0o600
        await until(pilot, lambda: "Withdraw: W on the assignment" in everything(send), "what then")
        outcome = class_.coach.collect(file)
        assert outcome.state == "accepted"
        found = class_.coach.result(outcome.result)
        assert found.result.parts == ("marks", "transcript") and found.result.who == "Ben [b]Ott[/b]"
        assert {take.state for take in found.result.takes} == {"broken_off", "done"}


def handed_in(class_: Class, folder: Path, who: str, *turns: str, audio: bool = False) -> str:
    """A result of somebody's, collected; its id."""
    keys = learner_keys(who)
    result = result_of(class_, keys, *turns, parts=PARTS if audio else ("marks", "transcript"))
    file = folder / f"{len(list(folder.iterdir()))}.bowresult"
    file.write_bytes(sealed_result(class_, keys, result, {"take-1.wav": recording(3.0)} if audio else {}))
    return class_.coach.collect(file).result


async def test_a_coach_reviews_overrides_comments_and_answers(
    services: Callable[..., FakeServices], tmp_path: Path
) -> None:
    """The queue → a word on a mark, with its reason → a comment on words → the next → the answers."""
    class_ = open_class(
        tmp_path, replace(TERMS, mark=80), Roster((Person("Ann [red]Oh[/red]"), Person("Bob"), Person("Cem")))
    )
    first = handed_in(class_, tmp_path, "Ann [red]Oh[/red]", *WEAK, audio=True)
    second = handed_in(class_, tmp_path, "Bob")
    made = services()
    app = BowoutApp(made, place="queue")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        queue = await reach(pilot, "QueueScreen")
        await until(pilot, lambda: "2 to review" in shown(queue, "#standing"), "the queue")
        drawn = everything(queue)
        assert "2 of 3 sent, 2 to review, 1 below the mark" in drawn and "Ann [red]Oh[/red]" in drawn
        await pilot.press("p")
        assert "Ann" not in everything(queue) and made.coach.pseudonyms.of("name:bob") in everything(queue)
        await pilot.press("p", "enter")
        screen = await reach(pilot, "ResultScreen")
        await until(pilot, lambda: "Ann [red]Oh[/red]" in shown(screen, "#result-head"), "the result")
        before = class_.coach.result(first).verdicts[0].score
        at = next(n for n, row in enumerate(screen._rows) if row.row.id == "reason")
        screen.query_one("#marks-list").highlighted = at
        await pilot.press("o")
        await reach(pilot, "AskScreen")
        await pilot.press("enter")
        await until(pilot, lambda: "Say why" in everything(app.screen), "a reason is wanted")
        await typed(pilot, "They said “something came up”, and why later.")
        await reach(pilot, "ResultScreen")
        await until(pilot, lambda: "with your word" in shown(screen, "#result-head"), "the new score")
        assert "→ heard" in everything(screen)
        await pilot.press("down", "c")
        await until(pilot, lambda: "= agreed" in everything(screen))
        await pilot.press("2", "right", "right", "space", "right", "m")
        ask = await reach(pilot, "AskScreen")
        assert "On “I can't”" in everything(ask)
        await typed(pilot, "Say [b]who[/b] you are first.")
        await until(pilot, lambda: class_.coach.result(first).review.comments, "the comment")
        (comment,) = class_.coach.result(first).review.comments
        assert (comment.take, comment.first, comment.last, comment.quote) == (1, 2, 3, "I can't")
        await pilot.press("p")
        await until(pilot, lambda: made.speakers.played, "the recording")
        await pilot.press("n")
        await until(pilot, lambda: "Bob" in shown(screen, "#result-head"), "the next")
        await pilot.press("m")
        await reach(pilot, "AskScreen")
        await typed(pilot, "Well done.")
        await until(pilot, lambda: class_.coach.result(second).review.comments, "the comment on the whole")
        await pilot.press("4")
        await until(pilot, lambda: "Well done." in everything(screen))
        folder = tmp_path / "answers"
        folder.mkdir()
        await pilot.press("a")
        await reach(pilot, "AskScreen")
        await typed(pilot, str(folder))
        await until(pilot, lambda: len(list(folder.iterdir())) == 2, "the answers")
        await pilot.press("escape")
        queue = await reach(pilot, "QueueScreen")
        await until(pilot, lambda: "0 to review" in shown(queue, "#standing"), "the queue again")
        assert "« answered" in everything(queue)
        await pilot.press("d")
        await until(pilot, lambda: "✓ done" in everything(queue))
        found = class_.coach.result(first)
        assert found.review.overrides[0].state == "heard" and found.verdicts[0].score > before


async def test_changed_keys_warn_and_want_a_second_word(services: Callable[..., FakeServices], tmp_path: Path) -> None:
    class_ = open_class(tmp_path / "one")
    other = open_class(tmp_path / "two")
    made = services()
    made.learner.accept(made.learner.look(class_.file), "Ben")
    app = BowoutApp(made)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = await opened(pilot, other.file)
        drawn = everything(screen)
        assert "WARNING: THE KEYS HAVE CHANGED" in drawn and class_.assignment.coach.fingerprint in drawn
        await pilot.press("a")
        await reach(pilot, "ChooseScreen")
        await pilot.press("enter")
        screen = await reach(pilot, "OpenFileScreen")
        assert len(made.learner.list()) == 1, "the first answer is no"
        await pilot.press("a")
        await reach(pilot, "ChooseScreen")
        await pilot.press("2")
        await reach(pilot, "AskScreen")
        assert app.focused is not None and app.focused.value == "Ben"
        await pilot.press("enter")
        await reach(pilot, "AssignmentScreen")
        assert len(made.learner.list()) == 2


async def test_an_answer_is_shown_beside_its_take(services: Callable[..., FakeServices], tmp_path: Path) -> None:
    class_ = open_class(tmp_path / "coach-side")
    made = services()
    made.learner.accept(made.learner.look(class_.file), "Ben")
    practised(made.records, class_.assignment.id, *WEAK)
    draft = made.learner.draft(class_.assignment.id, made.records, ("marks", "transcript"))
    made.learner.submit(draft, tmp_path / "x.bowresult")
    result = class_.coach.collect(tmp_path / "x.bowresult").result
    word = Override(1, "reason", "heard", "I know why.")
    class_.coach.review(result, Review((Comment("Breathe [b]first[/b].", 1, 0, 1),), (word,)))
    file = class_.coach.answer(result, tmp_path)
    app = BowoutApp(made)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = await opened(pilot, file)
        assert "Breathe [b]first[/b]." in everything(screen) and made.learner.list()[0].answers, "it is kept"
        await pilot.press("enter")
        review = await reach(pilot, "ReviewScreen")
        await until(pilot, lambda: "with their word" in everything(review), "the coach's line")
        review.query_one("#rows").highlighted = next(n for n, row in enumerate(review._rows) if row.id == "reason")
        await until(pilot, lambda: "Ana Lee: heard. I know why." in shown(review, "#detail"), "the coach's word")
        await pilot.press("c")
        said = await reach(pilot, "CoachedScreen")
        assert "“Hi, um,”: Breathe [b]first[/b]." in everything(said)
        await pilot.press("escape", "escape")
        await reach(pilot, "OpenFileScreen")


def test_what_terminals_make_of_a_path(tmp_path: Path) -> None:
    there = tmp_path / "my class.bowassign"
    there.touch()
    for typed in (str(there), f"'{there}'", f'"{there}"', there.as_uri(), str(there).replace(" ", "\\ "), f" {there} "):
        assert pasted(typed) == there


async def test_a_drill_is_taken_as_it_was_asked(services: Callable[..., FakeServices], tmp_path: Path) -> None:
    class_ = open_class(tmp_path / "coach", replace(TERMS, drill="drills/two-options", mode="practice", limit_s=30.0))
    made = services(GOOD)
    made.learner.accept(made.learner.look(class_.file), "Ben")
    app = BowoutApp(made)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await reach(pilot, "HomeScreen")
        await until(pilot, lambda: app.ear_shown, "the ear's name")
        app.open_assignment(class_.assignment.id)
        page = await reach(pilot, "AssignmentScreen")
        await until(pilot, lambda: "takes left" in rows(page))
        await pilot.press("enter")
        await reach(pilot, "AssignedReadScreen")
        await pilot.press("enter")
        figure = await reach(pilot, "AssignedFigureScreen")
        assert figure.check_action("again", ()) is False
        (row,) = made.records.list()
        assert row.drill == "drills/two-options" and row.assignment == class_.assignment.id
        await pilot.press("escape")
        page = await reach(pilot, "AssignmentScreen")
        await until(pilot, lambda: "2 of 3 takes left" in rows(page), "it counts")


async def test_nothing_is_written_but_what_is_shown(
    services: Callable[..., FakeServices], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft that is slow to come is neither written before it is shown nor shown when another one is wanted."""
    class_ = open_class(tmp_path / "coach")
    made = services()
    made.learner.accept(made.learner.look(class_.file), "Ben")
    practised(made.records, class_.assignment.id, *WEAK)
    gate, slow, drafts = threading.Event(), LearnerFolder.draft, []

    def draft(self: LearnerFolder, assignment: str, records: Any, parts: Any, takes: Any = ()) -> Any:
        if "transcript" in parts:
            gate.wait(20)
        drafts.append(slow(self, assignment, records, parts, takes))
        return drafts[-1]

    monkeypatch.setattr(LearnerFolder, "draft", draft)
    app = BowoutApp(made)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await reach(pilot, "HomeScreen")
        app.push_screen(SubmitScreen(made.learner.load(class_.assignment.id)))
        send = await reach(pilot, "SubmitScreen")
        await until(pilot, lambda: send.check_action("write", ()), "the least")
        await pilot.press("down", "space", "w")
        assert send.check_action("write", ()) is None and app.screen is send, "it is not shown yet what goes"
        await pilot.press("space")
        await until(pilot, lambda: send.check_action("write", ()), "the least again")
        gate.set()
        await until(pilot, lambda: len(drafts) == 3, "the late one")
        await pilot.pause(0.05)
        assert send._drafted.draft.result.parts == ("marks",)
        assert "came up" not in send.query_one("#json").text and "came up" not in shown(send, "#goes")
