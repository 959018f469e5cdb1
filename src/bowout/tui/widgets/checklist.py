"""The checklist as it is shown before a call: what must be said, what earns credit, what to avoid."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from bowout.core.criteria import Item, faults_for, items_for
from bowout.core.scenario import OwnItem, Scenario


def checklist(scenario: Scenario) -> Content:
    """Three short lists."""
    items: tuple[Item | OwnItem, ...] = (*items_for(scenario.intent), *scenario.items.values())
    must = [
        i
        for i in items
        if (i.id in scenario.required if scenario.required is not None else scenario.intent in i.required)
    ]
    may = [i for i in items if i not in must]
    lines: list[Content] = [Content.styled("Must be said", "bold")]
    lines += [Content.assemble(("✓ ", "$text-success"), _claim(i.question)) for i in must]
    if may:
        lines += [Content(""), Content.styled("Earns credit", "bold")]
        lines += [Content.assemble(("+ ", "$text-primary"), _claim(i.question)) for i in may]
    lines += [Content(""), Content.styled("Costs points", "bold")]
    lines += [Content.assemble(("✗ ", "$text-error"), _claim(f.question)) for f in faults_for(scenario.intent)]
    return Content("\n").join(lines)


def _claim(question: str) -> str:
    return question.rstrip("?")


class Checklist(Static):
    """What this call will be marked on."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(checklist(scenario))
