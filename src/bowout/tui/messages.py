"""What threads tell the screens. Facts in the past tense; only ``LiveLine`` may be overtaken by the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from bowout.core.cards import PackCard, ScenarioCard
    from bowout.core.case import Case
    from bowout.core.compare import Pair
    from bowout.core.disputes import Dispute
    from bowout.core.draft import Draft
    from bowout.core.drills import Drill, Standing
    from bowout.core.if_then import IfThen
    from bowout.core.marks import Marks
    from bowout.core.scenario import Scenario
    from bowout.core.waveform import Levels
    from bowout.core.writing_check import Finding, Said
    from bowout.ports import AttemptSummary, DeviceInfo
    from bowout.rehearsal.call import Rehearsal
    from bowout.rehearsal.drill_takes import Material, Taken
    from bowout.rehearsal.events import CallMarked, Event, Noticed
    from bowout.rehearsal.reopened import Reopened
    from bowout.tui.sitting import Sitting


@dataclass
class ScenariosRead(Message):
    """What there is to choose from."""

    scenarios: Sequence[ScenarioCard]
    packs: Sequence[PackCard]


@dataclass
class ScenarioOpened(Message):
    """The chosen scenario has been read."""

    scenario: Scenario
    meta: Mapping[str, Any] = field(default_factory=dict)
    """What the call is made for, for its record."""


@dataclass
class AttemptOpened(Message):
    """A call of the past has been read."""

    past: Reopened


@dataclass
class IfThenRead(Message):
    """The sentence kept last for this call; ``None``: there is none."""

    kept: IfThen | None


@dataclass
class HearRead(Message):
    """What there is to hear of a call, and of an earlier one."""

    levels: Levels | None
    """``None``: it has no recording."""
    audio: Path | None
    then: Reopened | None
    """The earlier call; ``None``: there is none."""
    against: Mapping[str, Sequence[Pair]]
    """The lines, against the ``model`` and against ``then``; what is not there is left out."""


@dataclass
class PlayBegan(Message):
    """The first sample of a stretch of the caller's recording is on its way."""

    start: float
    """Seconds on the call's clock."""
    speed: float


@dataclass
class DrillsRead(Message):
    """The drills, and where the caller stands in each."""

    drills: Sequence[tuple[Drill, Standing]]


@dataclass
class DrillOpened(Message):
    """The drill has been found."""

    drill: Drill
    material: Material | None = None
    """What it is to be made of; ``None``: what is sensible."""


@dataclass
class DrillRead(Message):
    """Where the caller stands in a drill, what it can be made of, and what it is made of now."""

    standing: Standing
    materials: Sequence[Material]
    material: Material
    scenario: Scenario | None
    """Read already; ``None``: one is drawn when it begins."""


@dataclass
class TakeMade(Message):
    """The take can begin."""

    sitting: Sitting


@dataclass
class CaseOpened(Message):
    """The case to begin with has been read."""

    case: Case


@dataclass
class RecordsMeasured(Message):
    """What the calls take on the disk, in words."""

    words: str


@dataclass
class HomeLooked(Message):
    """What Home says about this machine and the attempts so far."""

    ear: str
    notices: list[Noticed]
    attempts: Sequence[AttemptSummary]


@dataclass
class EarWarmed(Message):
    """The ear is ready to listen, or could not be made ready."""

    ear: str
    problem: str = ""


@dataclass
class DevicesFound(Message):
    devices: list[DeviceInfo]


@dataclass
class LiveLine(Message):
    """The words of this turn so far."""

    text: str

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, LiveLine)


@dataclass
class CallReady(Message):
    """The parts are there; the call begins."""

    rehearsal: Rehearsal


@dataclass
class Happened(Message):
    """Something happened in the call."""

    event: Event


@dataclass
class CallOver(Message):
    """The call has been run to its end and its record is closed. ``None``: it was left."""

    marked: CallMarked | None
    taken: Taken | None = None
    """What the take of a drill came to, where it was one."""


@dataclass
class Counted(Message):
    """So many seconds are left before a take begins."""

    left: int


@dataclass
class MicrophoneLooked(Message):
    """Whether any microphone is plugged in."""

    there: bool


@dataclass
class CheckListening(Message):
    """The check's microphone delivers."""

    device: str


@dataclass
class CheckHeard(Message):
    """What the check recorded and read."""

    pcm: bytes
    text: str
    loudest: float
    muted: bool


@dataclass
class PlayedBack(Message):
    """A recording has been played to its end, or stopped."""


@dataclass
class MarkedAgain(Message):
    """The corrected words have been marked."""

    marks: Marks


@dataclass
class DisputesRead(Message):
    """What the record holds of the caller's own words on its marks."""

    disputes: Mapping[str, Dispute]


@dataclass
class Saved(Message):
    """A message lies in a file now."""

    path: str


@dataclass
class SaveRefused(Message):
    """There is a file of that name."""

    path: str


@dataclass
class Checked(Message):
    """The message has been read by the writing check."""

    text: str
    findings: Sequence[Finding]
    notes: Sequence[str]
    """What could not be checked, and why."""
    kept: bool = False
    """It is ready, and the record of its case says so."""


@dataclass
class WordingsRead(Message):
    """The user's own wordings, and what was said in the last rehearsal of the case."""

    own: Mapping[str, str]
    said: Said | None = None
    case: Case | None = None
    """The case that was rehearsed, where it was one."""
    first: bool = False
    """They are read as the screen opens."""


@dataclass
class SentMarked(Message):
    """The message went out, by the user's own word: ``sent``, or ``touched`` where it was a light touch."""

    case: Case
    what: str


@dataclass
class DraftRead(Message):
    """What was being written here when it was left; ``None``: nothing was."""

    draft: Draft | None


@dataclass
class DraftRefused(Message):
    """The disk did not take what is being written."""

    sentence: str


@dataclass
class ReportKept(Message):
    """What came of the real contact is in the case now."""

    case: Case


@dataclass
class Noted(Message):
    """Something was kept; the sentence says what."""

    sentence: str
