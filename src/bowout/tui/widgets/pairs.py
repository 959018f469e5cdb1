"""Two tellings line by line: what I said, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from bowout.core.compare import Line, Pair
from bowout.core.review import clock
from bowout.core.safety import printable

NAME, TIME = 7, 6
"""Columns before the words."""
Parts = list[Content | str | tuple[str, str]]


class PairsList(OptionList):
    """One row a pair; the chosen one is ``pair``. Left and right belong to the screen: lines are wrapped."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right", "screen.place(1)", "Go to", key_display="← →", id="pairs.next", tooltip="Next quote, pause, filler"
        ),
        Binding("left", "screen.place(-1)", show=False, id="pairs.before", tooltip="The place before"),
    ]

    def __init__(self, *, id: str | None = None, markup: bool = False) -> None:
        super().__init__(id=id, markup=markup)
        self._pairs: Sequence[Pair] = ()
        self._side = ""
        self._timed = False

    @property
    def pair(self) -> Pair | None:
        chosen = self.highlighted
        return None if chosen is None or chosen >= len(self._pairs) else self._pairs[chosen]

    def show(self, pairs: Sequence[Pair], name: str, *, timed: bool) -> None:
        """Show these, the place in the list kept.

        Args:
            name: whose the other side is.
            timed: mine has times that can be told.
        """
        self._pairs, self._side, self._timed = pairs, name, timed
        self._draw()

    def on_resize(self, _: events.Resize) -> None:
        with self.prevent(OptionList.OptionHighlighted):
            self._draw()

    def _draw(self) -> None:
        chosen = self.highlighted or 0
        self.set_options(Option(self._row(pair)) for pair in self._pairs)
        self.highlighted = min(chosen, len(self._pairs) - 1) if self._pairs else None

    def _row(self, pair: Pair) -> Content:
        at = clock(pair.mine.start) if pair.mine is not None and self._timed else ""
        mine = self._line("You", at, pair.mine, "not in these words")
        return Content("\n").join([mine, self._line(self._side, "", pair.other, "nothing like it", pair.missing)])

    def _line(self, name: str, at: str, line: Line | None, nothing: str, missing: Sequence[int] = ()) -> Content:
        """A name, when it was said, and the words, which stay in their column; underlined those that the other side
        does not have."""
        parts: Parts = [(f"{name:<{NAME}}", "bold dim"), (f"{at:<{TIME}}", "dim")]
        if line is None:
            return Content.assemble(*parts, (nothing, "dim"))
        return Content.assemble(*parts, *self._words(line, missing))

    def _words(self, line: Line, missing: Sequence[int]) -> Iterator[str | tuple[str, str]]:
        room = max(20, self.size.width - NAME - TIME - 2)
        column = 0
        for n, word in enumerate(line.words):
            text = printable(word.text)
            if column and column + 1 + len(text) > room:
                yield "\n" + " " * (NAME + TIME)
                column = 0
            elif column:
                yield " "
                column += 1
            yield (text, "underline") if n in missing else text
            column += len(text)

    def go_to(self, second: float) -> None:
        """Choose the line that is being said at this second, without a word about it."""
        for n, pair in enumerate(self._pairs):
            if pair.mine is not None and pair.mine.start - 0.05 <= second <= pair.mine.end:
                with self.prevent(OptionList.OptionHighlighted):
                    self.highlighted = n
                return


__all__ = ["PairsList"]
