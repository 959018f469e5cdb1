"""What stands in for marking in processes of their own: it dies, hangs or answers as the text tells it to."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from bowout.batch.marker import How
from bowout.batch.work import Item, Result, failed


class Obedient:
    """Answers with the text; the sentence of a result is that."""

    def __init__(self, how: How) -> None:
        self.how = how

    def mark(self, item: Item) -> Result:
        order, _, rest = (item.text or "").partition(" ")
        if order == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "die-once" and not Path(rest).exists():
            Path(rest).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "hang":
            time.sleep(60)
        return failed(item, f"said {item.text}")


def stillborn(how: How) -> Obedient:
    """No process gets as far as a first item."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


__all__ = ["Obedient", "stillborn"]
