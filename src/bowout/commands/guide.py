"""``bowout guide``: the guide's pages, found by a few words."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bowout.commands.common import add_json
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, EXIT_NO

if TYPE_CHECKING:
    from bowout.core.guide import Guide, Page

WIDEST = 80
"""Columns of a line; longer ones are hard to read."""
NARROWEST = 30
_ALSO = 4
"""Further pages that are named below the best one."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "guide",
        help="read the guide: type what is on your mind",
        description="Prints the page that fits your words best. Without words it lists all pages.",
    )
    parser.add_argument("words", nargs="*", metavar="WORDS", help="what you would say: too nervous to call")
    parser.add_argument("--list", action="store_true", help="list the pages that fit, or all, and print none")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_guide

    guide = build_guide()
    words = " ".join(arguments.words)
    found = guide.search(words)
    listed = arguments.list or not words.strip()
    if not found:
        tell("No page of the guide has these words. See them all: bowout guide --list")
        return EXIT_NO
    if arguments.json:
        for page in found if listed else found[:1]:
            emit(as_json(page))
        return EXIT_DONE
    width = max(NARROWEST, min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST))
    for line in pages_listed(found) if listed else lines(found[0], guide, width):
        say(line)
    if listed:
        say()
        say("Read one: bowout guide WORDS")
    elif found[1:]:
        say("Also found:")
        for page in found[1 : 1 + _ALSO]:
            say(_named(page))
    return EXIT_DONE


def as_json(page: Page) -> dict[str, object]:
    return {
        "id": page.id, "title": page.title, "text": "\n\n".join(b.text for b in page.blocks), "see": list(page.see),
        "rehearse": list(page.rehearse), "commands": list(page.commands),
    }  # fmt: skip


def pages_listed(pages: tuple[Page, ...]) -> Iterator[str]:
    """Id and title of each page."""
    widest = max(len(page.id) for page in pages)
    for page in pages:
        yield f"{page.id:<{widest}}  {page.title}"


def lines(page: Page, guide: Guide, width: int) -> Iterator[str]:
    """The page as lines of at most so many columns (a command line is never broken)."""
    yield page.title
    yield "─" * len(page.title)
    before = ""
    for block in page.blocks:
        if not (block.kind == before == "item" or before == "heading"):
            yield ""
        before = block.kind
        match block.kind:
            case "heading":
                yield from _wrapped(block.text, width).splitlines()
            case "item":
                yield from _wrapped(block.text, width, "  • ", "    ").splitlines()
            case "say":
                yield from _wrapped(f"“{block.text}”", width, "    ", "    ").splitlines()
            case _:
                yield from _wrapped(block.text, width).splitlines()
    yield ""
    ways = [f"bowout call {key}" for key in page.rehearse] + list(page.commands)
    if ways:
        yield "Try it:"
        yield from (f"  {way}" for way in ways)
    if page.see:
        yield "Read on:"
        yield from (_named(guide.page(key)) for key in page.see)


def _named(page: Page) -> str:
    return f"  bowout guide {page.id:<16} {page.title}"


def _wrapped(text: str, width: int, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


__all__ = ["add_parser", "as_json", "lines", "run"]
