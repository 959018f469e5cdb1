"""What stands above and beside the marks of a result: score with the coach's word, what it is, every take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from textual.content import Content

from bowout.core.coaching.result import SentTake
from bowout.core.coaching.standing import Collected, Standing
from bowout.core.coaching.takes import take_words
from bowout.core.coaching.verdict import open_disputes
from bowout.core.coaching.words import PHASE_WORDS
from bowout.core.safety import printable
from bowout.core.when import spoken_here
from bowout.tui.widgets.queue_list import notes_of

NAME = 32
"""Characters of a name."""


def head(found: Collected, row: Standing, at: int, learner: str, now: datetime) -> Content:
    """Two lines.

    Args:
        row: where it stands in the queue.
        at: which of its takes is shown.
        learner: what to call them.
    """
    sent = found.result.sent[at] if found.result.sent else None
    name = learner if len(learner) <= NAME else f"{learner[: NAME - 1]}…"
    parts: list[Content | str | tuple[str, str]] = [(name, "bold"), "   "]
    if sent is not None and sent.marks is not None:
        parts.append(_score(sent.marks["score"], sent.marks["passed"], " of 100"))
        mine = next((each for each in found.verdicts if each.take == sent.number), None)
        if mine is not None and (mine.score, mine.passed) != (sent.marks["score"], sent.marks["passed"]):
            parts.append((f"   with your word {_score(mine.score, mine.passed)}", "bold $text-accent"))
    else:
        parts.append("no marks were sent")
    return Content.assemble(*parts, "\n", (printable(_told(found, row, at, sent, now)), "dim"))


def _score(score: int, passed: bool, of: str = "") -> str:
    return f"{score}{of}, {'passed' if passed else 'not passed'}"


def _told(found: Collected, row: Standing, at: int, sent: SentTake | None, now: datetime) -> str:
    result = found.result
    take = next((each for each in result.takes if sent is not None and each.number == sent.number), None)
    disputed = any(open_disputes(each, found.review) for each in result.sent)  # a word of the coach's settles it
    told = [each for each in notes_of(replace(row, disputed=disputed)) if each != "noted"] + [PHASE_WORDS[found.phase]]
    if take is None:
        told.append("nothing of a take was sent")
    else:
        ear = "typed" if take.ear == "typed" else f"heard by {take.ear or 'an ear'}"
        told += [f"take {take.number} of {len(result.takes)}", take.mode, ear]
    if len(result.sent) > 1:
        told.append(f"call {at + 1} of {len(result.sent)} (T: the next)")
    told.append("with the recording" if sent is not None and sent.audio else "no recording")
    words = ", ".join(each for each in told if each)
    return f"{words[:1].upper()}{words[1:]}. Made {spoken_here(result.made, now)}."


def takes_text(found: Collected, titles: Mapping[str, str], several: bool, now: datetime) -> str:
    """Every take with its state, and which of them was sent.

    Args:
        titles: of the calls that are asked, by id.
        several: there is more than one.
    """
    zone = now.tzinfo
    assert zone is not None, "the clock is aware"
    told = []
    for take in found.result.takes:
        call = f"{titles.get(take.scenario, take.scenario)}: " if several else ""
        typed = ", typed answers" if take.ear == "typed" else ""
        told.append(f"{call}{take_words(take, zone)}{typed}")
    for each in found.result.sent:
        told += ["", f"Take {each.number} was sent: {titles.get(each.scenario, each.scenario)}"]
        if each.first_marks is not None:
            told.append(f"The learner corrected the words; first marked {each.first_marks['score']} of 100.")
    return printable("\n".join(told))


__all__ = ["head", "takes_text"]
