"""What to say in a case, built from parts in the article's order: appreciation and who you are, which interview, the
reason, the apology with the next step, thanks. Short enough to say in 45 seconds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from bowout.core.case import Case
from bowout.core.decide import decision_of
from bowout.core.scenario import blanks, fill

WORDS_PER_MINUTE = 150
LONGEST_S = 45.0
_BRACKET = re.compile(r"[\[\]{}]")
_WORD = re.compile(r"[^\W_](?:[^\s]*[^\W_])?")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a script. ``text`` keeps a blank as ``{name}`` where nothing fills it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """What to say; empty where there is nothing to say."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return " ".join(part.text for part in self.parts)

    @property
    def missing(self) -> tuple[str, ...]:
        """Blanks that are still to be filled in, each once."""
        return tuple(dict.fromkeys(blanks(self.text)))

    @property
    def ready(self) -> bool:
        """There is something to say, and no bracket is left in it."""
        return bool(self.parts) and not _BRACKET.search(self.text)

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.text))

    @property
    def seconds(self) -> float:
        """How long it takes at ``WORDS_PER_MINUTE``."""
        return self.words / WORDS_PER_MINUTE * 60


BLANK_WORDS: Mapping[str, str] = {
    "caller": "Who are you?",
    "contact": "Who is your contact there?",
    "company": "At which company?",
    "role": "Which job is it about?",
    "when": "When is the interview?",
    "reason": "Why, in a few words?",
    "option_1": "Which other time can you offer?",
    "option_2": "Which second time can you offer?",
}
"""What to ask for a blank."""

_CONFIRM = " I'll confirm this by email."
BECAUSE = ", because {reason}"
"""Left out where no reason is told."""
_HELLO = (
    "hello",
    "Thanks, and who you are",
    "Hello {contact}, this is {caller}. Thank you for inviting me to {company}.",
)
_ABOUT = ("about", "Which interview", "It's about the {role} interview {when}.")
_BYE = ("thanks", "Thanks", f"Thank you very much for your understanding.{_CONFIRM}")

_PARTS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "reschedule": (
        _HELLO,
        _ABOUT,
        ("reason", "The reason, in one sentence", "I have to tell you that {reason}, so I can't come at that time."),
        ("next", "Sorry, and two times", "I'm sorry for the trouble. Could we move it to {option_1}, or {option_2}?"),
        _BYE,
    ),
    "video": (
        _HELLO,
        _ABOUT,
        ("reason", "The reason, in one sentence", "I have to tell you that {reason}, so I can't come in person."),
        ("next", "Sorry, and an offer", "I'm sorry for the trouble. Could we do it {option_1}, or else {option_2}?"),
        _BYE,
    ),
    "withdraw": (
        _HELLO,
        _ABOUT,
        ("reason", "The decision, and why", "I have to tell you that {reason}, so I'm withdrawing from the process."),
        ("next", "Sorry, and good wishes",
         "I'm sorry for the short notice, and I wish you good luck with finding the right person."),
        ("thanks", "Thanks", f"Thank you for the time you have given me.{_CONFIRM}"),
    ),
    "disclose": (
        _HELLO,
        _ABOUT,
        ("reason", "What they should know", "Before we go on, I'd like you to know that {reason}."),
        ("next", "What you want", "I'm still interested. Would that be a problem for you?"),
        ("thanks", "Thanks", "Thank you very much."),
    ),
    "leave": (
        ("hello", "Thanks", "{contact}, may I stop you there? Thank you for telling me so much about the {role} job."),
        ("reason", "The decision, and why", "Now that I have heard more, {reason}, so I would like to end here."),
        ("next", "Good wishes", "I don't want to take up more of your time, and I wish you good luck with finding the "
         "right person."),
        ("thanks", "Thanks", "Thank you, and goodbye."),
    ),
    "leave_emergency": (
        ("hello", "Thanks", "{contact}, I'm very sorry to interrupt you. Thank you for your time."),
        ("reason", "The decision, and why", "I have just heard that {reason}, so I have to end the interview here."),
        ("next", "What comes next", "I'll write to you about the {role} job today."),
        ("thanks", "Thanks", "Thank you for your understanding, and goodbye."),
    ),
    "leave_misconduct": (
        ("reason", "The decision, and why", f"I'm ending the interview here{BECAUSE}."),
        ("thanks", "Goodbye", "Thank you, I'm leaving now. Goodbye."),
    ),
    "pause": (
        ("hello", "Thanks", "{contact}, may I stop you there? Thank you for being so open about the {role} job."),
        ("next", "What you ask for", "Could I have five minutes to think about what I have heard?"),
        ("thanks", "Thanks", "Thank you."),
    ),
    "learn": (
        ("hello", "Thanks", "Hello {contact}, I'm {caller}. Thank you for having me."),
        ("reason", "Where you stand", "I'd like to be open: I'm not sure yet that the {role} job is right for me."),
        ("next", "What you want", "I have come to find out more, and I'll tell you soon what I decide."),
    ),
    "repair": (
        ("hello", "Who you are", "Hello {contact}, my name is {caller}. Thank you for taking the call."),
        ("about", "Which interview", "It's about the {role} interview {when}."),
        ("reason", "What you did", "I have to be honest with you: {reason}."),
        ("next", "The apology", "That was wrong of me, and I apologise for it."),
        ("want", "What you want now", ""),
        ("thanks", "Thanks", "Thank you for hearing me out. I'll put it in writing, too."),
    ),
}  # fmt: skip
_WANT_NOW = {
    "yes": "I would still be glad to meet you, if that is possible.",
    "no": "I don't want to take up more of your time, so I'm withdrawing.",
}


def skipped(said: Script, heard: str) -> tuple[Part, ...]:
    """The parts of which less than half was heard in a reading, in order. ``heard``: the words of the reading."""
    wanted = [(number, word) for number, part in enumerate(said.parts) for word in _plain(part.text)]
    found = SequenceMatcher(None, [word for _, word in wanted], _plain(heard), autojunk=False)
    got = Counter(wanted[at][0] for block in found.get_matching_blocks() for at in range(block.a, block.a + block.size))
    asked = Counter(number for number, _ in wanted)
    return tuple(part for number, part in enumerate(said.parts) if got[number] * 2 < asked[number])


def _plain(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower().replace("’", "'"))


def kind_of(case: Case) -> str:
    """Which parts: an emergency and a line that was crossed are left in other words."""
    happened = case.answers.get("happened", "")
    if case.path == "leave" and happened in ("emergency", "misconduct"):
        return f"leave_{happened}"
    return case.path


def script(case: Case, now: datetime) -> Script:
    """The script of a case. Days are counted from ``now`` (aware)."""
    facts, writes, kind = case.facts(now), decision_of(case, now).writes, kind_of(case)
    parts = []
    for id_, title, template in _PARTS.get(kind, ()):
        text = template
        if not case.reason and kind == "leave_misconduct":
            text = text.replace(BECAUSE, "")
        if writes:  # no call comes before the message, so there is nothing to confirm
            text = text.replace(_CONFIRM, "")
        if id_ == "want":
            text = _WANT_NOW.get(case.answers.get("want", ""), "")
        if text and not (case.answers.get("stage") == "after" and case.path == "leave"):
            parts.append(Part(id_, title, fill(text, facts)))
    return Script(tuple(parts))


__all__ = ["BECAUSE", "BLANK_WORDS", "LONGEST_S", "WORDS_PER_MINUTE", "Part", "Script", "kind_of", "script", "skipped"]
