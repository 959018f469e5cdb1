"""The list of scenarios: quick with a thousand of them, because a row is drawn only when it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.css.styles import RulesMap
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from bowout.core.cards import PackCard, ScenarioCard, matches
from bowout.core.labels import CHANNEL_WORDS, DIFFICULTY_WORDS, INTENT_WORDS
from bowout.core.safety import printable
from bowout.ports import AttemptSummary

FIND_FROM = 9
"""Rows from which finding one by typing is offered; fewer are seen at a glance."""
NOTHING = "Nothing here is called that. Escape shows everything again."
NEXT = ":next"
"""Id of the row above all others; no scenario's key has a colon."""


class Lines(Visual):
    """So many lines, cut at the edge. Its height is known before it is drawn."""

    HEIGHT = 1

    def content(self) -> Content:
        raise NotImplementedError

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        lines = [line.truncate(width, ellipsis=True) for line in self.content().split("\n")]
        return Content("\n").join(lines).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self.HEIGHT


@dataclass(frozen=True)
class ScenarioRow(Lines):
    """The title, and what kind of call it is."""

    HEIGHT = 2
    entry: ScenarioCard
    last: AttemptSummary | None = None

    def content(self) -> Content:
        entry, last = self.entry, self.last
        stars = "●" * entry.difficulty + "○" * (5 - entry.difficulty)
        facts = [
            INTENT_WORDS[entry.intent],
            CHANNEL_WORDS[entry.channel],
            f"{stars} {DIFFICULTY_WORDS[entry.difficulty - 1]}",
        ]
        title = " ".join(printable(entry.title).split())
        parts: list[Content | str | tuple[str, str]] = [(title, "bold"), "\n", ("   ".join(facts), "dim")]
        if last is not None and last.score is not None:
            passed = "passed" if last.passed else "not yet"
            parts.append((f"   last {last.score}, {passed}", "$text-success" if last.passed else "$text-warning"))
        return Content.assemble(*parts)


@dataclass(frozen=True)
class NextRow(Lines):
    """What to practise next, and why."""

    HEIGHT = 2
    what: str
    day: str
    """“today”, “Friday”; empty where no plan says so."""
    why: str

    def content(self) -> Content:
        what = " ".join(printable(self.what).split())
        day = f", {self.day}" if self.day else ""
        return Content.assemble(
            ("Next: ", "bold $text-accent"), (what, "bold"), day, "\n", (f"{printable(self.why)}.", "dim")
        )


@dataclass(frozen=True)
class PackRow(Lines):
    """The heading above a pack's scenarios."""

    title: str
    count: int

    def content(self) -> Content:
        calls = f"{self.count} call{'' if self.count == 1 else 's'}"
        title = " ".join(printable(self.title).split())
        return Content.assemble((title, "$text-accent bold"), f"   {calls}")


class Scenarios(OptionList):
    """The rows, below the headings of their packs if there are several; Enter opens one.

    Typing narrows the list: keys that mean nothing else go to ``Find``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Read", id="home.open", tooltip="Open the brief of the chosen call"),
    ]

    @dataclass
    class Typed(Message):
        """A letter that no key of the screen takes."""

        letter: str

    def show(
        self,
        cards: Sequence[ScenarioCard],
        packs: Sequence[PackCard],
        last: Mapping[str, AttemptSummary],
        wanted: str = "",
        following: NextRow | None = None,
        assigned: Sequence[tuple[str, Lines]] = (),
    ) -> None:
        """Fill the list with the cards that match what was typed; the chosen row stays chosen if it is still there.

        Args:
            last: the newest marked attempt of each key.
            following: the row above them, while nothing is looked for.
            assigned: what a coach has asked, by id; the rows below that one.
        """
        chosen = self.highlighted_option.id if self.highlighted_option else None
        titles = {pack.id: pack.title for pack in packs}
        found = [entry for entry in cards if not wanted or matches(wanted, entry, titles.get(entry.pack, ""))]
        rows = list(self._rows(found, titles, last)) if found else [Option(NOTHING, disabled=True)]
        keys = {entry.key for entry in found}
        if not wanted:
            rows = [row for id_, drawn in assigned for row in (Option(drawn, id=id_), None)] + rows
            keys |= {id_ for id_, _ in assigned}
        if following is not None and not wanted:
            rows = [Option(following, id=NEXT), None, *rows]
            keys.add(NEXT)
        self.set_options(rows)
        if chosen in keys:
            self.highlighted = self.get_option_index(str(chosen))
        else:
            self.action_first()

    def _rows(
        self, cards: Iterable[ScenarioCard], titles: Mapping[str, str], last: Mapping[str, AttemptSummary]
    ) -> Iterator[Option | None]:
        groups: dict[str, list[ScenarioCard]] = {}
        for entry in cards:
            groups.setdefault(entry.pack, []).append(entry)
        for pack, entries in groups.items():
            if len(titles) > 1:
                yield Option(PackRow(titles.get(pack, pack), len(entries)), disabled=True)
            for entry in entries:
                yield Option(ScenarioRow(entry, last.get(entry.key)), id=entry.key)
                yield None

    def scroll_to_highlight(self, top: bool = False) -> None:
        """The heading above the first row of a pack is shown with it."""
        super().scroll_to_highlight(top)
        at = self.highlighted
        if at and self.options[at - 1].disabled:
            y = self._index_to_line.get(at - 1)
            if y is not None and y < self.scroll_offset.y:
                self.scroll_to_region(
                    Region(0, y, self.scrollable_content_region.width, 1), force=True, animate=False, immediate=True
                )

    def on_key(self, event: events.Key) -> None:
        letter = event.character
        if letter and event.is_printable and letter.strip() and event.key not in self.screen.active_bindings:
            event.stop()
            self.post_message(self.Typed(letter))


class Find(Input):
    """What is looked for. The list below follows, and is moved through from here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", show=False, id="home.find_down", tooltip="The next call"),
        Binding("up", "screen.move(-1)", show=False, id="home.find_up", tooltip="The call before"),
        Binding("enter", "screen.open", "Read", id="home.find_open", tooltip="Open the chosen call"),
    ]

    def __init__(self) -> None:
        # Nothing is selected when it opens: the letter that opened it is the first of what is looked for.
        super().__init__(
            id="find",
            placeholder="Find a call: words of its title, its pack or its tags",
            select_on_focus=False,
            compact=True,
        )


__all__ = ["FIND_FROM", "NEXT", "Find", "Lines", "NextRow", "PackRow", "ScenarioRow", "Scenarios"]
