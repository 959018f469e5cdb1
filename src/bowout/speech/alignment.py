"""What an aligner found: word times and filled pauses, and whether to believe it. Pure; the aligning itself happens in
``aligner_worker``.

A filled pause shows in three ways: the aligner put one between two words; the ear wrote it as a word that sounds like
it (“I'm”, “at”, “are”: recognisers trained on tidy text have no “um”) which then stands alone between two gaps, drawn
out, and improbable; or there is a short voiced noise with silence beside it. The thresholds were chosen on 84 calls
spoken by one Piper voice with 168 filled pauses at known places and 64 calls without; ``benchmarks/ears.py`` puts them
in at other places. No human filled pauses were at hand: the figures say little about a real hesitant voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bowout.core.transcript import Filler

FRAME_S = 0.01


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of an alignment; frames of ``FRAME_S``, end exclusive."""

    word: int
    """Index of the word that was given, −1 for silence, noise and filled pauses."""
    label: str
    """``<sil>``, ``[NOISE]``, ``[SPEECH]``, ``[UM]`` … or the word as it was said."""
    start: int
    end: int
    score: float
    """Natural logarithm of the acoustic score, per frame: about −0.0013 where it fits, −0.0044 where it does not."""
    kind: str = ""
    """``um``, ``uh`` or ``er`` if it was pronounced so."""

    @property
    def frames(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the words lie, in seconds from the audio's first sample."""

    words: tuple[tuple[float, float] | None, ...]
    """One entry for each word given; ``None`` where it could not be placed."""
    fillers: tuple[Filler, ...] = ()
    """Filled pauses of at least ``SHORTEST`` frames, those the ear wrote as words included."""
    plausible: bool = False
    """False if text and audio do not fit each other: use nothing of it."""


INSERTED = {"[UM]": ("AH M", "um"), "[UH]": ("AH", "uh"), "[ER]": ("ER", "er")}
"""Filled pauses the aligner may put between any two words: phonemes and kind."""
SOUNDS_LIKE = {
    "um": ("um", "uhm", "umm", "i'm", "am", "on", "and"),
    "uh": ("uh", "uhh", "ah", "eh", "a", "at", "but", "oh", "of"),
    "er": ("er", "erm", "are", "our", "or", "her", "air"),
}
"""Words that ears write for a filled pause. Each may also be pronounced as one when it is aligned."""
WRITTEN = frozenset(("um", "uhm", "umm", "uh", "uhh", "er", "erm", "ah", "eh"))
"""Those that mean nothing else."""
NEEDS_SOUND = frozenset(("and", "but", "or", "of", "on"))
"""Those that people also say alone between two pauses: only their pronunciation tells."""
_KIND = {word: kind for kind, words in SOUNDS_LIKE.items() for word in words}

NOISE = "[SPEECH]"
"""The aligner's name for a voice that says none of the words."""
QUIET = frozenset(("<sil>", "[NOISE]"))
SHORTEST, SHORTEST_JOINED = 10, 14
"""Frames of the shortest filled pause with silence at one side at least, and without."""
SHORTEST_WRITTEN = 13
"""The same for one the ear wrote as another word."""
GAP, WIDE_GAP = 5, 18
"""Frames without a word that set a stretch apart from its neighbour; at one side only it takes the wide one."""
LAST_GAP = 10
"""The same between the last word and what follows it: the last sound of a turn often rings on."""
CONFIDENT, UNSURE = 0.9, 0.5
"""A word this probable is what it looks like; below ``UNSURE`` its pronunciation alone is enough."""
LONGEST_NOISE = 40
"""Frames; a longer voiced noise is words that the ear left out."""
WORST_SCORE, DOUBTFUL, WORST_FILLER, ALONE_FILLER = -0.0037, -0.0045, -0.004, -0.007
"""Log score a frame: of all words together (what the ear made of Piper and espeak-ng: −0.0010…−0.0034, wrong texts
−0.0043 and worse), of one word, of a filled
pause, of one alone between two silences."""
MOST_FILLED = 0.25
"""Share of the time in filled pauses and noises; wrong texts have 0.32 and more, 80 fillers in 40 calls 0.10."""
LONGEST_WORD = 200
"""Frames. No word of a true alignment took more than 100."""


def judge(
    segments: Sequence[Segment],
    words: Sequence[str],
    *,
    guessed: frozenset[int] = frozenset(),
    confidences: Sequence[float | None] | None = None,
) -> Alignment:
    """Word times, filled pauses and plausibility of an aligner's segments.

    Args:
        segments: the whole audio, in order, without holes.
        words: as they were given to the aligner.
        guessed: indexes of words whose pronunciation is a guess: a filled pause beside one is not believed.
        confidences: the ear's, one a word.
    """
    times = tuple(_time(segments, n) for n in range(len(words)))
    spoken = [s for s in segments if s.word >= 0]
    if not spoken:
        return Alignment(times)
    voiced = sum(s.frames for s in spoken)
    filled = sum(s.frames for s in segments if s.label.startswith("["))
    plausible = (
        sum(s.score * s.frames for s in spoken) / voiced >= WORST_SCORE
        and filled / (voiced + filled) <= MOST_FILLED
        and max(s.frames for s in spoken) <= LONGEST_WORD
    )
    doubtful = {s.word for s in spoken if s.score < DOUBTFUL} | guessed
    written = _written(segments, confidences or [None] * len(words))
    # A sound without a gap to a filled pause that the ear wrote down is the beginning or the end of that one.
    sounds = [each for each in _sounds(segments, doubtful) if not any(_touch(each, one) for one in written)]
    return Alignment(times, tuple(sorted([*sounds, *written], key=lambda f: f.start)), plausible)


def _touch(one: Filler, other: Filler) -> bool:
    return min(abs(one.end - other.start), abs(other.end - one.start)) < FRAME_S / 2


def _time(segments: Sequence[Segment], word: int) -> tuple[float, float] | None:
    own = [s for s in segments if s.word == word]
    return (own[0].start * FRAME_S, own[-1].end * FRAME_S) if own else None


def _sounds(segments: Sequence[Segment], doubtful: set[int]) -> list[Filler]:
    """Runs of filled pauses and noises that the aligner put between two words."""
    runs: list[list[int]] = []
    for n, s in enumerate(segments):
        if s.label in INSERTED or s.label == NOISE:
            if runs and runs[-1][-1] == n - 1:
                runs[-1].append(n)
            else:
                runs.append([n])
    found = []
    for run in runs:
        parts = [segments[n] for n in run]
        named = [p for p in parts if p.kind]
        if _believed(segments, run[0], run[-1], named, doubtful):
            kind = max(named, key=lambda p: p.frames).kind if named else "uh"
            found.append(_filler(kind, parts[0].start, parts[-1].end))
    return found


def _believed(segments: Sequence[Segment], first: int, last: int, named: Sequence[Segment], doubtful: set[int]) -> bool:
    """Whether segments ``first`` to ``last`` are a filled pause; ``named`` are those the aligner itself calls one."""
    parts = segments[first : last + 1]
    frames = sum(p.frames for p in parts)
    score = sum(p.score * p.frames for p in parts) / frames
    before, after = _quiet(segments, first, -1), _quiet(segments, last, 1)
    sides = (before >= GAP) + (after >= GAP)
    ends = all(s.word < 0 for s in segments[last + 1 :])
    if (ends and before < LAST_GAP) or _beside(segments, first, last) & doubtful:
        return False
    if 2 * sum(p.frames for p in named) >= frames:
        return frames >= (SHORTEST if sides else SHORTEST_JOINED) and score >= (
            ALONE_FILLER if sides == 2 else WORST_FILLER
        )
    alone = sides == 2 or max(before, after) >= WIDE_GAP
    return alone and SHORTEST_WRITTEN <= frames <= LONGEST_NOISE and score >= WORST_FILLER


def _quiet(segments: Sequence[Segment], n: int, step: int) -> int:
    """Frames of silence right before or after segment ``n``."""
    frames = 0
    at = n + step
    while 0 <= at < len(segments) and segments[at].label in QUIET:
        frames += segments[at].frames
        at += step
    return frames


def _written(segments: Sequence[Segment], confidences: Sequence[float | None]) -> list[Filler]:
    """Words that are filled pauses in disguise."""
    found = []
    for n, s in enumerate(segments):
        kind = _KIND.get(s.label, "") if s.word >= 0 else ""
        if not kind:
            continue
        if s.label in WRITTEN:
            found.append(_filler(kind, s.start, s.end))
            continue
        alone = all(_gap(segments, n, step) >= GAP for step in (-1, 1))
        if s.frames >= SHORTEST_WRITTEN and _disguised(s, confidences[s.word], alone):
            found.append(_filler(kind, s.start, s.end))
    return found


def _disguised(word: Segment, confidence: float | None, alone: bool) -> bool:
    """Whether a word that sounds like a filled pause is one. Without the ear's confidence only the sound tells."""
    if confidence is None:
        return alone and bool(word.kind)
    if confidence >= CONFIDENT:
        return False
    if word.kind:
        return alone or confidence < UNSURE
    return alone and word.label not in NEEDS_SOUND


def _gap(segments: Sequence[Segment], n: int, step: int) -> int:
    """Frames without a word next to segment ``n``; the edge of the audio counts as a gap."""
    frames = 0
    at = n + step
    while 0 <= at < len(segments) and segments[at].word < 0:
        frames += segments[at].frames
        at += step
    return frames if 0 <= at < len(segments) else GAP


def _ends(segments: Sequence[Segment], n: int) -> bool:
    """Whether no word follows segment ``n``."""
    return all(s.word < 0 for s in segments[n + 1 :])


def _beside(segments: Sequence[Segment], first: int, last: int) -> set[int]:
    """Indexes of the words on either side of segments ``first`` to ``last``."""
    before = next((s.word for s in reversed(segments[:first]) if s.word >= 0), None)
    after = next((s.word for s in segments[last + 1 :] if s.word >= 0), None)
    return {n for n in (before, after) if n is not None}


def _filler(kind: str, start: int, end: int) -> Filler:
    return Filler(kind, round(start * FRAME_S, 2), round(end * FRAME_S, 2))


def consistent(segments: Sequence[Segment]) -> bool:
    """Whether segments follow each other without overlap: what a healthy worker sends."""
    return all(a.end <= b.start for a, b in pairwise(segments))


__all__ = ["FRAME_S", "INSERTED", "SOUNDS_LIKE", "Alignment", "Segment", "consistent", "judge"]
