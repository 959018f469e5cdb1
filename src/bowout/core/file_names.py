"""Names for files that are saved: what it is, whom it is about, and the day; in letters that every system takes."""

from __future__ import annotations

from datetime import datetime

from bowout.core.pack_writing import slug


def file_name(what: str, about: str, at: datetime, ending: str) -> str:
    """“withdrawal-northwind-2026-11-26.eml”.

    Args:
        what: what it is, such as ``withdrawal``.
        about: the company, as it was typed; may be empty.
        at: whose day it bears, in its own zone.
        ending: without its dot.
    """
    parts = (slug(what.replace("_", " "), "message"), slug(about, ""), f"{at:%Y-%m-%d}")
    return f"{'-'.join(filter(None, parts))}.{ending}"


__all__ = ["file_name"]
