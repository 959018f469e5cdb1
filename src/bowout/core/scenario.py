"""A scenario: who calls whom about what, the recruiter's side as a graph, and what is owed.

``read`` turns a parsed document (schema 1) into a ``Scenario`` and reports every problem with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

from bowout.core import moments
from bowout.core.criteria import FAULTS, INTENTS, ITEMS, Intent
from bowout.core.document import Mapped, Node, Problems, suggestion
from bowout.core.letters import KINDS

SCHEMA = "1"
Channel = Literal["phone", "in_person", "video"]
CHANNELS: tuple[Channel, ...] = ("phone", "in_person", "video")

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BLANK = re.compile(r"\{([^{}]*)\}")

MAX_LINE = 400
"""Characters of one recruiter's line: about 25 s aloud."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the recruiter goes next. Every condition that is given must hold."""

    go: str
    heard: frozenset[str] = frozenset()
    """Items that must all have been heard so far."""
    missing: frozenset[str] = frozenset()
    """Items of which none has been heard so far."""
    faults: frozenset[str] = frozenset()
    """Faults of which at least one was found so far."""
    cue: tuple[str, ...] = ()
    """Phrases of which one was said in this turn."""
    silence: bool = False
    """Nothing was said in this turn."""
    question: bool = False
    """The caller asked something in this turn."""


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the graph: the recruiter says a line, and mostly listens."""

    id: str
    say: tuple[str, ...]
    """Variants; the seed chooses."""
    rules: tuple[Rule, ...] = ()
    end: str | None = None
    """Name of the outcome if the call ends after this line."""


@dataclass(frozen=True, slots=True)
class Brief:
    you: str
    them: str
    situation: str


@dataclass(frozen=True, slots=True)
class Persona:
    name: str
    voice: str = ""
    """A voice id of the engine in use; empty = its default."""
    words_per_minute: int = 165


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Seconds, of the caller's speech."""

    green_s: float = 45.0
    """The timer turns amber here."""
    red_s: float = 75.0
    """… and red here."""
    max_turn_s: float = 90.0
    no_speech_s: float = 9.0
    turns: int = 8
    """Most turns of the caller before the call ends by itself."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One situation that can be rehearsed."""

    id: str
    version: int
    title: str
    intent: Intent
    channel: Channel
    difficulty: int
    brief: Brief
    persona: Persona
    facts: Mapping[str, str]
    times: Mapping[str, moments.Moment]
    script: tuple[str, ...]
    start: str
    steps: Mapping[str, Step]
    model_answer: tuple[str, ...]
    weak_answer: tuple[str, ...]
    weak_faults: frozenset[str]
    follow_up: str
    required: frozenset[str] | None = None
    """Items this scenario owes; ``None`` = the intent's own list."""
    weights: Mapping[str, int] = field(default_factory=dict)
    limits: CallLimits = CallLimits()
    sha256: str = ""
    pack: str = ""

    def facts_at(self, now: datetime) -> dict[str, str]:
        """Every fact filled in. A time ``T`` gives ``T`` (“today at 3 pm”), ``T_day``, ``T_time`` and ``T_date``."""
        filled: dict[str, str] = {}
        for name, moment in self.times.items():
            at = moment.on(now)
            filled[name] = moments.spoken(at, now)
            filled[f"{name}_day"] = moments.spoken_day(at, now)
            filled[f"{name}_time"] = moments.spoken_time(at)
            filled[f"{name}_date"] = moments.written(at)
        for name, template in self.facts.items():
            filled[name] = fill(template, filled)
        return filled


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Put facts into the template's ``{blanks}``; an unknown blank stays as it is, so that it can be seen."""
    return _BLANK.sub(lambda m: facts.get(m.group(1), m.group(0)), template)


def blanks(template: str) -> list[str]:
    """Names of the blanks in a template."""
    return _BLANK.findall(template)


_KEYS = (
    "schema", "id", "version", "title", "intent", "channel", "difficulty", "brief", "persona", "facts", "times",
    "script", "call", "checklist", "limits", "model_answer", "weak_answer", "follow_up",
)  # fmt: skip


def read(node: Node, problems: Problems) -> Scenario | None:
    """The scenario a document describes, or ``None`` with at least one problem reported."""
    before = len(problems.found)
    top = Mapped(node, problems, _KEYS, "A scenario")
    if top.text("schema") not in ("", SCHEMA):
        problems.add(top.at("schema"), "This schema is not known here.", f"This version reads {SCHEMA}.")
    identity = top.text("id")
    if identity and not _ID.fullmatch(identity):
        problems.add(top.at("id"), f"“{identity}” can't be an id.", "Use lower-case words joined by hyphens.")

    brief = Mapped(top.at("brief"), problems, ("you", "them", "situation"), "“brief”")
    persona = Mapped(top.at("persona"), problems, ("name", "voice", "words_per_minute"), "“persona”")
    checklist = _section(top, "checklist", ("required", "weights"))
    intent = cast(Intent, top.choice("intent", INTENTS))
    times = _times(top)
    facts = top.text_map("facts")
    weak = Mapped(top.at("weak_answer"), problems, ("say", "faults"), "“weak_answer”")
    start, steps = _graph(top)

    scenario = Scenario(
        id=identity,
        version=top.whole("version", 1, 1, 10_000),
        title=top.text("title"),
        intent=intent,
        channel=cast(Channel, top.choice("channel", CHANNELS)),
        difficulty=top.whole("difficulty", 1, 1, 5),
        brief=Brief(brief.text("you"), brief.text("them"), brief.text("situation")),
        persona=Persona(
            persona.text("name"), persona.text("voice", ""), persona.whole("words_per_minute", 165, 80, 300)
        ),
        facts=facts,
        times=times,
        script=top.texts("script", required=True),
        start=start,
        steps=steps,
        model_answer=top.texts("model_answer", required=True),
        weak_answer=weak.texts("say", required=True),
        weak_faults=weak.names("faults", _applicable(FAULTS, intent)),
        follow_up=top.choice("follow_up", KINDS),
        required=checklist.names("required", _applicable(ITEMS, intent)) if "required" in checklist else None,
        weights=_weights(checklist, intent),
        limits=_limits(_section(top, "limits", ("green_s", "red_s", "max_turn_s", "no_speech_s", "turns"))),
    )
    _check_blanks(scenario, top)
    return scenario if len(problems.found) == before else None


def _section(top: Mapped, key: str, known: Iterable[str]) -> Mapped:
    """A mapping that may be left out."""
    at = top.at(key) if key in top else Node({}, top.node.line, top.node.column)
    return Mapped(at, top.problems, known, f"“{key}”")


def _applicable(table: Mapping[str, object], intent: Intent) -> list[str]:
    return [name for name, entry in table.items() if entry.applies_to(intent)]  # type: ignore[attr-defined]


def _times(top: Mapped) -> dict[str, moments.Moment]:
    times: dict[str, moments.Moment] = {}
    for name, text in top.text_map("times").items():
        moment = moments.parse(text)
        if moment is None:
            at = top.mapping("times")[name]
            top.problems.add(at, f"“{text}” is not a time that is known here.", f"Write {moments.FORMS}.")
        else:
            times[name] = moment
    return times


def _weights(checklist: Mapped, intent: Intent) -> dict[str, int]:
    known = _applicable(ITEMS, intent)
    weights: dict[str, int] = {}
    section = _section(checklist, "weights", known)
    for name in section.entries:
        if name in known:
            weights[name] = section.whole(name, 1, 0, 100)
    return weights


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


def _graph(top: Mapped) -> tuple[str, dict[str, Step]]:
    problems = top.problems
    call = Mapped(top.at("call"), problems, ("start", "steps"), "“call”")
    steps: dict[str, Step] = {}
    nodes = call.mapping("steps")
    for name, node in nodes.items():
        step = Mapped(node, problems, ("say", "next", "end"), f"Step “{name}”")
        lines = step.texts("say", required=True)
        for line in lines:
            if len(line) > MAX_LINE:
                told = f"A line of {len(line)} characters is too long to listen to."
                problems.add(step.at("say"), told, f"At most {MAX_LINE}.")
        end = step.text("end") if "end" in step else None
        rules = tuple(_rule(entry, problems, nodes) for entry in step.items("next"))
        if (end is None) == (not rules):
            problems.add(node, f"Step “{name}” should have either “next” or “end”.")
        if rules and rules[-1] != Rule(rules[-1].go):
            told = f"The last way out of “{name}” has a condition."
            problems.add(step.at("next"), told, "End the list with one that has only “go”.")
        steps[name] = Step(name, lines, rules, end)
    start = call.text("start")
    if start and start not in steps:
        problems.add(call.at("start"), f"There is no step “{start}”.", suggestion(start, steps))
    return start, steps


_CONDITIONS = ("heard", "missing", "faults", "cue", "silence", "question")


def _rule(node: Node, problems: Problems, steps: Mapping[str, Node]) -> Rule:
    rule = Mapped(node, problems, ("go", *_CONDITIONS), "A rule")
    go = rule.text("go")
    if go and go not in steps:
        problems.add(rule.at("go"), f"There is no step “{go}”.", suggestion(go, steps))
    return Rule(
        go=go,
        heard=rule.names("heard", ITEMS),
        missing=rule.names("missing", ITEMS),
        faults=rule.names("faults", FAULTS),
        cue=rule.texts("cue"),
        silence=rule.flag("silence", False),
        question=rule.flag("question", False),
    )


def _check_blanks(scenario: Scenario, top: Mapped) -> None:
    """Every blank in every text must be a fact or a time of this scenario."""
    known = set(scenario.facts)
    for name in scenario.times:
        known |= {name, f"{name}_day", f"{name}_time", f"{name}_date"}
    brief = scenario.brief
    groups: list[tuple[str, Iterable[str]]] = [
        ("brief", (brief.you, brief.them, brief.situation)),
        ("facts", scenario.facts.values()),
        ("script", scenario.script),
        ("call", (line for step in scenario.steps.values() for line in step.say)),
        ("model_answer", scenario.model_answer),
        ("weak_answer", scenario.weak_answer),
    ]
    for key, texts in groups:
        for text in texts:
            for blank in blanks(text):
                if blank not in known:
                    told = f"“{{{blank}}}” is no fact of this scenario."
                    top.problems.add(top.at(key), told, suggestion(blank, sorted(known)))
