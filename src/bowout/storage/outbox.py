"""Files around a message: the user's own wordings, the drafts that are saved, the calendar and the speller."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bowout.core.messages import OWN_KINDS
from bowout.core.messages.entries import Entry
from bowout.core.writing_check import Busy
from bowout.errors import InputError
from bowout.storage.atomic import PRIVATE, disk_error, sync_folder, write_atomic

MOST_BYTES = 64 * 1024
"""Of one kept wording; a mail has about 600."""


class FileOutbox:
    """The ``Outbox`` of the program. Any thread may call any method."""

    def __init__(self, folder: Path, calendar_file: Callable[[], str]) -> None:
        """
        Args:
            folder: ``data_dir() / "messages"``; made, user-only, when something is written.
            calendar_file: path of the user's own ``.ics`` file, or empty; asked anew every time.
        """
        self._folder = folder
        self._calendar_file = calendar_file

    def own(self) -> Mapping[str, str]:
        kept: dict[str, str] = {}
        for kind in OWN_KINDS:
            path = self._path(kind)
            try:
                with path.open("rb") as file:
                    data = file.read(MOST_BYTES + 1)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise InputError(
                    f"{path} can't be read: {error.strerror}.", "Check its rights, or delete it."
                ) from error
            if len(data) > MOST_BYTES:
                raise InputError(f"{path} is too large for a message.", "Shorten it, or delete it.")
            try:
                kept[kind] = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise InputError(f"{path} is not UTF-8 text.", "Save it as UTF-8, or delete it.") from error
        return kept

    def keep_own(self, kind: str, text: str) -> None:
        path = self._path(kind)
        if text.strip():
            write_atomic(path, text.strip().encode("utf-8") + b"\n")
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise disk_error(error, path) from error

    def busy(self, moments: Sequence[datetime]) -> list[Busy]:
        name = self._calendar_file()
        if not name or not moments:
            return []
        from bowout.storage.calendar_file import busy

        return busy(Path(name).expanduser(), moments)

    def misspelt(self, text: str, names: Collection[str]) -> Mapping[str, str]:
        from bowout.storage.spelling import misspelt

        return misspelt(text, names)

    def calendar(self, entries: Sequence[Entry], now: datetime) -> bytes:
        from bowout.storage.calendar_file import written

        return written(entries, now)

    def store(self, path: Path, data: bytes, *, replace: bool) -> None:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if replace else os.O_EXCL) | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(path, flags, PRIVATE), "wb") as file:
                if os.name == "posix":
                    os.fchmod(file.fileno(), PRIVATE)  # a file that is replaced may have been open to all
                file.write(data)
        except FileExistsError:
            raise
        except OSError as error:
            raise InputError(f"The file can't be written: {error.strerror}.", "Choose another name.") from error
        sync_folder(path.parent)

    def _path(self, kind: str) -> Path:
        if kind not in OWN_KINDS:
            raise InputError(f"No wording of your own is kept for “{kind}”.", f"Known: {', '.join(OWN_KINDS)}.")
        return self._folder / f"{kind}.txt"


__all__ = ["MOST_BYTES", "FileOutbox"]
