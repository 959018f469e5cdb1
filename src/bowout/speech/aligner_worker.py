"""The aligning process: ``python -m bowout.speech.aligner_worker``, fed through its standard input.

pocketsphinx keeps the interpreter's lock while it works (a quarter of a second for 20 s of audio), so it works here. A
message is a length (4 bytes, big endian), a JSON object of that length, and, where it has ``"pcm"``, that many bytes of
audio. Asked ``{"words": […], "pcm": n}`` it answers ``{"segments": [[…], …], "guessed": [index, …]}`` (a segment's
values are those of ``alignment.Segment``, in its order; guessed are words no dictionary has) or ``{"failed": reason}``.
"""

from __future__ import annotations

import json
import math
import signal
import struct
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from bowout.speech.alignment import INSERTED, SOUNDS_LIKE
from bowout.speech.pronounce import phones, spoken

FILLER_PROBABILITY = 0.1
"""What inserting one costs. Measured best of 0.001–0.3 on inserted fillers at known places."""
BEAMS = {"beam": 1e-70, "pbeam": 1e-70, "wbeam": 1e-45}
"""Wider than the default (1e-48, 1e-48, 7e-29), with which 7 of 64 calls heard by the built-in ear could not be aligned
to what it wrote; with these 1 could not, at the same cost, and 15 of 16 wrong texts still fail."""
NOT_THERE = 3
"""Exit code where pocketsphinx or its model is missing."""


def send(stream: IO[bytes], header: dict[str, Any], pcm: bytes = b"") -> None:
    """Write one message."""
    if pcm:
        header = {**header, "pcm": len(pcm)}
    text = json.dumps(header).encode()
    stream.write(struct.pack(">I", len(text)) + text + pcm)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message; ``None`` at the end of the stream, also in the middle of a message."""
    length = stream.read(4)
    if len(length) < 4:
        return None
    text = stream.read(struct.unpack(">I", length)[0])
    try:
        header: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    pcm = stream.read(header["pcm"]) if header.get("pcm") else b""
    return (header, pcm) if len(pcm) == header.get("pcm", 0) else None


class Worker:
    """One decoder, used again and again; words it learns stay learned."""

    def __init__(self) -> None:
        import pocketsphinx

        with tempfile.TemporaryDirectory() as folder:
            fillers = Path(folder) / "fillers"
            noises = Path(pocketsphinx.get_model_path("en-us/en-us/noisedict")).read_text("utf-8")
            fillers.write_text(
                noises + "".join(f"{label} {sound}\n" for label, (sound, _) in INSERTED.items()), "utf-8"
            )
            self._decoder = pocketsphinx.Decoder(
                lm=None, fdict=str(fillers), fillprob=FILLER_PROBABILITY, loglevel="FATAL", bestpath=False, **BEAMS
            )
        self._guessed: set[str] = set()
        self._kinds = {label: kind for label, (_, kind) in INSERTED.items()}
        """What is pronounced as a filled pause: fillers, and variants of words, as the decoder names them."""
        for sound, kind in INSERTED.values():
            for word in SOUNDS_LIKE[kind]:
                self._kinds[self._variant(word, sound)] = kind

    def _variant(self, word: str, sound: str) -> str:
        """The decoder's name for ``word`` pronounced as ``sound``, which is added if it is not there."""
        name, n = word, 1
        while (known := self._decoder.lookup_word(name)) is not None:
            if known == sound:
                return name
            n += 1
            name = f"{word}({n})"
        self._decoder.add_word(name, sound, True)
        return name

    def align(self, words: list[str], pcm: bytes) -> dict[str, Any]:
        """The answer to one request."""
        said = [(index, token) for index, word in enumerate(words) for token in spoken(word)]
        if not said:
            return {"failed": "no words"}
        for _, token in said:
            if self._decoder.lookup_word(token) is None:
                self._decoder.add_word(token, phones(token), True)
                self._guessed.add(token)
        decoder = self._decoder
        decoder.reinit_feat()  # or it goes on adapting to the voices before, and the same recording gets other times
        decoder.set_align_text(" ".join(token for _, token in said))
        decoder.start_utt()
        try:
            decoder.process_raw(pcm, full_utt=True)
        finally:
            decoder.end_utt()
        segments: list[tuple[int, str, int, int, float, str]] = []
        position = 0
        for seg in decoder.seg() or ():
            label = seg.word.split("(")[0]
            index = -1
            if position < len(said) and label == said[position][1]:
                index = said[position][0]
                position += 1
            frames = seg.end_frame + 1 - seg.start_frame
            score = math.log(max(seg.ascore, 1e-300)) / max(frames, 1)
            kind = self._kinds.get(seg.word, "")
            segments.append((index, label, seg.start_frame, seg.end_frame + 1, round(score, 6), kind))
        if position < len(said):
            return {"failed": "text and audio do not fit"}
        return {"segments": segments, "guessed": sorted({i for i, token in said if token in self._guessed})}


def main() -> int:
    """Answer until the other side closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the trainer's to handle; it closes the pipe
    try:
        worker = Worker()
    except (ImportError, OSError, RuntimeError):
        return NOT_THERE
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (message := receive(source)) is not None:
        header, pcm = message
        try:
            answer = worker.align(header["words"], pcm)
        except (RuntimeError, ValueError, TypeError) as problem:  # pocketsphinx: text and audio don't fit
            answer = {"failed": str(problem)}
        send(sink, answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
