"""The guide's folder: read in the order of its names, and missed with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bowout.errors import InputError
from bowout.storage.guide_files import load_guide


def test_pages_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("02-b", "10-c", "01-a"):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a page", encoding="utf-8")
    assert [page.id for page in load_guide(tmp_path).pages] == ["a", "b", "c"]


def test_an_incomplete_installation_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not here"):
        load_guide(tmp_path / "none")
    (tmp_path / "a.md").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="can't be read"):
        load_guide(tmp_path)
