"""How was it? The same checklist as the marks, before them: one key a line, one key for none of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core.rating import KIND, Question, Rating, questions, rating_from, regrets
from bowout.core.safety import printable
from bowout.tui.after_call import Ended
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.top_bar import TopBar

WORDS = {True: "yes", False: "no", None: "·"}


class RateScreen(AppScreen[None]):
    """Asks; then goes on by itself to what follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(1)", "Yes", id="rate.yes", tooltip="Yes, on to the next line"),
        Binding("n", "answer(0)", "No", id="rate.no", tooltip="No, on to the next line"),
        Binding("s,space", "answer(-1)", "Don't know", id="rate.skip", tooltip="Leave this line open"),
        Binding("backspace,left", "before", "Back a line", id="rate.before", tooltip="To the line before"),
        Binding("enter", "done", "Done", id="rate.done", tooltip="On to what the trainer heard", priority=True),
        Binding("escape", "skip", "Skip all", id="rate.skip_all", tooltip="Straight on, without a rating"),
    ]

    def __init__(self, ended: Ended, then: Callable[[AppScreen[Any], Rating | None], None]) -> None:
        super().__init__()
        self.ended = ended
        self._then = then
        self._asked: list[Question] = list(questions(ended.call.marks))
        self._answers: dict[tuple[str, bool], bool] = {}
        self._over = False

    @property
    def _following(self) -> str:
        return "figure" if self.ended.meta.get("drill") else "marks"

    @property
    def occupied(self) -> bool:
        """The marks come first; then anything may be opened."""
        return True

    def compose(self) -> ComposeResult:
        yield TopBar(f"How was it? · {self.ended.scenario.title}", self.ended.call.marks.transcript.ear)
        with Vertical(id="rate"):
            yield Static("How was it?", classes="title", markup=False)
            told = f"Your own view first, the {self._following} after it. Every line is optional."
            yield Static(told, classes="aside", markup=False)
            yield Choices(id="asked", markup=False)
            yield Static("", id="rate-next", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._show(0)
        self.query_one(Choices).focus()

    def _show(self, at: int) -> None:
        """The lines as they are answered, with the bar on line ``at``."""
        asked = self.query_one(Choices)
        asked.set_options(Option(self._line(question)) for question in self._asked)
        asked.highlighted = min(at, len(self._asked) - 1) if self._asked else None
        left = sum((each.id, each.fault) not in self._answers for each in self._asked)
        open_lines = f"{left} of {len(self._asked)} open. " if left else ""
        self.query_one("#rate-next", Static).update(f"{open_lines}Enter shows the {self._following}.")

    def _line(self, question: Question) -> Content:
        answer = self._answers.get((question.id, question.fault))
        indent = "  " if question.fault and question.id else ""
        return Content.assemble(
            (f" {WORDS[answer]:<4}", "bold" if answer is not None else "dim"), f"{indent}{printable(question.text)}"
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click chooses a line; it takes a key to answer it."""
        event.stop()

    def action_answer(self, answer: int) -> None:
        at = self.query_one(Choices).highlighted
        if at is None or at >= len(self._asked):
            return
        question = self._asked[at]
        key = (question.id, question.fault)
        if answer < 0:
            self._answers.pop(key, None)
        else:
            self._answers[key] = bool(answer)
        if key == ("", True):
            self._unfold(answer == 1)
        self._show(at + 1)

    def _unfold(self, regretted: bool) -> None:
        """What may be regretted is asked of whoever regrets something, and of nobody else."""
        self._asked = [each for each in self._asked if not (each.fault and each.id)]
        if regretted:
            self._asked += regrets(self.ended.call.marks)
        else:
            self._answers = {key: answer for key, answer in self._answers.items() if not (key[1] and key[0])}

    def action_before(self) -> None:
        asked = self.query_one(Choices)
        if asked.highlighted:
            asked.highlighted -= 1

    def action_done(self) -> None:
        self._finish(rating_from(self._answers, self.ended.call.marks))

    def action_skip(self) -> None:
        self._finish(Rating())

    def _finish(self, rating: Rating) -> None:
        if self._over:  # a second key may be on its way while the next screen comes
            return
        self._over = True
        attempt = self.ended.call.attempt
        if attempt and not rating.empty:
            self.bowout.add_to_record(attempt, KIND, rating.as_event())
        self._then(self, None if rating.empty else rating)


__all__ = ["RateScreen"]
