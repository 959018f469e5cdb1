"""WAV files in and out: whatever a recorder writes is read, everything is written as 16-bit mono.

The standard library's reader refuses the float and “extensible” files that phones and editors write.
"""

from __future__ import annotations

import io
import os
import struct
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from bowout.errors import InputError
from bowout.ports import WIDTH, Clip

MAX_SECONDS = 3600
"""The longest recording that is read: nobody's call to a recruiter takes an hour."""
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_CODINGS = {2: "ADPCM", 6: "A-law", 7: "µ-law", 0x11: "ADPCM", 0x31: "GSM", 0x50: "MPEG", 0x55: "MP3", 0xFF: "AAC"}
"""Names of format tags people meet (RFC 2361)."""
_OPEN_ENDED = {0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFFE}
"""Sizes written by programs that did not know the length, such as ffmpeg into a pipe."""
_CONVERT = "Convert it first, for example: ffmpeg -i INPUT -ac 1 -c:a pcm_s16le OUTPUT.wav"
_CHUNK_FRAMES = 1 << 18


@dataclass(frozen=True)
class _Format:
    is_float: bool
    channels: int
    rate: int
    width: int
    """Bytes a sample."""

    @property
    def frame(self) -> int:
        return self.channels * self.width


def read_wav(path: Path) -> Clip:
    """The recording as a mono 16-bit clip at its own rate.

    Raises:
        InputError: it can't be opened, isn't a WAV file, is empty, cut short, longer than an hour, or coded in a
            way that needs a decoder.
    """
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise InputError(f"{path} {what}.", "Name a WAV recording.")
        with path.open("rb") as file:
            return _read(file, path.stat().st_size, path)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.", "Check its permissions.") from error


def _read(file: BinaryIO, file_size: int, path: Path) -> Clip:
    head = file.read(12)
    if not head:
        raise InputError(f"{path} is empty.", "Record it again.")
    if len(head) < 12 or head[:4] not in {b"RIFF", b"RF64"} or head[8:] != b"WAVE":
        raise InputError(f"{path} is not a WAV file.", _CONVERT)
    riff_size = struct.unpack("<I", head[4:8])[0]
    made: _Format | None = None
    while len(header := file.read(8)) == 8:
        name, size = header[:4], struct.unpack("<I", header[4:])[0]
        if name == b"data":
            if made is None:
                break
            left = file_size - file.tell()
            unfinished = size in _OPEN_ENDED or (size == 0 and riff_size + 8 < file_size)
            return _samples(file, left if unfinished else size, left, made, path)
        if name == b"fmt ":
            made = _format(file.read(size), path)
        else:
            file.seek(size, io.SEEK_CUR)
        file.seek(size & 1, io.SEEK_CUR)
    raise InputError(f"{path} holds no sound: it is cut short or damaged.", "Record it again.")


def _format(body: bytes, path: Path) -> _Format:
    if len(body) < 16:
        raise InputError(f"{path} is cut short: its header is incomplete.", "Record it again.")
    tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
    if tag == _EXTENSIBLE and len(body) >= 26:
        tag = struct.unpack("<H", body[24:26])[0]
    good = bits in {32, 64} if tag == _FLOAT else bits in {8, 16, 24, 32} and tag == _PCM
    if not good:
        coding = _CODINGS.get(tag, f"format {tag:#x} with {bits} bits")
        raise InputError(f"{path} is a WAV file coded as {coding}, which is not read here.", _CONVERT)
    if not 1 <= channels <= 64 or not 1000 <= rate <= 768_000:
        raise InputError(f"{path} is damaged: it claims {channels} channels at {rate} Hz.", _CONVERT)
    return _Format(tag == _FLOAT, channels, rate, bits // 8)


def _samples(file: BinaryIO, size: int, left: int, form: _Format, path: Path) -> Clip:
    if size > left:
        there, said = left / form.frame / form.rate, size / form.frame / form.rate
        raise InputError(
            f"{path} is cut short: it holds {there:.1f} s of the {said:.1f} s it claims.",
            "Copy or record it again, or repair it: ffmpeg -i INPUT OUTPUT.wav",
        )
    frames = size // form.frame
    if not frames:
        raise InputError(f"{path} holds no sound.", "Record it again.")
    if frames > MAX_SECONDS * form.rate:
        raise InputError(f"{path} is longer than an hour.", "Cut out the call itself.")
    parts = []
    while frames > 0:
        data = file.read(min(frames, _CHUNK_FRAMES) * form.frame)
        frames -= _CHUNK_FRAMES
        parts.append(_mono(data, form))
    return Clip(b"".join(parts), form.rate)


def _mono(data: bytes, form: _Format) -> bytes:
    """Whole frames of any format as mono 16 bit."""
    samples: npt.NDArray[np.float64]
    if form.is_float:
        floats = np.nan_to_num(np.frombuffer(data, f"<f{form.width}").astype(np.float64))
        samples = np.clip(floats, -1, 1) * 32767
    elif form.width == 1:
        samples = (np.frombuffer(data, np.uint8).astype(np.float64) - 128) * 256
    else:
        # The upper two bytes of each sample are its 16-bit value, whatever the width.
        upper = np.frombuffer(data, np.uint8).reshape(-1, form.width)[:, -2:]
        samples = np.ascontiguousarray(upper).view("<i2").astype(np.float64).ravel()
    mono: npt.NDArray[np.float64] = samples.reshape(-1, form.channels).mean(axis=1)
    return np.rint(mono).astype(np.int16).tobytes()


def write_wav(path: Path, clip: Clip) -> None:
    """Write ``clip``, readable by the user alone, complete or not at all.

    Raises:
        InputError: the place can't be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as file, wave.open(file, "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(WIDTH)
                out.setframerate(clip.rate)
                out.writeframes(clip.pcm[: len(clip.pcm) // WIDTH * WIDTH])
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.", "Choose another place.") from error
