"""Who is in a class: a table as spreadsheets export it, and who of it a result is from."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.fields import MAX_NAME, Unreadable
from bowout.core.safety import printable

MAX_PEOPLE = 5000
MAX_COLUMNS = 60
MAX_BYTES = 2 * 2**20
_DELIMITERS = ",;\t|"
_HEADS: dict[str, frozenset[str]] = {
    kind: frozenset(words.split("|"))
    for kind, words in {
        "id": "id|nr|no|number|student id|student number|learner id|participant id|user id|userid|username|login"
        "|matriculation number|matrikelnummer|kennung|nummer|numéro|numero|número|matricule|código|codigo|legajo"
        "|студент|номер|学号|編号|编号|番号|رقم",
        "name": "name|full name|fullname|student|student name|learner|participant|display name|vollständiger name"
        "|teilnehmer|teilnehmerin|nom complet|nombre completo|nome completo|имя|фио|姓名|名前|氏名|이름|الاسم",
        "first": "first name|firstname|given name|forename|vorname|prénom|prenom|nombre|nome|имя собственное",
        "last": "last name|lastname|surname|family name|nachname|familienname|nom|nom de famille|apellido|apellidos"
        "|cognome|sobrenome|фамилия",
        "email": "email|e-mail|mail|email address|e-mail address|e-mail-adresse|courriel|correo|correo electrónico"
        "|adresse e-mail|email 1|邮箱|メール",
    }.items()
}
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TURNED = re.compile(r"\s*([^,]*[^,\s])\s*,\s*([^,\s][^,]*)")
_FAMILY_FIRST = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
_RUNS = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet would run as a formula."""


@dataclass(frozen=True, slots=True)
class Person:
    """One row of a roster."""

    name: str
    number: str = ""
    """Whatever the table calls them by: a student's number, a login."""
    email: str = ""

    key: str = ""
    """Of somebody who is on no roster: whom their keys say they are."""

    @property
    def id(self) -> str:
        """What stays when a table is exported anew: the number, else the address, else the name."""
        for kind in ("key", "number", "email"):
            value = getattr(self, kind)
            if value:
                return f"{kind}:{folded(value)}"
        return f"name:{folded(self.name)}"

    def as_json(self) -> dict[str, Any]:
        made = {"name": self.name, "number": self.number or None, "email": self.email or None}
        return made | ({"key": self.key} if self.key else {})


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was left out."""

    line: int
    """1-based, in the file."""
    why: str


@dataclass(frozen=True)
class Roster:
    """The people of a class; empty where none was given."""

    people: tuple[Person, ...] = ()

    def find(self, who: str) -> Person | None:
        """The one who is meant by a number, an address or a name; ``None`` if nobody or more than one is."""
        for kind in ("number", "email", "name"):
            wanted = folded(said_name(who) if kind == "name" else who)
            found = self._index.get((kind, wanted), ()) if wanted else ()
            if found:
                return found[0] if len(found) == 1 else None
        return None

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(person.id for person in self.people)

    @cached_property
    def _index(self) -> Mapping[tuple[str, str], Sequence[Person]]:
        made: dict[tuple[str, str], list[Person]] = {}
        for person in self.people:
            for kind, value in (("number", person.number), ("email", person.email), ("name", said_name(person.name))):
                made.setdefault((kind, folded(value)), []).append(person)
        return made

    def as_json(self) -> list[dict[str, Any]]:
        return [person.as_json() for person in self.people]


def roster_from(value: object) -> Roster:
    """The inverse of ``Roster.as_json``. Raises ``Unreadable``."""
    return Roster(fields.items({"people": value}, "people", MAX_PEOPLE, person_from))


def person_from(value: object) -> Person:
    """The inverse of ``Person.as_json``. Raises ``Unreadable``."""
    data = fields.mapping(value, "people")
    return Person(
        fields.text(data, "name", MAX_NAME),
        fields.text(data, "number", MAX_NAME, default=""),
        fields.text(data, "email", MAX_NAME, default=""),
        fields.text(data, "key", MAX_NAME, default=""),
    )


def folded(text: str) -> str:
    """A name as it is compared: without case, width, marks of writing direction and superfluous spaces."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return " ".join(plain.casefold().split())


def said_name(name: str) -> str:
    """“Jörg Müller” of “Müller, Jörg”, which tables are sorted by; any other name as it is."""
    found = _TURNED.fullmatch(name)
    return f"{found[2]} {found[1]}" if found is not None else name


def decoded(raw: bytes) -> str:
    """The text of a table: UTF-8, or UTF-16 as some spreadsheets write it. Raises ``Unreadable``."""
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"The table is larger than {MAX_BYTES // 2**20} MB.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif raw[:400].count(0) > len(raw[:400]) // 4:
        encoding = "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        # A guess at the code page would give people other names.
        raise Unreadable("The table is neither UTF-8 nor UTF-16. Export it as “CSV UTF-8”.") from None
    if "\0" in text:
        raise Unreadable("The table holds NUL characters: it is no CSV.")
    return text.removeprefix("\ufeff")


def read_roster(raw: bytes) -> tuple[Roster, tuple[Refused, ...]]:
    """The people of a table and the rows that were left out, with the reason. Raises ``Unreadable``."""
    rows = _rows(decoded(raw))
    if not rows:
        raise Unreadable("The table is empty.")
    columns = _columns(rows[0][1])
    body = rows[1:] if columns else rows
    columns = columns or _guessed([cells for _, cells in body])
    people: dict[str, Person] = {}
    names: dict[str, int] = {}
    refused: list[Refused] = []
    for line, cells in body:
        if not any(cells):
            continue
        person, why = _read(cells, columns)
        if not why and person.id in people:
            why = f"“{person.number or person.email or person.name}” is there already."
        if not why and len(people) >= MAX_PEOPLE:
            why = f"A class has at most {MAX_PEOPLE} people."
        if why:
            refused.append(Refused(line, why))
        else:
            people[person.id] = person
            names[folded(person.name)] = line
    if not people:
        told = f" Line {refused[0].line}: {refused[0].why}" if refused else ""
        raise Unreadable(f"Nobody was found in the table.{told}")
    return Roster(tuple(people.values())), tuple(refused)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The lines of the table with their numbers, cells stripped; empty ones left out."""
    delimiter, first = "", 1
    head, _, rest = text.partition("\n")
    named = re.fullmatch(r"\"?sep=([^\w\s\"]|\t)?\"*\r?", head, re.IGNORECASE)  # a line that Excel writes and reads
    if named is not None:
        delimiter, text, first = named[1] or "", rest, 2
    delimiter = delimiter or _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = first
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise Unreadable(f"Line {line} has {len(cells)} columns, more than {MAX_COLUMNS}.")
            stripped = [" ".join(cell.split()) for cell in cells]
            if any(stripped):
                rows.append((line, stripped))
            line = first + reader.line_num
    except csv.Error as error:
        raise Unreadable(f"Line {line} is no CSV: {error}.") from None
    return rows


def _delimiter(text: str) -> str:
    """The sign that parts the first line most often, outside quotes."""
    line: list[str] = []
    quoted = False
    for letter in text[:10_000]:
        if letter == '"':
            quoted = not quoted
        elif letter in "\r\n" and not quoted and line:
            break
        elif not quoted:
            line.append(letter)
    return max(_DELIMITERS, key=line.count)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Which column is which by the words above them; empty if it is no line of headings."""
    found: dict[str, int] = {}
    if any(_MAIL.fullmatch(cell) for cell in cells):
        return {}
    for at, cell in enumerate(cells):
        word = folded(cell.replace("_", " ")).rstrip(":*. ")
        for kind, words in _HEADS.items():
            if word in words and kind not in found:
                found[kind] = at
                break
    # “Nom” or “Nombre” alone is the name; beside a first or a last name it is the other one.
    if "name" not in found and ("first" in found) != ("last" in found):
        found["name"] = found.pop("first", found.pop("last", 0))
    return found if {"name", "first", "email", "id"} & found.keys() else {}


def _guessed(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Which column is which by what is in it, where there are no headings."""
    found: dict[str, int] = {}
    width = max(len(cells) for cells in rows)
    for at in range(width):
        column = [cells[at] for cells in rows if at < len(cells) and cells[at]]
        if column and "email" not in found and all(_MAIL.fullmatch(cell) for cell in column):
            found["email"] = at
        elif column and "id" not in found and all(any(map(str.isdigit, cell)) and " " not in cell for cell in column):
            found["id"] = at
        elif column and "name" not in found:
            found["name"] = at
    return found


def _read(cells: Sequence[str], columns: Mapping[str, int]) -> tuple[Person, str]:
    """The person of a row, and why it can't be taken."""

    def cell(kind: str) -> str:
        at = columns.get(kind, -1)
        return cells[at] if 0 <= at < len(cells) else ""

    first, last = cell("first"), cell("last")
    name = cell("name") or _whole_name(first, last)
    number, email = cell("id"), cell("email")
    person = Person(name or number or email, number, email)
    nobody = Person("")
    if not (name or number or email):
        return nobody, "It names nobody."
    for text in (person.name, first, last, number, email):
        if len(text) > MAX_NAME:
            return nobody, f"A cell has more than {MAX_NAME} characters."
        if printable(text) != text:
            return nobody, "A cell holds characters that draw nothing."
        if text.startswith(_RUNS):
            return nobody, f"“{text[:20]}” is a formula and no name."
    if email and not _MAIL.fullmatch(email):
        return nobody, f"“{email[:40]}” is no address."
    return person, ""


def _whole_name(first: str, last: str) -> str:
    """In the order in which the name is said; Chinese, Japanese and Korean ones begin with the family."""
    if first and last and all(unicodedata.name(letter, "").startswith(_FAMILY_FIRST) for letter in first + last):
        return last + first
    return " ".join(part for part in (first, last) if part)


def by_name(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda person: (folded(person.name), person.id))


__all__ = [
    "Person", "Refused", "Roster", "by_name", "decoded", "folded", "person_from", "read_roster", "roster_from",
    "said_name",
]  # fmt: skip
