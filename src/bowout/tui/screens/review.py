"""Review: the marks with the words that earned them, the recording, and another try."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.reactive import reactive
from textual.widgets import Footer, OptionList, Static, TabbedContent, TabPane
from textual.worker import get_current_worker

from bowout.core import rating as ratings
from bowout.core.coaching.noted import Noted, noted
from bowout.core.disputes import Dispute, applied, toggled
from bowout.core.if_then import IfThen, propose
from bowout.core.marks import Marks, as_json
from bowout.core.review import Row, corrected, dispute_words, editable
from bowout.core.safety import printable
from bowout.core.scenario import Scenario
from bowout.core.settings import Mode
from bowout.core.writing_check import Said
from bowout.errors import BowoutError, InputError
from bowout.rehearsal.events import CallMarked, RecruiterSpoke
from bowout.rehearsal.reopened import Reopened, stands_in
from bowout.tui.after_call import Ended
from bowout.tui.messages import DisputesRead, MarkedAgain, PlayedBack
from bowout.tui.playing import cut, play
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.coached import CoachedRead, CoachedScreen, coached_line, with_word
from bowout.tui.screens.review_keys import KEYS
from bowout.tui.widgets.basis import basis, headed, next_time, verdict
from bowout.tui.widgets.marks_view import MarksList, delivery, detail, rows
from bowout.tui.widgets.top_bar import TopBar
from bowout.tui.widgets.transcript_view import TranscriptView

TABS = ("marks", "delivery", "words", "details")
DISPUTED = "Disputed by you: the score is the trainer's, this call counts for no best."


class ReviewScreen(AppScreen[None]):
    """One marked call."""

    BINDINGS: ClassVar[list[BindingType]] = KEYS

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
        self.rating: ratings.Rating | None = None
        self.kept: IfThen | None = None
        """The sentence that was kept after this call."""
        self.past: Reopened | None = None
        """Set where this call was opened again: then its recording stays."""
        self._meta: Mapping[str, Any] = {}
        self._coached: Noted | None = None
        """What a coach has said of it."""
        self._facts: dict[str, str] = {}
        self._unkept: deque[Dispute] = deque()
        self._keeping = threading.Lock()

    @classmethod
    def of(cls, ended: Ended) -> ReviewScreen:
        """The review of a call that has just been made."""
        made = cls(ended.scenario, ended.call, ended.mode, ended.typed, ended.lines)
        made.rating, made._meta = ended.rating, ended.meta
        return made

    @classmethod
    def of_past(cls, past: Reopened) -> ReviewScreen:
        """A call of the past, opened again."""
        made = cls(past.scenario, past.call, past.mode, past.typed, past.lines)
        made.past, made.rating, made.kept = past, past.rating, past.if_then
        return made

    @property
    def playable(self) -> bool:
        """The call can be made and marked again: its scenario is here, and it is the whole of it that was called."""
        return not stands_in(self.scenario) and not self._drill

    @property
    def _drill(self) -> str:
        """The drill that it was a take of; empty for a whole call."""
        return self.past.drill if self.past is not None else str(self._meta.get("drill", ""))

    def compose(self) -> ComposeResult:
        ear = self.call.marks.transcript.ear
        yield TopBar(f"Review · {self.scenario.title}", ear)
        yield Static("", id="verdict", markup=False)
        yield Static(DISPUTED, id="disputed", markup=False)
        yield Static("", id="rated", markup=False)
        yield Static("", id="coached", markup=False)
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
        self.marks = self.call.marks if self.past is None else self.past.marks
        if self.call.attempt:
            self._read_disputes()
        else:
            self.disputes = {}
        if self.past is not None:
            self._read_coached()
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
        differing = {} if self.rating is None else ratings.differing(self.rating, marks)
        self._rows = rows(marks, differing)
        corrected_by_you = self.marks is not self.call.marks
        self.query_one("#verdict", Static).update(verdict(marks, self.call, self.scenario, corrected_by_you))
        self.query_one("#disputed").display = marks.disputed
        rated = "" if self.rating is None else ratings.summary(self.rating, marks)
        self.query_one("#rated", Static).update(headed("You and the marks", rated))
        self.query_one("#rated").display = bool(rated)
        self.query_one("#next-time", Static).update(next_time(marks, self.kept))
        self.query_one(MarksList).show(self._rows, marks.transcript.unit)
        self._show_detail()
        # How it was said was measured in the recording; correcting the words does not change it.
        self.query_one("#figures", Static).update(delivery(self.call.marks))
        self.query_one(TranscriptView).show(marks, self.lines, self._facts.get("contact", "They"))
        settings, now = self.bowout.settings, self.services.now()
        self.query_one("#basis", Static).update(basis(marks, self.call, self.scenario, settings, self.past, now))

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
            row = self._rows[chosen]
            self.query_one("#detail", Static).update(with_word(detail(row, marks), self._coached, row.id))
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
            kept = self.bowout.settings.keep_recordings != "never" if self.past is None else bool(self.past.audio)
            if not self._spoken or not kept:
                return False
            return True if self.playing or (self.is_mounted and self._quote() is not None) else None
        if action == "dispute":
            # What can't be seen can't be disputed by a slip.
            return True if self._disputable() is not None else None
        if action == "coached":
            return self._coached is not None
        if action == "again" and "assignment" in self._meta:
            return False  # whether there is another take the assignment knows
        if action in ("again", "correct", "send"):
            return self.playable
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

    # A coach's.

    @work(thread=True, group="coached", exit_on_error=False)
    def _read_coached(self) -> None:
        said = noted(self.services.records.load(self.call.attempt).events)
        if said is not None:
            self.post_message(CoachedRead(said))

    def on_coached_read(self, event: CoachedRead) -> None:
        self._coached = event.said
        line = self.query_one("#coached", Static)
        line.update(coached_line(event.said))
        line.display = True
        self._show_detail()
        self.refresh_bindings()

    def action_coached(self) -> None:
        if self._coached is not None:
            self.app.push_screen(CoachedScreen(self._coached))

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
        from bowout.core.to_the_point import decision_s
        from bowout.rehearsal.record import turn_json

        transcript = corrected(before.transcript, printable(text))
        score_delivery = not self.services.settings.extra_time
        marks = mark_scenario(transcript, self.scenario, self._facts, score_delivery=score_delivery)
        self.post_message(MarkedAgain(marks))
        records, attempt = self.services.records, self.call.attempt
        if attempt:
            records.append(attempt, "correction", turns=[turn_json(turn) for turn in transcript.turns])
            point_s = decision_s(marks, self.scenario, self._facts)
            records.append(
                attempt, "marks", result=as_json(marks, self.call.provenance), point_s=point_s, corrected=True
            )

    def on_marked_again(self, event: MarkedAgain) -> None:
        self.marks = event.marks

    # Hearing it, and one sentence for next time.

    def action_hear(self) -> None:
        from bowout.tui.screens.hear import HearScreen

        marks = self.shown
        if marks is not None:
            self.app.push_screen(HearScreen(self.scenario, replace(self.call, marks=marks), self._facts))

    def action_if_then(self) -> None:
        from bowout.tui.screens.if_then import IfThenScreen

        marks = self.shown
        if marks is None:
            return
        screen = IfThenScreen(self.kept or propose(marks, self.scenario, self._facts), self.call.attempt, self.typed)

        def left(_: object) -> None:
            """Whatever way the screen was left: what it kept counts."""
            self.kept = screen.kept or self.kept
            self.query_one("#next-time", Static).update(next_time(marks, self.kept))

        self.app.push_screen(screen, left)

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

        self.app.switch_screen(SpeakScreen(self.scenario, self.mode, typed=self.typed, meta=self._meta))

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
        # The recording of a take lasts as long as its figure is shown, below this screen.
        if self.app.is_running and self.past is None and not self._drill:
            self.bowout.drop_recording(self.call.attempt)


__all__ = ["ReviewScreen"]
