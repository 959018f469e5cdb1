"""What a command said, for tests that run one in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Told(NamedTuple):
    code: int
    out: str
    err: str


Bowout = Callable[..., Told]
"""The command line's arguments → what came of them: the fixture ``bowout`` of ``tests/e2e``."""
