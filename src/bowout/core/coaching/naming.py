"""People in what leaves the coach's hands: by their names, or by pseudonyms in every place where a name may stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property

from bowout.core.coaching.parties import Pseudonyms
from bowout.core.coaching.roster import Person, said_name
from bowout.core.coaching.standing import Standing

_LEAST = 2
"""Letters of a part of a name that is looked for; an initial stands for too much."""
_LONG = 5
"""Characters of a number that is looked for; a shorter one is also a time or a date."""
_PARTED = re.compile(r"[\s,;\"“”„()]+")
"""Between the parts of a name; in a table, “Weiß, Anna (Anni)”."""
_WITHOUT_SPACES = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts in which a name has no edges."""


class Naming:
    """How everybody is called in one report."""

    def __init__(self, rows: Iterable[Standing], pseudonyms: Pseudonyms | None = None) -> None:
        """
        Args:
            rows: everybody who is in it, or whom its texts may name.
            pseudonyms: ``None`` = by their names.
        """
        self.pseudonyms = pseudonyms
        self._people: dict[str, Person] = {}
        self._own: dict[str, set[str]] = {}
        for row in rows if pseudonyms is not None else ():
            self._people[row.person.id] = row.person
            called = self._own.setdefault(row.person.id, set())
            called |= {name for each in row.all for name in (each.result.learner.name, each.result.who)}

    def of(self, person: Person) -> str:
        """The name, or the pseudonym."""
        return person.name if self.pseudonyms is None else self.pseudonyms.of(person.id)

    def text(self, words: str, person: Person | None = None) -> str:
        """A text with pseudonyms in place of names, addresses and long numbers; else unchanged.

        Whole names of everybody are looked for, and of ``person``, whose text it is, each part of the name and of
        what they call themselves, too: whatever their case, their accents and the spaces between. So a common word
        that is somebody's name goes from their own text: better a word too many than a name.
        """
        if self.pseudonyms is None:
            return words
        made = unicodedata.normalize("NFC", words)
        if person is not None:
            names = (person.name, *self._own.get(person.id, ()))
            of_own = _telling(part for name in names for part in (name, said_name(name), *_PARTED.split(name)))
            made = _replaced(made, {_flat(name): self.of(person) for name in of_own})
        return _replaced(made, self._all)

    @cached_property
    def _all(self) -> dict[str, str]:
        return {
            _flat(name): self.of(person)
            for person in self._people.values()
            for name in _telling([person.name, said_name(person.name), person.email, person.number])
        }


def _telling(names: Iterable[str]) -> list[str]:
    """Those that stand for somebody, composed as the texts are in which they are looked for."""
    composed = (unicodedata.normalize("NFC", name) for name in names)
    return [name for name in composed if len(name) >= (_LONG if any(map(str.isdigit, name)) else _LEAST)]


def _replaced(text: str, names: dict[str, str]) -> str:
    """The text with each of these names replaced; where one is within another the longer one is."""
    flat = _flat(text)
    there = [name for name in names if name.split() and name.split()[0] in flat]
    if not there:
        return text
    longest = sorted(there, key=len, reverse=True)
    pattern = re.compile("|".join(f"({_pattern(name)})" for name in longest))
    made, at = [], 0
    for found in pattern.finditer(flat):
        made += [text[at : found.start()], names[longest[(found.lastindex or 1) - 1]]]
        at = found.end()
    return "".join([*made, text[at:]])


def _pattern(name: str) -> str:
    words = r"\s+".join(re.escape(part) for part in name.split())
    if any(unicodedata.name(letter, "").startswith(_WITHOUT_SPACES) for letter in name):
        return words
    return rf"(?<!\w){words}(?!\w)"


def _flat(text: str) -> str:
    """The text without case and accents, a character for each of its own."""
    return "".join((unicodedata.normalize("NFKD", letter).casefold() or letter)[0] for letter in text)


__all__ = ["Naming"]
