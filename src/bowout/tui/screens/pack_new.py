"""A call of your own: ten questions, one a page, how the call goes, where it is kept, and straight into practice."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from bowout.core.pack_questions import TEMPLATE, Question, made, questions, taken, template_question
from bowout.core.pack_template import Kit
from bowout.core.pack_writing import Answers
from bowout.core.safety import printable
from bowout.core.scenario import Scenario, fill
from bowout.errors import BowoutError
from bowout.rehearsal.workshop import Kept, Plan
from bowout.tui.messages import ScenarioOpened
from bowout.tui.playing import play
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.top_bar import TopBar

Page = Literal["loading", "question", "template", "folder", "taken", "writing", "done"]
SURE_S = 4.0
"""A second Escape within this time leaves, though questions have been answered."""
STAYING = ("caller", "contact", "company", "role")
"""Answers that hold whatever the caller wants."""
DONE = {
    "practise": "Practise it now",
    "hear": "Hear a line",
    "another": "Make another one",
    "leave": "Back to Home",
}


@dataclass
class KitRead(Message):
    """The templates are there."""

    kit: Kit


@dataclass
class NameTaken(Message):
    """There is a scenario of that name in the folder."""

    plan: Plan


@dataclass
class Written(Message):
    kept: Kept


@dataclass
class WouldLose(Message):
    """Installing would take away calls that are installed."""

    titles: list[str]


@dataclass
class LineHeard(Message):
    """A line was, or is about to be, spoken."""

    speaker: str
    text: str


class Entry(Input):
    """One line of an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Next", id="new.next", tooltip="Take this answer and go on"),
    ]


class PackNewScreen(AppScreen[None]):
    """Keyboard alone: type or move, Enter goes on, Escape goes back."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "hear", "Hear a line", id="new.hear", tooltip="Hear the next line of this call"),
        Binding("escape", "back", "Back", id="new.back", tooltip="Back to the question before, at last to Home"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.page: Page = "loading"
        self._kit: Kit | None = None
        self._answers: dict[str, str] = {}
        """In the form of the files."""
        self._typed: dict[str, str] = {}
        """As they were typed, for whoever comes back to a question."""
        self._at = 0
        self._folder = ""
        self._plan: Plan | None = None
        self._kept: Kept | None = None
        self._sure = False
        """Escape has been pressed once, or practising once."""
        self._refused = ""
        """What stood in the line when it was found wrong: the sentence stays until that is changed."""
        self._spoken = 0
        """Lines that were heard of this call."""

    def compose(self) -> ComposeResult:
        yield TopBar("New call", self.bowout.ear_shown)
        with Vertical(id="new"):
            yield Static("One moment …", id="ask", classes="title", markup=False)
            yield Static("", id="help", classes="aside", markup=False)
            yield Entry(id="entry")
            yield Choices(id="choices", markup=False)
            yield Static("", id="wrong", markup=False)
            yield Static("", id="heard", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        for part in ("#entry", "#choices"):
            self.query_one(part).display = False
        self._read_kit()

    @work(thread=True, exclusive=True, group="kit", exit_on_error=False)
    def _read_kit(self) -> None:
        from bowout.core.marking.resources import load

        kit = self.services.workshop.kit
        load()  # the reason is looked at as the marking will, at once
        self.post_message(KitRead(kit))

    def on_kit_read(self, event: KitRead) -> None:
        self._kit = event.kit
        self._open("question")

    # Pages.

    @property
    def _loaded(self) -> Kit:
        assert self._kit is not None, "no page is open before it is there"
        return self._kit

    @property
    def _question(self) -> Question:
        if self.page == "template":
            return template_question(self._answers, self._loaded)
        return questions(self._answers, self._loaded)[self._at]

    @property
    def _made(self) -> Answers:
        return made(self._answers, self._loaded)

    def _open(self, page: Page) -> None:
        """Show a page; what was wrong on the one before is forgotten."""
        self.page = page
        self._sure = False
        self._wrong("")
        self.query_one("#heard", Static).update("")
        match page:
            case "question" | "template":
                self._show_question(self._question)
            case "folder":
                self._show_entry(
                    "Where shall it be kept?",
                    "A folder of yours. If it is a pack already, the call is added to it; else a new pack is made.",
                    self._folder or str(self.services.workshop.suggested),
                )
            case "taken":
                assert self._plan is not None
                self._show_choices(
                    f"There is a call “{self._plan.name}” in this folder already",
                    str(self._plan.folder),
                    [Option("Keep both", id="both"), Option("Replace it", id="replace")],
                )
            case "writing":
                self._show_entry("Writing and checking …", "", None)
            case "done":
                self._show_done()
            case _:
                pass
        self._name_page()
        self.refresh_bindings()

    def _name_page(self) -> None:
        count = len(questions(self._answers, self._loaded))
        where = {"question": f"{self._at + 1} of {count}", "template": "how it goes", "folder": "where it is kept"}
        told = where.get(self.page, "")
        self.query_one(".where", Static).update(f"New call{' · ' + told if told else ''}")

    def _show_question(self, question: Question) -> None:
        help_ = question.help
        if question.choices:
            options = [
                Option(Content.assemble((c.title, "bold"), (f"\n  {c.says}" if c.says else "", "dim")), id=c.id)
                for c in question.choices
            ]
            self._show_choices(question.ask, help_, options)
            chosen = self._answers.get(question.id, question.default)
            known = [choice.id for choice in question.choices]
            self.query_one(Choices).highlighted = known.index(chosen) if chosen in known else 0
            return
        if question.example:
            help_ = f"{help_}\nFor example: {question.example}".strip()
        self._show_entry(question.ask, help_, self._typed.get(question.id, ""), question.default)

    def _show_entry(self, ask: str, help_: str, value: str | None, default: str = "") -> None:
        """A line to type in; ``None``: nothing to type."""
        self._head(ask, help_)
        entry = self.query_one(Entry)
        self.query_one(Choices).display = False
        entry.display = value is not None
        entry.placeholder = f"{default}  (Enter takes this)" if default else ""
        entry.value = value or ""
        entry.cursor_position = len(entry.value)
        self.set_focus(entry if value is not None else None)

    def _show_choices(self, ask: str, help_: str, options: list[Option]) -> None:
        self._head(ask, help_)
        self.query_one(Entry).display = False
        choices = self.query_one(Choices)
        choices.set_options(options)
        choices.highlighted = 0
        choices.display = True
        choices.focus()

    def _head(self, ask: str, help_: str) -> None:
        self.query_one("#ask", Static).update(ask)
        line = self.query_one("#help", Static)
        line.update(help_)
        line.display = bool(help_)

    def _show_done(self) -> None:
        kept = self._kept
        assert kept is not None
        told = f"Written: {kept.file}\n"
        told += "Checked: all is well." if not kept.problems else "Checked, and something is wrong with it:"
        options = [Option(text, id=key) for key, text in DONE.items() if key != "practise" or not kept.problems]
        self._show_choices("Your call is ready" if not kept.problems else "Your call is written", told, options)
        self._wrong("\n".join((*kept.problems, *(f"! {note}" for note in kept.notes))), mark="")

    def _wrong(self, sentence: str, *, mark: str = "! ") -> None:
        self._refused = self.query_one(Entry).value
        line = self.query_one("#wrong", Static)
        line.update(f"{mark}{sentence}" if sentence else "")
        line.display = bool(sentence)

    # Answers.

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._refused:
            self._wrong("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.page == "question":
            self._take(self._question, event.value)
        elif self.page == "folder" and event.value.strip():
            self._folder = event.value.strip()
            self._open("writing")
            self._look_and_write(self._folder, self._made)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        chosen = event.option.id or ""
        if self.page in ("question", "template"):
            self._take(self._question, chosen)
        elif self.page == "taken" and self._plan is not None:
            plan = self._plan
            self._open("writing")
            self._write(plan.folder, plan.name, self._made, both=chosen == "both")
        elif self.page == "done":
            self._go(chosen)

    def _take(self, question: Question, text: str) -> None:
        value, wrong = taken(question, text, self._answers, self._loaded)
        if wrong:
            self._wrong(wrong)
            return
        if question.id == "intent" and self._answers.get("intent", value) != value:
            # Suggestions and choices are others now.
            self._answers = {id_: kept for id_, kept in self._answers.items() if id_ in STAYING}
            self._typed = {id_: kept for id_, kept in self._typed.items() if id_ in STAYING}
        self._answers[question.id], self._typed[question.id] = value, text
        self._spoken = 0
        if question.id == TEMPLATE:
            self._open("folder")
        elif self._at + 1 < len(questions(self._answers, self._loaded)):
            self._at += 1
            self._open("question")
        else:
            self._open("template")

    # Writing, in a thread.

    @work(thread=True, exclusive=True, group="write", exit_on_error=False)
    def _look_and_write(self, folder: str, answers: Answers) -> None:
        workshop = self.services.workshop
        plan = workshop.plan(workshop.place(folder), answers)
        if plan.taken:
            self.post_message(NameTaken(plan))
        else:
            self.post_message(Written(workshop.keep(plan.folder, plan.name, answers, self.services.now())))

    @work(thread=True, exclusive=True, group="write", exit_on_error=False)
    def _write(self, folder: Path, name: str, answers: Answers, *, both: bool) -> None:
        workshop = self.services.workshop
        if both:
            name = workshop.free_name(folder, name)
        self.post_message(Written(workshop.keep(folder, name, answers, self.services.now(), replaces=not both)))

    def on_name_taken(self, event: NameTaken) -> None:
        self._plan = event.plan
        self._open("taken")

    def on_written(self, event: Written) -> None:
        self._kept = event.kept
        self._open("done")

    def failed(self, error: BaseException) -> None:
        """In place, on the page where it can be mended."""
        if not isinstance(error, BowoutError):
            super().failed(error)
            return
        if self.page == "writing":
            self._open("folder")
        self._wrong(error.sentence())

    # Hearing.

    def action_hear(self) -> None:
        if self.page == "template":
            option = self.query_one(Choices).highlighted_option
            answers = {**self._answers, TEMPLATE: option.id if option and option.id else self._question.default}
            self._hear(made(answers, self._loaded), self._spoken)
        else:
            self._hear(self._made, self._spoken)
        self._spoken += 1

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self.page == "template":
            self._spoken = 0

    @work(thread=True, exclusive=True, group="hear", exit_on_error=False)
    def _hear(self, answers: Answers, number: int) -> None:
        """The lines of the call, one after the other, in the order of the file. Without a voice they are shown."""
        stop: threading.Event = get_current_worker().cancelled_event
        scenario: Scenario = self.services.workshop.draft(answers)
        steps = list(scenario.steps.values())
        step = steps[number % len(steps)]
        text, speaker = fill(step.say[0], scenario.facts_at(self.services.now())), scenario.speaker(step)
        self.post_message(LineHeard(speaker.name, text))
        parts = self.services.parts(typed=True)
        clip = parts.lines.get(text, speaker)
        if clip.pcm and not stop.is_set():
            play(parts.playback, parts.sounds.phone_line(clip) if scenario.channel == "phone" else clip, stop)

    def on_line_heard(self, event: LineHeard) -> None:
        if self.page in ("template", "done"):
            self.query_one("#heard", Static).update(printable(f"{event.speaker}: “{event.text}”"))

    # What comes after.

    def _go(self, way: str) -> None:
        match way:
            case "practise":
                self._practise(self._sure)
            case "hear":
                self.action_hear()
            case "another":
                self._answers = {id_: kept for id_, kept in self._answers.items() if id_ in STAYING}
                self._typed = {id_: kept for id_, kept in self._typed.items() if id_ in STAYING}
                self._at = 0
                self._open("question")
            case _:
                self.dismiss()

    @work(thread=True, exclusive=True, group="write", exit_on_error=False)
    def _practise(self, sure: bool) -> None:
        """Install the pack, in place of an older one, and open the brief."""
        kept, workshop = self._kept, self.services.workshop
        assert kept is not None
        lost = [] if sure else workshop.lost_by_installing(kept.folder)
        if lost:
            self.post_message(WouldLose(lost))
            return
        key = workshop.install(kept.folder, kept.scenario)
        self.services.look_again()
        self.app.post_message(ScenarioOpened(self.services.scenario(key)))

    def on_would_lose(self, event: WouldLose) -> None:
        self._sure = True
        titles = ", ".join(f"“{' '.join(printable(title).split())}”" for title in event.titles[:3])
        more = f" and {len(event.titles) - 3} more" if len(event.titles) > 3 else ""
        self._wrong(
            f"A pack of this name is installed, with calls that are not in this folder: {titles}{more}. "
            "Enter once more replaces it."
        )

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "hear":
            return self.page in ("template", "done")
        return True

    def action_back(self) -> None:
        self.workers.cancel_group(self, "hear")
        match self.page:
            case "question" if self._at > 0:
                self._at -= 1
                self._open("question")
            case "template":
                self._open("question")
            case "folder":
                self._open("template")
            case "taken":
                self._open("folder")
            case "writing":
                pass  # it takes a second, and there is nothing to go back to
            case "question" if self._answers and not self._sure:
                self._sure = True
                self._wrong("Escape once more leaves. Nothing has been written.")
                self.set_timer(SURE_S, self._stay)
            case _:
                self.dismiss()

    def _stay(self) -> None:
        if self.page == "question" and self._sure:
            self._sure = False
            self._wrong("")

    def on_unmount(self) -> None:
        self.workers.cancel_group(self, "hear")


__all__ = ["PackNewScreen"]
