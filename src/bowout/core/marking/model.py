"""A small linear model that votes where patterns stay blind: faults that may be worded in any way, words misheard.

It adds up weights: of the call's tokens, of pairs of them, of how the call is built, and, over windows of
:data:`WINDOW` tokens, of the tokens and pairs in the window that speaks loudest. Words that no labelled call has weigh
what words of like meaning weigh. The weights are a data file, trained by ``scripts/train_marking.py``.
What can't be pointed at isn't marked: a vote comes with the window that carried it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from bowout.core.marking.patterns import Hit
from bowout.core.marking.times import Moment
from bowout.core.text import Tokens
from bowout.errors import MissingPart

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_KIN = frozenset(
    "mum dad nan grandad wife husband partner brother sister uncle aunt auntie son daughter girlfriend boyfriend "
    "cousin nephew niece".split()
)
_OTHERS = frozenset("he she they him her them his their".split())
_PAST = frozenset("was were had did got went took came said told".split())
_EXPLAINED = frozenset("greeting name role ask apology thanks goodwill follow_up goodbye".split())
"""Acts whose tokens do not count as story."""
_STEPS: dict[str, tuple[int, ...]] = {
    "story": (15, 25, 35, 45, 55, 70, 90),
    "stretch": (8, 12, 16, 20, 25, 30),
    "others": (1, 2, 3, 5, 7, 10),
    "kin": (1, 2, 3),
    "past": (2, 4, 6, 8),
    "my": (2, 3, 4, 6),
    "you": (3, 5, 8),
    "and": (2, 4, 6, 8),
    "tokens": (30, 60, 90, 130),
    "odd": (1, 2, 3, 5, 8, 12),
    "odd_in_100": (4, 7, 10, 14, 18, 24),
}
"""A count becomes one feature for each step it reaches."""
_FIRST = 4
"""Tokens from the start of the call that are features by their place."""
WINDOW, STEP = 12, 4
"""Tokens of a window, and from the start of one to the start of the next."""
PAIR = 0.7
"""Value of a pair of tokens, where a token's is 1: pairs are many and often chance."""
ODD = "<odd>"
"""Stands for a token that is hardly anything but a name."""
UNHEARD = "<unheard>"
"""Stands for a token that an ear was not sure of; no label was learnt from it."""
_CARRIED = 0.05
"""Log-odds from which a token belongs to the stretch that is shown."""


class Model:
    """Weights of every criterion, read from the data file.

    The file is an ``npz`` of: ``criteria`` [k], ``bias`` [k], ``found`` [k], ``kept`` [k], ``features`` [f] (text,
    one a line: tokens, pairs “a b”, names of :func:`call_features`), ``call`` [f + 1, k] and ``window`` [f + 1, k];
    the last row is that of an unknown feature, all zeros.
    """

    def __init__(self, data: bytes) -> None:
        """Read the data file.

        Raises:
            MissingPart: if it is damaged.
        """
        from zipfile import BadZipFile
        from zlib import error as BadStream

        import numpy as np  # here: whoever only imports marking needs no numbers

        try:
            with np.load(BytesIO(data), allow_pickle=False) as made:
                self.criteria: tuple[str, ...] = tuple(bytes(made["criteria"]).decode().split("\n"))
                features = bytes(made["features"]).decode().split("\n")
                self._bias: Floats = made["bias"]
                self._call: Floats = made["call"].astype(np.float32)
                self._window: Floats = made["window"].astype(np.float32)
                found, kept = made["found"].tolist(), made["kept"].tolist()
            self.found: dict[str, float] = dict(zip(self.criteria, found, strict=True))
            """Log-odds from which the model alone finds the criterion."""
            self.kept: dict[str, float] = dict(zip(self.criteria, kept, strict=True))
            """Log-odds below which what patterns found is not believed."""
            if not self._call.shape == self._window.shape == (len(features) + 1, *self._bias.shape):
                raise ValueError("rows or columns are missing")
        except (BadStream, BadZipFile, EOFError, KeyError, OSError, TypeError, ValueError) as error:
            raise MissingPart("The weights that marking needs are damaged.", "Install Bow Out again.") from error
        self._rows = {feature: row for row, feature in enumerate(features)}
        self._blank = len(features)

    def weigh(self, tokens: Tokens, plain: Sequence[str], built: Iterator[str]) -> Votes:
        """What the model makes of one call; ``plain`` as :func:`plain_tokens` makes it, at least one token."""

        rows, blank = self._rows, self._blank
        single = [rows.get(token, blank) for token in plain]
        pairs = [rows.get(pair, blank) for pair in token_pairs(plain)]
        strange = [
            (at, rows[text])
            for at, (text, token) in enumerate(zip(tokens.texts, plain, strict=True))
            if token == ODD and text in rows
        ]
        said = {*single, *pairs, *(row for _, row in strange), *(rows.get(feature, blank) for feature in built)}
        whole = self._bias + self._call[sorted(said)].sum(axis=0)
        each = self._window[single]
        of_call = self._call[single]
        for at, row in strange:
            each[at] += self._window[row]
            of_call[at] += self._call[row]
        of_pairs = self._window[pairs]
        if pairs:
            each[:-1] += of_pairs
            of_call[:-1] += self._call[pairs]
        return Votes(self.criteria, whole, each, of_pairs, each + of_call)


class Votes:
    """The model's log-odds for one call, and where they come from."""

    def __init__(self, criteria: Sequence[str], whole: Floats, each: Floats, pairs: Floats, carried: Floats) -> None:
        """``whole`` [k]: of the call; ``each`` [n, k]: of every token with the pair that begins there, in windows;
        ``pairs`` [n - 1, k]: of those pairs, which do not count where a window ends between their tokens;
        ``carried`` [n, k]: what each token brought to windows and call together."""
        import numpy as np

        self._columns = {id_: column for column, id_ in enumerate(criteria)}
        self._carried = carried
        self._bounds = windows(len(each))
        starts = np.array([start for start, _ in self._bounds])
        ends = np.array([end for _, end in self._bounds])
        total = np.zeros((len(each) + 1, each.shape[1]), np.float32)
        np.cumsum(each, axis=0, out=total[1:])
        spoken: Floats = total[ends] - total[starts]
        cut = ends < len(each)
        spoken[cut] -= pairs[ends[cut] - 1]
        peak = spoken.max(axis=0)
        self._odds: Floats = whole + peak + np.log(np.exp(spoken - peak).sum(axis=0))

    def odds(self, id_: str) -> float:
        """Log-odds that a criterion is met."""
        return float(self._odds[self._columns[id_]])

    def loudest(self, id_: str) -> Hit:
        """The window that speaks most for a criterion, less its ends that do not."""
        carried = self._brought(id_)
        start, end = max(self._bounds, key=lambda bounds: sum(carried[bounds[0] : bounds[1]]))
        while carried[start] <= 0 and start < end - 1:
            start += 1
        while carried[end - 1] <= 0 and start < end - 1:
            end -= 1
        return Hit(start, end, id_)

    def where(self, id_: str, turns: Sequence[int] = ()) -> Hit | None:
        """The stretch of at most a window, within one turn, that speaks most for a criterion; ``None`` where no token
        speaks for it. ``turns`` are the first tokens of all turns but the first."""
        carried = self._brought(id_)
        most, found = 0.0, None
        for first, beyond in pairwise((0, *turns, len(carried))):
            for start in range(first, beyond):
                if carried[start] <= 0:
                    continue
                brought = 0.0
                for end in range(start + 1, min(start + WINDOW, beyond) + 1):
                    brought += carried[end - 1]
                    if brought > most:
                        most, found = brought, Hit(start, end, id_)
        return found

    def around(self, id_: str, hit: Hit, first: int, beyond: int) -> Hit:
        """The hit with those neighbours among the tokens ``[first, beyond)`` that speak for the criterion, too: at most
        a window in all."""
        carried = self._brought(id_)
        room = max(0, WINDOW - (hit.end - hit.start))
        before = [0.0, *accumulate(carried[at] for at in range(hit.start - 1, max(first, hit.start - room) - 1, -1))]
        after = [0.0, *accumulate(carried[hit.end : min(beyond, hit.end + room)])]
        _, left, right = max(
            (one + other, -left, -right)
            for left, one in enumerate(before)
            for right, other in enumerate(after)
            if left + right <= room
        )
        return Hit(hit.start + left, hit.end - right, hit.act)

    def _brought(self, id_: str) -> list[float]:
        """What each token brought, beyond what it takes to be shown."""
        brought: list[float] = (self._carried[:, self._columns[id_]] - _CARRIED).tolist()
        return brought


def windows(tokens: int) -> list[tuple[int, int]]:
    """Start and end of every window over so many tokens; at least one."""
    return [(start, min(start + WINDOW, tokens)) for start in range(0, max(1, tokens - WINDOW + STEP), STEP)]


def plain_tokens(tokens: Tokens, odd: Mapping[str, bool]) -> tuple[str, ...]:
    """Tokens with numbers, weekdays and names (``odd``) made alike."""
    return tuple("#" if t.isdigit() else "<day>" if t in _WEEKDAYS else ODD if odd[t] else t for t in tokens.texts)


def token_pairs(plain: Sequence[str]) -> list[str]:
    """Every pair of neighbours, the pair at the place of its first token."""
    return [f"{one} {two}" for one, two in pairwise(plain)]


def call_features(
    intent: str, tokens: Tokens, plain: tuple[str, ...], hits: Mapping[str, list[Hit]], times: Sequence[Moment]
) -> Iterator[str]:
    """How the call is built, as names of features (each of value 1)."""
    yield f"intent:{intent}"
    for place, token in enumerate(plain[:_FIRST]):
        yield f"first:{place}:{token}"
        yield f"first:{token}"
    explained = bytearray(len(tokens))
    for act, found in hits.items():
        if act.partition(".")[0] in _EXPLAINED or act.startswith("role"):
            for hit in found:
                explained[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
    for moment in times:
        explained[moment.start : moment.end] = b"\x01" * (moment.end - moment.start)
    texts = tokens.texts
    counts = {
        "story": explained.count(0),
        "stretch": max((len(part) for part in explained.split(b"\x01")), default=0),
        "others": sum(t in _OTHERS for t in texts),
        "kin": sum(t in _KIN for t in texts),
        "past": sum(t in _PAST for t in texts),
        "my": texts.count("my"),
        "you": texts.count("you") + texts.count("your"),
        "and": texts.count("and"),
        "tokens": len(texts),
        "odd": plain.count(ODD),
        "odd_in_100": 100 * plain.count(ODD) // max(1, len(plain)),
    }
    for name, count in counts.items():
        for step in _STEPS[name]:
            if count >= step:
                yield f"{name}:{step}"


__all__ = [
    "ODD",
    "PAIR",
    "STEP",
    "UNHEARD",
    "WINDOW",
    "Model",
    "Votes",
    "call_features",
    "plain_tokens",
    "token_pairs",
    "windows",
]
