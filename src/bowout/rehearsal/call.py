"""The whole call, from ring to marks, over the ports.

``Rehearsal.run`` is a generator that blocks: a terminal reads it with a ``for`` loop, the trainer from one worker
thread, a test with a list. Everything that happens is written to the attempt's record before it is yielded.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bowout.core.assessment import mark_scenario
from bowout.core.call import HUNG_UP, RAN_OUT, Line, Walk, heard_from, hint
from bowout.core.endpoint import EndReason, TurnLimits
from bowout.core.marking import MARKING_VERSION
from bowout.core.marks import Marks, Provenance
from bowout.core.safety import printable
from bowout.core.scenario import Persona, Scenario
from bowout.core.settings import Mode
from bowout.core.to_the_point import decision_s
from bowout.core.transcript import Transcript, Turn, Unit, Word, shifted, with_turn
from bowout.errors import BowoutError, DeviceLost, MissingPart
from bowout.ports import (
    RATE,
    WIDTH,
    AudioSource,
    Cancelled,
    Clip,
    Hypothesis,
    PlayingClip,
    check_stop,
)
from bowout.rehearsal.barge_in import Overheard
from bowout.rehearsal.events import (
    Beeped,
    CallEnded,
    CallMarked,
    CallPrepared,
    Event,
    Hinted,
    Interrupted,
    MicrophoneOpened,
    Noticed,
    PartialHeard,
    Rang,
    RecruiterSpoke,
    TurnEnded,
    TurnHeard,
    TypingWanted,
)
from bowout.rehearsal.listening import Listened, Listener
from bowout.rehearsal.parts import Mute, Parts, TypedLines
from bowout.rehearsal.record import Persistent, Unrecorded, write
from bowout.rehearsal.second_pass import SecondPass

GATE_TAIL_S = 0.25
"""After the recruiter's last sample the room still rings; the microphone stays shut this long (speakers only)."""
SLOWER = 0.85
"""The recruiter's pace in practice, as a share of the persona's own."""
SLOWEST = 80
"""Words a minute below which no voice is understood any better."""
PRACTICE_TURN_S = 180.0
"""In practice nobody is cut off before this."""
LINES_AHEAD = 80
"""Lines that are rendered before they are needed; after each answer it is another choice."""
LINE_TIMEOUT_S = 30.0
"""Longest wait for a line that is being rendered ahead; then it is asked for outright."""
SAID_ENOUGH_S = 0.5
"""A turn that is cut off at the limit of speech ends with its last whole word, which may be so much earlier."""
TYPED_S = 0.01
"""Seconds between two typed words in a call that began spoken: they have an order, but no time."""
MUTED = Noticed(
    "microphone",
    "The microphone gives nothing but silence.",
    "It is muted, or this terminal has no permission to use it.",
)
CLOSING_LINE = "I'm afraid I have to take another call now. Please put the rest in writing. Goodbye."
"""Said where the scenario's limit of turns ends the call."""


@dataclass(frozen=True, slots=True)
class Options:
    """How this call is to be run."""

    mode: Mode = "practice"
    silence_s: float = 2.5
    seed: int = 0
    headphones: bool = False
    keep_audio: bool = True
    retention: str = ""
    """``keep`` for a recording that outlives its review."""
    score_delivery: bool = True
    patience: float = 1.0
    """What a step's own silence is multiplied by in a live call: more for people who need more time. ``silence_s``
    has it already."""
    read_pause: bool = True
    """Where nothing can be heard, leave each line on the screen for as long as it takes to read it."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Further facts for the record's beginning: which drill, case or assignment it belongs to."""
    strict: bool = False
    """The scenario's limits hold in practice too, and there are no hints."""
    speaking_s: float | None = None
    """Most seconds of the caller's own speech in the whole call; then it ends."""
    rings_after_s: float = 0.0
    """Nothing happens for so long before the call begins."""
    under_way: bool = False
    """It begins in the middle of the call: the phone does not ring first."""


@dataclass(slots=True)
class TurnTiming:
    """Monotonic seconds, for measuring how quickly the recruiter answers."""

    declared_at: float
    """The turn was declared over."""
    final_at: float
    """The quick final text was there."""
    reply_at: float | None = None
    """The first sample of the recruiter's next line was heard."""


class Rehearsal:
    """One call. Use once."""

    def __init__(
        self, scenario: Scenario, parts: Parts, options: Options = Options(), typed: TypedLines | None = None
    ) -> None:
        self.scenario = scenario
        self.parts = parts
        self.options = options
        self.typed = typed or TypedLines()
        self.facts = scenario.facts_at(parts.clock())
        self._walk = Walk(scenario, self.facts, options.seed)
        self._end_turn = threading.Event()
        self._hang_up = threading.Event()
        self._again = threading.Event()
        self._source: AudioSource | None = parts.source
        self._turns: tuple[Turn, ...] = ()
        self._credited: frozenset[str] = frozenset()
        self._clock_samples = 0
        self._prompt_end: float | None = None
        self._overheard = Overheard(parts.voice_activity)
        self._rung = options.under_way
        self._typed_words = 0
        self._unit: Unit = "s" if parts.source is not None else "word"
        self.timings: list[TurnTiming] = []
        self._answered: dict[int, str] = {}
        self._record: Persistent | None = None
        self._second_pass = SecondPass()

    # What the user can do while it runs; any thread.

    def end_turn(self) -> None:
        """I have finished speaking."""
        self._end_turn.set()

    def hang_up(self) -> None:
        """Leave the call now; what was said until here is marked."""
        self._hang_up.set()
        self._end_turn.set()

    def repeat(self) -> None:
        """Say that again, please. In practice only; a live call and a strict one have one take."""
        if self.options.mode == "practice" and not self.options.strict:
            self._again.set()
            self._end_turn.set()

    @property
    def typing(self) -> bool:
        """Answers are typed now."""
        return self._source is None

    @property
    def level(self) -> float:
        """Loudness at the microphone, 0–1."""
        return self._source.level if self._source is not None else 0.0

    @property
    def seconds(self) -> float:
        """The call's clock."""
        return self._clock_samples / RATE

    @property
    def folder(self) -> Path | None:
        """Where the attempt's record lies; ``None`` before the call began."""
        return self._record.folder if self._record is not None and self._record.id else None

    # The call itself.

    def run(self, stop: threading.Event) -> Iterator[Event]:
        """Yields what happens. Returns early, with everything recorded, when ``stop`` is set."""
        parts = self.parts
        try:
            record = self._record = self._begin()
            try:
                for event in self._events(stop, record):
                    write(record, event)
                    yield event
                    trouble = record.trouble()
                    if trouble is not None:
                        yield Noticed("records", trouble.message, f"{trouble.hint} The call goes on.".strip())
            except Cancelled:
                record.event("abandoned")
            except KeyboardInterrupt:  # how a caller leaves on a command line
                record.event("abandoned")
                raise
            finally:
                record.close()
        finally:
            self._second_pass.close()
            if self._source is not None:
                self._source.close()
            parts.playback.close()

    def _begin(self) -> Persistent:
        scenario = self.scenario
        spoken = self.parts.source is not None
        try:
            opened = self.parts.records.begin(
                scenario=scenario.id,
                title=scenario.title,
                intent=scenario.intent,
                mode=self.options.mode,
                channel=scenario.channel,
                ear=self.parts.ear.ear if spoken else "typed",
                keep_audio=self.options.keep_audio and spoken,
                seed=self.options.seed,
                scenario_version=scenario.version,
                scenario_sha256=scenario.sha256,
                retention=self.options.retention,
                pack=scenario.pack,
                difficulty=scenario.difficulty,
                **({"level": scenario.level} if scenario.level else {}),
                **self.options.meta,
            )
        except BowoutError as error:
            # A folder that can't be written keeps nobody from rehearsing.
            return Persistent(Unrecorded(), error)
        return Persistent(opened)

    def _events(self, stop: threading.Event, record: Persistent) -> Iterator[Event]:
        walk = self._walk
        yield from self._prepare(stop, record)
        yield from self._wait(self.options.rings_after_s, stop)
        while True:
            yield from self._say_step(stop)
            if walk.outcome is not None:
                break
            yield from self._hear(stop)
            if self._hang_up.is_set():
                walk.outcome = HUNG_UP
                break
            if self._has_said_enough() and walk.step.end is None:
                walk.outcome = RAN_OUT
            if walk.outcome == RAN_OUT:
                yield from self._say(Line(CLOSING_LINE, walk.speaker), stop)
                break
            self._render_ahead()
        yield CallEnded(walk.outcome)
        yield from self._collect(stop, wait=True)
        marks = self._marks(final=True)
        yield CallMarked(
            marks,
            self._provenance(),
            walk.outcome,
            record.id,
            self.facts,
            self._answered,
            decision_s(marks, self.scenario, self.facts),
        )

    def _prepare(self, stop: threading.Event, record: Persistent) -> Iterator[Event]:
        parts = self.parts
        self._render_ahead()
        try:
            parts.playback.open()
        except MissingPart as missing:
            yield Noticed("speakers", missing.message, missing.hint)
            parts.playback = Mute(parts.playback)
        if self._source is not None:
            try:
                parts.ear.start()
                # Loading the ear takes seconds: whoever left meanwhile gets no open microphone.
                check_stop(stop)
                self._source.open()
            except MissingPart as missing:
                yield from self._go_on_typing("microphone", missing)
        check_stop(stop)
        yield CallPrepared(parts.ear.ear if self._source is not None else "typed", parts.lines.engine, record.id)

    # What the other side says.

    def _pace(self, speaker: Persona) -> Persona:
        """The speaker, slower in practice."""
        if self.options.mode == "live":
            return speaker
        return replace(speaker, words_per_minute=max(SLOWEST, round(speaker.words_per_minute * SLOWER)))

    def _render_ahead(self) -> None:
        lines = [*self._walk.lines_ahead()[:LINES_AHEAD], Line(CLOSING_LINE, self._walk.speaker)]
        self.parts.lines.prepare([Line(text, self._pace(speaker)) for text, speaker in lines])

    def _say_step(self, stop: threading.Event) -> Iterator[Event]:
        """The line that is due, with everything that belongs before and after it."""
        walk = self._walk
        step, again = walk.step, walk.repeating
        line = Line(walk.line(), walk.speaker)
        if not again:
            if self.scenario.channel == "phone" and (step.ring or not self._rung):
                self._rung = True
                yield Rang()
                yield from self._play(self._start(self.parts.sounds.ring), self.parts.sounds.ring, stop)
            yield from self._wait(step.wait_s, stop)
        # Nobody interrupts a machine, and after a last line nobody listens.
        yield from self._say(line, stop, may_interrupt=not step.beep and step.end is None)
        if step.beep and not self._hang_up.is_set():
            self._overheard.fetch()  # what was said into the line belongs to nobody: it is recorded from the beep on
            yield Beeped()
            yield from self._play(self._start(self.parts.sounds.beep), self.parts.sounds.beep, stop)

    def _wait(self, seconds: float, stop: threading.Event) -> Iterator[Event]:
        """Silence at the other end."""
        if seconds <= 0:
            return
        source = self._source
        if source is not None and not source.live:
            self._record_audio(b"\0" * (round(seconds * RATE) * WIDTH))
            return
        if source is None and not self.options.read_pause:
            return
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._hang_up.is_set():
            check_stop(stop)
            yield from self._pass_over(0.05)
        self._overheard.fetch()

    def _say(self, line: Line, stop: threading.Event, *, may_interrupt: bool = False) -> Iterator[Event]:
        clip = self._line(line, stop)
        if self.scenario.channel == "phone":
            clip = self.parts.sounds.phone_line(clip)
        at = self.seconds
        self._overheard.fetch()
        # The first sample goes out before anybody draws the line.
        playing = self._start(clip)
        other = "" if line.speaker == self.scenario.persona else line.speaker.name
        yield RecruiterSpoke(line.text, self._walk.step.id, at, other, len(self._turns))
        yield from self._play(playing, clip, stop, may_interrupt=may_interrupt)
        if (not clip.pcm or not self.parts.playback.audible) and not self._overheard.interrupts:
            self._reading_pause(line.text, stop)

    def _line(self, line: Line, stop: threading.Event) -> Clip:
        """The line, once it is rendered; who leaves does not wait for a slow voice."""
        text, speaker = line.text, self._pace(line.speaker)
        deadline = time.monotonic() + LINE_TIMEOUT_S
        while not self.parts.lines.ready(text, speaker) and time.monotonic() < deadline and not self._hang_up.is_set():
            check_stop(stop)
            time.sleep(0.01)
        return self.parts.lines.get(text, speaker)

    def _start(self, clip: Clip) -> PlayingClip | DeviceLost | None:
        """Start a clip; ``None`` if there is nothing to hear."""
        if not clip.pcm:
            return None
        try:
            return self.parts.playback.play(clip)
        except DeviceLost as lost:
            return lost

    def _play(
        self,
        playing: PlayingClip | DeviceLost | None,
        clip: Clip,
        stop: threading.Event,
        *,
        may_interrupt: bool = False,
    ) -> Iterator[Event]:
        """Wait to the end, or to the caller's first words where they may interrupt and can be heard.

        The recording goes on in silence: the gate is shut, the room is nobody's business.
        """
        if isinstance(playing, DeviceLost):
            self.parts.playback = Mute(self.parts.playback)
            yield Noticed("speakers", playing.message, playing.hint)
        elif playing is not None:
            if self._source is not None and not self._source.live:
                self._record_audio(b"\0" * (round(clip.seconds * RATE) * WIDTH))
            try:
                while not playing.done():
                    check_stop(stop)
                    if self._hang_up.is_set():
                        break
                    self._note_reply(playing)
                    yield from self._pass_over(0.05)
                    if may_interrupt and self._overheard.interrupts:
                        playing.stop()
                        yield Interrupted(self.seconds)
                        break
            finally:
                playing.stop()
            self._note_reply(playing)
        self._prompt_end = self.seconds
        if playing is not None and not self.options.headphones:
            until = time.monotonic() + GATE_TAIL_S
            while self._source is not None and self._source.live and time.monotonic() < until:
                yield from self._pass_over(0.03)

    def _note_reply(self, playing: PlayingClip) -> None:
        timing = self.timings[-1] if self.timings else None
        if timing is not None and timing.reply_at is None:
            timing.reply_at = playing.started_at

    def _pass_over(self, seconds: float) -> Iterator[Event]:
        """Let the microphone run without listening; its clock is the call's."""
        source = self._source
        if source is None or not source.live:
            time.sleep(seconds)
            return
        try:
            block = source.read(seconds)
        except DeviceLost as lost:
            yield from self._go_on_typing("microphone", lost)
            return
        if block is None:
            return
        if self.options.headphones:
            self._record_audio(block.pcm)
            self._overheard.take(block.pcm)
        else:
            self._record_audio(b"\0" * (len(block.pcm) + block.dropped * WIDTH))

    def _record_audio(self, pcm: bytes) -> None:
        if self._record is not None:
            self._record.audio(pcm)
        self._clock_samples += len(pcm) // WIDTH

    def _reading_pause(self, text: str, stop: threading.Event) -> None:
        if self.options.read_pause and not self._hang_up.is_set():
            stop.wait(min(6.0, 0.8 + len(text.split()) / 4))

    # Listening.

    def _limits(self) -> TurnLimits:
        """The call's limits, or the step's own. In practice a pause may be longer, and nobody is cut off."""
        call, own, options = self.scenario.limits, self._walk.step.listen, self.options
        silence_s, no_speech_s = options.silence_s, own.no_speech_s or call.no_speech_s
        longest_s = own.max_turn_s or call.max_turn_s
        if options.mode == "live":
            if own.silence_s is not None:
                silence_s = own.silence_s * options.patience
        else:
            silence_s = max(silence_s, own.silence_s or 0.0)
            if not options.strict:
                longest_s = max(longest_s, PRACTICE_TURN_S)
        left = None if options.speaking_s is None else max(0.0, options.speaking_s - self.spoken_s)
        return TurnLimits(silence_s, no_speech_s, longest_s, max_speech_s=left)

    @property
    def spoken_s(self) -> float:
        """Seconds of the caller's own speech in the turns that are over; typed words take none."""
        timed = [turn for turn in self._turns if turn.words and turn.times != "none"]
        return sum(turn.words[-1].end - turn.words[0].start for turn in timed)

    def _has_said_enough(self) -> bool:
        """The limit of the caller's own speech is reached, but for what an ear's times are off."""
        limit = self.options.speaking_s
        return limit is not None and self.spoken_s >= limit - SAID_ENOUGH_S

    def _hear(self, stop: threading.Event) -> Iterator[Event]:
        index = len(self._turns)
        self._answered[index] = self._walk.step.id
        self._end_turn.clear()
        self._again.clear()
        if self._hang_up.is_set():
            return
        if self._source is None:
            turn = yield from self._hear_typed(index, Turn(index, ()), stop)
        else:
            turn = yield from self._hear_spoken(index, stop)
        again = self._again.is_set() and not self._hang_up.is_set()
        if turn.words or not again:
            self._turns = with_turn(self._turns, turn)
            yield TurnHeard(turn, careful=False)
        if again:
            self._walk.again()
        else:
            yield from self._answer(turn)
        yield from self._collect(stop, wait=False)

    def _answer(self, turn: Turn) -> Iterator[Event]:
        """What the other side makes of a turn."""
        walk = self._walk
        marks = self._marks(final=False)
        heard = heard_from(marks, turn.text)
        # What the recruiter has once taken in stays taken in, whatever the careful pass makes of it.
        self._credited |= heard.items
        heard = replace(heard, items=self._credited)
        hints = self.options.mode == "practice" and not self.options.strict
        told = hint(walk.step, heard, marks, self.facts) if hints else None
        walk.answer(heard)
        if told is not None and not walk.repeating and walk.outcome is None and not self._hang_up.is_set():
            yield Hinted(told)

    def _hear_spoken(self, index: int, stop: threading.Event) -> Generator[Event, None, Turn]:
        source = self._source
        assert source is not None
        if not self.options.headphones or not source.live:
            source.begin_turn()
        preroll = self._overheard.fetch()
        start = self.seconds - len(preroll) / WIDTH / RATE
        yield MicrophoneOpened(index, self.seconds)
        listened = Listened()
        listener = Listener(source, self.parts.ear, self.parts.voice_activity)
        warned = False
        for partial in listener.listen(self._limits(), stop, self._end_turn, listened, self._record_audio, preroll):
            if listened.seems_muted and source.live and not warned:
                warned = True
                yield MUTED
            else:
                yield PartialHeard(index, partial)
        self.timings.append(TurnTiming(listened.declared_at, listened.final_at))
        if listened.dropped:
            lost_s = listened.dropped / RATE
            yield Noticed("audio", f"{lost_s:.1f} s of sound were lost.", "Times in this turn are not exact.")
        turn = self._turn_from(index, listened.hypothesis, start)
        if listened.lost is None and listened.ear_error is None:
            yield TurnEnded(index, listened.reason)
            if turn.words:
                pcm, quick = bytes(listened.pcm), listened.hypothesis
                self._second_pass.begin(turn, start, lambda: self.parts.ear.refine(pcm, quick))
            return turn
        if listened.ear_error is not None and not turn.words and listened.partial:
            turn = self._turn_from(index, _spread(listened.partial, listened.seconds), start)
        cause = listened.lost or listened.ear_error
        assert cause is not None
        yield from self._go_on_typing("microphone" if listened.lost else "ear", cause)
        turn = yield from self._hear_typed(index, turn, stop)
        return turn

    def _turn_from(self, index: int, hypothesis: Hypothesis, start: float) -> Turn:
        turn = Turn(index, hypothesis.words, hypothesis.fillers, None, hypothesis.times)
        return replace(shifted(turn, start), prompt_end=self._prompt_end)

    def _hear_typed(self, index: int, begun: Turn, stop: threading.Event) -> Generator[Event, None, Turn]:
        """An answer from the keyboard, added to what was heard of this turn before the microphone died."""
        yield TypingWanted(index)
        text: str | None = None
        while text is None and not self._hang_up.is_set() and not self._again.is_set():
            check_stop(stop)
            text = self.typed.get(0.1)
        tokens = printable(text or "").split()
        if self._unit == "word":
            at = float(self._typed_words)
            words = tuple(Word(token, at + i, at + i + 1) for i, token in enumerate(tokens))
            self._typed_words += len(tokens)
        else:
            # The clock stands still: words in their order, in a turn whose times count for nothing.
            at = max(self.seconds, begun.words[-1].end if begun.words else 0.0)
            words = tuple(Word(token, at + i * TYPED_S, at + (i + 1) * TYPED_S) for i, token in enumerate(tokens))
        yield TurnEnded(index, EndReason.KEY if tokens else EndReason.NO_SPEECH)
        return replace(begun, words=begun.words + words, fillers=None, times="none" if tokens else begun.times)

    def _go_on_typing(self, part: Any, cause: BowoutError) -> Iterator[Event]:
        yield Noticed(part, cause.message, f"{cause.hint} The call goes on: type your answers.".strip())
        if self._source is not None:
            self._source.close()
            self._source = None
        if not self._turns and not self._clock_samples:
            self._unit = "word"

    # The careful pass and the marks.

    def _collect(self, stop: threading.Event, *, wait: bool) -> Iterator[Event]:
        """Put in what the careful pass has finished."""
        for done in self._second_pass.finished(stop, wait=wait):
            if isinstance(done, Noticed):
                yield done
                continue
            turn, start, words = done
            careful = replace(self._turn_from(turn.index, words, start), prompt_end=turn.prompt_end)
            self._turns = with_turn(self._turns, careful)
            yield TurnHeard(careful, careful=True)

    def _marks(self, *, final: bool) -> Marks:
        ear = self.parts.ear.ear if self._unit == "s" else "typed"
        return mark_scenario(
            Transcript(self._turns, self._unit, ear),
            self.scenario,
            self.facts,
            score_delivery=self.options.score_delivery,
            credited=self._credited if final and self._unit == "s" else frozenset(),
        )

    def _provenance(self) -> Provenance:
        ear = self.parts.ear
        typed = self._unit == "word"
        return Provenance(
            scenario=self.scenario.id,
            scenario_version=self.scenario.version,
            scenario_sha256=self.scenario.sha256,
            seed=self.options.seed,
            ear_version=None if typed else ear.version,
            model=None if typed else ear.model,
            marking_version=MARKING_VERSION,
        )


def _spread(text: str, seconds: float) -> Hypothesis:
    """Words of a partial whose times nobody knows, spread over the turn."""
    tokens = text.split()
    each = seconds / max(1, len(tokens))
    return Hypothesis(
        tuple(Word(token, i * each, (i + 1) * each) for i, token in enumerate(tokens)), None, "approximate"
    )


__all__ = ["GATE_TAIL_S", "Options", "Rehearsal", "TurnTiming"]
