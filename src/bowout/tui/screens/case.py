"""A case's page: what was decided and why, the script, the five steps, and the way through read, speak, call, send."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Input, Static

from bowout.core import when
from bowout.core.case import RESULT_WORDS, Case, Report
from bowout.core.case_script import BLANK_WORDS, Script, script
from bowout.core.case_text import CHECKED, OPEN, checklist, export_text
from bowout.core.decide import decision_of
from bowout.core.decide_questions import Question, taken
from bowout.core.due import due
from bowout.core.guide_links import page_of_case
from bowout.core.own_call import Variant
from bowout.core.plan import NEEDS
from bowout.core.safety import printable
from bowout.core.scenario import Scenario
from bowout.core.worksheet import CHANNEL_WORDS, when_words, worksheet
from bowout.errors import InputError
from bowout.ports import AttemptSummary
from bowout.rehearsal.next_session import WRITES
from bowout.rehearsal.own import delete_case, own_scenario, own_variants, up_to_date
from bowout.tui.screens.base import AppModal
from bowout.tui.screens.check import Way
from bowout.tui.screens.decide import Answer
from bowout.tui.screens.saving import SavingScreen
from bowout.tui.widgets.top_bar import TopBar

AT_ONCE = timedelta(minutes=10)
"""So short before the interview the call comes before any reading and rehearsing."""


@dataclass
class CaseRead(Message):
    """The case as it is on disk now, and the last rehearsal of it."""

    case: Case
    last: AttemptSummary | None = None
    then: str = ""
    """What the user wanted next: ``send``."""
    noted: bool | None = None
    """Whether there is an incident note of it; ``None``: not looked."""


@dataclass
class VariantsRead(Message):
    """The ways in which the call can be rehearsed."""

    variants: list[Variant]


@dataclass
class OwnCallMade(Message):
    """The scenario for this case."""

    scenario: Scenario


@dataclass
class CaseExported(Message):
    """The whole case, for people."""

    text: str


@dataclass
class CaseDeleted(Message):
    """It is gone."""


def _until(by: datetime | None, now: datetime) -> str:
    if by is None:
        return ""
    return ": now" if when.elapsed(now, by).total_seconds() < 60 else f", by {when_words(by, now)}"


class BlankScreen(AppModal[str]):
    """One blank of the script; answers with the text in the form that is kept."""

    AUTO_FOCUS = "#entry"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Later", id="blank.back", tooltip="Leave it blank for now"),
    ]

    def __init__(self, question: Question, case: Case) -> None:
        super().__init__()
        self._question = question
        self._case = case

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._question.ask, classes="title", markup=False)
            yield Answer(id="entry")
            yield Static("", id="wrong", markup=False)
        yield Footer(show_command_palette=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        value, wrong = taken(self._question, event.value, dict(self._case.answers), self.services.now())
        if wrong:
            self.query_one("#wrong", Static).update(f"! {wrong}")
        else:
            self.dismiss(value)

    def action_back(self) -> None:
        self.dismiss(None)


class CaseScreen(SavingScreen):
    """One case. Enter takes the next step; every step has a key of its own."""

    AUTO_FOCUS = "#case"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "Next step", id="case.next", tooltip="The next step that is left"),
        Binding("a", "aloud", "Read", id="case.aloud", tooltip="Read the script aloud once"),
        Binding("r", "rehearse", "Rehearse", id="case.rehearse", tooltip="Rehearse my own call"),
        Binding("c", "call", "Call now", id="case.call", tooltip="The card for the real call, then what came of it"),
        Binding("s", "send", "Send", id="case.send", tooltip="The message, filled from what came of the call"),
        Binding("i", "incident", "Note", id="case.incident", tooltip="A private note of what happened"),
        Binding("t", "touched", "Written", id="case.touched", tooltip="I have written the light touch, or won't"),
        Binding("n", "number", show=False, id="case.number", tooltip="Add or change the phone number"),
        Binding("b", "callback", show=False, id="case.callback", tooltip="Your own number, for the voicemail"),
        Binding("x", "close_case", "Close", id="case.close", tooltip="It is done: nothing more is due"),
        Binding("e", "export", show=False, id="case.export", tooltip="Save the whole case as a text file"),
        Binding("f8", "plan", "Plan", show=False, id="case.plan", tooltip="Short sessions until the real call"),
        Binding("delete", "delete", show=False, id="case.delete", tooltip="Delete the case and its rehearsals"),
        Binding("escape", "back", "Back", id="case.back", tooltip="Back to Home"),
    ]

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        self._last: AttemptSummary | None = None
        self._noted = False
        self._sure = False
        self._gone = False
        self._files = threading.Lock()
        """One after the other, and told in that order: what is shown is the last word on disk."""

    @property
    def guide_page(self) -> str:
        return page_of_case(self.case, self.services.now())

    def compose(self) -> ComposeResult:
        yield TopBar("My case", self.bowout.ear_shown)
        with VerticalScroll(id="case"):
            yield Static("", id="decision")
            yield Static("", id="steps-done")
            yield Static("", id="to-say", classes="script")
            yield Static("", id="worksheet")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._show()

    def on_screen_resume(self) -> None:
        """Something may have been rehearsed, or marked as sent, meanwhile."""
        self._sure = False
        self._read()

    @work(thread=True, group="case", exit_on_error=False)
    def _read(self) -> None:
        with self._files:
            try:
                case, last = up_to_date(self.services, self.case)
                noted = self._wants_note and any(note.case == case.id for note in self.services.incidents.list())
                self.post_message(CaseRead(case, last, noted=noted))
            except InputError:
                if not self._gone:  # else it was deleted this moment, by this very screen
                    raise

    def on_case_read(self, event: CaseRead) -> None:
        self.case = event.case
        self._last = event.last or self._last
        self._noted = self._noted if event.noted is None else event.noted
        self._show()
        if event.then == "send":
            self.action_send()

    # What is shown.

    @property
    def script(self) -> Script:
        return script(self.case, self.services.now())

    def _show(self) -> None:
        case, now = self.case, self.services.now()
        decision, left = decision_of(case, now), due(case, now)
        head = [Content.styled(printable(case.title), "bold $text-primary"), Content(decision.why.says)]
        if not case.contacted:
            by = next((each.by for each in left if each.kind in ("call", "write", "say")), None)
            told = f"{CHANNEL_WORDS[decision.channel]}{_until(by, now)}. "
            head.append(Content.assemble((told, "bold"), decision.how.says))
        elif case.closed is None and not any(each.kind in ("call", "confirm", "touch") for each in left):
            head.append(Content.assemble(("Done: you have told them. ", "bold"), "X closes the case."))
        head += [
            Content.assemble(("! ", "bold $text-warning"), each.says)
            for each in left
            if each.kind in ("silent", "touch", "confirm") or (each.kind == "call" and case.report is not None)
        ]
        if self._wants_note:
            told = (
                "An incident note is kept: I." if self._noted else "Write down what happened while you remember it: I."
            )
            mark = ("✓ ", "$text-success") if self._noted else ("! ", "bold $text-warning")
            head.append(Content.assemble(mark, told))
        if case.closed is not None:
            head.append(Content.styled("Closed.", "bold"))
        self.query_one("#decision", Static).update(Content("\n").join(head))
        self._show_checklist()
        self._show_script()
        lines = [Content.assemble(("Why", "bold"), ("   F4: the guide on this", "dim"))]
        for rule in decision.rules:
            lines.append(Content.assemble(("  · ", "dim"), rule.says, " ", (f"({rule.place})", "dim")))
        for step in worksheet(case, now):
            lines.append(Content.styled(step.title, "bold"))
            for entry in step.entries:
                marks = {None: ("  · ", "dim"), True: (f"  {CHECKED} ", "$text-success"), False: (f"  {OPEN} ", "")}
                lines.append(Content.assemble(marks[entry.done], printable(entry.says)))
        self.query_one("#worksheet", Static).update(Content("\n").join(lines))
        self.refresh_bindings()

    def _show_checklist(self) -> None:
        parts: list[Content] = []
        score = self._last.score if self._last is not None else None
        for name, done, words in checklist(self.case, self.services.now(), score):
            mark = (f"{CHECKED} ", "$text-success") if done else (f"{OPEN} ", "$text-warning")
            parts.append(Content.assemble(mark, (name, "bold"), f": {words}"))
        steps = Content("   ").join(parts)
        if (report := self.case.report) is not None:
            slot = f": {when.spoken(report.slot, self.services.now())}" if report.slot is not None else ""
            came = Content.assemble(("What came of it: ", "bold"), f"{RESULT_WORDS[report.result]}{slot}")
            steps = Content("\n").join([steps, came])
        if self._to_plan:
            steps = Content("\n").join([steps, Content.styled("F8 plans a few short sessions until then.", "dim")])
        self.query_one("#steps-done", Static).update(steps)

    @property
    def _to_plan(self) -> bool:
        """There is a call, it is still to be made, and there is more time than for one rehearsal."""
        now = self.services.now()
        decision = decision_of(self.case, now)
        by = None if decision.writes else decision.by
        contact = any(each.kind in ("call", "write", "say") for each in due(self.case, now))
        return self.case.intent is not None and contact and by is not None and when.elapsed(now, by) > NEEDS

    def _show_script(self) -> None:
        said = self.script
        box = self.query_one("#to-say", Static)
        box.display = bool(said.parts)
        lines = [Content(printable(part.text)) for part in said.parts]
        if decision_of(self.case, self.services.now()).writes:
            lines.insert(0, Content.styled("Should they ring you:", "dim"))
        box.update(Content("\n").join(lines))

    # The steps.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted:
            return True
        channel = decision_of(self.case, self.services.now()).channel
        touch = any(each.kind == "touch" for each in due(self.case, self.services.now()))
        if action == "rehearse":
            return self.case.intent is not None and bool(self.script.parts) and not self.case.crossed and not touch
        if action == "aloud":
            return bool(self.script.parts)
        if action == "call":
            return channel in ("phone", "in_person") or bool(self.case.number)
        if action == "send":
            return channel != "none" and self.case.path not in ("learn", "pause")
        if action == "incident":
            return self._wants_note
        if action == "touched":
            return touch
        if action == "close_case":
            return self.case.closed is None
        return True

    def action_next(self) -> None:
        """Blanks first; then read, speak, call, send."""
        case = self.case
        decision = decision_of(case, self.services.now())
        reported = case.report is not None and case.report.result != "none"
        over = reported or case.answers.get("stage") == "after"
        if self._wants_note and over and not self._noted:
            self.action_incident()
        elif not self.script.parts:
            if decision.channel == "email":
                self.action_send()
            else:
                self.bowout.say("Nothing has to be said or sent. Go to it, and be prepared.")
        elif self.script.missing:
            self._fill()
        elif self._at_once and not reported:
            self.action_call()
        elif "read" not in case.done and not decision.writes:
            self.action_aloud()
        elif case.intent is not None and "spoken" not in case.done and not reported and not decision.writes:
            self.action_rehearse()
        elif not reported and decision.channel in ("phone", "in_person"):
            self.action_call()
        elif case.path not in ("learn", "pause"):
            self.action_send()

    @property
    def _at_once(self) -> bool:
        """The interview has begun, or begins within minutes, and it is to be said: nothing comes before that."""
        case, now = self.case, self.services.now()
        if decision_of(case, now).channel not in ("phone", "in_person") or case.path in ("learn", "repair"):
            return False
        soon = case.interview is not None and when.elapsed(now, case.interview) < AT_ONCE
        return case.under_way or soon

    def _blank(self) -> bool:
        """With a blank left nothing can be rehearsed, called or sent: ask for it."""
        if self.script.parts and not self.script.ready:
            self._fill()
            return True
        return False

    def _fill(self) -> None:
        """Each blank is asked for once."""
        name = self.script.missing[0] if self.script.missing else ""
        if not name:
            return
        field = {"when": "interview", "option_1": "options", "option_2": "options"}.get(name, name)
        ask = "Which two other times can you offer?" if field == "options" else BLANK_WORDS.get(name, name)
        kind = {"interview": "time", "options": "times"}.get(field, "text")
        question = Question(field, ask, kind=kind)  # type: ignore[arg-type]
        self.app.push_screen(BlankScreen(question, self.case), partial(self._filled, field))

    def _filled(self, field: str, value: str | None) -> None:
        if value is not None:
            self._change(field, value)

    @work(thread=True, group="case", exit_on_error=False)
    def _change(self, field: str, value: str) -> None:
        changes: dict[str, Any] = {field: value}
        if field == "options":
            changes = {"options": value.split()}
        elif field == "reason":
            changes["reason_written"] = value
        elif field == "interview":
            changes["answers"] = {**self.case.answers, "interview": value}
        with self._files:
            self.post_message(CaseRead(self.services.cases.change(self.case.id, **changes)))

    def action_number(self) -> None:
        question = Question("number", "Their phone number?", optional=True)
        self.app.push_screen(BlankScreen(question, self.case), partial(self._filled, "number"))

    def action_callback(self) -> None:
        """Never asked: whoever wants to be rung back gives it here, for the voicemail text of the card."""
        question = Question("number", "Your own number, for the voicemail? Empty: none.", optional=True)
        self.app.push_screen(BlankScreen(question, self.case), partial(self._filled, "callback"))

    def action_aloud(self) -> None:
        from bowout.tui.screens.read_aloud import ReadAloudScreen

        if not self._blank():
            self.bowout.warm_ear()
            self.app.push_screen(ReadAloudScreen(self.script), self._read_aloud)

    def _read_aloud(self, way: Way | None) -> None:
        if way is not None:
            self._did("read")

    def action_touched(self) -> None:
        self._did("touched")

    @work(thread=True, group="case", exit_on_error=False)
    def _did(self, what: str) -> None:
        with self._files:
            self.post_message(CaseRead(self.services.cases.did(self.case.id, what, self.services.now())))

    @property
    def _wants_note(self) -> bool:
        """A line was crossed: what happened is to be written down."""
        return self.case.answers.get("happened") == "misconduct"

    def action_incident(self) -> None:
        from bowout.tui.screens.incident import IncidentsScreen

        self.app.push_screen(IncidentsScreen(self.case))

    # Rehearsing it.

    def action_rehearse(self) -> None:
        if not self._blank():
            self._read_variants(self.case)

    @work(thread=True, exclusive=True, group="own", exit_on_error=False)
    def _read_variants(self, case: Case) -> None:
        self.post_message(VariantsRead(list(own_variants(self.services, case))))

    def on_variants_read(self, event: VariantsRead) -> None:
        from bowout.tui.screens.choose import ChooseScreen

        found = {variant.id: variant for variant in event.variants}

        def make(chosen: str | None) -> None:
            if chosen is not None:
                self._make(self.case, found[chosen])

        lines = [(variant.id, variant.title) for variant in event.variants]
        self.app.push_screen(ChooseScreen("Rehearse my own call: how does it go?", lines), make)

    @work(thread=True, exclusive=True, group="own", exit_on_error=False)
    def _make(self, case: Case, variant: Variant) -> None:
        self.post_message(OwnCallMade(own_scenario(self.services, case, variant)))

    def on_own_call_made(self, event: OwnCallMade) -> None:
        from bowout.tui.screens.read import ReadScreen

        self.app.push_screen(ReadScreen(event.scenario, {"case": self.case.id}))

    def action_plan(self) -> None:
        """Sessions are spoken; where nobody is called, the writing is what is rehearsed."""
        if decision_of(self.case, self.services.now()).writes and not self.case.contacted:
            self.bowout.say(f"{WRITES} S opens the message; V there checks it until it passes.")
        else:
            self.bowout.action_plan(self.case)

    # The real call, and what came of it.

    def action_call(self) -> None:
        from bowout.tui.screens.call_now import CallNowScreen

        if not self._blank():
            self.app.push_screen(CallNowScreen(self.case), self._called)

    def _called(self, report: Report | None) -> None:
        if report is not None:
            self._keep_report(report)

    @work(thread=True, group="case", exit_on_error=False)
    def _keep_report(self, report: Report) -> None:
        with self._files:
            case = self.services.cases.report(self.case.id, report)
            # After misconduct comes the note, and a message only if one is wanted.
            writes = report.result != "none" and case.path not in ("learn", "pause") and not case.crossed
            self.post_message(CaseRead(case, None, "send" if writes else ""))

    def action_send(self) -> None:
        if not self._blank():
            self._open_message()

    def _open_message(self) -> None:
        from bowout.tui.screens.send import SendScreen

        self.app.push_screen(SendScreen(self.case))

    # A file, closing, deleting.

    @work(thread=True, exclusive=True, group="export", exit_on_error=False)
    def action_export(self) -> None:
        exported = self.services.cases.export(self.case.id)
        self.post_message(CaseExported(export_text(exported, self.case, self.services.now())))

    def on_case_exported(self, event: CaseExported) -> None:
        self.save_text("Save the whole case as a text file", self._file_name(), event.text)

    def _file_name(self) -> str:
        from bowout.core.file_names import file_name

        return file_name("case", self.case.company, self.case.interview or self.case.created, "txt")

    @work(thread=True, group="case", exit_on_error=False)
    def action_close_case(self) -> None:
        with self._files:
            self.post_message(CaseRead(self.services.cases.close(self.case.id, self.services.now())))

    def action_delete(self) -> None:
        if not self._sure:
            self._sure = True
            self.bowout.say("Delete once more deletes this case and its rehearsals for good.", severe=True)
            return
        self._delete()

    @work(thread=True, group="case", exit_on_error=False)
    def _delete(self) -> None:
        self.bowout.drafting.settle()  # what is still to be written would outlive the case
        with self._files:
            self._gone = True
            delete_case(self.services, self.case.id)
            self.post_message(CaseDeleted())

    def on_case_deleted(self) -> None:
        self.dismiss()

    def action_back(self) -> None:
        self.dismiss()


__all__ = ["CaseScreen"]
