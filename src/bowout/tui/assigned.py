"""A take of an assignment, as its screens hand it to each other."""

from __future__ import annotations

from dataclasses import dataclass

from bowout.core.coaching.takes import Allowance
from bowout.core.coaching.terms import Assignment
from bowout.core.settings import Keep, Mode
from bowout.rehearsal.assignments import Piece
from bowout.rehearsal.call import Options


@dataclass(frozen=True, slots=True)
class Order:
    """The take that is due."""

    assignment: Assignment
    piece: Piece
    may: Allowance
    """As it was when the brief was opened."""

    def mode(self, chosen: Mode) -> Mode:
        """The mode that was asked for, else the learner's."""
        return self.assignment.terms.mode or chosen

    def bounds(self, options: Options, keep: Keep) -> Options:
        """An ordinary call's options with the limits that were agreed. Raises ``UsageError``: the drill can't be made
        of the call."""
        from bowout.rehearsal.assigned import assigned_take

        return assigned_take(self.assignment, self.piece.scenario, options, keep, self.piece.drill)[1]

    def keeps_audio(self, keep: Keep) -> bool:
        """The recording outlives its review: the coach asks for it, and the settings let one be written."""
        return "audio" in self.assignment.terms.ask and keep != "never"

    def lines(self) -> list[str]:
        """What holds in this take, a sentence each."""
        terms = self.assignment.terms
        made = [f"For {self.assignment.coach.name}, {terms.class_name}."]
        if self.may.left is not None:
            left = "It is your last take." if self.may.left == 1 else f"{self.may.left} takes are left, this one too."
            made.append(f"{left} One that you break off counts.")
        if terms.mode is not None:
            made.append(f"It is made in {terms.mode} mode.")
        if terms.limit_s is not None:
            made.append(f"After {terms.limit_s:g} s of your own speech it ends.")
        if self.may.why:
            made.append(self.may.why)
        return made


__all__ = ["Order"]
