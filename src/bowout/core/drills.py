"""A drill: one skill of a call, practised by itself, with one figure to beat. A drill is data; packs may add some.

``core.drills_cut.drill_scenario`` makes a scenario of the drill's own out of any that fits, which is then an ordinary
call, and ``core.drills_judge.judge`` makes a figure of its marks. What is here needs neither and loads quickly.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Literal, Protocol

from bowout.core.cards import ScenarioCard
from bowout.core.criteria import Intent
from bowout.core.document import suggestion
from bowout.core.scenario import Channel, OwnItem
from bowout.core.settings import Mode
from bowout.errors import UsageError

Shape = Literal["whole", "opening", "question", "voicemail", "pushback", "shadow"]
SHAPES: tuple[Shape, ...] = ("whole", "opening", "question", "voicemail", "pushback", "shadow")
"""How a scenario is cut: not at all; its first line and the answer; one question of its recruiter; a message after
the beep; a row of pushes; its model answer line by line."""
OWED = "owed"
"""In place of items: those that the scenario owes."""
Light = Literal["green", "amber", "red", "over"]
MEDIAN_OF = 5
"""Takes that the median is made of."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a drill measures."""

    unit: str
    what: str
    """What the number is, in words that follow it."""
    better: Literal["less", "more", "band"]
    timed: bool
    """It needs the words' times: typed words have none."""


FIGURES: dict[str, Figure] = {
    "until_said": Figure("s", "from your first word until all of it was said", "less", True),
    "until_point": Figure("s", "from the end of their line to your decision", "less", True),
    "spoken": Figure("s", "of your own speech", "less", True),
    "message": Figure("s", "from the beep to your last word", "less", True),
    "words": Figure("words", "in your answer", "less", False),
    "held": Figure("pushes", "answered without giving in", "more", False),
    "fillers": Figure("fillers a minute", "in your own speech", "less", True),
    "pace": Figure("words a minute", "while you spoke", "band", True),
    "model": Figure("%", "of the model's words said alone", "more", False),
    "score": Figure("points", "of 100", "more", False),
}
"""By the name that a drill's file uses."""


@dataclass(frozen=True, slots=True)
class Fits:
    """Which scenarios a drill can be made of."""

    intents: frozenset[Intent] = frozenset()
    """Empty = every one."""
    channels: frozenset[Channel] = frozenset()
    """Empty = every one."""
    hardest: int = 5
    """Highest difficulty, 1–5."""
    easiest: int = 1
    unseen: bool = False
    """One that the caller has not met yet, if there is one."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What ends a run, beside the end of the call itself."""

    turns: int | None = None
    """Answers."""
    turn_s: float | None = None
    """Seconds of the longest answer."""
    speaking_s: float | None = None
    """Seconds of the caller's own speech in the whole call."""
    heard: bool = False
    """As soon as everything that is marked has been heard."""


@dataclass(frozen=True, slots=True)
class Timer:
    """Seconds on the caller's clock at which the light changes."""

    amber_s: float = 45.0
    red_s: float = 75.0
    grace_s: float = 0.0
    """After red, before it is over."""

    def light(self, seconds: float) -> Light:
        """The colour after so many seconds."""
        if seconds < self.amber_s:
            return "green"
        if seconds < self.red_s:
            return "amber"
        return "red" if seconds < self.red_s + self.grace_s else "over"


@dataclass(frozen=True, slots=True)
class Gate:
    """What a take must reach. Every condition must hold."""

    items: int | None = None
    """How many of the marked items must be heard; ``None`` = all of them. One that is unsure is not missed."""
    faults: int = 0
    """How many of the marked faults may be found."""
    least: float | None = None
    """The figure's lower limit …"""
    most: float | None = None
    """… and its upper one."""
    takes: int = 3
    """Takes in a row that open the gate."""


@dataclass(frozen=True, slots=True)
class Push:
    """One of a row of pushes: a kind of ``scenario.PUSHBACKS``, and wordings of it."""

    kind: str
    say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill."""

    id: str
    version: int
    title: str
    about: str
    """What it trains, and why."""
    tell: str
    """One line that is shown while it runs."""
    shape: Shape
    figure: str
    """A key of :data:`FIGURES`."""
    modes: tuple[Mode, ...] = ("practice", "live")
    fits: Fits = Fits()
    ends: Ends = Ends()
    items: tuple[str, ...] = (OWED,)
    """Items that are marked; ``owed`` stands for all that the scenario owes."""
    faults: frozenset[str] | None = None
    """Faults that are marked; ``None`` = every one of the intent."""
    targets: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """Delivery targets that hold in it."""
    gate: Gate = Gate()
    timer: Timer = Timer()
    countdown_s: int = 3
    """Seconds that are counted down before it begins; 0 = none."""
    wait_s: tuple[float, float] = (0.0, 0.0)
    """The phone rings after so many seconds: least and most; the seed chooses."""
    reads: bool = True
    """The scenario may be read before. If not, it is shown no sooner than the phone rings."""
    headphones: bool = False
    """It makes no sense without: the caller speaks while the other voice does."""
    takes: int = 3
    """Takes of a sitting, unless one asks for another number."""
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What is said where the scenario has no line for it: a key of ``drills_cut.LINES`` → variants."""
    pushes: Mapping[str, tuple[Push, ...]] = field(default_factory=dict)
    """Intent → pushes, in the order in which they come."""
    gives_in: OwnItem | None = None
    """How giving in is worded."""
    lost_by: frozenset[str] = frozenset()
    """Faults with which a push is not answered well."""
    pack: str = ""
    sha256: str = ""
    """Of its file."""
    shared: bool = False
    """Another pack has a drill of this id."""

    @property
    def key(self) -> str:
        """What it is asked for by: its id, with its pack before it where the id alone would not do."""
        return f"{self.pack}/{self.id}" if self.shared else self.id

    @property
    def measures(self) -> Figure:
        return FIGURES[self.figure]


@dataclass(frozen=True, slots=True)
class DrillResult:
    """One take, judged."""

    drill: str
    """The drill's key."""
    version: int
    value: float | None
    """The figure; ``None`` = not reached, or not measured."""
    unit: str
    measured: bool
    """False where the figure can't be had from this take: typed words have no times, too little was said."""
    met: bool | None
    """The gate was met; ``None`` = nothing speaks against it, but the figure was not measured."""
    missed: tuple[str, ...]
    """What was not met: ids of items and faults, and ``figure``."""
    change: str
    """What to do next time: one sentence, never empty."""
    detail: tuple[str, ...] = ()
    """Lines beside the figure: what it is made of, why it is not measured."""
    marked: Mapping[str, str] = field(default_factory=dict)
    """Item → ``heard``/``not_heard``/``unsure``, fault → ``found``/``not_found``."""

    def as_json(self) -> dict[str, Any]:
        """The record's ``drill`` event, without its kind."""
        return {
            "drill": self.drill,
            "version": self.version,
            "value": self.value,
            "unit": self.unit,
            "measured": self.measured,
            "met": self.met,
            "missed": list(self.missed),
            "marked": dict(self.marked),
            "change": self.change,
            "detail": list(self.detail),
        }


class Take(Protocol):
    """What is known of an earlier take; the rows of the history have it."""

    @property
    def figure(self) -> float | None: ...
    @property
    def met(self) -> bool | None: ...
    @property
    def disputed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the caller stands in a drill."""

    best: float | None
    """The best figure of all takes that met the gate and are not disputed."""
    median_of_last_five: float | None
    """Of the last five takes that have a figure, fewer where there are fewer."""
    to_beat: float | None
    """The best one, else the gate's limit; ``None`` = there is no limit."""
    takes: int
    """How many there were."""
    in_a_row: int
    """How many met the gate one after the other, the last one included."""
    open: bool
    """The gate's takes in a row have been reached, now or earlier."""


def fitting(drill: Drill, cards: Iterable[ScenarioCard]) -> list[ScenarioCard]:
    """The scenarios that the drill can be made of, in their order.

    For a drill that wants one that has not been seen, whoever asks takes one without attempts, if there is one.
    """
    return [card for card in cards if suits(drill, card.intent, card.channel, card.difficulty)]


def suits(drill: Drill, intent: Intent, channel: Channel, difficulty: int) -> bool:
    """Whether a scenario, or a call of the caller's own, is one that the drill can be made of."""
    fits = drill.fits
    return (
        (not fits.intents or intent in fits.intents)
        and (not fits.channels or channel in fits.channels)
        and fits.easiest <= difficulty <= fits.hardest
    )


def pick(drill: Drill, cards: Iterable[ScenarioCard], seen: Collection[str], seed: int) -> ScenarioCard:
    """The scenario to take where none was named: the first that fits, or by chance one that has not been met.

    Args:
        seen: ids of the scenarios that the caller has met.

    Raises:
        UsageError: none fits.
    """
    suitable = fitting(drill, cards)
    if not suitable:
        raise UsageError(f"No scenario here fits “{drill.title}”.", "Install a pack with more: bowout pack install")
    if not drill.fits.unseen:
        return suitable[0]
    fresh = [card for card in suitable if card.id not in seen]
    return random.Random(f"{drill.id} {seed}").choice(fresh or suitable)


def rings_after(drill: Drill, seed: int) -> float:
    """Seconds until the phone rings in a run with this seed."""
    low, high = drill.wait_s
    return low if high <= low else random.Random(f"{drill.id} {seed}").uniform(low, high)


def standing(drill: Drill, takes: Sequence[Take]) -> Standing:
    """Where the caller stands.

    Args:
        takes: the drill's marked takes, newest first.
    """
    figures = [take.figure for take in takes if take.figure is not None]
    good = [take.figure for take in takes if take.figure is not None and take.met and not take.disputed]
    best = min(good, key=lambda value: distance(drill, value)) if good else None
    in_a_row = next((at for at, take in enumerate(takes) if not take.met), len(takes))
    return Standing(
        best=best,
        median_of_last_five=median(figures[:MEDIAN_OF]) if figures else None,
        to_beat=best if best is not None else _limit(drill),
        takes=len(takes),
        in_a_row=in_a_row,
        open=_longest_row(takes) >= drill.gate.takes,
    )


def distance(drill: Drill, value: float) -> float:
    """How far a figure is from the best there could be: the smaller, the better. In a band its middle is best."""
    better = drill.measures.better
    if better == "band":
        low, high = drill.gate.least, drill.gate.most
        ends = [end for end in (low, high) if end is not None]
        return abs(value - sum(ends) / len(ends)) if ends else 0.0
    return value if better == "less" else -value


def _limit(drill: Drill) -> float | None:
    return {"less": drill.gate.most, "more": drill.gate.least, "band": None}[drill.measures.better]


def _longest_row(takes: Sequence[Take]) -> int:
    longest = row = 0
    for take in takes:
        row = row + 1 if take.met else 0
        longest = max(longest, row)
    return longest


def told_apart(drills: Iterable[Drill]) -> list[Drill]:
    """The drills of all packs, those marked whose id another one has, too: after this each key is another."""
    drills = list(drills)
    counts = Counter(each.id for each in drills)
    return [replace(each, shared=True) if counts[each.id] > 1 else each for each in drills]


def find_drill(drills: Sequence[Drill], name: str) -> Drill:
    """The drill with this id, or ``pack/id``.

    Raises:
        UsageError: with a suggestion.
    """
    pack, slash, identity = name.rpartition("/")
    found = [each for each in drills if each.id == identity and (not slash or each.pack == pack)]
    if not found:
        near = suggestion(name, (each.key for each in drills))
        raise UsageError(
            f"There is no drill “{name}”.",
            near if near.startswith("Did you mean") else "See what there is: bowout drill",
        )
    if len(found) > 1:
        names = " or ".join(f"“{each.key}”" for each in found)
        raise UsageError(f"There are {len(found)} drills “{name}”.", f"Say which: {names}.")
    return found[0]


__all__ = [
    "FIGURES", "MEDIAN_OF", "OWED", "SHAPES", "Drill", "DrillResult", "Ends", "Figure", "Fits", "Gate", "Light", "Push",
    "Shape", "Standing", "Take", "Timer", "distance", "find_drill", "fitting", "pick", "rings_after", "standing",
    "suits", "told_apart",
]  # fmt: skip
