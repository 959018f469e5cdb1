"""What a front end is given: settings, scenarios, records, and the parts for one call.

``bootstrap`` makes the real one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bowout.core.cards import PackCard, ScenarioCard
from bowout.core.scenario import Scenario
from bowout.core.settings import Settings
from bowout.ports import AudioSource, Cases, Clip, DeviceInfo, Plans, Playback, Recogniser, Records, VoiceActivity
from bowout.rehearsal.events import Noticed
from bowout.rehearsal.outbox import Outbox
from bowout.rehearsal.parts import Parts
from bowout.rehearsal.workshop import Workshop

if TYPE_CHECKING:  # it needs rapidfuzz, and Home does not
    from bowout.core.drills import Drill
    from bowout.core.guide import Guide
    from bowout.rehearsal.coaching import Coach, Learner
    from bowout.rehearsal.drafts import Drafts
    from bowout.rehearsal.incidents import Incidents


class Services(Protocol):
    """Everything that blocks says so; call it from a worker thread."""

    settings: Settings

    @property
    def scenarios(self) -> Sequence[ScenarioCard]:
        """All that can be rehearsed, in the order to show them. Quick, but for the first time after a pack came or
        the program changed: call it from a thread."""

    @property
    def packs(self) -> Sequence[PackCard]:
        """The packs they come from, in the same order."""

    def look_again(self) -> None:
        """Packs may have come or gone: look at the disk when the scenarios are next asked for."""

    def scenario(self, name: str | None) -> Scenario:
        """The scenario of this key; the first one for ``None``. Raises ``UsageError`` if there is none,
        ``InputError`` if it can't be read any more. May read a file."""

    @property
    def drills(self) -> Sequence[Drill]:
        """All drills, in the order to show them. As quick as ``scenarios``: call it from a thread."""

    def drill(self, name: str) -> Drill:
        """The drill of this key. Raises ``UsageError``, with a suggestion, if there is none."""

    @property
    def outbox(self) -> Outbox:
        """Files, calendar and speller for messages."""

    @property
    def workshop(self) -> Workshop:
        """Where new scenarios are made."""

    @property
    def records(self) -> Records: ...

    @property
    def cases(self) -> Cases:
        """The user's own cases. Reads and writes files: call it from a thread."""

    @property
    def incidents(self) -> Incidents:
        """The user's own notes of incidents. Reads and writes files: call it from a thread."""

    @property
    def drafts(self) -> Drafts:
        """What the user has begun to write. Reads and writes files: call it from a thread."""

    @property
    def coach(self) -> Coach:
        """The user as a coach: what was handed out, and what came back. Reads and writes files: call it from a
        thread."""

    @property
    def learner(self) -> Learner:
        """The user as a learner: the assignments that were accepted. Reads and writes files: call it from a thread."""

    @property
    def plans(self) -> Plans:
        """The plan until the real call. Reads and writes a file: call it from a thread."""

    @property
    def guide(self) -> Guide:
        """The guide. The first time it reads files: call it from a thread. Raises ``InputError``: it is not here."""

    def now(self) -> datetime:
        """Aware, in the user's zone, which knows when the clocks change."""

    def save(self, settings: Settings) -> None:
        """Keep the settings; what depends on them is made anew at the next call."""

    def notices(self) -> list[Noticed]:
        """What is missing on this machine and what that means. Quick: nothing is opened or loaded."""

    def ear_name(self) -> str:
        """``vosk``, ``builtin`` or ``typed``: the ear that the next call will use. Quick."""

    def parts(self, *, typed: bool = False) -> Parts:
        """Parts for one call, as the settings say; the ear is loaded once and kept. Blocks. Never raises for a part
        that is missing: it is replaced, and ``notices`` says so. With ``typed`` no ear is loaded and no microphone
        made: the caller types."""

    def ear(self) -> Recogniser:
        """The ear, started. Blocks while the model loads."""

    def microphone(self) -> AudioSource:
        """The chosen microphone, not yet open; raises ``MissingPart``."""

    def playback(self) -> Playback:
        """The chosen loudspeakers, not yet open, or silence."""

    def voice_activity(self) -> VoiceActivity: ...

    def slower(self, clip: Clip, speed: float) -> Clip:
        """The clip at ``speed`` (0.25–1) times its pace, at the same pitch. Takes a moment: call it from a thread."""

    def devices(self) -> list[DeviceInfo]:
        """Raises ``MissingPart`` without an audio library. Blocks."""

    def close(self) -> None:
        """End child processes, let devices go."""
