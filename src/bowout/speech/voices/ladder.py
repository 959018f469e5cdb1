"""One voice out of several engines: the best that works speaks, one that fails is not asked again this session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from bowout.errors import BowoutError, InputError, UsageError
from bowout.ports import Clip, Verdict, Voice, VoiceInfo
from bowout.speech.voices.silent import NOTHING, SilentRung
from bowout.speech.voices.text import sayable


class Engine(Voice, Protocol):
    """A ``Voice`` that can be one rung."""

    def check(self) -> Verdict:
        """Whether it could speak, without making it speak: under 0.1 s."""

    def knows(self, voice: str) -> bool:
        """Whether ``voice`` is one of its own."""


def _piper() -> Engine:
    from bowout.speech.voices.piper import PiperVoice

    return PiperVoice()


def _pyttsx3() -> Engine:
    from bowout.speech.voices.pyttsx3 import Pyttsx3Voice

    return Pyttsx3Voice()


def _system() -> Engine:
    from bowout.speech.voices.system import SystemVoice

    return SystemVoice()


ENGINES: Mapping[str, Callable[[], Engine]] = {
    "piper": _piper,
    "pyttsx3": _pyttsx3,
    "system": _system,
    "silent": SilentRung,
}
"""Name of the engine → how it is made; best first. ``silent`` never fails."""


class VoiceLadder:
    """The program's ``Voice``. Used from one thread at a time; ``close`` from any."""

    reasons: dict[str, str]
    """Engine → why it is not asked any more."""

    def __init__(self, prefer: str = "", engines: Mapping[str, Callable[[], Engine]] = ENGINES) -> None:
        """
        Args:
            prefer: the engine to try first (``""``: the best there is); the others follow, ``silent`` stays silent.
            engines: name → maker, best first; the last must never fail.

        Raises:
            UsageError: there is no engine of that name.
        """
        if prefer and prefer not in engines:
            raise UsageError(f"There is no voice engine “{prefer}”.", f"Choose one of: {', '.join(engines)}.")
        last = list(engines)[-1]
        if prefer == last:
            self._order = [last]
        else:
            self._order = ([prefer] if prefer else []) + [name for name in engines if name != prefer]
        self._makers = engines
        self._made: dict[str, Engine] = {}
        self._passed: set[str] = set()
        self._spoke = ""
        self.reasons = {}

    @property
    def engine(self) -> str:
        """The engine that spoke last; before the first line the one that will be tried first."""
        return self._spoke if self._spoke and self._spoke not in self.reasons else self._next()

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        """The line, by the best engine that can.

        Args:
            text: plain words; a line without anything to say becomes a clip without samples.
            voice: an id from ``voices``, bare or as ``engine:id``; an engine that doesn't know it uses its own default.
            words_per_minute: the pace, 80–320; 165 if ``None``.

        Raises:
            InputError: the line is too long. No engine is blamed for it.
        """
        line = sayable(text)
        if not line:
            return NOTHING
        while True:
            name = self._next()
            engine = self._engine(name)
            try:
                clip = engine.render(line, voice=self._own(engine, name, voice), words_per_minute=words_per_minute)
            except InputError:
                raise
            except (BowoutError, OSError) as error:
                self._drop(name, error.sentence() if isinstance(error, BowoutError) else str(error))
                if name == self._order[-1]:
                    raise
            else:
                self._spoke = name
                return clip

    def voices(self) -> list[VoiceInfo]:
        """What every engine that is there offers, best engine first."""
        found: list[VoiceInfo] = []
        for name in self._order:
            if name in self.reasons or not self._check(name).ok:
                continue
            try:
                found += self._engine(name).voices()
            except BowoutError as error:
                self._drop(name, error.sentence())
        return found

    def available(self) -> dict[str, Verdict]:
        """Each engine with what a check without rendering says of it, in the order in which they are tried."""
        return {
            name: Verdict(False, self.reasons[name]) if name in self.reasons else self._check(name)
            for name in self._order
        }

    def close(self) -> None:
        """End every engine's processes. Never raises."""
        for engine in list(self._made.values()):
            engine.close()

    def _engine(self, name: str) -> Engine:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def _check(self, name: str) -> Verdict:
        verdict = self._engine(name).check()
        if verdict.ok:
            self._passed.add(name)
        return verdict

    def _next(self) -> str:
        """The best engine that has not failed."""
        for name in self._order[:-1]:
            if name in self.reasons:
                continue
            if name in self._passed:
                return name
            verdict = self._check(name)
            if verdict.ok:
                return name
            self.reasons[name] = f"{verdict.detail} {verdict.fix}".strip()
        return self._order[-1]

    def _drop(self, name: str, reason: str) -> None:
        self.reasons[name] = reason
        self._engine(name).close()

    @staticmethod
    def _own(engine: Engine, name: str, voice: str | None) -> str | None:
        if not voice:
            return None
        bare = voice.removeprefix(f"{name}:")
        return bare if engine.knows(bare) else None
