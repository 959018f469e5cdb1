"""A text taken to the user's own editor and back, through a file that only the user can read."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from bowout.errors import BowoutError, MissingPart
from bowout.storage.atomic import PRIVATE, disk_error

MOST_BYTES = 256 * 1024
"""Of what comes back."""


def editor() -> list[str]:
    """``$VISUAL``, ``$EDITOR``, or the platform's plain one, as a command. Raises ``MissingPart``."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named:
        try:
            command = shlex.split(named, posix=os.name == "posix")
        except ValueError as error:
            raise MissingPart(f"$EDITOR is “{named}”: {error}.", "Set it to your editor's command.") from error
        if command and shutil.which(command[0]):
            return command
        raise MissingPart(f"$EDITOR is “{named}”, and there is no such program.", "Set it to your editor's command.")
    for usual in ("notepad",) if os.name == "nt" else ("sensible-editor", "nano", "vi"):
        found = shutil.which(usual)
        if found:
            return [found]
    raise MissingPart("There is no editor here.", "Set EDITOR to your editor's command.")


def edited(text: str, path: Path) -> str:
    """The text as it is when the editor is closed. Blocks, with the terminal in the editor's hands.

    Args:
        text: to begin with.
        path: the file that the editor opens, in a folder of the user's alone; it is left there, with what was saved.

    Raises ``MissingPart`` without an editor, ``BowoutError`` if it fails; the text then stays as it was.
    """
    command = editor()
    _write(path, text.encode("utf-8"))
    try:
        code = subprocess.run([*command, str(path)], check=False).returncode
    except OSError as error:
        raise BowoutError(f"The editor can't be run: {error.strerror}.", "Check $EDITOR.") from error
    if code:
        raise BowoutError(f"The editor ended with an error ({code}).", f"The message is as it was. {_KEPT}")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BowoutError("What came back is too large for a message.", f"The message is as it was. {_KEPT}")
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BowoutError(f"What the editor saved can't be read: {error}.", "Save it as UTF-8 text.") from error


_KEPT = "What the editor saved is offered when you come back to it."


def _write(path: Path, data: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as file:
            file.write(data)
    except OSError as error:
        raise disk_error(error, path) from error


__all__ = ["MOST_BYTES", "edited", "editor"]
