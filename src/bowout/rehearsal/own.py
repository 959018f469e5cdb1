"""A case's own call: made on the spot, found again among the records, gone with the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bowout.core.case import Case
from bowout.core.own_call import Variant, answers, fitted, scenario_id, variants
from bowout.core.scenario import Scenario
from bowout.errors import InputError
from bowout.ports import ALL, HistoryQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bowout.ports import AttemptSummary, Records
    from bowout.rehearsal.services import Services


def own_variants(services: Services, case: Case) -> Sequence[Variant]:
    """The ways in which the case's call can be rehearsed. Reads files: call it from a thread."""
    return variants(case, services.workshop.kit)


def own_scenario(services: Services, case: Case, variant: Variant) -> Scenario:
    """The case's call. Reads files: call it from a thread.

    Raises:
        UsageError: a blank is left in the script, or nothing is cancelled in this case.
    """
    now = services.now()
    made = answers(case, variant, now)
    return fitted(services.workshop.draft(made), case, made, services.workshop.kit, now)


def rehearsals(records: Records, case_id: str) -> Sequence[AttemptSummary]:
    """The attempts at a case's call, newest first."""
    wanted = scenario_id(case_id)
    return records.page(HistoryQuery(scenario=wanted), limit=ALL).rows


def up_to_date(services: Services, case: Case) -> tuple[Case, AttemptSummary | None]:
    """The case with the whole calls that have been marked meanwhile, and the last one. Call it from a thread."""
    marked = [each for each in rehearsals(services.records, case.id) if each.score is not None and not each.drill]
    case = services.cases.load(case.id)
    for attempt in reversed(marked):
        if attempt.id not in case.marks:
            case = services.cases.rehearsed(case.id, attempt.id, services.now(), passed=attempt.passed is True)
    return case, marked[0] if marked else None


def delete_case(services: Services, case_id: str) -> int:
    """Delete a case with what was being written for it, and with the rehearsals of it; how many those were. Raises
    ``InputError`` for an unknown id."""
    services.cases.delete(case_id)
    services.drafts.drop_of(case_id)
    gone = 0
    for attempt in rehearsals(services.records, case_id):
        try:
            services.records.delete(attempt.id)
        except InputError:
            continue  # gone this moment
        gone += 1
    return gone


__all__ = ["delete_case", "own_scenario", "own_variants", "rehearsals", "up_to_date"]
