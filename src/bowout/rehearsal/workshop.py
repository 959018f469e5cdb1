"""Where new scenarios are made: what a terminal and a screen need to ask the questions and keep the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bowout.core.pack_template import Kit
from bowout.core.pack_writing import Answers
from bowout.core.scenario import Scenario


@dataclass(frozen=True, slots=True)
class There:
    """What is in a folder."""

    pack: str
    """Title of the pack that is there; empty where there is none yet."""
    scenarios: int
    """How many it has."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written."""

    folder: Path
    name: str
    """The scenario's id, and its file without ``.yaml``."""
    taken: bool
    """There is a scenario of that name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written."""

    folder: Path
    file: Path
    scenario: str
    pack: str
    """Its id; empty where the pack can't be read."""
    problems: tuple[str, ...]
    """What the check of the whole pack says; empty where all is well."""
    notes: tuple[str, ...]


class Workshop(Protocol):
    """Everything here reads or writes files: call it from a worker thread."""

    @property
    def kit(self) -> Kit:
        """Templates and their sentences."""

    @property
    def suggested(self) -> Path:
        """The folder to suggest; it need not exist."""

    def place(self, typed: str) -> Path:
        """The folder that was typed. Raises ``UsageError`` where there can be none of that name."""

    def look_at(self, folder: Path) -> There:
        """Raises ``UsageError``, ``InputError`` where nothing can be added to what is there."""

    def draft(self, answers: Answers) -> Scenario:
        """The scenario that these answers make, to be listened to. Nothing is written."""

    def plan(self, folder: Path, answers: Answers) -> Plan:
        """Raises as ``look_at`` does."""

    def free_name(self, folder: Path, name: str) -> str:
        """``name``, or ``name-2`` and so on where that is taken."""

    def keep(self, folder: Path, name: str, answers: Answers, now: datetime, *, replaces: bool = False) -> Kept:
        """Write the scenario, make or extend the pack around it, and check the whole of it.

        Raises:
            UsageError: there is a scenario of that name and ``replaces`` is false.
            BowoutError: the disk refuses. Nothing is left half-written.
        """

    def lost_by_installing(self, folder: Path) -> list[str]:
        """Titles of installed scenarios that the pack in this folder would replace by nothing."""

    def install(self, folder: Path, scenario: str) -> str:
        """Install the pack of a folder in place of an older one; the key of one of its scenarios."""


__all__ = ["Kept", "Plan", "There", "Workshop"]
