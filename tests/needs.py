"""What a test needs of the machine: a skip that names it, or in CI a failure."""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def need(part: str, present: bool) -> None:
    """Skip a test whose part is missing here; in CI a missing part is a failure."""
    if not present:
        (pytest.fail if IN_CI else pytest.skip)(f"{part} is missing on this machine")


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def has_program(name: str) -> bool:
    return shutil.which(name) is not None
