"""Open a file: whom it is from, what it asks, and what would go back; nothing is kept without a key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import unquote, urlsplit

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Input, Static

from bowout.core.coaching.dates import due_words
from bowout.core.coaching.terms import terms_in_words
from bowout.core.coaching.words import answer_lines
from bowout.core.safety import printable
from bowout.errors import BowoutError, InputError
from bowout.rehearsal.coaching import Held, Opened, Outcome
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.choose import AskScreen, ChooseScreen
from bowout.tui.widgets.top_bar import TopBar

Page = Literal["ask", "looking", "assignment", "answer", "result", "pack", "working"]
ASK = "Which file has your coach sent you?"
HOW = "Type or paste where it is. Enter looks into it: nothing is accepted by that."


@dataclass
class FileLooked(Message):
    """What the file is."""

    opened: Opened
    who: str
    """By which the user's coaches know them so far."""
    coach: bool
    """The user is a coach, too."""


@dataclass
class Accepted(Message):
    """The assignment is kept."""

    held: Held


@dataclass
class AnswerTaken(Message):
    """The answer is kept beside the assignment and in the takes' records."""

    held: Held


@dataclass
class Collected(Message):
    """What became of a result."""

    outcome: Outcome


class OpenFileScreen(AppScreen[None]):
    """A line to type in, then what the file is."""

    AUTO_FOCUS = "#path"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "Accept", id="open.accept", tooltip="Accept what is shown"),
        Binding("d", "decline", "Decline", id="open.decline", tooltip="Keep nothing of it; nobody is told"),
        Binding("enter", "go_on", "Open it", id="open.go_on", tooltip="Open what the file belongs to"),
        Binding("escape", "back", "Back", id="open.back", tooltip="To the line, then back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.page: Page = "ask"
        self._opened: Opened | None = None
        self._who = ""
        self._coach = False

    def compose(self) -> ComposeResult:
        yield TopBar("Open a file", self.bowout.ear_shown)
        with Vertical(id="open-file"):
            yield Static(ASK, classes="title", id="ask", markup=False)
            yield Input(id="path", placeholder="~/Downloads/class.bowassign")
            yield Static(HOW, id="how", classes="aside", markup=False)
            yield Static("", id="wrong", markup=False)
            with VerticalScroll(id="sheet"):
                yield Static("", id="from")
                yield Static("", id="asked", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._open("ask")

    def _open(self, page: Page, wrong: str = "") -> None:
        self.page = page
        asking = page in ("ask", "looking")
        for part in ("#ask", "#path", "#how"):
            self.query_one(part).display = asking
        self.query_one("#sheet").display = not asking
        line = self.query_one("#wrong", Static)
        line.update(f"! {wrong}" if wrong else "")
        line.display = bool(wrong)
        self.set_focus(self.query_one("#path" if asking else "#sheet"))
        self.refresh_bindings()

    # Looking.

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() and self.page == "ask":
            self._open("looking")
            self._look(event.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#wrong").display = False

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def _look(self, typed: str) -> None:
        path = pasted(typed)
        if not path.is_file():
            raise InputError(f"There is no file “{path}”.", "Check the name.")
        learner, coach = self.services.learner, self.services.coach
        opened = learner.look(path)
        held = learner.list()
        if opened.kind == "answer" and not opened.held:
            learner.take_answer(opened, self.services.records)
        self.post_message(FileLooked(opened, held[0].who if held else "", coach.me is not None))

    def on_file_looked(self, event: FileLooked) -> None:
        opened = event.opened
        self._opened, self._who, self._coach = opened, event.who, event.coach
        self.query_one("#from", Static).update(self._from(opened))
        self.query_one("#asked", Static).update("\n".join(map(printable, self._asked(opened))))
        self._open(opened.kind)
        self.query_one("#sheet").scroll_home(animate=False)

    def _from(self, opened: Opened) -> Content:
        """Whom it is from, and how far that can be believed."""
        if opened.assignment is None:
            return Content.styled(printable(opened.path.name), "bold")
        coach = opened.assignment.coach
        told = Content.assemble(
            ("From ", "dim"), (coach.name, "bold"), "\n", ("Fingerprint ", "dim"), coach.fingerprint
        )
        if opened.trust == "known":
            other = f" as {opened.before.name}'s" if opened.before is not None else ""
            return Content.assemble(told, "\n", (f"✓ You know these keys{other}.", "$text-success"))
        if opened.trust == "new":
            words = "You meet these keys for the first time: compare the fingerprint with your coach, by another way "
            return Content.assemble(told, "\n", ("? ", "bold $text-warning"), words, "than this file came.")
        before = f"{opened.before.fingerprint}, {opened.before.name}" if opened.before is not None else ""
        return Content.assemble(
            (" !!! WARNING: THE KEYS HAVE CHANGED !!! ", "bold reverse $text-error"), "\n", told, "\n",
            ("Until now   ", "dim"), (before, "bold"), "\n",
            (f"Either {coach.name} has made new keys, or somebody else uses the name. ", "$text-error"),
            "Ask them, by another way than this file came, before you accept.",
        )  # fmt: skip

    def _asked(self, opened: Opened) -> list[str]:
        assignment = opened.assignment
        if opened.kind == "assignment" and assignment is not None:
            told = [*terms_in_words(assignment, due_words(assignment.terms.due, self.services.now())), ""]
            if opened.held:
                return [*told, "You have accepted it already. Enter opens it."]
            return [*told, "A accepts it, D declines. Declined, nothing is kept, and nobody is told."]
        if opened.kind == "answer" and opened.answer is not None:
            return [*answer_lines(opened.answer), "", "It is kept. Enter shows it beside your take."]
        if opened.kind == "pack":
            return ["A pack of calls. Install it on the command line:", "", f"bowout pack install {opened.path}"]
        if self._coach:
            return ["A result, sealed for a coach. A takes it in for your review queue."]
        return ["A result, sealed for a coach: only they can open it. Hand it over as it is."]

    # Accepting and declining.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        opened = self._opened
        if action in ("accept", "decline"):
            if opened is None or self.page not in ("assignment", "result"):
                return False
            return not opened.held if self.page == "assignment" else self._coach and action == "accept"
        if action == "go_on":
            return self.page == "answer" or (self.page == "assignment" and opened is not None and opened.held)
        return True

    def action_accept(self) -> None:
        opened = self._opened
        if opened is None:
            return
        if opened.kind == "result":
            self._open("working")
            self._collect(opened.path)
        elif opened.trust == "changed":
            assert opened.assignment is not None, "only an assignment is accepted"
            title = f"Have you asked {opened.assignment.coach.name}?"
            note = "By another way than this file came: a call, a talk, a letter. The fingerprint they name must be "
            note += f"{opened.assignment.coach.fingerprint}."
            choices = (
                ("no", "No, or it is another: accept nothing"),
                ("yes", "Yes, it is theirs: accept the new keys"),
            )
            self.app.push_screen(ChooseScreen(title, choices, note), self._compared)
        else:
            self._ask_name()

    def _compared(self, answer: str | None) -> None:
        if answer == "yes":
            self._ask_name()

    def _ask_name(self) -> None:
        note = "It goes with everything you send to this coach. Enter accepts the assignment."
        title = "By which name, number or address does your coach know you?"
        self.app.push_screen(AskScreen(title, note, _no_name, self._who), self._named)

    def _named(self, who: str | None) -> None:
        if who is not None and self._opened is not None:
            self._open("working")
            self._accept(self._opened, who)

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def _accept(self, opened: Opened, who: str) -> None:
        self.post_message(Accepted(self.services.learner.accept(opened, who, new_key=opened.trust == "changed")))

    def on_accepted(self, event: Accepted) -> None:
        self._to_assignment(event.held.assignment.id)

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def _collect(self, path: Path) -> None:
        self.post_message(Collected(self.services.coach.collect(path)))

    def on_collected(self, event: Collected) -> None:
        outcome = event.outcome
        said = {"accepted": "Taken in.", "again": "Taken in before.", "withdrawn": "Taken back by its sender."}
        told = f"{said.get(outcome.state, 'Refused.')} {outcome.why}".strip()
        self._opened = None
        self.query_one("#path", Input).clear()
        self._open("ask")
        self.bowout.say(printable(told), severe=outcome.state == "refused")

    def action_decline(self) -> None:
        self._opened = None
        self._open("ask")
        self.bowout.say("Declined. Nothing was kept, and nobody is told.")

    def action_go_on(self) -> None:
        opened = self._opened
        if opened is None or opened.assignment is None:
            return
        if opened.answer is not None:
            self._beside(opened)
        else:
            self._to_assignment(opened.assignment.id)

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def _beside(self, opened: Opened) -> None:
        """Open the review of the take that the answer is about."""
        assert opened.answer is not None and opened.assignment is not None, "an answer is shown"
        held = self.services.learner.load(opened.assignment.id)
        attempts = [a for sent in held.submissions if sent.result == opened.answer.result for a in sent.attempts]
        if not attempts:
            raise InputError("Your take is not on this machine.", "The answer is kept with the assignment.")
        self.bowout.open_attempt(attempts[0])

    def _to_assignment(self, assignment: str) -> None:
        from bowout.tui.screens.assignment import AssignmentScreen

        self.app.switch_screen(AssignmentScreen(assignment))

    def failed(self, error: BaseException) -> None:
        """In place, on the page where it can be mended."""
        if not isinstance(error, BowoutError):
            super().failed(error)
            return
        self._open(
            "ask" if self.page == "looking" else (self._opened.kind if self._opened else "ask"), error.sentence()
        )

    def action_back(self) -> None:
        if self.page in ("ask", "looking"):
            self.dismiss()
        elif self.page != "working":
            self._open("ask")


def pasted(typed: str) -> Path:
    """The file that is meant by what was typed, pasted or dragged in: quotes, ``file://`` and escaped spaces are what
    terminals and file managers make of a path."""
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if text.startswith("file://"):
        text = unquote(urlsplit(text).path)
    path = Path(text).expanduser()
    if "\\ " in text and not path.exists():
        path = Path(text.replace("\\ ", " ")).expanduser()
    return path


def _no_name(text: str) -> str:
    return "" if text.strip() else "Your coach must know whom it is from."


__all__ = ["OpenFileScreen", "pasted"]
