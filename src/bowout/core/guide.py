"""The guide: short pages of advice, found by the words somebody under stress would type.

A page is a small Markdown file. Between two lines ``---`` at its top stand ``title``, ``keywords``, and the links:
``see`` (pages), ``rehearse`` (scenarios as ``pack/id``), ``open`` (screens), ``commands``; all but the title are lists
with commas. Below come paragraphs, ``## `` headings, ``- `` items, ``> `` sentences to say, and ``**bold**`` words.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rapidfuzz import fuzz, process

from bowout.core.document import suggestion
from bowout.errors import InputError, UsageError

Kind = Literal["text", "heading", "item", "say"]
SCREENS: Mapping[str, str] = {
    "my_cases": "Decide about your own interview",
    "new_call": "Make a call of your own",
    "incidents": "Write down what happened",
    "settings": "Settings",
}
"""Screens a page may open, and what the link says."""
_FIELDS = ("title", "keywords", "see", "rehearse", "open", "commands")
_MARKS: tuple[tuple[str, Kind], ...] = (("## ", "heading"), ("- ", "item"), ("> ", "say"))
_MEND = "Install bowout again."


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, item, or sentence to say."""

    kind: Kind
    runs: tuple[tuple[str, bool], ...]
    """Its text in pieces, each with whether it is bold."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the guide."""

    id: str
    title: str
    keywords: tuple[str, ...]
    blocks: tuple[Block, ...]
    see: tuple[str, ...] = ()
    """Ids of pages."""
    rehearse: tuple[str, ...] = ()
    """Scenarios, each as ``pack/id``."""
    screens: tuple[str, ...] = ()
    """Of ``SCREENS``."""
    commands: tuple[str, ...] = ()
    """Whole command lines."""

    @property
    def text(self) -> str:
        """Title and body without any mark-up."""
        return "\n".join((self.title, *(block.text for block in self.blocks)))


def parse_page(name: str, text: str) -> Page:
    """A page from its file. ``name`` is the file's, without folder and ending: ``07-reason`` is the page ``reason``.

    Raises:
        InputError: it is no page of the guide.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    try:
        end = lines.index("---", 1) if lines[0] == "---" else 0
    except ValueError:
        end = 0
    if not end:
        raise InputError(f"The guide's page “{name}” does not begin with its title between two lines “---”.", _MEND)
    head: dict[str, str] = {}
    for line in lines[1:end]:
        key, colon, value = line.partition(":")
        if not colon or key not in _FIELDS or key in head:
            raise InputError(f"The guide's page “{name}” has a line that says nothing: “{line}”.", _MEND)
        head[key] = value.strip()
    if not head.get("title"):
        raise InputError(f"The guide's page “{name}” has no title.", _MEND)
    fields = {key: tuple(part.strip() for part in value.split(",") if part.strip()) for key, value in head.items()}
    return Page(
        re.sub(r"^\d+-", "", name),
        head["title"],
        fields.get("keywords", ()),
        tuple(_blocks(lines[end + 1 :])),
        fields.get("see", ()),
        fields.get("rehearse", ()),
        fields.get("open", ()),
        fields.get("commands", ()),
    )


def _blocks(lines: Sequence[str]) -> Iterable[Block]:
    """Every item stands alone; the lines of a paragraph are joined."""
    paragraph: list[str] = []
    for line in [*lines, ""]:
        kind = next((kind for mark, kind in _MARKS if line.startswith(mark)), None)
        if paragraph and (kind or not line.strip()):
            yield Block("text", _runs(" ".join(paragraph)))
            paragraph = []
        if kind:
            yield Block(kind, _runs(line.split(" ", 1)[1].strip()))
        elif line.strip():
            paragraph.append(line.strip())


def _runs(text: str) -> tuple[tuple[str, bool], ...]:
    return tuple((part, bool(at % 2)) for at, part in enumerate(text.split("**")) if part)


# Finding.

_WORD = re.compile(r"[a-z0-9]+")
_HANGING = re.compile(r"(?<=[a-z])['’](?:ll|m|ve|d|re|s)\b|['’‘\u0300-\u036f]")
_IDLE = frozenset(
    "a about am an and are as at be been but by can could did do does for from get go going got had has have he her "
    "him how i if im in is it its ive just me my of on or our she should so than that the their them then there they "
    "this to was we were what when will with would you your id dont doesnt cant".split()
)
"""Words that tell pages apart badly. Alone they still count: then they are all there is."""
_TITLE, _KEYWORD, _HEADING, _BODY = 6.0, 5.0, 2.0, 1.0
_BEGUN, _AKIN, _MISSPELT = 0.75, 0.6, 0.5
"""How much a match counts: the word being typed begins so; one word begins with the other; nearly the same letters."""
_PHRASE = 8.0
"""For a keyword of several words that were all typed."""
_NEAR = 78
"""Least likeness, 0–100, of a misspelt word."""
_KEPT = 0.2
"""Pages below this part of the best one's score are left out."""


def _plain(text: str) -> list[str]:
    """Lower-case words without apostrophes, accents, and what hangs on by an apostrophe: “I'll” is not “ill”."""
    return _WORD.findall(_HANGING.sub("", unicodedata.normalize("NFKD", text.casefold())))


def _stem(word: str) -> str:
    """The word without its commonest endings: cancel, cancels, cancelled, canceling are one."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending in ("ing", "ed", "es", "s", "e"):
        if len(word) - len(ending) >= 3 and word.endswith(ending) and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _stems(text: str) -> frozenset[str]:
    """What tells a text apart, as stems."""
    words = _plain(text)
    telling = [word for word in words if word not in _IDLE]
    return frozenset(_stem(word) for word in telling or words)


class Guide:
    """All pages, in the order to show them."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self.pages = tuple(pages)

    def page(self, name: str) -> Page:
        """The page of this id. Raises ``UsageError`` with a suggestion."""
        for page in self.pages:
            if page.id == name:
                return page
        raise UsageError(f"The guide has no page “{name}”.", suggestion(name, (page.id for page in self.pages)))

    def search(self, query: str) -> tuple[Page, ...]:
        """The pages that answer what was typed, best first; all of them for nothing. The last word may be unfinished.

        The id of a page finds that page first.
        """
        words = _plain(query)
        if not words:
            return () if query.strip() else self.pages
        telling = [word for word in words if word not in _IDLE] or words
        unfinished = telling[-1] if telling[-1] == words[-1] and query[-1:].isalnum() else ""
        scores: dict[int, float] = defaultdict(float)
        for word in dict.fromkeys(telling):
            for at, score in self._found(word, begun=word == unfinished).items():
                scores[at] += score
        typed = frozenset(map(_stem, telling))
        for phrase, at in self._phrases:
            if phrase <= typed:
                scores[at] += _PHRASE * len(phrase)
        wanted = "-".join(words)
        best = max(scores.values(), default=0.0)
        kept = [at for at, page in enumerate(self.pages) if page.id == wanted or scores[at] > _KEPT * best]
        kept.sort(key=lambda at: (self.pages[at].id != wanted, -scores[at]))
        return tuple(self.pages[at] for at in kept)

    def _found(self, word: str, *, begun: bool) -> dict[int, float]:
        """Score of each page that has the word, or else the likest one."""
        stem = _stem(word)
        matches = {stem: 1.0} if stem in self._index else {}
        if begun:
            matches |= {s: _BEGUN for s in self._index if s != stem and s.startswith(word)}
        if not matches and len(stem) >= 4:
            matches = {s: _AKIN for s in self._index if len(s) >= 4 and (s.startswith(stem) or stem.startswith(s))}
        if not matches and len(stem) >= 4:
            near = process.extract(stem, self._index.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
            matches = {s: _MISSPELT * likeness / 100 for s, likeness, _ in near}
        found: dict[int, float] = defaultdict(float)
        for match, quality in matches.items():
            pages = self._index[match]
            rarity = math.log(1 + len(self.pages) / len(pages))
            for at, weight in pages.items():
                found[at] = max(found[at], quality * weight * rarity)
        return found

    @cached_property
    def _index(self) -> dict[str, dict[int, float]]:
        """For each stem the pages that have it, and how much it weighs there."""
        index: dict[str, dict[int, float]] = defaultdict(dict)
        for at, page in enumerate(self.pages):
            places = [(page.title, _TITLE)]
            # A word of a long keyword says less than one that stands alone.
            places += [(keyword, _KEYWORD / math.sqrt(len(_stems(keyword)))) for keyword in page.keywords]
            places += [(block.text, _HEADING if block.kind == "heading" else _BODY) for block in page.blocks]
            for text, weight in places:
                for stem in _stems(text):
                    index[stem][at] = max(index[stem].get(at, 0.0), weight)
        return dict(index)

    @cached_property
    def _phrases(self) -> tuple[tuple[frozenset[str], int], ...]:
        """Titles and keywords of more than one telling word, each with its page."""
        found = []
        for at, page in enumerate(self.pages):
            for text in (page.title, *page.keywords):
                stems = _stems(text)
                if len(stems) > 1:
                    found.append((stems, at))
        return tuple(found)


__all__ = ["SCREENS", "Block", "Guide", "Page", "parse_page"]
