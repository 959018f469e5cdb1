"""A screen on which something is written: it is kept as a draft while it is, and offered again later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import work
from textual.screen import ScreenResultType

from bowout.tui.messages import DraftRead
from bowout.tui.screens.base import AppScreen

if TYPE_CHECKING:
    from bowout.core.draft import Draft

KEPT = "What you wrote is kept as a draft, readable by you alone, and offered when you come back."


class ResumingScreen(AppScreen[ScreenResultType]):
    """Nothing is kept or dropped before the draft there is has been read and answered for."""

    draft_known = False
    """It is known whether there was a draft, and what is to become of it."""
    _left_behind: Draft | None = None
    """To be asked about, as soon as nothing lies on top of this screen."""

    @property
    def draft_key(self) -> str:
        raise NotImplementedError

    def texts(self) -> Mapping[str, str] | None:
        """What is to be kept; ``None`` = nothing has been written."""
        raise NotImplementedError

    def resume(self, draft: Draft) -> None:
        """Put it back."""
        raise NotImplementedError

    def discarded(self, draft: Draft) -> None:
        """The user begins anew."""

    def worth_asking(self, draft: Draft) -> bool:
        """Whether it is more than what is shown anyway."""
        return bool(draft.texts)

    @work(thread=True, exclusive=True, group="draft", exit_on_error=False)
    def read_draft(self) -> None:
        """To be called once, when the screen stands."""
        self.post_message(DraftRead(self.bowout.drafting.load(self.draft_key)))

    def on_draft_read(self, event: DraftRead) -> None:
        if event.draft is None or not self.worth_asking(event.draft):
            self.draft_known = True
            self.draft()
            return
        self._left_behind = event.draft
        self._ask_about_it()

    def on_screen_resume(self) -> None:
        self._ask_about_it()

    def _ask_about_it(self) -> None:
        draft = self._left_behind
        if draft is None or not self.is_current:
            return
        self._left_behind = None
        from bowout.tui.screens.choose import ChooseScreen

        def take(chosen: str | None) -> None:
            if chosen is None:  # not now: it stays where it is
                self.dismiss(None)
                return
            self.draft_known = True
            if chosen == "go":
                self.resume(draft)
            else:
                self.bowout.drafting.drop(self.draft_key)
                self.discarded(draft)
                self.draft()

        lines = [("go", "Go on with it"), ("anew", "Begin anew; what was written is thrown away")]
        self.app.push_screen(ChooseScreen(draft.question(self.services.now()), lines), take)

    def draft(self) -> None:
        """Something may have changed: write it down soon."""
        if self.draft_known and (texts := self.texts()) is not None:
            self.bowout.drafting.keep(self.draft_key, texts)

    def drop_draft(self) -> None:
        """It was finished, or is as if nothing had been written."""
        if self.draft_known:
            self.bowout.drafting.drop(self.draft_key)

    def leave(self) -> None:
        """Go, and say that nothing is lost."""
        if self.texts() is not None:
            self.bowout.say(KEPT)
        self.dismiss(None)


__all__ = ["KEPT", "ResumingScreen"]
