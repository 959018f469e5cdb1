"""How long a caller took to say what they call for."""

from __future__ import annotations

from collections.abc import Iterable


def seconds_to_the_point(
    first: float, point: float, lines: Iterable[float] = (), prompts_end: Iterable[float] = ()
) -> float:
    """Seconds from the caller's first word to the point, without the other side's lines in between.

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


__all__ = ["seconds_to_the_point"]
