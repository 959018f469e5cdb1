"""What a coach says of a result: asked for by short dialogues, shown at once, kept by a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from textual import work

from bowout.core.coaching.answer import MAX_REASON, Comment, Override, Review
from bowout.core.coaching.fields import MAX_TEXT
from bowout.core.coaching.result import SentTake
from bowout.core.coaching.shown import MarkRow
from bowout.core.coaching.standing import Collected
from bowout.core.review import state_words
from bowout.core.safety import printable
from bowout.errors import BowoutError
from bowout.tui.screens.choose import AskScreen, ChooseScreen
from bowout.tui.screens.queue import AnsweringScreen


class NotingScreen(AnsweringScreen):
    """Keeps the last word on each result; what the disk refuses is not shown as kept."""

    def __init__(self, result: str) -> None:
        """``result``: its id."""
        super().__init__()
        self.result = result
        self.review = Review()
        """As it is or will be in a moment."""
        self.unkept: dict[str, Review] = {}
        """What is still to be written, by result."""
        self._keeping = threading.Lock()

    def show(self) -> None:
        """Something was noted."""
        raise NotImplementedError

    def read_again(self, found: Collected, *, anew: bool) -> None:
        """This is on the disk now. In the worker.

        Args:
            anew: something else than what is shown.
        """
        raise NotImplementedError

    # Asking.

    def agree(self, sent: SentTake, mark: MarkRow) -> None:
        """Confirm a mark; one that is confirmed gets no word."""
        if mark.confirmed:
            kept = tuple(each for each in self.review.confirmed if each != (sent.number, mark.row.id))
            self.note(replace(self.review, confirmed=kept))
        else:
            self.note(self.review.agreed(sent.number, mark.row.id))

    def ask_override(self, sent: SentTake, mark: MarkRow) -> None:
        """Another word on a mark, and the reason for it."""
        if len(mark.choices) == 1:
            self._ask_reason(sent, mark, mark.choices[0])
            return
        choices = [(state, state_words(state)) for state in mark.choices]

        def chosen(state: str | None) -> None:
            if state is not None:
                self._ask_reason(sent, mark, state)

        self.app.push_screen(ChooseScreen(f"{mark.row.label}: the program is unsure. You?", choices), chosen)

    def _ask_reason(self, sent: SentTake, mark: MarkRow, state: str) -> None:
        title = f"“{mark.row.label}” is {state_words(state)}, you say. Why?"
        note = "The learner reads it. Enter keeps it; Escape leaves the mark as it was."

        def said(reason: str | None) -> None:
            if reason is not None:
                self.note(self.review.overridden(Override(sent.number, mark.row.id, state, " ".join(reason.split()))))

        wrong = _wrong(MAX_REASON, "Say why: it is what they learn from.")
        self.app.push_screen(AskScreen(title, note, wrong, mark.reason), said)

    def ask_comment(self, sent: SentTake | None, span: tuple[int, int] | None) -> None:
        """A few words on these words of a take, or on the whole."""
        if sent is not None and span is not None:
            first, last = span
            quote = " ".join(word.text for word in sent.counting[first : last + 1])
            title = printable(f"On “{quote[:80]}{'…' if len(quote) > 80 else ''}”")
            made = Comment("", sent.number, first, last)
        else:
            title, made = "On the whole", Comment("")

        def said(text: str | None) -> None:
            if text is not None:
                self.note(self.review.commented(replace(made, text=" ".join(text.split()))))

        note = "A few words for the learner. Enter keeps them. On the words page a comment is on the chosen words."
        self.app.push_screen(AskScreen(title, note, _wrong(MAX_TEXT, "Type a few words.")), said)

    # Keeping.

    def note(self, review: Review) -> None:
        """Show it at once, and keep it by a thread."""
        self.review = self.unkept[self.result] = review
        self.show()
        self._keep(self.result)

    @work(thread=True, group="review", exit_on_error=False)
    def _keep(self, result: str) -> None:
        self.settle(result)

    def settle(self, result: str) -> None:
        """Write what is still to be written of a result. In a worker."""
        with self._keeping:  # one after the other: the last word counts
            review = self.unkept.get(result)
            if review is None:
                return
            coach = self.services.coach
            try:
                found = coach.review(result, review)
            except BowoutError:
                self.unkept.pop(result, None)
                self.read_again(coach.result(result), anew=True)  # what is shown is what is kept
                raise
            if self.unkept.get(result) is review:
                del self.unkept[result]
            self.read_again(found, anew=False)

    def before_answers(self) -> None:
        for result in list(self.unkept):
            self.settle(result)


def _wrong(longest: int, empty: str) -> Callable[[str], str]:
    """What is the matter with a text that the learner is to read."""

    def wrong(typed: str) -> str:
        if not typed.strip():
            return empty
        return f"At most {longest} characters." if len(typed) > longest else ""

    return wrong


__all__ = ["NotingScreen"]
