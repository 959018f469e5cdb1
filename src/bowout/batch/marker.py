"""The worker's side: one call heard and marked. Nothing is loaded before it is needed, and then once a process."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout import __version__
from bowout.batch.work import Item, Result, failed, marked
from bowout.errors import BowoutError, InputError, MissingPart, UsageError

if TYPE_CHECKING:
    from bowout.bootstrap import RealServices
    from bowout.core.settings import Ear
    from bowout.core.transcript import Transcript


@dataclass(frozen=True, slots=True)
class How:
    """What all workers of a run must have in common."""

    ear: Ear
    """By name, never ``auto``: every worker hears with the same."""
    version: str = __version__
    """Of the program."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a machine hears with."""

    ear: Ear
    """By name, never ``auto``."""
    aligns: bool
    """It finds word times and filled pauses."""

    def __str__(self) -> str:
        return f"the ear “{self.ear}”, {'with' if self.aligns else 'without'} an aligner"


def hearing(services: RealServices) -> Hearing:
    """What is here to hear with. Loads nothing."""
    from bowout.speech.aligner import Aligner

    return Hearing(services.ear_name(), Aligner.available())  # type: ignore[arg-type]


def services_with(ear: str | None) -> RealServices:
    """Real services with the ear that was asked for; ``None`` = as in the settings."""
    from bowout.bootstrap import build_services

    services = build_services(strict=ear is not None)
    if ear is not None:
        services.settings = replace(services.settings, ear=ear)  # type: ignore[arg-type]
    return services


class Marker:
    """Hears and marks. One call at a time: further threads wait."""

    def __init__(self, how: How) -> None:
        """Loads nothing yet. Raises ``MissingPart``: another version of the program asks."""
        if how.version != __version__:
            raise other_version("A worker", __version__, how.version)
        self._how = how
        self._services: RealServices | None = None
        self._lock = threading.Lock()

    def mark(self, item: Item) -> Result:
        """The item's line of the results. What is wrong with the item itself becomes its line.

        Raises:
            MissingPart, UsageError: no recording can be heard here.
        """
        with self._lock:
            return self._mark(item)

    def _mark(self, item: Item) -> Result:
        from bowout.core.assessment import assess
        from bowout.core.marks import as_json
        from bowout.core.transcript import from_text

        asked = item.asked
        if item.error or asked is None:
            return failed(item, item.error)
        heard: dict[str, Any] = {}
        try:
            if item.text is not None:
                transcript = from_text(item.text)
            else:
                item = replace(item, sha256=_sha256(item))  # before: a recording that is refused is known again, too
                transcript, heard = self._hear(item)
            marks = assess(transcript, asked.intent, asked.scenario, asked.facts, **heard)
            return marked(item, as_json(*marks))
        except (MissingPart, UsageError):
            raise
        except InputError as error:
            return failed(item, error.sentence())
        except BowoutError as error:
            return failed(item, f"{item.file} could not be heard. {error.message}")
        except Exception as error:  # one call must not stop ten thousand, whatever is wrong with it or with us
            return failed(item, f"{item.file} could not be marked: {type(error).__name__}: {error}")

    def _hear(self, item: Item) -> tuple[Transcript, dict[str, Any]]:
        if item.sound is not None:
            with tempfile.TemporaryDirectory(prefix="bowout-") as folder:
                path = Path(folder) / "sent.wav"
                path.write_bytes(item.sound)
                return self._hear(replace(item, sound=None, path=path))
        assert item.path is not None
        try:
            return self._opened().transcribe(item.path)
        except InputError as error:  # the same sentence wherever the folder lies and whoever reads the file
            raise named(error, item.path, item.file) from error

    def _opened(self) -> RealServices:
        if self._services is None:
            self._services = services_with(self._how.ear)
        return self._services

    def close(self) -> None:
        """Let the model go. Never raises."""
        with self._lock:
            if self._services is not None:
                self._services.close()
                self._services = None


def _sha256(item: Item) -> str:
    """Of a recording. Raises ``InputError``."""
    if item.sound is not None:
        return hashlib.sha256(item.sound).hexdigest()
    assert item.path is not None
    try:
        return item.sha256 or file_sha256(item.path)
    except InputError as error:
        raise named(error, item.path, item.file) from error


def other_version(worker: str, theirs: str, ours: str) -> MissingPart:
    """The error for a worker whose program is another one."""
    return MissingPart(
        f"{worker} has Bow Out {theirs}, you have {ours}: their marks may differ.",
        "Install the same version on every machine.",
    )


def named(error: InputError, path: Path, name: str) -> InputError:
    """The error with ``name`` where it says ``path``."""
    return InputError(error.message.replace(str(path), name), error.hint.replace(str(path), name))


def file_sha256(path: Path) -> str:
    """Of a file of any size. Raises ``InputError``."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.", "Check its permissions.") from error
    return digest.hexdigest()


__all__ = ["Hearing", "How", "Marker", "file_sha256", "hearing", "named", "other_version", "services_with"]
