"""Are microphone and loudspeakers fit for a call? Sentences with a fix, for the ten-second check and ``doctor``."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bowout.errors import BowoutError
from bowout.ports import RATE, AudioSource, Clip, Playback, Verdict, check_stop
from bowout.speech.sounds import SILENT_DBFS, dbfs, join, tone

QUIET_DBFS = -55.0
"""Speech below this is lost in the noise of most sound cards."""
CLIPPED_SHARE = 0.001
"""Of the samples of the speech at full scale: one in a thousand is heard as crackling."""
ZEROS_S = 1.5
"""Seconds of exact zeros that no working microphone gives."""
CLEAR_DB = 10.0
"""Speech must rise this far above the room, or neither people nor ears can tell them apart."""
SPOKE_DB = 6.0
"""A rise of less than this above the room is not speech but the room's own ups and downs."""
NARROW_DB = -40.0
"""Above 4.2 kHz against below: voices measured −20…+8 dB, the same at 8 kHz −87…−42 (in noise); a telephone
codec's 8 kHz nothing but rounding noise."""
_NARROW_HZ = 4_200
_FRAME = RATE * 30 // 1000
_FULL = 32_700
"""Some converters stop a few steps short of 32767."""
_GIVE_UP_S = 3.0
"""How much longer than asked for a live source may take."""

_PERMISSION = {
    "darwin": "Allow the terminal under System Settings → Privacy & Security → Microphone, then start it again.",
    "win32": "Allow desktop apps under Settings → Privacy → Microphone, and check the mute key.",
}
_UNMUTE = "Check the mute key and the input in the sound settings (pavucontrol → Recording), or choose another device."


@dataclass(frozen=True)
class MicCheck:
    """What a few seconds of the user speaking say about the microphone."""

    level_dbfs: float
    """RMS of the loud frames: the speech, if there was any."""
    peak: float
    """The loudest sample, 0–1 of full scale."""
    clipped: int
    """Samples at full scale."""
    zeros: float
    """Seconds, from the start, of exact zeros."""
    floor_dbfs: float
    """RMS of the quietest tenth of the frames: the room."""
    verdict: Verdict
    pcm: bytes
    """What was recorded, to be played back to the user (``RATE``)."""


def check_microphone(source: AudioSource, seconds: float, stop: threading.Event | None = None) -> MicCheck:
    """Listen for ``seconds`` while the user says a sentence. The source is left open.

    A microphone that can't be opened or dies is a verdict, not an error.

    Raises:
        Cancelled: ``stop`` was set.
    """
    pcm, dropped, trouble = b"", 0, ""
    fix = ""
    try:
        source.open()
        source.begin_turn()
        ends = time.monotonic() + seconds + _GIVE_UP_S
        while len(pcm) < seconds * RATE * 2 and time.monotonic() < ends:
            check_stop(stop or threading.Event())
            block = source.read(0.1)
            if block is not None:
                pcm += block.pcm
                dropped += block.dropped
    except BowoutError as error:
        trouble, fix = error.message, error.hint
    check = measure(pcm, dropped)
    warning = getattr(source, "warning", "")
    if trouble:
        verdict = Verdict(False, trouble, fix)
    elif check.verdict.ok and warning:
        verdict = Verdict(True, f"{check.verdict.detail} {warning}")
    else:
        verdict = check.verdict
    return MicCheck(check.level_dbfs, check.peak, check.clipped, check.zeros, check.floor_dbfs, verdict, pcm)


def measure(pcm: bytes, dropped: int = 0) -> MicCheck:
    """The check of audio that is recorded already (``RATE``); ``dropped`` samples of it were lost."""
    samples = np.frombuffer(pcm, np.int16)
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float32)
    if not len(frames):
        return MicCheck(SILENT_DBFS, 0.0, 0, 0.0, SILENT_DBFS, Verdict(False, "No audio arrived.", _UNMUTE), pcm)
    loudness = 10 * np.log10(np.maximum((frames**2).mean(axis=1) / 32768**2, 10 ** (SILENT_DBFS / 10)))
    sounding = np.flatnonzero(samples)
    zeros = (int(sounding[0]) if len(sounding) else len(samples)) / RATE
    # Exact zeros are a device waking up or a noise gate, not a room.
    real = loudness[loudness > SILENT_DBFS]
    floor = float(np.percentile(real, 10)) if len(real) else SILENT_DBFS
    loud = loudness >= max(floor + SPOKE_DB, float(loudness.max()) - 20)
    speech = frames[loud] if loud.any() else frames
    level = dbfs(speech.astype(np.int16).tobytes())
    peak = int(np.abs(samples.astype(np.int32)).max())
    clipped = int((np.abs(speech) >= _FULL).sum())
    share = clipped / speech.size
    verdict = _verdict(level, floor, share, zeros, bool(loud.sum() >= 3), dropped, _high_band_db(speech))
    return MicCheck(level, min(1.0, peak / 32767), clipped, zeros, floor, verdict, pcm)


def _verdict(
    level: float, floor: float, clipped: float, zeros: float, spoke: bool, dropped: int, high_db: float
) -> Verdict:
    """The most important thing to say; the order is that of repair."""
    rise = level - floor
    if level <= SILENT_DBFS or zeros >= ZEROS_S:
        return Verdict(
            False,
            "The microphone gives nothing but zeros: it is muted, or this program may not listen.",
            _PERMISSION.get(sys.platform, _UNMUTE),
        )
    if clipped > CLIPPED_SHARE:
        return Verdict(
            False, f"Too loud: {clipped:.1%} of your voice is cut off.", "Turn the input level down, or move back."
        )
    if not spoke:
        return Verdict(
            False,
            f"Nobody spoke: only the room was heard ({level:.0f} dBFS).",
            "Say a sentence; if you did, turn the input level up or choose another device.",
        )
    if level < QUIET_DBFS:
        return Verdict(
            False,
            f"Too quiet: {level:.0f} dBFS, where {QUIET_DBFS:.0f} is the least.",
            "Come closer, turn the input level up, or choose another microphone.",
        )
    if rise < CLEAR_DB:
        return Verdict(
            False,
            f"Your voice is only {rise:.0f} dB above the room.",
            "Come closer, close the window, or use a headset.",
        )
    if dropped:
        return Verdict(
            False,
            f"{dropped / RATE:.1f} s of sound was lost on the way.",
            "Close programs that keep the computer busy.",
        )
    if high_db < NARROW_DB:
        return Verdict(
            False,
            "Telephone quality: nothing above 4 kHz arrives, as from a Bluetooth headset; words will be misheard.",
            "Use the built-in or a wired microphone; the headset can stay on for listening.",
        )
    return Verdict(True, f"Heard well: {level:.0f} dBFS, {rise:.0f} dB above the room.")


def _high_band_db(speech: npt.NDArray[np.float32]) -> float:
    """Energy above 4.2 kHz against that below, in the frames where the high band is strongest (the s and t)."""
    window = np.hanning(_FRAME).astype(np.float32)
    power = np.abs(np.fft.rfft(speech * window, axis=1)) ** 2
    split = round(_NARROW_HZ * _FRAME / RATE)
    high, low = power[:, split:].sum(axis=1), power[:, 2:split].sum(axis=1)
    strongest = max(1, len(speech) // 10)
    best = float(np.sort(high)[-strongest:].mean())
    return 10 * float(np.log10(max(best, 1e-9) / max(float(low.mean()), 1e-9)))


def check_speakers(playback: Playback, stop: threading.Event | None = None) -> Verdict:
    """Play two soft tones; whether they were heard only the user can say.

    Raises:
        Cancelled: ``stop`` was set.
    """
    if not playback.audible:
        return Verdict(False, "Nothing can be heard here: the recruiter's words are shown.", "Plug in loudspeakers.")
    sound: Clip = join([tone((660,), 0.25), tone((880,), 0.25)], 0.05)
    try:
        playback.open()
        playing = playback.play(sound)
        ends = time.monotonic() + sound.seconds + _GIVE_UP_S
        while not playing.done():
            check_stop(stop or threading.Event())
            if time.monotonic() > ends:
                playing.stop()
                return Verdict(False, f"“{playback.name}” takes sound but never plays it.", "Choose another device.")
            time.sleep(0.02)
    except BowoutError as error:
        return Verdict(False, error.message, error.hint)
    if getattr(playing, "lost", False):
        return Verdict(False, f"“{playback.name}” died while it played.", "Plug it in again or choose another device.")
    return Verdict(True, f"Two tones were played on “{playback.name}”.")
