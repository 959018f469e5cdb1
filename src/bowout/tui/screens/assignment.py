"""An assignment: the terms in plain words, every take with its state, the next take, and the way out of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core.coaching.dates import due_words
from bowout.core.coaching.terms import terms_in_words
from bowout.core.safety import printable
from bowout.rehearsal.assignments import Assigned, Piece, assigned, piece, state_words
from bowout.rehearsal.coaching import Held
from bowout.tui.assigned import Order
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.choose import ChooseScreen
from bowout.tui.widgets.assignment_list import ANSWER, CALL, TAKE, AssignmentList, Line, lines
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.top_bar import TopBar

WITHDRAW = (
    ("stay", "Stay in it"),
    ("leave", "Leave it"),
    ("ask", "Leave it, and write a file that asks to delete what you sent"),
)


@dataclass
class AssignmentRead(Message):
    """Terms and takes."""

    assigned: Assigned


@dataclass
class PieceRead(Message):
    """What the next take is made of."""

    assigned: Assigned
    scenario: str
    piece: Piece


@dataclass
class AssignmentLeft(Message):
    """It was left, or deleted."""

    told: str


@dataclass
class AssignmentsRead(Message):
    """All of them, newest first."""

    held: list[Held]


class AssignmentScreen(AppScreen[None]):
    """Enter begins the next take."""

    AUTO_FOCUS = "#rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "submit", "Send", id="assignment.submit", tooltip="See exactly what goes, and write one file"),
        Binding("t", "terms", "Terms", id="assignment.terms", tooltip="Scroll the terms; again: back to the takes"),
        Binding("w", "withdraw", "Leave it", id="assignment.withdraw", tooltip="Withdraw from the assignment"),
        Binding("delete,d", "delete", "Delete", id="assignment.delete", tooltip="Delete it from this machine"),
        Binding("escape", "back", "Back", id="assignment.back", tooltip="Back"),
    ]

    def __init__(self, assignment: str) -> None:
        """``assignment``: its id."""
        super().__init__()
        self._which = assignment
        self._assigned: Assigned | None = None
        self._lines: list[Line] = []

    @property
    def guide_page(self) -> str:
        return "rehearse"

    def compose(self) -> ComposeResult:
        yield TopBar("Assignment", self.bowout.ear_shown)
        with VerticalScroll(id="terms"):
            yield Static("One moment …", id="terms-text", markup=False)
        yield AssignmentList(id="rows", markup=False)
        yield Static("", id="about", markup=False)
        yield Footer(show_command_palette=False)

    def on_screen_resume(self) -> None:
        self._read()

    @work(thread=True, exclusive=True, group="assignment", exit_on_error=False)
    def _read(self) -> None:
        self.post_message(AssignmentRead(assigned(self.services, self._which)))

    def on_assignment_read(self, event: AssignmentRead) -> None:
        self._assigned = event.assigned
        held, now = event.assigned.held, self.services.now()
        self.query_one(".where", Static).update(printable(f"Assignment · {held.assignment.title}"))
        told = terms_in_words(held.assignment, due_words(held.assignment.terms.due, now))
        if "audio" in held.assignment.terms.ask:
            told.append(self._recording_words())
        told.append(
            f"Your coach knows you as “{held.who}”. Fingerprint of theirs: {held.assignment.coach.fingerprint}."
        )
        if held.withdrawn is not None:
            told.insert(0, "You have left this assignment. To take part again open its file once more.")
        self.query_one("#terms-text", Static).update("\n".join(map(printable, told)))
        self._lines = list(lines(event.assigned, now))
        self.query_one(AssignmentList).show(self._lines)
        self._show_about()
        self.refresh_bindings()

    def _recording_words(self) -> str:
        if self.bowout.settings.keep_recordings == "never":
            return "No recording is ever written (F2), so none can be sent."
        return "Recordings of these takes are kept until you delete them, so that you can choose to send one."

    # The chosen row.

    @property
    def _chosen(self) -> Line | None:
        at = self.query_one(AssignmentList).highlighted
        return self._lines[at] if at is not None and at < len(self._lines) else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._show_about()

    def _show_about(self) -> None:
        chosen = self._chosen
        self.query_one("#about", Static).update(printable(chosen.told) if chosen is not None else "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        made, kind, which = self._assigned, *(event.option.id or "").partition(":")[::2]
        if made is None:
            return
        if kind == CALL and made.held.withdrawn is None:
            self._open(which)
        elif kind == TAKE and any(take.attempt == which and take.score is not None for take in made.takes):
            self.bowout.open_attempt(which)
        elif kind == ANSWER:
            answer = made.held.answers[int(which)]
            attempts = [a for sent in made.held.submissions if sent.result == answer.result for a in sent.attempts]
            if attempts:
                self.bowout.open_attempt(attempts[0])

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def _open(self, scenario: str) -> None:
        """The takes are counted anew: another window may have made one."""
        made = assigned(self.services, self._which)
        self.post_message(PieceRead(made, scenario, piece(self.services, made.held, scenario)))

    def on_piece_read(self, event: PieceRead) -> None:
        from bowout.tui.screens.assigned_take import AssignedReadScreen

        may = event.assigned.may(event.scenario, self.services.now())
        if not may.may:
            self.bowout.say(f"{may.why} S sends one of them.", severe=True)
        elif self.is_current:
            self.app.push_screen(AssignedReadScreen(Order(event.assigned.held.assignment, event.piece, may)))

    # Ways on, and out.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        made = self._assigned
        if action in ("submit", "withdraw"):
            return made is not None and made.held.withdrawn is None
        return made is not None if action == "delete" else True

    def action_submit(self) -> None:
        from bowout.tui.screens.submit import SubmitScreen

        if self._assigned is not None:
            self.app.push_screen(SubmitScreen(self._assigned.held))

    def action_terms(self) -> None:
        terms = self.query_one("#terms")
        self.set_focus(self.query_one(AssignmentList) if terms.has_focus else terms)

    def action_withdraw(self) -> None:
        made = self._assigned
        if made is None:
            return
        sent = bool(made.held.submissions)
        note = "Your takes stay yours. "
        note += (
            "What you have handed over can't be called back from here; the file asks your coach's program to delete it."
            if sent
            else "Nothing was sent, so there is nothing to ask back."
        )
        choices = WITHDRAW if sent else WITHDRAW[:2]
        self.app.push_screen(ChooseScreen("Leave this assignment?", choices, note), self._withdrawn)

    def _withdrawn(self, answer: str | None) -> None:
        from bowout.tui.screens.submit import ask_file

        made = self._assigned
        if made is None:
            return
        if answer == "leave":
            self._withdraw(None)
        elif answer == "ask":
            ask_file(self, made.held, len(made.held.submissions) + 1, self._withdraw)

    @work(thread=True, exclusive=True, group="assignment", exit_on_error=False)
    def _withdraw(self, path: Path | None) -> None:
        from bowout.tui.screens.submit import free

        held = self.services.learner.withdraw(self._which, None if path is None else free(path))
        told = "You have left it. Your takes stay yours."
        if path is not None:
            told += f" Hand {path} over to {held.assignment.coach.name}, as before."
        self.post_message(AssignmentLeft(told))

    def action_delete(self) -> None:
        made = self._assigned
        if made is not None:
            note = "Its terms and answers go from this machine. Your takes stay in the history, and what you have "
            note += "handed over stays with your coach: to ask for it back, leave the assignment first."
            kept = (("keep", "Keep it"), ("delete", "Delete it"))
            self.app.push_screen(ChooseScreen("Delete this assignment?", kept, note), self._deleted)

    def _deleted(self, answer: str | None) -> None:
        if answer == "delete":
            self._delete()

    @work(thread=True, exclusive=True, group="assignment", exit_on_error=False)
    def _delete(self) -> None:
        self.services.learner.delete(self._which)
        self.post_message(AssignmentLeft("Deleted. Your takes stay in the history."))

    def on_assignment_left(self, event: AssignmentLeft) -> None:
        self.bowout.say(event.told)
        self.dismiss()

    def action_back(self) -> None:
        self.dismiss()


class AssignmentsScreen(AppScreen[None]):
    """Every assignment that was accepted, those that were left included."""

    AUTO_FOCUS = "#assignments"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "app.open_file", "Open a file", id="assignments.file", tooltip="Open what a coach has sent you"),
        Binding("escape", "back", "Back", id="assignments.back", tooltip="Back"),
    ]

    def compose(self) -> ComposeResult:
        yield TopBar("Assignments", self.bowout.ear_shown)
        yield Static("One moment …", id="standing", markup=False)
        yield Choices(id="assignments", markup=False)
        yield Footer(show_command_palette=False)

    def on_screen_resume(self) -> None:
        self._read()

    @work(thread=True, exclusive=True, group="assignment", exit_on_error=False)
    def _read(self) -> None:
        self.post_message(AssignmentsRead(self.services.learner.list()))

    def on_assignments_read(self, event: AssignmentsRead) -> None:
        now, choices = self.services.now(), self.query_one(Choices)
        at = choices.highlighted or 0
        rows = [Option(_row(held, state_words(Assigned(held), now)), id=held.assignment.id) for held in event.held]
        choices.set_options(rows)
        choices.highlighted = min(at, len(rows) - 1) if rows else None
        said = "Enter opens one." if rows else "A coach's file is opened with O. Nothing has been accepted so far."
        self.query_one("#standing", Static).update(said)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id is not None:
            self.app.push_screen(AssignmentScreen(event.option.id))

    def action_back(self) -> None:
        self.dismiss()


def _row(held: Held, state: str) -> str:
    told = "you left it" if held.withdrawn is not None else state
    return printable(f"{' '.join(held.assignment.title.split())}\n  {told}")


__all__ = ["AssignmentScreen", "AssignmentsScreen"]
