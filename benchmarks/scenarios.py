"""Every shipped scenario spoken end to end: does its model answer pass, does its weak answer trip exactly its faults?

python benchmarks/scenarios.py [--scenario ID …] [--ear EAR] [--voice VOICE] [--on DATE] [--json FILE] [--markdown FILE]

A synthetic caller says each answer turn by turn in a whole call: voice → audio → voice activity → recogniser (quick
and careful pass) → the scenario's graph → marks, as fast as the machine can. Nothing is faked but the clock of the
room: no sound card, and the recruiter's lines take no time. A row is well when the model answer is heard out, passes
and ends the call well, and the weak answer has the faults it declares and no other.
Exit codes: 0 all well, 1 at least one is not, 2 usage, 3 a voice or an ear is missing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from ears import words  # noqa: E402
from rapidfuzz.distance import Levenshtein  # noqa: E402

from bowout.bootstrap import RealServices  # noqa: E402
from bowout.commands.demo import CALLER_WORDS_PER_MINUTE  # noqa: E402
from bowout.core.lint import examine  # noqa: E402
from bowout.core.marks import Marks, State  # noqa: E402
from bowout.core.scenario import Scenario, fill  # noqa: E402
from bowout.core.settings import Settings  # noqa: E402
from bowout.errors import EXIT_DONE, EXIT_NO, BowoutError, MissingPart, UsageError  # noqa: E402
from bowout.paths import cache_dir  # noqa: E402
from bowout.ports import Clip, Hypothesis, Recogniser  # noqa: E402
from bowout.rehearsal import events as e  # noqa: E402
from bowout.rehearsal.call import Options, Rehearsal  # noqa: E402
from bowout.speech.voices import VoiceCache  # noqa: E402
from bowout.storage.packs import Pack, load_all  # noqa: E402

JOE = "joe"
KEPT_BYTES = 1 << 30
"""Of callers on disk: all the answers of some five days."""
CAREFUL_S = 60.0
"""Longest wait for a careful pass."""
STILL_TALKING = "still talking"
"""In place of the outcome: the weak answer was used up before the call was over."""
MARKS = ("<!-- {} -->", "<!-- end of {} -->")
"""What the generated parts of the page lie between."""


@dataclass(frozen=True)
class Call:
    """One call as it came out."""

    marks: Marks
    outcome: str
    turns: int
    """Answers that were wanted."""
    heard: tuple[str, ...]
    """One text a turn, as it was marked."""
    quick: tuple[str, ...]
    """The same as the other side went by: the quick pass."""
    steps: tuple[str, ...]
    """Every step of the graph that was said, in order."""


@dataclass(frozen=True)
class Row:
    """One scenario, heard by one ear."""

    scenario: str
    pack: str
    intent: str
    channel: str
    ear: str
    voice: str
    passed: bool
    score: int
    outcome: str
    lost: list[str]
    """Items that the model answer has as it is written, and not as it was heard."""
    faults: list[str]
    """What the weak answer tripped …"""
    declared: list[str]
    """… and what it should trip."""
    weak_score: int
    weak_outcome: str
    words: int
    wrong: int
    """Words to replace, put in or take out until what was heard is what was said; filled pauses left out."""
    speech_s: float
    took_s: float
    problems: list[str]
    """Sentences; none where all is well."""
    said: dict[str, list[str]]
    heard: dict[str, list[str]]
    quick: dict[str, list[str]]
    """Each for ``model`` and ``weak``: one text a turn."""
    steps: dict[str, list[str]]


class Unhurried:
    """An ear that counts its careful passes.

    In a call the recruiter's line gives each of them time to be done before the next answer; here lines take no time,
    and which words the graph goes by must not depend on the machine's speed.
    """

    def __init__(self, ear: Recogniser) -> None:
        self._ear = ear
        self.done = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ear, name)

    def refine(self, pcm: bytes, quick: Hypothesis) -> Hypothesis:
        try:
            return self._ear.refine(pcm, quick)
        finally:
            self.done += 1

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + CAREFUL_S
        while self.done < count and time.monotonic() < deadline:
            time.sleep(0.005)


class Caller:
    """A synthetic voice; with ``fresh`` each line is spoken anew, else as it was kept (Piper never speaks twice alike).

    Raises:
        MissingPart: there is no such voice here.
    """

    def __init__(
        self, name: str = JOE, *, words_per_minute: int = CALLER_WORDS_PER_MINUTE, fresh: bool = False
    ) -> None:
        from bowout.speech.voices.piper import PiperVoice
        from bowout.speech.voices.system import SystemVoice

        engine = PiperVoice() if name == JOE else SystemVoice()
        self.name = name
        self._voice = None if name == JOE else name
        self._pace = words_per_minute
        verdict = engine.check()
        if not verdict.ok:
            raise MissingPart(verdict.detail, verdict.fix)
        if self._voice is not None and not engine.knows(self._voice):
            raise UsageError(f"There is no voice “{name}”.", f"Say “{JOE}”, or one that “bowout voices” lists.")
        self._cache = VoiceCache(engine, None if fresh else cache_dir() / "benchmark-callers", KEPT_BYTES)

    def say(self, text: str) -> Clip:
        return self._cache.render(text, voice=self._voice, words_per_minute=self._pace)

    def close(self) -> None:
        self._cache.close()


def have_call(services: RealServices, scenario: Scenario, clips: Sequence[Clip], now: datetime, seed: int = 0) -> Call:
    """The whole call, with these clips for answers."""
    parts = services.parts(clips=clips, sound=False)
    ear = Unhurried(parts.ear)
    parts = replace(parts, ear=ear, clock=lambda: now)
    options = Options(mode="live", silence_s=1.3, seed=seed, keep_audio=False, read_pause=False)
    wanted = spoken = 0
    quick: list[str] = []
    steps: list[str] = []
    marked: e.CallMarked | None = None
    for event in Rehearsal(scenario, parts, options).run(threading.Event()):
        match event:
            case e.MicrophoneOpened():
                wanted += 1
                ear.wait_for(spoken)
            case e.RecruiterSpoke():
                steps.append(event.step)
            case e.TurnHeard(turn, careful=False):
                quick.append(turn.text)
                spoken += bool(turn.words)
            case e.Noticed():
                raise BowoutError(f"{scenario.id}: {event.message}", event.fix)
            case e.CallMarked():
                marked = event
    assert marked is not None, scenario.id
    turns = {turn.index: turn.text for turn in marked.marks.transcript.turns}
    heard = tuple(turns.get(n, "") for n in range(wanted))
    return Call(marked.marks, marked.outcome, wanted, heard, tuple(quick), tuple(steps))


def measure(services: RealServices, caller: Caller, scenario: Scenario, now: datetime, seed: int = 0) -> Row:
    """Both answers of a scenario, spoken and marked."""
    facts = scenario.facts_at(now)
    said = {
        "model": [fill(text, facts) for text in scenario.model_answer],
        "weak": [fill(text, facts) for text in scenario.weak_answer],
    }
    clips = {kind: [caller.say(text) for text in texts] for kind, texts in said.items()}
    before = time.perf_counter()
    model, weak = (have_call(services, scenario, clips[kind], now, seed) for kind in ("model", "weak"))
    took = time.perf_counter() - before
    written = examine(scenario, now).model
    lost = [name for name, mark in model.marks.items.items() if _lost(written.items[name].state, mark.state)]
    found = [name for name, mark in weak.marks.faults.items() if mark.found]
    pairs = [
        (words(text), words(call.heard[n] if n < call.turns else ""))
        for kind, call in (("model", model), ("weak", weak))
        for n, text in enumerate(said[kind][: call.turns])
    ]
    over = weak.turns <= len(said["weak"])
    return Row(
        scenario=scenario.id,
        pack=scenario.pack,
        intent=scenario.intent,
        channel=scenario.channel,
        ear=services.ear_name(),
        voice=caller.name,
        passed=model.marks.passed,
        score=model.marks.score,
        outcome=model.outcome,
        lost=lost,
        faults=sorted(found),
        declared=sorted(scenario.weak_faults),
        weak_score=weak.marks.score,
        weak_outcome=weak.outcome if over else STILL_TALKING,
        words=sum(len(told) for told, _ in pairs),
        wrong=sum(Levenshtein.distance(told, heard) for told, heard in pairs),
        speech_s=round(sum(clip.seconds for turns in clips.values() for clip in turns), 1),
        took_s=round(took, 1),
        problems=[*_model_problems(scenario, model, len(said["model"])), *_weak_problems(scenario, found)],
        said=said,
        heard={"model": list(model.heard), "weak": list(weak.heard)},
        quick={"model": list(model.quick), "weak": list(weak.quick)},
        steps={"model": list(model.steps), "weak": list(weak.steps)},
    )


def _lost(written: State, heard: State) -> bool:
    return written is State.HEARD and heard is not State.HEARD


def _model_problems(scenario: Scenario, call: Call, answers: int) -> Iterator[str]:
    marks = call.marks
    missed = [mark.id for mark in marks.items.values() if mark.required and mark.state is not State.HEARD]
    if missed:
        yield f"The model answer lost {', '.join(missed)}."
    for mark in marks.faults.values():
        if mark.found:
            yield f"The model answer has {mark.id}" + (f" (“{mark.span.quote}”)." if mark.span else ".")
    if not marks.passed and not missed and not any(mark.found for mark in marks.faults.values()):
        yield f"The model answer scores {marks.score}."
    outcome = scenario.outcomes.get(call.outcome)
    if outcome is None or not outcome.good:
        yield f"The model answer ends with “{call.outcome}”."
    if call.turns < answers:
        yield f"The model answer has {answers} turns, and the call was over after {call.turns}."


def _weak_problems(scenario: Scenario, found: Sequence[str]) -> Iterator[str]:
    missed, more = sorted(scenario.weak_faults - set(found)), sorted(set(found) - scenario.weak_faults)
    if missed:
        yield f"The weak answer did not trip {', '.join(missed)}."
    if more:
        yield f"The weak answer tripped {', '.join(more)}, too."


# What is printed and written.


def rate(rows: Sequence[Row]) -> str:
    """Word error rate."""
    return f"{sum(row.wrong for row in rows) / max(1, sum(row.words for row in rows)):.1%}"


HEAD = (
    "scenario", "intent", "model answer", "score", "ends", "items lost", "weak answer trips", "ends", "words wrong",
    "speech s", "took s",
)  # fmt: skip


def cells(row: Row) -> tuple[str, ...]:
    exactly = row.faults == row.declared
    trips = ", ".join(row.faults) or "nothing"
    return (
        row.scenario, row.intent, "passed" if row.passed else "NOT PASSED", str(row.score), row.outcome,
        ", ".join(row.lost) or "–", trips if exactly else f"{trips} – NOT {', '.join(row.declared)}", row.weak_outcome,
        rate([row]), f"{row.speech_s:.0f}", f"{row.took_s:.0f}",
    )  # fmt: skip


def summary(rows: Sequence[Row]) -> str:
    well = sum(not row.problems for row in rows)
    speech, took = sum(row.speech_s for row in rows), sum(row.took_s for row in rows)
    return (
        f"{well} of {len(rows)} scenarios well both ways; {sum(row.words for row in rows):,} words in "
        f"{speech / 60:.0f} minutes of speech, {rate(rows)} of them wrong; {took / 60:.1f} minutes of work"
    )


def print_row(row: Row) -> None:
    first, *rest = cells(row)
    print(f"{'ok ' if not row.problems else 'NOT'} {first:34} " + " · ".join(rest), flush=True)
    for problem in row.problems:
        print(f"      {problem}", flush=True)
    for kind, turns in row.heard.items() if row.problems else ():
        for said, heard, quick in zip_longest(row.said[kind], turns, row.quick[kind], fillvalue=""):
            print(f"      {kind:5} said:  {said}\n            heard: {heard}\n            quick: {quick}", flush=True)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[str]) -> str:
    """In Markdown; the first column is code, those called ``numbers`` stand to the right."""
    lines = [head, ["--:" if name in numbers else "--" for name in head]]
    lines += [[f"`{first}`", *rest] for first, *rest in rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in cells_) + " |" for cells_ in lines)


def measured(rows: Sequence[Row], now: datetime) -> str:
    """A run, one table for each ear."""
    parts = []
    for ear in dict.fromkeys(row.ear for row in rows):
        own = [row for row in rows if row.ear == ear]
        parts.append(f"Ear: {ear}. Voice: {own[0].voice}. Day: {now:%A, %Y-%m-%d %H:%M}. {summary(own)}.")
        parts.append(table(HEAD, map(cells, own), ("score", "words wrong", "speech s", "took s")))
    return "\n\n".join(parts)


def contents(packs: Sequence[Pack], now: datetime) -> str:
    """Every pack with its scenarios, and what each of them is for."""
    parts = [f"{sum(len(pack.scenarios) for pack in packs)} scenarios in {len(packs)} packs."]
    head = ("scenario", "what it is", "you", "by", "level", "reason", "pressed by", "tempts to")
    for pack in packs:
        rows = [
            (
                scenario.id, scenario.title, scenario.intent, channel(scenario), str(scenario.difficulty),
                scenario.facts_at(now).get("reason", "–"), ", ".join(pressures(scenario)),
                ", ".join(sorted(scenario.weak_faults)),
            )
            for scenario in pack.scenarios
        ]  # fmt: skip
        parts += [f"### {pack.title}", pack.description, table(head, rows, ("level",))]
    return "\n\n".join(parts)


def channel(scenario: Scenario) -> str:
    beeps = any(step.beep for step in scenario.steps.values())
    return scenario.channel.replace("_", " ") + (", voicemail" if beeps else "")


def pressures(scenario: Scenario) -> list[str]:
    found = dict.fromkeys(step.pushback for step in scenario.steps.values() if step.pushback)
    return [name.replace("_", " ") for name in found]


def put_into(page: str, parts: dict[str, str]) -> str:
    """The page with its generated parts replaced. Raises ``UsageError`` where one has no place."""
    for name, text in parts.items():
        begin, end = (mark.format(name) for mark in MARKS)
        if page.count(begin) != 1 or page.count(end) != 1:
            raise UsageError(
                f"The page has no place for the {name}.", f"Put “{begin}” and “{end}” into it, in lines of their own."
            )
        page = page[: page.index(begin) + len(begin)] + f"\n\n{text}\n\n" + page[page.index(end) :]
    return page


def run(
    scenarios: Sequence[Scenario],
    ears: Sequence[str],
    caller: Caller,
    now: datetime,
    seed: int,
    told: Callable[[Row], None],
) -> list[Row]:
    """Every scenario by every ear."""
    rows = []
    for ear in ears:
        with tempfile.TemporaryDirectory(prefix="bowout-scenarios-") as folder:
            services = RealServices(Settings(ear=ear, voice="silent"), strict=True)  # type: ignore[arg-type]
            try:
                services.without_history(Path(folder))
                for scenario in scenarios:
                    rows.append(measure(services, caller, scenario, now, seed))
                    told(rows[-1])
            finally:
                services.close()
    return rows


def ears_here(wanted: Sequence[str]) -> list[str]:
    """The ears to use: those that were named, else all that are here but typing. Raises ``MissingPart``."""
    there = {name: verdict for name, verdict in RealServices(Settings()).ears().items() if name != "typed"}
    for name in wanted:
        if not there[name].ok:
            raise MissingPart(there[name].detail, there[name].fix)
    found = [name for name, verdict in there.items() if verdict.ok] if not wanted else list(wanted)
    if not found:
        raise MissingPart("There is no ear here.", "Get one with: python3 scripts/run.py --setup")
    return found


def a_day(text: str) -> datetime:
    """“2026-11-25” (nine in the morning) or “2026-11-25T14:30”, in this machine's zone."""
    moment = datetime.fromisoformat(text)
    return (moment if "T" in text else moment.replace(hour=9)).astimezone()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", nargs="+", metavar="ID", default=[], help="only these (default: all that ship)")
    parser.add_argument("--ear", nargs="+", choices=("vosk", "builtin"), default=[], help="default: every one here")
    parser.add_argument("--voice", default=JOE, help=f"of the caller: {JOE} (Piper) or one of espeak-ng, such as en-gb")
    parser.add_argument("--pace", type=int, default=CALLER_WORDS_PER_MINUTE, help="of the caller, words a minute")
    parser.add_argument("--fresh", action="store_true", help="speak every answer anew and keep none")
    parser.add_argument("--on", type=a_day, metavar="DATE", help="the day of the calls, with or without “T14:30”")
    parser.add_argument("--seed", type=int, default=0, help="which variants of the recruiter's lines (default 0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every row, with what was said and heard")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="a page whose tables are to be replaced")
    given = parser.parse_args()
    now = given.on or datetime.now().astimezone()
    packs = load_all(ROOT / "scenarios")
    every = {scenario.id: scenario for pack in packs for scenario in pack.scenarios}
    unknown = [name for name in given.scenario if name not in every]
    if unknown:
        parser.error(f"there is no scenario “{unknown[0]}”")
    if given.markdown and given.scenario:
        parser.error("--markdown wants every scenario: leave --scenario out")
    if given.markdown and not given.markdown.is_file():
        parser.error(f"there is no page {given.markdown} to write into")
    caller: Caller | None = None
    try:
        ears = ears_here(given.ear)
        page = given.markdown.read_text("utf-8") if given.markdown else ""
        if given.markdown:
            put_into(page, {"packs": "", "run": ""})  # before the work, not after it
        caller = Caller(given.voice, words_per_minute=given.pace, fresh=given.fresh)
        scenarios = [every[name] for name in given.scenario] or list(every.values())
        rows = run(scenarios, ears, caller, now, given.seed, print_row)
    except BowoutError as error:
        print(error.sentence(), file=sys.stderr)
        return error.exit_code
    finally:
        if caller is not None:
            caller.close()
    for ear in ears:
        print(f"{ear}: {summary([row for row in rows if row.ear == ear])}")
    if given.json:
        made = {"now": now.isoformat(), "seed": given.seed, "pace": given.pace, "rows": [asdict(row) for row in rows]}
        given.json.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if given.markdown:
        given.markdown.write_text(put_into(page, {"packs": contents(packs, now), "run": measured(rows, now)}), "utf-8")
    return EXIT_NO if any(row.problems for row in rows) else EXIT_DONE


if __name__ == "__main__":
    sys.exit(main())
