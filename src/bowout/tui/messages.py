"""What threads tell the screens. Facts in the past tense; only ``LiveLine`` may be overtaken by the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from bowout.core.cards import PackCard, ScenarioCard
    from bowout.core.case import Case
    from bowout.core.disputes import Dispute
    from bowout.core.marks import Marks
    from bowout.core.scenario import Scenario
    from bowout.core.writing_check import Finding, Said
    from bowout.ports import AttemptSummary, DeviceInfo
    from bowout.rehearsal.call import Rehearsal
    from bowout.rehearsal.events import CallMarked, Event, Noticed


@dataclass
class ScenariosRead(Message):
    """What there is to choose from."""

    scenarios: Sequence[ScenarioCard]
    packs: Sequence[PackCard]


@dataclass
class ScenarioOpened(Message):
    """The chosen scenario has been read."""

    scenario: Scenario


@dataclass
class HomeLooked(Message):
    """What Home says about this machine and the attempts so far."""

    ear: str
    notices: list[Noticed]
    attempts: list[AttemptSummary]


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


@dataclass
class WordingsRead(Message):
    """The user's own wordings, and what was said in the last rehearsal of the case."""

    own: Mapping[str, str]
    said: Said | None = None
    case: Case | None = None
    """The case that was rehearsed, where it was one."""


@dataclass
class ReportKept(Message):
    """What came of the real contact is in the case now."""

    case: Case


@dataclass
class Noted(Message):
    """Something was kept; the sentence says what."""

    sentence: str
