"""Services without a machine: the shipped fakes behind every port, at the speed of the tests or at a person's."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path

from bowout.core.cards import PackCard, ScenarioCard, card, find, told_apart
from bowout.core.drills import Drill, find_drill
from bowout.core.drills import told_apart as drills_told_apart
from bowout.core.guide import Guide
from bowout.core.marks import Delivery, FaultMark, ItemMark, Marks, Measure, Provenance, Span, State
from bowout.core.scenario import Scenario
from bowout.core.settings import Settings
from bowout.core.transcript import Filler, Transcript, Turn, Word
from bowout.errors import DeviceLost, MissingPart
from bowout.paths import resource
from bowout.ports import (
    AudioSource,
    Block,
    Cases,
    Clip,
    DeviceInfo,
    Plans,
    Playback,
    Recogniser,
    Records,
    Verdict,
    VoiceActivity,
)
from bowout.rehearsal.events import CallMarked, Noticed, RecruiterSpoke
from bowout.rehearsal.incidents import Incidents
from bowout.rehearsal.outbox import Outbox
from bowout.rehearsal.parts import Parts, Sounds
from bowout.rehearsal.workshop import Workshop
from bowout.speech.clip_source import ClipSource
from bowout.speech.ears.scripted import ScriptedEar
from bowout.speech.silent import SilentClip, SilentPlayback
from bowout.speech.slower import slower
from bowout.storage.cases import FileCases
from bowout.storage.coaching.coach import CoachFolder
from bowout.storage.coaching.learner import LearnerFolder
from bowout.storage.drafts import FileDrafts
from bowout.storage.guide_files import load_guide
from bowout.storage.incidents import FileIncidents
from bowout.storage.outbox import FileOutbox
from bowout.storage.pack_store import folder, installed, open_installed
from bowout.storage.pack_writer import FolderWorkshop
from bowout.storage.packs import Pack, load_pack
from bowout.storage.plan_file import FilePlans
from bowout.storage.records import FileRecords
from callfakes import LoudIsVoice, PlainLines, tone

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
READY = Settings(
    keep_recordings="until_review",
    checked_microphone=True,
    silence_practice_s=0.5,
    silence_live_s=0.5,
    rate_first=False,
)
"""Somebody who has answered the first question and checked the microphone."""
_ALL = load_pack(Path(__file__).parents[2] / "scenarios" / "essentials")
THREE = ("accepted-another-offer", "ill-on-the-day", "not-a-fit")
ESSENTIALS = replace(_ALL, scenarios=tuple(s for s in _ALL.scenarios if s.id in THREE))
"""As many as Home shows at a glance, whatever else the pack may hold."""
DRILLS = load_pack(Path(__file__).parents[2] / "scenarios" / "drills")


class HeardPlayback(SilentPlayback):
    """Plays nothing, and claims that it was heard: no pause for reading."""

    def __init__(self) -> None:
        super().__init__()
        self.audible = True
        self.played: list[Clip] = []

    def play(self, clip: Clip) -> SilentClip:
        self.played.append(clip)
        return super().play(clip)


class WatchedSource(ClipSource):
    """Remembers whether it is open; may die after some blocks; may stand still after some, so that a test can look."""

    def __init__(
        self,
        clips: Sequence[Clip],
        *,
        live: bool = False,
        dies_after: int | None = None,
        holds_after: int | None = None,
    ) -> None:
        super().__init__(clips, live=live)
        self.opened = 0
        self.closed = threading.Event()
        self.let_go = threading.Event()
        """Set by the test: go on after standing still."""
        self._dies_after = dies_after
        self._holds_after = holds_after
        self._blocks = 0

    def open(self) -> None:
        self.opened += 1
        self.closed.clear()
        super().open()

    def read(self, timeout: float) -> Block | None:
        self._blocks += 1
        if self._dies_after is not None and self._blocks > self._dies_after:
            raise DeviceLost("The microphone was unplugged.", "Plug it in again.")
        if self.closed.is_set():
            raise DeviceLost("The microphone is closed.")
        if self._holds_after is not None and self._blocks > self._holds_after and not self.let_go.is_set():
            self.let_go.wait(min(timeout, 0.02))
            return None
        return super().read(timeout)

    def close(self) -> None:
        self.closed.set()
        super().close()


class FakeServices:
    """``Services`` for one test. What the microphone says is given; what is missing is missing."""

    def __init__(
        self,
        root: Path,
        answers: Sequence[str] = (),
        *,
        settings: Settings = READY,
        ear: str = "builtin",
        source: AudioSource | None = None,
        notices: Sequence[Noticed] = (),
        microphone_missing: bool = False,
        confidence: float | None = 0.95,
        shelf: Sequence[Pack] = (),
    ) -> None:
        self.settings = settings
        self.saved: list[Settings] = []
        self.ear_is = ear
        self.answers = list(answers)
        self.clips = [tone(max(1.0, len(a.split()) / 2.5)) for a in self.answers]
        self.source: AudioSource = source or WatchedSource(self.clips)
        self.found = list(notices)
        self.missing = microphone_missing
        self.speakers = HeardPlayback()
        self.lines = PlainLines()
        self.ears_started = 0
        self.ear_problem: MissingPart | None = None
        self.parts_made: list[Parts] = []
        self._ear = ScriptedEar(self.answers, ear=ear, confidence=confidence)
        self._root = root
        self.shelf: Sequence[Pack] = shelf or (ESSENTIALS,)

    @property
    def _all(self) -> Sequence[Pack]:
        """What was put on the shelf, and what a test has installed."""
        return (*self.shelf, *(open_installed(path) for path in installed(folder())))

    @cached_property
    def packs(self) -> Sequence[PackCard]:
        return [PackCard(pack.id, pack.version, pack.title) for pack in self._all]

    @cached_property
    def scenarios(self) -> Sequence[ScenarioCard]:
        return told_apart(card(scenario) for pack in self._all for scenario in pack.scenarios)

    @cached_property
    def drills(self) -> Sequence[Drill]:
        return drills_told_apart(drill for pack in (DRILLS, *self._all) for drill in pack.drills)

    def drill(self, name: str) -> Drill:
        return find_drill(self.drills, name)

    def look_again(self) -> None:
        for known in ("packs", "scenarios", "drills"):
            self.__dict__.pop(known, None)

    def scenario(self, name: str | None) -> Scenario:
        wanted = find(self.scenarios, name)
        return next(s for p in self._all for s in p.scenarios if (p.id, s.id) == (wanted.pack, wanted.id))

    @cached_property
    def outbox(self) -> Outbox:
        return FileOutbox(self._root.parent / "messages", lambda: self.settings.calendar)

    @cached_property
    def guide(self) -> Guide:
        return load_guide(resource("guide"))

    @cached_property
    def workshop(self) -> Workshop:
        return FolderWorkshop(self._root.parent / "mine" / "my-calls")

    @cached_property
    def cases(self) -> Cases:
        return FileCases(self._root.with_name("cases"), self.now)

    @cached_property
    def incidents(self) -> Incidents:
        return FileIncidents(self._root.with_name("incidents"), self.now)

    @cached_property
    def drafts(self) -> FileDrafts:
        return FileDrafts(self._root.with_name("drafts"), self.now)

    @cached_property
    def coach(self) -> CoachFolder:
        return CoachFolder(self._root.with_name("coach"), self.now)

    @cached_property
    def learner(self) -> LearnerFolder:
        return LearnerFolder(self._root.with_name("learner"), self.now)

    @cached_property
    def plans(self) -> Plans:
        return FilePlans(self._root.with_name("plan.json"))

    @cached_property
    def records(self) -> Records:
        return FileRecords(self._root, lambda: NOW)

    def now(self) -> datetime:
        return NOW

    def save(self, settings: Settings) -> None:
        self.settings = settings
        self.saved.append(settings)

    def notices(self) -> list[Noticed]:
        return self.found

    def ear_name(self) -> str:
        return "typed" if self.settings.ear == "typed" else self.ear_is

    def parts(self, *, typed: bool = False) -> Parts:
        if self.ear_problem and not typed:
            raise self.ear_problem
        silent = typed or self.missing or self.ear_name() == "typed"
        made = Parts(
            ear=ScriptedEar((), ear="typed") if typed else self._ear,
            source=None if silent else self.source,
            voice_activity=self.voice_activity(),
            playback=self.speakers,
            lines=self.lines,
            sounds=Sounds(tone(0.2), lambda clip: clip),
            records=self.records,
            clock=self.now,
        )
        self.parts_made.append(made)
        return made

    def ear(self) -> Recogniser:
        self.ears_started += 1
        if self.ear_problem:
            raise self.ear_problem
        return self._ear

    def microphone(self) -> AudioSource:
        if self.missing:
            raise MissingPart("There is no microphone here.", "Plug one in.")
        return self.source

    def playback(self) -> Playback:
        return self.speakers

    def voice_activity(self) -> VoiceActivity:
        return LoudIsVoice()

    def slower(self, clip: Clip, speed: float) -> Clip:
        return slower(clip, speed)

    def devices(self) -> list[DeviceInfo]:
        if self.missing:
            raise MissingPart("There is no audio library here.", "Install PortAudio.")
        return [
            DeviceInfo("Desk microphone", "ALSA", 1, 0, 48000, default_input=True),
            DeviceInfo("Headset", "ALSA", 1, 2, 48000),
            DeviceInfo("Speakers", "ALSA", 0, 2, 48000, default_output=True),
        ]

    def examine(self) -> dict[str, Verdict]:
        return {}

    def close(self) -> None:
        """Nothing to end."""


def with_settings(**changes: object) -> Settings:
    """The ready settings with some of them changed."""
    return replace(READY, **changes)  # type: ignore[arg-type]


SAMPLE_LINES = (
    RecruiterSpoke("Northwind Logistics, Maria Keller speaking.", "pickup", 4.0),
    RecruiterSpoke("I see. That's a pity. Would it help if we moved it to another day?", "persuade", 18.0),
    RecruiterSpoke("All right. Thank you for letting me know in good time. Goodbye.", "goodbye", 27.0),
)


def sample_call() -> CallMarked:
    """A marked call with one of everything: heard, not heard, unsure, a fault, figures, fillers."""
    texts = (
        "hello maria this is sam lee um I'm calling about the analyst interview today at three I have accepted "
        "another offer so I need to withdraw",
        "thank you but no let's stay in touch",
    )
    turns = []
    for index, text in enumerate(texts):
        at = 7.0 + 14 * index
        words = tuple(Word(w, at + n * 0.4, at + n * 0.4 + 0.35, 0.9) for n, w in enumerate(text.split()))
        turns.append(Turn(index, words, (), at - 1, "approximate"))

    def span(turn: int, first: int, last: int) -> Span:
        words = turns[turn].words[first : last + 1]
        return Span(" ".join(w.text for w in words), words[0].start, words[-1].end, turn)

    heard, missed, unsure = State.HEARD, State.NOT_HEARD, State.UNSURE
    items = (
        ItemMark("greeting", heard, True, span(0, 0, 1)),
        ItemMark("name", heard, True, span(0, 2, 5)),
        ItemMark("role", unsure, True, span(0, 11, 12), "It's about the operations analyst interview."),
        ItemMark("ask", heard, True, span(0, 23, 26)),
        ItemMark("reason", heard, True, span(0, 16, 20)),
        ItemMark("thanks", heard, True, span(1, 0, 1)),
        ItemMark("goodwill", missed, True, None, "I wish you good luck finding the right person."),
        ItemMark("when", heard, False, span(0, 13, 15)),
        ItemMark("apology", missed, False, None, "I'm sorry for the short notice."),
        ItemMark("follow_up", missed, False, None, "I'll confirm this by email."),
    )
    faults = (FaultMark("mixed_message", True, span(1, 4, 7), "Close it kindly: “I wish you every success.”"),)
    delivery = Delivery(
        Measure(15.2, None, 90), Measure(171, 110, 165), Measure(1.2, None, 2.0), Measure(0.9, None, 2.5),
        Measure(1, None, 4), Measure(0.91, 0.6, None), (Filler("um", 9.4, 9.7),),
    )  # fmt: skip
    marks = Marks(
        "withdraw", 61, False, {i.id: i for i in items}, {f.id: f for f in faults}, delivery,
        Transcript(tuple(turns), "s", "builtin"), "Wish them luck: “I wish you good luck finding the right person.”",
    )  # fmt: skip
    made = Provenance("accepted-another-offer", 1, "", 7, "1", "moonshine", "1.0")
    return CallMarked(marks, made, "withdrawn", "20261125T090000000Z-000000")
