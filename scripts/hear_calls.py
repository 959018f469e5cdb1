"""Has labelled calls spoken by synthetic voices and written by the built-in ear: what marking gets in real use.

    .venv/bin/python scripts/hear_calls.py tests/data/own_calls_dev.jsonl --out tests/data/own_heard_dev.jsonl
    .venv/bin/python scripts/hear_calls.py tests/data/calls.jsonl --ids w1- w2- --out FILE --minutes 30

Each call becomes a recording that goes the way of ``bowout score --wav``; the careful pass is kept, one object a line:
``{"id", "intent", "voice", "seconds", "text", "words": [[text, start, end, confidence], …]}``. Emails are left out.
The id decides the voice: half Piper, half espeak-ng. Calls that the file already has are not spoken again, so a run
that was stopped goes on when it is started anew. No text is ever printed: held-out calls may be heard too.

Needs espeak-ng and the extras ``builtin-ear``, ``align`` and ``natural``. Takes a fifth of the audio's length.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from bowout.commands.common import services  # noqa: E402
from bowout.core.transcript import Transcript, Word  # noqa: E402
from bowout.errors import EXIT_DONE, EXIT_MISSING, EXIT_NO, BowoutError  # noqa: E402
from bowout.ports import Clip  # noqa: E402
from bowout.speech.aligner import FIX, Aligner  # noqa: E402
from bowout.speech.voices.piper import SECONDS_PER_WORD, PiperVoice  # noqa: E402
from bowout.speech.voices.system import SystemVoice  # noqa: E402
from bowout.speech.wavfile import write_wav  # noqa: E402

PACES = (0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2)
"""Piper's length scales."""
ACCENTS = tuple("en-us en-us-nyc en-029 en-gb en-gb-x-rp en-gb-scotland en-gb-x-gbclan en-gb-x-gbcwmd".split())
"""All of espeak-ng's English."""
PITCHES = ("", "+f2", "+f3", "+m1", "+m2", "+m3", "+m4", "+m7")
"""espeak-ng's variants of a voice; the first is the voice itself. Those of which the ear gets half the words wrong even
in plain American (``f1``, ``f4``, ``f5``) are left out: their labels would be true of nothing that was heard."""
SPEEDS = (135, 145, 155, 165, 175, 185, 195)
"""Words a minute of espeak-ng."""
AROUND_S = 0.5
"""Seconds of an empty room before and after the call."""
ROOM_DBFS = -58.0
"""Noise of the room under the whole recording."""
NICENESS = 15


@dataclass(frozen=True)
class Caller:
    """The voice of one call."""

    name: str
    """As it is written down: ``piper-joe/0.95`` (length scale), ``espeak/en-gb+f2/165`` (words a minute)."""
    espeak: str
    """espeak-ng's voice; empty for Piper."""
    words_per_minute: int
    seed: int
    """Of the room's noise."""


def caller_of(id_: str) -> Caller:
    """The same voice for the same id, wherever and whenever."""
    choice = random.Random(int.from_bytes(hashlib.sha256(id_.encode()).digest()[:8], "big"))
    if choice.random() < 0.5:
        pace = choice.choice(PACES)
        base, slope = SECONDS_PER_WORD
        return Caller(f"piper-joe/{pace}", "", round(60 / (base + slope * pace)), choice.getrandbits(32))
    voice, speed = choice.choice(ACCENTS) + choice.choice(PITCHES), choice.choice(SPEEDS)
    return Caller(f"espeak/{voice}/{speed}", voice, speed, choice.getrandbits(32))


def in_room(clip: Clip, seed: int) -> Clip:
    """The clip in a room that is never quite silent."""
    quiet = np.zeros(round(AROUND_S * clip.rate))
    samples = np.concatenate([quiet, np.frombuffer(clip.pcm, "<i2").astype(np.float64), quiet])
    samples += np.random.default_rng(seed).standard_normal(samples.size) * 32768 * 10 ** (ROOM_DBFS / 20)
    return Clip(np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes(), clip.rate)


class Exchange:
    """Both voices and the ear, each loaded once."""

    def __init__(self) -> None:
        self._piper, self._espeak = PiperVoice(), SystemVoice("linux")
        self._services = services("builtin")

    def missing(self) -> list[str]:
        """What is not installed, and how to get it."""
        verdicts = (self._piper.check(), self._espeak.check(), self._services.ears()["builtin"])
        found = [f"{verdict.detail} {verdict.fix}" for verdict in verdicts if not verdict.ok]
        return found if Aligner.available() else [*found, f"pocketsphinx is not installed. {FIX}"]

    def heard(self, row: dict[str, Any]) -> dict[str, Any]:
        """The call as the ear writes it. Raises ``BowoutError``."""
        caller = caller_of(row["id"])
        if caller.espeak:
            said = self._espeak.render(row["text"], voice=caller.espeak, words_per_minute=caller.words_per_minute)
        else:
            said = self._piper.render(row["text"], words_per_minute=caller.words_per_minute)
        recording = in_room(said, caller.seed)
        transcript = self._listen(recording)
        return {
            "id": row["id"],
            "intent": row["intent"],
            "voice": caller.name,
            "seconds": round(recording.seconds, 2),
            "text": transcript.text,
            "words": [as_list(word) for word in transcript.words],
        }

    def close(self) -> None:
        self._piper.close()
        self._espeak.close()
        self._services.close()

    def _listen(self, recording: Clip) -> Transcript:
        with tempfile.TemporaryDirectory(prefix="bowout-") as folder:
            path = Path(folder) / "call.wav"
            write_wav(path, recording)
            return self._services.transcribe(path)[0]


def as_list(word: Word) -> list[str | float]:
    entry: list[str | float] = [word.text, round(word.start, 2), round(word.end, 2)]
    return entry if word.confidence is None else [*entry, round(word.confidence, 3)]


def spoken_calls(files: Sequence[Path], prefixes: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Labelled calls that are not emails and whose id begins with one of ``prefixes`` (with any, if there are none)."""
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            if row["channel"] != "email" and row["id"].startswith(tuple(prefixes) or ""):
                yield row


def ids_in(file: Path) -> set[str]:
    """Ids of the calls that were heard before; half a line at the end, left by a run that was killed, is cut off."""
    if not file.exists():
        return set()
    whole, end, _ = file.read_bytes().rpartition(b"\n")
    os.truncate(file, len(whole) + len(end))
    return {json.loads(line)["id"] for line in whole.splitlines()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", type=Path, nargs="+", help="files of labelled calls")
    parser.add_argument("--out", type=Path, required=True, help="the heard file; what is new is added at its end")
    parser.add_argument("--ids", nargs="+", default=[], metavar="PREFIX", help="only calls whose id begins so")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no call after this long")
    parser.add_argument("--nice", type=int, default=NICENESS, help=f"niceness that is added (default {NICENESS})")
    given = parser.parse_args()
    if hasattr(os, "nice"):
        os.nice(given.nice)
    began = time.monotonic()
    known = ids_in(given.out)
    waiting = [row for row in spoken_calls(given.calls, given.ids) if row["id"] not in known]
    made = failed = 0
    seconds = 0.0
    exchange = Exchange()
    try:
        missing = exchange.missing()
        if missing:
            print("\n".join(missing), file=sys.stderr)
            return EXIT_MISSING
        with given.out.open("a", encoding="utf-8") as out:
            for row in waiting:
                if time.monotonic() - began > given.minutes * 60:
                    break
                try:
                    heard = exchange.heard(row)
                except BowoutError as error:
                    print(f"{row['id']}: {error.sentence()}", file=sys.stderr, flush=True)
                    failed += 1
                    continue
                out.write(json.dumps(heard, ensure_ascii=False) + "\n")
                out.flush()
                made, seconds = made + 1, seconds + heard["seconds"]
                print(f"{made + failed}/{len(waiting)} {row['id']} {heard['voice']} {heard['seconds']} s", flush=True)
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
    finally:
        exchange.close()
    left, took = len(waiting) - made - failed, time.monotonic() - began
    print(f"{made} heard, {failed} failed, {left} left, {len(known)} were there; {seconds:.0f} s in {took:.0f} s")
    return EXIT_NO if failed or left else EXIT_DONE


if __name__ == "__main__":
    sys.exit(main())
