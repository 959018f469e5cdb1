"""Reads a drill's document (schema 1): every problem with its place, and an upper bound on everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast, get_args

from bowout.core import reading
from bowout.core.criteria import FAULTS, INTENTS, ITEMS, Intent
from bowout.core.document import Mapped, Node, Problems, shown
from bowout.core.drills import FIGURES, OWED, SHAPES, Drill, Ends, Fits, Gate, Push, Shape, Timer
from bowout.core.drills_cut import LINES
from bowout.core.scenario import CHANNELS, PUSHBACKS, Channel, OwnItem, blanks
from bowout.core.settings import Mode

_Name = TypeVar("_Name", bound=str)

SCHEMA = "1"
MODES: tuple[Mode, ...] = get_args(Mode)
MOST_LINES = 12
"""Variants of a line."""
MOST_PUSHES = 12
MAX_TITLE = 60
MAX_ABOUT = 400
MAX_TELL = 120
"""One line of a terminal, and a little."""
LONGEST_S = 600.0
"""Of anything that is timed."""
MOST_TURNS = 20
MOST_TAKES = 20
MOST_COUNTDOWN = 10
LONGEST_WAIT_S = 60.0
"""Before the phone rings."""
MOST_FIGURE = 1000.0
"""Of a gate's limits."""

KEYS = (
    "schema", "id", "version", "title", "about", "tell", "shape", "figure", "modes", "fits", "ends", "marks", "gate",
    "timer", "countdown_s", "wait_s", "reads", "headphones", "takes", "lines", "pushes", "gives_in",
)  # fmt: skip
ONLY_IN: dict[str, Shape] = {"held": "pushback", "model": "shadow", "message": "voicemail"}
"""Figures that one shape alone has."""
NEEDED_LINES: dict[Shape, tuple[str, ...]] = {
    "whole": (),
    "opening": ("close",),
    "question": ("ask", "close"),
    "voicemail": ("greeting", "close"),
    "pushback": ("hello", "close"),
    "shadow": ("close",),
}


def read(node: Node, problems: Problems) -> Drill | None:
    """The drill a document describes, or ``None`` with at least one problem reported."""
    before = len(problems.found)
    top = Mapped(node, problems, KEYS, "A drill")
    if top.text("schema") not in ("", SCHEMA):
        problems.add(top.at("schema"), "This schema is not known here.", f"This version reads {SCHEMA}.")
    shape = cast(Shape, top.choice("shape", SHAPES))
    figure = top.choice("figure", FIGURES)
    marks = reading.optional_section(top, "marks", ("items", "faults", "targets", "lost_by"))
    fits = _fits(top)
    ends = _ends(top)
    drill = Drill(
        id=reading.read_id(top),
        version=top.whole("version", 1, 1, 10_000),
        title=top.text("title", longest=MAX_TITLE),
        about=top.text("about", longest=MAX_ABOUT),
        tell=top.text("tell", longest=MAX_TELL),
        shape=shape,
        figure=figure,
        modes=_ordered(top.names("modes", MODES), MODES) if "modes" in top else MODES,
        fits=fits,
        ends=ends,
        items=_ordered(marks.names("items", (OWED, *ITEMS)), (OWED, *ITEMS)) if "items" in marks else (OWED,),
        faults=marks.names("faults", FAULTS) if "faults" in marks else None,
        targets=reading.read_targets(marks),
        gate=_gate(top),
        timer=_timer(top),
        countdown_s=top.whole("countdown_s", 3, 0, MOST_COUNTDOWN),
        wait_s=_wait(top),
        reads=top.flag("reads", True),
        headphones=top.flag("headphones", shape == "shadow"),
        takes=top.whole("takes", 3, 1, MOST_TAKES),
        lines=_lines(top, shape, ends),
        pushes=_pushes(top, shape, fits, ends),
        gives_in=_gives_in(top, shape),
        lost_by=marks.names("lost_by", FAULTS),
    )
    if problems.full or len(problems.found) > before:
        return None
    _check_figure(drill, top)
    return drill if len(problems.found) == before else None


def _ordered(chosen: frozenset[str], order: Iterable[_Name]) -> tuple[_Name, ...]:
    return tuple(name for name in order if name in chosen)


def _fits(top: Mapped) -> Fits:
    section = reading.optional_section(top, "fits", ("intents", "channels", "easiest", "hardest", "unseen"))
    fits = Fits(
        intents=cast("frozenset[Intent]", section.names("intents", INTENTS)),
        channels=cast("frozenset[Channel]", section.names("channels", CHANNELS)),
        easiest=section.whole("easiest", 1, 1, 5),
        hardest=section.whole("hardest", 5, 1, 5),
        unseen=section.flag("unseen", False),
    )
    if fits.hardest < fits.easiest:
        top.problems.add(section.at("hardest"), "“hardest” comes before “easiest”.")
    return fits


def _ends(top: Mapped) -> Ends:
    section = reading.optional_section(top, "ends", ("turns", "turn_s", "speaking_s", "heard"))
    return Ends(
        turns=section.whole("turns", 1, 1, MOST_TURNS) if "turns" in section else None,
        turn_s=section.number("turn_s", 60, 3, LONGEST_S) if "turn_s" in section else None,
        speaking_s=section.number("speaking_s", 60, 3, LONGEST_S) if "speaking_s" in section else None,
        heard=section.flag("heard", False),
    )


def _gate(top: Mapped) -> Gate:
    section = reading.optional_section(top, "gate", ("items", "faults", "least", "most", "takes"))
    gate = Gate(
        items=section.whole("items", 0, 0, len(ITEMS)) if "items" in section else None,
        faults=section.whole("faults", 0, 0, len(FAULTS)),
        least=section.number("least", 0, 0, MOST_FIGURE) if "least" in section else None,
        most=section.number("most", 0, 0, MOST_FIGURE) if "most" in section else None,
        takes=section.whole("takes", 3, 1, MOST_TAKES),
    )
    if gate.least is not None and gate.most is not None and gate.most < gate.least:
        top.problems.add(section.at("most"), "“most” is smaller than “least”.")
    return gate


def _timer(top: Mapped) -> Timer:
    section = reading.optional_section(top, "timer", ("amber_s", "red_s", "grace_s"))
    default = Timer()
    timer = Timer(
        amber_s=section.number("amber_s", default.amber_s, 1, LONGEST_S),
        red_s=section.number("red_s", default.red_s, 1, LONGEST_S),
        grace_s=section.number("grace_s", default.grace_s, 0, LONGEST_S),
    )
    if timer.red_s < timer.amber_s:
        top.problems.add(section.at("red_s"), "“red_s” comes before “amber_s”.")
    return timer


def _wait(top: Mapped) -> tuple[float, float]:
    if "wait_s" not in top:
        return 0.0, 0.0
    node = top.at("wait_s")
    ends = [each.value for each in node.value if isinstance(each.value, str)] if isinstance(node.value, list) else []
    try:
        low, high = (float(end) for end in ends)
    except ValueError:
        low = high = float("nan")
    if not 0 <= low <= high <= LONGEST_WAIT_S:
        told = f"“wait_s” should be two numbers from 0 to {LONGEST_WAIT_S:g}: the least and the most."
        top.problems.add(node, told, "Such as [5, 20].")
        return 0.0, 0.0
    return low, high


def _lines(top: Mapped, shape: Shape, ends: Ends) -> dict[str, tuple[str, ...]]:
    section = reading.optional_section(top, "lines", LINES)
    lines = {name: _said(section, name) for name in section.entries if name in LINES}
    needed = [*NEEDED_LINES.get(shape, ())]
    if shape in ("opening", "question") and (ends.turns or 1) > 1:
        needed.append("nudge")
    for name in needed:
        if name not in lines:
            told = f"A drill of the shape “{shape}” needs a line “{name}”."
            top.problems.add(top.at("lines"), told, f"What is said when {LINES[name]}.")
    return {name: said for name, said in lines.items() if said}


def _said(section: Mapped, key: str) -> tuple[str, ...]:
    """Variants of a line. It is said in any scenario, so it can use no fact of one."""
    said = section.placed_texts(key, required=True, most=MOST_LINES, longest=reading.MAX_LINE)
    for line, node in said:
        if blanks(line):
            told = f"A drill's line has no blanks, such as {{{shown(blanks(line)[0])}}}."
            section.problems.add(node, told, "It is said in any scenario: word it without.")
    return tuple(line for line, _ in said)


def _pushes(top: Mapped, shape: Shape, fits: Fits, ends: Ends) -> dict[str, tuple[Push, ...]]:
    section = reading.optional_section(top, "pushes", INTENTS)
    pushes: dict[str, tuple[Push, ...]] = {}
    for intent in section.entries:
        if intent not in INTENTS:
            continue
        made = []
        for node in section.items(intent, most=MOST_PUSHES):
            push = Mapped(node, top.problems, ("kind", "say"), "A push")
            made.append(Push(push.choice("kind", PUSHBACKS), _said(push, "say")))
        pushes[intent] = tuple(made)
    if shape == "pushback":
        for intent in sorted(fits.intents or INTENTS):
            number = len(pushes.get(intent, ()))
            if number < (ends.turns or 1):
                told = f"“pushes” has {number} for “{intent}”, and {ends.turns or 1} are wanted."
                top.problems.add(section.entries.get(intent, top.at("pushes")), told, "Add some, or change “fits”.")
    return pushes


def _gives_in(top: Mapped, shape: Shape) -> OwnItem | None:
    if "gives_in" not in top:
        if shape == "pushback":
            told = "A drill of the shape “pushback” needs “gives_in”."
            top.problems.add(top.node, told, "Say how giving in is worded.")
        return None
    section = Mapped(top.at("gives_in"), top.problems, ("patterns", "met", "not_met"), "“gives_in”")
    if "patterns" not in section:
        top.problems.add(section.node, "“gives_in” has no “patterns”.")
    met, not_met = (reading.read_sentences(section, key, "“gives_in”") for key in ("met", "not_met"))
    patterns = reading.read_patterns(section, "patterns") if "patterns" in section else ()
    return OwnItem("gives_in", "Gave in?", "", patterns, met, not_met)


def _check_figure(drill: Drill, top: Mapped) -> None:
    only = ONLY_IN.get(drill.figure)
    if only is not None and drill.shape != only:
        told = f"The figure “{drill.figure}” belongs to the shape “{only}”."
        fitting = ", ".join(name for name in FIGURES if ONLY_IN.get(name, drill.shape) == drill.shape)
        top.problems.add(top.at("figure"), told, f"This shape has: {fitting}.")
    limit = {"less": ("most", drill.gate.most), "more": ("least", drill.gate.least), "band": ("most", drill.gate.most)}
    key, value = limit[drill.measures.better]
    if value is None:
        told = f"The gate has no “{key}” for the figure “{drill.figure}”."
        top.problems.add(top.at("gate"), told, f"It is counted in: {drill.measures.unit}.")
    if drill.measures.better == "band" and drill.gate.least is None:
        top.problems.add(top.at("gate"), f"The gate has no “least” for the figure “{drill.figure}”.")
    if drill.figure == "until_point" and drill.items and not {OWED, "ask"} & set(drill.items):
        top.problems.add(top.at("marks"), "“until_point” ends with the decision, which is not marked.", "Add “ask”.")
    if drill.figure == "until_said" and not drill.items:
        top.problems.add(top.at("marks"), "“until_said” needs something that is to be said.", "Name “items”.")


__all__ = ["KEYS", "LINES", "MODES", "NEEDED_LINES", "ONLY_IN", "SCHEMA", "read"]
