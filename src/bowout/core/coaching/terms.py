"""What a coach asks of a class, and how it reads in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from bowout.core.coaching import fields
from bowout.core.coaching.fields import MAX_LINE, MAX_NAME, MAX_TEXT, Unreadable
from bowout.core.coaching.parties import Party, party_from

Part = Literal["marks", "transcript", "audio"]
PARTS: tuple[Part, ...] = ("marks", "transcript", "audio")
"""What can be asked for, from the least to the most."""
PART_WORDS: dict[Part, str] = {
    "marks": "the marks, without your words: what was heard, faults, figures, score",
    "transcript": "the transcript: the words that were understood, and your corrections",
    "audio": "the recording of your voice",
}
MAX_TAKES = 99
MAX_LIMIT_S = 3600.0
MAX_SCENARIOS = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked. The same for everybody in a class."""

    class_name: str
    scenarios: tuple[str, ...]
    """Ids of the pack's scenarios that are to be practised, in order; at least one."""
    due: datetime | None = None
    """Aware; ``None`` = no date."""
    takes: int | None = None
    """Most takes of each scenario; ``None`` = as many as one likes."""
    mode: Literal["practice", "live"] | None = None
    """``None`` = the learner chooses."""
    limit_s: float | None = None
    """Most seconds of the caller's own speech in the whole call; ``None`` = no limit."""
    drill: str = ""
    """Name of a drill; empty = the whole call."""
    ask: tuple[Part, ...] = ("marks",)
    """What may be sent back, in the order of ``PARTS``; the learner may send less."""
    mark: int | None = None
    """The score to reach; ``None`` = the call is to be passed."""
    note: str = ""
    """The coach's own words."""

    def as_json(self) -> dict[str, Any]:
        return {
            "class": self.class_name,
            "scenarios": list(self.scenarios),
            "due": None if self.due is None else self.due.isoformat(),
            "takes": self.takes,
            "mode": self.mode,
            "limit_s": self.limit_s,
            "drill": self.drill or None,
            "ask": list(self.ask),
            "mark": self.mark,
            "note": self.note or None,
        }


def terms_from(value: object) -> Terms:
    """The inverse of ``as_json``. Raises ``Unreadable``."""
    data = fields.mapping(value, "terms")
    scenarios = fields.items(data, "scenarios", MAX_SCENARIOS, lambda each: fields.name(each, "scenarios"))
    if not scenarios or len(set(scenarios)) != len(scenarios):
        raise Unreadable("“scenarios” should name at least one scenario, and none twice.")
    asked = fields.items(data, "ask", len(PARTS), part_of)
    if not asked:
        raise Unreadable("“ask” should name at least one of marks, transcript, audio.")
    mode = fields.maybe(data.get("mode"), lambda each: fields.choice(each, "mode", ("practice", "live")))
    return Terms(
        class_name=_filled(data, "class"),
        scenarios=scenarios,
        due=fields.maybe(data.get("due"), lambda each: fields.moment(each, "due")),
        takes=fields.maybe(data.get("takes"), lambda each: fields.whole(each, "takes", 1, MAX_TAKES)),
        mode=mode,  # type: ignore[arg-type]
        limit_s=fields.maybe(data.get("limit_s"), lambda each: fields.number(each, "limit_s", 1, MAX_LIMIT_S)),
        drill=fields.maybe(data.get("drill"), _drill) or "",
        ask=tuple(part for part in PARTS if part in asked),
        mark=fields.maybe(data.get("mark"), lambda each: fields.whole(each, "mark", 1, 100)),
        note=fields.text(data, "note", MAX_TEXT, default=""),
    )


def _drill(value: object) -> str:
    """A drill's id, or ``pack/id``."""
    parts = value.split("/") if isinstance(value, str) else [value]
    if len(parts) > 2:
        raise Unreadable("“drill” should be a drill's name.")
    return "/".join(fields.name(part, "drill") for part in parts)


def _filled(data: Mapping[str, Any], key: str) -> str:
    made = fields.text(data, key, MAX_NAME)
    if not made:
        raise Unreadable(f"“{key}” is empty.")
    return made


@dataclass(frozen=True, slots=True)
class Assignment:
    """One ``.bowassign`` file, without the pack that is in it."""

    id: str
    """32 hexadecimal digits: the beginning of the sum of what was signed, so that no two share one."""
    coach: Party
    made: datetime
    pack: str
    """Id of the pack inside."""
    pack_version: int
    pack_title: str
    terms: Terms
    titles: Mapping[str, str] = field(default_factory=dict)
    """Titles of the scenarios that are asked, by id."""

    @property
    def title(self) -> str:
        """How a list shows it."""
        terms = self.terms
        drill = f"drill {terms.drill.rpartition('/')[2]}" if terms.drill else ""
        if len(terms.scenarios) == 1:
            first = self.titles.get(terms.scenarios[0], terms.scenarios[0])
            return f"{first} ({drill})" if drill else first
        return f"{self.pack_title} ({len(terms.scenarios)} calls{f', {drill}' if drill else ''})"

    def head(self) -> dict[str, Any]:
        """What the manifest says of it beside the sums."""
        return {
            "from": self.coach.as_json(),
            "made": self.made.isoformat(),
            "pack": {"id": self.pack, "version": self.pack_version, "title": self.pack_title},
            "titles": dict(self.titles),
            "terms": self.terms.as_json(),
        }


def assignment_from(identity: str, head: Mapping[str, Any]) -> Assignment:
    """The inverse of ``head``. Raises ``Unreadable``."""
    pack = fields.mapping(head.get("pack"), "pack")
    terms = terms_from(head.get("terms"))

    def title(key: str, value: object) -> str:
        return fields.text({key: value}, key, MAX_LINE)

    return Assignment(
        id=identity,
        coach=party_from(head.get("from")),
        made=fields.moment(head.get("made"), "made"),
        pack=fields.name(pack.get("id"), "pack"),
        pack_version=fields.whole(pack.get("version"), "version", 1, 10_000),
        pack_title=fields.text(pack, "title", MAX_LINE),
        terms=terms,
        titles=fields.named(head, "titles", MAX_SCENARIOS, title),
    )


def terms_in_words(assignment: Assignment, due: str = "") -> list[str]:
    """The terms as sentences, one a line.

    Args:
        assignment: what is asked.
        due: the date in the reader's own words; without it the date stands with its offset from UTC.
    """
    terms = assignment.terms
    lines = [f"From {assignment.coach.name} for {terms.class_name}: “{assignment.title}”."]
    if len(terms.scenarios) > 1:
        lines.append(f"Calls: {'; '.join(assignment.titles.get(each, each) for each in terms.scenarios)}.")
    if terms.drill:
        lines.append(f"As the drill “{terms.drill.rpartition('/')[2]}”.")
    if terms.due is not None:
        lines.append(f"Due {due or f'{terms.due:%Y-%m-%d %H:%M} (UTC{terms.due.isoformat()[-6:]})'}.")
    each = " of each call" if len(terms.scenarios) > 1 else ""
    if terms.takes is None:
        lines.append("As many takes as you like.")
    else:
        lines.append(f"At most {terms.takes} take{'' if terms.takes == 1 else 's'}{each}; one you break off counts.")
    if terms.mode is not None:
        told = {"live": "Live: short pauses, no hints, one go.", "practice": "In practice mode."}[terms.mode]
        lines.append(told)
    if terms.limit_s is not None:
        lines.append(f"You have {terms.limit_s:g} seconds of speaking in a call; then it ends.")
    lines.append("The aim is to pass." if terms.mark is None else f"The aim is a score of {terms.mark}.")
    lines += what_is_sent(terms)
    if terms.note:
        lines += paragraphs(f"{assignment.coach.name} writes: {terms.note}")
    return lines


def paragraphs(text: str) -> list[str]:
    """What somebody else wrote, line by line: those that follow stand apart, so that none looks like the program's."""
    first, *more = text.splitlines() or [""]
    return [first, *(f"  | {line}" for line in more)]


def what_is_sent(terms: Terms) -> list[str]:
    """What goes back to the coach, before anybody has agreed to anything."""
    asked = [PART_WORDS[part] for part in terms.ask]
    lines = ["What will be sent back: your name, when each take was made and how it ended; and, of one take,"]
    lines += [f"  · {words}" for words in asked]
    if len(asked) > 1:
        lines[0] += " as you choose,"
    lines.append("Nothing leaves by itself: you see exactly what goes, and get one file to hand over.")
    return lines


def part_of(value: object) -> Part:
    """One of ``PARTS``. Raises ``Unreadable``."""
    return cast(Part, fields.choice(value, "parts", PARTS))


def least(terms: Terms) -> tuple[Part, ...]:
    """What goes unless the learner chooses more."""
    return terms.ask[:1]


def reached(terms: Terms, score: int, passed: bool) -> bool:
    """Whether a take is as good as was asked."""
    return passed if terms.mark is None else score >= terms.mark


__all__ = [
    "MAX_LIMIT_S", "MAX_SCENARIOS", "MAX_TAKES", "PARTS", "PART_WORDS", "Assignment", "Part", "Terms",
    "assignment_from", "least", "paragraphs", "part_of", "reached", "terms_from", "terms_in_words", "what_is_sent",
]  # fmt: skip
