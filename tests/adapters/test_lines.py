"""The lines of everybody on the other side: whose voice, whose pace, whose pitch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from bowout.core.scenario import Persona
from bowout.ports import Clip, VoiceInfo
from bowout.speech.sounds import answering_beep, at_pitch, dbfs, tone
from bowout.speech.voices.cache import VoiceCache
from bowout.speech.voices.lines import VoiceLines

MAIN, DESK = Persona("Ines Roth", "", 160), Persona("Front desk", "", 180)
OTHER = Persona("The boss", "en-gb", 150)


class Humming:
    """A voice that hums every line at 200 Hz and remembers how it was asked."""

    engine = "humming"

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, int | None]] = []

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        self.asked.append((text, voice, words_per_minute))
        return tone((200,), 60 * len(text.split()) / (words_per_minute or 165), rate=22_050)

    def voices(self) -> list[VoiceInfo]:
        return []

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture
def cache() -> Iterator[tuple[VoiceCache, Humming]]:
    voice = Humming()
    made = VoiceCache(voice, None)
    yield made, voice
    made.close()


def hertz(clip: Clip) -> float:
    samples = np.frombuffer(clip.pcm, "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * clip.rate / len(samples)


def test_two_people_without_a_voice_of_their_own_sound_different(cache: tuple[VoiceCache, Humming]) -> None:
    lines = VoiceLines(cache[0])
    text = "One two three four five six seven eight."
    main, desk, boss = lines.get(text, MAIN), lines.get(text, DESK), lines.get(text, OTHER)
    assert hertz(main) == pytest.approx(200, abs=1) and hertz(desk) == pytest.approx(200 * 8 / 7, abs=1)
    assert hertz(boss) == pytest.approx(200, abs=1)
    assert cache[1].asked[2][1:] == ("en-gb", 150), "who has a voice keeps it"
    for clip, persona in ((main, MAIN), (desk, DESK), (boss, OTHER)):
        assert clip.seconds == pytest.approx(60 * 8 / persona.words_per_minute, rel=0.01), "each at their own pace"


def test_what_was_prepared_is_ready_for_its_speaker(cache: tuple[VoiceCache, Humming]) -> None:
    lines = VoiceLines(cache[0])
    lines.prepare([("Hello.", MAIN), ("Hello.", DESK), ("Bye.", OTHER)])
    lines.get("Bye.", OTHER)
    for text, speaker in (("Hello.", MAIN), ("Hello.", DESK), ("Bye.", OTHER)):
        lines.get(text, speaker)
        assert lines.ready(text, speaker)
    assert not lines.ready("Bye.", MAIN)
    assert len(cache[1].asked) == 3, "nothing was rendered twice"


def test_a_given_voice_speaks_for_everybody(cache: tuple[VoiceCache, Humming]) -> None:
    lines = VoiceLines(cache[0], "en-us")
    for persona in (MAIN, DESK, OTHER):
        lines.get("Hello.", persona)
    assert [voice for _, voice, _ in cache[1].asked] == ["en-us"] * 3


def test_another_pitch_is_as_loud() -> None:
    clip = tone((300,), 1.0)
    higher = at_pitch(clip, 8 / 7)
    assert higher.rate == clip.rate and dbfs(higher.pcm) == pytest.approx(dbfs(clip.pcm), abs=0.1)
    assert at_pitch(clip, 1.0) is clip


def test_the_answering_machine_s_beep() -> None:
    beep = answering_beep()
    assert 0.5 < beep.seconds < 1.2 and hertz(beep) == pytest.approx(1000, abs=5)
    edge = round(0.1 * beep.rate) * 2
    assert not any(beep.pcm[:edge]) and not any(beep.pcm[-edge:]), "a breath of silence on either side"
