"""What a new scenario is made of: graph templates with blanks, and the sentences they share.

``read_words`` and ``read_template`` turn parsed documents into these, and report every problem with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from bowout.core.criteria import FAULTS, INTENTS, ITEMS, Intent
from bowout.core.document import Mapped, Node, Problems
from bowout.core.letters import KINDS
from bowout.core.scenario import CHANNELS, PUSHBACKS, Channel

SCHEMA = "1"
_LONGEST = 8_000
"""Characters of a block: the steps of a graph, the frame."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a caller of one intent says, and how their calls end."""

    goal: str
    hello: str
    with_reason: str
    """The decision and its reason, in the words that come after ``hello``."""
    without_reason: str
    """The decision alone, for calls in which the other side asks why."""
    offer: str
    """Alternatives; empty where none are owed."""
    closing: str
    weak_first: str
    weak_second: str
    weak_faults: tuple[str, ...]
    """What is found in the two weak sentences."""
    spoils: tuple[str, ...]
    """Faults after which a call ends badly."""
    follow_up: str
    outcomes: str
    blanks: Mapping[str, str]
    """Further blanks of the templates, by name."""


@dataclass(frozen=True, slots=True)
class Press:
    """A pushback under one intent."""

    say: str
    hint: str
    reply: str
    asks: tuple[str, ...] = ()
    weak: str = ""
    """What a weak caller answers; empty = the intent's own second sentence, with its faults."""
    weak_fault: str = ""


@dataclass(frozen=True, slots=True)
class Pushback:
    """A way to press the caller."""

    id: str
    title: str
    says: str
    cells: Mapping[Intent, Press]
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """A graph with blanks."""

    id: str
    title: str
    says: str
    """One line for whoever chooses."""
    difficulty: int
    pace: int
    channels: Mapping[Intent, tuple[Channel, ...]]
    """The intents it is made for, and the channels of each."""
    turns: tuple[str | Mapping[Intent, str], ...]
    """What a good caller says: ``opening``, ``press``, or the sentence of each intent."""
    start: str
    steps: str
    openings: Mapping[Channel, str]
    words: Mapping[str, Mapping[Intent, str]]
    people: str = ""
    after_press: str = "settle"
    """The step that follows the pushback."""

    def suits(self, intent: Intent, channel: str) -> bool:
        return channel in self.channels.get(intent, ())


@dataclass(frozen=True, slots=True)
class Kit:
    """Everything that a scenario can be made of."""

    frame: str
    """A scenario's file with blanks."""
    intents: Mapping[Intent, Wording]
    pushbacks: Mapping[str, Pushback]
    templates: tuple[Template, ...]

    def template(self, id_: str) -> Template:
        return next(template for template in self.templates if template.id == id_)

    def channels(self, intent: Intent) -> tuple[Channel, ...]:
        """Those for which there is a template, in the usual order."""
        return tuple(c for c in CHANNELS if any(t.suits(intent, c) for t in self.templates))

    def suiting(self, intent: Intent, channel: str) -> tuple[Template, ...]:
        return tuple(template for template in self.templates if template.suits(intent, channel))

    def pressing(self, intent: Intent) -> tuple[Pushback, ...]:
        return tuple(pushback for pushback in self.pushbacks.values() if intent in pushback.cells)


def read_words(node: Node, problems: Problems) -> tuple[Kit, tuple[str, ...]]:
    """The kit, still without templates, and the ids of the templates in their order."""
    top = Mapped(node, problems, ("schema", "templates", "frame", "intents", "pushbacks"), "The words")
    _schema(top)
    intents = {
        cast(Intent, name): _wording(Mapped(each, problems, _WORDING, f"Intent “{name}”"))
        for name, each in top.mapping("intents").items()
        if _known(name, INTENTS, each, problems)
    }
    pushbacks = {
        name: _pushback(name, Mapped(each, problems, (*_PUSHBACK, *INTENTS), f"Pushback “{name}”"))
        for name, each in top.mapping("pushbacks").items()
        if _known(name, PUSHBACKS, each, problems)
    }
    return Kit(top.text("frame", longest=_LONGEST), intents, pushbacks, ()), top.texts("templates", required=True)


def read_template(id_: str, node: Node, problems: Problems) -> Template:
    """The template of one file."""
    top = Mapped(node, problems, _TEMPLATE, "A template")
    _schema(top)
    channels = Mapped(top.at("for"), problems, INTENTS, "“for”")
    openings = Mapped(top.at("openings") if "openings" in top else _NOTHING, problems, CHANNELS, "“openings”")
    made_for = {
        intent: tuple(cast(Channel, c) for c in channels.texts(intent) if _known(c, CHANNELS, channels.node, problems))
        for intent in INTENTS
        if intent in channels
    }
    return Template(
        id=id_,
        title=top.text("title", longest=60),
        says=top.text("says", longest=90),
        difficulty=top.whole("difficulty", 1, 1, 5),
        pace=top.whole("pace", 165, 80, 300),
        channels=made_for,
        turns=tuple(_turn(each, problems) for each in top.items("turns")),
        start=top.text("start"),
        steps=top.text("steps", longest=_LONGEST),
        openings={channel: openings.text(channel) for channel in CHANNELS if channel in openings},
        words={
            name: {
                intent: section.text(intent)
                for section in (Mapped(each, problems, INTENTS, f"“words.{name}”"),)
                for intent in INTENTS
                if intent in section
            }
            for name, each in top.mapping("words").items()
        },
        people=top.text("people", ""),
        after_press=top.text("after_press", "settle"),
    )


_NOTHING = Node({}, 1, 1)
_TEMPLATE = (
    "schema", "title", "says", "difficulty", "pace", "for", "people", "openings", "words", "turns", "after_press",
    "start", "steps",
)  # fmt: skip
_WORDING = (
    "goal", "hello", "with_reason", "without_reason", "offer", "closing", "weak_first", "weak_second",
    "weak_faults", "spoils", "follow_up", "blanks", "outcomes",
)  # fmt: skip
_PUSHBACK = ("title", "says", "wait_s", "weak", "weak_fault")
_PRESS = ("say", "hint", "reply", "asks", "weak", "weak_fault")


def _schema(top: Mapped) -> None:
    if top.text("schema") != SCHEMA:
        top.problems.add(top.at("schema"), "This schema is not known here.")


def _known(name: str, names: tuple[str, ...], at: Node, problems: Problems) -> bool:
    if name not in names:
        problems.add(at, f"“{name}” is not known here.")
    return name in names


def _wording(section: Mapped) -> Wording:
    return Wording(
        goal=section.text("goal"),
        hello=section.text("hello"),
        with_reason=section.text("with_reason"),
        without_reason=section.text("without_reason"),
        offer=section.text("offer", ""),
        closing=section.text("closing"),
        weak_first=section.text("weak_first"),
        weak_second=section.text("weak_second"),
        weak_faults=tuple(sorted(section.names("weak_faults", FAULTS))),
        spoils=section.texts("spoils", required=True),
        follow_up=section.choice("follow_up", KINDS),
        outcomes=section.text("outcomes"),
        blanks=section.text_map("blanks", longest=_LONGEST),
    )


def _pushback(name: str, section: Mapped) -> Pushback:
    weak, weak_fault = section.text("weak", ""), section.text("weak_fault", "")
    cells = {}
    for intent in INTENTS:
        if intent in section:
            cell = Mapped(section.at(intent), section.problems, _PRESS, f"Pushback “{name}.{intent}”")
            cells[intent] = Press(
                cell.text("say"),
                cell.text("hint"),
                cell.text("reply"),
                tuple(sorted(cell.names("asks", ITEMS))),
                cell.text("weak", weak),
                cell.text("weak_fault", weak_fault),
            )
    return Pushback(name, section.text("title"), section.text("says"), cells, section.whole("wait_s", 0, 0, 10))


def _turn(node: Node, problems: Problems) -> str | Mapping[Intent, str]:
    if isinstance(node.value, dict):
        section = Mapped(node, problems, (*INTENTS, "all"), "A turn")
        return {i: section.text(i if i in section else "all") for i in INTENTS if i in section or "all" in section}
    if node.value not in ("opening", "press"):
        problems.add(node, "A turn is “opening”, “press”, or a sentence for each intent.")
    return str(node.value)


__all__ = ["Kit", "Press", "Pushback", "Template", "Wording", "read_template", "read_words"]
