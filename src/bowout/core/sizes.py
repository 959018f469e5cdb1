"""Sizes on the disk, in words."""

from __future__ import annotations


def byte_words(count: int) -> str:
    """“0 KB”, “85 KB”, “1.2 MB”, “3.4 GB”: thousands, as disks are sold; less than a kilobyte counts as one."""
    if count < 1_000_000:
        return f"{-(-max(0, count) // 1000)} KB"
    return f"{count / 1e6:.1f} MB" if count < 999_950_000 else f"{count / 1e9:.1f} GB"


def size_words(attempts: int, audio_bytes: int, other_bytes: int) -> str:
    """What all calls take, in one sentence."""
    calls = f"{attempts:,} call{'' if attempts == 1 else 's'}"
    return f"{calls}, {byte_words(audio_bytes + other_bytes)} on the disk; {byte_words(audio_bytes)} of it is sound."


__all__ = ["byte_words", "size_words"]
