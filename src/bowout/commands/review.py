"""A result as text: every mark with the words behind it, the same content as the trainer's review."""

from __future__ import annotations

from collections.abc import Iterator

from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.marks import Delivery, Marks, Measure, Span, State

_SIGNS = {State.HEARD: "✓ heard    ", State.NOT_HEARD: "✗ not heard", State.UNSURE: "? unsure   "}
_EARS = {"vosk": "Vosk", "builtin": "the built-in ear", "typed": "typed words"}
_FIGURES = {
    "seconds": ("time spoken", "s"),
    "words_per_minute": ("words a minute", ""),
    "longest_pause_s": ("longest pause", "s"),
    "response_s": ("time to answer", "s"),
    "filler_count": ("fillers", ""),
    "clarity": ("clarity", ""),
}


def clock(seconds: float) -> str:
    """“1:05”."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _place(span: Span | None, unit: str) -> str:
    if span is None:
        return ""
    where = clock(span.start) if unit == "s" else f"word {int(span.start) + 1}"
    return f"“{span.quote}” ({where})"


def _figure(name: str, measure: Measure) -> str:
    label, unit = _FIGURES[name]
    if measure.value is None:
        return f"  {label:16} not measured"
    value = f"{measure.value:.2f}" if name == "clarity" else f"{measure.value:.1f}".removesuffix(".0")
    text = f"  {label:16} {value}{' ' + unit if unit else ''}"
    if measure.low is not None or measure.high is not None:
        low = "" if measure.low is None else f"{measure.low:g}"
        high = "" if measure.high is None else f"{measure.high:g}"
        target = f"{low}–{high}" if low and high else (f"up to {high}" if high else f"at least {low}")
        text += f"  (target {target}{'' if measure.within else ', outside'})"
    return text


def _delivery(delivery: Delivery) -> Iterator[str]:
    for name, measure in delivery.measures().items():
        yield _figure(name, measure)
    if delivery.fillers:
        yield "  " + ", ".join(f"{f.kind} at {clock(f.start)}" for f in delivery.fillers)


def lines(marks: Marks, title: str = "") -> Iterator[str]:
    """The whole review, line by line."""
    unit = marks.transcript.unit
    yield f"{title + ': ' if title else ''}{marks.score} of 100, {'passed' if marks.passed else 'not passed yet'}"
    ear = _EARS.get(marks.transcript.ear, marks.transcript.ear)
    times = {turn.times for turn in marks.transcript.turns}
    yield f"Heard by {ear}{', times are approximate' if 'approximate' in times else ''}."
    yield ""
    yield "What should be said"
    for mark in marks.items.values():
        need = "" if mark.required else " (optional)"
        yield f"  {_SIGNS[mark.state]}  {mark.id:10}{need} {_place(mark.span, unit)}".rstrip()
        if mark.state is not State.HEARD:
            yield f"                 {ITEMS[mark.id].question}"
            if mark.say_instead and mark.required:
                yield f"                 Say: {mark.say_instead}"
    yield ""
    yield "What should not be said"
    found = [mark for mark in marks.faults.values() if mark.found]
    for fault in found:
        yield f"  ! found      {fault.id:14} {_place(fault.span, unit)}"
        yield f"                 {FAULTS[fault.id].question}"
        if fault.say_instead:
            yield f"                 Instead: {fault.say_instead}"
    if not found:
        yield "  nothing found"
    yield ""
    yield "How it was said"
    yield from _delivery(marks.delivery)
    if marks.next_time:
        yield ""
        yield f"Next time: {marks.next_time}"


__all__ = ["clock", "lines"]
