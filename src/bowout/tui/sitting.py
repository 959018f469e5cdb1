"""A sitting: takes of one drill, one after the other. What its screens hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bowout.core.drills import Drill
from bowout.core.scenario import Scenario
from bowout.core.settings import Mode
from bowout.rehearsal.drill_takes import Material


@dataclass(frozen=True, slots=True)
class Sitting:
    """The take that is due."""

    drill: Drill
    material: Material
    scenario: Scenario
    """What the take is made of, not cut yet."""
    mode: Mode
    typed: bool
    takes: int
    """How many there are to be."""
    seed: int
    number: int = 1
    """Of the take, from 1."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """What else it is made for, for its record."""

    def cut(self) -> Scenario:
        """The scenario of the take. Raises ``UsageError``: the drill can't be made of it."""
        from bowout.core.drills_cut import drill_scenario

        return drill_scenario(self.drill, self.scenario, self.seed)

    @property
    def about(self) -> dict[str, Any]:
        """What the take is made for, for its record."""
        case = {"case": self.material.case} if self.material.case else {}
        return {**self.meta, "drill": self.drill.key, **case}

    @property
    def counted(self) -> int:
        """Seconds that are counted down before it, where that is wanted. Who types is not timed."""
        return 0 if self.typed else self.drill.countdown_s

    @property
    def place(self) -> str:
        """“take 2 of 5”; further ones are counted on."""
        return f"take {self.number} of {self.takes}" if self.number <= self.takes else f"take {self.number}"

    def once_more(self, scenario: Scenario | None = None) -> Sitting:
        """The take after this one, with other variants; of another scenario where one is given."""
        return replace(self, scenario=scenario or self.scenario, seed=self.seed + 1, number=self.number + 1)


__all__ = ["Sitting"]
