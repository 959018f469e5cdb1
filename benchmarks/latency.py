"""How quickly the recruiter answers: whole calls through a virtual microphone and loudspeakers, real ear, real clock.

Prints, per setting of the silence that ends a turn: last speech sample → final text, turn declared over → final text,
turn declared over → first sample of the reply. Needs Linux with PulseAudio and espeak-ng.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]

from virtual_audio import VirtualAudio  # noqa: E402

from bowout.ports import Block  # noqa: E402

ANSWERS = (
    "Hello Maria, this is Sam Lee. I have accepted another offer and I need to withdraw from the interview today.",
    "Thank you, but my decision is made. I wish you good luck finding the right person.",
)
LOUD_DBFS = -45.0
"""Above the virtual room, below any speech."""


class TimedSource:
    """A microphone that remembers when the last loud block arrived."""

    def __init__(self, source: object) -> None:
        self._source = source
        self.last_loud = 0.0

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)

    def read(self, timeout: float) -> Block | None:
        from bowout.speech.sounds import dbfs

        block = self._source.read(timeout)  # type: ignore[attr-defined]
        if block is not None and dbfs(block.pcm) > LOUD_DBFS:
            self.last_loud = time.monotonic()
        return block


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def measure(audio: VirtualAudio, silence_s: float, calls: int, ear: str) -> dict[str, list[float]]:
    from bowout.bootstrap import RealServices
    from bowout.core.settings import Settings
    from bowout.rehearsal import events as e
    from bowout.rehearsal.call import Options, Rehearsal
    from bowout.speech.sounds import write_wav
    from bowout.speech.voices import VoiceLadder

    services = RealServices(replace(Settings(), ear=ear))  # type: ignore[arg-type]
    ladder = VoiceLadder()
    figures: dict[str, list[float]] = {"speech_to_text": [], "declared_to_text": [], "declared_to_reply": []}
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, text in enumerate(ANSWERS):
            files.append(Path(folder) / f"{number}.wav")
            write_wav(files[-1], ladder.render(text, words_per_minute=150))
        ladder.close()
        for call in range(calls):
            parts = services.parts()
            if parts.source is None:
                raise SystemExit("There is no ear here: python3 scripts/run.py --setup")
            source = TimedSource(parts.source)
            parts.source = source  # type: ignore[assignment]
            scenario = services.scenario(None)
            options = Options(mode="live", silence_s=silence_s, seed=call, keep_audio=False)
            rehearsal = Rehearsal(scenario, parts, options)
            loud: list[float] = []
            for event in rehearsal.run(threading.Event()):
                if isinstance(event, e.MicrophoneOpened) and event.turn < len(files):
                    audio.say(files[event.turn], wait=False)
                if isinstance(event, e.TurnEnded):
                    loud.append(source.last_loud)
            for last, timing in zip(loud[: len(files)], rehearsal.timings, strict=False):
                figures["speech_to_text"].append(timing.final_at - last)
                figures["declared_to_text"].append(timing.final_at - timing.declared_at)
                if timing.reply_at is not None:
                    figures["declared_to_reply"].append(timing.reply_at - timing.declared_at)
    services.close()
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=11, help="calls of two turns for each setting (default 11)")
    parser.add_argument("--ear", default="auto")
    arguments = parser.parse_args()
    rows = []
    with VirtualAudio() as audio:
        for silence in (1.3, 2.5):
            figures = measure(audio, silence, arguments.calls, arguments.ear)
            for name, values in figures.items():
                rows.append((silence, name, len(values), statistics.median(values), percentile(values, 0.95)))
    print(f"{'silence s':>9}  {'figure':18} {'turns':>5} {'p50 s':>7} {'p95 s':>7}")
    for silence, name, count, median, late in rows:
        print(f"{silence:9.1f}  {name:18} {count:5} {median:7.3f} {late:7.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
