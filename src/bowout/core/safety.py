"""Text from outside, made harmless for a terminal."""

from __future__ import annotations

import unicodedata

_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
"""Unicode categories that draw nothing and may drive a terminal: control, format (bidi), private use, surrogates."""


def printable(text: str) -> str:
    """The text with every character that could drive a terminal replaced; line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == "\n" or unicodedata.category(c) not in _INVISIBLE else "�" for c in text)
