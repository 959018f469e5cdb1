"""Reads what speech engines write: WAV (also with the unknown length a pipe has), AIFF and AIFF-C; 16 bits."""

from __future__ import annotations

import array
import struct
import sys
from collections.abc import Iterator

from bowout.errors import BowoutError
from bowout.ports import WIDTH, Clip

_RATES = range(4_000, 192_001)
"""Hertz a sane header may name."""


def read_sound(data: bytes, origin: str) -> Clip:
    """The audio of a whole file, mixed down to mono.

    Args:
        data: the file's bytes; a length field greater than the file (a pipe's) means "to the end".
        origin: who wrote it, for the message.

    Raises:
        BowoutError: it is neither WAV nor AIFF, not 16-bit PCM, or holds no samples.
    """
    try:
        if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
            channels, rate, pcm = _wav(data)
        elif data[:4] == b"FORM" and data[8:12] in (b"AIFF", b"AIFC"):
            channels, rate, pcm = _aiff(data)
        else:
            raise ValueError(f"it begins with {data[:12]!r}")
        if rate not in _RATES or not 1 <= channels <= 8:
            raise ValueError(f"{channels} channels at {rate} Hz")
    except (ValueError, struct.error, KeyError) as error:
        raise BowoutError(f"What {origin} wrote is not a sound file that can be read ({error}).") from error
    pcm = pcm[: len(pcm) // (WIDTH * channels) * WIDTH * channels]
    if not pcm:
        raise BowoutError(f"{origin} wrote a sound file without sound.")
    return Clip(_mono(pcm, channels), rate)


def _chunks(data: bytes, order: str) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        name = data[at : at + 4]
        (size,) = struct.unpack(f"{order}I", data[at + 4 : at + 8])
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _wav(data: bytes) -> tuple[int, int, bytes]:
    found: dict[bytes, bytes] = {}
    for name, body in _chunks(data, "<"):
        found.setdefault(name, body)
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", found[b"fmt "][:16])
    if kind not in (1, 0xFFFE) or bits != 8 * WIDTH:
        raise ValueError(f"format {kind} with {bits} bits")
    return channels, rate, found[b"data"]


def _aiff(data: bytes) -> tuple[int, int, bytes]:
    found: dict[bytes, bytes] = {}
    for name, body in _chunks(data, ">"):
        found.setdefault(name, body)
    common = found[b"COMM"]
    channels, _, bits = struct.unpack(">HIH", common[:8])
    coding = common[18:22] if data[8:12] == b"AIFC" else b"NONE"
    if bits != 8 * WIDTH or coding not in (b"NONE", b"twos", b"sowt"):
        raise ValueError(f"coding {coding!r} with {bits} bits")
    (offset,) = struct.unpack(">I", found[b"SSND"][:4])
    pcm = found[b"SSND"][8 + offset :]
    if coding != b"sowt":
        samples = array.array("h", pcm[: len(pcm) // WIDTH * WIDTH])
        samples.byteswap()
        pcm = samples.tobytes()
    return channels, _extended(common[8:18]), pcm


def _extended(raw: bytes) -> int:
    """AIFF's 80-bit float as a whole number."""
    exponent, mantissa = struct.unpack(">HQ", raw)
    shift = (exponent & 0x7FFF) - 16383 - 63
    return int(mantissa >> -shift if shift < 0 else mantissa << min(shift, 64))


def _mono(pcm: bytes, channels: int) -> bytes:
    if channels == 1:
        return pcm
    samples = array.array("h", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    mixed = array.array("h", (sum(samples[i : i + channels]) // channels for i in range(0, len(samples), channels)))
    if sys.byteorder == "big":
        mixed.byteswap()
    return mixed.tobytes()
