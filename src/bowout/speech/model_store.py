"""The Vosk models on this machine: finding one, checking one, installing one.

Models are installed into the user's data folder (``data_dir()/models``), also when running from a clone, so that all
clones and an installed program share one. Everything else is only read: an explicit path, ``VOSK_MODEL_PATH``, the
clone's ``models/``, and the folders where Vosk itself keeps models.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bowout.errors import BowoutError, InputError, MissingPart
from bowout.paths import checkout_root, data_dir, private_dir
from bowout.ports import Verdict, check_stop
from bowout.speech.full_disk import full_disk_explained
from bowout.speech.install_lock import only_one
from bowout.speech.model_check import check_model, is_verified, write_manifest
from bowout.speech.model_lock import LockedModel, default_model, named, read_lock, unknown_model

Stage = Literal["wait", "connect", "download", "verify", "unpack", "test", "done"]

LOCK_FILE = ".install.lock"
DOWNLOADS = ".downloads"
_UNPACKING = ".unpacking-"
_REPLACED = ".replaced-"
_GET_VOSK = "Run: python3 scripts/run.py --setup   (there is no vosk for Windows on ARM or for musl-based Linux)"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an installation has come."""

    stage: Stage
    done: int = 0
    """Bytes, where ``total`` is not 0."""
    total: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation led to."""

    name: str
    path: Path
    verified: bool
    """True if the archive's sha256 is the one in the lock file."""
    detail: str
    fresh: bool = True
    """False if the model was already there and well."""


OnProgress = Callable[[Progress], None]
Check = Callable[[Path], Verdict]


def models_dir() -> Path:
    """Where models are installed."""
    return data_dir() / "models"


def search_places() -> list[Path]:
    """Folders that may hold models, in the order in which they are searched; none is created."""
    places = []
    variable = os.environ.get("VOSK_MODEL_PATH")
    if variable:
        places.append(Path(variable).expanduser())
    root = checkout_root()
    if root is not None:
        places.append(root / "models")
    places.append(models_dir())
    with contextlib.suppress(RuntimeError):  # no home folder
        home = Path.home()
        places += [home / ".cache" / "vosk", home / "AppData" / "Local" / "vosk"]
    places.append(Path("/usr/share/vosk"))
    return places


def find_vosk_model(explicit: Path | None = None) -> Path | None:
    """The Vosk model to use: the first that has all its files, or ``None``.

    Args:
        explicit: a model's own folder that the user named; it alone is looked at.

    Raises:
        MissingPart: the folder that was named holds no whole model.
    """
    from bowout.speech.ears.vosk_model import missing_files

    if explicit is not None:
        verdict = check_model(explicit.expanduser(), decode=False)
        if not verdict.ok:
            raise MissingPart(f"{explicit} holds no Vosk model: {verdict.detail}.", f"Install one with: {verdict.fix}")
        return explicit.expanduser()
    names = [model.name for model in read_lock() if model.ear == "vosk"]
    variable = os.environ.get("VOSK_MODEL_PATH")
    if variable and not missing_files(Path(variable).expanduser()):
        return Path(variable).expanduser()  # the model itself, whatever its name
    for place in search_places():
        for name in names:
            if check_model(place / name, decode=False).ok:
                return place / name
    return None


def model_folders(*, whole: bool = True) -> dict[str, Path]:
    """Every Vosk model that lies in one of the places that are searched, by name; the first of a name counts.

    Args:
        whole: leave out folders that lack files.
    """
    found: dict[str, Path] = {}
    for place in search_places():
        if not place.is_dir():
            continue
        for folder in sorted(path for path in place.iterdir() if (path / "am").is_dir()):
            if not folder.name.startswith(".") and (not whole or check_model(folder, decode=False).ok):
                found.setdefault(folder.name, folder)
    return found


def install(
    name: str | None = None,
    *,
    source: Path | None = None,
    url: str | None = None,
    progress: OnProgress = lambda _: None,
    stop: threading.Event | None = None,
    models: tuple[LockedModel, ...] | None = None,
    check: Check = check_model,
) -> Installed:
    """Install a model into ``models_dir()``; what is already there and well is left alone.

    Args:
        name: as in the lock file; ``None`` is the default model. With ``source`` it may be any other name.
        source: a ZIP or a model's folder to install from instead of fetching it.
        url: another address of the same archive.
        progress: told what is going on, many times a second.
        stop: set it to leave; what was fetched is kept.
        models: what can be installed, instead of the lock file's.
        check: decides whether a folder holds a model that works.

    Raises:
        InputError: unknown name, or a source or an archive that can't be used.
        BowoutError: see ``downloads.fetch``; the model does not decode; the disk is full.
        Cancelled: ``stop`` was set.
    """
    stop = stop or threading.Event()
    models = models or read_lock()
    model = default_model(models) if name is None else named(name, models)
    if model is None and source is None:
        raise unknown_model(name or "", models)
    name = model.name if model else _folder_name(name or "")
    if importlib.util.find_spec("vosk") is None:
        raise MissingPart("The package vosk is not installed, so that its models are of no use.", _GET_VOSK)
    with _told():
        store = private_dir(models_dir())
        with only_one(store / LOCK_FILE, on_wait=lambda: progress(Progress("wait")), stop=stop):
            return _install(_Installation(store, name, model, progress, stop, check), source, url)


def _install(work: _Installation, source: Path | None, url: str | None) -> Installed:
    """What ``install`` does once it is alone."""
    _tidy(work.store)
    if source is None:
        assert work.model is not None
        return work.already_there() or work.from_vendor(work.model, url or work.model.url)
    return work.from_folder(source) if source.is_dir() else work.from_archive(source)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Files that can't be read or written, in a sentence."""
    try:
        yield
    except OSError as error:
        where = error.filename or models_dir()
        raise BowoutError(f"{where}: {error.strerror or error}.", "Nothing was installed.") from error


class _Installation:
    """One installation, under the lock."""

    def __init__(
        self,
        store: Path,
        name: str,
        model: LockedModel | None,
        progress: OnProgress,
        stop: threading.Event,
        check: Check,
    ) -> None:
        self.store = store
        self._name = name
        self.model = model
        self._progress = progress
        self._stop = stop
        self._check = check

    def already_there(self) -> Installed | None:
        """The model, if it is in its place and well."""
        place = self.store / self._name
        verdict = self._check(place) if place.is_dir() else None
        if verdict is None or not verdict.ok:
            return None
        self._progress(Progress("done", note=verdict.detail))
        return Installed(self._name, place, is_verified(place), verdict.detail, fresh=False)

    def from_vendor(self, model: LockedModel, url: str) -> Installed:
        from bowout.speech import downloads

        folder = private_dir(self.store / DOWNLOADS)
        part = folder / f"{model.name}.zip.part"
        self._progress(Progress("connect", note=url))
        wanted = downloads.Wanted(url, model.bytes, model.sha256)
        downloads.fetch(wanted, part, on_bytes=self._bytes("download"), stop=self._stop)
        installed = self._unpack(part, verified=True, origin=url)
        part.unlink()
        return installed

    def from_archive(self, archive: Path) -> Installed:
        if not archive.is_file():
            raise InputError(f"There is no file {archive}.")
        verified = False
        if self.model is not None:
            self._verify(archive, self.model)
            verified = True
        return self._unpack(archive, verified=verified, origin=archive.name)

    def from_folder(self, source: Path) -> Installed:
        root = _model_root(source)
        if root is None:
            raise InputError(f"{source} holds no Vosk model (no am/final.mdl).", "Name the model's own folder.")
        with self._workshop() as made:
            target = made / self._name
            self._progress(Progress("unpack", note=str(root)))
            size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
            with full_disk_explained(self.store, size):
                shutil.copytree(root, target, copy_function=self._copy)
            return self._finish(target, verified=False, origin=str(source))

    def _copy(self, source: str, target: str) -> None:
        check_stop(self._stop)
        shutil.copyfile(source, target)

    def _verify(self, archive: Path, model: LockedModel) -> None:
        from bowout.speech import downloads

        self._progress(Progress("verify", note=archive.name))
        size = archive.stat().st_size
        if size != model.bytes:
            raise InputError(
                f"{archive} is not {model.name} as its makers published it: {size} bytes, expected are {model.bytes}.",
                f"Fetch it from {model.url}",
            )
        if downloads.sha256_of(archive, self._stop) != model.sha256:
            raise InputError(
                f"{archive} is not {model.name} as its makers published it: its sha256 differs.",
                f"Fetch it from {model.url}",
            )

    def _unpack(self, archive: Path, *, verified: bool, origin: str) -> Installed:
        from bowout.speech.unpacking import unpack

        with self._workshop() as made:
            unpack(archive, made, on_bytes=self._bytes("unpack"), stop=self._stop)
            root = _model_root(made)
            if root is None:
                raise InputError(f"{archive.name} holds no Vosk model (no am/final.mdl).")
            return self._finish(root, verified=verified, origin=origin)

    def _finish(self, folder: Path, *, verified: bool, origin: str) -> Installed:
        """Test the model where it lies, then put it into its place in one move."""
        self._progress(Progress("test"))
        verdict = self._check(folder)
        if not verdict.ok:
            raise InputError(f"{self._name} does not work: {verdict.detail}.", "It was not installed.")
        write_manifest(folder, name=self._name, origin=origin, verified="yes" if verified else "no")
        place = self.store / self._name
        if place.exists():
            place.replace(self.store / f"{_REPLACED}{os.getpid()}-{self._name}")
        folder.replace(place)
        _tidy(self.store)
        self._progress(Progress("done", note=verdict.detail))
        return Installed(self._name, place, verified, verdict.detail)

    def _bytes(self, stage: Stage) -> Callable[[int, int], None]:
        return lambda done, total: self._progress(Progress(stage, done, total))

    @contextlib.contextmanager
    def _workshop(self) -> Iterator[Path]:
        """A folder on the same disk that is gone afterwards, whatever happens."""
        made = Path(tempfile.mkdtemp(prefix=_UNPACKING, dir=self.store))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _tidy(store: Path) -> None:
    """Remove what a killed installation left half done. Only called under the lock."""
    for left in store.iterdir():
        if left.name.startswith((_UNPACKING, _REPLACED)):
            shutil.rmtree(left, ignore_errors=True)


def _model_root(folder: Path) -> Path | None:
    """The model inside an unpacked archive: the folder itself, or the one folder in it."""
    for candidate in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        if (candidate / "am" / "final.mdl").is_file():
            return candidate
    return None


def _folder_name(name: str) -> str:
    """A name that is safe as a folder's."""
    if not name or name.startswith(".") or set(name) & set('/\\:*?"<>|') or not name.isprintable():
        raise InputError(f"“{name}” can't be a model's name.", "Use letters, digits, dots and hyphens.")
    return name


__all__ = [
    "Installed",
    "Progress",
    "check_model",
    "find_vosk_model",
    "install",
    "model_folders",
    "models_dir",
    "search_places",
]
