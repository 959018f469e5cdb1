"""From the decoder's token probabilities to the probability that a word is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from difflib import SequenceMatcher

ALONE = (0.0, 1.0)
"""Intercept and slope on the logit of a word's probability when there is nothing to compare it with."""
BOTH = (-1.0, 1.0, 1.0)
"""Intercept, slope and what it is worth that the other pass wrote the same word."""


def calibrated(probability: float, agreed: bool | None = None) -> float:
    """0–1, three decimals. ``agreed`` tells if the quick pass has the word too; ``None`` if there was none."""
    p = min(max(probability, 1e-4), 1 - 1e-4)
    logit = math.log(p / (1 - p))
    score = ALONE[0] + ALONE[1] * logit if agreed is None else BOTH[0] + BOTH[1] * logit + BOTH[2] * agreed
    return round(1 / (1 + math.exp(-score)), 3)


def agreement(words: Sequence[str], other: Sequence[str]) -> list[bool]:
    """For each of ``words`` whether ``other`` has it in the same place of the sentence; both without punctuation."""
    agreed = [False] * len(words)
    for start, _, size in SequenceMatcher(None, words, other, autojunk=False).get_matching_blocks():
        agreed[start : start + size] = [True] * size
    return agreed


__all__ = ["agreement", "calibrated"]
