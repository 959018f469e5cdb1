"""What a speech engine is given: plain words, bounded, without anything an engine could take for a command."""

from __future__ import annotations

import re
import unicodedata

from bowout.errors import InputError

MAX_CHARS = 5_000
"""Characters a line may have: about five minutes of speech. A recruiter's longest line has some 600."""
PIECE_CHARS = 1_200
"""Characters given to an engine at once; pyttsx3 rendered 1,500 words 12 % too long (speech.md 3.2)."""
DEFAULT_WORDS_PER_MINUTE = 165
"""A recruiter on the phone, in every engine, so that a change of engine is no change of pace. Counted in words of
everyday talk: 278 words of the shipped scenarios have 4.0 letters each. A line of longer words takes longer."""
SLOWEST_WORDS_PER_MINUTE, FASTEST_WORDS_PER_MINUTE = 80, 320
"""What every engine here can do (espeak-ng: 80–450)."""

_MARKUP = str.maketrans({"<": " ", ">": " ", "[": " ", "]": " ", "{": " ", "}": " ", "|": " ", "\\": " "})
"""SAPI reads ``<…>`` as XML; espeak-ng, Piper and ``say`` read ``[[…]]`` as phonemes or commands."""
_SPACES = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def sayable(text: str) -> str:
    """The words of ``text`` that can be spoken, on one line; empty if there are none.

    Control characters, lone surrogates, private-use characters, pictographs and markup are left out.

    Raises:
        InputError: the line is longer than ``MAX_CHARS``.
    """
    if len(text) > MAX_CHARS:
        said = f"A line of {len(text):,} characters is too long to be spoken."
        raise InputError(said, f"Keep it under {MAX_CHARS:,}.")
    kept = "".join(_kept(c) for c in text.translate(_MARKUP))
    line = _SPACES.sub(" ", unicodedata.normalize("NFC", kept)).strip()
    return line if any(c.isalnum() for c in line) else ""


def pieces(line: str, limit: int = PIECE_CHARS) -> list[str]:
    """``line`` cut into parts of at most ``limit`` characters: between sentences, else words, else anywhere."""
    parts: list[str] = []
    for sentence in _SENTENCE_END.split(line):
        for unit in [sentence] if len(sentence) <= limit else _chopped(sentence, limit):
            if parts and len(parts[-1]) + 1 + len(unit) <= limit:
                parts[-1] += " " + unit
            else:
                parts.append(unit)
    return [part for part in parts if part.strip()]


def pace(words_per_minute: int | None) -> int:
    """Words a minute, within what every engine can do."""
    wanted = DEFAULT_WORDS_PER_MINUTE if words_per_minute is None else words_per_minute
    return max(SLOWEST_WORDS_PER_MINUTE, min(FASTEST_WORDS_PER_MINUTE, wanted))


def espeak_rate(words_per_minute: int | None) -> int:
    """What espeak is told so that everyday talk comes at this pace.

    Its own words are longer: told 165 it says 179 a minute. Fitted on 278 words at seven rates from 110 to 250
    (115 to 284 a minute; seconds a word = 60 / rate − 0.03, within 1 %).
    """
    return round(60 / (60 / pace(words_per_minute) + 0.03))


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] in "LNMZP":
        return char
    if category in {"Sc", "Sm"} or (category == "So" and char < "\u0100"):  # $ 20, 2 + 2, 20 °C
        return char
    return " " if category in {"Cc", "So", "Sk"} else ""  # Cf, Cs, Co, Cn: nothing to say


def _chopped(sentence: str, limit: int) -> list[str]:
    parts = [""]
    for word in sentence.split(" "):
        while len(word) > limit:
            parts.append(word[:limit])
            word = word[limit:]
        if len(parts[-1]) + 1 + len(word) <= limit:
            parts[-1] = f"{parts[-1]} {word}".strip()
        else:
            parts.append(word)
    return [part for part in parts if part]
