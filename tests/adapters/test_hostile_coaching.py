"""Whatever comes in a coach's or a learner's file: a sentence, nothing kept, nothing that drives a terminal."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.coach_hostile import Bad, World, cases
from adapters.hostile_child import run, tree
from bowout.core.coaching.roster import Person, Roster
from bowout.core.coaching.terms import Terms
from bowout.core.safety import printable
from coachcases import GOOD, TERMS, joined, open_class, practised

CASES = list(cases())
SECONDS = 5.0
"""Of CPU time, for one file."""
FORMULA = ("=", "+", "-", "@")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("coaching")


@pytest.fixture(scope="module")
def world(root: Path) -> World:
    """A coach and a learner, each with a data folder of their own; the learner has sent a result."""
    terms: Terms = replace(TERMS, ask=("marks", "transcript"))
    roster = Roster((Person("Ben", "17", "ben@example.org"), Person("Cleo", "18")))
    class_ = open_class(root / "coach-data" / "coaching", terms, roster)
    other = open_class(root / "other-data" / "coaching", terms, name="Mallory")
    learner, records = joined(root / "learner-data" / "coaching", class_, "Ben")
    practised(records, class_.assignment.id, *GOOD)
    draft = learner.draft(class_.assignment.id, records, ("marks", "transcript"))
    learner.submit(draft, root / "sent.bowresult")
    sent = learner.load(class_.assignment.id).submissions[0]
    assert class_.coach.collect(root / "sent.bowresult").state == "accepted"
    keys = learner.keys
    assert keys is not None
    return World(class_, other, keys, replace(draft.result, id=sent.result))


@pytest.fixture
def told(root: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[Bad], tuple[int, str, list[str]]]:
    """Exit code, everything that was printed, and what it left behind."""

    def tell(bad: Bad) -> tuple[int, str, list[str]]:
        folder = root / "files" / bad.name
        folder.mkdir(parents=True)
        file = folder / ("roster.csv" if bad.via == "roster" else "file.bin")
        file.write_bytes(bad.make(world))
        # Nobody is at the terminal: nothing is asked.
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        whose = "learner-data" if bad.via == "open" else "coach-data"
        monkeypatch.setenv("BOWOUT_DATA_DIR", str(root / whose))
        monkeypatch.chdir(folder)
        before = tree(root)
        started = time.process_time()
        commands = {
            "open": ["open", str(file), "--yes", "--name", "Ben"],
            "collect": ["coach", "collect", str(file)],
            "roster": ["coach", "roster", "Class 1", str(file)],
        }
        code, said = run(commands[bad.via])
        assert time.process_time() - started < SECONDS
        return code, said, sorted(set(tree(root)) ^ set(before))

    return tell


def test_there_are_many_and_each_is_another() -> None:
    assert len(CASES) >= 60
    assert len({bad.name for bad in CASES}) == len(CASES)


@pytest.mark.parametrize("bad", [b for b in CASES if not b.harmless], ids=lambda bad: bad.name)
def test_it_is_refused(bad: Bad, told: Callable[[Bad], tuple[int, str, list[str]]]) -> None:
    code, said, left = told(bad)
    assert "Traceback" not in said, said
    assert code in (1, 2), said
    assert bad.told in said
    assert printable(said) == said
    assert left == [], "something was written"


@pytest.mark.parametrize("bad", [b for b in CASES if b.harmless], ids=lambda bad: bad.name)
def test_it_is_shown_harmlessly(bad: Bad, told: Callable[[Bad], tuple[int, str, list[str]]]) -> None:
    code, said, _ = told(bad)
    assert "Traceback" not in said, said
    assert code == 0, said
    assert bad.told in said
    assert printable(said) == said


def test_what_came_is_still_well_afterwards(world: World) -> None:
    rows = world.class_.coach.standings(world.class_.assignment.id)
    ben = next(row for row in rows if row.person.number == "17")
    assert ben.latest is not None and ben.latest.result.id == world.sent.id
    assert len(ben.all) == 1
