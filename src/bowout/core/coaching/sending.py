"""What of an attempt goes to a coach: made of its events, and no more than was chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bowout.core.coaching.result import MAX_LINES, SentTake, audio_name, words_from
from bowout.core.coaching.sent_marks import marks_from, unquoted
from bowout.core.coaching.takes import Take, best
from bowout.core.coaching.terms import PART_WORDS, PARTS, Assignment, Part
from bowout.core.disputes import opposed, published_states, standing
from bowout.errors import InputError

FAILED = "A part of the program failed."
_PLACE = re.compile(r"[/\\]|\w(?:Error|Exception)\b")
"""A path, or what a library says to programmers and may hold one: names of people are in them."""


def sent_take(take: Take, events: Iterable[Mapping[str, Any]], parts: Sequence[Part]) -> SentTake:
    """One take, with the parts that were chosen.

    Both marks go where the learner has corrected what was heard, and so do the disputes. Without the transcript no
    word of theirs does: the quotes are taken out of the marks. The recording is named where it is chosen; whether
    there is one the caller knows.

    Raises ``Unreadable`` for a record that is not as the program writes it.
    """
    kept = tuple(events)
    results = [event for event in kept if event.get("kind") == "marks"]
    first = _result(results[0]) if results else {}
    last = _result(results[-1]) if results else {}
    corrected = len(results) > 1
    outcome = next((str(event.get("outcome") or "") for event in reversed(kept) if event.get("kind") == "end"), "")
    made = SentTake(take.number, take.scenario, outcome, str(first.get("unit", "s")))
    with_words = "transcript" in parts
    if "marks" in parts and last:
        made = replace(
            made,
            marks=_shown(last, with_words),
            first_marks=_shown(first, with_words) if corrected else None,
            disputes=opposed(published_states(last), standing(kept)),
        )
    if with_words:
        made = replace(made, words=words_from(first), corrected=words_from(last) if corrected else None)
        made = replace(made, lines=tuple(_lines(kept))[:MAX_LINES])
    if "audio" in parts:
        made = replace(made, audio=audio_name(take.number))
    return made


def rows(takes: Iterable[Take], parts: Sequence[Part]) -> tuple[Take, ...]:
    """Every take as it is listed to the coach: no id of the learner's records, no place on their disk, and scores only
    with the marks."""
    bare = (replace(take, attempt="", cause=FAILED if _PLACE.search(take.cause) else take.cause) for take in takes)
    if "marks" in parts:
        return tuple(bare)
    return tuple(replace(take, score=None, passed=None, disputed=False) for take in bare)


def chosen_parts(assignment: Assignment, parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts in their order. Raises ``InputError``: one was not asked for, or there is none."""
    wanted = set(parts)
    for part in PARTS:
        if part in wanted and part not in assignment.terms.ask:
            asked = ", ".join(assignment.terms.ask)
            raise InputError(f"{assignment.coach.name} did not ask for the {part}.", f"Asked for: {asked}.")
    if not wanted:
        raise InputError("Nothing was chosen to be sent.", f"Asked for: {', '.join(assignment.terms.ask)}.")
    return tuple(part for part in PARTS if part in wanted)


def chosen_takes(assignment: Assignment, takes: Sequence[Take], numbers: Sequence[int]) -> tuple[Take, ...]:
    """One take of each call, by number, else the best; calls without a take that has marks are left out.

    Raises ``InputError``: there is no such take, it has no marks, two of one call, or nothing to send.
    """
    made: dict[str, Take] = {}
    by_number = {take.number: take for take in takes}
    for number in dict.fromkeys(numbers):
        take = by_number.get(number)
        if take is None:
            raise InputError(f"There is no take {number}.", f"Takes: {', '.join(map(str, by_number)) or 'none'}.")
        if take.score is None:
            raise InputError(f"Take {number} was not marked: nothing of it can be sent.", "Choose another.")
        if take.scenario not in assignment.terms.scenarios:
            raise InputError(f"Take {number} is not of a call that was asked for.", "Choose another.")
        if take.scenario in made:
            raise InputError(f"Takes {made[take.scenario].number} and {number} are of the same call.", "Choose one.")
        made[take.scenario] = take
    for scenario in assignment.terms.scenarios:
        take = made.get(scenario) or best(takes, scenario)
        if take is not None:
            made[scenario] = take
    if not made:
        raise InputError("No take has been made to the end yet.", "There is nothing to send.")
    return tuple(sorted(made.values(), key=lambda take: take.number))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of what goes: on, off, or not asked for."""

    part: Part
    on: bool
    text: str


def goes(assignment: Assignment, parts: Sequence[Part]) -> tuple[Row, ...]:
    """What was asked for, and what of it goes."""
    return tuple(Row(part, part in parts, PART_WORDS[part]) for part in assignment.terms.ask)


def _result(event: Mapping[str, Any]) -> Mapping[str, Any]:
    result = event.get("result")
    return result if isinstance(result, Mapping) else {}


def _shown(result: Mapping[str, Any], with_words: bool) -> dict[str, Any]:
    made = marks_from(result)
    return made if with_words else unquoted(made)


def _lines(events: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, str, str]]:
    """The other side's lines with the turn that follows each."""
    turns: set[object] = set()
    for event in events:
        if event.get("kind") == "recruiter":
            yield len(turns), str(event.get("speaker") or ""), str(event.get("text") or "")
        elif event.get("kind") == "turn":
            turns.add(event.get("index"))


__all__ = ["Row", "chosen_parts", "chosen_takes", "goes", "rows", "sent_take"]
