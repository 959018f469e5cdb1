"""Clips that are heard while they are listened to: the caller's voice in a demo."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from bowout.errors import DeviceLost
from bowout.ports import Clip, Playback
from bowout.speech.clip_source import ClipSource


class PlayedClips(ClipSource):
    """A live ``ClipSource`` that also plays each clip as its turn begins."""

    def __init__(self, clips: Sequence[Clip], playback: Playback) -> None:
        super().__init__(clips, live=True)
        self._to_play = list(clips)
        self._playback = playback

    def begin_turn(self) -> None:
        super().begin_turn()
        if self._to_play:
            # Hearing it is an extra: loudspeakers that died do not end the call.
            with suppress(DeviceLost):
                self._playback.play(self._to_play.pop(0))
