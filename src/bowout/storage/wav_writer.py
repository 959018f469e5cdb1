"""A recording that is a valid WAV file at every moment, and the repair of one whose header was left behind.

    offset  0  "RIFF"  size of the rest: 36 + data     } little-endian, rewritten every
            8  "WAVE"  "fmt " 16  PCM, mono, rate …    } ``HEADER_BEHIND_S`` of audio and
           36  "data"  bytes of data                   } at the end
           44  samples: signed 16 bits

The samples are written first, then the header: it never promises more than there is.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
from pathlib import Path

from bowout.ports import RATE, WIDTH
from bowout.storage.atomic import PRIVATE, disk_error

HEADER_BYTES = 44
HEADER_BEHIND_S = 0.5
"""Seconds of audio that the header may be behind the samples."""
_MAX_DATA = 0xFFFF_FFFF - 36


class WavWriter:
    """Appends mono 16-bit PCM. Not thread-safe: the attempt's writer holds its lock."""

    def __init__(self, path: Path, rate: int = RATE) -> None:
        """Make a new file, user-only. Raises ``BowoutError``."""
        self._path = path
        self._rate = rate
        self._bytes = 0
        self._told = 0
        self._lost = 0
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            self._file = os.fdopen(os.open(path, flags, PRIVATE), "r+b", buffering=0)
            self._write_at(0, wav_header(0, rate))
        except OSError as error:
            raise disk_error(error, path) from error

    @property
    def seconds(self) -> float:
        return self._bytes / WIDTH / self._rate

    def append(self, pcm: bytes) -> None:
        """Add samples; on disk when this returns (not through a power cut: ``sync``).

        Raises:
            BowoutError: the disk is full or gone. What was there stays valid, nothing of ``pcm`` is kept; if there is
                room later, silence takes its place, so that positions stay the call's clock.
        """
        pcm = pcm[: len(pcm) // WIDTH * WIDTH]
        begin = self._bytes + self._lost
        try:
            if begin + len(pcm) > _MAX_DATA:
                raise OSError(errno.EFBIG, "the recording has reached the size a WAV file can have")
            self._write_at(HEADER_BYTES + begin, pcm)  # skipped bytes read as zeros
        except OSError as error:
            self._cut()
            self._lost += len(pcm)
            raise disk_error(error, self._path) from error
        self._bytes, self._lost = begin + len(pcm), 0
        if self._bytes - self._told >= HEADER_BEHIND_S * self._rate * WIDTH:
            self._tell()

    def sync(self) -> None:
        """Bring header and samples through a power cut. Raises ``BowoutError``."""
        self._tell()
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise disk_error(error, self._path) from error

    def close(self) -> None:
        """Complete the header and let the file go. Raises ``BowoutError`` if the disk refuses."""
        try:
            self.sync()
        finally:
            self._file.close()

    def _tell(self) -> None:
        try:
            self._write_at(0, wav_header(self._bytes, self._rate))
        except OSError as error:
            raise disk_error(error, self._path) from error
        self._told = self._bytes

    def _write_at(self, offset: int, data: bytes) -> None:
        self._file.seek(offset)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def _cut(self) -> None:
        """Forget a block that was written in part."""
        with contextlib.suppress(OSError):  # then it stays behind the samples that the header tells of
            self._file.truncate(HEADER_BYTES + self._bytes)


def wav_header(data_bytes: int, rate: int) -> bytes:
    """The first 44 bytes of a mono 16-bit file."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16, 1, 1, rate, rate * WIDTH, WIDTH, 8 * WIDTH),
        *(b"data", data_bytes),
    )


def wav_seconds(path: Path) -> float:
    """Length of one of our recordings, by its size: the header may be behind. 0 if there is none."""
    try:
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
            data = os.fstat(file.fileno()).st_size - HEADER_BYTES
    except OSError:
        return 0.0
    return max(0, data) // WIDTH / _rate(head)


def repair_wav(path: Path) -> bool:
    """Bring a header that was left behind (a killed program) up to the samples; true if it had to be.

    Raises:
        BowoutError: it can't be written; the file is then playable up to its old header.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
            data = max(0, os.fstat(file.fileno()).st_size - HEADER_BYTES) // WIDTH * WIDTH
        right = wav_header(data, _rate(head))
        if head == right:
            return False
        with path.open("r+b") as file:
            file.write(right)
    except OSError as error:
        raise disk_error(error, path) from error
    return True


def _rate(head: bytes) -> int:
    """Hertz in a header; ours if it was cut off."""
    rate = struct.unpack("<I", head[24:28])[0] if len(head) >= 28 and head[:4] == b"RIFF" else RATE
    return rate or RATE
