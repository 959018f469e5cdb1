"""The caller's own word on a mark: which mark is wrong, what it should be, and a labelled call made of both.

A dispute changes no score. It stands until the caller takes it back, through every correction of the words, and
counts while the engine says otherwise: once both say the same there is nothing left to dispute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.marks import Marks, State

KIND = "dispute"
"""The event of an attempt's record."""
_ANSWERS: dict[str, tuple[str, ...]] = {
    "heard": ("not_heard",),
    "not_heard": ("heard",),
    "unsure": ("heard", "not_heard"),
    "found": ("not_found",),
    "not_found": ("found",),
}
"""What a caller can say to each state of the engine's, in the order in which one key offers it."""
_CHANNELS = {"phone": "call", "video": "call", "in_person": "in_person"}
"""A scenario's channel in the words of labelled calls."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One mark, as the engine had it and as the caller has it."""

    criterion: str
    engine: str
    """``heard``, ``not_heard`` or ``unsure`` of an item, ``found`` or ``not_found`` of a fault."""
    user: str | None
    """The same, never ``unsure``; ``None``: taken back."""
    marking: str = ""
    """Version of the marking that was disputed."""

    def as_event(self) -> dict[str, Any]:
        """What the record keeps beside the kind and the time; ``standing`` reads it back."""
        return {"criterion": self.criterion, "engine": self.engine, "user": self.user, "marking": self.marking}


def states(marks: Marks) -> dict[str, str]:
    """The engine's decision on every criterion, by id."""
    made = {item.id: item.state.value for item in marks.items.values()}
    return made | {fault.id: _found(fault.found) for fault in marks.faults.values()}


def published_states(result: object) -> dict[str, str]:
    """The same from a result in its published form (``as_json``); what is not of that form is left out."""
    made = {}
    result = _mapping(result)
    for id_, mark in _mapping(result.get("items")).items():
        state = _mapping(mark).get("state")
        if state in ("heard", "not_heard", "unsure"):
            made[id_] = str(state)
    for id_, mark in _mapping(result.get("faults")).items():
        found = _mapping(mark).get("found")
        if isinstance(found, bool):
            made[id_] = _found(found)
    return made


def standing(events: Iterable[Mapping[str, Any]]) -> dict[str, Dispute]:
    """What has been disputed in a record and not taken back, by criterion: the last word on each."""
    made: dict[str, Dispute] = {}
    for event in events:
        if event.get("kind") != KIND:
            continue
        criterion, engine, user, marking = (event.get(key) for key in ("criterion", "engine", "user", "marking"))
        if not isinstance(criterion, str):
            continue
        made.pop(criterion, None)
        if isinstance(user, str):
            made[criterion] = Dispute(criterion, str(engine), user, marking if isinstance(marking, str) else "")
    return made


def opposed(engine: Mapping[str, str], disputes: Mapping[str, Dispute]) -> dict[str, str]:
    """What the caller says, by criterion, where the engine (``states``) says otherwise."""
    return {
        id_: dispute.user
        for id_, dispute in disputes.items()
        if dispute.user is not None and dispute.user in _ANSWERS.get(engine.get(id_, ""), ())
    }


def applied(marks: Marks, disputes: Mapping[str, Dispute]) -> Marks:
    """The marks with the caller's word beside the engine's; states, score and verdict stay the engine's."""
    mine = opposed(states(marks), disputes)
    items = {id_: replace(item, yours=State(mine[id_]) if id_ in mine else None) for id_, item in marks.items.items()}
    faults = {
        id_: replace(fault, yours=mine[id_] == "found" if id_ in mine else None) for id_, fault in marks.faults.items()
    }
    return replace(marks, items=items, faults=faults)


def toggled(marks: Marks, disputes: Mapping[str, Dispute], criterion: str, marking: str = "") -> Dispute:
    """What one key makes of this criterion: the opposite of the engine's mark, and the engine's again after that.

    An item the engine is unsure of becomes heard, then not heard. Raises ``KeyError`` for a criterion without a mark.
    """
    decided = states(marks)
    answers = _ANSWERS[decided[criterion]]
    now = opposed(decided, disputes).get(criterion)
    following = answers if now is None else answers[answers.index(now) + 1 :]
    return Dispute(criterion, decided[criterion], following[0] if following else None, marking)


def labelled(identity: str, events: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """A record as a labelled call; ``None`` where nothing that can be labelled is disputed, or nothing was said.

    Only the words, what the call was for and the marks: those that were disputed as the caller has them
    (``disputed`` names them), the others as the engine has them. An item nobody is sure of is left out, and so are
    those of a scenario's own.

    Args:
        identity: the ``id`` of the line.
        events: the attempt's.
    """
    events = tuple(events)
    start: dict[str, Any] = {}
    result: Mapping[str, Any] = {}
    channel = ""
    for event in events:
        match event.get("kind"):
            case "start":
                start.update(event)
            case "marks":
                result = _mapping(event.get("result"))
            case "beep":
                channel = "voicemail"
    text = _text(result)
    decided = published_states(result)
    mine = opposed(decided, standing(events))
    disputed = [id_ for id_ in (*ITEMS, *FAULTS) if id_ in mine]
    if not text or not disputed:
        return None
    decided |= mine
    return {
        "id": identity,
        "intent": result.get("intent") or start.get("intent"),
        "channel": channel or _CHANNELS.get(str(start.get("channel")), "call"),
        "text": text,
        "items": {id_: decided[id_] == "heard" for id_ in ITEMS if decided.get(id_) in ("heard", "not_heard")},
        "faults": {id_: decided[id_] == "found" for id_ in FAULTS if decided.get(id_) in ("found", "not_found")},
        "disputed": disputed,
        "marking": result.get("marking_version") or "",
    }


def _found(found: bool) -> str:
    return "found" if found else "not_found"


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(result: Mapping[str, Any]) -> str:
    """The words as they were marked, one line a turn."""
    turns: dict[Any, list[str]] = {}
    transcript = result.get("transcript")
    for word in transcript if isinstance(transcript, list) else ():
        turns.setdefault(_mapping(word).get("turn"), []).append(str(_mapping(word).get("word", "")))
    return "\n".join(" ".join(words) for words in turns.values())


__all__ = [
    "KIND", "Dispute", "applied", "labelled", "opposed", "published_states", "standing", "states", "toggled",
]  # fmt: skip
