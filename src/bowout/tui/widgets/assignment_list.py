"""What an assignment is made of, as rows: its calls with the takes made of each, what was sent, what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from bowout.core.coaching.takes import STATE_WORDS, State, Take, best
from bowout.core.coaching.words import answer_lines
from bowout.core.safety import printable
from bowout.core.when import spoken_here
from bowout.rehearsal.assignments import Assigned
from bowout.tui.widgets.scenario_list import Lines

CALL, TAKE, SENT, ANSWER = "call", "take", "sent", "answer"
_GLYPHS: dict[State, tuple[str, str]] = {
    "done": ("✓", "$text-success"),
    "broken_off": ("✗", "$text-error"),
    "failed": ("!", "$text-warning"),
}


@dataclass(frozen=True)
class AssignmentRow(Lines):
    """On Home: what it is, for whom, until when, and what is left."""

    HEIGHT = 2
    title: str
    state: str

    def content(self) -> Content:
        title = " ".join(printable(self.title).split())
        return Content.assemble(
            ("Assignment: ", "bold $text-accent"), (title, "bold"), "\n", (printable(self.state), "dim")
        )


@dataclass(frozen=True)
class Line:
    """One row: an id, what is drawn, and what is told of it below the list."""

    id: str
    drawn: Content
    told: str


def lines(each: Assigned, now: datetime) -> Iterator[Line]:
    """Every row, in order: answers first, then the calls, then what was sent. The ids are ``kind:which``."""
    held, terms = each.held, each.held.assignment.terms
    for at, answer in reversed(list(enumerate(held.answers))):
        when = spoken_here(answer.made, now)
        drawn = Content.assemble(("« ", "$text-accent"), (f"{answer.coach.name} answered, {when}", "bold"))
        yield Line(f"{ANSWER}:{at}", drawn, "\n".join(answer_lines(answer)))
    for scenario in terms.scenarios:
        may = each.may(scenario, now)
        title = held.assignment.titles.get(scenario, scenario)
        if not may.may:
            left, glyph = "no takes left", "·"
        elif may.left is None:
            left, glyph = "as many takes as you like", "▶"
        else:
            left, glyph = f"{may.left} of {terms.takes} takes left", "▶"
        told = may.why if not may.may else f"Enter opens the brief of the next take. {may.why}".strip()
        yield Line(
            f"{CALL}:{scenario}", Content.assemble((f"{glyph} ", "$text-success"), (title, "bold"), f"   {left}"), told
        )
        goes = best(each.takes, scenario)
        for take in each.of(scenario):
            yield take_line(take, now, chosen=take is goes)
    for take in each.foreign:
        yield take_line(take, now)
    for number, sent in enumerate(held.submissions, 1):
        what = ", ".join(sent.parts) or "a request to delete what was sent"
        takes = f", take {', '.join(map(str, sent.takes))}" if sent.takes else ""
        drawn = Content.assemble(("» ", "$text-accent"), f"Written {spoken_here(sent.made, now)}: {what}{takes}")
        yield Line(f"{SENT}:{number}", drawn, "This result was written to be handed over. S writes a newer one.")


def take_line(take: Take, now: datetime, *, chosen: bool = False) -> Line:
    """When, how, how it ended, and whether it counts; below the list the cause.

    Args:
        chosen: it is the one that goes unless another is named.
    """
    score = "" if take.score is None else f"{take.score} of 100{', passed' if take.passed else ''}"
    facts = [STATE_WORDS[take.state] if take.state != "done" else score or STATE_WORDS[take.state]]
    facts += ["disputed"] if take.disputed else []
    counted = "counted" if take.state == "broken_off" else ""
    facts += [counted if take.counted else "not counted"]
    glyph, style = _GLYPHS[take.state]
    drawn = Content.assemble(
        (f"    {glyph} ", style if take.counted else "dim"),
        (f"{take.number}. {spoken_here(take.started, now):<22}", "dim"),
        (f"{take.mode:<9}", "dim"),
        printable(", ".join(fact for fact in facts if fact)),
        ("   best" if chosen else "", "$text-accent"),
        f"\n         {printable(take.cause)}" if take.cause and not take.counted else "",
    )
    typed = "Typed answers" if take.ear == "typed" else ""
    told = [
        take.cause,
        typed,
        score if take.state == "failed" else "",
        "Enter opens it" if score else "",
    ]
    if take.state == "broken_off":
        told.insert(0, "You left in the middle: there are no marks")
    return Line(f"{TAKE}:{take.attempt}", drawn, " ".join(f"{each.rstrip('.')}." for each in told if each))


class AssignmentList(OptionList):
    """Enter does what the chosen row is for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="assignment.open", tooltip="Begin the next take, or open the chosen row"),
    ]

    def show(self, rows: list[Line]) -> None:
        """Show these rows, keeping the place in the list; at first the first call is chosen."""
        chosen = self.highlighted_option.id if self.highlighted_option else None
        ids = [row.id for row in rows]
        self.set_options(Option(row.drawn, id=row.id) for row in rows)
        if chosen not in ids:
            chosen = next((each for each in ids if each.startswith(CALL)), None)
        self.highlighted = ids.index(chosen) if chosen is not None else None


__all__ = ["ANSWER", "CALL", "SENT", "TAKE", "AssignmentList", "AssignmentRow", "Line", "lines", "take_line"]
