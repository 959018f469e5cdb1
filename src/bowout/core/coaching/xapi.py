"""A class as xAPI 1.0.3 statements, for a learning record store.

Rules: “Experience API, part two: data”, sections 2.4 and 4 (Advanced Distributed Learning, version 1.0.3). Nothing is
sent: the statements are lines of a file. Their IRIs are under ``.invalid``, a name that resolves to nothing (RFC 6761),
since the project has no address on the network that they could point to.

A statement's id is made of all that is in it, so the same class gives the same ids, a store takes none twice, and a
take on which the coach has given another word since is another statement.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from bowout.core.coaching.naming import Naming
from bowout.core.coaching.report import Counted, Learner, Sheet
from bowout.core.coaching.result import SentTake
from bowout.core.coaching.roster import Person, folded
from bowout.core.coaching.terms import Assignment
from bowout.core.coaching.verdict import coach_states, open_disputes
from bowout.core.coaching.words import criterion_words
from bowout.core.criteria import FAULTS, ITEMS

VERSION = "1.0.3"
BASE = "https://bowout.invalid/xapi/"
LANGUAGE = "en"
"""Calls are made in English, and so are all titles of the program's own."""
_VERBS = ("passed", "failed", "completed", "attempted", "answered")
VERBS: Mapping[str, str] = {verb: f"http://adlnet.gov/expapi/verbs/{verb}" for verb in _VERBS}
"""By the end of a take: as good as asked, not as good, not known, broken off; and for one item or fault of it."""
_TYPES = "http://adlnet.gov/expapi/activities/"
_LONGEST = 8000
"""Characters of a response."""
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, BASE)
_MAILBOX = re.compile(r"[A-Za-z0-9.!$*+_~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{1,63}")
"""Addresses that can stand in a mailto IRI as they are."""


def statements(
    sheet: Sheet, naming: Naming, said: Callable[[Counted], SentTake | None] = lambda counted: None
) -> Iterator[dict[str, Any]]:
    """The statements of one assignment: one for each take that counts, and one for each mark of the takes that were
    sent; by learner, the oldest take first.

    Args:
        naming: as the sheet was made with.
        said: a sent take with its words, for ``result.response``; ``None`` = no words.
    """
    for learner in sheet.learners:
        for counted in learner.takes:
            words = said(counted)
            yield _identified(_take(sheet, learner, counted, naming, words))
            for made in _marks(sheet, learner, counted, naming, words):
                yield _identified(made)


def line(statement: Mapping[str, Any]) -> str:
    """A statement as one line of JSON."""
    return json.dumps(statement, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _identified(statement: dict[str, Any]) -> dict[str, Any]:
    content = json.dumps(statement, ensure_ascii=True, sort_keys=True, allow_nan=False)
    return {"id": str(uuid.uuid5(_NAMESPACE, f"statement {content}")), **statement}


# A take.


def _take(sheet: Sheet, learner: Learner, counted: Counted, naming: Naming, words: SentTake | None) -> dict[str, Any]:
    take, success = counted.take, sheet.success(counted)
    done = take.state == "done"
    verb = "attempted" if not done else "completed" if success is None else "passed" if success else "failed"
    result: dict[str, Any] = {"completion": done, "duration": duration(take.seconds)}
    if done and take.score is not None:
        result["score"] = {"scaled": take.score / 100, "raw": take.score, "min": 0, "max": 100}
    if done and success is not None:
        result["success"] = success
    if words is not None and words.counting:
        response = naming.text(" ".join(word.text for word in words.counting), learner.standing.person)
        result["response"] = response[:_LONGEST]
    return {
        **_who(sheet, learner, naming, verb),
        "object": _call(sheet, take.scenario, naming),
        "result": result,
        "context": _context(sheet, learner, counted, naming, parent=_assignment(sheet)),
        "timestamp": _stamp(counted),
    }


def duration(seconds: float) -> str:
    """ISO 8601, to a hundredth of a second: “PT43.2S”."""
    return f"PT{f'{max(0.0, seconds):.2f}'.rstrip('0').rstrip('.')}S"


# A mark.


def _marks(
    sheet: Sheet, learner: Learner, counted: Counted, naming: Naming, words: SentTake | None
) -> Iterator[dict[str, Any]]:
    """One statement for each item that was owed and each fault. What nobody is sure of, or what is disputed, has no
    ``success``."""
    sent, of = counted.sent, counted.of
    if sent is None or of is None or sent.marks is None:
        return
    disputed = open_disputes(sent, of.review)
    states = coach_states(sent, of.review)
    quotes = {} if words is None or words.marks is None else {**words.marks["items"], **words.marks["faults"]}
    for criterion, mark in {**sent.marks["items"], **sent.marks["faults"]}.items():
        if not mark.get("required", True):
            continue
        result: dict[str, Any] = {}
        if states[criterion] != "unsure" and criterion not in disputed:
            result["success"] = states[criterion] in ("heard", "not_found")
        said = (quotes.get(criterion) or {}).get("quote")
        if said:
            result["response"] = naming.text(said, learner.standing.person)[:_LONGEST]
        yield {
            **_who(sheet, learner, naming, "answered"),
            "object": _criterion(sheet, sent.scenario, criterion),
            **({"result": result} if result else {}),
            "context": _context(sheet, learner, counted, naming, parent=_call(sheet, sent.scenario, naming)),
            "timestamp": _stamp(counted),
        }


# What both are made of.


def _who(sheet: Sheet, learner: Learner, naming: Naming, verb: str) -> dict[str, Any]:
    return {
        "actor": _actor(sheet.assignment, learner.standing.person, naming),
        "verb": {"id": VERBS[verb], "display": {LANGUAGE: verb}},
    }


def _actor(assignment: Assignment, person: Person, naming: Naming) -> dict[str, Any]:
    """By their address where the roster has one; else, and always with pseudonyms, by an account with the coach."""
    name = naming.of(person)
    made: dict[str, Any] = {"objectType": "Agent", "name": name}
    if naming.pseudonyms is not None:
        return made | {"account": _account(assignment, name)}
    if _MAILBOX.fullmatch(person.email):
        local, _, domain = person.email.rpartition("@")
        return made | {"mbox": f"mailto:{local}@{domain.lower()}"}
    return made | {"account": _account(assignment, person.id)}


def _account(assignment: Assignment, name: str) -> dict[str, Any]:
    return {"homePage": f"{BASE}coaches/{assignment.coach.key[:32]}", "name": name}


def _context(
    sheet: Sheet, learner: Learner, counted: Counted, naming: Naming, *, parent: dict[str, Any]
) -> dict[str, Any]:
    assignment, take = sheet.assignment, counted.take
    person = learner.standing.person
    known_as = person.id if naming.pseudonyms is None else naming.of(person)
    class_name = f"class:{folded(sheet.class_name)}"
    above = [_assignment(sheet), _pack(assignment, naming)]
    told = {"mode": take.mode, "ear": take.ear, "drill": take.drill, "ended": take.state}
    extensions = {"take": take.number, **{key: naming.text(value, person) for key, value in told.items() if value}}
    return {
        "registration": str(uuid.uuid5(_NAMESPACE, f"registration {assignment.id} {known_as}")),
        "instructor": {
            "objectType": "Agent", "name": assignment.coach.name, "account": _account(assignment, "coach"),
        },
        "team": {"objectType": "Group", "name": sheet.class_name, "account": _account(assignment, class_name)},
        "contextActivities": {"parent": [parent], "grouping": [each for each in above if each != parent]},
        "revision": str(assignment.pack_version),
        "platform": "Bow Out",
        "language": LANGUAGE,
        "extensions": {f"{BASE}extensions/{key}": value for key, value in extensions.items()},
    }  # fmt: skip


def _call(sheet: Sheet, scenario: str, naming: Naming) -> dict[str, Any]:
    assignment = sheet.assignment
    title = naming.text(assignment.titles.get(scenario, scenario))
    return _activity(f"packs/{assignment.pack}/calls/{scenario}", title, f"{_TYPES}simulation")


def _assignment(sheet: Sheet) -> dict[str, Any]:
    return _activity(f"assignments/{sheet.assignment.id}", sheet.title, f"{_TYPES}assessment")


def _pack(assignment: Assignment, naming: Naming) -> dict[str, Any]:
    return _activity(f"packs/{assignment.pack}", naming.text(assignment.pack_title), f"{_TYPES}course")


def _criterion(sheet: Sheet, scenario: str, criterion: str) -> dict[str, Any]:
    """A published one is the same activity in every call; an item of a call's own is that call's."""
    published = criterion in ITEMS or criterion in FAULTS
    path = f"criteria/{criterion}" if published else f"packs/{sheet.assignment.pack}/calls/{scenario}/items/{criterion}"
    made = _activity(path, criterion_words(criterion), f"{_TYPES}question")
    known = ITEMS.get(criterion) or FAULTS.get(criterion)
    if known is not None:
        made["definition"]["description"] = {LANGUAGE: known.question}
    return made


def _activity(path: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": BASE + path,
        "definition": {"name": {LANGUAGE: name}, "type": kind},
    }


def _stamp(counted: Counted) -> str:
    """When a take began; a learner's clock that is fast puts nothing after the moment at which it was collected."""
    at: datetime = min(counted.take.started, counted.latest.at)
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


__all__ = ["BASE", "VERBS", "VERSION", "duration", "line", "statements"]
