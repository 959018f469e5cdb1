"""A drill's figures, its gate and its results in words, and what to do next time: one sentence after every take. It
says what to do, and never what somebody is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bowout.core.drills import Drill, DrillResult, Figure, Standing
from bowout.core.marks import Marks, State
from bowout.core.review import FAULT_WORDS, item_words

_ITEMS: dict[str, str] = {
    "greeting": "Open with a greeting",
    "name": "Say your name right after the greeting",
    "role": "Name the job once",
    "when": "Say when the interview is",
    "ask": "Say your decision in one plain sentence",
    "reason": "Give one reason a stranger would believe, in one phrase",
    "apology": "Say sorry once",
    "options": "Name two times, each with a day and an hour",
    "thanks": "Thank them before you go",
    "goodwill": "Wish them well",
    "follow_up": "Promise a written word",
}
_FIRST = ("ask", "options", "reason", "name", "greeting")
"""What matters most is said first."""
_LESS: dict[str, str] = {
    "until_said": "Begin with what counts, and leave everything else for later.",
    "until_point": "Begin with the decision: one sentence, and then the reason.",
    "spoken": "Leave out one sentence that nobody asked for.",
    "message": "Plan four sentences: who you are, what you decided, when you can, thank you.",
    "words": "Say it as a headline: the kind of reason, and then stop.",
    "fillers": "When an “um” comes, close your mouth and let the pause be: it sounds like thought.",
}
_MORE: dict[str, str] = {
    "held": "Answer a push with the same short sentence every time: thank them, and stay with it.",
    "model": "Listen to the line once more, and say it in two halves.",
    "score": "Read what was missed aloud once, then call again.",
}
_SILENT = "Say one sentence, whatever it is; the next take begins from there."


def amount(measures: Figure, value: float) -> str:
    """A figure with its unit: “8.2 s”, “1 word”, “87 %”."""
    one = {"words": "word", "pushes": "push", "fillers a minute": "filler a minute", "points": "point"}
    return f"{value:g} {one.get(measures.unit, measures.unit) if value == 1 else measures.unit}"


def limit(drill: Drill) -> str:
    """What the gate wants of the figure: “at most 10 s”; empty where it wants nothing."""
    measures, low, high = drill.measures, drill.gate.least, drill.gate.most
    if low is not None and high is not None:
        return f"between {low:g} and {amount(measures, high)}"
    if high is not None:
        return f"at most {amount(measures, high)}"
    return "" if low is None else f"at least {amount(measures, low)}"


def verdict(drill: Drill, result: DrillResult) -> str:
    """What the gate says of a take, in one line."""
    if result.met:
        return f"The gate is met: {limit(drill)}."
    if result.met is None:
        return f"The gate can't be judged: {limit(drill)}, and nothing was measured. What was marked speaks for you."
    items = [item_words(id_) for id_ in result.missed if result.marked.get(id_) == State.NOT_HEARD.value]
    faults = [FAULT_WORDS.get(id_, id_) for id_ in result.missed if result.marked.get(id_) == "found"]
    told = ["Not yet."]
    if items:
        told.append(f"Not heard: {', '.join(items)}.")
    if faults:
        told.append(f"Heard: {', '.join(faults)}.")
    if limit(drill):
        told.append(f"The gate is {limit(drill)}.")
    return " ".join(told)


def figure_line(drill: Drill, result: DrillResult) -> str:
    """The one figure of a take."""
    if result.value is not None:
        return f"{amount(drill.measures, result.value)} {drill.measures.what}"
    return "not measured" if not result.measured else f"no figure: {drill.measures.what}"


def standing_line(drill: Drill, now: Standing) -> str:
    """Best, median and what is to be beaten, in one line."""
    parts = []
    if now.to_beat is not None:
        parts.append(f"to beat {amount(drill.measures, now.to_beat)}")
    if now.median_of_last_five is not None:
        parts.append(f"median of the last five {amount(drill.measures, round(now.median_of_last_five, 1))}")
    if now.best is not None:
        parts.append(f"best {amount(drill.measures, now.best)}")
    row = "the gate is open" if now.open else f"{now.in_a_row} of {drill.gate.takes} in a row"
    return ", ".join([*parts, row])


def lines(drill: Drill, result: DrillResult, now: Standing) -> Iterator[str]:
    """A take's result for people."""
    yield f"{drill.title}: {figure_line(drill, result)}"
    yield from result.detail
    yield verdict(drill, result)
    told = standing_line(drill, now)
    yield f"{told[0].upper()}{told[1:]}."
    yield f"Next time: {result.change}"


def change_for(drill: Drill, marks: Marks, value: float | None, missed: Sequence[str], not_measured: str) -> str:
    """The one thing to do next time.

    Args:
        value: the figure.
        missed: what was not met, see ``DrillResult``.
        not_measured: why there is no figure; empty where it was measured, or not reached.
    """
    if not any(turn.words for turn in marks.transcript.turns):
        return _SILENT
    items = [id_ for id_ in missed if id_ in marks.items]
    if items:
        first = min(items, key=lambda id_: _FIRST.index(id_) if id_ in _FIRST else len(_FIRST))
        return _with_example(_ITEMS.get(first, marks.items[first].question), marks.items[first].say_instead)
    faults = [id_ for id_ in missed if id_ in marks.faults]
    if faults and marks.faults[faults[0]].say_instead:
        return marks.faults[faults[0]].say_instead
    if "figure" in missed:
        return _for_figure(drill, value)
    if not_measured:
        return "Say it aloud next time: then there is a figure to beat."
    return _held_well(drill, value)


def _with_example(told: str, example: str) -> str:
    if not example:
        return f"{told}."
    if "“" in example or "each with" in example or example.startswith("Say "):
        return example
    if told.endswith("?"):
        return f"Say it in one sentence: “{example}”"
    return f"{told}: “{example}”"


def _for_figure(drill: Drill, value: float | None) -> str:
    if drill.figure == "pace":
        slow = value is not None and drill.gate.least is not None and value < drill.gate.least
        if slow:
            return "Take one breath less between the sentences, and let the words run on a little."
        return "Breathe at every full stop: one breath is enough to come back into the band."
    return (_LESS if drill.measures.better == "less" else _MORE)[drill.figure]


def _held_well(drill: Drill, value: float | None) -> str:
    measures = drill.measures
    if measures.better == "less" and value and value > 1:
        aim = f"{value - 1:.0f}" if value > 3 else f"{value - 0.5:.1f}"
        return f"Try for {aim} {measures.unit}."
    if measures.better == "more" and measures.unit == "%" and value is not None and value < 100:
        return "Look away from the line while you say it alone."
    return "Do it once more on another day, or on another scenario."


__all__ = ["amount", "change_for", "figure_line", "limit", "lines", "standing_line", "verdict"]
