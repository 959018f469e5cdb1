"""Send: exactly what goes, each part on or off, then one file that only the coach can open."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, OptionList, Static, TabbedContent, TabPane, TextArea
from textual.widgets.option_list import Option

from bowout.core.coaching.file_names import slug
from bowout.core.coaching.sending import goes
from bowout.core.coaching.takes import Take, take_words
from bowout.core.coaching.terms import PARTS, Part, least
from bowout.core.coaching.words import sent_lines
from bowout.core.review import clock
from bowout.core.safety import printable
from bowout.errors import BowoutError, InputError
from bowout.rehearsal.coaching import Draft, Held, Submission
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.choose import AskScreen, ChooseScreen
from bowout.tui.widgets.top_bar import TopBar

Wanted = tuple[tuple[Part, ...], tuple[int, ...]]
"""Parts, and numbers of takes that were chosen."""
ENDING = ".bowresult"
LINE = 74
"""Characters of a line of the very text, where it can be cut so."""
TABS = ("words", "file", "after")
AFTER = """\
Nothing has left this machine so far: handing the file over is up to you. Only {coach} can open it, for it is \
encrypted for the keys that came with the assignment. You can't open it any more either.

You may send again: a newer file takes the place of an older one with your coach.

Withdraw: W on the assignment leaves it. What was handed over can't be called back from here; the file that W \
writes asks your coach's program to delete what you sent.

Delete: D on the assignment deletes it here. Your takes are yours: they stay in the history until you delete \
them there."""


@dataclass
class Drafted(Message):
    """What would go with these parts."""

    wanted: Wanted
    draft: Draft
    takes: tuple[Take, ...]
    """Every take, with its id."""
    audio: tuple[int, float]
    """Bytes and seconds of the recordings."""
    recordings: dict[str, bool]
    """By attempt: whether a recording of it is there."""
    text: str
    """The very text, laid out for reading."""
    bytes: int
    """Of the text as it is written."""


@dataclass
class NoDraft(Message):
    """There is nothing to send, or what was chosen is not there."""

    wanted: Wanted
    why: str


@dataclass
class Submitted(Message):
    """The file is written."""

    path: Path
    size: int
    submission: Submission


class VeryText(TextArea, can_focus=False):
    """Long texts are drawn where they are seen."""


class PartList(OptionList):
    """What was asked for. Space and Enter turn a line on or off."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "select", "On/off", id="submit.toggle", tooltip="Let the chosen line go, or not"),
    ]


class SubmitScreen(AppScreen[None]):
    """Space turns a part on or off; W writes."""

    AUTO_FOCUS = "#parts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write", "Write the file", id="submit.write", tooltip="Write the one file that you hand over"),
        Binding("t", "take", "Take", id="submit.take", tooltip="Send another take"),
        Binding("1", "tab('words')", "Words", show=False, id="submit.words", tooltip="What goes, in words"),
        Binding("2", "tab('file')", "File", show=False, id="submit.file", tooltip="The very text of the file"),
        Binding("3", "tab('after')", "After", show=False, id="submit.after", tooltip="What becomes of it"),
        Binding("right", "turn(1)", "Next page", show=False, id="submit.next", tooltip="To the next page"),
        Binding("left", "turn(-1)", "Page before", show=False, id="submit.before", tooltip="To the page before"),
        Binding("pagedown", "scroll(1)", "Read on", id="submit.down", tooltip="Read on"),
        Binding("pageup", "scroll(-1)", "Read back", show=False, id="submit.up", tooltip="Read back"),
        Binding("escape", "back", "Back", id="submit.back", tooltip="Back; nothing is written"),
    ]

    def __init__(self, held: Held) -> None:
        super().__init__()
        self.held = held
        self._parts: tuple[Part, ...] = least(held.assignment.terms)
        self._chosen: dict[str, int] = {}
        """Numbers of takes that were chosen, by call."""
        self._drafted: Drafted | None = None
        self._written: Submitted | None = None

    def compose(self) -> ComposeResult:
        held = self.held
        yield TopBar("Send a result", self.bowout.ear_shown)
        to = f"To {held.assignment.coach.name}, for {held.assignment.terms.class_name}, from “{held.who}”."
        yield Static(printable(to), id="to", markup=False)
        yield PartList(id="parts", markup=False)
        yield Static("One moment …", id="size", markup=False)
        with TabbedContent(*("1 What goes", "2 The very text", "3 And then"), id="pages"):
            with TabPane("1 What goes", id="words"), VerticalScroll():
                yield Static("", id="goes", markup=False)
            with TabPane("2 The very text", id="file"):
                yield VeryText(id="json", read_only=True, show_cursor=False)
            with TabPane("3 And then", id="after"), VerticalScroll():
                yield Static(AFTER.format(coach=printable(held.assignment.coach.name)), markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._show_parts()
        self._draft_anew()

    # What goes.

    @property
    def _wanted(self) -> Wanted:
        return self._parts, tuple(self._chosen.values())

    def _draft_anew(self) -> None:
        """Until it is shown what goes, nothing can be written."""
        self._drafted = None
        self.refresh_bindings()
        self._draft(self._wanted)

    def _show_parts(self) -> None:
        parts = self.query_one(PartList)
        at = parts.highlighted or 0
        rows = goes(self.held.assignment, self._parts)
        parts.set_options(Option(Content(f"[{'x' if row.on else ' '}] {row.text}"), id=row.part) for row in rows)
        parts.highlighted = min(at, len(rows) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self._written is not None:
            return
        part = event.option.id
        wanted = {*self._parts} ^ {part}
        self._parts = tuple(each for each in PARTS if each in wanted)
        self._show_parts()
        self._draft_anew()

    @work(thread=True, exclusive=True, group="draft", exit_on_error=False)
    def _draft(self, wanted: Wanted) -> None:
        learner, records, assignment = self.services.learner, self.services.records, self.held.assignment.id
        try:
            draft = learner.draft(assignment, records, *wanted)
        except InputError as error:
            self.post_message(NoDraft(wanted, error.sentence()))
            return
        every = learner.takes(assignment, records)
        rows = {row.id: row for row in records.list() if row.assignment == assignment}
        size = sum(path.stat().st_size for path in draft.audio.values())
        names = {sent.audio: attempt for sent, attempt in zip(draft.result.sent, draft.attempts, strict=True)}
        seconds = sum(rows[names[name]].seconds for name in draft.audio if names.get(name) in rows)
        content = draft.result.as_json()
        text = laid_out({"manifest.json": draft.result.head(), "result.json": content})
        length = len(json.dumps(content, separators=(",", ":")))
        kept = {id_: row.audio for id_, row in rows.items()}
        self.post_message(Drafted(wanted, draft, every, (size, seconds), kept, printable(text), length))

    def on_no_draft(self, event: NoDraft) -> None:
        if event.wanted != self._wanted:
            return  # something else is wanted by now
        self.query_one("#size", Static).update(f"! {printable(event.why)}")
        self.query_one("#goes", Static).update("")
        self.query_one(VeryText).load_text("")
        self.refresh_bindings()

    def on_drafted(self, event: Drafted) -> None:
        if event.wanted != self._wanted:
            return  # something else is wanted by now
        self._drafted = event
        draft = event.draft
        self.query_one("#size", Static).update(printable(self._size_words(event)))
        self.query_one("#goes", Static).update("\n".join(map(printable, self._words(draft))))
        self.query_one(VeryText).load_text(event.text)
        self.refresh_bindings()

    def _size_words(self, event: Drafted) -> str:
        draft, (size, seconds) = event.draft, event.audio
        numbers = ", ".join(str(sent.number) for sent in draft.result.sent)
        told = f"Take {numbers}: {_bytes(event.bytes)} of text"
        told += f" and {_bytes(size)} of your voice, {clock(seconds)} long" if size else ", nothing of your voice"
        return "\n".join([f"{told}.", *(f"! {each}" for each in draft.missing)])

    def _words(self, draft: Draft) -> list[str]:
        zone = self.services.now().tzinfo
        assert zone is not None, "the clock is aware"
        told = ["Your name and your keys; and every take, listed with its state:"]
        told += [f"  {take_words(take, zone)}" for take in draft.result.takes]
        for sent in draft.result.sent:
            title = self.held.assignment.titles.get(sent.scenario, sent.scenario)
            told += ["", f"Of take {sent.number}, “{title}”:", *(f"  {line}" for line in sent_lines(sent))]
        return told

    def action_take(self) -> None:
        drafted = self._drafted
        if drafted is None:
            return
        zone, titles = self.services.now().tzinfo, self.held.assignment.titles
        assert zone is not None, "the clock is aware"
        several = len(self.held.assignment.terms.scenarios) > 1
        rows = []
        for take in drafted.takes:
            if take.score is not None and take.scenario in self.held.assignment.terms.scenarios:
                title = f"{titles.get(take.scenario, take.scenario)}: " if several else ""
                kept = "" if drafted.recordings.get(take.attempt) else ", no recording"
                rows.append((str(take.number), printable(f"{title}{take_words(take, zone)}{kept}")))
        self.app.push_screen(
            ChooseScreen("Which take goes?", rows, "Every take is listed, whichever goes."), self._took
        )

    def _took(self, number: str | None) -> None:
        drafted = self._drafted
        if number is not None and drafted is not None:
            scenario = next(take.scenario for take in drafted.takes if take.number == int(number))
            self._chosen[scenario] = int(number)
            self._draft_anew()

    # The file.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("write", "take"):
            return False if self._written is not None else (True if self._drafted is not None else None)
        return True

    def action_write(self) -> None:
        drafted = self._drafted
        if drafted is not None:
            ask_file(self, self.held, len(self.held.submissions) + 1, lambda path: self._write(drafted.draft, path))

    @work(thread=True, exclusive=True, group="write", exit_on_error=False)
    def _write(self, draft: Draft, path: Path) -> None:
        made = self.services.learner.submit(draft, free(path))
        self.post_message(Submitted(path, path.stat().st_size, made))

    def on_submitted(self, event: Submitted) -> None:
        self._written = event
        coach = self.held.assignment.coach.name
        told = f"✓ Written: {event.path} ({_bytes(event.size)}).\n"
        told += f"Hand it over by mail, chat or stick. Only {coach} can open it."
        self.query_one("#size", Static).update(printable(told))
        self.query_one(PartList).display = False  # nothing is to be chosen any more, and the rest is to be read
        self.action_tab("after")
        self.refresh_bindings()

    def failed(self, error: BaseException) -> None:
        """Below what goes: a toast would lie on it."""
        if isinstance(error, BowoutError):
            self.query_one("#size", Static).update(f"! {printable(error.sentence())}")
        else:
            super().failed(error)

    # Pages.

    def action_tab(self, page: str) -> None:
        self.query_one("#pages", TabbedContent).active = page

    def action_turn(self, by: int) -> None:
        active = self.query_one("#pages", TabbedContent).active
        self.action_tab(TABS[(TABS.index(active) + by) % len(TABS)])

    def action_scroll(self, by: int) -> None:
        pages = self.query_one("#pages", TabbedContent)
        pane = pages.get_pane(pages.active).query("VerticalScroll, TextArea").first()
        (pane.scroll_page_down if by > 0 else pane.scroll_page_up)(animate=False)

    def action_back(self) -> None:
        self.dismiss()


def ask_file(screen: AppScreen[None], held: Held, number: int, then: Callable[[Path], object]) -> None:
    """Ask where to write a result. Whether the place is ``free`` the answer's thread finds out."""
    name = f"{slug(held.assignment.terms.class_name)}-{slug(held.who)}-{number}{ENDING}"
    note = "Readable by you alone; no file is replaced."
    asked = AskScreen("Where shall the file be written?", note, _wrong, str(Path.home() / name))

    def answered(path: str | None) -> None:
        if path is not None:
            then(Path(path.strip()).expanduser())

    screen.app.push_screen(asked, answered)


def _wrong(typed: str) -> str:
    return "" if typed.strip().endswith(ENDING) else f"Its name should end with {ENDING}."


def free(path: Path) -> Path:
    """The path, on which nothing lies. Raises ``InputError``. Looks at the disk: call it from a thread."""
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent}.", "Choose another place.")
    if path.exists():
        raise InputError(f"There is a file {path} already.", "Choose another name.")
    return path


def laid_out(value: object, depth: int = 0) -> str:
    """JSON for reading: objects and lists over several lines, down to what fits on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) <= LINE - depth or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = " " * (depth + 1)
    if isinstance(value, dict):
        rows = [
            f"{json.dumps(str(key), ensure_ascii=False)}: {laid_out(each, depth + 1)}" for key, each in value.items()
        ]
        return "{\n" + ",\n".join(f"{inner}{row}" for row in rows) + f"\n{' ' * depth}}}"
    return "[\n" + ",\n".join(f"{inner}{laid_out(each, depth + 1)}" for each in value) + f"\n{' ' * depth}]"


def _bytes(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


__all__ = ["SubmitScreen", "ask_file", "free"]
