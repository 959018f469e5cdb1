"""A whole call without a machine: the shipped fakes behind every port."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bowout.core.scenario import Scenario
from bowout.ports import AudioSource, Recogniser
from bowout.rehearsal.parts import Parts, Sounds
from bowout.speech.clip_source import ClipSource
from bowout.speech.ears.scripted import ScriptedEar
from bowout.speech.silent import SilentPlayback
from bowout.storage.records import FileRecords
from callfakes import LoudIsVoice, PlainLines, tone
from shippedpacks import SCENARIOS

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def scenarios() -> dict[str, Scenario]:
    return {each.id: each for each in SCENARIOS}


@pytest.fixture
def make_parts(tmp_path: Path) -> Callable[..., Parts]:
    def make(answers: Sequence[str], *, ear: Recogniser | None = None, source: AudioSource | None = None) -> Parts:
        clips = [tone(max(1.0, len(a.split()) / 2.5)) for a in answers]
        return Parts(
            ear=ear or ScriptedEar(list(answers), ear="builtin"),
            source=source or ClipSource(clips),
            voice_activity=LoudIsVoice(),
            playback=SilentPlayback(),
            lines=PlainLines(),
            sounds=Sounds(tone(0.2), lambda clip: clip),
            records=FileRecords(tmp_path / "attempts", lambda: NOW),
            clock=lambda: NOW,
        )

    return make
