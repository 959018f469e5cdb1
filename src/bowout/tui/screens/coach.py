"""One result as a coach reviews it: marks to confirm or override, words to comment on, then the next one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Footer, OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from bowout.core.coaching.parties import Pseudonyms
from bowout.core.coaching.result import SentTake
from bowout.core.coaching.shown import MarkRow, commented, mark_rows, notes, without
from bowout.core.coaching.standing import Collected, Standing
from bowout.core.safety import printable
from bowout.core.transcript import Unit
from bowout.errors import InputError
from bowout.rehearsal.coaching import Handed
from bowout.rehearsal.review_queue import Group
from bowout.tui.messages import PlayedBack
from bowout.tui.playing import cut, play
from bowout.tui.screens.coach_keys import KEYS
from bowout.tui.screens.noting import NotingScreen
from bowout.tui.widgets.coach_marks import CoachMarks, detail
from bowout.tui.widgets.result_head import head, takes_text
from bowout.tui.widgets.top_bar import TopBar
from bowout.tui.widgets.words_view import Block, WordsView, blocks

TABS = ("marks", "words", "takes", "noted")
TO_THE_END = 1e6
"""Seconds that no recording has."""


@dataclass
class ResultRead(Message):
    """A result with its words, and those as they are drawn."""

    found: Collected
    sent: int
    """Which of its takes."""
    drawn: list[Block]
    anew: bool
    """Another result or another take."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a result stands in the queue."""

    handed: Handed
    row: Standing


class ResultScreen(NotingScreen):
    """C agrees, O overrides, M comments, N goes on."""

    AUTO_FOCUS = "#marks-list"
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    playing: reactive[bool] = reactive(False, layout=False, bindings=True)

    def __init__(self, result: str, groups: list[Group], hidden: Pseudonyms | None = None) -> None:
        """
        Args:
            result: its id.
            groups: the queue, in whose order N goes on.
            hidden: where names are not to be shown.
        """
        super().__init__(result)
        self._places = {
            row.latest.result.id: Place(group.handed, row)
            for group in groups
            for row in group.rows
            if row.latest is not None
        }
        self._hidden = hidden
        self._found: Collected | None = None
        self._at = 0
        """Which of the takes that were sent is shown."""
        self._rows: list[MarkRow] = []
        self._reviewed: set[str] = set()
        """Put away or answered since the queue was read."""

    def compose(self) -> ComposeResult:
        yield TopBar("Review")
        yield Static("One moment …", id="result-head", markup=False)
        with TabbedContent(*("1 Marks", "2 Words", "3 Takes", "4 Noted"), id="pages"):
            with TabPane("1 Marks", id="marks"), Horizontal():
                yield CoachMarks(id="marks-list", markup=False)
                with VerticalScroll(id="detail-pane", can_focus=False):
                    yield Static("", id="detail", markup=False)
            with TabPane("2 Words", id="words"):
                yield WordsView(id="words-view")
                yield Static("", id="chosen-words", classes="aside", markup=False)
            with TabPane("3 Takes", id="takes"), VerticalScroll():
                yield Static("", id="takes-text", markup=False)
            with TabPane("4 Noted", id="noted"):
                yield OptionList(id="noted-list", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._read(self.result, 0, True)

    # What is shown.

    @property
    def _place(self) -> Place:
        return self._places[self.result]

    @property
    def _learner(self) -> str:
        return self._called(self.result)

    def _called(self, result: str) -> str:
        person = self._places[result].row.person
        return self._hidden.of(person.id) if self._hidden is not None else printable(person.name)

    @property
    def _sent(self) -> SentTake | None:
        return self._found.result.sent[self._at] if self._found is not None and self._found.result.sent else None

    @work(thread=True, exclusive=True, group="result", exit_on_error=False)
    def _read(self, result: str, at: int, anew: bool) -> None:
        self.post_message(self._reading(self.services.coach.result(result), at, anew))

    def _reading(self, found: Collected, at: int, anew: bool) -> ResultRead:
        drawn: list[Block] = []
        if found.result.sent:
            sent = found.result.sent[at]
            noted = commented(found.review, sent.number, len(sent.counting))
            drawn = blocks(sent, noted, self._called(found.result.id))
        return ResultRead(found, at, drawn, anew)

    def read_again(self, found: Collected, *, anew: bool) -> None:
        at = self._at if self._at < len(found.result.sent) else 0
        self.post_message(self._reading(found, at, anew))

    async def on_result_read(self, event: ResultRead) -> None:
        if event.found.result.id != self.result or (self._found is None and not event.anew):
            return  # another one is wanted by now
        self._found = event.found
        if event.anew or self.result not in self.unkept:
            self.review = event.found.review
        if not event.anew and event.sent != self._at:
            self.show()  # another of its takes is shown by now
            return
        self._at = event.sent
        await self.query_one(WordsView).show(event.drawn, keep=not event.anew)
        if event.anew:
            self.query_one(CoachMarks).highlighted = None
            self._start()
        self.show()

    def _start(self) -> None:
        """Another result: its title, and the page that has something."""
        terms = self._place.handed.assignment.terms
        where = f"{terms.class_name}: {self._place.handed.assignment.title}"
        self.query_one(".where", Static).update(printable(f"Review · {' '.join(where.split())}"))
        sent = self._sent
        self.action_tab("marks" if sent is not None and sent.marks is not None else "words" if sent else "takes")

    def show(self) -> None:
        found, sent = self._found, self._sent
        if found is None:
            return
        self._rows = mark_rows(sent, self.review) if sent is not None else []
        now, assignment = self.services.now(), self._place.handed.assignment
        self.query_one("#result-head", Static).update(head(found, self._place.row, self._at, self._learner, now))
        self.query_one(CoachMarks).show(self._rows)
        self._show_detail()
        self._show_chosen()
        several = len(assignment.terms.scenarios) > 1
        self.query_one("#takes-text", Static).update(takes_text(found, assignment.titles, several, now))
        self._show_noted()
        self.refresh_bindings()

    # The chosen mark and the chosen words.

    @property
    def _page(self) -> str:
        return self.query_one("#pages", TabbedContent).active

    @property
    def _mark(self) -> MarkRow | None:
        at = self.query_one(CoachMarks).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._show_detail()
        self.refresh_bindings()

    def _show_detail(self) -> None:
        mark, sent = self._mark, self._sent
        unit: Unit = "word" if sent is not None and sent.unit == "word" else "s"
        empty = Content("The marks were not sent." if self._found is not None else "")
        self.query_one("#detail", Static).update(empty if mark is None else detail(mark, unit, self._learner))

    def on_words_view_moved(self) -> None:
        self._show_chosen()

    def _show_chosen(self) -> None:
        words, sent = self.query_one(WordsView), self._sent
        span = words.chosen
        if span is None or sent is None:
            told = ""
        else:
            first, last = span
            quote = " ".join(word.text for word in sent.counting[first : last + 1])
            which = f"Word {first + 1}" if first == last else f"Words {first + 1}–{last + 1}"
            told = f"{which}: “{quote[:200]}”. M comments on {'it' if first == last else 'them'}."
            told += " Space: one word again." if words.stretching else " Space: a stretch from here."
        self.query_one("#chosen-words", Static).update(printable(told))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted or self._found is None:
            return action in ("back", "tab", "turn")
        page, sent = self._page, self._sent
        if action in ("confirm", "override"):
            return (True if self._mark is not None else None) if page == "marks" else False
        if action == "play":
            if sent is None or not sent.audio:
                return False
            return True if self.playing or self._stretch() is not None else None
        if action == "other_take":
            return len(self._found.result.sent) > 1
        if action == "remove":
            return page == "noted" and bool(self.review)
        return True

    # The coach's word.

    def action_confirm(self) -> None:
        if self._mark is not None and self._sent is not None:
            self.agree(self._sent, self._mark)

    def action_override(self) -> None:
        if self._mark is not None and self._sent is not None:
            self.ask_override(self._sent, self._mark)

    def action_comment(self) -> None:
        self.ask_comment(self._sent, self.query_one(WordsView).chosen if self._page == "words" else None)

    # Noted so far.

    def _show_noted(self) -> None:
        listed = self.query_one("#noted-list", OptionList)
        at = listed.highlighted or 0
        made = [Option(printable(told), id=id_) for id_, told in notes(self.review)]
        if not made:
            made = [Option("Nothing so far. C agrees with a mark, O overrides one, M comments.", disabled=True)]
        listed.set_options(made)
        listed.highlighted = min(at, len(made) - 1)

    def action_remove(self) -> None:
        option = self.query_one("#noted-list", OptionList).highlighted_option
        if option is not None and option.id is not None:
            self.note(without(self.review, option.id))

    # The recording.

    def _stretch(self) -> tuple[float, float] | None:
        """Seconds to play: the chosen mark's quote, or from the chosen words on."""
        sent, mark = self._sent, self._mark
        if sent is None:
            return None
        if sent.unit == "word":
            return 0.0, TO_THE_END  # where its words are in the recording is not known
        if self._page == "marks" and mark is not None and mark.row.span is not None:
            return mark.row.span.start, mark.row.span.end
        words = self.query_one(WordsView)
        if self._page == "words" and words.chosen is not None:
            first, last = words.chosen
            end = sent.counting[last].end if last > first else TO_THE_END
            return sent.counting[first].start, end
        return (0.0, TO_THE_END) if self._page in ("takes", "noted") else None

    def action_play(self) -> None:
        sent, stretch = self._sent, self._stretch()
        if self.playing:
            self.workers.cancel_group(self, "play")
        elif sent is not None and stretch is not None:
            self.playing = True
            self._play(self.result, sent.number, *stretch)

    @work(thread=True, exclusive=True, group="play", exit_on_error=False)
    def _play(self, result: str, take: int, start: float, end: float) -> None:
        try:
            sound = self.services.coach.audio(result, take)
            if sound is None:
                raise InputError("No recording of this take was sent.")
            play(self.services.playback(), cut(sound, start, end), get_current_worker().cancelled_event)
        finally:
            self.post_message(PlayedBack())

    def on_played_back(self) -> None:
        self.playing = False

    # Ways on.

    def action_next(self) -> None:
        """The next one that is to be reviewed, in the order of the queue; after the last the first that is left."""
        ids = list(self._places)
        at = ids.index(self.result)
        for each in (*ids[at + 1 :], *ids[:at]):
            latest = self._places[each].row.latest
            if latest is not None and latest.phase == "to_review" and each not in self._reviewed:
                self.result, self._found = each, None
                self.workers.cancel_group(self, "play")
                self._read(each, 0, True)
                return
        self.bowout.say("Nothing else is to be reviewed. A writes the answers.")

    def action_other_take(self) -> None:
        if self._found is not None:
            self._read(self.result, (self._at + 1) % len(self._found.result.sent), True)

    def action_done(self) -> None:
        if self._found is not None:
            self._put_away(self.result, self._found.phase != "done")

    @work(thread=True, group="review", exit_on_error=False)
    def _put_away(self, result: str, done: bool) -> None:
        self.settle(result)
        found = self.services.coach.done(result, done=done)
        (self._reviewed.add if done else self._reviewed.discard)(result)
        self.read_again(found, anew=False)

    def answered(self, results: Collection[str]) -> None:
        self._reviewed.update(results)
        self._read(self.result, self._at, False)

    def action_tab(self, page: str) -> None:
        pages = self.query_one("#pages", TabbedContent)
        pages.active = page
        focus = {"marks": "#marks-list", "words": "#words-view", "takes": "VerticalScroll", "noted": "#noted-list"}
        self.set_focus(pages.get_pane(page).query(focus[page]).first())
        self.refresh_bindings()

    def on_tabbed_content_tab_activated(self, event: TabbedContent.TabActivated) -> None:
        event.stop()
        self.refresh_bindings()

    def action_turn(self, by: int) -> None:
        self.action_tab(TABS[(TABS.index(self._page) + by) % len(TABS)])

    def action_back(self) -> None:
        self.dismiss()

    def on_screen_suspend(self) -> None:
        self.workers.cancel_group(self, "play")

    def on_unmount(self) -> None:
        self.workers.cancel_group(self, "play")


__all__ = ["ResultScreen"]
