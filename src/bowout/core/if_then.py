"""One “if … then” sentence after a call: what may come again, and the words for it, decided beforehand.

Such an implementation intention helps with medium to large effects where it names the very cue (Gollwitzer and
Sheeran 2006, 94 studies: d = 0.65); said aloud it is remembered better. It is proposed from what went worst.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from bowout.core.criteria import ITEMS, Intent
from bowout.core.marks import FaultMark, ItemMark, Marks
from bowout.core.scenario import Scenario, fill

KIND = "if_then"
"""The event of an attempt's record."""
LONGEST = 300
"""Letters of either half; a longer one is no sentence for a call."""
MOST = 0.5
"""Share of the words that must be heard for the sentence to count as spoken: more than this."""


@dataclass(frozen=True, slots=True)
class IfThen:
    """“If they ask why, I will say: …”."""

    cue: str
    """What comes first, without the “if”: “they ask why”."""
    words: str
    """What is said then."""
    spoken: bool = False
    """It has been said aloud."""

    @property
    def sentence(self) -> str:
        return f"If {self.cue}, I will say: “{self.words}”"

    def as_event(self) -> dict[str, Any]:
        """What the record keeps beside the kind and the time; ``latest`` reads it back."""
        return {"if": self.cue, "then": self.words, "spoken": self.spoken}


_QUOTED = re.compile(r"“([^”]+)”")
_ADVICE = re.compile(r"(?:Say|Name|Offer|Leave|Keep|Close|One phrase) ")

_ITEM_CUES: Mapping[str, str] = {
    "greeting": "they pick up",
    "name": "they pick up",
    "role": "they ask what it is about",
    "when": "they ask which interview I mean",
    "ask": "they ask what I need",
    "reason": "they ask why",
    "apology": "I have told them",
    "options": "they ask when I could come",
    "thanks": "they say goodbye",
    "goodwill": "they say goodbye",
    "follow_up": "we are about to hang up",
}
_PUSHBACK_CUES: Mapping[str, str] = {
    "counter_offer": "they make a better offer",
    "persuade": "they try to change my mind",
    "annoyed": "they are annoyed",
    "details": "they want details",
    "slot": "they offer a time that does not suit me",
    "plan": "they go on with their plan",
    "silence": "they say nothing",
    "why": "they ask why",
}
"""What a recruiter may do, the hardest first."""
_FAULT_CUES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "vague_reason": (("why", "details"), "they ask why"),
    "weak_reason": (("why", "details"), "they ask why"),
    "oversharing": (("details", "why"), "they want details"),
    "mixed_message": (("persuade", "counter_offer"), "they try to change my mind"),
    "soft_no": (("slot", "persuade"), "they ask when I could come"),
    "negativity": (("annoyed", "why"), "they ask what was wrong"),
    "leverage": (("counter_offer", "persuade"), "they talk about money"),
    "over_apology": ((), "I want to say sorry once more"),
}
"""Pushbacks that bring a fault about, and the cue where the scenario has none of them."""
_ANSWERS: Mapping[str, tuple[str, ...]] = {
    "why": ("{reason}, and I'd rather leave it at that.", "It's private, and I'd rather leave it at that."),
    "details": ("I'd rather leave it at that, thank you.",),
    "slot": ("I can't then, but {option_1} or {option_2} would work.", "I can't then. I'll send you two other times."),
    "counter_offer": ("Thank you, but my decision is made.",),
    "annoyed": ("I understand, and I'm sorry for the trouble.",),
    "silence": ("Is there anything else you need from me?",),
    "plan": ("Before we go on: I would like to end here.",),
}
_PERSUADED: Mapping[Intent, tuple[str, ...]] = {
    "reschedule": ("I can't, but I will keep either of those two times.",),
    "withdraw": ("Thank you, but my decision is made.",),
    "leave": ("Thank you, I'd still like to end here.",),
    "repair": ("I understand. I won't take up more of your time.",),
}


def propose(marks: Marks, scenario: Scenario, facts: Mapping[str, str]) -> IfThen:
    """The sentence for what went worst in this call, by the caller's own word where they dispute a mark; where
    nothing did, for the hardest thing that this recruiter does.

    ``words`` is empty where no whole sentence is known for it: the caller finds their own.

    Args:
        facts: the scenario's, as they were in the call.
    """
    from bowout.core.marking.extra import OWN_WEIGHT
    from bowout.core.marking.say_instead import worst

    weights = {**{id_: OWN_WEIGHT for id_ in marks.items if id_ not in ITEMS}, **scenario.weights}
    items = [_believed(mark) for mark in marks.items.values()]
    faults = [_blamed(mark) for mark in marks.faults.values()]
    best = worst(items, faults, weights)
    if best is None:
        return _for_the_hardest(scenario, facts)
    id_, instead = best
    cue = _item_cue(id_, scenario) if id_ in marks.items else _fault_cue(id_, scenario)
    return IfThen(cue, _whole(instead))


def _believed(mark: ItemMark) -> ItemMark:
    return mark if mark.yours is None else replace(mark, state=mark.yours)


def _blamed(mark: FaultMark) -> FaultMark:
    return mark if mark.yours is None else replace(mark, found=mark.yours)


def _pushbacks(scenario: Scenario) -> set[str]:
    return {step.pushback for step in scenario.steps.values() if step.pushback}


def _item_cue(id_: str, scenario: Scenario) -> str:
    """The recruiter's line that asks for it, else the moment at which it is due."""
    asking = [step for step in scenario.steps.values() if id_ in step.asks and step.pushback in _PUSHBACK_CUES]
    if asking:
        return _PUSHBACK_CUES[asking[0].pushback]
    if _ITEM_CUES.get(id_) == "they pick up" and scenario.start in scenario.steps:
        return "I hear the beep" if scenario.steps[scenario.start].beep else "they pick up"
    if id_ == "ask" and scenario.intent == "leave":
        return "they go on talking"
    return _ITEM_CUES.get(id_, "we come to that")


def _fault_cue(id_: str, scenario: Scenario) -> str:
    kinds, usual = _FAULT_CUES.get(id_, ((), "we come to that"))
    there = _pushbacks(scenario)
    return next((_PUSHBACK_CUES[kind] for kind in kinds if kind in there), usual)


def _for_the_hardest(scenario: Scenario, facts: Mapping[str, str]) -> IfThen:
    there = _pushbacks(scenario)
    kind = next((kind for kind in _PUSHBACK_CUES if kind in there), "why")
    wordings = _PERSUADED[scenario.intent] if kind == "persuade" else _ANSWERS[kind]
    filled = (fill(wording, facts) for wording in wordings)
    return IfThen(_PUSHBACK_CUES[kind], next(text for text in filled if "{" not in text))


def _whole(instead: str) -> str:
    """The sentence to say in a piece of advice, or nothing where it is advice alone."""
    quoted = _QUOTED.search(instead)
    if quoted:
        words = quoted.group(1).rstrip(",").strip()
        return words if words.endswith((".", "?", "!")) else f"{words}."
    return "" if _ADVICE.match(instead) else instead.strip()


def written(cue: str, words: str, *, spoken: bool = False) -> IfThen | None:
    """The sentence as its caller wrote it, made whole; ``None`` if a half of it is missing."""
    cue = re.sub(r"^if\s+", "", " ".join(cue.split()), flags=re.IGNORECASE)[:LONGEST].rstrip(" ,.:…")
    words = " ".join(words.split())[:LONGEST].strip(" “”\"")  # fmt: skip
    return IfThen(cue, words, spoken) if cue and words else None


def latest(events: Iterable[Mapping[str, Any]]) -> IfThen | None:
    """The last sentence that a record holds; what is not of that form is left out."""
    found = None
    for event in events:
        if event.get("kind") != KIND:
            continue
        cue, words = event.get("if"), event.get("then")
        if isinstance(cue, str) and isinstance(words, str):
            found = written(cue, words, spoken=event.get("spoken") is True) or found
    return found


def was_said(words: str, heard: str) -> bool:
    """True if most of the words were heard, in their order; how a number or a contraction is written is all one."""
    from bowout.core.text import normalise
    from bowout.core.transcript import from_text

    wanted, got = normalise(from_text(words)).texts, normalise(from_text(heard)).texts
    matched = sum(block.size for block in SequenceMatcher(None, wanted, got, autojunk=False).get_matching_blocks())
    return bool(wanted) and matched > MOST * len(wanted)


__all__ = ["KIND", "IfThen", "latest", "propose", "was_said", "written"]
