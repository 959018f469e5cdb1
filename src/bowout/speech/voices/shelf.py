"""Rendered lines on disk: one file each, user-only, bounded, and never trusted without its checksum."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
from pathlib import Path

from bowout.paths import private_dir
from bowout.ports import Clip

_log = logging.getLogger(__name__)

SUFFIX = ".line"
STALE_S = 3600.0
"""Seconds after which another process's temporary file is nobody's any more."""


class Shelf:
    """Clips by key (hexadecimal). Safe for several threads and processes: files appear and vanish whole.

    A file is one line of JSON, ``{"rate": 22050, "sha256": "…"}``, then the PCM. It is a cache: what can't be read or
    written is a miss, noted in the log.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit = limit_bytes

    def has(self, key: str) -> bool:
        return self._path(key).is_file()

    def read(self, key: str) -> Clip | None:
        """The clip, now the one used last; ``None`` if it is not there or damaged (then it is removed)."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("a kept line can't be read: %s", error)
            return None
        clip = _decode(data)
        try:
            if clip is None:
                path.unlink(missing_ok=True)
            else:
                os.utime(path)
        except OSError as error:
            _log.warning("a kept line can't be touched: %s", error)
        return clip

    def write(self, key: str, clip: Clip) -> None:
        """Keep it, and let the lines go that were not used for longest."""
        try:
            private_dir(self._folder)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".tmp")  # 0600
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_encode(clip))
                Path(name).replace(self._path(key))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._trim()
        except OSError as error:
            _log.warning("a rendered line can't be kept: %s", error)

    def _trim(self) -> None:
        files = []
        for path in self._folder.iterdir():
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue  # another process trims too
            if path.suffix == SUFFIX:
                files.append((stat.st_mtime_ns, stat.st_size, path))
            elif path.suffix == ".tmp" and time.time() - stat.st_mtime > STALE_S:
                path.unlink(missing_ok=True)
        held = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if held <= self._limit:
                break
            path.unlink(missing_ok=True)
            held -= size

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"


def _encode(clip: Clip) -> bytes:
    head = {"rate": clip.rate, "sha256": hashlib.sha256(clip.pcm).hexdigest()}
    return json.dumps(head).encode() + b"\n" + clip.pcm


def _decode(data: bytes) -> Clip | None:
    head, _, pcm = data.partition(b"\n")
    try:
        told = json.loads(head)
        rate, digest = int(told["rate"]), told["sha256"]
    except (ValueError, KeyError, TypeError):
        return None
    return Clip(pcm, rate) if rate > 0 and pcm and hashlib.sha256(pcm).hexdigest() == digest else None
