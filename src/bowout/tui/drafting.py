"""What is being written reaches the disk a moment after the last change, in a thread, in the order of the changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bowout.errors import BowoutError

if TYPE_CHECKING:
    from bowout.core.draft import Draft
    from bowout.rehearsal.drafts import Drafts

PAUSE_S = 0.4
"""Seconds without a change after which a draft is written."""
LONGEST_S = 4.0
"""Seconds after which it is written at the latest, by however fast a typist."""


class Drafting:
    """Any thread may call any method. Its own one ends when nothing is left to write, and the program waits for it."""

    def __init__(self, drafts: Callable[[], Drafts], refused: Callable[[BowoutError], object]) -> None:
        """
        Args:
            drafts: where they are kept; called in the thread.
            refused: told in the thread when the disk refuses, once until it takes something again.
        """
        self._drafts = drafts
        self._refused = refused
        self._changed = threading.Condition()
        self._wanted: dict[str, Mapping[str, str] | None] = {}
        """The last word on each; ``None`` = it is to go."""
        self._due = self._latest = 0.0
        self._thread: threading.Thread | None = None
        self._told = False

    def keep(self, key: str, texts: Mapping[str, str]) -> None:
        """Write this draft, soon."""
        self._want(key, dict(texts), PAUSE_S)

    def drop(self, key: str) -> None:
        """It was finished, or discarded: delete it now."""
        self._want(key, None, 0.0)

    def settle(self) -> None:
        """Write what is still to be written, now. Blocks: for threads."""
        with self._changed:
            self._due = 0.0
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def load(self, key: str) -> Draft | None:
        """The draft as it was written last. Blocks: for threads."""
        self.settle()
        return self._drafts().load(key)

    def _want(self, key: str, texts: Mapping[str, str] | None, pause_s: float) -> None:
        with self._changed:
            now = time.monotonic()
            if not self._wanted:
                self._latest = now + LONGEST_S
            self._wanted[key] = texts
            self._due = min(now + pause_s, self._latest)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="drafts")
                self._thread.start()
            else:
                self._changed.notify()

    def _write(self) -> None:
        while True:
            with self._changed:
                while self._wanted and (left := self._due - time.monotonic()) > 0:
                    self._changed.wait(left)
                if not self._wanted:
                    self._thread = None
                    return
                wanted, self._wanted = self._wanted, {}
            for key, texts in wanted.items():
                self._write_one(key, texts)

    def _write_one(self, key: str, texts: Mapping[str, str] | None) -> None:
        try:
            if texts is None:
                self._drafts().drop(key)
            else:
                self._drafts().keep(key, texts)
            self._told = False
        except BowoutError as error:
            if not self._told:
                self._told = True
                self._refused(error)


__all__ = ["LONGEST_S", "PAUSE_S", "Drafting"]
