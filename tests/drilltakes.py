"""Takes of the shipped drills: a caller who is good in everything, and one who is wrong in one skill alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from bowout.core.assessment import mark_scenario
from bowout.core.drills import Drill, DrillResult
from bowout.core.drills_cut import drill_scenario, model_parts
from bowout.core.drills_judge import judge
from bowout.core.scenario import Scenario, fill
from bowout.core.transcript import Filler, Transcript, Turn, Word, from_text
from shippedpacks import PACKS
from shippedpacks import SCENARIOS as SHIPPED

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
DRILLS = {drill.id: drill for pack in PACKS for drill in pack.drills}
SCENARIOS = {scenario.id: scenario for scenario in SHIPPED}
LINE_S = 3.0
"""Seconds of each of the recruiter's lines."""


@dataclass(frozen=True)
class Manner:
    """How something is said."""

    words_per_minute: float = 140.0
    hesitates_s: float = 0.6
    """Before each answer."""
    pause_s: float = 0.0
    """After each sixth word."""
    fillers: int = 0
    """Filled pauses in the whole call, each inside a word's time."""


def spoken(turns: Sequence[str], manner: Manner = Manner()) -> Transcript:
    """The transcript of what a good ear would hear."""
    each = 60.0 / manner.words_per_minute
    at, made, left = 0.0, [], manner.fillers
    for index, text in enumerate(turns):
        at += LINE_S
        prompt_end, at = at, at + manner.hesitates_s
        words = []
        for number, token in enumerate(text.split()):
            if number and number % 6 == 0:
                at += manner.pause_s
            words.append(Word(token, at, at + each, 0.95))
            at += each
        here = tuple(Filler("um", word.start, word.start + 0.1) for word in words[:left])
        left -= len(here)
        made.append(Turn(index, tuple(words), here, prompt_end, "exact"))
    return Transcript(tuple(made), "s", "builtin")


def judged(
    drill: Drill, scenario: Scenario, turns: Sequence[str], manner: Manner | None = Manner(), seed: int = 0
) -> DrillResult:
    """The take of a caller who says ``turns``; typed where there is no ``manner``."""
    cut = drill_scenario(drill, scenario, seed)
    facts = cut.facts_at(NOW)
    transcript = from_text(*turns) if manner is None else spoken(turns, manner)
    return judge(drill, cut, mark_scenario(transcript, cut, facts), facts)


@dataclass(frozen=True)
class Pair:
    """Two takes that differ in one skill."""

    drill: str
    scenario: str
    good: tuple[str, ...]
    bad: tuple[str, ...] = ()
    """Empty = the same words, in another manner."""
    badly: Manner = Manner()


def _said(scenario: str) -> tuple[str, ...]:
    found = SCENARIOS[scenario]
    facts: Mapping[str, str] = found.facts_at(NOW)
    return tuple(fill(text, facts) for text in found.model_answer)


def _parts(scenario: str) -> tuple[str, ...]:
    found = SCENARIOS[scenario]
    return tuple(fill(text, found.facts_at(NOW)) for text in model_parts(found)[:8])


HOLDS = (
    "I have come down with a fever.",
    "I'd rather keep the details to myself, and I hope you understand.",
    "I'm afraid I can't, not even for half an hour.",
    "Thank you, but I'm not well enough for that.",
    "I understand that this is awkward, and I do want the job.",
)
_FEVER = (
    "Good morning David, this is Alex Morgan. I have come down with a fever and I can't come to the interview today."
)
_LEAVES = (
    "Excuse me, may I stop you there? I would like to end the interview here, because I don't think this is the right "
    "fit for me. Thank you very much for your time.",
)
_MESSAGE = (
    "Good morning Laura, this is Nina Patel, about the interview today at eleven. I'm sorry, but I have come down with "
    "the flu and can't come. Could we move it to Monday at nine, or Tuesday at two? Thank you for your understanding."
)
_PAGE = "I am calling on this rather grey morning from my kitchen, and before anything else let me say what a pleasure "
_PAGE += "our first talk was, and how well I remember the pictures in your hall and the smell of coffee,"

PAIRS = (
    Pair(
        "first-ten-seconds",
        "ill-on-the-day",
        (_FEVER,),
        (f"Good morning David, this is Alex Morgan. {_PAGE} and so, I can't come to the interview today.",),
    ),
    Pair("whole-call", "ill-on-the-day", _said("ill-on-the-day"), badly=Manner(pause_s=1.6)),
    Pair(
        "reason-in-one-breath",
        "ill-on-the-day",
        ("I have come down with a fever.",),
        ("Well, what I can tell you about it, in a few words, is that I have come down with a fever.",),
    ),
    Pair(
        "two-options",
        "ill-on-the-day",
        ("I could come on Monday at ten, or on Tuesday at two.",),
        (
            "Let me look into the calendar, which I have open here in front of me, one second, it is loading, "
            "and here it is now. I could come on Monday at ten, or on Tuesday at two.",
        ),
    ),
    Pair("voicemail", "ill-on-the-day-voicemail", (_MESSAGE,), badly=Manner(pause_s=2.0)),
    Pair(
        "pushback",
        "ill-on-the-day",
        (_FEVER, *HOLDS),
        (_FEVER, *HOLDS[:3], "Okay, I can do that.", HOLDS[4]),
    ),
    Pair("cold-call", "ill-on-the-day", _said("ill-on-the-day"), badly=Manner(hesitates_s=14.0)),
    Pair("clean-minute", "ill-on-the-day", _said("ill-on-the-day"), badly=Manner(fillers=5)),
    Pair("pace", "ill-on-the-day", _said("ill-on-the-day"), badly=Manner(words_per_minute=205)),
    Pair(
        "shadow",
        "ill-on-the-day",
        _parts("ill-on-the-day"),
        tuple(" ".join(part.split()[::2]) for part in _parts("ill-on-the-day")),
    ),
    Pair("leave-the-room", "not-a-fit", _LEAVES, badly=Manner(hesitates_s=16.0)),
)
"""One pair for each drill that ships."""

__all__ = [
    "DRILLS", "HOLDS", "NOW", "PACKS", "PAIRS", "SCENARIOS", "Manner", "Pair", "judged", "replace", "spoken",
]  # fmt: skip
