"""Sound without devices: files of every kind, sample rates, the telephone's band."""

from __future__ import annotations

import os
import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.errors import InputError
from bowout.ports import Clip
from bowout.speech import sounds
from bowout.speech.resampling import Resampler


def sine(hertz: float, rate: int, seconds: float = 0.5, peak: int = 12_000) -> bytes:
    return np.rint(peak * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)).astype("<i2").tobytes()


def floats(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, "<i2").astype(float)


def power_db(pcm: bytes, rate: int, low: float, high: float) -> float:
    """Energy between two frequencies, in dB of all."""
    spectrum = np.abs(np.fft.rfft(floats(pcm) * np.hanning(len(pcm) // 2))) ** 2
    hertz = np.fft.rfftfreq(len(pcm) // 2, 1 / rate)
    return 10 * float(np.log10(spectrum[(hertz >= low) & (hertz <= high)].sum() / spectrum.sum() + 1e-15))


def riff(fmt: bytes, data: bytes, *, size: int | None = None, extra: bytes = b"") -> bytes:
    body = b"WAVE" + extra + b"fmt " + struct.pack("<I", len(fmt)) + fmt
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def fmt(tag: int, channels: int, rate: int, bits: int, tail: bytes = b"") -> bytes:
    return struct.pack("<HHIIHH", tag, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits) + tail


# --- files ---


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_reads_every_width_that_wave_writes(tmp_path: Path, width: int, channels: int) -> None:
    tone = floats(sine(440, 22050)) / 32768
    left = [
        lambda: np.rint(tone * 127 + 128).astype(np.uint8).tobytes(),
        lambda: np.rint(tone * 32767).astype("<i2").tobytes(),
        lambda: np.rint(tone * 8388607).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes(),
        lambda: np.rint(tone * 2147483647).astype("<i4").tobytes(),
    ][width - 1]()
    frames = np.frombuffer(left, np.uint8).reshape(-1, width)
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(22050)
        out.writeframes(np.repeat(frames, channels, axis=0).tobytes())
    clip = sounds.read_wav(path)
    assert clip.rate == 22050
    assert np.abs(floats(clip.pcm) - tone * 32767).max() <= (256 if width == 1 else 2)


@pytest.mark.parametrize("bits", [32, 64])
def test_reads_float_files_and_cuts_what_exceeds_full_scale(tmp_path: Path, bits: int) -> None:
    data = np.array([0.0, 0.5, -0.5, 1.5, -7.0, np.nan], f"<f{bits // 8}").tobytes()
    path = tmp_path / "a.wav"
    path.write_bytes(riff(fmt(3, 1, 48000, bits), data))
    assert list(floats(sounds.read_wav(path).pcm)) == [0, 16384, -16384, 32767, -32767, 0]


def test_reads_extensible_files_and_skips_unknown_chunks(tmp_path: Path) -> None:
    guid = struct.pack("<H", 1) + b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
    body = riff(
        fmt(0xFFFE, 1, 16000, 16, struct.pack("<HHI", 22, 16, 4) + guid),
        sine(300, 16000),
        extra=b"LIST\x03\x00\x00\x00abc\x00",
    )
    path = tmp_path / "a.wav"
    path.write_bytes(body)
    assert sounds.read_wav(path) == Clip(sine(300, 16000), 16000)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF])
def test_reads_a_file_whose_length_was_not_known(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(riff(fmt(1, 1, 16000, 16), sine(300, 16000), size=size))
    assert sounds.read_wav(path).seconds == pytest.approx(0.5)


def test_reads_a_recording_whose_header_was_never_completed(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    body = riff(fmt(1, 1, 16000, 16), sine(300, 16000), size=0)
    path.write_bytes(body[:4] + struct.pack("<I", 36) + body[8:])
    assert sounds.read_wav(path).seconds == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"RIF", "not a WAV"),
        (b"ID3\x04" + bytes(500), "not a WAV"),
        (b"OggS" + bytes(500), "not a WAV"),
        (b"RIFF\x00\x00\x00\x00AVI " + bytes(100), "not a WAV"),
        (riff(fmt(1, 1, 16000, 16), b""), "holds no sound"),
        (riff(fmt(1, 1, 16000, 16), b"\x00"), "holds no sound"),
        (riff(fmt(1, 1, 16000, 16), bytes(16000), size=64000), "cut short: it holds 0.5 s of the 2.0 s"),
        (riff(fmt(1, 1, 16000, 16), b"")[:30], "cut short"),
        (riff(fmt(1, 1, 16000, 16), b"")[:36], "cut short or damaged"),
        (riff(fmt(7, 1, 8000, 8), bytes(100)), "coded as µ-law"),
        (riff(fmt(0x55, 2, 44100, 16), bytes(100)), "coded as MP3"),
        (riff(fmt(1, 1, 16000, 20), bytes(100)), "20 bits"),
        (riff(fmt(1, 0, 16000, 16), bytes(100)), "damaged"),
        (riff(fmt(1, 1, 0, 16), bytes(100)), "damaged"),
        (riff(fmt(1, 1, 1000, 8), bytes(3_600_001)), "longer than an hour"),
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path: Path, body: bytes, says: str) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(body)
    with pytest.raises(InputError, match=says) as caught:
        sounds.read_wav(path)
    assert str(path) in caught.value.message and caught.value.hint


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a file"):
        sounds.read_wav(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        sounds.read_wav(tmp_path / "none.wav")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 60))
def test_damaged_bytes_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    good = riff(fmt(1, 1, 16000, 16), sine(300, 16000, 0.01))
    path = tmp_path_factory.mktemp("fuzz") / "a.wav"
    path.write_bytes(good[:at] + noise + good[at + len(noise) :])
    try:
        assert sounds.read_wav(path).pcm
    except InputError as error:
        assert error.hint


def test_writes_what_it_reads_for_the_user_alone(tmp_path: Path) -> None:
    path, clip = tmp_path / "a.wav", Clip(sine(440, 22050), 22050)
    sounds.write_wav(path, clip)
    assert sounds.read_wav(path) == clip
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["a.wav"]
    with pytest.raises(InputError, match="can't be written"):
        sounds.write_wav(tmp_path / "no" / "a.wav", clip)


# --- rates ---


@pytest.mark.parametrize("rate_in", [8000, 11025, 22050, 24000, 32000, 44100, 48000, 96000])
def test_a_tone_keeps_its_pitch_length_and_loudness(rate_in: int) -> None:
    made = sounds.resample(sine(1000, rate_in, 1.0), rate_in, 16000)
    assert len(made) == 32000
    wanted = floats(sine(1000, 16000, 1.0))[400:-400]
    error = floats(made)[400:-400] - wanted
    assert (error**2).mean() < (wanted**2).mean() * 10**-6


@pytest.mark.parametrize("rate_in", [44100, 48000])
def test_what_16_khz_cannot_hold_does_not_come_back_as_something_else(rate_in: int) -> None:
    made = sounds.resample(sine(9500, rate_in, 1.0), rate_in, 16000)
    assert np.abs(floats(made)[400:-400]).max() <= 12


@pytest.mark.parametrize("rate_in", [22050, 44100, 48000])
def test_a_stream_in_pieces_is_the_same_as_in_one(rate_in: int) -> None:
    samples = (np.random.default_rng(3).standard_normal(rate_in) * 3000).astype(np.int16)
    resampler, cuts = Resampler(rate_in, 16000), np.random.default_rng(4).integers(1, 3000, 60)
    parts, at = [], 0
    for cut in cuts:
        parts.append(resampler.feed(samples[at : at + cut]))
        at += int(cut)
    parts.append(resampler.feed(samples[at:]))
    parts.append(resampler.flush())
    in_one = floats(sounds.resample(samples.tobytes(), rate_in, 16000))
    # The order in which a sum is made may turn a half up or down.
    assert np.abs(np.concatenate(parts)[: len(in_one)] - in_one).max() <= 1


@settings(max_examples=25, deadline=None)
@given(st.integers(1000, 200_000), st.sampled_from([8000, 16000, 44100, 48000]), st.integers(0, 700))
def test_any_rate_gives_the_right_length(rate_in: int, rate_out: int, count: int) -> None:
    made = sounds.resample(bytes(2 * count), rate_in, rate_out)
    assert len(made) == 2 * round(count * rate_out / rate_in)


# --- the line ---


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 48000])
def test_the_line_passes_its_band_and_little_else(rate: int) -> None:
    noise = (np.random.default_rng(1).standard_normal(rate) * 3000).astype("<i2").tobytes()
    heard = sounds.telephone(Clip(noise, rate))
    assert heard.rate == rate and len(heard.pcm) == len(noise)
    assert sounds.dbfs(heard.pcm) == pytest.approx(sounds.dbfs(noise), abs=0.1)
    assert power_db(heard.pcm, rate, 300, 3400) > -0.6
    assert power_db(heard.pcm, rate, 0, 100) < -30
    if rate > 8000:
        assert power_db(heard.pcm, rate, 4000, rate / 2) < -60


def test_grit_is_heard_but_does_not_drown_the_voice() -> None:
    clip = Clip(sine(800, 16000), 16000)
    clean, gritty = floats(sounds.telephone(clip).pcm), floats(sounds.telephone(clip, grit=1.0).pcm)
    difference = 10 * np.log10((clean**2).mean() / ((clean - gritty) ** 2).mean())
    assert 20 < difference < 45


@pytest.mark.parametrize("count", [0, 1, 10, 254])
def test_the_line_takes_the_shortest_clips(count: int) -> None:
    assert len(sounds.telephone(Clip(bytes(2 * count), 16000)).pcm) == 2 * count


@pytest.mark.parametrize("style", ["uk", "us"])
def test_it_rings_for_two_seconds(style: str) -> None:
    clip = sounds.ring(style)  # type: ignore[arg-type]
    assert clip.seconds == pytest.approx(2.0)
    assert sounds.dbfs(clip.pcm) > -30 and np.abs(floats(clip.pcm)).max() < 16000


def test_joining_keeps_the_first_rate_and_the_gaps() -> None:
    joined = sounds.join([Clip(sine(300, 16000), 16000), Clip(sine(300, 22050), 22050)], 0.25)
    assert joined.rate == 16000 and joined.seconds == pytest.approx(1.25)
    assert not np.any(floats(joined.pcm)[8000:12000])
    assert sounds.join([]).pcm == b""


def test_loudness_of_known_signals() -> None:
    assert sounds.dbfs(bytes(100)) == sounds.SILENT_DBFS == sounds.dbfs(b"")
    assert sounds.dbfs(b"\x00\x80" * 100) == pytest.approx(0.0)
    assert sounds.dbfs(sine(1000, 16000, peak=32767)) == pytest.approx(-3.01, abs=0.02)
    assert sounds.beep().seconds == pytest.approx(0.15)
