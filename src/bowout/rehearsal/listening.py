"""One turn of listening: blocks in, partial text and an end out.

Runs in the caller's thread. The microphone fills a bounded queue of its own; this is the one thread that drains it
and feeds the ear.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from bowout.core.endpoint import Endpointer, EndReason, TurnLimits
from bowout.errors import BowoutError, DeviceLost
from bowout.ports import RATE, WIDTH, AudioSource, Clip, Hypothesis, Recogniser, VoiceActivity, check_stop

READ_TIMEOUT_S = 0.1
_PREROLL_BYTES = round(0.06 * RATE) * WIDTH
"""What was captured before is taken in pieces of this size, as a microphone would give it."""
ZEROS_S = 1.5
"""A real microphone never gives exact zeros this long: it is muted, or the terminal may not use it."""


@dataclass(slots=True)
class Listened:
    """A turn while it is being heard, and what came of it."""

    pcm: bytearray = field(default_factory=bytearray)
    """Everything that was captured, ``RATE``."""
    partial: str = ""
    hypothesis: Hypothesis = field(default_factory=lambda: Hypothesis(()))
    reason: EndReason = EndReason.SILENCE
    voiced_s: float = 0.0
    dropped: int = 0
    """Samples that were lost."""
    all_zeros: bool = True
    lost: DeviceLost | None = None
    ear_error: BowoutError | None = None
    declared_at: float = 0.0
    """Monotonic seconds at which the turn was declared over …"""
    final_at: float = 0.0
    """… and at which the quick final text was there."""

    @property
    def seconds(self) -> float:
        return len(self.pcm) / WIDTH / RATE

    @property
    def seems_muted(self) -> bool:
        return self.all_zeros and self.seconds >= ZEROS_S


class Listener:
    """Listens to one source with one ear."""

    def __init__(self, source: AudioSource, ear: Recogniser, voice_activity: VoiceActivity) -> None:
        self.source = source
        self.ear = ear
        self.voice_activity = voice_activity

    def listen(
        self,
        limits: TurnLimits,
        stop: threading.Event,
        end: threading.Event,
        into: Listened,
        on_audio: Callable[[bytes], None],
        preroll: bytes = b"",
    ) -> Iterator[str]:
        """Hear one turn; yields the partial text whenever it changes, and once when the source seems to be muted.

        Args:
            end: set by the user's key; ends the turn at once.
            into: filled while listening; complete when the iterator is exhausted.
            on_audio: gets every captured block (the recording).
            preroll: audio captured just before, already recorded.

        A device that dies or an ear that fails ends the turn with what was heard until then, never with an exception.
        """
        endpointer = Endpointer(limits)
        self.ear.begin_turn()
        for at in range(0, len(preroll), _PREROLL_BYTES):
            yield from self._feed(preroll[at : at + _PREROLL_BYTES], endpointer, into)
        reason: EndReason | None = None
        muted = False
        while reason is None:
            check_stop(stop)
            if end.is_set():
                reason = EndReason.KEY
                break
            try:
                block = self.source.read(READ_TIMEOUT_S)
            except DeviceLost as lost:
                into.lost, reason = lost, EndReason.LOST
                break
            if block is None:
                continue
            into.dropped += block.dropped
            on_audio(block.pcm)
            reason = yield from self._feed(block.pcm, endpointer, into)
            if into.seems_muted and not muted:
                # Said while it can still be mended, not when the turn is over.
                muted = True
                yield into.partial
        into.reason, into.declared_at = reason, time.monotonic()
        try:
            into.hypothesis = self.ear.finish_turn()
        except BowoutError as error:
            into.ear_error = error
        into.final_at = time.monotonic()

    def _feed(self, pcm: bytes, endpointer: Endpointer, into: Listened) -> Generator[str, None, EndReason | None]:
        into.pcm += pcm
        into.all_zeros = into.all_zeros and not any(pcm)
        voiced = self.voice_activity.voiced(pcm)
        seconds = len(pcm) / WIDTH / RATE
        if voiced:
            into.voiced_s += seconds
        partial = into.partial
        try:
            partial = self.ear.feed(pcm, voiced=voiced)
            if endpointer.should_settle():
                self.ear.settle()
        except BowoutError as error:
            into.ear_error = error
            return EndReason.LOST
        reason = endpointer.update(seconds, voiced, partial)
        if partial != into.partial:
            into.partial = partial
            yield partial
        return reason


def hear_clip(clip: Clip, source: AudioSource, ear: Recogniser, voice_activity: VoiceActivity) -> Hypothesis:
    """A whole recording as one turn: every block through the ear, then the careful pass.

    Raises:
        BowoutError: the ear failed.
    """
    whole = clip.seconds + 0.5
    limits = TurnLimits(silence_s=whole, no_speech_s=whole, max_s=whole)
    never = threading.Event()
    into = Listened()
    source.open()
    source.begin_turn()
    try:
        for _ in Listener(source, ear, voice_activity).listen(limits, never, never, into, lambda _: None):
            pass
    finally:
        source.close()
    if into.ear_error is not None:
        raise into.ear_error
    return ear.refine(bytes(into.pcm), into.hypothesis) if into.hypothesis.words else into.hypothesis
