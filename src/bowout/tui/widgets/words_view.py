"""What was said, with a cursor on one word or a stretch of them: what a coach's comment is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Static

from bowout.core.coaching.result import SentTake
from bowout.core.coaching.shown import marks_of, transcript_of
from bowout.core.coaching.words import criterion_words
from bowout.core.review import item_words, stretches

NOTHING = "The words were not sent."
_NAME = (item_words("name"), criterion_words("name"))
"""As a learner's own screens say it, and as a coach's do."""


@dataclass(slots=True)
class Drawn:
    """A word as it is drawn, whatever the cursor does."""

    index: int
    """In ``SentTake.counting``."""
    text: str
    style: str = ""
    after: str = ""
    """What it was credited or blamed for, where the stretch ends with it."""
    noted: bool = False
    """A comment is on it."""


@dataclass(slots=True)
class Block:
    """A line of the other side, or a turn of the caller's."""

    who: str
    line: str = ""
    words: list[Drawn] = field(default_factory=list)


def blocks(sent: SentTake, noted: Sequence[bool], learner: str) -> list[Block]:
    """Both sides, in the order in which they spoke. Takes a moment for thousands of words: call it from a thread.

    Args:
        noted: of every word, whether a comment is on it.
    """
    turns = dict(_turns(sent, noted, learner))
    made: list[Block] = []
    waiting = sorted(turns)
    for turn, speaker, text in sent.lines:
        while waiting and waiting[0] < turn:
            made.append(turns[waiting.pop(0)])
        made.append(Block(speaker or "They", " ".join(text.split())))
    return made + [turns[turn] for turn in waiting]


def _turns(sent: SentTake, noted: Sequence[bool], learner: str) -> Iterator[tuple[int, Block]]:
    marks = marks_of(sent)
    indexes: dict[int, list[int]] = {}
    for index, word in enumerate(sent.counting):
        indexes.setdefault(word.turn, []).append(index)
    for turn in transcript_of(sent).turns:
        block = Block(learner)
        if marks is None:
            block.words = [Drawn(0, word.text) for word in turn.words]
        else:
            for stretch in stretches(turn, marks):
                style = _style(stretch.fault, stretch.doubt, bool(stretch.labels))
                words = [Drawn(0, text, style) for text in stretch.text.split()]
                if words and stretch.labels:
                    glyph = "✗" if stretch.fault else "?" if stretch.doubt else "✓"
                    words[-1].after = f" [{glyph} {', '.join(stretch.labels).replace(*_NAME)}]"
                block.words += words
        for drawn, index in zip(block.words, indexes[turn.index], strict=True):
            drawn.index, drawn.noted = index, noted[index]
        yield turn.index, block


def _style(fault: bool, doubt: bool, labelled: bool) -> str:
    if fault:
        return "underline $text-error"
    if doubt:
        return "underline $text-warning"
    return "underline $text-success" if labelled else ""


class WordsView(VerticalScroll, can_focus=True):
    """The arrows move the cursor word by word and line by line; Space begins a stretch, and again ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", show=False, id="words.left", tooltip="The word before"),
        Binding("right", "move(1)", show=False, id="words.right", tooltip="The next word"),
        Binding("up", "jump(-1)", show=False, id="words.up", tooltip="Eight words back"),
        Binding("down", "jump(1)", show=False, id="words.down", tooltip="Eight words on"),
        Binding("shift+left", "stretch(-1)", show=False, id="words.stretch_left", tooltip="One word more to the left"),
        Binding("shift+right", "stretch(1)", show=False, id="words.stretch", tooltip="One word more to the right"),
        Binding("space", "anchor", "Stretch", id="words.anchor", tooltip="A stretch begins here; again: one word"),
        Binding("home", "edge(0)", show=False, id="words.first", tooltip="The first word"),
        Binding("end", "edge(-1)", show=False, id="words.last", tooltip="The last word"),
    ]
    JUMP = 8

    class Moved(Message):
        """Another word or stretch is chosen."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._blocks: list[Block] = []
        self._places: list[tuple[int, int]] = []
        """Block and word of every word, in the order in which they are drawn."""
        self.cursor = 0
        self._anchor: int | None = None

    @property
    def empty(self) -> bool:
        return not self._places

    @property
    def chosen(self) -> tuple[int, int] | None:
        """First and last word that are chosen, by their index in ``SentTake.counting``."""
        if self.empty:
            return None
        low, high = self._ends()
        inside = [self._word(at).index for at in range(low, high + 1)]
        return min(inside), max(inside)

    def _ends(self) -> tuple[int, int]:
        anchor = self.cursor if self._anchor is None else self._anchor
        return min(anchor, self.cursor), max(anchor, self.cursor)

    def _word(self, at: int) -> Drawn:
        block, word = self._places[at]
        return self._blocks[block].words[word]

    async def show(self, made: list[Block], *, keep: bool) -> None:
        """Draw these.

        Args:
            keep: the cursor stays where it is: the words are the same.
        """
        self._blocks = made
        self._places = [(b, w) for b, block in enumerate(made) for w in range(len(block.words))]
        if not keep:
            self.cursor, self._anchor = 0, None
        statics = list(self.query(Static))
        if keep and len(statics) == len(made):
            for at in range(len(made)):
                statics[at].update(self._content(at))
            return
        await self.remove_children()
        drawn = [Static(self._content(at), classes="block", markup=False) for at in range(len(made))]
        await self.mount_all(drawn or [Static(NOTHING, classes="aside", markup=False)])

    def _content(self, at: int) -> Content:
        block = self._blocks[at]
        if not block.words:
            return Content.assemble((f"{block.who}  ", "bold dim"), (block.line, "dim"))
        chosen = set()
        if self._places:
            low, high = self._ends()
            chosen = {self._places[n][1] for n in range(low, high + 1) if self._places[n][0] == at}
        parts: list[Content | str | tuple[str, str]] = [(f"{block.who}  ", "bold $text-primary")]
        for n, word in enumerate(block.words):
            style = f"{word.style} reverse bold" if n in chosen else word.style
            parts += [(word.text, style) if style else word.text]
            if word.noted and (n + 1 == len(block.words) or not block.words[n + 1].noted):
                parts.append((" *", "bold $text-accent"))
            parts += [(word.after, "dim")] if word.after else []
            parts.append((" ", "reverse") if n in chosen and n + 1 in chosen and not word.after else " ")
        return Content.assemble(*parts)

    # Moving.

    def _go(self, to: int, *, stretch: bool = False) -> None:
        if self.empty:
            return
        before = {self._places[at][0] for at in range(self._ends()[0], self._ends()[1] + 1)}
        if stretch and self._anchor is None:
            self._anchor = self.cursor
        self.cursor = max(0, min(to, len(self._places) - 1))
        now = {self._places[at][0] for at in range(self._ends()[0], self._ends()[1] + 1)}
        statics = list(self.query(Static))
        for at in before | now:
            statics[at].update(self._content(at))
        self._reveal(statics[self._places[self.cursor][0]])
        self.post_message(self.Moved())

    def _reveal(self, static: Static) -> None:
        """Scroll so that the cursor's line is seen; where it is wrapped is reckoned, not measured."""
        block, word = self._places[self.cursor]
        ahead = sum(len(w.text) + len(w.after) + 1 for w in self._blocks[block].words[:word])
        line = (ahead + len(self._blocks[block].who) + 2) // max(1, static.size.width)
        region = static.virtual_region
        self.scroll_to_region(Region(0, max(0, region.y + line - 1), 1, 3), animate=False, immediate=True)

    def action_move(self, by: int) -> None:
        self._go(self.cursor + by)

    def action_jump(self, by: int) -> None:
        self._go(self.cursor + by * self.JUMP)

    def action_stretch(self, by: int) -> None:
        self._go(self.cursor + by, stretch=True)

    def action_anchor(self) -> None:
        before = self._anchor
        if before is not None:
            low, high = self._ends()
            self._anchor = None
            touched = {self._places[at][0] for at in range(low, high + 1)}
            statics = list(self.query(Static))
            for at in touched:
                statics[at].update(self._content(at))
            self.post_message(self.Moved())
        elif not self.empty:
            self._anchor = self.cursor
            self.post_message(self.Moved())

    def action_edge(self, to: int) -> None:
        self._go(0 if to == 0 else len(self._places) - 1)

    def go_to(self, index: int) -> None:
        """To the word of this index in ``SentTake.counting``."""
        for at in range(len(self._places)):
            if self._word(at).index == index:
                self._anchor = None
                self._go(at)
                return

    @property
    def stretching(self) -> bool:
        return self._anchor is not None


__all__ = ["Block", "WordsView", "blocks"]
