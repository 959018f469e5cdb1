"""The review queue: what came back, by assignment; what is to be reviewed, was answered, is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core.coaching.parties import Pseudonyms
from bowout.core.coaching.standing import Standing
from bowout.core.safety import printable
from bowout.rehearsal.review_queue import Group, answer_ready, queue, ready
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.choose import AskScreen
from bowout.tui.widgets.queue_list import QueueHead, QueueList, QueueRow
from bowout.tui.widgets.top_bar import TopBar

NO_KEYS = "You have no coach's keys. They are made on the command line: bowout coach init"
NOTHING = "Nothing has come back so far. Take results in: bowout coach collect FILE|FOLDER"


@dataclass
class QueueRead(Message):
    """Everything that came back; ``None`` for who is no coach."""

    groups: list[Group]
    pseudonyms: Pseudonyms | None


@dataclass
class AnswersWritten(Message):
    """What was written."""

    folder: Path
    names: list[str]
    results: list[str]
    """Ids of those that were answered."""
    refused: list[str]
    """Of whom no answer could be written, and why."""


class AnsweringScreen(AppScreen[None]):
    """A screen from which the answers that are ready are written."""

    def action_answer(self) -> None:
        note = "One .bowanswer each, for everybody on whose newest result something was noted since the last answer."
        self.app.push_screen(AskScreen("Into which folder?", note, _no_folder, str(Path.cwd())), self._into)

    def _into(self, folder: str | None) -> None:
        if folder is not None:
            self._answer(Path(folder.strip()).expanduser())

    @work(thread=True, exclusive=True, group="answer", exit_on_error=False)
    def _answer(self, folder: Path) -> None:
        self.before_answers()
        written = AnswersWritten(folder, [], [], [])
        for found, made in answer_ready(self.services.coach, folder):
            if isinstance(made, Path):
                written.names.append(made.name)
                written.results.append(found.result.id)
            else:
                written.refused.append(made.sentence())
        self.post_message(written)

    def before_answers(self) -> None:
        """Bring to the disk what is still to be kept. In the worker."""

    def on_answers_written(self, event: AnswersWritten) -> None:
        count, refused = len(event.names), event.refused
        if refused:
            more = f" And {len(refused) - 1} more." if len(refused) > 1 else ""
            self.bowout.say(printable(f"Not written: {refused[0]}{more}"), severe=True)
        if not count and refused:
            return
        if not count:
            self.bowout.say("Nothing new was noted. Open a result, and confirm, override or comment first.")
            return
        told = event.names[0] if count == 1 else f"{count} files"
        self.bowout.say(printable(f"Written to {event.folder}: {told}. Hand {'it' if count == 1 else 'them'} over."))
        self.answered(event.results)

    def answered(self, results: Collection[str]) -> None:
        """These have been answered: what is shown of them has changed."""


class QueueScreen(AnsweringScreen):
    """Enter opens a result."""

    AUTO_FOCUS = "#queue"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", id="queue.filter", tooltip="Only what is to be reviewed; again: everything"),
        Binding("p", "pseudonyms", "Pseudonyms", id="queue.pseudonyms", tooltip="Made-up names in place of people's"),
        Binding("d", "done", "Done", id="queue.done", tooltip="Put the chosen result away; again takes it up"),
        Binding("a", "answer", "Write answers", id="queue.answer", tooltip="Write every answer that is ready"),
        Binding("escape", "back", "Back", id="queue.back", tooltip="Back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[Group] | None = None
        self._known: Pseudonyms | None = None
        self._hidden = False
        """Pseudonyms are shown."""
        self._open_only = False
        self._rows: dict[str, Standing] = {}

    def compose(self) -> ComposeResult:
        yield TopBar("Review queue")
        yield Static("One moment …", id="standing", markup=False)
        yield QueueList(id="queue", markup=False)
        yield Footer(show_command_palette=False)

    def on_screen_resume(self) -> None:
        self._read()

    @work(thread=True, exclusive=True, group="queue", exit_on_error=False)
    def _read(self) -> None:
        self.post_message(self._everything())

    def _everything(self) -> QueueRead:
        coach = self.services.coach
        return QueueRead([], None) if coach.me is None else QueueRead(queue(coach), coach.pseudonyms)

    def on_queue_read(self, event: QueueRead) -> None:
        self._groups, self._known = event.groups, event.pseudonyms
        self._show()

    def _called(self, row: Standing) -> str:
        hidden = self._hidden and self._known is not None
        return self._known.of(row.person.id) if hidden and self._known is not None else printable(row.person.name)

    def _show(self) -> None:
        rows, now = self.query_one(QueueList), self.services.now()
        groups = self._groups or []
        chosen, at = (rows.highlighted_option.id if rows.highlighted_option else None), rows.highlighted or 0
        made: list[Option | None] = []
        self._rows = {}
        for group in groups:
            if made:
                made.append(None)
            made.append(Option(QueueHead(group, now), disabled=True))
            for row in group.rows:
                if row.latest is not None and not (self._open_only and row.latest.phase != "to_review"):
                    self._rows[row.latest.result.id] = row
                    made.append(Option(QueueRow(self._called(row), row), id=row.latest.result.id))
        rows.set_options(made)
        if chosen in self._rows:
            rows.highlighted = rows.get_option_index(str(chosen))
        elif self._rows:
            rows.highlighted = min(at, rows.option_count - 1)
            if rows.highlighted_option is None or rows.highlighted_option.disabled:
                rows.action_first()
        self.query_one("#standing", Static).update(self._standing(groups))
        self.refresh_bindings()

    def _standing(self, groups: list[Group]) -> str:
        if self._known is None:
            return NO_KEYS
        if not any(group.rows for group in groups):
            return NOTHING
        open_ = sum(group.counts.to_review for group in groups)
        waiting = sum(ready(row) for group in groups for row in group.rows)
        told = f"{open_} to review"
        told += f", {waiting} answer{'' if waiting == 1 else 's'} ready to be written (A)" if waiting else ""
        return told + (" · only what is to be reviewed" if self._open_only else "")

    @property
    def _chosen(self) -> Standing | None:
        option = self.query_one(QueueList).highlighted_option
        return self._rows.get(option.id) if option is not None and option.id is not None else None

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("filter", "pseudonyms", "answer"):
            return self._groups is not None and self._known is not None
        if action == "done":
            return True if self.is_mounted and self._chosen is not None else None
        return True

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.refresh_bindings()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        from bowout.tui.screens.coach import ResultScreen

        event.stop()
        if event.option.id is not None and self._groups is not None:
            self.app.push_screen(ResultScreen(event.option.id, self._groups, self._known if self._hidden else None))

    def action_filter(self) -> None:
        self._open_only = not self._open_only
        self._show()

    def action_pseudonyms(self) -> None:
        self._hidden = not self._hidden
        self._show()

    def action_done(self) -> None:
        row = self._chosen
        if row is not None and row.latest is not None:
            self._put_away(row.latest.result.id, row.latest.phase != "done")

    @work(thread=True, group="done", exit_on_error=False)
    def _put_away(self, result: str, done: bool) -> None:
        self.services.coach.done(result, done=done)
        self.post_message(self._everything())

    def answered(self, results: Collection[str]) -> None:
        self._read()

    def action_back(self) -> None:
        self.dismiss()


def _no_folder(typed: str) -> str:
    return "" if typed.strip() else "Type the name of a folder."


__all__ = ["AnsweringScreen", "QueueScreen"]
