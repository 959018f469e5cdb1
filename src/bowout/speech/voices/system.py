"""The platform's own speaking tool: espeak-ng, macOS's ``say``, or PowerShell's System.Speech on Windows.

Text goes in through standard input, never through a shell or the argument list.
"""

from __future__ import annotations

import base64
import math
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bowout.errors import BowoutError, InputError, MissingPart
from bowout.ports import Clip, Verdict, VoiceInfo
from bowout.speech.voices.child import Children
from bowout.speech.voices.silent import NOTHING
from bowout.speech.voices.sound_file import read_sound
from bowout.speech.voices.text import espeak_rate, pace, pieces, sayable

RENDER_S, RENDER_S_PER_CHAR = 15.0, 0.1
"""Seconds a piece may take; espeak-ng needs 0.02 s, PowerShell some 2 s to start."""
ESPEAK_DEFAULT = "en-us"
VARIANTS_FOR = ("en-us", "en-gb")
"""Languages whose variants (``+f3`` …) are listed; ``knows`` accepts them for every language."""
SAPI_BASE, SAPI_STEP = 156.63, 1.11
"""Words a minute of SAPI = base × step^rate, rate −10…10 (pyttsx3 2.99, drivers/sapi5.py)."""

_POWERSHELL = """
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$s = New-Object System.Speech.Synthesis.SpeechSynthesizer
if ($env:BOWOUT_SAY_LIST) {
  $s.GetInstalledVoices() | ForEach-Object { $_.VoiceInfo.Culture.Name + "`t" + $_.VoiceInfo.Name }
  exit 0
}
$r = New-Object IO.StreamReader([Console]::OpenStandardInput(), [Text.Encoding]::UTF8)
$text = $r.ReadToEnd()
if ($env:BOWOUT_SAY_VOICE) { $s.SelectVoice($env:BOWOUT_SAY_VOICE) }
$s.Rate = [int]$env:BOWOUT_SAY_RATE
$s.SetOutputToWaveFile($env:BOWOUT_SAY_OUT)
$s.Speak($text)
$s.Dispose()
"""


@dataclass(frozen=True, slots=True)
class Command:
    """How a tool is called."""

    argv: list[str]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Listing:
    """The voices of a tool."""

    languages: Mapping[str, str]
    """Id → language."""
    files: Mapping[str, str] = field(default_factory=dict)
    """espeak: id → its file. A variant takes effect only with a file: ``en-gb+f3`` is said like ``en-gb``,
    ``gmw/en+f3`` is not (measured with 1.51; wherever the file is not called like the language)."""
    variants: frozenset[str] = frozenset()

    def name(self, voice: str) -> str | None:
        """What the tool is told; ``None`` if it has no such voice."""
        base, plus, variant = voice.partition("+")
        if voice in self.languages:
            return self.files.get(voice, voice)
        if plus and base in self.files and variant in self.variants:
            return f"{self.files[base]}+{variant}"
        return None


def speak_command(program: str, out: Path, voice: str | None, words_per_minute: int) -> Command:
    """The call that reads text from standard input and writes ``out`` (espeak: standard output)."""
    kind = Path(program).stem.lower()
    if kind.startswith("espeak"):
        rate = str(espeak_rate(words_per_minute))
        return Command([program, "-v", voice or ESPEAK_DEFAULT, "-s", rate, "-b", "1", "--stdin", "--stdout"])
    if kind == "say":
        chosen = ["-v", voice] if voice else []
        form = ["--file-format=WAVE", "--data-format=LEI16@22050"]
        return Command([program, *chosen, "-r", str(words_per_minute), "-o", str(out), *form, "-f", "-"])
    steps = round(math.log(words_per_minute / SAPI_BASE, SAPI_STEP))
    env = {
        "BOWOUT_SAY_OUT": str(out),
        "BOWOUT_SAY_RATE": str(max(-10, min(10, steps))),
        "BOWOUT_SAY_VOICE": voice or "",
        "BOWOUT_SAY_LIST": "",
    }
    return Command(_powershell(program), env)


def _powershell(program: str) -> list[str]:
    encoded = base64.b64encode(_POWERSHELL.encode("utf-16-le")).decode("ascii")
    return [program, "-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded]


class SystemVoice:
    """A ``Voice``."""

    engine = "system"

    def __init__(
        self,
        platform: str = sys.platform,
        which: Callable[[str], str | None] = shutil.which,
        *,
        render_s: float = RENDER_S,
    ) -> None:
        self._names = {"darwin": ("say",), "win32": ("powershell", "pwsh")}.get(platform, ("espeak-ng", "espeak"))
        self._which = which
        self._render_s = render_s
        self._children = Children()
        self._known: _Listing | None = None

    def check(self) -> Verdict:
        """Whether the tool is on the path."""
        found = self._find()
        if found:
            return Verdict(True, Path(found).stem)
        ours = "espeak-ng" in self._names
        fix = "Install it with: sudo apt install espeak-ng" if ours else "It belongs to the system; repair the PATH."
        return Verdict(False, f"{self._names[0]} is not there.", fix)

    def knows(self, voice: str) -> bool:
        return self._listed().name(voice) is not None

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        """The line; 0.03 s with espeak-ng. Raises ``InputError``/``MissingPart``/``BowoutError``."""
        line = sayable(text)
        if not line:
            return NOTHING
        program = self._program()
        name = self._listed().name(voice) if voice else None
        if voice and name is None:  # espeak-ng would say it in another voice, without a word
            raise InputError(f"{Path(program).stem} has no voice “{voice}”.", "`bowout voices` lists them.")
        clips = [self._piece(program, piece, name, pace(words_per_minute)) for piece in pieces(line)]
        return Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)

    def voices(self) -> list[VoiceInfo]:
        """Languages, with the variants of English for espeak-ng (``en-us+f3`` …)."""
        listing = self._listed()
        mixed = [
            VoiceInfo(self.engine, f"{base}+{variant}", base)
            for base in VARIANTS_FOR
            if base in listing.languages
            for variant in sorted(listing.variants)
            if variant[:1] in "fm" and variant[1:].isdigit()
        ]
        return [VoiceInfo(self.engine, voice, language) for voice, language in listing.languages.items()] + mixed

    def close(self) -> None:
        self._children.close()

    def _find(self) -> str | None:
        return next(filter(None, map(self._which, self._names)), None)

    def _program(self) -> str:
        found = self._find()
        if found is None:
            verdict = self.check()
            raise MissingPart(verdict.detail, verdict.fix)
        return found

    def _piece(self, program: str, piece: str, voice: str | None, words_per_minute: int) -> Clip:
        name = Path(program).stem
        with tempfile.TemporaryDirectory(prefix="bowout-") as folder:  # made user-only; espeak doesn't use it
            out = Path(folder) / "line.wav"
            command = speak_command(program, out, voice, words_per_minute)
            limit = self._render_s + RENDER_S_PER_CHAR * len(piece)
            data = self._children.run(command.argv, name=name, timeout=limit, text=piece, env=command.env)
            if "--stdout" not in command.argv:
                try:
                    data = out.read_bytes()
                except OSError as error:
                    raise BowoutError(f"{name} wrote no file.") from error
        return read_sound(data, name)

    def _listed(self) -> _Listing:
        """What the tool offers, asked once."""
        if self._known is None:
            program = self._program()
            kind = Path(program).stem.lower()
            if kind.startswith("espeak"):
                rows = [row for row in self._espeak(program, "--voices") if not row[1].startswith("mb/")]
                variants = (file.removeprefix("!v/") for _, file in self._espeak(program, "--voices=variant"))
                self._known = _Listing({lang: lang for lang, _ in rows}, dict(rows), frozenset(variants))
            elif kind == "say":
                lines = self._ask([program, "-v", "?"]).splitlines()
                self._known = _Listing(dict(_say_line(line) for line in lines if "#" in line))
            else:
                lines = self._ask(_powershell(program), {"BOWOUT_SAY_LIST": "1"}).splitlines()
                pairs = (line.partition("\t") for line in lines)
                self._known = _Listing({name.strip(): culture for culture, tab, name in pairs if tab})
        return self._known

    def _espeak(self, program: str, option: str) -> list[tuple[str, str]]:
        """(language, file) of each line: ``Pty Language Age/Gender VoiceName File …``."""
        rows = [line.split() for line in self._ask([program, option]).splitlines()[1:]]
        return [(row[1], row[4]) for row in rows if len(row) >= 5]

    def _ask(self, argv: list[str], env: Mapping[str, str] | None = None) -> str:
        out = self._children.run(argv, name=Path(argv[0]).stem, timeout=self._render_s, env=env)
        return out.decode("utf-8", "replace")


def _say_line(line: str) -> tuple[str, str]:
    """(voice, language) of ``Name with spaces    en_US    # sample``."""
    words = line.partition("#")[0].split()
    return " ".join(words[:-1]), words[-1].replace("_", "-")
