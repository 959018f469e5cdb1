"""Is a model folder well? Its files, their sizes, and whether it really decodes, tried in a process of its own.

    python -m bowout.speech.model_check FOLDER     decodes half a second of silence; exit code 0 if that worked

In a process of its own because a damaged model can end the process that loads it (Vosk on macOS).
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bowout.errors import BowoutError, MissingPart
from bowout.ports import RATE, WIDTH, Verdict

MANIFEST = "bowout-model.json"
"""Written into an installed model: where it came from and the size of each file."""
MANIFEST_SCHEMA = 1
FIX = "bowout model install"
DECODE_TIMEOUT_S = 90.0
"""A small model loads in under three seconds; a cold disk or a busy machine may take many times that."""


def check_model(folder: Path, *, decode: bool = True) -> Verdict:
    """Whether ``folder`` holds a whole Vosk model that works.

    Args:
        folder: the model's own folder.
        decode: also load it and decode half a second of silence (a few seconds of one core).
    """
    from bowout.speech.ears.vosk_model import missing_files

    if not folder.is_dir():
        return Verdict(False, f"there is no folder {folder}", FIX)
    missing = missing_files(folder)
    if missing:
        return Verdict(False, f"missing or empty: {', '.join(missing)}", FIX)
    wrong = _wrong_sizes(folder)
    if wrong:
        return Verdict(False, f"cut short or changed: {', '.join(wrong)}", FIX)
    return _decodes(folder) if decode else Verdict(True, "all files are there")


def write_manifest(folder: Path, **origin: str) -> None:
    """Note the size of every file, so that a later check sees one that was cut short."""
    files = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    manifest = {"schema": MANIFEST_SCHEMA, **origin, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def is_verified(folder: Path) -> bool:
    """True if the archive that an installed model came from had the sha256 in the lock file."""
    return _manifest(folder).get("verified") == "yes"


def _wrong_sizes(folder: Path) -> list[str]:
    """Files that are not as long as they were when installed; nothing for a model that others put there."""
    if not (folder / MANIFEST).is_file():
        return []
    files = _manifest(folder).get("files")
    if not isinstance(files, dict):
        return [MANIFEST]
    return [name for name, size in files.items() if not _is_size(folder / name, size)]


def _manifest(folder: Path) -> dict[str, Any]:
    """The note that lies in an installed model; empty if there is none, or none that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _is_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _decodes(folder: Path) -> Verdict:
    if importlib.util.find_spec("vosk") is None:
        return Verdict(
            False, "all files are there, but the package vosk is not installed", "python3 scripts/run.py --setup"
        )
    command = [sys.executable, "-m", __name__, str(folder)]
    try:
        child = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DECODE_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Verdict(False, f"decoding half a second took more than {DECODE_TIMEOUT_S:.0f} s", FIX)
    if child.returncode == 0:
        return Verdict(True, child.stdout.strip())
    said = [line for line in child.stderr.splitlines() if line.strip()]
    return Verdict(False, f"it does not decode: {said[-1] if said else f'ended with {child.returncode}'}", FIX)


def _decode_silence(folder: Path) -> str:
    """Load the model and decode; runs in the child."""
    import time

    import vosk

    from bowout.speech.ears.vosk_model import native_path

    started = time.monotonic()
    vosk.SetLogLevel(-1)
    try:
        recogniser = vosk.KaldiRecognizer(vosk.Model(model_path=native_path(folder)), RATE)
        recogniser.AcceptWaveform(bytes(RATE * WIDTH // 2))
        final = json.loads(recogniser.FinalResult())
    except MissingPart:
        raise
    except Exception as error:  # Vosk raises nothing more specific
        raise BowoutError(f"Vosk says: {error}") from error
    if "text" not in final:
        raise BowoutError(f"Vosk returned {final}")
    return f"loads and decodes ({time.monotonic() - started:.1f} s)"


def main(arguments: list[str]) -> int:
    """The child's half."""
    try:
        sys.stdout.write(_decode_silence(Path(arguments[0])) + "\n")
    except BowoutError as error:
        sys.stderr.write(error.sentence() + "\n")
        return error.exit_code
    return 0


__all__ = ["MANIFEST", "check_model", "is_verified", "write_manifest"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
