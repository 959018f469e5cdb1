"""How long a caller took to say what they call for: one rule, for the history and for the drills.

What counts is the end of the word with which it was said for the first time, on the caller's own clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bowout.core.marks import Marks, State
from bowout.core.transcript import Transcript, Turn

if TYPE_CHECKING:
    from bowout.core.scenario import Scenario

_MOST_WORDS_BACK = 300
"""Words before a quote in which the same may have been said already; a call has about 150."""


def decision_s(marks: Marks, scenario: Scenario, facts: Mapping[str, str]) -> float | None:
    """Seconds from the caller's first word until their decision was said; ``None`` where it was not heard, or the
    words have no times. Marks the call some times over: tens of milliseconds."""
    ask = marks.items.get("ask")
    if ask is None or ask.state is not State.HEARD or not is_timed(marks.transcript):
        return None
    at = said_at(marks, ["ask"], scenario, facts)
    return None if at is None else own_clock(spoken_turns(marks.transcript), at)


def spoken_turns(transcript: Transcript) -> list[Turn]:
    """The turns in which something was said."""
    return [turn for turn in transcript.turns if turn.words]


def is_timed(transcript: Transcript) -> bool:
    """The words' times say something. One typed turn, after a microphone died, is enough against it."""
    return transcript.unit == "s" and all(turn.times != "none" for turn in spoken_turns(transcript))


def own_clock(turns: Sequence[Turn], second: float) -> float:
    """Seconds on the caller's own clock: from their first word on, without the recruiter's lines in between.

    Args:
        turns: those in which something was said.
        second: on the call's clock.
    """
    passed = 0.0
    for at, turn in enumerate(turns):
        first, last = turn.words[0].start, turn.words[-1].end
        # What one thinks before one answers is one's own time, too.
        begins = first if at == 0 or turn.prompt_end is None else min(turn.prompt_end, first)
        if second <= last or at == len(turns) - 1:
            return passed + max(0.0, second - begins)
        passed += last - begins
    return passed


def said_at(marks: Marks, ids: Iterable[str], scenario: Scenario, facts: Mapping[str, str]) -> float | None:
    """The end of the word with which the last of these items was there, on the call's clock; ``None`` where none was.

    A quote will not do: who says “I can't come” and later “could we move it” has said it the first time. So the call is
    marked again with ever fewer of its words, until one of the items is missing.
    """
    from bowout.core.assessment import mark_scenario  # here: whoever reads a history marks nothing

    heard = [mark for id_ in ids if (mark := marks.items[id_]).state is State.HEARD]
    ends = [mark.span.end for mark in heard if mark.span is not None]
    if not ends:
        return None
    latest = max(ends)
    words = [word for word in marks.transcript.words if word.start < latest]
    for count in range(len(words) - 1, max(0, len(words) - _MOST_WORDS_BACK), -1):
        fewer = mark_scenario(_first(marks.transcript, count), scenario, facts)
        if any(fewer.items[mark.id].state is not State.HEARD for mark in heard):
            return words[count].end
    return words[0].end


def _first(transcript: Transcript, count: int) -> Transcript:
    """The call's first words."""
    turns = []
    for turn in transcript.turns:
        turns.append(replace(turn, words=turn.words[:count]))
        count -= len(turns[-1].words)
    return replace(transcript, turns=tuple(turns))


def seconds_to_the_point(
    first: float, point: float, lines: Iterable[float] = (), prompts_end: Iterable[float] = ()
) -> float:
    """The same by a quote's beginning, for records that were written before ``decision_s`` was kept in them.

    All times are seconds on the call's clock.

    Args:
        first: the beginning of the caller's first word.
        point: the beginning of the words that said it.
        lines: when each of the recruiter's lines began.
        prompts_end: when the last line before each of the caller's turns had been played; a line of which no end is
            known is left in.
    """
    ends = sorted(end for end in prompts_end if first < end <= point)
    theirs = 0.0
    covered = first
    for begin in sorted(lines):
        end = next((end for end in ends if end >= begin), None)
        if begin < first or end is None:
            continue
        theirs += max(0.0, end - max(begin, covered))
        covered = max(covered, end)
    return max(0.0, point - first - theirs)


__all__ = ["decision_s", "is_timed", "own_clock", "said_at", "seconds_to_the_point", "spoken_turns"]
