"""The review queue and what goes to a coach, as they look at 80×24. After a wanted change: ``--snapshot-update``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bowout.core.coaching.roster import Person, Roster
from bowout.core.coaching.terms import PARTS
from bowout.storage.coaching.coach import CoachFolder
from bowout.tui.app import BowoutApp
from coachcases import GOOD, NOW, TERMS, WEAK, learner_keys, open_class, pack, practised, result_of, sealed_result
from tui.conftest import reach, shown, until
from tui.fakes import FakeServices

SIZE = (80, 24)


def test_queue(snap_compare: Any, services: Callable[..., FakeServices], tmp_path: Path) -> None:
    """Two assignments of one class, told apart; who is below the mark, who is on no roster, who is done."""
    class_ = open_class(
        tmp_path, replace(TERMS, mark=80), Roster((Person("Müller, Jörg", "1"), Person("Åse"), Person("Cem")))
    )
    earlier = CoachFolder(tmp_path / "coach", lambda: NOW - timedelta(hours=1))
    earlier.assign(pack(), replace(TERMS, drill="drills/two-options"), Roster((Person("Åse"),)))
    made = services()
    for who, said in (("Jörg Müller", WEAK), ("Åse", GOOD), ("Somebody With a Very Long Name Indeed", GOOD)):
        keys = learner_keys(who)
        file = tmp_path / f"{who}.bowresult"
        file.write_bytes(sealed_result(class_, keys, result_of(class_, keys, *said)))
        outcome = class_.coach.collect(file)
        if who == "Åse":
            class_.coach.done(outcome.result)

    async def before(pilot: Any) -> None:
        screen = await reach(pilot, "QueueScreen")
        await until(pilot, lambda: "2 to review" in shown(screen, "#standing"))

    assert snap_compare(BowoutApp(made, place="queue"), terminal_size=SIZE, run_before=before)


def test_submit(snap_compare: Any, services: Callable[..., FakeServices], tmp_path: Path) -> None:
    """What goes, line by line, before it is written; the transcript was turned on."""
    class_ = open_class(tmp_path / "class", replace(TERMS, ask=PARTS))
    made = services()
    made.learner.accept(made.learner.look(class_.file), "Jörg Müller")
    practised(made.records, class_.assignment.id, *WEAK)
    app = BowoutApp(made)

    async def before(pilot: Any) -> None:
        await reach(pilot, "HomeScreen")
        app.open_assignment(class_.assignment.id)
        await reach(pilot, "AssignmentScreen")
        await until(pilot, lambda: pilot.app.screen.query_one("#rows").option_count)
        await pilot.press("s")
        screen = await reach(pilot, "SubmitScreen")
        await until(pilot, lambda: "of text" in shown(screen, "#size"))
        await pilot.press("down", "space")
        await until(pilot, lambda: "came up" in shown(screen, "#goes"))

    assert snap_compare(app, terminal_size=SIZE, run_before=before)
