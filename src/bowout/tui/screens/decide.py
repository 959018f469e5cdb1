"""Decide: a few questions about one's own interview, one at a time; then the case's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core.case import Case
from bowout.core.decide_questions import Question, case_from, questions, taken, told
from bowout.core.draft import DECIDE, Draft, answers_in, of_answers
from bowout.core.guide_links import page_of_question
from bowout.core.safety import printable
from bowout.tui.screens.resuming import ResumingScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.top_bar import TopBar

SHOWN = 6
"""Answers so far that are shown above the question."""


@dataclass
class KnownRead(Message):
    """What an earlier case knows."""

    caller: str


@dataclass
class CaseKept(Message):
    """The case is on disk."""

    case: Case


class Answer(Input):
    """One line of an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Next", id="decide.next", tooltip="Take this answer and go on"),
    ]


class DecideScreen(ResumingScreen[None]):
    """Type, or press the number of a line; Enter takes what is suggested, Escape goes back.

    The draft is what was answered before one went back: whoever leaves by going back has lost nothing.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(n), f"take({n - 1})", f"Line {n}", show=False, id=f"decide.{n}", tooltip=f"Take line {n}")
            for n in range(1, 10)
        ),
        Binding("f4", "app.guide", "Guide", id="decide.guide", tooltip="The guide's page on this question"),
        Binding("escape", "back", "Back", id="decide.back", tooltip="To the question before, at last to Home"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[str, str] = {}
        """In the form in which they are kept."""
        self._typed: dict[str, str] = {}
        """As they were typed, for whoever comes back to a question."""
        self._known: dict[str, str] = {}
        self._question: Question | None = None
        self._keeping = False

    @property
    def guide_page(self) -> str:
        return page_of_question(self._question.id if self._question is not None else "stage", self._answers)

    def compose(self) -> ComposeResult:
        yield TopBar("Decide", self.bowout.ear_shown)
        with Vertical(id="decide"):
            yield Static("", id="so-far", classes="aside", markup=False)
            yield Static("", id="ask", classes="title", markup=False)
            yield Static("", id="help", classes="aside", markup=False)
            yield Answer(id="entry")
            yield Choices(id="choices", markup=False)
            yield Static("", id="wrong", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._show()
        self._read_known()
        self.read_draft()

    draft_key = DECIDE

    def texts(self) -> dict[str, str] | None:
        return of_answers(self._answers, self._typed) if self._answers or any(self._typed.values()) else None

    def resume(self, draft: Draft) -> None:
        self._answers, self._typed = answers_in(draft, self.services.now())
        self._show()

    @work(thread=True, group="known", exit_on_error=False)
    def _read_known(self) -> None:
        from bowout.core.marking.resources import load

        caller = next((case.caller for case in self.services.cases.list() if case.caller), "")
        self.post_message(KnownRead(caller))
        load()  # the reason is looked at as the marking will, at once

    def on_known_read(self, event: KnownRead) -> None:
        self._known = {"caller": event.caller}

    # One question.

    def _asked(self) -> list[Question]:
        return questions(self._answers, self.services.now(), self._known)

    def _show(self) -> None:
        asked = self._asked()
        self._question = next((each for each in asked if each.id not in self._answers), None)
        if self._question is None:
            self._keep()
            return
        question = self._question
        self._show_so_far([each for each in asked if each.id in self._answers])
        self.query_one(".where", Static).update(f"Decide · question {len(self._answers) + 1}")
        self.query_one("#ask", Static).update(question.ask)
        help_ = self.query_one("#help", Static)
        help_.update(question.help)
        help_.display = bool(question.help)
        self._wrong("")
        entry, choices = self.query_one(Answer), self.query_one(Choices)
        entry.display, choices.display = question.kind != "choice", question.kind == "choice"
        if question.kind == "choice":
            choices.set_options(
                Option(Content.assemble((f"{n} ", "dim"), choice.title), id=choice.id)
                for n, choice in enumerate(question.choices, 1)
            )
            ids = [choice.id for choice in question.choices]
            wanted = self._typed.get(question.id, question.default)
            choices.highlighted = ids.index(wanted) if wanted in ids else 0
            choices.focus()
        else:
            entry.value = self._typed.get(question.id, "")
            entry.cursor_position = len(entry.value)
            open_ = "Enter leaves it open" if question.optional else ""
            entry.placeholder = f"{question.default}  (Enter takes this)" if question.default else open_
            entry.focus()
        self.refresh_bindings()

    def _show_so_far(self, answered: list[Question]) -> None:
        now = self.services.now()
        lines = [f"{each.ask} {told(each, self._answers[each.id], now)}" for each in answered]
        line = self.query_one("#so-far", Static)
        line.update("\n".join(printable(text) for text in lines[-SHOWN:]))
        line.display = bool(lines)

    def _wrong(self, sentence: str) -> None:
        line = self.query_one("#wrong", Static)
        line.update(f"! {sentence}" if sentence else "")
        line.display = bool(sentence)

    # Answers.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "take":  # digits belong to the text while one is typed
            return self._question is not None and self._question.kind == "choice"
        return True

    def action_take(self, index: int) -> None:
        if self._question is not None and index < len(self._question.choices):
            self._take(self._question.choices[index].id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(event.option.id or "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._take(event.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value:
            self._wrong("")
        if self._question is not None and event.value != self._typed.get(self._question.id, ""):
            self._typed[self._question.id] = event.value
            self.draft()

    def _take(self, text: str) -> None:
        question = self._question
        if question is None or self._keeping:
            return
        value, wrong = taken(question, text, self._answers, self.services.now())
        if wrong:
            self._wrong(wrong)
            return
        self._answers[question.id], self._typed[question.id] = value, text
        self.draft()
        self._show()

    def action_back(self) -> None:
        if self._keeping:
            return
        if not self._answers:
            self.leave()
            return
        # The last answer of those that are still asked for: an earlier one may have made others moot.
        self._answers.popitem()
        self._show()

    # Keeping.

    def _keep(self) -> None:
        self._keeping = True
        self._keep_case(case_from(self._answers, self.services.now()))

    @work(thread=True, exclusive=True, group="keep", exit_on_error=False)
    def _keep_case(self, case: Case) -> None:
        self.post_message(CaseKept(self.services.cases.begin(case)))

    def on_case_kept(self, event: CaseKept) -> None:
        from bowout.tui.screens.case import CaseScreen

        self.drop_draft()
        self.app.switch_screen(CaseScreen(event.case))

    def failed(self, error: BaseException) -> None:
        if self._keeping:
            self._keeping = False
            self._answers.popitem()
            self._show()
        super().failed(error)


__all__ = ["DecideScreen"]
