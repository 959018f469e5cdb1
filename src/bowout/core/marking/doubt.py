"""How sure an ear was of the words that decided a mark, and words that only sound like the ones that would."""

from __future__ import annotations

from bowout.core.marking.patterns import Hit
from bowout.core.text import Tokens
from bowout.core.transcript import Word

DOUBTFUL = 0.35
"""Mean confidence of the deciding words below which they decide nothing. Ears are modest: what rests on words of a mean
of 0.4 to 0.5 is right as often as what rests on surer ones (96 and 98 in a hundred, built-in ear)."""
MISHEARD = 0.7
"""A near-miss counts only where the word itself is doubted this much."""
UNLIKELY = -3.0
"""Log-odds, counted from where the model would find an item, below which a near-miss leaves it not heard: the rest of
the call says that it was not said."""
NEAR = 0.34
"""Share of a word's sounds that may differ for it to be a near-miss."""

_SIGNS: dict[str, tuple[str, ...]] = {
    "greeting": ("hello", "morning", "afternoon", "evening", "dear"),
    "apology": ("sorry", "apologize", "apologies", "inconvenience"),
    "thanks": ("thank", "thanks", "appreciate", "grateful"),
    "goodwill": ("wish", "luck", "success"),
    "follow_up": ("email", "writing", "message", "confirm"),
    "ask": ("withdraw", "reschedule", "cancel", "postpone", "missed", "attend", "stop", "continue"),
    "reason": ("emergency", "unforeseen", "circumstances", "accepted", "hospital", "fever"),
    "options": ("thursday", "wednesday", "tuesday", "saturday"),
}
"""Words that nearly always carry the item; a doubted word that sounds like one leaves it open."""

_SAME_SOUND = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "b": "p", "d": "t", "g": "k", "y": "i", "j": "k"})


def sound(word: str) -> str:
    """A rough key of how a word sounds: voiced and unvoiced together, vowels but the first left out, no doubles."""
    plain = word.replace("ph", "f").replace("th", "t").replace("gh", "").replace("wh", "w").replace("ck", "k")
    plain = plain.translate(_SAME_SOUND)
    kept = [c for i, c in enumerate(plain) if i == 0 or c not in "aeiouhw"]
    return "".join(c for i, c in enumerate(kept) if i == 0 or kept[i - 1] != c)


_SIGN_SOUNDS = {id_: tuple((sign, sound(sign)) for sign in signs) for id_, signs in _SIGNS.items()}
"""Each sign with its key."""


def confidence(hit: Hit, tokens: Tokens, words: tuple[Word, ...]) -> float | None:
    """Mean confidence of the words behind a hit; ``None`` where the ear gave none."""
    first, last = tokens.words(hit.start, hit.end)
    known = [w.confidence for w in words[first:last] if w.confidence is not None]
    return sum(known) / len(known) if known else None


def near_miss(id_: str, tokens: Tokens, words: tuple[Word, ...]) -> Hit | None:
    """A doubted word that sounds like one which would have met the item."""
    from rapidfuzz.distance import Levenshtein  # here: most calls have no doubted word, and importing costs 15 ms

    signs = _SIGN_SOUNDS.get(id_)
    if not signs:
        return None
    for index, token in enumerate(tokens.texts):
        trust = words[tokens.first[index]].confidence
        if trust is None or trust >= MISHEARD or len(token) < 4:
            continue
        heard = sound(token)
        for sign, key in signs:
            if token == sign or abs(len(key) - len(heard)) > 1:
                continue
            if Levenshtein.distance(heard, key) <= NEAR * len(key):
                return Hit(index, index + 1, id_)
    return None


__all__ = ["DOUBTFUL", "MISHEARD", "UNLIKELY", "confidence", "near_miss", "sound"]
