"""A result in plain words, for whoever shows it: labels, times, figures, labelled stretches of the transcript.

Also the caller's own correction of what was heard: ``corrected`` keeps the times of every word that stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from bowout.core.criteria import ITEMS
from bowout.core.disputes import Dispute
from bowout.core.labels import CHANNEL_WORDS, DIFFICULTY_WORDS, EAR_WORDS, INTENT_WORDS
from bowout.core.marks import FaultMark, ItemMark, Marks, Measure, Span, State
from bowout.core.scenario import Scenario, fill
from bowout.core.transcript import Transcript, Turn, Unit, Word

ITEM_WORDS: dict[str, str] = {
    "greeting": "a greeting",
    "name": "your name",
    "role": "which job",
    "when": "when it is",
    "ask": "the decision",
    "reason": "a reason",
    "apology": "an apology",
    "options": "two alternatives",
    "thanks": "thanks",
    "goodwill": "good wishes",
    "follow_up": "a message to follow",
}
FAULT_WORDS: dict[str, str] = {
    "vague_reason": "an empty reason",
    "weak_reason": "a weak reason",
    "oversharing": "too much detail",
    "mixed_message": "a mixed message",
    "soft_no": "no commitment",
    "negativity": "criticism",
    "leverage": "bargaining",
    "over_apology": "too many apologies",
}

OUTCOME_WORDS: dict[str, str] = {
    "hung_up": "You ended it.",
    "ran_out": "The recruiter had to go.",
    "not_heard": "The recruiter heard nothing and hung up.",
    "unclear": "The recruiter did not learn what you want.",
    "left_open": "It was left open.",
    "withdrawn": "You are out of the process.",
    "moved": "A new date is being looked for.",
    "left": "You left in good order.",
    "stayed": "You are still in the room.",
    "over": "The drill is over.",
}

NOT_MEASURED = "not measured"


def item_words(id_: str) -> str:
    """An item in two or three words; a scenario's own by its name."""
    return ITEM_WORDS.get(id_) or id_.replace("_", " ")


def outcome_words(outcome: str, scenario: Scenario | None = None, facts: Mapping[str, str] = {}) -> str:
    """How the call ended, as a sentence: the scenario's own where it has one."""
    if scenario is not None and outcome in scenario.outcomes:
        return fill(scenario.outcomes[outcome].says, facts)
    return OUTCOME_WORDS.get(outcome, f"The call ended: {outcome.replace('_', ' ')}.")


def clock(seconds: float) -> str:
    """“0:12”, as on a player."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def place(span: Span, unit: Unit, *, approximate: bool = False) -> str:
    """Where a quote is to be found: “0:12”, “about 0:12”, or “word 7” where nothing was recorded."""
    if unit == "word":
        return f"word {int(span.start) + 1}"
    return f"about {clock(span.start)}" if approximate else f"at {clock(span.start)}"


def approximate(transcript: Transcript, turn: int | None = None) -> bool:
    """True if the times of this turn (or of any) are not exact."""
    return any(t.times == "approximate" for t in transcript.turns if turn is None or t.index == turn)


Tone = Literal["good", "bad", "doubt", "plain"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the marked checklist: a glyph, a word and a tone say the same thing three times."""

    id: str
    glyph: str
    word: str
    label: str
    tone: Tone
    question: str = ""
    span: Span | None = None
    say_instead: str = ""
    required: bool = False
    fault: bool = False
    engine: str = ""
    """The engine's word where the caller disputes it: ``word`` is then the caller's own."""
    rated: str = ""
    """What the caller said before the marks, where the engine says otherwise."""


def state_words(state: str) -> str:
    """“not heard” for ``not_heard``, and so on."""
    return state.replace("_", " ")


def item_row(mark: ItemMark, question: str = "") -> Row:
    state = mark.yours or mark.state
    glyph, word, tone = {
        State.HEARD: ("✓", "heard", "good"),
        State.NOT_HEARD: ("✗", "not heard", "bad"),
        State.UNSURE: ("?", "unsure", "doubt"),
    }[state]
    if state is State.NOT_HEARD and not mark.required:
        glyph, tone = "·", "plain"
    question = question or mark.question or (ITEMS[mark.id].question if mark.id in ITEMS else "")
    instead = "" if mark.yours is State.HEARD else mark.say_instead
    engine = "" if mark.yours is None else state_words(mark.state.value)
    return Row(
        mark.id, glyph, word, item_words(mark.id), tone, question, mark.span, instead, mark.required, engine=engine  # type: ignore[arg-type]
    )  # fmt: skip


def fault_row(mark: FaultMark, question: str = "") -> Row:
    found = mark.found if mark.yours is None else mark.yours
    glyph, word, tone = ("!", "fault", "bad") if found else ("·", "not found", "plain")
    instead = mark.say_instead if found else ""
    engine = "" if mark.yours is None else ("fault" if mark.found else "not found")
    label = FAULT_WORDS.get(mark.id, mark.id)
    return Row(mark.id, glyph, word, label, tone, question, mark.span, instead, fault=True, engine=engine)  # type: ignore[arg-type]


def dispute_words(dispute: Dispute, label: str, *, kept: bool = True) -> str:
    """What the key has just done to a mark, and what it does next.

    Args:
        label: the criterion in words.
        kept: False where the call has no record to keep it in.
    """
    if dispute.user is None:
        return f"Taken back. “{label}” is the trainer's again: {state_words(dispute.engine)}. D disputes it."
    halfway = (dispute.engine, dispute.user) == ("unsure", "heard")
    again = "D again makes it not heard." if halfway else "D takes it back."
    gone = "" if kept else " This call has no record, so it goes when you close the review."
    return f"“{label}” is yours now: {state_words(dispute.user)}. {again}{gone}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of delivery beside its target."""

    label: str
    value: str
    target: str
    verdict: str
    tone: Tone


_FIGURES: dict[str, tuple[str, str, int]] = {
    "seconds": ("You spoke for", "s", 0),
    "words_per_minute": ("Pace", "words a minute", 0),
    "longest_pause_s": ("Longest pause", "s", 1),
    "response_s": ("You answered after", "s", 1),
    "filler_count": ("Um, uh, er", "heard at least", 0),
    "clarity": ("Clarity", "%", 0),
}


def figures(marks: Marks) -> list[Figure]:
    """The delivery, one row a figure, in the order in which it is shown."""
    return [_figure(name, measure) for name, measure in marks.delivery.measures().items()]


def _figure(name: str, measure: Measure) -> Figure:
    label, unit, digits = _FIGURES.get(name, (name, "", 1))
    factor = 100 if name == "clarity" else 1

    def number(value: float) -> str:
        return f"{value * factor:.{digits}f}"

    low, high = measure.low, measure.high
    if low is not None and high is not None:
        target = f"{number(low)}–{number(high)}"
    elif high is not None:
        target = f"up to {number(high)}"
    elif low is not None:
        target = f"from {number(low)}"
    else:
        target = "–"
    if measure.value is None:
        return Figure(label, NOT_MEASURED, target, "", "plain")
    value = f"{number(measure.value)} {unit}".strip()
    if measure.within is None:
        return Figure(label, value, target, "", "plain")
    if measure.within:
        return Figure(label, value, target, "✓ good", "good")
    over = high is not None and measure.value > high
    return Figure(label, value, target, "▲ above" if over else "▼ below", "doubt")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a turn; ``labels`` name what it was credited or blamed for."""

    text: str
    labels: tuple[str, ...] = ()
    fault: bool = False
    doubt: bool = False


def _disputed(mark: ItemMark | FaultMark) -> str:
    return "" if mark.yours is None else " (disputed)"


def stretches(turn: Turn, marks: Marks) -> list[Stretch]:
    """The turn's words cut where a credited or blamed stretch begins or ends; each label once, at its end."""
    spans: list[tuple[Span, str, bool, bool]] = [
        (m.span, item_words(m.id) + _disputed(m), False, m.state is State.UNSURE)
        for m in marks.items.values()
        if m.span is not None and m.span.turn == turn.index and m.state is not State.NOT_HEARD
    ]
    spans += [
        (m.span, FAULT_WORDS.get(m.id, m.id) + _disputed(m), True, False)
        for m in marks.faults.values()
        if m.found and m.span is not None and m.span.turn == turn.index
    ]
    covering = [
        tuple(
            i for i, (span, *_) in enumerate(spans) if span.start - 1e-6 <= word.start and word.end <= span.end + 1e-6
        )
        for word in turn.words
    ]
    last = {i: n for n, inside in enumerate(covering) for i in inside}
    made: list[Stretch] = []
    n = 0
    while n < len(turn.words):
        m = n
        while m + 1 < len(turn.words) and covering[m + 1] == covering[n]:
            m += 1
        inside = covering[n]
        made.append(
            Stretch(
                " ".join(w.text for w in turn.words[n : m + 1]),
                tuple(spans[i][1] for i in inside if last[i] == m),
                any(spans[i][2] for i in inside),
                bool(inside) and all(spans[i][3] for i in inside),
            )
        )
        if not inside:
            made[-1] = replace(made[-1], labels=())
        n = m + 1
    return made


def _bare(text: str) -> str:
    return re.sub(r"[^\w']+", "", text.lower())


def corrected(transcript: Transcript, text: str) -> Transcript:
    """The transcript as its caller says it was: one line a turn, in order.

    Words that stay keep their times; new ones share the time of the words around them. Nobody doubts a text that
    its speaker has read, so no word carries a confidence any more. With more lines than turns the surplus joins the
    last turn.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # A turn without words has no line of its own, so lines are dealt out to the turns that had some.
    spoken = [turn for turn in transcript.turns if turn.words] or list(transcript.turns[:1])
    if not spoken:
        spoken = [Turn(0, ())]
    if len(lines) > len(spoken):
        lines = [*lines[: len(spoken) - 1], " ".join(lines[len(spoken) - 1 :])]
    lines += [""] * (len(spoken) - len(lines))
    made = {turn.index: _turn(turn, line.split()) for turn, line in zip(spoken, lines, strict=True)}
    turns = tuple(made.get(turn.index, turn) for turn in transcript.turns) or tuple(made.values())
    if transcript.unit == "word":
        turns = _renumbered(turns)
    return replace(transcript, turns=turns)


def _turn(turn: Turn, tokens: Sequence[str]) -> Turn:
    old = turn.words
    matcher = SequenceMatcher(None, [_bare(w.text) for w in old], [_bare(t) for t in tokens], autojunk=False)
    words: list[Word] = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            words += [replace(w, text=t, confidence=None) for w, t in zip(old[i:i_end], tokens[j:j_end], strict=True)]
        elif j_end > j:
            start, end = _gap(old, i, i_end)
            step = (end - start) / (j_end - j)
            words += [Word(t, start + n * step, start + (n + 1) * step) for n, t in enumerate(tokens[j:j_end])]
    return replace(turn, words=tuple(words))


def _gap(old: Sequence[Word], i: int, i_end: int) -> tuple[float, float]:
    """The time that the replaced words took, or the pause into which words were put."""
    if i_end > i:
        return old[i].start, old[i_end - 1].end
    start = old[i - 1].end if i > 0 else (old[0].start if old else 0.0)
    end = old[i].start if i < len(old) else start
    return start, max(start, end)


def _renumbered(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    made, position = [], 0
    for turn in turns:
        words = tuple(replace(w, start=position + n, end=position + n + 1) for n, w in enumerate(turn.words))
        position += len(words)
        made.append(replace(turn, words=words))
    return tuple(made)


def editable(transcript: Transcript) -> str:
    """What ``corrected`` reads back: one line a turn in which something was said."""
    return "\n".join(turn.text for turn in transcript.turns if turn.words)


__all__ = [
    "CHANNEL_WORDS", "DIFFICULTY_WORDS", "EAR_WORDS", "FAULT_WORDS", "INTENT_WORDS", "ITEM_WORDS", "NOT_MEASURED",
    "Figure", "Row", "Stretch", "Tone", "approximate", "clock", "corrected", "dispute_words", "editable", "fault_row",
    "figures", "item_row", "item_words", "outcome_words", "place", "state_words", "stretches",
]  # fmt: skip
