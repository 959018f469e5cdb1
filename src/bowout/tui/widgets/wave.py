"""The recording as a picture: the whole call, then the stretch at the cursor with its words under it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from bowout.core.places import Place
from bowout.core.safety import printable
from bowout.core.transcript import Word
from bowout.core.waveform import Levels, blocks, braille, ruler, signs, words_under

COLUMNS_A_SECOND = 13
"""So that the words of somebody who speaks quickly still fit under their places."""
ROWS = 3
HEIGHT = ROWS + 5
"""Lines of the whole picture."""


class Wave(Widget):
    """Shows levels around ``at``; needs no colour."""

    at: reactive[float] = reactive(0.0, layout=False)
    """The cursor, in seconds on the call's clock."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._levels = Levels(())
        self._words: Sequence[Word] = ()
        self._places: Sequence[Place] = ()

    def show(self, levels: Levels, words: Sequence[Word], places: Sequence[Place]) -> None:
        """Another recording."""
        self._levels, self._words, self._places = levels, words, places
        self.refresh()

    def window(self) -> tuple[float, float]:
        """The seconds that are shown closely: the cursor a third into them, the recording's ends respected."""
        seconds = max(2.0, self.size.width / COLUMNS_A_SECOND)
        start = min(max(0.0, self.at - seconds / 3), max(0.0, self._levels.end - seconds))
        return start, start + seconds

    def render(self) -> Content:
        width, end = self.size.width, self._levels.end
        if width < 10 or not end:
            return Content("")
        start, stop = self.window()
        first, last = int(start / end * width), max(1, int(min(stop, end) / end * width))
        whole = blocks(self._levels.columns(0, end, width))
        close = braille(self._levels.columns(start, stop, width * 2), ROWS)
        words = [Word(printable(word.text), word.start, word.end) for word in self._words]
        lines = [
            Content.assemble((whole[:first], "dim"), (whole[first:last], "$text-primary"), (whole[last:], "dim")),
            Content(signs(self._places, 0, end, width)),
            *(Content.styled(line, "$text-primary") for line in close),
            Content.styled(ruler(start, stop, width, self.at), "dim"),
            *(Content(line) for line in words_under(words, start, stop, width)),
        ]
        return Content("\n").join(lines)


__all__ = ["HEIGHT", "Wave"]
