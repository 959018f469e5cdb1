"""Copying from a terminal, and what can honestly be said about it."""

from __future__ import annotations

from textual.app import App

COPIED = "✓ Handed to your terminal's clipboard. If pasting gives nothing, save it to a file."
"""Some terminals ignore the request (OSC 52), and none answers: the words promise no more than that."""


def copy(app: App[None], text: str) -> str:
    """Ask the terminal to copy; returns the sentence to show."""
    app.copy_to_clipboard(text)
    return COPIED
