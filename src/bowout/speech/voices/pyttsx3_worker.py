"""Renders one utterance with pyttsx3 and ends. Run as a file: ``pyttsx3_worker.py OUT.wav`` or ``… --voices``.

Standard input: JSON ``{"text", "voice", "rate"}`` (voice may be null). Exit code 0 only if the file is
there and holds sound; the reason for any other is the last line of standard error. Measured in speech.md 3.2:
``runAndWait`` returns before the file is written, so the finished event is waited for; ending the interpreter in
the ordinary way can abort inside espeak, hence ``os._exit``.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any

FINISHED_S = 20.0
"""Seconds to wait for the finished event; 204 s of audio took 0.98 s."""
PREFERRED = ("gmw/en-us", "english-us", "en-us")
"""American English by espeak-ng's and espeak's ids; their own default is British."""


def main(arguments: list[str]) -> None:
    """Do what the arguments say; raises with the reason if it can't be done."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != here]  # noqa: PTH100 - "pyttsx3" is not our file
    import pyttsx3

    engine = pyttsx3.init()
    if arguments == ["--voices"]:
        listed = [{"id": v.id, "language": language(v)} for v in engine.getProperty("voices")]
        os.write(KEPT_OUT, json.dumps(listed).encode())
        return
    request = json.loads(sys.stdin.buffer.read())
    render(engine, request, arguments[0])


def render(engine: Any, request: dict[str, Any], path: str) -> None:
    """Write ``path`` and be sure of it."""
    finished, errors = threading.Event(), []
    engine.connect("finished-utterance", lambda name, completed: finished.set() if completed else None)
    engine.connect("error", lambda name, exception: errors.append(exception))
    chosen = request["voice"] or default_voice(engine)
    set_rate(engine, request["rate"])
    if chosen:
        engine.setProperty("voice", chosen)
    engine.save_to_file(request["text"], os.path.abspath(path))  # noqa: PTH100 - SAPI wants an absolute path
    engine.runAndWait()
    if sys.platform.startswith("linux") and not finished.wait(FINISHED_S):
        raise RuntimeError(f"no finished event within {FINISHED_S:.0f} s")
    if errors:
        raise RuntimeError(str(errors[0]))
    if os.path.getsize(path) <= HEADER_BYTES:  # noqa: PTH202
        raise RuntimeError("the file holds no sound")


def set_rate(engine: Any, rate: int) -> None:
    """Set words a minute so that they hold.

    The driver sets 200 when it begins, and espeak takes that up in a thread of its own. Set in the ordinary way, ours
    was lost in 2–5 % of 900 runs (the line came out at 200), in half of them after a pause of 0.05 s. Set directly,
    with a pause before and after: in none of 300.
    """
    if not sys.platform.startswith("linux"):
        engine.setProperty("rate", rate)
        return
    time.sleep(SETTLE_S)
    engine.proxy._driver.setProperty("rate", rate)
    time.sleep(SETTLE_S)


SETTLE_S = 0.05
"""Seconds in which espeak's thread has taken up a parameter."""
HEADER_BYTES = 64
"""More than a WAV header without samples (44), less than an AIFF with any."""
KEPT_OUT = 1


def default_voice(engine: Any) -> str | None:
    """American English where espeak is the engine, else whatever the system prefers."""
    if not sys.platform.startswith("linux"):
        return None
    known = {v.id for v in engine.getProperty("voices")}
    return next((v for v in PREFERRED if v in known), None)


def language(voice: Any) -> str:
    """The first language of a voice; drivers give texts or bytes, or nothing."""
    first = (getattr(voice, "languages", None) or [""])[0]
    return first.decode("utf-8", "ignore").strip("\x05\x02") if isinstance(first, bytes) else str(first)


if __name__ == "__main__":
    KEPT_OUT = os.dup(1)
    os.dup2(2, 1)  # pyttsx3 prints "Audio saved to …"
    try:
        main(sys.argv[1:])
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)
