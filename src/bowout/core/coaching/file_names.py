"""Parts of the names of files that coaches and learners hand each other; they keep the letters of people's names."""

from __future__ import annotations

import re


def slug(text: str, fallback: str = "file") -> str:
    """“spring-class” out of a title or a name; ``fallback`` where it has no letter."""
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-")[:40] or fallback


__all__ = ["slug"]
