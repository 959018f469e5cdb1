"""Copying from a terminal, and what can honestly be said about it."""

from __future__ import annotations

from textual.app import App

COPIED = "Handed to your terminal's clipboard. Some terminals ignore this; if pasting gives nothing, save to a file."


def copy(app: App[None], text: str) -> None:
    """Ask the terminal to copy (OSC 52). There is no answer, so the words don't promise one."""
    app.copy_to_clipboard(text)
    app.notify(COPIED, title="Copied", timeout=6, markup=False)
