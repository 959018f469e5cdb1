"""How it was said: pace, pauses, fillers and quickness, from the words' times and never from text alone.

``Transcript.unit == "s"`` is needed for everything; text gives a delivery in which nothing is measured.
"""

from __future__ import annotations

from collections.abc import Mapping

from bowout.core.marks import Delivery, Measure
from bowout.core.transcript import Filler, Transcript, Turn

Range = tuple[float | None, float | None]

PAUSE_S = 0.25
"""Silences from here on are pauses; shorter ones belong to articulation (word times of both ears are about ±0.1 s)."""
FEWEST_WORDS = 8
"""Words below which a pace means nothing."""
IDEAL_WORDS_PER_MINUTE: Range = (120.0, 150.0)
"""The pace that advice on speaking names most often; shown as the middle of the green range."""

TARGETS: dict[str, Range] = {
    "seconds": (None, 90.0),
    "words_per_minute": (110.0, 165.0),
    "longest_pause_s": (None, 2.0),
    "response_s": (None, 2.5),
    "filler_count": (None, 4.0),
    "clarity": (None, None),
}
"""What is green unless a scenario says otherwise. ``clarity`` has no target: it is shown, never scored."""

FILLER_WORDS = frozenset("um umm uh uhh er err erm uhm ehm hm hmm mm mmm".split())
"""Fillers that an ear writes as words. Never “huh”: ears write it for breath and noise."""


def measure(transcript: Transcript, targets: Mapping[str, Range] | None = None) -> Delivery:
    """The delivery of a call. ``targets`` overrides single ranges of :data:`TARGETS`."""
    ranges = {**TARGETS, **(targets or {})}

    def made(name: str, value: float | None) -> Measure:
        low, high = ranges.get(name, (None, None))
        return Measure(value, low, high)

    if transcript.unit != "s":
        return Delivery(**{name: made(name, None) for name in TARGETS})  # type: ignore[arg-type]
    # What has no times was not measured: words that were typed after a microphone died.
    timed = [turn for turn in transcript.turns if turn.words and turn.times != "none"]
    fillers = _fillers(transcript)
    return Delivery(
        seconds=made("seconds", _seconds(timed)),
        words_per_minute=made("words_per_minute", _pace(timed)),
        longest_pause_s=made("longest_pause_s", _longest_pause(timed)),
        response_s=made("response_s", _response(timed)),
        filler_count=made("filler_count", None if fillers is None else float(len(fillers))),
        clarity=made("clarity", _clarity(transcript)),
        fillers=fillers,
    )


def _seconds(turns: list[Turn]) -> float | None:
    """From the first word to the last of each turn, summed."""
    if not turns:
        return None
    return sum(max(0.0, turn.words[-1].end - turn.words[0].start) for turn in turns)


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalpha())


def _pace(turns: list[Turn]) -> float | None:
    """Words a minute over the time spoken: pauses of :data:`PAUSE_S` and more, and fillers, are left out."""
    words = 0
    speaking = 0.0
    for turn in turns:
        spoken = [word for word in turn.words if _plain(word.text) not in FILLER_WORDS]
        if not spoken:
            continue
        words += len(spoken)
        speaking += sum(max(0.0, word.end - word.start) for word in spoken)
        for before, after in zip(turn.words, turn.words[1:], strict=False):
            gap = after.start - before.end
            if 0 < gap < PAUSE_S:
                speaking += gap
    if words < FEWEST_WORDS or speaking <= 0:
        return None
    return 60.0 * words / speaking


def _longest_pause(turns: list[Turn]) -> float | None:
    """The longest silence between two words of one turn; 0 where none reaches :data:`PAUSE_S`."""
    gaps = [
        after.start - before.end for turn in turns for before, after in zip(turn.words, turn.words[1:], strict=False)
    ]
    if not gaps:
        return None
    longest = max(gaps)
    return longest if longest >= PAUSE_S else 0.0


def _response(turns: list[Turn]) -> float | None:
    """The median over the turns of the time from the end of the recruiter's line to the caller's first word.

    The median, since one line that needed thought should not make a slow caller of a quick one. Talking over the
    end of the line counts as 0.
    """
    waits = [max(0.0, turn.words[0].start - turn.prompt_end) for turn in turns if turn.prompt_end is not None]
    if not waits:
        return None
    waits.sort()
    middle = len(waits) // 2
    return waits[middle] if len(waits) % 2 else (waits[middle - 1] + waits[middle]) / 2


def _fillers(transcript: Transcript) -> tuple[Filler, ...] | None:
    """Filled pauses found in the audio, and those the ear wrote as words, each once; ``None`` = not measured."""
    if not any(turn.fillers is not None for turn in transcript.turns):
        return None
    found: list[Filler] = []
    for turn in transcript.turns:
        here = list(turn.fillers or ())
        for word in turn.words:
            plain = _plain(word.text)
            if plain in FILLER_WORDS and not any(f.start < word.end and word.start < f.end for f in here):
                here.append(Filler(plain, word.start, word.end))
        found += sorted((f for f in here if _plain(f.kind) != "huh"), key=lambda f: f.start)
    return tuple(found)


def _clarity(transcript: Transcript) -> float | None:
    sure = [word.confidence for word in transcript.words if word.confidence is not None]
    return sum(sure) / len(sure) if sure else None


__all__ = ["FEWEST_WORDS", "FILLER_WORDS", "IDEAL_WORDS_PER_MINUTE", "PAUSE_S", "TARGETS", "Range", "measure"]
