"""The quick pass decodes what was spoken, once, in time, and within its budget."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bowout.ports import RATE
from bowout.speech.ears import phrases
from bowout.speech.ears.moonshine import Guess
from bowout.speech.ears.phrases import Phrases
from spoken import BLOCK, hiss

VOICE = hiss(0.06, -20.0).tobytes()
ROOM = bytes(2 * BLOCK)


class Decoder:
    """Writes one word for every half second and notes how long each piece was."""

    def __init__(self, probability: float = 0.9) -> None:
        self.seconds: list[float] = []
        self._probability = probability

    def __call__(self, samples: np.ndarray) -> list[Guess]:  # type: ignore[type-arg]
        self.seconds.append(samples.size / RATE)
        return [Guess(f"w{n}", self._probability) for n in range(max(1, int(samples.size / RATE * 2)))]


def fed(decoder: Decoder, *parts: tuple[float, bool]) -> Phrases:
    """A turn of (seconds, voiced) parts."""
    turn = Phrases(decoder)
    for seconds, voiced in parts:
        for _ in range(round(seconds / 0.06)):
            turn.add(VOICE if voiced else ROOM, voiced=voiced)
    return turn


def test_silence_is_never_decoded() -> None:
    decoder = Decoder()
    turn = fed(decoder, (5.0, False))
    turn.settle()
    assert turn.finish() == [] and decoder.seconds == [] and turn.text == ""


def test_a_phrase_is_decoded_when_it_ends_and_not_again() -> None:
    decoder = Decoder()
    turn = fed(decoder, (0.6, False), (0.9, True), (0.36, False))
    assert decoder.seconds == [pytest.approx(0.9 + phrases.LEAD_S + phrases.TAIL_S, abs=0.01)]
    assert turn.text == "w0 w1"
    turn.settle()
    (phrase,) = turn.finish()
    assert len(decoder.seconds) == 1
    assert phrase.voiced == [(10 * BLOCK, 25 * BLOCK)]


def test_settle_does_not_wait_for_the_pause_to_be_long() -> None:
    decoder = Decoder()
    turn = fed(decoder, (0.9, True), (0.12, False))
    assert decoder.seconds == []
    turn.settle()
    assert len(decoder.seconds) == 1 and turn.text


def test_a_key_in_mid_word_leaves_the_tail_to_be_decoded() -> None:
    decoder = Decoder()
    turn = fed(decoder, (0.9, True), (0.6, False), (0.6, True))
    assert len(decoder.seconds) == 1
    assert len(turn.finish()) == 2 and len(decoder.seconds) == 2


@pytest.mark.parametrize("seconds", [20.0, 61.0])
def test_no_step_is_longer_than_eight_seconds(seconds: float) -> None:
    decoder = Decoder()
    done = fed(decoder, (seconds, True)).finish()
    assert max(decoder.seconds) <= 8.0
    spans = [span for phrase in done for span in phrase.voiced]
    assert spans[0][0] == 0 and spans[-1][1] == pytest.approx(seconds * RATE, abs=BLOCK)
    assert all(a[1] == b[0] for a, b in pairwise(spans))


def test_a_breath_is_cut_at_its_quietest_point() -> None:
    decoder = Decoder()
    turn = Phrases(decoder)
    for n in range(round(9 / 0.06)):
        turn.add(hiss(0.06, -60.0 if n == 90 else -20.0).tobytes(), voiced=True)
    assert turn.done[0].voiced[-1][1] / BLOCK == pytest.approx(90.5, abs=1)


@pytest.mark.parametrize("pause", [0.1, 0.4])
def test_the_live_line_keeps_within_its_budget(pause: float) -> None:
    decoder = Decoder()
    fed(decoder, *[(3.0, True), (pause, False)] * 20).finish()
    speech = 60.0
    once = speech + 20 * (phrases.LEAD_S + phrases.TAIL_S + pause)
    assert sum(decoder.seconds) <= once + phrases.FIRST_CREDIT_S + phrases.CREDIT_PER_S * speech


def test_the_live_line_comes_early() -> None:
    decoder = Decoder()
    turn = fed(decoder, (1.2, True))
    assert turn.text == "w0"  # of two: the last may be half a word


@pytest.mark.parametrize("clicks", [1, 3])
def test_a_click_is_not_decoded(clicks: int) -> None:
    decoder = Decoder()
    turn = fed(decoder, *[(0.06, True), (1.5, False)] * clicks)
    assert turn.finish() == [] and decoder.seconds == []


def test_a_sliver_belongs_to_what_follows_it() -> None:
    decoder = Decoder()
    (phrase,) = fed(decoder, (0.06, True), (0.48, False), (0.6, True), (0.6, False)).finish()
    assert phrase.voiced[0] == (0, BLOCK)


def test_something_short_and_improbable_is_dropped() -> None:
    assert fed(Decoder(0.3), (0.24, True), (0.6, False)).finish() == []
    assert fed(Decoder(0.9), (0.24, True), (0.6, False)).finish() != []
    assert fed(Decoder(0.3), (0.9, True), (0.6, False)).finish() != []
