"""Two tellings of the same call, line by line: mine against the model answer, or mine then against mine today.

The turns are matched in their order, the lines of a matched turn by the words that both have; a line that was said
elsewhere in the call is found there. Numbers and contractions count as the same however they are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from bowout.core.text import normalise
from bowout.core.transcript import Transcript, Turn, Unit, Word

ALIKE = 0.3
"""Share of the shorter turn's words that are in the longer one, from which two turns answer each other."""
SAID = 0.34
"""Share of a line's words from which it counts as said in its own turn …"""
ELSEWHERE = 0.6
"""… and in any other place, where chance finds more."""
SHORTER, FEWEST = 0.8, 3
"""A line of mine of so many words or more says another one in short if so many of its words are in that one."""
BREATH_S = 0.5
"""A pause that ends a line where the ear writes no full stop."""
LONGEST = 18
"""Words of a line without a pause or a full stop; it is cut at its longest pause."""
LONG, PART = 10, 4
"""A written line of so many words is cut at a comma that leaves so many on either side."""
_STOPS = (".", "?", "!")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one telling."""

    words: tuple[Word, ...]
    turn: int

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def start(self) -> float:
        """In the transcript's unit."""
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end


@dataclass(frozen=True, slots=True)
class Pair:
    """What was said, and what stands against it; one of them may be missing."""

    mine: Line | None
    other: Line | None
    missing: tuple[int, ...] = ()
    """Which words of the other line (indexes into its words) mine does not have, where it stands against one."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A turn with its plain tokens, each with the word it came from."""

    turn: Turn
    tokens: tuple[str, ...]
    word: tuple[int, ...]
    """Index into ``turn.words`` of each token."""


def lines(turn: Turn, unit: Unit) -> list[Line]:
    """A turn cut into lines: at full stops, at pauses, and where it would be too long for a line."""
    made: list[list[Word]] = [[]]
    for n, word in enumerate(turn.words):
        made[-1].append(word)
        following = turn.words[n + 1] if n + 1 < len(turn.words) else None
        breath = following is not None and unit == "s" and following.start - word.end >= BREATH_S
        if following is not None and (word.text.rstrip("”’\"')").endswith(_STOPS) or breath):
            made.append([])
    return [Line(tuple(piece), turn.index) for part in made for half in _at_commas(part) for piece in _short(half)]


def _at_commas(words: list[Word]) -> Iterator[list[Word]]:
    if not words:
        return
    commas = [n for n in range(PART, len(words) - PART + 1) if words[n - 1].text.endswith((",", ";", ":"))]
    if len(words) < LONG or not commas:
        yield words
        return
    yield words[: commas[0]]
    yield from _at_commas(words[commas[0] :])


def _short(words: list[Word]) -> Iterator[list[Word]]:
    if len(words) <= LONGEST:
        yield words
        return
    places = range(LONGEST // 3, len(words) - LONGEST // 3)
    middle = len(words) / 2
    at = max(places, key=lambda n: (round(words[n].start - words[n - 1].end, 2), -abs(n - middle)))
    yield from _short(words[:at])
    yield from _short(words[at:])


def compare(mine: Transcript, other: Transcript) -> tuple[Pair, ...]:
    """Every line of both tellings once, in the order of the other one, with lines of mine alone where they were said.

    A line of mine may stand against several of the other's that it says.
    """
    left = [_said(turn, mine.unit) for turn in mine.turns if turn.words]
    right = [_said(turn, other.unit) for turn in other.turns if turn.words]
    cut = [(line, _plain(line)) for said in left for line in lines(said.turn, mine.unit)]
    made: list[Pair] = []
    for ours, theirs in _matched(left, right):
        if theirs is None:
            assert ours is not None
            made += [Pair(line, None) for line in lines(ours.turn, mine.unit)]
        else:
            made += _paired(ours, theirs, left, cut, other.unit)
    # A line that was found from another place of the call has been shown there.
    shown = {_place(pair.mine, word) for pair in made if pair.mine and pair.other for word in pair.mine.words}
    return tuple(pair for pair in made if pair.other or not pair.mine or not _all_in(pair.mine, shown))


def _place(line: Line, word: Word) -> tuple[int, float]:
    return line.turn, word.start


def _all_in(line: Line, shown: Collection[tuple[int, float]]) -> bool:
    return all(_place(line, word) in shown for word in line.words)


def _said(turn: Turn, unit: Unit) -> _Said:
    tokens = normalise(Transcript((turn,), unit))
    return _Said(turn, tokens.texts, tokens.first)


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return sum((Counter(one) & Counter(other)).values()) / min(len(one), len(other)) if one and other else 0.0


def _matched(left: Sequence[_Said], right: Sequence[_Said]) -> list[tuple[_Said | None, _Said | None]]:
    """The turns in pairs that answer each other, order kept; the likeness of all pairs is as great as it can be."""
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    like = [[_alike(a.tokens, b.tokens) for b in right] for a in left]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            together = like[i][j] + best[i + 1][j + 1] if like[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    made: list[tuple[_Said | None, _Said | None]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if like[i][j] >= ALIKE and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            made.append((left[i], right[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            made.append((left[i], None))
            i += 1
        else:
            made.append((None, right[j]))
            j += 1
    return [*made, *((a, None) for a in left[i:]), *((None, b) for b in right[j:])]


def _plain(line: Line) -> tuple[str, ...]:
    return normalise(Transcript((Turn(0, line.words),), "s")).texts


def _paired(
    ours: _Said | None,
    theirs: _Said,
    everything: Sequence[_Said],
    cut: Sequence[tuple[Line, tuple[str, ...]]],
    unit: Unit,
) -> list[Pair]:
    """The lines of one turn of the other telling, each with what was said of it."""
    wanted = _token_ranges(theirs, lines(theirs.turn, unit))
    anchors: dict[int, tuple[int, int]] = {}
    if ours is not None:
        blocks = SequenceMatcher(None, theirs.tokens, ours.tokens, autojunk=False).get_matching_blocks()
        met = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
        for number, (_, first, last, _) in enumerate(wanted):
            there = [met[n] for n in range(first, last) if n in met]
            if there and len(there) >= SAID * (last - first):
                anchors[number] = (min(there), max(there) + 1)
    stretches = _stretches(ours, anchors) if ours is not None else {}
    made = []
    for number, (line, first, last, begin) in enumerate(wanted):
        said = stretches.get(number) or _elsewhere(theirs.tokens[first:last], everything, cut)
        missing = () if said is None else sorted({theirs.word[n] - begin for n in _unmet(theirs, first, last, said)})
        made.append(Pair(said, line, tuple(missing)))
    if ours is not None and not stretches:  # alike in single words alone: nothing of it may be lost
        made += [Pair(Line(ours.turn.words, ours.turn.index), None)]
    return made


def _token_ranges(said: _Said, cut: Sequence[Line]) -> list[tuple[Line, int, int, int]]:
    """Each line with the range of tokens that it became, and the index of its first word in the turn."""
    made, word, token = [], 0, 0
    for line in cut:
        begin, first = word, token
        word += len(line.words)
        while token < len(said.tokens) and said.word[token] < word:
            token += 1
        made.append((line, first, token, begin))
    return made


def _stretches(ours: _Said, anchors: dict[int, tuple[int, int]]) -> dict[int, Line]:
    """The whole turn shared out among the lines that were found in it: each ends at the pause or full stop before the
    next one begins."""
    order = sorted(anchors)
    words = ours.turn.words
    begins = [0]
    for before, after in pairwise(order):
        low, high = ours.word[anchors[before][1] - 1] + 1, ours.word[anchors[after][0]]
        begins.append(_break(words, low, high))
    ends = [*begins[1:], len(words)]
    return {
        number: Line(words[begin:end], ours.turn.index)
        for number, begin, end in zip(order, begins, ends, strict=False)
        if begin < end
    }


def _break(words: Sequence[Word], low: int, high: int) -> int:
    """Where a line begins, ``low`` to ``high``: after a full stop, else after the longest pause, else at once."""

    def quality(n: int) -> tuple[bool, float, int]:
        return words[n - 1].text.endswith(_STOPS), round(words[n].start - words[n - 1].end, 2), -n

    return max(range(low, high + 1), key=quality, default=high)


def _elsewhere(
    wanted: Sequence[str], everything: Sequence[_Said], cut: Sequence[tuple[Line, tuple[str, ...]]]
) -> Line | None:
    """Where in the whole call these words stand together, if anywhere: in a line of mine, else across two of them, else
    in one that says it in fewer words.

    Args:
        cut: every line of mine with its plain tokens.
    """
    need = Counter(wanted)
    met = [(sum((Counter(tokens) & need).values()), len(tokens), line) for line, tokens in cut if tokens]
    whole = [each for each in met if each[0] >= ELSEWHERE * len(wanted) > 0 and each[1] <= 2 * len(wanted)]
    if whole:
        return max(whole, key=lambda each: (each[0], -each[1]))[2]
    best: tuple[float, Line] | None = None
    for said in everything:
        size = len(wanted)
        for at in range(max(1, len(said.tokens) - size + 1)):
            window = said.tokens[at : at + size]
            share = sum((Counter(window) & need).values()) / max(1, size)
            if share >= ELSEWHERE and (best is None or share > best[0]):
                first, last = said.word[at], said.word[min(at + size, len(said.tokens)) - 1]
                best = (share, Line(said.turn.words[first : last + 1], said.turn.index))
    if best is not None:
        return best[1]
    short = [each for each in met if each[0] >= max(SHORTER * each[1], SAID * len(wanted)) and each[1] >= FEWEST]
    return max(short, key=lambda each: each[0])[2] if short else None


def _unmet(theirs: _Said, first: int, last: int, said: Line) -> Iterator[int]:
    """Tokens of the other line that are not in what was said."""
    have = Counter(_plain(said))
    for n in range(first, last):
        if have[theirs.tokens[n]]:
            have[theirs.tokens[n]] -= 1
        else:
            yield n


__all__ = ["Line", "Pair", "compare", "lines"]
