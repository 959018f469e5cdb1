"""A text taken to the user's own editor and back, through a file that only the user can read."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from bowout.errors import BowoutError, MissingPart

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


def edited(text: str) -> str:
    """The text as it is when the editor is closed. Blocks, with the terminal in the editor's hands.

    Raises ``MissingPart`` without an editor, ``BowoutError`` if it fails; the text then stays as it was.
    """
    command = editor()
    with tempfile.TemporaryDirectory(prefix="bowout-") as folder:  # made for the user alone
        path = Path(folder) / "message.txt"
        path.write_bytes(text.encode("utf-8"))
        try:
            code = subprocess.run([*command, str(path)], check=False).returncode
        except OSError as error:
            raise BowoutError(f"The editor can't be run: {error.strerror}.", "Check $EDITOR.") from error
        if code:
            raise BowoutError(f"The editor ended with an error ({code}).", "The message is as it was.")
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise BowoutError("What came back is too large for a message.", "The message is as it was.")
            return data.decode("utf-8-sig").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BowoutError(f"What the editor saved can't be read: {error}.", "Save it as UTF-8 text.") from error


__all__ = ["edited", "editor"]
