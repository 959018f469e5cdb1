"""Voices: the recruiter's lines as audio.

``VoiceLadder`` is the ``Voice`` of the program, ``VoiceCache`` the same with lines rendered ahead and kept. Engines
are imported when they are first asked to speak, and each of them renders in a process of its own.
"""

from __future__ import annotations

from bowout.speech.voices.cache import VoiceCache
from bowout.speech.voices.ladder import ENGINES, VoiceLadder

__all__ = ["ENGINES", "VoiceCache", "VoiceLadder"]
