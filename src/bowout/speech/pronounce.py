"""How a written word is said: numbers spelled out, and phonemes (ARPAbet) for words a pronouncing dictionary lacks."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import lru_cache

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_SHORT = {
    "mr": "mister", "mrs": "missus", "ms": "miz", "dr": "doctor", "prof": "professor", "st": "saint", "vs": "versus",
    "etc": "et cetera", "ok": "okay", "&": "and", "%": "percent", "@": "at", "+": "plus", "a.m": "a m", "p.m": "p m",
    "am": "am", "e.g": "for example", "i.e": "that is",
}  # fmt: skip
_MONEY = {"$": "dollars", "£": "pounds", "€": "euros"}
_TOKEN = re.compile(
    r"(?P<clock>\d{1,2}[:.]\d\d(?!\d))|(?P<money>[$£€]\d[\d,]*k?)|(?P<ordinal>\d+(?:st|nd|rd|th))"
    r"|(?P<number>\d[\d,]*\d|\d)|(?P<letters>[^\W\d_]+(?:'[^\W\d_]+)*'?)|(?P<sign>[&%@+])"
)


def spoken(word: str) -> list[str]:
    """The words somebody says for a written one, in lower case: “10:30” → ten thirty, “well-known” → well known.

    Nothing for punctuation alone.
    """
    bare = word.replace("’", "'").strip(' \t.,;:!?…"“”()[]—–-').lower()
    if bare in _SHORT:
        return _SHORT[bare].split()
    said: list[str] = []
    for found in _TOKEN.finditer(bare):
        kind, text = found.lastgroup, found.group()
        if kind == "clock":
            hour, minute = re.split("[:.]", text)
            said += integer(int(hour)) + _minutes(minute)
        elif kind == "money":
            thousand = ["thousand"] if text.endswith("k") else []
            said += [*number(text[1:].rstrip("k")), *thousand, _MONEY[text[0]]]
        elif kind == "ordinal":
            said += _ordinal(number(text[:-2]))
        elif kind == "number":
            said += number(text)
        elif kind == "letters" and text == "k" and said:
            said.append("thousand")
        else:
            said.append(_SHORT.get(text, text))
    return said


def number(digits: str) -> list[str]:
    """A written whole number: years and numbers of four digits in pairs, telephone numbers digit by digit."""
    plain = digits.replace(",", "")
    if len(plain) > 7 or (len(plain) > 1 and plain[0] == "0"):
        return [_UNITS[int(d)] for d in plain]
    if len(plain) == 4 and "," not in digits and plain[2:] != "00" and plain[1:3] != "00":
        return integer(int(plain[:2])) + _minutes(plain[2:])
    return integer(int(plain))


def integer(value: int) -> list[str]:
    """Cardinal words for 0 to 9,999,999, without “and”."""
    if value < 20:
        return [_UNITS[value]]
    if value < 100:
        return [_TENS[value // 10], *([_UNITS[value % 10]] if value % 10 else [])]
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            return [*integer(value // size), name, *(integer(rest) if rest else [])]
    raise AssertionError(value)


def _minutes(digits: str) -> list[str]:
    if digits == "00":
        return []
    return ["oh", *integer(int(digits))] if digits[0] == "0" else integer(int(digits))


def _ordinal(words: list[str]) -> list[str]:
    last = words[-1]
    if last in _ORDINALS:
        made = _ORDINALS[last]
    elif last.endswith("y"):
        made = last[:-1] + "ieth"
    else:
        made = last + ("h" if last.endswith("t") else "th")
    return [*words[:-1], made]


_IPA = (
    ("aɪɚ", "AY ER"), ("aɪə", "AY AH"), ("tʃ", "CH"), ("dʒ", "JH"), ("eɪ", "EY"), ("aɪ", "AY"), ("ɔɪ", "OY"),
    ("aʊ", "AW"), ("oʊ", "OW"), ("əʊ", "OW"), ("ɔːɹ", "AO R"), ("oːɹ", "AO R"), ("ɑːɹ", "AA R"), ("ɪɹ", "IH R"),
    ("ɛɹ", "EH R"), ("ʊɹ", "UH R"), ("ɜː", "ER"), ("iː", "IY"), ("uː", "UW"), ("ɑː", "AA"), ("ɔː", "AO"), ("oː", "OW"),
    ("əl", "AH L"), ("ɚ", "ER"), ("ɝ", "ER"), ("ɐ", "AH"), ("ə", "AH"), ("ʌ", "AH"), ("ᵻ", "IH"), ("æ", "AE"),
    ("a", "AE"), ("ɑ", "AA"), ("ɒ", "AA"), ("ɔ", "AO"), ("ɛ", "EH"), ("e", "EH"), ("ɪ", "IH"), ("i", "IY"), ("o", "OW"),
    ("ʊ", "UH"), ("u", "UW"), ("ŋ", "NG"), ("θ", "TH"), ("ð", "DH"), ("ʃ", "SH"), ("ʒ", "ZH"), ("ɹ", "R"), ("r", "R"),
    ("ɾ", "D"), ("ʔ", "T"), ("ɡ", "G"), ("g", "G"), ("j", "Y"), ("x", "K"), ("h", "HH"), ("b", "B"), ("d", "D"),
    ("f", "F"), ("k", "K"), ("l", "L"), ("m", "M"), ("n", "N"), ("p", "P"), ("s", "S"), ("t", "T"), ("v", "V"),
    ("w", "W"), ("z", "Z"),
)  # fmt: skip
_SPELLING = (
    ("tion", "SH AH N"), ("sch", "SH"), ("igh", "AY"), ("ough", "AO"), ("eigh", "EY"), ("ch", "CH"), ("sh", "SH"),
    ("th", "TH"), ("ph", "F"), ("wh", "W"), ("ck", "K"), ("ng", "NG"), ("qu", "K W"), ("ee", "IY"), ("ea", "IY"),
    ("oo", "UW"), ("ou", "AW"), ("ow", "OW"), ("ai", "EY"), ("ay", "EY"), ("oa", "OW"), ("oi", "OY"), ("oy", "OY"),
    ("au", "AO"), ("aw", "AO"), ("ie", "IY"), ("ei", "EY"), ("er", "ER"), ("ir", "ER"), ("ur", "ER"), ("a", "AE"),
    ("b", "B"), ("c", "K"), ("d", "D"), ("e", "EH"), ("f", "F"), ("g", "G"), ("h", "HH"), ("i", "IH"), ("j", "JH"),
    ("k", "K"), ("l", "L"), ("m", "M"), ("n", "N"), ("o", "AA"), ("p", "P"), ("q", "K"), ("r", "R"), ("s", "S"),
    ("t", "T"), ("u", "AH"), ("v", "V"), ("w", "W"), ("x", "K S"), ("y", "IY"), ("z", "Z"),
)  # fmt: skip


@lru_cache(maxsize=2000)
def phones(word: str) -> str:
    """ARPAbet phonemes for one spoken word, by espeak-ng's American voice if it is there, else by its letters."""
    program = shutil.which("espeak-ng")
    if program is not None:
        done = subprocess.run(
            [program, "-q", "--ipa", "-v", "en-us", "--", word], capture_output=True, timeout=5, check=False
        )
        found = _mapped(done.stdout.decode("utf-8", "ignore"), _IPA)
        if done.returncode == 0 and found:
            return found
    return by_letters(word)


def by_letters(word: str) -> str:
    """A guess from the spelling alone; a silent final “e” and doubled letters are heeded."""
    bare = re.sub(r"([^aeiou])\1", r"\1", re.sub(r"[^a-z]", "", word.lower()))
    if len(bare) > 3 and bare.endswith("e") and bare[-2] not in "aeiou":
        bare = bare[:-1]
    return _mapped(bare, _SPELLING) or "AH"


def _mapped(text: str, table: tuple[tuple[str, str], ...]) -> str:
    """Longest match first, as ``table`` is ordered by length within what can clash; unknown signs are skipped."""
    made: list[str] = []
    at = 0
    while at < len(text):
        for key, value in table:
            if text.startswith(key, at):
                made.append(value)
                at += len(key)
                break
        else:
            at += 1
    return " ".join(made)


__all__ = ["by_letters", "integer", "number", "phones", "spoken"]
