"""The whole call, from ring to marks, over the ports.

``Rehearsal.run`` is a generator that blocks: a terminal reads it with a ``for`` loop, the trainer from one worker
thread, a test with a list. Everything that happens is written to the attempt's record before it is yielded.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bowout.core.call import HUNG_UP, RAN_OUT, Walk, heard_from
from bowout.core.endpoint import EndReason, TurnLimits
from bowout.core.marking import MARKING_VERSION, Rules, mark
from bowout.core.marks import Marks, Provenance
from bowout.core.safety import printable
from bowout.core.scenario import Scenario
from bowout.core.settings import Mode
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
from bowout.rehearsal.events import (
    CallEnded,
    CallMarked,
    CallPrepared,
    Event,
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

GATE_TAIL_S = 0.25
"""After the recruiter's last sample the room still rings; the microphone stays shut this long (speakers only)."""
PREROLL_S = 0.2
"""Kept from before the gate opens when the caller wears headphones and may start early."""
REFINE_TIMEOUT_S = 60.0
"""Longest wait for the careful pass after the call; then the quick words are marked."""
LINE_TIMEOUT_S = 30.0
"""Longest wait for a line that is being rendered ahead; then it is asked for outright."""
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
    read_pause: bool = True
    """Where nothing can be heard, leave each line on the screen for as long as it takes to read it."""


@dataclass(slots=True)
class TurnTiming:
    """Monotonic seconds, for measuring how quickly the recruiter answers."""

    declared_at: float
    """The turn was declared over."""
    final_at: float
    """The quick final text was there."""
    reply_at: float | None = None
    """The first sample of the recruiter's next line was heard."""


def rules_of(scenario: Scenario, *, score_delivery: bool = True) -> Rules:
    """The marking rules of a scenario."""
    return Rules(required=scenario.required, weights=scenario.weights or None, score_delivery=score_delivery)


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
        self._rules = rules_of(scenario, score_delivery=options.score_delivery)
        self._walk = Walk(scenario, self.facts, options.seed)
        self._end_turn = threading.Event()
        self._hang_up = threading.Event()
        self._source: AudioSource | None = parts.source
        self._turns: tuple[Turn, ...] = ()
        self._credited: frozenset[str] = frozenset()
        self._clock_samples = 0
        self._prompt_end: float | None = None
        self._preroll = b""
        self._typed_words = 0
        self._unit: Unit = "s" if parts.source is not None else "word"
        self.timings: list[TurnTiming] = []
        self._refining: list[tuple[Turn, float, Future[Hypothesis]]] = []
        self._record: Persistent | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="refine")

    # What the user can do while it runs; any thread.

    def end_turn(self) -> None:
        """I have finished speaking."""
        self._end_turn.set()

    def hang_up(self) -> None:
        """Leave the call now; what was said until here is marked."""
        self._hang_up.set()
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
            finally:
                record.close()
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)
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
                ear=self.parts.ear.ear if spoken else "typed",
                keep_audio=self.options.keep_audio and spoken,
                seed=self.options.seed,
                scenario_version=scenario.version,
                scenario_sha256=scenario.sha256,
                retention=self.options.retention,
            )
        except BowoutError as error:
            # A folder that can't be written keeps nobody from rehearsing.
            return Persistent(Unrecorded(), error)
        return Persistent(opened)

    def _events(self, stop: threading.Event, record: Persistent) -> Iterator[Event]:
        yield from self._prepare(stop, record)
        if self.scenario.channel == "phone":
            yield Rang()
            yield from self._play(self._start(self.parts.sounds.ring), self.parts.sounds.ring, stop)
        while True:
            yield from self._say(self._walk.line(), stop)
            if self._walk.outcome is not None:
                break
            yield from self._hear(stop)
            if self._hang_up.is_set():
                self._walk.outcome = HUNG_UP
                break
            if self._walk.outcome == RAN_OUT:
                yield from self._say(CLOSING_LINE, stop)
                break
        outcome = self._walk.outcome
        yield CallEnded(outcome)
        yield from self._collect(stop, wait=True)
        yield CallMarked(self._marks(final=True), self._provenance(), outcome, record.id, self.facts)

    def _prepare(self, stop: threading.Event, record: Persistent) -> Iterator[Event]:
        parts = self.parts
        parts.lines.speak_as(self.scenario.persona)
        parts.lines.prepare([*self._walk.lines_ahead(), CLOSING_LINE])
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

    def _say(self, text: str, stop: threading.Event) -> Iterator[Event]:
        clip = self._line(text, stop)
        if self.scenario.channel == "phone":
            clip = self.parts.sounds.phone_line(clip)
        at = self.seconds
        # The first sample goes out before anybody draws the line.
        playing = self._start(clip)
        yield RecruiterSpoke(text, self._walk.step.id, at)
        yield from self._play(playing, clip, stop)
        if not clip.pcm or not self.parts.playback.audible:
            self._reading_pause(text, stop)

    def _line(self, text: str, stop: threading.Event) -> Clip:
        """The line, once it is rendered; who leaves does not wait for a slow voice."""
        deadline = time.monotonic() + LINE_TIMEOUT_S
        while not self.parts.lines.ready(text) and time.monotonic() < deadline and not self._hang_up.is_set():
            check_stop(stop)
            time.sleep(0.01)
        return self.parts.lines.get(text)

    def _start(self, clip: Clip) -> PlayingClip | DeviceLost | None:
        """Start a clip; ``None`` if there is nothing to hear."""
        if not clip.pcm:
            return None
        try:
            return self.parts.playback.play(clip)
        except DeviceLost as lost:
            return lost

    def _play(self, playing: PlayingClip | DeviceLost | None, clip: Clip, stop: threading.Event) -> Iterator[Event]:
        """Wait to the end. The recording goes on in silence: the gate is shut, the room is nobody's business."""
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
            self._preroll = (self._preroll + block.pcm)[-round(PREROLL_S * RATE) * WIDTH :]
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
        limits = self.scenario.limits
        return TurnLimits(self.options.silence_s, limits.no_speech_s, limits.max_turn_s)

    def _hear(self, stop: threading.Event) -> Iterator[Event]:
        index = self._walk.turns
        self._end_turn.clear()
        if self._hang_up.is_set():
            return
        if self._source is None:
            turn = yield from self._hear_typed(index, Turn(index, ()), stop)
        else:
            turn = yield from self._hear_spoken(index, stop)
        self._turns = with_turn(self._turns, turn)
        yield TurnHeard(turn, careful=False)
        heard = heard_from(self._marks(final=False), turn.text)
        # What the recruiter has once taken in stays taken in, whatever the careful pass makes of it.
        self._credited |= heard.items
        self._walk.answer(replace(heard, items=self._credited))
        yield from self._collect(stop, wait=False)

    def _hear_spoken(self, index: int, stop: threading.Event) -> Generator[Event, None, Turn]:
        source = self._source
        assert source is not None
        if not self.options.headphones or not source.live:
            source.begin_turn()
        preroll, self._preroll = self._preroll, b""
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
                future = self._pool.submit(self.parts.ear.refine, bytes(listened.pcm), listened.hypothesis)
                self._refining.append((turn, start, future))
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
        while text is None and not self._hang_up.is_set():
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
        deadline = time.monotonic() + REFINE_TIMEOUT_S
        for entry in list(self._refining):
            turn, start, future = entry
            while wait and not future.done() and time.monotonic() < deadline:
                check_stop(stop)
                time.sleep(0.02)
            if not future.done():
                if wait:
                    yield Noticed("ear", "The careful pass took too long.", "The quick words are marked instead.")
                continue
            self._refining.remove(entry)
            error = future.exception()
            if error is None:
                careful = replace(self._turn_from(turn.index, future.result(), start), prompt_end=turn.prompt_end)
                self._turns = with_turn(self._turns, careful)
                yield TurnHeard(careful, careful=True)
            else:
                # Also what nobody foresaw: the quick words are there, and a call is not lost for its second opinion.
                what = error.message if isinstance(error, BowoutError) else f"The careful pass failed ({error!r})."
                yield Noticed("ear", what, "The quick words of this turn are marked instead.")

    def _marks(self, *, final: bool) -> Marks:
        ear = self.parts.ear.ear if self._unit == "s" else "typed"
        return mark(
            Transcript(self._turns, self._unit, ear),
            self.scenario.intent,
            rules=self._rules,
            facts=self.facts,
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


__all__ = ["GATE_TAIL_S", "Options", "Rehearsal", "TurnTiming", "rules_of"]
