"""What a take of a drill comes to: one figure, whether its gate was met, and what to do next time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from bowout.core.call import asks_again
from bowout.core.delivery import FILLER_WORDS
from bowout.core.drills import Drill, DrillResult
from bowout.core.drills_cut import MODEL
from bowout.core.drills_held import why_lost
from bowout.core.drills_words import change_for
from bowout.core.marks import Marks, State
from bowout.core.scenario import Scenario, fill
from bowout.core.text import normalise
from bowout.core.to_the_point import is_timed, own_clock, said_at, spoken_turns
from bowout.core.transcript import Turn, from_text

FEWEST_SECONDS = 10.0
"""Seconds of speech below which a rate a minute is chance: one filler in five seconds would be twelve."""
ALIKE = 75.0
"""``rapidfuzz.fuzz.ratio`` from which two words count as the same one, misheard."""
_MOST_SAID = 8
"""How many times a model line's words are looked at in what was said to it."""
_NO_TIMES = "Not measured: typed words have no times."
_TOO_SHORT = f"Not measured: less than {FEWEST_SECONDS:g} s of speech."
_NO_FILLERS = "Not measured: this ear does not find fillers."
_TOO_FEW = "Not measured: too few words."


@dataclass(frozen=True, slots=True)
class _Measured:
    """A figure, or why there is none."""

    value: float | None
    why: str = ""
    """It is not measured, and why; empty where it was not reached."""
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """Everything that a figure is made of."""

    drill: Drill
    scenario: Scenario
    marks: Marks
    facts: Mapping[str, str]
    steps: Mapping[int, str]

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self.marks.transcript.turns

    @property
    def spoken(self) -> list[Turn]:
        """The turns in which something was said."""
        return spoken_turns(self.marks.transcript)

    @property
    def timed(self) -> bool:
        return is_timed(self.marks.transcript)


def judge(
    drill: Drill,
    scenario: Scenario,
    marks: Marks,
    facts: Mapping[str, str],
    steps: Mapping[int, str] | None = None,
) -> DrillResult:
    """Judge a take.

    Args:
        scenario: the one that ``drill_scenario`` made.
        marks: of the call; its transcript is what was said.
        facts: the scenario's as they were in the call.
        steps: turn → the step it answered (``CallMarked.answered``); ``None`` = one step a turn, in order.
    """
    if steps is None:
        steps = dict(enumerate(scenario.steps))
    seen = _Seen(drill, scenario, marks, facts, steps)
    measures = drill.measures
    measured = _Measured(None, _NO_TIMES) if measures.timed and not seen.timed else _FIGURES[drill.figure](seen)
    value = None if measured.value is None else round(measured.value, 1 if measures.unit == "s" else 0)
    if value is not None and drill.figure == "fillers":
        value = round(measured.value or 0.0, 1)

    items = {mark.id: mark.state for mark in marks.items.values() if mark.required}
    wanted = drill.faults if drill.faults is not None else marks.faults.keys()
    found = {mark.id: mark.found for mark in marks.faults.values() if mark.id in wanted}
    missing = [id_ for id_, state in items.items() if state is State.NOT_HEARD]
    least = len(items) if drill.gate.items is None else min(drill.gate.items, len(items))
    missed: list[str] = missing if len(items) - len(missing) < least else []
    if sum(found.values()) > drill.gate.faults:
        missed = [*missed, *(id_ for id_, is_found in found.items() if is_found)]
    off = value is not None and not _within(drill, value)
    unreached = value is None and not measured.why
    if off or unreached:
        missed = [*missed, "figure"]
    met = False if missed else None if value is None else True
    return DrillResult(
        drill=drill.key,
        version=drill.version,
        value=value,
        unit=measures.unit,
        measured=not measured.why,
        met=met,
        missed=tuple(missed),
        change=change_for(drill, marks, value, missed, measured.why),
        detail=(*((measured.why,) if measured.why else ()), *measured.detail),
        marked={
            **{id_: state.value for id_, state in items.items()},
            **{id_: "found" if is_found else "not_found" for id_, is_found in found.items()},
        },
    )


def _within(drill: Drill, value: float) -> bool:
    least, most = drill.gate.least, drill.gate.most
    return (least is None or value >= least) and (most is None or value <= most)


# The figures.


def _until_said(seen: _Seen) -> _Measured:
    required = [mark for mark in seen.marks.items.values() if mark.required]
    if any(mark.state is State.NOT_HEARD for mark in required) or not seen.spoken:
        return _Measured(None, detail=("Not all of it was said.",))
    at = said_at(seen.marks, [mark.id for mark in required], seen.scenario, seen.facts)
    return _Measured(None if at is None else own_clock(seen.spoken, at))


def _until_point(seen: _Seen) -> _Measured:
    ask = seen.marks.items.get("ask")
    at = None if ask is None else said_at(seen.marks, ["ask"], seen.scenario, seen.facts)
    if at is None:
        return _Measured(None, detail=("The decision was not heard.",))
    first = seen.spoken[0]
    begins = first.words[0].start
    hesitated = 0.0 if first.prompt_end is None else max(0.0, begins - first.prompt_end)
    return _Measured(_silent(seen) + hesitated + own_clock(seen.spoken, at))


def _silent(seen: _Seen) -> float:
    """Seconds in which nothing was said to the first lines, so that they had to be said again. How long that line took
    is not known: more than the wait of its step is not counted."""
    silent = 0.0
    for turn, after in pairwise(seen.turns):
        if turn.words:
            break
        if turn.prompt_end is not None and after.prompt_end is not None:
            step = seen.scenario.steps.get(seen.steps.get(turn.index, ""))
            own = step.listen.no_speech_s if step is not None else None
            waits = own if own is not None else seen.scenario.limits.no_speech_s
            silent += max(0.0, min(waits, after.prompt_end - turn.prompt_end))
    return silent


def _spoken(seen: _Seen) -> _Measured:
    return _Measured(seen.marks.delivery.seconds.value)


def _message(seen: _Seen) -> _Measured:
    if not seen.spoken:
        return _Measured(None, detail=("There is no message.",))
    turn = seen.spoken[0]
    begins = turn.words[0].start if turn.prompt_end is None else min(turn.prompt_end, turn.words[0].start)
    return _Measured(turn.words[-1].end - begins)


def _words(seen: _Seen) -> _Measured:
    said = [word.text for word in seen.marks.transcript.words]
    plain = ["".join(c for c in word.casefold() if c.isalnum()) for word in said]
    number = sum(1 for word in plain if word and word not in FILLER_WORDS)
    return _Measured(float(number) if number else None)


def _fillers(seen: _Seen) -> _Measured:
    seconds, count = seen.marks.delivery.seconds.value, seen.marks.delivery.filler_count.value
    if count is None:
        return _Measured(None, _NO_FILLERS)
    if seconds is None or seconds < FEWEST_SECONDS:
        return _Measured(None, _TOO_SHORT)
    kinds: dict[str, int] = {}
    for filler in seen.marks.delivery.fillers or ():
        kinds[filler.kind] = kinds.get(filler.kind, 0) + 1
    told = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items(), key=lambda entry: -entry[1]))
    return _Measured(60.0 * count / seconds, detail=(f"In {seconds:.0f} s: {told}.",) if told else ())


def _pace(seen: _Seen) -> _Measured:
    pace = seen.marks.delivery.words_per_minute.value
    return _Measured(None, _TOO_FEW) if pace is None else _Measured(pace)


def _score(seen: _Seen) -> _Measured:
    return _Measured(float(seen.marks.score))


def _held(seen: _Seen) -> _Measured:
    held, detail = 0, []
    faults = {mark.id for mark in seen.marks.faults.values() if mark.found}
    for step in seen.scenario.steps.values():
        if not step.pushback or not step.id.startswith("push-"):
            continue
        turns = [t for t in seen.turns if seen.steps.get(t.index) == step.id]
        answers = [turn.text for turn in turns if turn.words and not asks_again(turn.text)]
        why = why_lost(seen.drill, seen.scenario, seen.facts, step.pushback, answers, faults)
        held += not why
        if why:
            detail.append(f"Push {step.id.removeprefix('push-')} ({step.pushback}): {why}")
    return _Measured(float(held), detail=tuple(detail))


def _model(seen: _Seen) -> _Measured:
    said = whole = 0
    for step in seen.scenario.steps.values():
        if step.by != MODEL:
            continue
        model = _plain_words(fill(step.say[0], seen.facts))
        takes = [_plain_words(t.text) for t in seen.turns if seen.steps.get(t.index) == step.id]
        whole += len(model)
        said += max((aligned(model, take) for take in takes), default=0)
    return _Measured(100.0 * said / whole if whole else None)


def _plain_words(text: str) -> list[str]:
    return list(normalise(from_text(text)).texts)


def aligned(model: list[str], said: list[str]) -> int:
    """How many words of ``model`` were said, in their order, misheard ones included: the longest common subsequence
    of words that are nearly the same."""
    said = said[: _MOST_SAID * (len(model) + 1)]
    row = [0] * (len(said) + 1)
    for wanted in model:
        before = row
        row = [0]
        for at, word in enumerate(said, start=1):
            same = wanted == word or fuzz.ratio(wanted, word) >= ALIKE
            row.append(before[at - 1] + 1 if same else max(before[at], row[at - 1]))
    return row[-1]


_FIGURES: dict[str, Callable[[_Seen], _Measured]] = {
    "until_said": _until_said,
    "until_point": _until_point,
    "spoken": _spoken,
    "message": _message,
    "words": _words,
    "held": _held,
    "fillers": _fillers,
    "pace": _pace,
    "model": _model,
    "score": _score,
}


__all__ = ["ALIKE", "FEWEST_SECONDS", "aligned", "judge"]
