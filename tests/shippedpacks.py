"""The packs that ship, read once for all tests of a process: reading them takes a second."""

from __future__ import annotations

from pathlib import Path

from bowout.storage.packs import load_all

PACKS = load_all(Path(__file__).parents[1] / "scenarios")
SCENARIOS = [scenario for pack in PACKS for scenario in pack.scenarios]

__all__ = ["PACKS", "SCENARIOS"]
