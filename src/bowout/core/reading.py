"""Reads a scenario's document (schema 1): every problem with its place, and an upper bound on everything.

A file may come from a stranger. Whatever this module lets through is small: so many steps, lines, patterns and
characters, and facts that can't multiply when they are put into one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from bowout.core import moments
from bowout.core.criteria import FAULTS, INTENTS, ITEMS, Intent
from bowout.core.delivery import TARGETS
from bowout.core.document import Mapped, Node, Problems, shown, suggestion
from bowout.core.letters import KINDS
from bowout.core.scenario import (
    CHANNELS,
    HUNG_UP,
    PUSHBACKS,
    RAN_OUT,
    SCHEMA,
    Brief,
    CallLimits,
    Channel,
    Listen,
    Outcome,
    OwnItem,
    Persona,
    Range,
    Rule,
    Scenario,
    Step,
    blanks,
)

MOST_STEPS = 60
MOST_VARIANTS = 12
MOST_RULES = 20
MOST_CUES = 20
MOST_PEOPLE = 8
MOST_TAGS = 12
MOST_OUTCOMES = 20
MOST_ITEMS = 12
MOST_PATTERNS = 40
MOST_SENTENCES = 40
FEWEST_SENTENCES = 5
"""Sentences that an item of its own needs on either side."""
MOST_FACTS = 60
MOST_TIMES = 20
MOST_TURNS = 20
"""Texts of a script or an answer."""

MAX_LINE = 400
"""Characters of one recruiter's line: about 25 s aloud."""
MAX_PATTERN = 200
MAX_FILLED = 2500
"""Characters of any text once its blanks are filled."""
_MAX_TITLE = 120
_MAX_NAME = 80
_MAX_FACT = 300
_MAX_SAID = 1500
"""Characters of one turn of an answer: a minute and a half aloud."""
_MAX_SHORT = 240
_MAX_TAG = 30
_MAX_TIME = 40
"""Characters of a time in words, and more than the longest has."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_STEP = re.compile(r"[A-Za-z0-9_-]+")
_ITEM = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_ID = 64
_LONGEST_NAME = 40

_KEYS = (
    "schema", "id", "version", "title", "intent", "channel", "difficulty", "tags", "brief", "persona", "people",
    "facts", "times", "script", "call", "outcomes", "checklist", "items", "limits", "model_answer", "weak_answer",
    "follow_up",
)  # fmt: skip
_PERSONA = ("name", "voice", "words_per_minute")


def read(node: Node, problems: Problems) -> Scenario | None:
    """The scenario a document describes, or ``None`` with at least one problem reported."""
    before = len(problems.found)
    top = Mapped(node, problems, _KEYS, "A scenario")
    if top.text("schema") not in ("", SCHEMA):
        problems.add(top.at("schema"), "This schema is not known here.", f"This version reads {SCHEMA}.")
    identity = read_id(top)
    brief = Mapped(top.at("brief"), problems, ("you", "them", "situation"), "“brief”")
    checklist = optional_section(top, "checklist", ("required", "weights", "targets", "cues"))
    intent = cast(Intent, top.choice("intent", INTENTS))
    channel = cast(Channel, top.choice("channel", CHANNELS))
    items = _items(top)
    known = [*_applicable(ITEMS, intent), *items]
    people = _people(top)
    outcomes = _outcomes(top)
    weak = Mapped(top.at("weak_answer"), problems, ("say", "faults"), "“weak_answer”")
    start, steps = _Graph(top, channel, [*ITEMS, *items], people, outcomes).read()

    scenario = Scenario(
        id=identity,
        version=top.whole("version", 1, 1, 10_000),
        title=top.text("title", longest=_MAX_TITLE),
        intent=intent,
        channel=channel,
        difficulty=top.whole("difficulty", 1, 1, 5),
        brief=Brief(brief.text("you"), brief.text("them"), brief.text("situation")),
        persona=_persona(Mapped(top.at("persona"), problems, _PERSONA, "“persona”")),
        facts=_named(top, "facts", top.text_map("facts", most=MOST_FACTS, longest=_MAX_FACT)),
        times=_times(top),
        script=top.texts("script", required=True, most=MOST_TURNS),
        start=start,
        steps=steps,
        model_answer=top.texts("model_answer", required=True, most=MOST_TURNS, longest=_MAX_SAID),
        weak_answer=weak.texts("say", required=True, most=MOST_TURNS, longest=_MAX_SAID),
        weak_faults=weak.names("faults", _applicable(FAULTS, intent)),
        follow_up=top.choice("follow_up", KINDS),
        required=checklist.names("required", known) if "required" in checklist else None,
        weights=_weights(checklist, known),
        limits=_limits(optional_section(top, "limits", ("green_s", "red_s", "max_turn_s", "no_speech_s", "turns"))),
        tags=top.texts("tags", most=MOST_TAGS, longest=_MAX_TAG),
        people=people,
        outcomes=outcomes,
        targets=read_targets(checklist),
        cues=_cues(checklist, [*_applicable(ITEMS, intent), *_applicable(FAULTS, intent)]),
        items=items,
    )
    _check_blanks(scenario, top)
    return scenario if len(problems.found) == before and not problems.full else None


def read_id(top: Mapped) -> str:
    """The id of a scenario or a drill."""
    identity = top.text("id")
    if identity and not (_ID.fullmatch(identity) and len(identity) <= LONGEST_ID):
        hint = f"Use at most {LONGEST_ID} lower-case letters and digits, joined by hyphens."
        top.problems.add(top.at("id"), f"“{shown(identity)}” can't be an id.", hint)
    return identity


def optional_section(top: Mapped, key: str, known: Iterable[str]) -> Mapped:
    """A mapping that may be left out."""
    at = top.at(key) if key in top else Node({}, top.node.line, top.node.column)
    return Mapped(at, top.problems, known, f"“{key}”")


def _applicable(table: Mapping[str, object], intent: Intent) -> list[str]:
    return [name for name, entry in table.items() if entry.applies_to(intent)]  # type: ignore[attr-defined]


def _named(top: Mapped, key: str, found: dict[str, str]) -> dict[str, str]:
    """The entries, once their names are such as a blank can have."""
    nodes = top.mapping(key) if found else {}
    for name in found:
        if not (_NAME.fullmatch(name) and len(name) <= _LONGEST_NAME):
            told = f"“{shown(name)}” can't be a name here."
            top.problems.add(nodes.get(name, top.node), told, f"At most {_LONGEST_NAME} letters, digits and “_”.")
    return found


def _times(top: Mapped) -> dict[str, moments.Moment]:
    times: dict[str, moments.Moment] = {}
    for name, text in _named(top, "times", top.text_map("times", most=MOST_TIMES)).items():
        moment = moments.parse(text)
        if moment is None:
            at = top.mapping("times")[name]
            top.problems.add(at, f"“{shown(text)}” is not a time that is known here.", f"Write {moments.FORMS}.")
        else:
            times[name] = moment
    return times


def _persona(section: Mapped) -> Persona:
    return Persona(
        section.text("name", longest=_MAX_NAME),
        section.text("voice", "", longest=_MAX_NAME),
        section.whole("words_per_minute", 165, 80, 300),
    )


def _people(top: Mapped) -> dict[str, Persona]:
    people: dict[str, Persona] = {}
    for name, node in top.mapping("people", most=MOST_PEOPLE).items():
        if not (_NAME.fullmatch(name) and len(name) <= _LONGEST_NAME):
            told = f"“{shown(name)}” can't be a name here."
            top.problems.add(node, told, f"At most {_LONGEST_NAME} letters, digits and “_”.")
        people[name] = _persona(Mapped(node, top.problems, _PERSONA, f"“people.{shown(name)}”"))
    return people


def _outcomes(top: Mapped) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for name, node in top.mapping("outcomes", most=MOST_OUTCOMES).items():
        if not (_ITEM.fullmatch(name) and len(name) <= _LONGEST_NAME):
            told = f"“{shown(name)}” can't be an outcome."
            top.problems.add(node, told, f"At most {_LONGEST_NAME} characters: lower-case words joined by “_”.")
        elif name in (RAN_OUT, HUNG_UP):
            top.problems.add(node, f"“{name}” is what the program calls an end of its own.", "Take another name.")
        section = Mapped(node, top.problems, ("says", "good"), f"Outcome “{shown(name)}”")
        if "good" not in section:
            top.problems.add(node, f"Outcome “{shown(name)}” does not say whether it is “good”.", "true, or false.")
        outcomes[name] = Outcome(section.text("says", longest=_MAX_SHORT), section.flag("good", False))
    return outcomes


def _weights(checklist: Mapped, known: list[str]) -> dict[str, int]:
    section = optional_section(checklist, "weights", known)
    return {name: section.whole(name, 1, 0, 100) for name in section.entries if name in known}


def read_targets(checklist: Mapped) -> dict[str, Range]:
    """Delivery targets that replace the published ones."""
    section = optional_section(checklist, "targets", TARGETS)
    targets: dict[str, Range] = {}
    for name, node in section.entries.items():
        if name not in TARGETS:
            continue
        ends = [n.value for n in node.value if isinstance(n.value, str)] if isinstance(node.value, list) else []
        bounds = [_bound(end.strip()) for end in ends]
        low, high = bounds if len(bounds) == 2 else (float("nan"), float("nan"))
        if low != low or high != high or (low is not None and high is not None and low > high):
            told = f"“{name}” should be two numbers: the least and the most."
            section.problems.add(node, told, "Such as [100, 170], or [-, 2] for no least.")
        else:
            targets[name] = (low, high)
    return targets


def _bound(text: str) -> float | None:
    """A limit; ``None`` = there is none; not a number where it is nonsense."""
    if text == "-":
        return None
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if 0 <= value <= 10_000 else float("nan")


def _cues(checklist: Mapped, known: list[str]) -> dict[str, tuple[str, ...]]:
    section = optional_section(checklist, "cues", known)
    found = {name: read_patterns(section, name) for name in section.entries if name in known}
    return {name: patterns for name, patterns in found.items() if patterns}


def read_patterns(section: Mapped, key: str) -> tuple[str, ...]:
    """Patterns that can be read, with at least one that finds something."""
    from bowout.core.marking.extra import fault_in  # here: a scenario without patterns needs no bank

    patterns = section.placed_texts(key, required=True, most=MOST_PATTERNS, longest=MAX_PATTERN)
    for pattern, node in patterns:
        wrong = fault_in(pattern)
        if wrong:
            section.problems.add(node, f"This pattern can't be read: {wrong}.")
    if patterns and all(pattern.startswith("!") for pattern, _ in patterns):
        told = f"“{key}” has nothing but exceptions (“!”)."
        section.problems.add(section.at(key), told, "Add a pattern that finds something.")
    return tuple(pattern for pattern, _ in patterns)


def _items(top: Mapped) -> dict[str, OwnItem]:
    items: dict[str, OwnItem] = {}
    for name, node in top.mapping("items", most=MOST_ITEMS).items():
        if not (_ITEM.fullmatch(name) and len(name) <= _LONGEST_NAME):
            told = f"“{shown(name)}” can't be an item."
            top.problems.add(node, told, f"At most {_LONGEST_NAME} characters: lower-case words joined by “_”.")
        elif name in ITEMS or name in FAULTS:
            top.problems.add(node, f"“{name}” is there already.", "Give your own item another name.")
        item = Mapped(node, top.problems, ("question", "say", "patterns", "met", "not_met"), f"Item “{shown(name)}”")
        if "patterns" not in item:
            top.problems.add(node, f"Item “{shown(name)}” has no “patterns”.")
        items[name] = OwnItem(
            name,
            item.text("question", longest=_MAX_SHORT),
            item.text("say", longest=MAX_LINE),
            read_patterns(item, "patterns") if "patterns" in item else (),
            read_sentences(item, "met", f"Item “{shown(name)}”"),
            read_sentences(item, "not_met", f"Item “{shown(name)}”"),
        )
    return items


def read_sentences(section: Mapped, key: str, what: str) -> tuple[str, ...]:
    """Sentences that patterns are tried on."""
    sentences = section.texts(key, most=MOST_SENTENCES, longest=MAX_LINE)
    if len(sentences) < FEWEST_SENTENCES:
        told = f"{what} has {len(sentences)} sentences in “{key}”."
        section.problems.add(section.at(key), told, f"At least {FEWEST_SENTENCES}.")
    return sentences


def _limits(section: Mapped) -> CallLimits:
    default = CallLimits()
    limits = CallLimits(
        green_s=section.number("green_s", default.green_s, 3, 600),
        red_s=section.number("red_s", default.red_s, 3, 900),
        max_turn_s=section.number("max_turn_s", default.max_turn_s, 5, 300),
        no_speech_s=section.number("no_speech_s", default.no_speech_s, 2, 60),
        turns=section.whole("turns", default.turns, 1, 40),
    )
    if limits.red_s < limits.green_s:
        section.problems.add(section.at("red_s"), "“red_s” comes before “green_s”.")
    return limits


_STEP_KEYS = ("say", "by", "ring", "beep", "wait_s", "asks", "pushback", "hint", "listen", "next", "end")
_CONDITIONS = ("heard", "missing", "faults", "cue", "silence", "question", "visits")


class _Graph:
    """Reads “call”."""

    def __init__(
        self,
        top: Mapped,
        channel: Channel,
        items: list[str],
        people: Mapping[str, Persona],
        outcomes: Mapping[str, Outcome],
    ) -> None:
        self.problems = top.problems
        self.call = Mapped(top.at("call"), top.problems, ("start", "steps"), "“call”")
        self.nodes = self.call.mapping("steps", most=MOST_STEPS)
        self.channel = channel
        self.items = items
        self.people = people
        self.outcomes = outcomes

    def read(self) -> tuple[str, dict[str, Step]]:
        steps = {name: self._step(name, node) for name, node in self.nodes.items()}
        start = self.call.text("start")
        if start and start not in steps:
            told = f"There is no step “{shown(start)}”."
            self.problems.add(self.call.at("start"), told, suggestion(start, steps))
        return start, steps

    def _step(self, name: str, node: Node) -> Step:
        problems = self.problems
        if not (_STEP.fullmatch(name) and len(name) <= _LONGEST_NAME):
            told = f"“{shown(name)}” can't be a step's name."
            problems.add(node, told, f"At most {_LONGEST_NAME} letters, digits, “_” and “-”.")
        step = Mapped(node, problems, _STEP_KEYS, f"Step “{shown(name)}”")
        lines = step.texts("say", required=True, most=MOST_VARIANTS)
        for line in lines:
            if len(line) > MAX_LINE:
                told = f"A line of {len(line)} characters is too long to listen to."
                problems.add(step.at("say"), told, f"At most {MAX_LINE}.")
        asks = step.names("asks", self.items)
        end = step.text("end", longest=_LONGEST_NAME) if "end" in step else None
        rules = tuple(self._rule(entry) for entry in step.items("next", most=MOST_RULES))
        if (end is None) == (not rules):
            problems.add(node, f"Step “{shown(name)}” should have either “next” or “end”.")
        if rules and rules[-1] != Rule(rules[-1].go):
            told = f"The last way out of “{shown(name)}” has a condition."
            problems.add(step.at("next"), told, "End the list with one that has only “go”.")
        if end is not None:
            self._check_end(step, end, asks)
        by = step.text("by", "", longest=_LONGEST_NAME)
        if by and by not in self.people:
            told = f"There is nobody called “{shown(by)}” among the “people”."
            problems.add(step.at("by"), told, suggestion(by, self.people))
            by = ""
        ring, beep = step.flag("ring", False), step.flag("beep", False)
        if self.channel != "phone":
            for key, on in (("ring", ring), ("beep", beep)):
                if on:
                    problems.add(step.at(key), f"“{key}” belongs to a call by phone.", "This one is not by phone.")
        return Step(
            id=name,
            say=lines,
            rules=rules,
            end=end,
            by=by,
            ring=ring,
            beep=beep,
            wait_s=step.number("wait_s", 0, 0, 10),
            asks=asks,
            pushback=step.choice("pushback", PUSHBACKS, "") if "pushback" in step else "",
            hint=step.text("hint", "", longest=_MAX_SHORT),
            listen=self._listen(optional_section(step, "listen", ("silence_s", "no_speech_s", "max_turn_s"))),
        )

    def _check_end(self, step: Mapped, end: str, asks: frozenset[str]) -> None:
        if asks:
            told = "The call ends with this line: nobody can answer what it asks."
            self.problems.add(step.at("asks"), told, "Leave “asks” out.")
        if end in (RAN_OUT, HUNG_UP):
            told = f"“{end}” is what the program calls an end of its own."
            self.problems.add(step.at("end"), told, "Take another name.")
        elif self.outcomes and end and end not in self.outcomes:
            told = f"“outcomes” says nothing of “{shown(end)}”."
            self.problems.add(step.at("end"), told, suggestion(end, self.outcomes))

    def _listen(self, section: Mapped) -> Listen:
        def seconds(key: str, low: float, high: float) -> float | None:
            return section.number(key, low, low, high) if key in section else None

        return Listen(seconds("silence_s", 0.5, 10), seconds("no_speech_s", 2, 60), seconds("max_turn_s", 5, 300))

    def _rule(self, node: Node) -> Rule:
        rule = Mapped(node, self.problems, ("go", *_CONDITIONS), "A rule")
        go = rule.text("go")
        if go and go not in self.nodes:
            self.problems.add(rule.at("go"), f"There is no step “{shown(go)}”.", suggestion(go, self.nodes))
        return Rule(
            go=go,
            heard=rule.names("heard", self.items),
            missing=rule.names("missing", self.items),
            faults=rule.names("faults", FAULTS),
            cue=rule.texts("cue", most=MOST_CUES, longest=_MAX_NAME),
            silence=rule.flag("silence", False),
            question=rule.flag("question", False),
            visits=rule.whole("visits", 0, 1, 40) if "visits" in rule else 0,
        )


def _check_blanks(scenario: Scenario, top: Mapped) -> None:
    """Every blank in every text must be a fact or a time of this scenario, and no text may grow beyond measure.

    A fact may use the times and the facts above it; that is the order in which they are filled.
    """
    lengths: dict[str, int] = {}
    for name in scenario.times:
        lengths |= dict.fromkeys((name, f"{name}_day", f"{name}_time", f"{name}_date"), _MAX_TIME)
    nodes = top.mapping("facts", most=MOST_FACTS) if scenario.facts else {}
    for name, template in scenario.facts.items():
        at = nodes.get(name, top.node)
        for blank in blanks(template):
            if blank not in lengths and blank in scenario.facts:
                told = f"“{{{blank}}}” stands below “{name}”."
                top.problems.add(at, told, "A fact can use only facts above it: move it up.")
        lengths[name] = _check_text(template, {**dict.fromkeys(scenario.facts, 0), **lengths}, at, top.problems)

    brief = scenario.brief
    groups: list[tuple[Node, Iterable[str]]] = [
        (top.at("brief"), (brief.you, brief.them, brief.situation)),
        (top.at("script"), scenario.script),
        (top.at("items"), (item.say for item in scenario.items.values())),
        (top.at("outcomes"), (outcome.says for outcome in scenario.outcomes.values())),
        (top.at("model_answer"), scenario.model_answer),
        (top.at("weak_answer"), scenario.weak_answer),
    ]
    call = top.at("call").value
    steps = call["steps"].value if isinstance(call, dict) and "steps" in call else {}
    for name, step in scenario.steps.items():
        at = steps[name] if isinstance(steps, dict) and name in steps else top.at("call")
        groups.append((at, (*step.say, step.hint)))
    for at, texts in groups:
        for text in texts:
            _check_text(text, lengths, at, top.problems)


def _check_text(text: str, lengths: Mapping[str, int], at: Node, problems: Problems) -> int:
    """How long the text may become once its blanks are filled."""
    used = blanks(text)
    for blank in used:
        if blank not in lengths:
            told = f"“{{{shown(blank)}}}” is no fact of this scenario."
            problems.add(at, told, suggestion(blank, sorted(lengths)))
    length = len(text) + sum(lengths.get(blank, 0) for blank in used)
    if length > MAX_FILLED:
        problems.add(at, f"With its blanks filled this text may have {length} characters.", f"At most {MAX_FILLED}.")
    return min(length, MAX_FILLED)


__all__ = [
    "FEWEST_SENTENCES", "LONGEST_ID", "MAX_LINE", "MAX_PATTERN", "MOST_PATTERNS", "optional_section", "read", "read_id",
    "read_patterns", "read_sentences", "read_targets",
]  # fmt: skip
