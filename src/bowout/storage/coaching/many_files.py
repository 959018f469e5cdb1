"""Many new files at once: written one by one, brought through a power cut together, which is far quicker."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from bowout.storage.atomic import PRIVATE, disk_error, sync_folder


class ManyFiles:
    """New files, user-only, each there as a whole or not at all. Nothing may speak of them for good before ``sync``:
    until then a power cut may take them."""

    def __init__(self) -> None:
        self._written: list[Path] = []

    def write(self, path: Path, data: bytes) -> None:
        """Raises ``BowoutError``."""
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(temporary, flags, PRIVATE), "wb") as file:
                file.write(data)
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):  # there is none where the folder itself is missing
                temporary.unlink()
            raise disk_error(error, path) from error
        self._written.append(path)

    def sync(self) -> None:
        """Make them last. Raises ``BowoutError``."""
        written, self._written = self._written, []
        for path in written:
            try:
                handle = os.open(path, os.O_RDWR)
            except FileNotFoundError:  # deleted since
                continue
            except OSError as error:
                raise disk_error(error, path) from error
            try:
                os.fsync(handle)
            except OSError as error:
                raise disk_error(error, path) from error
            finally:
                os.close(handle)
        for folder in {path.parent for path in written}:
            sync_folder(folder)


__all__ = ["ManyFiles"]
