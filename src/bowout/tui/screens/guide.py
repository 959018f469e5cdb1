"""The guide: type a word or two, read the page, follow its links. By keys alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.css.styles import RulesMap
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from bowout.core.cards import find
from bowout.core.guide import SCREENS, Block, Guide, Page
from bowout.core.safety import printable
from bowout.errors import UsageError
from bowout.tui.messages import ScenarioOpened
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.top_bar import TopBar

NOTHING = "No page has these words. Try one plain word: nervous, ill, sorry, visa. Escape empties the line."
_BULLET = "• "


@dataclass
class GuideRead(Message):
    """The guide is there, and the titles of the calls that its pages name and that can be rehearsed here."""

    guide: Guide
    titles: Mapping[str, str]


SCROLL = (
    Binding("pagedown", "screen.turn(1)", "Scroll", key_display="PgUp PgDn", id="guide.scroll", tooltip="Scroll on"),
    Binding("pageup", "screen.turn(-1)", show=False, id="guide.scroll_up", tooltip="Scroll back"),
)
"""Widgets that scroll take these keys for themselves, so each that may have the focus gives them back."""


class Ask(Input):
    """What is looked for. The keys that don't write move the list and the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", "Next page", key_display="↑ ↓", id="guide.down", tooltip="The next page"),
        Binding("up", "screen.move(-1)", show=False, id="guide.up", tooltip="The page before"),
        Binding("enter", "screen.links", "Links", id="guide.links", tooltip="Go to this page's links"),
        *SCROLL,
    ]


class Links(OptionList):
    """Where a page leads to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Follow", id="guide.follow", tooltip="Rehearse this call, or open this page"),
        *SCROLL,
    ]


class GuideScreen(AppScreen[None]):
    """The line of what is looked for keeps the focus; the list and the page follow it."""

    AUTO_FOCUS = "#ask"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="guide.back", tooltip="From the links, to all pages, at last out of here"),
    ]

    def __init__(self, page: str = "") -> None:
        """``page``: the id of the page to begin with."""
        super().__init__()
        self._guide: Guide | None = None
        self._titles: Mapping[str, str] = {}
        self._wanted = page
        self._shown: Page | None = None

    def compose(self) -> ComposeResult:
        yield TopBar("Guide", self.bowout.ear_shown)
        yield Ask(
            id="ask", placeholder="What is on your mind? Nervous, ill, late, visa, sorry …", compact=True,
            select_on_focus=False,
        )  # fmt: skip
        with Horizontal(id="guide"):
            yield OptionList(id="titles", markup=False)
            with Vertical(id="sheet"):
                with VerticalScroll(id="reading", can_focus=False):
                    yield Static("One moment …", id="page", markup=False)
                yield Links(id="links", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#titles").can_focus = False
        self.query_one("#links").display = False
        self._read()

    @work(thread=True, exclusive=True, group="guide", exit_on_error=False)
    def _read(self) -> None:
        guide = self.services.guide
        cards = self.services.scenarios
        titles = {}
        for key in {key for page in guide.pages for key in page.rehearse}:
            try:
                titles[key] = " ".join(printable(find(cards, key).title).split())
            except UsageError:
                continue  # a link to a call that is not here is left out
        guide.search("x")  # the index is made now, and not at the first letter
        self.post_message(GuideRead(guide, titles))

    def on_guide_read(self, event: GuideRead) -> None:
        self._guide, self._titles = event.guide, event.titles
        self._find()
        if self._wanted:
            self._open(self._wanted)

    # What is looked for.

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._find()

    def _find(self) -> None:
        if self._guide is None:
            return
        titles = self.query_one("#titles", OptionList)
        found = self._guide.search(self.query_one(Ask).value)
        titles.set_options([Option(page.title, id=page.id) for page in found])
        titles.highlighted = 0 if found else None
        if not found:
            self._show(None)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_list.id == "titles" and self._guide is not None and event.option.id is not None:
            self._show(self._guide.page(event.option.id))

    def _show(self, page: Page | None) -> None:
        if page is not None and page is self._shown:
            return
        self._shown = page
        self.query_one("#page", Static).update(Content(NOTHING) if page is None else Sheet(page))
        self.query_one("#reading").scroll_home(animate=False)
        links = self.query_one(Links)
        rows = [] if page is None else self._rows(page)
        links.set_options(rows)
        links.display = bool(rows)

    def _rows(self, page: Page) -> list[Option]:
        if self._guide is None:
            return []
        rows = [Option(_link("Rehearse", self._titles[k]), id=f"call {k}") for k in page.rehearse if k in self._titles]
        rows += [Option(_link("Read", self._guide.page(key).title), id=f"page {key}") for key in page.see]
        return rows + [Option(_link("Open", SCREENS[key]), id=f"open {key}") for key in page.screens]

    # Keys.

    def action_move(self, rows: int) -> None:
        """To the next page of the list, or the one before."""
        titles = self.query_one("#titles", OptionList)
        if rows > 0:
            titles.action_cursor_down()
        else:
            titles.action_cursor_up()

    def action_turn(self, pages: int) -> None:
        """Scroll the page."""
        reading = self.query_one("#reading", VerticalScroll)
        if pages > 0:
            reading.scroll_page_down(animate=False)
        else:
            reading.scroll_page_up(animate=False)

    def action_links(self) -> None:
        links = self.query_one(Links)
        if links.display:
            self.set_focus(links)  # at once: the next key may be here already
            links.highlighted = 0

    def action_back(self) -> None:
        ask = self.query_one(Ask)
        if self.focused is not ask:
            self.set_focus(ask)
            self.query_one(Links).highlighted = None
        elif ask.value:
            ask.clear()
        else:
            self.dismiss()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_list.id != "links" or event.option.id is None:
            return  # a click on a title has shown its page already
        kind, _, key = event.option.id.partition(" ")
        if kind == "call":
            self._open_call(key)
        elif kind == "page":
            self._open(key)
        else:
            self.dismiss()
            self.app.call_later(partial(self.app.run_action, key))

    @work(thread=True, exclusive=True, group="call", exit_on_error=False)
    def _open_call(self, key: str) -> None:
        self.post_message(ScenarioOpened(self.services.scenario(key)))

    def on_scenario_opened(self, event: ScenarioOpened) -> None:
        """The brief takes the guide's place: Escape leads back to where the guide was opened."""
        from bowout.tui.screens.read import ReadScreen

        event.stop()
        self.app.switch_screen(ReadScreen(event.scenario))

    def _open(self, key: str) -> None:
        """Show this page in the list of all."""
        ask, titles = self.query_one(Ask), self.query_one("#titles", OptionList)
        with ask.prevent(Input.Changed):
            ask.clear()
        self._find()
        titles.highlighted = titles.get_option_index(key)
        self.set_focus(ask)


@dataclass(frozen=True)
class Sheet(Visual):
    """A page at any width: air between its blocks but not within a list, and items that hang from their bullets."""

    page: Page

    def content(self, width: int) -> Content:
        parts: list[Content | str] = [Content.styled(self.page.title, "bold $primary")]
        before = ""
        for block in self.page.blocks:
            close = block.kind == before == "item" or before == "heading"
            parts += ["\n" if close else "\n\n", _drawn(block, width)]
            before = block.kind
        return Content.assemble(*parts)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return self.content(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self.content(width).get_height(rules, width)


def _drawn(block: Block, width: int) -> Content:
    text = Content.assemble(*((run, "bold") if bold else run for run, bold in block.runs))
    match block.kind:
        case "heading":
            return text.stylize("bold $accent")
        case "item":
            lines = text.wrap(max(1, width - len(_BULLET)))
            return Content.styled(_BULLET, "$accent") + Content("\n" + " " * len(_BULLET)).join(lines)
        case "say":
            return Content.assemble("“", text, "”").stylize("italic $text-accent")
        case _:
            return text


def _link(verb: str, title: str) -> Content:
    return Content.assemble((f"{verb:<9}", "dim"), title)


__all__ = ["GuideScreen"]
