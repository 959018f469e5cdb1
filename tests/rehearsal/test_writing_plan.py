"""Where nobody is called there is nothing to practise aloud: no plan is made, and one that was made says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bowout.core.case import Report
from bowout.core.plan import Plan
from bowout.errors import UsageError
from bowout.rehearsal.next_session import WRITES, call_words, look, plan_for
from owncases import case
from tui.fakes import NOW, FakeServices


def test_a_case_that_is_written_to_has_no_spoken_sessions(tmp_path: Path) -> None:
    services = FakeServices(tmp_path / "records")
    written = services.cases.begin(case("ill_early", NOW))
    with pytest.raises(UsageError, match="you write, and do not call") as error:
        plan_for(written, NOW)
    assert f"bowout message --case {written.id}" in error.value.sentence()
    services.plans.keep(Plan(NOW, NOW + timedelta(days=3), written.id))  # made before the channel changed
    outlook = look(services)
    assert outlook.choice is None and outlook.session is None
    assert call_words(outlook).startswith(WRITES)
    # A call after all: then it is over, and nothing is said of writing.
    services.cases.report(written.id, Report(NOW, "agreed", NOW + timedelta(days=7)))
    assert WRITES not in call_words(look(services))


def test_a_case_that_is_called_is_planned_for(tmp_path: Path) -> None:
    services = FakeServices(tmp_path / "records")
    called = services.cases.begin(case("clash", NOW))
    services.plans.keep(plan_for(called, NOW))
    outlook = look(services)
    assert outlook.choice is not None and WRITES not in call_words(outlook)
