"""Drafts on disk: one small file each, and a folder while an editor has one open.

    <root>/message-<CASE>.json               what was written last
    <root>/message-<CASE>.editing/text.txt   what the user's editor saves

Everything is readable by the user alone. A folder that is still there after its program died is the newer one.
"""

from __future__ import annotations

import logging
import re
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from bowout.core.draft import Draft
from bowout.errors import InputError
from bowout.paths import private_dir
from bowout.storage.atomic import disk_error, sweep, sync_folder, write_atomic
from bowout.storage.editor import MOST_BYTES as MOST_EDITED
from bowout.storage.strict_json import read_json, written

MOST_BYTES = 1024 * 1024
"""Of one draft; a long note has 60 KB."""
KEY = r"[a-z]{1,20}(?:-[A-Za-z0-9][A-Za-z0-9_-]{0,199})?"
_KEY = re.compile(KEY)
_DRAFT, _EDITING = ".json", ".editing"
_TEXT = "text.txt"
LEFT_S = 24 * 3600.0
"""Seconds after which nobody is believed to have an editor open any more."""
_log = logging.getLogger(__name__)


class FileDrafts:
    """The ``Drafts`` of the program. Any thread may call any method; two programs may work on the same root."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        """
        Args:
            root: ``data_dir() / "drafts"``; made, user-only, when something is written.
            clock: aware time.
        """
        self._root = root
        self._clock = clock

    def load(self, key: str) -> Draft | None:
        return self._with_edited(key, self._read(key))

    def keep(self, key: str, texts: Mapping[str, str]) -> None:
        data = written(Draft(self._clock(), texts).as_json())
        if not self._root.parent.exists():
            private_dir(self._root.parent)
        write_atomic(self._path(key, _DRAFT), data)
        self._remove(self._path(key, _EDITING))

    def drop(self, key: str) -> None:
        self._remove(self._path(key, _EDITING))
        path = self._path(key, _DRAFT)
        try:
            path.unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            raise disk_error(error, path) from error
        sync_folder(self._root)

    def drop_of(self, id_: str) -> None:
        self._drop_where(lambda what, whose: whose == id_)

    def drop_all(self, *whats: str) -> None:
        self._drop_where(lambda what, whose: what in whats and bool(whose))

    def _drop_where(self, wanted: Callable[[str, str], bool]) -> None:
        for key in self._keys():
            what, _, whose = key.partition("-")
            if wanted(what, whose):
                self.drop(key)

    def edited(self, key: str, texts: Mapping[str, str], name: str) -> str:
        from bowout.storage.editor import edited, editor

        editor()  # raises before anything is written
        self.keep(key, texts)
        folder = self._path(key, _EDITING)
        try:
            private_dir(folder)
            (folder / "name").write_text(name, encoding="utf-8")
        except OSError as error:
            raise disk_error(error, folder) from error
        text = edited(texts[name], folder / _TEXT)
        self._remove(folder)
        return text

    def tidy(self) -> None:
        if not self._root.is_dir():
            return
        sweep(self._root)
        for key in self._keys():
            folder = self._path(key, _EDITING)
            if _age(folder) > LEFT_S and (draft := self.load(key)) is not None:
                self.keep(key, draft.texts)

    def _read(self, key: str) -> Draft | None:
        path = self._path(key, _DRAFT)
        try:
            with path.open("rb") as file:
                return draft_in(file.read(MOST_BYTES + 1), path.name)
        except FileNotFoundError:
            return None
        except (OSError, InputError) as error:  # of a newer version, or damaged: it may keep nobody from writing anew
            _log.warning("The draft %s was left out: %s", path.name, error)
            return None

    def _with_edited(self, key: str, draft: Draft | None) -> Draft | None:
        """The draft with what an editor has saved since."""
        folder = self._path(key, _EDITING)
        if draft is None or not folder.is_dir():
            return draft
        try:
            name = (folder / "name").read_text(encoding="utf-8")
            with (folder / _TEXT).open("rb") as file:
                saved = file.read(MOST_EDITED).decode("utf-8-sig", "replace").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError) as error:  # the program died before the editor began
            _log.warning("What an editor left in %s was passed over: %s", folder.name, error)
            return draft
        return Draft(draft.at, {**draft.texts, name: saved})

    def _keys(self) -> list[str]:
        if not self._root.is_dir():
            return []
        names = {path.stem for path in self._root.iterdir() if path.suffix in (_DRAFT, _EDITING)}
        return sorted(filter(_KEY.fullmatch, names))

    def _path(self, key: str, ending: str) -> Path:
        if not _KEY.fullmatch(key):
            raise InputError(f"“{key}” is no name of a draft.")
        return self._root / f"{key}{ending}"

    @staticmethod
    def _remove(folder: Path) -> None:
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise disk_error(error, folder) from error


def draft_in(raw: bytes, name: str) -> Draft:
    """The draft in the bytes of a file. Raises ``InputError``: it is none."""
    if len(raw) > MOST_BYTES:
        raise InputError(f"{name} is too large for a draft.")
    try:
        return Draft.from_json(read_json(raw))
    except ValueError as error:
        raise InputError(f"{name} is no draft: {error}.") from error


def _age(folder: Path) -> float:
    """Seconds since anything in it was written; 0 if it is not there."""
    try:
        return time.time() - max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
    except FileNotFoundError:
        return 0.0


__all__ = ["KEY", "LEFT_S", "MOST_BYTES", "FileDrafts", "draft_in"]
