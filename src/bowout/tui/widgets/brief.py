"""The brief of a call: who one is, with whom, what has happened, and the facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual.content import Content

from bowout.core.scenario import Scenario, fill

FACT_WORDS = {
    "caller": "Your name",
    "contact": "You speak with",
    "company": "Company",
    "role": "Job",
    "when": "Interview",
    "reason": "Your reason",
    "option_1": "You can do",
    "option_2": "or",
}


def situation(scenario: Scenario, facts: Mapping[str, str]) -> Content:
    """What has happened; ``facts`` as ``scenario.facts_at`` gives them."""
    brief = scenario.brief
    return Content.assemble(
        (fill(brief.you, facts), "bold"), "\n\n", ("With: ", "dim"), fill(brief.them, facts), "\n\n",
        fill(brief.situation, facts),
    )  # fmt: skip


def fact_lines(
    scenario: Scenario, facts: Mapping[str, str], names: Collection[str] = FACT_WORDS, label: int = 16
) -> list[Content]:
    """Those of the named facts that the scenario has, one a line.

    Args:
        label: columns of what stands before each.
    """
    return [
        Content.assemble((f"{words:<{label}}", "dim"), facts[name])
        for name, words in FACT_WORDS.items()
        if name in names and name in scenario.facts
    ]


def facts_table(scenario: Scenario, facts: Mapping[str, str]) -> Content:
    """All of them, with a heading."""
    return Content("\n").join([Content.styled("The facts", "bold"), *fact_lines(scenario, facts)])


def at_a_glance(scenario: Scenario, facts: Mapping[str, str]) -> Content:
    """For a narrow column, while the phone rings: what has to be said comes first, and the rest where there is room."""
    brief = scenario.brief
    return Content("\n").join(
        [
            Content.styled(fill(brief.you, facts), "bold"),
            *fact_lines(scenario, facts, ("role", "when", "reason", "option_1", "option_2"), 12),
            Content.assemble(("With: ", "dim"), fill(brief.them, facts)),
            Content(fill(brief.situation, facts)),
        ]
    )


__all__ = ["FACT_WORDS", "at_a_glance", "fact_lines", "facts_table", "situation"]
