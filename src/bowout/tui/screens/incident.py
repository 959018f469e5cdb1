"""Incident notes: what happened in an interview, written down once, added to, never changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from bowout.core.case import Case
from bowout.core.decide_questions import Question
from bowout.core.draft import Draft, key_of
from bowout.core.incident import Incident, begun, export_text, incident_from, note_lines, plain, questions, row, taken
from bowout.core.safety import printable
from bowout.tui.screens.base import AppModal, AppScreen
from bowout.tui.screens.resuming import ResumingScreen
from bowout.tui.screens.saving import SavingScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.top_bar import TopBar

_LONG = ("what", "more")
"""Questions whose answers may have several lines."""


@dataclass
class NotesRead(Message):
    """All notes, newest first."""

    notes: list[Incident]


@dataclass
class NoteKept(Message):
    """It is on disk."""

    note: Incident


@dataclass
class NoteDeleted(Message):
    """It is gone."""


class IncidentsScreen(AppScreen[None]):
    """The notes there are, of one case or of all; straight to a new one where there is none."""

    AUTO_FOCUS = "#notes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="incidents.back", tooltip="Back to where you were"),
    ]

    @property
    def guide_page(self) -> str:
        return "unsafe"

    def __init__(self, case: Case | None = None) -> None:
        super().__init__()
        self._case = case
        self._notes: dict[str, Incident] = {}

    def compose(self) -> ComposeResult:
        yield TopBar("Incident notes", self.bowout.ear_shown)
        yield Choices(id="notes", markup=False)
        yield Footer(show_command_palette=False)

    def on_screen_resume(self) -> None:
        self._read()

    @work(thread=True, exclusive=True, group="notes", exit_on_error=False)
    def _read(self) -> None:
        self.post_message(NotesRead(self.services.incidents.list()))

    def on_notes_read(self, event: NotesRead) -> None:
        case = self._case
        notes = [note for note in event.notes if case is None or note.case == case.id]
        if not notes and not self._notes:
            self.app.switch_screen(IncidentNewScreen(case))
            return
        if case is not None and len(notes) == 1 and not self._notes:
            self.app.switch_screen(IncidentScreen(notes[0]))
            return
        self._notes = {note.id: note for note in notes}
        choices = self.query_one("#notes", Choices)
        at = choices.highlighted or 0
        rows = [Option("A new note: what happened?", id="new")]
        rows += [Option(printable(row(note)), id=note.id) for note in notes]
        choices.set_options(rows)
        choices.highlighted = min(at, len(rows) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id == "new":
            self.app.push_screen(IncidentNewScreen(self._case))
        elif event.option.id in self._notes:
            self.app.push_screen(IncidentScreen(self._notes[event.option.id]))

    def action_back(self) -> None:
        self.dismiss()


class IncidentNewScreen(ResumingScreen[None]):
    """All questions on one page, the facts first. F6 makes a note of it; until then it is a draft."""

    AUTO_FOCUS = "#note-what"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f6",
            "keep",
            "Keep the note",
            id="incident.keep",
            priority=True,
            tooltip="Keep it; it can be added to, not changed",
        ),
        Binding("tab", "app.focus_next", "Next", id="incident.next", tooltip="The next line"),
        Binding("escape", "back", "Back", id="incident.new_back", tooltip="Back; what is written stays as a draft"),
    ]

    @property
    def guide_page(self) -> str:
        return "unsafe"

    def __init__(self, case: Case | None = None) -> None:
        super().__init__()
        self._case = case
        self._asked: tuple[Question, ...] = ()
        self._keeping = False

    def compose(self) -> ComposeResult:
        self._asked = questions(self._case, self.services.now())
        yield TopBar("Incident note", self.bowout.ear_shown)
        with VerticalScroll(id="note-form", can_focus=False):
            yield Static(
                "The facts first, as exactly as you can. For you alone; you decide who ever sees it.",
                classes="aside",
                markup=False,
            )
            for question in self._asked:
                id_ = f"note-{question.id}"
                if question.id in _LONG:
                    yield Static(f"{question.ask} {question.help}", classes="ask", markup=False)
                    yield TextArea(id=id_, tab_behavior="focus", compact=True, classes=question.id)
                else:
                    with Horizontal(classes="row"):
                        yield Static(question.ask, classes="label", markup=False)
                        yield Input(question.default, placeholder=question.help, id=id_, compact=True)
        yield Static("", id="note-hint", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.read_draft()

    @property
    def occupied(self) -> bool:
        return self._keeping

    @property
    def draft_key(self) -> str:
        return key_of("incident", self._case.id if self._case is not None else "")

    def texts(self) -> dict[str, str] | None:
        written = {question.id: self._typed(question.id) for question in self._asked}
        defaults = {question.id: question.default for question in self._asked}
        return written if any(text.strip() != defaults[name] for name, text in written.items()) else None

    def resume(self, draft: Draft) -> None:
        for name, text in begun(self._asked, draft, self.services.now()).items():
            widget = self.query_one(f"#note-{name}")
            if isinstance(widget, TextArea):
                widget.load_text(text)
            elif isinstance(widget, Input):
                widget.value = text

    def _typed(self, name: str) -> str:
        widget = self.query_one(f"#note-{name}")
        return widget.text if isinstance(widget, TextArea) else widget.value if isinstance(widget, Input) else ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    def action_keep(self) -> None:
        now = self.services.now()
        answers: dict[str, str] = {}
        for question in self._asked:
            asked = replace(question, default="") if question.optional else question
            answers[question.id], wrong = taken(asked, self._typed(question.id), now)
            if wrong:
                self._hint(f"! {question.ask} {wrong}")
                self.query_one(f"#note-{question.id}").focus()
                return
        if not self._keeping:
            self._keeping = True
            self._keep(incident_from(answers, now, self._case.id if self._case is not None else ""))

    @work(thread=True, exclusive=True, group="note", exit_on_error=False)
    def _keep(self, note: Incident) -> None:
        self.post_message(NoteKept(self.services.incidents.begin(note)))

    def on_note_kept(self, event: NoteKept) -> None:
        self.drop_draft()
        self.app.switch_screen(IncidentScreen(event.note))

    def failed(self, error: BaseException) -> None:
        self._keeping = False
        super().failed(error)

    def _hint(self, text: str) -> None:
        self.query_one("#note-hint", Static).update(text)

    def action_back(self) -> None:
        self.leave()

    def on_text_area_changed(self) -> None:
        self._changed()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._changed()

    def _changed(self) -> None:
        if self._keeping:
            return
        if self.texts() is None:
            self.drop_draft()
        else:
            self.draft()


class IncidentScreen(SavingScreen):
    """One note, to read, add to, save as text, or delete as a whole."""

    AUTO_FOCUS = "#note"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="incident.add", tooltip="Add something, with its own date; nothing is changed"),
        Binding("s", "save", "Save as text", id="incident.save", tooltip="Save the whole note as a text file"),
        Binding("f4", "app.guide", "Whom to tell", id="incident.guide", tooltip="The guide: whom one can tell"),
        Binding("delete", "delete", "Delete", id="incident.delete", tooltip="Delete the whole note"),
        Binding("escape", "back", "Back", id="incident.back", tooltip="Back to where you were"),
    ]

    @property
    def guide_page(self) -> str:
        return "reporting"

    def __init__(self, note: Incident) -> None:
        super().__init__()
        self.note = note
        self._sure = False

    def compose(self) -> ComposeResult:
        yield TopBar("Incident note", self.bowout.ear_shown)
        with VerticalScroll(id="note"):
            yield Static("", id="note-text")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        title, *lines = note_lines(self.note)
        shown = [Content.styled(title, "bold $text-primary"), *(Content(printable(line)) for line in lines)]
        told = "Kept, readable by you alone. It can be added to, and not changed."
        shown += [Content(""), Content.styled(told, "dim")]
        self.query_one("#note-text", Static).update(Content("\n").join(shown))

    def on_note_kept(self, event: NoteKept) -> None:
        self.note = event.note
        self.bowout.drafting.drop(key_of("addition", self.note.id))
        self._show()
        self.query_one("#note", VerticalScroll).scroll_end(animate=False)

    # Adding to it.

    def action_add(self) -> None:
        self.app.push_screen(AddScreen(self.note.id), self._added)

    def _added(self, text: str | None) -> None:
        if text is not None:
            self._add(text)

    @work(thread=True, group="note", exit_on_error=False)
    def _add(self, text: str) -> None:
        self.post_message(NoteKept(self.services.incidents.add(self.note.id, text, self.services.now())))

    # A file, and the end of it.

    def action_save(self) -> None:
        name = f"incident-{self.note.happened:%Y-%m-%d}.txt"
        self.save_text("Save the note as a text file", name, export_text(self.note))

    def action_delete(self) -> None:
        if not self._sure:
            self._sure = True
            self.bowout.say("Delete once more deletes the whole note for good. Save it first?", severe=True)
            return
        self._delete()

    @work(thread=True, group="note", exit_on_error=False)
    def _delete(self) -> None:
        self.bowout.drafting.settle()
        self.services.incidents.delete(self.note.id)
        self.services.drafts.drop_of(self.note.id)
        self.post_message(NoteDeleted())

    def on_note_deleted(self) -> None:
        self.dismiss()

    def action_back(self) -> None:
        self.dismiss()


class AddScreen(AppModal[str], ResumingScreen[str]):
    """Some lines to add; answers with them, or with nothing."""

    AUTO_FOCUS = "#more"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f6",
            "keep",
            "Add it",
            id="incident_add.keep",
            priority=True,
            tooltip="Add it to the note, with today's date",
        ),
        Binding("escape", "back", "Back", id="incident_add.back", tooltip="Back; what is written stays as a draft"),
    ]

    def __init__(self, note_id: str) -> None:
        super().__init__()
        self._note = note_id

    @property
    def draft_key(self) -> str:
        return key_of("addition", self._note)

    def texts(self) -> dict[str, str] | None:
        text = self.query_one("#more", TextArea).text
        return {"text": text} if text.strip() else None

    def resume(self, draft: Draft) -> None:
        self.query_one("#more", TextArea).load_text(draft.texts.get("text", ""))

    def on_mount(self) -> None:
        self.read_draft()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("What is to be added? It gets today's date.", classes="title", markup=False)
            yield TextArea(id="more")
            yield Static("", id="wrong", markup=False)
        yield Footer(show_command_palette=False)

    def action_keep(self) -> None:
        text, wrong = plain(self.query_one("#more", TextArea).text)
        if wrong:
            self.query_one("#wrong", Static).update(f"! {wrong}")
        else:
            self.dismiss(text)

    def on_text_area_changed(self) -> None:
        if self.texts() is None:
            self.drop_draft()
        else:
            self.draft()

    def action_back(self) -> None:
        self.leave()


__all__ = ["AddScreen", "IncidentNewScreen", "IncidentScreen", "IncidentsScreen"]
