"""What can go wrong, in sentences a user can act on.

    BowoutError                 base: ``message`` says what happened, ``hint`` what to do
    ├── UsageError              the words typed were off                          exit 2
    ├── MissingPart             a microphone, voice, model … is not there         exit 3
    │   └── DeviceLost          it was there and died while in use                exit 3
    └── InputError              a file, pack, transcript … can't be read          exit 2

Raise them anywhere; only the edges (``cli``, ``tui``) turn them into words on a screen and an exit code.
"""

from __future__ import annotations

EXIT_DONE = 0
"""It did what was asked, and the answer is yes."""
EXIT_NO = 1
"""It ran, and the answer is no (not passed, a part is not well)."""
EXIT_USAGE = 2
"""The command line or a file named on it can't be used."""
EXIT_MISSING = 3
"""A part is missing; the fix is on standard error."""


class BowoutError(Exception):
    """Base of every error that is shown to the user."""

    exit_code = EXIT_NO

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def sentence(self) -> str:
        """Message and hint in one line, for a terminal or a toast."""
        return f"{self.message} {self.hint}".strip()


class UsageError(BowoutError):
    """What was typed can't be carried out as it stands."""

    exit_code = EXIT_USAGE


class InputError(BowoutError):
    """A file or a text that came from outside can't be used."""

    exit_code = EXIT_USAGE


class MissingPart(BowoutError):
    """A part of the machine or of the installation is not there."""

    exit_code = EXIT_MISSING


class DeviceLost(MissingPart):
    """A device that worked stopped working while in use."""
