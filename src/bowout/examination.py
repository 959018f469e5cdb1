"""Is everything there that a spoken call needs? A verdict on each part, and the fix."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable

from bowout import paths
from bowout.bootstrap import RealServices
from bowout.errors import BowoutError, MissingPart
from bowout.ports import Verdict


def examine(services: RealServices, cue: Callable[[str], None] | None = None) -> dict[str, Verdict]:
    """Every part in turn; ``cue`` asks the person in front to say something."""
    from bowout.speech.check import check_microphone, check_speakers

    parts: dict[str, Verdict] = {}
    source = services.microphone()
    try:
        source.open()
        if cue is not None:
            cue("Say one sentence now, in your telephone voice …")
        checked = check_microphone(source, 1.5 if cue is None else 4.0)
        parts["microphone"] = Verdict(True, source.name)
        parts["level"] = checked.verdict
    except MissingPart as missing:
        parts["microphone"] = Verdict(False, missing.message, missing.hint)
        parts["level"] = Verdict(False, "Not measured: there is no microphone.", "Mend the microphone first.")
    finally:
        source.close()
    playback = services.playback()
    try:
        parts["speakers"] = check_speakers(playback)
    finally:
        playback.close()
    parts["voice"] = _voice(services)
    parts["ears"] = _ears(services)
    parts["aligner"] = _aligner()
    parts["terminal"] = _terminal()
    parts["records"] = _records(services)
    return parts


def _voice(services: RealServices) -> Verdict:
    engines = services.ladder.available()
    there = [name for name, verdict in engines.items() if verdict.ok and name != "silent"]
    if not there:
        first = next(iter(engines.values()))
        return Verdict(False, "No voice is installed.", first.fix)
    try:
        clip = services.ladder.render("Hello.")
    except BowoutError as error:
        return Verdict(False, error.message, error.hint)
    return Verdict(bool(clip.pcm), f"{services.ladder.engine} speaks; here: {', '.join(there)}.", "Install espeak-ng.")


def _ears(services: RealServices) -> Verdict:
    """Well if one of them can hear; says of each what it is."""
    ears = services.ears()
    heard_by = [name for name, verdict in ears.items() if verdict.ok and name != "typed"]
    detail = " ".join(verdict.detail for verdict in ears.values())
    fix = next((verdict.fix for verdict in ears.values() if verdict.fix), "")
    return Verdict(bool(heard_by), f"In use: {services.ear_name()}. {detail}", fix)


def _records(services: RealServices) -> Verdict:
    folder = paths.data_dir()
    try:
        count = services.records.size().attempts
        with tempfile.TemporaryFile(dir=paths.private_dir(folder)) as probe:
            probe.write(b"0" * 65536)
    except (BowoutError, OSError) as error:
        return Verdict(False, f"{folder} can't be used: {error}", "Check the folder's permissions and free space.")
    return Verdict(True, f"{count} calls kept in {folder}, readable by you alone.")


def _aligner() -> Verdict:
    if importlib.util.find_spec("pocketsphinx") is None:
        fix = "Install it with: pip install 'bowout[align]' (not offered for every Python version)"
        return Verdict(False, "Word times are approximate and fillers are not measured.", fix)
    return Verdict(True, "pocketsphinx places words and finds fillers.")


def _terminal() -> Verdict:
    size = shutil.get_terminal_size()
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return Verdict(False, "This is no terminal: the trainer can't draw here.", "Run it in a terminal window.")
    if size.columns < 80 or size.lines < 24:
        return Verdict(
            False, f"{size.columns}×{size.lines} is small.", "Make the window at least 80 columns by 24 lines."
        )
    return Verdict(True, f"{size.columns}×{size.lines}, {os.environ.get('TERM', 'unknown kind')}.")
