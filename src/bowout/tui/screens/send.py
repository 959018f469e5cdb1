"""Send: the message, to read, mend, check, copy or save. Nothing is ever sent from here."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Input, Static, TextArea

from bowout.core import moments, when
from bowout.core.case import BYS, RESULT_WORDS, RESULTS, By, Case, Report, Result
from bowout.core.decide import decision_of
from bowout.core.draft import Draft, key_of
from bowout.core.guide_links import page_of_message
from bowout.core.messages import LENGTHS, OWN_KINDS, TEMPLATES, Length, Message, parsed, unfilled
from bowout.core.messages.mail import LONGEST_LINK, draft, mailto
from bowout.core.messages.occasion import Occasion, of_case, of_scenario, said_in
from bowout.core.own_call import PREFIX, scenario_id
from bowout.core.safety import printable
from bowout.core.scenario import Scenario
from bowout.core.writing_check import Finding, Said, check, offered, ready
from bowout.errors import BowoutError, InputError
from bowout.tui.clipboard import copy
from bowout.tui.messages import Checked, Noted, ReportKept, Saved, SaveRefused, SentMarked, WordingsRead
from bowout.tui.screens.resuming import ResumingScreen
from bowout.tui.widgets.top_bar import TopBar

_BLANK = re.compile(r"\{([A-Za-z_0-9]+)\}")
_SHOWN = 4
"""Findings that are shown at once; the next come when these are mended."""
_LENGTHS: Mapping[Length, str] = {"full": "mail (L: text message)", "short": "text message (L: mail)"}
BY_WORDS: Mapping[By, str] = {
    "phone": "By phone",
    "email": "By mail",
    "message": "By message",
    "in_person": "Face to face",
}
NO_ENTRY = "There is nothing for a calendar yet: report a call first (R)."


class SendScreen(ResumingScreen[None]):
    """The message for a case of the user's own, or the practice message of a rehearsed scenario. What the user changes
    is a draft until it is sent, begun anew, or gone with its case.

    The function keys come before those of the text, which has other uses for two of them.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy", id="send.copy", tooltip="Copy the message"),
        Binding("f5", "copy_now", "Copy", priority=True, id="send.copy_now", tooltip="Copy it while you edit"),
        Binding("s", "save", "Save", id="send.save", tooltip="Save it: .txt, .eml (a draft for your mail), .ics"),
        Binding("f6", "save_now", "Save", priority=True, id="send.save_now", tooltip="Save it while you edit"),
        Binding("v", "check", "Check", id="send.check", tooltip="Read it as a careful reader would"),
        Binding("f7", "check_now", "Check", priority=True, id="send.check_now", tooltip="Check it while you edit"),
        Binding("e", "edit", "Edit", id="send.edit", tooltip="Change the message; Escape ends"),
        Binding("k", "kind", "Kind", id="send.kind", tooltip="Another kind of message"),
        Binding("l", "length", "Length", show=False, id="send.length", tooltip="As a mail, or as a text message"),
        Binding("r", "report", "Report", id="send.report", tooltip="Say what came of the real call"),
        Binding("o", "own", show=False, id="send.own", tooltip="One of your own three wordings, filled at once"),
        Binding("w", "keep", "Keep", show=False, id="send.keep", tooltip="Keep this wording as one of your own three"),
        Binding("x", "editor", "$EDITOR", show=False, id="send.editor", tooltip="Change it in your own editor"),
        Binding("m", "link", "Link", show=False, id="send.link", tooltip="Copy it as a mailto: link"),
        Binding("t", "sent", "Sent", id="send.sent", tooltip="I have sent it"),
        Binding("escape", "back", "Back", id="send.back", tooltip="Back; the message is not sent"),
    ]

    def __init__(
        self,
        about: Scenario | Case,
        facts: Mapping[str, str] | None = None,
        *,
        said: Said | None = None,
        voicemail: bool = False,
    ) -> None:
        """
        Args:
            about: a scenario (practice), or a case.
            facts: the scenario's, as they were in the call; else as they are now.
            said: what was said in the rehearsal.
            voicemail: the rehearsal ended on a voicemail.
        """
        super().__init__()
        self._about = about
        self._facts = facts
        self._said = said
        self._voicemail = voicemail
        self._rehearsed = isinstance(about, Scenario)
        """It is opened from a rehearsed call, be it a case's own one."""
        self._own: Mapping[str, str] = {}
        self._length: Length = "full"
        self._kind = ""
        self._text_filled = ""
        self._text_checked = ""
        self._text_ready = ""
        """The text that the case's record calls ready; empty = it calls none so."""
        self._record = threading.Lock()
        """What is ready is written down by one thread after the other."""
        self._refused = ""
        self._suggested = ""
        """The name of a file that was suggested last."""
        self._warned = False
        self._found: Sequence[Finding] = ()
        """What the check found last in this text."""

    @property
    def guide_page(self) -> str:
        return page_of_message(self._kind, [finding.id for finding in self._found])

    def compose(self) -> ComposeResult:
        yield TopBar("Send", self.bowout.ear_shown)
        with Vertical(id="send"):
            yield Static("", id="occasion", classes="title", markup=False)
            yield Static("", id="standing", classes="aside", markup=False)
            yield Static("", id="blanks", markup=False)
            yield TextArea("", id="message", soft_wrap=True)
            yield Static("", id="findings", markup=False)
            yield Input(id="path", placeholder="File name")
            yield Static("", id="hint", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#path").display = False
        self.query_one("#findings").display = False
        self.occasion = self._made()
        self._kind = self.occasion.kinds[0]
        self._fill()
        self._text_ready = self._text_filled if self._says_ready else ""
        self._hint("Nothing is sent from here: copy it into your own mail.")
        self._load()

    @property
    def _says_ready(self) -> bool:
        return isinstance(self._about, Case) and "message_ready" in self._about.done

    def _made(self) -> Occasion:
        now = self.services.now()
        if isinstance(self._about, Case):
            return of_case(self._about, now, self._said)
        return of_scenario(self._about, now, facts=self._facts, said=self._said, voicemail=self._voicemail)

    @work(thread=True, exclusive=True, group="wordings", exit_on_error=False)
    def _load(self) -> None:
        """The user's own wordings, and the words of the case's last rehearsal."""
        said, case = self._said, None
        if isinstance(self._about, Scenario) and self._about.id.startswith(PREFIX):
            # A rehearsal of the user's own call: the message is the case's, filled from its report.
            case = next((each for each in self.services.cases.list() if scenario_id(each.id) == self._about.id), None)
        if said is None and isinstance(self._about, Case) and self._about.marks:
            try:
                said = said_in(self.services.records.load(self._about.marks[-1]).events)
            except InputError:  # deleted: there is nothing to hold the message against
                said = None
        self.post_message(WordingsRead(self.services.outbox.own(), said, case, first=True))

    def on_wordings_read(self, event: WordingsRead) -> None:
        self._own = event.own
        if event.said is not None:
            self._said = event.said
            self.occasion = replace(self.occasion, said=event.said)
        if event.case is not None:
            self._about = event.case
            self.occasion = self._made()
            self._kind = self.occasion.kinds[0]
            self._fill()
            self._text_ready = self._text_filled if self._says_ready else ""
        if event.first:
            self.read_draft()

    # What is written is kept.

    @property
    def draft_key(self) -> str:
        about = self._about
        return key_of("message", about.id) if isinstance(about, Case) else key_of("practice", about.id)

    def texts(self) -> dict[str, str] | None:
        if self._text.strip() == self._text_filled.strip():
            return None
        ready = "yes" if self._text == self._text_ready else ""
        return {"text": self._text, "kind": self._kind, "length": self._length, "ready": ready}

    def worth_asking(self, draft: Draft) -> bool:
        return draft.texts.get("text", "").strip() not in ("", self._text_filled.strip())

    def resume(self, draft: Draft) -> None:
        texts = draft.texts
        self._kind = texts["kind"] if texts.get("kind") in TEMPLATES else self._kind
        self._length = next((each for each in LENGTHS if each == texts.get("length")), self._length)
        self._fill()
        text = printable(texts["text"])
        if self._says_ready and texts.get("ready"):
            self._text_ready = text
        self.query_one("#message", TextArea).load_text(text)
        self._show()

    def discarded(self, draft: Draft) -> None:
        if self._says_ready and draft.texts.get("ready"):
            self._text_ready = ""
            self._not_ready()

    # The text.

    @property
    def _text(self) -> str:
        return self.query_one("#message", TextArea).text

    @property
    def _message(self) -> Message:
        return parsed(self._text)

    def _fill(self, own: str = "") -> None:
        """The message anew, from the facts and the report."""
        self._text_filled = printable(self.occasion.message(self._kind, self._length, own).text)
        self.query_one("#message", TextArea).load_text(self._text_filled)
        self._warned = False
        self._findings(())
        self._show()

    def _show(self) -> None:
        what = f"{TEMPLATES[self._kind].label}, {_LENGTHS[self._length]}"
        practice = "Practice message" if self.occasion.practice else "Your message"
        self.query_one("#occasion", Static).update(f"{practice}: {what}")
        self.query_one("#standing", Static).update(self._standing())
        self._show_blanks()
        self.refresh_bindings()

    def _standing(self) -> str:
        occasion = self.occasion
        if occasion.practice:
            return "From a rehearsal, as if the call had gone like that. It goes to nobody: no real call was reported."
        if occasion.sent is not None and self._kind != "light_touch":
            told = when.spoken_here(occasion.sent, self.services.now())
            return f"You sent a message {told}, by your own word. One is enough: do not write again to confirm it."
        report = occasion.report
        if report is None or report.result == "none":
            case = self._about
            if (
                isinstance(case, Case)
                and not self._rehearsed
                and not case.marks
                and decision_of(case, self.services.now()).writes
            ):
                return "Do not call, write: E makes it yours, V checks it until it passes. If you did call, R says so."
            return "No call has been reported, so it speaks of none. Was the real call made? R says what came of it."
        slot = f", {moments.written(report.slot)}" if report.slot is not None else ""
        told = f"You reported: {RESULT_WORDS[report.result]}{slot}. R changes that."
        if self._kind == "after_misconduct":
            return f"{told} You owe them no message. This one puts it on file; whoever did it need not get it."
        return told

    def on_text_area_changed(self) -> None:
        self._show_blanks()
        if self.texts() is None:
            self.drop_draft()
        else:
            self.draft()
        if self._text_ready and self._text != self._text_ready and self.draft_known:
            self._text_ready = ""
            self._not_ready()
        if self._text_checked and self._text != self._text_checked:
            self._text_checked = ""
            self._findings(())
            self._hint("The text has changed since it was checked: F7, or V after Escape, checks it again.")

    def _show_blanks(self) -> None:
        names = list(dict.fromkeys(_BLANK.findall(self._text)))
        line = self.query_one("#blanks", Static)
        line.display = bool(names)
        line.update(f"! Still to be filled in: {', '.join(n.replace('_', ' ') for n in names)}")

    def _may_replace(self) -> bool:
        """Changes of the user's are replaced only when asked for twice."""
        if self._text.strip() == self._text_filled.strip() or self._warned:
            return True
        self._warned = True
        self._hint("! Your changes to the text will be replaced. The same key once more does it.")
        return False

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters belong to the text while it is edited; then the function keys are shown."""
        editing = self.focused is not None
        if action in ("copy_now", "save_now", "check_now"):
            return editing
        if action == "sent":
            return not editing and isinstance(self._about, Case)
        letters = ("copy", "save", "check", "edit", "kind", "length", "report", "own", "keep", "editor", "link")
        return not editing if action in letters else True

    def action_copy(self) -> None:
        self._hint(copy(self.bowout, self._text))

    def action_copy_now(self) -> None:
        self.action_copy()

    def action_save_now(self) -> None:
        self.action_save()

    def action_check_now(self) -> None:
        self.action_check()

    def action_edit(self) -> None:
        self.query_one("#message").focus()

    def action_link(self) -> None:
        try:
            link = mailto(self._message, self.occasion.email)
        except InputError as error:
            self._hint(f"! {error.sentence()}")
            return
        told = copy(self.bowout, link)
        long = " It is long: not every mail program takes it." if len(link) > LONGEST_LINK else ""
        self._hint(f"{told} The mailto: link opens your mail program with the message in it.{long}")

    def action_editor(self) -> None:
        before = self._text
        texts = {"text": before, "kind": self._kind, "length": self._length}
        try:
            with self.app.suspend():
                self.bowout.drafting.settle()
                after = self.services.drafts.edited(self.draft_key, texts, "text")
        except SuspendNotSupported:
            self._hint("! This terminal can't be handed to an editor. E edits here.")
            return
        except BowoutError as error:
            self._hint(f"! {error.sentence()}")
            return
        if after.strip() != before.strip():
            self.query_one("#message", TextArea).load_text(printable(after))
            self._hint("✓ As you saved it in your editor.")
        else:
            self.on_text_area_changed()  # its draft is that of before
            self._hint("Nothing was changed in the editor.")

    # Kind, length, own wordings.

    def action_kind(self) -> None:
        from bowout.tui.screens.choose import ChooseScreen

        if self._may_replace():
            options = [(kind, TEMPLATES[kind].label) for kind in self.occasion.kinds]
            note = "O, instead of K, fills one of your own wordings."
            choose = ChooseScreen("Which message?", options, note, first=self.occasion.suiting)
            self.app.push_screen(choose, self._take_kind)

    def _take_kind(self, kind: str | None) -> None:
        if kind is not None:
            self._kind = kind
            self._fill()

    def action_length(self) -> None:
        if self._may_replace():
            self._length = "short" if self._length == "full" else "full"
            self._fill()

    def action_own(self) -> None:
        from bowout.tui.screens.choose import ChooseScreen

        if self._may_replace():
            note = "W keeps the text on the screen as one of them, with blanks in place of this case's facts."
            self.app.push_screen(ChooseScreen("Your own wordings", self._own_choices(), note), self._take_own)

    def _own_choices(self) -> list[tuple[str, str]]:
        return [
            (kind, f"{TEMPLATES[kind].label}{'' if kind in self._own else '  (not yet yours: the shipped one)'}")
            for kind in OWN_KINDS
        ]

    def _take_own(self, kind: str | None) -> None:
        if kind is not None:
            self._kind = kind
            self._fill(self._own.get(kind, ""))

    def action_keep(self) -> None:
        from bowout.tui.screens.choose import ChooseScreen

        if self._kind in OWN_KINDS:
            self._keep_as(self._kind)
        else:
            options = [(kind, TEMPLATES[kind].label) for kind in OWN_KINDS]
            self.app.push_screen(ChooseScreen("Keep it as your own wording to …", options), self._keep_as)

    def _keep_as(self, kind: str | None) -> None:
        if kind is not None:
            occasion = self.occasion
            self._keep_own(kind, unfilled(self._text, occasion.facts, occasion.report_for(kind)))

    @work(thread=True, group="wordings", exit_on_error=False)
    def _keep_own(self, kind: str, text: str) -> None:
        outbox = self.services.outbox
        outbox.keep_own(kind, text)
        self.post_message(WordingsRead(outbox.own()))
        label = TEMPLATES[kind].label
        forgotten = f"✓ Your own wording to {label} is forgotten; the shipped one holds."
        kept = f"✓ Kept as your own wording to {label}, with blanks for the next time. O fills it."
        self.post_message(Noted(kept if text.strip() else forgotten))

    def on_noted(self, event: Noted) -> None:
        self._hint(event.sentence)

    # What came of the real contact.

    def action_report(self) -> None:
        from bowout.tui.screens.choose import ChooseScreen

        if not self._may_replace():
            return
        practice = self.occasion.practice
        title = "If the real call had ended like this" if practice else "What came of the real call?"
        note = "" if practice else "The message is filled from this, never from the rehearsal."
        options = [(result, RESULT_WORDS[result].capitalize()) for result in RESULTS]
        self.app.push_screen(ChooseScreen(title, options, note), self._take_result)

    def _take_result(self, result: str | None) -> None:
        from bowout.tui.screens.choose import ChooseScreen

        if result in ("voicemail", "no_answer", "none"):
            self._reported(_one(result, RESULTS), "phone", "")
        elif result is not None:
            chosen = _one(result, RESULTS)
            self.app.push_screen(
                ChooseScreen("How did you speak with them?", list(BY_WORDS.items())),
                lambda by: None if by is None else self._take_way(chosen, _one(by, BYS)),
            )

    def _take_way(self, result: Result, by: By) -> None:
        from bowout.tui.screens.choose import AskScreen

        if result == "agreed" and self.occasion.intent != "withdraw":
            self.app.push_screen(
                AskScreen(
                    "Which new time was agreed?", f"Such as {when.EXAMPLES}. Empty: none yet.", self._slot_problem
                ),
                lambda slot: None if slot is None else self._reported(result, by, slot),
            )
        else:
            self._reported(result, by, "")

    def _slot_problem(self, text: str) -> str:
        if not text.strip():
            return ""
        now = self.occasion.now
        try:
            slot = when.parse(text, now)
        except when.NotATime as problem:
            return str(problem)
        return "That is over already." if when.elapsed(now, slot).total_seconds() <= 0 else ""

    def _reported(self, result: Result, by: By, slot: str) -> None:
        now = self.services.now()
        made = Report(now, result, when.parse(slot, now) if slot.strip() else None, by)
        if isinstance(self._about, Case):
            self._keep_report(self._about.id, made)
        else:
            self.occasion = self.occasion.reported(made)
            self._kind = self.occasion.kinds[0]
            self._fill()

    @work(thread=True, exclusive=True, group="report", exit_on_error=False)
    def _keep_report(self, case_id: str, report: Report) -> None:
        self.post_message(ReportKept(self.services.cases.report(case_id, report)))

    def on_report_kept(self, event: ReportKept) -> None:
        self._about = event.case
        self.occasion = self._made()
        self._kind = self.occasion.kinds[0]
        self._fill()

    def action_sent(self) -> None:
        if not isinstance(self._about, Case):
            return
        if self._kind == "light_touch":
            self._mark_sent(self._about.id, "touched")
        elif "sent" in self._about.done:
            self._hint("It is marked as sent already. One message is enough; the answer is theirs now.")
        else:
            self._mark_sent(self._about.id, "sent")

    @work(thread=True, group="report", exit_on_error=False)
    def _mark_sent(self, case_id: str, what: str) -> None:
        case = self.services.cases.did(case_id, what, self.services.now())
        self.post_message(SentMarked(case, what))

    def on_sent_marked(self, event: SentMarked) -> None:
        self._about = event.case
        if event.what == "sent":
            self._text_filled = self._text  # it is in their mail now
            self.drop_draft()
        self.occasion = replace(self.occasion, sent=event.case.done.get("sent"))
        self._show()
        told = "✓ Sent, by your word. One message is enough; the answer is theirs now."
        self._hint(told if event.what == "sent" else "✓ Written, by your word. You will not be reminded of it again.")

    # The check.

    def action_check(self) -> None:
        self._hint("Reading it …")
        self._check(self._text, self._kind)

    @work(thread=True, exclusive=True, group="check", exit_on_error=False)
    def _check(self, text: str, kind: str) -> None:
        message, notes = parsed(text), []
        outbox, occasion = self.services.outbox, self.occasion
        if not occasion.practice:
            occasion = replace(occasion, now=self.services.now())  # the screen may have been open for long
        setting = occasion.setting(kind)
        try:
            busy = tuple(outbox.busy([each.at for each in offered(message, setting) if each.at is not None]))
        except BowoutError as error:
            busy = ()
            notes.append(error.sentence())
        try:
            misspelt = outbox.misspelt(text, tuple(occasion.facts.values()))
        except BowoutError as error:
            misspelt = {}
            notes.append(error.sentence())
        findings = check(message, occasion.setting(kind, busy=busy, misspelt=misspelt))
        if occasion.case:
            self._say_ready(occasion.case, ready(findings))
        self.post_message(Checked(text, findings, notes, ready(findings) and bool(occasion.case)))

    def _say_ready(self, case_id: str, is_ready: bool) -> None:
        """The record of the case calls the message ready, or not. Blocks: for threads."""
        cases = self.services.cases
        with self._record:
            if is_ready:
                cases.did(case_id, "message_ready", self.services.now())
            elif "message_ready" in cases.load(case_id).done:
                cases.undid(case_id, "message_ready")

    @work(thread=True, group="ready", exit_on_error=False)
    def _not_ready(self) -> None:
        """It was changed after it had been found ready."""
        if self.occasion.case:
            self._say_ready(self.occasion.case, False)

    def on_checked(self, event: Checked) -> None:
        if event.text != self._text:
            if event.kept:
                self._not_ready()
            self._hint("The text has changed since; V checks it again.")
            return
        self._text_ready = event.text if event.kept else ""
        self.draft()
        self._findings(event.findings)
        self._text_checked = event.text
        stops = sum(finding.weight == "stop" for finding in event.findings)
        if stops:
            told = f"! Not ready: {stops} thing{'' if stops == 1 else 's'} to mend. F4: the guide on the first."
        elif self.occasion.practice:
            told = "✓ It would be ready. It is practice: it goes to nobody."
        else:
            told = "✓ Ready. Copy it (C), or save a draft (S)."
        self._hint(" ".join((told, *event.notes)))

    def _findings(self, shown: Sequence[Finding]) -> None:
        self._found = shown
        pane = self.query_one("#findings", Static)
        pane.display = bool(shown)
        lines = [
            Content.assemble(
                ("✗ ", "bold $text-error") if each.weight == "stop" else ("? ", "bold $text-warning"),
                ("The message differs. " if each.differs else "", "bold"),
                printable(each.says),
            )
            for each in shown[:_SHOWN]
        ]
        if len(shown) > _SHOWN:
            lines.append(Content.styled(f"… and {len(shown) - _SHOWN} more", "dim"))
        pane.update(Content("\n").join(lines))

    # Files.

    def action_save(self) -> None:
        path = self.query_one("#path", Input)
        path.display = True
        # A mail becomes a draft that a mail program opens, a text message a text.
        ending = "eml" if self._message.subject else "txt"
        suggested = str(Path.home() / self.occasion.file_name(self._kind, ending))
        if path.value in ("", self._suggested):  # else it is a name of the user's own
            path.value = self._suggested = suggested
        self._hint("Enter saves, Escape does not. The ending decides: .txt, .eml (a draft), .ics (calendar).")
        path.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._refused = self._refused if event.value == self._refused else ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._store(event.value, self._text, self._refused == event.value)

    @work(thread=True, exclusive=True, group="save", exit_on_error=False)
    def _store(self, name: str, text: str, replace: bool) -> None:
        path = Path(name.strip()).expanduser()
        data = self._data(path.suffix.lower(), text)
        try:
            self.services.outbox.store(path, data, replace=replace)
        except FileExistsError:
            self.post_message(SaveRefused(name))
        else:
            self.post_message(Saved(str(path)))

    def _data(self, suffix: str, text: str) -> bytes:
        """What goes into a file of this ending. Raises ``InputError``."""
        if suffix == ".eml":
            message = parsed(text)
            if not message.subject:
                raise InputError("A text message is no mail draft.", "Save it as .txt, or take the mail (L).")
            return draft(message, self.occasion.email, self.occasion.facts.get("contact", ""))
        if suffix == ".ics":
            entries = self.occasion.entries()
            if not entries:
                raise InputError("A rehearsal makes no appointment." if self.occasion.practice else NO_ENTRY)
            return self.services.outbox.calendar(entries, self.services.now())
        return text.encode("utf-8")

    def on_save_refused(self, event: SaveRefused) -> None:
        self._refused = event.path
        self._hint("! There is a file of that name. Enter once more replaces it; another name keeps both.")

    def on_saved(self, event: Saved) -> None:
        self.query_one("#path").display = False
        self._refused = ""
        self.set_focus(None)
        self._hint(f"✓ Saved to {event.path}, readable by you alone.")

    def _hint(self, text: str) -> None:
        self.query_one("#hint", Static).update(text)

    def action_back(self) -> None:
        """Out of the text first, then out of the screen."""
        path = self.query_one("#path", Input)
        if self.focused is not None:
            path.display = False
            self.set_focus(None)
        else:
            self.leave()


_Word = TypeVar("_Word", bound=str)


def _one(word: str, words: Sequence[_Word]) -> _Word:
    """The same word, as one of those that there are."""
    return next(each for each in words if each == word)


__all__ = ["SendScreen"]
