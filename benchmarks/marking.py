"""How far the marks agree with people, and what a mark costs.

    .venv/bin/python benchmarks/marking.py [--json FILE] [--details]

Precision, recall and F1 of every criterion, on

* ``own held`` 1, 2, 3: calls written for this project whose wording nobody has looked at. The figures to believe;
* ``held 2``, as written and as heard: those of the second file, spoken by synthetic voices and written by the built-in
  ear, by voice; the same stripped as Vosk writes; and with the ear's confidences, where a mark may be unsure;
* ``calls``, ``heard``: the calls that patterns and votes were made on; ``scripts/train_marking.py`` prints what votes
  are worth on writers left out.

Beside them a baseline of phrase lists matched with rapidfuzz, and the time per call. ``unsure`` counts as not heard.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from rapidfuzz import fuzz  # noqa: E402

from bowout.core.criteria import FAULTS, ITEMS  # noqa: E402
from bowout.core.marking import mark, resources  # noqa: E402
from bowout.core.marks import State  # noqa: E402
from bowout.core.text import TENS, UNITS  # noqa: E402
from bowout.core.transcript import Transcript, Turn, Word, from_text  # noqa: E402

DATA = ROOT / "tests" / "data"
CRITERIA = (*ITEMS, *FAULTS)
Row = dict[str, Any]
Marker = Callable[[str, Any], dict[str, bool]]

PHRASES: dict[str, tuple[str, ...]] = {
    "greeting": ("hello", "good morning", "good afternoon", "good evening", "dear", "hi there"),
    "name": ("my name is", "this is", "speaking", "calling from", "kind regards", "sincerely"),
    "role": ("interview for the", "position", "role", "application for the", "the post of"),
    "when": ("today at", "tomorrow at", "scheduled for", "on monday", "on the"),
    "ask": ("withdraw my application", "cancel my interview", "unable to attend", "reschedule the interview",
            "cannot make it", "stop the interview here", "i missed my interview"),
    "reason": ("family emergency", "accepted another offer", "unforeseen circumstances", "not feeling well",
               "not the right fit", "relocating", "personal reasons", "scheduling conflict"),
    "apology": ("i apologise", "i am sorry", "i'm sorry", "sorry for the inconvenience"),
    "options": ("would monday or tuesday work", "i am available on", "either thursday or friday", "at ten or at two"),
    "thanks": ("thank you", "thanks", "i appreciate"),
    "goodwill": ("wish you success", "best of luck", "hope you find the right person", "all the best"),
    "follow_up": ("confirm by email", "send you an email", "follow up in writing"),
    "vague_reason": ("something came up", "stuff going on", "due to reasons"),
    "weak_reason": ("overslept", "not prepared", "bad reviews", "forgot", "too far to travel"),
    "oversharing": ("throwing up all night", "my husband left me", "diagnosed with", "in debt"),
    "mixed_message": ("keep me in mind", "stay in touch", "another time instead", "keep my details"),
    "soft_no": ("maybe some other time", "not sure i'm still interested", "i'll let you know"),
    "negativity": ("waste of my time", "unprofessional", "your pay is terrible", "rude"),
    "leverage": ("unless you can beat it", "match the offer", "to get a raise"),
    "over_apology": ("sorry sorry", "so so sorry"),
}  # fmt: skip
CALL_WORDS = 150
PHRASE_SCORE = 88
"""``fuzz.partial_ratio`` from which a phrase counts. The list is a short, untuned one of textbook phrases."""


def rows_of(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line]


def half(id_: str) -> str:
    """The half a call belongs to: fixed, whatever is added."""
    return "dev" if hashlib.sha256(id_.encode()).digest()[0] % 2 == 0 else "held"


def engine(text: str, intent: Any) -> dict[str, bool]:
    marks = mark(from_text(text), intent)
    made = {id_: item.state is State.HEARD for id_, item in marks.items.items()}
    return made | {id_: fault.found for id_, fault in marks.faults.items()}


def phrase_list(text: str, intent: Any) -> dict[str, bool]:
    plain = re.sub(r"[^a-z0-9' ]+", " ", text.lower())
    return {
        id_: any(fuzz.partial_ratio(phrase, plain) >= PHRASE_SCORE for phrase in phrases)
        for id_, phrases in PHRASES.items()
    }


def without_model(marker: Marker) -> Marker:
    """The same marks from the patterns alone."""

    def patterns_only(text: str, intent: Any) -> dict[str, bool]:
        known = resources.load()
        resources_without = replace(known, model=None)
        from bowout.core.marking import engine as module

        before = module.load
        module.load = lambda: resources_without  # type: ignore[assignment]
        try:
            return marker(text, intent)
        finally:
            module.load = before

    return patterns_only


def spelt_number(number: int) -> str:
    if number < 20:
        return UNITS[number]
    if number < 100:
        tens = {value: word for word, value in TENS.items() if word != "fourty"}
        return tens[number - number % 10] + ("" if number % 10 == 0 else " " + UNITS[number % 10])
    if number < 1000:
        return f"{UNITS[number // 100]} hundred" + ("" if number % 100 == 0 else " " + spelt_number(number % 100))
    if number < 10000:
        return f"{spelt_number(number // 1000)} thousand" + (
            "" if number % 1000 == 0 else " " + spelt_number(number % 1000)
        )
    return " ".join(UNITS[int(digit)] for digit in str(number))


_ORDINAL = {1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth", 20: "twentieth",
            30: "thirtieth"}  # fmt: skip


def spelt_ordinal(number: int) -> str:
    if number in _ORDINAL:
        return _ORDINAL[number]
    if number > 20 and number % 10 in _ORDINAL:
        return f"{spelt_number(number - number % 10)} {_ORDINAL[number % 10]}"
    return spelt_number(number) + "th"


def as_vosk_writes(text: str) -> str:
    """Lower case, no punctuation but apostrophes inside words, numbers as words."""
    text = text.lower().replace("to-day", "today").replace("to-morrow", "tomorrow").replace("to-night", "tonight")
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1 m", text)
    text = re.sub(r"\b(\d+)(st|nd|rd|th)\b", lambda m: spelt_ordinal(int(m[1])), text)
    text = re.sub(r"(\d)(am|pm)\b", r"\1 \2", text)
    text = re.sub(r"(\d)[.:](\d)", r"\1 \2", text)
    text = re.sub(r"(\d),(\d{3})\b", r"\1\2", text)
    text = re.sub(r"\d+", lambda m: f" {spelt_number(int(m[0]) if len(m[0]) < 6 else 0)} ", text)
    text = re.sub(r"\b([ap])m\b", r"\1 m", text)
    text = re.sub(r"[^\w' ]+", " ", text)
    return " ".join(text.split())


def agreement(rows: Iterable[Row], marker: Marker) -> dict[str, Counter[str]]:
    made: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        marks = marker(row["text"], row["intent"])
        for id_, label in {**row["items"], **row["faults"]}.items():
            made[id_]["tp fn fp tn".split()[2 * (not label) + (marks[id_] is False if label else not marks[id_])]] += 1
    return made


def doubts(rows: Iterable[Row]) -> dict[str, float]:
    """Micro-F1, and the share of decisions left unsure, where the ear gave each word's confidence."""
    total: Counter[str] = Counter()
    unsure = items = decisions = 0
    for row in rows:
        words = tuple(Word(text, start, end, sure) for text, start, end, sure in row["words"])
        marks = mark(Transcript((Turn(0, words, times="approximate"),), "s", "builtin"), row["intent"])
        items += len(marks.items)
        decisions += len(marks.items) + len(marks.faults)
        unsure += sum(item.state is State.UNSURE for item in marks.items.values())
        for id_, label in {**row["items"], **row["faults"]}.items():
            said = marks.items[id_].state is State.HEARD if id_ in marks.items else marks.faults[id_].found
            total["tp" if label and said else "fn" if label else "fp" if said else "tn"] += 1
    return {"micro": f1(total), "items": unsure / items, "decisions": unsure / decisions}


def f1(count: Counter[str]) -> float:
    return 2 * count["tp"] / (2 * count["tp"] + count["fp"] + count["fn"] or 1)


def summary(counts: dict[str, Counter[str]]) -> dict[str, float]:
    total: Counter[str] = sum(counts.values(), Counter())
    of = {id_: f1(count) for id_, count in counts.items()}
    items = [of[id_] for id_ in ITEMS if id_ in of]
    faults = [of[id_] for id_ in FAULTS if id_ in of]
    return {"micro": f1(total), "items": sum(items) / len(items), "faults": sum(faults) / len(faults)}


def table(counts: dict[str, Counter[str]]) -> str:
    lines = ["  criterion       prec   rec    F1   tp  fp  fn"]
    for id_ in CRITERIA:
        c = counts.get(id_)
        if c:
            precision = c["tp"] / (c["tp"] + c["fp"] or 1)
            recall = c["tp"] / (c["tp"] + c["fn"] or 1)
            lines.append(f"  {id_:14} {precision:.3f} {recall:.3f} {f1(c):.3f} {c['tp']:4} {c['fp']:3} {c['fn']:3}")
    return "\n".join(lines)


def timing(rows: list[Row]) -> dict[str, float]:
    """Milliseconds of processor time a call of 150 words (the best of five), and the first mark's wall time."""
    start = time.perf_counter()
    engine(rows[0]["text"], rows[0]["intent"])
    first = 1000 * (time.perf_counter() - start)
    for row in rows:
        engine(row["text"], row["intent"])
    taken = sorted(min(_once(transcript, row["intent"]) for _ in range(5)) for row, transcript in _long_calls(rows))
    return {"first_ms": first, "p50_ms": taken[len(taken) // 2], "p95_ms": taken[int(0.95 * len(taken))]}


def _long_calls(rows: list[Row]) -> list[tuple[Row, Any]]:
    """Calls of exactly 150 words: each call, and as much of the ones after it as it takes."""
    made = []
    for index, row in enumerate(rows):
        words: list[str] = []
        for other in (rows * 2)[index : index + len(rows)]:
            words += other["text"].split()
            if len(words) >= CALL_WORDS:
                break
        made.append((row, from_text(" ".join(words[:CALL_WORDS]))))
    return made


def _once(transcript: Any, intent: Any) -> float:
    start = time.process_time()
    mark(transcript, intent)
    return 1000 * (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    parser.add_argument("--details", action="store_true", help="every criterion for every set")
    parser.add_argument("--confusions", action="store_true", help="ids that differ (never for own held)")
    arguments = parser.parse_args()
    calls = rows_of("calls.jsonl")
    timed = timing(calls)
    labels = {row["id"]: row for row in calls}
    heard = [{**labels[row["id"]], "text": row["text"], "voice": row["voice"]} for row in rows_of("heard.jsonl")]
    held = {number: rows_of(f"own_calls_held{number}.jsonl") for number in ("", "2", "3")}
    held_labels = {row["id"]: row for row in held["2"]}
    own_heard = [{**held_labels[row["id"]], **row} for row in rows_of("own_heard_held2.jsonl")]
    by_voice = {
        voice: [row for row in own_heard if ("piper" in row["voice"]) == (voice == "piper")]
        for voice in ("piper", "espeak")
    }
    sets: dict[str, list[Row]] = {
        "own held": [*held[""], *held["2"], *held["3"]],
        "own held 1": held[""],
        "own held 2": held["2"],
        "own held 3": held["3"],
    }
    for voice, rows in by_voice.items():
        sets[f"held 2, {voice} written"] = [held_labels[row["id"]] for row in rows]
        sets[f"held 2, {voice} heard"] = rows
    sets |= {
        "held 2, heard": own_heard,
        "held 2, heard as vosk": [{**row, "text": as_vosk_writes(row["text"])} for row in own_heard],
        "held 2, written": [held_labels[row["id"]] for row in own_heard],
        "held 2, as vosk": [
            {**held_labels[r["id"]], "text": as_vosk_writes(held_labels[r["id"]]["text"])} for r in own_heard
        ],
        "calls": calls,
        "calls, heard piper": [row for row in heard if row["voice"].startswith("piper")],
        "calls, heard espeak": [row for row in heard if row["voice"].startswith("espeak")],
    }
    figures: dict[str, Any] = {"time": timed}
    print(f"{'set':22} {'calls':>5}   micro  items  faults   (patterns only)   (phrase list)")
    for name, rows in sets.items():
        counts = agreement(rows, engine)
        bare = summary(agreement(rows, without_model(engine)))
        base = summary(agreement(rows, phrase_list))
        got = summary(counts)
        figures[name] = {**got, "calls": len(rows), "per_criterion": {id_: f1(c) for id_, c in counts.items()}}
        print(
            f"{name:22} {len(rows):5}   {got['micro']:.3f}  {got['items']:.3f}  {got['faults']:.3f}"
            f"    ({bare['micro']:.3f} {bare['items']:.3f} {bare['faults']:.3f})"
            f" ({base['micro']:.3f} {base['items']:.3f} {base['faults']:.3f})"
        )
        if arguments.details or name == "own held":
            print(table(counts))
        if arguments.confusions and "held" not in name:
            for row in rows:
                marks = engine(row["text"], row["intent"])
                wrong = [
                    ("+" if marks[id_] else "-") + id_
                    for id_, label in {**row["items"], **row["faults"]}.items()
                    if marks[id_] != label
                ]
                if wrong:
                    print(f"    {row['id']}: {' '.join(wrong)}")
    unsure = doubts(own_heard)
    figures["unsure"] = unsure
    print(
        f"held 2, heard, with the ear's confidences: micro {unsure['micro']:.3f}; "
        f"unsure {unsure['items']:.1%} of the items, {unsure['decisions']:.1%} of all decisions"
    )
    print(
        f"time a call of 150 words: p50 {timed['p50_ms']:.2f} ms, p95 {timed['p95_ms']:.2f} ms; "
        f"first mark (banks read and compiled) {timed['first_ms']:.0f} ms"
    )
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
