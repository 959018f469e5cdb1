"""What the user can choose, with one place for every default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, Literal

from bowout.errors import InputError

Mode = Literal["practice", "live"]
Ear = Literal["auto", "vosk", "builtin", "typed"]
Keep = Literal["ask", "until_review", "keep", "never"]
LiveLine = Literal["auto", "on", "off"]

LONGEST_DAYS = 36_500
"""The largest age of recordings that can be set: a hundred years."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every field is a line of ``settings.toml`` and a row of the settings screen."""

    ear: Ear = "auto"
    """Which ear listens: ``auto`` takes Vosk, else the built-in one, else typed words."""
    vosk_model: str = ""
    """Folder of a Vosk model to use; empty = the first one found in the usual places."""
    mode: Mode = "practice"
    """``practice``: longer pauses, a slower voice, hints, the live line. ``live``: like the real call, one take."""
    microphone: str = ""
    """Name of the input device; empty = the system's default."""
    microphone_host: str = ""
    """Host API of that device; empty = any."""
    speakers: str = ""
    """Name of the output device; empty = the system's default."""
    speakers_host: str = ""
    """Host API of that device; empty = any."""
    headphones: bool = False
    """The microphone can't hear the speakers: it stays open while the recruiter talks."""
    silence_practice_s: float = 2.5
    """Seconds of silence that end a turn in practice mode (0.5–10)."""
    silence_live_s: float = 1.3
    """Seconds of silence that end a turn in live mode (0.5–10)."""
    live_line: LiveLine = "auto"
    """Show what is heard while it is being said: ``auto`` in practice alone, ``on`` always, ``off`` never."""
    keep_recordings: Keep = "ask"
    """Recordings of the user's voice: ask once, keep until the review is closed, keep, or never write any."""
    keep_audio_days: int = 0
    """Recordings that are kept go when they are older than this many days; 0 = never (0–36500)."""
    voice: str = ""
    """Engine of the recruiter's voice (``piper``, ``pyttsx3``, ``system``, ``silent``); empty = the best there is."""
    extra_time: bool = False
    """For people who stammer or speak differently: pace, pauses and fillers leave the score, silences are doubled."""
    rate_first: bool = True
    """After a call, ask how it was before the marks are shown."""
    countdown: bool = True
    """Count down before a take of a drill."""
    calendar: str = ""
    """Your own calendar as an ``.ics`` file: alternatives in a message are held against it; empty = none."""
    checked_microphone: bool = False
    """The ten-second check has been done with the devices above."""

    def silence_s(self, mode: Mode) -> float:
        """Seconds of silence that end a turn."""
        return (self.silence_live_s if mode == "live" else self.silence_practice_s) * self.patience

    @property
    def patience(self) -> float:
        """What a silence is multiplied by."""
        return 2.0 if self.extra_time else 1.0

    def shows_live_line(self, mode: Mode) -> bool:
        """Whether what is heard is shown while it is being said."""
        return self.live_line == "on" or (self.live_line == "auto" and mode == "practice")


_CHOICES: dict[str, tuple[str, ...]] = {
    "ear": ("auto", "vosk", "builtin", "typed"),
    "mode": ("practice", "live"),
    "live_line": ("auto", "on", "off"),
    "keep_recordings": ("ask", "until_review", "keep", "never"),
    "voice": ("", "piper", "pyttsx3", "system", "silent"),
}


def from_mapping(data: Mapping[str, Any], origin: str) -> Settings:
    """Settings from a parsed file or form.

    Raises:
        InputError: naming ``origin`` and the key, for an unknown key (with the nearest known one), a value of the
            wrong kind or outside its range.
    """
    known = {f.name: f for f in fields(Settings)}
    made = Settings()
    for key, value in data.items():
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else f"Known settings: {', '.join(known)}."
            raise InputError(f"{origin}: there is no setting “{key}”.", hint)
        default = getattr(made, key)
        if isinstance(default, bool):
            good = isinstance(value, bool)
        elif isinstance(default, int):
            good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST_DAYS
        elif isinstance(default, float):
            good = isinstance(value, (int, float)) and not isinstance(value, bool) and 0.5 <= value <= 10
            value = float(value) if good else value
        else:
            good = isinstance(value, str) and (key not in _CHOICES or value in _CHOICES[key])
        if not good:
            allowed = {
                bool: "true or false",
                int: f"a whole number from 0 to {LONGEST_DAYS}",
                float: "a number from 0.5 to 10",
                str: "one of " + ", ".join(f"“{c}”" for c in _CHOICES[key]) if key in _CHOICES else "a text",
            }[type(default)]
            raise InputError(f"{origin}: “{key}” is {value!r}.", f"It should be {allowed}.")
        made = replace(made, **{key: value})
    return made
