"""Review: the marks with the words that earned them, the recording, and another try."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Footer, OptionList, Static, TabbedContent, TabPane
from textual.worker import get_current_worker

from bowout.core.disputes import Dispute, applied, toggled
from bowout.core.marks import Marks, as_json
from bowout.core.review import Row, approximate, corrected, dispute_words, editable, outcome_words
from bowout.core.safety import printable
from bowout.core.scenario import Scenario
from bowout.core.settings import Mode
from bowout.core.writing_check import Said
from bowout.errors import BowoutError, InputError
from bowout.rehearsal.events import CallMarked, RecruiterSpoke
from bowout.tui.messages import DisputesRead, MarkedAgain, PlayedBack
from bowout.tui.playing import cut, play
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.marks_view import MarksList, delivery, detail, rows
from bowout.tui.widgets.top_bar import TopBar
from bowout.tui.widgets.transcript_view import TranscriptView

TABS = ("marks", "delivery", "words", "details")
DISPUTED = "Disputed by you: the score is the trainer's, this call counts for no best."


class ReviewScreen(AppScreen[None]):
    """One marked call."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "p", "play", "Play", id="review.play", tooltip="Play your recording from the chosen quote; again stops"
        ),
        Binding(
            "e", "correct", "Correct words", id="review.correct", tooltip="Correct what was heard, and be marked again"
        ),
        Binding(
            "d",
            "dispute",
            "Dispute",
            id="review.dispute",
            tooltip="Say that the chosen mark is wrong: yours is kept beside it; again takes it back",
        ),
        Binding("r", "again", "Retry", id="review.again", tooltip="The same call at once"),
        Binding("s", "send", "Send", id="review.send", tooltip="The message that must follow"),
        Binding("1", "tab('marks')", "Marks", show=False, id="review.marks", tooltip="The marked checklist"),
        Binding("2", "tab('delivery')", "Delivery", show=False, id="review.delivery", tooltip="How it was said"),
        Binding("3", "tab('words')", "Words", show=False, id="review.words", tooltip="The conversation, labelled"),
        Binding("4", "tab('details')", "Details", show=False, id="review.details", tooltip="What the result rests on"),
        Binding("right", "turn(1)", "Next page", show=False, id="review.next", tooltip="To the next page"),
        Binding("left", "turn(-1)", "Page before", show=False, id="review.before", tooltip="To the page before"),
        Binding("escape", "back", "Close", id="review.back", tooltip="Close the review"),
    ]

    playing: reactive[bool] = reactive(False, layout=False, bindings=True)
    marks: reactive[Marks | None] = reactive(None, layout=False, bindings=True, init=False)
    """The engine's, whatever the caller says of them."""
    disputes: reactive[Mapping[str, Dispute] | None] = reactive(None, layout=False, bindings=True, init=False)
    """``None`` until the record has been read."""

    def __init__(
        self, scenario: Scenario, call: CallMarked, mode: Mode, typed: bool, lines: tuple[RecruiterSpoke, ...]
    ) -> None:
        super().__init__()
        self.scenario = scenario
        self.call = call
        self.mode: Mode = mode
        self.typed = typed
        self.lines = lines
        self._facts: dict[str, str] = {}
        self._unkept: deque[Dispute] = deque()
        self._keeping = threading.Lock()

    def compose(self) -> ComposeResult:
        ear = self.call.marks.transcript.ear
        yield TopBar(f"Review · {self.scenario.title}", ear)
        yield Static("", id="verdict", markup=False)
        yield Static(DISPUTED, id="disputed", markup=False)
        yield Static("", id="next-time", markup=False)
        with TabbedContent(*("1 Marks", "2 Delivery", "3 Words", "4 Details"), id="pages"):
            with TabPane("1 Marks", id="marks"), Horizontal():
                yield MarksList(id="rows")
                with VerticalScroll(id="detail-pane", can_focus=False):
                    yield Static("", id="detail", markup=False)
            with TabPane("2 Delivery", id="delivery"), VerticalScroll():
                yield Static("", id="figures", markup=False)
            with TabPane("3 Words", id="words"), VerticalScroll():
                yield TranscriptView("", id="transcript", markup=False)
            with TabPane("4 Details", id="details"), VerticalScroll():
                yield Static("", id="basis", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._facts = dict(self.call.facts) or self.scenario.facts_at(self.services.now())
        if self.call.attempt and self.bowout.settings.keep_recordings in ("ask", "until_review"):
            self.bowout.drop_after_review(self.call.attempt)
        self.marks = self.call.marks
        if self.call.attempt:
            self._read_disputes()
        else:
            self.disputes = {}
        self.query_one("#rows").focus()

    @property
    def shown(self) -> Marks | None:
        """The marks with the caller's own word where they dispute one."""
        return None if self.marks is None else applied(self.marks, self.disputes or {})

    def watch_marks(self) -> None:
        self._show()

    def watch_disputes(self) -> None:
        self._show()

    def _show(self) -> None:
        marks = self.shown
        if marks is None:
            return
        self._rows = rows(marks)
        self.query_one("#verdict", Static).update(self._verdict(marks))
        self.query_one("#disputed").display = marks.disputed
        self.query_one("#next-time", Static).update(
            Content.assemble(("Next time  ", "bold $text-accent"), marks.next_time or "Nothing to add. Well said.")
        )
        self.query_one(MarksList).show(self._rows, marks.transcript.unit)
        self._show_detail()
        # How it was said was measured in the recording; correcting the words does not change it.
        self.query_one("#figures", Static).update(delivery(self.call.marks))
        self.query_one(TranscriptView).show(marks, self.lines, self._facts.get("contact", "They"))
        self.query_one("#basis", Static).update(self._basis(marks))

    def _verdict(self, marks: Marks) -> Content:
        word, style = ("✓ passed", "bold $text-success") if marks.passed else ("✗ not yet passed", "bold $text-warning")
        parts: list[Content | str | tuple[str, str]] = [
            (f"{marks.score} of 100", "bold"),
            "   ",
            (word, style),
            "   ",
            (outcome_words(self.call.outcome, self.scenario, self.call.facts), "dim"),
        ]
        if self.marks is not self.call.marks:
            parts.append((f"   corrected by you; first marked {self.call.marks.score}", "dim"))
        return Content.assemble(*parts)

    def _basis(self, marks: Marks) -> Content:
        made = self.call.provenance
        times = "word positions" if marks.transcript.unit == "word" else (
            "approximate" if approximate(marks.transcript) else "exact"
        )  # fmt: skip
        facts = {
            "Ear": f"{marks.transcript.ear} {made.ear_version or ''} {made.model or ''}".strip(),
            "Times": times,
            "Scenario": f"{self.scenario.id}, version {self.scenario.version}",
            "Variant": str(made.seed),
            "Marking": made.marking_version,
            "Attempt": self.call.attempt,
            "Recording": {"never": "none was written", "keep": "kept"}.get(
                self.bowout.settings.keep_recordings, "goes when you close this review"
            ) if self._spoken else "none",
        }  # fmt: skip
        return Content("\n").join([Content.assemble((f"{name:<12}", "dim"), value) for name, value in facts.items()])

    @property
    def _spoken(self) -> bool:
        return self.call.marks.transcript.unit == "s"

    # The chosen row.

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._show_detail()

    def _show_detail(self) -> None:
        chosen = self.query_one(MarksList).highlighted
        marks = self.shown
        if marks is not None and chosen is not None and chosen < len(self._rows):
            self.query_one("#detail", Static).update(detail(self._rows[chosen], marks))
            self.refresh_bindings()

    # The recording.

    def _quote(self) -> tuple[float, float] | None:
        """Seconds to play; a row without a quote has none."""
        chosen = self.query_one(MarksList).highlighted
        if not self._spoken or chosen is None or chosen >= len(self._rows):
            return None
        span = self._rows[chosen].span
        return None if span is None else (span.start, span.end)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "play":
            if not self._spoken or self.bowout.settings.keep_recordings == "never":
                return False
            return True if self.playing or (self.is_mounted and self._quote() is not None) else None
        if action == "dispute":
            # What can't be seen can't be disputed by a slip.
            return True if self._disputable() is not None else None
        return True

    def action_play(self) -> None:
        if self.playing:
            self.workers.cancel_group(self, "play")
            return
        quote = self._quote()
        if quote is not None:
            self.playing = True
            self._play(*quote)

    @work(thread=True, exclusive=True, group="play", exit_on_error=False)
    def _play(self, start: float, end: float) -> None:
        try:
            path = self.services.records.load(self.call.attempt).audio_path
            if path is None:
                raise InputError("There is no recording of this call.")
            play(self.services.playback(), cut(Path(path), start, end), get_current_worker().cancelled_event)
        finally:
            self.post_message(PlayedBack())

    def on_played_back(self) -> None:
        self.playing = False

    # The caller's own word on a mark.

    def _disputable(self) -> Row | None:
        """The chosen row, while the marks are shown and the record has been read."""
        if not self.is_mounted or self.disputes is None or self.query_one(TabbedContent).active != "marks":
            return None
        chosen = self.query_one(MarksList).highlighted
        return None if chosen is None or chosen >= len(self._rows) else self._rows[chosen]

    def on_tabbed_content_tab_activated(self) -> None:
        self.refresh_bindings()

    def action_dispute(self) -> None:
        row, marks, disputes = self._disputable(), self.marks, self.disputes
        if row is None or marks is None or disputes is None:
            return
        dispute = toggled(marks, disputes, row.id, self.call.provenance.marking_version)
        kept = {id_: other for id_, other in disputes.items() if id_ != row.id}
        self.disputes = kept if dispute.user is None else {**kept, row.id: dispute}
        self.app.clear_notifications()  # the next word replaces the last one, or they pile up over the marks
        self.bowout.say(dispute_words(dispute, row.label, kept=bool(self.call.attempt)))
        if self.call.attempt:
            self._unkept.append(dispute)
            self._keep_disputes()

    @work(thread=True, group="disputes", exit_on_error=False)
    def _keep_disputes(self) -> None:
        with self._keeping:  # one after the other: of each mark the last word counts
            try:
                while self._unkept:
                    self.services.records.dispute(self.call.attempt, self._unkept.popleft())
            except BowoutError:
                self._unkept.clear()
                self.post_message(DisputesRead(self._kept_disputes()))  # what is shown is what is kept
                raise

    @work(thread=True, group="disputes", exit_on_error=False)
    def _read_disputes(self) -> None:
        self.post_message(DisputesRead(self._kept_disputes()))

    def _kept_disputes(self) -> Mapping[str, Dispute]:
        try:
            return self.services.records.disputes(self.call.attempt)
        except InputError:  # deleted meanwhile: nothing of it is kept, and the marks can still be looked at
            return {}

    def on_disputes_read(self, event: DisputesRead) -> None:
        self.disputes = event.disputes

    # Correcting what was heard.

    def action_correct(self) -> None:
        from bowout.tui.screens.correct import CorrectScreen

        if self.marks is not None:
            self.app.push_screen(CorrectScreen(editable(self.marks.transcript)), self._correct)

    def _correct(self, text: str | None) -> None:
        if text is not None and self.marks is not None and text.split() != self.marks.transcript.text.split():
            self._mark_again(text, self.marks)

    @work(thread=True, exclusive=True, group="marking", exit_on_error=False)
    def _mark_again(self, text: str, before: Marks) -> None:
        from bowout.core.assessment import mark_scenario
        from bowout.rehearsal.record import turn_json

        transcript = corrected(before.transcript, printable(text))
        score_delivery = not self.services.settings.extra_time
        marks = mark_scenario(transcript, self.scenario, self._facts, score_delivery=score_delivery)
        self.post_message(MarkedAgain(marks))
        records, attempt = self.services.records, self.call.attempt
        if attempt:
            records.append(attempt, "correction", turns=[turn_json(turn) for turn in transcript.turns])
            records.append(attempt, "marks", result=as_json(marks, self.call.provenance), corrected=True)

    def on_marked_again(self, event: MarkedAgain) -> None:
        self.marks = event.marks

    # Ways on.

    def action_tab(self, page: str) -> None:
        self.query_one(TabbedContent).active = page
        self._focus_page(page)

    def action_turn(self, by: int) -> None:
        pages = self.query_one(TabbedContent)
        self.action_tab(TABS[(TABS.index(pages.active) + by) % len(TABS)])

    def _focus_page(self, page: str) -> None:
        """The arrows belong to what is shown."""
        pane = self.query_one(TabbedContent).get_pane(page)
        for child in pane.query("*"):
            if child.can_focus:
                child.focus()
                break

    def action_again(self) -> None:
        from bowout.tui.screens.speak import SpeakScreen

        self.app.switch_screen(SpeakScreen(self.scenario, self.mode, typed=self.typed))

    def action_send(self) -> None:
        from bowout.tui.screens.send import SendScreen

        marks = self.marks or self.call.marks
        heard = Said(marks.transcript, self.scenario.intent)
        voicemail = any(line.step in self.scenario.steps and self.scenario.steps[line.step].beep for line in self.lines)
        self.app.push_screen(SendScreen(self.scenario, self._facts, said=heard, voicemail=voicemail))

    def action_back(self) -> None:
        self.dismiss()

    def on_screen_suspend(self) -> None:
        self.workers.cancel_group(self, "play")

    def on_unmount(self) -> None:
        self.workers.cancel_group(self, "play")
        if self.app.is_running:
            self.bowout.drop_recording(self.call.attempt)


__all__ = ["ReviewScreen"]
