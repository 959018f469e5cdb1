"""The guide's pages, read from the folder that ships with the program."""

from __future__ import annotations

from pathlib import Path

from bowout.core.guide import Guide, parse_page
from bowout.errors import InputError


def load_guide(folder: Path) -> Guide:
    """Every ``*.md`` of the folder, by name. Raises ``InputError``: the installation is incomplete."""
    try:
        texts = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.md"))]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The guide can't be read: {error}.", "Install bowout again.") from error
    if not texts:
        raise InputError("The guide is not here.", "Install bowout again.")
    return Guide(parse_page(name, text) for name, text in texts)


__all__ = ["load_guide"]
