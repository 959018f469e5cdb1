"""What is being written, as the screens and the terminal need it: on disk before it is finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bowout.core.draft import Draft


class Drafts(Protocol):
    """Unfinished texts of the user's, by key: private, local, gone with what they are for. Reads and writes files: call
    it from a worker thread, all but ``edited``."""

    def load(self, key: str) -> Draft | None:
        """``None`` if there is none, or none that can be read."""

    def keep(self, key: str, texts: Mapping[str, str]) -> None:
        """Replace the draft. Raises ``BowoutError``; the old one then stands."""

    def drop(self, key: str) -> None:
        """There is no such draft any more. Raises ``BowoutError``."""

    def drop_of(self, id_: str) -> None:
        """None of this case, scenario or note is there any more. Raises ``BowoutError``."""

    def drop_all(self, *whats: str) -> None:
        """None of these kinds (``core.draft.key_of``) that is for something is there any more. Raises
        ``BowoutError``."""

    def edited(self, key: str, texts: Mapping[str, str], name: str) -> str:
        """The text of this name as the user's own editor leaves it. Blocks, with the terminal in the editor's hands;
        whatever becomes of this program, what the editor saved is the draft. Raises ``MissingPart`` without an editor,
        ``BowoutError`` if it fails."""

    def tidy(self) -> None:
        """Take up what programs that died have left. Raises ``BowoutError``."""


__all__ = ["Drafts"]
