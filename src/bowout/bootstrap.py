"""The one place that picks adapters. Importing it imports none of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from bowout import paths
from bowout.errors import BowoutError, InputError, MissingPart, UsageError

if TYPE_CHECKING:
    from bowout.core.cards import PackCard, ScenarioCard
    from bowout.core.drills import Drill
    from bowout.core.guide import Guide
    from bowout.core.scenario import Scenario
    from bowout.core.settings import Settings
    from bowout.core.transcript import Transcript
    from bowout.ports import (
        AudioSource,
        Cases,
        Clip,
        DeviceInfo,
        Plans,
        Playback,
        Recogniser,
        Records,
        Verdict,
        Voice,
        VoiceActivity,
        VoiceInfo,
    )
    from bowout.rehearsal.events import Noticed
    from bowout.rehearsal.incidents import Incidents
    from bowout.rehearsal.parts import Lines, Parts
    from bowout.speech.aligner import Aligner
    from bowout.speech.voices import VoiceLadder
    from bowout.speech.voices.cache import VoiceCache
    from bowout.storage.catalogue import Catalogue
    from bowout.storage.coaching.coach import CoachFolder
    from bowout.storage.coaching.learner import LearnerFolder
    from bowout.storage.drafts import FileDrafts
    from bowout.storage.outbox import FileOutbox
    from bowout.storage.pack_writer import FolderWorkshop


class _Closes(Protocol):
    def close(self) -> None: ...


_Closing = TypeVar("_Closing", bound=_Closes)


def build_catalogue() -> Catalogue:
    """Every pack that ships with the program or is installed."""
    from bowout.storage import catalogue, pack_store

    cache = catalogue.cache_folder(paths.cache_dir())
    return catalogue.Catalogue(paths.resource("scenarios"), pack_store.folder(), cache)


def build_workshop() -> FolderWorkshop:
    """Where new scenarios are made."""
    from bowout.storage.pack_writer import FolderWorkshop

    return FolderWorkshop()


def build_guide() -> Guide:
    """The guide that ships with the program. Raises ``InputError``: it is not here."""
    from bowout.storage.guide_files import load_guide

    return load_guide(paths.resource("guide"))


def build_coach() -> CoachFolder:
    """The user as a coach."""
    from bowout.local_time import now
    from bowout.storage.coaching.coach import CoachFolder

    return CoachFolder(paths.data_dir() / "coaching" / "coach", now)


def build_learner() -> LearnerFolder:
    """The user as a learner of some coach."""
    from bowout.local_time import now
    from bowout.storage.coaching.learner import LearnerFolder

    return LearnerFolder(paths.data_dir() / "coaching" / "learner", now)


def build_services(*, strict: bool = False) -> RealServices:
    """The real services, with the user's settings."""
    from bowout.core.settings import Settings
    from bowout.storage.settings_file import load_settings

    try:
        return RealServices(load_settings(), strict=strict)
    except InputError as error:
        # One wrong line must not keep anybody from calling, from the doctor or from deleting.
        return RealServices(Settings(), strict=strict, settings_trouble=error)


def run_trainer(case_id: str = "", place: str = "") -> int:
    """Open the full-screen trainer, on this case's page or at ``queue`` where one is named; returns the exit code."""
    from bowout.speech.native_noise import quiet_native_output

    # Native libraries write to the terminal's error stream, and on Linux and macOS Textual draws there.
    with quiet_native_output(paths.log_path()):
        from bowout.tui.app import run

        services = build_services()
        try:
            return run(services, case_id, place)
        finally:
            services.close()


def _records_in(folder: Path) -> Records:
    from bowout.storage.records import FileRecords

    return FileRecords(folder, lambda: datetime.now(timezone.utc))


class RealServices:
    """``Services`` over real devices, engines and files. Each part is made when it is first needed."""

    def __init__(self, settings: Settings, *, strict: bool = False, settings_trouble: InputError | None = None) -> None:
        """With ``strict``, an ear that was named and is missing is an error, and not replaced by another."""
        self.settings = settings
        self._strict = strict
        self.settings_trouble = settings_trouble
        """Why the defaults are in force in place of the user's file."""
        self._ear_trouble: BowoutError | None = None
        self._ear: Recogniser | None = None
        self._ear_choice = ""
        self._lock = threading.Lock()
        self._closers: list[Callable[[], None]] = []

    def now(self) -> datetime:
        from bowout.local_time import now

        return now()

    @cached_property
    def catalogue(self) -> Catalogue:
        return build_catalogue()

    @property
    def scenarios(self) -> Sequence[ScenarioCard]:
        return self.catalogue.scenarios

    @property
    def packs(self) -> Sequence[PackCard]:
        return self.catalogue.packs

    def look_again(self) -> None:
        self.catalogue.refresh()

    def scenario(self, name: str | None) -> Scenario:
        return self.catalogue.scenario(name)

    @property
    def drills(self) -> Sequence[Drill]:
        return self.catalogue.drills

    def drill(self, name: str) -> Drill:
        from bowout.core.drills import find_drill

        return find_drill(self.drills, name)

    @cached_property
    def outbox(self) -> FileOutbox:
        from bowout.storage.outbox import FileOutbox

        return FileOutbox(paths.data_dir() / "messages", lambda: self.settings.calendar)

    @cached_property
    def guide(self) -> Guide:
        return build_guide()

    @cached_property
    def workshop(self) -> FolderWorkshop:
        return build_workshop()

    def without_history(self, folder: Path) -> None:
        """Write this session's calls there and not into the user's history: a demo."""
        self.__dict__["records"] = _records_in(folder)

    @cached_property
    def records(self) -> Records:
        return _records_in(paths.data_dir() / "attempts")

    @cached_property
    def cases(self) -> Cases:
        from bowout.storage.cases import FileCases

        return FileCases(paths.data_dir() / "cases", self.now)

    @cached_property
    def incidents(self) -> Incidents:
        from bowout.storage.incidents import FileIncidents

        return FileIncidents(paths.data_dir() / "incidents", self.now)

    @cached_property
    def drafts(self) -> FileDrafts:
        from bowout.storage.drafts import FileDrafts

        return FileDrafts(paths.data_dir() / "drafts", self.now)

    @cached_property
    def coach(self) -> CoachFolder:
        return build_coach()

    @cached_property
    def learner(self) -> LearnerFolder:
        return build_learner()

    @cached_property
    def plans(self) -> Plans:
        from bowout.storage.plan_file import FilePlans

        return FilePlans(paths.data_dir() / "plan.json")

    def save(self, settings: Settings) -> None:
        from bowout.storage.settings_file import save_settings

        save_settings(settings)  # refuses to replace a broken file
        if settings.voice != self.settings.voice:
            for part in ("ladder", "_cache"):
                self.__dict__.pop(part, None)
        self.settings = settings

    # Ears.

    @cached_property
    def _vosk_model(self) -> Path | None:
        from bowout.speech.model_store import find_vosk_model

        named = self.settings.vosk_model
        return find_vosk_model(Path(named).expanduser() if named else None)

    @cached_property
    def _aligner(self) -> Aligner:
        from bowout.speech.aligner import Aligner

        return self._closing(Aligner())

    def ears(self) -> dict[str, Verdict]:
        """Each ear, best first, and whether it can be had. Quick."""
        from bowout.speech import ears

        return ears.available(self._vosk_model)

    def ear_name(self) -> str:
        if self._ear is not None and self._ear_choice == self.settings.ear:
            return self._ear.ear
        return self._candidates()[0]

    def _candidates(self) -> list[str]:
        """Names of the ears to try, best first: the one in the settings if it is there, else what there is."""
        wanted, verdicts = self.settings.ear, self.ears()
        if wanted != "auto" and (self._strict or verdicts[wanted].ok):
            return [wanted]
        return [name for name, verdict in verdicts.items() if verdict.ok]

    def ear(self) -> Recogniser:
        """The best ear that starts. One whose model turns out to be broken gives way to the next, with a notice."""
        from bowout.speech import ears

        with self._lock:
            if self._ear is not None and self._ear_choice == self.settings.ear:
                return self._ear
            if self._ear is not None:
                self._ear.close()
                self._ear = None
            *others, last = self._candidates()
            for name in others:
                try:
                    return self._started(ears.choose_ear(name, vosk_model=self._vosk_model, aligner=self._aligner))
                except BowoutError as error:
                    self._ear_trouble = error
            return self._started(ears.choose_ear(last, vosk_model=self._vosk_model, aligner=self._aligner))

    def _started(self, ear: Recogniser) -> Recogniser:
        try:
            ear.start()
        except BowoutError:
            ear.close()
            raise
        self._ear, self._ear_choice = ear, self.settings.ear
        return ear

    # Devices.

    def microphone(self) -> AudioSource:
        from bowout.speech.microphone import Microphone

        return Microphone(self.settings.microphone, self.settings.microphone_host)

    def playback(self) -> Playback:
        """Loudspeakers, opened, or silence where there are none."""
        from bowout.speech.silent import SilentPlayback

        speakers = self.speakers()
        try:
            speakers.open()
        except MissingPart:
            return SilentPlayback()
        return speakers

    def speakers(self) -> Playback:
        """The chosen loudspeakers, not yet open."""
        from bowout.speech.speakers import Speakers

        return Speakers(self.settings.speakers, self.settings.speakers_host)

    def voice_activity(self) -> VoiceActivity:
        from bowout.speech.vad import AdaptiveVoiceActivity

        return AdaptiveVoiceActivity()

    def slower(self, clip: Clip, speed: float) -> Clip:
        from bowout.speech.slower import slower

        return slower(clip, speed)

    def devices(self) -> list[DeviceInfo]:
        """What is plugged in now; while sound is running, what was plugged in when it started."""
        from bowout.speech.portaudio import list_devices, refresh

        with suppress(BowoutError):  # a stream is open: its list of devices is the one that holds
            refresh()
        return list_devices()

    # Voices.

    @cached_property
    def ladder(self) -> VoiceLadder:
        """The engines that can speak here."""
        from bowout.speech.voices import VoiceLadder

        return self._closing(VoiceLadder(self.settings.voice))

    @cached_property
    def _cache(self) -> VoiceCache:
        return self._cached(self.ladder)

    def _cached(self, voice: Voice) -> VoiceCache:
        from bowout.speech.voices.cache import VoiceCache

        return self._closing(VoiceCache(voice, paths.cache_dir() / "voices"))

    def _closing(self, part: _Closing) -> _Closing:
        self._closers.append(part.close)
        return part

    def forget_voices(self) -> None:
        """Delete every line that was rendered."""
        import shutil

        shutil.rmtree(paths.cache_dir() / "voices", ignore_errors=True)

    def voices(self) -> list[VoiceInfo]:
        return self.ladder.voices()

    def _lines(self, voice: str) -> Lines:
        from bowout.speech.voices.lines import VoiceLines

        if voice != "demo":
            return VoiceLines(self._cache)
        from bowout.speech.voices import VoiceLadder

        # One natural voice is all that can be installed: the caller has it, so the recruiter gets the other kind.
        return VoiceLines(self._cached(self._closing(VoiceLadder("system"))), "en-gb")

    def caller_clips(self, answers: Sequence[str], words_per_minute: int) -> list[Clip] | None:
        """The caller's turns spoken by the best voice here; ``None`` without a voice, or without an ear to hear it."""
        if self.ear_name() == "typed":
            return None
        clips = [self.ladder.render(text, words_per_minute=words_per_minute) for text in answers]
        return clips if all(clip.pcm for clip in clips) else None

    # A call.

    def parts(
        self,
        *,
        clips: Sequence[Clip] | None = None,
        sound: bool = True,
        play_clips: bool = False,
        recruiter_voice: str = "",
        typed: bool = False,
    ) -> Parts:
        """Parts for one call. With ``clips`` the caller's turns come from them and not from the microphone; with
        ``typed`` from the keyboard, and no ear is needed."""
        from bowout.rehearsal.parts import Parts, Sounds
        from bowout.speech.ears.typed import TypedEar
        from bowout.speech.silent import SilentPlayback
        from bowout.speech.sounds import answering_beep, ring, telephone

        ear = TypedEar() if typed else self.ear()
        # Opened by the call itself, which says so if there are none.
        playback: Playback = self.speakers() if sound else SilentPlayback()
        source: AudioSource | None = None
        if ear.ear != "typed":
            if clips is None:
                source = self.microphone()
            elif play_clips:
                from bowout.speech.played_clips import PlayedClips

                source = PlayedClips(clips, playback)
            else:
                from bowout.speech.clip_source import ClipSource

                source = ClipSource(clips)
        return Parts(
            ear=ear,
            source=source,
            voice_activity=self.voice_activity(),
            playback=playback,
            lines=self._lines(recruiter_voice),
            sounds=Sounds(ring(), telephone, answering_beep()),
            records=self.records,
            clock=self.now,
        )

    def read_clips(self, files: Iterable[Path]) -> list[Clip]:
        """Recordings to answer with, at the ear's rate."""
        from bowout.ports import RATE, Clip
        from bowout.speech.sounds import resample
        from bowout.speech.wavfile import read_wav

        clips = [read_wav(path) for path in files]
        return [Clip(resample(clip.pcm, clip.rate, RATE), RATE) for clip in clips]

    def recording(self, path: Path, start_s: float = 0.0) -> Clip:
        """A kept recording from this second on."""
        from bowout.ports import WIDTH, Clip
        from bowout.speech.wavfile import read_wav

        clip = read_wav(path)
        return Clip(clip.pcm[max(0, round(start_s * clip.rate)) * WIDTH :], clip.rate)

    def transcribe(self, path: Path) -> tuple[Transcript, dict[str, Any]]:
        """A recording as one turn through the pipeline of a call, and what heard it."""
        from bowout.core.transcript import Transcript, Turn
        from bowout.rehearsal.listening import hear_clip
        from bowout.speech.clip_source import ClipSource

        if self.ear_name() == "typed":
            if self.settings.ear == "typed":
                raise UsageError("Typed words can't hear a recording.", "Choose another --ear, or use --text.")
            raise MissingPart("There is no ear here to hear a recording.", "Get one with: bowout model install")
        (clip,) = self.read_clips([path])
        ear = self.ear()
        ear.forget()  # the same recording is heard alike, whatever came before it
        hypothesis = hear_clip(clip, ClipSource([clip]), ear, self.voice_activity())
        turn = Turn(0, hypothesis.words, hypothesis.fillers, None, hypothesis.times)
        return Transcript((turn,), "s", ear.ear), {"ear_version": ear.version, "model": ear.model}

    # What is missing.

    def notices(self) -> list[Noticed]:
        from bowout.rehearsal.events import Noticed

        found: list[Noticed] = []
        if self.settings_trouble is not None:
            fix = f"{self.settings_trouble.hint} Until it is mended or deleted the defaults hold."
            found.append(Noticed("settings", self.settings_trouble.message, fix.strip()))
        found += self._pack_notices()
        wanted, name = self.settings.ear, self.ear_name()
        verdicts = self.ears()
        if wanted not in ("auto", name):
            found.append(Noticed("ear", verdicts[wanted].detail, verdicts[wanted].fix))
        elif name == "typed" and wanted == "auto":
            found.append(Noticed("ear", "No ear is installed: answers are typed.", verdicts["builtin"].fix))
        elif name == "builtin" and wanted == "auto":
            found.append(
                Noticed("ear", "The built-in ear listens; Vosk's model is not here.", "Upgrade: bowout model install")
            )
        if not any(v.ok for engine, v in self.ladder.available().items() if engine != "silent"):
            found.append(
                Noticed("voice", "No voice is installed: the recruiter's lines are shown.", "Install espeak-ng.")
            )
        if name != "typed":
            try:
                devices = self.devices()
            except MissingPart as missing:
                found.append(Noticed("microphone", missing.message, missing.hint))
            else:
                if not any(device.inputs for device in devices):
                    fix = "Plug one in, or type your answers."
                    found.append(Noticed("microphone", "There is no microphone here.", fix))
                if not any(device.outputs for device in devices):
                    fix = "Plug some in; until then the recruiter's lines are shown."
                    found.append(Noticed("speakers", "There are no loudspeakers here.", fix))
        if self._ear_trouble is not None:
            found.append(Noticed("ear", self._ear_trouble.message, self._ear_trouble.hint))
        return found

    def _pack_notices(self) -> list[Noticed]:
        from bowout.rehearsal.events import Noticed

        try:
            broken = [left.pack for left in self.catalogue.left_out]
        except InputError as error:
            return [Noticed("packs", error.message, error.hint)]
        if not broken:
            return []
        what = f"The pack “{broken[0]}” is" if len(broken) == 1 else f"{len(broken)} packs are"
        return [Noticed("packs", f"{what} left out.", "Why: bowout pack list")]

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()
        for closer in reversed(self._closers):
            closer()
        self._closers.clear()
