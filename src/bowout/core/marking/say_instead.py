"""What to say instead: a whole sentence for every item that was missed and every fault that was found.

Filled from the scenario's facts where there are any; without them the sentence is worded so that it needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bowout.core.criteria import Intent
from bowout.core.marking.score import FAULT_POINTS, ITEM_WEIGHTS
from bowout.core.marks import FaultMark, ItemMark, State

_Wording = tuple[tuple[tuple[str, ...], str], ...]
"""Wordings, the one that needs most facts first; the last needs none."""

_ITEMS: dict[str, _Wording] = {
    "greeting": ((("contact",), "Good morning, {contact}."), ((), "Good morning.")),
    "name": (
        (("caller", "role"), "This is {caller}, calling about the {role} interview."),
        (("caller",), "This is {caller} speaking."),
        ((), "Say your first and last name right after the greeting."),
    ),
    "role": (
        (("role", "company"), "I'm calling about the {role} position at {company}."),
        (("role",), "I'm calling about the {role} position."),
        ((), "Name the job once: the title, the team or the department."),
    ),
    "when": (
        (("when",), "It is about my interview {when}."),
        ((), "Say which day or time the interview is booked for."),
    ),
    "reason": (
        (("reason",), "{reason}."),
        ((), "Something unforeseen has kept me from coming: due to unforeseen circumstances I can't be there."),
    ),
    "apology": (((), "I'm sorry for the inconvenience this causes you."),),
    "options": (
        (("option_1", "option_2"), "Would {option_1} or {option_2} work for you?"),
        ((), "Offer two times you can really keep, each with a day and an hour."),
    ),
    "thanks": (
        (("contact",), "Thank you for your time and your understanding, {contact}."),
        ((), "Thank you for your time and your understanding."),
    ),
    "goodwill": (
        (("role",), "I wish you every success in finding the right person for the {role} position."),
        ((), "I wish you every success in finding the right person."),
    ),
    "follow_up": (((), "I'll confirm this by email today."),),
}

_ASKS: dict[Intent, _Wording] = {
    "reschedule": (
        (
            ("option_1", "option_2"),
            "I can't make the interview as planned. Could we move it to {option_1} or {option_2}?",
        ),
        (("when",), "I can't make the interview {when}. Could we find another time?"),
        ((), "I can't make the interview as planned. Could we find another time?"),
    ),
    "withdraw": (
        (("role",), "I have decided to withdraw from the process for the {role} position."),
        ((), "I have decided to withdraw my application."),
    ),
    "leave": (((), "I would like to stop here and not take up more of your time."),),
    "repair": (
        (("when",), "I missed our interview {when} and did not let you know."),
        ((), "I missed our interview and did not let you know, and that was my mistake."),
    ),
}

_FAULTS: dict[str, _Wording] = {
    "vague_reason": (
        (("reason",), "Name the reason in one phrase: “{reason}.”"),
        ((), "Name a kind of reason, and no more: “due to a family matter”, or “due to unforeseen circumstances”."),
    ),
    "weak_reason": (
        (("reason",), "Leave that out and say only: “{reason}.”"),
        ((), "Leave that out. A believable reason in one phrase is enough, such as a conflict in your schedule."),
    ),
    "oversharing": (
        (("reason",), "One phrase is enough: “{reason}.”"),
        ((), "One phrase is enough: “I'm not well”, or “a family emergency”. The rest is yours to keep."),
    ),
    "mixed_message": (((), "Close it kindly and fully: “Thank you for your time, and I wish you every success.”"),),
    "soft_no": (
        (
            ("option_1", "option_2"),
            "Say that you want it, and when: “I'm keen to meet you. {option_1} or {option_2} would work.”",
        ),
        ((), "Say that you want it, and offer two times you will keep."),
    ),
    "negativity": (((), "Keep it neutral: “I've decided it isn't the right fit for me.”"),),
    "leverage": (((), "Leave the other offer's terms out: “I have decided to accept another position.”"),),
    "over_apology": (((), "Say sorry once, early, and mean it: “I'm sorry for the inconvenience.” Then go on."),),
}

_LEADS: dict[str, str] = {
    "greeting": "Open with a greeting",
    "name": "Say who is calling",
    "role": "Say which job it is about",
    "when": "Say when the interview is",
    "ask": "State your decision plainly",
    "reason": "Give your reason in one phrase",
    "apology": "Apologise once",
    "options": "Offer two exact alternatives",
    "thanks": "Thank them before you go",
    "goodwill": "Wish them well",
    "follow_up": "Promise a written word",
    "vague_reason": "Make the reason one that a stranger would believe",
    "weak_reason": "Leave out the reason that makes you look unready",
    "oversharing": "Keep the private part private",
    "mixed_message": "Close the door you chose to close",
    "soft_no": "Commit to the new date",
    "negativity": "Keep the criticism to yourself",
    "leverage": "Don't bargain in this call",
    "over_apology": "Say sorry once, not three times",
}

_COMMON_OPENINGS = ("today", "tomorrow", "on ", "this ", "next ", "yesterday", "at ")


def _fill(wordings: _Wording, facts: Mapping[str, str]) -> str:
    known = {key: _clean(value) for key, value in facts.items() if value and _clean(value)}
    if "when" in known and not known["when"].lower().startswith(_COMMON_OPENINGS):
        known["when"] = "on " + known["when"]
    for needs, sentence in wordings:
        if all(need in known for need in needs):
            made = sentence
            for need in needs:
                made = made.replace("{" + need + "}", known[need])
            return made[0].upper() + made[1:]
    return ""


def _clean(value: str) -> str:
    return " ".join(value.split()).rstrip(".").strip()


def for_item(id_: str, intent: Intent, facts: Mapping[str, str]) -> str:
    """A sentence that meets the item, or how to find one."""
    return _fill(_ASKS[intent] if id_ == "ask" else _ITEMS[id_], facts)


def for_fault(id_: str, facts: Mapping[str, str]) -> str:
    return _fill(_FAULTS[id_], facts)


def worst(
    items: Sequence[ItemMark], faults: Iterable[FaultMark], weights: Mapping[str, int] | None
) -> tuple[str, str] | None:
    """What would have been worth most, and what to say instead: a missed item by its share, a fault by its points.

    ``None`` where nothing that is owed was missed and no fault was found.
    """
    worth = {**ITEM_WEIGHTS, **FAULT_POINTS, **(weights or {})}
    owed = sum(worth[mark.id] for mark in items if mark.required) or 1
    best: tuple[float, str, str] | None = None
    for mark in items:
        if mark.required and mark.state is State.NOT_HEARD:
            gain = 100.0 * worth[mark.id] / owed
            if best is None or gain > best[0]:
                best = (gain, mark.id, mark.say_instead)
    for fault in faults:
        if fault.found and (best is None or worth[fault.id] > best[0]):
            best = (float(worth[fault.id]), fault.id, fault.say_instead)
    return None if best is None else best[1:]


def next_time(items: Sequence[ItemMark], faults: Iterable[FaultMark], weights: Mapping[str, int] | None) -> str:
    """One thing to say better next time: the worst that happened, and the words that mend it."""
    best = worst(items, faults, weights)
    if best is None:
        return ""
    id_, sentence = best
    lead = _LEADS.get(id_, "Say this as well")
    if id_ in FAULT_POINTS or not sentence.endswith((".", "?")) or sentence.startswith(("Say ", "Name ", "Offer ")):
        return f"{lead}. {sentence}"
    return f"{lead}: “{sentence}”"


__all__ = ["for_fault", "for_item", "next_time", "worst"]
