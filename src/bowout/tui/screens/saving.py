"""A screen that saves something of the user's as a text file."""

from __future__ import annotations

from pathlib import Path

from textual import work

from bowout.tui.messages import Saved, SaveRefused
from bowout.tui.screens.base import AppScreen
from bowout.tui.screens.choose import AskScreen


class SavingScreen(AppScreen[None]):
    """Asks for the name, writes for the user alone, replaces no file."""

    def save_text(self, title: str, name: str, text: str) -> None:
        """Ask where to; ``name`` is suggested, in the user's home."""
        asked = AskScreen(title, "Readable by you alone; no file is replaced.", _wrong, str(Path.home() / name))

        def store(path: str | None) -> None:
            if path is not None:
                self._store_text(path.strip(), text)

        self.app.push_screen(asked, store)

    @work(thread=True, exclusive=True, group="save", exit_on_error=False)
    def _store_text(self, name: str, text: str) -> None:
        path = Path(name).expanduser()
        try:
            self.services.outbox.store(path, text.encode("utf-8"), replace=False)
        except FileExistsError:
            self.post_message(SaveRefused(name))
        else:
            self.post_message(Saved(str(path)))

    def on_saved(self, event: Saved) -> None:
        self.bowout.say(f"Saved to {event.path}, readable by you alone.")

    def on_save_refused(self, event: SaveRefused) -> None:
        self.bowout.say(f"There is a file {event.path} already. Choose another name.", severe=True)


def _wrong(text: str) -> str:
    return "" if text.strip() else "Type the name of the file."


__all__ = ["SavingScreen"]
